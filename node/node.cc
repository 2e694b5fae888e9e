#include "node/node.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

#include <boost/json.hpp>

#include "ledger/cut/anchor.h"
#include "ledger/cut/cut.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/log/writer_start.h"
#include "ledger/merkle/tree.h"
#include "ledger/record/record_fold.h"
#include "node/charter_in_force.h"
#include "node/config.h"
#include "node/fetch.h"
#include "node/indexing.h"
#include "node/node_port.h"
#include "node/separation.h"

namespace hefu {
namespace {

namespace json = boost::json;

/// Exit status after a failed write: the service manager restarts, the start recovers.
constexpr int kExitHalted = 70;
constexpr std::chrono::milliseconds kRecoveryCallTimeout{2'000};
constexpr std::chrono::milliseconds kRecoveryPause{300};
/// Bytes taken from one member of what it says it holds of this log: several times what a writer
/// may have waiting for others (Sequencer::Options), and no more than a node that recovers has room
/// for.
constexpr std::size_t kRecalledBytesMax = std::size_t{256} << 20;
/// Number of the last start of this log's writer.
constexpr std::string_view kBootKey = "writer-boot";

bool takes_part(const Member& member) {
  return member.is_active() || member.participation() == Participation::kSuspended;
}

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

json::object to_json(const Condition& condition) {
  json::object object{{"state", name(condition.fault)}, {"since", condition.since.text()}};
  if (!condition.detail.empty()) {
    object["detail"] = condition.detail;
  }
  return object;
}

/// Answers given so far, by how many milliseconds they took at most; "more" took longer.
json::object to_json(const Histogram& histogram) {
  json::object object;
  const auto counts = histogram.counts();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    object[i < Histogram::kBoundsMs.size() ? std::to_string(Histogram::kBoundsMs.at(i)) : "more"] =
        counts.at(i);
  }
  return object;
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
    if (member.keys_ever(KeyRole::kLog).size() < 2) {
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
bool Node::may_connect(const PublicKey& key) const {
  const Member* member = charter_.by_node_key(key);
  if (member == nullptr || member == self_ || !member->holds(KeyRole::kNode, key, now())) {
    return false;
  }
  const Participation at = member->participation();
  return at == Participation::kActive || at == Participation::kSuspended;
}

/// Why this institution may not write a log at present.
std::optional<Error> Node::barred() const {
  if (charter_.closed) {
    return Error{Errc::kConflict, "the federation is closed", "found a new one"};
  }
  switch (self_->participation()) {
    case Participation::kActive:
    case Participation::kSuspended:
      return std::nullopt;
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

Result<void> Node::open() {
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
      return chosen;
    }
  }
  keys_ = std::make_unique<KeyBook>(charter_);
  auto certified = store_->certified_keys();
  if (!certified) {
    return certified.error();
  }
  keys_->add(*certified);
  checker_ = std::make_unique<EnvelopeChecker>(*keys_, options_.threads);
  for (const Member& member : charter_.members) {
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
  FollowedLogs::Options following;
  following.interval = options_.interval;
  FollowedLogs::Hooks followed;
  followed.now = [this] { return now(); };
  followed.changed = [this](const std::string& what, const Condition& condition) {
    condition_changed(what, condition);
  };
  followed.halt = [this](const Error& error) { halt(error); };
  followed.grown = [this](const std::string& /*origin*/) {
    views_->changed();
    auditor_->wake();
  };
  logs_ =
      std::make_unique<FollowedLogs>(*store_, charter_, replicas, std::move(followed), following);
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
  if (!self_->is_active()) {
    // The latest cosignatures may be by members that the charter known here does not name yet; the
    // anchors inside the logs lead from the founders to them.
    viewing.looked = [this] { governed(nullptr); };
  }
  views_ =
      std::make_unique<Views>(*store_, founding_, charter_, options_.catalogue, std::move(viewing));
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
  PeerService::Hooks hooks;
  hooks.news = [this](const Member& peer) {
    const std::shared_lock lock(parts_);
    if (replicator_) {
      replicator_->wake(&peer);
    }
  };
  hooks.fork_reported = [this](const Member& peer, const std::string& proof) {
    journal_.write(Journal::Level::kDebug, "a member reports a fork", {{"member", peer.id}});
    return logs_->take_fork_report(proof);
  };
  hooks.halt = [this](const Error& error) { halt(error); };
  peer_service_ = std::make_unique<PeerService>(*store_, charter_, *witness_, std::move(hooks));
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
  port_ = std::make_unique<NodePort>(*this, *store_, *views_);
  return {};
}

Node::~Node() {
  stopping_ = true;
  if (starter_.joinable()) {
    starter_.join();
  }
  // Submissions first, then what they set off, then what answers the other members.
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
  auto staged = recalled_.settle(*store_, log, *self_, *checker_);
  if (!staged) {
    return staged.error();
  }
  if (!staged->empty()) {
    journal_.info("events that were stored and not yet signed for go on from there",
                  {{"events", std::to_string(staged->size())}});
  }
  const auto log_key = VerifierKey::parse(self_->log_vkey());
  if (!log_key) {
    return log_key.error();
  }
  const std::uint64_t boot = next_boot(recalled_.boot(), entropy_);
  if (auto put = store_->put_meta(kBootKey, std::to_string(boot)); !put) {
    return put;
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
  const std::size_t waiting = staged->size();
  auto sequencer = Sequencer::start(*store_, self_->origin, copy(secret_.log), options,
                                    std::move(hooks), *std::move(staged));
  if (!sequencer) {
    return sequencer.error();
  }
  auto anchorer = std::make_unique<Anchorer>(
      *store_, *self_, copy(secret_.log), **sequencer, *checker_, entropy_,
      [this] { return now(); },
      [this](const Error& why) { journal_.error("no anchor could be written", why); },
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
    stager_ = std::make_unique<Stager>(
        *store_, *log_key, log, sign_writer_start(self_->origin, boot, secret_.log), secret_.node,
        peer_addresses(), std::move(staging), stager_options);
    const std::uint64_t size = sequencer_->checkpoint().size;
    stager_->staged(size, size + waiting);
  }
  not_writing_.reset();
  return {};
}

/// True if the log here is the latest anybody asked has seen; false if the node stops.
Result<bool> Node::recover() {
  auto opened = Replica::open(*store_, *self_, *keys_, *checker_);
  if (!opened) {
    return opened.error();
  }
  Replica& own = **opened;
  if (const auto quarantine = own.quarantine()) {
    // Known from an earlier start; nobody needs to be reachable for it to stay true.
    return Error{Errc::kCorrupt, "this member's log has two histories: " + quarantine->detail,
                 "found a new epoch of the log; the proof is kept in the data folder"};
  }
  const auto boot = store_->meta(kBootKey);
  if (!boot) {
    return boot.error();
  }
  recalled_.known_boot(*boot ? std::stoull(**boot) : 0);
  // Where no writer ever started, the log may have been fetched back in part before a crash: others
  // may still hold what was staged.
  const bool fresh = own.head().size == 0 || !*boot;
  // A log that exists here goes on even if nobody can be asked: a member may be cut off. A log that
  // does not might exist elsewhere: so many others must know nothing of it as a quorum has.
  const std::size_t needed =
      fresh && !options_.new_log
          ? std::min(options_.peers.size(),
                     std::max<std::size_t>(
                         {charter_.quorum, 1U,
                          heard_before_recovery(charter_.active_count() - 1, copies())}))
          : 0;
  std::vector<const NodeOptions::Peer*> silent;
  for (const NodeOptions::Peer& peer : options_.peers) {
    silent.push_back(&peer);
  }
  std::size_t heard = 0;
  bool complete = true;
  // What others have cosigned was signed here: it may be longer than what anybody had fetched.
  std::uint64_t witnessed = 0;
  std::string witnessed_note;
  std::string witnessed_by;
  for (int round = 0; !stopping_ && (round == 0 || heard < needed || !complete); ++round) {
    if (round > 0) {
      std::this_thread::sleep_for(kRecoveryPause);
    }
    if (round > 0 && own.head().size < witnessed) {
      const std::unique_lock lock(parts_);
      not_writing_ =
          Error{Errc::kUnavailable,
                "member " + witnessed_by + " has cosigned this log up to entry " +
                    std::to_string(witnessed) + ", the entries found so far end at " +
                    std::to_string(own.head().size),
                "start the other members' nodes: one may have the rest. If nobody has, these "
                "entries are lost: going on would fork the log; found a new epoch of it"};
    } else if (round == 1) {
      const std::unique_lock lock(parts_);
      not_writing_ = Error{Errc::kUnavailable,
                           "this node has no log yet and asks the other members whether there is "
                           "one; too few have answered",
                           "start the other members' nodes, or, if this member is new, start this "
                           "one with --new-log"};
      journal_.warn("waiting for the other members before the log begins",
                    {{"answered", std::to_string(heard)}, {"needed", std::to_string(needed)}});
    }
    complete = true;
    std::vector<const NodeOptions::Peer*> still_silent;
    for (const NodeOptions::Peer* peer : silent) {
      const Member* member = charter_.member(peer->member);
      const auto expected = member == nullptr ? std::nullopt : member->key(KeyRole::kNode);
      if (!expected || stopping_) {
        continue;
      }
      PeerClientOptions limits;
      limits.connect_timeout = kRecoveryCallTimeout / 2;
      limits.call_timeout = kRecoveryCallTimeout;
      limits.backoff_min = kRecoveryCallTimeout;  // one attempt a call: there is the next round
      PeerClient client(peer->host, peer->port, secret_.node, *expected, limits);
      const Ask ask = [&](const PeerRequest& request) -> Result<PeerAnswer> {
        auto bytes = client.call(encode(request));
        return bytes ? decode_answer(*bytes) : Result<PeerAnswer>(bytes.error());
      };
      const auto answer = ask(HeadsRequest{});
      const auto* heads = answer ? std::get_if<HeadsAnswer>(&*answer) : nullptr;
      if (heads == nullptr) {
        still_silent.push_back(peer);
        continue;
      }
      bool done = true;
      for (const PeerHead& head : heads->heads) {
        if (head.origin != self_->origin) {
          continue;
        }
        if (const auto seen = open_own(*self_, head.witnessed);
            seen && seen->checkpoint.size > witnessed) {
          witnessed = seen->checkpoint.size;
          witnessed_note = head.witnessed;
          witnessed_by = member->id;
        }
        if (head.checkpoint.empty()) {
          continue;
        }
        const std::lock_guard writing(own.writing());
        auto diagnosis = fetch(
            ask, own, head.checkpoint, [this] { return now(); },
            [this] { return stopping_.load(); });
        if (!diagnosis) {
          return diagnosis.error();
        }
        if (diagnosis->fault == Fault::kFork) {
          return Error{Errc::kCorrupt, "this member's log has two histories: " + diagnosis->detail,
                       "found a new epoch of the log; the proof is kept in the data folder"};
        }
        if (!diagnosis->ok()) {
          journal_.warn("this node's own log could not be fetched back",
                        {{"peer", member->id},
                         {"state", name(diagnosis->fault)},
                         {"detail", diagnosis->detail}});
          done = false;
        }
      }
      if (done && !recall(ask, own.head().size, *member)) {
        done = false;
      }
      if (done) {
        ++heard;
      } else {
        still_silent.push_back(peer);
        // What was begun must be ended: half of a log is no log to append to.
        complete = own.head().checkpoint == own.head().target;
      }
    }
    silent = std::move(still_silent);
    if (auto rebuilt = rebuild(own, witnessed_note, witnessed); !rebuilt) {
      return rebuilt.error();
    }
    const LogHead head = own.head();
    complete = complete && head.checkpoint == head.target && head.size >= witnessed;
    if (!complete && silent.empty()) {
      for (const NodeOptions::Peer& peer : options_.peers) {
        silent.push_back(&peer);  // what nobody had a moment ago somebody may have now
      }
    }
  }
  if (fresh && own.head().size > 0) {
    journal_.info("this node's log was fetched back from the other members",
                  {{"size", std::to_string(own.head().size)}});
  }
  return !stopping_;
}

/// A checkpoint that only a witness has seen covers entries that others held while they were
/// staged: they are taken into the log if they lead to it.
Result<void> Node::rebuild(Replica& own, const std::string& note, std::uint64_t size) {
  const std::uint64_t begin = own.head().size;
  auto package = begin < size ? recalled_.package(begin, size) : std::nullopt;
  if (!package) {
    return {};
  }
  const std::lock_guard writing(own.writing());
  const auto sight = own.look_at(note, now());
  if (!sight) {
    return sight.error();
  }
  if (!sight->seen) {
    return {};
  }
  auto taken = own.take(*std::move(package), *sight->seen);
  if (!taken) {
    return taken.error();
  }
  if (!taken->ok()) {
    journal_.warn("what members held of this log does not lead to what a witness has cosigned",
                  {{"state", name(taken->fault)}, {"detail", taken->detail}});
    return {};
  }
  journal_.info("signed entries that no member had replicated were rebuilt from what they held",
                {{"from", std::to_string(begin)}, {"to", std::to_string(size)}});
  return own.settle();
}

/// Asks a member for what it holds of this log beyond `size`. False if it has to be asked again.
bool Node::recall(const Ask& ask, std::uint64_t size, const Member& member) {
  std::size_t bytes = 0;
  for (std::uint64_t begin = size; !stopping_;) {
    const auto answer = ask(RecallRequest{self_->origin, begin});
    const auto* recalled = answer ? std::get_if<RecalledAnswer>(&*answer) : nullptr;
    if (recalled == nullptr) {
      const auto* refused = answer ? std::get_if<RefusalAnswer>(&*answer) : nullptr;
      return refused != nullptr && refused->code == Errc::kUnsupported;  // it holds nothing
    }
    if (auto taken = recalled_.take(*recalled); !taken) {
      journal_.warn("what a member holds of this log is not used",
                    {{"peer", member.id}, {"detail", taken.error().message}});
      return true;
    }
    if (recalled->boots.empty() || recalled->begin < begin) {
      return true;
    }
    bytes += recalled->entries.size();
    if (bytes > kRecalledBytesMax) {
      journal_.warn("a member says it holds more of this log than its writer can have sent",
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
  const auto seen = open_own(*self_, note);
  if (!seen) {
    return;
  }
  // Read from the store after the note was seen: what left this node had been stored before.
  const LogNumber log = *store_->known_number(self_->origin);
  const auto head = store_->head(log);
  if (!head) {
    return;
  }
  if (seen->checkpoint.size <= head->size) {
    TileNodes nodes(head->size, tile_source(*store_, log));
    const Digest root = subtree_root(0, seen->checkpoint.size, nodes.reader());
    if (nodes.failure() || root == seen->checkpoint.root) {
      return;
    }
  }
  const std::shared_lock lock(parts_);
  if (!sequencer_) {
    return;
  }
  const Error why{Errc::kCorrupt,
                  "another member holds a checkpoint of this log, of size " +
                      std::to_string(seen->checkpoint.size) + ", that is not in the data here",
                  "restart the node: it fetches its log back before it appends; if two nodes run "
                  "with this log's key, stop one"};
  journal_.error("the log is frozen", why);
  sequencer_->freeze(why);
}

Result<void> Node::admit(const CheckedEvent& checked, const Catalogue& catalogue) const {
  const Signer& signer = checked.signer;
  if (!checked.event) {
    return Error{Errc::kUnsupported, "the event follows a schema this node does not know",
                 "upgrade hefud"};
  }
  const Event& event = *checked.event;
  if (event.issuer != self_->id) {
    return Error{Errc::kUnauthorised,
                 "the issuer is " + event.issuer + ", this log is that of " + self_->id,
                 "send the event to the issuer's own node"};
  }
  const bool certification = event.type == "key-certification";
  const bool may_sign = signer.role == KeyRole::kRoot
                            ? certification
                            : !certification && signer.role != KeyRole::kLog &&
                                  signer.role != KeyRole::kWitness && signer.role != KeyRole::kNode;
  if (!may_sign) {
    return Error{Errc::kUnauthorised,
                 std::string("a ") + name(signer.role) + " key may not sign " + event.type,
                 certification ? "key certifications are signed with the root key"
                               : "sign with a registrar, reviewer, seal or auditor key"};
  }
  if (!certification && !role_may_sign(signer.role, event.type)) {
    return Error{Errc::kUnauthorised,
                 std::string("what a ") + name(signer.role) + " signs as " + event.type +
                     " counts for nothing",
                 "sign with a registrar or seal key"};
  }
  if (event.type == kAnchorType) {
    return Error{Errc::kUnauthorised, "anchors are written by the node alone", ""};
  }
  const Date today = now().date();
  if ((signer.valid_from && today < *signer.valid_from) ||
      (signer.valid_to && *signer.valid_to < today)) {
    return Error{Errc::kUnauthorised, "the signing key is not valid today",
                 "use a key that is, or certify this one anew"};
  }
  if (auto apart = admit_review(checked, *store_, *store_->known_number(self_->origin)); !apart) {
    return apart;
  }
  const auto state = views_->latest();
  if (auto fits =
          admit_to_charter(event, signer, charter_, state ? &state->governance : nullptr, today);
      !fits) {
    return fits;
  }
  return validate(event, catalogue);
}

void Node::submit(std::vector<Bytes> envelopes, std::optional<AckLevel> level,
                  std::function<void(Result<SubmitReceipt>)> done) {
  std::vector<BytesView> views(envelopes.begin(), envelopes.end());
  auto checked = checker_->check(views, *self_);
  if (!checked) {
    done(checked.error());
    return;
  }
  const auto catalogue = views_->catalogue();
  std::vector<Submission> submission;
  submission.reserve(envelopes.size());
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    if (auto admitted = admit((*checked)[i], *catalogue); !admitted) {
      done(admitted.error().during("event " + std::to_string(i)));
      return;
    }
    submission.push_back({std::move(envelopes[i]), std::move((*checked)[i])});
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
  sequencer_->submit(std::move(submission), level.value_or(AckLevel::kReplicated),
                     [done = std::move(done), origin = self_->origin, keys = keys_.get(),
                      certified = std::move(certified)](Result<Appended> appended) mutable {
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
                     });
}

std::vector<PeerCondition> Node::peers() const {
  const std::shared_lock lock(parts_);
  return replicator_ ? replicator_->peers() : std::vector<PeerCondition>();
}

std::vector<LogCondition> Node::logs() const {
  return logs_->conditions();
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
    if (peer.condition.fault != Fault::kNone || peer.own_size != size ||
        peer.own_cosigned_size != size) {
      return false;
    }
  }
  for (const LogCondition& log : logs_->conditions()) {
    if (log.condition.fault != Fault::kNone || log.checkpoint_size != log.size ||
        log.cosigned_size != log.size) {
      return false;
    }
    const auto witnessed = store_->witnessed(log.origin);
    const auto note =
        witnessed && *witnessed ? parse_checkpoint(**witnessed) : Result<SignedCheckpoint>(Error{});
    if (note && note->checkpoint.size > log.size) {
      return false;
    }
  }
  return true;
}

std::string Node::status() const {
  json::object own{{"origin", self_->origin}, {"cosigned_size", cosigning_->cosigned_size()}};
  {
    const std::shared_lock lock(parts_);
    own["writing"] = sequencer_ != nullptr;
    if (sequencer_) {
      own["size"] = sequencer_->checkpoint().size;
      own["waiting"] = sequencer_->waiting();
      own["staged"] = sequencer_->staged();
      own["copies"] = sequencer_->copies();
      json::object latency;
      for (const AckLevel level :
           {AckLevel::kStored, AckLevel::kReplicated, AckLevel::kWitnessed}) {
        latency[name(level)] = to_json(sequencer_->latency(level));
      }
      own["latency"] = std::move(latency);
    }
    if (not_writing_) {
      own["reason"] = not_writing_->message;
      own["hint"] = not_writing_->hint;
    }
  }
  json::array peer_list;
  for (const PeerCondition& peer : peers()) {
    json::object object{{"member", peer.member}, {"address", peer.address}};
    object["condition"] = to_json(peer.condition);
    object["heard"] = peer.heard ? json::value(peer.heard->text()) : json::value(nullptr);
    object["own_size"] = peer.own_size;
    peer_list.push_back(std::move(object));
  }
  json::array log_list;
  for (const LogCondition& log : logs()) {
    log_list.push_back(json::object{{"member", log.member},
                                    {"origin", log.origin},
                                    {"size", log.size},
                                    {"checkpoint_size", log.checkpoint_size},
                                    {"cosigned_size", log.cosigned_size},
                                    {"condition", to_json(log.condition)}});
  }
  return json::serialize(json::object{{"program", kProgramName},
                                      {"federation", charter_.federation.hex()},
                                      {"name", charter_.name},
                                      {"member", self_->id},
                                      {"name_zh", self_->name_zh},
                                      {"name_en", self_->name_en},
                                      {"quorum", charter_.quorum},
                                      {"participation", name(self_->participation())},
                                      {"revision", charter_.revision},
                                      {"settled", settled()},
                                      {"log", std::move(own)},
                                      {"logs", std::move(log_list)},
                                      {"peers", std::move(peer_list)}});
}

}  // namespace hefu
