// What counts as a valid signature, checked on two published collections of edge cases. Hefu's rule
// is libsodium's strict verdict; Go and OpenSSL accept more, so a program that verifies with them
// must in addition refuse what is named here.

#include <memory>
#include <set>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include "crypto/encoding.h"
#include "crypto/keys.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

namespace json = boost::json;

Bytes bytes_of(const json::value& hex) {
  return hex_decode(json::value_to<std::string>(hex)).value();
}

/// OpenSSL's verdict, the same as Go's on all CCTV vectors.
bool openssl_verifies(const PublicKey& key, BytesView message, const Signature& signature) {
  const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> public_key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size()),
      &EVP_PKEY_free);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                        &EVP_MD_CTX_free);
  return public_key != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.bytes.data(), signature.bytes.size(),
                          message.data(), message.size()) == 1;
}

/// Our rule in terms of the flags of the CCTV vectors. A point with a small-order component beside
/// a large one passes if the components cancel out; such a key is refused when it is registered.
bool should_verify(const std::set<std::string>& flags) {
  for (const char* refused :
       {"low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"}) {
    if (flags.count(refused) == 1) {
      return false;
    }
  }
  return true;
}

bool should_be_acceptable(const std::set<std::string>& flags) {
  return flags.count("low_order_A") == 0 && flags.count("non_canonical_A") == 0 &&
         flags.count("low_order_component_A") == 0;
}

// Without the published files: the smallest case that separates the two rules.
TEST(Ed25519, RefusesTheIdentityAsKeyWhichOpenSslAccepts) {
  PublicKey identity{};
  identity.bytes[0] = 1;
  Signature signature{};
  signature.bytes[0] = 1;  // R is the identity, S is 0: the equation holds for every message
  EXPECT_TRUE(openssl_verifies(identity, as_bytes("anything"), signature));
  EXPECT_FALSE(verify(identity, as_bytes("anything"), signature));
  EXPECT_FALSE(is_acceptable(identity));
}

TEST(Ed25519, FollowsItsRuleOnAll914EdgeCasesOfCctv) {
  const auto path = reference::fetched_vectors("cctv_ed25519vectors.json");
  if (!path) {
    std::printf("cctv_ed25519vectors.json is not here, so its 914 cases did not run\n");
    return;
  }
  const json::value vectors = json::parse(reference::read_file(*path));
  int total = 0;
  int accepted = 0;
  int accepted_by_openssl_alone = 0;
  int accepted_by_us_alone = 0;
  int accepted_under_acceptable_keys = 0;
  for (const json::value& item : vectors.as_array()) {
    std::set<std::string> flags;
    if (const json::array* list = item.at("flags").if_array()) {
      for (const json::value& flag : *list) {
        flags.insert(json::value_to<std::string>(flag));
      }
    }
    const PublicKey key = PublicKey::from_bytes(bytes_of(item.at("key"))).value();
    const Signature signature = Signature::from_bytes(bytes_of(item.at("sig"))).value();
    const std::string message = json::value_to<std::string>(item.at("msg"));
    const bool ours = verify(key, as_bytes(message), signature);
    const bool theirs = openssl_verifies(key, as_bytes(message), signature);
    EXPECT_EQ(ours, should_verify(flags)) << json::serialize(item);
    EXPECT_EQ(is_acceptable(key), should_be_acceptable(flags)) << json::serialize(item);
    ++total;
    accepted += ours ? 1 : 0;
    accepted_under_acceptable_keys += ours && is_acceptable(key) ? 1 : 0;
    accepted_by_openssl_alone += theirs && !ours ? 1 : 0;
    accepted_by_us_alone += ours && !theirs ? 1 : 0;
  }
  EXPECT_EQ(total, 914);
  EXPECT_EQ(accepted, 43);
  EXPECT_EQ(accepted_by_openssl_alone, 165);
  EXPECT_EQ(accepted_by_us_alone, 0);
  // All others have keys with a small-order component, which are never registered.
  EXPECT_EQ(accepted_under_acceptable_keys, 1);
}

TEST(Ed25519, GivesThePublishedVerdictOnAll151CasesOfWycheproof) {
  const auto path = reference::fetched_vectors("wycheproof_ed25519_test.json");
  if (!path) {
    std::printf("wycheproof_ed25519_test.json is not here, so its 151 cases did not run\n");
    return;
  }
  const json::value vectors = json::parse(reference::read_file(*path));
  int total = 0;
  int valid = 0;
  for (const json::value& group : vectors.at("testGroups").as_array()) {
    const PublicKey key = PublicKey::from_bytes(bytes_of(group.at("publicKey").at("pk"))).value();
    EXPECT_TRUE(is_acceptable(key));
    for (const json::value& item : group.at("tests").as_array()) {
      const auto signature = Signature::from_bytes(bytes_of(item.at("sig")));
      const bool ours = signature && verify(key, bytes_of(item.at("msg")), *signature);
      const std::string verdict = json::value_to<std::string>(item.at("result"));
      EXPECT_TRUE(verdict == "valid" || verdict == "invalid") << verdict;
      EXPECT_EQ(ours, verdict == "valid") << json::serialize(item);
      ++total;
      valid += ours ? 1 : 0;
    }
  }
  EXPECT_EQ(total, 151);
  EXPECT_EQ(valid, 88);
}

}  // namespace
}  // namespace hefu
