#include "ledger/log/fork_proof.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/merkle/tree.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

SecretKey key_of(std::uint8_t seed_byte) {
  SecretKey::Seed seed{};
  seed.fill(seed_byte);
  return SecretKey::from_seed(seed);
}

class ForkVector : public testing::Test {
 protected:
  void SetUp() override {
    const auto json = boost::json::parse(reference::vector_file("log/add_checkpoint.json"));
    const auto key = VerifierKey::parse(std::string(json.at("log_vkey").as_string()));
    ASSERT_TRUE(key.ok());
    keys_ = {*key};
    const auto proof = parse_fork_proof(text_);
    ASSERT_TRUE(proof.ok()) << proof.error().message;
    proof_ = *proof;
  }

  const std::string text_ = reference::vector_file("log/fork.tlog-fork-proof");
  std::vector<VerifierKey> keys_;
  ForkProof proof_;
};

TEST_F(ForkVector, ShowsTheFork) {
  const auto fork = verify_fork_proof(proof_, keys_);
  ASSERT_TRUE(fork.ok()) << fork.error().message;
  EXPECT_EQ(fork->first.size, 33U);
  EXPECT_EQ(fork->second.size, 40U);
  EXPECT_EQ(fork->first.origin, "example.com/log1");
}

TEST_F(ForkVector, IsWrittenAgainByteForByte) {
  EXPECT_EQ(proof_.text(), text_);
}

TEST_F(ForkVector, ShowsNothingAfterAnyChange) {
  for (std::size_t i = 0; i < text_.size(); ++i) {
    std::string bent = text_;
    bent[i] = bent[i] == '7' ? '8' : '7';
    const auto read = parse_fork_proof(bent);
    EXPECT_FALSE(read.ok() && verify_fork_proof(*read, keys_).ok()) << "byte " << i;
  }
}

TEST_F(ForkVector, ShowsNothingAboutAnotherLog) {
  const std::vector<VerifierKey> other{
      VerifierKey::make(keys_[0].name, kNoteEd25519, key_of(1).public_key())};
  EXPECT_EQ(verify_fork_proof(proof_, other).error().code, Errc::kUnverified);
  EXPECT_FALSE(verify_fork_proof(proof_, {}).ok());
}

/// A log that forks at `kForkAt`: both branches share what is before.
class Forked : public testing::Test {
 protected:
  static constexpr std::uint64_t kForkAt = 20;

  Forked() {
    for (std::uint64_t i = 0; i < 50; ++i) {
      const std::string left = std::to_string(i);
      left_.append(leaf_hash(as_bytes(left)));
      right_.append(leaf_hash(as_bytes(i < kForkAt ? left : left + "'")));
    }
  }

  std::string note(const MemoryTree& tree, std::uint64_t size) const {
    return sign_checkpoint(Checkpoint{"log.example/1", size, tree.root(size)}, key_);
  }

  const SecretKey key_ = key_of(1);
  const std::vector<VerifierKey> keys_{
      VerifierKey::make("log.example/1", kNoteEd25519, key_.public_key())};
  MemoryTree left_;
  MemoryTree right_;
};

TEST_F(Forked, IsProvenAtEveryPairOfSizesAfterTheForkAndAtNoneBefore) {
  for (std::uint64_t a = 0; a <= left_.size(); ++a) {
    for (std::uint64_t b = a; b <= right_.size(); ++b) {
      const auto proof = make_fork_proof(note(left_, a), note(right_, b), keys_, right_.reader());
      if (a <= kForkAt) {
        ASSERT_FALSE(proof.ok()) << a << " " << b;
        EXPECT_EQ(proof.error().code, Errc::kInvalid);
        continue;
      }
      ASSERT_TRUE(proof.ok()) << a << " " << b << " " << proof.error().message;
      const auto read = parse_fork_proof(proof->text());
      ASSERT_TRUE(read.ok());
      EXPECT_EQ(*read, *proof);
      const auto fork = verify_fork_proof(*read, keys_);
      ASSERT_TRUE(fork.ok()) << fork.error().message;
      EXPECT_EQ(fork->first.size, a);
      EXPECT_EQ(fork->second.size, b);
    }
  }
}

