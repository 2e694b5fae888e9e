// The evaluator of expressions: total but for arithmetic overflow.
#include <compare>
#include <optional>

#include "ledger/programme/expression.h"
#include "ledger/programme/fraction.h"
#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

using Node = Expression::Node;
using Kind = Expression::Node::Kind;

/// A list has no order and equals nothing; it is only ever present.
struct Opaque {};
using Term = std::variant<std::monostate, bool, Int128, std::string_view, Date, Opaque>;

Term term_of(const FieldView& view) {
  if (const auto* flag = std::get_if<bool>(&view)) {
    return *flag;
  }
  if (const auto* integer = std::get_if<std::int64_t>(&view)) {
    return Int128{*integer};
  }
  if (const auto* text = std::get_if<std::string_view>(&view)) {
    return *text;
  }
  if (const auto* date = std::get_if<Date>(&view)) {
    return *date;
  }
  return std::holds_alternative<std::monostate>(view) ? Term() : Term(Opaque{});
}

std::optional<Date> date_of(const Term& term) {
  if (const auto* date = std::get_if<Date>(&term)) {
    return *date;
  }
  const auto* text = std::get_if<std::string_view>(&term);
  return text != nullptr ? Date::parse(*text) : std::nullopt;
}

bool is_missing(const Term& term) {
  return std::holds_alternative<std::monostate>(term);
}

/// Nothing where the two have no common order: other types, or lists.
std::optional<std::strong_ordering> order_of(const Term& left, const Term& right) {
  if (std::holds_alternative<Date>(left) || std::holds_alternative<Date>(right)) {
    const auto a = date_of(left);
    const auto b = date_of(right);
    return a && b ? std::optional(*a <=> *b) : std::nullopt;
  }
  if (left.index() != right.index()) {
    return std::nullopt;
  }
  if (const auto* integer = std::get_if<Int128>(&left)) {
    const Int128 other = std::get<Int128>(right);
    return *integer < other   ? std::strong_ordering::less
           : *integer > other ? std::strong_ordering::greater
                              : std::strong_ordering::equal;
  }
  if (const auto* text = std::get_if<std::string_view>(&left)) {
    return *text <=> std::get<std::string_view>(right);
  }
  if (const auto* flag = std::get_if<bool>(&left)) {
    return *flag <=> std::get<bool>(right);
  }
  return std::nullopt;
}

bool compare(Kind kind, const Term& left, const Term& right) {
  if (is_missing(left) || is_missing(right)) {
    return false;
  }
  const auto order = order_of(left, right);
  if (!order) {
    return kind == Kind::kUnequal;
  }
  switch (kind) {
    case Kind::kEqual:
      return *order == 0;
    case Kind::kUnequal:
      return *order != 0;
    case Kind::kLess:
      return *order < 0;
    case Kind::kLessEqual:
      return *order <= 0;
    case Kind::kGreater:
      return *order > 0;
    default:
      return *order >= 0;
  }
}

int full_years(Date from, Date to) {
  const int years = to.year() - from.year();
  return from.plus_years(years) <= to ? years : years - 1;
}

class Evaluator {
 public:
  Evaluator(const std::vector<Node>& nodes, const ExpressionScope& scope)
      : nodes_(nodes), scope_(scope) {}

  [[nodiscard]] bool overflowed() const { return overflowed_; }

  bool truth(std::size_t index) {
    const Term term = value(index);
    const auto* flag = std::get_if<bool>(&term);
    return flag != nullptr && *flag;
  }

