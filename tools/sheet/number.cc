#include "tools/sheet/number.h"

#include <algorithm>
#include <charconv>

#include "ledger/event/date.h"

namespace hefu::sheet {

namespace {

constexpr std::size_t kDigitsKept = 15;
constexpr std::size_t kTextMax = 64;
constexpr int kExponentMax = 40;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// digits · 10^exponent
struct Parts {
  std::string digits;
  int exponent = 0;
  bool negative = false;
};

std::optional<Parts> take_apart(std::string_view text) {
  Parts parts;
  if (text.empty() || text.size() > kTextMax) {
    return std::nullopt;
  }
  if (text[0] == '-' || text[0] == '+') {
    parts.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  bool point = false;
  std::size_t at = 0;
  for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !point)); ++at) {
    if (text[at] == '.') {
      point = true;
    } else {
      parts.digits += text[at];
      parts.exponent -= point ? 1 : 0;
    }
  }
  if (parts.digits.empty()) {
    return std::nullopt;
  }
  if (at < text.size()) {
    if (text[at] != 'e' && text[at] != 'E') {
      return std::nullopt;
    }
    std::string_view power = text.substr(at + 1);
    if (power.starts_with('+')) {
      power.remove_prefix(1);
    }
    int exponent = 0;
    const auto [end, error] = std::from_chars(power.data(), power.data() + power.size(), exponent);
    if (error != std::errc() || end != power.data() + power.size() || exponent > kExponentMax ||
        exponent < -kExponentMax * 10) {
      return std::nullopt;
    }
    parts.exponent += exponent;
  }
  return parts;
}

/// Rounds to the digits kept, half away from zero.
void round_off(Parts* parts) {
  std::string& digits = parts->digits;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  if (digits.size() > kDigitsKept) {
    const bool up = digits[kDigitsKept] >= '5';
    parts->exponent += static_cast<int>(digits.size() - kDigitsKept);
    digits.resize(kDigitsKept);
    if (up) {
      std::size_t at = digits.size();
      while (at > 0 && digits[at - 1] == '9') {
        digits[--at] = '0';
      }
      if (at == 0) {
        digits.insert(digits.begin(), '1');
      } else {
        ++digits[at - 1];
      }
    }
  }
  while (!digits.empty() && digits.back() == '0') {
    digits.pop_back();
    ++parts->exponent;
  }
}

}  // namespace

std::optional<std::string> plain_number(std::string_view text) {
  auto parts = take_apart(text);
  if (!parts) {
    return std::nullopt;
  }
  round_off(&*parts);
  if (parts->digits.empty()) {
    return "0";
  }
  const int whole = static_cast<int>(parts->digits.size()) + parts->exponent;
  if (whole > 18) {
    return std::nullopt;
  }
  std::string plain;
  if (parts->exponent >= 0) {
    plain = parts->digits + std::string(static_cast<std::size_t>(parts->exponent), '0');
  } else if (whole > 0) {
    plain = parts->digits;
    plain.insert(static_cast<std::size_t>(whole), 1, '.');
  } else {
    plain = "0." + std::string(static_cast<std::size_t>(-whole), '0') + parts->digits;
  }
  return (parts->negative ? "-" : "") + plain;
}

std::optional<std::string> serial_date(std::string_view number, bool since_1904) {
  const auto plain = plain_number(number);
  if (!plain) {
    return std::nullopt;
  }
  std::int32_t serial = 0;
  const auto [end, error] = std::from_chars(plain->data(), plain->data() + plain->size(), serial);
  if (error != std::errc() || (end != plain->data() + plain->size() && *end != '.')) {
    return std::nullopt;
  }
  // 1970-01-01 is day 25,569 of the one count and 24,107 of the other.
  constexpr std::int32_t kFirstSure = 61;
  if (!since_1904 && serial < kFirstSure) {
    return std::nullopt;
  }
  const std::string text = Date{serial - (since_1904 ? 24'107 : 25'569)}.text();
  return Date::parse(text) ? std::optional(text) : std::nullopt;
}

}  // namespace hefu::sheet
