#include "node/store.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include "crypto/encoding.h"
#include "ledger/merkle/tree.h"
#include "node/index_tail.h"

namespace hefu {
namespace {

// Layout, version 1. Integers are big-endian, so that keys sort by number.
//
//   meta        name                                  → value
//   entries     log u32 · first index u64             → run: (u16 length · envelope)*, 1 to 256 of
//                                                       them, never across a multiple of 256;
//                                                       those beyond the head's size are staged
//   tiles       log u32 · level u8 · tile index u64   → 1 to 256 hashes
//   heads       log u32                               → size u64 · root 32 · checkpoint ·
//                                                       target, empty if it is the checkpoint
//   cosigned    log u32                               → checkpoint note
//   keys        key id 32 · log u32 · index u64       → certified key
//   witness     origin                                → checkpoint note
//   openings    event id 32                           → opaque to the store
//   quarantine  origin                                → since u64 · code · detail · evidence
//   held        log u32 · index u64                   → boot u64 · envelope, of another member's
//                                                       log; the highest boot is meta boot/<log>
//   events      event id 32 · log u32                 → index u64
//   records     record id 32 · log u32 · index u64    → postings
//   types       type · 00 · log u32 · index u64       → postings
//   issuers     issuer · 00 · log u32 · index u64     → postings
//
// The last four are written from the index tail, sorted, with how far they reach in the same write.
// Texts inside values are u32 length · bytes. Postings are the indexes of one write that have the
// key in common, from the one in the key on: u32 each, the distance from that one. A record's
// opening event is not among its postings: it is found by its id.
constexpr std::string_view kFormatKey = "format";
constexpr std::uint32_t kFormatVersion = 1;
constexpr std::uint64_t kRunMax = kFullTileWidth;

enum Family : std::size_t {
  kMeta,
  kEntries,
  kTiles,
  kHeads,
  kCosigned,
  kKeys,
  kWitness,
  kOpenings,
  kQuarantine,
  kHeld,
  kEvents,
  kRecords,
  kTypes,
  kIssuers,
  kFamilies
};
constexpr std::array<const char*, kFamilies> kFamilyNames = {
    "meta",     "entries",    "tiles", "heads",  "cosigned", "keys",  "witness",
    "openings", "quarantine", "held",  "events", "records",  "types", "issuers"};

constexpr const char* kDamagedHint =
    "stop this node and start it once with --recover: it keeps what only it has, as far as it can "
    "be read, and takes the logs back from the other members";

rocksdb::Slice slice(BytesView bytes) {
  return {as_text(bytes).data(), bytes.size()};
}
BytesView view(const rocksdb::Slice& slice) {
  return as_bytes({slice.data(), slice.size()});
}

Error io_error(const std::string& doing, const rocksdb::Status& status) {
  return Error{status.IsCorruption() ? Errc::kCorrupt : Errc::kIo,
               "store: " + doing + ": " + status.ToString(),
               status.IsCorruption() ? kDamagedHint : "check the disk: space, permissions, health"};
}

Error corrupt(const std::string& what) {
  return Error{Errc::kCorrupt, "store: " + what, kDamagedHint};
}

void append_text(Bytes& out, std::string_view text) {
  append_be(out, static_cast<std::uint32_t>(text.size()));
  append(out, text);
}

/// Reads what the functions here wrote; `ok` turns false at the first thing that does not fit.
struct Reader {
  BytesView left;
  bool ok = true;

