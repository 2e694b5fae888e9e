// The parser and type checker of expressions. Control flow of every rule is the grammar's.
#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "ledger/programme/expression.h"
#include "ledger/programme/expression_function.h"
#include "ledger/programme/expression_token.h"

namespace hefu {

namespace {

using Node = Expression::Node;
using Kind = Expression::Node::Kind;
using Token = ExpressionToken;
using Type = ExpressionType;
using Function = ExpressionFunction;

/// A node already built, and its type.
struct Part {
  std::size_t node = 0;
  Type type = Type::kAny;
};

constexpr std::array<std::pair<std::string_view, Kind>, 6> kComparisons{{
    {"==", Kind::kEqual},
    {"!=", Kind::kUnequal},
    {"<=", Kind::kLessEqual},
    {">=", Kind::kGreaterEqual},
    {"<", Kind::kLess},
    {">", Kind::kGreater},
}};

class Parser : private ExpressionCursor {
 public:
  Parser(std::vector<Token> tokens, ExpressionSubject subject)
      : ExpressionCursor(std::move(tokens)), subject_(subject) {}

  Result<std::vector<Node>> parse() {
    auto whole = parse_or();
    if (!whole) {
      return whole.error();
    }
    if (peek().kind != Token::Kind::kEnd) {
      return unexpected("an operator or the end");
    }
    if (auto fine = require(*whole, Type::kBool, 0); !fine) {
      return fine.error();
    }
    return std::move(nodes_);
  }

 private:
  Error error_at(std::size_t at, std::string message, std::string hint = "") const {
    return {Errc::kInvalid, std::move(message) + " at byte " + std::to_string(at), std::move(hint)};
  }

  static Node node_of(Kind kind, std::vector<std::size_t> operands = {}) {
    Node out;
    out.kind = kind;
    out.operands = std::move(operands);
    return out;
  }

  Result<Part> add(Node node, Type type) {
    if (nodes_.size() >= kExpressionNodesMax) {
      return Error{Errc::kTooLarge,
                   "more than " + std::to_string(kExpressionNodesMax) + " operations", ""};
    }
    nodes_.push_back(std::move(node));
    return Part{nodes_.size() - 1, type};
  }

  /// A part may stand where `type` is wanted if it is of that type or not known yet. Text may stand
  /// for a date, but a literal must then be one.
  Result<void> require(const Part& part, Type type, std::size_t at) const {
    if (type == Type::kAny || part.type == Type::kAny || part.type == type) {
      return {};
    }
    const Node& node = nodes_[part.node];
    if (type == Type::kDate && part.type == Type::kText &&
        (node.kind != Kind::kText || Date::parse(node.text))) {
      return {};
    }
    return error_at(at, std::string("needs ") + name(type) + ", has " + name(part.type));
  }

  using Rule = Result<Part> (Parser::*)();

  /// operand (word operand)* for the two boolean connectives.
  Result<Part> parse_chain(Rule operand, std::string_view word, Kind kind) {
    auto left = (this->*operand)();
    while (left && peek().kind == Token::Kind::kWord && peek().text == word) {
      const std::size_t at = take().at;
      auto right = (this->*operand)();
      if (!right) {
        return right;
      }
      for (const Part& part : {*left, *right}) {
        if (auto fine = require(part, Type::kBool, at); !fine) {
          return fine.error();
        }
      }
      left = add(node_of(kind, {left->node, right->node}), Type::kBool);
    }
    return left;
  }

  Result<Part> parse_or() { return parse_chain(&Parser::parse_and, "or", Kind::kOr); }
  Result<Part> parse_and() { return parse_chain(&Parser::parse_not, "and", Kind::kAnd); }

  Result<Part> parse_not() {
    const std::size_t at = peek().at;
    if (!take_if(Token::Kind::kWord, "not")) {
      return parse_compare();
    }
    auto operand = nested(&Parser::parse_not);
    if (!operand) {
      return operand;
    }
    if (auto fine = require(*operand, Type::kBool, at); !fine) {
      return fine.error();
    }
    return add(node_of(Kind::kNot, {operand->node}), Type::kBool);
  }

  /// Runs a rule one level deeper.
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

  Result<Part> parse_compare() {
    auto left = parse_sum();
    if (!left) {
      return left;
    }
    const std::size_t at = peek().at;
    if (take_if(Token::Kind::kWord, "in")) {
      return peek().text == "[" ? parse_list(*left, at) : parse_contains(*left, at);
    }
    for (const auto& [symbol, kind] : kComparisons) {
      if (take_if(Token::Kind::kSymbol, symbol)) {
        auto right = parse_sum();
        return right ? compare(kind, *left, *right, at) : right;
      }
    }
    return left;
  }

