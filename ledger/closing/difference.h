#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/fraction.h"
#include "ledger/programme/pack.h"
#include "ledger/view/state.h"

namespace hefu {

/// An event that stands in the later cut and not in the earlier one, and is about a record.
struct LaterEvent {
  EventId id;
  std::string type;
  std::string issuer;
  Date occurred_on;
};

/// What happened to a record between two cuts, as one indicator sees it.
struct RecordDifference {
  enum class Kind : std::uint8_t {
    kCame,     ///< counts now and did not before
    kWent,     ///< counted before and does no longer
    kChanged,  ///< counts at both, in another version
    kLeftOut,  ///< counts at neither; is left out now, or no longer is, or for another reason
  };
  Kind kind = Kind::kCame;
  std::string record;
  /// Why it did not count before, or does not after: a reason of LeftOut; "ended" or "rejected";
  /// "outside the rule" (its type, condition or time); "not there". Empty where it counted.
  std::string before;
  std::string after;
  std::vector<LaterEvent> events;  ///< by id; none: what changed lies elsewhere (see `elsewhere`)
};
/// "came", "went", "changed", "left-out".
const char* name(RecordDifference::Kind kind);

/// One indicator whose figure, or whose records, are others at the later cut.
struct FigureDifference {
  std::string indicator;
  PackText title;
  std::optional<std::string> before;  ///< as shown; none: the pack then had no such indicator
  std::optional<std::string> after;
  bool value_changed = false;             ///< exactly, whatever the rounding shows
  std::vector<RecordDifference> records;  ///< by kind, then record
  /// The value changed and no record it counts came, went or changed: the organisation directory or
  /// the pack did, or figures it is made of (which are listed by themselves).
  [[nodiscard]] bool elsewhere() const;
};

/// What figures to compare.
struct DifferenceRequest {
  std::string pack;  ///< id
  Digest digest_before;
  Digest digest_after;
  std::string period;
  std::string unit;  ///< empty: the whole programme
};

/// Lists what differs between the figures of two cuts, by indicator in the later pack's order, then
/// those the later pack lacks. Empty: nothing does. Errors: those of `find_pack` and `evaluate`.
Result<std::vector<FigureDifference>> differences(const LedgerState& before,
                                                  const LedgerState& after,
                                                  const DifferenceRequest& request);

}  // namespace hefu
