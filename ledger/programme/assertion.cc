#include "ledger/programme/assertion.h"

#include <algorithm>
#include <array>
#include <utility>

#include "ledger/programme/expression.h"
#include "ledger/programme/expression_token.h"

namespace hefu {

namespace {

using Node = Formula::Node;
using Kind = Formula::Node::Kind;
using Term = Formula::Term;
using Token = ExpressionToken;

constexpr std::int64_t kEarlierMax = 100;

constexpr std::array<std::pair<std::string_view, Kind>, 6> kComparisons{{
    {"==", Kind::kEqual},
    {"!=", Kind::kUnequal},
    {"<=", Kind::kLessEqual},
    {">=", Kind::kGreaterEqual},
    {"<", Kind::kLess},
    {">", Kind::kGreater},
}};

/// A node already built; whether it is true or false, or a number.
struct Part {
  std::size_t node = 0;
  bool truth = false;
};

class Parser : private ExpressionCursor {
 public:
  explicit Parser(std::vector<Token> tokens) : ExpressionCursor(std::move(tokens)) {}

  Result<std::vector<Node>> parse() {
    auto whole = parse_or();
    if (!whole) {
      return whole.error();
    }
    if (peek().kind != Token::Kind::kEnd) {
      return unexpected("an operator or the end");
    }
    if (!whole->truth) {
      return Error{Errc::kInvalid, "a number, not a condition", "write a <= b"};
    }
    return std::move(nodes_);
  }

  std::vector<Term> terms() { return std::move(terms_); }

 private:
  Result<Part> add(Node node, bool truth) {
    if (nodes_.size() >= kExpressionNodesMax) {
      return Error{Errc::kTooLarge,
                   "more than " + std::to_string(kExpressionNodesMax) + " operations", ""};
    }
    nodes_.push_back(node);
    return Part{nodes_.size() - 1, truth};
  }

  Result<Part> join(Kind kind, const Part& left, const Part& right, bool wants_truth, bool truth,
                    std::size_t at) {
    if (left.truth != wants_truth || right.truth != wants_truth) {
      return Error{Errc::kInvalid,
                   std::string("needs ") + (wants_truth ? "conditions" : "numbers") +
                       " on both sides at byte " + std::to_string(at),
                   ""};
    }
    Node node;
    node.kind = kind;
    node.left = left.node;
    node.right = right.node;
    return add(node, truth);
  }

  using Rule = Result<Part> (Parser::*)();

  /// operand (word operand)* for and, or and the operators of arithmetic.
  Result<Part> parse_chain(Rule operand, Token::Kind sort,
                           std::initializer_list<std::pair<std::string_view, Kind>> operators,
                           bool truth) {
    auto left = (this->*operand)();
    while (left) {
      const auto* found = std::find_if(operators.begin(), operators.end(), [&](const auto& one) {
        return peek().kind == sort && peek().text == one.first;
      });
      if (found == operators.end()) {
        break;
      }
      const std::size_t at = take().at;
      auto right = (this->*operand)();
      left = right ? join(found->second, *left, *right, truth, truth, at) : right;
    }
    return left;
  }

  Result<Part> parse_or() {
    return parse_chain(&Parser::parse_and, Token::Kind::kWord, {{"or", Kind::kOr}}, true);
  }
  Result<Part> parse_and() {
    return parse_chain(&Parser::parse_not, Token::Kind::kWord, {{"and", Kind::kAnd}}, true);
  }
  Result<Part> parse_sum() {
    return parse_chain(&Parser::parse_product, Token::Kind::kSymbol,
                       {{"+", Kind::kAdd}, {"-", Kind::kSubtract}}, false);
  }
  Result<Part> parse_product() {
    return parse_chain(&Parser::parse_primary, Token::Kind::kSymbol, {{"*", Kind::kMultiply}},
                       false);
  }

  Result<Part> parse_not() {
    const std::size_t at = peek().at;
    if (!take_if(Token::Kind::kWord, "not")) {
      return parse_compare();
    }
    auto operand = nested(&Parser::parse_not);
    return operand ? join(Kind::kNot, *operand, *operand, true, true, at) : operand;
  }

  Result<Part> parse_compare() {
    auto left = parse_sum();
    if (!left) {
      return left;
    }
    const std::size_t at = peek().at;
    for (const auto& [symbol, kind] : kComparisons) {
      if (take_if(Token::Kind::kSymbol, symbol)) {
        auto right = parse_sum();
        return right ? join(kind, *left, *right, false, true, at) : right;
      }
    }
    return left;
  }

  Result<Part> nested(Rule rule) {
    if (depth_ >= kExpressionDepthMax) {
      return Error{Errc::kTooLarge,
                   "nested deeper than " + std::to_string(kExpressionDepthMax) + " levels", ""};
    }
    ++depth_;
    auto out = (this->*rule)();
    --depth_;
    return out;
  }

