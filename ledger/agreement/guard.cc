#include "ledger/agreement/guard.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ledger/agreement/refusal.h"

namespace hefu {

namespace {

std::string slot_name(const Version& version) {
  return "attempt " + std::to_string(version.attempt) +
         (version.base ? " to replace " + shown(*version.base) : std::string());
}

Error refused(Errc code, std::string message, std::string hint) {
  return Error{code, std::move(message), std::move(hint)};
}

// The party's standing signatures for versions of the same base, in log order. A signature that is
// void by the party's own log is no promise; one that is void for other reasons still binds slots.
std::vector<const Version*> promises_in_base(const Version& version, std::string_view institution,
                                             const Agreement& agreement) {
  std::vector<std::pair<std::uint64_t, const Version*>> found;
  for (const Version& other : agreement.versions) {
    const SignerState* state = other.state_of(institution);
    if (other.base == version.base && state != nullptr && state->signature) {
      found.emplace_back(state->index, &other);
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<const Version*> promises;
  promises.reserve(found.size());
  for (const auto& [index, other] : found) {
    promises.push_back(other);
  }
  return promises;
}

Error refuse_unheld(const EventId& id) {
  return refused(Errc::kNotFound,
                 "version " + shown(id) + " is not a valid version of this agreement here",
                 "fetch the logs of the other parties first");
}

Result<void> refuse_passed_on(std::string_view institution, const Agreement& agreement) {
  for (const Succession& succession : agreement.successions) {
    if (succession.predecessor == institution) {
      return refused(Errc::kConflict,
                     std::string(institution) + " passed its roles on to " + succession.successor,
                     succession.successor + " acts in its place");
    }
  }
  return {};
}

Result<const Version*> open_to(const EventId& id, std::string_view institution,
                               const Agreement& agreement) {
  const Version* version = agreement.version(id);
  if (version == nullptr) {
    return refuse_unheld(id);
  }
  if (!std::binary_search(version->signers.begin(), version->signers.end(), institution)) {
    return refused(Errc::kUnauthorised,
                   std::string(institution) + " is not among the signers of version " + shown(id),
                   "a version is signed by its parties and by the parties of what it replaces");
  }
  if (auto passed = refuse_passed_on(institution, agreement); !passed) {
    return passed.error();
  }
  return version;
}

Result<void> refuse_dead(const Version& version) {
  if (version.verdict == Verdict::kDead) {
    return refused(Errc::kConflict,
                   "version " + shown(version.id) + " is dead: " + describe(version.deaths.front()),
                   "propose a further attempt");
  }
  return {};
}

Result<void> refuse_bound(const Version& version, std::string_view institution,
                          const Agreement& agreement) {
  for (const Version* earlier : promises_in_base(version, institution, agreement)) {
    const std::string bound = "you are bound until " + earlier->sign_by.text() +
                              " by your signature of version " + shown(earlier->id) + " (" +
                              slot_name(*earlier) + ")";
    const std::string next = std::to_string(earlier->attempt + 1);
    if (earlier->attempt == version.attempt) {
      return refused(Errc::kConflict, bound + "; only one version of a slot can be signed",
                     "propose it again as attempt " + next + ", to be signed with proof that " +
                         shown(earlier->id) + " is dead");
    }
    if (earlier->attempt > version.attempt) {
      return refused(Errc::kConflict,
                     "you signed attempt " + std::to_string(earlier->attempt) +
                         " already; attempts only go up",
                     "propose it again as attempt " + next);
    }
    if (earlier->verdict == Verdict::kEffective) {
      return refused(Errc::kConflict,
                     "version " + shown(earlier->id) + ", which you signed, is in effect",
                     "propose the change as a version with base " + shown(earlier->id));
    }
    if (earlier->verdict != Verdict::kDead) {
      return refused(
          Errc::kConflict,
          "attempt " + std::to_string(version.attempt) + " needs proof that " + shown(earlier->id) +
              " is dead; " + bound,
          "fetch the logs of " +
              [&] {
                std::string names;
                for (const SignerState& state : earlier->states) {
                  names += (names.empty() ? "" : ", ") + state.party;
                }
                return names;
              }() +
              " past that date, or wait for a decline");
    }
    if (*earlier->dead_since > Moment::end_of(version.sign_by)) {
      return refused(Errc::kConflict,
                     "version " + shown(earlier->id) + " is dead only since " +
                         earlier->dead_since->text() + ", after the last day to sign " +
                         shown(version.id),
                     "propose a further attempt with a later sign_by");
    }
  }
  return {};
}

// A signature of something not held here may bind this party in ways nobody here can judge.
Result<void> refuse_unknown(std::string_view institution, const Agreement& agreement) {
  for (const JudgedAct& act : agreement.acts) {
    if (act.party == institution && act.kind == ActKind::kSign &&
        act.reason == ActReason::kVersionUnknown) {
      return refused(Errc::kConflict,
                     "your log holds a signature of version " + shown(act.version) +
                         ", which is not held here",
                     "fetch the logs of the other parties first");
    }
  }
  return {};
}

}  // namespace

Result<void> may_sign(const EventId& id, std::string_view institution, const Agreement& agreement,
                      std::optional<Moment> now) {
  const auto found = open_to(id, institution, agreement);
  if (!found) {
    return found.error();
  }
  const Version& version = **found;
  const SignerState* state = version.state_of(institution);
  if (state != nullptr && state->signed_) {
    return refused(Errc::kConflict,
                   "you signed version " + shown(id) + " already; you are bound until " +
                       version.sign_by.text(),
                   "");
  }
  // What binds the party itself is said before what others did: it tells the way out.
  if (auto bound = refuse_bound(version, institution, agreement); !bound) {
    return bound;
  }
  if (auto dead = refuse_dead(version); !dead) {
    return dead;
  }
  if (auto unknown = refuse_unknown(institution, agreement); !unknown) {
    return unknown;
  }
  if (version.base && agreement.version(*version.base)->verdict != Verdict::kEffective) {
    return refused(
        Errc::kConflict,
        "the version it would replace, " + shown(*version.base) + ", has not taken effect",
        "wait for its signatures, or propose a version without base");
  }
  if (now && *now > Moment::end_of(version.sign_by)) {
    return refused(Errc::kConflict, "the last day to sign, " + version.sign_by.text() + ", is past",
                   "a signature would not count: it cannot be witnessed in time");
  }
  return {};
}

Result<void> may_decline(const EventId& id, std::string_view institution,
                         const Agreement& agreement) {
  const auto found = open_to(id, institution, agreement);
  if (!found) {
    return found.error();
  }
  const Version& version = **found;
  const SignerState* state = version.state_of(institution);
  if (version.verdict == Verdict::kEffective) {
    return refused(Errc::kConflict, "version " + shown(id) + " is in effect",
                   "end it by a notice of termination, or by a version that replaces it");
  }
  if (state != nullptr && state->signed_) {
    return refused(Errc::kConflict,
                   "you are bound until " + version.sign_by.text() + ": you signed version " +
                       shown(id) + ", and there is no withdrawal",
                   "if the others do not sign in time it dies by itself");
  }
  return refuse_dead(version);
}

Result<void> may_terminate(const EventId& id, std::string_view institution,
                           const Agreement& agreement) {
  const Version* version = agreement.version(id);
  if (version == nullptr) {
    return refuse_unheld(id);
  }
  if (auto dead = refuse_dead(*version); !dead) {
    return dead;
  }
  if (version->verdict == Verdict::kOpen) {
    return refused(Errc::kConflict, "version " + shown(id) + " has not taken effect",
                   "decline it instead, or wait until " + version->sign_by.text());
  }
  if (auto passed = refuse_passed_on(institution, agreement); !passed) {
    return passed;
  }
  const bool bound =
      std::any_of(version->bound.begin(), version->bound.end(), [&](const std::string& party) {
        return party == institution || agreement.seat_holder(party) == institution;
      });
  if (!bound) {
    return refused(Errc::kUnauthorised,
                   std::string(institution) + " is not bound by version " + shown(id),
                   "notice is given by a party that signed it, or by who succeeded one");
  }
  const Version* last = agreement.last_effective();
  if (last != version) {
    return refused(Errc::kConflict, "version " + shown(id) + " was replaced by " + shown(last->id),
                   "give notice of the version in force");
  }
  return {};
}

Result<void> may_refuse_renewal(const EventId& id, std::string_view institution,
                                const Agreement& agreement) {
  if (auto may = may_terminate(id, institution, agreement); !may) {
    return may;
  }
  if (agreement.version(id)->renewals_max == 0) {
    return refused(Errc::kConflict, "version " + shown(id) + " does not renew itself",
                   "it ends by its own date, or by a notice of termination");
  }
  return {};
}

std::vector<EventId> releases_for(const EventId& id, std::string_view institution,
                                  const Agreement& agreement) {
  std::vector<EventId> releases;
  if (const Version* version = agreement.version(id)) {
    for (const Version* earlier : promises_in_base(*version, institution, agreement)) {
      releases.push_back(earlier->id);
    }
  }
  return releases;
}

}  // namespace hefu