  BytesView take(std::size_t count) {
    if (left.size() < count) {
      ok = false;
      left = {};
      return {};
    }
    const BytesView taken = left.first(count);
    left = left.subspan(count);
    return taken;
  }
  template <typename Integer>
  Integer integer() {
    const BytesView bytes = take(sizeof(Integer));
    return bytes.empty() ? Integer{} : read_be<Integer>(bytes.data());
  }
  std::string text() { return std::string(as_text(take(integer<std::uint32_t>()))); }
  [[nodiscard]] bool done() const { return ok && left.empty(); }
};

Bytes log_key(LogNumber log) {
  Bytes key;
  append_be(key, log);
  return key;
}

Bytes entry_key(LogNumber log, std::uint64_t index) {
  Bytes key = log_key(log);
  append_be(key, index);
  return key;
}

Bytes tile_key(LogNumber log, int level, std::uint64_t index) {
  Bytes key = log_key(log);
  key.push_back(static_cast<std::uint8_t>(level));
  append_be(key, index);
  return key;
}

/// On the stack: the keys and values below are made once per event.
std::array<std::uint8_t, sizeof(std::uint64_t)> big_endian(std::uint64_t number) {
  std::array<std::uint8_t, sizeof(number)> bytes{};
  for (std::size_t i = bytes.size(); i-- > 0; number >>= 8) {
    bytes.at(i) = static_cast<std::uint8_t>(number);
  }
  return bytes;
}

using EventKey = std::array<std::uint8_t, Digest::kSize + sizeof(LogNumber)>;
EventKey event_key(const EventId& id, LogNumber log) {
  EventKey key{};
  auto end = std::copy(id.digest.bytes.begin(), id.digest.bytes.end(), key.begin());
  for (int shift = 24; shift >= 0; shift -= 8) {
    *end++ = static_cast<std::uint8_t>(log >> shift);
  }
  return key;
}

Family family_of(Store::Index index) {
  switch (index) {
    case Store::Index::kRecord:
      return kRecords;
    case Store::Index::kType:
      return kTypes;
    case Store::Index::kIssuer:
      return kIssuers;
  }
  return kRecords;
}

/// The part of an index key before (log, index). Types and issuers hold no zero byte.
Bytes index_prefix(Store::Index index, std::string_view key) {
  Bytes prefix = to_bytes(key);
  if (index != Store::Index::kRecord) {
    prefix.push_back(0);
  }
  return prefix;
}

Bytes index_key(Store::Index index, std::string_view key, EventPlace place) {
  Bytes bytes = index_prefix(index, key);
  append_be(bytes, place.log);
  append_be(bytes, place.index);
  return bytes;
}

Bytes encode_head(const LogHead& head) {
  Bytes value;
  append_be(value, head.size);
  append(value, head.root.view());
  append_text(value, head.checkpoint);
  append_text(value, head.target == head.checkpoint ? std::string_view() : head.target);
  return value;
}

Result<LogHead> decode_head(BytesView value) {
  Reader reader{value};
  LogHead head;
  head.size = reader.integer<std::uint64_t>();
  const auto root = Digest::from_bytes(reader.take(Digest::kSize));
  head.checkpoint = reader.text();
  head.target = reader.text();
  if (head.target.empty()) {
    head.target = head.checkpoint;
  }
  if (!reader.done() || !root) {
    return corrupt("the head of a log is damaged");
  }
  head.root = *root;
  return head;
}

/// Room for these entries and what is written with them, so that a batch of megabytes is not copied
/// while it grows.
std::size_t bytes_of(std::span<const BytesView> entries) {
  std::size_t bytes = 4096;
  for (const BytesView entry : entries) {
    bytes += entry.size() + sizeof(std::uint16_t) + Digest::kSize;
  }
  return bytes;
}

Bytes certified_key_key(const CertifiedKey& key) {
  Bytes bytes = to_bytes(key_id(key.key).digest.view());
  append_be(bytes, key.log);
  append_be(bytes, key.index);
  return bytes;
}

Bytes encode_certified_key(const CertifiedKey& key) {
  Bytes value;
  append_text(value, key.member);
  append_text(value, name(key.role));
  append(value, BytesView(key.key.bytes));
  append_be(value, static_cast<std::uint32_t>(key.valid_from.days));
  value.push_back(key.valid_to ? 1 : 0);
  append_be(value, static_cast<std::uint32_t>(key.valid_to.value_or(Date{}).days));
  append_be(value, key.log);
  append_be(value, key.index);
  return value;
}

Result<CertifiedKey> decode_certified_key(BytesView value) {
  Reader reader{value};
  CertifiedKey key;
  key.member = reader.text();
  const std::string role_name(reader.text());
  const auto role = role_name == name(KeyRole::kGuest) ? KeyRole::kGuest : key_role(role_name);
  const auto public_key = PublicKey::from_bytes(reader.take(PublicKey::kSize));
  key.valid_from.days = static_cast<std::int32_t>(reader.integer<std::uint32_t>());
  const bool bounded = reader.integer<std::uint8_t>() != 0;
  const Date last{static_cast<std::int32_t>(reader.integer<std::uint32_t>())};
  key.log = reader.integer<std::uint32_t>();
  key.index = reader.integer<std::uint64_t>();
  if (!reader.done() || !role || !public_key) {
    return corrupt("a certified key is damaged");
  }
  key.role = *role;
  key.key = *public_key;
  if (bounded) {
    key.valid_to = last;
  }
  return key;
}

}  // namespace

LogHead::LogHead() : root(empty_root()) {}

struct Store::Database {
  std::atomic<std::uint64_t> writes{0};
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families{};
  std::function<Result<void>()> write_fault;
  std::mutex numbers_mutex;
  std::map<std::string, LogNumber, std::less<>> numbers;  // guarded by numbers_mutex
  std::mutex storing_mutex;                               // one part of the tail at a time
  std::mutex bytes_mutex;
  std::map<LogNumber, std::uint64_t> bytes;  // guarded by bytes_mutex: of logs asked for once
  IndexTail tail;

