#include "ledger/record/guest_events.h"

#include <utility>

#include "ledger/event/uscc.h"

namespace hefu {

namespace {

std::optional<PublicKey> key_field(const Event& event) {
  const Value* value = event.field("key");
  const Bytes* bytes = value == nullptr ? nullptr : std::get_if<Bytes>(&value->is);
  const auto key = bytes == nullptr ? std::nullopt : PublicKey::from_bytes(*bytes);
  return key && is_acceptable(*key) ? key : std::nullopt;
}

std::optional<std::string> text_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->text() != nullptr ? std::optional(*value->text())
                                                      : std::nullopt;
}

std::optional<Date> date_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->date() != nullptr ? std::optional(*value->date())
                                                      : std::nullopt;
}

std::optional<Digest> digest_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->digest() != nullptr ? std::optional(*value->digest())
                                                        : std::nullopt;
}

}  // namespace

std::optional<GuestAdmission> read_guest_admission(const Event& event) {
  if (event.type != kGuestAdmissionType) {
    return std::nullopt;
  }
  const auto guest = text_field(event, "guest");
  const auto name = text_field(event, "guest_name");
  const auto key = key_field(event);
  const auto use = text_field(event, "use");
  const auto check = text_field(event, "identity_check");
  const auto from = date_field(event, "valid_from");
  const auto to = date_field(event, "valid_to");
  if (!guest || !name || !key || !use || !check || !from || !to) {
    return std::nullopt;
  }
  GuestAdmission admission;
  admission.guest = std::string(institution_of(*guest));
  admission.name = *name;
  admission.key = *key;
  admission.link = *use == "link";
  admission.identity_check = *check;
  admission.from = *from;
  admission.to = *to;
  admission.open_until = date_field(event, "open_until");
  admission.token = digest_field(event, "token");
  if (const auto record = digest_field(event, "asks_about")) {
    admission.asks_about = EventId{*record};
  }
  const bool complete_link = admission.open_until.has_value() && admission.token.has_value();
  const bool no_link = !admission.open_until && !admission.token;
  if ((admission.link ? !complete_link : !no_link) || (!admission.link && *use != "own")) {
    return std::nullopt;
  }
  return admission;
}

std::optional<GuestKey> read_guest_key(const Event& event) {
  const auto key = event.type == kGuestKeyType ? key_field(event) : std::nullopt;
  const auto admission = digest_field(event, "admission");
  if (!key || !admission) {
    return std::nullopt;
  }
  return GuestKey{std::string(institution_of(event.issuer)), EventId{*admission}, *key};
}

std::optional<PublicKey> guests_key(const Event& event) {
  if (const auto named = read_guest_key(event)) {
    return named->key;
  }
  const auto admission = read_guest_admission(event);
  return admission ? std::optional(admission->key) : std::nullopt;
}

Digest guest_token_digest(std::string_view token) {
  Bytes message = to_bytes("hefu/guest-token/v1");
  message.push_back(0);
  append(message, as_bytes(token));
  return sha256(message);
}

}  // namespace hefu
