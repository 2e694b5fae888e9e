#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "ledger/charter/charter.h"
#include "ledger/event/event.h"

namespace hefu {

/// An event together with where it stands and who signed it: what the folds of records, agreements
/// and views take. Made only from verified envelopes.
struct LoggedEvent {
  EventId id;
  std::string origin;                  ///< the log that holds it
  std::uint64_t index = 0;             ///< its position there
  std::string member;                  ///< id of the member that owns the log
  KeyRole role = KeyRole::kRegistrar;  ///< role of the key that signed it
  Event event;
  /// When the first anchor covering it was independently cosigned; none until then.
  std::optional<Moment> recorded_by;
  /// The key that signed, if its maker hands it on: then its validity (charter, key-certification
  /// events) is judged by the fold of records; otherwise `member` and `role` are taken as judged.
  std::optional<KeyId> key = std::nullopt;
  /// Entries of its owner's earlier epochs, whose logs have ended: they all come before this one.
  std::uint64_t before = 0;

  /// Its place in what its owner ever recorded, over all its epochs.
  [[nodiscard]] std::uint64_t position() const { return before + index; }
  /// Orders the events of all logs, those of one member as it recorded them.
  using Place = std::tuple<std::string_view, std::uint64_t>;  // views `origin`
  [[nodiscard]] Place place() const { return {line_of(origin), position()}; }
};

/// A head of a log that independent witnesses dated: what lies before `size` existed at `time`.
/// Read from the anchors inside the logs, so it is the same on every node.
struct WitnessedHead {
  std::string origin;
  std::uint64_t size = 0;
  Moment time;
  /// Index of the anchor that states it. Orders the heads of one log: an anchor may not re-date
  /// what an earlier one covered.
  std::uint64_t anchored_at = 0;
  std::uint64_t before = 0;  ///< entries of its owner's earlier epochs

  /// How far it reaches in what its owner ever recorded.
  [[nodiscard]] std::uint64_t reach() const { return before + size; }
};

/// A head of a log that a quorum of witnesses still held for its largest at `time`, as another
/// member states in its own log: nothing beyond `size` had a quorum by then. Read from dated head
/// observations inside the logs, so it is the same on every node.
struct ObservedHead {
  std::string origin;
  std::uint64_t size = 0;
  Moment time;
  /// Since when the witnesses are who they were at `time`; none: ever since. Only from then on does
  /// every quorum share an honest member with the one that observed.
  std::optional<Moment> witnesses_since;
  std::string observer;      ///< the member in whose log it stands
  EventId event;             ///< the observation
  Moment dated;              ///< when witnesses dated that observation
  std::uint64_t before = 0;  ///< entries of the owner's earlier epochs

  /// How far it reaches in what the owner of the log observed ever recorded.
  [[nodiscard]] std::uint64_t reach() const { return before + size; }
};

}  // namespace hefu
