#include "crypto/key_file.h"

#include <random>
#include <string>

#include <gtest/gtest.h>
#include <sodium.h>

#include "crypto/encoding.h"

namespace hefu {
namespace {

constexpr KeyFileCost kCheap = kKeyFileCostMin;  // tests check the format, not the work factor

/// Counts up from a start, so that the files of these tests are always the same.
class CountingEntropy final : public Entropy {
 public:
  explicit CountingEntropy(std::uint8_t next) : next_(next) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) {
      byte = next_++;
    }
  }

 private:
  std::uint8_t next_;
};

SecretKey test_key(std::uint8_t fill = 7) {
  SecretKey::Seed seed{};
  seed.fill(fill);
  return SecretKey::from_seed(seed);
}

std::string sealed(std::string_view passphrase = "correct horse", std::string_view label = "root") {
  CountingEntropy entropy(1);
  return seal_key(test_key(), label, passphrase, entropy, kCheap);
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

Errc refusal(std::string_view text, std::string_view passphrase = "correct horse") {
  const auto key = open_key(text, passphrase);
  EXPECT_FALSE(key) << text;
  return key ? Errc::kIo : key.error().code;
}

TEST(KeyFile, OpensWithThePassphraseItWasSealedWith) {
  const auto key = open_key(sealed(), "correct horse");
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->public_key(), test_key().public_key());
  EXPECT_EQ(sign(*key, as_bytes("x")), sign(test_key(), as_bytes("x")));
}

TEST(KeyFile, OpensWithTheCostItIsSealedWithByDefault) {
  CountingEntropy entropy(1);
  const std::string text = seal_key(test_key(), "root", "密码", entropy);
  const auto info = key_file_info(text);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->cost, KeyFileCost{});
  EXPECT_TRUE(open_key(text, "密码"));
}

TEST(KeyFile, RefusesAnyOtherPassphraseWithAHint) {
  for (const char* wrong : {"", "correct horse ", "Correct horse", "correct hors"}) {
    const auto key = open_key(sealed(), wrong);
    ASSERT_FALSE(key);
    EXPECT_EQ(key.error().code, Errc::kUnauthorised);
    EXPECT_NE(key.error().message.find("root"), std::string::npos);
    EXPECT_FALSE(key.error().hint.empty());
  }
}

// A file once written must open for ever: this one was written by version 1 of the format.
TEST(KeyFile, OpensAFileOfVersionOne) {
  const std::string text = R"(hefu-key-file v1
label root
algorithm ed25519-sha256
public-key 6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=
kdf argon2id13 passes=1 memory-kib=8192
salt AQIDBAUGBwgJCgsMDQ4PEA==
nonce ERITFBUWFxgZGhscHR4fICEiIyQlJico
sealed dV/mkJ7gLAacLh+U/o4W5+C4vS3KJ0NEqdsd6EBlEuCrGyl3owmwKMrhWV6uteoX
)";
  EXPECT_EQ(sealed(), text);
  const auto key = open_key(text, "correct horse");
  ASSERT_TRUE(key) << key.error().message;
  EXPECT_EQ(key->public_key(), test_key().public_key());
}

TEST(KeyFile, TellsLabelAndPublicKeyWithoutThePassphrase) {
  const std::string text = sealed("secret", "包头职业技术学院 根密钥");
  const auto info = key_file_info(text);
  ASSERT_TRUE(info);
  EXPECT_EQ(info->label, "包头职业技术学院 根密钥");
  EXPECT_EQ(info->public_key, test_key().public_key());
  const auto label = key_file_label(text);
  ASSERT_TRUE(label);
  EXPECT_EQ(*label, info->label);
  const auto key = key_file_public(text);
  ASSERT_TRUE(key);
  EXPECT_EQ(*key, test_key().public_key());
}

TEST(KeyFile, HoldsNeitherSeedNorPassphraseInAnyForm) {
  const std::string text = sealed();
  const SecretKey key = test_key();
  EXPECT_EQ(text.find("correct horse"), std::string::npos);
  EXPECT_EQ(text.find(hex_encode(key.seed())), std::string::npos);
  EXPECT_EQ(text.find(base64_encode(key.seed()).substr(0, 40)), std::string::npos);
}

TEST(KeyFile, IsDifferentForEveryDrawOfEntropy) {
  CountingEntropy one(1);
  CountingEntropy two(2);
  EXPECT_NE(seal_key(test_key(), "root", "p", one, kCheap),
            seal_key(test_key(), "root", "p", two, kCheap));
}

TEST(KeyFile, CannotBeRelabelledOrPairedWithAnotherPublicKey) {
  EXPECT_EQ(refusal(replaced(sealed(), "label root", "label seal")), Errc::kUnauthorised);
  const std::string own = base64_encode(test_key().public_key().bytes);
  const std::string other = base64_encode(test_key(8).public_key().bytes);
  EXPECT_EQ(refusal(replaced(sealed(), own, other)), Errc::kUnauthorised);
}

TEST(KeyFile, NoticesEveryChangedCharacter) {
  const std::string text = sealed();
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string damaged = text;
    damaged[i] = damaged[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(open_key(damaged, "correct horse")) << i;
  }
}

