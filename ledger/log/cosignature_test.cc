#include "ledger/log/cosignature.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/log/checkpoint.h"
#include "ledger/merkle/proof.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

SecretKey key_of(std::uint8_t seed_byte) {
  SecretKey::Seed seed{};
  seed.fill(seed_byte);
  return SecretKey::from_seed(seed);
}

const std::string kText = Checkpoint{"log.example/1", 7, empty_root()}.text();

VerifierKey witness_key(const std::string& name, const SecretKey& key) {
  return VerifierKey::make(name, kNoteCosignature, key.public_key());
}

class CosignatureVectors : public testing::Test {
 protected:
  const boost::json::value vectors_ =
      boost::json::parse(reference::vector_file("log/cosignature.json"));

  std::string text(const char* name) const { return std::string(vectors_.at(name).as_string()); }
};

TEST_F(CosignatureVectors, VerifyWithTheirTimes) {
  const auto note = parse_note(text("cosigned_checkpoint"));
  ASSERT_TRUE(note.ok());
  std::vector<VerifierKey> witnesses;
  for (const boost::json::value& vkey : vectors_.at("vkeys").as_array()) {
    const auto key = VerifierKey::parse(std::string(vkey.as_string()));
    ASSERT_TRUE(key.ok());
    witnesses.push_back(*key);
  }
  const auto cosignatures = verify_cosignatures(*note, witnesses);
  ASSERT_TRUE(cosignatures.ok());
  ASSERT_EQ(cosignatures->size(), 2U);
  EXPECT_EQ((*cosignatures)[0].witness, witnesses[0]);
  EXPECT_EQ((*cosignatures)[0].time, vectors_.at("time").to_number<std::uint64_t>());
  EXPECT_EQ((*cosignatures)[1].witness, witnesses[1]);
  EXPECT_EQ((*cosignatures)[1].time, 1767225605U);
}

// The secret key behind the vector is not published, so the bytes we would sign are compared.
TEST_F(CosignatureVectors, SignTheSameMessageInTheSameFrame) {
  const SecretKey key = key_of(3);
  const auto time = vectors_.at("time").to_number<std::uint64_t>();
  const NoteSignature line = cosign(text("checkpoint_text"), "example.com/w1", key, time);
  ASSERT_EQ(line.bytes.size(), 72U);
  EXPECT_EQ(hex_encode(BytesView(line.bytes).first(8)), text("timestamp_bytes"));
  const auto signature = Signature::from_bytes(BytesView(line.bytes).subspan(8));
  ASSERT_TRUE(signature.has_value());
  const auto message = hex_decode(text("signed_message_hex"));
  ASSERT_TRUE(message.has_value());
  EXPECT_TRUE(verify(key.public_key(), *message, *signature));

  const auto published = parse_signature_lines(text("signature_line"));
  ASSERT_TRUE(published.ok());
  EXPECT_EQ(published->front().line(), text("signature_line"));
  const auto vkey = VerifierKey::parse(text("vkey"));
  ASSERT_TRUE(vkey.ok());
  EXPECT_EQ(published->front().key_id, vkey->id);
}

TEST(Cosignature, HoldsForTheWitnessThatMadeItAndIsDated) {
  const SecretKey key = key_of(1);
  const Note note{kText, {cosign(kText, "w.example", key, 1767225600)}};
  const std::vector<VerifierKey> known{witness_key("w.example", key)};
  const auto verified = verify_cosignatures(note, known);
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(*verified, (std::vector<Cosignature>{{known[0], 1767225600}}));
}

TEST(Cosignature, IsIgnoredIfTheWitnessIsUnknown) {
  const SecretKey key = key_of(1);
  const Note note{kText, {cosign(kText, "w.example", key, 5)}};
  const std::vector<VerifierKey> others{
      witness_key("other.example", key), witness_key("w.example", key_of(2)),
      VerifierKey::make("w.example", kNoteEd25519, key.public_key())};
  const auto verified = verify_cosignatures(note, others);
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified->empty());
}

