#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/cut.h"
#include "ledger/record/live_records.h"
#include "ledger/view/ledger.h"
#include "ledger/view/signers.h"
#include "ledger/view/state.h"

namespace hefu {

/// The state of logs that grow: at every cut the same as `build_state` makes of the whole logs.
///
/// An entry is read once. It folds anew what it concerns (LiveRecords), the date of entries that an
/// anchor covers is set once, the charter is worked out again from the events of governance, and
/// documents from their parts, and audits from their acts, if any of these came or were dated; what
/// audits leave of the facts they name is worked out again then, and when one of these facts
/// changes. Everything else is shared with the states before.
///
/// What judges everything cannot be taken up so, and asks for a rebuild: a log that was not there
/// or is no more, a certified key, a charter with other rules, another catalogue, and any entry
/// that cannot be read (the rebuild then says what is wrong with it). Not thread-safe; the states
/// it gives are immutable.
class LiveState {
 public:
  /// The charter as it was founded; it must outlive this.
  explicit LiveState(const Charter& founding) : founding_(founding) {}

  /// What a step has changed since the one before.
  struct Step {
    std::shared_ptr<const LedgerState> state;
    LiveRecords::Changes changes;
    /// Made from whole logs: whatever was derived from earlier states begins anew.
    bool rebuilt = false;
  };

  /// How many entries of a log have been read.
  [[nodiscard]] std::uint64_t reached(std::string_view origin) const;

  /// Takes the logs to a cut: of each its entries from `reached` on, `size` as in the cut. None if
  /// it takes a rebuild: then this is as if new.
  std::optional<Step> advance(const Cut& cut, std::span<const LogContents> grown);

  /// Begins anew, with whole logs. `begin` and errors as of `build_state`.
  Result<Step> rebuild(const Cut& cut, std::span<const LogContents> logs,
                       const Charter* begin = nullptr);

 private:
  using Event = std::shared_ptr<const LoggedEvent>;

  /// One log, as far as it was read.
  struct Log {
    const Member* owner = nullptr;
    std::uint64_t size = 0;                          // entries read
    std::uint64_t dated_to = 0;                      // entries below have their date
    std::map<std::uint64_t, Envelope> observations;  // not dated yet, by index
  };
  struct Entry;

  bool take(const LogContents& grown);
  std::optional<Entry> read(const Log& log, LogSigners& signers, const LogContents::Entry& entry);
  void date(Log& log, const WitnessedHead& head);
  void put(const Event& event, Log& log);
  bool govern_anew();
  bool read_documents_anew();
  void clear();
  Step publish(const Cut& cut);
  void take_audits(LiveRecords::Changes& changes);

  const Charter& founding_;

  // Set by a rebuild.
  std::shared_ptr<const Governance> rules_;  // the charter everything is judged by
  std::shared_ptr<const Catalogue> catalogue_;
  std::map<std::string, Log, std::less<>> logs_;            // by origin
  std::map<std::string, LogSigners, std::less<>> signers_;  // by line
  std::optional<LiveRecords> records_;

  PersistentMap<EntryPlace, LoggedEvent> events_;
  PersistentMap<EntryPlace, WitnessedHead> heads_;
  PersistentMap<EntryPlace, ObservedHead> observed_;
  std::map<std::string, std::uint64_t> uninterpreted_;
  std::map<std::string, Moment, std::less<>> reach_;
  std::map<EntryPlace, Event> governing_;  // events of governance, certifications among them
  std::map<EntryPlace, Event> parts_;      // of documents, and certifications
  std::map<EntryPlace, Event> auditing_;   // events of audits, what audits look at, certifications
  bool governing_changed_ = false;
  bool parts_changed_ = false;
  bool auditing_changed_ = false;
  std::shared_ptr<const Governance> governance_;
  std::shared_ptr<const std::vector<Document>> documents_;
  std::shared_ptr<const std::vector<Engagement>> audits_;
  std::set<EventId> audited_;               // the items of all audits
  PersistentMap<std::string, Fact> facts_;  // as audits leave them
};

}  // namespace hefu
