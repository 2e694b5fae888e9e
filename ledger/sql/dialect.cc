#include "ledger/sql/dialect.h"

namespace hefu {

namespace {

/// A column of the month a day lies in.
std::string month_of(const std::string& day, const std::string& column) {
  return "(SELECT cal." + column +
         " FROM month cal WHERE cal.first_day = (SELECT max(first_day) FROM month WHERE first_day "
         "<= " +
         day + "))";
}

}  // namespace

const char* name(SqlDialect dialect) {
  return dialect == SqlDialect::kSqlite ? "sqlite" : "postgresql";
}

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? "''" : std::string(1, c);
  }
  return out + "'";
}

std::string sql_day(Date date) {
  return std::to_string(date.days) + " /* " + date.text() + " */";
}

std::string sql_exact(SqlDialect dialect, const std::string& expression) {
  if (dialect == SqlDialect::kPostgresql) {
    return "(" + expression + ")";
  }
  // abs() of the smallest integer is the one error an SQLite expression can raise. It must depend
  // on the row: constant parts are computed before any row is read.
  return "(CASE typeof(" + expression + ") WHEN 'real' THEN abs((" + expression +
         " IS NULL) - 9223372036854775807 - 1) ELSE " + expression + " END)";
}

std::string sql_gcd(SqlDialect dialect, const std::string& a, const std::string& b) {
  if (dialect == SqlDialect::kPostgresql) {
    return "gcd(CAST(" + a + " AS NUMERIC), CAST(" + b + " AS NUMERIC))";
  }
  return "(WITH RECURSIVE euclid(a, b) AS (SELECT abs(" + a + "), abs(" + b +
         ") UNION ALL SELECT b, a % b FROM euclid WHERE b <> 0) SELECT a FROM euclid WHERE b = 0)";
}

std::string sql_quotient(SqlDialect dialect, const std::string& a, const std::string& b) {
  return dialect == SqlDialect::kPostgresql ? "div(" + a + ", " + b + ")"
                                            : "((" + a + ") / (" + b + "))";
}

std::string sql_plus_months(const std::string& day, const std::string& months) {
  const std::string then = "cal_to.first_day + (" + day + ") - cal.first_day";
  return "(SELECT CASE WHEN " + then + " > cal_to.last_day THEN cal_to.last_day ELSE " + then +
         " END FROM month cal JOIN month cal_to ON cal_to.no = cal.no + (" + months +
         ") WHERE cal.first_day = (SELECT max(first_day) FROM month WHERE first_day <= (" + day +
         ")))";
}

std::string sql_full_years(const std::string& from, const std::string& to) {
  const std::string years = "(" + month_of(to, "year") + " - " + month_of(from, "year") + ")";
  return "(" + years + " - CASE WHEN " + sql_plus_months(from, "12 * " + years) + " <= " + to +
         " THEN 0 ELSE 1 END)";
}

std::string sql_head(const std::string& text) {
  const std::string letters = "replace(" + text + ", '/', '')";
  return "substr(" + text + ", 1, length(" + text + ") - length(ltrim(" + text + ", " + letters +
         ")))";
}

std::string sql_folder(const std::string& text) {
  const std::string folder = "rtrim(" + text + ", replace(" + text + ", '/', ''))";
  return "CASE WHEN replace(" + text + ", '/', '') <> " + text + " AND length(" + folder +
         ") > 1 THEN substr(" + folder + ", 1, length(" + folder + ") - 1) END";
}

}  // namespace hefu
