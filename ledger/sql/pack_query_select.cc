// Which facts a rule is about: types, time, conditions, joins, evidence, key. Source: FORMAT.md,
// "The fact rule".
#include "ledger/sql/pack_query.h"

namespace hefu {

namespace {

std::string or_null(const std::string& sql, const char* type) {
  return sql.empty() ? std::string("CAST(NULL AS ") + type + ")" : sql;
}

std::string day_of(const SqlTerm& term) {
  return or_null(term.day, "BIGINT");
}

/// A number as measures and shares read it: written with a per cent sign or not.
SqlNumber any_number(const SqlTerm& term) {
  if (term.number.num.empty()) {
    return {"CAST(NULL AS NUMERIC)", "CAST(NULL AS BIGINT)"};
  }
  if (term.percent.num.empty()) {
    return term.number;
  }
  return {"COALESCE(" + term.number.num + ", " + term.percent.num + ")",
          "COALESCE(" + term.number.den + ", " + term.percent.den + ")"};
}

/// The date a fact is ordered and judged late by.
std::string business_day(const TimeRule& time, SqlScope& scope) {
  return time.field ? day_of(scope.field(*time.field)) : "COALESCE(f.on_day, f.start_day)";
}

std::string key_list(const std::vector<FieldPath>& key, SqlScope& scope, std::string* missing) {
  std::string out;
  std::size_t number = 0;
  for (const FieldPath& path : key) {
    const std::string identity = or_null(scope.field(path).identity, "TEXT");
    out += ",\n       " + identity + " AS k" + std::to_string(++number);
    *missing += (missing->empty() ? "" : " OR ") + identity + " IS NULL";
  }
  return out;
}

bool is_interval(const std::optional<QuantityRule>& quantity) {
  return quantity && (quantity->kind == MeasureKind::kPersonDays ||
                      quantity->kind == MeasureKind::kLongestRunMonths);
}

std::string why_of(const EvidenceRule& evidence, const std::string& lag_from,
                   const std::string& missing, const std::string& unusable) {
  std::string out =
      "CASE WHEN g.superseded = 1 THEN 'superseded'\n"
      "            WHEN f.standing IN ('disputed', 'rejected', 'ended') THEN f.standing";
  std::string low = evidence.min == Grade::kE0
                        ? ""
                        : "g.grade < " + std::to_string(static_cast<int>(evidence.min));
  if (evidence.independent) {
    low += (low.empty() ? "" : " OR ") + std::string("g.independent = 0");
  }
  out += low.empty() ? "" : "\n            WHEN " + low + " THEN 'low_evidence'";
  if (evidence.max_lag_days) {
    out += "\n            WHEN NOT COALESCE(f.recorded_day - " + lag_from +
           " <= " + std::to_string(*evidence.max_lag_days) + ", FALSE) THEN 'late'";
  }
  out += missing.empty() ? "" : "\n            WHEN " + missing + " THEN 'no_key'";
  out += unusable;
  return out + " END";
}

std::string rows_key(const std::string& what, const FactRule& rule, const std::string& period) {
  std::string out = what + "|" + period + "|";
  for (const FieldPath& path : rule.key) {
    out += path.text() + ",";
  }
  return out;
}

}  // namespace

std::string PackQuery::time_condition(const TimeRule& rule, bool interval, const std::string& day,
                                      const std::string& row, const std::string& first,
                                      const std::string& last) const {
  const auto overlaps = [&](const std::string& from) {
    return "(" + row + ".start_day <= " + last + " AND (" + row + ".end_day IS NULL OR " + row +
           ".end_day >= " + from + "))";
  };
  switch (rule.mode) {
    case TimeMode::kActiveAtEnd:
      return overlaps(last);
    case TimeMode::kOverlap:
      return overlaps(first);
    case TimeMode::kLatestAtEnd:
      return "(" + day + " <= " + last +
             (rule.max_age_days
                  ? " AND " + last + " - " + day + " <= " + std::to_string(*rule.max_age_days)
                  : "") +
             ")";
    case TimeMode::kCumulative:
    case TimeMode::kRolling:
    case TimeMode::kAnchored:
      if (interval && !rule.field) {
        return "(" + first + " <= " + last + " AND " + overlaps(first) + ")";
      }
      break;
    case TimeMode::kOccurred:
      break;
  }
  return day + " BETWEEN " + first + " AND " + last;
}

std::string PackQuery::columns_of(const Picks& picks, SqlScope& scope,
                                  std::string* unusable) const {
  std::string out;
  const auto pick = [&](const std::string& sql, const char* name) {
    out += ",\n       " + sql + " AS " + name;
  };
  if (picks.claim) {
    const SqlTerm claim = scope.field(*picks.claim);
    pick(or_null(claim.sort == SqlTerm::Sort::kDay ? "" : claim.text, "TEXT"), "claim");
    pick(or_null(claim.items, "BIGINT"), "claim_items");
  }
  if (picks.who) {
    const SqlTerm who = scope.field(*picks.who);
    pick(or_null(picks.who_is_organisation ? who.text : who.identity, "TEXT"), "who");
  }
  if (picks.anchor) {
    pick(day_of(scope.field(*picks.anchor)), "anchor");
  }
  if (picks.den_anchor) {
    pick(day_of(scope.field(*picks.den_anchor)), "den_anchor");
  }
  if (picks.text) {
    const std::string text = or_null(scope.field(*picks.quantity->value).text, "TEXT");
    pick(text, "txt");
    *unusable += "\n            WHEN " + text +
                 " IS NULL THEN 'no_value'\n            WHEN length(" + text + ") > " +
                 std::to_string(picks.max_chars) + " THEN 'too_long'";
  } else if (picks.quantity && picks.quantity->value) {
    const SqlNumber value = any_number(scope.field(*picks.quantity->value));
    std::string num = value.num;
    std::string den = value.den;
    for (const FieldPath& path : picks.quantity->times) {
      const SqlNumber factor = any_number(scope.field(path));
      num += " * " + factor.num;
      den += " * " + factor.den;
    }
    if (!picks.quantity->times.empty()) {
      num = exact(num);
      den = exact(den);
    }
    pick(num, "num");
    pick(den, "den");
    *unusable += "\n            WHEN " + num + " IS NULL THEN 'no_value'";
  } else if (picks.quantity && picks.quantity->person) {
    const std::string person = or_null(scope.field(*picks.quantity->person).identity, "TEXT");
    pick(person, "person");
    *unusable += "\n            WHEN " + person + " IS NULL OR f.start_day IS NULL THEN 'no_value'";
  }
  if (picks.shared != nullptr && picks.shared->credit == Credit::kLead) {
    const SqlTerm lead = scope.field(*FieldPath::parse("body.lead_org"));
    pick(lead.text, "lead");
    pick(lead.items, "lead_items");
  }
  if (picks.shared != nullptr && picks.shared->credit == Credit::kDeclared) {
    const std::string shares = or_null(scope.field(picks.shared->shares).items, "BIGINT");
    pick(shares, "shares");
    // Pairs of an organisation and a part, no organisation twice, in total exactly 1.
    *unusable +=
        "\n            WHEN f.standing <> 'confirmed'"
        "\n                 OR NOT EXISTS (SELECT 1 FROM signer v WHERE v.fact = f.id)"
        "\n                 OR NOT COALESCE((SELECT count(*) = count(DISTINCT x.org)"
        " AND min(x.num) >= 0 AND sum(x.num * (x.unit / x.den)) = max(x.unit)"
        "\n                      FROM (SELECT a.txt AS org, COALESCE(b.num, b.percent_num) AS num,"
        " COALESCE(b.den, b.percent_den) AS den,"
        "\n                                   max(COALESCE(b.den, b.percent_den)) OVER () AS unit"
        "\n                            FROM element pair"
        "\n                            LEFT JOIN element a ON a.list = pair.items AND a.pos = 1"
        "\n                            LEFT JOIN element b ON b.list = pair.items AND b.pos = 2"
        "\n                            WHERE pair.list = " +
        shares +
        ") x), FALSE)"
        "\n                 OR EXISTS (SELECT 1 FROM element pair"
        "\n                            LEFT JOIN element a ON a.list = pair.items AND a.pos = 1"
        "\n                            LEFT JOIN element b ON b.list = pair.items AND b.pos = 2"
        "\n                            LEFT JOIN element c ON c.list = pair.items AND c.pos = 3"
        "\n                            WHERE pair.list = " +
        shares +
        " AND (a.txt IS NULL OR COALESCE(b.num, b.percent_num) IS NULL OR c.pos IS NOT NULL))"
        " THEN 'no_shares'";
  }
  return out;
}

PackQuery::Rows PackQuery::select(const std::string& base, const FactRule& rule,
                                  const std::optional<Expression>& narrow, const Period& period,
                                  const Picks& picks) {
  const std::string p = period_step(period);
  const std::string w = window_step(rule.time, period);
  const SqlPeriod days{"p.first_day", "p.last_day"};
  SqlScope scope = SqlScope::of_fact("f", "p.last_day");
  std::string from = "FROM fact f\n  CROSS JOIN " + p + " p";
  if (w != p) {
    from += "\n  CROSS JOIN " + w + " w";
  }
  const std::string window = w == p ? "p" : "w";
  from += "\n  JOIN fact_grade g ON g.fact = f.id";
  std::string where = "\nWHERE f.type IN (" + sql_list(rule.types) + ")";
  std::string pos = "0";
  if (rule.each) {
    const std::string name = rule.each->text();
    if (name.starts_with("body.")) {
      from += "\n  JOIN field each_list ON each_list.fact = f.id AND each_list.name = " +
              sql_text(name.substr(5)) + "\n  JOIN element item ON item.list = each_list.items";
      scope.stands_for("item");
      pos = "item.pos";
    } else {
      where += " AND FALSE";  // nothing but a body holds lists
    }
  }
  const std::string deciding = rule.time.field ? day_of(scope.field(*rule.time.field)) : "f.on_day";
  if (!picks.any_time) {
    std::string first = window + ".first_day";
    std::string last = window + ".last_day";
    if (rule.time.mode == TimeMode::kAnchored) {
      first = day_of(scope.field(*rule.time.anchor));
      const std::string end = sql_plus_months(first, std::to_string(12 * rule.time.years)) + " - 1";
      last = "CASE WHEN " + end + " < p.last_day THEN " + end + " ELSE p.last_day END";
    }
    where += "\n  AND " +
             time_condition(rule.time, is_interval(picks.quantity), deciding, "f", first, last);
  }
  for (const std::optional<Expression>* condition : {&rule.where, &narrow}) {
    if (*condition) {
      where += "\n  AND " + sql_condition(**condition, scope, days, dialect_);
    }
  }
  for (const JoinRule& join : rule.joins) {
    where += "\n  AND " + passes_join(join, period, scope, days);
  }
  std::string missing;
  const std::string keys = key_list(rule.key, scope, &missing);
  std::string unusable;
  const std::string picked = columns_of(picks, scope, &unusable);
  const std::string day = business_day(rule.time, scope);
  const std::string lag_from =
      rule.evidence.lag_from ? day_of(scope.field(*rule.evidence.lag_from)) : day;
  std::string select = "SELECT f.id, " + pos + " AS pos" + keys + ",\n       " +
                       why_of(rule.evidence, lag_from, missing, unusable) + " AS why,\n       " +
                       day + " AS day" + picked;
  select += picks.any_time || is_interval(picks.quantity)
                ? ",\n       " + deciding + " AS time_day, f.start_day, f.end_day"
                : "";
  if (!picks.any_time && is_interval(picks.quantity)) {
    select += ", " + window + ".first_day AS window_first, " + window + ".last_day AS window_last";
  }
  return {add(base, "", select + "\n" + from + scope.joins() + where), rule.key.size()};
}

PackQuery::Rows PackQuery::select_directory(const std::string& base, const FactRule& rule,
                                            const std::optional<Expression>& narrow,
                                            const Period& period, const Picks& picks) {
  const SqlPeriod days{"p.first_day", "p.last_day"};
  SqlScope scope = SqlScope::of_organisation("o.id", "p.last_day");
  std::string where;
  for (const std::optional<Expression>* condition : {&rule.where, &narrow}) {
    if (*condition) {
      where += (where.empty() ? "\nWHERE " : "\n  AND ") +
               sql_condition(**condition, scope, days, dialect_);
    }
  }
  std::string missing;
  const std::string keys = key_list(rule.key, scope, &missing);
  std::string unusable;
  const std::string picked = columns_of(picks, scope, &unusable);
  return {add(base, "",
              "SELECT o.id, 0 AS pos" + keys + ",\n       CASE WHEN " + missing +
                  " THEN 'no_key' END AS why,\n       CAST(NULL AS BIGINT) AS day" + picked +
                  "\nFROM organisation o\n  CROSS JOIN " + period_step(period) + " p" +
                  scope.joins() + where),
          rule.key.size()};
}

PackQuery::Rows PackQuery::select_set(const PackSet& set, const Period& period,
                                      const Picks& picks) {
  const std::string what = rows_key("set " + set.id, set.rule, period.text) +
                           (picks.claim ? picks.claim->text() : "") + "|" +
                           (picks.who ? picks.who->text() : "") + "|" +
                           (picks.anchor ? picks.anchor->text() : "") + "|" +
                           (picks.den_anchor ? picks.den_anchor->text() : "");
  const auto known = known_rows_.find(what);
  if (known != known_rows_.end()) {
    return known->second;
  }
  const Rows out = set.from_directory
                       ? select_directory("set_" + set.id, set.rule, std::nullopt, period, picks)
                       : select("set_" + set.id, set.rule, std::nullopt, period, picks);
  return known_rows_[what] = out;
}

std::string PackQuery::passes_join(const JoinRule& join, const Period& period, SqlScope& scope,
                                   const SqlPeriod& days) {
  FactRule rule;
  rule.types = join.types;
  rule.where = join.where;
  rule.key = join.with;
  rule.time = join.time;
  rule.evidence = join.evidence;
  rule.each = join.each;
  const Rows others = select("joined", rule, std::nullopt, period, {});
  std::string where = "j.why IS NULL AND j.id <> f.id";
  std::size_t number = 0;
  for (const FieldPath& path : join.on) {
    const std::string identity = or_null(scope.field(path).identity, "TEXT");
    where += " AND j.k" + std::to_string(++number) + " = " + identity;
  }
  std::string from = "FROM " + others.name + " j";
  if (join.pair) {
    from += " JOIN fact jf ON jf.id = j.id";
    SqlScope partner = SqlScope::of_fact("jf", scope.as_of());
    if (join.each && join.each->text().starts_with("body.")) {
      from += " JOIN field j_list ON j_list.fact = j.id AND j_list.name = " +
              sql_text(join.each->text().substr(5)) +
              " JOIN element j_item ON j_item.list = j_list.items AND j_item.pos = j.pos";
      partner.stands_for("j_item");
    }
    scope.joined_with(&partner);
    where += " AND " + sql_condition(*join.pair, scope, days, dialect_);
    scope.joined_with(nullptr);
    from += partner.joins();
  }
  return std::string(join.none ? "NOT " : "") + "EXISTS (SELECT 1 " + from + " WHERE " + where +
         ")";
}

}  // namespace hefu
