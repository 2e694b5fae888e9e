#include "ledger/log/writer_start.h"

#include <gtest/gtest.h>

#include "ledger/log/checkpoint.h"

namespace hefu {
namespace {

SecretKey key_of(std::uint8_t number) {
  SecretKey::Seed seed{};
  seed[0] = number;
  return SecretKey::from_seed(seed);
}

constexpr const char* kOrigin = "a.example/hefu/1";

VerifierKey verifier(std::uint8_t number, const std::string& origin = kOrigin) {
  return VerifierKey::make(origin, kNoteEd25519, key_of(number).public_key());
}

TEST(WriterStart, IsReadBackAsItWasSigned) {
  for (const std::uint64_t number :
       {std::uint64_t{0}, std::uint64_t{1} << 20U, ~std::uint64_t{0}}) {
    const auto note = sign_writer_start(kOrigin, number, key_of(1));
    const auto read = open_writer_start(note, verifier(1));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, number);
  }
}

TEST(WriterStart, IsRefusedUnderAnotherKeyOrName) {
  const auto note = sign_writer_start(kOrigin, 7, key_of(1));
  EXPECT_EQ(open_writer_start(note, verifier(2)).error().code, Errc::kUnverified);
  EXPECT_FALSE(open_writer_start(note, verifier(1, "b.example/hefu/1")));
}

TEST(WriterStart, IsRefusedWhenAnyByteIsChanged) {
  const auto note = sign_writer_start(kOrigin, 12345, key_of(1));
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto read = open_writer_start(changed, verifier(1));
    EXPECT_FALSE(read && *read != 12345) << i;
  }
  EXPECT_FALSE(open_writer_start("", verifier(1)));
}

TEST(WriterStart, IsNoCheckpointAndNoCheckpointIsOne) {
  const auto note = sign_writer_start(kOrigin, 7, key_of(1));
  EXPECT_FALSE(open_checkpoint(note, verifier(1)));
  const auto checkpoint = sign_checkpoint(Checkpoint{kOrigin, 7, sha256(as_bytes("x"))}, key_of(1));
  EXPECT_FALSE(open_writer_start(checkpoint, verifier(1)));
}

}  // namespace
}  // namespace hefu
