#include "tests/simulation/member_node.h"

#include <algorithm>
#include <utility>

#include "node/indexing.h"

namespace hefu::simulation {
/// What a process holds and loses when it ends.
struct MemberNode::Parts {
  std::unique_ptr<Store> store;
  std::unique_ptr<KeyBook> keys;
  std::unique_ptr<EnvelopeChecker> checker;
  std::vector<std::unique_ptr<Replica>> replicas;  // of the others' logs
  std::unique_ptr<FollowedLogs> logs;
  std::unique_ptr<WitnessService> witness;
  std::unique_ptr<Cosigning> cosigning;
  std::unique_ptr<PeerService> service;
  std::unique_ptr<LogRecovery> recovery;
  std::unique_ptr<Sequencer> sequencer;
  std::map<std::size_t, StagingVisit> staging;
  std::map<std::size_t, std::uint64_t> held;  // by peer, as it said last
  std::uint64_t signed_size = 0;              // as the sequencer told last
  std::uint64_t staged_end = 0;
  std::unique_ptr<Anchorer> anchorer;
  std::map<std::size_t, std::unique_ptr<PeerVisit>> visits;  // by peer
};

MemberNode::MemberNode(const TestFederation& federation, std::size_t index, std::uint64_t seed,
                       Outside outside)
    : federation_(federation),
      index_(index),
      outside_(std::move(outside)),
      entropy_(seed),
      files_(std::make_shared<FaultyFiles>(seed + 1)),
      env_(files_) {}

MemberNode::~MemberNode() {
  crash();
}

Moment MemberNode::now() const {
  return Moment{outside_.now_ms() + skew_ms};
}

void MemberNode::halt(const Error& error) const {
  throw Halted{index_, error.message, error.code};
}

Store& MemberNode::store() {
  return *parts_->store;
}

bool MemberNode::writing() const {
  return parts_ && parts_->sequencer && !frozen_;
}

std::uint64_t MemberNode::staged() const {
  return writing() ? parts_->sequencer->staged() : 0;
}

bool MemberNode::readable() {
  for (const Member& member : federation_.charter().members) {
    const LogNumber log = *parts_->store->known_number(member.origin);
    const auto head = parts_->store->head(log);
    const auto end = parts_->store->staged_end(log);
    if (!head || !end ||
        !parts_->store->scan(log, 0, *end, [](std::uint64_t, BytesView) { return true; }) ||
        !parts_->store->witnessed(member.origin) || !parts_->store->cosigned(log) ||
        !parts_->store->scan_held(log, 0, [](std::uint64_t, const StagedEntry&) { return true; })) {
      return false;
    }
    for (std::uint64_t tile = 0; tile * kFullTileWidth < head->size; ++tile) {
      if (!parts_->store->tile(log, 0, tile)) {
        return false;
      }
    }
  }
  return true;
}

std::size_t MemberNode::copies() const {
  const std::size_t others = federation_.charter().members.size() - 1;
  return std::min(outside_.copies.value_or(copies_for(others)), others);
}

void MemberNode::freeze(const Error& why) {
  if (parts_->sequencer) {
    parts_->sequencer->freeze(why);
    frozen_ = why;
  }
}

Result<void> MemberNode::start() {
  files_->restart();
  auto parts = std::make_unique<Parts>();
  Store::Options options;
  options.block_cache_bytes = std::size_t{1} << 20;
  options.env = &env_;
  auto store = Store::open("/node", options);
  if (!store) {
    return store.error();
  }
  parts->store = *std::move(store);
  Store& opened = *parts->store;
  const Charter& charter = federation_.charter();
  parts->keys = std::make_unique<KeyBook>(charter);
  auto certified = opened.certified_keys();
  if (!certified) {
    return certified.error();
  }
  parts->keys->add(*certified);
  parts->checker = std::make_unique<EnvelopeChecker>(*parts->keys, 1);
  for (const Member& member : charter.members) {
    auto log = opened.number(member.origin);
    if (!log) {
      return log.error();
    }
    if (auto indexed = catch_up_indexes(opened, *log); !indexed) {
      return indexed;
    }
    if (member.id != self().id) {
      auto replica = Replica::open(opened, member, *parts->keys, *parts->checker);
      if (!replica) {
        return replica.error();
      }
      parts->replicas.push_back(*std::move(replica));
    }
  }
  const Member& me = *charter.member(self().id);
  std::vector<Replica*> replicas;
  for (const auto& replica : parts->replicas) {
    replicas.push_back(replica.get());
  }
  FollowedLogs::Hooks follow;
  follow.now = [this] { return now(); };
  follow.steady = [this] {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(outside_.now_ms()));
  };
  follow.changed = [](const std::string&, const Condition&) {};
  follow.halt = [this](const Error& error) { halt(error); };
  follow.grown = [](const std::string&) {};
  parts->logs = std::make_unique<FollowedLogs>(opened, charter, replicas, std::move(follow),
                                               FollowedLogs::Options());
  parts->witness = std::make_unique<WitnessService>(
      opened, charter, me, federation_.key(index_, KeyRole::kWitness),
      [this] { return static_cast<std::uint64_t>(now().ms / 1000); },
      [this](const std::string&, const ForkProof& proof) {
        parts_->logs->take_fork_report(proof.text());
      });
  Cosigning::Events events;
  events.quorum = [this](const Checkpoint& checkpoint, const std::string& note) {
    if (parts_->anchorer) {
      parts_->anchorer->cosigned(checkpoint.size, note);
    }
    if (parts_->sequencer) {
      parts_->sequencer->cosigned(checkpoint.size);
    }
  };
  events.clock = [this] {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(outside_.now_ms()));
  };
  parts->cosigning = std::make_unique<Cosigning>(
      opened, charter, me, *opened.known_number(me.origin), std::move(events));
  PeerService::Hooks hooks;
  hooks.fork_reported = [this](const Member&, const std::string& proof) {
    return parts_->logs->take_fork_report(proof);
  };
  hooks.halt = [this](const Error& error) { halt(error); };
  parts->service =
      std::make_unique<PeerService>(opened, charter, *parts->witness, std::move(hooks));
  for (std::size_t peer = 0; peer < charter.members.size(); ++peer) {
    if (peer != index_) {
      parts->visits.emplace(
          peer, std::make_unique<PeerVisit>(
                    charter, me, federation_.member(peer), *parts->cosigning, *parts->logs,
                    PeerVisit::Hooks{[this](const std::string& note) { own_checkpoint_seen(note); },
                                     [this](const Error& error) { halt(error); }}));
    }
  }
  parts_ = std::move(parts);
  return {};
}

