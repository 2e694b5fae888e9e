#include "node/sequencer.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <future>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/log/tile_nodes.h"
#include "node/indexing.h"
#include "tests/support/federation.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

constexpr int kHalted = 70;

void exit_on_halt(const Error& /*error*/) {
  ::_exit(kHalted);
}

Store::Options small_store() {
  Store::Options options;
  options.block_cache_bytes = 1 << 20;
  return options;
}

std::unique_ptr<Store> open_store(const TemporaryDir& dir,
                                  const Store::Options& options = small_store()) {
  auto store = Store::open(dir.path(), options);
  EXPECT_TRUE(store) << store.error().message;
  return std::move(*store);
}

class SequencerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Sequencer> start(Store& store, const Sequencer::Options& options = {},
                                   Halt halt = exit_on_halt) {
    auto sequencer =
        Sequencer::start(store, federation_.member(0).origin, federation_.key(0, KeyRole::kLog),
                         options, {std::move(halt), {}, {}});
    EXPECT_TRUE(sequencer) << sequencer.error().message;
    return sequencer ? std::move(*sequencer) : nullptr;
  }

  std::vector<Submission> submission(std::uint64_t first, std::size_t count) {
    EnvelopeVerifier verifier;
    std::vector<Submission> events;
    for (Bytes& envelope : federation_.envelopes(0, first, count)) {
      auto checked = check_envelope(envelope, keys_, federation_.member(0), verifier);
      EXPECT_TRUE(checked) << checked.error().message;
      events.push_back({std::move(envelope), std::move(*checked)});
    }
    return events;
  }

  TemporaryDir dir_;
  TestFederation federation_{1};
  KeyBook keys_{federation_.charter()};
};

TEST_F(SequencerTest, AnswersWithACheckpointThatCoversTheEvents) {
  auto store = open_store(dir_);
  auto sequencer = start(*store);
  const auto first = sequencer->append(submission(0, 3));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->size, 3u);
  EXPECT_EQ(first->events[2].index, 2u);
  const auto second = sequencer->append(submission(3, 300));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->size, 303u);

  const auto key = *VerifierKey::parse(federation_.member(0).log_vkey());
  const auto checkpoint = open_checkpoint(second->checkpoint, key);
  ASSERT_TRUE(checkpoint) << checkpoint.error().message;
  TileNodes nodes(303, tile_source(*store, sequencer->log()));
  for (const std::uint64_t index : {0u, 2u, 255u, 302u}) {
    const Digest leaf = leaf_hash(*store->entry(sequencer->log(), index));
    EXPECT_TRUE(verify_inclusion(index, 303, leaf, prove_inclusion(index, 303, nodes.reader()),
                                 checkpoint->checkpoint.root));
  }
  const Digest old_root = open_checkpoint(first->checkpoint, key)->checkpoint.root;
  EXPECT_TRUE(verify_consistency(3, 303, old_root, checkpoint->checkpoint.root,
                                 prove_consistency(3, 303, nodes.reader())));
}

TEST_F(SequencerTest, GoesOnUnderANewKeyIfItKnowsTheOneBefore) {
  auto store = open_store(dir_);
  ASSERT_TRUE(start(*store)->append(submission(0, 3)));
  const SecretKey fresh = federation_.key(0, KeyRole::kAuditor);
  const auto begin = [&](const Sequencer::Options& options) {
    return Sequencer::start(*store, federation_.member(0).origin,
                            SecretKey::from_seed(fresh.seed()), options, {exit_on_halt, {}, {}});
  };
  EXPECT_FALSE(begin({})) << "its last checkpoint is by a key it knows nothing of";
  Sequencer::Options options;
  options.former_keys = {*VerifierKey::parse(federation_.member(0).log_vkey())};
  auto sequencer = begin(options);
  ASSERT_TRUE(sequencer) << sequencer.error().message;
  const auto appended = (*sequencer)->append(submission(3, 1));
  ASSERT_TRUE(appended);
  EXPECT_TRUE(open_checkpoint(
      appended->checkpoint,
      VerifierKey::make(federation_.member(0).origin, kNoteEd25519, fresh.public_key())));
}

