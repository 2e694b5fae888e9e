#pragma once

#include <optional>
#include <random>
#include <string>
#include <vector>

#include "ledger/programme/pack.h"
#include "ledger/record/fact.h"

namespace hefu {

/// Facts that belong together, and where they are asked about.
struct SqlCase {
  World world;
  std::vector<Fact> facts;
  std::string period;
  std::optional<std::string> node;
  std::vector<std::string> asked;  ///< indicators; empty: all
};

/// The packs of deploy/programmes, by file name.
std::vector<std::pair<std::string, Pack>> programme_packs();

/// A pack with every construct of the format, and its text.
Pack everything();
std::string everything_toml();

/// How many random worlds each pack is asked about; more with HEFU_SQL_WORLDS=….
int sql_worlds();
/// HEFU_SQL_SEED repeats a run.
std::uint64_t sql_seed();

/// The tests inside a pack as cases, each asking what the test asks.
std::vector<SqlCase> cases_of(const Pack& pack);

/// Facts without a programme, of the types a, b and c of everything.toml.
SqlCase plain_case(std::mt19937_64& random);

/// A world near the bounds of a pack's rules: some of the cases thrown together under new ids, and
/// in many facts something changed: a field gone or of another type, a day moved to the edge of a
/// period, another standing, another signer, a claim given twice with another value or by another
/// claimant, a correction, an interval that overlaps; parents, kinds, controllers and memberships
/// that change over time.
SqlCase random_world(const std::vector<SqlCase>& cases, std::mt19937_64& random);

}  // namespace hefu
