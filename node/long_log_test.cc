#include <gtest/gtest.h>

#include "tests/support/node_fixture.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;

class LongLog : public NodeFixture {
 protected:
  /// Entries that a node has sent to others.
  [[nodiscard]] std::uint64_t served(std::size_t node) const {
    return nodes_[node]->state().entries_served;
  }
};

TEST_F(LongLog, IsFetchedByANewMemberFromSeveralOthersAtOnceWhilePeopleGoOnRecording) {
  found(4);
  adjust_ = [](std::size_t index, NodeOptions& options) { options.new_log = index < 3; };
  for (std::size_t i = 0; i < 3; ++i) {
    start(i);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(nodes_[i]->wait_until_writing(150s)) << nodes_[i]->status();
  }
  // An import of five sheets, and people beside it: each is answered, whatever waits.
  constexpr std::size_t kSheet = 8'000;
  std::vector<std::future<Result<SubmitReceipt>>> sheets;
  for (std::size_t sheet = 0; sheet < 5; ++sheet) {
    sheets.push_back(std::async(std::launch::async, [&, sheet] {
      return submit(0, federation_->envelopes(0, 100'000 + sheet * kSheet, kSheet),
                    AckLevel::kStored);
    }));
  }
  for (std::size_t person = 0; person < 10; ++person) {
    const auto receipt = submit(0, federation_->envelopes(0, person, 1));
    ASSERT_TRUE(receipt) << receipt.error().message;
  }
  for (auto& sheet : sheets) {
    const auto receipt = sheet.get();
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(receipt->entries.size(), kSheet);
  }
  ASSERT_TRUE(eventually(
      [&] {
        return nodes_[0]->state().own.staged == 0 && head(1, 0).size == head(0, 0).size &&
               head(2, 0).size == head(0, 0).size;
      },
      300s))
      << nodes_[0]->status();
  std::array<std::uint64_t, 3> before{};
  for (std::size_t i = 0; i < 3; ++i) {
    before.at(i) = served(i);
  }
  start(3);
  ASSERT_TRUE(eventually([&] { return head(3, 0).size >= 5 * kSheet + 10; }, 300s))
      << nodes_[3]->status();
  ASSERT_TRUE(eventually([&] { return head(3, 0).root == head(0, 0).root; }, 300s));
  std::size_t helpers = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    helpers += served(i) > before.at(i) + 1'000 ? 1 : 0;
  }
  EXPECT_GE(helpers, 2U);
}

}  // namespace
}  // namespace hefu
