#include "ledger/programme/kept_figures.h"

#include <algorithm>

#include "ledger/programme/organisation.h"
#include "ledger/programme/shares.h"
#include "ledger/programme/tally.h"

namespace hefu {

namespace {

bool is_kept(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::kCount:
    case MeasureKind::kSum:
    case MeasureKind::kStock:
    case MeasureKind::kMin:
    case MeasureKind::kMax:
    case MeasureKind::kPersonDays:
    case MeasureKind::kLongestRunMonths:
      return true;
    default:
      return false;
  }
}

/// Facts from which on a unit is kept apart.
constexpr std::size_t kLargeUnit = 4;

bool is_shared(const PackIndicator& indicator) {
  return indicator.rollup.credit != Credit::kRecompute;
}

/// What can be asked of an indicator only with all facts at hand.
bool is_restricted(const PackIndicator& indicator) {
  return !indicator.in_set.empty() || !indicator.not_in_set.empty() || !indicator.subset_of.empty();
}

}  // namespace

KeptFigures::KeptFigures(const Pack& pack, const World& world, const Period& period)
    : pack_(pack),
      directory_(world),
      period_(period),
      as_of_(world.history.empty()
                 ? nullptr
                 : std::make_unique<const World>(world_on(world, period.span.last))),
      none_(std::make_unique<const EffectiveFacts>()),
      question_{pack_, as_of_ ? *as_of_ : world, *none_, period_.span},
      judge_(world) {
  for (const PackIndicator& indicator : pack.indicators) {
    if (!indicator.rollup.group.empty()) {
      groups_.insert(indicator.rollup.group);
    }
    add_measure(indicator);
  }
}

KeptFigures::~KeptFigures() = default;

KeptTable* KeptFigures::set_table(const PackSet& set) {
  KeptTable*& table = set_tables_[&set];
  if (table == nullptr) {
    tables_.push_back(std::make_unique<KeptTable>(question_, set.rule, nullptr));
    table = tables_.back().get();
  }
  return table;
}

KeptFigures::Measure* KeptFigures::add_measure(const PackIndicator& indicator) {
  if (const auto known = measures_.find(&indicator); known != measures_.end()) {
    return known->second.get();
  }
  const bool by_person = indicator.measure.quantity.person.has_value();
  const bool by_changing_tree = !directory_.history.empty() && indicator.rollup.as_of_event;
  if (!is_kept(indicator.measure.kind) || indicator.from_directory || by_changing_tree ||
      (by_person && is_restricted(indicator))) {
    return nullptr;
  }
  auto measure = std::make_unique<Measure>();
  measure->indicator = &indicator;
  for (const bool inside : {true, false}) {
    const PackSet* set = pack_.find_set(inside ? indicator.in_set : indicator.not_in_set);
    if (set == nullptr) {
      continue;
    }
    Measure::Restriction& restriction = measure->sets.emplace_back();
    restriction.set = set;
    restriction.inside = inside;
    if (!set->from_directory) {
      restriction.table = set_table(*set);
    } else if (auto keys = directory_keys(question_, *set)) {
      restriction.keys = *std::move(keys);
    } else {
      return nullptr;
    }
  }
  if (const PackIndicator* whole = pack_.find_indicator(indicator.subset_of)) {
    measure->superset = add_measure(*whole);
    if (measure->superset == nullptr || whole->measure.quantity.person) {
      return nullptr;
    }
  }
  tables_.push_back(std::make_unique<KeptTable>(question_, indicator.rule, &indicator));
  measure->own = tables_.back().get();
  Measure* out = measure.get();
  measures_.emplace(&indicator, std::move(measure));
  std::set<const KeptTable*> tables;
  for (const Measure* at = out; at != nullptr; at = at->superset) {
    tables.insert(at->own);
    for (const Measure::Restriction& restriction : at->sets) {
      if (restriction.table != nullptr) {
        tables.insert(restriction.table);
      }
    }
  }
  for (const KeptTable* table : tables) {
    dependents_[table].push_back(out);
  }
  return out;
}

NodeFilter KeptFigures::filter_of(const Measure& measure, const Node& node) const {
  return NodeFilter(question_.world, measure.indicator->rollup, measure.indicator->rule.time,
                    period_.span, node);
}

bool KeptFigures::is_sound(const Measure& measure) const {
  if (undatable_ > 0) {
    return false;
  }
  for (const Measure* at = &measure; at != nullptr; at = at->superset) {
    if (at->own->failed() ||
        std::any_of(at->sets.begin(), at->sets.end(), [](const Measure::Restriction& one) {
          return one.table != nullptr && one.table->failed();
        })) {
      return false;
    }
  }
  return true;
}

