#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>

#include "crypto/result.h"
#include "ledger/programme/figure.h"
#include "ledger/view/state.h"
#include "ledger/view/view.h"

namespace hefu {

/// What became of a traced entry in the figure.
enum class Traced : std::uint8_t {
  kCounted,   ///< its record counts
  kLeftOut,   ///< its record is of the indicator, and a named rule leaves it out
  kNotOfIt,   ///< its record is of another type, period or condition
  kNoRecord,  ///< it opens no record and adds to none: keys, documents, acts without effect
};
/// "counted", "left-out", "not-of-it", "no-record".
const char* name(Traced traced);

/// What an indicator made of the records of a state: from the log to the figure.
class RecordFates {
 public:
  struct Fate {
    Traced traced = Traced::kNoRecord;
    std::string why;  ///< the rule, for people
    EventId record;   ///< zeros if it has none
    /// It is not counted for want of events: a countersignature, a witnessed head, what it adds to.
    /// From whole logs that is final; from a choice of events they may have been kept back.
    bool for_want = false;
  };

  /// `figures`: of the whole programme, from which the view was made; `state` must outlive it.
  /// Errors: those of read_view_payload.
  static Result<RecordFates> make(const LedgerState& state, const View& view,
                                  std::span<const Figure> figures);

  [[nodiscard]] Fate of(const LoggedEvent& logged) const;

 private:
  explicit RecordFates(const LedgerState& state) : state_(&state) {}

  const LedgerState* state_;
  std::map<EventId, Fate> fates_;       // of records the indicator looked at
  std::map<EventId, EventId> records_;  // by version
};

}  // namespace hefu
