#include "node/replicator.h"

#include <algorithm>
#include <utility>

#include "ledger/cut/cut.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"
#include "node/peer_service.h"

namespace hefu {
namespace {

/// Cosigning takes a second round when the witness remembers another size than we thought.
constexpr int kCosignRoundsMax = 3;

using Clock = std::chrono::steady_clock;

/// True if the condition is a new one.
bool update(Condition& condition, const PeerVerdict& diagnosis, Moment now) {
  const bool changed = condition.fault != diagnosis.fault;
  if (changed) {
    condition.since = now;
  }
  condition.fault = diagnosis.fault;
  condition.detail = diagnosis.detail;
  return changed;
}

}  // namespace

/// What one thread knows of its peer.
struct Replicator::Follower {
  Follower(PeerAddress peer, const SecretKey& identity, const PublicKey& expected,
           const PeerClientOptions& options)
      : address(std::move(peer)), client(address.host, address.port, identity, expected, options) {}

  const PeerAddress address;
  PeerClient client;
  // Owned by the thread.
  bool greeted = false;
  std::set<std::string> reported;  // origins whose fork this peer has been told of
  // Guarded by Replicator::mutex_.
  bool woken = false;
  Condition condition;
  std::optional<Moment> heard;
  std::uint64_t own_size = 0;
  std::uint64_t own_cosigned_size = 0;

  std::thread thread;
};

/// What is known of one other member's log.
struct Replicator::LogState {
  Replica* replica = nullptr;
  // Owned by the holder of replica->writing().
  int failures = 0;
  Clock::time_point next_try{};
  // Guarded by Replicator::mutex_.
  Condition condition;
  std::optional<PeerVerdict> index_fault;
};

Replicator::Replicator(Store& store, const Charter& charter, const Member& self,
                       const SecretKey& node_key, std::vector<PeerAddress> peers,
                       std::vector<Replica*> replicas, Cosigning& cosigning, Hooks hooks,
                       const Options& options)
    : store_(store),
      charter_(charter),
      self_(self),
      cosigning_(cosigning),
      hooks_(std::move(hooks)),
      options_(options) {
  const Moment now = hooks_.now();
  for (Replica* replica : replicas) {
    auto log = std::make_unique<LogState>();
    log->replica = replica;
    log->condition.since = now;
    if (const auto quarantine = replica->quarantine()) {
      log->condition = {Fault::kFork, quarantine->detail, quarantine->since};
    }
    logs_.emplace(replica->owner().origin, std::move(log));
  }
  for (PeerAddress& peer : peers) {
    const PublicKey expected = peer.member->key(KeyRole::kNode).value_or(PublicKey{});
    followers_.push_back(
        std::make_unique<Follower>(std::move(peer), node_key, expected, options_.client));
    followers_.back()->condition = {Fault::kUnreachable, "not asked yet", now};
  }
  for (const auto& follower : followers_) {
    follower->thread = std::thread([this, at = follower.get()] { follow(*at); });
  }
}

Replicator::~Replicator() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (const auto& follower : followers_) {
    follower->client.cancel();
  }
  for (const auto& follower : followers_) {
    follower->thread.join();
  }
}

void Replicator::wake(const Member* member) {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& follower : followers_) {
      if (member == nullptr || follower->address.member == member) {
        follower->woken = true;
      }
    }
  }
  wake_.notify_all();
}

bool Replicator::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Replicator::follow(Follower& follower) {
  while (!stopping()) {
    set_peer(follower, visit(follower));
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, options_.interval, [&] { return stopping_ || follower.woken; });
    follower.woken = false;
  }
}

PeerVerdict Replicator::visit(Follower& follower) {
  if (const PeerVerdict greeted = greet(follower); !greeted.ok()) {
    return greeted;
  }
  // What is wrong with one request does not stop the others, as long as the peer answers.
  PeerVerdict worst = ask_to_cosign(follower);
  if (!follower.greeted) {
    return worst;
  }
  const auto answer = ask(follower, HeadsRequest{});
  if (!answer) {
    return {fault_of_call(answer.error()), answer.error().message};
  }
  const auto* heads = std::get_if<HeadsAnswer>(&*answer);
  if (heads == nullptr) {
    return {Fault::kProtocol, "no list of heads in answer to a request for it"};
  }
  for (const PeerHead& head : heads->heads) {
    if (head.origin == self_.origin) {
      const auto cosigned = parse_checkpoint(head.cosigned);
      {
        const std::lock_guard lock(mutex_);
        follower.own_size = head.size;
        follower.own_cosigned_size = cosigned ? cosigned->checkpoint.size : 0;
      }
      if (!head.checkpoint.empty()) {
        hooks_.own_checkpoint_seen(head.checkpoint);
      }
    } else if (!stopping()) {
      if (PeerVerdict diagnosis = follow_log(follower, head); !diagnosis.ok()) {
        worst = std::move(diagnosis);
      }
    }
    if (!follower.greeted) {
      return worst;
    }
  }
  if (PeerVerdict diagnosis = report_forks(follower); !diagnosis.ok()) {
    worst = std::move(diagnosis);
  }
  return worst;
}