const std::vector<std::string>& KeptFigures::nodes_above(const std::string& org) {
  const auto [at, fresh] = above_.try_emplace(org);
  if (fresh) {
    std::set<std::string> nodes;
    for (const std::string& one : ancestry(question_.world, org)) {
      nodes.insert(one);
    }
    for (auto slash = org.find('/'); slash != std::string::npos; slash = org.find('/', slash + 1)) {
      nodes.insert(org.substr(0, slash));
    }
    at->second.assign(nodes.begin(), nodes.end());
  }
  return at->second;
}

std::set<KeptFigures::Node> KeptFigures::nodes_of(const Measure& measure,
                                                  const std::vector<CandidateFact>& candidates) {
  const RollupRule& rollup = measure.indicator->rollup;
  std::set<Node> out{Node()};
  out.insert(groups_.begin(), groups_.end());
  const auto add = [&](const std::string& org) {
    for (const std::string& node : nodes_above(org)) {
      if (!question_.world.groups.contains(node)) {
        out.insert(node);
      }
    }
  };
  static const FieldPath kLead = *FieldPath::parse("body.lead_org");
  for (const CandidateFact& one : candidates) {
    for (const std::string& claimant : claimants_of(rollup.attribute, *one.fact)) {
      add(claimant);
    }
    if (rollup.credit == Credit::kLead) {
      for (const std::string& lead : claimants_of(kLead, *one.fact)) {
        add(lead);
      }
    }
    if (rollup.credit == Credit::kDeclared) {
      for (const auto& [org, share] : shares_in(rollup.shares, *one.fact).value_or(Shares{})) {
        add(org);
      }
    }
  }
  return out;
}

std::vector<CandidateFact> KeptFigures::scope(const Measure& measure, const std::string& unit,
                                              const std::vector<CandidateFact>& candidates,
                                              const NodeFilter& filter, const Node& node) const {
  std::vector<CandidateFact> out;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(out),
               [&](const CandidateFact& one) { return filter.covers(*one.fact); });
  for (const Measure::Restriction& restriction : measure.sets) {
    bool in_set = restriction.keys.contains(unit);
    if (restriction.table != nullptr) {
      const NodeFilter members(question_.world, measure.indicator->rollup,
                               restriction.set->rule.time, period_.span, node);
      const KeptTable::Unit set = restriction.table->unit(unit);
      in_set = std::any_of(set.begin(), set.end(), [&](const auto& one) {
        return !one.left_out && members.covers(*one.fact);
      });
    }
    restrict_to(out, in_set ? std::set<std::string>{unit} : std::set<std::string>{},
                restriction.inside);
  }
  if (measure.superset != nullptr) {
    const auto whole = scope(*measure.superset, unit, measure.superset->own->unit(unit),
                             filter_of(*measure.superset, node), node);
    const bool counted = std::any_of(whole.begin(), whole.end(),
                                     [](const CandidateFact& one) { return !one.left_out; });
    restrict_to(out, counted ? std::set<std::string>{unit} : std::set<std::string>{});
  }
  return out;
}

Result<Figure> KeptFigures::unit_figure(const Measure& measure, const std::string& unit,
                                        const NodeFilter& filter, const Node& node) const {
  const KeptTable::Unit own = measure.own->unit(unit);
  // Shared achievements are told apart over the whole programme; the node then gets its part.
  auto facts = is_shared(*measure.indicator)
                   ? scope(measure, unit, own, filter_of(measure, Node()), Node())
                   : scope(measure, unit, own, filter, node);
  return figure_of_scope(question_, *measure.indicator, facts, filter);
}

KeptFigures::NodeTotal& KeptFigures::total_of(Measure& measure, const Node& node) {
  const auto known = measure.totals.find(node);
  return known != measure.totals.end()
             ? known->second
             : measure.totals
                   .emplace(node,
                            NodeTotal(filter_of(measure, node), measure.indicator->measure.kind))
                   .first->second;
}

void KeptFigures::count_unit(Measure& measure, const std::string& unit, bool add) {
  const KeptTable::Unit candidates = measure.own->unit(unit);
  const bool large =
      measure.own->facts_in(unit) >= kLargeUnit && KeptUnit::can_keep(*measure.indicator);
  measure.large.erase(unit);
  for (const Node& node : nodes_of(measure, candidates)) {
    NodeTotal& total = total_of(measure, node);
    const auto figure = unit_figure(measure, unit, total.filter, node);
    add ? total.total.add(figure) : total.total.take(figure);
    if (add && large) {
      KeptUnit& kept =
          measure.large[unit].emplace(node, KeptUnit(*measure.indicator)).first->second;
      for (const CandidateFact& one : scope(measure, unit, candidates, total.filter, node)) {
        kept.add(one);
      }
    }
  }
  count_claimants(measure, candidates, add);
}

