#include "ledger/programme/kept_total.h"

#include <algorithm>
#include <bit>

namespace hefu {

namespace {

int bits_of(Uint128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  const auto low = static_cast<std::uint64_t>(value);
  return high != 0 ? 64 + static_cast<int>(std::bit_width(high))
                   : static_cast<int>(std::bit_width(low));
}

Uint128 magnitude(Int128 value) {
  return value < 0 ? Uint128{0} - static_cast<Uint128>(value) : static_cast<Uint128>(value);
}

Uint128 common_divisor(Uint128 a, Uint128 b) {
  while (b != 0) {
    a = std::exchange(b, a % b);
  }
  return a;
}

void count(std::size_t& number, std::size_t by, bool add) {
  number = add ? number + by : number - by;
}

}  // namespace

void RevocableSum::move(const Fraction& value, bool add) {
  largest_ = std::max(largest_, magnitude(value.num()));
  const auto den = static_cast<Uint128>(value.den());
  const Uint128 factor = den / common_divisor(denominator_, den);
  if (bits_of(denominator_) + bits_of(factor) > 100) {
    broken_ = true;
    return;
  }
  denominator_ *= factor;
  const auto sum = add ? sum_.plus(value) : sum_.minus(value);
  broken_ = broken_ || !sum;
  sum_ = sum ? *sum : sum_;
}

void RevocableSum::add(const Fraction& value) {
  ++count_;
  move(value, true);
}

void RevocableSum::take(const Fraction& value) {
  --count_;
  move(value, false);
}

bool RevocableSum::is_exact() const {
  // A partial sum is at most count times the largest, over the common denominator; a further
  // addition multiplies with another denominator before it reduces.
  return !broken_ && bits_of(count_) + bits_of(largest_) + 2 * bits_of(denominator_) < 124;
}

bool KeptTotal::is_summed() const {
  return kind_ == MeasureKind::kCount || kind_ == MeasureKind::kSum ||
         kind_ == MeasureKind::kStock || kind_ == MeasureKind::kPersonDays;
}

void KeptTotal::change(Column& column, const std::optional<Fraction>& value, bool add) {
  if (!value) {
    return;
  }
  if (is_summed()) {
    if (!value->is_zero()) {
      add ? column.sum.add(*value) : column.sum.take(*value);
    }
    return;
  }
  std::size_t& times = column.values[*value];
  count(times, 1, add);
  if (times == 0) {
    column.values.erase(*value);
  }
}

void KeptTotal::change(const Figure& unit, bool add) {
  change(value_, unit.value, add);
  change(separate_, unit.separate, add);
  count(units_, unit.units, add);
  count(conflicts_, unit.conflicts, add);
  count(ladder_.claimed, unit.ladder.claimed, add);
  count(ladder_.confirmed, unit.ladder.confirmed, add);
  count(ladder_.disputed, unit.ladder.disputed, add);
  count(ladder_.rejected, unit.ladder.rejected, add);
  count(ladder_.ended, unit.ladder.ended, add);
  for (std::size_t i = 0; i < ladder_.grades.size(); ++i) {
    count(ladder_.grades[i], unit.ladder.grades[i], add);
    count(ladder_.counted[i], unit.ladder.counted[i], add);
  }
  for (const auto& [reason, facts] : unit.excluded) {
    std::size_t& number = excluded_[reason];
    count(number, facts, add);
    if (number == 0) {
      excluded_.erase(reason);
    }
  }
}

void KeptTotal::add(const Result<Figure>& unit) {
  if (unit) {
    change(*unit, true);
  } else {
    ++errors_;
  }
}

void KeptTotal::take(const Result<Figure>& unit) {
  if (unit) {
    change(*unit, false);
  } else {
    --errors_;
  }
}

std::optional<Fraction> KeptTotal::value_of(const Column& column) const {
  if (is_summed()) {
    return column.sum.value();
  }
  if (column.values.empty()) {
    return kind_ == MeasureKind::kLongestRunMonths ? std::optional(Fraction()) : std::nullopt;
  }
  return kind_ == MeasureKind::kMin ? column.values.begin()->first : column.values.rbegin()->first;
}

std::optional<Figure> KeptTotal::figure(bool separate) const {
  if (errors_ > 0 || !value_.sum.is_exact() || !separate_.sum.is_exact()) {
    return std::nullopt;
  }
  Figure out;
  out.value = value_of(value_);
  if (separate) {
    out.separate = value_of(separate_);
  }
  out.units = units_;
  out.conflicts = conflicts_;
  out.ladder = ladder_;
  out.excluded = excluded_;
  return out;
}

}  // namespace hefu
