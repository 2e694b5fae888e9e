#include "tools/wasm/call.h"

#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <sodium.h>

#include "crypto/encoding.h"
#include "crypto/key_file.h"
#include "crypto/secret_text.h"
#include "ledger/event/account.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event_json.h"
#include "ledger/event/prepare.h"
#include "tools/wasm/account_json.h"
#include "tools/wasm/fields.h"
#include "tools/wasm/verify.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kCatalogueBytesMax = std::size_t{4} << 20;
constexpr std::size_t kIssuerBytesMax = 256;

std::string at(const char* what, std::size_t i) {
  return std::string(what) + "[" + std::to_string(i) + "]";
}

}  // namespace

std::string Calls::call(std::string_view question) {
  const auto answered = answer(question);
  if (answered) {
    return json::serialize(json::object{{"result", *answered}});
  }
  const Error& error = answered.error();
  return json::serialize(json::object{
      {"error", {{"code", name(error.code)}, {"message", error.message}, {"hint", error.hint}}}});
}

Result<json::value> Calls::answer(std::string_view question) {
  auto parsed = parse_json(question, kCallRequestBytesMax);
  if (!parsed) {
    return parsed.error();
  }
  json::object* whole = parsed->if_object();
  json::value* inner = whole == nullptr ? nullptr : whole->if_contains("request");
  if (inner == nullptr || !inner->is_object()) {
    return Error{Errc::kInvalid, "the question is not {\"method\", \"request\": {..}}", ""};
  }
  const auto method = text_field(*whole, "method", 64);
  if (!method) {
    return method.error();
  }
  json::object& request = inner->get_object();
  if (*method == "bundle.verify") {
    return verify_bundle_call(request);
  }
  if (*method == "proof.verify") {
    return verify_proof_call(request);
  }
  if (*method == "fork.verify") {
    return verify_fork_call(request);
  }
  if (*method == "key.open") {
    return open_key_file(request);
  }
  if (*method == "key.close") {
    return close_key(request);
  }
  if (*method == "event.prepare") {
    return prepare(request);
  }
  if (*method == "event.sign") {
    return sign(request);
  }
  if (*method == "event.decode") {
    return decode_event_call(request);
  }
  return Error{Errc::kUnsupported, "method " + *method + " is not known", ""};
}

Result<json::value> Calls::open_key_file(json::object& request) {
  if (auto ok = only(request, {"file", "passphrase"}); !ok) {
    return ok.error();
  }
  auto words = text_field(request, "passphrase", kCallPassphraseBytesMax);
  if (!words) {
    return words.error();
  }
  const SecretText passphrase(std::move(*words));
  json::string& kept = request["passphrase"].get_string();
  sodium_memzero(kept.data(), kept.size());
  const auto file = text_field(request, "file", kKeyFileBytesMax);
  if (!file) {
    return file.error();
  }
  if (keys_.size() >= kCallKeysMax) {
    return Error{Errc::kTooLarge, std::to_string(kCallKeysMax) + " keys are open",
                 "close one first"};
  }
  auto key = open_key(*file, passphrase.view());
  auto label = key ? key_file_label(*file) : Result<std::string>(key.error());
  if (!label) {
    return label.error();
  }
  const PublicKey shown = key->public_key();
  const std::int64_t handle = ++last_handle_;
  keys_.emplace(handle, *std::move(key));
  return json::value{{"handle", handle},
                     {"public", base64_encode(shown.bytes)},
                     {"key_id", key_id(shown).digest.hex()},
                     {"label", *label}};
}

Result<json::value> Calls::close_key(const json::object& request) {
  if (auto ok = only(request, {"key"}); !ok) {
    return ok.error();
  }
  const auto handle = integer_field(request, "key");
  if (!handle) {
    return handle.error();
  }
  return json::value{{"closed", keys_.erase(*handle) == 1}};
}

Result<json::value> Calls::prepare(const json::object& request) {
  if (auto ok = only(request, {"catalogue", "issuer", "events", "now"}); !ok) {
    return ok.error();
  }
  const auto text = text_field(request, "catalogue", kCatalogueBytesMax);
  const auto catalogue = text ? served_catalogue(*text) : Result<Catalogue>(text.error());
  if (!catalogue) {
    return text ? catalogue.error().during("field catalogue") : catalogue.error();
  }
  const auto issuer = text_field(request, "issuer", kIssuerBytesMax);
  const auto now = issuer ? integer_field(request, "now") : Result<std::int64_t>(issuer.error());
  const auto events = now ? array_field(request, "events", kCallEventsMax)
                          : Result<const json::array*>(now.error());
  if (!events) {
    return events.error();
  }
  Prepared prepared;
  json::array out;
  for (std::size_t i = 0; i < (*events)->size(); ++i) {
    const auto id =
        prepare_event((**events)[i], *catalogue, *issuer, Moment{*now}, entropy_, &prepared);
    if (!id) {
      return id.error().during(at("events", i));
    }
    // The account is made from the bytes that will be signed, not from what was asked for.
    const auto event = decode_event(prepared.encoded[i]);
    if (!event) {
      return event.error().during(at("events", i));
    }
    const Draft& draft = prepared.drafts[i];
    out.push_back(
        json::object{{"id", id->hex()},
                     {"bytes", base64_encode(prepared.encoded[i])},
                     {"event", event_to_json(*event, &*catalogue)},
                     {"account", to_json(account_of(*event, &*catalogue, draft.openings))}});
  }
  return json::value{{"events", std::move(out)},
                     {"disclosures", disclosures_of(prepared, 0, prepared.ids.size())}};
}

Result<json::value> Calls::sign(const json::object& request) {
  if (auto ok = only(request, {"key", "events"}); !ok) {
    return ok.error();
  }
  const auto handle = integer_field(request, "key");
  const auto events = handle ? array_field(request, "events", kCallEventsMax)
                             : Result<const json::array*>(handle.error());
  if (!events) {
    return events.error();
  }
  const auto key = keys_.find(*handle);
  if (key == keys_.end()) {
    return Error{Errc::kNotFound, "field key: no key is open under this number",
                 "open the key file again"};
  }
  std::vector<Bytes> encoded;
  json::array ids;
  for (std::size_t i = 0; i < (*events)->size(); ++i) {
    const json::value& item = (**events)[i];
    const auto bytes =
        item.is_string() ? base64_decode(std::string_view(item.get_string())) : std::nullopt;
    if (!bytes) {
      return Error{Errc::kInvalid, at("events", i) + ": is not base64", ""};
    }
    // Nothing but an event is ever signed.
    if (const auto event = decode_event(*bytes); !event) {
      return event.error().during(at("events", i));
    }
    ids.emplace_back(event_id(*bytes).hex());
    encoded.push_back(*bytes);
  }
  const auto list = sign_list(encoded, key->second);
  if (!list) {
    return list.error();
  }
  return json::value{{"ids", std::move(ids)}, {"envelopes", base64_encode(*list)}};
}

}  // namespace hefu
