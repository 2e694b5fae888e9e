// Reads `measure`: each kind knows its own keys, so that a key of another kind is refused.
#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/value.hpp>

#include "ledger/programme/pack_read.h"

namespace hefu {

namespace {

constexpr std::array<std::pair<std::string_view, MeasureKind>, 16> kKinds{{
    {"count", MeasureKind::kCount},
    {"sum", MeasureKind::kSum},
    {"stock", MeasureKind::kStock},
    {"person_days", MeasureKind::kPersonDays},
    {"longest_run_months", MeasureKind::kLongestRunMonths},
    {"min", MeasureKind::kMin},
    {"max", MeasureKind::kMax},
    {"latest", MeasureKind::kLatest},
    {"share", MeasureKind::kShare},
    {"ratio", MeasureKind::kRatio},
    {"mean_per_year", MeasureKind::kMeanPerYear},
    {"absent", MeasureKind::kAbsent},
    {"narrative", MeasureKind::kNarrative},
    {"total", MeasureKind::kTotal},
    {"earlier", MeasureKind::kEarlier},
    {"periods_reaching", MeasureKind::kPeriodsReaching},
}};

MeasureKind read_kind(JsonReader& at, std::string_view otherwise) {
  std::string text = at.text("kind", otherwise.empty() ? Need::kRequired : Need::kOptional);
  if (text.empty()) {
    text = otherwise;
  }
  std::vector<std::string> names;
  for (const auto& [name, kind] : kKinds) {
    if (name == text) {
      return kind;
    }
    names.emplace_back(name);
  }
  if (!text.empty()) {
    const std::string nearest = nearest_name(text, names);
    at.refuse("kind", "unknown measure " + text,
              nearest.empty() ? "" : "nearest known measure: " + nearest);
  }
  return MeasureKind::kCount;
}

Conflict read_conflict(JsonReader& at) {
  const std::string text = at.text("conflict", Need::kOptional);
  if (text.empty() || text == "min") {
    return Conflict::kMin;
  }
  if (text != "exclude" && text != "error") {
    at.refuse("conflict", "unknown word " + text, "min, exclude or error");
  }
  return text == "exclude" ? Conflict::kExclude : Conflict::kError;
}

/// The keys of a measure computed from facts, `kind` already read.
QuantityRule read_quantity(JsonReader& at, MeasureKind kind) {
  QuantityRule out;
  out.kind = kind;
  switch (kind) {
    case MeasureKind::kSum:
      out.conflict = read_conflict(at);
      out.times = read_paths(at, "times", Need::kOptional);
      [[fallthrough]];
    case MeasureKind::kStock:
    case MeasureKind::kMin:
    case MeasureKind::kMax:
    case MeasureKind::kLatest:
    case MeasureKind::kNarrative:
      out.value = read_path(at, "value", Need::kRequired);
      break;
    case MeasureKind::kPersonDays:
    case MeasureKind::kLongestRunMonths: {
      out.person = read_path(at, "person", Need::kRequired);
      const std::string merge = at.text("merge", Need::kOptional);
      if (!merge.empty() && merge != "union") {
        at.refuse("merge", "only union is computed", "", Errc::kUnsupported);
      }
      break;
    }
    default:
      break;
  }
  return out;
}

/// What is measured on each member; `kind` already read, the reader not yet finished.
MemberTest read_member_test(JsonReader& at, MeasureKind kind, const FieldPath& member) {
  MemberTest out;
  if (!is_quantity(kind) || kind == MeasureKind::kNarrative) {
    at.refuse("kind", std::string(name(kind)) + " cannot be the test of a share",
              "a measure of facts, or a ratio of two of them", Errc::kUnsupported);
    return out;
  }
  out.facts = read_fact_rule(at);
  out.member = read_path(at, "member", Need::kOptional).value_or(member);
  check_items(at, "member", {out.member}, out.facts.each.has_value());
  out.quantity = read_quantity(at, kind);
  check_quantity_items(at, out.quantity, out.facts);
  return out;
}

MemberTest read_side_of_ratio(JsonReader& test, std::string_view key, const FieldPath& member) {
  MemberTest out;
  if (auto at = test.child(key, Need::kRequired)) {
    out = read_member_test(*at, read_kind(*at, "count"), member);
    at->finish();
  }
  return out;
}

ShareRule read_share(JsonReader& at) {
  ShareRule out;
  out.population = read_id(at, "population");
  out.member = read_path(at, "member", Need::kRequired).value_or(FieldPath());
  out.threshold = read_threshold(at, "threshold");
  if (auto test = at.child("test", Need::kRequired)) {
    const MeasureKind kind = read_kind(*test, "count");
    if (kind == MeasureKind::kRatio) {
      out.test = read_side_of_ratio(*test, "num", out.member);
      out.per = read_side_of_ratio(*test, "den", out.member);
    } else {
      out.test = read_member_test(*test, kind, out.member);
    }
    test->finish();
  }
  return out;
}

AbsentRule::Side read_side(JsonReader at, bool clearance) {
  AbsentRule::Side out;
  out.types = at.texts("types", Need::kRequired);
  out.where = read_condition(at, "where", ExpressionSubject::kFact);
  out.subject = read_path(at, "subject", Need::kOptional);
  out.issuer_attr = at.text("issuer_attr", Need::kOptional);
  out.issuer = read_condition(at, "issuer", ExpressionSubject::kOrganisation);
  if (clearance) {
    out.within_days =
        static_cast<int>(at.integer("within_days", Need::kRequired, 0, 36'600).value_or(0));
  }
  at.finish();
  return out;
}

AbsentRule read_absent(JsonReader& at) {
  AbsentRule out;
  out.group = at.text("group", Need::kRequired);
  out.years = static_cast<int>(at.integer("years", Need::kRequired, 1, 100).value_or(1));
  if (auto violation = at.child("violation", Need::kRequired)) {
    out.violation = read_side(*violation, false);
  }
  if (auto clearance = at.child("clearance", Need::kRequired)) {
    out.clearance = read_side(*clearance, true);
  }
  return out;
}

bool read_zero_den(JsonReader& at) {
  const std::string text = at.text("zero_den", Need::kOptional);
  if (!text.empty() && text != "na" && text != "zero") {
    at.refuse("zero_den", "unknown word " + text, "na or zero");
  }
  return text == "zero";
}

/// den = "indicator", or a number.
void read_denominator(JsonReader& at, MeasureRule& out) {
  const boost::json::value* raw = at.raw("den");
  if (raw == nullptr || raw->is_string()) {
    out.den = read_id(at, "den");
    out.zero_den_is_zero = read_zero_den(at);
    return;
  }
  out.den_constant = read_number(at, "den", Need::kRequired);
  if (out.den_constant && out.den_constant->is_zero()) {
    at.refuse("den", "zero");
  }
}

void read_total(JsonReader& at, MeasureRule& out) {
  out.plus = at.texts("plus", Need::kRequired);
  out.minus = at.texts("minus", Need::kOptional);
  std::vector<std::string> all = out.plus;
  all.insert(all.end(), out.minus.begin(), out.minus.end());
  std::sort(all.begin(), all.end());
  const auto twice = std::adjacent_find(all.begin(), all.end());
  if (twice != all.end()) {
    at.refuse("plus", *twice + " stands there twice");
  }
}

PeriodKind read_part(JsonReader& at) {
  const std::string text = at.text("each", Need::kRequired);
  if (text != "month" && text != "quarter" && text != "half") {
    at.refuse("each", "unknown word " + text, "month, quarter or half");
  }
  return text == "month"  ? PeriodKind::kMonth
         : text == "half" ? PeriodKind::kHalf
                          : PeriodKind::kQuarter;
}

}  // namespace

bool is_quantity(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::kShare:
    case MeasureKind::kRatio:
    case MeasureKind::kMeanPerYear:
    case MeasureKind::kAbsent:
    case MeasureKind::kTotal:
    case MeasureKind::kEarlier:
    case MeasureKind::kPeriodsReaching:
      return false;
    default:
      return true;
  }
}

void check_quantity_items(JsonReader& at, const QuantityRule& quantity, const FactRule& facts) {
  std::vector<FieldPath> paths = quantity.times;
  for (const auto* path : {&quantity.value, &quantity.person}) {
    if (*path) {
      paths.push_back(**path);
    }
  }
  check_items(at, quantity.value ? "value" : "person", paths, facts.each.has_value());
}

const char* name(MeasureKind kind) {
  for (const auto& [text, value] : kKinds) {
    if (value == kind) {
      return text.data();
    }
  }
  return "";
}

MeasureRule read_measure(JsonReader& parent, const std::string& indicator) {
  MeasureRule out;
  auto at = parent.child("measure", Need::kRequired);
  if (!at) {
    return out;
  }
  out.kind = read_kind(*at, "");
  switch (out.kind) {
    case MeasureKind::kShare:
      out.share = read_share(*at);
      break;
    case MeasureKind::kAbsent:
      out.absent = read_absent(*at);
      break;
    case MeasureKind::kRatio:
      out.num = read_id(*at, "num");
      read_denominator(*at, out);
      break;
    case MeasureKind::kTotal:
      read_total(*at, out);
      break;
    case MeasureKind::kEarlier:
      out.of = read_id(*at, "of");
      out.periods = static_cast<int>(at->integer("periods", Need::kOptional, 1, 100).value_or(1));
      break;
    case MeasureKind::kPeriodsReaching:
      out.of = read_id(*at, "of");
      out.part = read_part(*at);
      out.threshold = read_threshold(*at, "threshold");
      break;
    case MeasureKind::kMeanPerYear:
      out.of = read_id(*at, "of");
      out.from_year =
          static_cast<int>(at->integer("from_year", Need::kRequired, 1900, 2198).value_or(1900));
      break;
    case MeasureKind::kNarrative:
      out.max_chars =
          static_cast<int>(at->integer("max_chars", Need::kOptional, 1, 10'000).value_or(200));
      [[fallthrough]];
    default:
      out.quantity = read_quantity(*at, out.kind);
  }
  out.quantity.kind = out.kind;
  if (at->errors().none()) {
    at->finish();
    if (!at->errors().none()) {
      const Error found = at->errors().error();
      at->errors() = FirstError();
      at->errors().add(found.during("indicator " + indicator + " (" + name(out.kind) + ")"));
    }
  }
  return out;
}

}  // namespace hefu
