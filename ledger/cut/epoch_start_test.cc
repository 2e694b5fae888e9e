#include "ledger/cut/epoch_start.h"

#include <gtest/gtest.h>

#include "ledger/cut/cut.h"
#include "ledger/event/catalogue.h"
#include "tests/support/federation.h"

namespace hefu {
namespace {

/// Member 0 after its first log ended at 7 entries; its log key is that of member 1 of another
/// federation.
class EpochStartTest : public ::testing::Test {
 protected:
  EpochStartTest() : charter_(federation_.charter()) {
    for (Member& member : charter_.members) {
      if (member.id != federation_.member(0).id) {
        continue;
      }
      for (const auto& [role, key] : member.keys) {
        member.terms.push_back({role, key, std::nullopt,
                                role == KeyRole::kLog ? std::optional(kEnded) : std::nullopt});
      }
      member.terms.push_back({KeyRole::kLog, new_key().public_key(), kEnded, std::nullopt});
      member.keys.erase(KeyRole::kLog);
      member.keys.emplace(KeyRole::kLog, new_key().public_key());
      Checkpoint end{member.origin, 7, sha256(as_bytes("seven"))};
      checkpoint_ = note_of(end, old_log_key());
      member.ended_logs.push_back(
          {member.origin, 7, end.root, checkpoint_, kEnded, sha256(as_bytes("decision"))});
      member.origin = member.next_origin();
    }
    charter_.index_keys();
  }
  static std::string note_of(const Checkpoint& checkpoint, const SecretKey& key) {
    return sign_checkpoint(checkpoint, key);
  }
  [[nodiscard]] SecretKey old_log_key() const { return federation_.key(0, KeyRole::kLog); }
  [[nodiscard]] SecretKey new_key() const { return other_.key(1, KeyRole::kLog); }
  [[nodiscard]] const Member& present() const { return *charter_.member(federation_.member(0).id); }
  [[nodiscard]] const Member& past() const { return charter_.ended.at(0); }
  [[nodiscard]] Event event() const {
    return make_epoch_start(present().id, epoch_start_of(present()), Moment{1'772'000'000'000},
                            {7});
  }
  static Envelope sealed(const Event& event, const SecretKey& key) {
    const Bytes bytes = *encode_event(event);
    return *decode_envelope(sign_batch(std::span(&bytes, 1), key)->front());
  }

  static constexpr Moment kEnded{1'771'000'000'000};
  TestFederation federation_{4};
  TestFederation other_{2, 99};
  Charter charter_;
  std::string checkpoint_;
};

TEST_F(EpochStartTest, SaysWhichLogTheNewOneContinues) {
  const auto read = open_epoch_start(present(), sealed(event(), new_key()), event());
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->previous, federation_.member(0).origin);
  EXPECT_EQ(read->size, 7U);
  EXPECT_TRUE(validate(event(), Catalogue())) << "as the protocol says it is";
}

TEST_F(EpochStartTest, SignedByAnyOtherKeySaysNothing) {
  for (const SecretKey& key : {old_log_key(), federation_.key(0, KeyRole::kRegistrar)}) {
    const auto read = open_epoch_start(present(), sealed(event(), key), event());
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::kUnverified);
  }
}

TEST_F(EpochStartTest, OfAnotherEndThanWasDecidedIsRefused) {
  EpochStart other = epoch_start_of(present());
  other.size = 8;
  const Event made = make_epoch_start(present().id, other, Moment{1'772'000'000'000}, {7});
  EXPECT_FALSE(open_epoch_start(present(), sealed(made, new_key()), made));
}

TEST_F(EpochStartTest, NamesTheFieldThatIsMissing) {
  for (const char* field : {"previous", "size", "root", "decision"}) {
    Event made = event();
    made.fields.erase(field);
    const auto read = open_epoch_start(present(), sealed(made, new_key()), made);
    ASSERT_FALSE(read);
    EXPECT_NE(read.error().message.find(field), std::string::npos) << read.error().message;
  }
}

TEST_F(EpochStartTest, EachEpochHasItsOwnKeys) {
  EXPECT_EQ(past().log_keys(), std::vector{old_log_key().public_key()});
  EXPECT_EQ(present().log_keys(), std::vector{new_key().public_key()});
  EXPECT_EQ(charter_.by_origin(past().origin), &past());
  EXPECT_EQ(charter_.by_log_name("m0.example@1"), &past());
  EXPECT_EQ(charter_.by_log_name("m0.example"), &present());
  // Whoever has the old key can neither speak for the new log nor frame it.
  const Checkpoint forged{present().origin, 3, sha256(as_bytes("forged"))};
  EXPECT_FALSE(open_own(present(), note_of(forged, old_log_key())));
  EXPECT_TRUE(open_own(present(), note_of(forged, new_key())));
}

TEST_F(EpochStartTest, NothingBeyondTheEndOfTheOldLogIsACheckpointOfIt) {
  const Checkpoint before{past().origin, 6, sha256(as_bytes("six"))};
  const Checkpoint beyond{past().origin, 8, sha256(as_bytes("eight"))};
  const Checkpoint beside{past().origin, 7, sha256(as_bytes("another seven"))};
  EXPECT_TRUE(open_own(past(), note_of(before, old_log_key())));
  EXPECT_TRUE(open_own(past(), checkpoint_));
  for (const Checkpoint& refused : {beyond, beside}) {
    const auto opened = open_own(past(), note_of(refused, old_log_key()));
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::kUnverified);
  }
}

TEST_F(EpochStartTest, TheEndNeedsNoWitnessesAndWhatStandsBelowDoes) {
  EXPECT_TRUE(open_cosigned(charter_, past(), checkpoint_));
  const Checkpoint before{past().origin, 6, sha256(as_bytes("six"))};
  EXPECT_FALSE(open_cosigned(charter_, past(), note_of(before, old_log_key())));
  EXPECT_EQ(end_dated(charter_, past()), kEnded) << "the decision dates it";
}

}  // namespace
}  // namespace hefu
