#include "ledger/view/contribution.h"

#include <algorithm>
#include <optional>
#include <set>

#include "ledger/programme/claim.h"
#include "ledger/programme/effective.h"
#include "ledger/programme/evaluate.h"
#include "ledger/programme/quantity.h"
#include "ledger/programme/selection.h"
#include "ledger/programme/shares.h"
#include "ledger/programme/time_window.h"

namespace hefu {

namespace {

using Claims = std::vector<const CandidateFact*>;

Error not_a_sum(const std::string& indicator) {
  return Error{Errc::kUnsupported,
               "indicator " + indicator + " is not the sum of what its units add",
               "counts, sums, stocks and person-days have aggregate trees; of a ratio, take its "
               "numerator and denominator"};
}

bool adds_up_from_units(const PackIndicator& indicator) {
  switch (indicator.measure.kind) {
    case MeasureKind::kCount:
    case MeasureKind::kSum:
    case MeasureKind::kStock:
    case MeasureKind::kPersonDays:
      return !indicator.from_directory;
    default:
      return false;
  }
}

Result<Fraction> value_of(const PackIndicator& indicator, const Claims& claims, DateSpan window) {
  const auto quantity = measure(indicator.measure.quantity, indicator.rule.time, claims, window);
  return quantity ? Result<Fraction>(quantity->value.value_or(Fraction()))
                  : Result<Fraction>(quantity.error());
}

const Fact& latest_of(const PackIndicator& indicator, const Claims& claims) {
  const Fact* latest = claims.front()->fact;
  for (const CandidateFact* one : claims) {
    latest = is_later(indicator.rule.time, *one->fact, *latest) ? one->fact : latest;
  }
  return *latest;
}

/// Who claims the unit, each with the facts it claims it by.
std::map<std::string, Claims> by_claimant(const PackIndicator& indicator, const Claims& claims) {
  static const FieldPath kLead = *FieldPath::parse("body.lead_org");
  std::map<std::string, Claims> out;
  if (indicator.rollup.credit == Credit::kLead) {
    const auto leads = claimants_of(kLead, latest_of(indicator, claims));
    if (leads.size() == 1) {
      out[leads.front()] = claims;
    }
    return out;
  }
  for (const CandidateFact* one : claims) {
    for (const std::string& claimant : claimants_of(indicator.rollup.attribute, *one->fact)) {
      out[claimant].push_back(one);
    }
  }
  return out;
}

Result<Contribution> contribution(const PackIndicator& indicator, const std::string& unit,
                                  const Claims& claims,
                                  const std::map<std::string, const Fact*>& counted,
                                  DateSpan window) {
  auto value = value_of(indicator, claims, window);
  if (!value) {
    return value.error();
  }
  Contribution out{unit, *value, {}, {}};
  auto claimants = by_claimant(indicator, claims);
  if (indicator.rollup.credit == Credit::kDeclared) {
    claimants.clear();
    const auto shares = shares_in(indicator.rollup.shares, latest_of(indicator, claims));
    for (const auto& [org, share] : shares.value_or(Shares{})) {
      const auto part = value->times(share);
      if (!part) {
        return part.error();
      }
      out.claims.emplace(org, *part);
    }
  }
  for (const auto& [claimant, own] : claimants) {
    Result<Fraction> credited = *value;
    if (indicator.rollup.credit == Credit::kRecompute) {
      credited = value_of(indicator, own, window);
    } else if (indicator.rollup.credit == Credit::kSplitEqual) {
      credited = value->divided_by(Fraction(static_cast<std::int64_t>(claimants.size())));
    }
    if (!credited) {
      return credited.error();
    }
    out.claims.emplace(claimant, *credited);
  }
  // Of elements of a list, the record they stand in, once.
  std::set<std::string> ids;
  for (const CandidateFact* one : claims) {
    ids.insert(one->fact->id);
  }
  for (const std::string& id : ids) {
    out.facts.push_back(counted.at(id));
  }
  return out;
}

/// What counts, as the measure reads it.
Result<std::vector<CandidateFact>> counted_facts(
    const PackIndicator& indicator, const std::map<std::string, const Fact*>& counted) {
  const bool by_person = indicator.measure.kind == MeasureKind::kPersonDays;
  std::vector<CandidateFact> out;
  for (const auto& [id, fact] : counted) {
    const auto key = tuple_of(
        by_person ? std::vector{*indicator.measure.quantity.person} : indicator.rule.key, *fact);
    if (!key) {
      return not_a_sum(indicator.id);
    }
    CandidateFact& one = out.emplace_back();
    one.fact = fact;
    one.key = *key;
  }
  const auto read = mark_unmeasurable(indicator.measure.quantity, out);
  return read ? Result<std::vector<CandidateFact>>(std::move(out))
              : Result<std::vector<CandidateFact>>(read.error());
}

/// The same where elements of lists count: a figure names only the records they stand in, so they
/// are selected again. What the evaluation does beyond that shows in the sum.
Result<std::vector<CandidateFact>> counted_elements(
    const Pack& pack, const World& world, const FactList& facts, const Period& period,
    const PackIndicator& indicator, const std::map<std::string, const Fact*>& counted) {
  const auto effective = EffectiveFacts::make(facts, world);
  if (!effective) {
    return effective.error();
  }
  const World then = world_on(world, period.span.last);
  auto selected = select({pack, then, *effective, period.span}, indicator.rule, indicator.narrow,
                         shape_of(indicator.measure.kind));
  const auto read = selected ? mark_unmeasurable(indicator.measure.quantity, *selected)
                             : Result<void>(selected.error());
  if (!read) {
    return read.error();
  }
  std::erase_if(*selected, [&](const CandidateFact& one) {
    return one.left_out || one.key.empty() || !counted.contains(one.fact->id) ||
           !is_measurable(indicator.measure.quantity, one);
  });
  if (indicator.measure.kind == MeasureKind::kPersonDays) {
    for (CandidateFact& one : *selected) {
      one.key = tuple_of({*indicator.measure.quantity.person}, *one.fact).value_or(one.key);
    }
  }
  return selected;
}

}  // namespace

Result<std::vector<Contribution>> contributions(const Pack& pack, const World& world,
                                                const FactList& facts, const Period& period,
                                                const std::string& indicator) {
  const PackIndicator* found = pack.find_indicator(indicator);
  if (found != nullptr && !adds_up_from_units(*found)) {
    return not_a_sum(indicator);  // without computing anything
  }
  const auto figures = evaluate(pack, world, facts, period);
  return figures ? contributions(pack, world, facts, period, *figures, indicator)
                 : Result<std::vector<Contribution>>(figures.error());
}

Result<std::vector<Contribution>> contributions(const Pack& pack, const World& world,
                                                const FactList& facts, const Period& period,
                                                std::span<const Figure> figures,
                                                const std::string& indicator_id) {
  const PackIndicator* indicator = pack.find_indicator(indicator_id);
  if (indicator == nullptr) {
    return Error{Errc::kNotFound, "the pack has no indicator " + indicator_id,
                 "`hefu figure show` lists them"};
  }
  if (!adds_up_from_units(*indicator)) {
    return not_a_sum(indicator_id);
  }
  const auto figure = std::find_if(figures.begin(), figures.end(), [&](const Figure& one) {
    return one.indicator == indicator_id;
  });
  HEFU_ASSERT(figure != figures.end());
  if (!figure->error.empty() || !figure->value) {
    return Error{Errc::kInvalid,
                 "indicator " + indicator_id + ": " +
                     (figure->error.empty() ? std::string("not applicable") : figure->error),
                 ""};
  }
  std::map<std::string, const Fact*> counted;  // by id, each once
  for (const Fact& fact : facts) {
    if (std::binary_search(figure->counted_ids.begin(), figure->counted_ids.end(), fact.id)) {
      counted.emplace(fact.id, &fact);
    }
  }
  const auto candidates = indicator->rule.each
                              ? counted_elements(pack, world, facts, period, *indicator, counted)
                              : counted_facts(*indicator, counted);
  if (!candidates) {
    return candidates.error();
  }
  std::map<std::string, Claims> units;
  for (const CandidateFact& one : *candidates) {
    units[one.key].push_back(&one);
  }
  const DateSpan window = window_of(indicator->rule.time, period.span, pack.valid);
  std::vector<Contribution> out;
  Fraction sum;
  for (const auto& [unit, claims] : units) {
    auto made = contribution(*indicator, unit, claims, counted, window);
    const auto more = made ? sum.plus(made->value) : Result<Fraction>(made.error());
    if (!more) {
      return more.error();
    }
    sum = *more;
    out.push_back(*std::move(made));
  }
  // Whatever the evaluation does beyond this, a tree is made only of what leads to its figure.
  if (sum != *figure->value) {
    return not_a_sum(indicator_id);
  }
  return out;
}

}  // namespace hefu
