// What a member of the federation can write: any list of events, well signed, from fields nobody
// thought of to references in circles. Whatever they say, every node makes records, agreements and
// figures of them, tells who attested these, and closes periods, the same in whatever order its
// logs are read. A seed is a JSON list; "#2" in it stands for the id of the second event before,
// counted from 0.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "crypto/result.h"
#include "ledger/closing/closing_json.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/event_json.h"
#include "ledger/programme/pack.h"
#include "ledger/view/attested_json.h"
#include "ledger/view/figures.h"
#include "ledger/view/state.h"
#include "tests/support/federation.h"
#include "tests/support/logs.h"

namespace {

using namespace hefu;
namespace json = boost::json;

constexpr std::size_t kMembers = 3;
constexpr std::size_t kEventsMax = 24;

constexpr std::string_view kCatalogue = R"({
  "id": "fuzz", "version": "1", "title": {"zh": "试", "en": "Fuzz"}, "types": [
    {"name": "base", "title": {"zh": "基地", "en": "Base"}, "visibility": "public",
     "fields": [
      {"name": "base_id", "type": "text", "required": true},
      {"name": "partner", "type": "party", "required": true},
      {"name": "since", "type": "date", "required": true},
      {"name": "size", "type": "integer"}],
     "lifecycle": {"states": ["claimed", "active", "dissolved"], "transitions": []},
     "countersign": ["partner"],
     "fact": {"actor": "issuer", "counterparty": ["partner"], "date": "since", "start": "since"}},
    {"name": "institution-registration", "title": {"zh": "机构", "en": "Institution"},
     "fact": {"actor": "issuer", "org": "institution_id"},
     "fields": [
      {"name": "institution_id", "type": "party", "required": true},
      {"name": "legal_name", "type": "text"},
      {"name": "parent", "type": "party"}]},
    {"name": "collaboration-agreement", "title": {"zh": "协议", "en": "Agreement"},
     "countersign": ["parties"],
     "fact": {"actor": "issuer", "counterparty": ["parties"], "date": "signed_on",
              "start": "valid_from", "end": "valid_to"},
     "fields": [
      {"name": "agreement_kind", "type": "text"},
      {"name": "parties", "type": "list<party>", "required": true},
      {"name": "title", "type": "text"},
      {"name": "signed_on", "type": "date"},
      {"name": "valid_from", "type": "date", "required": true},
      {"name": "valid_to", "type": "date"},
      {"name": "renewal_of", "type": "event"},
      {"name": "sign_by", "type": "date", "required": true},
      {"name": "attempt", "type": "integer"},
      {"name": "base", "type": "event"},
      {"name": "notice_days", "type": "integer"}]}]})";

constexpr const char* kPack = R"(
ppf = 1
[pack]
id = "fuzz.bases"
version = "1.0.0"
title = { zh = "基地", en = "Bases" }
issuer = "org:test"
source = { file = "test.txt", doc = "test", clause = "1" }
valid = { from = 2024-01-01, to = 2026-12-31 }
[[indicator]]
id = "bases"
title = { zh = "基地数", en = "Bases" }
unit = "个"
types = ["base"]
key = ["body.base_id"]
time = { mode = "active_at_end" }
evidence = { min = "E2", independent = true }
measure = { kind = "count" }
rollup = { attribute = "actor", credit = "recompute" }
target = [ { period = "2025", op = ">=", value = 2 } ]
)";

class Zeros final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), 0); }
};

/// Puts ids of earlier events and members' codes where the seed names them.
void resolve(json::value& value, const TestFederation& federation,
             const std::vector<EventId>& earlier) {
  if (auto* object = value.if_object()) {
    for (auto& member : *object) {
      resolve(member.value(), federation, earlier);
    }
  } else if (auto* array = value.if_array()) {
    for (json::value& item : *array) {
      resolve(item, federation, earlier);
    }
  } else if (auto* text = value.if_string(); text != nullptr && text->size() == 2) {
    const auto number = static_cast<std::size_t>((*text)[1] - '0');
    if ((*text)[0] == '#' && number < earlier.size()) {
      value = json::string(earlier[number].hex());
    } else if ((*text)[0] == '@' && number < kMembers) {
      value = json::string(federation.member(number).id);
    }
  }
}

