#include "ledger/charter/member_json.h"

#include <algorithm>
#include <set>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/text.h"
#include "ledger/event/uscc.h"

namespace hefu {

namespace {

namespace json = boost::json;

constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kDomainBytesMax = 200;
constexpr std::size_t kAttributesMax = 64;
constexpr std::size_t kAttributeKeyBytesMax = 64;
constexpr std::size_t kKeysMax = 64;

Error bad(const std::string& field, const std::string& reason, const std::string& hint = "") {
  return Error{Errc::kInvalid, "member field " + field + ": " + reason, hint};
}

Result<std::string> text_field(const json::object& object, const char* key, std::size_t bytes_max) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) {
    return bad(key, "a text is missing");
  }
  const std::string text(value->as_string());
  if (text.empty() || text.size() > bytes_max) {
    return bad(key, "must have 1 to " + std::to_string(bytes_max) + " bytes");
  }
  return text;
}

/// Labels of 1 to 63 lower-case letters, digits and inner hyphens, joined by dots (RFC 1035 §2.3.1
/// as RFC 1123 §2.1 relaxed it); international names in their "xn--" form.
bool is_domain(std::string_view text) {
  while (true) {
    const std::string_view label = text.substr(0, text.find('.'));
    const bool good = !label.empty() && label.size() <= 63 && label.front() != '-' &&
                      label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                      });
    if (!good) {
      return false;
    }
    if (label.size() == text.size()) {
      return true;
    }
    text.remove_prefix(label.size() + 1);
  }
}

bool is_epoch(const std::string& text) {
  return !text.empty() && text.size() <= 6 && text[0] != '0' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<void> only(const json::object& object, const std::set<std::string>& allowed,
                  const std::string& where) {
  for (const auto& item : object) {
    if (allowed.count(std::string(item.key())) == 0) {
      // Quoted and escaped: whoever sent it may have put anything into the name.
      return bad(where + canonical_json(json::value(item.key())), "is not known");
    }
  }
  return {};
}

Result<void> read_keys(const json::object& object, Member* member) {
  const json::value* keys = object.if_contains("keys");
  if (keys == nullptr || !keys->is_array() || keys->as_array().empty() ||
      keys->as_array().size() > kKeysMax) {
    return bad("keys", "must be a list of 1 to 64 keys");
  }
  for (const json::value& item : keys->as_array()) {
    if (!item.is_object()) {
      return bad("keys", "each key is an object with role, algorithm and public");
    }
    const json::object& key = item.as_object();
    if (auto ok = only(key, {"role", "algorithm", "public"}, "keys."); !ok) {
      return ok;
    }
    auto role_name = text_field(key, "role", 32);
    auto algorithm = text_field(key, "algorithm", 32);
    auto encoded = text_field(key, "public", 64);
    if (!role_name || !algorithm || !encoded) {
      return bad("keys", "each key has role, algorithm and public");
    }
    const auto role = key_role(*role_name);
    if (!role || *role == KeyRole::kGuest) {
      return bad("keys.role", canonical_json(json::value(*role_name)) + " is not a role");
    }
    if (*algorithm != "ed25519") {
      return Error{Errc::kUnsupported, "member field keys.algorithm: not ed25519",
                   "this version signs with ed25519"};
    }
    const auto bytes = base64_decode(*encoded);
    const auto public_key = bytes ? PublicKey::from_bytes(*bytes) : std::nullopt;
    if (!public_key || !is_acceptable(*public_key)) {
      return bad("keys.public", "the " + *role_name + " key is not an acceptable Ed25519 key",
                 "make keys with `hefu key new`");
    }
    member->keys.emplace(*role, *public_key);
  }
  return {};
}

}  // namespace

boost::json::value member_to_json(const Member& member) {
  json::object attributes;
  for (const auto& [key, value] : member.attributes) {
    attributes[key] = value;
  }
  std::vector<std::pair<KeyRole, PublicKey>> sorted(member.keys.begin(), member.keys.end());
  std::sort(sorted.begin(), sorted.end());
  json::array keys;
  for (const auto& [role, key] : sorted) {
    keys.push_back(json::object{
        {"role", name(role)}, {"algorithm", "ed25519"}, {"public", base64_encode(key.bytes)}});
  }
  return json::object{
      {"id", member.id},          {"name", {{"zh", member.name_zh}, {"en", member.name_en}}},
      {"domain", member.domain},  {"origin", member.origin},
      {"attributes", attributes}, {"keys", keys}};
}

Result<Member> member_from_json(const boost::json::value& value) {
  if (!value.is_object()) {
    return bad("(top)", "a member is a JSON object");
  }
  const json::object& object = value.as_object();
  if (auto ok = only(object, {"id", "name", "domain", "origin", "attributes", "keys"}, ""); !ok) {
    return ok.error();
  }
  Member member;
  auto id = text_field(object, "id", 18);
  if (!id) {
    return id.error();
  }
  if (auto ok = check_credit_code(*id); !ok) {
    return ok.error().during("member field id");
  }
  member.id = *id;

  const json::value* names = object.if_contains("name");
  if (names == nullptr || !names->is_object()) {
    return bad("name", "an object with zh and en is missing");
  }
  if (auto ok = only(names->as_object(), {"zh", "en"}, "name."); !ok) {
    return ok.error();
  }
  auto zh = text_field(names->as_object(), "zh", kNameBytesMax);
  auto en = text_field(names->as_object(), "en", kNameBytesMax);
  if (!zh || !en) {
    return (!zh ? zh : en).error().during("member field name");
  }
  for (const auto& [field, text] : {std::pair("name.zh", *zh), std::pair("name.en", *en)}) {
    if (auto ok = check_text(text); !ok) {
      return ok.error().during(std::string("member field ") + field);
    }
  }
  member.name_zh = *zh;
  member.name_en = *en;

  auto domain = text_field(object, "domain", kDomainBytesMax);
  auto origin = text_field(object, "origin", kDomainBytesMax + 16);
  if (!domain || !origin) {
    return (!domain ? domain : origin).error();
  }
  if (!is_domain(*domain)) {
    return bad("domain", "not a lower-case domain name", "for example imust.baotou.example");
  }
  const std::string prefix = *domain + "/hefu/";
  if (origin->rfind(prefix, 0) != 0 || !is_epoch(origin->substr(prefix.size()))) {
    return bad("origin", "is not " + prefix + "<epoch>", "the first epoch is 1");
  }
  member.domain = *domain;
  member.origin = *origin;

  const json::value* attributes = object.if_contains("attributes");
  if (attributes == nullptr || !attributes->is_object() ||
      attributes->as_object().size() > kAttributesMax) {
    return bad("attributes", "must be an object of at most 64 texts");
  }
  for (const auto& item : attributes->as_object()) {
    const std::string key(item.key());
    if (key.empty() || key.size() > kAttributeKeyBytesMax || !check_text(key)) {
      return bad("attributes", "a name is not plain text of 1 to 64 bytes");
    }
    const json::string* text = item.value().if_string();
    if (text == nullptr || text->size() > kNameBytesMax || !check_text(*text)) {
      return bad("attributes." + key, "must be plain text of at most 200 bytes");
    }
    member.attributes[key] = *text;
  }
  if (auto ok = read_keys(object, &member); !ok) {
    return ok.error();
  }
  return member;
}

}  // namespace hefu
