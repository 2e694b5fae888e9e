#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
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

/// Where a parser stands in the words of an expression; never behind its end.
class ExpressionCursor {
 public:
  /// `tokens` end with kEnd.
  explicit ExpressionCursor(std::vector<ExpressionToken> tokens) : tokens_(std::move(tokens)) {}

  [[nodiscard]] const ExpressionToken& peek() const { return tokens_[at_]; }
  ExpressionToken take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }
  /// Takes the next word if it is this one.
  bool take_if(ExpressionToken::Kind kind, std::string_view text);
  /// kInvalid: the next word stands where `wanted` should.
  [[nodiscard]] Error unexpected(const std::string& wanted) const;

 private:
  std::vector<ExpressionToken> tokens_;
  std::size_t at_ = 0;
};

}  // namespace hefu
