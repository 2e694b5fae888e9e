#include "ledger/programme/kept_table.h"

#include <algorithm>
#include <utility>

#include "ledger/programme/shares.h"

namespace hefu {

namespace {

const std::optional<Expression> kNoCondition;

bool is_of(const std::vector<std::string>& types, const EffectiveFact* fact) {
  return fact != nullptr && std::find(types.begin(), types.end(), fact->fact->type) != types.end();
}

}  // namespace

KeptTable::Join::Join(const Question& question, const JoinRule& join)
    : rule(JoinIndex::partner_rule(join)),
      selector(question, rule, kNoCondition, TimeShape::kPoint),
      index(join) {}

KeptTable::KeptTable(const Question& question, const FactRule& rule, const PackIndicator* measured)
    : rule_(rule),
      measured_(measured),
      types_(rule.types.begin(), rule.types.end()),
      selector_(question, rule, measured == nullptr ? kNoCondition : measured->narrow,
                measured == nullptr ? TimeShape::kPoint : shape_of(measured->measure.kind)) {
  for (const JoinRule& join : rule.joins) {
    joins_.push_back(std::make_unique<Join>(question, join));
  }
}

std::string KeptTable::unit_of(const CandidateFact& one) const {
  const auto& person =
      measured_ == nullptr ? std::optional<FieldPath>() : measured_->measure.quantity.person;
  const auto key = person ? tuple_of({*person}, *one.fact)
                          : (one.key.empty() ? std::nullopt : std::optional(one.key));
  return key ? *key : std::string(1, '\0') + one.fact->id;
}

void KeptTable::change_partner(const EffectiveFact* before, const EffectiveFact* after,
                               std::set<std::string>& out) {
  for (const auto& join : joins_) {
    std::set<std::string> moved;
    if (is_of(join->rule.types, before)) {
      const std::string& id = before->fact->id;
      for (const std::string& key : join->keys[id]) {
        join->index.remove(key, id);
        moved.insert(key);
      }
      join->keys.erase(id);
      join->failed.erase(id);
    }
    if (is_of(join->rule.types, after)) {
      const std::string& id = after->fact->id;
      Unit partners;
      if (!join->selector.take(*after, {}, partners)) {
        join->failed.insert(id);
      }
      for (const CandidateFact& partner : partners) {
        join->index.add(partner);
        join->keys[id].insert(partner.key);
        moved.insert(partner.key);
      }
    }
    for (const std::string& key : moved) {
      const auto asking = join->asked_by.find(key);
      if (asking != join->asked_by.end()) {
        out.insert(asking->second.begin(), asking->second.end());
      }
    }
  }
}

std::map<std::string, KeptTable::Unit> KeptTable::candidates(const EffectiveFact* fact) {
  std::map<std::string, Unit> out;
  if (!is_of(rule_.types, fact)) {
    return out;
  }
  Unit all;
  failed_.erase(fact->fact->id);
  std::vector<const JoinIndex*> indexes;
  for (const auto& join : joins_) {
    indexes.push_back(&join->index);
  }
  const auto taken = selector_.take(*fact, indexes, all);
  const bool marked =
      taken && (measured_ == nullptr || mark_unmeasurable(measured_->measure.quantity, all));
  if (!marked) {
    failed_.insert(fact->fact->id);
    return out;
  }
  if (measured_ != nullptr) {
    mark_unshared(measured_->rollup, all);
  }
  for (CandidateFact& one : all) {
    std::string unit = unit_of(one);
    out[std::move(unit)].push_back(std::move(one));
  }
  return out;
}

const std::set<std::string>& KeptTable::units_of(const std::string& id) const {
  static const std::set<std::string> kNone;
  const auto found = where_.find(id);
  return found == where_.end() ? kNone : found->second;
}

void KeptTable::replace(const std::string& id, const EffectiveFact* fact,
                        std::map<std::string, Unit> candidates) {
  for (const std::string& key : units_of(id)) {
    const auto unit = units_.find(key);
    unit->second.erase(id);
    if (unit->second.empty()) {
      units_.erase(unit);
    }
  }
  where_.erase(id);
  for (auto& [key, own] : candidates) {
    units_[key].emplace(id, std::move(own));
    where_[id].insert(key);
  }
  for (const auto& join : joins_) {
    for (const std::string& tuple : join->asks[id]) {
      join->asked_by[tuple].erase(id);
    }
    join->asks.erase(id);
  }
  if (!is_of(rule_.types, fact)) {
    failed_.erase(id);
    return;
  }
  for (std::size_t i = 0; i < joins_.size(); ++i) {
    std::vector<Fact> elements;
    if (rule_.each) {
      const FactValue::List* list = list_in(*rule_.each, *fact->fact);
      for (std::size_t k = 0; list != nullptr && k < list->size(); ++k) {
        elements.push_back(element_fact(*fact->fact, (*list)[k]));
      }
    } else {
      elements.push_back(*fact->fact);
    }
    for (const Fact& element : elements) {
      if (const auto tuple = tuple_of(rule_.joins[i].on, element)) {
        joins_[i]->asked_by[*tuple].insert(id);
        joins_[i]->asks[id].insert(*tuple);
      }
    }
  }
}

KeptTable::Unit KeptTable::unit(const std::string& key) const {
  Unit out;
  if (const auto found = units_.find(key); found != units_.end()) {
    for (const auto& [id, own] : found->second) {
      out.insert(out.end(), own.begin(), own.end());
    }
  }
  return out;
}

std::size_t KeptTable::facts_in(const std::string& key) const {
  const auto found = units_.find(key);
  return found == units_.end() ? 0 : found->second.size();
}

KeptTable::Unit KeptTable::of(const std::string& key, const std::string& id) const {
  const auto found = units_.find(key);
  if (found == units_.end()) {
    return {};
  }
  const auto own = found->second.find(id);
  return own == found->second.end() ? Unit() : own->second;
}

std::vector<std::string> KeptTable::keys() const {
  std::vector<std::string> out;
  out.reserve(units_.size());
  for (const auto& [key, facts] : units_) {
    out.push_back(key);
  }
  std::sort(out.begin(), out.end());
  return out;
}

bool KeptTable::failed() const {
  return !failed_.empty() || std::any_of(joins_.begin(), joins_.end(),
                                         [](const auto& join) { return !join->failed.empty(); });
}

}  // namespace hefu
