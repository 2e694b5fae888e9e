#include <limits>

#include "ledger/event/event.h"

namespace hefu {

namespace {

constexpr std::size_t kScaleMax = 9;

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) {
    text.remove_prefix(1);
  }
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
  const bool point_without_digits = point != std::string_view::npos && fraction.empty();
  const bool leading_zero = whole.size() > 1 && whole.front() == '0';
  if (whole.empty() || leading_zero || point_without_digits || fraction.size() > kScaleMax) {
    return std::nullopt;
  }
  // Collected below zero: the smallest int64 has no positive counterpart.
  std::int64_t units = 0;
  for (const std::string_view part : {whole, fraction}) {
    for (const char c : part) {
      if (c < '0' || c > '9' || __builtin_mul_overflow(units, 10, &units) ||
          __builtin_sub_overflow(units, c - '0', &units)) {
        return std::nullopt;
      }
    }
  }
  if (!negative && __builtin_sub_overflow(0, units, &units)) {
    return std::nullopt;
  }
  std::size_t scale = fraction.size();
  while (scale > 0 && units % 10 == 0) {
    units /= 10;
    --scale;
  }
  return Decimal{units, static_cast<std::uint8_t>(scale)};
}

std::string Decimal::text() const {
  std::string digits = std::to_string(units);
  if (scale == 0) {
    return digits;
  }
  const bool negative = units < 0;
  if (negative) {
    digits.erase(0, 1);
  }
  if (digits.size() <= scale) {
    digits.insert(0, scale + 1 - digits.size(), '0');
  }
  digits.insert(digits.size() - scale, 1, '.');
  return negative ? "-" + digits : digits;
}

}  // namespace hefu
