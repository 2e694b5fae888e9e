#include "node/replica.h"

#include <chrono>
#include <cstdio>

#include <gtest/gtest.h>

#include "node/peer_service.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

constexpr Moment kNow{1772000000000};

class ReplicaTest : public ::testing::Test {
 protected:
  void SetUp() override { reopen(); }

  void reopen() {
    replica_.reset();
    store_.reset();
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    auto store = Store::open(dir_.path(), options);
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
    auto replica = Replica::open(*store_, federation_.member(0), keys_, checker_);
    ASSERT_TRUE(replica) << replica.error().message;
    replica_ = std::move(*replica);
  }

  /// Fetches everything up to a checkpoint, in packages of `step`.
  PeerVerdict fetch(const TestLog& log, std::uint64_t size, std::uint64_t step) {
    auto sight = replica_->look_at(log.checkpoint(size), kNow);
    EXPECT_TRUE(sight) << sight.error().message;
    while (sight && replica_->next() < size) {
      const std::uint64_t begin = replica_->next();
      const std::uint64_t end = std::min(begin + step, size);
      const auto diagnosis = replica_->take(log.package(begin, end, size), *sight->target);
      EXPECT_TRUE(diagnosis) << diagnosis.error().message;
      if (!diagnosis->ok()) {
        return *diagnosis;
      }
    }
    EXPECT_TRUE(replica_->settle());
    return {};
  }

  /// Member 0's certificate of new_key_ for a role, signed with another key of its own.
  std::vector<Bytes> certificate(KeyRole role, KeyRole signer) const {
    Event event = federation_.event(0, 1);
    event.type = "key-certification";
    event.fields.clear();
    event.fields["key"] = Value{to_bytes(new_key_.public_key().bytes)};
    event.fields["role"] = Value{std::string(name(role))};
    event.fields["valid_from"] = Value{*Date::from_civil(2026, 1, 1)};
    const std::vector<Bytes> events = {*encode_event(event)};
    return *sign_batch(events, federation_.key(0, signer));
  }
  std::vector<Bytes> event_under_new_key() const {
    const std::vector<Bytes> events = {*encode_event(federation_.event(0, 2))};
    return *sign_batch(events, new_key_);
  }

  TemporaryDir dir_;
  TestFederation federation_{3};
  KeyBook keys_{federation_.charter()};
  EnvelopeChecker checker_{keys_, 2};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Replica> replica_;
  TestLog log_{federation_.member(0).origin, federation_.key(0, KeyRole::kLog)};
  SeededEntropy entropy_{5};
  SecretKey new_key_ = SecretKey::generate(entropy_);  // not in the charter
};

TEST_F(ReplicaTest, EndsWithTheSignedTreeWhateverThePackages) {
  log_.append(federation_.envelopes(0, 0, 700));
  EXPECT_TRUE(fetch(log_, 100, 100).ok());
  EXPECT_TRUE(fetch(log_, 650, 123).ok());
  reopen();
  EXPECT_TRUE(fetch(log_, 700, 7).ok());
  const LogHead head = replica_->head();
  EXPECT_EQ(head.root, log_.tree().root());
  EXPECT_EQ(head.checkpoint, log_.checkpoint());
  EXPECT_EQ(store_->head(replica_->log())->size, 700u);
  EXPECT_EQ(*store_->indexed_size(replica_->log()), 700u);
  // And it serves on what it has, to the byte.
  const PullRequest pull{federation_.member(0).origin, 300, 420, 650, kPackageBytesMax};
  EXPECT_EQ(*make_package(*store_, replica_->log(), pull), log_.package(300, 420, 650));
  EXPECT_EQ(*make_proof(*store_, replica_->log(), {pull.origin, 300, 650}), log_.proof(300, 650));
}

TEST_F(ReplicaTest, KeepsTheLastWholeCheckpointWhileALongerOneIsFetched) {
  log_.append(federation_.envelopes(0, 0, 300));
  EXPECT_TRUE(fetch(log_, 100, 100).ok());
  const auto sight = replica_->look_at(log_.checkpoint(300), kNow);
  ASSERT_TRUE(replica_->take(log_.package(100, 200, 300), *sight->target)->ok());
  ASSERT_TRUE(replica_->settle());
  EXPECT_EQ(replica_->head().checkpoint, log_.checkpoint(100));
  EXPECT_EQ(replica_->head().target, log_.checkpoint(300));
  reopen();
  EXPECT_EQ(replica_->head().size, 200u);
  EXPECT_EQ(replica_->head().target, log_.checkpoint(300));
  // A still longer checkpoint waits until the unfinished one is here.
  log_.append(federation_.envelopes(0, 300, 5));
  EXPECT_EQ(replica_->look_at(log_.checkpoint(), kNow)->target->checkpoint.size, 300u);
}

