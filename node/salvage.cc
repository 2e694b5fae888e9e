#include "node/salvage.h"

#include <functional>
#include <memory>
#include <system_error>
#include <utility>

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include "node/account_storage.h"
#include "node/store.h"

namespace hefu {
namespace {

namespace fs = std::filesystem;

/// Column families of store.cc that are nowhere else.
constexpr const char* kWitness = "witness";
constexpr const char* kOpenings = "openings";
constexpr const char* kMeta = "meta";  // of it, what node/account_storage.h keeps there

/// A database opened to be read only, whatever wrote it.
struct Reading {
  std::unique_ptr<rocksdb::DB> db;
  std::vector<rocksdb::ColumnFamilyHandle*> families;

  Reading() = default;
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;
  ~Reading() {
    for (rocksdb::ColumnFamilyHandle* family : families) {
      db->DestroyColumnFamilyHandle(family);
    }
  }
};

rocksdb::Status open(const fs::path& path, const std::vector<std::string>& names,
                     Reading& reading) {
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  for (const std::string& name : names) {
    descriptors.emplace_back(name, rocksdb::ColumnFamilyOptions());
  }
  rocksdb::DBOptions options;
  options.info_log_level = rocksdb::FATAL_LEVEL;
  rocksdb::DB* db = nullptr;
  const auto status =
      rocksdb::DB::OpenForReadOnly(options, path.string(), descriptors, &reading.families, &db);
  reading.db.reset(db);
  return status;
}

rocksdb::Status read_all(Reading& reading, rocksdb::ColumnFamilyHandle* family,
                         const std::function<void(rocksdb::Slice, rocksdb::Slice)>& take) {
  rocksdb::ReadOptions options;
  options.verify_checksums = true;
  options.fill_cache = false;
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> at(reading.db->NewIterator(options, family));
  for (at->SeekToFirst(); at->Valid(); at->Next()) {
    take(at->key(), at->value());
  }
  return at->status();
}

/// Refuses while a node has the database open: what is read then may be half written.
Result<void> lock_out(const fs::path& path) {
  rocksdb::FileLock* lock = nullptr;
  const auto locked = rocksdb::Env::Default()->LockFile((path / "LOCK").string(), &lock);
  if (!locked.ok()) {
    return Error{Errc::kConflict, "another process has " + path.string() + " open",
                 "stop the node first"};
  }
  rocksdb::Env::Default()->UnlockFile(lock).PermitUncheckedError();
  return {};
}

Result<fs::path> set_aside(const fs::path& path) {
  for (int n = 1; n < 1000; ++n) {
    const fs::path aside = path.string() + ".damaged-" + std::to_string(n);
    std::error_code failure;
    if (fs::exists(aside, failure)) {
      continue;
    }
    fs::rename(path, aside, failure);
    if (failure) {
      return Error{Errc::kIo, "cannot set " + path.string() + " aside: " + failure.message(),
                   "check the permissions of the data folder"};
    }
    return aside;
  }
  return Error{Errc::kConflict, "too many databases have been set aside beside " + path.string(),
               "remove those that nobody needs any more"};
}

}  // namespace

Result<std::optional<std::string>> find_damage(const fs::path& data) {
  const fs::path path = data / "db";
  std::error_code none;
  if (!fs::exists(path / "CURRENT", none)) {
    return std::optional<std::string>();
  }
  if (auto alone = lock_out(path); !alone) {
    return alone.error();
  }
  std::vector<std::string> names;
  auto status = rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path.string(), &names);
  Reading reading;
  if (status.ok()) {
    status = open(path, names, reading);
  }
  if (!status.ok()) {
    return std::optional("the database cannot be opened: " + status.ToString());
  }
  for (rocksdb::ColumnFamilyHandle* family : reading.families) {
    status = read_all(reading, family, [](rocksdb::Slice, rocksdb::Slice) {});
    if (!status.ok()) {
      return std::optional(family->GetName() + ": " + status.ToString());
    }
  }
  return std::optional<std::string>();
}

Result<Salvage> replace_damaged(const fs::path& data) {
  if (auto alone = lock_out(data / "db"); !alone) {
    return alone.error();
  }
  auto aside = set_aside(data / "db");
  if (!aside) {
    return aside.error();
  }
  auto fresh = Store::open(data, {});
  if (!fresh) {
    return fresh.error();
  }
  Salvage salvage;
  salvage.aside = *std::move(aside);
  for (const char* name : {kWitness, kOpenings, kMeta}) {
    Reading reading;
    Result<void> put;
    auto status = open(salvage.aside, {rocksdb::kDefaultColumnFamilyName, name}, reading);
    if (status.ok()) {
      status =
          read_all(reading, reading.families[1], [&](rocksdb::Slice key, rocksdb::Slice value) {
            if (!put) {
              return;
            }
            const std::string_view text(value.data(), value.size());
            if (name == kMeta) {
              if (is_of_accounts({key.data(), key.size()})) {
                put = (*fresh)->put_meta(std::string_view(key.data(), key.size()), text);
                ++salvage.of_accounts;
              }
            } else if (name == kWitness) {
              put = (*fresh)->put_witnessed(std::string_view(key.data(), key.size()), text);
              ++salvage.witnessed;
            } else if (const auto event = Digest::from_bytes(as_bytes({key.data(), key.size()}))) {
              put = (*fresh)->put_openings(EventId{*event}, text);
              ++salvage.openings;
            }
          });
    }
    if (!put) {
      return put.error();
    }
    if (!status.ok()) {
      salvage.lost.push_back(std::string(name) + ": " + status.ToString());
    }
  }
  return salvage;
}

}  // namespace hefu