void MemberNode::crash() {
  if (parts_) {
    // A write that a replica left to its own thread either ends before the power goes or has
    // failed: which of the two must not depend on the machine.
    for (const auto& replica : parts_->replicas) {
      (void)replica->settle().ok();
    }
  }
  files_->crash();
  parts_.reset();
  frozen_.reset();
}

Bytes MemberNode::serve(const PublicKey& peer, BytesView request) {
  return parts_->service->serve(peer, request);
}

void MemberNode::background() {
  env_.run_background();
}

Result<PeerAnswer> MemberNode::ask(std::size_t peer, const PeerRequest& request) {
  auto bytes = outside_.call(peer, encode(request));
  return bytes ? decode_answer(*bytes) : Result<PeerAnswer>(bytes.error());
}

PeerVerdict MemberNode::visit(std::size_t peer) {
  const PeerVerdict verdict = parts_->visits.at(peer)->visit(
      [&](const PeerRequest& request) { return ask(peer, request); }, [] { return false; });
  if (parts_->sequencer) {
    parts_->sequencer->work();  // what the visit brought, and whose patience has ended
  }
  return verdict;
}

void MemberNode::own_checkpoint_seen(const std::string& note) {
  if (const auto why = seen_elsewhere(*parts_->store, self(), note)) {
    freeze(*why);
  }
}

Result<void> MemberNode::open_recovery() {
  LogRecovery::Options options;
  options.others = federation_.charter().members.size() - 1;
  options.copies = copies();
  options.new_log = new_log;
  options.doubt = careful;
  LogRecovery::Hooks hooks;
  hooks.now = [this] { return now(); };
  hooks.stopping = [] { return false; };
  hooks.info = [](std::string_view, LogRecovery::Values) {};
  hooks.warn = [](std::string_view, LogRecovery::Values) {};
  auto opened = LogRecovery::open(*parts_->store, federation_.charter(),
                                  *federation_.charter().member(self().id), *parts_->keys,
                                  *parts_->checker, options, std::move(hooks));
  if (!opened) {
    return opened.error();
  }
  parts_->recovery = *std::move(opened);
  return {};
}

Result<void> MemberNode::recover() {
  if (!parts_->recovery) {
    if (auto opened = open_recovery(); !opened) {
      halt(opened.error());
    }
  }
  for (std::size_t peer = 0; peer < federation_.charter().members.size(); ++peer) {
    if (peer == index_ || !parts_->recovery->wants(federation_.member(peer))) {
      continue;
    }
    auto asked = parts_->recovery->ask(
        federation_.member(peer), [&](const PeerRequest& request) { return ask(peer, request); });
    if (!asked) {
      halt(asked.error());
    }
  }
  auto ready = parts_->recovery->end_round();
  if (!ready) {
    halt(ready.error());
  }
  if (!*ready) {
    waits_ = parts_->recovery->waits()->message;
    return {};
  }
  return begin_writing();
}

