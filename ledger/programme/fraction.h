#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace hefu {

/// Signed 128-bit integer (GCC and Clang on 64-bit machines).
__extension__ typedef __int128 Int128;            // NOLINT(modernize-use-using)
__extension__ typedef unsigned __int128 Uint128;  // NOLINT(modernize-use-using)

/// Decimal digits of a 128-bit integer.
std::string decimal_text(Int128 value);

/// How a value is rounded for display. Never used in a comparison.
enum class Rounding : std::uint8_t {
  kHalfUp,    ///< half away from zero: the administrative 四舍五入
  kHalfEven,  ///< half to even
};

/// Most digits behind the point that may be displayed or read.
inline constexpr int kDecimalsMax = 9;

/// An exact fraction in lowest terms, denominator > 0. Every operation either gives the exact
/// result or the error kTooLarge; nothing wraps and nothing is rounded. Source: programme pack
/// format, determinism rules 1 and 2.
class Fraction {
 public:
  Fraction() = default;
  explicit Fraction(std::int64_t whole) : num_(whole) {}

  /// num/den in lowest terms; den = 0 is kInvalid.
  static Result<Fraction> make(Int128 num, Int128 den);

  /// Reads "-12", "312.50" or "30%" (= 3/10): optional minus, digits, at most nine decimals, an
  /// optional percent sign. kInvalid for anything else, kTooLarge beyond 30 digits.
  static Result<Fraction> parse(std::string_view text);

  [[nodiscard]] Int128 num() const { return num_; }
  [[nodiscard]] Int128 den() const { return den_; }
  [[nodiscard]] bool is_zero() const { return num_ == 0; }

  /// Exact comparison by cross multiplication in 256 bits.
  std::strong_ordering operator<=>(const Fraction& other) const;
  bool operator==(const Fraction& other) const = default;

  [[nodiscard]] Result<Fraction> plus(const Fraction& other) const;
  [[nodiscard]] Result<Fraction> minus(const Fraction& other) const;
  [[nodiscard]] Result<Fraction> times(const Fraction& other) const;
  /// kInvalid when `other` is zero.
  [[nodiscard]] Result<Fraction> divided_by(const Fraction& other) const;

  /// The value with exactly `decimals` digits behind the point (0 to kDecimalsMax).
  [[nodiscard]] Result<std::string> rounded(int decimals, Rounding rounding) const;

  /// "31/104", or "3" for a whole number.
  [[nodiscard]] std::string text() const;

 private:
  Int128 num_ = 0;
  Int128 den_ = 1;
};

/// How an indicator's exact value is printed.
struct FigureDisplay {
  std::string unit;         ///< appended without a space; "%" multiplies by 100 first
  int decimals = 0;         ///< digits behind the point
  std::int64_t divide = 1;  ///< e.g. 1000000 to print fen as 万元; at least 1
  Rounding rounding = Rounding::kHalfUp;
};

/// "33.3%", "14.75项/年", "4.0人月". kTooLarge when the digits do not fit 128 bits.
Result<std::string> shown(const Fraction& value, const FigureDisplay& display);

}  // namespace hefu
