#include "node/replica.h"

#include <algorithm>
#include <utility>

#include "ledger/cut/cut.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

/// The note with the log's own signature alone: what anybody else added is not ours to keep.
std::string own_note(const SignedCheckpoint& checkpoint, const std::vector<VerifierKey>& log_keys) {
  std::vector<NoteSignature> lines;
  for (const NoteSignature& line : checkpoint.note.signatures) {
    const bool own = std::any_of(log_keys.begin(), log_keys.end(), [&](const VerifierKey& key) {
      return line.name == key.name && line.key_id == key.id;
    });
    if (own && lines.empty()) {
      lines.push_back(line);
    }
  }
  return format_note(checkpoint.note.text, lines);
}

Fault fault_of(const Error& error) {
  return error.code == Errc::kUnauthorised ? Fault::kUnknownKey : Fault::kBadEntry;
}

}  // namespace

const char* name(Fault fault) {
  switch (fault) {
    case Fault::kNone:
      return "ok";
    case Fault::kUnreachable:
      return "unreachable";
    case Fault::kWrongKey:
      return "wrong-key";
    case Fault::kProtocol:
      return "protocol";
    case Fault::kBadCheckpoint:
      return "bad-checkpoint";
    case Fault::kBadProof:
      return "bad-proof";
    case Fault::kBadEntry:
      return "bad-entry";
    case Fault::kUnknownKey:
      return "unknown-key";
    case Fault::kSlow:
      return "slow";
    case Fault::kBadIndex:
      return "bad-index";
    case Fault::kNoSpace:
      return "no-space";
    case Fault::kOverQuota:
      return "over-quota";
    case Fault::kFork:
      return "fork";
  }
  return "ok";
}

Replica::Replica(Store& store, const Member& owner, KeyBook& keys, EnvelopeChecker& checker,
                 std::vector<VerifierKey> log_keys, LogNumber log)
    : store_(store),
      owner_(owner),
      keys_(keys),
      checker_(checker),
      log_keys_(std::move(log_keys)),
      log_(log) {}

Result<std::unique_ptr<Replica>> Replica::open(Store& store, const Member& owner, KeyBook& keys,
                                               EnvelopeChecker& checker) {
  auto log = store.number(owner.origin);
  if (!log) {
    return log.error();
  }
  std::unique_ptr<Replica> replica(
      new Replica(store, owner, keys, checker, log_keys_of(owner), *log));
  auto head = store.head(*log);
  if (!head) {
    return head.error();
  }
  auto edge = TileEdge::load(
      head->size, [&](int level, std::uint64_t index) { return store.tile(*log, level, index); });
  if (!edge) {
    return edge.error().during("log " + owner.origin);
  }
  if (edge->root() != head->root) {
    return Error{Errc::kCorrupt,
                 "log " + owner.origin + ": the stored tiles do not have the root stored with them",
                 "move the data folder away and start with an empty one"};
  }
  auto quarantine = store.quarantine(owner.origin);
  if (!quarantine) {
    return quarantine.error();
  }
  replica->edge_ = std::move(*edge);
  replica->staged_ = *head;
  replica->head_ = std::move(*head);
  if (!owner.end) {  // of one that has ended, the members have decided what is good
    replica->quarantine_ = std::move(*quarantine);
  }
  return replica;
}

/// A verified package on its way to the disk.
struct Replica::Write {
  Package package;
  std::vector<BytesView> entries;  // into the package
  LogCommit commit;
  std::vector<IndexedEvent> indexed;
};

Replica::~Replica() {
  if (committing_.valid()) {
    committing_.wait();
  }
}

Result<void> Replica::settle() {
  return committing_.valid() ? committing_.get() : Result<void>();
}

LogHead Replica::head() const {
  const std::lock_guard lock(mutex_);
  return head_;
}

std::optional<Quarantine> Replica::quarantine() const {
  const std::lock_guard lock(mutex_);
  return quarantine_;
}

