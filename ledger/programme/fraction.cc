#include "ledger/programme/fraction.h"

#include <algorithm>
#include <array>
#include <optional>

namespace hefu {

namespace {

constexpr std::size_t kDigitsMax = 30;  // 10^30 < 2^127

Error overflow() {
  return {Errc::kTooLarge, "number beyond 128 bits", "check the amounts of the records counted"};
}

Uint128 magnitude(Int128 value) {
  return value < 0 ? Uint128{0} - static_cast<Uint128>(value) : static_cast<Uint128>(value);
}

Uint128 greatest_common_divisor(Uint128 a, Uint128 b) {
  while (b != 0) {
    a = std::exchange(b, a % b);
  }
  return a;
}

std::optional<Int128> product(Int128 a, Int128 b) {
  Int128 out = 0;
  return __builtin_mul_overflow(a, b, &out) ? std::nullopt : std::optional(out);
}

std::optional<Int128> sum(Int128 a, Int128 b) {
  Int128 out = 0;
  return __builtin_add_overflow(a, b, &out) ? std::nullopt : std::optional(out);
}

/// a·b in 256 bits: high half, low half.
std::array<Uint128, 2> wide_product(Uint128 a, Uint128 b) {
  constexpr Uint128 kLow = ~std::uint64_t{0};
  const Uint128 ll = (a & kLow) * (b & kLow);
  const Uint128 lh = (a & kLow) * (b >> 64);
  const Uint128 hl = (a >> 64) * (b & kLow);
  const Uint128 hh = (a >> 64) * (b >> 64);
  const Uint128 middle = (ll >> 64) + (lh & kLow) + (hl & kLow);
  return {hh + (lh >> 64) + (hl >> 64) + (middle >> 64), (middle << 64) | (ll & kLow)};
}

Int128 power_of_ten(int exponent) {
  Int128 out = 1;
  for (int i = 0; i < exponent; ++i) {
    out *= 10;
  }
  return out;
}

}  // namespace

std::string decimal_text(Int128 value) {
  Uint128 rest = magnitude(value);
  std::string digits;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  if (value < 0) {
    digits.push_back('-');
  }
  std::reverse(digits.begin(), digits.end());
  return digits;
}

Result<Fraction> Fraction::make(Int128 num, Int128 den) {
  if (den == 0) {
    return Error{Errc::kInvalid, "fraction with denominator zero", ""};
  }
  const Uint128 divisor = greatest_common_divisor(magnitude(num), magnitude(den));
  const Uint128 top = magnitude(num) / divisor;
  const Uint128 bottom = magnitude(den) / divisor;
  constexpr Uint128 kMax = ~Uint128{0} >> 1;
  if (top > kMax || bottom > kMax) {
    return overflow();
  }
  Fraction out;
  out.num_ = (num < 0) != (den < 0) ? -static_cast<Int128>(top) : static_cast<Int128>(top);
  out.den_ = static_cast<Int128>(bottom);
  return out;
}

Result<Fraction> Fraction::parse(std::string_view text) {
  const Error bad{Errc::kInvalid, "\"" + std::string(text.substr(0, 40)) + "\" is not a number",
                  "write 400, \"312.50\" or \"30%\""};
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  rest.remove_prefix(negative ? 1 : 0);
  const bool percent = rest.ends_with('%');
  rest.remove_suffix(percent ? 1 : 0);
  const std::size_t point = rest.find('.');
  const std::string_view whole = rest.substr(0, point);
  const std::string_view decimals =
      point == std::string_view::npos ? std::string_view() : rest.substr(point + 1);
  if (whole.empty() || (point != std::string_view::npos && decimals.empty()) ||
      decimals.size() > static_cast<std::size_t>(kDecimalsMax)) {
    return bad;
  }
  if (whole.size() + decimals.size() > kDigitsMax) {
    return Error{Errc::kTooLarge, "number of more than 30 digits", ""};
  }
  Int128 units = 0;
  for (const std::string_view part : {whole, decimals}) {
    for (const char c : part) {
      if (c < '0' || c > '9') {
        return bad;
      }
      units = units * 10 + (c - '0');
    }
  }
  const Int128 scale = power_of_ten(static_cast<int>(decimals.size())) * (percent ? 100 : 1);
  return make(negative ? -units : units, scale);
}

std::strong_ordering Fraction::operator<=>(const Fraction& other) const {
  if ((num_ < 0) != (other.num_ < 0)) {
    return num_ < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  const auto left = wide_product(magnitude(num_), static_cast<Uint128>(other.den_));
  const auto right = wide_product(magnitude(other.num_), static_cast<Uint128>(den_));
  return num_ < 0 ? right <=> left : left <=> right;
}

Result<Fraction> Fraction::plus(const Fraction& other) const {
  const auto divisor = static_cast<Int128>(
      greatest_common_divisor(static_cast<Uint128>(den_), static_cast<Uint128>(other.den_)));
  const auto left = product(num_, other.den_ / divisor);
  const auto right = product(other.num_, den_ / divisor);
  const auto den = product(den_, other.den_ / divisor);
  if (!left || !right || !den) {
    return overflow();
  }
  const auto num = sum(*left, *right);
  return num ? make(*num, *den) : Result<Fraction>(overflow());
}

Result<Fraction> Fraction::minus(const Fraction& other) const {
  Fraction negated = other;
  negated.num_ = -other.num_;  // |num| never exceeds 2^127 - 1
  return plus(negated);
}

Result<Fraction> Fraction::times(const Fraction& other) const {
  const auto cross = make(num_, other.den_);
  const auto back = make(other.num_, den_);
  if (!cross || !back) {
    return overflow();
  }
  const auto num = product(cross->num_, back->num_);
  const auto den = product(cross->den_, back->den_);
  return num && den ? make(*num, *den) : Result<Fraction>(overflow());
}

Result<Fraction> Fraction::divided_by(const Fraction& other) const {
  auto inverse = make(other.den_, other.num_);
  return inverse ? times(*inverse) : inverse;
}

Result<std::string> Fraction::rounded(int decimals, Rounding rounding) const {
  HEFU_ASSERT(decimals >= 0 && decimals <= kDecimalsMax);
  const auto scaled = times(*make(power_of_ten(decimals), 1));
  if (!scaled) {
    return scaled.error();
  }
  const Uint128 top = magnitude(scaled->num_);
  const auto bottom = static_cast<Uint128>(scaled->den_);
  Uint128 units = top / bottom;
  const Uint128 rest = top % bottom;
  const Uint128 missing = bottom - rest;  // compared instead of doubling, which could overflow
  const bool up =
      rest > missing || (rest == missing && (rounding == Rounding::kHalfUp || units % 2 == 1));
  units += up ? 1 : 0;
  std::string digits = decimal_text(static_cast<Int128>(units));
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) {
    digits.insert(0, places + 1 - digits.size(), '0');
  }
  if (places > 0) {
    digits.insert(digits.size() - places, ".");
  }
  return num_ < 0 && units != 0 ? "-" + digits : digits;
}

std::string Fraction::text() const {
  return den_ == 1 ? decimal_text(num_) : decimal_text(num_) + "/" + decimal_text(den_);
}

Result<std::string> shown(const Fraction& value, const FigureDisplay& display) {
  const Fraction factor(display.unit == "%" ? 100 : 1);
  const auto scaled = value.times(factor);
  if (!scaled) {
    return scaled.error();
  }
  const auto divided = scaled->divided_by(Fraction(display.divide));
  if (!divided) {
    return divided.error();
  }
  const auto digits = divided->rounded(display.decimals, display.rounding);
  return digits ? Result<std::string>(*digits + display.unit) : digits;
}

}  // namespace hefu
