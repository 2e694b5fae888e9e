#include "node/backup.h"

#include <charconv>
#include <cstdlib>
#include <memory>
#include <optional>
#include <sstream>
#include <system_error>

#include <rocksdb/db.h>
#include <rocksdb/utilities/backup_engine.h>

#include "ledger/log/checkpoint.h"
#include "ledger/merkle/tree.h"
#include "node/recovery_record.h"

namespace hefu {
namespace {

namespace fs = std::filesystem;

Error failed(const std::string& doing, const rocksdb::Status& status) {
  if (status.IsNotFound()) {
    return Error{Errc::kNotFound, doing + ": there is no such backup", "`hefu backup list`"};
  }
  if (status.IsCorruption()) {
    return Error{Errc::kCorrupt, doing + ": " + status.ToString(),
                 "this backup cannot be used; take an older one, or none: the node fetches the "
                 "logs back from the other members"};
  }
  return Error{Errc::kIo, doing + ": " + status.ToString(),
               "check the disk: space, permissions, health"};
}

rocksdb::BackupEngineOptions options(const fs::path& folder) {
  rocksdb::BackupEngineOptions options(folder.string());
  options.max_background_operations = 1;  // a node at work has other things to do
  return options;
}

/// "origin size\n" for every log: what the backup says of itself.
Result<std::string> describe(const Store& store) {
  const auto logs = store.logs();
  if (!logs) {
    return logs.error();
  }
  std::string text;
  for (const auto& [origin, number] : *logs) {
    const auto head = store.head(number);
    if (!head) {
      return head.error();
    }
    text += origin + " " + std::to_string(head->size) + "\n";
  }
  return text;
}

BackupInfo read(const rocksdb::BackupInfo& from) {
  BackupInfo info;
  info.id = from.backup_id;
  info.made_s = from.timestamp;
  info.bytes = from.size;
  info.files = from.number_files;
  std::istringstream lines(from.app_metadata);
  std::string origin;
  std::uint64_t size = 0;
  while (lines >> origin >> size) {
    info.logs.emplace_back(origin, size);
  }
  return info;
}

Result<std::unique_ptr<rocksdb::BackupEngineReadOnly>> open(const fs::path& folder) {
  std::error_code none;
  if (!fs::is_directory(folder, none)) {
    return Error{Errc::kNotFound, "there are no backups in " + folder.string(),
                 "`hefu backup create` makes one"};
  }
  rocksdb::BackupEngineReadOnly* engine = nullptr;
  const auto opened =
      rocksdb::BackupEngineReadOnly::Open(rocksdb::Env::Default(), options(folder), &engine);
  if (!opened.ok()) {
    return failed("reading the backups in " + folder.string(), opened);
  }
  return std::unique_ptr<rocksdb::BackupEngineReadOnly>(engine);
}

Result<LogCheck> check_log(const Store& store, const std::string& origin, LogNumber log,
                           const Member* owner) {
  const auto head = store.head(log);
  if (!head) {
    return head.error();
  }
  LogCheck check;
  check.origin = origin;
  std::optional<SignedCheckpoint> checkpoint;
  if (!head->checkpoint.empty()) {
    const auto key =
        owner == nullptr ? Result<VerifierKey>(Error{}) : VerifierKey::parse(owner->log_vkey());
    auto opened =
        key ? open_checkpoint(head->checkpoint, *key) : parse_checkpoint(head->checkpoint);
    if (!opened) {
      return opened.error().during("the checkpoint of log " + origin);
    }
    checkpoint = *std::move(opened);
    check.checkpoint_size = checkpoint->checkpoint.size;
  }
  CompactRange tree;
  const auto contradicted = [&](std::uint64_t size, const Digest& root) {
    return checkpoint && checkpoint->checkpoint.size == size && checkpoint->checkpoint.root != root;
  };
  bool wrong = contradicted(0, tree.root());
  auto scanned = store.scan(log, 0, head->size, [&](std::uint64_t, BytesView entry) {
    tree.append(leaf_hash(entry));
    ++check.entries;
    check.bytes += entry.size();
    wrong = wrong || (checkpoint && checkpoint->checkpoint.size == check.entries &&
                      contradicted(check.entries, tree.root()));
    return true;
  });
  if (!scanned) {
    return scanned.error();
  }
  if (wrong || tree.root() != head->root || check.checkpoint_size > head->size) {
    return Error{Errc::kCorrupt,
                 "log " + origin + ": its " + std::to_string(check.entries) +
                     " entries do not lead to " +
                     (wrong ? "the checkpoint its owner signed" : "the root stored with them"),
                 "do not go on with this data: the node fetches the log from the other members"};
  }
  return check;
}

}  // namespace

Result<BackupInfo> make_backup(const Store& store, const fs::path& folder, std::uint32_t keep) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    return Error{Errc::kIo, "cannot make the folder " + folder.string() + ": " + failure.message(),
                 "check its path and permissions"};
  }
  fs::permissions(folder, fs::perms::owner_all, failure);  // it holds personal values
  auto about = describe(store);
  if (!about) {
    return about.error();
  }
  rocksdb::BackupEngine* opened = nullptr;
  rocksdb::Status status =
      rocksdb::BackupEngine::Open(rocksdb::Env::Default(), options(folder), &opened);
  if (!status.ok()) {
    return failed("opening the backups in " + folder.string(), status);
  }
  const std::unique_ptr<rocksdb::BackupEngine> engine(opened);
  rocksdb::CreateBackupOptions how;
  how.flush_before_backup = true;  // no write-ahead log in it, which could hold erased values
  rocksdb::BackupID id = 0;
  status = engine->CreateNewBackupWithMetadata(how, &store.database(), *about, &id);
  if (status.ok()) {
    status = engine->PurgeOldBackups(keep);
  }
  if (!status.ok()) {
    return failed("making a backup in " + folder.string(), status);
  }
  rocksdb::BackupInfo made;
  status = static_cast<rocksdb::Status>(engine->GetBackupInfo(id, &made));
  return status.ok() ? Result<BackupInfo>(read(made)) : failed("reading the new backup", status);
}

