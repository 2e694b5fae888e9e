#include "ledger/programme/expression_function.h"

#include <algorithm>

namespace hefu {

namespace {

using Kind = Expression::Node::Kind;
using Type = ExpressionType;

constexpr std::array<ExpressionFunction, 9> kFunctions{{
    {"attr", Kind::kAttr, Type::kAny, {Type::kText, Type::kText}, 2, "attr(counterparty,'kind')"},
    {"in_group",
     Kind::kInGroup,
     Type::kBool,
     {Type::kText, Type::kText, Type::kDate},
     3,
     "in_group('group', actor, date)"},
    {"days", Kind::kDays, Type::kNumber, {Type::kDate, Type::kDate}, 2, "days(start, end)"},
    {"full_years",
     Kind::kFullYears,
     Type::kNumber,
     {Type::kDate, Type::kDate},
     2,
     "full_years(body.hired, period_end)"},
    {"add_years",
     Kind::kAddYears,
     Type::kDate,
     {Type::kDate, Type::kNumber},
     2,
     "add_years(body.hired, 3)"},
    {"has", Kind::kHas, Type::kBool, {Type::kAny}, 1, "has(body.field)"},
    {"any",
     Kind::kAny,
     Type::kBool,
     {Type::kAny, Type::kBool},
     2,
     "any(body.parties, attr(item,'kind') == 'enterprise')"},
    {"all",
     Kind::kAll,
     Type::kBool,
     {Type::kAny, Type::kBool},
     2,
     "all(body.decisions, has(item.3))"},
    {"count",
     Kind::kCount,
     Type::kNumber,
     {Type::kAny, Type::kBool},
     2,
     "count(body.parties) or count(body.parties, item != actor)"},
}};

}  // namespace

const char* name(ExpressionType type) {
  switch (type) {
    case ExpressionType::kAny:
      return "a field";
    case ExpressionType::kBool:
      return "a condition";
    case ExpressionType::kNumber:
      return "a number";
    case ExpressionType::kText:
      return "a text";
    case ExpressionType::kDate:
      return "a date";
  }
  return "";
}

const ExpressionFunction* expression_function(std::string_view name) {
  const auto* found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                   [&](const ExpressionFunction& one) { return one.name == name; });
  return found == kFunctions.end() ? nullptr : found;
}

}  // namespace hefu
