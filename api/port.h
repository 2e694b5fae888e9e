#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/accounts/reach.h"
#include "api/priority.h"
#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/log/ack_level.h"

namespace hefu {

/// A batch of envelopes has become durable.
struct SubmitReceipt {
  struct Entry {
    Digest event;             ///< event id
    std::uint64_t index = 0;  ///< its place in the log; the first one if it was there before
    std::string proof;        ///< .tlog-proof, at the level `witnessed`
  };
  AckLevel level = AckLevel::kStored;  ///< reached; less than asked for if that took too long
  std::string origin;                  ///< of the log they stand in
  std::uint64_t size = 0;              ///< tree size of `checkpoint`
  std::string checkpoint;      ///< signed note that covers them all; empty while only stored
  std::vector<Entry> entries;  ///< in the order of submission
};

/// A submission of more events is a bulk one unless it says otherwise.
inline constexpr std::size_t kInteractiveEventsMax = 256;

/// Which events to list. Empty texts do not filter.
struct EventQuery {
  std::string log;               ///< member id or domain
  std::string type;              ///< event type
  std::optional<Digest> record;  ///< opening event's id
  std::string issuer;            ///< institution id
  std::string from;  ///< where to go on: an earlier answer's "next"; with `log`, an index too
  std::uint32_t limit = 100;  ///< at most so many, 1 to 1000
};

/// Which records to list. Empty texts do not filter.
struct RecordQuery {
  std::string type;
  std::string party;  ///< institution id on either side
  std::string state;
  std::string from;           ///< an earlier answer's "next"
  std::uint32_t limit = 100;  ///< at most so many, 1 to 1000
};

/// Which agreements to list. Empty texts do not filter.
struct AgreementQuery {
  std::string party;  ///< institution id among the parties of the version listed
  std::string state;
  std::string from;           ///< an earlier answer's "next"
  std::uint32_t limit = 100;  ///< at most so many, 1 to 1000
};

/// Which listings of supply and demand to search. Empty texts do not filter.
struct ListingQuery {
  std::string text;       ///< any text in UTF-8; its words are looked for
  std::string direction;  ///< "supply" or "demand"
  std::string category;
  std::string issuer;         ///< institution id
  std::string place;          ///< beginning of a division code
  std::string availability;   ///< "all", or as a listing says of itself
  std::string on;             ///< the day that decides what is open; empty: today
  std::string from;           ///< an earlier answer's "next"
  std::uint32_t limit = 100;  ///< at most so many, 1 to 1000
};

/// What to recommend for a listing.
struct RecommendationQuery {
  Digest listing;
  std::string on;             ///< empty: today
  std::string from;           ///< an earlier answer's "next"
  std::uint32_t limit = 100;  ///< at most so many, 1 to 1000
};

/// What waits for whom.
struct InboxQuery {
  std::string member;         ///< credit code; empty: the node's own member
  std::uint32_t limit = 100;  ///< at most so many, 1 to 1000
  /// What waits for the node's own member, as far as somebody of this reach could answer it.
  std::optional<Reach> reach;
};

/// Which figures to compute.
struct FigureQuery {
  std::string pack;       ///< "<id>" or "<id>/<version>"
  std::string period;     ///< e.g. "2023", "2023-H1"
  std::string node;       ///< organisation; empty: the node's own choice (its member)
  std::string indicator;  ///< empty: all of the pack
  /// Of a closed period: empty, the last vintage that stands; "3", that one; "present", as the
  /// latest cut gives them; the proposal of a cut, as that one does.
  std::string vintage;
};

/// Which bundle to make: of all figures of a pack (levels 2 and 4), or of one (0, 1 and 3).
struct BundleQuery : FigureQuery {
  int level = 2;
  bool with_pack = false;     ///< level 1: the pack itself, not its digest alone
  std::uint32_t samples = 0;  ///< level 3: how many; 0: as many as usual
  std::string value;          ///< level 3: the public value they are drawn with
};

/// Which closing of periods to show.
struct ClosingQuery {
  std::string pack;
  std::string period;
  std::optional<Digest> proposal;  ///< with what could be closed and approved at this proposed cut
  std::string node;                ///< with the assertions violated for this organisation
};

/// Which figures to compare. A place is a proposed cut (its event), "vintage:3" or "present".
struct DifferenceQuery {
  std::string pack;
  std::string period;
  std::string node;  ///< organisation; empty: the whole programme
  std::string from;
  std::string to;
};

/// Which signals to search for. Empty texts do not filter.
struct SignalQuery {
  std::string period;  ///< e.g. "2024", "2024-Q3"
  std::string kind;    ///< name of a kind of signal
  std::string party;   ///< institution id concerned
};

/// The values that open some of an event's commitments.
struct Disclosure {
  struct Opening {
    std::string path;  ///< the personal field's name
    Bytes value;       ///< its canonical bytes
    Digest salt;       ///< 32 bytes
  };
  Digest event;
  std::vector<Opening> openings;
};

/// What a log says to a guest that has signed: one promise (ledger/log/promise.h) for each
/// envelope.
struct GuestReceipt {
  struct Entry {
    Digest event;
    std::string promise;  ///< signed note
  };
  std::string origin;
  std::vector<Entry> entries;  ///< in the order of submission
};

/// What a witness answers to a log. Source: C2SP tlog-witness.
struct WitnessReply {
  int status = 400;
  std::string content_type;
  std::string body;
};

/// A file below a log's prefix (C2SP tlog-tiles).
struct LogResource {
  Bytes bytes;
  std::string content_type;
  bool immutable = false;  ///< the bytes under this path never change
};

/// What the HTTP API needs of a node: nothing else of the node is visible to it. Texts named json
/// are complete JSON documents in UTF-8. Every function may be called from several threads at once
/// and reports what it cannot do as an Error, which becomes the answer's problem document.
class Port {
 public:
  virtual ~Port() = default;

