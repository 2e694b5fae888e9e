#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/port.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "crypto/system_entropy.h"
#include "ledger/charter/charter.h"
#include "ledger/event/catalogue.h"
#include "node/admission.h"
#include "node/anchorer.h"
#include "node/backup_worker.h"
#include "node/cosigning.h"
#include "node/disk_space.h"
#include "node/envelope_checker.h"
#include "node/farewell.h"
#include "node/followed_logs.h"
#include "node/guest_desk.h"
#include "node/head_observer.h"
#include "node/index_audit.h"
#include "node/journal.h"
#include "node/key_book.h"
#include "node/log_recovery.h"
#include "node/net/loop.h"
#include "node/net/peer_server.h"
#include "node/net/worker_pool.h"
#include "node/node_state.h"
#include "node/peer_service.h"
#include "node/replica.h"
#include "node/replicator.h"
#include "node/sequencer.h"
#include "node/stager.h"
#include "node/store.h"
#include "node/views.h"
#include "node/witness_service.h"

namespace hefu {

/// The secret keys a node works with. The member's other keys stay with its people.
struct NodeKeys {
  SecretKey log;
  SecretKey witness;
  SecretKey node;  ///< peer TLS
  /// Made to take the place of those: each is used from when the charter in force names it.
  std::vector<SecretKey> next = {};
};

struct NodeOptions {
  struct Peer {
    std::string member;
    std::string host;
    std::uint16_t port = 0;
  };