  ~Database() {
    if (db != nullptr) {
      (void)store_tail();  // what it cannot store is made again at the next start
    }
    for (rocksdb::ColumnFamilyHandle* family : families) {
      if (family != nullptr) {
        db->DestroyColumnFamilyHandle(family);
      }
    }
    if (db != nullptr) {
      db->Close().PermitUncheckedError();
    }
  }

  Result<void> write(rocksdb::WriteBatch& batch, bool sync, const std::string& doing) {
    if (sync && write_fault) {
      if (auto fault = write_fault(); !fault) {
        return fault;
      }
    }
    rocksdb::WriteOptions options;
    options.sync = sync;
    const rocksdb::Status status = db->Write(options, &batch);
    ++writes;  // even a failed one may be seen later
    return status.ok() ? Result<void>() : io_error(doing, status);
  }

  void put_entries(rocksdb::WriteBatch& batch, LogNumber log, std::uint64_t first,
                   std::span<const BytesView> entries) const {
    Bytes run;
    std::uint64_t run_begin = first;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      append_be(run, static_cast<std::uint16_t>(entries[i].size()));
      append(run, entries[i]);
      const std::uint64_t next = first + i + 1;
      if (next % kRunMax == 0 || i + 1 == entries.size()) {
        batch.Put(families[kEntries], slice(entry_key(log, run_begin)), slice(run));
        run.clear();
        run_begin = next;
      }
    }
  }

  /// Takes away what was staged from `begin` to `end`: the entries that are put there stand in runs
  /// of other lengths, and whatever is left of the old ones would be found in their place.
  Result<void> drop_runs(rocksdb::WriteBatch& batch, LogNumber log, std::uint64_t begin,
                         std::uint64_t end) const {
    const auto iterator = iterate(kEntries);
    const Bytes last = entry_key(log, end);
    for (iterator->Seek(slice(entry_key(log, begin)));
         iterator->Valid() && iterator->key().compare(slice(last)) < 0; iterator->Next()) {
      batch.Delete(families[kEntries], iterator->key());
    }
    return iterator->status().ok() ? Result<void>()
                                   : io_error("reading staged entries", iterator->status());
  }

  /// Writes the index tail to the index families. Not synced: the write-ahead log keeps it behind
  /// the entries it comes from, so the indexes never reach further than the log.
  Result<void> store_tail() {
    const IndexTail::Part* part = tail.take();
    if (part == nullptr) {
      return {};
    }
    rocksdb::WriteBatch batch;
    std::vector<std::pair<EventKey, std::uint64_t>> events;
    events.reserve(part->events.size());
    for (const auto& [id, place] : part->events) {
      events.emplace_back(event_key(id, place.log), place.index);
    }
    std::sort(events.begin(), events.end());
    for (const auto& [key, index] : events) {
      batch.Put(families[kEvents], slice(key), slice(big_endian(index)));
    }
    for (const auto& [key, logs] : part->postings) {
      for (const auto& [log, indexes] : logs) {
        Bytes distances;
        distances.reserve(indexes.size() * sizeof(std::uint32_t));
        for (const std::uint64_t index : indexes) {
          append_be(distances, static_cast<std::uint32_t>(index - indexes.front()));
        }
        batch.Put(families[family_of(key.first)],
                  slice(index_key(key.first, key.second, {log, indexes.front()})),
                  slice(distances));
      }
    }
    for (const auto& [log, size] : part->sizes) {
      batch.Put(families[kMeta], "indexed/" + std::to_string(log), std::to_string(size));
    }
    auto written = write(batch, false, "indexing events");
    if (written) {
      tail.stored();
    }
    return written;
  }

  Result<void> put(Family family, BytesView key, BytesView value, const std::string& doing) {
    rocksdb::WriteBatch batch;
    batch.Put(families[family], slice(key), slice(value));
    return write(batch, true, doing);
  }

  Result<std::optional<std::string>> get(Family family, BytesView key,
                                         const std::string& doing) const {
    std::string value;
    const rocksdb::Status status =
        db->Get(rocksdb::ReadOptions(), families[family], slice(key), &value);
    if (status.IsNotFound()) {
      return std::optional<std::string>();
    }
    if (!status.ok()) {
      return io_error(doing, status);
    }
    return std::optional<std::string>(std::move(value));
  }

  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> iterate(Family family) const {
    return std::unique_ptr<rocksdb::Iterator>(
        db->NewIterator(rocksdb::ReadOptions(), families[family]));
  }
};

