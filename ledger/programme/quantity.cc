#include "ledger/programme/quantity.h"

#include <algorithm>
#include <map>

#include "ledger/programme/person_time.h"
#include "ledger/programme/shares.h"

namespace hefu {

namespace {

using Facts = std::vector<const CandidateFact*>;

std::map<std::string, Facts> units_of(const Facts& facts) {
  std::map<std::string, Facts> out;
  for (const CandidateFact* one : facts) {
    out[one->key].push_back(one);
  }
  return out;
}

const CandidateFact& latest_of(const TimeRule& time, const Facts& facts) {
  const CandidateFact* out = facts.front();
  for (const CandidateFact* one : facts) {
    out = is_later(time, *one->fact, *out->fact) ? one : out;
  }
  return *out;
}

/// The one value several claims of a key stand for; nothing if the rule excludes the key.
Result<std::optional<Fraction>> agreed_value(const QuantityRule& rule, const std::string& key,
                                             const Facts& facts, Quantity& out) {
  std::set<Fraction> values;
  for (const CandidateFact* one : facts) {
    values.insert(*one->value);
  }
  if (values.size() > 1) {
    ++out.conflicts;
    if (rule.conflict == Conflict::kExclude) {
      out.conflict_keys.insert(key);
      return std::optional<Fraction>();
    }
    if (rule.conflict == Conflict::kError) {
      return Error{Errc::kConflict,
                   "different values are claimed for one achievement (record " +
                       facts.front()->fact->id + ")",
                   "correct one of the records"};
    }
  }
  return std::optional(*values.begin());
}

Result<std::optional<Fraction>> unit_value(const QuantityRule& rule, const TimeRule& time,
                                           const std::string& key, const Facts& facts,
                                           Quantity& out) {
  switch (rule.kind) {
    case MeasureKind::kSum:
      return agreed_value(rule, key, facts, out);
    case MeasureKind::kStock:
      return latest_of(time, facts).value;
    default:
      return std::optional(Fraction(1));
  }
}

Result<Quantity> add_units(const QuantityRule& rule, const TimeRule& time, const Facts& facts,
                           auto part_of) {
  Quantity out;
  out.value = Fraction();
  for (const auto& [key, claims] : units_of(facts)) {
    auto value = unit_value(rule, time, key, claims, out);
    if (!value) {
      return value.error();
    }
    const Result<Fraction> part = part_of(claims);
    if (!part) {
      return part.error();
    }
    if (!value->has_value() || part->is_zero()) {
      continue;
    }
    const auto credited = (*value)->times(*part);
    const auto sum = credited ? out.value->plus(*credited) : credited;
    if (!sum) {
      return sum.error();
    }
    out.value = *sum;
    ++out.units;
  }
  return out;
}

Quantity extreme(const QuantityRule& rule, const TimeRule& time, const Facts& facts) {
  Quantity out;
  out.units = units_of(facts).size();
  if (facts.empty()) {
    return out;
  }
  if (rule.kind == MeasureKind::kLatest) {
    out.value = latest_of(time, facts).value;
    return out;
  }
  for (const CandidateFact* one : facts) {
    const auto& value = one->value;
    const bool better =
        !out.value || (rule.kind == MeasureKind::kMin ? *value < *out.value : *value > *out.value);
    out.value = better ? value : out.value;
  }
  return out;
}

/// What the shares a fact declares give to the node.
Result<Fraction> declared_part(const RollupRule& rollup, const Fact& fact, const NodeFilter& node) {
  const auto shares = shares_in(rollup.shares, fact);
  Result<Fraction> out = Fraction();
  for (const auto& [org, share] : shares.value_or(Shares{})) {
    out = out && node.has(org, fact) ? out->plus(share) : out;
  }
  return out;
}

/// The part of a shared achievement that falls to the node.
Result<Fraction> credit_of(const RollupRule& rollup, const TimeRule& time, const Facts& claims,
                           const NodeFilter& node) {
  if (node.is_whole()) {
    return Fraction(1);
  }
  if (rollup.credit == Credit::kLead) {
    static const FieldPath kLead = *FieldPath::parse("body.lead_org");
    const Fact& latest = *latest_of(time, claims).fact;
    const auto leads = claimants_of(kLead, latest);
    return Fraction(leads.size() == 1 && node.has(leads.front(), latest) ? 1 : 0);
  }
  if (rollup.credit == Credit::kDeclared) {
    return declared_part(rollup, *latest_of(time, claims).fact, node);
  }
  std::map<std::string, bool> inside;
  for (const CandidateFact* one : claims) {
    for (const std::string& claimant : claimants_of(rollup.attribute, *one->fact)) {
      inside[claimant] = inside[claimant] || node.has(claimant, *one->fact);
    }
  }
  const auto ours =
      std::count_if(inside.begin(), inside.end(), [](const auto& one) { return one.second; });
  return inside.empty() ? Result<Fraction>(Fraction())
                        : Fraction::make(ours, static_cast<Int128>(inside.size()));
}

}  // namespace

TimeShape shape_of(MeasureKind kind) {
  return kind == MeasureKind::kPersonDays || kind == MeasureKind::kLongestRunMonths
             ? TimeShape::kInterval
             : TimeShape::kPoint;
}

std::optional<Fraction> number_in(const std::optional<FieldPath>& path, const Fact& fact) {
  const FieldView view = path ? path->read(fact) : FieldView();
  if (const auto* integer = std::get_if<std::int64_t>(&view)) {
    return Fraction(*integer);
  }
  const auto* text = std::get_if<std::string_view>(&view);
  auto parsed = text != nullptr ? Fraction::parse(*text) : Error{};
  return parsed ? std::optional(*parsed) : std::nullopt;
}

bool is_later(const TimeRule& time, const Fact& one, const Fact& other) {
  const auto first = business_date(time, one);
  const auto second = business_date(time, other);
  return first != second ? first > second : one.id > other.id;
}

bool is_measurable(const QuantityRule& rule, const CandidateFact& one) {
  const bool needs_number = rule.value && rule.kind != MeasureKind::kNarrative;
  const bool lacks_person =
      rule.person && (!tuple_of({*rule.person}, *one.fact) || !one.fact->start);
  return !(needs_number && !one.value) && !lacks_person;
}

namespace {

/// The value of a fact times its factors; nothing if one of them is missing.
Result<std::optional<Fraction>> value_of(const QuantityRule& rule, const Fact& fact) {
  std::optional<Fraction> out = number_in(rule.value, fact);
  for (const FieldPath& factor : rule.times) {
    const auto number = number_in(factor, fact);
    if (!out || !number) {
      return std::optional<Fraction>();
    }
    auto product = out->times(*number);
    if (!product) {
      return product.error().during("record " + fact.id);
    }
    out = *product;
  }
  return out;
}

}  // namespace

Result<void> mark_unmeasurable(const QuantityRule& rule, std::vector<CandidateFact>& candidates) {
  for (CandidateFact& one : candidates) {
    if (one.left_out && one.left_out != LeftOut::kLowEvidence) {
      continue;
    }
    if (rule.value && rule.kind != MeasureKind::kNarrative) {
      auto value = value_of(rule, *one.fact);
      if (!value) {
        return value.error();
      }
      one.value = *value;
    }
    if (!one.left_out && !is_measurable(rule, one)) {
      one.left_out = LeftOut::kNoValue;
    }
  }
  return {};
}

Result<Quantity> measure(const QuantityRule& rule, const TimeRule& time,
                         const std::vector<const CandidateFact*>& facts, DateSpan window) {
  switch (rule.kind) {
    case MeasureKind::kMin:
    case MeasureKind::kMax:
    case MeasureKind::kLatest:
      return extreme(rule, time, facts);
    case MeasureKind::kPersonDays:
    case MeasureKind::kLongestRunMonths:
      return measure_person_time(rule, facts, window);
    default:
      return add_units(rule, time, facts, [](const Facts&) { return Result(Fraction(1)); });
  }
}

Result<Quantity> measure_shared(const QuantityRule& rule, const TimeRule& time,
                                const RollupRule& rollup,
                                const std::vector<const CandidateFact*>& facts,
                                const NodeFilter& node) {
  return add_units(rule, time, facts,
                   [&](const Facts& claims) { return credit_of(rollup, time, claims, node); });
}

}  // namespace hefu
