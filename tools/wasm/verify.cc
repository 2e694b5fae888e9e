#include "tools/wasm/verify.h"

#include <optional>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "ledger/charter/charter.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event_json.h"
#include "ledger/event/prepare.h"
#include "ledger/log/fork_proof.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/verdict/bundle_verdict.h"
#include "ledger/verdict/fork_verdict.h"
#include "ledger/verdict/proof_verdict.h"
#include "tools/wasm/account_json.h"
#include "tools/wasm/call.h"
#include "tools/wasm/fields.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kCharterBytesMax = std::size_t{4} << 20;
constexpr std::size_t kCatalogueBytesMax = std::size_t{4} << 20;

/// The charter that a request carries, if it does.
Result<std::optional<Charter>> trusted_charter(const json::object& request) {
  const auto text = text_if_any(request, "charter", kCharterBytesMax);
  if (!text || text->empty()) {
    return text ? Result<std::optional<Charter>>(std::optional<Charter>()) : text.error();
  }
  auto charter = parse_charter(*text);
  if (!charter) {
    return charter.error().during("field charter");
  }
  return std::optional<Charter>(*std::move(charter));
}

}  // namespace

Result<json::value> verify_bundle_call(const json::object& request) {
  if (auto ok = only(request, {"bundle", "charter"}); !ok) {
    return ok.error();
  }
  const auto bundle = bytes_field(request, "bundle", kCallBundleBytesMax);
  const auto trusted =
      bundle ? trusted_charter(request) : Result<std::optional<Charter>>(bundle.error());
  if (!trusted) {
    return trusted.error();
  }
  const auto verdict = judge_bundle(*bundle, *trusted);
  return verdict ? Result<json::value>(to_json(*verdict)) : verdict.error();
}

Result<json::value> verify_proof_call(const json::object& request) {
  if (auto ok = only(request, {"proof", "envelope", "charter"}); !ok) {
    return ok.error();
  }
  const auto proof = text_field(request, "proof", kProofBytesMax);
  const auto trusted =
      proof ? trusted_charter(request) : Result<std::optional<Charter>>(proof.error());
  if (!trusted) {
    return trusted.error();
  }
  if (!*trusted) {
    return Error{Errc::kInvalid, "field charter: is missing",
                 "a receipt names its log only: who may sign for it is in the charter"};
  }
  if (!request.contains("envelope")) {
    return json::value(to_json(judge_proof(*proof, std::nullopt, **trusted)));
  }
  const auto envelope = bytes_field(request, "envelope", kEnvelopeBytesMax);
  return envelope ? Result<json::value>(to_json(judge_proof(*proof, *envelope, **trusted)))
                  : envelope.error();
}

Result<json::value> verify_fork_call(const json::object& request) {
  if (auto ok = only(request, {"proof", "charter", "vkeys"}); !ok) {
    return ok.error();
  }
  const auto proof = text_field(request, "proof", kForkProofBytesMax);
  auto charter = proof ? trusted_charter(request) : Result<std::optional<Charter>>(proof.error());
  if (!charter) {
    return charter.error();
  }
  ForkTrust trust;
  if (*charter) {
    trust = trust_charter(**std::move(charter));
  }
  if (request.contains("vkeys")) {
    const auto vkeys = array_field(request, "vkeys", kPolicyEntriesMax);
    if (!vkeys) {
      return vkeys.error();
    }
    for (const json::value& item : **vkeys) {
      auto key = item.is_string() ? VerifierKey::parse(std::string_view(item.get_string()))
                                  : Result<VerifierKey>(Error{Errc::kInvalid, "is not a text", ""});
      if (!key) {
        return key.error().during("field vkeys");
      }
      trust.keys.push_back(*std::move(key));
    }
  }
  return json::value(to_json(judge_fork(*proof, trust)));
}

Result<json::value> decode_event_call(const json::object& request) {
  if (auto ok = only(request, {"event", "envelope", "catalogue"}); !ok) {
    return ok.error();
  }
  if (request.contains("event") == request.contains("envelope")) {
    return Error{Errc::kInvalid, "give either field event or field envelope", ""};
  }
  json::object out;
  auto bytes =
      bytes_field(request, request.contains("event") ? "event" : "envelope", kEnvelopeBytesMax);
  if (!bytes) {
    return bytes.error();
  }
  if (request.contains("envelope")) {
    auto envelope = decode_envelope(*bytes);
    if (!envelope) {
      return envelope.error().during("field envelope");
    }
    out["signer"] = envelope->signer.digest.hex();
    *bytes = std::move(envelope->event);
  }
  const auto event = decode_event(*bytes);
  if (!event) {
    return event.error().during("field event");
  }
  std::optional<Catalogue> catalogue;
  if (request.contains("catalogue")) {
    const auto text = text_field(request, "catalogue", kCatalogueBytesMax);
    auto parsed = text ? served_catalogue(*text) : Result<Catalogue>(text.error());
    if (!parsed) {
      return parsed.error().during("field catalogue");
    }
    catalogue = *std::move(parsed);
  }
  const Catalogue* known = catalogue ? &*catalogue : nullptr;
  out["id"] = event_id(*bytes).hex();
  out["event"] = event_to_json(*event, known);
  out["account"] = to_json(account_of(*event, known, {}));
  return json::value(std::move(out));
}

}  // namespace hefu