TEST_F(SequencerTest, GivesTheSameEnvelopeItsFirstIndexAgain) {
  auto store = open_store(dir_);
  auto sequencer = start(*store);
  ASSERT_TRUE(sequencer->append(submission(0, 10)));
  auto again = submission(5, 1);
  again.push_back(submission(5, 1).front());
  again.push_back(submission(99, 1).front());
  again.push_back(submission(5, 1).front());
  // The same events signed in another batch are the same events.
  const auto answer = sequencer->append(std::move(again));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->size, 11u);
  EXPECT_EQ(answer->events[0].index, 5u);
  EXPECT_EQ(answer->events[1].index, 5u);
  EXPECT_EQ(answer->events[2].index, 10u);
  EXPECT_EQ(answer->events[3].index, 5u);
  const auto nothing_new = sequencer->append(submission(0, 10));
  ASSERT_TRUE(nothing_new);
  EXPECT_EQ(nothing_new->size, 11u);
  EXPECT_EQ(nothing_new->checkpoint, answer->checkpoint);
}

TEST_F(SequencerTest, RefusesAnEmptySubmissionAndOneBeyondTheQueue) {
  auto store = open_store(dir_);
  Sequencer::Options options;
  options.queue_events_max = 20;
  auto sequencer = start(*store, options);
  EXPECT_EQ(sequencer->append({}).error().code, Errc::kInvalid);
  std::atomic<int> refused = 0;
  std::atomic<int> accepted = 0;
  std::vector<std::vector<Submission>> submissions;
  for (std::uint64_t i = 0; i < 40; ++i) {
    submissions.push_back(submission(i * 15, 15));
  }
  for (auto& events : submissions) {
    sequencer->submit(std::move(events), AckLevel::kStored, [&](const Result<Appended>& answer) {
      if (answer) {
        ++accepted;
      } else {
        EXPECT_EQ(answer.error().code, Errc::kUnavailable);
        ++refused;
      }
    });
  }
  sequencer.reset();
  EXPECT_EQ(accepted + refused, 40);
  EXPECT_GT(refused, 0);
  EXPECT_GT(accepted, 0);
  EXPECT_EQ(store->head(1)->size, static_cast<std::uint64_t>(accepted) * 15);
}

