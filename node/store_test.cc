#include "node/store.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/merkle/tree.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

std::unique_ptr<Store> open_store(const TemporaryDir& dir,
                                  std::function<Result<void>()> write_fault = {}) {
  Store::Options options;
  options.block_cache_bytes = 1 << 20;
  options.write_fault = std::move(write_fault);
  auto store = Store::open(dir.path(), options);
  EXPECT_TRUE(store) << store.error().message;
  return store ? std::move(*store) : nullptr;
}

Bytes entry_bytes(std::uint64_t index) {
  Bytes bytes(1 + index % 900, static_cast<std::uint8_t>(index));
  append_be(bytes, index);
  return bytes;
}

EventId id_of(std::uint64_t number) {
  Bytes bytes;
  append_be(bytes, number);
  return EventId{sha256(bytes)};
}

/// Appends entries [size, to) in one commit.
void append_to(Store& store, LogNumber log, TileEdge& edge, std::uint64_t to) {
  const std::uint64_t first = edge.size();
  std::vector<Bytes> entries;
  std::vector<BytesView> views;
  std::vector<IndexedEvent> indexed;
  for (std::uint64_t index = first; index < to; ++index) {
    entries.push_back(entry_bytes(index));
    indexed.push_back({index, id_of(index), "teaching", "institution", id_of(index)});
    edge.append(leaf_hash(entries.back()));
  }
  views.assign(entries.begin(), entries.end());
  LogCommit commit;
  commit.log = log;
  commit.first_index = first;
  commit.entries = views;
  commit.tiles = edge.take_changed();
  commit.head.size = edge.size();
  commit.head.root = edge.root();
  commit.head.checkpoint = "checkpoint of " + std::to_string(to);
  const auto written = store.commit(commit);
  ASSERT_TRUE(written) << written.error().message;
  ASSERT_TRUE(store.index_entries(log, indexed, to));
}

TEST(Store, GivesBackEveryEntryWhateverTheSizeOfTheCommits) {
  const TemporaryDir dir;
  auto store = open_store(dir);
  const LogNumber other = *store->number("a.example/hefu/1");
  const LogNumber log = *store->number("b.example/hefu/1");
  EXPECT_NE(log, other);
  TileEdge edge;
  TileEdge other_edge;
  for (const std::uint64_t to : {1u, 2u, 10u, 255u, 256u, 257u, 1000u, 1001u, 3000u}) {
    append_to(*store, log, edge, to);
    append_to(*store, other, other_edge, to / 2 + 1);
  }
  store.reset();
  store = open_store(dir);
  EXPECT_EQ(*store->number("b.example/hefu/1"), log);
  for (std::uint64_t index = 0; index < 3000; index += 7) {
    const auto entry = store->entry(log, index);
    ASSERT_TRUE(entry) << entry.error().message;
    ASSERT_EQ(*entry, entry_bytes(index));
    ASSERT_EQ(*store->find(id_of(index), log), index);
  }
  std::uint64_t expected = 200;
  ASSERT_TRUE(store->scan(log, 200, 1300, [&](std::uint64_t index, BytesView bytes) {
    EXPECT_EQ(index, expected++);
    EXPECT_EQ(to_bytes(bytes), entry_bytes(index));
    return true;
  }));
  EXPECT_EQ(expected, 1300u);
  EXPECT_EQ(store->entry(log, 3000).error().code, Errc::kNotFound);
  const auto head = store->head(log);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->root, edge.root());
  EXPECT_EQ(head->checkpoint, "checkpoint of 3000");
  EXPECT_EQ(store->places(id_of(5))->size(), 2u);
  EXPECT_FALSE(*store->find(id_of(3001), log));
}

TEST(Store, ACommitTakesThePlaceOfEverythingThatWasStagedThere) {
  // As when an old copy of a disk is put back: the log has gone on otherwise than what is staged.
  const TemporaryDir dir;
  const auto store = open_store(dir);
  const LogNumber log = *store->number("a.example/hefu/1");
  TileEdge edge;
  append_to(*store, log, edge, 5);
  const Bytes old = entry_bytes(77);
  const std::vector<BytesView> three = {old, old, old};
  for (const std::uint64_t first : {5u, 8u, 11u, 14u}) {
    ASSERT_TRUE(store->stage(log, first, three));
  }
  append_to(*store, log, edge, 13);
  for (std::uint64_t index = 0; index < 13; ++index) {
    const auto entry = store->entry(log, index);
    ASSERT_TRUE(entry) << entry.error().message;
    EXPECT_EQ(*entry, entry_bytes(index)) << index;
  }
  append_to(*store, log, edge, 20);
  for (std::uint64_t index = 13; index < 20; ++index) {
    const auto entry = store->entry(log, index);
    ASSERT_TRUE(entry) << entry.error().message;
    EXPECT_EQ(*entry, entry_bytes(index)) << index;
  }
  EXPECT_EQ(*store->staged_end(log), 20u);
}

