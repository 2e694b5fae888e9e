#include "ledger/programme/evaluation.h"

#include <algorithm>

#include "crypto/digest.h"
#include "ledger/programme/tally.h"
#include "ledger/programme/verdict.h"

namespace hefu {

namespace {

/// The directory has no evidence, dates or disputes: its entries count as they are.
std::vector<CandidateFact> directory_candidates(const std::vector<Fact>& directory,
                                                const std::vector<FieldPath>& key) {
  std::vector<CandidateFact> out;
  out.reserve(directory.size());
  for (const Fact& entry : directory) {
    out.push_back({&entry, Grade::kE0, std::nullopt, tuple_of(key, entry).value_or("")});
  }
  return out;
}

Result<std::vector<CandidateFact>> holding(std::vector<CandidateFact> candidates,
                                           const std::optional<Expression>& condition,
                                           const Question& question) {
  std::vector<CandidateFact> out;
  for (CandidateFact& one : candidates) {
    const auto holds = condition ? condition->holds({*one.fact, question.world, question.period})
                                 : Result<bool>(true);
    if (!holds) {
      return holds.error();
    }
    if (*holds) {
      out.push_back(std::move(one));
    }
  }
  return out;
}

/// A text's length as people count it.
std::size_t characters_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

std::vector<const CandidateFact*> counted_of(const std::vector<CandidateFact>& candidates) {
  std::vector<const CandidateFact*> out;
  for (const CandidateFact& one : candidates) {
    if (!one.left_out) {
      out.push_back(&one);
    }
  }
  return out;
}

void restrict_to(std::vector<CandidateFact>& candidates, const std::set<std::string>& keys) {
  for (CandidateFact& one : candidates) {
    if (!one.key.empty() && !keys.contains(one.key)) {
      one.left_out = LeftOut::kOutsideSet;
    }
  }
}

std::vector<const CandidateFact*> Evaluation::Selection::covered(const FieldPath& attribute,
                                                                 const NodeFilter& filter) {
  std::vector<const CandidateFact*> out;
  if (filter.is_whole()) {
    std::transform(all.begin(), all.end(), std::back_inserter(out),
                   [](const CandidateFact& one) { return &one; });
    return out;
  }
  const auto [place, fresh] = by_claimant.try_emplace(attribute.text());
  auto& claimed = place->second;
  for (std::size_t i = 0; fresh && i < all.size(); ++i) {
    for (const std::string& claimant : claimants_of(attribute, *all[i].fact)) {
      claimed[claimant].push_back(i);
    }
  }
  std::set<std::size_t> indexes;
  for (const auto& [claimant, own] : claimed) {
    if (!filter.asks_for_day()) {
      if (filter.has(claimant, *all[own.front()].fact)) {
        indexes.insert(own.begin(), own.end());
      }
      continue;
    }
    for (const std::size_t i : own) {
      if (filter.has(claimant, *all[i].fact)) {
        indexes.insert(i);
      }
    }
  }
  for (const std::size_t i : indexes) {
    out.push_back(&all[i]);
  }
  return out;
}

Evaluation::Evaluation(const Pack& pack, const World& world, const EffectiveFacts& facts,
                       Period period)
    : as_of_(world.history.empty()
                 ? nullptr
                 : std::make_unique<const World>(world_on(world, period.span.last))),
      question_{pack, as_of_ ? *as_of_ : world, facts, period.span},
      period_(std::move(period)) {}

const std::vector<Fact>& Evaluation::directory() {
  if (directory_.empty()) {
    for (const auto& [id, attributes] : question_.world.orgs) {
      Fact& entry = directory_.emplace_back();
      entry.id = entry.actor = entry.org = id;
      entry.type = "org";
    }
  }
  return directory_;
}

Result<Evaluation::Selection*> Evaluation::selected_set(const PackSet& set) {
  const auto known = selected_set_.find(set.id);
  if (known != selected_set_.end()) {
    return &known->second;
  }
  auto candidates =
      set.from_directory
          ? holding(directory_candidates(directory(), set.rule.key), set.rule.where, question_)
          : select(question_, set.rule, std::nullopt, TimeShape::kPoint);
  if (!candidates) {
    return candidates.error().during("set " + set.id);
  }
  return &(selected_set_[set.id] = Selection{*std::move(candidates), {}});
}

Result<Evaluation::Selection*> Evaluation::selected(const PackIndicator& indicator) {
  const auto known = selected_.find(indicator.id);
  if (known != selected_.end()) {
    return &known->second;
  }
  Result<Candidates> candidates;
  if (indicator.from_directory) {
    candidates = holding(directory_candidates(directory(), indicator.rule.key),
                         indicator.rule.where, question_);
    if (candidates) {
      candidates = holding(*std::move(candidates), indicator.narrow, question_);
    }
  } else {
    candidates =
        select(question_, indicator.rule, indicator.narrow, shape_of(indicator.measure.kind));
  }
  if (!candidates) {
    return candidates.error();
  }
  mark_unmeasurable(indicator.measure.quantity, *candidates);
  return &(selected_[indicator.id] = Selection{*std::move(candidates), {}});
}

Result<std::set<std::string>> Evaluation::set_keys(const PackSet& set, const RollupRule& rollup,
                                                   const Node& node) {
  auto candidates = selected_set(set);
  if (!candidates) {
    return candidates.error();
  }
  // A directory set is the same for every node: it lists who exists, not who claims.
  const NodeFilter filter(question_.world, rollup, set.rule.time, period_.span,
                          set.from_directory ? std::nullopt : node);
  std::set<std::string> out;
  for (const CandidateFact* one : (*candidates)->covered(rollup.attribute, filter)) {
    if (!one->left_out) {
      out.insert(one->key);
    }
  }
  return out;
}

Result<Evaluation::Candidates> Evaluation::in_scope(const PackIndicator& indicator,
                                                    const Node& node) {
  auto all = selected(indicator);
  if (!all) {
    return all.error();
  }
  const NodeFilter filter(question_.world, indicator.rollup, indicator.rule.time, period_.span,
                          node);
  Candidates out;
  for (const CandidateFact* one : (*all)->covered(indicator.rollup.attribute, filter)) {
    out.push_back(*one);
  }
  if (const PackSet* set = question_.pack.find_set(indicator.in_set)) {
    auto keys = set_keys(*set, indicator.rollup, node);
    if (!keys) {
      return keys.error();
    }
    restrict_to(out, *keys);
  }
  if (const PackIndicator* whole = question_.pack.find_indicator(indicator.subset_of)) {
    auto superset = in_scope(*whole, node);
    if (!superset) {
      return superset;
    }
    std::set<std::string> keys;
    for (const CandidateFact* one : counted_of(*superset)) {
      keys.insert(one->key);
    }
    restrict_to(out, keys);
  }
  return out;
}

Result<Figure> Evaluation::from_facts(const PackIndicator& indicator, const Node& node) {
  const bool shared = indicator.rollup.credit != Credit::kRecompute;
  // Shared achievements are told apart over the whole programme; the node then gets its part.
  auto scope = in_scope(indicator, shared ? Node() : node);
  if (!scope) {
    return scope.error();
  }
  const NodeFilter filter(question_.world, indicator.rollup, indicator.rule.time, period_.span,
                          node);
  const DateSpan window = window_of(indicator.rule.time, period_.span, question_.pack.valid);
  const auto measured = [&](const std::vector<const CandidateFact*>& facts) {
    const QuantityRule& rule = indicator.measure.quantity;
    return shared ? measure_shared(rule, indicator.rule.time, indicator.rollup, facts, filter)
                  : measure(rule, indicator.rule.time, facts, window);
  };
  auto quantity = measured(counted_of(*scope));
  if (!quantity) {
    return quantity.error();
  }
  Figure out;
  out.value = quantity->value;
  out.units = quantity->units;
  out.conflicts = quantity->conflicts;
  std::vector<const CandidateFact*> with_low;
  for (CandidateFact& one : *scope) {
    if (!one.left_out && quantity->conflict_keys.contains(one.key)) {
      one.left_out = LeftOut::kConflict;
    }
    if (!one.left_out || one.left_out == LeftOut::kLowEvidence) {
      with_low.push_back(&one);
    }
    if (!indicator.from_directory && filter.covers(*one.fact)) {
      tally(out, one);
    }
  }
  if (indicator.rule.evidence.separate) {
    std::erase_if(with_low, [&](const CandidateFact* one) {
      return one->key.empty() || (indicator.measure.quantity.value &&
                                  !number_in(indicator.measure.quantity.value, *one->fact));
    });
    auto separate = measured(with_low);
    if (!separate) {
      return separate.error();
    }
    out.separate = separate->value;
  }
  return out;
}

Result<Figure> Evaluation::from_ratio(const PackIndicator& indicator, const Node& node) {
  const Figure& num = figure(*question_.pack.find_indicator(indicator.measure.num), node);
  const Figure& den = figure(*question_.pack.find_indicator(indicator.measure.den), node);
  for (const Figure* part : {&num, &den}) {
    if (!part->error.empty()) {
      return Error{Errc::kInvalid, part->indicator + ": " + part->error, ""};
    }
  }
  Figure out;
  out.ladder = num.ladder;
  out.units = num.units;
  if (!num.value || !den.value) {
    return out;
  }
  out.parts.emplace(*num.value, *den.value);
  if (den.value->is_zero()) {
    out.value = indicator.measure.zero_den_is_zero ? std::optional(Fraction()) : std::nullopt;
    return out;
  }
  auto value = num.value->divided_by(*den.value);
  if (!value) {
    return value.error();
  }
  out.value = *value;
  return out;
}

Result<Figure> Evaluation::from_years(const PackIndicator& indicator, const Node& node) {
  const PackIndicator& of = *question_.pack.find_indicator(indicator.measure.of);
  Figure out;
  Fraction sum;
  std::int64_t years = 0;
  bool applicable = true;
  for (int year = indicator.measure.from_year; Period::of_year(year).span.last <= period_.span.last;
       ++year) {
    auto& evaluation = years_[year];
    if (!evaluation) {
      evaluation = std::make_unique<Evaluation>(question_.pack, question_.world, question_.facts,
                                                Period::of_year(year));
    }
    const Figure& one = evaluation->figure(of, node);
    if (!one.error.empty()) {
      return Error{Errc::kInvalid, of.id + " in " + std::to_string(year) + ": " + one.error, ""};
    }
    applicable = applicable && one.value.has_value();
    auto more = sum.plus(one.value.value_or(Fraction()));
    if (!more) {
      return more.error();
    }
    sum = *more;
    ++years;
    out.ladder.add(one.ladder);
    out.units += one.units;
    for (const auto& [reason, count] : one.excluded) {
      out.excluded[reason] += count;
    }
    out.counted_ids.insert(out.counted_ids.end(), one.counted_ids.begin(), one.counted_ids.end());
    out.left_out_facts.insert(out.left_out_facts.end(), one.left_out_facts.begin(),
                              one.left_out_facts.end());
  }
  if (applicable && years > 0) {
    auto mean = sum.divided_by(Fraction(years));
    if (!mean) {
      return mean.error();
    }
    out.value = *mean;
  }
  return out;
}

Result<Figure> Evaluation::from_narrative(const PackIndicator& indicator, const Node& node) {
  auto scope = in_scope(indicator, node);
  if (!scope) {
    return scope.error();
  }
  Figure out;
  const Fact* latest = nullptr;
  std::string_view text;
  for (CandidateFact& one : *scope) {
    const FieldView view = indicator.measure.quantity.value->read(*one.fact);
    const auto* words = std::get_if<std::string_view>(&view);
    if (!one.left_out && words == nullptr) {
      one.left_out = LeftOut::kNoValue;
    } else if (!one.left_out &&
               characters_in(*words) > static_cast<std::size_t>(indicator.measure.max_chars)) {
      one.left_out = LeftOut::kTooLong;
    }
    if (!one.left_out && (latest == nullptr || is_later(indicator.rule.time, *one.fact, *latest))) {
      latest = one.fact;
      text = *words;
    }
    tally(out, one);
  }
  if (latest != nullptr) {
    out.narrative = sha256(as_bytes(text)).hex();
    out.units = 1;
  }
  return out;
}

Result<Figure> Evaluation::compute(const PackIndicator& indicator, const Node& node) {
  switch (indicator.measure.kind) {
    case MeasureKind::kRatio:
      return from_ratio(indicator, node);
    case MeasureKind::kMeanPerYear:
      return from_years(indicator, node);
    case MeasureKind::kShare:
      return from_share(indicator, node);
    case MeasureKind::kAbsent:
      return from_absent(indicator, node);
    case MeasureKind::kNarrative:
      return from_narrative(indicator, node);
    default:
      return from_facts(indicator, node);
  }
}

const Figure& Evaluation::figure(const PackIndicator& indicator, const Node& node) {
  const auto known = figures_.find({indicator.id, node});
  if (known != figures_.end()) {
    return known->second;
  }
  auto computed = compute(indicator, node);
  Figure out;
  if (computed) {
    out = *std::move(computed);
  } else {
    out.error = computed.error().message;
  }
  close_tally(out);
  finish(out, indicator, period_);
  return figures_[{indicator.id, node}] = std::move(out);
}

std::set<std::string> Evaluation::claimants(const PackIndicator& indicator) {
  Result<Selection*> all = Error{};
  if (indicator.measure.share) {
    all = selected_set(*question_.pack.find_set(indicator.measure.share->population));
  } else if (!indicator.rule.key.empty()) {
    all = selected(indicator);
  }
  std::set<std::string> out;
  if (all) {
    for (const CandidateFact& one : (*all)->all) {
      const auto claimants = claimants_of(indicator.rollup.attribute, *one.fact);
      out.insert(claimants.begin(), claimants.end());
    }
  }
  return out;
}

}  // namespace hefu
