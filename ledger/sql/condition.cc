#include "ledger/sql/condition.h"

#include <utility>

namespace hefu {

namespace {

using Node = Expression::Node;
using Kind = Expression::Node::Kind;
using Sort = SqlTerm::Sort;

/// Literals up to this multiply a denominator of at most 10^11 within 64 bits.
constexpr std::int64_t kPlainFactorMax = 90'000'000;

bool is_literal(const std::string& number) {
  return number.find_first_not_of("-0123456789") == std::string::npos;
}

bool is_small_literal(const std::string& number) {
  return is_literal(number) && number.size() <= 9 && std::stoll(number) <= kPlainFactorMax;
}

std::string product(const std::string& a, const std::string& b) {
  return b == "1" ? a : a == "1" ? b : a + " * " + b;
}

/// One side of a comparison. What exceeds 64 bits in SQLite stays a floating-point number through
/// all further arithmetic, so it is enough to look at the whole.
std::string side(SqlDialect dialect, const std::string& number, const std::string& by) {
  const std::string out = product(number, by);
  const bool computed = out.find(" * ") != std::string::npos ||
                        out.find(" + ") != std::string::npos ||
                        out.find(" - ") != std::string::npos;
  // A denominator times a small literal cannot exceed 64 bits.
  const bool plain =
      is_small_literal(number) && by.ends_with("den") && by.find(' ') == std::string::npos;
  return computed && !plain ? sql_exact(dialect, out) : out;
}

class Compiler {
 public:
  Compiler(const std::vector<Node>& nodes, const SqlPeriod& period, SqlDialect dialect)
      : nodes_(nodes), period_(period), dialect_(dialect) {}

  std::string truth(std::size_t index, SqlScope& scope) {
    const Node& node = nodes_[index];
    switch (node.kind) {
      case Kind::kOr:
        return "(" + truth(node.operands[0], scope) + " OR " + truth(node.operands[1], scope) + ")";
      case Kind::kAnd:
        return "(" + truth(node.operands[0], scope) + " AND " + truth(node.operands[1], scope) +
               ")";
      case Kind::kNot:
        return "NOT " + definite(truth(node.operands[0], scope));
      case Kind::kEqual:
      case Kind::kUnequal:
      case Kind::kLess:
      case Kind::kLessEqual:
      case Kind::kGreater:
      case Kind::kGreaterEqual:
        return compare(node, scope);
      case Kind::kIn:
        return is_in(node, scope);
      case Kind::kContains:
        return contains(node, scope);
      case Kind::kInGroup:
        return in_group(node, scope);
      case Kind::kHas:
        return present(value(node.operands[0], scope));
      case Kind::kAny:
      case Kind::kAll:
        return any_or_all(node, scope);
      default: {
        const SqlTerm term = value(index, scope);
        return term.sort == Sort::kAnyOne ? term.flag + " = 1" : "FALSE";
      }
    }
  }

 private:
  static std::string definite(const std::string& condition) {
    return "COALESCE(" + condition + ", FALSE)";
  }

  static std::string present(const SqlTerm& term) {
    if (term.sort == Sort::kMissing) {
      return "FALSE";
    }
    return term.present.empty() ? "TRUE" : term.present;
  }

  SqlTerm value(std::size_t index, SqlScope& scope) {
    const Node& node = nodes_[index];
    switch (node.kind) {
      case Kind::kNumber:
        return number_term({decimal_text(node.number.num()), decimal_text(node.number.den())});
      case Kind::kText:
        return quoted(node.text);
      case Kind::kField:
        return scope.field(node.path);
      case Kind::kJoinedField:
        return scope.joined_field(node.path);
      case Kind::kItem:
        return scope.element(node.part);
      case Kind::kPeriodStart:
        return sql_day_term(period_.first, "", "");
      case Kind::kPeriodEnd:
        return sql_day_term(period_.last, "", "");
      case Kind::kAdd:
      case Kind::kSubtract:
      case Kind::kMultiply:
        return arithmetic(node, scope);
      case Kind::kAttr: {
        const SqlTerm org = value(node.operands[0], scope);
        return org.text.empty() ? SqlTerm()
                                : scope.attribute(org.text, nodes_[node.operands[1]].text);
      }
      case Kind::kDays: {
        const auto [from, to] = days(node, scope);
        return from.empty() || to.empty() ? SqlTerm()
                                          : number_term({"(" + to + " - " + from + ")"});
      }
      case Kind::kFullYears: {
        const auto [from, to] = days(node, scope);
        return from.empty() || to.empty() ? SqlTerm() : number_term({sql_full_years(from, to)});
      }
      case Kind::kAddYears:
        return add_years(node, scope);
      case Kind::kCount:
        return count(node, scope);
      default:
        return flag_term(truth(index, scope));
    }
  }

  static SqlTerm number_term(SqlNumber number) {
    SqlTerm out;
    out.sort = Sort::kNumber;
    out.present = is_literal(number.num) ? "" : number.num + " IS NOT NULL";
    out.number = std::move(number);
    return out;
  }

