#include "ledger/programme/evaluation.h"

#include <algorithm>

#include "ledger/programme/shares.h"
#include "ledger/programme/tally.h"
#include "ledger/programme/verdict.h"

namespace hefu {

namespace {

/// Whether declared shares give the node a part of a fact that others claim.
bool has_share(const NodeFilter& filter, const RollupRule& rollup, const Fact& fact) {
  if (rollup.credit != Credit::kDeclared) {
    return false;
  }
  const auto shares = shares_in(rollup.shares, fact).value_or(Shares{});
  return std::any_of(shares.begin(), shares.end(), [&](const auto& one) {
    return !one.second.is_zero() && filter.has(one.first, fact);
  });
}

}  // namespace

Result<Figure> figure_of_scope(const Question& question, const PackIndicator& indicator,
                               std::vector<CandidateFact>& scope, const NodeFilter& filter) {
  const bool shared = indicator.rollup.credit != Credit::kRecompute;
  const DateSpan window = window_of(indicator.rule.time, question.period, question.pack.valid);
  const auto measured = [&](const std::vector<const CandidateFact*>& facts) {
    const QuantityRule& rule = indicator.measure.quantity;
    return shared ? measure_shared(rule, indicator.rule.time, indicator.rollup, facts, filter)
                  : measure(rule, indicator.rule.time, facts, window);
  };
  auto quantity = measured(counted_of(scope));
  if (!quantity) {
    return quantity.error();
  }
  Figure out;
  out.value = quantity->value;
  out.units = quantity->units;
  out.conflicts = quantity->conflicts;
  std::vector<const CandidateFact*> with_low;
  for (CandidateFact& one : scope) {
    if (!one.left_out && quantity->conflict_keys.contains(one.key)) {
      one.left_out = LeftOut::kConflict;
    }
    if (!one.left_out || one.left_out == LeftOut::kLowEvidence) {
      with_low.push_back(&one);
    }
    if (!indicator.from_directory &&
        (filter.covers(*one.fact) || has_share(filter, indicator.rollup, *one.fact))) {
      tally(out, one);
    }
  }
  if (indicator.rule.evidence.separate) {
    std::erase_if(with_low, [&](const CandidateFact* one) {
      return one->key.empty() || !is_measurable(indicator.measure.quantity, *one);
    });
    auto separate = measured(with_low);
    if (!separate) {
      return separate.error();
    }
    out.separate = separate->value;
  }
  return out;
}

Evaluation::Evaluation(const Pack& pack, const World& world, const EffectiveFacts& facts,
                       Period period, KeptSource* kept)
    : kept_(kept),
      as_of_(world.history.empty()
                 ? nullptr
                 : std::make_unique<const World>(world_on(world, period.span.last))),
      question_{pack, as_of_ ? *as_of_ : world, facts, period.span},
      period_(std::move(period)) {}

Result<Figure> Evaluation::from_facts(const PackIndicator& indicator, const Node& node) {
  const bool shared = indicator.rollup.credit != Credit::kRecompute;
  // Shared achievements are told apart over the whole programme; the node then gets its part.
  auto scope = in_scope(indicator, shared ? Node() : node);
  if (!scope) {
    return scope.error();
  }
  const NodeFilter filter(question_.world, indicator.rollup, indicator.rule.time, period_.span,
                          node);
  return figure_of_scope(question_, indicator, *scope, filter);
}

Evaluation& Evaluation::at(const Period& period) {
  if (period == period_) {
    return *this;
  }
  auto& evaluation = periods_[period.text];
  if (!evaluation) {
    evaluation =
        std::make_unique<Evaluation>(question_.pack, question_.world, question_.facts, period,
                                     kept_ == nullptr ? nullptr : kept_->at(period));
  }
  return *evaluation;
}

Result<Figure> Evaluation::compute(const PackIndicator& indicator, const Node& node) {
  if (kept_ != nullptr) {
    if (auto figure = kept_->figure(indicator, node)) {
      return *std::move(figure);
    }
  }
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
    case MeasureKind::kTotal:
      return from_total(indicator, node);
    case MeasureKind::kEarlier:
      return from_earlier(indicator, node);
    case MeasureKind::kPeriodsReaching:
      return from_periods(indicator, node);
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
  put_beside(out, indicator, period_, others_beside(indicator, node));
  return figures_[{indicator.id, node}] = std::move(out);
}

std::vector<OtherFigure> Evaluation::others_beside(const PackIndicator& indicator,
                                                   const Node& node) {
  std::vector<OtherFigure> out;
  if (const PackIndicator* of = question_.pack.find_indicator(indicator.baseline_of)) {
    if (auto period = Period::parse(indicator.baseline_of_period, question_.pack.valid)) {
      out.push_back({"baseline", *period, &at(*period).figure(*of, node), of});
    }
  }
  if (const PackIndicator* of = question_.pack.find_indicator(indicator.commitment_of)) {
    out.push_back({"commitment", period_, &figure(*of, node), of});
  }
  return out;
}

std::set<std::string> Evaluation::claimants(const PackIndicator& indicator) {
  if (kept_ != nullptr) {
    if (auto claimants = kept_->claimants(indicator)) {
      return *std::move(claimants);
    }
  }
  Result<Selection*> all = Error{};
  FieldPath attribute = indicator.rollup.attribute;
  if (indicator.measure.share) {
    const PackSet& set = *question_.pack.find_set(indicator.measure.share->population);
    attribute = rollup_for(set, indicator.rollup).attribute;
    all = selected_set(set);
  } else if (!indicator.rule.key.empty()) {
    all = selected(indicator);
  }
  std::set<std::string> out;
  if (all) {
    for (const CandidateFact& one : (*all)->all) {
      const auto claimants = claimants_of(attribute, *one.fact);
      out.insert(claimants.begin(), claimants.end());
      if (indicator.rollup.credit == Credit::kDeclared) {
        for (const auto& [org, share] :
             shares_in(indicator.rollup.shares, *one.fact).value_or(Shares{})) {
          out.insert(org);
        }
      }
    }
  }
  return out;
}

}  // namespace hefu