void KeptFigures::count_in_large_unit(Measure& measure, const std::string& unit,
                                      const std::vector<CandidateFact>& candidates, bool add) {
  if (candidates.empty()) {
    return;
  }
  auto& large = measure.large.at(unit);
  for (const Node& node : nodes_of(measure, candidates)) {
    NodeTotal& total = total_of(measure, node);
    KeptUnit& kept = large.try_emplace(node, *measure.indicator).first->second;
    Figure before = kept.figure();
    Figure facts;
    for (const CandidateFact& one : scope(measure, unit, candidates, total.filter, node)) {
      add ? kept.add(one) : kept.take(one);
      tally(facts, one);
    }
    Figure after = kept.figure();
    // What the ladder says of them goes with the side on which they stand.
    Figure& with = add ? after : before;
    with.ladder = facts.ladder;
    with.excluded = facts.excluded;
    total.total.take(before);
    total.total.add(after);
  }
  count_claimants(measure, candidates, add);
}

void KeptFigures::count_claimants(Measure& measure, const std::vector<CandidateFact>& candidates,
                                  bool add) {
  const RollupRule& rollup = measure.indicator->rollup;
  const auto claim = [&](const std::string& org) {
    std::size_t& times = measure.claimants[org];
    times = add ? times + 1 : times - 1;
    if (times == 0) {
      measure.claimants.erase(org);
    }
  };
  for (const CandidateFact& one : candidates) {
    for (const std::string& claimant : claimants_of(rollup.attribute, *one.fact)) {
      claim(claimant);
    }
    if (rollup.credit == Credit::kDeclared) {
      for (const auto& [org, share] : shares_in(rollup.shares, *one.fact).value_or(Shares{})) {
        claim(org);
      }
    }
  }
}

void KeptFigures::add_dependents(const KeptTable& table, const std::string& unit,
                                 Concerned& out) const {
  const auto found = dependents_.find(&table);
  if (found != dependents_.end()) {
    for (Measure* measure : found->second) {
      const bool own = measure->own == &table;
      const auto [at, fresh] = out.emplace(std::make_pair(measure, unit), own);
      at->second = at->second && own;
    }
  }
}

void KeptFigures::fill(const std::vector<std::shared_ptr<const Fact>>& facts) {
  for (const auto& fact : facts) {
    const auto [held, fresh] = held_.emplace(fact->id, Held{fact, judge_.judge(*fact)});
    const bool undated = !fact->date && !fact->start && !directory_.history.empty();
    undatable_ += fresh && undated ? 1 : 0;
  }
  std::set<std::string> asking;
  for (const auto& [id, held] : held_) {
    for (const auto& table : tables_) {
      if (table->has_joins()) {
        table->change_partner(nullptr, &held.judged, asking);
      }
    }
  }
  for (const auto& [id, held] : held_) {
    for (const auto& table : tables_) {
      if (table->concerns(held.fact->type)) {
        table->replace(id, &held.judged, table->candidates(&held.judged));
      }
    }
  }
  for (const auto& [indicator, measure] : measures_) {
    for (const std::string& unit : measure->own->keys()) {
      count_unit(*measure, unit, true);
    }
  }
}

