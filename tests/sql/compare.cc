#include "tests/sql/compare.h"

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

bool same_answer(const Figure& figure, const std::vector<std::optional<std::string>>& row) {
  return engine_answer(figure) == sql_answer(row);
}

std::vector<std::string> queries_of(const Pack& pack, const SqlCase& one, SqlDialect dialect) {
  std::vector<std::string> out;
  const auto period = Period::parse(one.period, pack.valid);
  for (const PackIndicator& indicator : pack.indicators) {
    out.push_back(sql_query(pack, indicator, *period, one.node, dialect));
  }
  return out;
}

std::vector<Figure> figures_of(const Pack& pack, const SqlCase& one) {
  const auto period = Period::parse(one.period, pack.valid);
  auto figures = evaluate(pack, one.world, one.facts, *period, one.node);
  return figures ? *std::move(figures) : std::vector<Figure>();
}

}  // namespace hefu
