#include "ledger/cut/index_proof.h"

#include <random>

#include <gtest/gtest.h>

namespace hefu {
namespace {

Digest digest(std::uint64_t number) {
  return sha256(as_bytes("digest " + std::to_string(number)));
}

/// Events of three types, every fourth of which corrects an earlier one.
struct Log {
  std::vector<Event> events;
  std::vector<Digest> leaves;
  LogIndex index;

  explicit Log(std::uint64_t size) {
    for (std::uint64_t i = 0; i < size; ++i) {
      Event event;
      event.type = "type-" + std::to_string(i % 3);
      if (i % 4 == 3) {
        event.supersedes = EventId{digest(i / 2)};
      }
      index.add(i, event, digest(i));
      events.push_back(event);
      leaves.push_back(digest(i));
    }
  }
};

TEST(IndexProof, ListsAreThoseThatAnchorsCommitTo) {
  for (const std::uint64_t size : {0U, 1U, 4U, 29U}) {
    const Log log(size);
    const IndexLists lists = index_lists(log.events, log.leaves);
    for (const TypeSlice& slice : log.index.slices()) {
      EXPECT_EQ(lists.types.at(slice.type).size(), slice.size);
      EXPECT_EQ(lists.types.at(slice.type).root(), slice.root);
    }
    EXPECT_EQ(lists.types.size(), log.index.slices().size());
    EXPECT_EQ(supersession_index_root(lists.supersessions.size(), lists.supersessions.root()),
              log.index.supersession_root());
  }
}

TEST(IndexProof, TellsWhatIsInAListAndWhatIsNot) {
  const Log log(40);
  const IndexLists lists = index_lists(log.events, log.leaves);
  const auto is_in = [](const IndexList& list, const IndexEntry& entry) {
    const auto there = verify_index_proof(list.size(), list.root(), entry, list.prove(entry));
    EXPECT_TRUE(there) << there.error().message;
    return *there;
  };
  for (const auto& [type, list] : lists.types) {
    for (std::uint64_t i = 0; i < 42; ++i) {
      EXPECT_EQ(is_in(list, type_entry(i, digest(i))),
                i < 40 && type == "type-" + std::to_string(i % 3));
    }
    EXPECT_FALSE(is_in(list, type_entry(3, digest(4))));
  }
  // "Event e has no correction in this log."
  const EventId corrected{digest(1)};
  EXPECT_TRUE(is_in(lists.supersessions, supersession_entry(corrected, 3)));
  EXPECT_FALSE(is_in(lists.supersessions, supersession_entry(corrected, 4)));
  EXPECT_FALSE(is_in(lists.supersessions, supersession_entry(EventId{digest(99)}, 0)));
  EXPECT_FALSE(is_in(IndexList(), supersession_entry(corrected, 3)));
}

TEST(IndexProof, CannotDenyAnEntryThatIsThereNorInventOne) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200; ++round) {
    IndexList list;
    const std::uint64_t size = 1 + random() % 30;
    for (std::uint64_t i = 0; i < size; ++i) {
      list.add(type_entry(3 * i + 1, digest(i)));
    }
    const std::uint64_t wanted = random() % size;
    const IndexEntry there = type_entry(3 * wanted + 1, digest(wanted));
    // Any two entries that do stand in it, said to be neighbours at any place.
    IndexProof lie;
    lie.place = random() % (size + 1);
    const auto shown = [&](std::uint64_t place) { return list.prove(list.entries()[place]).at; };
    if (random() % 4 != 0) {
      lie.before = shown(random() % size);
    }
    if (random() % 4 != 0) {
      lie.at = shown(random() % size);
    }
    const auto denied = verify_index_proof(size, list.root(), there, lie);
    EXPECT_TRUE(!denied || *denied);
    const IndexEntry invented = type_entry(3 * wanted, digest(wanted));
    const auto claimed = verify_index_proof(size, list.root(), invented, lie);
    EXPECT_TRUE(!claimed || !*claimed);
  }
}

TEST(IndexProof, RefusesAnythingAltered) {
  const Log log(40);
  const IndexList list = index_lists(log.events, log.leaves).types.at("type-1");
  const IndexEntry absent = type_entry(6, digest(6));
  const IndexProof honest = list.prove(absent);
  ASSERT_TRUE(honest.before && honest.at);
  const auto holds = [&](const IndexProof& proof) {
    return verify_index_proof(list.size(), list.root(), absent, proof).ok();
  };
  ASSERT_TRUE(holds(honest));
  IndexProof changed = honest;
  ++changed.place;
  EXPECT_FALSE(holds(changed));
  changed = honest;
  changed.before.reset();
  EXPECT_FALSE(holds(changed));
  changed = honest;
  changed.at.reset();
  EXPECT_FALSE(holds(changed));
  for (std::size_t i = 0; i < honest.at->entry.size(); ++i) {
    changed = honest;
    changed.at->entry[i] ^= 1;
    EXPECT_FALSE(holds(changed));
    changed = honest;
    changed.before->entry[i] ^= 1;
    EXPECT_FALSE(holds(changed));
  }
  changed = honest;
  changed.at->path.pop_back();
  EXPECT_FALSE(holds(changed));
  EXPECT_FALSE(verify_index_proof(list.size() * 4, list.root(), absent, honest));
  EXPECT_FALSE(verify_index_proof(0, list.root(), absent, IndexProof{}));
}

}  // namespace
}  // namespace hefu
