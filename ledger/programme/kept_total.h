#pragma once

#include <cstddef>
#include <map>
#include <optional>

#include "ledger/programme/figure.h"
#include "ledger/programme/fraction.h"
#include "ledger/programme/pack.h"

namespace hefu {

/// A sum from which what was added can be taken away again. It knows whether adding the same
/// numbers one after another, in whatever order, would have stayed within 128 bits.
class RevocableSum {
 public:
  void add(const Fraction& value);
  void take(const Fraction& value);
  [[nodiscard]] const Fraction& value() const { return sum_; }
  /// False: take the sum from scratch, which may say that it is too large.
  [[nodiscard]] bool is_exact() const;

 private:
  void move(const Fraction& value, bool add);

  Fraction sum_;
  std::size_t count_ = 0;
  Uint128 largest_ = 0;      // of all numerators there ever were
  Uint128 denominator_ = 1;  // a multiple of all denominators there ever were
  bool broken_ = false;
};

/// One indicator's figure for one node, made of its units, without its lists of facts.
class KeptTotal {
 public:
  explicit KeptTotal(MeasureKind kind) : kind_(kind) {}

  /// Takes the figure of one unit, which may also be an error.
  void add(const Result<Figure>& unit);
  /// Takes away one that was added.
  void take(const Result<Figure>& unit);

  /// None if it has to be made from scratch: a unit is in error, or a number is near the limit.
  [[nodiscard]] std::optional<Figure> figure(bool separate) const;

 private:
  /// Values of which the least or the greatest counts.
  using Values = std::map<Fraction, std::size_t>;
  /// What a value, or the one with evidence that falls short, is made of.
  struct Column {
    RevocableSum sum;
    Values values;
  };
  void change(const Figure& unit, bool add);
  void change(Column& column, const std::optional<Fraction>& value, bool add);
  [[nodiscard]] std::optional<Fraction> value_of(const Column& column) const;
  [[nodiscard]] bool is_summed() const;

  MeasureKind kind_;
  Column value_;
  Column separate_;
  std::size_t units_ = 0;
  std::size_t conflicts_ = 0;
  std::size_t errors_ = 0;
  Ladder ladder_;
  std::map<LeftOut, std::size_t> excluded_;
};

}  // namespace hefu