TEST(Cosignature, IsRefusedAfterAnyChange) {
  const SecretKey key = key_of(1);
  const std::vector<VerifierKey> known{witness_key("w.example", key)};
  const NoteSignature line = cosign(kText, "w.example", key, 1767225600);
  for (std::size_t i = 0; i < line.bytes.size(); ++i) {
    Note bent{kText, {line}};
    bent.signatures[0].bytes[i] ^= 1;
    const auto verified = verify_cosignatures(bent, known);
    ASSERT_FALSE(verified.ok()) << "byte " << i;
    EXPECT_EQ(verified.error().code, Errc::kUnverified);
  }
  const std::string other_text = Checkpoint{"log.example/1", 8, empty_root()}.text();
  EXPECT_FALSE(verify_cosignatures(Note{other_text, {line}}, known).ok());
  for (const std::size_t size : {1U, 64U, 71U, 73U}) {
    Note cut{kText, {line}};
    cut.signatures[0].bytes.resize(size);
    EXPECT_FALSE(verify_cosignatures(cut, known).ok()) << size << " bytes";
  }
}

TEST(Cosignature, CannotBeMadeFromALogSignature) {
  const SecretKey key = key_of(1);
  NoteSignature line = sign_note(kText, "w.example", key);
  const VerifierKey known = witness_key("w.example", key);
  line.key_id = known.id;
  line.bytes.insert(line.bytes.begin(), 8, 0);
  EXPECT_FALSE(verify_cosignatures(Note{kText, {line}}, std::vector{known}).ok());
}

TEST(Cosignature, IsNotLookedForUnderAKeyOfAnotherType) {
  const SecretKey key = key_of(1);
  VerifierKey log_key = VerifierKey::make("w.example", kNoteEd25519, key.public_key());
  const NoteSignature line = cosign(kText, "w.example", key, 5);
  log_key.id = line.key_id;
  const auto verified = verify_cosignatures(Note{kText, {line}}, std::vector{log_key});
  ASSERT_TRUE(verified.ok());
  EXPECT_TRUE(verified->empty());
}

TEST(Cosignature, IsRefusedBeyondTheLastSecond) {
  const SecretKey key = key_of(1);
  const VerifierKey known = witness_key("w.example", key);
  for (const std::uint64_t time : {(std::uint64_t{1} << 63) - 1, std::uint64_t{1} << 63}) {
    Bytes bytes;
    append_be(bytes, time);
    const std::string message = "cosignature/v1\ntime " + std::to_string(time) + "\n" + kText;
    append(bytes, sign(key, as_bytes(message)).bytes);
    const Note note{kText, {{"w.example", known.id, bytes}}};
    EXPECT_EQ(verify_cosignatures(note, std::vector{known}).ok(), time < std::uint64_t{1} << 63);
  }
}

TEST(Cosignature, CountsAWitnessOnce) {
  const SecretKey key = key_of(1);
  const std::vector<VerifierKey> known{witness_key("w.example", key), witness_key("w.example", key),
                                       witness_key("alias.example", key)};
  const Note note{kText,
                  {cosign(kText, "w.example", key, 5), cosign(kText, "w.example", key, 6),
                   cosign(kText, "alias.example", key, 7)}};
  const auto verified = verify_cosignatures(note, known);
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(*verified, (std::vector<Cosignature>{{known[0], 5}}));
}

TEST(Cosignature, IsRefusedIfTwoKnownKeysCannotBeToldApart) {
  const SecretKey key = key_of(1);
  VerifierKey twin = witness_key("w.example", key_of(2));
  twin.id = witness_key("w.example", key).id;
  const std::vector<VerifierKey> known{witness_key("w.example", key), twin};
  const Note note{kText, {cosign(kText, "w.example", key, 5)}};
  EXPECT_EQ(verify_cosignatures(note, known).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace hefu
