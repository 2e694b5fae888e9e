#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/anchorer.h"
#include "node/cosigning.h"
#include "node/fetch.h"
#include "node/followed_logs.h"
#include "node/key_book.h"
#include "node/log_recovery.h"
#include "node/peer_service.h"
#include "node/peer_visit.h"
#include "node/replica.h"
#include "node/sequencer.h"
#include "node/stager.h"
#include "node/store.h"
#include "node/witness_service.h"
#include "tests/simulation/faulty_files.h"
#include "tests/support/federation.h"

namespace hefu::simulation {

/// Thrown through the parts of a node by their halt hooks, which must not return: what the process
/// ends with. The one who catches it crashes the node.
struct Halted {
  std::size_t member;
  std::string why;
  Errc code = Errc::kIo;
};

/// An honest member's node: the real parts of `Node`, wired as it wires them, without its threads
/// and sockets. Everything happens on the caller's thread when asked for.
class MemberNode {
 public:
  struct Outside {
    std::function<std::int64_t()> now_ms;  ///< true time
    /// Puts a request to another member.
    std::function<Result<Bytes>(std::size_t peer, BytesView request)> call;
    /// Others that hold an entry before it is signed for; none: as a node does by itself.
    std::optional<std::size_t> copies;
    std::chrono::milliseconds patience{10'000};  ///< with a submission's level
  };

  MemberNode(const TestFederation& federation, std::size_t index, std::uint64_t seed,
             Outside outside);
  ~MemberNode();
  MemberNode(const MemberNode&) = delete;
  MemberNode& operator=(const MemberNode&) = delete;

  // --- power ---
  /// Opens what is on the disk. Not yet writing: see `recover`. Errors: of the store.
  Result<void> start();
  /// The power goes, whatever the node was doing. Also ends a node that is not running.
  void crash();
  [[nodiscard]] bool up() const { return parts_ != nullptr; }
  [[nodiscard]] bool writing() const;
  /// Why it stopped taking events, if it did: an operator would start it anew.
  [[nodiscard]] const std::optional<Error>& frozen() const { return frozen_; }

  // --- acts; each may throw Halted ---
  Bytes serve(const PublicKey& peer, BytesView request);
  /// One visit to a peer, as the replicator makes them.
  PeerVerdict visit(std::size_t peer);
  /// One round of asking the others for this node's own log; begins to write if that is enough.
  /// Errors: the log cannot be continued.
  Result<void> recover();
  /// `done` is told once the level is reached or has been waited for long enough, perhaps during a
  /// later act; never if the node crashes before.
  void append(std::vector<Bytes> envelopes, AckLevel level, Sequencer::Answer done);
  /// Has a peer hold what is staged here, if it is not known to hold it.
  void stage(std::size_t peer);
  /// Writes an anchor if one is called for.
  void anchor();
  /// Lets the database do what it left for later.
  void background();

  std::int64_t skew_ms = 0;  ///< of this node's clock
  bool new_log = true;       ///< never had a log
  /// The operator knows that the disk is not what it was: enough others must be heard first.
  bool careful = false;

  [[nodiscard]] std::size_t index() const { return index_; }
  [[nodiscard]] const Member& self() const { return federation_.member(index_); }
  [[nodiscard]] FaultyFiles& files() { return *files_; }
  [[nodiscard]] Store& store();
  [[nodiscard]] std::uint64_t staged() const;  ///< entries waiting to be held by others
  [[nodiscard]] std::size_t copies() const;
  /// Why the last recovery round was not enough.
  [[nodiscard]] const std::string& waits() const { return waits_; }
  /// Whether everything on the disk of a started node can be read: what an operator checks who does
  /// not trust a disk.
  [[nodiscard]] bool readable();

 private:
  struct Parts;

  [[nodiscard]] Moment now() const;
  [[noreturn]] void halt(const Error& error) const;
  Result<PeerAnswer> ask(std::size_t peer, const PeerRequest& request);
  Result<void> open_recovery();
  void freeze(const Error& why);
  void own_checkpoint_seen(const std::string& note);
  Result<void> begin_writing();
  void committed(const Checkpoint& checkpoint, const std::string& note);

  const TestFederation& federation_;
  const std::size_t index_;
  const Outside outside_;
  SeededEntropy entropy_;
  std::shared_ptr<FaultyFiles> files_;
  FaultyEnv env_;
  std::unique_ptr<Parts> parts_;  // none while down
  std::optional<Error> frozen_;
  std::string waits_;
};

}  // namespace hefu::simulation
