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

}  // namespace

PackTest read_test(JsonReader& at) {
  PackTest out;
  out.world = read_world(at);
  out.facts = read_fact_list(at, "events");
  out.period = at.text("period", Need::kRequired);
  out.node = at.optional_text("node");
  if (auto expect = at.child("expect", Need::kRequired)) {
    for (const auto& member : expect->object()) {
      const std::string key(member.key());
      out.expect.emplace_back(key, read_expected(*expect, key));
    }
  }
  at.finish();
  return out;
}

}  // namespace hefu
