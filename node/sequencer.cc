#include "node/sequencer.h"

#include <algorithm>
#include <future>
#include <iterator>
#include <utility>

#include "ledger/log/tile_nodes.h"
#include "node/indexing.h"

namespace hefu {
namespace {

/// Entries hashed again at start: enough to notice a tail that does not belong to its tiles, few
/// enough to start at once.
constexpr std::uint64_t kRehashedAtStart = 4096;

Error damaged(const std::string& origin, const std::string& what) {
  return Error{Errc::kCorrupt, "log " + origin + ": " + what,
               "do not go on with this data: stop this node and start it once with --recover; it "
               "fetches its own log back from the other members before it appends"};
}

/// What the stored log must satisfy before it may grow. Source: design study, log practice, "Before
/// every signature".
Result<void> check_stored(const Store& store, const std::string& origin, LogNumber log,
                          const LogHead& head, std::span<const VerifierKey> log_keys,
                          CompactRange& tree, const TileEdge& edge) {
  TileNodes nodes(head.size, tile_source(store, log));
  tree = CompactRange::from_nodes(head.size, nodes.reader());
  if (nodes.failure()) {
    return nodes.failure()->during("log " + origin);
  }
  if (tree.root() != head.root || edge.root() != head.root) {
    return damaged(origin, "the stored tiles do not have the root stored with them");
  }
  if (head.size > 0) {
    const auto note = open_checkpoint(head.checkpoint, log_keys);
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

/// What one write is made of: the events in it that the log did not have.
struct Sequencer::Group {
  std::uint64_t end = 0;           // one past its last place
  std::size_t bulk = 0;            // events of bulk submissions
  std::vector<BytesView> entries;  // into the submissions; only until they are stored
  std::vector<Digest> leaves;
  std::vector<EventId> ids;
  std::vector<IndexedEvent> indexed;
  std::vector<CertifiedKey> keys;

  void add(const CheckedEvent& event, LogNumber log, std::uint64_t index) {
    end = index + 1;
    leaves.push_back(event.leaf);
    ids.push_back(event.id);
    indexed.push_back(event.indexed(index));
    if (event.certifies) {
      keys.push_back(*event.certifies);
      keys.back().log = log;
      keys.back().index = index;
    }
  }
  void append(Group other) {
    end = other.end;
    bulk += other.bulk;
    const auto move_all = [](auto& from, auto& to) {
      to.insert(to.end(), std::make_move_iterator(from.begin()),
                std::make_move_iterator(from.end()));
    };
    move_all(other.ids, ids);
    move_all(other.indexed, indexed);
    move_all(other.keys, keys);
  }
};

Sequencer::Sequencer(Store& store, std::string origin, LogNumber log, SecretKey log_key,
                     const Options& options, Hooks hooks, LogWriter writer)
    : store_(store),
      origin_(std::move(origin)),
      log_(log),
      log_key_(std::move(log_key)),
      options_(options),
      hooks_(std::move(hooks)),
      writer_(std::move(writer)),
      queue_({options.queue_events_max, options.queue_bytes_max, options.group_events_max,
              options.group_bytes_max, options.bulk_unsigned_max, options.patience}) {}

Result<std::unique_ptr<Sequencer>> Sequencer::start(Store& store, const std::string& origin,
                                                    SecretKey log_key, const Options& options,
                                                    Hooks hooks, std::vector<CheckedEvent> staged) {
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
  // An event that is logged must not get a second place: the index has to know all of them.
  if (auto indexed = catch_up_indexes(store, *log); !indexed) {
    return indexed.error();
  }
  CompactRange tree;
  std::vector<VerifierKey> log_keys = options.former_keys;
  log_keys.push_back(VerifierKey::make(origin, kNoteEd25519, log_key.public_key()));
  if (auto checked = check_stored(store, origin, *log, *head, log_keys, tree, *edge); !checked) {
    return checked.error();
  }
  std::unique_ptr<Sequencer> sequencer(
      new Sequencer(store, origin, *log, std::move(log_key), options, std::move(hooks),
                    LogWriter(origin, *std::move(edge), std::move(tree), options.copies)));
  sequencer->checkpoint_ = Checkpoint{origin, head->size, head->root};
  sequencer->checkpoint_note_ = head->checkpoint;
  if (!staged.empty()) {
    Group group;
    for (const CheckedEvent& event : staged) {
      const std::uint64_t index = head->size + group.ids.size();
      sequencer->staged_.emplace(event.id, index);
      group.add(event, *log, index);
    }
    sequencer->writer_.stage(group.leaves);
    sequencer->staged_events_ = staged.size();
    sequencer->unsigned_.push_back(std::move(group));
    sequencer->news_ = true;
  }
  if (options.own_thread) {
    sequencer->thread_ = std::thread([running = sequencer.get()] { running->run(); });
  }
  return sequencer;
}

Sequencer::~Sequencer() {
  stop();
}

void Sequencer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

void Sequencer::submit(std::vector<Submission> events, AckLevel level, Answer answer,
                       Priority priority) {
  Waiting waiting;
  waiting.priority = priority;
  waiting.events = std::move(events);
  waiting.level =
      level == AckLevel::kReplicated && options_.copies == 0 ? AckLevel::kStored : level;
  waiting.answer = std::move(answer);
  waiting.since = now();
  for (const Submission& event : waiting.events) {
    waiting.bytes += event.envelope.size();
  }
  std::optional<Error> refused;
  bool wake = false;
  {
    const std::lock_guard lock(mutex_);
    const std::size_t bulk = staged_bulk_.load();
    const std::size_t all = staged_events_.load();  // not of the very same moment
    const std::size_t staged = priority == Priority::kBulk ? bulk : all - std::min(all, bulk);
    if (waiting.events.empty()) {
      refused = Error{Errc::kInvalid, "a submission without events", ""};
    } else if (frozen_) {
      refused = frozen_;
    } else if (stopping_) {
      refused = Error{Errc::kUnavailable, "the node is stopping", "try again when it is back"};
    } else if (!queue_.has_room(waiting, staged)) {
      refused =
          Error{Errc::kUnavailable,
                std::to_string(queue_.events() + all) + " events wait to be appended; no more fit",
                "try again in a moment; sending the same envelopes again is safe"};
    } else {
      // While others wait already, the thread knows when it will take them all.
      wake = queue_.push(std::move(waiting));
    }
  }
  if (refused) {
    waiting.answer(*refused);
  } else if (wake) {
    wake_.notify_one();
  }
}

Result<Appended> Sequencer::append(std::vector<Submission> events) {
  std::promise<Result<Appended>> promise;
  auto future = promise.get_future();
  submit(std::move(events), options_.own_thread ? AckLevel::kReplicated : AckLevel::kStored,
         [&](Result<Appended> answer) { promise.set_value(std::move(answer)); });
  if (!options_.own_thread) {
    work();
  }
  return future.get();
}

void Sequencer::held(const std::string& member, std::uint64_t end) {
  {
    const std::lock_guard lock(mutex_);
    held_[member] = end;
    news_ = true;
  }
  wake_.notify_one();
}

void Sequencer::cosigned(std::uint64_t size) {
  {
    const std::lock_guard lock(mutex_);
    cosigned_size_ = std::max(cosigned_size_, size);
    news_ = true;
  }
  wake_.notify_one();
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
  return queue_.events() + staged_events_.load();
}

void Sequencer::halt(const Error& error) {
  hooks_.halt(error);
  std::abort();  // a halt that returns would let a wrong answer out
}

Sequencer::Clock::time_point Sequencer::next_deadline() const {
  const auto first =
      std::min_element(unanswered_.begin(), unanswered_.end(),
                       [](const Waiting& a, const Waiting& b) { return a.since < b.since; });
  return first == unanswered_.end() ? Clock::time_point::max() : first->since + options_.patience;
}

Sequencer::Clock::time_point Sequencer::now() const {
  return options_.clock ? options_.clock() : Clock::now();
}

void Sequencer::work() {
  bool more = true;
  while (more) {
    std::vector<Waiting> taken;
    {
      const std::lock_guard lock(mutex_);
      news_ = false;
      for (const auto& [member, end] : std::exchange(held_, {})) {
        writer_.held_by(member, end);
      }
      taken = queue_.take(now(), staged_bulk_, false);
      more = queue_.takeable(now(), staged_bulk_);
    }
    advance(std::move(taken), false);
  }
}

void Sequencer::run() {
  Clock::time_point next_write;
  while (true) {
    std::vector<Waiting> taken;
    bool stopping = false;
    {
      std::unique_lock lock(mutex_);
      while (!stopping_ && !news_) {
        const auto now = Clock::now();
        const bool takeable = queue_.takeable(now, staged_bulk_);
        if ((takeable && (queue_.full(now, staged_bulk_) || now >= next_write)) ||
            now >= next_deadline()) {
          break;
        }
        auto until = std::min(next_deadline(), queue_.next_release(now, staged_bulk_));
        if (takeable) {
          until = std::min(until, next_write);
        }
        if (until == Clock::time_point::max()) {
          wake_.wait(lock);
        } else {
          wake_.wait_until(lock, until);
        }
      }
      news_ = false;
      for (const auto& [member, end] : std::exchange(held_, {})) {
        writer_.held_by(member, end);
      }
      stopping = stopping_;
      const auto now = Clock::now();
      if (stopping || queue_.full(now, staged_bulk_) || now >= next_write) {
        taken = queue_.take(now, staged_bulk_, stopping);
      }
      stopping = stopping && queue_.empty();
    }
    if (!taken.empty()) {
      // Somebody alone is answered as fast as the disk allows. Where several submit at once, a
      // write costs the same whatever it holds: fewer and larger ones leave more time to everybody.
      next_write = taken.size() > 1 ? Clock::now() + options_.pace : Clock::time_point();
    }
    advance(std::move(taken), stopping);
    if (stopping) {
      return;
    }
  }
}

void Sequencer::advance(std::vector<Waiting> taken, bool stopping) {
  if (!taken.empty()) {
    store_group(place(taken));
    for (Waiting& submission : taken) {
      submission.events.clear();  // stored: only the answer is still to be given
      unanswered_.push_back(std::move(submission));
    }
  }
  sign();
  answer_due(stopping);
}

/// Gives every event its place. One that is in the log, staged, or twice in this group keeps its
/// first.
Sequencer::Group Sequencer::place(std::vector<Waiting>& waiting) {
  const std::uint64_t first = writer_.staged_end();
  Group group;
  std::unordered_map<EventId, std::uint64_t> placed;
  for (Waiting& submission : waiting) {
    for (const Submission& event : submission.events) {
      const EventId& id = event.checked.id;
      auto known = placed.find(id);
      if (known == placed.end()) {
        known = staged_.find(id);
        if (known == staged_.end()) {
          auto found = store_.find(id, log_);
          if (!found) {
            halt(found.error());
          }
          if (!*found) {
            const std::uint64_t index = first + group.ids.size();
            group.add(event.checked, log_, index);
            group.bulk += submission.priority == Priority::kBulk ? 1 : 0;
            group.entries.push_back(event.envelope);
            *found = index;
          }
          known = placed.emplace(id, **found).first;
        }
      }
      submission.placed.push_back({id, known->second});
      submission.end = std::max(submission.end, known->second + 1);
    }
  }
  return group;
}

void Sequencer::store_group(Group group) {
  if (group.ids.empty()) {
    return;
  }
  if (options_.copies == 0) {
    // Nobody else has to hold anything: stored, signed and answered in one write.
    writer_.stage(group.leaves);
    auto next = writer_.next(group.end, [&](std::uint64_t, std::uint64_t, const auto& take) {
      for (const BytesView entry : group.entries) {
        take(entry);
      }
      return Result<void>();
    });
    if (!next) {
      halt(next.error());
    }
    commit(*std::move(next), group, group.entries);
    return;
  }
  if (auto stored = store_.stage(log_, writer_.staged_end(), group.entries); !stored) {
    halt(stored.error());
  }
  writer_.stage(group.leaves);
  group.entries.clear();
  for (std::size_t i = 0; i < group.ids.size(); ++i) {
    staged_.emplace(group.ids[i], group.end - group.ids.size() + i);
  }
  staged_events_ += group.ids.size();
  staged_bulk_ += group.bulk;
  unsigned_.push_back(std::move(group));
  if (hooks_.staged) {
    hooks_.staged(writer_.signed_size(), writer_.staged_end());
  }
}

/// Signs for all staged groups that enough others hold.
void Sequencer::sign() {
  {
    const std::lock_guard lock(mutex_);
    if (frozen_) {
      return;
    }
  }
  const std::uint64_t signable = writer_.signable();
  Group group;
  while (!unsigned_.empty() && unsigned_.front().end <= signable) {
    group.append(std::move(unsigned_.front()));
    unsigned_.pop_front();
  }
  if (group.ids.empty()) {
    return;
  }
  auto next =
      writer_.next(group.end, [&](std::uint64_t begin, std::uint64_t end, const auto& take) {
        return store_.scan(log_, begin, end, [&](std::uint64_t, BytesView entry) {
          take(entry);
          return true;
        });
      });
  if (!next) {
    halt(next.error());
  }
  commit(*std::move(next), group, {});
  for (const EventId& id : group.ids) {
    staged_.erase(id);
  }
  staged_bulk_ -= group.bulk;
  staged_events_ -= group.ids.size();
}

/// Signs and makes durable together: tiles, root, signature, and entries that are not yet stored.
/// The signature leaves only afterwards.
void Sequencer::commit(LogWriter::Next next, const Group& group,
                       std::span<const BytesView> entries) {
  const Checkpoint before = this->checkpoint();
  auto stored = store_.head(log_);
  if (!stored) {
    halt(stored.error());
  }
  if (stored->size != before.size || stored->checkpoint != checkpoint_note()) {
    halt(damaged(origin_, "the store no longer ends with the checkpoint signed last"));
  }
  const Checkpoint checkpoint = next.checkpoint;
  const std::string note = sign_checkpoint(checkpoint, log_key_);
  LogCommit commit;
  commit.log = log_;
  commit.first_index = before.size;
  commit.entries = entries;
  commit.tiles = std::move(next.tiles);
  commit.head.size = checkpoint.size;
  commit.head.root = checkpoint.root;
  commit.head.checkpoint = note;
  commit.head.target = note;
  commit.keys = group.keys;
  auto committed = store_.commit(commit);  // Commit point.
  if (!committed) {
    halt(committed.error());
  }
  if (auto indexed = store_.index_entries(log_, group.indexed, checkpoint.size); !indexed) {
    halt(indexed.error());
  }
  writer_.signed_up_to(std::move(next));
  {
    const std::lock_guard lock(mutex_);
    checkpoint_ = checkpoint;
    checkpoint_note_ = note;
  }
  if (hooks_.committed) {
    hooks_.committed(checkpoint, note);
  }
}

/// Answers whoever has what he asked for or has waited long enough; everybody if `all`.
void Sequencer::answer_due(bool all) {
  std::uint64_t cosigned = 0;
  Appended now;
  {
    const std::lock_guard lock(mutex_);
    cosigned = cosigned_size_;
    now.size = checkpoint_.size;
    now.checkpoint = checkpoint_note_;
  }
  const auto time = this->now();
  const AckLevel when_signed = options_.copies == 0 ? AckLevel::kStored : AckLevel::kReplicated;
  std::deque<Waiting> still;
  for (Waiting& waiting : unanswered_) {
    const bool is_signed = waiting.end <= now.size;
    const AckLevel reached = waiting.end <= cosigned ? AckLevel::kWitnessed
                             : is_signed             ? when_signed
                                                     : AckLevel::kStored;
    if (reached < waiting.level && time < waiting.since + options_.patience && !all) {
      still.push_back(std::move(waiting));
      continue;
    }
    latency_.at(static_cast<std::size_t>(reached)).add(time - waiting.since);
    Appended answer;
    answer.level = reached;
    if (is_signed) {
      answer.size = now.size;
      answer.checkpoint = now.checkpoint;
    }
    answer.events = std::move(waiting.placed);
    waiting.answer(std::move(answer));
  }
  unanswered_ = std::move(still);
}

}  // namespace hefu