Result<void> MemberNode::begin_writing() {
  const Member& me = *federation_.charter().member(self().id);
  const LogNumber log = *parts_->store->known_number(me.origin);
  const auto log_key = VerifierKey::parse(self().log_vkey());
  auto start = parts_->recovery->begin(federation_.key(index_, KeyRole::kLog), entropy_);
  if (!start) {
    halt(start.error());
  }
  Sequencer::Options options;
  options.copies = copies();
  options.own_thread = false;
  options.patience = outside_.patience;
  options.clock = [this] {
    return std::chrono::steady_clock::time_point(std::chrono::milliseconds(outside_.now_ms()));
  };
  Sequencer::Hooks hooks;
  hooks.halt = [this](const Error& error) { halt(error); };
  hooks.committed = [this](const Checkpoint& checkpoint, const std::string& note) {
    committed(checkpoint, note);
  };
  hooks.staged = [this](std::uint64_t signed_size, std::uint64_t staged_end) {
    parts_->signed_size = std::max(parts_->signed_size, signed_size);
    parts_->staged_end = std::max(parts_->staged_end, staged_end);
  };
  const std::size_t waiting = start->staged.size();
  auto sequencer =
      Sequencer::start(*parts_->store, self().origin, federation_.key(index_, KeyRole::kLog),
                       options, std::move(hooks), std::move(start->staged));
  if (!sequencer) {
    return sequencer.error();
  }
  new_log = false;
  careful = false;
  parts_->sequencer = *std::move(sequencer);
  parts_->anchorer = std::make_unique<Anchorer>(
      *parts_->store, *federation_.charter().member(self().id),
      federation_.key(index_, KeyRole::kLog), *parts_->sequencer, *parts_->checker, entropy_,
      [this] { return now(); }, [](const Error&) {},
      Anchorer::Options{std::chrono::milliseconds(0), false});
  const Checkpoint head = parts_->sequencer->checkpoint();
  parts_->signed_size = head.size;
  parts_->staged_end = head.size + waiting;
  for (std::size_t peer = 0; peer < federation_.charter().members.size(); ++peer) {
    if (peer != index_) {
      parts_->staging.emplace(peer, StagingVisit(*parts_->store, *log_key, log, start->note));
    }
  }
  if (start->event) {
    std::vector<Submission> submission;
    submission.push_back(*std::move(start->event));
    parts_->sequencer->submit(std::move(submission), AckLevel::kStored, [this](const auto& told) {
      if (auto recorded = told ? LogRecovery::recorded(*parts_->store) : Result<void>();
          !recorded) {
        halt(recorded.error());
      }
    });
    parts_->sequencer->work();
  }
  if (head.size > 0) {
    committed(head, parts_->sequencer->checkpoint_note());
    if (const auto stored = parts_->store->cosigned(parts_->sequencer->log())) {
      if (const auto note = parse_checkpoint(*stored)) {
        parts_->anchorer->cosigned(note->checkpoint.size, *stored);
      }
    }
  }
  return {};
}

void MemberNode::committed(const Checkpoint& checkpoint, const std::string& note) {
  if (auto published = parts_->cosigning->published(checkpoint, note); !published) {
    halt(published.error());
  }
}

void MemberNode::append(std::vector<Bytes> envelopes, AckLevel level, Sequencer::Answer done) {
  const std::vector<BytesView> views(envelopes.begin(), envelopes.end());
  auto checked = parts_->checker->check(views, *federation_.charter().member(self().id));
  if (!checked) {
    done(checked.error());
    return;
  }
  std::vector<Submission> submission;
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    submission.push_back({std::move(envelopes[i]), std::move((*checked)[i])});
  }
  parts_->sequencer->submit(std::move(submission), level, std::move(done));
  parts_->sequencer->work();
}

void MemberNode::stage(std::size_t peer) {
  if (!writing() || copies() == 0 || parts_->staged_end <= parts_->signed_size ||
      parts_->staged_end <= parts_->held[peer]) {
    return;
  }
  const auto outcome =
      parts_->staging.at(peer).visit([&](const PeerRequest& request) { return ask(peer, request); },
                                     parts_->signed_size, parts_->staged_end);
  if (!outcome) {
    halt(outcome.error());
  }
  switch (outcome->kind) {
    case StagingVisit::Outcome::Kind::kHeld:
      parts_->held[peer] = outcome->end;
      parts_->sequencer->held(federation_.member(peer).id, outcome->end);
      parts_->sequencer->work();
      break;
    case StagingVisit::Outcome::Kind::kConflict:
      freeze(Error{Errc::kConflict, "another writer is at work: " + outcome->detail, "restart"});
      break;
    case StagingVisit::Outcome::Kind::kFailed:
      break;
  }
}

void MemberNode::anchor() {
  if (parts_->anchorer) {
    parts_->anchorer->work();
    parts_->sequencer->work();
  }
}

}  // namespace hefu::simulation