  // Quick: answered from memory on the I/O thread. Must not block, read a file, or compute.
  virtual Result<std::string> status() = 0;          ///< json
  virtual Result<std::string> charter_note() = 0;    ///< signed note of the founders
  virtual Result<std::string> catalogue_json() = 0;  ///< json

  /// Whether somebody of this reach may hand in these envelopes, or what opens personal fields of
  /// these events. Errors: kUnauthorised.
  virtual Result<void> admit(const Reach& reach, std::span<const Bytes> envelopes) = 0;
  virtual Result<void> admit(const Reach& reach, std::span<const Digest> events) = 0;

  /// Appends envelopes to the node's own log, all or none. Calls `done` exactly once, from any
  /// thread, when they have reached the level (none: the node's default), when that has taken too
  /// long, or when they are refused. May verify signatures before it returns. No priority: by the
  /// number of envelopes (kInteractiveEventsMax).
  virtual void submit(std::vector<Bytes> envelopes, std::optional<AckLevel> level,
                      std::optional<Priority> priority,
                      std::function<void(Result<SubmitReceipt>)> done) = 0;

  virtual Result<std::string> events(const EventQuery& query) = 0;  ///< json: {"events","next"}
  virtual Result<std::string> event(const Digest& id) = 0;          ///< json, with "envelope"
  /// The one event whose id begins with these hex digits, kIdDigitsMin or more. Errors: kNotFound,
  /// kConflict (several do), kIo.
  virtual Result<Digest> event_beginning(std::string_view hex) = 0;
  virtual Result<std::string> event_proof(const Digest& id) = 0;  ///< C2SP tlog-proof text

  /// Stores values beside the log, all or none; each must open a commitment of its event.
  virtual Result<void> put_disclosures(std::vector<Disclosure> disclosures) = 0;
  /// Erases the values of one event; idempotent. `erasure`: the envelope of an erasure of that
  /// event that this member may log, naming every field of which a value is kept. Errors:
  /// kUnauthorised, kInvalid, kUnverified (the envelope), kConflict (it leaves out a field).
  virtual Result<void> erase_disclosures(const Digest& event, const Bytes& erasure) = 0;

