#include "node/followed_logs.h"

#include <algorithm>
#include <utility>

#include "ledger/cut/cut.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"

namespace hefu {

bool Condition::update(const PeerVerdict& verdict, Moment now) {
  const bool changed = fault != verdict.fault;
  if (changed) {
    since = now;
  }
  fault = verdict.fault;
  detail = verdict.detail;
  return changed;
}

/// What is known of one log.
struct FollowedLogs::State {
  Replica* replica = nullptr;
  std::unique_ptr<CatchUp> catch_up;
  std::unique_ptr<WatchedLog> watched;  // if its contents are not kept
  // Owned by the holder of replica->writing().
  int failures = 0;
  std::chrono::steady_clock::time_point next_try{};
  std::string other_quorum;  // the note told of last
  // Guarded by FollowedLogs::mutex_.
  Condition condition;
  std::optional<PeerVerdict> index_fault;
  std::uint64_t shown_size = 0;  // largest that a checkpoint signed by the log has
  std::optional<Moment> heard;
};

FollowedLogs::FollowedLogs(Store& store, const Charter& charter,
                           const std::vector<Replica*>& replicas, Hooks hooks,
                           const Options& options,
                           std::map<std::string, std::unique_ptr<WatchedLog>> watched)
    : store_(store), charter_(charter), hooks_(std::move(hooks)), options_(options) {
  const Moment now = hooks_.now();
  for (Replica* replica : replicas) {
    auto log = std::make_unique<State>();
    log->replica = replica;
    log->catch_up = std::make_unique<CatchUp>([this] { return steady_now(); }, options_.catch_up);
    if (const auto found = watched.find(replica->owner().origin); found != watched.end()) {
      log->watched = std::move(found->second);
    }
    log->condition.since = now;
    (void)over_quota(*replica);  // counts from here on
    if (const auto quarantine = replica->quarantine()) {
      log->condition = {Fault::kFork, quarantine->detail, quarantine->since};
    }
    logs_.emplace(replica->owner().origin, std::move(log));
  }
}

FollowedLogs::~FollowedLogs() = default;

std::chrono::steady_clock::time_point FollowedLogs::steady_now() const {
  return hooks_.steady ? hooks_.steady() : std::chrono::steady_clock::now();
}

FollowedLogs::Followed FollowedLogs::follow(const std::string& peer, const Ask& ask,
                                            const PeerHead& head,
                                            const std::function<bool()>& stopping) {
  const auto found = logs_.find(head.origin);
  if (found == logs_.end() || head.checkpoint.empty()) {
    return {};
  }
  State& log = *found->second;
  if (const auto& end = log.replica->owner().end) {
    if (log.replica->head().size >= end->size || head.size < end->size) {
      return {};  // all that counts is here, or not there
    }
    PeerHead last = head;
    last.checkpoint = end->checkpoint;
    last.cosigned.clear();
    return follow_log(log, peer, ask, last, stopping);
  }
  take_shown(log, head.checkpoint);
  if (log.watched) {
    return watch(log, ask, head);
  }
  if (!continues_what_is_here(log.replica->owner())) {
    return {};  // its keys and what its events refer to stand in the earlier epochs
  }
  return follow_log(log, peer, ask, head, stopping);
}

/// Whether the earlier epochs of this member are here up to their ends.
bool FollowedLogs::continues_what_is_here(const Member& owner) const {
  return std::all_of(owner.ended_logs.begin(), owner.ended_logs.end(), [&](const EndedLog& ended) {
    const auto found = logs_.find(ended.origin);
    return ended.size == 0 ||
           (found != logs_.end() && found->second->replica->head().size >= ended.size);
  });
}

FollowedLogs::Followed FollowedLogs::follow_log(State& log, const std::string& peer, const Ask& ask,
                                                const PeerHead& head,
                                                const std::function<bool()>& stopping) {
  CatchUp& catch_up = *log.catch_up;
  const auto pinned = catch_up.target();
  const bool serves = !pinned || head.size >= pinned->size;
  const std::unique_lock writing(log.replica->writing(), std::try_to_lock);
  if (!writing.owns_lock()) {
    if (!serves) {
      return {};
    }
    PeerVerdict verdict = help(ask, peer, head.origin, catch_up, stopping);
    const bool more = verdict.ok() && catch_up.target().has_value();
    return {std::move(verdict), more};
  }
  if (auto dropped = catch_up.dropped(peer); pinned && (dropped || !serves)) {
    // Of a log whose key was replaced a peer shows two heads: the lower one starts nothing over.
    if (catch_up.others_help(serves ? peer : std::string())) {
      return {std::move(dropped).value_or(PeerVerdict{}), false};
    }
    catch_up.close();  // there is nobody else: it begins another one
  }
  if (steady_now() < log.next_try) {
    return {};  // it was bad a moment ago
  }
  return lead(log, peer, ask, head, stopping);
}

/// Follows the log's checkpoints alone.
FollowedLogs::Followed FollowedLogs::watch(State& log, const Ask& ask, const PeerHead& head) {
  const std::unique_lock writing(log.replica->writing(), std::try_to_lock);
  if (!writing.owns_lock()) {
    return {};
  }
  auto verdict = log.watched->follow(ask, head, hooks_.now());
  if (!verdict) {
    hooks_.halt(verdict.error());
    return {};
  }
  if (verdict->ok() || verdict->fault == Fault::kFork) {
    set(log, *verdict);
    return {};
  }
  return {*std::move(verdict), false};
}

/// Fetches as the one who stores.
FollowedLogs::Followed FollowedLogs::lead(State& log, const std::string& peer, const Ask& ask,
                                          const PeerHead& head,
                                          const std::function<bool()>& stopping) {
  if (const auto full = hooks_.shortage ? hooks_.shortage() : std::nullopt) {
    set(log, {Fault::kNoSpace, full->message});
    return {};
  }
  if (over_quota(*log.replica)) {
    set(log, {Fault::kOverQuota,
              "the log takes " + std::to_string(options_.log_bytes_max >> 20) +
                  " MiB here, as much as storage.log_quota_mib allows: allow more, or follow it "
                  "without its contents"});
    return {};
  }
  const auto enough = [&] { return stopping() || over_quota(*log.replica); };
  CatchUp& catch_up = *log.catch_up;
  const std::uint64_t size_before = log.replica->head().size;
  auto verdict = fetch(ask, *log.replica, head.checkpoint, hooks_.now, enough, {&catch_up, peer});
  if (!verdict) {
    hooks_.halt(verdict.error());
    return {};
  }
  if (log.replica->head().size != size_before) {
    hooks_.grown(head.origin);
  }
  const auto dropped = catch_up.dropped(peer);
  const bool of_the_peer =
      verdict->fault == Fault::kUnreachable || verdict->fault == Fault::kWrongKey ||
      verdict->fault == Fault::kProtocol || (dropped && dropped->fault == verdict->fault);
  if (of_the_peer) {
    return {*std::move(verdict), false};
  }
  if (verdict->ok()) {
    log.failures = 0;
  } else {
    log.failures = std::min(log.failures + 1, 16);
    const auto pause = std::min(options_.interval * (1 << (log.failures - 1)), options_.retry_max);
    log.next_try = steady_now() + pause;
  }
  set(log, *verdict);
  if (verdict->ok() && !head.cosigned.empty()) {
    take_cosigned(log, head.cosigned);
  }
  return {PeerVerdict{}, verdict->ok() && catch_up.target().has_value()};
}

bool FollowedLogs::over_quota(const Replica& replica) const {
  return options_.log_bytes_max != 0 && store_.log_bytes(replica.log()) >= options_.log_bytes_max;
}

/// Remembers how far the log is known to reach. On a peer's word alone it reaches nowhere.
void FollowedLogs::take_shown(State& log, const std::string& note) {
  const auto shown = parse_checkpoint(note);
  std::uint64_t known = 0;
  {
    const std::lock_guard lock(mutex_);
    log.heard = hooks_.now();
    known = log.shown_size;
  }
  if (!shown || shown->checkpoint.size <= known ||
      !open_checkpoint(note, log.replica->log_keys())) {
    return;
  }
  const std::lock_guard lock(mutex_);
  log.shown_size = std::max(log.shown_size, shown->checkpoint.size);
}

void FollowedLogs::take_cosigned(State& log, const std::string& note) {
  Replica& replica = *log.replica;
  const auto seen = parse_checkpoint(note);
  if (!seen || seen->checkpoint.size > replica.head().size) {
    return;
  }
  auto stored = store_.cosigned(replica.log());
  if (!stored) {
    hooks_.halt(stored.error());
    return;
  }
  const auto before = parse_checkpoint(*stored);
  if (*stored == note || (before && before->checkpoint.size > seen->checkpoint.size)) {
    return;
  }
  // What was enough when it was gathered may not be by a decision that took effect meanwhile.
  if (before && before->checkpoint.size == seen->checkpoint.size &&
      open_cosigned(charter_, replica.owner(), *stored)) {
    return;
  }
  const auto opened = open_cosigned(charter_, replica.owner(), note);
  if (!opened) {
    const bool told = std::exchange(log.other_quorum, note) == note;
    if (!told && hooks_.other_quorum && open_checkpoint(note, replica.log_keys())) {
      hooks_.other_quorum();
    }
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

bool FollowedLogs::take_fork_report(const std::string& text) {
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
  if (*taken && found->second->replica->quarantine()) {
    set(*found->second, {Fault::kFork, found->second->replica->quarantine()->detail});
  }
  return *taken;
}

void FollowedLogs::take_index_fault(const std::string& origin, const std::string& detail) {
  const auto found = logs_.find(origin);
  if (found == logs_.end()) {
    return;
  }
  State& log = *found->second;
  {
    const std::lock_guard lock(mutex_);
    log.index_fault = PeerVerdict{Fault::kBadIndex, detail};
    if (log.condition.fault != Fault::kNone) {
      return;  // shown once the other fault is over
    }
  }
  set(log, {});
}

std::vector<std::pair<std::string, std::string>> FollowedLogs::fork_proofs() const {
  std::vector<std::pair<std::string, std::string>> proofs;
  for (const auto& [origin, log] : logs_) {
    if (const auto quarantine = log->replica->quarantine()) {
      proofs.emplace_back(origin, quarantine->evidence);
    }
  }
  return proofs;
}

std::vector<LogCondition> FollowedLogs::conditions() const {
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
    if (log->watched) {
      condition.witness_only = true;
      condition.checkpoint_size = log->watched->size();
      condition.cosigned_size = log->watched->cosigned_size();
    }
    if (const auto& end = log->replica->owner().end) {
      condition.ended = true;
      condition.size = std::min(head.size, end->size);
      condition.checkpoint_size = condition.size;
      condition.cosigned_size = condition.size;
      const std::lock_guard lock(mutex_);
      condition.condition = log->condition;
      condition.behind = end->size - condition.size;
      logs.push_back(std::move(condition));
      continue;
    }
    const std::uint64_t here = log->watched ? condition.checkpoint_size : head.size;
    const std::lock_guard lock(mutex_);
    condition.condition = log->condition;
    condition.heard = log->heard;
    condition.behind = log->shown_size > here ? log->shown_size - here : 0;
    logs.push_back(std::move(condition));
  }
  return logs;
}

void FollowedLogs::set(State& log, const PeerVerdict& verdict) {
  Condition changed;
  {
    const std::lock_guard lock(mutex_);
    const PeerVerdict& shown = verdict.ok() && log.index_fault ? *log.index_fault : verdict;
    if (!log.condition.update(shown, hooks_.now())) {
      return;
    }
    changed = log.condition;
  }
  hooks_.changed("log " + log.replica->owner().origin, changed);
}

}  // namespace hefu