  Result<Part> compare(Kind kind, const Part& left, const Part& right, std::size_t at) {
    const bool dates = left.type == Type::kDate || right.type == Type::kDate;
    const Type common = dates ? Type::kDate : left.type == Type::kAny ? right.type : left.type;
    for (const Part& part : {left, right}) {
      if (auto fine = require(part, common, at); !fine) {
        return fine.error();
      }
    }
    if (common == Type::kBool && kind != Kind::kEqual && kind != Kind::kUnequal) {
      return error_at(at, "conditions have no order");
    }
    return add(node_of(kind, {left.node, right.node}), Type::kBool);
  }

  /// 'text' in body.list
  Result<Part> parse_contains(const Part& left, std::size_t at) {
    auto list = parse_primary();
    if (!list) {
      return list;
    }
    if (!may_hold_list(*list)) {
      return error_at(at, "what follows in is no list", "write x in ['a','b'] or 'a' in body.tags");
    }
    return add(node_of(Kind::kContains, {left.node, list->node}), Type::kBool);
  }

  /// A body field, an attribute or an item.
  bool may_hold_list(const Part& part) const {
    const Kind kind = nodes_[part.node].kind;
    return part.type == Type::kAny && (kind == Kind::kField || kind == Kind::kJoinedField ||
                                       kind == Kind::kItem || kind == Kind::kAttr);
  }

  Result<Part> parse_list(const Part& left, std::size_t at) {
    take();  // the bracket
    Node node = node_of(Kind::kIn, {left.node});
    do {
      auto element = parse_literal();
      if (!element) {
        return element;
      }
      if (auto fine = require(*element, left.type, at); !fine) {
        return fine.error();
      }
      node.operands.push_back(element->node);
    } while (take_if(Token::Kind::kSymbol, ","));
    if (!take_if(Token::Kind::kSymbol, "]")) {
      return unexpected("]");
    }
    return add(std::move(node), Type::kBool);
  }

  Result<Part> parse_literal() {
    const bool negative = take_if(Token::Kind::kSymbol, "-");
    if (peek().kind == Token::Kind::kNumber) {
      Node node = node_of(Kind::kNumber);
      const auto number = Fraction().minus(peek().number);
      node.number = negative && number ? *number : peek().number;
      take();
      return add(std::move(node), Type::kNumber);
    }
    if (!negative && peek().kind == Token::Kind::kText) {
      Node node = node_of(Kind::kText);
      node.text = take().text;
      return add(std::move(node), Type::kText);
    }
    return unexpected("a number or a 'text'");
  }

  /// operand (symbol operand)* for the operators of arithmetic.
  Result<Part> parse_arithmetic(Rule operand,
                                std::span<const std::pair<std::string_view, Kind>> operators) {
    auto left = (this->*operand)();
    while (left) {
      const auto found = std::find_if(operators.begin(), operators.end(), [&](const auto& one) {
        return peek().kind == Token::Kind::kSymbol && peek().text == one.first;
      });
      if (found == operators.end()) {
        break;
      }
      const std::size_t at = take().at;
      auto right = (this->*operand)();
      if (!right) {
        return right;
      }
      for (const Part& part : {*left, *right}) {
        if (auto fine = require(part, Type::kNumber, at); !fine) {
          return fine.error();
        }
      }
      left = add(node_of(found->second, {left->node, right->node}), Type::kNumber);
    }
    return left;
  }

  Result<Part> parse_sum() {
    static constexpr std::array<std::pair<std::string_view, Kind>, 2> kOperators{
        {{"+", Kind::kAdd}, {"-", Kind::kSubtract}}};
    return parse_arithmetic(&Parser::parse_product, kOperators);
  }

  Result<Part> parse_product() {
    static constexpr std::array<std::pair<std::string_view, Kind>, 1> kOperators{
        {{"*", Kind::kMultiply}}};
    return parse_arithmetic(&Parser::parse_primary, kOperators);
  }

  Result<Part> parse_primary() {
    if (take_if(Token::Kind::kSymbol, "(")) {
      auto inner = nested(&Parser::parse_or);
      if (inner && !take_if(Token::Kind::kSymbol, ")")) {
        return unexpected(")");
      }
      return inner;
    }
    if (peek().kind == Token::Kind::kWord) {
      return parse_word();
    }
    return parse_literal();
  }