TEST_F(ReplicaTest, StoresNothingOfAPackageWithAForgedEnvelope) {
  std::vector<Bytes> envelopes = federation_.envelopes(0, 0, 200);
  Envelope forged = *decode_envelope(envelopes[150]);
  forged.signature.bytes[3] ^= 1;
  envelopes[150] = *encode_envelope(forged);
  log_.append(envelopes);  // the log's owner signs it all the same
  const PeerVerdict diagnosis = fetch(log_, 200, 200);
  EXPECT_EQ(diagnosis.fault, Fault::kBadEntry);
  EXPECT_NE(diagnosis.detail.find("entry 150"), std::string::npos) << diagnosis.detail;
  EXPECT_EQ(store_->head(replica_->log())->size, 0u);
  EXPECT_FALSE(store_->entry(replica_->log(), 0));
}

TEST_F(ReplicaTest, StoresNothingSignedByNobodyKnown) {
  const TestFederation strangers(1, 99);
  log_.append(strangers.envelopes(0, 0, 3));
  EXPECT_EQ(fetch(log_, 3, 3).fault, Fault::kUnknownKey);
  EXPECT_EQ(replica_->head().size, 0u);
}

TEST_F(ReplicaTest, StoresNothingThatAnotherMemberSigned) {
  log_.append(federation_.envelopes(1, 0, 3));
  const PeerVerdict diagnosis = fetch(log_, 3, 3);
  EXPECT_EQ(diagnosis.fault, Fault::kUnknownKey);
  EXPECT_NE(diagnosis.detail.find(federation_.member(1).id), std::string::npos);
  EXPECT_EQ(replica_->head().size, 0u);
}

TEST_F(ReplicaTest, StoresNothingThatDoesNotLeadToTheCheckpoint) {
  log_.append(federation_.envelopes(0, 0, 300));
  const auto sight = replica_->look_at(log_.checkpoint(300), kNow);
  Package wrong_proof = log_.package(0, 100, 300);
  wrong_proof.proof.front().bytes[0] ^= 1;
  EXPECT_EQ(replica_->take(wrong_proof, *sight->target)->fault, Fault::kBadProof);
  Package no_proof = log_.package(0, 100, 300);
  no_proof.proof.clear();
  EXPECT_EQ(replica_->take(no_proof, *sight->target)->fault, Fault::kBadProof);
  // Genuine envelopes in another order.
  TestLog reordered(federation_.member(0).origin, federation_.key(0, KeyRole::kLog));
  auto envelopes = federation_.envelopes(0, 0, 300);
  std::swap(envelopes[5], envelopes[6]);
  reordered.append(envelopes);
  EXPECT_EQ(replica_->take(reordered.package(0, 300, 300), *sight->target)->fault,
            Fault::kBadProof);
  EXPECT_EQ(replica_->take(log_.package(50, 100, 300), *sight->target)->fault, Fault::kProtocol);
  Package short_one = log_.package(0, 100, 300);
  short_one.entries.pop_back();
  EXPECT_EQ(replica_->take(short_one, *sight->target)->fault, Fault::kBadEntry);
  short_one = log_.package(0, 100, 300);
  short_one.count = 99;
  EXPECT_EQ(replica_->take(short_one, *sight->target)->fault, Fault::kBadEntry);
  EXPECT_EQ(store_->head(replica_->log())->size, 0u);
  EXPECT_TRUE(replica_->take(log_.package(0, 100, 300), *sight->target)->ok());
}

TEST_F(ReplicaTest, RefusesACheckpointOfAnotherKeyOrLog) {
  TestLog other(federation_.member(0).origin, federation_.key(1, KeyRole::kLog));
  other.append(federation_.envelopes(0, 0, 3));
  EXPECT_EQ(replica_->look_at(other.checkpoint(), kNow).error().code, Errc::kUnverified);
  TestLog foreign(federation_.member(1).origin, federation_.key(1, KeyRole::kLog));
  foreign.append(federation_.envelopes(0, 0, 3));
  EXPECT_FALSE(replica_->look_at(foreign.checkpoint(), kNow));
  EXPECT_FALSE(replica_->look_at("noise", kNow));
}

