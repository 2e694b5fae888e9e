#include "node/sequencer.h"

#include <algorithm>
#include <future>
#include <unordered_map>
#include <utility>

#include "ledger/log/tile_nodes.h"

namespace hefu {
namespace {

/// Entries hashed again at start: enough to notice a tail that does not belong to its tiles, few
/// enough to start at once.
constexpr std::uint64_t kRehashedAtStart = 4096;

Error damaged(const std::string& origin, const std::string& what) {
  return Error{Errc::kCorrupt, "log " + origin + ": " + what,
               "do not go on with this data: move the folder away and start with an empty one; the "
               "node fetches its own log back from the other members before it appends"};
}

/// What the stored log must satisfy before it may grow. Source: design study, log practice, "Before
/// every signature".
Result<void> check_stored(const Store& store, const std::string& origin, LogNumber log,
                          const LogHead& head, const SecretKey& log_key, CompactRange& tree,
                          const TileEdge& edge) {
  TileNodes nodes(head.size, tile_source(store, log));
  tree = CompactRange::from_nodes(head.size, nodes.reader());
  if (nodes.failure()) {
    return nodes.failure()->during("log " + origin);
  }
  if (tree.root() != head.root || edge.root() != head.root) {
    return damaged(origin, "the stored tiles do not have the root stored with them");
  }
  if (head.size > 0) {
    const auto note = open_checkpoint(
        head.checkpoint, VerifierKey::make(origin, kNoteEd25519, log_key.public_key()));
    if (!note) {
      return note.error().during("the stored checkpoint of log " + origin);
    }
    if (note->checkpoint.size != head.size || note->checkpoint.root != head.root) {
      return damaged(origin, "the signed checkpoint of size " +
                                 std::to_string(note->checkpoint.size) +
                                 " is not of the stored tree of size " + std::to_string(head.size));
    }
  }
  std::optional<std::uint64_t> wrong;
  const std::uint64_t begin = head.size - std::min(head.size, kRehashedAtStart);
  auto scanned = store.scan(log, begin, head.size, [&](std::uint64_t index, BytesView bytes) {
    if (nodes.reader()(0, index) != leaf_hash(bytes)) {
      wrong = index;
    }
    return !wrong;
  });
  if (!scanned) {
    return scanned.error();
  }
  if (nodes.failure()) {
    return *nodes.failure();
  }
  if (wrong) {
    return damaged(origin, "entry " + std::to_string(*wrong) + " does not have its stored hash");
  }
  return {};
}

}  // namespace

/// What one commit is made of.
struct Sequencer::Group {
  std::vector<BytesView> entries;
  std::vector<EventId> ids;
  std::vector<IndexedEvent> indexed;
  std::vector<CertifiedKey> keys;
  std::unordered_map<EventId, std::uint64_t> placed;
};

Sequencer::Sequencer(Store& store, std::string origin, LogNumber log, SecretKey log_key,
                     const Options& options, Halt halt, Committed committed)
    : store_(store),
      origin_(std::move(origin)),
      log_(log),
      log_key_(std::move(log_key)),
      options_(options),
      halt_(std::move(halt)),
      committed_(std::move(committed)) {}

Result<std::unique_ptr<Sequencer>> Sequencer::start(Store& store, const std::string& origin,
                                                    SecretKey log_key, const Options& options,
                                                    Halt halt, Committed committed) {
  auto log = store.number(origin);
  if (!log) {
    return log.error();
  }
  auto head = store.head(*log);
  if (!head) {
    return head.error();
  }
  auto edge = TileEdge::load(
      head->size, [&](int level, std::uint64_t index) { return store.tile(*log, level, index); });
  if (!edge) {
    return damaged(origin, edge.error().message);
  }
  CompactRange tree;
  if (auto checked = check_stored(store, origin, *log, *head, log_key, tree, *edge); !checked) {
    return checked.error();
  }
  std::unique_ptr<Sequencer> sequencer(new Sequencer(
      store, origin, *log, std::move(log_key), options, std::move(halt), std::move(committed)));
  sequencer->tree_ = std::move(tree);
  sequencer->edge_ = std::move(*edge);
  sequencer->checkpoint_ = Checkpoint{origin, head->size, head->root};
  sequencer->checkpoint_note_ = head->checkpoint;
  sequencer->thread_ = std::thread([running = sequencer.get()] { running->run(); });
  return sequencer;
}

Sequencer::~Sequencer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Sequencer::submit(std::vector<Submission> events, Answer answer) {
  Waiting waiting{std::move(events), std::move(answer), 0};
  for (const Submission& event : waiting.events) {
    waiting.bytes += event.envelope.size();
  }
  std::optional<Error> refused;
  bool idle = false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting.events.empty()) {
      refused = Error{Errc::kInvalid, "a submission without events", ""};
    } else if (frozen_) {
      refused = frozen_;
    } else if (stopping_) {
      refused = Error{Errc::kUnavailable, "the node is stopping", "try again when it is back"};
    } else if (!queue_.empty() &&
               (queued_events_ + waiting.events.size() > options_.queue_events_max ||
                queued_bytes_ + waiting.bytes > options_.queue_bytes_max)) {
      refused = Error{Errc::kUnavailable,
                      std::to_string(queued_events_) + " events wait to be appended; no more fit",
                      "try again in a moment; sending the same envelopes again is safe"};
    } else {
      queued_events_ += waiting.events.size();
      queued_bytes_ += waiting.bytes;
      queue_.push_back(std::move(waiting));
      idle = idle_ || queued_events_ >= options_.group_events_max;
    }
  }
  if (refused) {
    waiting.answer(*refused);
  } else if (idle) {
    wake_.notify_one();
  }
}