  static SqlTerm flag_term(const std::string& condition) {
    SqlTerm out;
    out.sort = Sort::kFlag;
    out.flag = "CASE WHEN " + condition + " THEN 1 ELSE 0 END";
    return out;
  }

  static SqlTerm quoted(const std::string& text) {
    SqlTerm out = sql_text_term(sql_text(text), "");
    out.quoted = true;
    const auto number = text.ends_with('%') ? Result<Fraction>(Error{}) : Fraction::parse(text);
    out.number = number ? SqlNumber{decimal_text(number->num()), decimal_text(number->den())}
                        : SqlNumber{"", "1"};
    const auto date = Date::parse(text);
    out.day = date ? sql_day(*date) : "";
    return out;
  }

  std::pair<std::string, std::string> days(const Node& node, SqlScope& scope) {
    return {value(node.operands[0], scope).day, value(node.operands[1], scope).day};
  }

  SqlTerm arithmetic(const Node& node, SqlScope& scope) {
    const SqlNumber a = value(node.operands[0], scope).number;
    const SqlNumber b = value(node.operands[1], scope).number;
    if (a.num.empty() || b.num.empty()) {
      return {};
    }
    const std::string den = product(a.den, b.den);
    if (node.kind == Kind::kMultiply) {
      return number_term({product(a.num, b.num), den});
    }
    const std::string sign = node.kind == Kind::kAdd ? " + " : " - ";
    return number_term({"(" + product(a.num, b.den) + sign + product(b.num, a.den) + ")", den});
  }

  SqlTerm add_years(const Node& node, SqlScope& scope) {
    const std::string day = value(node.operands[0], scope).day;
    const SqlTerm years = value(node.operands[1], scope);
    if (day.empty() || years.number.num.empty() || years.sort == Sort::kText) {
      return {};
    }
    std::string count = years.number.num;
    if (!is_literal(count) || years.number.den != "1" || count.size() > 4 ||
        std::stoi(count) < -400 || std::stoi(count) > 400) {
      // Whole numbers alone, and none that leads out of every calendar.
      count = "CASE WHEN " + (years.kind.empty() ? "TRUE" : years.kind + " = 'i'") + " AND " +
              years.number.den + " = 1 AND " + years.number.num +
              " BETWEEN -400 AND 400 THEN CAST(" + years.number.num + " AS BIGINT) END";
    }
    const std::string then = sql_plus_months(day, "12 * " + count);
    return sql_day_term(then, "", then + " IS NOT NULL");
  }

  /// How two terms stand to each other; NULL or empty where they have no order in common.
  std::string order(const SqlTerm& left, const std::string& op, const SqlTerm& right,
                    bool as_numbers) {
    const auto either = [&](Sort sort) { return left.sort == sort || right.sort == sort; };
    const auto join = [&](const std::string& a, const std::string& b) {
      return a.empty() || b.empty() ? std::string() : a + " " + op + " " + b;
    };
    const auto numbers = [&] {
      return left.number.num.empty() || right.number.num.empty()
                 ? std::string()
                 : sql_compare(dialect_, left.number, op, right.number);
    };
    if (either(Sort::kMissing)) {
      return "";
    }
    if (either(Sort::kDay)) {
      return join(left.day, right.day);
    }
    if (either(Sort::kNumber)) {
      return as_numbers || left.sort == right.sort ? numbers() : "";
    }
    if (either(Sort::kFlag)) {
      return join(left.flag, right.flag);
    }
    if (left.quoted || right.quoted || !either(Sort::kAnyOne)) {
      return join(left.text, right.text);
    }
    // Whatever the record holds: a text that meets a number stands for the number it writes.
    std::string is_number = left.kind.empty() ? "" : left.kind + " = 'i'";
    if (!right.kind.empty()) {
      is_number += (is_number.empty() ? "" : " OR ") + right.kind + " = 'i'";
    }
    const std::string flags = join(left.flag, right.flag);
    return "CASE WHEN " + is_number + " THEN " + numbers() +
           (flags.empty() ? "" : " WHEN " + left.kind + " = 'b' THEN " + flags) + " ELSE " +
           join(left.text, right.text) + " END";
  }

  std::string equal(const SqlTerm& left, const SqlTerm& right, bool as_numbers) {
    const std::string out = order(left, "=", right, as_numbers);
    return out.empty() ? "FALSE" : out;
  }

  std::string compare(const Node& node, SqlScope& scope) {
    static constexpr const char* kOps[] = {"=", "<>", "<", "<=", ">", ">="};
    const std::string op = kOps[static_cast<int>(node.kind) - static_cast<int>(Kind::kEqual)];
    const SqlTerm left = value(node.operands[0], scope);
    const SqlTerm right = value(node.operands[1], scope);
    const std::string found = order(left, op, right, !left.quoted && !right.quoted);
    if (node.kind != Kind::kUnequal) {
      return found.empty() ? "FALSE" : found;
    }
    // Two values of different types are unequal; a missing one is nothing.
    return "(" + present(left) + " AND " + present(right) +
           (found.empty() ? "" : " AND COALESCE(" + found + ", TRUE)") + ")";
  }