TEST_F(ReplicaTest, AcceptsAKeyCertifiedInTheSamePackageAndRemembersIt) {
  log_.append(event_under_new_key());  // too early
  EXPECT_EQ(fetch(log_, 1, 1).fault, Fault::kUnknownKey);

  TestLog log(federation_.member(0).origin, federation_.key(0, KeyRole::kLog));
  log.append(certificate(KeyRole::kRegistrar, KeyRole::kRoot));
  log.append(event_under_new_key());
  EXPECT_TRUE(fetch(log, 2, 2).ok());
  const auto signer = keys_.signer(key_id(new_key_.public_key()), federation_.member(0));
  ASSERT_TRUE(signer);
  EXPECT_EQ(signer->member->id, federation_.member(0).id);
  EXPECT_FALSE(keys_.signer(key_id(new_key_.public_key()), federation_.member(1)));
  EXPECT_EQ(store_->certified_keys()->size(), 1u);
}

TEST_F(ReplicaTest, FollowsALogWhoseKeyAnotherMemberHasCertifiedAsItsOwn) {
  CertifiedKey claim;
  claim.member = federation_.member(1).id;
  claim.key = new_key_.public_key();
  claim.valid_from = *Date::from_civil(2026, 1, 1);
  keys_.add(std::span(&claim, 1));  // public keys are public: anybody can write this in its log

  log_.append(certificate(KeyRole::kRegistrar, KeyRole::kRoot));
  log_.append(event_under_new_key());
  const PeerVerdict diagnosis = fetch(log_, 2, 1);
  EXPECT_TRUE(diagnosis.ok()) << diagnosis.detail;
  EXPECT_EQ(replica_->head().size, 2U);
}

TEST_F(ReplicaTest, TakesAMembersLastCertificateOfAKey) {
  CertifiedKey key;
  key.member = federation_.member(0).id;
  key.key = new_key_.public_key();
  key.valid_from = *Date::from_civil(2026, 1, 1);
  key.valid_to = *Date::from_civil(2026, 6, 30);
  keys_.add(std::span(&key, 1));
  const CertifiedKey old = key;
  key.valid_to = *Date::from_civil(2027, 6, 30);  // certified anew, as the hint says
  key.index = 7;
  keys_.add(std::span(&key, 1));
  keys_.add(std::span(&old, 1));  // the old one sent again
  const auto signer = keys_.signer(key_id(key.key), federation_.member(0));
  ASSERT_TRUE(signer);
  EXPECT_EQ(signer->valid_to, Date::from_civil(2027, 6, 30));
}

TEST_F(ReplicaTest, AKeyOfAMemberStaysTheMembersWhateverIsCalledAGuests) {
  CertifiedKey key;
  key.member = federation_.member(0).id;
  key.key = new_key_.public_key();
  key.valid_from = *Date::from_civil(2026, 1, 1);
  CertifiedKey guests = key;
  guests.role = KeyRole::kGuest;
  guests.index = 9;
  for (const auto& order : {std::vector{key, guests}, std::vector{guests, key}}) {
    KeyBook keys(federation_.charter());
    keys.add(order);
    EXPECT_EQ(keys.signer(key_id(key.key), federation_.member(0))->role, KeyRole::kRegistrar);
  }
  guests.key = federation_.key(0, KeyRole::kRegistrar).public_key();
  keys_.add(std::span(&guests, 1));
  EXPECT_EQ(keys_.signer(key_id(guests.key), federation_.member(0))->role, KeyRole::kRegistrar);
}

TEST_F(ReplicaTest, IgnoresACertificateNotSignedByTheMembersRoot) {
  log_.append(certificate(KeyRole::kSeal, KeyRole::kRegistrar));
  EXPECT_TRUE(fetch(log_, 1, 1).ok());
  EXPECT_FALSE(keys_.signer(key_id(new_key_.public_key()), federation_.member(0)));
}

/// The same log with another history from entry `from` on.
TestLog fork_of(const TestFederation& federation, std::uint64_t from, std::uint64_t size) {
  TestLog fork(federation.member(0).origin, federation.key(0, KeyRole::kLog));
  fork.append(federation.envelopes(0, 0, from));
  fork.append(federation.envelopes(0, 5000, size - from));
  return fork;
}

