#include "ledger/programme/selection.h"

#include <algorithm>
#include <set>

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

/// The tuples of `on` that some sufficient fact of the join carries.
Result<std::set<std::string>> join_tuples(const Question& question, const JoinRule& join) {
  FactRule rule;
  rule.types = join.types;
  rule.where = join.where;
  rule.key = join.on;
  rule.time = join.time;
  rule.evidence = join.evidence;
  auto candidates = select(question, rule, std::nullopt, TimeShape::kPoint);
  if (!candidates) {
    return candidates.error();
  }
  std::set<std::string> out;
  for (CandidateFact& one : *candidates) {
    if (!one.left_out) {
      out.insert(std::move(one.key));
    }
  }
  return out;
}

std::vector<std::string> unique_types(const FactRule& rule) {
  std::vector<std::string> out = rule.types;
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

/// The conditions that do not depend on time: where, narrow, join.
Result<bool> is_in_scope(const Question& question, const FactRule& rule,
                         const std::optional<Expression>& narrow,
                         const std::set<std::string>& joined, const Fact& fact) {
  for (const std::optional<Expression>* condition : {&rule.where, &narrow}) {
    auto holds = meets(*condition, fact, question);
    if (!holds || !*holds) {
      return holds;
    }
  }
  if (!rule.join) {
    return true;
  }
  const auto on = tuple_of(rule.join->on, fact);
  return on && joined.contains(*on);
}

/// Why a fact falls short of an evidence rule; nothing if it does not.
std::optional<LeftOut> judge_evidence(const EvidenceRule& rule, const TimeRule& time,
                                      const EffectiveFact& fact) {
  if (fact.grade < rule.min || (rule.independent && !fact.independent)) {
    return LeftOut::kLowEvidence;
  }
  return is_late(rule, time, *fact.fact) ? std::optional(LeftOut::kLate) : std::nullopt;
}

CandidateFact judged(const FactRule& rule, const EffectiveFact& one) {
  CandidateFact out{one.fact, one.grade, judge_standing(one), ""};
  if (!out.left_out) {
    out.left_out = judge_evidence(rule.evidence, rule.time, one);
  }
  auto key = tuple_of(rule.key, *one.fact);
  if (key) {
    out.key = *std::move(key);
  } else if (!out.left_out) {
    out.left_out = LeftOut::kNoKey;
  }
  return out;
}

}  // namespace

Result<std::vector<CandidateFact>> select(const Question& question, const FactRule& rule,
                                          const std::optional<Expression>& narrow, TimeShape shape,
                                          TimeCheck time) {
  std::set<std::string> joined;
  if (rule.join) {
    auto tuples = join_tuples(question, *rule.join);
    if (!tuples) {
      return tuples.error();
    }
    joined = *std::move(tuples);
  }
  const DateSpan window = window_of(rule.time, question.period, question.pack.valid);
  std::vector<CandidateFact> out;
  for (const std::string& type : unique_types(rule)) {
    for (const EffectiveFact& one : question.facts.of_type(type)) {
      if (time == TimeCheck::kNow && !is_in_time(rule.time, shape, *one.fact, window)) {
        continue;
      }
      const auto fits = is_in_scope(question, rule, narrow, joined, *one.fact);
      if (!fits) {
        return fits.error();
      }
      if (*fits) {
        out.push_back(judged(rule, one));
      }
    }
  }
  std::sort(out.begin(), out.end(),
            [](const CandidateFact& a, const CandidateFact& b) { return a.fact->id < b.fact->id; });
  return out;
}

}  // namespace hefu
