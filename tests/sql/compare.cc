#include "tests/sql/compare.h"

#include <algorithm>

#include "crypto/digest.h"
#include "ledger/programme/evaluate.h"
#include "ledger/sql/compile.h"

namespace hefu {

std::string sql_answer(const std::vector<std::optional<std::string>>& row) {
  if (row.size() != 5 || !row[1]) {
    return "?";
  }
  if (row[4]) {
    return "sha256:" + sha256(as_bytes(*row[4])).hex();
  }
  if (*row[1] != "value") {
    return *row[1];
  }
  const std::string num = row[2].value_or("?");
  const std::string den = row[3].value_or("?");
  return den == "1" ? num : num + "/" + den;
}

std::string engine_answer(const Figure& figure) {
  if (!figure.error.empty()) {
    return "error";
  }
  if (figure.narrative) {
    return "sha256:" + *figure.narrative;
  }
  return figure.value ? figure.value->text() : "na";
}

std::vector<const PackIndicator*> asked_of(const Pack& pack, const SqlCase& one) {
  std::vector<const PackIndicator*> out;
  for (const PackIndicator& indicator : pack.indicators) {
    if (one.asked.empty() ||
        std::find(one.asked.begin(), one.asked.end(), indicator.id) != one.asked.end()) {
      out.push_back(&indicator);
    }
  }
  return out;
}

std::string query_of(const Pack& pack, const PackIndicator& indicator, const SqlCase& one,
                     SqlDialect dialect) {
  return sql_query(pack, indicator, *Period::parse(one.period, pack.valid), one.node, dialect);
}

std::map<std::string, Figure> engine_figures(const Pack& pack, const SqlCase& one) {
  const auto figures =
      evaluate(pack, one.world, one.facts, *Period::parse(one.period, pack.valid), one.node);
  std::map<std::string, Figure> out;
  if (figures) {
    for (const Figure& figure : *figures) {
      out[figure.indicator] = figure;
    }
  }
  return out;
}

}  // namespace hefu