TEST(Store, ProvesInclusionAndConsistencyFromItsTiles) {
  const TemporaryDir dir;
  auto store = open_store(dir);
  const LogNumber log = *store->number("a.example/hefu/1");
  TileEdge edge;
  for (const std::uint64_t to : {3u, 300u, 66000u, 66100u}) {
    append_to(*store, log, edge, to);
  }
  MemoryTree tree;
  for (std::uint64_t index = 0; index < edge.size(); ++index) {
    tree.append(leaf_hash(entry_bytes(index)));
  }
  TileNodes nodes(edge.size(), tile_source(*store, log));
  for (std::uint64_t index = 0; index < edge.size(); index += 9973) {
    EXPECT_EQ(prove_inclusion(index, edge.size(), nodes.reader()),
              tree.prove_inclusion(index, edge.size()));
    EXPECT_EQ(prove_consistency(index + 1, edge.size(), nodes.reader()),
              tree.prove_consistency(index + 1, edge.size()));
  }
  EXPECT_EQ(CompactRange::from_nodes(edge.size(), nodes.reader()).root(), edge.root());
  EXPECT_FALSE(nodes.failure());
  TileNodes beyond(edge.size() + 1, tile_source(*store, log));
  prove_inclusion(0, edge.size() + 1, beyond.reader());
  ASSERT_TRUE(beyond.failure());
  EXPECT_EQ(beyond.failure()->code, Errc::kCorrupt);
}