Result<void> Replica::quarantine_for(const ForkProof& proof, const std::string& detail,
                                     Moment now) {
  const Quarantine quarantine{name(Fault::kFork), detail, now, proof.text()};
  if (auto stored = store_.put_quarantine(owner_.origin, quarantine); !stored) {
    return stored;
  }
  const std::lock_guard lock(mutex_);
  if (!owner_.end) {
    quarantine_ = quarantine;
  }
  return {};
}

Result<bool> Replica::take_fork_proof(const ForkProof& proof, Moment now) {
  const auto fork = verify_fork_proof(proof, log_keys_);
  if (!fork) {
    return false;
  }
  const auto known = store_.quarantine(owner_.origin);
  if (!known) {
    return known.error();
  }
  if (!*known) {
    const std::string detail =
        "the log signed two checkpoints, of sizes " + std::to_string(fork->first.size) + " and " +
        std::to_string(fork->second.size) + ", that no single history explains";
    if (auto done = quarantine_for(proof, detail, now); !done) {
      return done.error();
    }
  }
  return true;
}

Result<Replica::Sight> Replica::look_at(std::string_view note, Moment now) {
  auto seen = open_own(owner_, note);
  if (!seen) {
    return seen.error();
  }
  if (auto settled = settle(); !settled) {
    return settled.error();
  }
  Sight sight;
  const LogHead head = this->head();
  const Checkpoint& checkpoint = seen->checkpoint;
  if (quarantine() || checkpoint.size == 0 || note == head.checkpoint) {
    return sight;
  }
  const std::string shown = own_note(*seen, log_keys_);
  std::optional<SignedCheckpoint> target;
  if (!head.target.empty()) {
    auto opened = open_own(owner_, head.target);
    if (!opened && !owner_.end) {  // of one that has ended, it may have reached beyond the end
      return Error{Errc::kCorrupt, "the stored checkpoint of log " + owner_.origin + " is damaged",
                   ""};
    }
    if (opened) {
      target = std::move(*opened);
    }
  }
  // One size, two roots: a fork whatever the entries are.
  if (target && checkpoint.size == target->checkpoint.size &&
      checkpoint.root != target->checkpoint.root) {
    const ForkProof proof{checkpoint.root, {}, head.target, shown};
    auto taken = take_fork_proof(proof, now);
    if (!taken) {
      return taken.error();
    }
    sight.meaning = Sight::Meaning::kFork;
    return sight;
  }
  if (checkpoint.size <= head.size) {
    TileNodes nodes(head.size, tile_source(store_, log_));
    const NodeReader reader = nodes.reader();
    const Digest root = subtree_root(0, checkpoint.size, reader);
    if (nodes.failure()) {
      return *nodes.failure();
    }
    if (root == checkpoint.root) {
      return sight;
    }
    if (head.checkpoint.empty() || head.target != head.checkpoint) {
      return Error{Errc::kUnverified,
                   "the checkpoint of size " + std::to_string(checkpoint.size) +
                       " does not fit the entries fetched so far",
                   ""};
    }
    auto proof = make_fork_proof(shown, head.checkpoint, log_keys_, reader);
    if (!proof) {
      return proof.error();
    }
    auto taken = take_fork_proof(*proof, now);
    if (!taken) {
      return taken.error();
    }
    sight.meaning = Sight::Meaning::kFork;
    return sight;
  }
  sight.meaning = Sight::Meaning::kAhead;
  const bool unfinished = target && target->checkpoint.size > head.size;
  sight.target = unfinished && target->checkpoint.size < checkpoint.size ? *target : *seen;
  sight.seen = *std::move(seen);
  return sight;
}

bool Replica::takes_ranges_of(const Checkpoint& target) const {
  return staged_.size == 0 || (proved_against_ && *proved_against_ == target);
}

