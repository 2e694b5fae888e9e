#pragma once

#include <cstdint>
#include <map>
#include <optional>
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

  /// When what stands at this position was first covered by a dated head; none if not yet.
  [[nodiscard]] std::optional<Moment> witnessed(std::string_view origin,
                                                std::uint64_t position) const;

  /// The first head of the log dated after this moment; null if there is none.
  [[nodiscard]] const WitnessedHead* first_after(std::string_view origin, Moment moment) const;

  /// The observation of the log, by one of these members, that proves soonest that nothing beyond
  /// `below` was dated by the deadline: it was made and dated after the deadline, and its size
  /// reaches no further than `below`, nor than what is held of the log for certain. Null if there
  /// is none.
  [[nodiscard]] const ObservedHead* silence(std::string_view origin, Moment deadline,
                                            std::uint64_t below,
                                            std::span<const std::string> observers) const;

  /// The date of the log's latest head; none if it has none.
  [[nodiscard]] std::optional<Moment> last(std::string_view origin) const;

 private:
  // By line. Reaches rise strictly, times do not fall.
  std::map<std::string, std::vector<WitnessedHead>, std::less<>> heads_;
  std::map<std::string, std::vector<ObservedHead>, std::less<>> observed_;  // by date
};

}  // namespace hefu
