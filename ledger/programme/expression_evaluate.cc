// The evaluator of expressions: total but for arithmetic overflow.
#include <algorithm>
#include <compare>
#include <optional>

#include "ledger/programme/expression.h"
#include "ledger/programme/fraction.h"
#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

using Node = Expression::Node;
using Kind = Expression::Node::Kind;

/// A list has no order and equals nothing; it is present, and `in`, any, all and count look into
/// it.
using List = const FactValue::List*;
using Term = std::variant<std::monostate, bool, Fraction, std::string_view, Date, List>;

Term term_of(const FieldView& view) {
  if (const auto* flag = std::get_if<bool>(&view)) {
    return *flag;
  }
  if (const auto* integer = std::get_if<std::int64_t>(&view)) {
    return Fraction(*integer);
  }
  if (const auto* text = std::get_if<std::string_view>(&view)) {
    return *text;
  }
  if (const auto* date = std::get_if<Date>(&view)) {
    return *date;
  }
  const auto* list = std::get_if<List>(&view);
  return list != nullptr ? Term(*list) : Term();
}

/// The number a term is or, being text, writes as a decimal ("0.125").
std::optional<Fraction> number_of(const Term& term) {
  if (const auto* number = std::get_if<Fraction>(&term)) {
    return *number;
  }
  const auto* text = std::get_if<std::string_view>(&term);
  if (text == nullptr || text->ends_with('%')) {
    return std::nullopt;
  }
  const auto number = Fraction::parse(*text);
  return number ? std::optional(*number) : std::nullopt;
}

std::strong_ordering order_of(const Fraction& left, const Fraction& right) {
  return left.den() == right.den() ? left.num() <=> right.num() : left <=> right;
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

/// Nothing where the two have no common order: other types, or lists. `as_numbers`: where a text
/// meets a number it stands for the number it writes.
std::optional<std::strong_ordering> order_of(const Term& left, const Term& right, bool as_numbers) {
  if (std::holds_alternative<Date>(left) || std::holds_alternative<Date>(right)) {
    const auto a = date_of(left);
    const auto b = date_of(right);
    return a && b ? std::optional(*a <=> *b) : std::nullopt;
  }
  const bool same = left.index() == right.index();
  if ((same || as_numbers) &&
      (std::holds_alternative<Fraction>(left) || std::holds_alternative<Fraction>(right))) {
    const auto a = number_of(left);
    const auto b = number_of(right);
    return a && b ? std::optional(order_of(*a, *b)) : std::nullopt;
  }
  if (!same) {
    return std::nullopt;
  }
  if (const auto* text = std::get_if<std::string_view>(&left)) {
    return *text <=> std::get<std::string_view>(right);
  }
  if (const auto* flag = std::get_if<bool>(&left)) {
    return *flag <=> std::get<bool>(right);
  }
  return std::nullopt;
}

bool compare(Kind kind, const Term& left, const Term& right, bool as_numbers) {
  if (is_missing(left) || is_missing(right)) {
    return false;
  }
  const auto order = order_of(left, right, as_numbers);
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
      case Kind::kNumber:
        return node.number;
      case Kind::kText:
        return std::string_view(node.text);
      case Kind::kField:
        return term_of(node.path.read(scope_.fact));
      case Kind::kJoinedField:
        return scope_.joined == nullptr ? Term() : term_of(node.path.read(*scope_.joined));
      case Kind::kItem:
        return item_ == nullptr ? Term() : term_of(part_of(*item_, node.part));
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
        return compare(node.kind, value(node.operands[0]), value(node.operands[1]),
                       !is_quoted(node.operands[0]) && !is_quoted(node.operands[1]));
      case Kind::kIn:
        return is_in(node);
      case Kind::kContains:
        return contains(node);
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
        return from && to ? Term(Fraction(std::int64_t{to->days} - from->days)) : Term();
      }
      case Kind::kFullYears: {
        const auto from = date_of(value(node.operands[0]));
        const auto to = date_of(value(node.operands[1]));
        return from && to ? Term(Fraction(full_years(*from, *to))) : Term();
      }
      case Kind::kAddYears:
        return add_years(node);
      case Kind::kHas:
        return !is_missing(value(node.operands[0]));
      case Kind::kAny:
      case Kind::kAll:
      case Kind::kCount:
        return over_list(node);
    }
    return {};
  }

  /// What the pack itself quotes is meant as a text.
  bool is_quoted(std::size_t index) const { return nodes_[index].kind == Kind::kText; }

  bool contains(const Node& node) {
    const bool as_numbers = !is_quoted(node.operands[0]);
    const Term left = value(node.operands[0]);
    const Term right = value(node.operands[1]);
    const auto* list = std::get_if<List>(&right);
    return list != nullptr && std::any_of((*list)->begin(), (*list)->end(), [&](const auto& one) {
             return compare(Kind::kEqual, left, term_of(view_of(one)), as_numbers);
           });
  }

  /// any, all and count: how many elements there are for which the condition holds.
  Term over_list(const Node& node) {
    const Term term = value(node.operands[0]);
    const auto* list = std::get_if<List>(&term);
    if (list == nullptr) {
      return node.kind == Kind::kCount ? Term() : Term(false);
    }
    const FactValue* outer = item_;
    std::size_t holding = 0;
    for (const FactValue& element : **list) {
      item_ = &element;
      holding += node.operands.size() < 2 || truth(node.operands[1]) ? 1 : 0;
    }
    item_ = outer;
    if (node.kind == Kind::kCount) {
      return Fraction(static_cast<std::int64_t>(holding));
    }
    return node.kind == Kind::kAny ? holding > 0 : holding == (*list)->size();
  }

  bool is_in(const Node& node) {
    const Term left = value(node.operands[0]);
    for (std::size_t i = 1; i < node.operands.size(); ++i) {
      if (compare(Kind::kEqual, left, value(node.operands[i]), !is_quoted(node.operands[i]))) {
        return true;
      }
    }
    return false;
  }

  Term arithmetic(const Node& node) {
    const auto a = number_of(value(node.operands[0]));
    const auto b = number_of(value(node.operands[1]));
    if (!a || !b) {
      return {};
    }
    const auto out = node.kind == Kind::kAdd        ? a->plus(*b)
                     : node.kind == Kind::kSubtract ? a->minus(*b)
                                                    : a->times(*b);
    overflowed_ = overflowed_ || !out;
    return out ? Term(*out) : Term();
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
    const auto* count = std::get_if<Fraction>(&years);
    // Beyond four centuries no date of this calendar is left.
    if (!date || count == nullptr || count->den() != 1 || count->num() < -400 ||
        count->num() > 400) {
      return {};
    }
    return date->plus_years(static_cast<int>(count->num()));
  }

  const std::vector<Node>& nodes_;
  const ExpressionScope& scope_;
  const FactValue* item_ = nullptr;  // the element any, all or count is looking at
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

bool Expression::part_holds(std::size_t node, const ExpressionScope& scope) const {
  return Evaluator(nodes_, scope).truth(node);
}

}  // namespace hefu
