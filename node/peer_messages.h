#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"

/// What one node says to another: the C++ form of peer_protocol.capnp, which is the source of every
/// format here. Decoding bounds sizes, counts and depth before anything is allocated for them, and
/// verifies nothing.

namespace hefu {

/// Version of the peer protocol this program speaks.
inline constexpr std::uint16_t kPeerVersion = 1;

/// Most entries of one package.
inline constexpr std::uint32_t kPackageEntriesMax = 8192;
/// Most bytes of entries in one package: leaves room for its other fields in a frame of 8 MiB.
inline constexpr std::uint32_t kPackageBytesMax = 7U << 20U;
/// Most logs one answer describes. Source: members of a charter, with room for guests to come.
inline constexpr std::size_t kHeadsMax = 256;

struct HelloMessage {
  Digest federation;
  std::vector<std::uint16_t> versions;  ///< 1 to 16 of them
  std::string program;                  ///< for people, e.g. "hefud 0.1.0"
  bool operator==(const HelloMessage&) const = default;
};

struct HeadsRequest {
  bool operator==(const HeadsRequest&) const = default;
};

/// Asks for entries [begin, end) of a log, proved against its checkpoint of `size`: that the tree
/// after them is a prefix of it or, as `range`, that they by themselves are a subtree of it. Then
/// as many are sent as make one.
struct PullRequest {
  std::string origin;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::uint64_t size = 0;
  std::uint32_t bytes_max = kPackageBytesMax;
  bool range = false;
  bool operator==(const PullRequest&) const = default;
};

/// Asks for the root of the first `old_size` entries and its consistency with `size`.
struct ProveRequest {
  std::string origin;
  std::uint64_t old_size = 0;
  std::uint64_t size = 0;
  bool operator==(const ProveRequest&) const = default;
};

struct CosignRequest {
  std::string add_checkpoint;  ///< body of a C2SP tlog-witness request
  bool operator==(const CosignRequest&) const = default;
};

struct ForkReport {
  std::string proof;  ///< tlog-fork-proof/v0
  bool operator==(const ForkReport&) const = default;
};

/// Asks another member to keep entries of the asker's own log that no checkpoint covers yet.
struct StageRequest {
  std::string origin;
  std::uint64_t boot = 0;         ///< which start of the owner's writer this is; grows with each
  std::string start;              ///< that number signed (ledger/log/writer_start.h)
  std::uint64_t signed_size = 0;  ///< of the owner's latest checkpoint
  std::uint64_t begin = 0;
  std::uint32_t count = 0;  ///< 0 to kPackageEntriesMax; 0 only asks
  Bytes entries;            ///< (u16 be length, bytes)*
  bool operator==(const StageRequest&) const = default;
};

/// Asks for the entries of the asker's own log that the other holds staged, from `begin` on.
struct RecallRequest {
  std::string origin;
  std::uint64_t begin = 0;
  bool operator==(const RecallRequest&) const = default;
};

using PeerRequest = std::variant<HelloMessage, HeadsRequest, PullRequest, ProveRequest,
                                 CosignRequest, ForkReport, StageRequest, RecallRequest>;

/// The request is not served. Says no more than the other side may know.
struct RefusalAnswer {
  Errc code = Errc::kInvalid;
  std::string message;
  bool operator==(const RefusalAnswer&) const = default;
};

/// Where the answering node stands with one log.
struct PeerHead {
  std::string origin;
  std::uint64_t size = 0;
  std::string checkpoint;
  std::string cosigned;
  std::string witnessed;      ///< cosigned by this node, perhaps before the entries are here
  bool witness_only = false;  ///< this node's policy: no entries of this log are kept here
  bool operator==(const PeerHead&) const = default;
};

struct HeadsAnswer {
  std::vector<PeerHead> heads;
  bool operator==(const HeadsAnswer&) const = default;
};

/// Consecutive entries of a log with the proof that was asked for.
struct Package {
  std::uint64_t begin = 0;
  std::uint32_t count = 0;  ///< 1 to kPackageEntriesMax
  Bytes entries;            ///< (u16 be length, bytes)*
  std::vector<Digest> proof;
  bool operator==(const Package&) const = default;
};

struct ProofAnswer {
  Digest old_root;
  std::vector<Digest> hashes;
  bool operator==(const ProofAnswer&) const = default;
};

struct CosignedAnswer {
  std::uint16_t status = 400;
  std::string body;
  bool operator==(const CosignedAnswer&) const = default;
};

struct NotedAnswer {
  bool operator==(const NotedAnswer&) const = default;
};

/// Every entry below `end` is durable at the answering node, or covered by a checkpoint.
struct StagedAnswer {
  std::uint64_t end = 0;
  /// Not empty: nothing was taken, because this later start of the writer has been seen.
  std::string later;
  bool operator==(const StagedAnswer&) const = default;
};

/// Entries held for their owner: consecutive from `begin`, as many as fit; none if there are none.
struct RecalledAnswer {
  std::uint64_t boot = 0;  ///< highest start of the owner's writer seen; 0: none
  std::uint64_t begin = 0;
  std::vector<std::uint64_t> boots;  ///< one an entry
  Bytes entries;                     ///< (u16 be length, bytes)*
  bool operator==(const RecalledAnswer&) const = default;
};

using PeerAnswer = std::variant<RefusalAnswer, HelloMessage, HeadsAnswer, Package, ProofAnswer,
                                CosignedAnswer, NotedAnswer, StagedAnswer, RecalledAnswer>;

/// The entries of a message, as views into it: `count` of them. Errors: kInvalid.
Result<std::vector<BytesView>> split_entries(BytesView entries, std::size_t count);
/// Appends one entry to the entries of a message.
void append_entry(Bytes& entries, BytesView entry);

Bytes encode(const PeerRequest& request);
Bytes encode(const PeerAnswer& answer);

/// Errors: kInvalid, kTooLarge, kUnsupported (a message of a later version), naming the field.
Result<PeerRequest> decode_request(BytesView bytes);
Result<PeerAnswer> decode_answer(BytesView bytes);

}  // namespace hefu
