// Reads one indicator.
#include <algorithm>
#include <array>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "ledger/programme/pack_read.h"

namespace hefu {

namespace {

constexpr std::int64_t kDivideMax = 1'000'000'000'000;

std::optional<Interpretation> read_interpretation(JsonReader& parent) {
  auto at = parent.child("interpretation", Need::kOptional);
  if (!at) {
    return std::nullopt;
  }
  Interpretation out{at->text("zh", Need::kRequired), at->text("en", Need::kOptional),
                     at->text("ruled_by", Need::kRequired), at->date("ruled_on", Need::kRequired)};
  at->finish();
  return out;
}

FigureDisplay read_display(JsonReader& at, Rounding rounding) {
  FigureDisplay out;
  out.unit = at.text("unit", Need::kOptional);
  out.decimals =
      static_cast<int>(at.integer("decimals", Need::kOptional, 0, kDecimalsMax).value_or(0));
  out.divide = at.integer("divide", Need::kOptional, 1, kDivideMax).value_or(1);
  out.rounding = rounding;
  return out;
}

RollupRule read_rollup(JsonReader& parent) {
  RollupRule out;
  auto at = parent.child("rollup", Need::kOptional);
  if (!at) {
    return out;
  }
  using Field = FieldPath::Field;
  if (const auto attribute = read_path(*at, "attribute", Need::kOptional)) {
    const Field field = attribute->field();
    if (field != Field::kActor && field != Field::kOrg && field != Field::kCounterparty &&
        field != Field::kBody && field != Field::kItem) {
      at->refuse("attribute", attribute->text() + " names no organisation",
                 "actor, org, counterparty, body.<name>, and item under each");
    }
    out.attribute = *attribute;
  }
  const std::string credit = at->text("credit", Need::kOptional);
  if (credit == "split_equal") {
    out.credit = Credit::kSplitEqual;
  } else if (credit == "lead") {
    out.credit = Credit::kLead;
  } else if (credit == "declared") {
    out.credit = Credit::kDeclared;
    out.shares = read_path(*at, "shares", Need::kRequired).value_or(out.shares);
    check_items(*at, "shares", {out.shares}, false);
  } else if (!credit.empty() && credit != "recompute") {
    at->refuse("credit", "unknown credit " + credit, "recompute, split_equal, lead or declared");
  }
  out.group = at->text("group", Need::kOptional);
  const std::string as_of = at->text("hierarchy_as_of", Need::kOptional);
  if (!as_of.empty() && as_of != "period_end" && as_of != "event") {
    at->refuse("hierarchy_as_of", "unknown word " + as_of, "period_end or event");
  }
  out.as_of_event = as_of == "event";
  at->finish();
  return out;
}

/// "each-year", "each-month" and so on, or the name of a period.
std::string read_period(JsonReader& at, std::string_view key, bool each) {
  std::string text = at.text(key, Need::kRequired);
  const bool known = (each && is_each(text)) || text == "plan" || Period::parse(text);
  if (!text.empty() && !known) {
    at.refuse(key, "unknown period " + text,
              "each-year, each-half, each-quarter, each-month, 2024, 2024-H1, 2024-Q3, 2024-05, "
              "2024-AY or plan");
  }
  return text;
}

BaselineRule read_baseline(JsonReader at) {
  BaselineRule out;
  out.period = read_period(at, "period", false);
  out.value = read_number(at, "value", Need::kRequired).value_or(Fraction());
  out.evidence = at.text("evidence", Need::kOptional);
  if (!out.evidence.empty() && !parse_grade(out.evidence)) {
    at.refuse("evidence", "unknown grade " + out.evidence, "one of E0 to E4");
  }
  out.note = at.text("note", Need::kOptional);
  at.finish();
  return out;
}

/// A number a figure is compared with. Of a share of 100 it must say whether it is per cent.
Fraction read_bound(JsonReader& at, std::string_view key, const FigureDisplay& display) {
  const auto number = read_number(at, key, Need::kRequired);
  const boost::json::value* raw = at.object().if_contains(key);
  if (number && display.unit == "%" && *number > Fraction(1) && raw->is_int64()) {
    at.refuse(key, "the unit is %, but the target is a plain number", "write \"30%\"");
  }
  return number.value_or(Fraction());
}

TargetRule read_target(JsonReader at, const FigureDisplay& display) {
  TargetRule out;
  out.period = read_period(at, "period", true);
  out.op = read_op(at, "op", true);
  if (out.op == CompareOp::kBetween) {
    out.low = read_bound(at, "low", display);
    out.high = read_bound(at, "high", display);
    // Whether “1-2次” allows more is a ruling: it may not be left open.
    const std::string over = at.text("over", Need::kRequired);
    if (!over.empty() && over != "met" && over != "not_met") {
      at.refuse("over", "unknown word " + over, "met or not_met");
    }
    out.over_is_met = over == "met";
    if (out.high < out.low) {
      at.refuse("high", "below low");
    }
  } else {
    out.value = read_bound(at, "value", display);
  }
  out.kind = at.text("kind", Need::kOptional);
  if (out.kind.empty()) {
    out.kind = "binding";
  } else if (out.kind != "binding" && out.kind != "commitment" && out.kind != "milestone") {
    at.refuse("kind", "unknown word " + out.kind, "binding, commitment or milestone");
  }
  at.finish();
  return out;
}

/// ">=80%".
std::optional<StatusRule::Step> read_step(JsonReader& at, const std::string& colour,
                                          std::string_view otherwise) {
  const std::string text = at.optional_text(colour).value_or(std::string(otherwise));
  StatusRule::Step out{colour, CompareOp::kGreaterEqual, Fraction()};
  std::string_view rest = text;
  if (rest.starts_with(">=")) {
    rest.remove_prefix(2);
  } else if (rest.starts_with(">")) {
    rest.remove_prefix(1);
    out.op = CompareOp::kGreater;
  } else {
    at.refuse(colour, "must compare the attainment", "write \">=80%\" or \">80%\"");
    return std::nullopt;
  }
  const auto number = Fraction::parse(rest);
  if (!number) {
    at.errors().add(number.error().during(at.path_of(colour)));
    return std::nullopt;
  }
  out.attainment = *number;
  return out;
}

StatusRule read_status(JsonReader& parent) {
  StatusRule out;
  static const boost::json::object kDefaults;
  auto at = parent.child("status", Need::kOptional);
  JsonReader reader = at ? *at : JsonReader(kDefaults, parent.path_of("status"), parent.errors());
  for (const auto& [colour, otherwise] :
       {std::pair<std::string, std::string_view>{"green", ">=100%"}, {"amber", ">=80%"}}) {
    if (auto step = read_step(reader, colour, otherwise)) {
      out.steps.push_back(*step);
    }
  }
  out.otherwise = reader.optional_text("else").value_or(out.otherwise);
  out.none = reader.optional_text("none").value_or(out.none);
  out.low_evidence = reader.optional_text("low_evidence").value_or(out.low_evidence);
  reader.finish();
  return out;
}

void read_owner(JsonReader& parent, PackIndicator& out) {
  if (auto at = parent.child("owner", Need::kOptional)) {
    out.owner_lead = at->texts("lead", Need::kOptional);
    out.owner_coop = at->texts("coop", Need::kOptional);
    at->finish();
  }
  for (const std::string& word : out.cadence = parent.texts("cadence", Need::kOptional)) {
    if (word != "month" && word != "quarter" && word != "year") {
      parent.refuse("cadence", "unknown word " + word, "month, quarter or year");
    }
  }
  if (auto at = parent.child("privacy", Need::kOptional)) {
    out.min_cell = static_cast<int>(at->integer("min_cell", Need::kOptional, 0, 1000).value_or(0));
    at->finish();
  }
}

/// Facts of the indicator's own, or of the set it names.
void read_facts(JsonReader& at, const Pack& pack, PackIndicator& out) {
  out.from_set = at.text("from_set", Need::kOptional);
  out.in_set = at.text("in_set", Need::kOptional);
  out.not_in_set = at.text("not_in_set", Need::kOptional);
  out.subset_of = at.text("subset_of", Need::kOptional);
  if (out.from_set.empty()) {
    out.rule = read_fact_rule(at);
    return;
  }
  const PackSet* set = pack.find_set(out.from_set);
  if (set == nullptr) {
    at.refuse("from_set", "there is no set " + out.from_set);
    return;
  }
  out.rule = set->rule;
  out.from_directory = set->from_directory;
  out.narrow = read_condition(at, "narrow",
                              set->from_directory ? ExpressionSubject::kOrganisation
                              : set->rule.each    ? ExpressionSubject::kElement
                                                  : ExpressionSubject::kFact);
  if (auto key = read_paths(at, "rekey", Need::kOptional); !key.empty()) {
    check_items(at, "rekey", key, set->rule.each.has_value());
    out.rule.key = std::move(key);
  }
}

}  // namespace

namespace {

void read_beside(JsonReader& parent, PackIndicator& out) {
  if (auto at = parent.child("beside", Need::kOptional)) {
    out.baseline_of = at->text("baseline", Need::kOptional);
    if (!out.baseline_of.empty()) {
      out.baseline_of_period = read_period(*at, "baseline_period", false);
    }
    out.commitment_of = at->text("commitment", Need::kOptional);
    if (out.baseline_of.empty() && out.commitment_of.empty()) {
      at->refuse("commitment", "missing", "name an indicator as commitment or as baseline");
    }
    at->finish();
  }
}

}  // namespace

PackIndicator read_indicator(JsonReader& at, const Pack& pack, Rounding rounding) {
  PackIndicator out;
  out.id = read_id(at, "id");
  out.title = read_title(at, Need::kRequired);
  if (auto source = at.child("source", Need::kOptional)) {
    out.clause = source->text("clause", Need::kRequired);
    source->finish();
  }
  out.quote = at.text("quote", Need::kOptional);
  out.interpretation = read_interpretation(at);
  out.display = read_display(at, rounding);
  out.measure = read_measure(at, out.id);
  if (is_quantity(out.measure.kind)) {
    read_facts(at, pack, out);
    check_quantity_items(at, out.measure.quantity, out.rule);
  }
  out.rollup = read_rollup(at);
  check_items(at, "rollup", {out.rollup.attribute}, out.rule.each.has_value());
  read_beside(at, out);
  for (JsonReader& one : at.children("baseline")) {
    out.baseline.push_back(read_baseline(one));
  }
  for (JsonReader& one : at.children("target")) {
    out.targets.push_back(read_target(one, out.display));
  }
  out.status = read_status(at);
  read_owner(at, out);
  at.finish();
  check_quote(at, out);
  return out;
}

}  // namespace hefu
