#include "api/accounts/account.h"

#include <algorithm>
#include <stdexcept>

#include <boost/json.hpp>

#include "api/accounts/caller.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

/// 2: secrets of one-time codes may be sealed. What has none is written as 1.
constexpr std::int64_t kVersion = 2;

json::array write_grants(const std::vector<Grant>& grants) {
  json::array list;
  for (const Grant& grant : grants) {
    list.push_back(json::object{{"role", grant.role}, {"department", grant.department}});
  }
  return list;
}

json::array write_scopes(const Scopes& scopes) {
  json::array list;
  for (const std::string& scope : scopes.names()) {
    list.emplace_back(scope);
  }
  return list;
}

std::string text(const json::value& object, const char* key) {
  return std::string(object.at(key).as_string());
}

Account read_account(const json::value& value) {
  Account account;
  account.name = text(value, "name");
  for (const json::value& grant : value.at("roles").as_array()) {
    account.grants.push_back({text(grant, "role"), text(grant, "department")});
  }
  account.password = text(value, "password");
  account.must_change_password = value.at("must_change_password").as_bool();
  account.disabled = value.at("disabled").as_bool();
  account.generation = value.at("generation").to_number<std::uint64_t>();
  account.created = Moment{value.at("created_ms").as_int64()};
  if (value.as_object().contains("outside_name")) {
    account.outside_name = text(value, "outside_name");
  }
  if (const json::value& code = value.at("code"); code.is_object()) {
    account.sealed_code = text(code, "sealed");
  } else if (!code.is_null()) {
    const auto bytes = base64_decode(std::string(code.as_string()));
    OneTimeSecret secret{};
    if (!bytes || bytes->size() != secret.size()) {
      throw std::invalid_argument("code");
    }
    std::copy(bytes->begin(), bytes->end(), secret.begin());
    account.code = secret;
  }
  return account;
}

ApiToken read_token(const json::value& value) {
  ApiToken token;
  token.id = text(value, "id");
  const auto hash = Digest::from_hex(text(value, "hash"));
  if (!hash) {
    throw std::invalid_argument("hash");
  }
  token.hash = *hash;
  token.account = text(value, "account");
  token.label = text(value, "label");
  for (const json::value& name : value.at("scopes").as_array()) {
    if (const auto known = scope(std::string(name.as_string()))) {
      token.scopes.add(*known);
    }
  }
  token.created = Moment{value.at("created_ms").as_int64()};
  token.expires = Moment{value.at("expires_ms").as_int64()};
  return token;
}

json::value write_code(const Account& account) {
  if (!account.sealed_code.empty()) {
    return json::object{{"sealed", account.sealed_code}};
  }
  return account.code ? json::value(base64_encode(*account.code)) : json::value(nullptr);
}

AccountState read_state(const json::value& value) {
  AccountState state;
  state.acts = value.at("acts").to_number<std::uint64_t>();
  const auto last = Digest::from_hex(text(value, "last_act"));
  if (!last) {
    throw std::invalid_argument("last_act");
  }
  state.last_act = *last;
  for (const json::value& item : value.at("accounts").as_array()) {
    Account account = read_account(item);
    state.accounts.emplace(account.name, account);
  }
  for (const json::value& item : value.at("tokens").as_array()) {
    ApiToken token = read_token(item);
    state.tokens.emplace(token.id, token);
  }
  return state;
}

}  // namespace

bool is_account_name(std::string_view name) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return name.size() >= 2 && name.size() <= kAccountNameBytesMax && plain(name.front()) &&
         name != kOperatorName && name != "anonymous" &&
         std::all_of(name.begin(), name.end(), [&](char c) {
           return plain(c) || std::string_view("._@-").find(c) != std::string_view::npos;
         });
}

std::string write_account_state(const AccountState& state) {
  json::array accounts;
  std::int64_t version = 1;
  for (const auto& [name, account] : state.accounts) {
    version = account.sealed_code.empty() ? version : kVersion;
    json::object written{{"name", name},
                         {"roles", write_grants(account.grants)},
                         {"password", account.password},
                         {"must_change_password", account.must_change_password},
                         {"disabled", account.disabled},
                         {"code", write_code(account)},
                         {"generation", account.generation},
                         {"created_ms", account.created.ms}};
    if (!account.outside_name.empty()) {
      written["outside_name"] = account.outside_name;
    }
    accounts.push_back(std::move(written));
  }
  json::array tokens;
  for (const auto& [id, token] : state.tokens) {
    tokens.push_back(json::object{{"id", id},
                                  {"hash", token.hash.hex()},
                                  {"account", token.account},
                                  {"label", token.label},
                                  {"scopes", write_scopes(token.scopes)},
                                  {"created_ms", token.created.ms},
                                  {"expires_ms", token.expires.ms}});
  }
  return canonical_json(json::object{{"version", version},
                                     {"acts", state.acts},
                                     {"last_act", state.last_act.hex()},
                                     {"accounts", std::move(accounts)},
                                     {"tokens", std::move(tokens)}});
}

Result<AccountState> read_account_state(std::string_view stored) {
  const Error corrupt{Errc::kCorrupt, "what is stored of the accounts cannot be read",
                      "restore the node's data from a backup"};
  const auto value = parse_json(stored, kAccountStateBytesMax);
  if (!value) {
    return corrupt;
  }
  try {
    if (const auto version = value->at("version").as_int64(); version < 1 || version > kVersion) {
      return Error{Errc::kUnsupported, "the accounts were written by another version of hefud",
                   "upgrade hefud"};
    }
    return read_state(*value);
  } catch (const std::exception&) {  // a member is missing or of another type
    return corrupt;
  }
}

}  // namespace hefu