TEST(KeyFile, NoticesEveryCutAndEveryAddition) {
  const std::string text = sealed();
  for (std::size_t i = 0; i < text.size(); ++i) {
    EXPECT_EQ(refusal(text.substr(0, i)), Errc::kInvalid) << i;
  }
  EXPECT_EQ(refusal(text + "\n"), Errc::kInvalid);
  EXPECT_EQ(refusal(text + text), Errc::kInvalid);
  EXPECT_EQ(refusal(" " + text), Errc::kInvalid);
  EXPECT_EQ(refusal(replaced(text, "\nsalt", "\r\nsalt")), Errc::kInvalid);
}

TEST(KeyFile, RefusesAbsurdCostsBeforeSpendingThem) {
  const std::string cost = "passes=1 memory-kib=8192";
  for (const char* absurd : {"passes=1 memory-kib=4294967295", "passes=4294967295 memory-kib=8192",
                             "passes=0 memory-kib=8192", "passes=1 memory-kib=8191",
                             "passes=17 memory-kib=8192", "passes=1 memory-kib=1048577"}) {
    const auto key = open_key(replaced(sealed(), cost, absurd), "correct horse");
    ASSERT_FALSE(key) << absurd;
    EXPECT_EQ(key.error().code, Errc::kTooLarge) << absurd;
    EXPECT_NE(key.error().message.find("kdf"), std::string::npos);
  }
  for (const char* malformed :
       {"passes=01 memory-kib=8192", "passes=-1 memory-kib=8192", "passes=1 memory-kib=99999999999",
        "passes=1  memory-kib=8192", "passes=1 memory-kib=8192 ", "memory-kib=8192 passes=1",
        "passes=1", "passes=1 memory=8192", "=1 =1", ""}) {
    EXPECT_EQ(refusal(replaced(sealed(), cost, malformed)), Errc::kInvalid) << malformed;
  }
  // Within bounds but not what the file was sealed with.
  EXPECT_EQ(refusal(replaced(sealed(), cost, "passes=2 memory-kib=8192")), Errc::kUnauthorised);
}

TEST(KeyFile, SaysWhatItDoesNotSupport) {
  EXPECT_EQ(refusal(replaced(sealed(), "hefu-key-file v1", "hefu-key-file v2")),
            Errc::kUnsupported);
  EXPECT_EQ(refusal(replaced(sealed(), "ed25519-sha256", "sm2-sm3")), Errc::kUnsupported);
  EXPECT_EQ(refusal(replaced(sealed(), "argon2id13", "scrypt")), Errc::kUnsupported);
}

TEST(KeyFile, RefusesASmallOrderPublicKey) {
  const std::string own = base64_encode(test_key().public_key().bytes);
  const std::string useless = base64_encode(PublicKey{}.bytes);
  EXPECT_FALSE(key_file_public(replaced(sealed(), own, useless)));
}

TEST(KeyFile, RefusesMoreThanFourKibibytes) {
  EXPECT_EQ(refusal(std::string(kKeyFileBytesMax + 1, 'a')), Errc::kTooLarge);
}

/// The format once more, written by hand from key_file.h: what another program would produce.
std::string sealed_by_hand(const SecretKey& key, const PublicKey& written_public_key) {
  const Bytes salt(crypto_pwhash_SALTBYTES, 1);
  const Bytes nonce(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, 2);
  std::string text = "hefu-key-file v1\nlabel by hand\nalgorithm ed25519-sha256\n";
  text += "public-key " + base64_encode(written_public_key.bytes) + "\n";
  text += "kdf argon2id13 passes=2 memory-kib=9000\n";
  text += "salt " + base64_encode(salt) + "\nnonce " + base64_encode(nonce) + "\n";
  Bytes sealing_key(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
  EXPECT_EQ(crypto_pwhash(sealing_key.data(), sealing_key.size(), "secret", 6, salt.data(), 2,
                          9000 * 1024, crypto_pwhash_ALG_ARGON2ID13),
            0);
  Bytes box(SecretKey::kSeedSize + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt(box.data(), nullptr, key.seed().data(),
                                             key.seed().size(), as_bytes(text).data(), text.size(),
                                             nullptr, nonce.data(), sealing_key.data());
  return text + "sealed " + base64_encode(box) + "\n";
}

TEST(KeyFile, OpensWhatAnotherProgramWroteAfterTheSameDescription) {
  const SecretKey key = test_key(3);
  const auto opened = open_key(sealed_by_hand(key, key.public_key()), "secret");
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->public_key(), key.public_key());
}

TEST(KeyFile, NoticesWhenItsMakerPairedItWithAnotherPublicKey) {
  const auto opened = open_key(sealed_by_hand(test_key(3), test_key(4).public_key()), "secret");
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kCorrupt);
}

TEST(KeyFile, MakesAnyLabelOneReadableLine) {
  const auto label_of = [](std::string_view label) {
    const auto info = key_file_info(sealed("p", label));
    EXPECT_TRUE(info);
    return info ? info->label : "";
  };
  EXPECT_EQ(label_of("a\nsealed AAAA"), "a sealed AAAA");
  EXPECT_EQ(label_of(std::string_view("\0\x7f\xff", 3)), "   ");
  EXPECT_EQ(label_of(""), "");
  EXPECT_EQ(label_of(std::string(1000, 'x')), std::string(kKeyLabelBytesMax, 'x'));
  // A character of three bytes is not cut in two.
  std::string wide;
  for (int i = 0; i < 100; ++i) {
    wide += "合";
  }
  EXPECT_EQ(label_of(wide).size(), 198u);
  EXPECT_TRUE(open_key(sealed("p", "a\nb"), "p"));
}

}  // namespace
}  // namespace hefu
