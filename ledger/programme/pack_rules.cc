// Reads the parts of a pack that say which facts count.
#include <algorithm>
#include <array>
#include <utility>

#include <boost/json/value.hpp>

#include "ledger/programme/pack_read.h"

namespace hefu {

namespace {

constexpr std::size_t kIdBytesMax = 128;
constexpr std::int64_t kYearsMax = 100;
constexpr std::int64_t kDaysMax = 36'600;

constexpr std::array<std::pair<std::string_view, TimeMode>, 7> kModes{{
    {"occurred", TimeMode::kOccurred},
    {"active_at_end", TimeMode::kActiveAtEnd},
    {"overlap", TimeMode::kOverlap},
    {"cumulative", TimeMode::kCumulative},
    {"rolling", TimeMode::kRolling},
    {"anchored", TimeMode::kAnchored},
    {"latest_at_end", TimeMode::kLatestAtEnd},
}};

constexpr std::array<std::pair<std::string_view, CompareOp>, 7> kOps{{
    {"==", CompareOp::kEqual},
    {"!=", CompareOp::kUnequal},
    {"<", CompareOp::kLess},
    {"<=", CompareOp::kLessEqual},
    {">", CompareOp::kGreater},
    {">=", CompareOp::kGreaterEqual},
    {"between", CompareOp::kBetween},
}};

std::string one_of(const auto& table) {
  std::string out;
  for (const auto& [name, value] : table) {
    out += (out.empty() ? "" : ", ") + std::string(name);
  }
  return "one of " + out;
}

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= kIdBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

JoinRule read_join(JsonReader& at, bool listed) {
  JoinRule out;
  out.types = at.texts("types", Need::kRequired);
  out.each = read_path(at, "each", Need::kOptional);
  out.on = read_paths(at, "on", Need::kRequired);
  out.with = read_paths(at, "with", Need::kOptional);
  check_items(at, "on", out.on, listed);
  if (out.with.empty()) {
    out.with = out.on;
  } else if (out.with.size() != out.on.size()) {
    at.refuse("with", "names " + std::to_string(out.with.size()) + " fields, on names " +
                          std::to_string(out.on.size()));
  }
  check_items(at, "with", out.with, out.each.has_value());
  out.where = read_condition(at, "where",
                             out.each ? ExpressionSubject::kElement : ExpressionSubject::kFact);
  out.pair = read_condition(at, "pair", ExpressionSubject::kPair);
  out.none = at.flag("none", false);
  out.time = read_time(at, Need::kRequired);
  out.evidence = read_evidence(at);
  at.finish();
  return out;
}

/// One table, or a list of them.
std::vector<JoinRule> read_joins(JsonReader& at, bool listed) {
  std::vector<JoinRule> out;
  const boost::json::value* raw = at.raw("join");
  if (raw == nullptr || raw->is_object()) {
    if (auto join = at.child("join", Need::kOptional)) {
      out.push_back(read_join(*join, listed));
    }
    return out;
  }
  for (JsonReader& join : at.children("join")) {
    out.push_back(read_join(join, listed));
  }
  if (out.size() > kPackJoinsMax) {
    at.refuse("join", "more than " + std::to_string(kPackJoinsMax), "", Errc::kTooLarge);
  }
  return out;
}

}  // namespace

const char* name(CompareOp op) {
  for (const auto& [text, value] : kOps) {
    if (value == op) {
      return text.data();
    }
  }
  return "";
}

PackText read_title(JsonReader& at, Need need) {
  auto title = at.child("title", need);
  if (!title) {
    return {};
  }
  PackText out{title->text("zh", Need::kRequired), title->text("en", Need::kOptional)};
  title->finish();
  return out;
}

std::string read_id(JsonReader& at, std::string_view key) {
  std::string out = at.text(key, Need::kRequired);
  if (!out.empty() && !is_id(out)) {
    at.refuse(key, "not an id", "letters, digits, point, hyphen and underscore; at most 128");
  }
  return out;
}

std::optional<Fraction> read_number(JsonReader& at, std::string_view key, Need need) {
  const boost::json::value* found = at.raw(key);
  if (found == nullptr) {
    if (need == Need::kRequired) {
      at.refuse(key, "missing");
    }
    return std::nullopt;
  }
  if (found->is_int64()) {
    return Fraction(found->get_int64());
  }
  if (!found->is_string()) {
    at.refuse(key, "must be a number", "write 400, \"312.50\" or \"30%\"");
    return std::nullopt;
  }
  auto number = Fraction::parse(std::string_view(found->get_string()));
  if (!number) {
    at.errors().add(number.error().during(at.path_of(key)));
    return std::nullopt;
  }
  return *number;
}

std::optional<Expression> read_condition(JsonReader& at, std::string_view key,
                                         ExpressionSubject subject) {
  const auto text = at.optional_text(key);
  if (!text) {
    return std::nullopt;
  }
  auto parsed = Expression::parse(*text, subject);
  if (!parsed) {
    at.errors().add(parsed.error().during(at.path_of(key)));
    return std::nullopt;
  }
  return *std::move(parsed);
}

std::vector<FieldPath> read_paths(JsonReader& at, std::string_view key, Need need) {
  std::vector<FieldPath> out;
  for (const std::string& text : at.texts(key, need)) {
    const auto path = FieldPath::parse(text);
    if (!path) {
      at.refuse(key, text + " is no field",
                "fields are id, type, actor, org, counterparty, registry, date, start, end, "
                "recorded, body.<name>, and item under each");
      return out;
    }
    out.push_back(*path);
  }
  return out;
}

std::optional<FieldPath> read_path(JsonReader& at, std::string_view key, Need need) {
  const auto paths = read_paths(at, key, need);
  if (paths.size() > 1) {
    at.refuse(key, "must be one field");
  }
  return paths.empty() ? std::nullopt : std::optional(paths.front());
}

CompareOp read_op(JsonReader& at, std::string_view key, bool between) {
  const std::string text = at.text(key, Need::kRequired);
  for (const auto& [name, op] : kOps) {
    if (name == text && (between || op != CompareOp::kBetween)) {
      return op;
    }
  }
  at.refuse(key, "unknown comparison " + text, one_of(kOps));
  return CompareOp::kGreaterEqual;
}

void check_items(JsonReader& at, std::string_view key, const std::vector<FieldPath>& paths,
                 bool listed) {
  const bool item = std::any_of(paths.begin(), paths.end(), [](const FieldPath& path) {
    return path.field() == FieldPath::Field::kItem;
  });
  if (item && !listed) {
    at.refuse(key, "item without each", "name the list: each = \"body.outputs\"");
  }
}

Threshold read_threshold(JsonReader& at, std::string_view value_key) {
  Threshold out;
  out.op = read_op(at, "op", true);
  if (out.op != CompareOp::kBetween) {
    out.low = read_number(at, value_key, Need::kRequired).value_or(Fraction());
    return out;
  }
  out.low = read_number(at, "low", Need::kRequired).value_or(Fraction());
  out.high = read_number(at, "high", Need::kRequired).value_or(Fraction());
  if (out.high < out.low) {
    at.refuse("high", "below low");
  }
  return out;
}

TimeRule read_time(JsonReader& parent, Need need) {
  TimeRule out;
  auto at = parent.child("time", need);
  if (!at) {
    return out;
  }
  const std::string mode = at->text("mode", Need::kRequired);
  const auto* found = std::find_if(kModes.begin(), kModes.end(),
                                   [&](const auto& one) { return one.first == mode; });
  if (found == kModes.end()) {
    at->refuse("mode", "unknown mode " + mode, one_of(kModes));
    return out;
  }
  out.mode = found->second;
  if (out.mode != TimeMode::kActiveAtEnd && out.mode != TimeMode::kOverlap) {
    out.field = read_path(*at, "field", Need::kOptional);
  }
  if (out.mode == TimeMode::kRolling || out.mode == TimeMode::kAnchored) {
    out.years = static_cast<int>(at->integer("years", Need::kRequired, 1, kYearsMax).value_or(1));
  }
  if (out.mode == TimeMode::kAnchored) {
    out.anchor = read_path(*at, "anchor", Need::kRequired);
  }
  if (out.mode == TimeMode::kLatestAtEnd) {
    if (const auto days = at->integer("max_age_days", Need::kOptional, 0, kDaysMax)) {
      out.max_age_days = static_cast<int>(*days);
    }
  }
  at->finish();
  return out;
}

EvidenceRule read_evidence(JsonReader& parent) {
  EvidenceRule out;
  auto at = parent.child("evidence", Need::kOptional);
  if (!at) {
    return out;
  }
  const std::string min = at->text("min", Need::kOptional);
  const auto grade = parse_grade(min.empty() ? "E0" : min);
  if (!grade) {
    at->refuse("min", "unknown grade " + min, "one of E0, E1, E2, E3, E4");
  } else {
    out.min = *grade;
  }
  out.independent = at->flag("independent", false);
  if (const auto days = at->integer("max_lag_days", Need::kOptional, 0, kDaysMax)) {
    out.max_lag_days = static_cast<int>(*days);
  }
  out.lag_from = read_path(*at, "lag_from", Need::kOptional);
  const std::string below = at->text("below", Need::kOptional);
  if (!below.empty() && below != "exclude" && below != "separate") {
    at->refuse("below", "unknown word " + below, "exclude or separate");
  }
  out.separate = below == "separate";
  at->finish();
  return out;
}

FactRule read_fact_rule(JsonReader& at) {
  FactRule out;
  out.types = at.texts("types", Need::kRequired);
  out.each = read_path(at, "each", Need::kOptional);
  out.where = read_condition(at, "where",
                             out.each ? ExpressionSubject::kElement : ExpressionSubject::kFact);
  out.key = read_paths(at, "key", Need::kOptional);
  check_items(at, "key", out.key, out.each.has_value());
  if (out.key.empty()) {
    out.key.push_back(*FieldPath::parse("id"));
    if (out.each) {
      out.key.push_back(*FieldPath::parse("item"));
    }
  }
  out.time = read_time(at, Need::kRequired);
  out.evidence = read_evidence(at);
  out.joins = read_joins(at, out.each.has_value());
  return out;
}

PackSet read_set(JsonReader& at) {
  PackSet out;
  out.id = read_id(at, "id");
  out.title = read_title(at, Need::kOptional);
  const std::string from = at.text("from", Need::kOptional);
  out.from_directory = from == "org";
  if (out.from_directory) {
    out.rule.where = read_condition(at, "where", ExpressionSubject::kOrganisation);
    out.rule.key.push_back(*FieldPath::parse("org"));
  } else {
    if (!from.empty()) {
      at.refuse("from", "unknown source " + from, "leave it out, or write org");
    }
    out.rule = read_fact_rule(at);
  }
  at.finish();
  return out;
}

}  // namespace hefu