TEST_F(SequencerTest, PacesManyButNeverKeepsThemWaitingWhenItStops) {
  std::promise<void> several_wait;
  auto released = several_wait.get_future().share();
  std::atomic<int> commits = 0;
  Store::Options faults = small_store();
  faults.write_fault = [&]() -> Result<void> {
    if (++commits == 2) {  // 1: the log gets its number; 2: the first commit
      released.wait();
    }
    return {};
  };
  auto store = open_store(dir_, faults);
  Sequencer::Options options;
  options.pace = std::chrono::hours(1);
  auto sequencer = start(*store, options);
  std::vector<std::future<Result<Appended>>> answers;
  const auto submit = [&](std::uint64_t first) {
    auto promise = std::make_shared<std::promise<Result<Appended>>>();
    answers.push_back(promise->get_future());
    sequencer->submit(submission(first, 1), AckLevel::kStored, [promise](Result<Appended> answer) {
      promise->set_value(std::move(answer));
    });
  };
  submit(0);
  while (commits < 2) {
    std::this_thread::yield();
  }
  submit(1);
  submit(2);
  several_wait.set_value();
  for (auto& answer : answers) {
    EXPECT_TRUE(answer.get());  // one alone and two at once: nobody waited for the pace
  }
  answers.clear();
  submit(3);
  EXPECT_EQ(answers[0].wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  sequencer.reset();
  EXPECT_TRUE(answers[0].get());
}

/// Answers of submissions, as they come.
struct Answers {
  std::mutex mutex;
  std::vector<Appended> given;

  Sequencer::Answer take() {
    return [this](Result<Appended> answer) {
      const std::lock_guard lock(mutex);
      EXPECT_TRUE(answer) << answer.error().message;
      if (answer) {
        given.push_back(*std::move(answer));
      }
    };
  }
  std::size_t count() {
    const std::lock_guard lock(mutex);
    return given.size();
  }
  bool reach(std::size_t wanted) {
    for (int i = 0; i < 30'000 && count() < wanted; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return count() >= wanted;
  }
};

TEST_F(SequencerTest, PutsInteractiveEventsBeforeAnImportThatCameFirst) {
  auto store = open_store(dir_);
  Sequencer::Options options;
  options.own_thread = false;
  options.copies = 1;
  options.bulk_unsigned_max = 100;
  options.group_events_max = 100;
  auto sequencer = start(*store, options);
  Answers bulk;
  Answers interactive;
  for (std::uint64_t first = 1'000; first < 1'500; first += 50) {
    sequencer->submit(submission(first, 50), AckLevel::kReplicated, bulk.take(), Priority::kBulk);
  }
  // The import fills its window and waits there for other members; people do not wait for it.
  sequencer->work();
  EXPECT_EQ(sequencer->staged(), 100U);
  for (std::uint64_t person = 0; person < 5; ++person) {
    sequencer->submit(submission(person, 1), AckLevel::kReplicated, interactive.take());
    sequencer->work();
    EXPECT_EQ(sequencer->staged(), 101U + person);
  }
  // Whatever is held next, the five are signed for with it, and the import goes on behind them.
  sequencer->held("a", 105);
  sequencer->work();
  EXPECT_EQ(interactive.count(), 5U);
  EXPECT_EQ(bulk.count(), 2U);
  EXPECT_EQ(interactive.given[4].events[0].index, 104U);
  for (std::uint64_t end = 205; end <= 505; end += 100) {
    sequencer->work();
    sequencer->held("a", end);
    sequencer->work();
  }
  EXPECT_EQ(bulk.count(), 10U);
  EXPECT_EQ(bulk.given[9].events[49].index, 504U);
  EXPECT_EQ(sequencer->checkpoint().size, 505U);
}

TEST_F(SequencerTest, TakesInteractiveEventsWhileTheImportsBudgetIsSpent) {
  auto store = open_store(dir_);
  Sequencer::Options options;
  options.own_thread = false;
  options.queue_events_max = 100;
  auto sequencer = start(*store, options);
  Answers answers;
  sequencer->submit(submission(0, 100), AckLevel::kStored, answers.take(), Priority::kBulk);
  std::optional<Error> refused;
  sequencer->submit(
      submission(200, 1), AckLevel::kStored,
      [&](const Result<Appended>& answer) { refused = answer.error(); }, Priority::kBulk);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::kUnavailable);
  sequencer->submit(submission(300, 1), AckLevel::kStored, answers.take());
  sequencer->work();
  EXPECT_EQ(answers.count(), 2U);
}

TEST_F(SequencerTest, SignsOnlyForWhatEnoughOthersHold) {
  auto store = open_store(dir_);
  Sequencer::Options options;
  options.copies = 2;
  auto sequencer = start(*store, options);
  Answers stored;
  Answers replicated;
  sequencer->submit(submission(0, 3), AckLevel::kReplicated, replicated.take());
  sequencer->submit(submission(3, 4), AckLevel::kStored, stored.take());
  ASSERT_TRUE(stored.reach(1));
  EXPECT_EQ(stored.given[0].level, AckLevel::kStored);
  EXPECT_TRUE(stored.given[0].checkpoint.empty());
  EXPECT_EQ(stored.given[0].events[0].index, 3U);
  EXPECT_EQ(sequencer->staged(), 7U);
  sequencer->held("a", 7);
  sequencer->held("b", 2);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_EQ(replicated.count(), 0U);
  EXPECT_EQ(store->head(1)->size, 0U);
  EXPECT_FALSE(store->entry(1, 0));  // in no tree: not in the log
  sequencer->held("b", 7);
  ASSERT_TRUE(replicated.reach(1));
  EXPECT_EQ(replicated.given[0].level, AckLevel::kReplicated);
  const auto note = parse_checkpoint(replicated.given[0].checkpoint);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->checkpoint.size, store->head(1)->size);
  EXPECT_GE(note->checkpoint.size, 3U);
  for (int i = 0; i < 30'000 && sequencer->checkpoint().size < 7; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(sequencer->checkpoint().size, 7U);
  EXPECT_TRUE(store->entry(1, 6));
}

TEST_F(SequencerTest, AnswersAtTheLevelReachedWhenItsPatienceEnds) {
  auto store = open_store(dir_);
  Sequencer::Options options;
  options.copies = 1;
  options.patience = std::chrono::milliseconds(50);
  auto sequencer = start(*store, options);
  const auto answer = sequencer->append(submission(0, 1));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->level, AckLevel::kStored);
  EXPECT_TRUE(answer->checkpoint.empty());
  sequencer->held("a", 1);
  for (int i = 0; i < 30'000 && sequencer->checkpoint().size < 1; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  Answers witnessed;
  sequencer->submit(submission(0, 1), AckLevel::kWitnessed, witnessed.take());  // the same event
  ASSERT_TRUE(witnessed.reach(1));
  EXPECT_EQ(witnessed.given[0].level, AckLevel::kReplicated);
  EXPECT_EQ(witnessed.given[0].events[0].index, 0U);
}

TEST_F(SequencerTest, AnswersWhoeverWaitsForTheOthersWhenItStops) {
  Sequencer::Options options;
  options.copies = 1;
  options.patience = std::chrono::hours(1);
  auto store = open_store(dir_);
  auto sequencer = start(*store, options);
  // As the anchorer does: another thread waits, and is joined before the sequencer goes.
  auto waiting =
      std::async(std::launch::async, [&] { return sequencer->append(submission(0, 2)); });
  while (sequencer->staged() < 2) {
    std::this_thread::yield();
  }
  sequencer->stop();
  const auto appended = waiting.get();
  ASSERT_TRUE(appended);
  EXPECT_EQ(appended->level, AckLevel::kStored);
  const auto refused = sequencer->append(submission(2, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnavailable);
}

TEST_F(SequencerTest, AnswersWitnessedOnceAQuorumHasCosigned) {
  auto store = open_store(dir_);
  auto sequencer = start(*store);
  Answers witnessed;
  sequencer->submit(submission(0, 2), AckLevel::kWitnessed, witnessed.take());
  for (int i = 0; i < 30'000 && sequencer->checkpoint().size < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  EXPECT_EQ(witnessed.count(), 0U);
  sequencer->cosigned(1);
  std::this_thread::sleep_for(std::chrono::milliseconds(30));
  EXPECT_EQ(witnessed.count(), 0U);
  sequencer->cosigned(2);
  ASSERT_TRUE(witnessed.reach(1));
  EXPECT_EQ(witnessed.given[0].level, AckLevel::kWitnessed);
}

TEST_F(SequencerTest, GivesAStagedEventItsFirstIndexAgain) {
  auto store = open_store(dir_);
  Sequencer::Options options;
  options.copies = 1;
  auto sequencer = start(*store, options);
  Answers answers;
  sequencer->submit(submission(0, 3), AckLevel::kStored, answers.take());
  ASSERT_TRUE(answers.reach(1));
  sequencer->submit(submission(2, 2), AckLevel::kStored, answers.take());
  ASSERT_TRUE(answers.reach(2));
  EXPECT_EQ(answers.given[1].events[0].index, 2U);
  EXPECT_EQ(answers.given[1].events[1].index, 3U);
  EXPECT_EQ(sequencer->staged(), 4U);
}

TEST_F(SequencerTest, SignsForNothingOnceFrozen) {
  auto store = open_store(dir_);
  Sequencer::Options options;
  options.copies = 1;
  options.patience = std::chrono::milliseconds(100);
  auto sequencer = start(*store, options);
  Answers answers;
  sequencer->submit(submission(0, 3), AckLevel::kReplicated, answers.take());
  sequencer->freeze(Error{Errc::kConflict, "elsewhere", ""});
  sequencer->held("a", 3);
  ASSERT_TRUE(answers.reach(1));
  EXPECT_EQ(answers.given[0].level, AckLevel::kStored);
  EXPECT_EQ(store->head(1)->size, 0U);
  EXPECT_EQ(sequencer->append(submission(3, 1)).error().code, Errc::kConflict);
}

TEST_F(SequencerTest, GoesOnWithStagedEventsAfterARestart) {
  Sequencer::Options options;
  options.copies = 1;
  std::vector<CheckedEvent> staged;
  for (const Submission& event : submission(0, 5)) {
    staged.push_back(event.checked);
  }
  {
    auto store = open_store(dir_);
    auto sequencer = start(*store, options);
    Answers answers;
    sequencer->submit(submission(0, 5), AckLevel::kStored, answers.take());
    ASSERT_TRUE(answers.reach(1));
  }
  auto store = open_store(dir_);
  EXPECT_EQ(*store->staged_end(1), 5U);
  auto sequencer =
      Sequencer::start(*store, federation_.member(0).origin, federation_.key(0, KeyRole::kLog),
                       options, {exit_on_halt, {}, {}}, std::move(staged));
  ASSERT_TRUE(sequencer) << sequencer.error().message;
  (*sequencer)->held("a", 6);
  const auto answer = (*sequencer)->append(submission(5, 1));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->size, 6U);
  EXPECT_EQ(answer->events[0].index, 5U);
}

TEST_F(SequencerTest, HaltsRatherThanSignForStagedBytesThatChanged) {
  EXPECT_EXIT(
      {
        auto store = open_store(dir_);
        Sequencer::Options options;
        options.copies = 1;
        auto sequencer = start(*store, options);
        Answers answers;
        sequencer->submit(submission(0, 2), AckLevel::kStored, answers.take());
        answers.reach(1);
        const Bytes other = federation_.envelopes(0, 50, 1).front();
        const std::vector<BytesView> entries(2, other);
        (void)store->stage(1, 0, entries);
        sequencer->held("a", 2);
        std::this_thread::sleep_for(std::chrono::seconds(20));
      },
      ::testing::ExitedWithCode(kHalted), "");
}

TEST_F(SequencerTest, GoesOnAfterARestartAsIfNothingHadHappened) {
  std::string note;
  {
    auto store = open_store(dir_);
    note = start(*store)->append(submission(0, 700))->checkpoint;
  }
  auto store = open_store(dir_);
  auto sequencer = start(*store);
  EXPECT_EQ(sequencer->checkpoint_note(), note);
  ASSERT_TRUE(sequencer->append(submission(700, 50)));

  // The same history in one go gives the same tree.
  const TemporaryDir other_dir;
  auto other_store = open_store(other_dir);
  auto other = start(*other_store);
  ASSERT_TRUE(other->append(submission(0, 700)));
  ASSERT_TRUE(other->append(submission(700, 50)));
  EXPECT_EQ(other->checkpoint_note(), sequencer->checkpoint_note());
}

TEST_F(SequencerTest, AnswersNobodyAndHaltsWhenTheWriteFails) {
  int answers[2];
  ASSERT_EQ(::pipe(answers), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    Store::Options options = small_store();
    int writes = 0;
    options.write_fault = [&]() -> Result<void> {
      if (++writes == 4) {  // 1: the log's number, 2 and 3: appends
        return Error{Errc::kIo, "no space left on device", ""};
      }
      return {};
    };
    auto store = open_store(dir_, options);
    auto sequencer = start(*store);
    for (std::uint64_t i = 0; i < 10; ++i) {
      if (sequencer->append(submission(i, 1))) {
        const char byte = '.';
        (void)!::write(answers[1], &byte, 1);
      }
    }
    ::_exit(0);
  }
  ::close(answers[1]);
  char buffer[16];
  ssize_t answered = 0;
  while (const ssize_t got = ::read(answers[0], buffer, sizeof(buffer))) {
    answered += got;
  }
  ::close(answers[0]);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), kHalted);
  EXPECT_EQ(answered, 2);
  auto store = open_store(dir_);
  EXPECT_EQ(start(*store)->checkpoint().size, 2u);
}

