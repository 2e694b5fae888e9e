#include "ledger/programme/selection_join.h"

#include <algorithm>
#include <vector>

namespace hefu {

FactRule JoinIndex::partner_rule(const JoinRule& rule) {
  FactRule facts;
  facts.types = rule.types;
  facts.where = rule.where;
  facts.key = rule.with;
  facts.time = rule.time;
  facts.evidence = rule.evidence;
  facts.each = rule.each;
  return facts;
}

Result<JoinIndex> JoinIndex::make(const Question& question, const JoinRule& rule) {
  auto candidates = select(question, partner_rule(rule), std::nullopt, TimeShape::kPoint);
  if (!candidates) {
    return candidates.error().during("join");
  }
  JoinIndex out(rule);
  for (const CandidateFact& one : *candidates) {
    out.add(one);
  }
  return out;
}

void JoinIndex::add(const CandidateFact& partner) {
  if (partner.left_out) {
    return;
  }
  auto& list = by_tuple_[partner.key];
  const auto after = [](const CandidateFact& a, const CandidateFact& b) {
    return a.fact->id < b.fact->id;
  };
  list.insert(std::upper_bound(list.begin(), list.end(), partner, after), partner);
}

void JoinIndex::remove(const std::string& key, const std::string& id) {
  const auto found = by_tuple_.find(key);
  if (found == by_tuple_.end()) {
    return;
  }
  std::erase_if(found->second, [&](const CandidateFact& one) { return one.fact->id == id; });
  if (found->second.empty()) {
    by_tuple_.erase(found);
  }
}

Result<bool> JoinIndex::passes(const Question& question, const Fact& fact) const {
  const auto tuple = tuple_of(rule_->on, fact);
  const auto found = tuple ? by_tuple_.find(*tuple) : by_tuple_.end();
  if (found == by_tuple_.end()) {
    return rule_->none;
  }
  for (const CandidateFact& one : found->second) {
    const Fact& partner = *one.fact;
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