namespace {

rocksdb::ColumnFamilyOptions family_options(std::size_t family,
                                            const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16 * 1024;
  table.cache_index_and_filter_blocks = true;
  rocksdb::ColumnFamilyOptions options;
  options.write_buffer_size = std::size_t{32} << 20;
  options.max_write_buffer_number = 4;
  options.level_compaction_dynamic_level_bytes = true;
  options.compression = rocksdb::kLZ4Compression;
  switch (family) {
    case kEntries:
      // Envelopes never change: kept out of the sorted files, compaction does not copy them again.
      options.enable_blob_files = true;
      options.min_blob_size = 4096;
      options.blob_compression_type = rocksdb::kLZ4Compression;
      options.write_buffer_size = std::size_t{64} << 20;
      break;
    case kTiles:
      options.compression = rocksdb::kNoCompression;  // hashes do not compress
      break;
    case kEvents:
      // Most look-ups are for events that are new: the filter answers those without reading.
      table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
      options.memtable_whole_key_filtering = true;
      options.memtable_prefix_bloom_size_ratio = 0.05;
      [[fallthrough]];
    case kRecords:
      // Keys begin with a hash, and come sorted from the tail: each is inserted from where the one
      // before went, and not from the top of the list. All keys have the empty prefix in common.
      options.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(0));
      options.compression = rocksdb::kNoCompression;
      break;
    default:
      break;
  }
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return options;
}

Error open_error(const std::filesystem::path& dir, const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (status.IsIOError() &&
      (text.find("lock") != std::string::npos || text.find("LOCK") != std::string::npos)) {
    return Error{Errc::kConflict, "another process has the data folder " + dir.string() + " open",
                 "one node per data folder: stop the other hefud, or give this one its own folder"};
  }
  if (status.IsInvalidArgument() && text.find("olumn famil") != std::string::npos) {
    return Error{Errc::kUnsupported,
                 "the data folder " + dir.string() + " was written by a newer version: " + text,
                 "upgrade hefud"};
  }
  return io_error("cannot open " + dir.string(), status);
}

}  // namespace

Store::Store(std::unique_ptr<Database> database) : database_(std::move(database)) {}
Store::~Store() = default;

rocksdb::DB& Store::database() const {
  return *database_->db;
}

Result<std::unique_ptr<Store>> Store::open(const std::filesystem::path& dir,
                                           const Options& options) {
  rocksdb::DBOptions db_options;
  if (options.env != nullptr) {
    db_options.env = options.env;
  }
  db_options.create_if_missing = true;
  db_options.create_missing_column_families = true;
  db_options.use_fsync = true;
  db_options.allow_concurrent_memtable_write = false;  // nor could it insert with hints
  db_options.max_background_jobs = 2;
  db_options.max_open_files = 512;
  db_options.keep_log_file_num = 4;
  db_options.info_log_level = rocksdb::WARN_LEVEL;
  db_options.max_total_wal_size = std::uint64_t{512} << 20;
  db_options.bytes_per_sync = 1 << 20;
  // A torn last record is what a power cut leaves. Damage before it is not, and must be told, not
  // silently cut off together with acknowledged events.
  db_options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;

  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> descriptors;
  descriptors.emplace_back(rocksdb::kDefaultColumnFamilyName, rocksdb::ColumnFamilyOptions());
  for (std::size_t family = 0; family < kFamilies; ++family) {
    descriptors.emplace_back(kFamilyNames[family], family_options(family, cache));
  }
  auto database = std::make_unique<Database>();
  rocksdb::DB* db = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const rocksdb::Status status =
      rocksdb::DB::Open(db_options, (dir / "db").string(), descriptors, &handles, &db);
  if (!status.ok()) {
    return open_error(dir, status);
  }
  database->db.reset(db);
  std::copy(handles.begin() + 1, handles.end(), database->families.begin());
  db->DestroyColumnFamilyHandle(handles.front());
  std::unique_ptr<Store> store(new Store(std::move(database)));

  auto format = store->meta(kFormatKey);
  if (!format) {
    return format.error();
  }
  if (!*format) {
    if (auto written = store->put_meta(kFormatKey, std::to_string(kFormatVersion)); !written) {
      return written.error();
    }
  } else if (**format != std::to_string(kFormatVersion)) {
    return Error{Errc::kUnsupported,
                 "the data folder " + dir.string() + " has format " + **format +
                     ", this hefud reads format " + std::to_string(kFormatVersion),
                 "upgrade hefud"};
  }
  auto logs = store->logs();
  if (!logs) {
    return logs.error();
  }
  store->database_->numbers.insert(logs->begin(), logs->end());
  store->database_->write_fault = options.write_fault;
  return store;
}

Result<std::optional<std::string>> Store::meta(std::string_view name) const {
  return database_->get(kMeta, as_bytes(name), "reading meta");
}

Result<void> Store::put_meta(std::string_view name, std::string_view value) {
  return database_->put(kMeta, as_bytes(name), as_bytes(value), "writing meta");
}

