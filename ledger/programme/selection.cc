#include "ledger/programme/selection.h"

#include <algorithm>
#include <utility>

#include "ledger/programme/selection_join.h"

namespace hefu {

namespace {

/// Standing and corrections come before evidence: a disputed fact is disputed whatever its grade.
std::optional<LeftOut> judge_standing(const EffectiveFact& fact) {
  if (fact.superseded) {
    return LeftOut::kSuperseded;
  }
  switch (fact.fact->standing) {
    case Standing::kDisputed:
      return LeftOut::kDisputed;
    case Standing::kRejected:
      return LeftOut::kRejected;
    case Standing::kEnded:
      return LeftOut::kEnded;
    case Standing::kClaimed:
    case Standing::kConfirmed:
      break;
  }
  return std::nullopt;
}

bool is_late(const EvidenceRule& rule, const TimeRule& time, const Fact& fact) {
  if (!rule.max_lag_days) {
    return false;
  }
  const auto from = rule.lag_from ? rule.lag_from->read_date(fact) : business_date(time, fact);
  return !from || !fact.recorded || fact.recorded->days - from->days > *rule.max_lag_days;
}

Result<bool> meets(const std::optional<Expression>& condition, const Fact& fact,
                   const Question& question) {
  return condition ? condition->holds({fact, question.world, question.period}) : Result<bool>(true);
}

std::vector<std::string> unique_types(const FactRule& rule) {
  std::vector<std::string> out = rule.types;
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// The conditions that do not depend on time: where, narrow, joins.
Result<bool> is_in_scope(const Question& question, const FactRule& rule,
                         const std::optional<Expression>& narrow,
                         std::span<const JoinIndex* const> joins, const Fact& fact) {
  for (const std::optional<Expression>* condition : {&rule.where, &narrow}) {
    auto holds = meets(*condition, fact, question);
    if (!holds || !*holds) {
      return holds;
    }
  }
  for (const JoinIndex* join : joins) {
    auto passes = join->passes(question, fact);
    if (!passes || !*passes) {
      return passes;
    }
  }
  return true;
}

/// Why a fact falls short of an evidence rule; nothing if it does not.
std::optional<LeftOut> judge_evidence(const EvidenceRule& rule, const TimeRule& time,
                                      const EffectiveFact& fact) {
  if (fact.grade < rule.min || (rule.independent && !fact.independent)) {
    return LeftOut::kLowEvidence;
  }
  return is_late(rule, time, *fact.fact) ? std::optional(LeftOut::kLate) : std::nullopt;
}

CandidateFact judged(const FactRule& rule, const EffectiveFact& one, const Fact& fact) {
  CandidateFact out;
  out.fact = &fact;
  out.grade = one.grade;
  out.left_out = judge_standing(one);
  if (!out.left_out) {
    out.left_out = judge_evidence(rule.evidence, rule.time, one);
  }
  auto key = tuple_of(rule.key, fact);
  if (key) {
    out.key = *std::move(key);
  } else if (!out.left_out) {
    out.left_out = LeftOut::kNoKey;
  }
  return out;
}

}  // namespace

FactSelector::FactSelector(const Question& question, const FactRule& rule,
                           const std::optional<Expression>& narrow, TimeShape shape, TimeCheck time)
    : question_(question),
      rule_(rule),
      narrow_(narrow),
      shape_(shape),
      time_(time),
      window_(window_of(rule.time, question.period, question.pack.valid)) {}

Result<void> FactSelector::take(const EffectiveFact& one, std::span<const JoinIndex* const> joins,
                                std::vector<CandidateFact>& out) const {
  if (time_ == TimeCheck::kNow && !in_time(*one.fact)) {
    return {};
  }
  if (!rule_.each) {
    return take_as(one, *one.fact, nullptr, joins, out);
  }
  const FactValue::List* list = list_in(*rule_.each, *one.fact);
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto element = std::make_shared<const Fact>(element_fact(*one.fact, (*list)[i]));
    if (auto done = take_as(one, *element, element, joins, out); !done) {
      return done;
    }
  }
  return {};
}

bool FactSelector::in_time(const Fact& fact) const {
  const DateSpan window = rule_.time.mode == TimeMode::kAnchored
                              ? window_of(rule_.time, question_.period, question_.pack.valid,
                                          rule_.time.anchor->read_date(fact))
                              : window_;
  return is_in_time(rule_.time, shape_, fact, window);
}

Result<void> FactSelector::take_as(const EffectiveFact& one, const Fact& fact,
                                   std::shared_ptr<const Fact> element,
                                   std::span<const JoinIndex* const> joins,
                                   std::vector<CandidateFact>& out) const {
  const auto fits = is_in_scope(question_, rule_, narrow_, joins, fact);
  if (!fits) {
    return fits.error();
  }
  if (*fits) {
    out.push_back(judged(rule_, one, fact));
    out.back().element = std::move(element);
  }
  return {};
}

Result<std::vector<CandidateFact>> select(const Question& question, const FactRule& rule,
                                          const std::optional<Expression>& narrow, TimeShape shape,
                                          TimeCheck time) {
  std::vector<JoinIndex> joins;
  for (const JoinRule& join : rule.joins) {
    auto index = JoinIndex::make(question, join);
    if (!index) {
      return index.error();
    }
    joins.push_back(*std::move(index));
  }
  std::vector<const JoinIndex*> pointers;
  for (const JoinIndex& join : joins) {
    pointers.push_back(&join);
  }
  const FactSelector selector(question, rule, narrow, shape, time);
  std::vector<CandidateFact> out;
  for (const std::string& type : unique_types(rule)) {
    for (const EffectiveFact& one : question.facts.of_type(type)) {
      if (auto taken = selector.take(one, pointers, out); !taken) {
        return taken.error();
      }
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const CandidateFact& a, const CandidateFact& b) {
    return a.fact->id < b.fact->id;
  });
  return out;
}

}  // namespace hefu
