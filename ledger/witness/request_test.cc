#include "ledger/witness/request.h"

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/log/cosignature.h"
#include "ledger/merkle/proof.h"

namespace hefu {
namespace {

SecretKey key_of(std::uint8_t seed_byte) {
  SecretKey::Seed seed{};
  seed.fill(seed_byte);
  return SecretKey::from_seed(seed);
}

std::string some_note() {
  return sign_checkpoint(Checkpoint{"log.example/1", 9, leaf_hash(as_bytes("root"))}, key_of(1));
}

TEST(AddCheckpointRequest, IsReadAsItWasWritten) {
  const std::vector<Digest> proof{leaf_hash(as_bytes("a")), leaf_hash(as_bytes("b"))};
  const std::string body = format_add_checkpoint(5, proof, some_note());
  EXPECT_TRUE(body.starts_with("old 5\n"));
  const auto request = parse_add_checkpoint(body);
  ASSERT_TRUE(request.ok()) << request.error().message;
  EXPECT_EQ(request->old_size, 5U);
  EXPECT_EQ(request->proof, proof);
  EXPECT_EQ(request->submitted.checkpoint.size, 9U);
  EXPECT_TRUE(parse_add_checkpoint(format_add_checkpoint(0, {}, some_note())).ok());
}

TEST(AddCheckpointRequest, IsRefusedInAnyOtherForm) {
  const std::string note = some_note();
  const std::string hash = base64_encode(Bytes(32)) + "\n";
  for (const std::string& body :
       {std::string(), std::string("old 5\n"), "old 5\n" + hash, std::string("old 5\n\n"),
        "old 5\n" + note, "old\n\n" + note, "old 05\n\n" + note, "old -1\n\n" + note,
        "old 9223372036854775808\n\n" + note, "old  5\n\n" + note, "Old 5\n\n" + note,
        "old 5\r\n\n" + note, "\nold 5\n\n" + note, "old 5\nAAAA\n\n" + note,
        "old 5\n" + hash.substr(0, 43) + "\n\n" + note, "old 5\n\n\n" + note,
        "old 5\n\n" + note.substr(0, note.size() - 1), "old 5\n\n" + note + "junk\n"}) {
    const auto request = parse_add_checkpoint(body);
    ASSERT_FALSE(request.ok()) << body;
    EXPECT_EQ(request.error().code, Errc::kInvalid) << body;
  }
}

TEST(AddCheckpointRequest, HasSixtyThreeHashesAtMost) {
  const std::vector<Digest> most(63);
  EXPECT_TRUE(parse_add_checkpoint(format_add_checkpoint(5, most, some_note())).ok());
  const std::vector<Digest> more(64);
  const auto request = parse_add_checkpoint(format_add_checkpoint(5, more, some_note()));
  ASSERT_FALSE(request.ok());
  EXPECT_EQ(request.error().code, Errc::kTooLarge);
}

class CosignatureAnswer : public testing::Test {
 protected:
  const Note submitted_ = *parse_note(some_note());
  const SecretKey key_ = key_of(2);
  const VerifierKey witness_ = VerifierKey::make("w.example", kNoteCosignature, key_.public_key());
};

TEST_F(CosignatureAnswer, GivesTheLineOfTheWitnessAsked) {
  const NoteSignature own = cosign(submitted_.text, "w.example", key_, 1000);
  const NoteSignature other = cosign(submitted_.text, "v.example", key_of(3), 1001);
  const auto answer = read_cosignature_answer(submitted_, other.line() + own.line(), witness_);
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->line, own);
  EXPECT_EQ(answer->cosignature, (Cosignature{witness_, 1000}));
}

TEST_F(CosignatureAnswer, IsRefusedIfItDoesNotHoldForWhatWasSubmitted) {
  const std::string other_text = Checkpoint{"log.example/1", 10, empty_root()}.text();
  for (const std::string& body : {cosign(other_text, "w.example", key_, 1000).line(),
                                  cosign(submitted_.text, "w.example", key_of(3), 1000).line(),
                                  cosign(submitted_.text, "v.example", key_, 1000).line(),
                                  sign_note(submitted_.text, "w.example", key_).line()}) {
    const auto answer = read_cosignature_answer(submitted_, body, witness_);
    ASSERT_FALSE(answer.ok()) << body;
    EXPECT_EQ(answer.error().code, Errc::kUnverified);
  }
  for (const char* body : {"", "\n", "<html>", "cosigned\n"}) {
    EXPECT_FALSE(read_cosignature_answer(submitted_, body, witness_).ok()) << body;
  }
}

TEST_F(CosignatureAnswer, IsRefusedWithoutATime) {
  Bytes bytes(8, 0);
  append(bytes, sign(key_, as_bytes("cosignature/v1\ntime 0\n" + submitted_.text)).bytes);
  const NoteSignature undated{"w.example", witness_.id, bytes};
  EXPECT_FALSE(read_cosignature_answer(submitted_, undated.line(), witness_).ok());
}

TEST(SizeAnswer, IsOneNumberAndANewline) {
  EXPECT_EQ(*read_size_answer("0\n"), 0U);
  EXPECT_EQ(*read_size_answer("33\n"), 33U);
  for (const char* body :
       {"", "33", "033\n", "33\n\n", "33 \n", "-1\n", "old 33\n", "conflict\n"}) {
    EXPECT_FALSE(read_size_answer(body).ok()) << body;
  }
}

}  // namespace
}  // namespace hefu
