#pragma once

#include <string>

#include "ledger/sql/dialect.h"

namespace hefu {

/// The tables every compiled query reads, as CREATE statements: the facts and the organisation
/// directory of one cut as they are (`fact`, `field`, `element`, `signer`, …, written by sql_data),
/// and what is derived from them in SQL (`attribute_span`, `fact_grade`, …, written by sql_derive).
/// Days are whole days since 1970-01-01; numbers are exact integers num / den, den a power of ten;
/// no column holds a floating-point number. Texts are compared bytewise: a PostgreSQL database must
/// have the collation C, and the script stops in one that has another.
std::string sql_schema(SqlDialect dialect);

/// The statements to run after the data are in: how attributes of the directory change over time,
/// who is related to whom on which day, which grade of evidence each fact has, what is superseded.
/// The rules are those of ledger/programme/FORMAT.md, written a second time.
std::string sql_derive();

/// Empties all tables but the calendar, so that other data can be put in.
std::string sql_clear();

}  // namespace hefu