std::size_t small(const json::object& item, std::string_view name, std::size_t bound) {
  const json::value* value = item.if_contains(name);
  return value != nullptr && value->is_int64()
             ? static_cast<std::uint64_t>(value->get_int64()) % bound
             : 0;
}

void write(TestLogs& logs, const TestFederation& federation, const Catalogue& catalogue,
           const json::array& seed) {
  constexpr std::array kRoles{KeyRole::kRegistrar, KeyRole::kSeal,    KeyRole::kRoot,
                              KeyRole::kReviewer,  KeyRole::kAuditor, KeyRole::kLog};
  Zeros entropy;
  std::vector<EventId> earlier;
  std::uint64_t seconds = 1'740'000'000;
  for (const json::value& item : seed) {
    const json::object* given = item.if_object();
    if (given == nullptr || earlier.size() == kEventsMax) {
      continue;
    }
    const std::size_t member = small(*given, "member", kMembers);
    if (given->contains("anchor")) {
      seconds += small(*given, "anchor", 1'000'000);
      logs.anchor(member, seconds);
      continue;
    }
    const json::value* event = given->if_contains("event");
    if (event == nullptr || !event->is_object()) {
      continue;
    }
    json::value resolved = *event;
    resolve(resolved, federation, earlier);
    resolved.as_object()["issuer"] = federation.member(member).id;
    const auto draft = event_from_json(resolved, catalogue, Moment{1}, entropy);
    if (draft && encode_event(draft->event)) {
      earlier.push_back(
          logs.append(member, draft->event, kRoles.at(small(*given, "role", kRoles.size()))));
    }
  }
}

/// What a state says about the closing of a year.
std::string closings_of(const LedgerState& state) {
  return canonical_json(closings_json(fold_closings(state.events, state.governance->charter, {}),
                                      "fuzz.bases", "2025"));
}

/// Figures with who attested them.
std::string attested(const LedgerState& state, const FigureRequest& request,
                     const FigureReport& report) {
  const auto display = with_attestations(state, request, report.display, view_statements(state));
  HEFU_ASSERT(display.ok());
  return *display;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const TestFederation federation(kMembers);
  static const Catalogue catalogue = *Catalogue::parse(kCatalogue);
  static const std::string pack = Pack::from_toml(kPack)->canonical();
  const auto seed = parse_json(as_text({data, size}), 1 << 16);
  if (!seed || !seed->is_array()) {
    return 0;
  }
  TestLogs logs(federation);
  for (std::size_t i = 0; i < kMembers; ++i) {
    if (federation.member(i).id == federation.charter().authority) {
      logs.publish(i, "catalogue", "fuzz", "1", catalogue.text());
      logs.publish(i, "pack", "fuzz.bases", "1.0.0", pack);
    }
  }
  write(logs, federation, catalogue, seed->get_array());
  const Cut cut = logs.cut(1'750'000'000);
  auto contents = logs.contents();
  const auto state = build_state(federation.charter(), cut, contents, nullptr);
  if (!state) {
    HEFU_ASSERT(!state.error().message.empty());
    return 0;
  }
  const FigureRequest request{"fuzz.bases", "2025", "", ""};
  const auto figures = compute_figures(federation.charter(), *state, request);
  std::reverse(contents.begin(), contents.end());
  const auto again = build_state(federation.charter(), cut, contents, nullptr);
  HEFU_ASSERT(again.ok());
  const auto same = compute_figures(federation.charter(), *again, request);
  HEFU_ASSERT(figures.ok() == same.ok());
  HEFU_ASSERT(!figures || figures->report == same->report);
  HEFU_ASSERT(!figures || attested(*state, request, *figures) == attested(*again, request, *same));
  HEFU_ASSERT(closings_of(*state) == closings_of(*again));
  return 0;
}
