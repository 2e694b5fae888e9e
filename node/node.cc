#include "node/node.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "ledger/cut/anchor.h"
#include "ledger/cut/cut.h"
#include "ledger/cut/epoch_start.h"
#include "ledger/cut/head_observation.h"
#include "ledger/cut/log_recovery_event.h"
#include "ledger/log/fork_proof.h"
#include "node/charter_in_force.h"
#include "node/config.h"
#include "node/ended_log.h"
#include "node/fetch.h"
#include "node/indexing.h"
#include "node/node_port.h"
#include "node/silent_logs.h"

namespace hefu {
namespace {

/// Exit status after a failed write: the service manager restarts, the start recovers.
constexpr int kExitHalted = 70;
constexpr std::chrono::milliseconds kRecoveryCallTimeout{2'000};
constexpr std::chrono::milliseconds kRecoveryPause{300};
SecretKey copy(const SecretKey& key) {
  return SecretKey::from_seed(key.seed());
}

/// Puts the key the charter names into `key`, which may be among those made to follow it.
Result<void> choose_key(const Member& member, KeyRole role, std::vector<SecretKey>& next,
                        SecretKey& key) {
  const auto named = member.key(role);
  if (named == key.public_key()) {
    return {};
  }
  for (SecretKey& other : next) {
    if (named == other.public_key()) {
      key = std::move(other);
      return {};
    }
  }
  return Error{
      Errc::kInvalid,
      std::string("the ") + name(role) + " key is not the one the charter names for " + member.id,
      "use the key file made by `hefu init` or `hefu key rotate` for this member"};
}

}  // namespace

Node::Node(Charter founding, NodeKeys keys, const NodeOptions& options, Journal& journal)
    : founding_(std::move(founding)),
      options_(options),
      journal_(journal),
      loop_(options.threads),
      secret_(std::move(keys)),
      not_writing_(Error{Errc::kUnavailable, "the node is starting", "try again in a moment"}) {}

Result<std::unique_ptr<Node>> Node::start(Charter founding, NodeKeys keys,
                                          const NodeOptions& options, Journal& journal) {
  std::unique_ptr<Node> node(new Node(std::move(founding), std::move(keys), options, journal));
  if (auto opened = node->open(); !opened) {
    return opened.error();
  }
  node->starter_ = std::thread([at = node.get()] { at->begin_writing(); });
  return node;
}

/// The charter in force by what is stored here, and who this institution is under it.
Result<void> Node::take_charter() {
  const auto logs = store_->logs();
  if (!logs) {
    return logs.error();
  }
  for (const auto& [origin, log] : *logs) {
    if (auto indexed = catch_up_indexes(*store_, log); !indexed) {
      return indexed;
    }
  }
  auto in_force = charter_in_force(founding_, *store_);
  if (!in_force) {
    return in_force.error();
  }
  in_force_ = *std::move(in_force);
  charter_ = in_force_;
  if (charter_.member(options_.member) == nullptr && options_.card &&
      options_.card->id == options_.member) {
    Member candidate = *options_.card;
    candidate.participations = {
        {Moment{std::numeric_limits<std::int64_t>::min()}, Participation::kCandidate}};
    charter_.members.push_back(std::move(candidate));
    std::sort(charter_.members.begin(), charter_.members.end(),
              [](const Member& a, const Member& b) { return a.id < b.id; });
    charter_.index_keys();
  }
  self_ = charter_.member(options_.member);
  if (self_ == nullptr) {
    return Error{Errc::kInvalid, "the charter has no member " + options_.member,
                 "check `member` in the configuration against `hefu charter show`; an institution "
                 "that is to be admitted keeps its member.json beside hefud.toml"};
  }
  if (charter_.revision > 0) {
    journal_.info("the charter in force", {{"revision", std::to_string(charter_.revision)},
                                           {"decision", charter_.decision().hex()},
                                           {"members", std::to_string(charter_.active_count())},
                                           {"this", name(self_->participation())}});
  }
  return {};
}

/// A member that was away while another changed its log key can verify only what the former key
/// signed: the last such checkpoint leads it to the event that names the new key.
Result<void> Node::keep_last_checkpoints() {
  for (const Member& member : charter_.members) {
    if (member.log_keys().size() < 2) {
      continue;
    }
    const auto log = store_->known_number(member.origin);
    const auto head = log ? store_->head(*log) : Result<LogHead>(LogHead{});
    if (!head) {
      return head.error();
    }
    const auto present = VerifierKey::parse(member.log_vkey());
    if (head->checkpoint.empty() || (present && open_checkpoint(head->checkpoint, *present))) {
      continue;
    }
    if (auto put = store_->put_meta(former_checkpoint_key(member.origin), head->checkpoint); !put) {
      return put;
    }
  }
  return {};
}

/// Tells once that the logs say something else of the charter than this node goes by. `seen` is
/// what the cut says, which may be behind what is stored, and so behind what the node began with;
/// null: not known.
void Node::governed(const Charter* seen) {
  if (seen != nullptr && same_rules(*seen, in_force_)) {
    return;
  }
  const auto stored = charter_in_force(founding_, *store_);
  if (!stored || same_rules(*stored, in_force_) || charter_change_told_.exchange(true)) {
    return;
  }
  const Charter& charter = *stored;
  journal_.info("the charter has changed", {{"revision", std::to_string(charter.revision)},
                                            {"members", std::to_string(charter.active_count())}});
  if (options_.charter_changed) {
    options_.charter_changed();
  }
}

/// Another member that takes part, or is suspended: it may still read, and its log is still kept.
/// One that does so no more reads what led to that, if this node was there.
bool Node::may_connect(const PublicKey& key) const {
  const Member* member = charter_.by_node_key(key);
  if (member == nullptr || member == self_ || !member->holds(KeyRole::kNode, key, now())) {
    return false;
  }
  return takes_part(*member) || farewells_.of(member->id) != nullptr;
}

/// Why this institution may not write a log at present.
std::optional<Error> Node::barred() const {
  if (charter_.closed) {
    return Error{Errc::kConflict, "the federation is closed", "found a new one"};
  }
  switch (self_->participation()) {
    case Participation::kActive:
    case Participation::kSuspended:
      return wrong_key_;
    case Participation::kCandidate:
      return Error{Errc::kUnavailable, "this institution is not admitted yet",
                   "a member proposes it with `hefu charter propose admit`; the node goes on by "
                   "itself once that is decided"};
    default:
      return Error{
          Errc::kConflict,
          std::string("this institution takes part no more: ") + name(self_->participation()),
          "`hefu charter history` says since when and why"};
  }
}

/// The keys certified in the logs stored here, as far as these count.
Result<void> Node::learn_keys() {
  auto certified = store_->certified_keys();
  const auto logs = certified
                        ? store_->logs()
                        : Result<std::vector<std::pair<std::string, LogNumber>>>(certified.error());
  if (!logs) {
    return logs.error();
  }
  std::map<LogNumber, const Member*> owners;
  for (const auto& [origin, log] : *logs) {
    if (const Member* owner = charter_.by_origin(origin)) {
      owners.emplace(log, owner);
    }
  }
  std::erase_if(*certified, [&](CertifiedKey& key) {
    const auto owner = owners.find(key.log);
    if (owner == owners.end()) {
      return true;
    }
    key.before = owner->second->entries_before();
    return owner->second->end && key.index >= owner->second->end->size;
  });
  keys_->add(*certified);
  return {};
}

Result<void> Node::open() {
  space_ = std::make_unique<DiskSpace>(
      options_.data, options_.space, [this](const std::optional<Error>& shortage) {
        if (shortage) {
          journal_.error("nothing more is stored", *shortage);
        } else {
          journal_.info("there is room on the disk again: the node goes on");
        }
      });
  auto store = Store::open(options_.data, options_.store);
  if (!store) {
    return store.error();
  }
  store_ = *std::move(store);
  if (auto taken = take_charter(); !taken) {
    return taken;
  }
  if (auto kept = keep_last_checkpoints(); !kept) {
    return kept;
  }
  for (const auto& [role, key] : {std::pair<KeyRole, SecretKey*>{KeyRole::kLog, &secret_.log},
                                  {KeyRole::kWitness, &secret_.witness},
                                  {KeyRole::kNode, &secret_.node}}) {
    if (auto chosen = choose_key(*self_, role, secret_.next, *key); !chosen) {
      // Perhaps a decision that is not here yet names it: the node follows the logs that say so.
      journal_.warn("a key is not the one the charter names, as far as it is known here",
                    {{"why", chosen.error().message}, {"hint", chosen.error().hint}});
      if (!wrong_key_) {
        wrong_key_ = chosen.error();
        wrong_key_->code = Errc::kUnavailable;
      }
    }
  }
  if (auto settled = settle_ended_logs(*store_, charter_); !settled) {
    return settled;
  }
  keys_ = std::make_unique<KeyBook>(charter_);
  if (auto learned = learn_keys(); !learned) {
    return learned;
  }
  checker_ = std::make_unique<EnvelopeChecker>(*keys_, options_.threads);
  guests_ = std::make_unique<GuestDesk>(*store_, charter_, *self_, secret_.log,
                                        GuestDesk::Options{options_.merge_delay},
                                        [this] { return now(); });
  for (const Member* owner : charter_.log_owners()) {
    const Member& member = *owner;
    if (member.end && witnesses_only(member)) {
      continue;  // it gets no longer, and none of its entries are wanted
    }
    auto log = store_->number(member.origin);
    if (!log) {
      return log.error();
    }
    if (auto indexed = catch_up_indexes(*store_, *log); !indexed) {
      return indexed;
    }
    if (&member == self_) {
      continue;
    }
    auto replica = Replica::open(*store_, member, *keys_, *checker_);
    if (!replica) {
      return replica.error();
    }
    replicas_.push_back(*std::move(replica));
  }
  std::vector<Replica*> replicas;
  for (const auto& replica : replicas_) {
    replicas.push_back(replica.get());
  }
  std::map<std::string, std::unique_ptr<WatchedLog>> watched;
  std::set<std::string> witness_only;
  for (Replica* replica : replicas) {
    if (witnesses_only(replica->owner())) {
      auto log = WatchedLog::open(*store_, charter_, *replica);
      if (!log) {
        return log.error();
      }
      watched.emplace(replica->owner().origin, *std::move(log));
      witness_only.insert(replica->owner().origin);
    }
  }
  FollowedLogs::Options following;
  following.interval = options_.interval;
  following.log_bytes_max = options_.log_bytes_max;
  FollowedLogs::Hooks followed;
  followed.now = [this] { return now(); };
  followed.shortage = [this] { return shortage(); };
  followed.changed = [this](const std::string& what, const Condition& condition) {
    condition_changed(what, condition);
    views_->changed();
  };
  followed.halt = [this](const Error& error) { halt(error); };
  followed.grown = [this](const std::string& /*origin*/) {
    views_->changed();
    auditor_->wake();
  };
  followed.other_quorum = [this] {
    other_quorum_ = true;
    views_->changed();
  };
  logs_ = std::make_unique<FollowedLogs>(*store_, charter_, replicas, std::move(followed),
                                         following, std::move(watched));
  IndexAuditor::Hooks audit;
  audit.found = [this](const Member& owner, const std::string& detail) {
    logs_->take_index_fault(owner.origin, detail);
  };
  audit.failed = [this](const Error& why) { journal_.error("an index audit failed", why); };
  auditor_ = std::make_unique<IndexAuditor>(*store_, charter_, replicas, std::move(audit));
  Views::Hooks viewing;
  viewing.failed = [this](const Error& why) {
    journal_.error("the views of this cut cannot be made", why);
  };
  viewing.charter_changed = [this](const Charter& charter) { governed(&charter); };
  // The latest checkpoints may be signed and cosigned with keys that the charter known here does
  // not name yet; the anchors inside the logs lead there from what it does name.
  viewing.looked = [this] {
    const auto logs = logs_->conditions();
    const bool stuck = std::any_of(logs.begin(), logs.end(), [](const LogCondition& log) {
      return log.condition.fault != Fault::kNone;
    });
    if (other_quorum_.exchange(false) || stuck || !self_->is_active()) {
      governed(nullptr);
    }
  };
  views_ =
      std::make_unique<Views>(*store_, founding_, charter_, options_.catalogue, std::move(viewing));
  admission_ = std::make_unique<Admission>(*store_, charter_, *self_, *keys_, *checker_, *guests_,
                                           *views_, [this] { return now(); });
  witness_ = std::make_unique<WitnessService>(
      *store_, charter_, *self_, copy(secret_.witness),
      [this] { return static_cast<std::uint64_t>(now().ms / 1000); },
      [this](const std::string& origin, const ForkProof& proof) {
        // The first time is a condition of the log, told as such; this comes as often as one asks.
        journal_.write(Journal::Level::kDebug, "a log asked to cosign a fork of itself",
                       {{"log", origin}});
        logs_->take_fork_report(proof.text());
      },
      options_.witnessed_logs);
  Cosigning::Events events;
  events.quorum = [this](const Checkpoint& checkpoint, const std::string& note) {
    {
      const std::shared_lock lock(parts_);
      if (anchorer_) {
        anchorer_->cosigned(checkpoint.size, note);
      }
      if (sequencer_) {
        sequencer_->cosigned(checkpoint.size);
      }
      if (replicator_) {
        replicator_->wake();
      }
    }
    views_->changed();
  };
  cosigning_ = std::make_unique<Cosigning>(*store_, charter_, *self_,
                                           *store_->known_number(self_->origin), std::move(events));
  head_observer_ = std::make_unique<HeadObserver>(*store_, charter_, *self_, observing());
  PeerService::Hooks hooks;
  hooks.news = [this](const Member& peer) {
    const std::shared_lock lock(parts_);
    if (replicator_) {
      replicator_->wake(&peer);
    }
  };
  hooks.fork_reported = [this](const Member& peer, const std::string& proof) {
    journal_.write(Journal::Level::kDebug, "a member reports a fork", {{"member", peer.id}});
    return own_fork_reported(proof) || logs_->take_fork_report(proof);
  };
  hooks.shortage = [this] { return shortage(); };
  hooks.halt = [this](const Error& error) { halt(error); };
  const auto heads = heads_here(*store_, charter_, witness_only);
  auto farewells = heads ? Farewells::open(*store_, charter_, *heads) : heads.error();
  if (!farewells) {
    return farewells.error();
  }
  farewells_ = *std::move(farewells);
  peer_service_ =
      std::make_unique<PeerService>(*store_, charter_, *witness_, std::move(hooks),
                                    std::move(witness_only), options_.held_bytes_max, farewells_);
  PeerServerOptions server;
  server.address = options_.peer_address;
  server.port = options_.peer_port;
  auto started = PeerServer::start(
      loop_, server, secret_.node, [this](const PublicKey& key) { return may_connect(key); },
      [this](const PublicKey& peer, BytesView request) {
        return peer_service_->serve(peer, request);
      });
  if (!started) {
    return started.error();
  }
  peer_server_ = *std::move(started);
  backups_ = std::make_unique<BackupWorker>(*store_, options_.backup, [this](const Error& why) {
    journal_.error("no backup could be made", why);
  });
  port_ = std::make_unique<NodePort>(*this, *store_, *views_, founding_);
  bulk_ = std::make_unique<WorkerPool>(1, kBulkChecksMax);
  return {};
}

Node::~Node() {
  stopping_ = true;
  if (starter_.joinable()) {
    starter_.join();
  }
  // Submissions first, then what they set off, then what answers the other members.
  bulk_.reset();
  std::unique_ptr<Anchorer> anchorer;
  std::unique_ptr<Sequencer> sequencer;
  std::unique_ptr<Replicator> replicator;
  std::unique_ptr<Stager> stager;
  {
    const std::unique_lock lock(parts_);
    not_writing_ = Error{Errc::kUnavailable, "the node is stopping", "try again when it is back"};
    anchorer = std::move(anchorer_);
    sequencer = std::move(sequencer_);
  }
  if (sequencer) {
    sequencer->stop();  // or the anchorer would wait for the others to hold its last anchor
  }
  anchorer.reset();
  sequencer.reset();
  {
    const std::unique_lock lock(parts_);
    replicator = std::move(replicator_);
    stager = std::move(stager_);
  }
  stager.reset();
  replicator.reset();
  auditor_.reset();
  peer_server_.reset();
}

Moment Node::now() const {
  if (options_.now) {
    return options_.now();
  }
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return Moment{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
}

void Node::condition_changed(const std::string& what, const Condition& condition) {
  journal_.write(condition.fault == Fault::kNone ? Journal::Level::kInfo : Journal::Level::kWarn,
                 "condition changed",
                 {{"of", what}, {"state", name(condition.fault)}, {"detail", condition.detail}});
}

Port& Node::port() {
  return *port_;
}

void Node::halt(const Error& error) {
  journal_.error("halting: the state on disk is not known", error);
  journal_.flush();
  std::_Exit(kExitHalted);
}

bool Node::wait_until_writing(std::chrono::milliseconds patience) {
  std::unique_lock lock(state_mutex_);
  state_changed_.wait_for(lock, patience, [&] { return started_; });
  const std::shared_lock parts(parts_);
  return sequencer_ != nullptr;
}

void Node::begin_writing() {
  const auto ended = [this] {
    const std::lock_guard lock(state_mutex_);
    started_ = true;
    state_changed_.notify_all();
  };
  const auto refuse = [this](const Error& why) {
    journal_.error("the log cannot grow", why);
    const std::unique_lock lock(parts_);
    not_writing_ = why;
  };
  const auto bar = barred();
  auto recovered = bar ? Result<bool>(*bar) : recover();
  if (!recovered) {
    refuse(recovered.error());
  } else if (*recovered) {
    if (auto begun = begin_log(); !begun) {
      refuse(begun.error());
    }
  }
  // A node that may not write still follows the others and cosigns for them.
  if (!stopping_) {
    Replicator::Hooks hooks;
    hooks.now = [this] { return now(); };
    hooks.visit.own_checkpoint_seen = [this](const std::string& note) {
      own_checkpoint_seen(note);
    };
    hooks.visit.halt = [this](const Error& error) { halt(error); };
    hooks.visit.observer = head_observer_.get();
    hooks.changed = [this](const std::string& what, const Condition& condition) {
      condition_changed(what, condition);
    };
    Replicator::Options replication;
    replication.interval = options_.interval;
    const std::unique_lock lock(parts_);
    replicator_ = std::make_unique<Replicator>(charter_, *self_, secret_.node, peer_addresses(),
                                               *logs_, *cosigning_, std::move(hooks), replication);
  }
  // What was signed or cosigned before a restart goes on from there.
  if (const auto head = store_->head(*store_->known_number(self_->origin));
      head && head->size > 0 && !stopping_) {
    committed(Checkpoint{self_->origin, head->size, head->root}, head->checkpoint);
    if (const auto stored = store_->cosigned(*store_->known_number(self_->origin))) {
      if (const auto note = parse_checkpoint(*stored)) {
        const std::shared_lock lock(parts_);
        if (anchorer_) {
          anchorer_->cosigned(note->checkpoint.size, *stored);
        }
      }
    }
  }
  ended();
}

std::size_t Node::copies() const {
  const std::size_t active = charter_.active_count();
  const std::size_t others = active - (self_->is_active() ? 1 : 0);
  return std::min(options_.copies.value_or(copies_for(others)), others);
}

std::vector<PeerAddress> Node::peer_addresses() const {
  std::vector<PeerAddress> peers;
  for (const NodeOptions::Peer& peer : options_.peers) {
    const Member* member = charter_.member(peer.member);
    if (member == nullptr || member == self_) {
      journal_.warn("a configured peer is no other member of the charter", {{"peer", peer.member}});
      continue;
    }
    if (takes_part(*member)) {
      peers.push_back({member, peer.host, peer.port});
    }
  }
  // Those that were admitted since the configuration was written say themselves where they are.
  for (const Member& member : charter_.members) {
    const bool known = std::any_of(options_.peers.begin(), options_.peers.end(),
                                   [&](const auto& peer) { return peer.member == member.id; });
    const auto said = member.attributes.find("peer");
    if (known || &member == self_ || said == member.attributes.end() || !takes_part(member)) {
      continue;
    }
    if (const auto address = HostPort::parse(said->second)) {
      peers.push_back({&member, address->host, address->port});
    } else {
      journal_.warn("a member's address cannot be read", {{"member", member.id}});
    }
  }
  return peers;
}

/// Starts the writer of the log that `recover` has made sure of.
Result<void> Node::begin_log() {
  const LogNumber log = *store_->known_number(self_->origin);
  auto start = recovery_->begin(secret_.log, entropy_);
  if (!start) {
    return start.error();
  }
  const std::size_t waiting = start->staged.size();
  if (waiting > 0) {
    journal_.info("events that were stored and not yet signed for go on from there",
                  {{"events", std::to_string(waiting)}});
  }
  const auto log_key = VerifierKey::parse(self_->log_vkey());
  if (!log_key) {
    return log_key.error();
  }
  Sequencer::Options options;
  options.copies = copies();
  options.patience = options_.patience;
  options.former_keys = log_keys_of(*self_);
  std::erase(options.former_keys, *log_key);
  Sequencer::Hooks hooks;
  hooks.halt = [this](const Error& error) { halt(error); };
  hooks.committed = [this](const Checkpoint& checkpoint, const std::string& note) {
    committed(checkpoint, note);
  };
  hooks.staged = [this](std::uint64_t signed_size, std::uint64_t staged_end) {
    const std::shared_lock lock(parts_);
    if (stager_) {
      stager_->staged(signed_size, staged_end);
    }
  };
  auto sequencer = Sequencer::start(*store_, self_->origin, copy(secret_.log), options,
                                    std::move(hooks), std::move(start->staged));
  if (!sequencer) {
    return sequencer.error();
  }
  auto anchorer = std::make_unique<Anchorer>(
      *store_, *self_, copy(secret_.log), **sequencer, *checker_, entropy_,
      [this] { return now(); },
      [this](const Error& why) {
        if (!stopping_) {
          journal_.error("no anchor could be written", why);
        }
      },
      Anchorer::Options{options_.anchor_interval});
  Stager::Hooks staging;
  staging.held = [this](const Member& member, std::uint64_t end) {
    const std::shared_lock lock(parts_);
    if (sequencer_) {
      sequencer_->held(member.id, end);
    }
  };
  staging.conflict = [this](const Member& member, const std::string& detail) {
    const Error why{
        Errc::kConflict,
        "another writer of this log is at work: member " + member.id + " has seen " + detail,
        "two nodes run with this log's key, or this one was restored from an old copy: "
        "stop the other one, or restart this one so that it fetches its log back"};
    journal_.error("the log is frozen", why);
    const std::shared_lock lock(parts_);
    if (sequencer_) {
      sequencer_->freeze(why);
    }
  };
  staging.halt = [this](const Error& error) { halt(error); };
  Stager::Options stager_options;
  stager_options.client.backoff_max = stager_options.retry_max;
  const std::unique_lock lock(parts_);
  sequencer_ = *std::move(sequencer);
  anchorer_ = std::move(anchorer);
  if (options.copies > 0) {
    stager_ = std::make_unique<Stager>(*store_, *log_key, log, start->note, secret_.node,
                                       peer_addresses(), std::move(staging), stager_options);
    const std::uint64_t size = sequencer_->checkpoint().size;
    stager_->staged(size, size + waiting);
  }
  if (start->event) {
    tell_of_recovery(*std::move(start->event));
  }
  if (!self_->ended_logs.empty() && sequencer_->checkpoint().size == 0 && waiting == 0) {
    if (auto told = tell_of_epoch(); !told) {
      return told;
    }
  }
  not_writing_.reset();
  return {};
}

/// An event of the node's own, ready to be appended.
Result<Submission> Node::sign_own(const Event& event) {
  const auto bytes = encode_event(event);
  auto envelopes = bytes ? sign_batch(std::span(&*bytes, 1), secret_.log)
                         : Result<std::vector<Bytes>>(bytes.error());
  if (!envelopes) {
    return envelopes.error();
  }
  const BytesView envelope = envelopes->front();
  auto checked = checker_->check(std::span(&envelope, 1), *self_);
  if (!checked) {
    return checked.error();
  }
  return Submission{std::move(envelopes->front()), std::move(checked->front())};
}

/// Begins the log of a new epoch: its first event says which log it continues. Nothing can be
/// submitted before.
Result<void> Node::tell_of_epoch() {
  auto event =
      sign_own(make_epoch_start(self_->id, epoch_start_of(*self_), now(), entropy_.take<16>()));
  if (!event) {
    return event.error();
  }
  journal_.info("this member's log goes on in a new epoch",
                {{"log", self_->origin}, {"after", self_->ended_logs.back().origin}});
  std::vector<Submission> submission;
  submission.push_back(*std::move(event));
  sequencer_->submit(std::move(submission), AckLevel::kStored, [this](const auto& appended) {
    if (!appended) {
      journal_.error("the new epoch of this log is not yet begun", appended.error());
    }
  });
  return {};
}

/// Appends the event that says that this log was recovered. Once it is durable, nothing is left to
/// be told after a crash.
void Node::tell_of_recovery(Submission event) {
  std::vector<Submission> submission;
  submission.push_back(std::move(event));
  sequencer_->submit(std::move(submission), AckLevel::kStored, [this](const auto& appended) {
    if (!appended) {
      journal_.error("the recovery of this log is not yet told in it", appended.error());
    } else if (auto recorded = LogRecovery::recorded(*store_); !recorded) {
      halt(recorded.error());
    }
  });
}

HeadObserver::Hooks Node::observing() {
  HeadObserver::Hooks hooks;
  hooks.now = [this] { return now(); };
  hooks.silent = [this]() -> std::vector<SilentLog> {
    const auto state = views_->latest();
    return state == nullptr ? std::vector<SilentLog>()
                            : silent_logs(state->records, state->observed, charter_, *self_, now());
  };
  hooks.append = [this](const std::string& note) { return tell_of_silence(note); };
  hooks.ask_self = [this](const CosignRequest& request) -> Result<CosignedAnswer> {
    auto answer = witness_->add_checkpoint(request.add_checkpoint);
    if (!answer) {
      return answer.error();
    }
    return CosignedAnswer{static_cast<std::uint16_t>(answer->status), std::move(answer->body)};
  };
  return hooks;
}

/// Puts what witnesses saw of a silent log into this node's own.
Result<void> Node::tell_of_silence(const std::string& cosigned_checkpoint) {
  const Event event =
      make_head_observation(self_->id, cosigned_checkpoint, now(), entropy_.take<16>());
  auto made = sign_own(event);
  if (!made) {
    return made.error();
  }
  std::vector<Submission> submission;
  submission.push_back(*std::move(made));
  const std::shared_lock lock(parts_);
  if (!sequencer_) {
    return Error{Errc::kUnavailable, "this node's log cannot grow", ""};
  }
  sequencer_->submit(std::move(submission), AckLevel::kStored, [this](const auto& appended) {
    if (!appended) {
      journal_.error("a head observation is not stored", appended.error());
    }
  });
  return {};
}

/// True if the log here is the latest anybody asked has seen; false if the node stops.
Result<bool> Node::recover() {
  const std::vector<PeerAddress> peers = peer_addresses();
  LogRecovery::Options options;
  options.others = peers.size();
  options.copies = copies();
  options.new_log = options_.new_log;
  options.doubt = options_.doubt;
  options.waived = static_cast<std::size_t>(
      std::count_if(peers.begin(), peers.end(), [this](const PeerAddress& peer) {
        return std::ranges::find(options_.without, peer.member->id) != options_.without.end();
      }));
  LogRecovery::Hooks hooks;
  hooks.now = [this] { return now(); };
  hooks.stopping = [this] { return stopping_.load(); };
  hooks.info = [this](std::string_view happening, LogRecovery::Values values) {
    journal_.write(Journal::Level::kInfo, happening, values);
  };
  hooks.warn = [this](std::string_view happening, LogRecovery::Values values) {
    journal_.write(Journal::Level::kWarn, happening, values);
  };
  auto opened =
      LogRecovery::open(*store_, charter_, *self_, *keys_, *checker_, options, std::move(hooks));
  if (!opened) {
    const auto known = store_->quarantine(self_->origin);
    own_forked_ = known && known->has_value();
    return opened.error();
  }
  {
    const std::unique_lock lock(parts_);
    recovery_ = *std::move(opened);
  }
  for (bool waited = false; !stopping_; waited = true) {
    for (const PeerAddress& peer : peers) {
      if (stopping_ || !recovery_->wants(*peer.member)) {
        continue;
      }
      if (auto asked = ask_for_log(peer); !asked) {
        return asked.error();
      }
    }
    auto ready = recovery_->end_round();
    if (!ready || *ready) {
      return ready;
    }
    const Error why = *recovery_->waits();
    if (!waited) {
      journal_.warn("the log waits for the other members before it grows",
                    {{"why", why.message}, {"hint", why.hint}});
    }
    {
      const std::unique_lock lock(parts_);
      not_writing_ = why;
    }
    std::this_thread::sleep_for(kRecoveryPause);
  }
  return false;
}

Result<void> Node::ask_for_log(const PeerAddress& peer) {
  PeerClientOptions limits;
  limits.connect_timeout = kRecoveryCallTimeout / 2;
  limits.call_timeout = kRecoveryCallTimeout;
  limits.backoff_min = kRecoveryCallTimeout;  // one attempt a call: there is the next round
  PeerClient client(peer.host, peer.port, secret_.node, *peer.member->key(KeyRole::kNode), limits);
  return recovery_->ask(*peer.member, [&](const PeerRequest& request) -> Result<PeerAnswer> {
    auto bytes = client.call(encode(request));
    return bytes ? decode_answer(*bytes) : Result<PeerAnswer>(bytes.error());
  });
}

void Node::committed(const Checkpoint& checkpoint, const std::string& note) {
  if (auto published = cosigning_->published(checkpoint, note); !published) {
    halt(published.error());
  }
  const std::shared_lock lock(parts_);
  if (replicator_) {
    replicator_->wake();
  }
}

void Node::own_checkpoint_seen(const std::string& note) {
  const auto why = seen_elsewhere(*store_, *self_, note);
  const std::shared_lock lock(parts_);
  if (why && sequencer_) {
    journal_.error("the log is frozen", *why);
    sequencer_->freeze(*why);
  }
}

void Node::submit(std::vector<Bytes> envelopes, std::optional<AckLevel> level,
                  std::optional<Priority> priority,
                  std::function<void(Result<SubmitReceipt>)> done) {
  if (const auto full = shortage()) {
    done(*full);
    return;
  }
  const Priority its = priority.value_or(
      envelopes.size() > kInteractiveEventsMax ? Priority::kBulk : Priority::kInteractive);
  const AckLevel wanted = level.value_or(AckLevel::kReplicated);
  if (its == Priority::kInteractive) {
    check_and_append(std::move(envelopes), wanted, its, std::move(done));
    return;
  }
  const auto job = [this, wanted, its, done,
                    shared = std::make_shared<std::vector<Bytes>>(std::move(envelopes))] {
    check_and_append(std::move(*shared), wanted, its, done);
  };
  if (!bulk_->submit(job)) {
    done(Error{Errc::kUnavailable, "as many bulk submissions wait to be checked as may",
               "send the next one when one has been answered"});
  }
}

void Node::check_and_append(std::vector<Bytes> envelopes, AckLevel level, Priority priority,
                            std::function<void(Result<SubmitReceipt>)> done) {
  auto admitted = admission_->admit(envelopes);
  if (!admitted) {
    done(admitted.error());
    return;
  }
  std::vector<Submission> submission;
  submission.reserve(envelopes.size());
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    submission.push_back({std::move(envelopes[i]), std::move(admitted->events[i])});
  }
  const std::shared_lock lock(parts_);
  if (!sequencer_) {
    done(*not_writing_);
    return;
  }
  std::vector<std::pair<std::size_t, CertifiedKey>> certified;  // by place in the submission
  for (std::size_t i = 0; i < submission.size(); ++i) {
    if (submission[i].checked.certifies) {
      certified.emplace_back(i, *submission[i].checked.certifies);
    }
  }
  sequencer_->submit(
      std::move(submission), level,
      [done = std::move(done), origin = self_->origin, keys = keys_.get(),
       certified = std::move(certified),
       acts = std::move(admitted->acts)](Result<Appended> appended) mutable {
        acts.reset();
        if (!appended) {
          done(appended.error());
          return;
        }
        // Only now: an event signed with a new key must never stand in the log
        // before the key's certificate, or no replica would take it.
        for (auto& [place, key] : certified) {
          key.index = appended->events[place].index;
          keys->add(std::span(&key, 1));
        }
        SubmitReceipt receipt;
        receipt.level = appended->level;
        receipt.origin = origin;
        receipt.size = appended->size;
        receipt.checkpoint = std::move(appended->checkpoint);
        for (const Placed& placed : appended->events) {
          receipt.entries.push_back({placed.event.digest, placed.index, ""});
        }
        done(std::move(receipt));
      },
      priority);
}

std::vector<PeerCondition> Node::peers() const {
  const std::shared_lock lock(parts_);
  return replicator_ ? replicator_->peers() : std::vector<PeerCondition>();
}

std::vector<LogCondition> Node::logs() const {
  return logs_->conditions();
}

bool Node::witnesses_only(const Member& member) const {
  return std::find(options_.witness_only.begin(), options_.witness_only.end(), member.id) !=
         options_.witness_only.end();
}

bool Node::settled() const {
  const std::shared_lock lock(parts_);
  if (!replicator_ || !sequencer_) {
    return false;
  }
  const std::uint64_t size = sequencer_->checkpoint().size;
  if (sequencer_->waiting() > 0 || cosigning_->cosigned_size() != size ||
      (size > 0 && anchorer_->anchored_up_to() != size)) {
    return false;
  }
  for (const PeerCondition& peer : replicator_->peers()) {
    if (peer.condition.fault != Fault::kNone ||
        (!peer.witness_only && (peer.own_size != size || peer.own_cosigned_size != size))) {
      return false;
    }
  }
  for (const LogCondition& log : logs_->conditions()) {
    // Nobody cosigns what a member writes that takes part no more: what it began last stays so.
    const Member* owner = charter_.member(log.member);
    if (log.ended || (owner != nullptr && !takes_part(*owner))) {
      if (log.behind > 0) {
        return false;
      }
      continue;
    }
    const std::uint64_t held = log.witness_only ? log.checkpoint_size : log.size;
    if (log.condition.fault != Fault::kNone || log.checkpoint_size != held ||
        log.cosigned_size != held) {
      return false;
    }
    const auto witnessed = store_->witnessed(log.origin);
    const auto note =
        witnessed && *witnessed ? parse_checkpoint(**witnessed) : Result<SignedCheckpoint>(Error{});
    if (note && note->checkpoint.size > held) {
      return false;
    }
  }
  return true;
}

NodeState Node::state() const {
  NodeState state;
  state.now = now();
  state.federation = charter_.federation.hex();
  state.name = charter_.name;
  state.member = self_->id;
  state.name_zh = self_->name_zh;
  state.name_en = self_->name_en;
  state.quorum = charter_.quorum;
  state.participation = name(self_->participation());
  state.revision = charter_.revision;
  state.settled = settled();
  state.own.origin = self_->origin;
  state.own.cosigned_size = cosigning_->cosigned_size();
  {
    const std::shared_lock lock(parts_);
    state.own.writing = sequencer_ != nullptr && !shortage();
    if (const auto head = store_->head(*store_->known_number(self_->origin))) {
      state.own.size = head->size;
    }
    if (sequencer_) {
      state.own.size = sequencer_->checkpoint().size;
      state.own.waiting = sequencer_->waiting();
      state.own.staged = sequencer_->staged();
      state.own.copies = sequencer_->copies();
      for (std::size_t level = 0; level < state.own.latency.size(); ++level) {
        state.own.latency.at(level) =
            LatencyCounts::of(sequencer_->latency(static_cast<AckLevel>(level)));
      }
    }
    if (recovery_) {
      state.own.recovery = recovery_->progress();
    }
    if (const auto full = shortage()) {
      state.own.code = "disk-full";
      state.own.reason = full->message;
      state.own.hint = full->hint;
    } else if (not_writing_) {
      state.own.code = name(not_writing_->code);
      state.own.reason = not_writing_->message;
      state.own.hint = not_writing_->hint;
    }
  }
  state.peers = peers();
  state.logs = logs();
  state.forks = own_forked_ ? 1 : 0;
  for (const LogCondition& log : state.logs) {
    state.forks += log.condition.fault == Fault::kFork ? 1 : 0;
  }
  state.entries_served = peer_service_->entries_served();
  state.peer_requests_refused = peer_service_->refused();
  state.witness_answers = witness_->answers();
  if (peer_server_) {
    for (std::size_t i = 0; i < kRefusals; ++i) {
      const auto why = static_cast<Refusal>(i);
      state.peer_connections_refused[name(why)] = peer_server_->connection_counters().refusals(why);
    }
  }
  return state;
}

std::uint64_t Node::store_bytes() const {
  std::uint64_t bytes = 0;
  std::error_code gone;  // files come and go meanwhile
  for (auto file = std::filesystem::recursive_directory_iterator(options_.data, gone);
       !gone && file != std::filesystem::recursive_directory_iterator(); file.increment(gone)) {
    std::error_code ignored;
    const auto size = file->is_regular_file(ignored) ? file->file_size(ignored) : 0;
    bytes += ignored ? 0 : size;
  }
  return bytes;
}

std::string Node::status() const {
  return status_json(state());
}

bool Node::own_fork_reported(const std::string& text) {
  const auto proof = parse_fork_proof(text);
  if (!proof || !verify_fork_proof(*proof, log_keys_of(*self_))) {
    return false;
  }
  own_forked_ = true;
  const std::string detail = "another member holds the proof that its key signed two histories";
  const auto known = store_->quarantine(self_->origin);
  if (known && !*known) {
    if (auto put = store_->put_quarantine(self_->origin,
                                          {name(Fault::kFork), detail, now(), proof->text()});
        !put) {
      halt(put.error());
    }
    journal_.warn("this node's own log is forked", {{"detail", detail}});
  }
  const std::shared_lock lock(parts_);
  if (sequencer_) {
    sequencer_->freeze(Error{Errc::kCorrupt, "this member's log has two histories: " + detail,
                             "the other members let it go on in a new epoch (hefu charter propose "
                             "new-epoch); `hefu fork list` shows the proof"});
  }
  return true;
}

}  // namespace hefu
