#include "ledger/programme/grade.h"

#include <algorithm>
#include <string>

#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

/// Independent of the institution that recorded the fact and of the unit it is attributed to.
bool is_outsider(const Fact& fact, const std::string& party, const World& world) {
  return !are_related(world, party, fact.actor) &&
         (fact.org.empty() || fact.org == fact.actor || !are_related(world, party, fact.org));
}

bool has_outside_countersigner(const Fact& fact, const World& world) {
  return std::any_of(fact.countersigned_by.begin(), fact.countersigned_by.end(),
                     [&](const std::string& party) { return is_outsider(fact, party, world); });
}

bool has_outside_registry(const Fact& fact, const World& world) {
  return fact.registry && is_outsider(fact, *fact.registry, world);
}

Grade full_grade(const Fact& fact, const World& world) {
  if (has_outside_registry(fact, world)) {
    return Grade::kE3;
  }
  if (has_outside_countersigner(fact, world)) {
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

Grade grade(const Fact& fact, const World& world) {
  const Grade full = full_grade(fact, world);
  return fact.standing == Standing::kClaimed ? std::min(full, Grade::kE1) : full;
}

bool is_independent(const Fact& fact, const World& world) {
  if (fact.counterparty && !is_outsider(fact, *fact.counterparty, world)) {
    return false;
  }
  return has_outside_registry(fact, world) || has_outside_countersigner(fact, world);
}

}  // namespace hefu
