#include "ledger/programme/expression_token.h"

#include <array>

namespace hefu {

namespace {

using Token = ExpressionToken;

constexpr std::int64_t kIntegerMax = (std::int64_t{1} << 53) - 1;  // what JSON can carry
constexpr std::array<std::string_view, 14> kSymbols{"==", "!=", "<=", ">=", "<", ">", "(",
                                                    ")",  "[",  "]",  ",",  "+", "-", "*"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_word(char c) {
  return is_word_start(c) || is_digit(c) || c == '.';
}

Error at_byte(std::string message, std::size_t at, std::string hint) {
  return {Errc::kInvalid, std::move(message) + " at byte " + std::to_string(at), std::move(hint)};
}

/// The run of characters from `at` that satisfy `accept`.
template <typename Accept>
std::string_view run(std::string_view text, std::size_t at, Accept accept) {
  std::size_t end = at;
  while (end < text.size() && accept(text[end])) {
    ++end;
  }
  return text.substr(at, end - at);
}

Result<Token> number_token(std::string_view text, std::size_t at) {
  std::string_view digits = run(text, at, is_digit);
  const std::size_t point = at + digits.size();
  const bool decimal = point + 1 < text.size() && text[point] == '.' && is_digit(text[point + 1]);
  if (decimal) {
    digits = text.substr(at, digits.size() + 1 + run(text, point + 1, is_digit).size());
  }
  auto number = Fraction::parse(digits);
  if (!number) {
    return at_byte(number.error().message, at, number.error().hint);
  }
  if (!decimal && *number > Fraction(kIntegerMax)) {
    return at_byte("integer beyond 2^53 - 1", at, "");
  }
  return Token{Token::Kind::kNumber, std::string(digits), *number, at};
}

Result<Token> text_token(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\'', at + 1);
  if (end == std::string_view::npos) {
    return at_byte("text without closing quote", at, "write texts as 'engineer'");
  }
  return Token{Token::Kind::kText, std::string(text.substr(at + 1, end - at - 1)), {}, at};
}

Result<Token> next_token(std::string_view text, std::size_t at) {
  if (is_digit(text[at])) {
    return number_token(text, at);
  }
  if (text[at] == '\'') {
    return text_token(text, at);
  }
  if (is_word_start(text[at])) {
    return Token{Token::Kind::kWord, std::string(run(text, at, is_word)), {}, at};
  }
  for (const std::string_view symbol : kSymbols) {
    if (text.substr(at).starts_with(symbol)) {
      return Token{Token::Kind::kSymbol, std::string(symbol), {}, at};
    }
  }
  return at_byte("unexpected character", at,
                 "conditions are made of paths, numbers, 'texts' and the operators of the format");
}

}  // namespace

Result<std::vector<ExpressionToken>> expression_tokens(std::string_view text) {
  std::vector<Token> out;
  std::size_t at = 0;
  while (true) {
    at += run(text, at, [](char c) { return c == ' ' || c == '\n' || c == '\t'; }).size();
    if (at == text.size()) {
      out.push_back(Token{Token::Kind::kEnd, "the end", {}, at});
      return out;
    }
    auto token = next_token(text, at);
    if (!token) {
      return token.error();
    }
    at += token->text.size() + (token->kind == Token::Kind::kText ? 2 : 0);
    out.push_back(*std::move(token));
  }
}

bool ExpressionCursor::take_if(ExpressionToken::Kind kind, std::string_view text) {
  const bool found = peek().kind == kind && peek().text == text;
  at_ += found ? 1 : 0;
  return found;
}

Error ExpressionCursor::unexpected(const std::string& wanted) const {
  return {Errc::kInvalid,
          "found " + peek().text + " where " + wanted + " should stand at byte " +
              std::to_string(peek().at),
          ""};
}

}  // namespace hefu