Result<PeerAnswer> Replicator::ask(Follower& follower, const PeerRequest& request) {
  auto bytes = follower.client.call(encode(request));
  if (!bytes) {
    follower.greeted = false;
    return bytes.error();
  }
  {
    const std::lock_guard lock(mutex_);
    follower.heard = hooks_.now();
  }
  return decode_answer(*bytes);
}

PeerVerdict Replicator::greet(Follower& follower) {
  if (follower.greeted) {
    return {};
  }
  const auto answer =
      ask(follower, HelloMessage{charter_.federation, {kPeerVersion}, kProgramName});
  if (!answer) {
    return {fault_of_call(answer.error()), answer.error().message};
  }
  if (const auto* refused = std::get_if<RefusalAnswer>(&*answer)) {
    return {Fault::kProtocol, refused->message};
  }
  const auto* hello = std::get_if<HelloMessage>(&*answer);
  if (hello == nullptr || hello->federation != charter_.federation) {
    return {Fault::kProtocol, "it follows another charter"};
  }
  follower.greeted = true;
  return {};
}

PeerVerdict Replicator::ask_to_cosign(Follower& follower) {
  for (int round = 0; round < kCosignRoundsMax; ++round) {
    auto job = cosigning_.job_for(*follower.address.member);
    if (!job) {
      hooks_.halt(job.error());
      return {};
    }
    if (!*job) {
      return {};
    }
    const auto answer = ask(follower, (*job)->request);
    if (!answer) {
      return {fault_of_call(answer.error()), answer.error().message};
    }
    const auto* cosigned = std::get_if<CosignedAnswer>(&*answer);
    if (cosigned == nullptr) {
      return {Fault::kProtocol, "no cosignature in answer to a request for it"};
    }
    auto diagnosis = cosigning_.answered(*follower.address.member, **job, *cosigned);
    if (!diagnosis) {
      hooks_.halt(diagnosis.error());
      return {};
    }
    if (!diagnosis->ok()) {
      return *diagnosis;
    }
  }
  return {};
}

PeerVerdict Replicator::follow_log(Follower& follower, const PeerHead& head) {
  const auto found = logs_.find(head.origin);
  if (found == logs_.end() || head.checkpoint.empty()) {
    return {};
  }
  LogState& log = *found->second;
  const std::unique_lock writing(log.replica->writing(), std::try_to_lock);
  if (!writing.owns_lock() || Clock::now() < log.next_try) {
    return {};  // another peer serves it, or it was bad a moment ago
  }
  const std::uint64_t size_before = log.replica->head().size;
  auto diagnosis = fetch([&](const PeerRequest& request) { return ask(follower, request); },
                         *log.replica, head.checkpoint, hooks_.now, [this] { return stopping(); });
  if (!diagnosis) {
    hooks_.halt(diagnosis.error());
    return {};
  }
  const bool of_the_peer = diagnosis->fault == Fault::kUnreachable ||
                           diagnosis->fault == Fault::kWrongKey ||
                           diagnosis->fault == Fault::kProtocol;
  if (of_the_peer) {
    return *diagnosis;
  }
  if (diagnosis->ok()) {
    log.failures = 0;
  } else {
    log.failures = std::min(log.failures + 1, 16);
    log.next_try =
        Clock::now() + std::min<Clock::duration>(options_.interval * (1 << (log.failures - 1)),
                                                 options_.retry_max);
  }
  set_log(log, *diagnosis);
  if (log.replica->head().size != size_before) {
    hooks_.grown(head.origin);
  }
  if (diagnosis->ok() && !head.cosigned.empty()) {
    take_cosigned(*log.replica, head.cosigned);
  }
  return {};
}

