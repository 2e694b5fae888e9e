#include "api/account_requests.h"

#include <array>
#include <cstdint>

#include <arpa/inet.h>
#include <boost/json.hpp>

#include "api/json_members.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kSecretBytesMax = 1'024;
constexpr std::size_t kNameBytesMax = 128;
constexpr std::size_t kCodeBytesMax = 16;

std::vector<Grant> read_grants(JsonMembers& members, const json::array& list) {
  std::vector<Grant> grants;
  for (const json::value& item : list) {
    JsonMembers one(item, "roles");
    Grant grant;
    grant.role = one.required_text("role", kNameBytesMax);
    grant.department = one.text("department", kDepartmentBytesMax);
    if (const auto done = one.done(); !done) {
      members.refuse("roles", done.error().message, done.error().hint);
    }
    grants.push_back(std::move(grant));
  }
  return grants;
}

/// Parses the body and has `read` take its members.
template <typename Request, typename Read>
Result<Request> parse(std::string_view body, Read read) {
  const auto value = parse_json(body, kAccountBodyBytesMax);
  if (!value) {
    return value.error().during("body");
  }
  JsonMembers members(*value, "body");
  Request request;
  read(members, request);
  if (const auto done = members.done(); !done) {
    return done.error();
  }
  return request;
}

}  // namespace

Result<SignInRequest> parse_sign_in(std::string_view body) {
  return parse<SignInRequest>(body, [](JsonMembers& members, SignInRequest& request) {
    request.account = members.required_text("account", kNameBytesMax);
    request.password = SecretText(members.required_text("password", kSecretBytesMax));
    request.code = members.text("code", kCodeBytesMax);
  });
}

Result<ConfirmRequest> parse_confirmation(std::string_view body, bool with_new_password) {
  return parse<ConfirmRequest>(body, [=](JsonMembers& members, ConfirmRequest& request) {
    request.password = SecretText(members.required_text("password", kSecretBytesMax));
    request.code = members.text("code", kCodeBytesMax);
    if (with_new_password) {
      request.new_password = SecretText(members.required_text("new_password", kSecretBytesMax));
    }
  });
}

Result<std::string> parse_code(std::string_view body) {
  return parse<std::string>(body, [](JsonMembers& members, std::string& code) {
    code = members.required_text("code", kCodeBytesMax);
  });
}

Result<NewAccountRequest> parse_new_account(std::string_view body) {
  return parse<NewAccountRequest>(body, [](JsonMembers& members, NewAccountRequest& request) {
    request.account = members.required_text("account", kNameBytesMax);
    if (const json::array* list = members.list("roles", kGrantsMax)) {
      request.grants = read_grants(members, *list);
    }
  });
}

Result<AccountChangeRequest> parse_account_change(std::string_view body) {
  return parse<AccountChangeRequest>(body, [](JsonMembers& members, AccountChangeRequest& request) {
    request.disabled = members.boolean("disabled");
    if (const json::array* list = members.list("roles", kGrantsMax)) {
      request.grants = read_grants(members, *list);
    }
    request.outside_name = members.optional_text("outside_name", kNameBytesMax);
    if (!request.disabled && !request.grants && !request.outside_name) {
      members.refuse("roles", "missing", "give roles, disabled or outside_name");
    }
    if (request.outside_name && (request.disabled || request.grants)) {
      members.refuse("outside_name", "together with others", "change it in a request of its own");
    }
  });
}

Result<NewTokenRequest> parse_new_token(std::string_view body) {
  return parse<NewTokenRequest>(body, [](JsonMembers& members, NewTokenRequest& request) {
    request.account = members.text("account", kNameBytesMax);
    request.label = members.required_text("label", kNameBytesMax);
    request.valid_for = std::chrono::hours(24 * members.required_number("valid_days", 1, 366));
    const json::array* list = members.list("scopes", kScopeCount);
    if (list == nullptr) {
      members.refuse("scopes", "missing", "for example [\"read\"]");
      return;
    }
    for (const json::value& item : *list) {
      const auto known = item.is_string() ? scope(std::string(item.get_string())) : std::nullopt;
      if (!known) {
        members.refuse("scopes", "no such scope",
                       "there are: read, record, disclose, operate, administer");
        return;
      }
      request.scopes.add(*known);
    }
  });
}

std::string_view cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = header.find(';');
    std::string_view pair = header.substr(0, end);
    header = end == std::string_view::npos ? "" : header.substr(end + 1);
    while (!pair.empty() && pair.front() == ' ') {
      pair.remove_prefix(1);
    }
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
      return pair.substr(name.size() + 1);
    }
  }
  return "";
}

std::optional<std::string> last_forwarded_address(std::string_view header) {
  const std::size_t comma = header.rfind(',');
  std::string_view last = comma == std::string_view::npos ? header : header.substr(comma + 1);
  while (!last.empty() && last.front() == ' ') {
    last.remove_prefix(1);
  }
  while (!last.empty() && last.back() == ' ') {
    last.remove_suffix(1);
  }
  const std::string address(last);
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) {
    return address;
  }
  if (inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1) {
    return '[' + address + ']';
  }
  return std::nullopt;
}

std::string address_of(std::string_view remote) {
  const std::size_t colon = remote.rfind(':');
  std::string host(remote.substr(0, colon == std::string_view::npos ? remote.size() : colon));
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  std::array<std::uint8_t, 16> bytes{};
  if (host.find(':') == std::string::npos || inet_pton(AF_INET6, host.c_str(), bytes.data()) != 1) {
    return host;
  }
  return hex_encode(BytesView(bytes).first(8)) + "/64";
}

}  // namespace hefu
