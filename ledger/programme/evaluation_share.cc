// share: the members of a population whose test reaches a threshold.
#include <algorithm>

#include "ledger/programme/evaluation.h"
#include "ledger/programme/organisation.h"
#include "ledger/programme/tally.h"

namespace hefu {

namespace {

/// A member of the population and the fact that stands for it: the latest, where there are several.
using Members = std::map<std::string, const Fact*>;

bool is_organisation(const FieldPath& member) {
  return member.field() == FieldPath::Field::kOrg || member.field() == FieldPath::Field::kActor;
}

/// The member's id for organisations, a tagged tuple otherwise.
std::optional<std::string> member_of(const FieldPath& path, const Fact& fact) {
  if (is_organisation(path)) {
    const FieldView view = path.read(fact);
    return std::string(std::get<std::string_view>(view));
  }
  return tuple_of({path}, fact);
}

Members members_of(const ShareRule& share, const PackSet& set,
                   const std::vector<CandidateFact>& population, const NodeFilter& filter) {
  Members out;
  for (const CandidateFact& one : population) {
    const auto member = member_of(share.member, *one.fact);
    if (one.left_out || !member || !filter.covers(*one.fact)) {
      continue;
    }
    const Fact*& representative = out[*member];
    if (representative == nullptr || is_later(set.rule.time, *one.fact, *representative)) {
      representative = one.fact;
    }
  }
  return out;
}

/// The test's facts by the member they are about. An organisation's facts include those of the
/// units below it.
std::map<std::string, std::vector<CandidateFact>> facts_by_member(
    const ShareRule& share, const World& world, const Members& members,
    std::vector<CandidateFact> facts) {
  std::map<std::string, std::vector<CandidateFact>> out;
  for (const CandidateFact& one : facts) {
    const auto about = member_of(share.member, *one.fact);
    if (!about) {
      continue;
    }
    const auto line =
        is_organisation(share.member) ? ancestry(world, *about) : std::vector<std::string>{*about};
    for (const std::string& member : line) {
      if (members.contains(member)) {
        out[member].push_back(one);
      }
    }
  }
  return out;
}

bool reaches(CompareOp op, const std::optional<Fraction>& value, const Fraction& threshold) {
  if (!value) {
    return false;
  }
  switch (op) {
    case CompareOp::kEqual:
      return *value == threshold;
    case CompareOp::kUnequal:
      return *value != threshold;
    case CompareOp::kLess:
      return *value < threshold;
    case CompareOp::kLessEqual:
      return *value <= threshold;
    case CompareOp::kGreater:
      return *value > threshold;
    case CompareOp::kGreaterEqual:
      return *value >= threshold;
    case CompareOp::kBetween:
      break;
  }
  return false;
}

}  // namespace

Result<Figure> Evaluation::from_share(const PackIndicator& indicator, const Node& node) {
  const ShareRule& share = *indicator.measure.share;
  const PackSet& set = *question_.pack.find_set(share.population);
  auto population = selected_set(set);
  const TimeShape shape = shape_of(share.quantity.kind);
  auto facts = select(question_, share.test, std::nullopt, shape, TimeCheck::kLater);
  if (!population || !facts) {
    return population ? facts.error() : population.error();
  }
  mark_unmeasurable(share.quantity, *facts);
  const NodeFilter filter(question_.world, indicator.rollup, set.rule.time, period_.span, node);
  const Members members = members_of(share, set, **population, filter);
  auto by_member = facts_by_member(share, question_.world, members, *std::move(facts));

  Figure out;
  std::int64_t reaching = 0;
  for (const auto& [member, representative] : members) {
    const auto& anchor = share.test.time.anchor;
    const DateSpan window = window_of(share.test.time, period_.span, question_.pack.valid,
                                      anchor ? anchor->read_date(*representative) : std::nullopt);
    auto& own = by_member[member];
    std::erase_if(own, [&](const CandidateFact& one) {
      return !is_in_time(share.test.time, shape, *one.fact, window);
    });
    const auto quantity = measure(share.quantity, share.test.time, counted_of(own), window);
    if (!quantity) {
      return quantity.error();
    }
    reaching += reaches(share.op, quantity->value, share.threshold) ? 1 : 0;
    out.conflicts += quantity->conflicts;
    for (const CandidateFact& one : own) {
      tally(out, one);
    }
  }
  const auto count = static_cast<std::int64_t>(members.size());
  out.units = members.size();
  out.parts.emplace(Fraction(reaching), Fraction(count));
  if (count > 0) {
    out.value = *Fraction::make(reaching, count);
  }
  return out;
}

}  // namespace hefu
