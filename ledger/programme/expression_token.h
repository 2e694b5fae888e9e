#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/fraction.h"

namespace hefu {

/// One word of an expression.
struct ExpressionToken {
  enum class Kind : std::uint8_t { kWord, kNumber, kText, kSymbol, kEnd };
  Kind kind = Kind::kEnd;
  std::string text;  ///< a word with its dots, a symbol, or the contents of a quoted text
  Fraction number;
  std::size_t at = 0;  ///< byte offset in the expression
};

/// Splits an expression into words; the last one is kEnd. kInvalid for a character outside the
/// grammar, an unfinished text, an integer
/// beyond 2^53 - 1 or more than nine decimals.
Result<std::vector<ExpressionToken>> expression_tokens(std::string_view text);

}  // namespace hefu
