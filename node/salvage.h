#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.h"

namespace hefu {

/// Reads every byte of the database in a data folder and holds it against its checksums: what is
/// damaged, with the file's name; none if all can be read, or there is no database. The node must
/// be stopped. Errors: kConflict (it runs), kIo.
Result<std::optional<std::string>> find_damage(const std::filesystem::path& data);

/// What became of a damaged database.
struct Salvage {
  std::filesystem::path aside;    ///< where it is now
  std::uint64_t witnessed = 0;    ///< logs whose last cosigned checkpoint this witness still knows
  std::uint64_t openings = 0;     ///< events with openings of personal fields that were saved
  std::uint64_t of_accounts = 0;  ///< accounts of the API (all together), and acts about them
  /// Of what only this node has: what could not be read to the end.
  std::vector<std::string> lost;
};
/// Sets the database aside and begins a new one with what no other member can give back, as far as
/// it can be read: the witness's memory, the openings and the accounts of the API. The logs are
/// left out: the node takes them back from the other members when it starts. Errors: kConflict,
/// kIo.
Result<Salvage> replace_damaged(const std::filesystem::path& data);

}  // namespace hefu
