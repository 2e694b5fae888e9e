#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "ledger/programme/expression.h"

namespace hefu {

/// What is known of a value before any fact is seen; kAny: a body field, an item or an attribute.
enum class ExpressionType : std::uint8_t { kAny, kBool, kNumber, kText, kDate };

/// "a number" and so on.
const char* name(ExpressionType type);

/// A function of expressions. The last parameter of count may be left out.
struct ExpressionFunction {
  std::string_view name;
  Expression::Node::Kind kind;
  ExpressionType result;
  std::array<ExpressionType, 3> parameters;
  std::size_t arity;
  std::string_view usage;  ///< an example
};

/// nullptr if there is none of that name.
const ExpressionFunction* expression_function(std::string_view name);

}  // namespace hefu
