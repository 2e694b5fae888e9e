#include "ledger/log/tlog_proof.h"

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/merkle/tree.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

class GoodProof : public testing::Test {
 protected:
  void SetUp() override {
    const auto policy = Policy::parse(reference::vector_file("log/good.tlog-proof.policy"));
    ASSERT_TRUE(policy.ok()) << policy.error().message;
    policy_ = *policy;
    const auto proof = parse_tlog_proof(text_);
    ASSERT_TRUE(proof.ok()) << proof.error().message;
    proof_ = *proof;
  }

  const std::string text_ = reference::vector_file("log/good.tlog-proof");
  const Digest leaf_ = leaf_hash(as_bytes(reference::vector_file("log/good.tlog-proof.leaf")));
  Policy policy_;
  TlogProof proof_;
};

TEST_F(GoodProof, IsAccepted) {
  const auto accepted = verify_tlog_proof(proof_, leaf_, policy_);
  ASSERT_TRUE(accepted.ok()) << accepted.error().message;
  EXPECT_EQ(accepted->checkpoint.origin, "example.com/log1");
  EXPECT_EQ(accepted->checkpoint.size, 33U);
  ASSERT_EQ(accepted->cosignatures.size(), 1U);
  EXPECT_EQ(accepted->cosignatures[0].time, 1767225600U);
}

TEST_F(GoodProof, IsWrittenAgainByteForByte) {
  EXPECT_EQ(proof_.text(), text_);
}

TEST_F(GoodProof, CarriesExtraThatNobodyVouchesFor) {
  proof_.extra = to_bytes("context");
  const auto read = parse_tlog_proof(proof_.text());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, proof_);
  EXPECT_TRUE(verify_tlog_proof(*read, leaf_, policy_).ok());
  proof_.extra = Bytes();
  EXPECT_EQ(parse_tlog_proof(proof_.text())->extra, Bytes());
}

TEST_F(GoodProof, IsRefusedForAnotherEntry) {
  EXPECT_EQ(verify_tlog_proof(proof_, leaf_hash(as_bytes("other")), policy_).error().code,
            Errc::kUnverified);
}

TEST_F(GoodProof, IsRefusedAtAnotherIndex) {
  for (const std::uint64_t index : {0ULL, 6ULL, 8ULL, 32ULL, 33ULL, 9223372036854775807ULL}) {
    proof_.index = index;
    EXPECT_EQ(verify_tlog_proof(proof_, leaf_, policy_).error().code, Errc::kUnverified) << index;
  }
}

TEST_F(GoodProof, IsRefusedWithAnotherPath) {
  TlogProof bent = proof_;
  bent.path[2].bytes[0] ^= 1;
  EXPECT_FALSE(verify_tlog_proof(bent, leaf_, policy_).ok());
  bent = proof_;
  bent.path.pop_back();
  EXPECT_FALSE(verify_tlog_proof(bent, leaf_, policy_).ok());
  bent = proof_;
  std::swap(bent.path[0], bent.path[1]);
  EXPECT_FALSE(verify_tlog_proof(bent, leaf_, policy_).ok());
}

TEST_F(GoodProof, IsRefusedIfTheQuorumIsHigher) {
  std::string strict = reference::vector_file("log/good.tlog-proof.policy");
  strict.replace(strict.find("any"), 3, "all");
  const auto policy = Policy::parse(strict);
  ASSERT_TRUE(policy.ok());
  EXPECT_EQ(verify_tlog_proof(proof_, leaf_, *policy).error().code, Errc::kUnverified);
}

TEST_F(GoodProof, IsRefusedIfTheWitnessIsTheLogsOwn) {
  const std::vector<PublicKey> own{policy_.witnesses()[0].key.key};
  EXPECT_FALSE(verify_tlog_proof(proof_, leaf_, policy_, own).ok());
}

TEST_F(GoodProof, IsRefusedByAPolicyWithoutItsLog) {
  const auto policy = Policy::parse("quorum none\n");
  ASSERT_TRUE(policy.ok());
  EXPECT_EQ(verify_tlog_proof(proof_, leaf_, *policy).error().code, Errc::kUnverified);
}

TEST_F(GoodProof, IsRefusedAfterAnyChangeOfItsText) {
  for (std::size_t i = 0; i < text_.size(); ++i) {
    std::string bent = text_;
    bent[i] = bent[i] == '7' ? '8' : '7';
    const auto read = parse_tlog_proof(bent);
    // The one change that matters to nobody is in the cosignature line of a name then unknown,
    // which leaves the quorum unmet.
    EXPECT_FALSE(read.ok() && verify_tlog_proof(*read, leaf_, policy_).ok()) << "byte " << i;
  }
}

TEST(TlogProof, RefusesFormsThatAreNotItsOwn) {
  const std::string header = "c2sp.org/tlog-proof@v1\n";
  const std::string hash = base64_encode(Bytes(32)) + "\n";
  const std::string rest = "\nanything\n";
  EXPECT_TRUE(parse_tlog_proof(header + "index 0\n" + rest).ok());
  EXPECT_TRUE(parse_tlog_proof(header + "extra AA==\nindex 9\n" + hash + hash + rest).ok());
  for (const std::string& text :
       {std::string(), header, header + rest, header + "index 0\n", header + "index 0\n\n",
        header + "index\n" + rest, header + "index 00\n" + rest, header + "index -1\n" + rest,
        header + "index 9223372036854775808\n" + rest, header + "Index 0\n" + rest,
        header + "index 0\nextra AA==\n" + rest, header + "extra AA\nindex 0\n" + rest,
        header + "extra AB==\nindex 0\n" + rest, header + "extra \n" + rest,
        header + "index 0\nAAAA\n" + rest, header + "index 0\n" + hash,
        header + "index 0\n " + hash + rest, "index 0\n" + rest}) {
    const auto read = parse_tlog_proof(text);
    ASSERT_FALSE(read.ok()) << text;
    EXPECT_EQ(read.error().code, Errc::kInvalid) << text;
  }
  EXPECT_EQ(parse_tlog_proof("c2sp.org/tlog-proof@v2\nindex 0\n" + rest).error().code,
            Errc::kUnsupported);
}

TEST(TlogProof, IsBounded) {
  const std::string header = "c2sp.org/tlog-proof@v1\n";
  const std::string hash = base64_encode(Bytes(32)) + "\n";
  std::string path;
  for (std::size_t i = 0; i < kProofHashesMax; ++i) {
    path += hash;
  }
  EXPECT_TRUE(parse_tlog_proof(header + "index 0\n" + path + "\nx\n").ok());
  EXPECT_EQ(parse_tlog_proof(header + "index 0\n" + path + hash + "\nx\n").error().code,
            Errc::kTooLarge);
  const std::string extra = "extra " + base64_encode(Bytes(kProofExtraBytesMax + 1)) + "\n";
  EXPECT_EQ(parse_tlog_proof(header + extra + "index 0\n\nx\n").error().code, Errc::kTooLarge);
  EXPECT_EQ(parse_tlog_proof(std::string(kProofBytesMax + 1, 'a')).error().code, Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu
