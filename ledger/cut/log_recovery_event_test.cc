#include "ledger/cut/log_recovery_event.h"

#include <gtest/gtest.h>

#include "ledger/event/catalogue.h"
#include "tests/support/federation.h"

namespace hefu {
namespace {

class LogRecoveryEventTest : public ::testing::Test {
 protected:
  [[nodiscard]] LogRecoveryEvent recovery() const {
    return {12, 40, 3, "a checkpoint", {federation_.member(1).id, federation_.member(2).id}};
  }
  [[nodiscard]] Event event() const {
    return make_log_recovery(federation_.member(0).id, recovery(), Moment{1'772'000'000'000}, {7});
  }
  [[nodiscard]] Envelope sealed(const Event& event, KeyRole role) const {
    const Bytes bytes = *encode_event(event);
    return *decode_envelope(sign_batch(std::span(&bytes, 1), federation_.key(0, role))->front());
  }

  TestFederation federation_{3};
};

TEST_F(LogRecoveryEventTest, SaysWhatItWasMadeFrom) {
  const Event made = event();
  const auto read = open_log_recovery(federation_.member(0), sealed(made, KeyRole::kLog), made);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, recovery());
}

TEST_F(LogRecoveryEventTest, IsWhatTheProtocolSaysItIs) {
  const auto valid = validate(event(), Catalogue());
  EXPECT_TRUE(valid) << valid.error().message;
}

TEST_F(LogRecoveryEventTest, OfALogThatWasNeverSignedHasNoCheckpoint) {
  LogRecoveryEvent unsigned_yet = recovery();
  unsigned_yet.checkpoint.clear();
  const Event made =
      make_log_recovery(federation_.member(0).id, unsigned_yet, Moment{1'772'000'000'000}, {7});
  EXPECT_EQ(made.field("checkpoint"), nullptr);
  EXPECT_TRUE(validate(made, Catalogue()));
  EXPECT_EQ(*open_log_recovery(federation_.member(0), sealed(made, KeyRole::kLog), made),
            unsigned_yet);
}

TEST_F(LogRecoveryEventTest, OfAnotherKeyThanTheLogsSaysNothing) {
  const Event made = event();
  const auto read =
      open_log_recovery(federation_.member(0), sealed(made, KeyRole::kRegistrar), made);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kUnverified);
  EXPECT_FALSE(open_log_recovery(federation_.member(1), sealed(made, KeyRole::kLog), made));
}

TEST_F(LogRecoveryEventTest, NamesTheFieldThatIsMissing) {
  for (const char* field : {"size_before", "size_after", "staged", "sources"}) {
    Event broken = event();
    broken.fields.erase(field);
    const auto read =
        open_log_recovery(federation_.member(0), sealed(broken, KeyRole::kLog), broken);
    ASSERT_FALSE(read) << field;
    EXPECT_NE(read.error().message.find(field), std::string::npos);
  }
  Event negative = event();
  negative.fields["staged"] = Value{std::int64_t{-1}};
  EXPECT_FALSE(open_log_recovery(federation_.member(0), sealed(negative, KeyRole::kLog), negative));
}

}  // namespace
}  // namespace hefu