  Result<Part> parse_primary() {
    if (take_if(Token::Kind::kSymbol, "(")) {
      auto inner = nested(&Parser::parse_or);
      if (inner && !take_if(Token::Kind::kSymbol, ")")) {
        return unexpected(")");
      }
      return inner;
    }
    if (peek().kind == Token::Kind::kNumber) {
      Node node;
      node.number = take().number;
      return add(node, false);
    }
    if (peek().kind == Token::Kind::kText) {
      return add_term({Term::Kind::kFigure, take().text, 0});
    }
    if (peek().kind != Token::Kind::kWord) {
      return unexpected("a number or an indicator");
    }
    const Token word = take();
    return take_if(Token::Kind::kSymbol, "(") ? parse_call(word)
                                              : add_term({Term::Kind::kFigure, word.text, 0});
  }

  Result<Part> parse_call(const Token& word) {
    Term term;
    if (word.text == "children") {
      term.kind = Term::Kind::kChildren;
    } else if (word.text == "earlier") {
      term.kind = Term::Kind::kEarlier;
    } else {
      return Error{Errc::kInvalid,
                   "unknown function " + word.text + " at byte " + std::to_string(word.at),
                   "functions are children and earlier"};
    }
    if (peek().kind != Token::Kind::kWord && peek().kind != Token::Kind::kText) {
      return unexpected("an indicator");
    }
    term.indicator = take().text;
    if (term.kind == Term::Kind::kEarlier) {
      if (!take_if(Token::Kind::kSymbol, ",") || peek().kind != Token::Kind::kNumber ||
          peek().number.den() != 1 || peek().number < Fraction(1) ||
          peek().number > Fraction(kEarlierMax)) {
        return unexpected("a number of periods, as in earlier(x, 1),");
      }
      term.periods = static_cast<int>(take().number.num());
    }
    if (!take_if(Token::Kind::kSymbol, ")")) {
      return unexpected(")");
    }
    return add_term(std::move(term));
  }

  Result<Part> add_term(Term term) {
    Node node;
    node.kind = Kind::kTerm;
    node.term = terms_.size();
    terms_.push_back(std::move(term));
    return add(node, false);
  }

  int depth_ = 0;
  std::vector<Term> terms_;
  std::vector<Node> nodes_;
};

bool compare(Kind kind, const Fraction& left, const Fraction& right) {
  switch (kind) {
    case Kind::kEqual:
      return left == right;
    case Kind::kUnequal:
      return left != right;
    case Kind::kLess:
      return left < right;
    case Kind::kLessEqual:
      return left <= right;
    case Kind::kGreater:
      return left > right;
    default:
      return left >= right;
  }
}

/// A number, or 1 and 0 for true and false.
Result<Fraction> combine(Kind kind, const Fraction& left, const Fraction& right) {
  switch (kind) {
    case Kind::kAdd:
      return left.plus(right);
    case Kind::kSubtract:
      return left.minus(right);
    case Kind::kMultiply:
      return left.times(right);
    case Kind::kOr:
      return Fraction(left.is_zero() && right.is_zero() ? 0 : 1);
    case Kind::kAnd:
      return Fraction(left.is_zero() || right.is_zero() ? 0 : 1);
    case Kind::kNot:
      return Fraction(left.is_zero() ? 1 : 0);
    default:
      return Fraction(compare(kind, left, right) ? 1 : 0);
  }
}

}  // namespace

Result<Formula> Formula::parse(std::string_view text) {
  if (text.size() > kExpressionBytesMax) {
    return Error{Errc::kTooLarge,
                 "formula of more than " + std::to_string(kExpressionBytesMax) + " bytes", ""};
  }
  auto tokens = expression_tokens(text);
  if (!tokens) {
    return tokens.error();
  }
  Parser parser(*std::move(tokens));
  auto nodes = parser.parse();
  if (!nodes) {
    return nodes.error();
  }
  Formula out;
  out.text_ = std::string(text);
  out.nodes_ = *std::move(nodes);
  out.terms_ = parser.terms();
  return out;
}

Result<std::optional<bool>> Formula::holds(const Lookup& lookup) const {
  std::vector<Fraction> found;
  bool applicable = true;
  for (const Term& term : terms_) {
    auto value = lookup(term);
    if (!value) {
      return value.error();
    }
    applicable = applicable && value->has_value();
    found.push_back(value->value_or(Fraction()));
  }
  if (!applicable) {
    return std::optional<bool>();
  }
  std::vector<Fraction> values;
  values.reserve(nodes_.size());
  for (const Node& node : nodes_) {
    if (node.kind == Kind::kNumber || node.kind == Kind::kTerm) {
      values.push_back(node.kind == Kind::kNumber ? node.number : found[node.term]);
      continue;
    }
    auto value = combine(node.kind, values[node.left], values[node.right]);
    if (!value) {
      return value.error().during(text_);
    }
    values.push_back(*value);
  }
  return std::optional(!values.back().is_zero());
}

}  // namespace hefu
