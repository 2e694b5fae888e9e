#include "api/outside/token_maker.h"

#include <array>
#include <utility>

#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "api/outside/base64url.h"
#include "crypto/result.h"

namespace hefu {
namespace {

constexpr std::size_t kCoordinateBytes = 32;
constexpr std::size_t kRsaBits = 2'048;

EVP_PKEY* generate(const std::string& algorithm) {
  if (algorithm == "RS256") {
    return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", kRsaBits);
  }
  return algorithm == "ES256" ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                              : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
}

std::string number_of(EVP_PKEY* key, const char* name, std::size_t size = 0) {
  BIGNUM* value = nullptr;
  HEFU_ASSERT(EVP_PKEY_get_bn_param(key, name, &value) == 1);
  Bytes bytes(size == 0 ? static_cast<std::size_t>(BN_num_bytes(value)) : size);
  HEFU_ASSERT(BN_bn2binpad(value, bytes.data(), static_cast<int>(bytes.size())) > 0);
  BN_free(value);
  return base64url_encode(bytes);
}

}  // namespace

TokenMaker::TokenMaker(std::string algorithm, std::string id)
    : algorithm_(std::move(algorithm)),
      id_(std::move(id)),
      key_(generate(algorithm_), &EVP_PKEY_free) {
  HEFU_ASSERT(key_ != nullptr);
}

std::string TokenMaker::public_jwk() const {
  const std::string end =
      ",\"use\":\"sig\",\"alg\":\"" + algorithm_ + "\",\"kid\":\"" + id_ + "\"}";
  if (algorithm_ == "RS256") {
    return R"({"kty":"RSA","n":")" + number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
           number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E) + "\"" + end;
  }
  if (algorithm_ == "ES256") {
    return R"({"kty":"EC","crv":"P-256","x":")" +
           number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, kCoordinateBytes) + R"(","y":")" +
           number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kCoordinateBytes) + "\"" + end;
  }
  std::array<unsigned char, 32> raw{};
  std::size_t size = raw.size();
  HEFU_ASSERT(EVP_PKEY_get_raw_public_key(key_.get(), raw.data(), &size) == 1);
  return R"({"kty":"OKP","crv":"Ed25519","x":")" + base64url_encode(raw) + "\"" + end;
}

std::string TokenMaker::token(const std::string& claims) const {
  return token("{\"alg\":\"" + algorithm_ + "\",\"kid\":\"" + id_ + "\"}", claims);
}

std::string TokenMaker::token(const std::string& header, const std::string& claims) const {
  const std::string text =
      base64url_encode(as_bytes(header)) + '.' + base64url_encode(as_bytes(claims));
  return text + '.' + base64url_encode(sign(text));
}

std::string TokenMaker::public_pem() const {
  BIO* memory = BIO_new(BIO_s_mem());
  HEFU_ASSERT(PEM_write_bio_PUBKEY(memory, key_.get()) == 1);
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory, &data);
  std::string text(data, static_cast<std::size_t>(size));
  BIO_free(memory);
  return text;
}

Bytes TokenMaker::sign(const std::string& text) const {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const EVP_MD* digest = algorithm_ == "EdDSA" ? nullptr : EVP_sha256();
  const BytesView bytes = as_bytes(text);
  std::size_t size = 0;
  HEFU_ASSERT(EVP_DigestSignInit(context, nullptr, digest, nullptr, key_.get()) == 1);
  HEFU_ASSERT(EVP_DigestSign(context, nullptr, &size, bytes.data(), bytes.size()) == 1);
  Bytes signature(size);
  HEFU_ASSERT(EVP_DigestSign(context, signature.data(), &size, bytes.data(), bytes.size()) == 1);
  signature.resize(size);
  EVP_MD_CTX_free(context);
  if (algorithm_ != "ES256") {
    return signature;
  }
  const unsigned char* der = signature.data();
  ECDSA_SIG* pair = d2i_ECDSA_SIG(nullptr, &der, static_cast<long>(signature.size()));
  Bytes raw(2 * kCoordinateBytes);
  BN_bn2binpad(ECDSA_SIG_get0_r(pair), raw.data(), static_cast<int>(kCoordinateBytes));
  BN_bn2binpad(ECDSA_SIG_get0_s(pair), raw.data() + kCoordinateBytes,
               static_cast<int>(kCoordinateBytes));
  ECDSA_SIG_free(pair);
  return raw;
}

}  // namespace hefu
