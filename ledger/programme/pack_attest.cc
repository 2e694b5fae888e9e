#include "ledger/programme/pack_attest.h"

#include <string>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "ledger/event/canonical_json.h"

namespace hefu {

AttestPolicy attest_policy_of(const Pack& pack) {
  if (pack.attest_json.empty()) {
    return AttestPolicy::by_default();
  }
  // Both were checked when the pack was loaded.
  const auto attest = parse_json(pack.attest_json, kPackBytesMax);
  HEFU_ASSERT(attest.ok());
  auto policy = AttestPolicy::parse(std::string_view(attest->at("policy").as_string()));
  HEFU_ASSERT(policy.ok());
  return *std::move(policy);
}

Digest vectors_digest(const Pack& pack) {
  const auto content = parse_json(pack.canonical(), kPackBytesMax);
  HEFU_ASSERT(content.ok());
  const boost::json::value* tests = content->get_object().if_contains("test");
  return sha256(as_bytes("hefu/vectors/v1\n" +
                         (tests == nullptr ? std::string("[]") : canonical_json(*tests))));
}

}  // namespace hefu