  std::string is_in(const Node& node, SqlScope& scope) {
    const SqlTerm left = value(node.operands[0], scope);
    std::string texts;
    std::string out;
    for (std::size_t i = 1; i < node.operands.size(); ++i) {
      const SqlTerm one = value(node.operands[i], scope);
      if (one.quoted && left.sort != Sort::kDay && !left.text.empty()) {
        texts += (texts.empty() ? "" : ", ") + one.text;
      } else {
        out += (out.empty() ? "" : " OR ") + equal(left, one, !one.quoted);
      }
    }
    if (!texts.empty()) {
      out = left.text + " IN (" + texts + ")" + (out.empty() ? "" : " OR " + out);
    }
    return "(" + out + ")";
  }

  std::string contains(const Node& node, SqlScope& scope) {
    const SqlTerm left = value(node.operands[0], scope);
    const SqlTerm list = value(node.operands[1], scope);
    if (list.items.empty()) {
      return "FALSE";
    }
    const std::string alias = next_element();
    return "EXISTS (SELECT 1 FROM element " + alias + " WHERE " + alias + ".list = " + list.items +
           " AND " + equal(left, sql_value(alias), !left.quoted) + ")";
  }

  std::string in_group(const Node& node, SqlScope& scope) {
    const SqlTerm group = value(node.operands[0], scope);
    const SqlTerm org = value(node.operands[1], scope);
    const SqlTerm day = value(node.operands[2], scope);
    if (group.text.empty() || org.text.empty() || day.day.empty()) {
      return "FALSE";
    }
    const std::string m = "m" + std::to_string(++members_);
    return "EXISTS (SELECT 1 FROM membership " + m + " WHERE " + m + ".grp = " + group.text +
           " AND " + m + ".org = " + org.text + " AND " + m + ".from_day <= " + day.day + " AND (" +
           m + ".to_day IS NULL OR " + m + ".to_day >= " + day.day + "))";
  }

  std::string next_element() { return "e" + std::to_string(++elements_); }

  /// A SELECT over the elements of a list for which the condition, if there is one, holds or does
  /// not hold.
  std::string elements(const std::string& what, const SqlTerm& list, const Node& node,
                       SqlScope& scope, bool holding) {
    const std::string alias = next_element();
    SqlScope inner = scope.inside(alias);
    std::string where = alias + ".list = " + list.items;
    if (node.operands.size() > 1) {
      const std::string condition = truth(node.operands[1], inner);
      where += " AND " + (holding ? condition : "NOT " + definite(condition));
    }
    return "(SELECT " + what + " FROM element " + alias + inner.joins() + " WHERE " + where + ")";
  }

  std::string any_or_all(const Node& node, SqlScope& scope) {
    const SqlTerm list = value(node.operands[0], scope);
    if (list.items.empty()) {
      return "FALSE";
    }
    if (node.kind == Kind::kAny) {
      return "EXISTS " + elements("1", list, node, scope, true);
    }
    return "(" + list.items + " IS NOT NULL AND NOT EXISTS " +
           elements("1", list, node, scope, false) + ")";
  }

  SqlTerm count(const Node& node, SqlScope& scope) {
    const SqlTerm list = value(node.operands[0], scope);
    if (list.items.empty()) {
      return {};
    }
    return number_term({"CASE WHEN " + list.items + " IS NOT NULL THEN " +
                        elements("count(*)", list, node, scope, true) + " END"});
  }

  const std::vector<Node>& nodes_;
  const SqlPeriod& period_;
  SqlDialect dialect_;
  int elements_ = 0;
  int members_ = 0;
};

}  // namespace

std::string sql_compare(SqlDialect dialect, const SqlNumber& left, const std::string& op,
                        const SqlNumber& right) {
  return side(dialect, left.num, right.den) + " " + op + " " + side(dialect, right.num, left.den);
}

std::string sql_threshold(SqlDialect dialect, const Threshold& bound, const SqlNumber& number) {
  const auto against = [&](const std::string& op, const Fraction& value) {
    return sql_compare(dialect, number, op, {decimal_text(value.num()), decimal_text(value.den())});
  };
  if (bound.op == CompareOp::kBetween) {
    return "(" + against(">=", bound.low) + " AND " + against("<=", bound.high) + ")";
  }
  const std::string op = bound.op == CompareOp::kEqual     ? "="
                         : bound.op == CompareOp::kUnequal ? "<>"
                                                           : name(bound.op);
  return against(op, bound.low);
}

std::string sql_condition(const Expression& condition, SqlScope& scope, const SqlPeriod& period,
                          SqlDialect dialect) {
  return Compiler(condition.nodes(), period, dialect).truth(condition.nodes().size() - 1, scope);
}

}  // namespace hefu