Result<std::vector<BackupInfo>> list_backups(const fs::path& folder) {
  auto engine = open(folder);
  if (!engine) {
    return engine.error();
  }
  std::vector<rocksdb::BackupInfo> found;
  (*engine)->GetBackupInfo(&found);
  std::vector<BackupInfo> backups;
  backups.reserve(found.size());
  for (const rocksdb::BackupInfo& one : found) {
    backups.push_back(read(one));
  }
  return backups;
}

Result<void> restore_backup(const fs::path& folder, std::uint32_t id, const fs::path& data) {
  auto engine = open(folder);
  if (!engine) {
    return engine.error();
  }
  std::error_code failure;
  if (fs::exists(data / "db", failure)) {
    return Error{Errc::kConflict, "there are data in " + data.string() + " already",
                 "restore into a folder without data; what is there may be newer than the backup"};
  }
  const std::string what = "backup " + std::to_string(id) + " in " + folder.string();
  // Sizes alone are looked at while restoring: the checksums are what tells a flipped bit.
  if (auto whole = (*engine)->VerifyBackup(id, true); !whole.ok()) {
    return failed(what, whole);
  }
  fs::create_directories(data / "db", failure);
  if (failure) {
    return Error{Errc::kIo, "cannot make the folder " + data.string() + ": " + failure.message(),
                 "check its path and permissions"};
  }
  fs::permissions(data, fs::perms::owner_all, failure);
  const std::string db = (data / "db").string();
  const auto restored = (*engine)->RestoreDBFromBackup(id, db, db);
  return restored.ok() ? Result<void>() : failed(what, restored);
}

Result<void> mark_restored(Store& store, std::string_view founded) {
  // The log that grows is that of the last epoch.
  const auto logs = store.logs();
  if (!logs) {
    return logs.error();
  }
  std::string origin(founded);
  for (const auto& [other, number] : *logs) {
    if (line_of(other) == line_of(founded) && epoch_of(other) > epoch_of(origin)) {
      origin = other;
    }
  }
  auto log = store.number(origin);
  auto head = log ? store.head(*log) : Result<LogHead>(log.error());
  if (!head) {
    return head.error();
  }
  RecoveryRecord record;
  record.size_before = head->size;
  return record.write(store);
}

Result<std::vector<LogCheck>> check_logs(const Store& store, const Charter& charter,
                                         const std::function<void(const std::string&)>& progress) {
  const auto logs = store.logs();
  if (!logs) {
    return logs.error();
  }
  std::vector<LogCheck> checks;
  for (const auto& [origin, number] : *logs) {
    progress(origin);
    auto check = check_log(store, origin, number, charter.by_origin(origin));
    if (!check) {
      return check.error();
    }
    checks.push_back(*std::move(check));
  }
  return checks;
}

}  // namespace hefu
