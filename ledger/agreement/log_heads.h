#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/record/logged_event.h"

namespace hefu {

/// The dated heads of logs, ordered: the only clock agreements know. The logs of one member's
/// epochs are one line here: an origin names the line, whichever epoch it is of, and indexes count
/// through it (LoggedEvent::position).
///
/// Within one log the heads are taken in the order of the anchors that state them. A head that does
/// not reach past the heads before it says nothing new and is dropped; a head dated before an
/// earlier one takes that one's time. So, whatever an author later anchors, it can never re-date
/// what an earlier anchor left out, and a proof of expiry stays a proof.
class LogHeads {
 public:
  /// Takes heads in any order, duplicates harmless.
  explicit LogHeads(std::span<const WitnessedHead> heads,
                    std::span<const ObservedHead> observed = {});

  /// Takes a head anchored after all those of its line so far. True if it states a time before that
  /// of an earlier one: what stood in time may be `contradicted` from now on.
  bool add(const WitnessedHead& head);
  void add(const ObservedHead& head);
  /// From now on notes the line of every question that another head or observation of that line may
  /// answer otherwise (all but `last`, and `contradicted`, see `add`). Null: no more.
  void watch(std::set<std::string, std::less<>>* open) { open_ = open; }

  /// When what stands at this position was first covered by a dated head; none if not yet.
  [[nodiscard]] std::optional<Moment> witnessed(std::string_view origin,
                                                std::uint64_t position) const;

  /// The first head of the log dated after this moment; null if there is none.
  [[nodiscard]] const WitnessedHead* first_after(std::string_view origin, Moment moment) const;

  /// The observation of the log that was dated first of those that prove that nothing beyond
  /// `below` was dated by the deadline: it was made and dated after the deadline, and its size
  /// reaches no further than `below`, nor than what is held of the log for certain. Null if there
  /// is none.
  [[nodiscard]] const ObservedHead* silence(std::string_view origin, Moment deadline,
                                            std::uint64_t below) const;

  /// How far a line is held for certain that was dated by a moment: everything dated by then stands
  /// below `reach`.
  struct Known {
    std::uint64_t reach = 0;
    /// By a later head of its own: then what is held undated below `reach` was not dated by then.
    bool by_itself = false;
  };
  /// None if something dated by then may not be held.
  [[nodiscard]] std::optional<Known> known_by(std::string_view origin, Moment moment) const;

  /// Whether what stands at this position is dated after a moment, and a head of the same log that
  /// covers it too, and was anchored later, states a time not after it. The later head covers the
  /// anchor of the earlier one, so one of the two times is false.
  [[nodiscard]] bool contradicted(std::string_view origin, std::uint64_t position,
                                  Moment moment) const;

  /// The date of the log's latest head; none if it has none.
  [[nodiscard]] std::optional<Moment> last(std::string_view origin) const;

 private:
  [[nodiscard]] const WitnessedHead* covering(std::string_view origin,
                                              std::uint64_t position) const;
  void note_open(std::string_view origin) const;

  // By line. Reaches rise strictly, times do not fall.
  std::map<std::string, std::vector<WitnessedHead>, std::less<>> heads_;
  // Beside each of them, the least time that it or a head after it stated.
  std::map<std::string, std::vector<Moment>, std::less<>> stated_;
  std::map<std::string, std::vector<ObservedHead>, std::less<>> observed_;  // by date
  std::set<std::string, std::less<>>* open_ = nullptr;                      // the watcher's
};

}  // namespace hefu
