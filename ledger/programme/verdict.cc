#include "ledger/programme/verdict.h"

#include <algorithm>
#include <utility>

namespace hefu {

namespace {

/// The value with everything unknown taken for good: a verdict that changes is not known yet.
Fraction best_case(const Figure& figure) {
  if (figure.unknown_members == 0 || !figure.parts) {
    return *figure.value;
  }
  const auto good =
      figure.parts->first.plus(Fraction(static_cast<std::int64_t>(figure.unknown_members)));
  const auto share = good ? good->divided_by(figure.parts->second) : good;
  return share ? *share : *figure.value;
}

TargetVerdict judge(const TargetRule& target, const Figure& figure,
                    const PackIndicator& indicator) {
  if (!figure.error.empty()) {
    return TargetVerdict::kUnknown;
  }
  if (!figure.value) {
    return TargetVerdict::kNotApplicable;
  }
  const Fraction divide(indicator.display.divide);
  const auto value = figure.value->divided_by(divide);
  const auto best = best_case(figure).divided_by(divide);
  if (!value || !best || is_met(target, *value) != is_met(target, *best)) {
    return TargetVerdict::kUnknown;
  }
  return is_met(target, *value) ? TargetVerdict::kMet : TargetVerdict::kNotMet;
}

std::optional<Fraction> attainment(const TargetRule& target, const Figure& figure,
                                   const PackIndicator& indicator) {
  const auto value = figure.value ? figure.value->divided_by(Fraction(indicator.display.divide))
                                  : Result<Fraction>(Error{});
  if (!value) {
    return std::nullopt;
  }
  Result<Fraction> out = Error{};
  switch (target.op) {
    case CompareOp::kGreater:
    case CompareOp::kGreaterEqual:
      out = value->divided_by(target.value);
      break;
    case CompareOp::kLess:
    case CompareOp::kLessEqual:
      out = target.value.divided_by(*value);
      break;
    case CompareOp::kEqual:
    case CompareOp::kUnequal:
    case CompareOp::kBetween:
      out = Fraction(is_met(target, *value) ? 1 : 0);
      break;
  }
  return out ? std::optional(*out) : std::nullopt;
}

std::string colour_of(const StatusRule& status, const std::vector<FigureTarget>& targets) {
  if (targets.empty() || targets.front().verdict == TargetVerdict::kNotApplicable ||
      targets.front().verdict == TargetVerdict::kUnknown) {
    return status.none;
  }
  const FigureTarget& first = targets.front();
  if (first.verdict == TargetVerdict::kMet && !first.attainment) {
    return status.steps.empty() ? status.none : status.steps.front().colour;
  }
  for (const StatusRule::Step& step : status.steps) {
    // "More than 200" at exactly 200 attains 100 % and is not met; it is not green.
    const bool too_good = first.verdict == TargetVerdict::kNotMet && step.attainment >= Fraction(1);
    if (first.attainment && !too_good &&
        (Threshold{step.op, step.attainment, {}}.holds(*first.attainment))) {
      return step.colour;
    }
  }
  return status.otherwise;
}

/// A number of the pack, which is already in displayed units, with all its decimals.
std::string shown_bound(const Fraction& value, const FigureDisplay& display) {
  const auto scaled = value.times(Fraction(display.unit == "%" ? 100 : 1));
  for (int decimals = 0; scaled && decimals <= kDecimalsMax; ++decimals) {
    const auto digits = scaled->rounded(decimals, Rounding::kHalfUp);
    const auto back = digits ? Fraction::parse(*digits) : scaled;
    if (digits && back && *back == *scaled) {
      return *digits + display.unit;
    }
  }
  return value.text() + display.unit;
}

/// The latest baseline that lies before the period's end.
const BaselineRule* baseline_for(const PackIndicator& indicator, const Period& period) {
  const BaselineRule* best = nullptr;
  Date best_end{};
  for (const BaselineRule& one : indicator.baseline) {
    const auto of = Period::parse(one.period);
    if (of && of->span.last <= period.span.last && (best == nullptr || of->span.last > best_end)) {
      best = &one;
      best_end = of->span.last;
    }
  }
  return best;
}

/// Children add up by definition: credit is divided, or no key can have two claimants.
bool is_additive(const PackIndicator& indicator) {
  const MeasureKind kind = indicator.measure.kind;
  if (kind != MeasureKind::kCount && kind != MeasureKind::kSum && kind != MeasureKind::kStock) {
    return false;
  }
  if (indicator.rollup.credit != Credit::kRecompute) {
    return true;
  }
  const FieldPath& attribute = indicator.rollup.attribute;
  const auto& key = indicator.rule.key;
  const bool own_key = std::find(key.begin(), key.end(), attribute) != key.end() ||
                       std::find(key.begin(), key.end(), *FieldPath::parse("id")) != key.end();
  return own_key && attribute.field() != FieldPath::Field::kBody;
}

}  // namespace

namespace {

FigureColumn column_of(const std::string& what, const Period& period, const Figure& figure,
                       const PackIndicator& indicator) {
  FigureColumn out{what, period.text, std::nullopt, figure.shown, ""};
  if (figure.value) {
    const auto value = figure.value->divided_by(Fraction(indicator.display.divide));
    out.value = value ? std::optional(*value) : std::nullopt;
  }
  return out;
}

}  // namespace

void put_beside(Figure& figure, const PackIndicator& indicator, const Period& period,
                const std::vector<OtherFigure>& others) {
  std::vector<FigureColumn> columns;
  if (const BaselineRule* baseline = baseline_for(indicator, period)) {
    columns.push_back({"baseline", baseline->period, baseline->value,
                       shown_bound(baseline->value, indicator.display), baseline->evidence});
  }
  for (const OtherFigure& other : others) {
    columns.push_back(column_of(other.what, other.period, *other.figure, *other.indicator));
  }
  for (const TargetRule& target : indicator.targets) {
    if (target.kind == "commitment" && applies(target, period)) {
      const Fraction& value = target.op == CompareOp::kBetween ? target.low : target.value;
      columns.push_back(
          {"commitment", period.text, value, target_text(target, indicator.display), ""});
    }
  }
  if (!columns.empty()) {
    columns.push_back(column_of("actual", period, figure, indicator));
    figure.beside = std::move(columns);
  }
}

bool Threshold::holds(const Fraction& value) const {
  switch (op) {
    case CompareOp::kEqual:
      return value == low;
    case CompareOp::kUnequal:
      return value != low;
    case CompareOp::kLess:
      return value < low;
    case CompareOp::kLessEqual:
      return value <= low;
    case CompareOp::kGreater:
      return value > low;
    case CompareOp::kGreaterEqual:
      return value >= low;
    case CompareOp::kBetween:
      return value >= low && value <= high;
  }
  return false;
}

bool is_each(std::string_view period) {
  return period == "each-year" || period == "each-half" || period == "each-quarter" ||
         period == "each-month";
}

bool applies(const TargetRule& target, const Period& period) {
  switch (period.kind) {
    case PeriodKind::kYear:
    case PeriodKind::kAcademicYear:
      return target.period == "each-year" || target.period == period.text;
    case PeriodKind::kHalf:
      return target.period == "each-half" || target.period == period.text;
    case PeriodKind::kQuarter:
      return target.period == "each-quarter" || target.period == period.text;
    case PeriodKind::kMonth:
      return target.period == "each-month" || target.period == period.text;
    case PeriodKind::kPlan:
      break;
  }
  return target.period == period.text;
}

bool is_met(const TargetRule& target, const Fraction& value) {
  if (target.op == CompareOp::kBetween) {
    return value >= target.low && (value <= target.high || target.over_is_met);
  }
  return Threshold{target.op, target.value, {}}.holds(value);
}

std::string target_text(const TargetRule& target, const FigureDisplay& display) {
  if (target.op == CompareOp::kBetween) {
    return shown_bound(target.low, display) + "–" + shown_bound(target.high, display);
  }
  return name(target.op) + shown_bound(target.value, display);
}

void finish(Figure& figure, const PackIndicator& indicator, const Period& period) {
  figure.indicator = indicator.id;
  figure.additive = is_additive(indicator);
  figure.shown = "—";
  if (figure.value) {
    auto text = shown(*figure.value, indicator.display);
    figure.shown = text ? *text : figure.value->text();
  }
  for (std::size_t i = 0; i < indicator.targets.size(); ++i) {
    const TargetRule& target = indicator.targets[i];
    if (applies(target, period)) {
      figure.targets.push_back({i, target_text(target, indicator.display), target.kind,
                                judge(target, figure, indicator),
                                attainment(target, figure, indicator)});
    }
  }
  figure.colour = colour_of(indicator.status, figure.targets);
  const auto low = figure.excluded.find(LeftOut::kLowEvidence);
  if (low != figure.excluded.end() && !figure.targets.empty()) {
    figure.pattern = indicator.status.low_evidence;
  }
  if (const BaselineRule* baseline = baseline_for(indicator, period)) {
    figure.baseline =
        shown_bound(baseline->value, indicator.display) + " (" + baseline->period + ")";
  }
  figure.small_cell = indicator.min_cell > 0 && figure.units > 0 &&
                      figure.units < static_cast<std::size_t>(indicator.min_cell);
}

}  // namespace hefu
