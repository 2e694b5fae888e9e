// What the facts amount to: each key once, its value, the part of it that falls to the node, the
// days of each person. Source: FORMAT.md, "Measures" and "Roll-up and credit".
#include "ledger/sql/pack_query.h"

namespace hefu {

namespace {

std::string with(const std::string& columns) {
  return columns.empty() ? "" : columns + ", ";
}

std::string grouped_by(const std::string& columns) {
  return columns.empty() ? "" : "\nGROUP BY " + columns;
}

/// Facts by business date, latest first; then by id; of one fact the element that comes first.
const std::string kLatestFirst =
    "ORDER BY CASE WHEN s.day IS NULL THEN 1 ELSE 0 END, s.day DESC, "
    "s.id DESC, s.pos";

std::string by(const std::string& columns) {
  return columns.empty() ? "" : "PARTITION BY " + columns + " ";
}

}  // namespace

std::string PackQuery::unit_values(const QuantityRule& rule, const Rows& rows,
                                   const std::string& group) {
  const std::string keys = with(group) + key_columns(rows.keys, "");
  const std::string counted = " FROM " + rows.name + " s WHERE s.why IS NULL";
  if (rule.kind == MeasureKind::kCount) {
    return "SELECT DISTINCT " + keys + ", 1 AS value, 1 AS unit, 0 AS bad" + counted;
  }
  // All values over one denominator: the largest, as all are powers of ten.
  const std::string scaled = "SELECT s.*, " + exact("s.num * (s.unit / s.den)") +
                             " AS value FROM (SELECT s.*, max(s.den) "
                             "OVER () AS unit" +
                             counted + ") s";
  if (rule.kind == MeasureKind::kStock) {
    return "SELECT " + keys + ", value, unit, 0 AS bad FROM (SELECT s.*, ROW_NUMBER() OVER (" +
           by(keys) + kLatestFirst + ") AS n FROM (" + scaled + ") s) s WHERE n = 1";
  }
  // Claims of one key that differ: the least of them, none, or an error.
  std::string out =
      "SELECT " + keys + ", min(value) AS value, max(unit) AS unit, " +
      (rule.conflict == Conflict::kError ? "CASE WHEN min(value) <> max(value) THEN 1 ELSE 0 END"
                                         : "0") +
      " AS bad FROM (" + scaled + ") s" + grouped_by(keys);
  if (rule.conflict == Conflict::kExclude) {
    out += " HAVING min(value) = max(value)";
  }
  return out;
}

std::string PackQuery::measure(const QuantityRule& rule, const Rows& rows, const std::string& group,
                               const std::string& credit, const std::string& about) {
  switch (rule.kind) {
    case MeasureKind::kPersonDays:
    case MeasureKind::kLongestRunMonths:
      return measure_person_time(rule, rows, group, about);
    case MeasureKind::kMin:
    case MeasureKind::kMax:
    case MeasureKind::kLatest: {
      const std::string scaled = "(SELECT s.*, " + exact("s.num * (s.unit / s.den)") +
                                 " AS value FROM (SELECT s.*, max(s.den) OVER () AS unit FROM " +
                                 rows.name + " s WHERE s.why IS NULL) s) s";
      if (rule.kind == MeasureKind::kLatest) {
        return add("latest", about,
                   "SELECT " + with(group) +
                       "value AS num, unit AS den, 0 AS bad FROM (SELECT s.*, "
                       "ROW_NUMBER() OVER (" +
                       by(group) + kLatestFirst + ") AS n FROM " + scaled + ") s WHERE n = 1");
      }
      return add("extreme", about,
                 "SELECT " + with(group) + (rule.kind == MeasureKind::kMin ? "min" : "max") +
                     "(value) AS num, max(unit) AS den, 0 AS bad FROM " + scaled +
                     grouped_by(group) + (group.empty() ? " HAVING count(*) > 0" : ""));
    }
    default:
      break;
  }
  const std::string units = add("units", about, unit_values(rule, rows, group));
  if (credit.empty()) {
    return add("total", "",
               "SELECT " + with(group) +
                   "sum(value) AS num, max(unit) AS den, max(bad) AS bad FROM " + units +
                   grouped_by(group));
  }
  // The parts of several claimants have different denominators.
  const std::string parts =
      add("parts", "",
          "SELECT sum(" + exact("u.value * c.part_num") +
              ") AS num, u.unit * c.part_den AS den, "
              "max(u.bad) AS bad FROM " +
              units + " u JOIN " + credit + " c ON " + same_key(rows.keys, "c", "u") +
              " GROUP BY u.unit * c.part_den");
  const std::string sum = folded(parts, "added up over one denominator");
  return add("total", "",
             "SELECT f.num, f.den, (SELECT max(bad) FROM " + units + ") AS bad FROM " + sum + " f");
}

std::string PackQuery::folded(const std::string& parts, const std::string& about) {
  const std::string numbered = add(
      "denominators", "",
      "SELECT ROW_NUMBER() OVER (ORDER BY den) AS n, CAST(den AS NUMERIC) AS den FROM " + parts);
  const std::string common = add(
      "common", "the least common multiple of the denominators",
      "SELECT CAST(0 AS BIGINT), CAST(1 AS NUMERIC)\nUNION ALL\nSELECT p.n, " +
          sql_quotient(dialect_, "f.den", sql_gcd(dialect_, "f.den", "p.den")) + " * p.den\nFROM " +
          std::string(kSqlItself) + " f JOIN " + numbered + " p ON p.n = f.n + 1",
      "(n, den)");
  const std::string unit =
      add("unit", "", "SELECT den FROM " + common + " ORDER BY n DESC LIMIT 1");
  return add("sum", about,
             "SELECT sum(" + exact("p.num * " + sql_quotient(dialect_, "u.den", "p.den")) +
                 ") AS num, max(u.den) AS den FROM " + parts + " p CROSS JOIN " + unit + " u");
}

std::string PackQuery::measure_person_time(const QuantityRule& rule, const Rows& rows,
                                           const std::string& group, const std::string& about) {
  const std::string person = with(group) + "person";
  // The days of each fact within the window; those of one person that touch make one run.
  const std::string spans =
      add("spans", about,
          "SELECT * FROM (SELECT " + person +
              ",\n  CASE WHEN start_day > window_first THEN start_day ELSE window_first END AS "
              "first_day,\n  CASE WHEN end_day < window_last THEN end_day ELSE window_last END AS "
              "last_day\nFROM " +
              rows.name + " WHERE why IS NULL) s WHERE first_day <= last_day");
  const std::string begins =
      add("begins", "a run begins where all before it ended earlier than the day before",
          "SELECT s.*, CASE WHEN first_day <= max(last_day) OVER (PARTITION BY " + person +
              " ORDER BY first_day, last_day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1 "
              "THEN 0 ELSE 1 END AS begins FROM " +
              spans + " s");
  const std::string runs =
      add("runs", "",
          "SELECT " + person +
              ", min(first_day) AS first_day, max(last_day) AS last_day FROM (SELECT "
              "s.*, sum(begins) OVER (PARTITION BY " +
              person + " ORDER BY first_day, last_day ROWS UNBOUNDED PRECEDING) AS run FROM " +
              begins + " s) s GROUP BY " + person + ", run");
  if (rule.kind == MeasureKind::kPersonDays) {
    return add("person_days", "",
               "SELECT " + with(group) +
                   "COALESCE(sum(last_day - first_day + 1), 0) AS num, 1 AS den, 0 AS bad FROM " +
                   runs + grouped_by(group));
  }
  // The n-th month is full on the day before the corresponding day, or on the last day of a month
  // that has none (Civil Code art. 202).
  const std::string months =
      "(SELECT COALESCE(max(t.no - m.no), 0) FROM month m JOIN month t ON t.no > m.no WHERE "
      "m.first_day = (SELECT max(first_day) FROM month WHERE first_day <= r.first_day) AND "
      "t.first_day <= r.last_day + 31 AND CASE WHEN t.first_day + r.first_day - m.first_day > "
      "t.last_day THEN t.last_day ELSE t.first_day + r.first_day - m.first_day - 1 END <= "
      "r.last_day)";
  return add("longest_run", "",
             "SELECT " + with(group) +
                 "COALESCE(max(months), 0) AS num, 1 AS den, 0 AS bad FROM "
                 "(SELECT r.*, " +
                 months + " AS months FROM " + runs + " r) r" + grouped_by(group));
}

std::string PackQuery::credit(const PackIndicator& indicator, const Rows& rows,
                              const Period& period) {
  const std::string all = claims(rows, period);
  const std::string in = inside(all, indicator.rollup, period);
  const std::string keys = key_columns(rows.keys, "s.");
  const std::string counted = rows.name + " s";
  if (indicator.rollup.credit == Credit::kSplitEqual) {
    return add("credit", "one part for each claimant",
               "SELECT " + keys +
                   ", count(DISTINCT i.org) AS part_num, count(DISTINCT c.org) AS part_den FROM " +
                   counted + " JOIN " + all + " c ON c.id = s.id AND c.pos = s.pos LEFT JOIN " +
                   in +
                   " i ON i.id = s.id AND i.pos = s.pos AND i.org = c.org WHERE s.why IS NULL "
                   "GROUP BY " +
                   keys + " HAVING count(DISTINCT i.org) > 0");
  }
  // What the latest claim says decides.
  const std::string latest =
      add("latest", "the claim of each key that speaks",
          "SELECT * FROM (SELECT s.*, ROW_NUMBER() OVER (PARTITION BY " + keys + " " +
              kLatestFirst + ") AS n FROM " + counted + " WHERE s.why IS NULL) s WHERE n = 1");
  const bool lead = indicator.rollup.credit == Credit::kLead;
  const std::string named =
      lead
          ? add("leads", "",
                "SELECT s.id, s.pos, s.day, s.lead AS org, 1 AS num, 1 AS den FROM " + latest +
                    " s WHERE s.lead IS NOT NULL\nUNION\nSELECT s.id, s.pos, s.day, e.txt, 1, 1 "
                    "FROM " +
                    latest +
                    " s JOIN element e ON e.list = s.lead_items WHERE e.kind = "
                    "'t' AND NOT EXISTS (SELECT 1 FROM element o WHERE o.list = s.lead_items AND "
                    "o.kind = 't' AND o.txt <> e.txt)")
          : add("shares", "",
                "SELECT s.id, s.pos, s.day, a.txt AS org, COALESCE(b.num, b.percent_num) AS num, "
                "COALESCE(b.den, b.percent_den) AS den FROM " +
                    latest +
                    " s JOIN element pair ON pair.list = s.shares JOIN element a ON a.list = "
                    "pair.items AND a.pos = 1 JOIN element b ON b.list = pair.items AND b.pos = 2");
  const std::string ours = inside(named, indicator.rollup, period);
  const std::string parts =
      add("parts", "",
          "SELECT n.id, n.pos, n.num, n.den, max(n.den) OVER (PARTITION BY n.id, n.pos) AS unit "
          "FROM " +
              named + " n JOIN " + ours +
              " i ON i.id = n.id AND i.pos = n.pos AND i.org = "
              "n.org");
  return add("credit", "what falls to the node",
             "SELECT " + keys + ", sum(" + exact("p.num * (p.unit / p.den)") +
                 ") AS part_num, max(p.unit) AS part_den FROM " + latest + " s JOIN " + parts +
                 " p ON p.id = s.id AND p.pos = s.pos GROUP BY " + keys);
}

}  // namespace hefu