  virtual Result<std::string> records(const RecordQuery& query) = 0;  ///< json: {"records","next"}
  virtual Result<std::string> record(const Digest& id) = 0;           ///< json
  virtual Result<std::string> agreements(const AgreementQuery& query) = 0;  ///< json
  virtual Result<std::string> agreement(const Digest& id) = 0;              ///< json
  /// json: {"member","total","items"}, with a reach also "elsewhere": how much of it is left out
  virtual Result<std::string> inbox(const InboxQuery& query) = 0;
  virtual Result<std::string> listings(const ListingQuery& query) = 0;  ///< json: {…,"listings"}
  virtual Result<std::string> recommendations(const RecommendationQuery& query) = 0;  ///< json
  /// From a listing to its outcome, as of today or the day given: json.
  virtual Result<std::string> listing_course(const Digest& listing, std::string_view on) = 0;
  virtual Result<std::string> members() = 0;     ///< json: the charter in force
  virtual Result<std::string> governance() = 0;  ///< json: how it came to it
  virtual Result<std::string> packs() = 0;       ///< json
  /// json: the pack as it was published; no version: the last one.
  virtual Result<std::string> pack(std::string_view id, std::string_view version) = 0;
  virtual Result<std::string> cut() = 0;   ///< json
  virtual Result<std::string> cuts() = 0;  ///< json: {"cuts"}, those proposed
  /// One proposed cut, and how each of its logs compares with what is held here: json.
  virtual Result<std::string> proposed_cut(const Digest& proposal) = 0;
  virtual Result<std::string> closings(const ClosingQuery& query) = 0;        ///< json
  virtual Result<std::string> differences(const DifferenceQuery& query) = 0;  ///< json
  virtual Result<std::string> figures(const FigureQuery& query) = 0;          ///< json
  virtual Result<Bytes> bundle(const BundleQuery& query) = 0;                 ///< proof bundle
  virtual Result<std::string> signals(const SignalQuery& query) = 0;  ///< json: {…,"signals"}

  /// What the one-time link with this token asks a guest to sign: json.
  virtual Result<std::string> invitation(std::string_view token) = 0;
  /// Appends what guests signed to the node's own log, all or none, and promises that it will be in
  /// it. `token`: the answer to that link; none: by the guest's own key alone. Calls `done` exactly
  /// once, from any thread.
  virtual void answer(std::optional<std::string> token, std::vector<Bytes> envelopes,
                      std::function<void(Result<GuestReceipt>)> done) = 0;
  virtual Result<std::string> guests() = 0;  ///< json: {"guests"}

  /// `member`: id or domain. `path`: "checkpoint", "tile/0/x001/067", "tile/entries/000.p/5"; its
  /// characters and length have been checked, its grammar has not.
  virtual Result<LogResource> log_resource(std::string_view member, std::string_view path) = 0;

  /// Drops what was computed from the logs and begins to make it anew; until it is there, the old
  /// is served. kUnavailable while one is under way.
  virtual Result<void> begin_rebuild() = 0;
  /// json: {"running","error","last":{"cut","entries","took_ms","identical"} or null}
  virtual Result<std::string> rebuilt() = 0;
  /// Begins a backup of the node's database, which is made while the node goes on.
  virtual Result<void> begin_backup() = 0;
  /// json: {"folder","keep","running","error","hint","backups"}
  virtual Result<std::string> backups() = 0;

  /// Judges a C2SP tlog-witness add-checkpoint request: whatever is wrong with it is in the reply.
  virtual Result<WitnessReply> add_checkpoint(std::string_view request) = 0;
  /// The latest checkpoint this node's witness cosigned of the log with this SHA-256 of its origin.
  virtual Result<std::string> witnessed(const Digest& origin_hash) = 0;

  /// What an operator looks after: disk, keys, backups: json.
  virtual Result<std::string> operations() = 0;
  virtual Result<std::string> metrics() = 0;  ///< Prometheus text format 0.0.4
  virtual Result<std::string> forks() = 0;    ///< json: {"forks"}
  /// tlog-fork-proof/v0 text about the log of a member (id or domain).
  virtual Result<std::string> fork_proof(std::string_view member) = 0;
};

}  // namespace hefu
