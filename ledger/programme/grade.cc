#include "ledger/programme/grade.h"

#include <algorithm>
#include <string>

#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

bool names_other_than_actor(const Fact& fact) {
  return !fact.org.empty() && fact.org != fact.actor;
}

/// Independent of the institution that recorded the fact and of the unit it is attributed to.
bool is_outsider(const Fact& fact, const std::string& party, Relations& relations) {
  return !relations.are_related(party, fact.actor) &&
         (!names_other_than_actor(fact) || !relations.are_related(party, fact.org));
}

/// Where one institution records something of another, that other one is no claimant but the
/// counterparty: what it says in its own name confirms the claim. Its shells add nothing to it.
bool is_outside_counterparty(const Fact& fact, const std::string& party, Relations& relations) {
  return is_outsider(fact, party, relations) ||
         (names_other_than_actor(fact) && relations.are_one_institution(party, fact.org) &&
          !relations.are_related(party, fact.actor));
}

/// That a guest's key is the guest's rests on the word of members alone, so one of them has to be
/// an outsider too.
bool is_outside_signer(const Fact& fact, const std::string& party, Relations& relations) {
  const auto guest = fact.guests.find(party);
  return is_outside_counterparty(fact, party, relations) &&
         (guest == fact.guests.end() ||
          std::any_of(guest->second.begin(), guest->second.end(), [&](const std::string& member) {
            return is_outsider(fact, member, relations);
          }));
}

bool has_outside_countersigner(const Fact& fact, Relations& relations) {
  return std::any_of(
      fact.countersigned_by.begin(), fact.countersigned_by.end(),
      [&](const std::string& party) { return is_outside_signer(fact, party, relations); });
}

/// A registry without a node confirms as any guest does, not as a registry: E3 needs its own log.
bool has_outside_registry(const Fact& fact, Relations& relations) {
  return fact.registry && fact.guests.count(*fact.registry) == 0 &&
         is_outsider(fact, *fact.registry, relations);
}

/// Passed by an auditor that is none of the parties; there must be something it could look at.
bool is_audited(const Fact& fact, Relations& relations) {
  const bool something = !fact.evidence.empty() || !fact.countersigned_by.empty() || fact.registry;
  return something && std::any_of(fact.audited_by.begin(), fact.audited_by.end(),
                                  [&](const std::string& auditor) {
                                    return is_outsider(fact, auditor, relations);
                                  });
}

Grade full_grade(const Fact& fact, Relations& relations) {
  if (is_audited(fact, relations)) {
    return Grade::kE4;
  }
  if (has_outside_registry(fact, relations)) {
    return Grade::kE3;
  }
  if (has_outside_countersigner(fact, relations)) {
    return Grade::kE2;
  }
  const bool something = !fact.evidence.empty() || !fact.countersigned_by.empty();
  return something ? Grade::kE1 : Grade::kE0;
}

}  // namespace

const char* name(Grade grade) {
  switch (grade) {
    case Grade::kE0:
      return "E0";
    case Grade::kE1:
      return "E1";
    case Grade::kE2:
      return "E2";
    case Grade::kE3:
      return "E3";
    case Grade::kE4:
      return "E4";
  }
  return "E0";
}

std::optional<Grade> parse_grade(std::string_view text) {
  for (int i = 0; i < kGradeCount; ++i) {
    const auto grade = static_cast<Grade>(i);
    if (text == name(grade)) {
      return grade;
    }
  }
  return std::nullopt;
}

Grade grade(const Fact& fact, Relations& relations) {
  const Grade full = full_grade(fact, relations);
  return fact.standing == Standing::kClaimed ? std::min(full, Grade::kE1) : full;
}

bool is_independent(const Fact& fact, Relations& relations) {
  if (fact.counterparty && !is_outside_counterparty(fact, *fact.counterparty, relations)) {
    return false;
  }
  return has_outside_registry(fact, relations) || has_outside_countersigner(fact, relations);
}

Grade grade(const Fact& fact, const World& world) {
  Relations relations(world);
  return grade(fact, relations);
}

bool is_independent(const Fact& fact, const World& world) {
  Relations relations(world);
  return is_independent(fact, relations);
}

}  // namespace hefu