Result<LogNumber> Store::number(std::string_view origin) {
  const std::lock_guard lock(database_->numbers_mutex);
  if (const auto found = database_->numbers.find(origin); found != database_->numbers.end()) {
    return found->second;
  }
  const auto number = static_cast<LogNumber>(database_->numbers.size() + 1);
  if (auto put = put_meta("log/" + std::string(origin), std::to_string(number)); !put) {
    return put.error();
  }
  database_->numbers.emplace(origin, number);
  return number;
}

Result<LogNumber> Store::begin_anew(std::string_view origin) {
  {
    const std::lock_guard lock(database_->numbers_mutex);
    const auto found = database_->numbers.find(origin);
    if (found != database_->numbers.end()) {
      // First the other name: a crash in between leaves one log under two names, and that is done
      // again.
      const std::string aside = std::string(origin) + " set aside " + std::to_string(found->second);
      if (auto put = put_meta("log/" + aside, std::to_string(found->second)); !put) {
        return put.error();
      }
      database_->numbers.insert_or_assign(aside, found->second);
      database_->numbers.erase(found);
    }
  }
  return number(origin);
}

std::optional<LogNumber> Store::known_number(std::string_view origin) const {
  const std::lock_guard lock(database_->numbers_mutex);
  const auto found = database_->numbers.find(origin);
  return found == database_->numbers.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<std::pair<std::string, LogNumber>>> Store::logs() const {
  std::vector<std::pair<std::string, LogNumber>> logs;
  const auto iterator = database_->iterate(kMeta);
  for (iterator->Seek("log/"); iterator->Valid() && iterator->key().starts_with("log/");
       iterator->Next()) {
    logs.emplace_back(iterator->key().ToString().substr(4),
                      static_cast<LogNumber>(std::stoul(iterator->value().ToString())));
  }
  if (!iterator->status().ok()) {
    return io_error("listing logs", iterator->status());
  }
  return logs;
}

Result<LogHead> Store::head(LogNumber log) const {
  auto value = database_->get(kHeads, log_key(log), "reading a head");
  if (!value) {
    return value.error();
  }
  return *value ? decode_head(as_bytes(**value)) : LogHead();
}

std::uint64_t Store::writes() const {
  return database_->writes;
}

Result<void> Store::commit(const LogCommit& commit) {
  rocksdb::WriteBatch batch(bytes_of(commit.entries));
  if (auto dropped = database_->drop_runs(batch, commit.log, commit.first_index,
                                          commit.first_index + commit.entries.size());
      !dropped) {
    return dropped;
  }
  database_->put_entries(batch, commit.log, commit.first_index, commit.entries);
  for (const Tile& tile : commit.tiles) {
    batch.Put(database_->families[kTiles], slice(tile_key(commit.log, tile.level, tile.index)),
              slice(tile.hashes));
  }
  for (const CertifiedKey& key : commit.keys) {
    batch.Put(database_->families[kKeys], slice(certified_key_key(key)),
              slice(encode_certified_key(key)));
  }
  batch.Put(database_->families[kHeads], slice(log_key(commit.log)),
            slice(encode_head(commit.head)));
  auto written = database_->write(batch, true, "appending to a log");
  if (written) {
    const std::lock_guard lock(database_->bytes_mutex);
    if (const auto counted = database_->bytes.find(commit.log); counted != database_->bytes.end()) {
      counted->second += bytes_of(commit.entries);
    }
  }
  return written;
}

Result<void> Store::stage(LogNumber log, std::uint64_t first, std::span<const BytesView> entries) {
  rocksdb::WriteBatch batch(bytes_of(entries));
  database_->put_entries(batch, log, first, entries);
  return database_->write(batch, true, "staging entries");
}

Result<std::uint64_t> Store::staged_end(LogNumber log) const {
  auto head = this->head(log);
  if (!head) {
    return head.error();
  }
  std::uint64_t end = head->size;
  const auto iterator = database_->iterate(kEntries);
  const Bytes first = entry_key(log, end);
  for (iterator->Seek(slice(first)); iterator->Valid(); iterator->Next()) {
    const BytesView key = view(iterator->key());
    if (key.size() != 12 || read_be<LogNumber>(key.data()) != log ||
        read_be<std::uint64_t>(key.data() + 4) != end) {
      break;
    }
    Reader run{view(iterator->value())};
    while (!run.left.empty() && run.ok) {
      run.take(run.integer<std::uint16_t>());
      ++end;
    }
    if (!run.ok) {
      return corrupt("a staged entry before " + std::to_string(end) + " of log " +
                     std::to_string(log) + " is damaged");
    }
  }
  if (!iterator->status().ok()) {
    return io_error("reading staged entries", iterator->status());
  }
  return end;
}

Result<void> Store::replace_staged(LogNumber log, std::span<const BytesView> entries) {
  auto head = this->head(log);
  if (!head) {
    return head.error();
  }
  rocksdb::WriteBatch batch;
  batch.DeleteRange(database_->families[kEntries], slice(entry_key(log, head->size)),
                    slice(log_key(log + 1)));
  database_->put_entries(batch, log, head->size, entries);
  return database_->write(batch, true, "replacing staged entries");
}

Result<void> Store::hold(LogNumber log, std::uint64_t boot, std::string_view start,
                         std::uint64_t first, std::span<const BytesView> entries) {
  auto head = this->head(log);
  if (!head) {
    return head.error();
  }
  rocksdb::WriteBatch batch;
  batch.Put(database_->families[kMeta], "boot/" + std::to_string(log), std::to_string(boot));
  batch.Put(database_->families[kMeta], "start/" + std::to_string(log),
            rocksdb::Slice(start.data(), start.size()));
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Bytes value;
    append_be(value, boot);
    append(value, entries[i]);
    batch.Put(database_->families[kHeld], slice(entry_key(log, first + i)), slice(value));
  }
  batch.DeleteRange(database_->families[kHeld], slice(entry_key(log, 0)),
                    slice(entry_key(log, head->size)));
  return database_->write(batch, true, "holding staged entries");
}

