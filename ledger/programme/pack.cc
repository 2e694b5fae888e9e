#include "ledger/programme/pack.h"

#include <algorithm>
#include <set>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "ledger/event/canonical_json.h"
#include "ledger/programme/attest_policy.h"
#include "ledger/programme/pack_read.h"
#include "ledger/programme/pack_toml.h"
#include "ledger/programme/text_form.h"

namespace hefu {

namespace {

namespace json = boost::json;

constexpr std::int64_t kFormat = 1;

bool is_version(std::string_view text) {
  int parts = 1;
  bool digit = false;
  for (const char c : text) {
    if (c == '.' && digit) {
      ++parts;
      digit = false;
    } else if (c >= '0' && c <= '9') {
      digit = true;
    } else {
      return false;
    }
  }
  return parts == 3 && digit && text.size() <= 32;
}

Rounding read_rounding(JsonReader& at) {
  const std::string text = at.text("rounding", Need::kOptional);
  if (!text.empty() && text != "half_up" && text != "half_even") {
    at.refuse("rounding", "unknown word " + text, "half_up or half_even");
  }
  return text == "half_even" ? Rounding::kHalfEven : Rounding::kHalfUp;
}

std::map<std::string, std::string> read_source(JsonReader& parent) {
  std::map<std::string, std::string> out;
  if (auto at = parent.child("source", Need::kOptional)) {
    for (const char* key : {"file", "url", "doc", "clause", "sha256"}) {
      if (auto text = at->optional_text(key)) {
        out.emplace(key, *std::move(text));
      }
    }
    at->finish();
  }
  return out;
}

DateSpan read_valid(JsonReader& parent) {
  auto at = parent.child("valid", Need::kRequired);
  if (!at) {
    return {};
  }
  const auto from = at->date("from", Need::kRequired);
  const auto to = at->date("to", Need::kRequired);
  if (from && to && *to < *from) {
    at->refuse("to", "before from");
  }
  at->finish();
  return {from.value_or(Date{}), to.value_or(Date{})};
}

/// [pack]; gives the rounding every figure is shown with.
Rounding read_head(JsonReader& at, Pack& out) {
  out.id = read_id(at, "id");
  out.version = at.text("version", Need::kRequired);
  if (!out.version.empty() && !is_version(out.version)) {
    at.refuse("version", "not a semantic version", "write 1.0.0");
  }
  out.title = read_title(at, Need::kRequired);
  out.issuer = at.text("issuer", Need::kRequired);
  out.source = read_source(at);
  out.valid = read_valid(at);
  if (const auto tz = at.optional_text("tz"); tz && *tz != "+08:00") {
    at.refuse("tz", "only +08:00 is known", "", Errc::kUnsupported);
  }
  const Rounding rounding = read_rounding(at);
  out.event_catalog = at.text("event_catalog", Need::kOptional);
  if (auto attest = at.child("attest", Need::kOptional)) {
    const auto policy = AttestPolicy::parse(attest->text("policy", Need::kRequired));
    if (!policy) {
      at.errors().add(policy.error().during(attest->path_of("policy")));
    }
    attest->finish();
    out.attest_json = canonical_json(attest->object());
  }
  if (auto freeze = at.child("freeze", Need::kOptional)) {
    out.freeze_grace_days =
        static_cast<int>(freeze->integer("grace_days", Need::kOptional, 0, 3660).value_or(0));
    out.freeze_reopen_by = freeze->text("reopen_by", Need::kOptional);
    freeze->finish();
  }
  at.finish();
  return rounding;
}

template <typename Item>
void read_all(JsonReader& root, std::string_view key, std::size_t count_max, auto read,
              std::vector<Item>& out) {
  auto readers = root.children(key);
  if (readers.size() > count_max) {
    root.refuse(key, "more than " + std::to_string(count_max), "", Errc::kTooLarge);
    return;
  }
  for (JsonReader& reader : readers) {
    out.push_back(read(reader));
    if (!root.errors().none()) {
      return;
    }
  }
}

}  // namespace

PackRow read_row(JsonReader& at) {
  PackRow out;
  out.id = read_id(at, "id");
  out.indicators = at.texts("indicators", Need::kOptional);
  out.note = at.text("note", Need::kOptional);
  if (out.indicators.empty() && out.note.empty()) {
    at.refuse("note", "a row without indicators and without a reason",
              "name the indicators that carry it, or say why it is not measured");
  }
  at.finish();
  return out;
}

namespace {

Result<void> read_pack(const json::value& value, Pack& out) {
  if (!value.is_object()) {
    return Error{Errc::kInvalid, "a pack is one JSON object", ""};
  }
  FirstError errors;
  JsonReader root(value.get_object(), "", errors);
  const auto format = root.integer("ppf", Need::kRequired, 1, 1'000'000);
  if (format && *format != kFormat) {
    root.refuse("ppf", "pack format " + std::to_string(*format) + " is not known", "use format 1",
                Errc::kUnsupported);
  }
  Rounding rounding = Rounding::kHalfUp;
  if (auto head = root.child("pack", Need::kRequired)) {
    rounding = read_head(*head, out);
  }
  read_all(root, "set", kPackSetsMax, read_set, out.sets);
  read_all(
      root, "indicator", kPackIndicatorsMax,
      [&](JsonReader& at) { return read_indicator(at, out, rounding); }, out.indicators);
  read_all(root, "assert", kPackAssertsMax, read_assert, out.asserts);
  read_all(root, "test", kPackIndicatorsMax, read_test, out.tests);
  read_all(root, "row", kPackRowsMax, read_row, out.rows);
  root.finish();
  if (errors.none()) {
    check_references(out, errors);
  }
  return errors.none() ? Result<void>() : errors.error();
}

bool all_text_is_normal(const json::value& value) {
  const auto normal = [](std::string_view text) { return normal_text(text) == text; };
  if (value.is_string()) {
    return normal(value.get_string());
  }
  if (value.is_array()) {
    return std::all_of(value.get_array().begin(), value.get_array().end(), all_text_is_normal);
  }
  if (value.is_object()) {
    return std::all_of(value.get_object().begin(), value.get_object().end(),
                       [&](const json::key_value_pair& member) {
                         return normal(member.key()) && all_text_is_normal(member.value());
                       });
  }
  return true;
}

Error too_large(std::size_t bytes) {
  return {Errc::kTooLarge,
          "pack of " + std::to_string(bytes) + " bytes, at most " + std::to_string(kPackBytesMax),
          "split the programme into several packs"};
}

}  // namespace

Result<Pack> Pack::from_toml(std::string_view toml) {
  if (toml.size() > kPackBytesMax) {
    return too_large(toml.size());
  }
  auto source = read_pack_toml(toml);
  if (!source) {
    return source.error();
  }
  auto pack = from_json(canonical_json(source->json));
  return pack ? std::move(pack) : Result<Pack>(source->at_line(pack.error()));
}

Result<Pack> Pack::from_json(std::string_view canonical) {
  auto value = parse_json(canonical, kPackBytesMax);
  if (!value) {
    return value.error();
  }
  if (canonical_json(*value) != canonical) {
    return Error{Errc::kInvalid, "pack: JSON is not in canonical form (RFC 8785)",
                 "publish the bytes the pack's digest is taken over"};
  }
  if (!all_text_is_normal(*value)) {
    return Error{Errc::kInvalid, "pack: text is not in Unicode normal form C with LF line ends",
                 ""};
  }
  Pack out;
  if (auto fine = read_pack(*value, out); !fine) {
    return fine.error();
  }
  out.canonical_ = std::string(canonical);
  out.digest_ = sha256(as_bytes(canonical));
  return out;
}

const PackSet* Pack::find_set(std::string_view wanted) const {
  const auto found =
      std::find_if(sets.begin(), sets.end(), [&](const PackSet& one) { return one.id == wanted; });
  return found == sets.end() ? nullptr : &*found;
}

const PackIndicator* Pack::find_indicator(std::string_view wanted) const {
  const auto found = std::find_if(indicators.begin(), indicators.end(),
                                  [&](const PackIndicator& one) { return one.id == wanted; });
  return found == indicators.end() ? nullptr : &*found;
}

const PackAssert* Pack::find_assert(std::string_view wanted) const {
  const auto found = std::find_if(asserts.begin(), asserts.end(),
                                  [&](const PackAssert& one) { return one.id == wanted; });
  return found == asserts.end() ? nullptr : &*found;
}

std::vector<std::string> parts_of(const PackIndicator& indicator) {
  const MeasureRule& measure = indicator.measure;
  std::vector<std::string> out = measure.plus;
  out.insert(out.end(), measure.minus.begin(), measure.minus.end());
  for (const std::string* part : {&measure.num, &measure.den, &measure.of, &indicator.subset_of}) {
    if (!part->empty()) {
      out.push_back(*part);
    }
  }
  return out;
}

std::vector<std::string> Pack::event_types() const {
  std::set<std::string> out;
  const auto add = [&](const FactRule& rule) {
    out.insert(rule.types.begin(), rule.types.end());
    for (const JoinRule& join : rule.joins) {
      out.insert(join.types.begin(), join.types.end());
    }
  };
  for (const PackSet& set : sets) {
    add(set.rule);
  }
  for (const PackIndicator& indicator : indicators) {
    add(indicator.rule);
    if (indicator.measure.share) {
      add(indicator.measure.share->test.facts);
      if (indicator.measure.share->per) {
        add(indicator.measure.share->per->facts);
      }
    }
    if (indicator.measure.absent) {
      for (const auto* side :
           {&indicator.measure.absent->violation, &indicator.measure.absent->clearance}) {
        out.insert(side->types.begin(), side->types.end());
      }
    }
  }
  return {out.begin(), out.end()};
}

}  // namespace hefu
