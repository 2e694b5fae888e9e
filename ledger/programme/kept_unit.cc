#include "ledger/programme/kept_unit.h"

#include "ledger/programme/quantity.h"
#include "ledger/programme/time_window.h"

namespace hefu {

bool KeptUnit::can_keep(const PackIndicator& indicator) {
  if (indicator.rollup.credit != Credit::kRecompute || !indicator.subset_of.empty()) {
    return false;
  }
  switch (indicator.measure.kind) {
    case MeasureKind::kCount:
    case MeasureKind::kMin:
    case MeasureKind::kMax:
      return true;
    case MeasureKind::kSum:
      return indicator.measure.quantity.conflict == Conflict::kMin;
    case MeasureKind::kStock:
      return !indicator.rule.each;
    default:
      return false;
  }
}

void KeptUnit::change(const CandidateFact& one, bool add) {
  if (one.key.empty()) {
    return;
  }
  if (!one.left_out) {
    change(counted_, one, add);
  }
  const bool low =
      one.left_out == LeftOut::kLowEvidence && is_measurable(indicator_->measure.quantity, one);
  if (indicator_->rule.evidence.separate && (!one.left_out || low)) {
    change(with_low_, one, add);
  }
}

void KeptUnit::change(Claims& claims, const CandidateFact& one, bool add) const {
  claims.count = add ? claims.count + 1 : claims.count - 1;
  if (indicator_->measure.kind == MeasureKind::kStock) {
    const auto place =
        std::make_pair(business_date(indicator_->rule.time, *one.fact), one.fact->id);
    if (add) {
      claims.dated.emplace(place, *one.value);
    } else {
      claims.dated.erase(place);
    }
  } else if (one.value) {
    std::size_t& times = claims.values[*one.value];
    times = add ? times + 1 : times - 1;
    if (times == 0) {
      claims.values.erase(*one.value);
    }
  }
}

Figure KeptUnit::figure_of(const Claims& claims) const {
  Figure out;
  const bool any = claims.count > 0;
  out.units = any ? 1 : 0;
  switch (indicator_->measure.kind) {
    case MeasureKind::kMin:
    case MeasureKind::kMax:
      if (any) {
        out.value = indicator_->measure.kind == MeasureKind::kMin ? claims.values.begin()->first
                                                                  : claims.values.rbegin()->first;
      }
      break;
    case MeasureKind::kStock:
      out.value = any ? claims.dated.rbegin()->second : Fraction();
      break;
    case MeasureKind::kSum:
      out.conflicts = claims.values.size() > 1 ? 1 : 0;
      out.value = any ? claims.values.begin()->first : Fraction();
      break;
    default:
      out.value = Fraction(any ? 1 : 0);
      break;
  }
  return out;
}

Figure KeptUnit::figure() const {
  Figure out = figure_of(counted_);
  if (indicator_->rule.evidence.separate) {
    out.separate = figure_of(with_low_).value;
  }
  return out;
}

}  // namespace hefu
