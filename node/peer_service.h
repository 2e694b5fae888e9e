#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "crypto/bytes.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/counts.h"
#include "node/farewell.h"
#include "node/held_entries.h"
#include "node/peer_messages.h"
#include "node/store.h"
#include "node/witness_service.h"

namespace hefu {

/// Entries [pull.begin, …) of a stored log as they fit, proved against the checkpoint of pull.size.
/// Errors: kNotFound (less is stored), kIo, kCorrupt.
Result<Package> make_package(const Store& store, LogNumber log, const PullRequest& pull);

/// Errors: kNotFound (less is stored), kIo, kCorrupt.
Result<ProofAnswer> make_proof(const Store& store, LogNumber log, const ProveRequest& prove);

/// Where this node stands with every log that counts. `witness_only`: origins of logs of which no
/// entries are kept here. Errors: kIo, kCorrupt.
Result<HeadsAnswer> heads_here(const Store& store, const Charter& charter,
                               const std::set<std::string>& witness_only);

/// Answers the other members' nodes. Thread-safe.
class PeerService {
 public:
  struct Hooks {
    /// A member has shown that it has something new.
    std::function<void(const Member& peer)> news;
    /// A member reports a fork; false if the report proves nothing.
    std::function<bool(const Member& peer, const std::string& proof)> fork_reported;
    /// Why nothing may be stored now, if that is so. Empty: everything may.
    std::function<std::optional<Error>()> shortage;
    /// The store failed in a way after which nothing may be answered any more. Does not return.
    std::function<void(const Error&)> halt;
  };

  /// Everything handed in must outlive it.
  /// `witness_only`: origins of logs of which no entries are kept here. `held_bytes_max`: of each
  /// log, what is held of it before it is replicated. `farewells`: what members that take part no
  /// more may read.
  PeerService(Store& store, const Charter& charter, WitnessService& witness, Hooks hooks,
              std::set<std::string> witness_only = {},
              std::uint64_t held_bytes_max = HeldEntries::kHeldBytesMax, Farewells farewells = {});

  /// The answer to one request of the member that holds the node key `peer`.
  Bytes serve(const PublicKey& peer, BytesView request);

  /// Requests refused since the start, by error code.
  [[nodiscard]] std::map<std::string, std::uint64_t> refused() const { return refused_.all(); }
  /// Entries sent to other members' nodes since the start.
  [[nodiscard]] std::uint64_t entries_served() const { return entries_served_; }

 private:
  PeerAnswer judge(const PublicKey& key, BytesView bytes);
  PeerAnswer answer(const Member& peer, const PeerRequest& request);
  PeerAnswer answer_gone(const Member& peer, const PeerRequest& request);
  Result<PeerAnswer> answer_cosign(const Member& peer, const CosignRequest& request);
  Result<PeerAnswer> answer_own(const Member& peer, const PeerRequest& request);

  const Store& store_;
  const Charter& charter_;
  WitnessService& witness_;
  const Hooks hooks_;
  const std::set<std::string> witness_only_;
  const Farewells farewells_;
  HeldEntries held_;
  Counts refused_;
  std::atomic<std::uint64_t> entries_served_{0};
};

/// Where the store's meta keeps the last checkpoint that a log signed with a former key.
std::string former_checkpoint_key(std::string_view origin);

/// The name and version this program introduces itself with.
inline constexpr const char* kProgramName = "hefud 0.1.0";

}  // namespace hefu
