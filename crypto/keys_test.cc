#include "crypto/keys.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <sodium.h>

#include "crypto/encoding.h"
#include "crypto/system_entropy.h"

namespace hefu {
namespace {

SecretKey key_from_hex(std::string_view seed) {
  const Bytes bytes = hex_decode(seed).value();
  return SecretKey::from_seed(std::span<const std::uint8_t, SecretKey::kSeedSize>(bytes));
}

bool is_zero(BytesView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

struct PublishedSignature {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032 §7.1, tests 1 to 3.
constexpr PublishedSignature kRfc8032[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(Ed25519, MakesTheSignaturesOfTheRfc) {
  for (const PublishedSignature& published : kRfc8032) {
    const SecretKey key = key_from_hex(published.seed);
    EXPECT_EQ(hex_encode(key.public_key().bytes), published.public_key);
    const Bytes message = hex_decode(published.message).value();
    const Signature signature = sign(key, message);
    EXPECT_EQ(hex_encode(signature.bytes), published.signature);
    EXPECT_TRUE(verify(key.public_key(), message, signature));
  }
}

TEST(Ed25519, RefusesEveryChangedBitOfSignatureKeyAndMessage) {
  const SecretKey key = key_from_hex(kRfc8032[2].seed);
  const Bytes message{1, 2, 3};
  const Signature signature = sign(key, message);
  for (std::size_t bit = 0; bit < Signature::kSize * 8; ++bit) {
    Signature changed = signature;
    changed.bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_FALSE(verify(key.public_key(), message, changed)) << bit;
  }
  for (std::size_t bit = 0; bit < PublicKey::kSize * 8; ++bit) {
    PublicKey changed = key.public_key();
    changed.bytes[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_FALSE(verify(changed, message, signature)) << bit;
  }
  for (std::size_t bit = 0; bit < message.size() * 8; ++bit) {
    Bytes changed = message;
    changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
    EXPECT_FALSE(verify(key.public_key(), changed, signature)) << bit;
  }
  EXPECT_FALSE(verify(key.public_key(), {}, signature));
}

// S and S + L satisfy the same equation; only the smaller one is a signature (RFC 8032 §5.1.7).
TEST(Ed25519, RefusesTheSameSignatureWithTheGroupOrderAdded) {
  const Bytes order =
      hex_decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  const SecretKey key = key_from_hex(kRfc8032[0].seed);
  Signature signature = sign(key, {});
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned sum = carry + signature.bytes[32 + i] + order[i];
    signature.bytes[32 + i] = static_cast<std::uint8_t>(sum & 0xff);
    carry = sum >> 8;
  }
  ASSERT_EQ(carry, 0u);
  EXPECT_FALSE(verify(key.public_key(), {}, signature));
}

TEST(PublicKey, AndSignatureAreReadFromExactlyTheirLength) {
  const Bytes bytes(65, 7);
  const BytesView view(bytes);
  for (const std::size_t size : {0u, 31u, 33u, 64u}) {
    EXPECT_FALSE(PublicKey::from_bytes(view.first(size))) << size;
  }
  for (const std::size_t size : {0u, 32u, 63u, 65u}) {
    EXPECT_FALSE(Signature::from_bytes(view.first(size))) << size;
  }
  ASSERT_TRUE(PublicKey::from_bytes(view.first(32)));
  EXPECT_EQ(PublicKey::from_bytes(view.first(32))->bytes[31], 7);
  ASSERT_TRUE(Signature::from_bytes(view.first(64)));
  EXPECT_EQ(Signature::from_bytes(view.first(64))->bytes[63], 7);
}

// The eight points of small order, and the six other encodings a lenient decoder reads as one of
// them. Source: RFC 7748 and the list in C2SP/CCTV.
constexpr const char* kSmallOrder[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
};

TEST(PublicKey, OfSmallOrderIsNeverAcceptableHoweverEncoded) {
  std::set<std::string> seen;
  for (const char* encoded : kSmallOrder) {
    const auto key = PublicKey::from_bytes(hex_decode(encoded).value());
    ASSERT_TRUE(key);
    EXPECT_FALSE(is_acceptable(*key)) << encoded;
    seen.insert(encoded);
  }
  EXPECT_EQ(seen.size(), 14u);
}

TEST(PublicKey, OfSmallOrderVerifiesNothing) {
  for (const char* key_text : kSmallOrder) {
    for (const char* r : kSmallOrder) {
      // S = 0: one of these holds under the plain equation S·B = R + k·A for some message.
      Signature signature{};
      const Bytes point = hex_decode(r).value();
      std::copy(point.begin(), point.end(), signature.bytes.begin());
      const auto key = PublicKey::from_bytes(hex_decode(key_text).value());
      for (std::uint8_t message = 0; message < 16; ++message) {
        EXPECT_FALSE(verify(*key, BytesView(&message, 1), signature)) << key_text << " " << r;
      }
    }
  }
}

TEST(PublicKey, ThatIsNotOnTheCurveIsNotAcceptable) {
  PublicKey key{};
  key.bytes[0] = 2;  // y = 2 has no x
  EXPECT_FALSE(is_acceptable(key));
}

// A good key plus a point of small order. libsodium before 1.0.18-1+deb12u1 (CVE-2025-69277) lets
// the one of order 2 through.
TEST(PublicKey, OffTheMainSubgroupIsNotAcceptable) {
  const PublicKey good = key_from_hex(kRfc8032[0].seed).public_key();
  std::size_t mixed = 0;
  for (const char* encoded : kSmallOrder) {
    const Bytes small = hex_decode(encoded).value();
    PublicKey sum;
    if (crypto_core_ed25519_add(sum.bytes.data(), good.bytes.data(), small.data()) == 0 &&
        sum != good) {
      EXPECT_FALSE(is_acceptable(sum)) << encoded;
      ++mixed;
    }
  }
  EXPECT_GE(mixed, 7u);
}

TEST(PublicKey, MadeFromASeedIsAcceptable) {
  for (std::uint8_t i = 0; i < 64; ++i) {
    SecretKey::Seed seed{};
    seed.fill(i);
    EXPECT_TRUE(is_acceptable(SecretKey::from_seed(seed).public_key()));
  }
}

// Computed with Python's hashlib from the definition in keys.h.
TEST(KeyId, IsTheHashOfDomainAlgorithmAndKey) {
  const auto key = PublicKey::from_bytes(
      hex_decode("14f784e64ed2c6db8a0aab063e27e817f8e7e8eee9ccc5fa2023ab76ed13d4dd").value());
  ASSERT_TRUE(key);
  EXPECT_EQ(key_id(*key).digest.hex(),
            "457526903d79c9c75695e74a347ceeaa47c6d933cd63192c3eeb5654dfd2d7c9");
  PublicKey other = *key;
  other.bytes[0] ^= 1;
  EXPECT_NE(key_id(other), key_id(*key));
}

TEST(SecretKey, IsWipedWhenItIsMovedFrom) {
  SecretKey key = key_from_hex(kRfc8032[0].seed);
  const SecretKey taken = std::move(key);
  EXPECT_TRUE(is_zero(key.seed()));  // NOLINT(bugprone-use-after-move): that is the point
  EXPECT_EQ(hex_encode(taken.seed()), kRfc8032[0].seed);

  SecretKey assigned = key_from_hex(kRfc8032[1].seed);
  SecretKey source = key_from_hex(kRfc8032[2].seed);
  assigned = std::move(source);
  EXPECT_TRUE(is_zero(source.seed()));  // NOLINT(bugprone-use-after-move): that is the point
  EXPECT_EQ(hex_encode(assigned.seed()), kRfc8032[2].seed);
  EXPECT_EQ(hex_encode(assigned.public_key().bytes), kRfc8032[2].public_key);
}

TEST(SecretKey, SurvivesBeingMovedToItself) {
  SecretKey key = key_from_hex(kRfc8032[0].seed);
  SecretKey& same = key;
  key = std::move(same);
  EXPECT_EQ(hex_encode(key.seed()), kRfc8032[0].seed);
}

TEST(SecretKey, IsWipedWhenItIsDestroyed) {
  alignas(SecretKey) std::array<std::uint8_t, sizeof(SecretKey)> memory{};
  auto* key = new (memory.data()) SecretKey(key_from_hex(kRfc8032[0].seed));
  const Bytes seed = to_bytes(key->seed());
  const auto holds_seed = [&] {
    return std::search(memory.begin(), memory.end(), seed.begin(), seed.end()) != memory.end();
  };
  ASSERT_TRUE(holds_seed());
  std::destroy_at(key);
  EXPECT_FALSE(holds_seed());
}

static_assert(!std::is_copy_constructible_v<SecretKey> && !std::is_copy_assignable_v<SecretKey>);

TEST(SecretKey, IsGeneratedFromTheEntropyItIsGiven) {
  class Fixed final : public Entropy {
   public:
    void fill(std::span<std::uint8_t> out) override {
      std::fill(out.begin(), out.end(), std::uint8_t{9});
    }
  } fixed;
  SecretKey::Seed seed{};
  seed.fill(9);
  EXPECT_EQ(SecretKey::generate(fixed).public_key(), SecretKey::from_seed(seed).public_key());
}

TEST(SystemEntropy, GivesDifferentBytesEveryTime) {
  SystemEntropy entropy;
  std::set<std::array<std::uint8_t, 32>> draws;
  for (int i = 0; i < 100; ++i) {
    draws.insert(entropy.take<32>());
  }
  EXPECT_EQ(draws.size(), 100u);
}

}  // namespace
}  // namespace hefu