Result<Appended> Sequencer::append(std::vector<Submission> events) {
  std::promise<Result<Appended>> promise;
  auto future = promise.get_future();
  submit(std::move(events), [&](Result<Appended> answer) { promise.set_value(std::move(answer)); });
  return future.get();
}

void Sequencer::freeze(const Error& why) {
  const std::lock_guard lock(mutex_);
  if (!frozen_) {
    frozen_ = why;
  }
}

Checkpoint Sequencer::checkpoint() const {
  const std::lock_guard lock(mutex_);
  return checkpoint_;
}

std::string Sequencer::checkpoint_note() const {
  const std::lock_guard lock(mutex_);
  return checkpoint_note_;
}

std::size_t Sequencer::waiting() const {
  const std::lock_guard lock(mutex_);
  return queued_events_;
}

void Sequencer::run() {
  std::chrono::steady_clock::time_point next_commit;
  while (true) {
    std::vector<Waiting> group;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, next_commit,
                       [&] { return stopping_ || queued_events_ >= options_.group_events_max; });
      idle_ = true;
      wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
      idle_ = false;
      if (queue_.empty()) {
        return;
      }
      group = take_group();
    }
    // Somebody alone is answered as fast as the disk allows. Where several submit at once, a commit
    // costs the same whatever it holds: fewer and larger ones leave more time to everybody.
    next_commit = group.size() > 1 ? std::chrono::steady_clock::now() + options_.pace
                                   : std::chrono::steady_clock::time_point();
    sequence(std::move(group));
  }
}

std::vector<Sequencer::Waiting> Sequencer::take_group() {
  std::vector<Waiting> group;
  std::size_t events = 0;
  std::size_t bytes = 0;
  while (!queue_.empty()) {
    const Waiting& next = queue_.front();
    if (!group.empty() && (events + next.events.size() > options_.group_events_max ||
                           bytes + next.bytes > options_.group_bytes_max)) {
      break;
    }
    events += next.events.size();
    bytes += next.bytes;
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  queued_events_ -= events;
  queued_bytes_ -= bytes;
  return group;
}

void Sequencer::halt(const Error& error) {
  halt_(error);
  std::abort();  // a halt that returns would let a wrong answer out
}

void Sequencer::sequence(std::vector<Waiting> waiting) {
  // 1. Places. An event that is in the log, or twice in this group, keeps its first index.
  const std::uint64_t first = edge_.size();
  Group group;
  for (const Waiting& submission : waiting) {
    for (const Submission& event : submission.events) {
      if (group.placed.contains(event.checked.id)) {
        continue;
      }
      auto known = store_.find(event.checked.id, log_);
      if (!known) {
        halt(known.error());
      }
      if (*known) {
        group.placed.emplace(event.checked.id, **known);
        continue;
      }
      const std::uint64_t index = first + group.entries.size();
      group.placed.emplace(event.checked.id, index);
      group.entries.push_back(event.envelope);
      group.ids.push_back(event.checked.id);
      group.indexed.push_back(event.checked.indexed(index));
      tree_.append(event.checked.leaf);
      if (event.checked.certifies) {
        group.keys.push_back(*event.checked.certifies);
        group.keys.back().log = log_;
        group.keys.back().index = index;
      }
    }
  }
  Checkpoint checkpoint = this->checkpoint();
  std::string note = checkpoint_note();
  if (!group.entries.empty()) {
    // 2. Nothing is signed unless the bytes about to be stored, hashed once more, give the tree
    // that the checked events gave, and the store still ends where the last signature said.
    for (const BytesView entry : group.entries) {
      edge_.append(leaf_hash(entry));
    }
    const Digest root = edge_.root();
    if (tree_.root() != root || tree_.size() != edge_.size()) {
      halt(damaged(origin_, "the events in memory and their bytes hash to different trees"));
    }
    auto stored = store_.head(log_);
    if (!stored) {
      halt(stored.error());
    }
    if (stored->size != first || stored->checkpoint != note) {
      halt(damaged(origin_, "the store no longer ends with the checkpoint signed last"));
    }
    checkpoint = Checkpoint{origin_, edge_.size(), root};
    note = sign_checkpoint(checkpoint, log_key_);

    // 3. Durable together: entries, tiles, root, signature. The signature leaves only afterwards.
    LogCommit commit;
    commit.log = log_;
    commit.first_index = first;
    commit.entries = group.entries;
    commit.ids = group.ids;
    commit.tiles = edge_.take_changed();
    commit.head.size = checkpoint.size;
    commit.head.root = root;
    commit.head.checkpoint = note;
    commit.head.target = note;
    commit.keys = group.keys;
    auto committed = store_.commit(commit);  // Commit point.
    if (!committed) {
      halt(committed.error());
    }
    if (auto indexed =
            store_.index_entries(log_, group.indexed, checkpoint.size, Store::Ids::kStored);
        !indexed) {
      halt(indexed.error());
    }
    {
      const std::lock_guard lock(mutex_);
      checkpoint_ = checkpoint;
      checkpoint_note_ = note;
    }
    if (committed_) {
      committed_(checkpoint, note);
    }
  }
  // 4. Answers.
  for (Waiting& submission : waiting) {
    Appended answer;
    answer.size = checkpoint.size;
    answer.checkpoint = note;
    for (const Submission& event : submission.events) {
      answer.events.push_back({event.checked.id, group.placed.at(event.checked.id)});
    }
    submission.answer(std::move(answer));
  }
}

}  // namespace hefu
