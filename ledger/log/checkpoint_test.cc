#include "ledger/log/checkpoint.h"

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/merkle/proof.h"

namespace hefu {
namespace {

SecretKey key_of(std::uint8_t seed_byte) {
  SecretKey::Seed seed{};
  seed.fill(seed_byte);
  return SecretKey::from_seed(seed);
}

const std::string kOrigin = "imust.example/hefu/1";

VerifierKey log_key(const SecretKey& key, const std::string& origin = kOrigin) {
  return VerifierKey::make(origin, kNoteEd25519, key.public_key());
}

Checkpoint some_checkpoint() {
  return {kOrigin, 33, leaf_hash(as_bytes("root"))};
}

std::string with_root(const std::string& origin_and_size) {
  return origin_and_size + base64_encode(empty_root().view()) + "\n";
}

TEST(Checkpoint, IsThreeLines) {
  const Checkpoint checkpoint{"example.com/golden", 0, empty_root()};
  EXPECT_EQ(checkpoint.text(),
            "example.com/golden\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
  const auto read = parse_checkpoint_text(checkpoint.text());
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(*read, checkpoint);
}

TEST(Checkpoint, ReadsTheLargestSizeAndRefusesOneMore) {
  EXPECT_TRUE(parse_checkpoint_text(with_root("a/1\n9223372036854775807\n")).ok());
  EXPECT_FALSE(parse_checkpoint_text(with_root("a/1\n9223372036854775808\n")).ok());
  EXPECT_FALSE(parse_checkpoint_text(with_root("a/1\n18446744073709551616\n")).ok());
}

TEST(Checkpoint, RefusesNumbersThatAreWrittenOtherwise) {
  for (const char* size : {"", "01", "00", "+1", "-1", " 1", "1 ", "0x1", "1e3", "１"}) {
    const auto read = parse_checkpoint_text(with_root("a/1\n" + std::string(size) + "\n"));
    ASSERT_FALSE(read.ok()) << size;
    EXPECT_EQ(read.error().code, Errc::kInvalid);
    EXPECT_NE(read.error().message.find("size"), std::string::npos) << read.error().message;
  }
}

TEST(Checkpoint, RefusesRootsThatAreNotCanonicalBase64OfThirtyTwoBytes) {
  const std::string start = "a/1\n1\n";
  for (const std::string& root :
       {std::string(), std::string("AAAA"), base64_encode(Bytes(31)), base64_encode(Bytes(33)),
        std::string("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"),   // padding left out
        std::string("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV="),  // unused bits not zero
        std::string("47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU="),  // the other alphabet
        std::string("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= ")}) {
    EXPECT_FALSE(parse_checkpoint_text(start + root + "\n").ok()) << root;
  }
}

TEST(Checkpoint, RefusesOriginsThatNoKeyCouldHave) {
  for (const std::string& origin :
       {std::string(), std::string("has space"), std::string("a+b"), std::string(256, 'a'),
        std::string("\xff"), std::string("a\tb"), std::string("a\u00a0b")}) {
    EXPECT_FALSE(parse_checkpoint_text(with_root(origin + "\n1\n")).ok()) << origin;
  }
  EXPECT_TRUE(parse_checkpoint_text(with_root("院校.example/hefu/1\n1\n")).ok());
}

TEST(Checkpoint, RefusesMissingLinesAndExtensionLines) {
  EXPECT_FALSE(parse_checkpoint_text("").ok());
  EXPECT_FALSE(parse_checkpoint_text("a/1\n").ok());
  EXPECT_FALSE(parse_checkpoint_text("a/1\n1\n").ok());
  const std::string text = with_root("a/1\n1\n");
  EXPECT_FALSE(parse_checkpoint_text(text.substr(0, text.size() - 1)).ok());
  EXPECT_EQ(parse_checkpoint_text(text + "extension\n").error().code, Errc::kUnsupported);
  EXPECT_EQ(parse_checkpoint_text(text + "\n").error().code, Errc::kUnsupported);
}

TEST(Checkpoint, OpensWithTheKeyThatSignedIt) {
  const SecretKey key = key_of(1);
  const std::string note = sign_checkpoint(some_checkpoint(), key);
  const auto opened = open_checkpoint(note, log_key(key));
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->checkpoint, some_checkpoint());
  EXPECT_EQ(format_note(opened->note.text, opened->note.signatures), note);
}

TEST(Checkpoint, DoesNotOpenWithAnotherKeyOrAfterAnyChange) {
  const SecretKey key = key_of(1);
  const std::string note = sign_checkpoint(some_checkpoint(), key);
  EXPECT_EQ(open_checkpoint(note, log_key(key_of(2))).error().code, Errc::kUnverified);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string bent = note;
    bent[i] = bent[i] == 'x' ? 'y' : 'x';
    EXPECT_FALSE(open_checkpoint(bent, log_key(key)).ok()) << "byte " << i;
  }
}

// A key may speak for the log it is named after and for no other.
TEST(Checkpoint, DoesNotOpenForAnotherOrigin) {
  const SecretKey key = key_of(1);
  const Checkpoint other{"other.example/hefu/1", 5, empty_root()};
  const std::string text = other.text();
  const std::vector<NoteSignature> lines{sign_note(text, kOrigin, key)};
  const auto opened = open_checkpoint(format_note(text, lines), log_key(key));
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, Errc::kUnverified);
}

