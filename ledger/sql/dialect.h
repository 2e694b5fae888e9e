#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/event/date.h"

namespace hefu {

/// Engines the compiled SQL is written for: SQLite 3.40 or newer, and PostgreSQL 15 or newer.
enum class SqlDialect : std::uint8_t { kSqlite, kPostgresql };

/// "sqlite" or "postgresql".
const char* name(SqlDialect dialect);

/// A text literal, quotes doubled. PostgreSQL must have standard_conforming_strings on, as it has
/// by default.
std::string sql_text(std::string_view text);

/// A day as the tables hold it, with the date for people: "19723 /* 2024-01-01 */".
std::string sql_day(Date date);

/// A product or sum of numbers. SQLite turns what exceeds 64 bits into a floating-point number
/// without a word: there the expression is guarded and stops the query with "integer overflow".
/// PostgreSQL's NUMERIC has room. `expression` is evaluated more than once.
std::string sql_exact(SqlDialect dialect, const std::string& expression);

/// The greatest common divisor of two integers, one of them not 0.
std::string sql_gcd(SqlDialect dialect, const std::string& a, const std::string& b);

/// a / b where b divides a.
std::string sql_quotient(SqlDialect dialect, const std::string& a, const std::string& b);

/// The corresponding day so many months later; where there is none, the month's last day (Civil
/// Code art. 202). Both are SQL. Reads the table `month`, which covers the years 1400 to 2699,
/// under the aliases cal and cal_to, which the arguments may not use.
std::string sql_plus_months(const std::string& day, const std::string& months);

/// Whole years between two days.
std::string sql_full_years(const std::string& from, const std::string& to);

/// What stands before the first "/" of a text; all of it where there is none.
std::string sql_head(const std::string& text);

/// What stands before the last "/" of a text; nothing where there is none or it comes first.
std::string sql_folder(const std::string& text);

}  // namespace hefu
