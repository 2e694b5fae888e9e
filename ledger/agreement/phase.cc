#include "ledger/agreement/phase.h"

#include <set>

namespace hefu {

namespace {

Phase phase_of(const Version& version, Date date) {
  switch (version.verdict) {
    case Verdict::kDead:
      return Phase::kDead;
    case Verdict::kOpen:
      return date <= version.sign_by ? Phase::kOpen : Phase::kOutstanding;
    case Verdict::kEffective:
      break;
  }
  const Term& term = *version.term;
  if (term.last && (*term.last < term.from || *term.last < date)) {
    return Phase::kEnded;
  }
  return date < term.from ? Phase::kAgreed : Phase::kInForce;
}

std::set<EventId> reasons(const Version& version, Phase phase) {
  std::set<EventId> found;
  if (phase == Phase::kDead) {
    for (const Death& death : version.deaths) {
      if (death.act) {
        found.insert(*death.act);
      }
      if (death.version && !death.act) {
        found.insert(*death.version);
      }
    }
    return found;
  }
  if (phase == Phase::kEnded && version.term->by) {
    return {*version.term->by};
  }
  for (const SignerState& state : version.states) {
    if (state.signature && state.status != ActStatus::kVoid) {
      found.insert(*state.signature);
    }
  }
  return found;
}

}  // namespace

VersionPhase phase_on(const Version& version, const Agreement& agreement, Date date) {
  VersionPhase shown;
  shown.phase = phase_of(version, date);
  std::set<EventId> because = reasons(version, shown.phase);
  for (const Contest* contest : agreement.open_contests(version.id)) {
    shown.contested = true;
    because.insert(contest->id);
  }
  shown.because.assign(because.begin(), because.end());
  if (version.verdict == Verdict::kEffective) {
    shown.bound = version.bound;
    shown.bound_until = version.term->last;
    if (version.term->renewal) {
      shown.outstanding = version.term->renewal->outstanding;
    }
  } else if (version.verdict == Verdict::kOpen) {
    shown.bound_until = version.sign_by;
    for (const SignerState& state : version.states) {
      if (state.signed_ && state.status != ActStatus::kVoid) {
        shown.bound.push_back(state.party);
      }
      if (state.status == ActStatus::kWaiting) {
        shown.outstanding.push_back(state.party);
      }
    }
  }
  return shown;
}

const char* name(Phase phase) {
  switch (phase) {
    case Phase::kOpen:
      return "open";
    case Phase::kOutstanding:
      return "expired-proof-outstanding";
    case Phase::kDead:
      return "dead";
    case Phase::kAgreed:
      return "agreed";
    case Phase::kInForce:
      return "in-force";
    case Phase::kEnded:
      return "ended";
  }
  return "open";
}

}  // namespace hefu