Result<std::uint64_t> Store::held_boot(LogNumber log) const {
  auto value = meta("boot/" + std::to_string(log));
  if (!value) {
    return value.error();
  }
  return *value ? std::stoull(**value) : 0;
}

Result<std::string> Store::held_start(LogNumber log) const {
  auto value = meta("start/" + std::to_string(log));
  if (!value) {
    return value.error();
  }
  return std::move(*value).value_or(std::string());
}

Result<void> Store::scan_held(LogNumber log, std::uint64_t begin,
                              const std::function<bool(std::uint64_t, StagedEntry)>& take) const {
  const auto iterator = database_->iterate(kHeld);
  for (iterator->Seek(slice(entry_key(log, begin))); iterator->Valid(); iterator->Next()) {
    const BytesView key = view(iterator->key());
    const BytesView value = view(iterator->value());
    if (key.size() != 12 || value.size() < sizeof(std::uint64_t)) {
      return corrupt("a held entry of log " + std::to_string(log) + " is damaged");
    }
    if (read_be<LogNumber>(key.data()) != log ||
        !take(read_be<std::uint64_t>(key.data() + 4),
              {read_be<std::uint64_t>(value.data()), to_bytes(value.subspan(8))})) {
      break;
    }
  }
  return iterator->status().ok() ? Result<void>()
                                 : io_error("reading held entries", iterator->status());
}

Result<std::string> Store::cosigned(LogNumber log) const {
  auto value = database_->get(kCosigned, log_key(log), "reading a cosigned head");
  if (!value) {
    return value.error();
  }
  return std::move(*value).value_or(std::string());
}

Result<void> Store::put_cosigned(LogNumber log, std::string_view note) {
  return database_->put(kCosigned, log_key(log), as_bytes(note), "writing a cosigned head");
}

Result<Bytes> Store::entry(LogNumber log, std::uint64_t index) const {
  auto head = this->head(log);
  if (!head) {
    return head.error();
  }
  if (index >= head->size) {
    return Error{Errc::kNotFound, "no entry " + std::to_string(index) + " in this log yet", ""};
  }
  Bytes found;
  auto scanned = scan(log, index, index + 1, [&](std::uint64_t, BytesView bytes) {
    found = to_bytes(bytes);
    return false;
  });
  return scanned ? Result<Bytes>(std::move(found)) : scanned.error();
}

Result<void> Store::scan(LogNumber log, std::uint64_t begin, std::uint64_t end,
                         const std::function<bool(std::uint64_t, BytesView)>& take) const {
  const auto iterator = database_->iterate(kEntries);
  std::uint64_t wanted = begin;
  const Bytes first = entry_key(log, begin);
  for (iterator->SeekForPrev(slice(first)); wanted < end; iterator->Next()) {
    if (!iterator->status().ok()) {
      return io_error("reading entries", iterator->status());
    }
    const BytesView key = iterator->Valid() ? view(iterator->key()) : BytesView();
    if (key.size() != 12 || read_be<LogNumber>(key.data()) != log) {
      return corrupt("entry " + std::to_string(wanted) + " of log " + std::to_string(log) +
                     " is missing");
    }
    std::uint64_t index = read_be<std::uint64_t>(key.data() + 4);
    Reader run{view(iterator->value())};
    while (!run.left.empty() && wanted < end) {
      const BytesView bytes = run.take(run.integer<std::uint16_t>());
      if (!run.ok || index > wanted) {
        return corrupt("entry " + std::to_string(wanted) + " of log " + std::to_string(log) +
                       " is damaged");
      }
      if (index == wanted) {
        if (!take(index, bytes)) {
          return {};
        }
        ++wanted;
      }
      ++index;
    }
  }
  return {};
}

