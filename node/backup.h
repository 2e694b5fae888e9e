#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/store.h"

namespace hefu {

/// Backups of a store: copies of its whole database in a folder of RocksDB's BackupEngine. Files
/// that an earlier backup there has are not copied again, and every file has a checksum. Key files
/// are no part of it.
///
/// A backup saves what only this node has: the openings of personal fields, the memory of its
/// witness, what it holds for others. The logs come back from the other members, as far as they
/// have them; what a backup lacks of this node's own log has to, because it must never be forked.
struct BackupInfo {
  std::uint32_t id = 0;
  std::int64_t made_s = 0;  ///< seconds since 1970
  std::uint64_t bytes = 0;  ///< of all its files, shared ones included
  std::uint32_t files = 0;
  std::vector<std::pair<std::string, std::uint64_t>> logs;  ///< sizes, by origin
};

/// Makes one, also while the store is in use, and drops all but the latest `keep`. The folder is
/// made if it is missing. Errors: kIo.
Result<BackupInfo> make_backup(const Store& store, const std::filesystem::path& folder,
                               std::uint32_t keep);
/// All in a folder, oldest first. Errors: kNotFound (there is none), kIo.
Result<std::vector<BackupInfo>> list_backups(const std::filesystem::path& folder);
/// Writes one into the data folder of a node that has none yet. Its files are held against their
/// checksums on the way. Errors: kNotFound (no such backup), kConflict (there are data), kCorrupt
/// (a file is not what was backed up), kIo.
Result<void> restore_backup(const std::filesystem::path& folder, std::uint32_t id,
                            const std::filesystem::path& data);
/// Says in a restored store that it is one: its log may have gone on since, so the node hears the
/// other members before it appends, and the log tells that it was recovered. `founded`: the origin
/// of any of the member's epochs. Errors: kIo.
Result<void> mark_restored(Store& store, std::string_view founded);

/// What was found in one log of a store.
struct LogCheck {
  std::string origin;
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;
  std::uint64_t checkpoint_size = 0;  ///< of the signed checkpoint they lead to
};
/// Reads every entry of every log and hashes it anew: the tree must be the stored one, and that of
/// the checkpoint signed by the log's owner. `progress` is told of every log before it is read.
/// Errors: kCorrupt naming log and entry, kUnverified (the signature), kIo.
Result<std::vector<LogCheck>> check_logs(const Store& store, const Charter& charter,
                                         const std::function<void(const std::string&)>& progress);

}  // namespace hefu