void Replicator::take_cosigned(Replica& replica, const std::string& note) {
  const auto seen = parse_checkpoint(note);
  if (!seen || seen->checkpoint.size > replica.head().size) {
    return;
  }
  auto stored = store_.cosigned(replica.log());
  if (!stored) {
    hooks_.halt(stored.error());
    return;
  }
  if (const auto before = parse_checkpoint(*stored);
      *stored == note || (before && before->checkpoint.size >= seen->checkpoint.size)) {
    return;
  }
  const auto opened = open_cosigned(charter_, replica.owner(), note);
  if (!opened) {
    return;
  }
  TileNodes nodes(replica.head().size, tile_source(store_, replica.log()));
  const Digest root = subtree_root(0, opened->checkpoint.size, nodes.reader());
  if (nodes.failure() || root != opened->checkpoint.root) {
    return;
  }
  if (auto put = store_.put_cosigned(replica.log(), note); !put) {
    hooks_.halt(put.error());
    return;
  }
  hooks_.grown(replica.owner().origin);
}

PeerVerdict Replicator::report_forks(Follower& follower) {
  for (const auto& [origin, log] : logs_) {
    const auto quarantine = log->replica->quarantine();
    if (!quarantine || follower.reported.contains(origin)) {
      continue;
    }
    const auto answer = ask(follower, ForkReport{quarantine->evidence});
    if (!answer) {
      return {fault_of_call(answer.error()), answer.error().message};
    }
    follower.reported.insert(origin);
  }
  return {};
}

bool Replicator::take_fork_report(const std::string& text) {
  const auto proof = parse_fork_proof(text);
  if (!proof) {
    return false;
  }
  const auto first = parse_checkpoint(proof->first);
  if (!first) {
    return false;
  }
  const auto found = logs_.find(first->checkpoint.origin);
  if (found == logs_.end()) {
    return false;
  }
  auto taken = found->second->replica->take_fork_proof(*proof, hooks_.now());
  if (!taken) {
    hooks_.halt(taken.error());
    return false;
  }
  if (*taken) {
    set_log(*found->second, {Fault::kFork, found->second->replica->quarantine()->detail});
  }
  return *taken;
}

void Replicator::take_index_fault(const std::string& origin, const std::string& detail) {
  const auto found = logs_.find(origin);
  if (found == logs_.end()) {
    return;
  }
  LogState& log = *found->second;
  {
    const std::lock_guard lock(mutex_);
    log.index_fault = PeerVerdict{Fault::kBadIndex, detail};
    if (log.condition.fault != Fault::kNone) {
      return;  // shown once the other fault is over
    }
  }
  set_log(log, {});
}

void Replicator::set_peer(Follower& follower, const PeerVerdict& diagnosis) {
  if (diagnosis.fault == Fault::kUnreachable && stopping()) {
    return;
  }
  Condition changed;
  {
    const std::lock_guard lock(mutex_);
    if (!update(follower.condition, diagnosis, hooks_.now())) {
      return;
    }
    changed = follower.condition;
  }
  hooks_.changed("peer " + follower.address.member->id, changed);
}

void Replicator::set_log(LogState& log, const PeerVerdict& diagnosis) {
  Condition changed;
  {
    const std::lock_guard lock(mutex_);
    const PeerVerdict& shown = diagnosis.ok() && log.index_fault ? *log.index_fault : diagnosis;
    if (!update(log.condition, shown, hooks_.now())) {
      return;
    }
    changed = log.condition;
  }
  hooks_.changed("log " + log.replica->owner().origin, changed);
}

std::vector<PeerCondition> Replicator::peers() const {
  const std::lock_guard lock(mutex_);
  std::vector<PeerCondition> peers;
  for (const auto& follower : followers_) {
    peers.push_back({follower->address.member->id,
                     follower->address.host + ":" + std::to_string(follower->address.port),
                     follower->condition, follower->heard, follower->own_size,
                     follower->own_cosigned_size});
  }
  return peers;
}

std::vector<LogCondition> Replicator::logs() const {
  std::vector<LogCondition> logs;
  for (const auto& [origin, log] : logs_) {
    const LogHead head = log->replica->head();
    LogCondition condition;
    condition.member = log->replica->owner().id;
    condition.origin = origin;
    condition.size = head.size;
    if (const auto checkpoint = parse_checkpoint(head.checkpoint)) {
      condition.checkpoint_size = checkpoint->checkpoint.size;
    }
    if (const auto stored = store_.cosigned(log->replica->log())) {
      if (const auto cosigned = parse_checkpoint(*stored)) {
        condition.cosigned_size = cosigned->checkpoint.size;
      }
    }
    const std::lock_guard lock(mutex_);
    condition.condition = log->condition;
    logs.push_back(std::move(condition));
  }
  return logs;
}

}  // namespace hefu