TEST_F(SequencerTest, RefusesToStartOnATreeThatIsNotTheSignedOne) {
  {
    auto store = open_store(dir_);
    ASSERT_TRUE(start(*store)->append(submission(0, 10)));
    LogCommit damage;
    damage.log = 1;
    damage.head = *store->head(1);
    damage.head.root = sha256(as_bytes("another tree"));
    ASSERT_TRUE(store->commit(damage));
  }
  auto store = open_store(dir_);
  const auto sequencer =
      Sequencer::start(*store, federation_.member(0).origin, federation_.key(0, KeyRole::kLog), {},
                       {exit_on_halt, {}, {}});
  ASSERT_FALSE(sequencer);
  EXPECT_EQ(sequencer.error().code, Errc::kCorrupt);
  EXPECT_NE(sequencer.error().hint.find("from the other members"), std::string::npos);
}

TEST_F(SequencerTest, RefusesToStartOnAnEntryThatIsNotTheHashedOne) {
  {
    auto store = open_store(dir_);
    ASSERT_TRUE(start(*store)->append(submission(0, 10)));
    std::vector<Bytes> other = federation_.envelopes(0, 0, 10);
    other[9] = federation_.envelopes(0, 50, 1).front();
    const std::vector<BytesView> entries(other.begin(), other.end());
    LogCommit damage;
    damage.log = 1;
    damage.entries = entries;
    damage.head = *store->head(1);
    ASSERT_TRUE(store->commit(damage));
  }
  auto store = open_store(dir_);
  const auto sequencer =
      Sequencer::start(*store, federation_.member(0).origin, federation_.key(0, KeyRole::kLog), {},
                       {exit_on_halt, {}, {}});
  ASSERT_FALSE(sequencer);
  EXPECT_NE(sequencer.error().message.find("entry 9"), std::string::npos);
}

