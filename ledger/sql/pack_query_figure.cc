// The figure of one indicator, and those made of other figures. Source: FORMAT.md, "Measures".
#include "ledger/sql/pack_query.h"

namespace hefu {

namespace {

/// What a person reads above the steps of an indicator.
std::string about(const PackIndicator& indicator) {
  std::string out = "== " + indicator.id + " " + indicator.title.zh;
  out += indicator.title.en.empty() ? "" : " / " + indicator.title.en;
  return out + (indicator.quote.empty() ? "" : " 「" + indicator.quote + "」");
}

}  // namespace

std::string PackQuery::reduced(const std::string& base, const std::string& what,
                               const std::string& body) {
  return add(base, what,
             "SELECT status, " + sql_quotient(dialect_, "num", "g") + " AS num, " +
                 sql_quotient(dialect_, "den", "g") + " AS den, CAST(NULL AS TEXT) AS txt FROM (" +
                 "SELECT status, num, den, CASE WHEN num IS NOT NULL THEN " +
                 sql_gcd(dialect_, "num", "den") + " END AS g FROM (" + body + ") r) r");
}

std::string PackQuery::figure(const PackIndicator& indicator, const Period& period) {
  const std::string what = "figure " + indicator.id + "|" + period.text;
  if (const auto known = known_.find(what); known != known_.end()) {
    return known->second;
  }
  const std::string out = compute(indicator, period);
  return known_[what] = out;
}

std::string PackQuery::compute(const PackIndicator& indicator, const Period& period) {
  switch (indicator.measure.kind) {
    case MeasureKind::kRatio:
      return from_ratio(indicator, period);
    case MeasureKind::kMeanPerYear:
      return from_years(indicator, period);
    case MeasureKind::kShare:
      return from_share(indicator, period);
    case MeasureKind::kAbsent:
      return from_absent(indicator, period);
    case MeasureKind::kNarrative:
      return from_narrative(indicator, period);
    case MeasureKind::kTotal:
      return from_total(indicator, period);
    case MeasureKind::kEarlier:
      return from_earlier(indicator, period);
    case MeasureKind::kPeriodsReaching:
      return from_periods(indicator, period);
    default:
      return from_facts(indicator, period);
  }
}

std::string PackQuery::from_facts(const PackIndicator& indicator, const Period& period) {
  const bool shared = indicator.rollup.credit != Credit::kRecompute;
  // Shared achievements are told apart over the whole programme; the node then gets its part.
  const Rows rows = scope(indicator, period, shared);
  const std::string part = shared && node_ ? credit(indicator, rows, period) : "";
  const MeasureKind kind = indicator.measure.kind;
  const std::string total = measure(indicator.measure.quantity, rows, "", part, "");
  const bool extreme =
      kind == MeasureKind::kMin || kind == MeasureKind::kMax || kind == MeasureKind::kLatest;
  return reduced(
      "figure_" + indicator.id, about(indicator),
      extreme
          ? "SELECT CASE WHEN t.num IS NULL THEN 'na' ELSE 'value' END AS status, CAST(t.num AS "
            "NUMERIC) AS num, CAST(t.den AS NUMERIC) AS den FROM (SELECT 1 AS one) o LEFT JOIN " +
                total + " t ON 1 = 1"
          : "SELECT CASE WHEN t.bad = 1 THEN 'error' ELSE 'value' END AS status, CASE WHEN t.bad = "
            "1 THEN NULL ELSE CAST(COALESCE(t.num, 0) AS NUMERIC) END AS num, CASE WHEN t.bad = 1 "
            "THEN NULL ELSE CAST(COALESCE(t.den, 1) AS NUMERIC) END AS den FROM " +
                total + " t");
}

std::string PackQuery::from_narrative(const PackIndicator& indicator, const Period& period) {
  const Rows rows = scope(indicator, period, false);
  return add("figure_" + indicator.id, about(indicator),
             "SELECT 'na' AS status, CAST(NULL AS NUMERIC) AS num, CAST(NULL AS NUMERIC) AS den, "
             "t.txt FROM (SELECT 1 AS one) o LEFT JOIN (SELECT s.txt FROM " +
                 rows.name +
                 " s WHERE s.why IS NULL ORDER BY CASE WHEN s.day IS NULL THEN 1 ELSE 0 END, s.day "
                 "DESC, s.id DESC, s.pos LIMIT 1) t ON 1 = 1");
}

std::string PackQuery::not_applicable(const PackIndicator& indicator) {
  return add("figure_" + indicator.id, about(indicator),
             "SELECT 'na' AS status, CAST(NULL AS NUMERIC) AS num, CAST(NULL AS NUMERIC) AS den, "
             "CAST(NULL AS TEXT) AS txt");
}

std::string PackQuery::from_ratio(const PackIndicator& indicator, const Period& period) {
  const MeasureRule& rule = indicator.measure;
  const std::string num = figure(*pack_.find_indicator(rule.num), period);
  if (rule.den_constant) {
    const Fraction den = *rule.den_constant;
    const bool negative = den < Fraction();
    const std::string over = decimal_text(negative ? -den.num() : den.num());
    return reduced("figure_" + indicator.id, about(indicator),
                   "SELECT n.status, " +
                       exact((negative ? "-n.num * " : "n.num * ") + decimal_text(den.den())) +
                       " AS num, " + exact("n.den * " + over) + " AS den FROM " + num + " n");
  }
  const std::string den = figure(*pack_.find_indicator(rule.den), period);
  const std::string zero = rule.zero_den_is_zero ? "'value'" : "'na'";
  const std::string status =
      "CASE WHEN n.status = 'error' OR d.status = 'error' THEN 'error' WHEN n.status = 'na' OR "
      "d.status = 'na' THEN 'na' WHEN d.num = 0 THEN " +
      zero + " ELSE 'value' END";
  // The sign of the denominator goes to the numerator.
  return reduced(
      "figure_" + indicator.id, about(indicator),
      "SELECT " + status +
          " AS status,\n  CASE WHEN n.status <> 'value' OR d.status <> "
          "'value' THEN NULL WHEN d.num = 0 THEN " +
          (rule.zero_den_is_zero ? "0" : "NULL") + " WHEN d.num < 0 THEN " +
          exact("-n.num * d.den") + " ELSE " + exact("n.num * d.den") +
          " END AS num,\n  CASE WHEN n.status <> 'value' OR d.status <> 'value' THEN NULL "
          "WHEN d.num = 0 THEN " +
          (rule.zero_den_is_zero ? "1" : "NULL") + " ELSE " + exact("n.den * abs(d.num)") +
          " END AS den\nFROM " + num + " n CROSS JOIN " + den + " d");
}

std::string PackQuery::sum_of(const std::string& left, const std::string& right, bool add_up) {
  const std::string sign = add_up ? " + " : " - ";
  return reduced("sum", "",
                 "SELECT CASE WHEN a.status = 'error' OR b.status = 'error' THEN 'error' WHEN "
                 "a.status = 'na' OR b.status = 'na' THEN 'na' ELSE 'value' END AS status, CASE "
                 "WHEN a.den = b.den THEN " +
                     exact("a.num" + sign + "b.num") + " ELSE " +
                     exact("a.num * b.den" + sign + "b.num * a.den") +
                     " END AS num, CASE WHEN a.den = b.den AND a.num" + sign +
                     "b.num IS NOT NULL THEN a.den WHEN a.num" + sign + "b.num IS NOT NULL THEN " +
                     exact("a.den * b.den") + " END AS den FROM " + left + " a CROSS JOIN " +
                     right + " b");
}

std::string PackQuery::from_total(const PackIndicator& indicator, const Period& period) {
  std::string out;
  for (const bool plus : {true, false}) {
    for (const std::string& id : plus ? indicator.measure.plus : indicator.measure.minus) {
      const std::string part = figure(*pack_.find_indicator(id), period);
      out = out.empty() ? part : sum_of(out, part, plus);
    }
  }
  return reduced("figure_" + indicator.id, about(indicator),
                 out.empty() ? "SELECT 'value' AS status, CAST(0 AS NUMERIC) AS num, CAST(1 AS "
                               "NUMERIC) AS den"
                             : "SELECT status, num, den FROM " + out);
}

std::string PackQuery::from_years(const PackIndicator& indicator, const Period& period) {
  const PackIndicator& of = *pack_.find_indicator(indicator.measure.of);
  std::string sum;
  int years = 0;
  for (int year = indicator.measure.from_year; Period::of_year(year).span.last <= period.span.last;
       ++year) {
    const std::string one = figure(of, Period::of_year(year));
    sum = sum.empty() ? one : sum_of(sum, one, true);
    ++years;
  }
  return years == 0 ? not_applicable(indicator)
                    : reduced("figure_" + indicator.id, about(indicator),
                              "SELECT status, num, " + exact("den * " + std::to_string(years)) +
                                  " AS den FROM " + sum);
}

std::string PackQuery::from_earlier(const PackIndicator& indicator, const Period& period) {
  const auto before = period.earlier(indicator.measure.periods);
  if (!before) {
    return not_applicable(indicator);
  }
  const std::string of = figure(*pack_.find_indicator(indicator.measure.of), *before);
  return add("figure_" + indicator.id, about(indicator), "SELECT * FROM " + of);
}

std::string PackQuery::from_periods(const PackIndicator& indicator, const Period& period) {
  const PackIndicator& of = *pack_.find_indicator(indicator.measure.of);
  std::string parts;
  for (const Period& part : period.parts(indicator.measure.part)) {
    const std::string one = figure(of, part);
    parts += (parts.empty() ? "" : "\nUNION ALL ") + ("SELECT * FROM " + one);
  }
  if (parts.empty()) {
    return not_applicable(indicator);
  }
  const Threshold& bound = indicator.measure.threshold;
  return reduced("figure_" + indicator.id, about(indicator),
                 "SELECT CASE WHEN max(CASE WHEN t.status = 'error' THEN 1 ELSE 0 END) = 1 THEN "
                 "'error' ELSE 'value' END AS status, CASE WHEN max(CASE WHEN t.status = 'error' "
                 "THEN 1 ELSE 0 END) = 1 THEN NULL ELSE sum(CASE WHEN " +
                     sql_threshold(dialect_, bound, {"t.num", "t.den"}) +
                     " THEN 1 ELSE 0 END) END AS num, count(*) AS den FROM (" + parts + ") t");
}

std::optional<std::string> PackQuery::assertion(const PackAssert& one, const Period& period) {
  using Kind = Formula::Node::Kind;
  std::vector<std::string> terms;
  for (const Formula::Term& term : one.formula.terms()) {
    if (term.kind == Formula::Term::Kind::kChildren) {
      return std::nullopt;
    }
    const PackIndicator& of = *pack_.find_indicator(term.indicator);
    const auto when = term.kind == Formula::Term::Kind::kEarlier ? period.earlier(term.periods)
                                                                 : std::optional(period);
    terms.push_back(when ? figure(of, *when) : not_applicable(of));
  }
  std::vector<SqlNumber> numbers;
  std::vector<std::string> truths;
  static constexpr const char* kOps[] = {"=", "<>", "<", "<=", ">", ">="};
  for (const Formula::Node& node : one.formula.nodes()) {
    SqlNumber number;
    std::string truth;
    switch (node.kind) {
      case Kind::kNumber:
        number = {decimal_text(node.number.num()), decimal_text(node.number.den())};
        break;
      case Kind::kTerm: {
        const std::string t = "t" + std::to_string(node.term);
        number = {t + ".num", t + ".den"};
        break;
      }
      case Kind::kOr:
        truth = "(" + truths[node.left] + " OR " + truths[node.right] + ")";
        break;
      case Kind::kAnd:
        truth = "(" + truths[node.left] + " AND " + truths[node.right] + ")";
        break;
      case Kind::kNot:
        truth = "NOT " + truths[node.left];
        break;
      case Kind::kAdd:
      case Kind::kSubtract: {
        const SqlNumber& a = numbers[node.left];
        const SqlNumber& b = numbers[node.right];
        number = {"(" + a.num + " * " + b.den + (node.kind == Kind::kAdd ? " + " : " - ") + b.num +
                      " * " + a.den + ")",
                  a.den + " * " + b.den};
        break;
      }
      case Kind::kMultiply:
        number = {numbers[node.left].num + " * " + numbers[node.right].num,
                  numbers[node.left].den + " * " + numbers[node.right].den};
        break;
      default:
        truth = "(" +
                sql_compare(dialect_, numbers[node.left],
                            kOps[static_cast<int>(node.kind) - static_cast<int>(Kind::kEqual)],
                            numbers[node.right]) +
                ")";
    }
    numbers.push_back(number);
    truths.push_back(truth);
  }
  std::string from;
  std::string error;
  std::string na;
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const std::string t = "t" + std::to_string(i);
    from += (i == 0 ? " FROM " : " CROSS JOIN ") + terms[i] + " " + t;
    error += (i == 0 ? "" : " OR ") + t + ".status = 'error'";
    na += (i == 0 ? "" : " OR ") + t + ".status = 'na'";
  }
  return add(
      "assert_" + one.id, one.title.zh + ": " + one.formula.text(),
      "SELECT CASE" +
          (terms.empty() ? "" : " WHEN " + error + " THEN 'unknown' WHEN " + na + " THEN 'n/a'") +
          " WHEN " + truths.back() + " THEN 'holds' ELSE 'violated' END AS verdict" + from);
}

}  // namespace hefu
