// Measures over members: share (of a set, by a test on each) and absent (of a group, by clearances
// and violations). Source: FORMAT.md, "Measures".
#include "ledger/sql/pack_query.h"

namespace hefu {

namespace {

bool is_organisation(const FieldPath& path) {
  return path.field() == FieldPath::Field::kOrg || path.field() == FieldPath::Field::kActor;
}

bool is_interval(MeasureKind kind) {
  return kind == MeasureKind::kPersonDays || kind == MeasureKind::kLongestRunMonths;
}

/// What a measure gives for nothing: 0, or nothing where an extreme is asked for.
bool is_zero_of_nothing(MeasureKind kind) {
  return kind != MeasureKind::kMin && kind != MeasureKind::kMax && kind != MeasureKind::kLatest;
}

}  // namespace

std::string PackQuery::test_values(const PackIndicator& indicator, const MemberTest& test,
                                   const std::string& members, const std::string& anchor,
                                   const Period& period) {
  const bool organisations = is_organisation(indicator.measure.share->member);
  Picks picks;
  picks.quantity = test.quantity;
  picks.who = test.member;
  picks.who_is_organisation = organisations;
  picks.any_time = true;
  const Rows all = select("test_" + indicator.id, test.facts, std::nullopt, period, picks);
  const TimeRule& time = test.facts.time;
  std::string w = window_step(time, period);
  std::string first = "w.first_day";
  std::string last = "w.last_day";
  if (time.mode == TimeMode::kAnchored) {
    const std::string end = sql_plus_months(anchor, std::to_string(12 * time.years)) + " - 1";
    first = anchor;
    last = "CASE WHEN " + end + " < w.last_day THEN " + end + " ELSE w.last_day END";
  }
  // An organisation's facts include those of the units below it.
  std::string from = members + " m";
  if (organisations) {
    const std::string named =
        add("named", "", "SELECT DISTINCT who AS org FROM " + all.name + " WHERE who IS NOT NULL");
    from += " JOIN " + line(named, "p.last_day", period) + " l ON l.above = m.member JOIN " +
            all.name + " s ON s.who = l.org";
  } else {
    from += " JOIN " + all.name + " s ON s.who = m.member";
  }
  const Rows own{add("of_members", "the facts of each member within the window",
                     "SELECT m.member, s.*, " + first + " AS window_first, " + last +
                         " AS window_last FROM " + from + " CROSS JOIN " + w + " w WHERE " +
                         time_condition(time, is_interval(test.quantity.kind), "s.time_day", "s",
                                        first, last)),
                 all.keys};
  return measure(test.quantity, own, "member", "", "");
}

std::string PackQuery::from_share(const PackIndicator& indicator, const Period& period) {
  const ShareRule& share = *indicator.measure.share;
  const PackSet& set = *pack_.find_set(share.population);
  RollupRule rollup = indicator.rollup;
  Picks picks;
  picks.who = share.member;
  picks.who_is_organisation = is_organisation(share.member);
  picks.anchor = share.test.facts.time.anchor;
  picks.den_anchor = share.per ? share.per->facts.time.anchor : std::nullopt;
  if (set.from_directory) {
    rollup.attribute = *FieldPath::parse("org");
    rollup.as_of_event = false;
  }
  picks.claim = rollup.attribute;
  const Rows population = select_set(set, period, picks);
  std::string where = "s.why IS NULL AND s.who IS NOT NULL";
  if (node_) {
    const std::string in = inside(claims(population, period), rollup, period);
    where += " AND EXISTS (SELECT 1 FROM " + in + " i WHERE i.id = s.id AND i.pos = s.pos)";
  }
  // Each member, and the latest fact that names it.
  const std::string members = add(
      "members", "the population of " + indicator.id,
      "SELECT who AS member, id, pos" + std::string(picks.anchor ? ", anchor" : "") +
          (picks.den_anchor ? ", den_anchor" : "") +
          " FROM (SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.who ORDER BY CASE WHEN s.day IS "
          "NULL THEN 1 ELSE 0 END, s.day DESC, s.id DESC, s.pos) AS n FROM " +
          population.name + " s WHERE " + where + ") s WHERE n = 1");
  const std::string num = test_values(indicator, share.test, members, "m.anchor", period);
  const auto value_of = [](const MemberTest& test, const std::string& t) {
    return is_zero_of_nothing(test.quantity.kind)
               ? SqlNumber{"COALESCE(" + t + ".num, 0)", "COALESCE(" + t + ".den, 1)"}
               : SqlNumber{t + ".num", t + ".den"};
  };
  SqlNumber value = value_of(share.test, "t");
  std::string from = members + " m LEFT JOIN " + num + " t ON t.member = m.member";
  std::string bad = "COALESCE(t.bad, 0)";
  if (share.per) {
    const std::string den = test_values(indicator, *share.per, members, "m.den_anchor", period);
    from += " LEFT JOIN " + den + " d ON d.member = m.member";
    const SqlNumber by = value_of(*share.per, "d");
    const std::string sign =
        "CASE WHEN " + by.num + " < 0 THEN -1 WHEN " + by.num + " > 0 THEN 1 END";
    value = {exact(value.num + " * " + by.den + " * " + sign),
             exact(value.den + " * abs(" + by.num + ")")};
    bad += " + COALESCE(d.bad, 0)";
  }
  const std::string values = add(
      "values", "",
      "SELECT " + value.num + " AS num, " + value.den + " AS den, " + bad + " AS bad FROM " + from);
  return reduced("figure_" + indicator.id,
                 "== " + indicator.id + " " + indicator.title.zh + " 「" + indicator.quote + "」",
                 "SELECT CASE WHEN max(bad) > 0 THEN 'error' WHEN count(*) = 0 THEN 'na' ELSE "
                 "'value' END AS status, CASE WHEN max(bad) > 0 OR count(*) = 0 THEN NULL ELSE "
                 "sum(CASE WHEN " +
                     sql_threshold(dialect_, share.threshold, {"v.num", "v.den"}) +
                     " THEN 1 ELSE 0 END) END AS num, CASE WHEN max(bad) > 0 OR count(*) = 0 THEN "
                     "NULL ELSE count(*) END AS den FROM " +
                     values + " v");
}

std::string PackQuery::absent_side(const AbsentRule::Side& side, const std::string& first,
                                   const Period& period, const std::string& members) {
  const std::string p = period_step(period);
  SqlScope scope = SqlScope::of_fact("f", "p.last_day");
  const SqlPeriod days{"p.first_day", "p.last_day"};
  const std::string day = "COALESCE(f.on_day, f.start_day)";
  std::string where = "f.type IN (" + sql_list(side.types) + ")\n  AND g.superseded = 0 AND " +
                      "f.standing IN ('claimed', 'confirmed')\n  AND " + day + " BETWEEN " + first +
                      " AND p.last_day";
  if (side.where) {
    where += "\n  AND " + sql_condition(*side.where, scope, days, dialect_);
  }
  std::string issuer_joins;
  if (!side.issuer_attr.empty()) {
    const SqlTerm says = scope.attribute("f.actor", side.issuer_attr);
    where += "\n  AND (" + says.flag + " = 1 OR " + says.text + " = 'true')";
  }
  SqlScope issuer = SqlScope::of_organisation("f.actor", "p.last_day");
  if (side.issuer) {
    where += "\n  AND " + sql_condition(*side.issuer, issuer, days, dialect_);
    issuer_joins = issuer.joins();
  }
  // Whom it is about: what the rule names; else the usual fields, the counterparty, the unit.
  std::string subject;
  if (side.subject) {
    const SqlTerm named = scope.field(*side.subject);
    subject = named.text.empty() ? "CAST(NULL AS TEXT)" : named.text;
  } else {
    for (const char* path : {"body.member", "body.subject", "body.institution", "counterparty"}) {
      subject += "NULLIF(" + scope.field(*FieldPath::parse(path)).text + ", ''), ";
    }
    subject = "COALESCE(" + subject + "f.org)";
  }
  const std::string named =
      add("named", "",
          "SELECT DISTINCT " + subject + " AS org FROM fact f CROSS JOIN " + p +
              " p JOIN fact_grade g ON g.fact = f.id" + scope.joins() + issuer_joins + "\nWHERE " +
              where + " AND " + subject + " IS NOT NULL");
  const std::string above = line(named, "p.last_day", period);
  return add("found", "",
             "SELECT m.org FROM " + members + " m JOIN " + above +
                 " l ON l.above = m.org\nUNION\n"
                 "SELECT m.org FROM " +
                 members + " m JOIN " + named +
                 " n ON substr(n.org, 1, length(m.org) + 1) = m.org || '/'");
}

std::string PackQuery::from_absent(const PackIndicator& indicator, const Period& period) {
  const AbsentRule& rule = *indicator.measure.absent;
  const std::string p = period_step(period);
  const std::string group = sql_text(rule.group);
  const std::string everybody =
      add("everybody", "who is a member on the last day",
          "SELECT DISTINCT m.org FROM membership m CROSS JOIN " + p + " p WHERE m.grp = " + group +
              " AND m.from_day <= p.last_day AND (m.to_day IS NULL OR m.to_day >= p.last_day)");
  std::string members = everybody;
  if (node_ && *node_ != rule.group) {
    const std::string node = sql_text(*node_);
    members = add("members", "of the node " + *node_,
                  "SELECT DISTINCT m.org FROM " + everybody + " m JOIN " +
                      line(everybody, "p.last_day", period) +
                      " l ON l.org = m.org WHERE l.above = " + node +
                      " OR substr(m.org, 1, length(" + node + ") + 1) = " + node + " || '/'");
  }
  const std::string violated = absent_side(
      rule.violation, sql_plus_months("p.last_day + 1", std::to_string(-12 * rule.years)), period,
      members);
  const std::string cleared =
      absent_side(rule.clearance, "p.last_day - " + std::to_string(rule.clearance.within_days),
                  period, members);
  return reduced("figure_" + indicator.id,
                 "== " + indicator.id + " " + indicator.title.zh + " 「" + indicator.quote + "」",
                 "SELECT CASE WHEN count(*) = 0 THEN 'na' ELSE 'value' END AS status, CASE WHEN "
                 "count(*) > 0 THEN sum(CASE WHEN m.org IN (SELECT org FROM " +
                     cleared + ") AND m.org NOT IN (SELECT org FROM " + violated +
                     ") THEN 1 ELSE 0 END) END AS num, CASE WHEN count(*) > 0 THEN count(*) END AS "
                     "den FROM " +
                     members + " m");
}

}  // namespace hefu