TEST_F(SequencerTest, RefusesToStartUnderAnotherKey) {
  auto store = open_store(dir_);
  ASSERT_TRUE(start(*store)->append(submission(0, 1)));
  const auto sequencer =
      Sequencer::start(*store, federation_.member(0).origin, federation_.key(0, KeyRole::kWitness),
                       {}, {exit_on_halt, {}, {}});
  ASSERT_FALSE(sequencer);
  EXPECT_EQ(sequencer.error().code, Errc::kUnverified);
}

TEST_F(SequencerTest, HaltsRatherThanSignWhenTheStoreChangedUnderIt) {
  EXPECT_EXIT(
      {
        const TemporaryDir dir;
        auto own_store = open_store(dir);
        auto sequencer = start(*own_store);
        (void)sequencer->append(submission(0, 1)).ok();
        LogCommit damage;
        damage.log = sequencer->log();
        damage.head = *own_store->head(sequencer->log());
        damage.head.checkpoint += "x";
        (void)own_store->commit(damage).ok();
        (void)sequencer->append(submission(1, 1)).ok();
        ::_exit(0);
      },
      ::testing::ExitedWithCode(kHalted), "");
}

TEST_F(SequencerTest, HaltsRatherThanSignWhenMemoryAndBytesDisagree) {
  EXPECT_EXIT(
      {
        const TemporaryDir dir;
        auto store = open_store(dir);
        auto sequencer = start(*store);
        auto events = submission(0, 2);
        events[1].checked.leaf.bytes[0] ^= 1;  // a bit flipped between check and sign
        (void)sequencer->append(std::move(events)).ok();
        ::_exit(0);
      },
      ::testing::ExitedWithCode(kHalted), "");
}

