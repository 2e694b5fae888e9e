#include "ledger/log/log_writer.h"

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

namespace hefu {
namespace {

Bytes entry(std::uint64_t index) {
  Bytes bytes;
  append_be(bytes, index);
  return bytes;
}

LogWriter::ReadBack stored(std::optional<std::uint64_t> flipped = std::nullopt) {
  return [flipped](std::uint64_t begin, std::uint64_t end,
                   const std::function<void(BytesView)>& take) -> Result<void> {
    for (std::uint64_t i = begin; i < end; ++i) {
      Bytes bytes = entry(i);
      if (flipped == i) {
        bytes.back() ^= 1U;
      }
      take(bytes);
    }
    return {};
  };
}

void stage(LogWriter& writer, std::uint64_t count) {
  std::vector<Digest> leaves;
  for (std::uint64_t i = writer.staged_end(); leaves.size() < count; ++i) {
    leaves.push_back(leaf_hash(entry(i)));
  }
  writer.stage(leaves);
}

Digest root_of(std::uint64_t size) {
  MemoryTree tree;
  for (std::uint64_t i = 0; i < size; ++i) {
    tree.append(leaf_hash(entry(i)));
  }
  return tree.root(size);
}

TEST(LogWriter, SignsAtOnceWhenNobodyElseHasToHoldTheEntries) {
  LogWriter writer("example.org/hefu/1", {}, {}, 0);
  EXPECT_EQ(writer.signable(), 0U);
  stage(writer, 300);
  ASSERT_EQ(writer.signable(), 300U);
  auto next = writer.next(300, stored());
  ASSERT_TRUE(next) << next.error().message;
  EXPECT_EQ(next->checkpoint.root, root_of(300));
  EXPECT_FALSE(next->tiles.empty());
  writer.signed_up_to(*std::move(next));
  EXPECT_EQ(writer.signed_size(), 300U);
  EXPECT_EQ(writer.signable(), 300U);
}

TEST(LogWriter, SignsOnlyWhatEnoughOthersHold) {
  LogWriter writer("example.org/hefu/1", {}, {}, 2);
  stage(writer, 10);
  EXPECT_EQ(writer.signable(), 0U);
  writer.held_by("a", 10);
  EXPECT_EQ(writer.signable(), 0U);
  writer.held_by("b", 4);
  EXPECT_EQ(writer.signable(), 4U);
  writer.held_by("c", 7);
  EXPECT_EQ(writer.signable(), 7U);
  auto next = writer.next(7, stored());
  ASSERT_TRUE(next);
  EXPECT_EQ(next->checkpoint.root, root_of(7));
  writer.signed_up_to(*std::move(next));
  EXPECT_EQ(writer.staged_end(), 10U);
  writer.held_by("b", 10);
  EXPECT_EQ(writer.signable(), 10U);
}

TEST(LogWriter, NeverSignsBeyondWhatIsStagedHereNorLessThanBefore) {
  LogWriter writer("example.org/hefu/1", {}, {}, 1);
  stage(writer, 3);
  writer.held_by("a", 1'000);
  ASSERT_EQ(writer.signable(), 3U);
  writer.signed_up_to(*writer.next(3, stored()));
  writer.held_by("a", 0);  // its disk was lost
  EXPECT_EQ(writer.signable(), 3U);
  stage(writer, 1);
  EXPECT_EQ(writer.signable(), 3U);
}

TEST(LogWriter, RefusesToSignForAFlippedBit) {
  for (const std::uint64_t flipped : {0U, 5U, 9U}) {
    LogWriter writer("example.org/hefu/1", {}, {}, 0);
    stage(writer, 10);
    const auto next = writer.next(10, stored(flipped));
    ASSERT_FALSE(next) << flipped;
    EXPECT_EQ(next.error().code, Errc::kCorrupt);
    EXPECT_EQ(writer.signed_size(), 0U);
  }
}

TEST(LogWriter, RefusesToSignForAMissingEntry) {
  LogWriter writer("example.org/hefu/1", {}, {}, 0);
  stage(writer, 10);
  const auto short_read = [](std::uint64_t begin, std::uint64_t end, const auto& take) {
    return stored()(begin, end - 1, take);
  };
  EXPECT_EQ(writer.next(10, short_read).error().code, Errc::kCorrupt);
}

TEST(LogWriter, GivesTheTreeOfAllEntriesHoweverTheyWereGrouped) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    std::mt19937 random(seed);
    LogWriter writer("example.org/hefu/1", {}, {}, 1 + random() % 3);
    while (writer.signed_size() < 2'000) {
      if (random() % 2 == 0) {
        stage(writer, random() % 90);
      }
      writer.held_by(std::string(1, static_cast<char>('a' + random() % 4)),
                     random() % (writer.staged_end() + 1));
      const std::uint64_t size = writer.signable();
      ASSERT_GE(size, writer.signed_size()) << "seed " << seed;
      if (size > writer.signed_size()) {
        auto next = writer.next(size, stored());
        ASSERT_TRUE(next) << "seed " << seed;
        ASSERT_EQ(next->checkpoint.root, root_of(size)) << "seed " << seed;
        writer.signed_up_to(*std::move(next));
      }
    }
  }
}

TEST(LogWriter, HearsSoManyOthersBeforeItGoesOnThatTwoHoldWhateverWasSigned) {
  for (std::size_t others = 0; others < 12; ++others) {
    const std::size_t copies = copies_for(others);
    const std::size_t heard = heard_before_recovery(others, copies);
    EXPECT_LE(copies, others);
    EXPECT_LE(heard, others);
    if (copies > 0) {
      EXPECT_GE(heard + copies, others + std::min<std::size_t>(copies, 2));
    }
  }
  EXPECT_EQ(copies_for(1), 0U);
  EXPECT_EQ(copies_for(2), 1U);
  EXPECT_EQ(copies_for(3), 2U);
}

}  // namespace
}  // namespace hefu
