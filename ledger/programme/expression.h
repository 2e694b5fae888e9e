#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/field_path.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"

namespace hefu {

/// Bounds of one expression.
inline constexpr std::size_t kExpressionBytesMax = 4096;
inline constexpr std::size_t kExpressionNodesMax = 512;
inline constexpr int kExpressionDepthMax = 32;  ///< nested parentheses, calls and `not`

/// What an expression may speak of.
enum class ExpressionSubject : std::uint8_t {
  kFact,          ///< all field paths
  kOrganisation,  ///< an entry of the organisation directory: `org` only
};

/// What an expression is evaluated over. The organisation directory's entries are presented as
/// facts whose `org` is the entry.
struct ExpressionScope {
  const Fact& fact;
  const World& world;
  DateSpan period;
};

/// A condition of a programme pack: total, without loops or user functions. Source: programme pack
/// format §4.
///
///     or      := and ("or" and)*
///     and     := not ("and" not)*
///     not     := "not" not | compare
///     compare := sum (("==" | "!=" | "<" | "<=" | ">" | ">=") sum | "in" "[" literal,… "]")?
///     sum     := product (("+" | "-") product)*
///     product := primary ("*" primary)*
///     primary := integer | 'text' | path | call | "period_start" | "period_end" | "(" or ")"
///     call    := attr(org, 'name') | in_group(group, org, date) | days(from, to)
///              | full_years(from, to) | add_years(date, n) | has(path)
///
/// Parsed and type-checked once, at load: an unknown function or path, a text compared with a
/// number, or a condition that is not true or false is kInvalid with the place named. Evaluation
/// never fails but for arithmetic beyond 128 bits: a comparison with a missing field is false (so
/// is `!=`), a value of another type is unequal and in no order, and a missing or non-boolean value
/// used as a condition is false. Texts compare bytewise; dates in bodies are texts YYYY-MM-DD.
class Expression {
 public:
  /// kInvalid or kTooLarge, naming the byte where reading stopped.
  static Result<Expression> parse(std::string_view text, ExpressionSubject subject);

  /// Whether the condition holds. kTooLarge if arithmetic overflows.
  [[nodiscard]] Result<bool> holds(const ExpressionScope& scope) const;

  [[nodiscard]] const std::string& text() const { return text_; }

  /// One operation; operands are indexes of earlier nodes. For the parser and the evaluator only.
  struct Node {
    enum class Kind : std::uint8_t {
      kInteger,
      kText,
      kField,
      kPeriodStart,
      kPeriodEnd,
      kOr,
      kAnd,
      kNot,
      kEqual,
      kUnequal,
      kLess,
      kLessEqual,
      kGreater,
      kGreaterEqual,
      kIn,
      kAdd,
      kSubtract,
      kMultiply,
      kAttr,
      kInGroup,
      kDays,
      kFullYears,
      kAddYears,
      kHas,
    };
    Kind kind = Kind::kInteger;
    std::int64_t integer = 0;
    std::string text;
    FieldPath path;
    std::vector<std::size_t> operands;
  };
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }

 private:
  std::string text_;
  std::vector<Node> nodes_;  // the last one is the whole
};

}  // namespace hefu
