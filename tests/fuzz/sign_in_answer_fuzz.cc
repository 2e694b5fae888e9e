// What single sign-on answers: an ID token, a key set, CAS's XML.

#include <cstddef>
#include <cstdint>

#include "api/accounts/outside_name.h"
#include "api/outside/cas_answer.h"
#include "api/outside/id_token.h"
#include "api/outside/json_web_key.h"
#include "crypto/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hefu::as_text(hefu::BytesView(data, size));
  if (const auto user = hefu::parse_cas_answer(text)) {
    HEFU_ASSERT(hefu::is_outside_name(*user));
  }
  const auto keys = hefu::parse_key_set(text);
  if (keys) {
    for (const hefu::JsonWebKey& key : *keys) {
      HEFU_ASSERT(key.key != nullptr);
      HEFU_ASSERT(!hefu::verify_token_signature(key, text, hefu::BytesView(data, size)));
    }
  }
  if (const auto token = hefu::parse_token(text)) {
    HEFU_ASSERT(!token->signature.empty() && text.starts_with(token->signed_text));
    const hefu::TokenExpectation expected{"https://op", "hefu", "n", "sub",
                                          hefu::Moment{1'790'000'000'000}};
    if (const auto name = hefu::check_claims(token->claims, expected)) {
      HEFU_ASSERT(hefu::is_outside_name(*name));
    }
  }
  return 0;
}