void KeptFigures::change(const std::shared_ptr<const Fact>& before,
                         const std::shared_ptr<const Fact>& after) {
  const std::string id = before ? before->id : after->id;
  std::optional<Held> old;
  if (const auto held = held_.find(id); held != held_.end()) {
    old = std::move(held->second);
    held_.erase(held);
  }
  const auto undatable = [&](const Fact& fact) {
    return !fact.date && !fact.start && !directory_.history.empty();
  };
  undatable_ -= old && undatable(*old->fact) ? 1 : 0;
  const EffectiveFact* now = nullptr;
  if (after) {
    now = &held_.emplace(id, Held{after, judge_.judge(*after)}).first->second.judged;
    undatable_ += undatable(*after) ? 1 : 0;
  }
  struct Replacement {
    KeptTable* table;
    std::string id;
    const EffectiveFact* fact;
    std::map<std::string, KeptTable::Unit> candidates;
  };
  std::vector<Replacement> replacements;
  Concerned concerned;
  for (const auto& table : tables_) {
    std::set<std::string> moved;
    if (table->has_joins()) {
      table->change_partner(old ? &old->judged : nullptr, now, moved);
    }
    if ((old && table->concerns(old->fact->type)) || (after && table->concerns(after->type))) {
      moved.insert(id);
    }
    for (const std::string& one : moved) {
      const auto held = held_.find(one);
      const EffectiveFact* fact = held == held_.end() ? nullptr : &held->second.judged;
      Replacement replacement{table.get(), one, fact, table->candidates(fact)};
      for (const std::string& unit : table->units_of(one)) {
        add_dependents(*table, unit, concerned);
      }
      for (const auto& [unit, candidates] : replacement.candidates) {
        add_dependents(*table, unit, concerned);
      }
      replacements.push_back(std::move(replacement));
    }
  }
  // In a large unit, where nothing but its own facts has changed, only these are counted.
  const auto alone = [&](const auto& one) {
    return one.second && one.first.first->large.contains(one.first.second);
  };
  std::vector<std::pair<Measure*, std::string>> large;
  for (const auto& one : concerned) {
    if (alone(one)) {
      large.push_back(one.first);
    } else {
      count_unit(*one.first.first, one.first.second, false);
    }
  }
  for (const auto& [measure, unit] : large) {
    std::vector<CandidateFact> gone;
    for (const Replacement& replacement : replacements) {
      if (replacement.table == measure->own) {
        const auto own = measure->own->of(unit, replacement.id);
        gone.insert(gone.end(), own.begin(), own.end());
      }
    }
    count_in_large_unit(*measure, unit, gone, false);
  }
  std::map<std::pair<Measure*, std::string>, std::vector<CandidateFact>> come;
  for (Replacement& replacement : replacements) {
    for (const auto& [measure, unit] : large) {
      const auto own = replacement.candidates.find(unit);
      if (replacement.table == measure->own && own != replacement.candidates.end()) {
        auto& list = come[{measure, unit}];
        list.insert(list.end(), own->second.begin(), own->second.end());
      }
    }
    replacement.table->replace(replacement.id, replacement.fact, std::move(replacement.candidates));
  }
  for (const auto& one : large) {
    count_in_large_unit(*one.first, one.second, come[one], true);
    if (one.first->own->facts_in(one.second) == 0) {
      one.first->large.erase(one.second);
    }
  }
  for (const auto& [one, own] : concerned) {
    if (std::find(large.begin(), large.end(), one) == large.end()) {
      count_unit(*one.first, one.second, true);
    }
  }
}

void KeptFigures::add_lists(const Measure& measure, const NodeFilter& filter, const Node& node,
                            Figure& out) {
  for (const std::string& unit : measure.own->keys()) {
    const auto one = unit_figure(measure, unit, filter, node);
    if (one) {
      out.counted_ids.insert(out.counted_ids.end(), one->counted_ids.begin(),
                             one->counted_ids.end());
      out.left_out_facts.insert(out.left_out_facts.end(), one->left_out_facts.begin(),
                                one->left_out_facts.end());
    }
  }
}

std::optional<Figure> KeptFigures::figure(const PackIndicator& indicator, const Node& node,
                                          bool lists) {
  const auto found = measures_.find(&indicator);
  if (found == measures_.end() || !is_sound(*found->second)) {
    return std::nullopt;
  }
  Measure& measure = *found->second;
  if (node && !groups_.contains(*node) && question_.world.groups.contains(*node)) {
    return std::nullopt;
  }
  const bool separate = indicator.rule.evidence.separate;
  const KeptTotal nothing(indicator.measure.kind);
  const auto total_of = [&](const Node& of) -> const KeptTotal& {
    const auto total = measure.totals.find(of);
    return total == measure.totals.end() ? nothing : total->second.total;
  };
  auto out = total_of(node).figure(separate);
  if (!out) {
    return std::nullopt;
  }
  if (is_shared(indicator)) {
    // Whether claims conflict is asked of the whole programme, whatever part the node has.
    const auto whole = total_of(Node()).figure(separate);
    if (!whole) {
      return std::nullopt;
    }
    out->conflicts = whole->conflicts;
  }
  if (lists) {
    add_lists(measure, filter_of(measure, node), node, *out);
  }
  return out;
}

std::optional<std::set<std::string>> KeptFigures::claimants(const PackIndicator& indicator) {
  const auto found = measures_.find(&indicator);
  if (found == measures_.end() || !is_sound(*found->second)) {
    return std::nullopt;
  }
  std::set<std::string> out;
  for (const auto& [org, times] : found->second->claimants) {
    out.insert(org);
  }
  return out;
}

}  // namespace hefu