TEST(Checkpoint, IsNotOpenedByAWitnessKey) {
  const SecretKey key = key_of(1);
  const std::string note = sign_checkpoint(some_checkpoint(), key);
  const auto witness = VerifierKey::make(kOrigin, kNoteCosignature, key.public_key());
  EXPECT_FALSE(open_checkpoint(note, witness).ok());
}

TEST(Checkpoint, OpensWithEitherKeyDuringARotationUnlessOneLineIsFalse) {
  const SecretKey old_key = key_of(1);
  const SecretKey new_key = key_of(2);
  const std::string text = some_checkpoint().text();
  std::vector<NoteSignature> lines{sign_note(text, kOrigin, old_key),
                                   sign_note(text, kOrigin, new_key)};
  const std::vector<VerifierKey> both{log_key(old_key), log_key(new_key)};
  EXPECT_TRUE(open_checkpoint(format_note(text, lines), both).ok());
  EXPECT_TRUE(open_checkpoint(format_note(text, lines), log_key(new_key)).ok());
  lines[1].bytes[0] ^= 1;
  EXPECT_FALSE(open_checkpoint(format_note(text, lines), both).ok());
  EXPECT_TRUE(open_checkpoint(format_note(text, lines), log_key(old_key)).ok())
      << "a line of an unknown key is ignored";
}

TEST(Checkpoint, IgnoresGreaseLines) {
  const SecretKey key = key_of(1);
  const auto opened = open_checkpoint(sign_checkpoint(some_checkpoint(), key), log_key(key));
  ASSERT_TRUE(opened.ok());
  const std::vector<NoteSignature> grease{{"grease.invalid", 0x01020304, Bytes(61, 7)}};
  EXPECT_TRUE(open_checkpoint(add_signatures(opened->note, grease), log_key(key)).ok());
}

TEST(Checkpoint, TakesAFresherLineInPlaceOfAnOldOne) {
  Note note{"text\n", {{"a", 1, Bytes(4, 1)}, {"b", 2, Bytes(4, 2)}}};
  const std::vector<NoteSignature> lines{{"a", 1, Bytes(4, 9)}, {"a", 3, Bytes(4, 3)}};
  const auto merged = parse_note(add_signatures(note, lines));
  ASSERT_TRUE(merged.ok());
  EXPECT_EQ(merged->signatures,
            (std::vector<NoteSignature>{
                {"a", 1, Bytes(4, 9)}, {"b", 2, Bytes(4, 2)}, {"a", 3, Bytes(4, 3)}}));
}

}  // namespace
}  // namespace hefu
