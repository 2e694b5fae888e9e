#include "ledger/record/record.h"

#include <algorithm>

namespace hefu {

const Record* Records::record(const EventId& id) const {
  return records.get(id).get();
}

const Agreement* Records::agreement(const EventId& id) const {
  return agreements.get(id).get();
}

std::string agreement_state(const Agreement& agreement) {
  if (const Version* last = agreement.last_effective()) {
    switch (last->term->cause) {
      case EndCause::kTermination:
        return "terminated";
      case EndCause::kRuling:
        return "annulled";
      default:
        return name(last->verdict);
    }
  }
  const bool open = std::any_of(agreement.versions.begin(), agreement.versions.end(),
                                [](const Version& v) { return v.verdict == Verdict::kOpen; });
  return name(open ? Verdict::kOpen : Verdict::kDead);
}

const char* name(ProblemReason reason) {
  switch (reason) {
    case ProblemReason::kForeignLog:
      return "foreign-log";
    case ProblemReason::kKeyNotValid:
      return "key-not-valid";
    case ProblemReason::kNotAuthorised:
      return "not-authorised";
    case ProblemReason::kInvalid:
      return "invalid";
    case ProblemReason::kUninterpreted:
      return "uninterpreted";
    case ProblemReason::kNoRecord:
      return "no-record";
    case ProblemReason::kNotTheAuthor:
      return "not-the-author";
    case ProblemReason::kNotNamed:
      return "not-named";
    case ProblemReason::kWrongTarget:
      return "wrong-target";
    case ProblemReason::kCompeting:
      return "competing";
    case ProblemReason::kTakenBack:
      return "taken-back";
    case ProblemReason::kOverruled:
      return "overruled";
    case ProblemReason::kAnsweredAnew:
      return "answered-anew";
    case ProblemReason::kEarlierVersion:
      return "earlier-version";
    case ProblemReason::kOwnWork:
      return "own-work";
    case ProblemReason::kContestedKey:
      return "contested-key";
    case ProblemReason::kAgreementAct:
      return "agreement-act";
  }
  return "invalid";
}

const char* name(Standing standing) {
  switch (standing) {
    case Standing::kClaimed:
      return "claimed";
    case Standing::kConfirmed:
      return "confirmed";
    case Standing::kDisputed:
      return "disputed";
    case Standing::kRejected:
      return "rejected";
    case Standing::kEnded:
      return "ended";
  }
  return "claimed";
}

}  // namespace hefu
