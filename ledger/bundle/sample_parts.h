#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/event.h"
#include "ledger/view/state.h"

namespace hefu {

/// Picks the entries of logs that a part of their records follows from: of a record every event
/// about it and about what these name, in whichever log; and the anchor that dates each.
class EntryPicker {
 public:
  /// `state` must outlive it. Cost: every event is looked at once.
  explicit EntryPicker(const LedgerState& state);

  /// A record with all its events.
  void add_record(const EventId& record);
  /// An entry of a log, and the record it is about. The records that came with it.
  std::vector<EventId> add_entry(const std::string& origin, std::uint64_t index);
  void add_types_that(const std::function<bool(const std::string&)>& wanted);
  /// The certificates of a member's keys, in all its logs.
  void add_certificates_of(const std::string& member);
  /// The parts of a document as it was published last.
  void add_document(std::string_view kind, std::string_view id, std::string_view version);
  void add_published_catalogue();

  /// By origin.
  [[nodiscard]] const std::map<std::string, std::set<std::uint64_t>>& entries() const {
    return entries_;
  }

 private:
  void add(const LoggedEvent& logged);
  [[nodiscard]] EventId record_of(const LoggedEvent& logged) const;

  const LedgerState& state_;
  std::map<EventId, const LoggedEvent*> by_id_;
  std::map<EventId, std::vector<const LoggedEvent*>> by_record_;
  std::map<std::string, std::vector<const WitnessedHead*>> heads_;  // by origin, as anchored
  std::map<std::string, std::set<std::uint64_t>> entries_;
  std::set<EventId> records_;  // taken already
};

}  // namespace hefu