TEST(Store, IsRefusedToASecondProcessWithAClearSentence) {
  const TemporaryDir dir;
  auto store = open_store(dir);
  const pid_t child = ::fork();
  if (child == 0) {
    auto second = Store::open(dir.path(), {});
    const bool clear = !second && second.error().code == Errc::kConflict &&
                       second.error().message.find("another process") != std::string::npos &&
                       second.error().hint.find("hefud") != std::string::npos;
    ::_exit(clear ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(Store, RefusesAFormatItDoesNotKnow) {
  const TemporaryDir dir;
  ASSERT_TRUE(open_store(dir)->put_meta("format", "2"));
  const auto store = Store::open(dir.path(), {});
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, Errc::kUnsupported);
  EXPECT_EQ(store.error().hint, "upgrade hefud");
}

TEST(Store, KeepsNothingOfACommitWhoseWriteFailed) {
  const TemporaryDir dir;
  bool fail = false;
  auto store = open_store(dir, [&]() -> Result<void> {
    if (fail) {
      return Error{Errc::kIo, "no space left on device", ""};
    }
    return {};
  });
  const LogNumber log = *store->number("a.example/hefu/1");
  TileEdge edge;
  append_to(*store, log, edge, 10);
  fail = true;
  LogCommit commit;
  commit.log = log;
  commit.first_index = 10;
  const Bytes bytes = entry_bytes(10);
  const std::vector<BytesView> views = {bytes};
  commit.entries = views;
  commit.head.size = 11;
  const auto written = store->commit(commit);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::kIo);
  store.reset();
  store = open_store(dir);
  EXPECT_EQ(store->head(log)->size, 10u);
  EXPECT_FALSE(store->entry(log, 10));
}

TEST(Store, FindsEventsByRecordTypeAndIssuerInOrder) {
  const TemporaryDir dir;
  auto store = open_store(dir);
  const EventId record = id_of(77);
  std::vector<IndexedEvent> events;
  for (std::uint64_t index = 0; index < 300; ++index) {
    events.push_back({index, id_of(index), index % 2 == 0 ? "teaching" : "teaching-hours",
                      "institution", index % 3 == 0 ? record : id_of(index)});
  }
  ASSERT_TRUE(store->index_entries(1, events, 300));
  ASSERT_TRUE(store->index_entries(2, std::span(events).first(4), 4));
  EXPECT_EQ(*store->indexed_size(1), 300u);
  EXPECT_EQ(*store->indexed_size(3), 0u);
  std::vector<EventPlace> seen;
  const auto collect = [&](EventPlace place) {
    seen.push_back(place);
    return true;
  };
  ASSERT_TRUE(store->scan_index(Store::Index::kRecord, as_text(record.digest.view()), {}, collect));
  EXPECT_EQ(seen.size(), 102u);  // 100 in the first log and 2 in the second add to it
  EXPECT_TRUE(std::is_sorted(seen.begin(), seen.end()));
  seen.clear();
  ASSERT_TRUE(store->scan_index(Store::Index::kType, "teaching", {1, 200}, collect));
  EXPECT_EQ(seen.size(), 52u);
  EXPECT_EQ(seen.front(), (EventPlace{1, 200}));
  EXPECT_EQ(seen.back(), (EventPlace{2, 2}));
  seen.clear();
  ASSERT_TRUE(store->scan_index(Store::Index::kIssuer, "inst", {}, collect));
  EXPECT_TRUE(seen.empty());
}

// More events than are kept in memory, so that some answers come from there, some from the database
// and some from both; then all from the database.
TEST(Store, FindsEventsWhereverTheirIndexesAre) {
  const TemporaryDir dir;
  auto store = open_store(dir);
  constexpr std::uint64_t kEvents = 40'000;
  constexpr std::uint64_t kWrite = 1'500;
  const EventId record = id_of(1'000'000);
  for (std::uint64_t begin = 0; begin < kEvents; begin += kWrite) {
    const std::uint64_t end = std::min(kEvents, begin + kWrite);
    for (const LogNumber log : {2u, 1u}) {
      std::vector<IndexedEvent> events;
      for (std::uint64_t index = begin; index < end; ++index) {
        events.push_back({index, id_of(index), index % 7 == 0 ? "rare" : "usual", "institution",
                          index % 5 == 0 ? record : id_of(index)});
      }
      ASSERT_TRUE(store->index_entries(log, events, end));
    }
  }
  for (const bool reopened : {false, true}) {
    if (reopened) {
      store.reset();
      store = open_store(dir);
    }
    EXPECT_EQ(*store->indexed_size(1), kEvents);
    EXPECT_EQ(*store->indexed_size(2), kEvents);
    for (std::uint64_t index = 0; index < kEvents; index += 97) {
      ASSERT_EQ(*store->find(id_of(index), 2), index);
      ASSERT_EQ(*store->places(id_of(index)), (std::vector<EventPlace>{{1, index}, {2, index}}));
    }
    EXPECT_FALSE(*store->find(id_of(kEvents), 1));
    // By how it begins, of an even or odd number of digits; never by what another begins with.
    for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{97}, kEvents - 1}) {
      const std::string hex = id_of(index).hex();
      for (const std::size_t digits : {8U, 11U, 63U, 64U}) {
        ASSERT_EQ(*store->beginning_with(hex.substr(0, digits)), std::vector{id_of(index)});
      }
    }
    EXPECT_TRUE(store->beginning_with("000000000")->empty());
    std::vector<EventPlace> seen;
    const auto collect = [&](EventPlace place) {
      seen.push_back(place);
      return true;
    };
    ASSERT_TRUE(store->scan_index(Store::Index::kType, "rare", {}, collect));
    std::vector<EventPlace> expected;
    for (const LogNumber log : {1u, 2u}) {
      for (std::uint64_t index = 0; index < kEvents; index += 7) {
        expected.push_back({log, index});
      }
    }
    EXPECT_EQ(seen, expected);
    seen.clear();
    ASSERT_TRUE(store->scan_index(Store::Index::kRecord, as_text(record.digest.view()),
                                  {1, kEvents - 10}, collect));
    EXPECT_EQ(seen.size(), 2 + kEvents / 5);
    EXPECT_EQ(seen.front(), (EventPlace{1, kEvents - 10}));
    seen.clear();
    ASSERT_TRUE(
        store->scan_index(Store::Index::kIssuer, "institution", {1, 10}, [&](EventPlace at) {
          seen.push_back(at);
          return seen.size() < 3;
        }));
    EXPECT_EQ(seen, (std::vector<EventPlace>{{1, 10}, {1, 11}, {1, 12}}));
  }
}

// A process that is killed leaves indexes that reach less far than its log, without holes, and they
// can be continued from where they end.
TEST(Store, LosesTheYoungestIndexesInAKillAndKnowsHowFarTheOthersReach) {
  const TemporaryDir dir;
  constexpr std::uint64_t kEvents = 20'000;
  constexpr std::uint64_t kWrite = 1'000;
  const auto index_from = [&](Store& store, std::uint64_t begin) {
    for (; begin < kEvents; begin += kWrite) {
      std::vector<IndexedEvent> events;
      for (std::uint64_t index = begin; index < std::min(kEvents, begin + kWrite); ++index) {
        events.push_back({index, id_of(index), "usual", "institution", id_of(index)});
      }
      EXPECT_TRUE(store.index_entries(1, events, std::min(kEvents, begin + kWrite)));
    }
  };
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = open_store(dir);
    index_from(*store, 0);
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  auto store = open_store(dir);
  const std::uint64_t reached = *store->indexed_size(1);
  EXPECT_GT(reached, 0u);
  EXPECT_LT(reached, kEvents);
  EXPECT_EQ(*store->find(id_of(reached - 1), 1), reached - 1);
  EXPECT_FALSE(*store->find(id_of(reached), 1));
  index_from(*store, reached);
  std::uint64_t next = 0;
  ASSERT_TRUE(store->scan_index(Store::Index::kType, "usual", {}, [&](EventPlace place) {
    EXPECT_EQ(place, (EventPlace{1, next++}));
    return true;
  }));
  EXPECT_EQ(next, kEvents);
}