  std::filesystem::path data;  ///< exists
  std::string member;          ///< id
  std::vector<Peer> peers;
  std::string peer_address = "127.0.0.1";
  std::uint16_t peer_port = 0;  ///< 0: the kernel chooses
  std::chrono::milliseconds interval{500};
  std::chrono::milliseconds anchor_interval{1000};
  int threads = 2;  ///< that check envelopes, and that serve connections: one a core
  /// This member never had a log: do not ask the others for it first.
  bool new_log = false;
  /// What is on the disk may be old: enough other members must be heard before the log grows.
  bool doubt = false;
  /// Ids of members that are not waited for before the log grows: gone for good, as the operator
  /// says. What only they hold is lost then.
  std::vector<std::string> without;
  /// Other members that must hold an event before it is signed for; none: copies_for(others).
  std::optional<std::size_t> copies;
  /// How long a submission waits for its level.
  std::chrono::milliseconds patience{10'000};
  Catalogue catalogue;  ///< until the authority publishes one
  BackupWorker::Options backup;
  DiskSpace::Options space;
  /// Keys of logs outside the federation that this node witnesses too, named like their origins.
  std::vector<VerifierKey> witnessed_logs;
  /// Members whose logs are witnessed and followed by their checkpoints alone.
  std::vector<std::string> witness_only;
  Store::Options store;
  /// Bytes kept of another member's log (0: no bound), and held of it before it is replicated.
  std::uint64_t log_bytes_max = 0;
  std::uint64_t held_bytes_max = HeldEntries::kHeldBytesMax;
  /// How long the log may take to show what it has promised a guest to show.
  std::chrono::seconds merge_delay{86'400};
  std::function<Moment()> now;  ///< empty: the system clock
  /// The institution's card, where it is not admitted yet: its node follows the logs until it is.
  std::optional<Member> card = std::nullopt;
  /// The members have decided something: the node goes on by the charter it began with, and is to
  /// be stopped and started again. Told once, from any thread.
  std::function<void()> charter_changed = nullptr;
};

/// A member's node: everything but the HTTP server. Wires the parts together and owns them.
///
/// Before the log may grow, the other members are asked for its latest head: a node restored from
/// an old copy, or started on an empty disk, first fetches what is missing. Until then submissions
/// are refused as kUnavailable.
class Node {
 public:
  /// `founding`: the charter as signed by the founders; what was decided since is read from the
  /// stored logs. Errors: kInvalid (keys or member do not fit the charter), those of Store::open,
  /// kIo (address in use), kCorrupt.
  static Result<std::unique_ptr<Node>> start(Charter founding, NodeKeys keys,
                                             const NodeOptions& options, Journal& journal);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  [[nodiscard]] Port& port();
  [[nodiscard]] Loop& loop() { return loop_; }
  [[nodiscard]] std::uint16_t peer_port() const { return peer_server_->port(); }
  [[nodiscard]] const Member& self() const { return *self_; }
  /// The charter in force when the node began.
  [[nodiscard]] const Charter& charter() const { return charter_; }
  [[nodiscard]] Store& store() { return *store_; }
  [[nodiscard]] WitnessService& witness() { return *witness_; }
  [[nodiscard]] BackupWorker& backups() { return *backups_; }
  [[nodiscard]] const std::filesystem::path& data_folder() const { return options_.data; }
  /// What the clock of this machine says, or the one handed in.
  [[nodiscard]] Moment now() const;
  /// Why nothing is stored at present, if that is so: kUnavailable.
  [[nodiscard]] std::optional<Error> shortage() const { return space_->shortage(); }
  [[nodiscard]] GuestDesk& guests() { return *guests_; }

  /// By its configuration it keeps no entries of this member's log.
  [[nodiscard]] bool witnesses_only(const Member& member) const;
  /// Waits until the node may append; false after `patience`, or if it never will.
  bool wait_until_writing(std::chrono::milliseconds patience);
  /// Every log is here, cosigned by a quorum and anchored, as far as is known here, and every peer
  /// has all of this node's log.
  [[nodiscard]] bool settled() const;
  /// How it is doing; without what only NodePort counts.
  [[nodiscard]] NodeState state() const;
  /// JSON, as GET /v1/status answers.
  [[nodiscard]] std::string status() const;
  /// Size of the database's files.
  [[nodiscard]] std::uint64_t store_bytes() const;
  [[nodiscard]] std::vector<PeerCondition> peers() const;
  [[nodiscard]] std::vector<LogCondition> logs() const;

  /// Checks envelopes submitted from outside and appends them to this node's log. No level:
  /// `replicated`, which is `stored` where no copies are asked for. Bulk ones are checked on a
  /// thread of their own, and as many may wait for it as kBulkChecksMax; more: kUnavailable.
  void submit(std::vector<Bytes> envelopes, std::optional<AckLevel> level,
              std::optional<Priority> priority, std::function<void(Result<SubmitReceipt>)> done);
  static constexpr std::size_t kBulkChecksMax = 16;

  /// What an envelope must be to get in.
  [[nodiscard]] const Admission& admission() const { return *admission_; }
  /// The keys events may be signed with.
  [[nodiscard]] const KeyBook& keys() const { return *keys_; }

 private:
  Node(Charter founding, NodeKeys keys, const NodeOptions& options, Journal& journal);
  Result<void> open();
  void check_and_append(std::vector<Bytes> envelopes, AckLevel level, Priority priority,
                        std::function<void(Result<SubmitReceipt>)> done);
  Result<void> take_charter();
  Result<void> keep_last_checkpoints();
  Result<void> learn_keys();
  void governed(const Charter* seen);
  [[nodiscard]] bool may_connect(const PublicKey& key) const;
  [[nodiscard]] std::optional<Error> barred() const;
  void begin_writing();
  Result<bool> recover();
  Result<void> ask_for_log(const PeerAddress& peer);
  Result<void> begin_log();
  void tell_of_recovery(Submission event);
  Result<void> tell_of_epoch();
  Result<Submission> sign_own(const Event& event);
  HeadObserver::Hooks observing();
  Result<void> tell_of_silence(const std::string& cosigned_checkpoint);
  [[nodiscard]] std::size_t copies() const;
  [[nodiscard]] std::vector<PeerAddress> peer_addresses() const;
  void own_checkpoint_seen(const std::string& note);
  /// A proof that this node's own log is forked stops its writer for good. False if it proves
  /// nothing about this log.
  bool own_fork_reported(const std::string& text);
  void condition_changed(const std::string& what, const Condition& condition);
  void committed(const Checkpoint& checkpoint, const std::string& note);
  [[noreturn]] void halt(const Error& error);

  // Set at construction.
  const Charter founding_;
  const NodeOptions options_;
  Journal& journal_;
  SystemEntropy entropy_;
  Loop loop_;

  // Set by open(), in this order.
  NodeKeys secret_;
  std::unique_ptr<DiskSpace> space_;
  std::unique_ptr<Store> store_;
  Charter charter_;   // in force; with this institution as a candidate if it is no member yet
  Charter in_force_;  // in force
  const Member* self_ = nullptr;
  std::optional<Error> wrong_key_;  // the charter, as known here, names another than one in secret_
  std::unique_ptr<KeyBook> keys_;
  std::unique_ptr<EnvelopeChecker> checker_;
  std::unique_ptr<GuestDesk> guests_;
  std::vector<std::unique_ptr<Replica>> replicas_;
  std::unique_ptr<WitnessService> witness_;
  std::unique_ptr<FollowedLogs> logs_;
  std::unique_ptr<IndexAuditor> auditor_;
  std::unique_ptr<Views> views_;
  std::unique_ptr<Admission> admission_;
  std::unique_ptr<Cosigning> cosigning_;
  std::unique_ptr<HeadObserver> head_observer_;
  Farewells farewells_;
  std::unique_ptr<PeerService> peer_service_;
  std::unique_ptr<PeerServer> peer_server_;
  std::unique_ptr<BackupWorker> backups_;
  std::unique_ptr<Port> port_;
  std::unique_ptr<WorkerPool> bulk_;  // checks bulk submissions, one after the other

  // Made once the log may grow. Used under a shared lock of parts_, taken away under a full one.
  mutable std::shared_mutex parts_;
  std::unique_ptr<Sequencer> sequencer_;
  std::unique_ptr<Stager> stager_;
  std::unique_ptr<Anchorer> anchorer_;
  std::unique_ptr<Replicator> replicator_;
  std::optional<Error> not_writing_;       // guarded by parts_: why submissions are refused
  std::unique_ptr<LogRecovery> recovery_;  // its pointer guarded by parts_, itself the starter's

  std::mutex state_mutex_;
  std::condition_variable state_changed_;
  bool started_ = false;  // guarded by state_mutex_: begin_writing has ended
  std::atomic<bool> own_forked_{false};
  std::atomic<bool> stopping_{false};
  std::atomic<bool> charter_change_told_{false};
  std::atomic<bool> other_quorum_{false};  // FollowedLogs::Hooks::other_quorum, not yet looked into
  std::thread starter_;
};

}  // namespace hefu
