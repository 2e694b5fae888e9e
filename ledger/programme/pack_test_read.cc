// Reads one [[test]] of a pack.
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "ledger/programme/facts_json.h"
#include "ledger/programme/pack_read.h"

namespace hefu {

namespace {

/// An integer, a decimal, "30%", "31/104", or "na".
std::optional<Fraction> read_expected(JsonReader& at, const std::string& key) {
  const boost::json::value* raw = at.raw(key);
  if (raw == nullptr || !raw->is_string()) {
    return read_number(at, key, Need::kRequired);
  }
  const std::string text(raw->get_string());
  if (text == "na") {
    return std::nullopt;
  }
  const std::size_t slash = text.find('/');
  auto num = Fraction::parse(text.substr(0, slash));
  auto den = slash == std::string::npos ? Fraction(1) : Fraction::parse(text.substr(slash + 1));
  auto out = num && den ? num->divided_by(*den) : num;
  if (!out || !den) {
    at.refuse(key, "\"" + text + "\" is no value", "write 3, \"31/104\", \"30%\" or \"na\"");
    return std::nullopt;
  }
  return *out;
}

std::map<std::string, std::string> read_words(JsonReader& at, std::string_view key) {
  std::map<std::string, std::string> out;
  if (auto words = at.child(key, Need::kOptional)) {
    for (const auto& member : words->object()) {
      const std::string id(member.key());
      out.emplace(id, words->optional_text(id).value_or(""));
    }
  }
  return out;
}

std::map<std::string, std::vector<std::string>> read_verdicts(JsonReader& at) {
  std::map<std::string, std::vector<std::string>> out;
  if (auto targets = at.child("targets", Need::kOptional)) {
    for (const auto& member : targets->object()) {
      const std::string id(member.key());
      out.emplace(id, targets->texts(id, Need::kOptional));
    }
  }
  return out;
}

std::map<std::string, std::map<std::string, std::size_t>> read_excluded(JsonReader& at) {
  std::map<std::string, std::map<std::string, std::size_t>> out;
  auto excluded = at.child("excluded", Need::kOptional);
  if (!excluded) {
    return out;
  }
  for (const auto& member : excluded->object()) {
    const std::string id(member.key());
    auto reasons = excluded->child(id, Need::kRequired);
    if (!reasons) {
      break;
    }
    for (const auto& reason : reasons->object()) {
      const std::string word(reason.key());
      const auto count = reasons->integer(word, Need::kRequired, 0, 1'000'000);
      out[id][word] = static_cast<std::size_t>(count.value_or(0));
    }
  }
  return out;
}

}  // namespace

PackTest read_test(JsonReader& at) {
  PackTest out;
  out.world = read_world(at);
  out.facts = read_fact_list(at, "events");
  out.period = at.text("period", Need::kRequired);
  out.node = at.optional_text("node");
  out.texts = read_words(at, "texts");
  out.shown = read_words(at, "shown");
  out.targets = read_verdicts(at);
  out.colours = read_words(at, "colours");
  out.excluded = read_excluded(at);
  out.asserts = read_words(at, "asserts");
  const bool others = !out.texts.empty() || !out.shown.empty() || !out.targets.empty() ||
                      !out.colours.empty() || !out.excluded.empty() || !out.asserts.empty();
  if (auto expect = at.child("expect", others ? Need::kOptional : Need::kRequired)) {
    for (const auto& member : expect->object()) {
      const std::string key(member.key());
      out.expect.emplace_back(key, read_expected(*expect, key));
    }
  }
  at.finish();
  return out;
}

}  // namespace hefu
