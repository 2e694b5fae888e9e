#pragma once

#include <string>

#include "ledger/programme/expression.h"
#include "ledger/programme/pack.h"
#include "ledger/sql/term.h"

namespace hefu {

/// The days an expression's `period_start` and `period_end` stand for, in SQL.
struct SqlPeriod {
  std::string first;
  std::string last;
};

/// A condition as SQL over a scope, whose joins grow by what it reads. Source: FORMAT.md,
/// "Conditions". Where the condition is false the SQL is false or NULL.
std::string sql_condition(const Expression& condition, SqlScope& scope, const SqlPeriod& period,
                          SqlDialect dialect);

/// `left op right` for numbers, op being an SQL comparison. NULL where one is missing.
std::string sql_compare(SqlDialect dialect, const SqlNumber& left, const std::string& op,
                        const SqlNumber& right);

/// Whether a number reaches a bound.
std::string sql_threshold(SqlDialect dialect, const Threshold& bound, const SqlNumber& number);

}  // namespace hefu
