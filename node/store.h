#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/event.h"
#include "ledger/log/tile_edge.h"
#include "ledger/log/tile_nodes.h"

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace hefu {

/// A log's number in this store: a short name for its origin, given at first sight, never reused.
using LogNumber = std::uint32_t;

/// Where a log stands here.
struct LogHead {
  std::uint64_t size = 0;  ///< entries stored
  Digest root;             ///< of these entries; the empty root at first
  /// Latest note signed by the log's key whose entries are all stored; empty before the first.
  /// While a long log is being fetched it covers fewer entries than `size`.
  std::string checkpoint;
  /// Latest verified note of a log that is being fetched: the entries are verified against it. The
  /// same as `checkpoint` once all are here.
  std::string target;

  LogHead();
  bool operator==(const LogHead&) const = default;
};

/// A key that an event in a log, not the charter, gives to a member.
struct CertifiedKey {
  std::string member;  ///< member id
  KeyRole role = KeyRole::kRegistrar;
  PublicKey key;
  Date valid_from;
  std::optional<Date> valid_to;  ///< last day of validity; none: open
  LogNumber log = 0;             ///< where it was certified
  std::uint64_t index = 0;
  /// Entries of the member's earlier epochs. Not stored: it follows from the charter.
  std::uint64_t before = 0;
};

/// Why a log is not followed any further, kept with the proof.
struct Quarantine {
  std::string code;    ///< "fork" so far
  std::string detail;  ///< for people
  Moment since;
  std::string evidence;  ///< tlog-fork-proof/v0 text, verifiable by anybody
};

/// Everything one append to one log makes durable together.
struct LogCommit {
  LogNumber log = 0;
  std::uint64_t first_index = 0;  ///< = the stored size
  /// Envelopes, in order; none if they have been staged.
  std::span<const BytesView> entries;
  std::vector<Tile> tiles;
  LogHead head;
  std::vector<CertifiedKey> keys;  ///< certified by these entries
};

/// What the secondary indexes take from one event.
struct IndexedEvent {
  std::uint64_t index = 0;
  EventId id;
  std::string type;
  std::string issuer;
  EventId record;  ///< the record it adds to, or its own id if it opens one
};

/// An entry of another member's log that is durable here before any checkpoint covers it.
struct StagedEntry {
  std::uint64_t boot = 0;  ///< which start of the owner's writer sent it
  Bytes envelope;
};

/// Where an event stands.
struct EventPlace {
  LogNumber log = 0;
  std::uint64_t index = 0;
  auto operator<=>(const EventPlace&) const = default;
};

/// Everything a node keeps, in one RocksDB directory: logs (entries, tiles, heads), what this node
/// cosigned for others, disclosures, quarantines, and indexes that can be rebuilt. Thread-safe,
/// except that each log has one writer at a time. Errors of every function: kIo, kCorrupt.
///
/// Column families: meta, entries, tiles, heads, cosigned, keys, witness, openings, quarantine,
/// held; and, derived from the entries: events, records, types, issuers. Keys and values are
/// documented in store.cc.
class Store {
 public:
  struct Options {
    std::size_t block_cache_bytes = std::size_t{256} << 20;
    /// Asked before every synced write; an error takes the place of the write. For tests.
    std::function<Result<void>()> write_fault;
    /// Files, threads and clock of the database; none: those of the operating system. Must outlive
    /// the store. For tests.
    rocksdb::Env* env = nullptr;
  };

  /// Opens or creates the store in `dir`, which must exist.
  /// Errors: kConflict (another process has it open), kUnsupported (written by a newer version),
  /// kCorrupt, kIo.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& dir,
                                             const Options& options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // --- meta ---
  /// A value stored under a name, if any.
  Result<std::optional<std::string>> meta(std::string_view name) const;
  Result<void> put_meta(std::string_view name, std::string_view value);

  // --- logs ---
  /// The log's number, given now if the origin is new.
  Result<LogNumber> number(std::string_view origin);
  /// Gives the origin a new, empty log: what is stored of the one it had is found under no origin
  /// any more. For a history that turned out not to be the one that counts.
  Result<LogNumber> begin_anew(std::string_view origin);
  /// The log's number if it has one.
  [[nodiscard]] std::optional<LogNumber> known_number(std::string_view origin) const;
  /// All logs ever numbered, sorted by origin.
  Result<std::vector<std::pair<std::string, LogNumber>>> logs() const;

  Result<LogHead> head(LogNumber log) const;
  /// Makes entries, tiles, head and keys durable together, or nothing: one write, one sync. Entries
  /// take the place of all that is staged where they stand. After an error of this call nobody
  /// knows what is on disk: the process has to stop.
  Result<void> commit(const LogCommit& commit);
  /// Makes entries durable at `first`, beyond the log's size: in no tree, under no signature, found
  /// by `scan` alone. `commit` without entries makes them part of the log. One synced write.
  Result<void> stage(LogNumber log, std::uint64_t first, std::span<const BytesView> entries);
  /// Where the staged entries that continue the log end; its size if there are none.
  Result<std::uint64_t> staged_end(LogNumber log) const;
  /// Puts these entries in the place of all that are staged, from the log's size on: in one synced
  /// write, so that a power cut leaves the ones or the others.
  Result<void> replace_staged(LogNumber log, std::span<const BytesView> entries);

  /// Keeps entries of another member's log that it has staged, and the number of the start of its
  /// writer that sent them, with its signed form; drops those that the log here has passed. One
  /// synced write.
  Result<void> hold(LogNumber log, std::uint64_t boot, std::string_view start, std::uint64_t first,
                    std::span<const BytesView> entries);
  /// The highest such number; 0 before the first.
  Result<std::uint64_t> held_boot(LogNumber log) const;
  /// Its signed form; empty before the first.
  Result<std::string> held_start(LogNumber log) const;
  /// Hands the held entries from `begin` on to `take`, in order, until it returns false.
  Result<void> scan_held(LogNumber log, std::uint64_t begin,
                         const std::function<bool(std::uint64_t, StagedEntry)>& take) const;

  /// The latest checkpoint note of a log with a quorum of cosignatures; empty before the first.
  /// Never covers more than the stored size.
  Result<std::string> cosigned(LogNumber log) const;
  /// Synced.
  Result<void> put_cosigned(LogNumber log, std::string_view note);

  /// One envelope. kNotFound beyond the stored size.
  Result<Bytes> entry(LogNumber log, std::uint64_t index) const;
  /// Hands entries [begin, end) to `take` in order, until it returns false. Stored bytes are
  /// checked against RocksDB's checksums. kCorrupt if one is missing.
  Result<void> scan(LogNumber log, std::uint64_t begin, std::uint64_t end,
                    const std::function<bool(std::uint64_t, BytesView)>& take) const;

  /// About how many bytes the entries of a log are: what the database knew without reading them
  /// when it was first asked, and what was committed since.
  [[nodiscard]] std::uint64_t log_bytes(LogNumber log) const;

  /// The hashes of a tile as far as stored; empty if there is none.
  Result<Bytes> tile(LogNumber log, int level, std::uint64_t index) const;

  // --- events by id, record, type, issuer ---
  /// The place of an event in one log.
  Result<std::optional<std::uint64_t>> find(const EventId& id, LogNumber log) const;
  /// Every place where an event stands, lowest log number first.
  Result<std::vector<EventPlace>> places(const EventId& id) const;

  /// Events whose ids begin with these hex digits, at least kIdDigitsMin of them; the first few.
  Result<std::vector<EventId>> beginning_with(std::string_view hex) const;

  /// Up to which size of a log the indexes below are made.
  Result<std::uint64_t> indexed_size(LogNumber log) const;
  /// Adds committed entries [indexed size, size) to the indexes. They are found from now on; on
  /// disk they are some ten thousand events later, all at once, and until then a crash loses them:
  /// who opens a store makes them again from `indexed_size` on (`catch_up_indexes`).
  Result<void> index_entries(LogNumber log, std::span<const IndexedEvent> events,
                             std::uint64_t size);

  enum class Index : std::uint8_t { kRecord, kType, kIssuer };
  /// Hands the places of the events under a key to `take`, from `begin` on, by (log, index), until
  /// it returns false. The key of kRecord is the record's 32 raw bytes; the event that opens a
  /// record is not among them, it is found by its id.
  Result<void> scan_index(Index index, std::string_view key, EventPlace begin,
                          const std::function<bool(EventPlace)>& take) const;

  // --- keys ---
  Result<std::vector<CertifiedKey>> certified_keys() const;

  // --- witness ---
  /// The latest checkpoint note of `origin` this node's witness key has cosigned.
  Result<std::optional<std::string>> witnessed(std::string_view origin) const;
  /// Synced.
  Result<void> put_witnessed(std::string_view origin, std::string_view note);

  // --- disclosures ---
  Result<std::optional<std::string>> openings(const EventId& event) const;
  Result<void> put_openings(const EventId& event, std::string_view openings);
  /// Removes them from the database, its files and its write-ahead log.
  Result<void> erase_openings(const EventId& event);

  // --- quarantine ---
  Result<std::optional<Quarantine>> quarantine(std::string_view origin) const;
  Result<void> put_quarantine(std::string_view origin, const Quarantine& quarantine);

  /// How often anything was written since it was opened: while this stays the same, so does all
  /// that can be read.
  [[nodiscard]] std::uint64_t writes() const;

  /// The database itself, to copy it as a whole. Nothing is written through it.
  [[nodiscard]] rocksdb::DB& database() const;

 private:
  struct Database;
  explicit Store(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

/// The tiles of one stored log, cut to the width asked for: what TileNodes makes proofs from. The
/// store must outlive it.
TileSource tile_source(const Store& store, LogNumber log);

}  // namespace hefu
