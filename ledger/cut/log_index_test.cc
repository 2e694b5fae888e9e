#include "ledger/cut/log_index.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

Event event_of(const std::string& type) {
  Event event;
  event.type = type;
  return event;
}

Digest leaf(int number) {
  return sha256(as_bytes("leaf " + std::to_string(number)));
}

TEST(LogIndex, ListsEachTypeWithTheRootOverItsPlacesAndLeaves) {
  LogIndex index;
  index.add(0, event_of("b"), leaf(0));
  index.add(1, event_of("a"), leaf(1));
  index.add(2, event_of("b"), leaf(2));

  const auto slices = index.slices();
  ASSERT_EQ(slices.size(), 2U);
  EXPECT_EQ(slices[0].type, "a");
  EXPECT_EQ(slices[0].size, 1U);
  EXPECT_EQ(slices[0].root, leaf_hash(type_index_leaf(1, leaf(1))));
  EXPECT_EQ(slices[1].size, 2U);
  EXPECT_EQ(slices[1].root, node_hash(leaf_hash(type_index_leaf(0, leaf(0))),
                                      leaf_hash(type_index_leaf(2, leaf(2)))));
  EXPECT_EQ(index.type_root(), type_index_root(slices));
}

TEST(LogIndex, ChangesItsRootWhenAnEventIsDroppedMovedOrEdited) {
  const auto root_of = [](const std::vector<std::pair<std::string, int>>& events) {
    LogIndex index;
    for (std::size_t i = 0; i < events.size(); ++i) {
      index.add(i, event_of(events[i].first), leaf(events[i].second));
    }
    return index.type_root();
  };
  const Digest honest = root_of({{"a", 1}, {"b", 2}, {"a", 3}});
  EXPECT_NE(honest, root_of({{"a", 1}, {"b", 2}}));
  EXPECT_NE(honest, root_of({{"a", 3}, {"b", 2}, {"a", 1}}));
  EXPECT_NE(honest, root_of({{"a", 1}, {"b", 2}, {"a", 4}}));
  EXPECT_NE(honest, root_of({{"a", 1}, {"a", 2}, {"a", 3}}));
}

TEST(LogIndex, GivesASupersessionRootThatDependsOnTargetAndPlace) {
  const auto root_of = [](int target, std::uint64_t place) {
    LogIndex index;
    for (std::uint64_t i = 0; i < 3; ++i) {
      Event event = event_of("a");
      if (i == place) {
        event.supersedes = EventId{leaf(target)};
      }
      index.add(i, event, leaf(static_cast<int>(i)));
    }
    return index.supersession_root();
  };
  EXPECT_EQ(root_of(7, 1), root_of(7, 1));
  EXPECT_NE(root_of(7, 1), root_of(8, 1));
  EXPECT_NE(root_of(7, 1), root_of(7, 2));
  EXPECT_NE(root_of(7, 1), LogIndex().supersession_root());
}

TEST(TypeIndexRoot, IsTheDigestOfTheDocumentedText) {
  EXPECT_EQ(type_index_root({}), sha256(as_bytes("hefu/type-index/v1\n")));
  Digest zero;
  EXPECT_EQ(type_index_root({TypeSlice{"anchor", 3, zero}}),
            sha256(as_bytes("hefu/type-index/v1\nanchor\n3\n"
                            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")));
}

}  // namespace
}  // namespace hefu