TEST_F(Forked, IsProvenWhicheverCheckpointIsNamedFirst) {
  const auto proof = make_fork_proof(note(right_, 40), note(left_, 30), keys_, right_.reader());
  ASSERT_TRUE(proof.ok()) << proof.error().message;
  EXPECT_TRUE(verify_fork_proof(*proof, keys_).ok());
}

TEST_F(Forked, IsNotProvenFromTheWrongTree) {
  const auto proof = make_fork_proof(note(left_, 30), note(right_, 40), keys_, left_.reader());
  ASSERT_FALSE(proof.ok());
  EXPECT_EQ(proof.error().code, Errc::kUnverified);
}

// An innocent log: nothing an accuser writes may convict it.
TEST_F(Forked, IsNotInventedAgainstAnHonestLog) {
  for (std::uint64_t a = 1; a <= 50; ++a) {
    for (std::uint64_t b = a; b <= 50; ++b) {
      ForkProof honest{left_.root(a), left_.prove_consistency(a, b), note(left_, a),
                       note(left_, b)};
      EXPECT_FALSE(verify_fork_proof(honest, keys_).ok());
      ForkProof lie = honest;
      lie.prefix = right_.root(a);
      EXPECT_FALSE(verify_fork_proof(lie, keys_).ok());
      lie.proof = right_.prove_consistency(a, b);
      EXPECT_FALSE(verify_fork_proof(lie, keys_).ok());
      ForkProof swapped{left_.root(b), {}, note(left_, b), note(left_, a)};
      EXPECT_FALSE(verify_fork_proof(swapped, keys_).ok());
    }
  }
}

TEST_F(Forked, IsNotShownByCheckpointsOfTwoLogs) {
  const SecretKey other = key_of(2);
  std::vector<VerifierKey> both = keys_;
  both.push_back(VerifierKey::make("log.example/2", kNoteEd25519, other.public_key()));
  const std::string other_note =
      sign_checkpoint(Checkpoint{"log.example/2", 30, right_.root(30)}, other);
  const ForkProof proof{right_.root(30), {}, note(left_, 30), other_note};
  EXPECT_FALSE(verify_fork_proof(proof, both).ok());
  EXPECT_EQ(make_fork_proof(note(left_, 30), other_note, both, right_.reader()).error().code,
            Errc::kInvalid);
}

TEST_F(Forked, IsShownAcrossARotationOfTheLogsKey) {
  const SecretKey new_key = key_of(2);
  std::vector<VerifierKey> both = keys_;
  both.push_back(VerifierKey::make("log.example/1", kNoteEd25519, new_key.public_key()));
  const std::string later =
      sign_checkpoint(Checkpoint{"log.example/1", 40, right_.root(40)}, new_key);
  const auto proof = make_fork_proof(note(left_, 30), later, both, right_.reader());
  ASSERT_TRUE(proof.ok());
  EXPECT_TRUE(verify_fork_proof(*proof, both).ok());
  EXPECT_FALSE(verify_fork_proof(*proof, keys_).ok());
}

TEST(ForkProof, RefusesFormsThatAreNotItsOwn) {
  const std::string header = "tlog-fork-proof/v0\n";
  const std::string prefix = "prefix 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  const std::string note = "a\n\nsignature\n";
  EXPECT_TRUE(parse_fork_proof(header + prefix + "\n" + note + "\n" + note).ok());
  for (const std::string& text :
       {std::string(), header, header + prefix, header + prefix + "\n",
        header + prefix + "\n" + note, header + prefix + "\n" + note + "\n",
        header + "\n" + note + "\n" + note, header + "prefix AAAA\n\n" + note + "\n" + note,
        prefix + "\n" + note + "\n" + note, header + prefix + "AAAA\n\n" + note + "\n" + note}) {
    const auto read = parse_fork_proof(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Errc::kInvalid);
  }
  EXPECT_EQ(parse_fork_proof("tlog-fork-proof/v1\n").error().code, Errc::kUnsupported);
  EXPECT_EQ(parse_fork_proof(std::string(kForkProofBytesMax + 1, 'a')).error().code,
            Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu
