// Figures made of other figures: ratio, mean_per_year, total, earlier and periods_reaching.
#include "ledger/programme/evaluation.h"
#include "ledger/programme/tally.h"

namespace hefu {

namespace {

Error part_error(const Figure& part, const std::string& where = "") {
  return {Errc::kInvalid, part.indicator + where + ": " + part.error, ""};
}

}  // namespace

Result<Figure> Evaluation::from_ratio(const PackIndicator& indicator, const Node& node) {
  const Figure& num = figure(*question_.pack.find_indicator(indicator.measure.num), node);
  Figure constant;
  constant.value = indicator.measure.den_constant;
  const Figure& den = constant.value
                          ? constant
                          : figure(*question_.pack.find_indicator(indicator.measure.den), node);
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
    const Figure& one = at(Period::of_year(year)).figure(of, node);
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
    add_evidence(out, one);
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

Result<Figure> Evaluation::from_total(const PackIndicator& indicator, const Node& node) {
  Figure out;
  out.value = Fraction();
  for (const bool add : {true, false}) {
    for (const std::string& id : add ? indicator.measure.plus : indicator.measure.minus) {
      const Figure& part = figure(*question_.pack.find_indicator(id), node);
      if (!part.error.empty()) {
        return part_error(part);
      }
      add_evidence(out, part);
      if (!part.value || !out.value) {
        out.value.reset();
        continue;
      }
      auto sum = add ? out.value->plus(*part.value) : out.value->minus(*part.value);
      if (!sum) {
        return sum.error();
      }
      out.value = *sum;
    }
  }
  return out;
}

Result<Figure> Evaluation::from_earlier(const PackIndicator& indicator, const Node& node) {
  Figure out;
  const auto before = period_.earlier(indicator.measure.periods);
  if (!before) {
    return out;
  }
  const Figure& of = at(*before).figure(*question_.pack.find_indicator(indicator.measure.of), node);
  if (!of.error.empty()) {
    return part_error(of, " in " + before->text);
  }
  out.value = of.value;
  out.parts = of.parts;
  out.unknown_members = of.unknown_members;
  add_evidence(out, of);
  return out;
}

Result<Figure> Evaluation::from_periods(const PackIndicator& indicator, const Node& node) {
  Figure out;
  const PackIndicator& of = *question_.pack.find_indicator(indicator.measure.of);
  std::int64_t reaching = 0;
  const auto parts = period_.parts(indicator.measure.part);
  for (const Period& part : parts) {
    const Figure& one = at(part).figure(of, node);
    if (!one.error.empty()) {
      return part_error(one, " in " + part.text);
    }
    reaching += one.value && indicator.measure.threshold.holds(*one.value) ? 1 : 0;
    add_evidence(out, one);
  }
  const auto count = static_cast<std::int64_t>(parts.size());
  out.units = parts.size();
  if (count > 0) {
    out.parts.emplace(Fraction(reaching), Fraction(count));
    out.value = *Fraction::make(reaching, count);
  }
  return out;
}

}  // namespace hefu
