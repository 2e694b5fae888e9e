#include "ledger/event/uscc.h"

#include <array>
#include <cstddef>
#include <utility>

namespace hefu {

namespace {

constexpr std::size_t kCodeLength = 18;
constexpr std::size_t kUnitLengthMax = 32;

// GB 32100-2015 table 1: the digits, then the letters without I, O, S, V and Z. A character's value
// is its place here.
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// GB 32100-2015 annex A: weight of place i is 3^i mod 31.
constexpr std::array<int, kCodeLength - 1> kWeights = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                                       29, 25, 13, 8,  24, 10, 30, 28};

bool is_unit_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
         c == '_';
}

// Foreign bytes never enter a message raw: they may be half a character or a control code.
std::string shown(char c) {
  if (c > ' ' && c < 0x7f) {
    return std::string("'") + c + "'";
  }
  return "a character that is not a letter or digit";
}

Error refused(std::string message, std::string hint) {
  return Error{Errc::kInvalid, std::move(message), std::move(hint)};
}

}  // namespace

char credit_code_check(std::string_view first17) {
  HEFU_ASSERT(first17.size() == kCodeLength - 1);
  int sum = 0;
  for (std::size_t i = 0; i < first17.size(); ++i) {
    const std::size_t value = kAlphabet.find(first17[i]);
    HEFU_ASSERT(value != std::string_view::npos);
    sum += static_cast<int>(value) * kWeights[i];
  }
  return kAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

Result<void> check_credit_code(std::string_view code) {
  if (code.size() != kCodeLength) {
    return refused("credit code has " + std::to_string(code.size()) + " bytes instead of 18",
                   "a unified social credit code has exactly 18 digits and capital letters");
  }
  for (std::size_t i = 0; i < code.size(); ++i) {
    if (kAlphabet.find(code[i]) == std::string_view::npos) {
      return refused("credit code: " + shown(code[i]) + " at place " + std::to_string(i + 1) +
                         " is not allowed",
                     "use 0-9 and A-Y without I, O, S, V and Z, in capitals");
    }
  }
  const char expected = credit_code_check(code.substr(0, kCodeLength - 1));
  if (code.back() != expected) {
    return refused(std::string("credit code ") + std::string(code) + ": check character is '" +
                       code.back() + "', should be '" + expected + "'",
                   "compare all 18 characters with the certificate; one of them is mistyped");
  }
  return {};
}

Result<void> check_party(std::string_view party) {
  const std::size_t slash = party.find('/');
  if (auto code = check_credit_code(party.substr(0, slash)); !code) {
    return code;
  }
  if (slash == std::string_view::npos) {
    return {};
  }
  const std::string_view unit = party.substr(slash + 1);
  if (unit.empty() || unit.size() > kUnitLengthMax) {
    return refused("unit after '/' has " + std::to_string(unit.size()) + " characters",
                   "a unit has 1 to 32 letters, digits, '-' or '_'");
  }
  for (const char c : unit) {
    if (!is_unit_character(c)) {
      return refused("unit after '/': " + shown(c) + " is not allowed",
                     "a unit has 1 to 32 letters, digits, '-' or '_'");
    }
  }
  return {};
}

std::string_view institution_of(std::string_view party) {
  return party.substr(0, party.find('/'));
}

}  // namespace hefu