std::uint64_t Store::log_bytes(LogNumber log) const {
  const std::lock_guard lock(database_->bytes_mutex);
  const auto [counted, fresh] = database_->bytes.try_emplace(log, 0);
  if (fresh) {
    const Bytes begin = log_key(log);
    const Bytes end = log_key(log + 1);
    const rocksdb::Range range(slice(begin), slice(end));
    rocksdb::SizeApproximationOptions options;
    options.include_memtables = true;
    if (!database_->db
             ->GetApproximateSizes(options, database_->families[kEntries], &range, 1,
                                   &counted->second)
             .ok()) {
      counted->second = 0;
    }
  }
  return counted->second;
}

Result<Bytes> Store::tile(LogNumber log, int level, std::uint64_t index) const {
  auto value = database_->get(kTiles, tile_key(log, level, index), "reading a tile");
  if (!value) {
    return value.error();
  }
  return *value ? to_bytes(**value) : Bytes();
}

Result<std::optional<std::uint64_t>> Store::find(const EventId& id, LogNumber log) const {
  // Memory first, here and below: what leaves the tail is in the database before.
  if (const auto young = database_->tail.find(id, log)) {
    return std::optional(*young);
  }
  auto value = database_->get(kEvents, event_key(id, log), "looking up an event");
  if (!value) {
    return value.error();
  }
  if (!*value) {
    return std::optional<std::uint64_t>();
  }
  if ((*value)->size() != sizeof(std::uint64_t)) {
    return corrupt("the place of an event is damaged");
  }
  return std::optional(read_be<std::uint64_t>(as_bytes(**value).data()));
}