Result<PeerVerdict> Replica::take(Package package, const SignedCheckpoint& target, Proof proof) {
  const LogHead& head = staged_;
  const std::uint64_t end = package.begin + package.count;
  if (package.begin != head.size || end > target.checkpoint.size) {
    return PeerVerdict{Fault::kProtocol, "a package that does not continue what is here"};
  }
  auto entries = split_entries(package.entries, package.count);
  if (!entries) {
    return PeerVerdict{Fault::kBadEntry, entries.error().message};
  }
  // 1. Every envelope: form, signature, signer.
  auto checked = checker_.check(*entries, owner_, package.begin);
  if (!checked) {
    return PeerVerdict{fault_of(checked.error()), checked.error().message};
  }
  // 2. The tree they make, on a copy of the edge: it is, or is proved to begin, the signed one.
  TileEdge edge = edge_;
  for (const CheckedEvent& event : *checked) {
    edge.append(event.leaf);
  }
  const Digest root = edge.root();
  const bool complete = end == target.checkpoint.size;
  bool fits = false;
  if (complete) {
    fits = root == target.checkpoint.root;
  } else if (proof == Proof::kPrefix) {
    fits = verify_consistency(end, target.checkpoint.size, root, target.checkpoint.root,
                              package.proof);
  } else if (takes_ranges_of(target.checkpoint)) {
    CompactRange range;
    for (const CheckedEvent& event : *checked) {
      range.append(event.leaf);
    }
    fits = verify_subtree(package.begin, end, target.checkpoint.size, package.proof, range.root(),
                          target.checkpoint.root);
  }
  if (!fits) {
    return PeerVerdict{Fault::kBadProof, "entries " + std::to_string(package.begin) + " to " +
                                             std::to_string(end) +
                                             " do not lead to the checkpoint of size " +
                                             std::to_string(target.checkpoint.size)};
  }
  // 3. Stored together, while the next package is on its way.
  auto write = std::make_shared<Write>();
  write->package = std::move(package);
  write->entries = *std::move(entries);  // the bytes they view moved along
  LogCommit& commit = write->commit;
  commit.log = log_;
  commit.first_index = head.size;
  commit.entries = write->entries;
  commit.tiles = edge.take_changed();
  commit.head = head;
  commit.head.size = end;
  commit.head.root = root;
  const std::string note = own_note(target, log_keys_);
  const auto pinned = parse_checkpoint(head.target);
  if (!pinned || owner_.end || pinned->checkpoint.size <= target.checkpoint.size) {
    commit.head.target = note;
  }
  if (complete) {
    commit.head.checkpoint = note;
  }
  write->indexed.reserve(checked->size());
  for (std::size_t i = 0; i < checked->size(); ++i) {
    const CheckedEvent& event = (*checked)[i];
    write->indexed.push_back(event.indexed(commit.first_index + i));
    if (event.certifies) {
      commit.keys.push_back(*event.certifies);
      commit.keys.back().log = log_;
      commit.keys.back().before = owner_.entries_before();
      commit.keys.back().index = commit.first_index + i;
    }
  }
  if (auto settled = settle(); !settled) {
    return settled.error();
  }
  keys_.add(commit.keys);
  edge_ = std::move(edge);
  staged_ = commit.head;
  proved_against_ = target.checkpoint;
  committing_ = std::async(std::launch::async, [this, write] { return this->write(*write); });
  return PeerVerdict{};
}

Result<void> Replica::write(const Write& write) {
  if (auto committed = store_.commit(write.commit); !committed) {
    return committed;
  }
  if (auto indexed = store_.index_entries(log_, write.indexed, write.commit.head.size); !indexed) {
    return indexed;
  }
  const std::lock_guard lock(mutex_);
  head_ = write.commit.head;
  return {};
}

std::optional<ProveRequest> Replica::fork_question(const SignedCheckpoint& seen) const {
  const auto base = open_own(owner_, head().target);
  if (!base || base->checkpoint.size >= seen.checkpoint.size) {
    return std::nullopt;
  }
  return ProveRequest{owner_.origin, base->checkpoint.size, seen.checkpoint.size};
}

Result<bool> Replica::judge(const ProofAnswer& proof, const SignedCheckpoint& seen, Moment now) {
  return take_fork_proof(
      ForkProof{proof.old_root, proof.hashes, head().target, own_note(seen, log_keys_)}, now);
}

}  // namespace hefu
