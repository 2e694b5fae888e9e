#include "ledger/sql/compile.h"

#include "ledger/sql/pack_query.h"

namespace hefu {

std::string sql_query(const Pack& pack, const PackIndicator& indicator, const Period& period,
                      const std::optional<std::string>& node, SqlDialect dialect) {
  PackQuery query(pack, node, dialect);
  const std::string last = query.figure(indicator, period);
  return query.steps() + "\nSELECT " + sql_text(indicator.id) +
         " AS indicator, status, num, den, txt FROM " + last + ";\n";
}

Result<std::string> sql_assertion(const Pack& pack, const PackAssert& assertion,
                                  const Period& period, const std::optional<std::string>& node,
                                  SqlDialect dialect) {
  PackQuery query(pack, node, dialect);
  const auto last = query.assertion(assertion, period);
  if (!last) {
    return Error{Errc::kUnsupported,
                 "assertion " + assertion.id +
                     " adds up the children of a node: " + assertion.formula.text(),
                 "which nodes those are is known only from the data; compare them one by one"};
  }
  return query.steps() + "\nSELECT " + sql_text(assertion.id) + " AS assertion, verdict FROM " +
         *last + ";\n";
}

}  // namespace hefu