Result<std::vector<EventPlace>> Store::places(const EventId& id) const {
  std::vector<EventPlace> places;
  database_->tail.places(id, places);
  const auto iterator = database_->iterate(kEvents);
  const rocksdb::Slice prefix = slice(id.digest.view());
  for (iterator->Seek(prefix); iterator->Valid() && iterator->key().starts_with(prefix);
       iterator->Next()) {
    const BytesView key = view(iterator->key());
    const BytesView value = view(iterator->value());
    if (key.size() != 36 || value.size() != 8) {
      return corrupt("the place of an event is damaged");
    }
    places.push_back({read_be<LogNumber>(key.data() + 32), read_be<std::uint64_t>(value.data())});
  }
  if (!iterator->status().ok()) {
    return io_error("looking up an event", iterator->status());
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

Result<std::vector<EventId>> Store::beginning_with(std::string_view hex) const {
  constexpr std::size_t kFew = 8;
  HEFU_ASSERT(hex.size() >= kIdDigitsMin);
  std::set<EventId> found;
  database_->tail.beginning_with(hex, found);
  const auto prefix = hex_decode(hex.substr(0, hex.size() / 2 * 2));
  if (!prefix) {
    return std::vector<EventId>();
  }
  const auto iterator = database_->iterate(kEvents);
  for (iterator->Seek(slice(*prefix));
       iterator->Valid() && iterator->key().starts_with(slice(*prefix)) && found.size() < kFew;
       iterator->Next()) {
    const auto id = Digest::from_bytes(view(iterator->key()).first(Digest().bytes.size()));
    if (id->begins_with(hex)) {
      found.insert(EventId{*id});
    }
  }
  if (!iterator->status().ok()) {
    return io_error("looking up an event", iterator->status());
  }
  return std::vector<EventId>(found.begin(), found.end());
}

Result<std::uint64_t> Store::indexed_size(LogNumber log) const {
  if (const auto young = database_->tail.indexed_size(log)) {
    return *young;
  }
  auto value = meta("indexed/" + std::to_string(log));
  if (!value) {
    return value.error();
  }
  return *value ? std::stoull(**value) : 0;
}

Result<void> Store::index_entries(LogNumber log, std::span<const IndexedEvent> events,
                                  std::uint64_t size) {
  database_->tail.add(log, events, size);
  if (!database_->tail.is_full()) {
    return {};
  }
  const std::lock_guard lock(database_->storing_mutex);
  return database_->tail.is_full() ? database_->store_tail() : Result<void>();
}

Result<void> Store::scan_index(Index index, std::string_view key, EventPlace begin,
                               const std::function<bool(EventPlace)>& take) const {
  const std::vector<EventPlace> young = database_->tail.postings(index, key, begin);
  auto next_young = young.begin();
  const auto iterator = database_->iterate(family_of(index));
  const Bytes prefix = index_prefix(index, key);
  // The postings that hold `begin` may start before it.
  const Bytes first = index_key(index, key, begin);
  iterator->SeekForPrev(slice(first));
  if (!iterator->Valid() || !iterator->key().starts_with(slice(prefix))) {
    iterator->Seek(slice(first));
  }
  for (; iterator->Valid() && iterator->key().starts_with(slice(prefix)); iterator->Next()) {
    const BytesView place = view(iterator->key()).subspan(prefix.size());
    const BytesView distances = view(iterator->value());
    if (place.size() != 12) {
      continue;  // another key that begins with this one
    }
    const auto log = read_be<LogNumber>(place.data());
    const auto from = read_be<std::uint64_t>(place.data() + 4);
    for (std::size_t at = 0; at + 4 <= distances.size(); at += 4) {
      const EventPlace found{log, from + read_be<std::uint32_t>(distances.data() + at)};
      if (found < begin) {
        continue;
      }
      for (; next_young != young.end() && *next_young <= found; ++next_young) {
        if (*next_young < found && !take(*next_young)) {
          return {};
        }
      }
      if (!take(found)) {
        return {};
      }
    }
  }
  if (!iterator->status().ok()) {
    return io_error("reading an index", iterator->status());
  }
  std::find_if_not(next_young, young.end(), take);
  return {};
}

Result<std::vector<CertifiedKey>> Store::certified_keys() const {
  std::vector<CertifiedKey> keys;
  const auto iterator = database_->iterate(kKeys);
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    auto key = decode_certified_key(view(iterator->value()));
    if (!key) {
      return key.error();
    }
    keys.push_back(std::move(*key));
  }
  if (!iterator->status().ok()) {
    return io_error("reading keys", iterator->status());
  }
  return keys;
}

Result<std::optional<std::string>> Store::witnessed(std::string_view origin) const {
  return database_->get(kWitness, as_bytes(origin), "reading witness state");
}

Result<void> Store::put_witnessed(std::string_view origin, std::string_view note) {
  return database_->put(kWitness, as_bytes(origin), as_bytes(note), "writing witness state");
}

Result<std::optional<std::string>> Store::openings(const EventId& event) const {
  return database_->get(kOpenings, event.digest.view(), "reading a disclosure");
}

Result<void> Store::put_openings(const EventId& event, std::string_view openings) {
  return database_->put(kOpenings, event.digest.view(), as_bytes(openings), "writing a disclosure");
}

Result<void> Store::erase_openings(const EventId& event) {
  rocksdb::WriteBatch batch;
  batch.Delete(database_->families[kOpenings], slice(event.digest.view()));
  if (auto written = database_->write(batch, true, "erasing a disclosure"); !written) {
    return written;
  }
  // A delete only hides the old value. Rewriting the family's files drops it there; flushing every
  // family makes the write-ahead logs that still hold it obsolete, and RocksDB removes them.
  const std::vector<rocksdb::ColumnFamilyHandle*> families(database_->families.begin(),
                                                           database_->families.end());
  rocksdb::Status status = database_->db->Flush(rocksdb::FlushOptions(), families);
  if (status.ok()) {
    rocksdb::CompactRangeOptions options;
    options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
    status = database_->db->CompactRange(options, database_->families[kOpenings], nullptr, nullptr);
  }
  return status.ok() ? Result<void>() : io_error("erasing a disclosure", status);
}

Result<std::optional<Quarantine>> Store::quarantine(std::string_view origin) const {
  auto value = database_->get(kQuarantine, as_bytes(origin), "reading a quarantine");
  if (!value) {
    return value.error();
  }
  if (!*value) {
    return std::optional<Quarantine>();
  }
  Reader reader{as_bytes(**value)};
  Quarantine quarantine;
  quarantine.since.ms = static_cast<std::int64_t>(reader.integer<std::uint64_t>());
  quarantine.code = reader.text();
  quarantine.detail = reader.text();
  quarantine.evidence = reader.text();
  if (!reader.done()) {
    return corrupt("a quarantine is damaged");
  }
  return std::optional(std::move(quarantine));
}

Result<void> Store::put_quarantine(std::string_view origin, const Quarantine& quarantine) {
  Bytes value;
  append_be(value, static_cast<std::uint64_t>(quarantine.since.ms));
  append_text(value, quarantine.code);
  append_text(value, quarantine.detail);
  append_text(value, quarantine.evidence);
  return database_->put(kQuarantine, as_bytes(origin), value, "writing a quarantine");
}

TileSource tile_source(const Store& store, LogNumber log) {
  return [&store, log](const TileId& id) -> Result<Bytes> {
    auto hashes = store.tile(log, id.level, id.index);
    if (!hashes) {
      return hashes.error();
    }
    const std::size_t wanted = id.width * Digest::kSize;
    if (hashes->size() < wanted) {
      return corrupt(id.path() + " of log " + std::to_string(log) + " is too short");
    }
    hashes->resize(wanted);
    return hashes;
  };
}

}  // namespace hefu