TEST_F(SequencerTest, FindsEventsAgainAfterTheIndexesWereLost) {
  auto store = open_store(dir_);
  auto sequencer = start(*store);
  const auto placed = sequencer->append(submission(0, 20));
  ASSERT_TRUE(placed);
  ASSERT_TRUE(store->index_entries(sequencer->log(), {}, 7));  // as a crash would leave it
  ASSERT_TRUE(catch_up_indexes(*store, sequencer->log()));
  EXPECT_EQ(*store->indexed_size(sequencer->log()), 20u);
  EXPECT_EQ(*store->find(placed->events[12].event, sequencer->log()), 12u);
}

/// Appends until killed, and reports through the pipe every event it has an answer for.
[[noreturn]] void append_until_killed(Sequencer& sequencer,
                                      const std::function<std::vector<Submission>()>& next,
                                      int pipe) {
  while (true) {
    const auto answer = sequencer.append(next());
    if (!answer) {
      ::_exit(1);
    }
    for (const Placed& placed : answer->events) {
      Bytes line = to_bytes(placed.event.digest.view());
      append_be(line, placed.index);
      if (::write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
        ::_exit(2);
      }
    }
  }
}

TEST_F(SequencerTest, KeepsEveryAnsweredEventThroughKillsAtAnyMoment) {
  const auto seed = static_cast<std::uint64_t>(::time(nullptr));
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  SeededEntropy random(seed);
  constexpr int kRounds = 25;
  std::vector<std::pair<EventId, std::uint64_t>> answered;
  for (int round = 0; round < kRounds; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipe[0]);
      auto store = open_store(dir_);
      auto sequencer = start(*store);
      std::uint64_t number = static_cast<std::uint64_t>(round) << 32;
      append_until_killed(
          *sequencer,
          [&] {
            const std::size_t count = 1 + random.next() % 20;
            number += count;
            return submission(number, count);
          },
          pipe[1]);
    }
    ::close(pipe[1]);
    Bytes reported;
    std::uint8_t buffer[4096];
    ssize_t got = 0;
    // Every other round waits for some answers first, however slow the machine is; the rest may be
    // killed while they still open the store.
    const std::size_t wanted = round % 2 == 0 ? 0 : 40 * (1 + random.next() % 100);
    while (reported.size() < wanted && (got = ::read(pipe[0], buffer, sizeof(buffer))) > 0) {
      reported.insert(reported.end(), buffer, buffer + got);
    }
    ::usleep(static_cast<useconds_t>(random.next() % (wanted == 0 ? 150'000 : 20'000)));
    ASSERT_EQ(::kill(child, SIGKILL), 0);
    while ((got = ::read(pipe[0], buffer, sizeof(buffer))) > 0) {
      reported.insert(reported.end(), buffer, buffer + got);
    }
    ::close(pipe[0]);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself: " << status;
    for (std::size_t at = 0; at + 40 <= reported.size(); at += 40) {
      answered.emplace_back(EventId{*Digest::from_bytes(BytesView(reported).subspan(at, 32))},
                            read_be<std::uint64_t>(reported.data() + at + 32));
    }
    auto store = open_store(dir_);
    auto sequencer = start(*store);  // checks tiles, root, signature and the last entries
    ASSERT_NE(sequencer, nullptr) << "round " << round;
    const LogNumber log = sequencer->log();
    ASSERT_TRUE(catch_up_indexes(*store, log));
    for (const auto& [id, index] : answered) {
      ASSERT_EQ(*store->find(id, log), index) << "round " << round;
      const auto entry = store->entry(log, index);
      ASSERT_TRUE(entry) << entry.error().message;
      ASSERT_EQ(decode_envelope(*entry)->id(), id);
    }
    MemoryTree tree;
    ASSERT_TRUE(
        store->scan(log, 0, sequencer->checkpoint().size, [&](std::uint64_t, BytesView bytes) {
          tree.append(leaf_hash(bytes));
          return true;
        }));
    ASSERT_EQ(tree.root(), sequencer->checkpoint().root);
  }
  EXPECT_GE(answered.size(), static_cast<std::size_t>(kRounds / 2));
}

}  // namespace
}  // namespace hefu
