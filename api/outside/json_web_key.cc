#include "api/outside/json_web_key.h"

#include <array>

#include <boost/json.hpp>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "api/outside/base64url.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr int kRsaBitsMin = 2'048;
constexpr int kRsaBitsMax = 8'192;
constexpr std::size_t kExponentBytesMax = 4;
constexpr std::size_t kCoordinateBytes = 32;
constexpr std::size_t kEd25519Bytes = 32;

template <typename T, void (*Free)(T*)>
struct Freed {
  void operator()(T* pointer) const { Free(pointer); }
};
template <typename T, void (*Free)(T*)>
using Owned = std::unique_ptr<T, Freed<T, Free>>;
using Number = Owned<BIGNUM, &BN_free>;
using KeyContext = Owned<EVP_PKEY_CTX, &EVP_PKEY_CTX_free>;
using Key = std::shared_ptr<EVP_PKEY>;

std::string_view text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

Number number(BytesView bytes) {
  return Number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
}

Key from_parameters(const char* type, OSSL_PARAM_BLD* builder) {
  const Owned<OSSL_PARAM, &OSSL_PARAM_free> parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return {key, &EVP_PKEY_free};
}

Key rsa_key(const json::object& jwk) {
  const auto modulus = base64url_decode(text_at(jwk, "n"));
  const auto exponent = base64url_decode(text_at(jwk, "e"));
  if (!modulus || !exponent || modulus->size() > kRsaBitsMax / 8 || exponent->empty() ||
      exponent->size() > kExponentBytesMax || exponent->back() % 2 == 0) {
    return nullptr;
  }
  const Number n = number(*modulus);
  const Number e = number(*exponent);
  const Owned<OSSL_PARAM_BLD, &OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || BN_num_bits(n.get()) < kRsaBitsMin || BN_is_one(e.get()) == 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return nullptr;
  }
  return from_parameters("RSA", builder.get());
}

Key ec_key(const json::object& jwk) {
  const auto x = base64url_decode(text_at(jwk, "x"));
  const auto y = base64url_decode(text_at(jwk, "y"));
  if (text_at(jwk, "crv") != "P-256" || !x || !y || x->size() != kCoordinateBytes ||
      y->size() != kCoordinateBytes) {
    return nullptr;
  }
  Bytes point{4};  // uncompressed (SEC 1 §2.3.3)
  point.insert(point.end(), x->begin(), x->end());
  point.insert(point.end(), y->begin(), y->end());
  const Owned<OSSL_PARAM_BLD, &OSSL_PARAM_BLD_free> builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) !=
          1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1) {
    return nullptr;
  }
  Key key = from_parameters("EC", builder.get());
  const KeyContext context(key ? EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr) : nullptr);
  return context && EVP_PKEY_public_check(context.get()) == 1 ? key : nullptr;
}

Key ed25519_key(const json::object& jwk) {
  const auto x = base64url_decode(text_at(jwk, "x"));
  if (text_at(jwk, "crv") != "Ed25519" || !x || x->size() != kEd25519Bytes) {
    return nullptr;
  }
  return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, x->data(), x->size()),
          &EVP_PKEY_free};
}

std::optional<JsonWebKey> read_key(const json::object& jwk) {
  const std::string_view type = text_at(jwk, "kty");
  const std::string_view use = text_at(jwk, "use");
  JsonWebKey made;
  made.id = std::string(text_at(jwk, "kid"));
  if (type == "RSA") {
    made.algorithm = TokenAlgorithm::kRs256;
    made.key = rsa_key(jwk);
  } else if (type == "EC") {
    made.algorithm = TokenAlgorithm::kEs256;
    made.key = ec_key(jwk);
  } else if (type == "OKP") {
    made.algorithm = TokenAlgorithm::kEdDsa;
    made.key = ed25519_key(jwk);
  }
  const bool other_use = !use.empty() && use != "sig";
  const bool other_algorithm =
      jwk.contains("alg") && token_algorithm(text_at(jwk, "alg")) != made.algorithm;
  return made.key == nullptr || other_use || other_algorithm ? std::nullopt
                                                             : std::optional(std::move(made));
}

/// r and s side by side, as tokens have them, in the form OpenSSL takes.
std::optional<Bytes> der_signature(BytesView raw) {
  if (raw.size() != 2 * kCoordinateBytes) {
    return std::nullopt;
  }
  Number r = number(raw.first(kCoordinateBytes));
  Number s = number(raw.subspan(kCoordinateBytes));
  const Owned<ECDSA_SIG, &ECDSA_SIG_free> signature(ECDSA_SIG_new());
  if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) {
    return std::nullopt;
  }
  static_cast<void>(r.release());  // the signature's now
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  if (size <= 0) {
    return std::nullopt;
  }
  Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

}  // namespace

std::optional<TokenAlgorithm> token_algorithm(std::string_view name) {
  if (name == "RS256") {
    return TokenAlgorithm::kRs256;
  }
  if (name == "ES256") {
    return TokenAlgorithm::kEs256;
  }
  return name == "EdDSA" ? std::optional(TokenAlgorithm::kEdDsa) : std::nullopt;
}

Result<std::vector<JsonWebKey>> parse_key_set(std::string_view text) {
  const auto value = parse_json(text, kKeySetBytesMax);
  if (!value) {
    return value.error().during("key set");
  }
  const json::value* list = value->is_object() ? value->as_object().if_contains("keys") : nullptr;
  if (list == nullptr || !list->is_array()) {
    return Error{Errc::kInvalid, "key set: keys: missing, or not a list", ""};
  }
  if (list->get_array().size() > kKeySetKeysMax) {
    return Error{Errc::kTooLarge, "key set: keys: more than " + std::to_string(kKeySetKeysMax), ""};
  }
  std::vector<JsonWebKey> keys;
  for (const json::value& item : list->get_array()) {
    if (auto key = item.is_object() ? read_key(item.get_object()) : std::nullopt) {
      keys.push_back(*std::move(key));
    }
  }
  return keys;
}

bool verify_token_signature(const JsonWebKey& key, std::string_view signed_text,
                            BytesView signature) {
  Bytes der;
  if (key.algorithm == TokenAlgorithm::kEs256) {
    auto made = der_signature(signature);
    if (!made) {
      return false;
    }
    der = *std::move(made);
    signature = der;
  }
  const Owned<EVP_MD_CTX, &EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  const EVP_MD* digest = key.algorithm == TokenAlgorithm::kEdDsa ? nullptr : EVP_sha256();
  const BytesView bytes = as_bytes(signed_text);
  return context &&
         EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.key.get()) == 1 &&
         EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes.data(),
                          bytes.size()) == 1;
}

}  // namespace hefu
