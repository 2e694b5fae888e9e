// Which of the facts selected belong to the node, and to the sets an indicator is restricted to.
// Source: FORMAT.md, "Indicators" and "Roll-up and credit".
#include "ledger/sql/pack_query.h"

namespace hefu {

std::string PackQuery::claims(const Rows& rows, const Period& period) {
  std::string& known = known_["claims " + rows.name + period.text];
  if (known.empty()) {
    known = add("claims", "who claims what",
                "SELECT id, pos, day, claim AS org FROM " + rows.name +
                    " WHERE claim IS NOT NULL\nUNION\nSELECT s.id, s.pos, s.day, e.txt FROM " +
                    rows.name + " s JOIN element e ON e.list = s.claim_items WHERE e.kind = 't'");
  }
  return known;
}

std::string PackQuery::line(const std::string& orgs, const std::string& day, const Period& period) {
  std::string& known = known_["line " + orgs + " " + day + period.text];
  if (known.empty()) {
    // Above an organisation: its parent, what stands before the last "/" of its id, its district.
    const std::string up =
        "COALESCE(NULLIF(pa.txt, ''), " + sql_folder("l.above") + ", NULLIF(di.txt, ''))";
    const std::string then = "l.day BETWEEN ";
    known = add("line", "each of them with all that stand above it",
                "SELECT c.org, " + day + ", c.org FROM " + orgs + " c CROSS JOIN " +
                    period_step(period) + " p\nUNION\nSELECT l.org, l.day, " + up + "\nFROM " +
                    std::string(kSqlItself) +
                    " l\n  LEFT JOIN attribute_span pa ON pa.org = l.above AND pa.name = 'parent' "
                    "AND " +
                    then +
                    "pa.from_day AND pa.to_day\n  LEFT JOIN attribute_span di ON "
                    "di.org = l.above AND di.name = 'district' AND " +
                    then + "di.from_day AND di.to_day\nWHERE " + up + " IS NOT NULL",
                "(org, day, above)");
  }
  return known;
}

std::string PackQuery::inside(const std::string& claims, const RollupRule& rollup,
                              const Period& period) {
  std::string& known =
      known_["inside " + claims + (rollup.as_of_event ? " event " : " ") + period.text];
  if (!known.empty()) {
    return known;
  }
  const std::string node = sql_text(*node_);
  const std::string p = period_step(period);
  const std::string then = rollup.as_of_event ? "COALESCE(c.day, p.last_day)" : "p.last_day";
  const std::string at_end = line(claims, "p.last_day", period);
  const std::string own = rollup.as_of_event ? line(claims, then, period) : at_end;
  const std::string member_day = rollup.as_of_event ? "c.day" : "p.last_day";
  known =
      add("inside", "of the node " + *node_,
          "SELECT c.id, c.pos, c.org FROM " + claims + " c CROSS JOIN " + p + " p JOIN " + own +
              " l ON l.org = c.org AND l.day = " + then +
              "\nWHERE NOT EXISTS (SELECT 1 FROM org_group WHERE id = " + node +
              ") AND (l.above = " + node + " OR substr(c.org, 1, length(" + node +
              ") + 1) = " + node + " || '/')\nUNION\nSELECT c.id, c.pos, c.org FROM " + claims +
              " c CROSS JOIN " + p + " p JOIN " + at_end +
              " l ON l.org = c.org AND l.day = p.last_day\n  JOIN membership m ON m.grp = " + node +
              " AND m.org = l.above AND m.from_day <= " + member_day +
              " AND (m.to_day IS NULL OR m.to_day >= " + member_day + ")");
  return known;
}

PackQuery::Picks PackQuery::picks_of(const PackIndicator& indicator) {
  Picks out;
  out.claim = indicator.rollup.attribute;
  out.quantity = indicator.measure.quantity;
  out.text = indicator.measure.kind == MeasureKind::kNarrative;
  out.max_chars = indicator.measure.max_chars;
  out.shared = indicator.rollup.credit == Credit::kRecompute ? nullptr : &indicator.rollup;
  return out;
}

PackQuery::Rows PackQuery::set_keys(const PackSet& set, const RollupRule& rollup,
                                    const Period& period, bool whole) {
  Picks picks;
  picks.claim = set.from_directory ? *FieldPath::parse("org") : rollup.attribute;
  const Rows rows = select_set(set, period, picks);
  const bool all = whole || set.from_directory || !node_;
  const std::string what = "keys " + rows.name +
                           (all                  ? ""
                            : rollup.as_of_event ? " event"
                                                 : " node");
  std::string& known = known_[what];
  if (known.empty()) {
    std::string where = "s.why IS NULL";
    if (!all) {
      const std::string in = inside(claims(rows, period), rollup, period);
      where += " AND EXISTS (SELECT 1 FROM " + in + " i WHERE i.id = s.id AND i.pos = s.pos)";
    }
    known_[what] = add("keys_" + set.id, "",
                       "SELECT DISTINCT " + key_columns(rows.keys, "s.") + " FROM " + rows.name +
                           " s WHERE " + where);
  }
  return {known_[what], rows.keys};
}

PackQuery::Rows PackQuery::scope(const PackIndicator& indicator, const Period& period, bool whole) {
  whole = whole || !node_;
  const std::string what =
      "scope " + indicator.id + "|" + period.text + (whole ? "|whole" : "|node");
  if (const auto known = known_rows_.find(what); known != known_rows_.end()) {
    return known->second;
  }
  const std::string all = "selected " + indicator.id + "|" + period.text;
  if (!known_rows_.contains(all)) {
    const Picks picks = picks_of(indicator);
    known_rows_[all] =
        indicator.from_directory
            ? select_directory(indicator.id, indicator.rule, indicator.narrow, period, picks)
            : select(indicator.id, indicator.rule, indicator.narrow, period, picks);
  }
  const Rows rows = known_rows_[all];
  std::string where;
  const auto require = [&](const std::string& condition) {
    where += (where.empty() ? "\nWHERE " : "\n  AND ") + condition;
  };
  if (!whole) {
    const std::string in = inside(claims(rows, period), indicator.rollup, period);
    require("EXISTS (SELECT 1 FROM " + in + " i WHERE i.id = s.id AND i.pos = s.pos)");
  }
  const auto has_key = [&](const Rows& keys, const std::string& also) {
    return "EXISTS (SELECT 1 FROM " + keys.name + " q WHERE " + also +
           same_key(rows.keys, "q", "s") + ")";
  };
  if (const PackSet* set = pack_.find_set(indicator.in_set)) {
    require(has_key(set_keys(*set, indicator.rollup, period, whole), ""));
  }
  if (const PackSet* set = pack_.find_set(indicator.not_in_set)) {
    require("NOT " + has_key(set_keys(*set, indicator.rollup, period, whole), ""));
  }
  if (const PackIndicator* superset = pack_.find_indicator(indicator.subset_of)) {
    require(has_key(scope(*superset, period, whole), "q.why IS NULL AND "));
  }
  Rows out = rows;
  if (!where.empty()) {
    out.name = add(indicator.id, "of these, those in scope",
                   "SELECT s.* FROM " + rows.name + " s" + where);
  }
  return known_rows_[what] = out;
}

}  // namespace hefu
