#include "node/log_recovery.h"

#include <algorithm>
#include <utility>

#include "ledger/cut/cut.h"
#include "ledger/cut/log_recovery_event.h"
#include "ledger/log/log_writer.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/log/writer_start.h"
#include "ledger/merkle/tree.h"
#include "node/held_entries.h"

namespace hefu {
namespace {

/// Number of the last start of this log's writer, in meta.
constexpr std::string_view kBootKey = "writer-boot";
/// Bytes taken from one member of what it says it holds of this log: several times what a writer
/// may have waiting for others (Sequencer::Options), and no more than a node that recovers has room
/// for.
constexpr std::size_t kRecalledBytesMax = std::size_t{256} << 20;

Error two_histories(const std::string& detail) {
  return Error{Errc::kCorrupt, "this member's log has two histories: " + detail,
               "the other members let it go on in a new epoch (hefu charter propose new-epoch); "
               "the proof is kept in the data folder"};
}

}  // namespace

LogRecovery::LogRecovery(Store& store, const Charter& charter, const Member& self,
                         EnvelopeChecker& checker, const Options& options, Hooks hooks,
                         std::unique_ptr<Replica> own)
    : store_(store),
      self_(self),
      checker_(checker),
      options_(options),
      hooks_(std::move(hooks)),
      own_(std::move(own)),
      needed_(std::min(options.others,
                       std::max<std::size_t>(
                           {charter.quorum, 1U,
                            heard_before_recovery(charter.active_count() - 1, options.copies)}))) {}

Result<std::unique_ptr<LogRecovery>> LogRecovery::open(Store& store, const Charter& charter,
                                                       const Member& self, KeyBook& keys,
                                                       EnvelopeChecker& checker,
                                                       const Options& options, Hooks hooks) {
  auto own = Replica::open(store, self, keys, checker);
  if (!own) {
    return own.error();
  }
  if (const auto quarantine = (*own)->quarantine()) {
    // Known from an earlier start; nobody needs to be reachable for it to stay true.
    return two_histories(quarantine->detail);
  }
  const auto boot = store.meta(kBootKey);
  if (!boot) {
    return boot.error();
  }
  auto record = RecoveryRecord::read(store);
  if (!record) {
    return record.error();
  }
  const std::uint64_t size = (*own)->head().size;
  std::unique_ptr<LogRecovery> recovery(
      new LogRecovery(store, charter, self, checker, options, std::move(hooks), *std::move(own)));
  recovery->recalled_.known_boot(*boot ? std::stoull(**boot) : 0);
  recovery->record_ = *std::move(record);
  // Where no writer ever started, the log may have been fetched back in part before a crash: others
  // may still hold what was staged.
  const bool unfinished = recovery->record_.size_before && recovery->record_.event.empty();
  const bool doubt = options.doubt || unfinished || ((size == 0 || !*boot) && !options.new_log);
  // A log that exists here goes on even if nobody can be asked: a member may be cut off. A log that
  // does not might exist elsewhere: so many others must know nothing of it as a quorum has.
  if (!doubt) {
    recovery->needed_ = 0;
  }
  recovery->needed_ =
      std::min(recovery->needed_, options.others - std::min(options.others, options.waived));
  recovery->progress_.size_before = recovery->record_.size_before.value_or(size);
  recovery->progress_.target = size;
  recovery->progress_.needed = recovery->needed_;
  return recovery;
}

Result<void> LogRecovery::missing_up_to(std::uint64_t size) {
  {
    const std::lock_guard lock(mutex_);
    progress_.target = std::max(progress_.target, size);
    progress_.begun = progress_.begun.value_or(hooks_.now());
  }
  if (record_.size_before && record_.event.empty()) {
    return {};
  }
  if (!record_.event.empty()) {
    // An earlier recovery has its event, which may not have come into the log before this one.
    const BytesView envelope = record_.event;
    auto checked = checker_.check(std::span(&envelope, 1), self_);
    auto known = checked ? store_.find(checked->front().id, own_->log())
                         : Result<std::optional<std::uint64_t>>(checked.error());
    if (!known) {
      return known.error();
    }
    if (*known) {
      record_.size_before.reset();
    }
  }
  record_.size_before = record_.size_before.value_or(own_->head().size);
  record_.event.clear();
  {
    const std::lock_guard lock(mutex_);
    progress_.size_before = *record_.size_before;
  }
  return record_.write(store_);
}

/// True if the member has nothing more of what it shows.
Result<bool> LogRecovery::fetch_from(const Member& member, const Ask& ask, const PeerHead& head) {
  if (const auto shown = open_own(self_, head.checkpoint);
      shown && shown->checkpoint.size > own_->head().size) {
    if (auto noted = missing_up_to(shown->checkpoint.size); !noted) {
      return noted.error();
    }
  }
  const std::lock_guard writing(own_->writing());
  auto verdict = fetch(ask, *own_, head.checkpoint, hooks_.now, hooks_.stopping);
  if (!verdict) {
    return verdict.error();
  }
  if (verdict->fault == Fault::kFork) {
    return two_histories(verdict->detail);
  }
  if (!verdict->ok()) {
    hooks_.warn(
        "this node's own log could not be fetched back",
        {{"peer", member.id}, {"state", name(verdict->fault)}, {"detail", verdict->detail}});
  }
  return verdict->ok();
}

Result<void> LogRecovery::ask(const Member& member, const Ask& ask) {
  const auto answer = ask(HeadsRequest{});
  const auto* heads = answer ? std::get_if<HeadsAnswer>(&*answer) : nullptr;
  if (heads == nullptr) {
    return {};
  }
  bool done = true;
  for (const PeerHead& head : heads->heads) {
    if (head.origin != self_.origin) {
      continue;
    }
    if (const auto seen = open_own(self_, head.witnessed);
        seen && seen->checkpoint.size > witnessed_) {
      witnessed_ = seen->checkpoint.size;
      witnessed_note_ = head.witnessed;
      witnessed_by_ = member.id;
    }
    if (!head.checkpoint.empty()) {
      auto fetched = fetch_from(member, ask, head);
      if (!fetched) {
        return fetched.error();
      }
      done = done && *fetched;
    }
  }
  if (done && recall_from(member, ask)) {
    asked_.insert(member.id);
    const std::lock_guard lock(mutex_);
    heard_.insert(member.id);
  }
  return {};
}

/// Asks a member for what it holds of this log beyond its end here. False if it has to be asked
/// again.
bool LogRecovery::recall_from(const Member& member, const Ask& ask) {
  const std::uint64_t size = own_->head().size;
  std::size_t bytes = 0;
  for (std::uint64_t begin = size; !hooks_.stopping();) {
    const auto answer = ask(RecallRequest{self_.origin, begin});
    const auto* recalled = answer ? std::get_if<RecalledAnswer>(&*answer) : nullptr;
    if (recalled == nullptr) {
      const auto* refused = answer ? std::get_if<RefusalAnswer>(&*answer) : nullptr;
      return refused != nullptr && refused->code == Errc::kUnsupported;  // it holds nothing
    }
    if (auto taken = recalled_.take(member.id, *recalled); !taken) {
      hooks_.warn("what a member holds of this log is not used",
                  {{"peer", member.id}, {"detail", taken.error().message}});
      return true;
    }
    if (recalled->boots.empty() || recalled->begin < begin) {
      return true;
    }
    bytes += recalled->entries.size();
    if (bytes > kRecalledBytesMax) {
      hooks_.warn("a member says it holds more of this log than its writer can have sent",
                  {{"peer", member.id}, {"bytes", std::to_string(bytes)}});
      return true;
    }
    begin = recalled->begin + recalled->boots.size();
    if (begin > size + HeldEntries::kHeldMax) {
      return true;  // more than an honest member would hold: no answer may keep this node asking
    }
  }
  return false;
}

/// A checkpoint that only a witness has seen covers entries that others held while they were
/// staged: they are taken into the log if they lead to it.
Result<void> LogRecovery::rebuild() {
  const std::uint64_t begin = own_->head().size;
  if (begin >= witnessed_) {
    return {};
  }
  if (auto noted = missing_up_to(witnessed_); !noted) {
    return noted;
  }
  const std::lock_guard writing(own_->writing());
  const auto sight = own_->look_at(witnessed_note_, hooks_.now());
  if (!sight) {
    return sight.error();
  }
  if (!sight->seen) {
    return {};
  }
  for (Package& package : recalled_.packages(begin, witnessed_)) {
    auto taken = own_->take(std::move(package), *sight->seen);
    if (!taken) {
      return taken.error();
    }
    if (taken->ok()) {
      hooks_.info("signed entries that no member had replicated were rebuilt from what they held",
                  {{"from", std::to_string(begin)}, {"to", std::to_string(witnessed_)}});
      return own_->settle();
    }
    hooks_.warn("what a member held of this log does not lead to what a witness has cosigned",
                {{"state", name(taken->fault)}, {"detail", taken->detail}});
  }
  return {};
}

Result<bool> LogRecovery::end_round() {
  if (auto rebuilt = rebuild(); !rebuilt) {
    return rebuilt.error();
  }
  const LogHead head = own_->head();
  // What was begun must be ended: half of a log is no log to append to.
  const bool complete = head.checkpoint == head.target && head.size >= witnessed_;
  std::size_t heard = 0;
  {
    const std::lock_guard lock(mutex_);
    heard = heard_.size();
  }
  waits_.reset();
  if (head.size < witnessed_) {
    waits_ = Error{
        Errc::kUnavailable,
        "member " + witnessed_by_ + " has cosigned this log up to entry " +
            std::to_string(witnessed_) + ", the entries found so far end at " +
            std::to_string(head.size),
        "start the other members' nodes: one may have the rest. If nobody has, these "
        "entries are lost: going on would fork the log; if nobody has them, the other members "
        "let it go on in a new epoch: hefu charter propose new-epoch"};
  } else if (!complete) {
    waits_ = Error{Errc::kUnavailable,
                   "this node's log is being fetched back from the other members; the entries "
                   "found so far end at " +
                       std::to_string(head.size),
                   "start the other members' nodes; `hefu node recover` shows how far it is"};
  } else if (heard < needed_) {
    waits_ = Error{Errc::kUnavailable,
                   "before this node's log may grow, " + std::to_string(needed_) +
                       " other members must say what they know of it; " + std::to_string(heard) +
                       " have answered",
                   "start the other members' nodes, or, if this member is new, start this one with "
                   "--new-log"};
  }
  if (!complete && asked_.size() >= options_.others) {
    asked_.clear();  // what nobody had a moment ago somebody may have now
  }
  return !waits_;
}

Result<Submission> LogRecovery::make_event(const SecretKey& log_key, Entropy& entropy,
                                           std::uint64_t staged) {
  const LogHead head = own_->head();
  LogRecoveryEvent told;
  told.size_before = *record_.size_before;
  told.size_after = head.size;
  told.staged = staged;
  told.checkpoint = head.checkpoint;
  {
    const std::lock_guard lock(mutex_);
    told.sources.assign(heard_.begin(), heard_.end());
  }
  const auto bytes =
      encode_event(make_log_recovery(self_.id, told, hooks_.now(), entropy.take<16>()));
  if (!bytes) {
    return bytes.error();
  }
  auto envelopes = sign_batch(std::span(&*bytes, 1), log_key);
  if (!envelopes) {
    return envelopes.error();
  }
  record_.event = std::move(envelopes->front());
  if (auto written = record_.write(store_); !written) {
    return written.error();
  }
  hooks_.info("this node's log was recovered from the other members",
              {{"size_before", std::to_string(told.size_before)},
               {"size", std::to_string(told.size_after)},
               {"staged", std::to_string(told.staged)}});
  const BytesView envelope = record_.event;
  auto checked = checker_.check(std::span(&envelope, 1), self_);
  return checked ? Result<Submission>(Submission{record_.event, std::move(checked->front())})
                 : checked.error();
}

Result<LogRecovery::Start> LogRecovery::begin(const SecretKey& log_key, Entropy& entropy) {
  auto back = recalled_.prepare(store_, own_->log(), self_, checker_);
  if (!back) {
    return back.error();
  }
  if (*back > 0) {
    if (auto noted = missing_up_to(own_->head().size); !noted) {
      return noted.error();
    }
  }
  Start start;
  auto staged = recalled_.settle(store_, own_->log());
  if (!staged) {
    return staged.error();
  }
  start.staged = *std::move(staged);
  if (record_.size_before && record_.event.empty()) {
    auto event = make_event(log_key, entropy, *back);
    if (!event) {
      return event.error();
    }
    start.event = *std::move(event);
  } else if (!record_.event.empty()) {
    const BytesView envelope = record_.event;
    auto checked = checker_.check(std::span(&envelope, 1), self_);
    if (!checked) {
      return checked.error();
    }
    start.event = Submission{record_.event, std::move(checked->front())};
  }
  start.number = next_boot(recalled_.boot(), entropy);
  if (auto put = store_.put_meta(kBootKey, std::to_string(start.number)); !put) {
    return put.error();
  }
  start.note = sign_writer_start(self_.origin, start.number, log_key);
  const std::lock_guard lock(mutex_);
  progress_.ended = hooks_.now();
  return start;
}

Result<void> LogRecovery::recorded(Store& store) {
  return RecoveryRecord().write(store);
}

LogRecovery::Progress LogRecovery::progress() const {
  const std::uint64_t size = own_->head().size;
  const std::lock_guard lock(mutex_);
  Progress progress = progress_;
  progress.size = size;
  progress.heard.assign(heard_.begin(), heard_.end());
  return progress;
}

std::optional<Error> seen_elsewhere(const Store& store, const Member& self, std::string_view note) {
  const auto seen = open_own(self, note);
  if (!seen) {
    return std::nullopt;
  }
  // Read from the store after the note was seen: what left this node had been stored before.
  const LogNumber log = *store.known_number(self.origin);
  const auto head = store.head(log);
  if (!head) {
    return std::nullopt;
  }
  if (seen->checkpoint.size <= head->size) {
    TileNodes nodes(head->size, tile_source(store, log));
    const Digest root = subtree_root(0, seen->checkpoint.size, nodes.reader());
    if (nodes.failure() || root == seen->checkpoint.root) {
      return std::nullopt;
    }
  }
  return Error{Errc::kCorrupt,
               "another member holds a checkpoint of this log, of size " +
                   std::to_string(seen->checkpoint.size) + ", that is not in the data here",
               "restart the node: it fetches its log back before it appends; if two nodes run "
               "with this log's key, stop one"};
}

}  // namespace hefu
