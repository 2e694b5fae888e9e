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

/// Whom a fact names: of a population of organisations their id, otherwise a tagged tuple.
std::optional<std::string> named_by(const FieldPath& path, const ShareRule& share,
                                    const Fact& fact) {
  if (is_organisation(share.member)) {
    const FieldView view = path.read(fact);
    const auto* id = std::get_if<std::string_view>(&view);
    return id != nullptr ? std::optional<std::string>(*id) : std::nullopt;
  }
  return tuple_of({path}, fact);
}

Members members_of(const ShareRule& share, const PackSet& set,
                   const std::vector<const CandidateFact*>& population) {
  Members out;
  for (const CandidateFact* one : population) {
    const auto member = named_by(share.member, share, *one->fact);
    if (one->left_out || !member) {
      continue;
    }
    const Fact*& representative = out[*member];
    if (representative == nullptr || is_later(set.rule.time, *one->fact, *representative)) {
      representative = one->fact;
    }
  }
  return out;
}

/// Each member's facts. An organisation's include those of the units below it.
std::map<std::string, std::vector<CandidateFact>> facts_of_members(
    const ShareRule& share, const World& world, const Members& members,
    const std::map<std::string, std::vector<CandidateFact>>& by_about) {
  std::map<std::string, std::vector<CandidateFact>> out;
  for (const auto& [about, facts] : by_about) {
    const auto line =
        is_organisation(share.member) ? ancestry(world, about) : std::vector<std::string>{about};
    for (const std::string& member : line) {
      if (members.contains(member)) {
        auto& own = out[member];
        own.insert(own.end(), facts.begin(), facts.end());
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

Result<const std::map<std::string, Evaluation::Candidates>*> Evaluation::selected_test(
    const PackIndicator& indicator) {
  const auto known = selected_test_.find(indicator.id);
  if (known != selected_test_.end()) {
    return &known->second;
  }
  const ShareRule& share = *indicator.measure.share;
  auto facts =
      select(question_, share.test, std::nullopt, shape_of(share.quantity.kind), TimeCheck::kLater);
  if (!facts) {
    return facts.error();
  }
  mark_unmeasurable(share.quantity, *facts);
  auto& out = selected_test_[indicator.id];
  for (CandidateFact& one : *facts) {
    if (const auto about = named_by(share.test_member, share, *one.fact)) {
      out[*about].push_back(std::move(one));
    }
  }
  return &out;
}

Result<Figure> Evaluation::from_share(const PackIndicator& indicator, const Node& node) {
  const ShareRule& share = *indicator.measure.share;
  const PackSet& set = *question_.pack.find_set(share.population);
  auto population = selected_set(set);
  const auto by_about = selected_test(indicator);
  if (!population || !by_about) {
    return population ? by_about.error() : population.error();
  }
  const TimeShape shape = shape_of(share.quantity.kind);
  const NodeFilter filter(question_.world, indicator.rollup, set.rule.time, period_.span, node);
  const Members members =
      members_of(share, set, (*population)->covered(indicator.rollup.attribute, filter));
  auto by_member = facts_of_members(share, question_.world, members, **by_about);

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