std::string all_bytes_below(const std::filesystem::path& dir) {
  std::string all;
  for (const auto& file : std::filesystem::recursive_directory_iterator(dir)) {
    if (!file.is_regular_file()) {
      continue;
    }
    std::ifstream stream(file.path(), std::ios::binary);
    all.append(std::istreambuf_iterator<char>(stream), {});
  }
  return all;
}

TEST(Store, LeavesNoTraceOfAnErasedDisclosureOnDisk) {
  const TemporaryDir dir;
  auto store = open_store(dir);
  ASSERT_TRUE(store->put_openings(id_of(1), "a name nobody may read again"));
  ASSERT_TRUE(store->put_openings(id_of(2), "another disclosure that stays"));
  EXPECT_NE(all_bytes_below(dir.path()).find("a name nobody"), std::string::npos);
  EXPECT_EQ(**store->openings(id_of(1)), "a name nobody may read again");
  ASSERT_TRUE(store->erase_openings(id_of(1)));
  EXPECT_FALSE(*store->openings(id_of(1)));
  EXPECT_TRUE(*store->openings(id_of(2)));
  EXPECT_EQ(all_bytes_below(dir.path()).find("a name nobody"), std::string::npos);
}

TEST(Store, KeepsKeysOfEveryRoleThatEventsAreSignedIn) {
  for (const KeyRole role : {KeyRole::kRegistrar, KeyRole::kReviewer, KeyRole::kSeal,
                             KeyRole::kAuditor, KeyRole::kGuest}) {
    const TemporaryDir dir;
    SeededEntropy entropy(1);
    CertifiedKey key;
    key.member = "91150200000000000X";
    key.role = role;
    key.key = SecretKey::generate(entropy).public_key();
    {
      auto store = open_store(dir);
      LogCommit commit;
      commit.log = 1;
      commit.keys = {key};
      ASSERT_TRUE(store->commit(commit));
    }
    const auto keys = open_store(dir)->certified_keys();
    ASSERT_TRUE(keys) << keys.error().message;
    ASSERT_EQ(keys->size(), 1u);
    EXPECT_EQ(keys->front().role, role);
  }
}

TEST(Store, KeepsKeysWitnessStateAndQuarantines) {
  const TemporaryDir dir;
  SeededEntropy entropy(1);
  CertifiedKey key;
  key.member = "91150200000000000X";
  key.role = KeyRole::kSeal;
  key.key = SecretKey::generate(entropy).public_key();
  key.valid_from = *Date::from_civil(2026, 1, 1);
  key.valid_to = *Date::from_civil(2027, 12, 31);
  key.log = 1;
  key.index = 9;
  {
    auto store = open_store(dir);
    LogCommit commit;
    commit.log = 1;
    commit.keys = {key};
    ASSERT_TRUE(store->commit(commit));
    ASSERT_TRUE(store->put_witnessed("a.example/hefu/1", "note"));
    ASSERT_TRUE(store->put_quarantine("a.example/hefu/1",
                                      {"fork", "two roots at size 3", Moment{5}, "proof"}));
  }
  auto store = open_store(dir);
  const auto keys = store->certified_keys();
  ASSERT_TRUE(keys) << keys.error().message;
  ASSERT_EQ(keys->size(), 1u);
  EXPECT_EQ(keys->front().key, key.key);
  EXPECT_EQ(keys->front().role, KeyRole::kSeal);
  EXPECT_EQ(keys->front().valid_to, key.valid_to);
  EXPECT_EQ(**store->witnessed("a.example/hefu/1"), "note");
  EXPECT_FALSE(*store->witnessed("b.example/hefu/1"));
  EXPECT_EQ((*store->quarantine("a.example/hefu/1"))->evidence, "proof");
  EXPECT_EQ((*store->quarantine("a.example/hefu/1"))->since.ms, 5);
}

}  // namespace
}  // namespace hefu