  Result<Part> parse_word() {
    const Token word = take();
    if (word.text == "period_start") {
      return add(node_of(Kind::kPeriodStart), Type::kDate);
    }
    if (word.text == "period_end") {
      return add(node_of(Kind::kPeriodEnd), Type::kDate);
    }
    if (take_if(Token::Kind::kSymbol, "(")) {
      return parse_call(word);
    }
    return parse_path(word);
  }

  Result<Part> parse_item(const Token& word, std::size_t part) {
    Node node = node_of(Kind::kItem);
    node.part = part;
    if (over_list_ == 0) {
      if (subject_ != ExpressionSubject::kElement) {
        return error_at(word.at, "there is no item here",
                        "item stands in any(), all() and count(), and where `each` names a list");
      }
      node.kind = Kind::kField;
      node.path = *FieldPath::parse(word.text);
    }
    return add(std::move(node), Type::kAny);
  }

  Result<Part> parse_path(const Token& word) {
    if (const auto part = item_part(word.text)) {
      return parse_item(word, *part);
    }
    constexpr std::string_view kJoined = "joined.";
    const bool joined =
        subject_ == ExpressionSubject::kPair && std::string_view(word.text).starts_with(kJoined);
    const auto path =
        FieldPath::parse(std::string_view(word.text).substr(joined ? kJoined.size() : 0));
    if (!path) {
      return error_at(word.at, word.text + " is no field",
                      "fields are id, type, actor, org, counterparty, registry, date, start, end, "
                      "recorded and body.<name>; texts stand in single quotes");
    }
    if (subject_ == ExpressionSubject::kOrganisation && path->field() != FieldPath::Field::kOrg) {
      return error_at(word.at, word.text + " is no field of an organisation",
                      "use org and attr(org,'name')");
    }
    const Type type = path->names_date()                         ? Type::kDate
                      : path->field() == FieldPath::Field::kBody ? Type::kAny
                                                                 : Type::kText;
    Node node = node_of(joined ? Kind::kJoinedField : Kind::kField);
    node.path = *path;
    return add(std::move(node), type);
  }

  Result<Part> parse_call(const Token& word) {
    const auto* function = expression_function(word.text);
    if (function == nullptr) {
      return error_at(word.at, "unknown function " + word.text,
                      "functions are attr, in_group, days, full_years, add_years, has, any, all "
                      "and count");
    }
    Node node = node_of(function->kind);
    const bool over_list = function->kind == Kind::kAny || function->kind == Kind::kAll ||
                           function->kind == Kind::kCount;
    for (std::size_t i = 0; i < function->arity; ++i) {
      if (i == 1 && function->kind == Kind::kCount && peek().text == ")") {
        break;
      }
      if (i > 0 && !take_if(Token::Kind::kSymbol, ",")) {
        return unexpected("a comma, as in " + std::string(function->usage));
      }
      over_list_ += over_list && i == 1 ? 1 : 0;
      auto argument = nested(&Parser::parse_or);
      over_list_ -= over_list && i == 1 ? 1 : 0;
      if (!argument) {
        return argument;
      }
      if (over_list && i == 0 && !may_hold_list(*argument)) {
        return error_at(word.at, word.text + " looks into a list", std::string(function->usage));
      }
      if (auto fine = require(*argument, function->parameters[i], word.at); !fine) {
        return fine.error().during(std::string(function->usage));
      }
      node.operands.push_back(argument->node);
    }
    if (!take_if(Token::Kind::kSymbol, ")")) {
      return unexpected(") to end " + std::string(function->usage));
    }
    const Kind last = nodes_[node.operands.back()].kind;
    if ((function->kind == Kind::kAttr && last != Kind::kText) ||
        (function->kind == Kind::kHas && last != Kind::kField && last != Kind::kItem &&
         last != Kind::kJoinedField)) {
      return error_at(word.at, word.text + " takes a name, not a computation",
                      std::string(function->usage));
    }
    return add(std::move(node), function->result);
  }

  ExpressionSubject subject_;
  int depth_ = 0;
  int over_list_ = 0;  // conditions of any, all and count around the word being read
  std::vector<Node> nodes_;
};

}  // namespace

Result<Expression> Expression::parse(std::string_view text, ExpressionSubject subject) {
  if (text.size() > kExpressionBytesMax) {
    return Error{Errc::kTooLarge,
                 "condition of more than " + std::to_string(kExpressionBytesMax) + " bytes", ""};
  }
  auto tokens = expression_tokens(text);
  if (!tokens) {
    return tokens.error();
  }
  auto nodes = Parser(*std::move(tokens), subject).parse();
  if (!nodes) {
    return nodes.error();
  }
  Expression out;
  out.text_ = std::string(text);
  out.nodes_ = *std::move(nodes);
  return out;
}

}  // namespace hefu
