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

/// A test's value, or what two of them make as a ratio; nothing without a denominator.
Result<std::optional<Fraction>> quotient_of(const std::vector<std::optional<Fraction>>& values) {
  if (values.size() == 1) {
    return values.front();
  }
  if (!values.front() || !values.back() || values.back()->is_zero()) {
    return std::optional<Fraction>();
  }
  auto out = values.front()->divided_by(*values.back());
  return out ? Result<std::optional<Fraction>>(std::optional(*out))
             : Result<std::optional<Fraction>>(out.error());
}

}  // namespace

Result<const Evaluation::ByMember*> Evaluation::selected_test(const ShareRule& share,
                                                              const MemberTest& test) {
  const auto known = selected_test_.find(&test);
  if (known != selected_test_.end()) {
    return &known->second;
  }
  auto facts =
      select(question_, test.facts, std::nullopt, shape_of(test.quantity.kind), TimeCheck::kLater);
  if (!facts) {
    return facts.error();
  }
  if (auto marked = mark_unmeasurable(test.quantity, *facts); !marked) {
    return marked.error();
  }
  auto& out = selected_test_[&test];
  for (CandidateFact& one : *facts) {
    if (const auto about = named_by(test.member, share, *one.fact)) {
      out[*about].push_back(std::move(one));
    }
  }
  return &out;
}

Result<Quantity> Evaluation::measure_member(const MemberTest& test, const Fact& representative,
                                            Candidates& own, Figure& out) {
  const TimeRule& time = test.facts.time;
  const DateSpan window =
      window_of(time, period_.span, question_.pack.valid,
                time.anchor ? time.anchor->read_date(representative) : std::nullopt);
  const TimeShape shape = shape_of(test.quantity.kind);
  std::erase_if(
      own, [&](const CandidateFact& one) { return !is_in_time(time, shape, *one.fact, window); });
  for (const CandidateFact& one : own) {
    tally(out, one);
  }
  auto quantity = measure(test.quantity, time, counted_of(own), window);
  out.conflicts += quantity ? quantity->conflicts : 0;
  return quantity;
}

Result<Figure> Evaluation::from_share(const PackIndicator& indicator, const Node& node) {
  const ShareRule& share = *indicator.measure.share;
  const PackSet& set = *question_.pack.find_set(share.population);
  auto population = selected_set(set);
  if (!population) {
    return population.error();
  }
  const RollupRule rollup = rollup_for(set, indicator.rollup);
  const NodeFilter filter(question_.world, rollup, set.rule.time, period_.span, node);
  const Members members = members_of(share, set, (*population)->covered(rollup.attribute, filter));

  std::vector<std::pair<const MemberTest*, ByMember>> tests;
  for (const MemberTest* test : {&share.test, share.per ? &*share.per : nullptr}) {
    if (test == nullptr) {
      continue;
    }
    const auto by_about = selected_test(share, *test);
    if (!by_about) {
      return by_about.error();
    }
    tests.emplace_back(test, facts_of_members(share, question_.world, members, **by_about));
  }

  Figure out;
  std::int64_t reaching = 0;
  for (const auto& [member, representative] : members) {
    std::vector<std::optional<Fraction>> values;
    for (auto& [test, by_member] : tests) {
      const auto quantity = measure_member(*test, *representative, by_member[member], out);
      if (!quantity) {
        return quantity.error();
      }
      values.push_back(quantity->value);
    }
    const auto value = quotient_of(values);
    if (!value) {
      return value.error();
    }
    reaching += *value && share.threshold.holds(**value) ? 1 : 0;
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
