#pragma once

// What the tests of programmes share.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/programme/evaluate.h"
#include "ledger/programme/facts_json.h"
#include "ledger/programme/pack.h"

namespace hefu {

/// Contents of tests/vectors/packs/<name>.
std::string pack_vector(const std::string& name);

/// One of the worked examples; fails the test if it does not load.
Pack load_vector_pack(const std::string& name);

/// One case of a file of cases.
struct PackCase {
  std::string pack;
  FactsFile world;  ///< directory, facts, period, node
  std::map<std::string, std::optional<Fraction>> expect;
  std::map<std::string, std::string> shown;
  std::map<std::string, std::vector<std::string>> targets;
  std::map<std::string, std::map<std::string, std::size_t>> excluded;
  std::map<std::string, std::string> asserts;
  /// What stands beside a figure: what, period, value, shown.
  std::map<std::string, std::vector<std::vector<std::string>>> beside;
};
/// The published cases (cases.json), or those of this engine's further constructs
/// (constructs.json).
std::vector<PackCase> load_cases(const std::string& file = "cases.json");

/// The directory and groups of cases.json, without facts.
World case_world();

/// A pack of one indicator: `indicator` is the TOML inside [[indicator]], `more` whatever else.
std::string one_indicator(std::string_view indicator, std::string_view more = "");

/// Facts written as one JSON array, in the directory of cases.json.
std::vector<Fact> facts_of(const std::string& json_array);

/// All figures by indicator; fails the test if evaluation does.
std::map<std::string, Figure> figures_of(const Pack& pack, const World& world,
                                         const std::vector<Fact>& facts, const std::string& period,
                                         const std::optional<std::string>& node = std::nullopt);

/// The value as text: "3", "1/3" or "na"; "error: …" if it could not be computed.
std::string value_text(const Figure& figure);

/// Verdicts of the targets that apply, in order.
std::vector<std::string> verdicts(const Figure& figure);

}  // namespace hefu
