#include "ledger/programme/figure_json.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "ledger/event/canonical_json.h"

namespace hefu {

namespace {

namespace json = boost::json;

json::value integer_json(Int128 value) {
  if (value > kJsonIntegerMax || value < -kJsonIntegerMax) {
    return json::value(json::string(decimal_text(value)));
  }
  return json::value(static_cast<std::int64_t>(value));
}

json::value count_json(std::size_t count) {
  return json::value(static_cast<std::int64_t>(count));
}

json::value value_json(const std::optional<Fraction>& value) {
  return value ? fraction_json(*value) : json::value(nullptr);
}

json::object grades_json(const std::array<std::size_t, kGradeCount>& grades) {
  json::object out;
  for (std::size_t i = 0; i < grades.size(); ++i) {
    out[name(static_cast<Grade>(i))] = count_json(grades[i]);
  }
  return out;
}

json::object ladder_json(const Ladder& ladder) {
  json::object out = grades_json(ladder.grades);
  out["claimed"] = count_json(ladder.claimed);
  out["confirmed"] = count_json(ladder.confirmed);
  out["disputed"] = count_json(ladder.disputed);
  out["rejected"] = count_json(ladder.rejected);
  out["ended"] = count_json(ladder.ended);
  out["counted"] = grades_json(ladder.counted);
  return out;
}

json::object excluded_json(const Figure& figure) {
  json::object out;
  for (const auto& [reason, count] : figure.excluded) {
    out[name(reason)] = count_json(count);
  }
  return out;
}

json::array texts_json(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) {
    out.emplace_back(json::string(text));
  }
  return out;
}

json::array targets_json(const Figure& figure) {
  json::array out;
  for (const FigureTarget& target : figure.targets) {
    json::object one;
    one["target"] = target.text;
    one["kind"] = target.kind;
    one["verdict"] = name(target.verdict);
    one["attainment"] = value_json(target.attainment);
    out.push_back(std::move(one));
  }
  return out;
}

json::array beside_json(const Figure& figure) {
  json::array out;
  for (const FigureColumn& column : figure.beside) {
    json::object one;
    one["what"] = column.what;
    one["period"] = column.period;
    one["value"] = value_json(column.value);
    one["shown"] = column.shown;
    if (!column.evidence.empty()) {
      one["evidence"] = column.evidence;
    }
    out.push_back(std::move(one));
  }
  return out;
}

json::array left_out_json(const Figure& figure) {
  json::array out;
  for (const LeftOutFact& fact : figure.left_out_facts) {
    json::object one;
    one["id"] = fact.id;
    one["reason"] = name(fact.reason);
    one["grade"] = name(fact.grade);
    out.push_back(std::move(one));
  }
  return out;
}

}  // namespace

json::value fraction_json(const Fraction& value) {
  json::object out;
  out["num"] = integer_json(value.num());
  out["den"] = integer_json(value.den());
  return out;
}

json::array asserts_json(const std::vector<AssertOutcome>& outcomes) {
  json::array out;
  for (const AssertOutcome& outcome : outcomes) {
    json::object one;
    one["id"] = outcome.id;
    one["severity"] = name(outcome.severity);
    one["verdict"] = name(outcome.verdict);
    one["detail"] = outcome.detail;
    out.push_back(std::move(one));
  }
  return out;
}

std::string figures_json(const Pack& pack, const Period& period,
                         const std::optional<std::string>& node, const std::vector<Figure>& figures,
                         const std::vector<AssertOutcome>& outcomes) {
  json::object expect;
  json::object shown;
  json::object targets;
  json::object excluded;
  json::object ladder;
  json::object errors;
  json::object beside;
  for (const Figure& figure : figures) {
    expect[figure.indicator] = value_json(figure.value);
    shown[figure.indicator] = figure.shown;
    ladder[figure.indicator] = ladder_json(figure.ladder);
    json::array verdicts;
    for (const FigureTarget& target : figure.targets) {
      verdicts.emplace_back(name(target.verdict));
    }
    if (!verdicts.empty()) {
      targets[figure.indicator] = std::move(verdicts);
    }
    if (!figure.excluded.empty()) {
      excluded[figure.indicator] = excluded_json(figure);
    }
    if (!figure.beside.empty()) {
      beside[figure.indicator] = beside_json(figure);
    }
    if (!figure.error.empty()) {
      errors[figure.indicator] = figure.error;
    }
  }
  json::object out;
  out["pack"] = pack.name();
  out["digest"] = pack.digest().hex();
  out["period"] = period.text;
  out["node"] = node ? json::value(json::string(*node)) : json::value(nullptr);
  out["expect"] = std::move(expect);
  out["shown"] = std::move(shown);
  out["targets"] = std::move(targets);
  out["excluded"] = std::move(excluded);
  out["ladder"] = std::move(ladder);
  if (!beside.empty()) {
    out["beside"] = std::move(beside);
  }
  if (!outcomes.empty()) {
    out["asserts"] = asserts_json(outcomes);
  }
  if (!errors.empty()) {
    out["errors"] = std::move(errors);
  }
  return canonical_json(out);
}

json::value figure_json(const Figure& figure, const PackIndicator& indicator) {
  json::object out;
  out["indicator"] = figure.indicator;
  out["title"] = {{"zh", indicator.title.zh}, {"en", indicator.title.en}};
  out["unit"] = indicator.display.unit;
  out["value"] = value_json(figure.value);
  if (figure.parts) {
    out["parts"] = {{"num", fraction_json(figure.parts->first)},
                    {"den", fraction_json(figure.parts->second)}};
  }
  out["shown"] = figure.shown;
  out["targets"] = targets_json(figure);
  out["colour"] = figure.colour;
  out["pattern"] = figure.pattern;
  out["ladder"] = ladder_json(figure.ladder);
  out["excluded"] = excluded_json(figure);
  out["counted"] = texts_json(figure.counted_ids);
  out["left_out"] = left_out_json(figure);
  out["owner"] = {{"lead", texts_json(indicator.owner_lead)},
                  {"coop", texts_json(indicator.owner_coop)}};
  out["additive"] = figure.additive;
  out["conflicts"] = count_json(figure.conflicts);
  out["unknown_members"] = count_json(figure.unknown_members);
  out["small_cell"] = figure.small_cell;
  if (figure.baseline) {
    out["baseline"] = *figure.baseline;
  }
  if (!figure.beside.empty()) {
    out["beside"] = beside_json(figure);
  }
  if (figure.separate) {
    out["separate"] = fraction_json(*figure.separate);
  }
  if (figure.narrative) {
    out["narrative"] = *figure.narrative;
  }
  if (!figure.error.empty()) {
    out["error"] = figure.error;
  }
  return out;
}

}  // namespace hefu
