#include "ledger/programme/figure.h"

namespace hefu {

const char* name(LeftOut reason) {
  switch (reason) {
    case LeftOut::kLowEvidence:
      return "low_evidence";
    case LeftOut::kLate:
      return "late";
    case LeftOut::kDisputed:
      return "disputed";
    case LeftOut::kRejected:
      return "rejected";
    case LeftOut::kEnded:
      return "ended";
    case LeftOut::kSuperseded:
      return "superseded";
    case LeftOut::kNoKey:
      return "no_key";
    case LeftOut::kNoValue:
      return "no_value";
    case LeftOut::kConflict:
      return "conflict";
    case LeftOut::kOutsideSet:
      return "outside_set";
    case LeftOut::kTooLong:
      return "too_long";
    case LeftOut::kNoShares:
      return "no_shares";
  }
  return "";
}

const char* name(TargetVerdict verdict) {
  switch (verdict) {
    case TargetVerdict::kMet:
      return "met";
    case TargetVerdict::kNotMet:
      return "not met";
    case TargetVerdict::kNotApplicable:
      return "n/a";
    case TargetVerdict::kUnknown:
      return "unknown";
  }
  return "";
}

void Ladder::add(const Ladder& other) {
  claimed += other.claimed;
  confirmed += other.confirmed;
  disputed += other.disputed;
  rejected += other.rejected;
  ended += other.ended;
  for (std::size_t i = 0; i < grades.size(); ++i) {
    grades[i] += other.grades[i];
    counted[i] += other.counted[i];
  }
}

}  // namespace hefu
