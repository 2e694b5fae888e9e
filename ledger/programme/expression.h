#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/field_path.h"
#include "ledger/programme/fraction.h"
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
  kElement,       ///< the same, and `item`: the list element the fact stands for
  kOrganisation,  ///< an entry of the organisation directory: `org` only
  kPair,          ///< a fact and the one it is joined with: joined.<path> reads the second
};

/// What an expression is evaluated over. The organisation directory's entries are presented as
/// facts whose `org` is the entry.
struct ExpressionScope {
  const Fact& fact;
  const World& world;
  DateSpan period;
  const Fact* joined = nullptr;  ///< of a pair
};

/// A condition of a programme pack: total, without loops or user functions. Source: programme pack
/// format §4.
///
///     or      := and ("or" and)*
///     and     := not ("and" not)*
///     not     := "not" not | compare
///     compare := sum (("==" | "!=" | "<" | "<=" | ">" | ">=") sum | "in" "[" literal,… "]"
///              | "in" list)?
///     sum     := product (("+" | "-") product)*
///     product := primary ("*" primary)*
///     primary := number | 'text' | path | call | "period_start" | "period_end" | "(" or ")"
///     call    := attr(org, 'name') | in_group(group, org, date) | days(from, to)
///              | full_years(from, to) | add_years(date, n) | has(path)
///              | any(list, or) | all(list, or) | count(list) | count(list, or)
///     list    := a path that may hold a list
///
/// A number is an integer or a decimal (16, 0.5). Inside any, all and count, `item` is the element
/// looked at and `item.2` the second part of an element that is a list itself; `all` of an empty
/// list is true, of a missing one false. A text of a body (not one the condition quotes) that meets
/// a number stands for the number it writes, as decimals are texts, and for none if it writes none.
///
/// Parsed and type-checked once, at load: an unknown function or path, a text compared with a
/// number, or a condition that is not true or false is kInvalid with the place named. Arithmetic is
/// exact. Evaluation never fails but for arithmetic beyond 128 bits: a comparison with a missing
/// field is false (so is `!=`), a value of another type is unequal and in no order, and a missing
/// or non-boolean value used as a condition is false. Texts compare bytewise; dates in bodies are
/// texts YYYY-MM-DD.
class Expression {
 public:
  /// kInvalid or kTooLarge, naming the byte where reading stopped.
  static Result<Expression> parse(std::string_view text, ExpressionSubject subject);

  /// Whether the condition holds. kTooLarge if arithmetic overflows.
  [[nodiscard]] Result<bool> holds(const ExpressionScope& scope) const;

  /// Whether one of its parts holds, in an expression without arithmetic: the node is one of
  /// `nodes`.
  [[nodiscard]] bool part_holds(std::size_t node, const ExpressionScope& scope) const;

  [[nodiscard]] const std::string& text() const { return text_; }

  /// One operation; operands are indexes of earlier nodes. For whoever evaluates only.
  struct Node {
    enum class Kind : std::uint8_t {
      kNumber,
      kText,
      kField,
      kJoinedField,
      kItem,
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
      kContains,
      kAdd,
      kSubtract,
      kMultiply,
      kAttr,
      kInGroup,
      kDays,
      kFullYears,
      kAddYears,
      kHas,
      kAny,
      kAll,
      kCount,
    };
    Kind kind = Kind::kNumber;
    Fraction number;
    std::string text;
    FieldPath path;
    std::size_t part = 0;  ///< of kItem
    std::vector<std::size_t> operands;
  };
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }

 private:
  std::string text_;
  std::vector<Node> nodes_;  // the last one is the whole
};

}  // namespace hefu
