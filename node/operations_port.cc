// What the HTTP API tells an operator: disk, keys, backups; the rest of the port is in
// node_port.cc.

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

#include "ledger/event/envelope.h"
#include "node/node.h"
#include "node/node_port.h"
#include "node/operations.h"

namespace hefu {
namespace {

bool is_root_key(const Member& member, const KeyId& signer) {
  const auto roots = member.keys_ever(KeyRole::kRoot);
  return std::any_of(roots.begin(), roots.end(),
                     [&](const PublicKey& key) { return key_id(key) == signer; });
}

/// The certifications in one log, as far as they are indexed: by a root key of its owner.
Result<void> read_certifications(const Store& store, LogNumber log, const Member& owner,
                                 std::vector<std::pair<std::string, Event>>& out) {
  Result<void> read;
  auto scanned =
      store.scan_index(Store::Index::kType, "key-certification", {log, 0}, [&](EventPlace place) {
        if (place.log != log) {
          return false;
        }
        const auto bytes = store.entry(place.log, place.index);
        const auto envelope = bytes ? decode_envelope(*bytes) : Result<Envelope>(bytes.error());
        const auto event =
            envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
        if (!event) {
          read = event.error();
        } else if (is_root_key(owner, envelope->signer)) {
          out.emplace_back(owner.id, *event);
        }
        return event.ok();
      });
  return scanned ? read : scanned;
}

/// Sorts the files below the data folder by what they hold. How much of the database's tables are
/// entries is about what the database says; the rest of them are trees, indexes, and what is held
/// for others.
void put_kinds(const std::filesystem::path& folder, std::uint64_t entries_bytes, DiskUse& disk) {
  std::uint64_t tables = 0;
  std::uint64_t journal = 0;
  std::uint64_t set_aside = 0;
  std::uint64_t other = 0;
  std::error_code gone;  // files come and go meanwhile
  for (auto file = std::filesystem::recursive_directory_iterator(folder, gone);
       !gone && file != std::filesystem::recursive_directory_iterator(); file.increment(gone)) {
    std::error_code ignored;
    const auto size = file->is_regular_file(ignored) ? file->file_size(ignored) : 0;
    if (ignored) {
      continue;
    }
    const std::string path = file->path().lexically_relative(folder).string();
    std::uint64_t& kind = path.starts_with("db.damaged")       ? set_aside
                          : file->path().extension() == ".sst" ? tables
                          : file->path().extension() == ".log" ? journal
                                                               : other;
    kind += size;
  }
  const std::uint64_t entries = std::min(entries_bytes, tables);
  disk.kinds = {{"entries", entries},
                {"indexes", tables - entries},
                {"journal", journal},
                {"other", other},
                {"set-aside", set_aside}};
  disk.folder_bytes = tables + journal + other + set_aside;
}

}  // namespace

Result<std::string> NodePort::operations() {
  const Charter& charter = node_.charter();
  DiskUse disk;
  std::error_code unknown;
  if (const auto space = std::filesystem::space(node_.data_folder(), unknown); !unknown) {
    disk.free_bytes = space.available;
  }
  std::map<std::string, std::vector<std::pair<Moment, std::uint64_t>>> dated;
  if (const auto state = views_.latest()) {
    for (const auto& [place, head] : state->heads) {
      dated[head.origin].emplace_back(head.time, head.size);
    }
  }
  std::vector<std::pair<std::string, Event>> certifications;
  std::uint64_t entries_bytes = 0;
  for (const Member* owner : charter.log_owners()) {
    const auto log = store_.known_number(owner->origin);
    if (!log) {
      continue;
    }
    const auto head = store_.head(*log);
    if (!head) {
      return head.error();
    }
    entries_bytes += store_.log_bytes(*log);
    disk.logs.push_back({owner->id, owner->origin, head->size, store_.log_bytes(*log),
                         std::move(dated[owner->origin])});
    if (auto read = read_certifications(store_, *log, *owner, certifications); !read) {
      return read.error();
    }
  }
  put_kinds(node_.data_folder(), entries_bytes, disk);
  const Moment now = node_.now();
  return operations_json(disk, key_validities(charter, certifications, now), node_.backups().json(),
                         now);
}

}  // namespace hefu
