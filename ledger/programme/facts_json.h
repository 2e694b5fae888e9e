#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/json_reader.h"
#include "ledger/record/fact.h"

namespace hefu {

/// Largest facts file: 256 MiB.
inline constexpr std::size_t kFactsBytesMax = std::size_t{256} << 20;

/// A facts file: the organisation directory and the effective state of each record.
struct FactsFile {
  World world;
  std::vector<Fact> facts;
  std::optional<std::string> period;
  std::optional<std::string> node;
};

/// Reads one JSON object
///
///     { "orgs": {id: {attribute: value}}, "groups": {id: [{"org","from","to"?}]},
///       "history"?: {id: [{"from"?, "set": {attribute: value}} or {"from"?, "clear": attribute}]},
///       "facts": [fact…], "period"?: "2024", "node"?: "org:A" }
///
/// or the same with orgs and groups under "world". A fact has type, actor, org, counterparty,
/// countersigned_by, guests, evidence, registry, audited_by, date, start, end, recorded,
/// supersedes, body, standing (claimed, confirmed, disputed, rejected, ended) and id; without an id
/// it gets the SHA-256 of its canonical JSON. Null is absence. The keys of a test case (pack,
/// expect, shown, targets, excluded) are allowed and ignored; any other key is refused. Errors name
/// the path.
Result<FactsFile> read_facts(std::string_view json_text);

/// The same for objects inside other documents (the tests of a pack).
World read_world(JsonReader& at);
std::vector<Fact> read_fact_list(JsonReader& at, std::string_view key);

}  // namespace hefu
