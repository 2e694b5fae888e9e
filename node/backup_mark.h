#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "crypto/result.h"
#include "ledger/event/date.h"

namespace hefu {

/// That a backup was restored aside and every entry in it hashed anew (`hefu backup verify`).
struct BackupMark {
  std::uint32_t id = 0;
  Moment at;
};

/// Notes beside the backups which one was verified last: the file "verified.json" of the folder.
/// Error: kIo.
Result<void> put_backup_mark(const std::filesystem::path& folder, const BackupMark& mark);
/// None if there is no such note, or it cannot be read: then nothing is known to be verified.
std::optional<BackupMark> backup_mark(const std::filesystem::path& folder);

}  // namespace hefu
