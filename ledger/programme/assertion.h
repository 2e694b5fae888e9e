#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/fraction.h"

namespace hefu {

/// What must hold between figures: total, without loops or user functions. Source: programme pack
/// format §5.
///
///     or      := and ("or" and)*
///     and     := not ("and" not)*
///     not     := "not" not | compare
///     compare := sum ("==" | "!=" | "<" | "<=" | ">" | ">=") sum | "(" or ")"
///     sum     := product (("+" | "-") product)*
///     product := primary ("*" primary)*
///     primary := number | indicator | call | "(" sum ")"
///     call    := children(indicator) | earlier(indicator, n)
///
/// An indicator is written as its id; one with a hyphen stands in single quotes. It is the exact
/// value before `divide`. children(x) is the sum of x over the nodes right below; earlier(x, n) is
/// x in the n-th period before, of the same kind.
class Formula {
 public:
  /// What a formula asks for: an indicator's value, that of its children, or that of an earlier
  /// period.
  struct Term {
    enum class Kind : std::uint8_t { kFigure, kChildren, kEarlier };
    Kind kind = Kind::kFigure;
    std::string indicator;
    int periods = 0;  ///< of kEarlier
  };

  /// kInvalid or kTooLarge, naming the byte where reading stopped; bounds as for expressions.
  static Result<Formula> parse(std::string_view text);

  /// Gives a term's value; none: not applicable.
  using Lookup = std::function<Result<std::optional<Fraction>>(const Term&)>;

  /// Whether it holds; nothing if a figure in it is not applicable, wherever it stands. Errors:
  /// those of the lookup, kTooLarge on overflow.
  [[nodiscard]] Result<std::optional<bool>> holds(const Lookup& lookup) const;

  [[nodiscard]] const std::vector<Term>& terms() const { return terms_; }
  [[nodiscard]] const std::string& text() const { return text_; }

  /// One operation; operands are indexes of earlier nodes. For the parser and the evaluator only.
  struct Node {
    enum class Kind : std::uint8_t {
      kNumber,
      kTerm,
      kOr,
      kAnd,
      kNot,
      kEqual,
      kUnequal,
      kLess,
      kLessEqual,
      kGreater,
      kGreaterEqual,
      kAdd,
      kSubtract,
      kMultiply,
    };
    Kind kind = Kind::kNumber;
    Fraction number;
    std::size_t term = 0;
    std::size_t left = 0;
    std::size_t right = 0;
  };
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }

 private:
  std::string text_;
  std::vector<Term> terms_;
  std::vector<Node> nodes_;  // the last one is the whole
};

}  // namespace hefu