TEST_F(ReplicaTest, QuarantinesALogThatShowsTwoRootsOfOneSize) {
  log_.append(federation_.envelopes(0, 0, 50));
  ASSERT_TRUE(fetch(log_, 50, 50).ok());
  const TestLog fork = fork_of(federation_, 40, 50);
  EXPECT_EQ(replica_->look_at(fork.checkpoint(), kNow)->meaning, Replica::Sight::Meaning::kFork);
  ASSERT_TRUE(replica_->quarantine());
  EXPECT_EQ(replica_->quarantine()->code, "fork");
  EXPECT_EQ(replica_->quarantine()->since.ms, kNow.ms);
  const auto proof = parse_fork_proof(replica_->quarantine()->evidence);
  ASSERT_TRUE(proof);
  EXPECT_TRUE(verify_fork_proof(*proof, std::span(&replica_->log_key(), 1)));
  reopen();
  ASSERT_TRUE(replica_->quarantine());
  EXPECT_EQ(replica_->head().size, 50u);  // the good prefix stays
  log_.append(federation_.envelopes(0, 50, 5));
  EXPECT_EQ(replica_->look_at(log_.checkpoint(), kNow)->meaning, Replica::Sight::Meaning::kKnown);
}

TEST_F(ReplicaTest, QuarantinesALogThatShowsAShorterForkOfItself) {
  log_.append(federation_.envelopes(0, 0, 50));
  ASSERT_TRUE(fetch(log_, 50, 50).ok());
  const TestLog fork = fork_of(federation_, 30, 45);
  EXPECT_EQ(replica_->look_at(fork.checkpoint(), kNow)->meaning, Replica::Sight::Meaning::kFork);
  EXPECT_TRUE(replica_->quarantine());
}

TEST_F(ReplicaTest, QuarantinesALogThatGoesOnFromAnotherPast) {
  log_.append(federation_.envelopes(0, 0, 50));
  ASSERT_TRUE(fetch(log_, 50, 50).ok());
  const TestLog fork = fork_of(federation_, 30, 90);
  const auto sight = replica_->look_at(fork.checkpoint(), kNow);
  ASSERT_EQ(sight->meaning, Replica::Sight::Meaning::kAhead);
  EXPECT_EQ(replica_->take(fork.package(50, 90, 90), *sight->target)->fault, Fault::kBadProof);
  EXPECT_EQ(replica_->head().size, 50u);
  EXPECT_FALSE(replica_->quarantine());  // so far the peer alone may be at fault
  const auto question = replica_->fork_question(*sight->seen);
  ASSERT_TRUE(question);
  EXPECT_EQ(question->old_size, 50u);
  EXPECT_FALSE(*replica_->judge({sha256(as_bytes("x")), {}}, *sight->seen, kNow));
  EXPECT_FALSE(replica_->quarantine());
  EXPECT_TRUE(*replica_->judge(fork.proof(50, 90), *sight->seen, kNow));
  EXPECT_TRUE(replica_->quarantine());
}

TEST_F(ReplicaTest, DoesNotAccuseAnHonestLogOfAPeersBadPackage) {
  log_.append(federation_.envelopes(0, 0, 90));
  ASSERT_TRUE(fetch(log_, 50, 50).ok());
  const auto sight = replica_->look_at(log_.checkpoint(), kNow);
  EXPECT_FALSE(*replica_->judge(log_.proof(50, 90), *sight->seen, kNow));
  EXPECT_FALSE(replica_->quarantine());
  EXPECT_FALSE(*replica_->take_fork_proof(
      ForkProof{log_.tree().root(50), log_.tree().prove_consistency(50, 90), log_.checkpoint(50),
                log_.checkpoint(90)},
      kNow));
}

TEST_F(ReplicaTest, VerifiesAndStoresAtTheRateTheDesignAsksFor) {
  constexpr std::uint64_t kEvents = 60'000;
  constexpr std::uint64_t kBatch = 5'000;
  for (std::uint64_t first = 0; first < kEvents; first += kBatch) {
    log_.append(federation_.envelopes(0, first, kBatch));
  }
  std::vector<Package> packages;
  for (std::uint64_t begin = 0; begin < kEvents; begin += kBatch) {
    packages.push_back(log_.package(begin, begin + kBatch, kEvents));
  }
  const auto sight = replica_->look_at(log_.checkpoint(), kNow);
  const auto begin = std::chrono::steady_clock::now();
  for (const Package& package : packages) {
    ASSERT_TRUE(replica_->take(package, *sight->target)->ok());
  }
  ASSERT_TRUE(replica_->settle());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  std::printf("%.0f events/s verified and stored, %.0f bytes each\n",
              static_cast<double>(kEvents) / took.count(),
              static_cast<double>(packages[0].entries.size()) / kBatch);
  EXPECT_EQ(replica_->head().checkpoint, log_.checkpoint());
}

}  // namespace
}  // namespace hefu
