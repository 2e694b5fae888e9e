#include "ledger/programme/selection_join.h"

namespace hefu {

Result<JoinIndex> JoinIndex::make(const Question& question, const JoinRule& rule) {
  FactRule facts;
  facts.types = rule.types;
  facts.where = rule.where;
  facts.key = rule.with;
  facts.time = rule.time;
  facts.evidence = rule.evidence;
  facts.each = rule.each;
  auto candidates = select(question, facts, std::nullopt, TimeShape::kPoint);
  if (!candidates) {
    return candidates.error().during("join");
  }
  JoinIndex out;
  out.rule_ = &rule;
  out.partners_ = *std::move(candidates);
  for (std::size_t i = 0; i < out.partners_.size(); ++i) {
    if (!out.partners_[i].left_out) {
      out.by_tuple_[out.partners_[i].key].push_back(i);
    }
  }
  return out;
}

Result<bool> JoinIndex::passes(const Question& question, const Fact& fact) const {
  const auto tuple = tuple_of(rule_->on, fact);
  const auto found = tuple ? by_tuple_.find(*tuple) : by_tuple_.end();
  if (found == by_tuple_.end()) {
    return rule_->none;
  }
  for (const std::size_t i : found->second) {
    const Fact& partner = *partners_[i].fact;
    if (partner.id == fact.id) {
      continue;
    }
    const auto fits = rule_->pair
                          ? rule_->pair->holds({fact, question.world, question.period, &partner})
                          : Result<bool>(true);
    if (!fits) {
      return fits.error();
    }
    if (*fits) {
      return !rule_->none;
    }
  }
  return rule_->none;
}

}  // namespace hefu