 private:
  Term value(std::size_t index) {
    const Node& node = nodes_[index];
    switch (node.kind) {
      case Kind::kInteger:
        return Int128{node.integer};
      case Kind::kText:
        return std::string_view(node.text);
      case Kind::kField:
        return term_of(node.path.read(scope_.fact));
      case Kind::kPeriodStart:
        return scope_.period.first;
      case Kind::kPeriodEnd:
        return scope_.period.last;
      case Kind::kOr:
        return truth(node.operands[0]) || truth(node.operands[1]);
      case Kind::kAnd:
        return truth(node.operands[0]) && truth(node.operands[1]);
      case Kind::kNot:
        return !truth(node.operands[0]);
      case Kind::kEqual:
      case Kind::kUnequal:
      case Kind::kLess:
      case Kind::kLessEqual:
      case Kind::kGreater:
      case Kind::kGreaterEqual:
        return compare(node.kind, value(node.operands[0]), value(node.operands[1]));
      case Kind::kIn:
        return is_in(node);
      case Kind::kAdd:
      case Kind::kSubtract:
      case Kind::kMultiply:
        return arithmetic(node);
      case Kind::kAttr:
        return attr(node);
      case Kind::kInGroup:
        return group_holds(node);
      case Kind::kDays: {
        const auto from = date_of(value(node.operands[0]));
        const auto to = date_of(value(node.operands[1]));
        return from && to ? Term(Int128{to->days} - from->days) : Term();
      }
      case Kind::kFullYears: {
        const auto from = date_of(value(node.operands[0]));
        const auto to = date_of(value(node.operands[1]));
        return from && to ? Term(Int128{full_years(*from, *to)}) : Term();
      }
      case Kind::kAddYears:
        return add_years(node);
      case Kind::kHas:
        return !is_missing(value(node.operands[0]));
    }
    return {};
  }

  bool is_in(const Node& node) {
    const Term left = value(node.operands[0]);
    for (std::size_t i = 1; i < node.operands.size(); ++i) {
      if (compare(Kind::kEqual, left, value(node.operands[i]))) {
        return true;
      }
    }
    return false;
  }

  Term arithmetic(const Node& node) {
    const Term left = value(node.operands[0]);
    const Term right = value(node.operands[1]);
    const auto* a = std::get_if<Int128>(&left);
    const auto* b = std::get_if<Int128>(&right);
    if (a == nullptr || b == nullptr) {
      return {};
    }
    Int128 out = 0;
    const bool overflow = node.kind == Kind::kAdd        ? __builtin_add_overflow(*a, *b, &out)
                          : node.kind == Kind::kSubtract ? __builtin_sub_overflow(*a, *b, &out)
                                                         : __builtin_mul_overflow(*a, *b, &out);
    overflowed_ = overflowed_ || overflow;
    return overflow ? Term() : Term(out);
  }

  Term attr(const Node& node) {
    const Term org = value(node.operands[0]);
    const auto* text = std::get_if<std::string_view>(&org);
    const FactValue* found =
        text == nullptr ? nullptr : attribute(scope_.world, *text, nodes_[node.operands[1]].text);
    return found == nullptr ? Term() : term_of(view_of(*found));
  }

  bool group_holds(const Node& node) {
    const Term group = value(node.operands[0]);
    const Term org = value(node.operands[1]);
    const auto day = date_of(value(node.operands[2]));
    const auto* group_text = std::get_if<std::string_view>(&group);
    const auto* org_text = std::get_if<std::string_view>(&org);
    return group_text != nullptr && org_text != nullptr && day &&
           in_group(scope_.world, std::string(*group_text), std::string(*org_text), *day);
  }

  Term add_years(const Node& node) {
    const auto date = date_of(value(node.operands[0]));
    const Term years = value(node.operands[1]);
    const auto* count = std::get_if<Int128>(&years);
    // Beyond four centuries no date of this calendar is left.
    if (!date || count == nullptr || *count < -400 || *count > 400) {
      return {};
    }
    return date->plus_years(static_cast<int>(*count));
  }

  const std::vector<Node>& nodes_;
  const ExpressionScope& scope_;
  bool overflowed_ = false;
};

}  // namespace

Result<bool> Expression::holds(const ExpressionScope& scope) const {
  Evaluator evaluator(nodes_, scope);
  const bool out = evaluator.truth(nodes_.size() - 1);
  if (evaluator.overflowed()) {
    return Error{Errc::kTooLarge, "condition " + text_ + ": number beyond 128 bits",
                 "check record " + scope.fact.id};
  }
  return out;
}

}  // namespace hefu
