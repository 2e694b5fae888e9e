// Reads `measure`: each kind knows its own keys, so that a key of another kind is refused.
#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/value.hpp>

#include "ledger/programme/pack_read.h"

namespace hefu {

namespace {

constexpr std::array<std::pair<std::string_view, MeasureKind>, 13> kKinds{{
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

ShareRule read_share(JsonReader& at) {
  ShareRule out;
  out.population = read_id(at, "population");
  out.member = read_path(at, "member", Need::kRequired).value_or(FieldPath());
  out.op = read_op(at, "op", false);
  out.threshold = read_number(at, "threshold", Need::kRequired).value_or(Fraction());
  if (auto test = at.child("test", Need::kRequired)) {
    out.test = read_fact_rule(*test);
    out.test_member = read_path(*test, "member", Need::kOptional).value_or(out.member);
    const MeasureKind kind = read_kind(*test, "count");
    if (kind == MeasureKind::kShare || kind == MeasureKind::kRatio ||
        kind == MeasureKind::kMeanPerYear || kind == MeasureKind::kAbsent ||
        kind == MeasureKind::kNarrative) {
      test->refuse("kind", std::string(name(kind)) + " cannot be the test of a share", "",
                   Errc::kUnsupported);
    }
    out.quantity = read_quantity(*test, kind);
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

}  // namespace

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
      out.den = read_id(*at, "den");
      out.zero_den_is_zero = read_zero_den(*at);
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
