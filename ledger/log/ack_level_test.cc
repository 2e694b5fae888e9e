#include "ledger/log/ack_level.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

TEST(AckLevel, IsWrittenAsItIsRead) {
  for (const AckLevel level : {AckLevel::kStored, AckLevel::kReplicated, AckLevel::kWitnessed}) {
    EXPECT_EQ(ack_level(name(level)), level);
  }
  EXPECT_FALSE(ack_level("durable"));
}

}  // namespace
}  // namespace hefu
