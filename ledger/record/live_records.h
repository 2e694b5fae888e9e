#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/agreement/log_heads.h"
#include "ledger/charter/charter.h"
#include "ledger/event/catalogue.h"
#include "ledger/record/fact.h"
#include "ledger/record/fold.h"
#include "ledger/record/guest_book.h"
#include "ledger/record/key_authority.h"
#include "ledger/record/logged_event.h"
#include "ledger/record/record.h"

namespace hefu {

/// A record's fact before and after; null where it states none.
struct FactChange {
  std::shared_ptr<const Fact> before;
  std::shared_ptr<const Fact> after;
};

/// Records, facts and directory of a set of events that grows: the same as `fold`, `facts` and
/// `world` make of the whole set, whatever the order in which events come.
///
/// Every event belongs to a group with all that names it and all it names: its record, and for
/// agreements those it renews or refers to. What is put folds its own group anew, and
///
/// - an event that was reviewed before it was here, the group of the review;
/// - a head, those agreements of which some question about its log is open (LogHeads::watch), and
///   all of them if it contradicts an earlier head;
/// - an introduction of guests, everything that guests have signed;
/// - a decision of auditors, the facts it is about.
///
/// So the cost of an event is that of the events of its group, whatever else is held. Charter,
/// catalogue and certified keys judge everything: with others, begin anew.
class LiveRecords {
 public:
  /// The charter in force and the catalogue must outlive it. `certifications`: the
  /// key-certification events of all logs.
  LiveRecords(const Charter& charter, const Catalogue& catalogue,
              std::span<const LoggedEvent* const> certifications);

  /// Takes an event, or an event held before with the date it has now. Certifications are ignored.
  void put(const std::shared_ptr<const LoggedEvent>& event);
  /// Takes a head that was anchored after all others of its log, or an observation.
  void put(const WitnessedHead& head);
  void put(const ObservedHead& head);

  /// What all that was put since the last time has changed.
  struct Changes {
    std::vector<FactChange> facts;
    bool directory = false;
  };
  Changes settle();

  [[nodiscard]] const LogHeads& heads() const { return heads_; }
  [[nodiscard]] const Records& records() const { return records_; }
  /// By id. The directory and these are as of the last `settle`.
  [[nodiscard]] const PersistentMap<std::string, Fact>& facts() const { return facts_; }
  [[nodiscard]] const std::shared_ptr<const World>& world() const { return world_; }
  /// The record that an event is a version of; null if none is held.
  [[nodiscard]] std::shared_ptr<const Record> record_of(const EventId& version) const;

 private:
  using GroupNumber = std::uint32_t;
  struct Group {
    GroupNumber joined;                       // to this one; itself if it is one
    std::vector<EventId> events;              // held ones
    std::set<std::string, std::less<>> open;  // lines of logs it waits for
  };
  using Copies = std::vector<std::shared_ptr<const LoggedEvent>>;

  GroupNumber group_of(const EventId& id);
  GroupNumber found(GroupNumber group);
  void join(const EventId& one, const EventId& other);
  void link(const LoggedEvent& event);
  void wait_for_no_more(GroupNumber group);
  void fold_group(GroupNumber group, std::set<EventId>& changed,
                  std::vector<std::pair<EventId, std::shared_ptr<const Record>>>& before);
  void update_facts(const std::vector<std::pair<EventId, std::shared_ptr<const Record>>>& before,
                    Changes& changes);
  bool update_directory(
      const std::vector<std::pair<EventId, std::shared_ptr<const Record>>>& before);

  // Set at construction.
  const Charter& charter_;
  const Catalogue& catalogue_;
  const KeyAuthority keys_;

  LogHeads heads_{std::span<const WitnessedHead>()};
  std::vector<std::shared_ptr<const LoggedEvent>> introductions_;  // of guests
  GuestBook guests_;
  bool guests_changed_ = false;

  std::unordered_map<EventId, Copies> events_;
  std::unordered_map<EventId, GroupNumber> group_of_;
  std::vector<Group> groups_;
  std::unordered_map<EventId, std::vector<EventId>> reviews_;  // by event reviewed
  std::unordered_map<EventId, std::vector<EventId>> named_;  // acts of agreements, by what is named
  std::set<EventId> foreign_;                                // not in their issuer's log
  std::map<std::string, std::set<GroupNumber>, std::less<>> waiting_;  // by line
  std::set<GroupNumber> dirty_;
  std::set<std::string, std::less<>> moved_;  // lines with new heads
  bool contradicted_ = false;

  Records records_;
  PersistentMap<std::string, Fact> facts_;
  std::unordered_map<EventId, EventId> record_of_;                // of every version
  std::unordered_map<EventId, std::set<std::string>> decisions_;  // facts, by version they name
  std::set<EventId> directory_;     // records the directory is made from
  std::set<EventId> named_bodies_;  // versions that memberships name
  std::shared_ptr<const World> world_;
};

}  // namespace hefu
