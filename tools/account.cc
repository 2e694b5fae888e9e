#include "tools/account.h"

#include <iostream>

#include <boost/json.hpp>

#include "api/accounts/account_book.h"
#include "ledger/event/canonical_json.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kAnswerMax = std::size_t{16} << 20;

json::array roles_of(const std::vector<std::string>& words) {
  json::array roles;
  for (const std::string& word : words) {
    const std::size_t at = word.find('@');
    roles.push_back(
        json::object{{"role", word.substr(0, at)},
                     {"department", at == std::string::npos ? "" : word.substr(at + 1)}});
  }
  return roles;
}

Result<json::value> send(const Context& context, const std::string& path, const json::value& body) {
  auto node = open_node(context);
  const std::string text = json::serialize(body);
  auto answer =
      node ? node->post(path, "application/json", as_bytes(text)) : Result<Bytes>(node.error());
  return answer ? parse_json(as_text(*answer), kAnswerMax) : Result<json::value>(answer.error());
}

std::string path_of(const std::string& account, const std::string& rest = "") {
  return "/v1/accounts/" + url_encode(account) + rest;
}

/// Prints the answer as JSON, or has `print` say it to people.
template <typename Print>
int tell(const Context& context, const Result<json::value>& answer, Print print) {
  if (!answer) {
    return report(context, answer.error());
  }
  if (context.json) {
    print_json(*answer, false);
  } else {
    print(answer->as_object());
  }
  return kExitOk;
}

void print_one_time_password(const json::object& answer) {
  std::cout << "account " << text_at(answer, "account") << "\n  one-time password  "
            << text_at(answer, "one_time_password")
            << "\n  It is shown this once. Whoever signs in with it sets another one first.\n";
}

std::string joined(const json::array& words) {
  std::string text;
  for (const json::value& word : words) {
    text += (text.empty() ? "" : " ") + std::string(word.as_string());
  }
  return text;
}

std::string roles_text(const json::object& account) {
  std::string text;
  for (const json::value& grant : array_at(account, "roles")) {
    const std::string department = text_at(grant.as_object(), "department");
    text += (text.empty() ? "" : ", ") + text_at(grant.as_object(), "role");
    text += department.empty() ? "" : '@' + department;
  }
  return text;
}

void print_account(const json::object& account) {
  std::cout << text_at(account, "account") << "  " << roles_text(account);
  if (account.at("disabled").as_bool()) {
    std::cout << "  (disabled)";
  }
  if (account.at("code").as_bool()) {
    std::cout << "  (one-time codes)";
  }
  if (const std::string outside = text_at(account, "outside_name"); !outside.empty()) {
    std::cout << "  (single sign-on: " << outside << ")";
  }
  if (account.at("must_change_password").as_bool()) {
    std::cout << "  (has not signed in with a password of its own)";
  }
  std::cout << "\n";
}

int change(const Context& context, const std::string& account, const json::object& body) {
  return tell(context, send(context, path_of(account), body), print_account);
}

}  // namespace

int run(Context& context, const AccountCreate& options) {
  const json::object body{{"account", options.account}, {"roles", roles_of(options.roles)}};
  return tell(context, send(context, "/v1/accounts", body), print_one_time_password);
}

int run(Context& context, const AccountList& /*options*/) {
  auto node = open_node(context);
  const auto answer = node ? node->get_json("/v1/accounts") : Result<json::value>(node.error());
  return tell(context, answer, [](const json::object& object) {
    for (const json::value& account : array_at(object, "accounts")) {
      print_account(account.as_object());
    }
    if (array_at(object, "accounts").empty()) {
      std::cout << "no accounts yet: `hefu account create NAME --role ROLE`\n";
    }
    std::cout << "\nroles, and what they may do:\n";
    for (const json::value& item : array_at(object, "roles")) {
      const json::object& role = item.as_object();
      const json::object& title = role.at("title").as_object();
      std::cout << "  " << text_at(role, "role") << "  " << text_at(title, "zh") << ", "
                << text_at(title, "en") << ": " << joined(array_at(role, "scopes")) << "\n";
    }
  });
}

int run(Context& context, const AccountSetRoles& options) {
  return change(context, options.account, {{"roles", roles_of(options.roles)}});
}

int run(Context& context, const AccountDisable& options) {
  return change(context, options.account, {{"disabled", true}});
}

int run(Context& context, const AccountEnable& options) {
  return change(context, options.account, {{"disabled", false}});
}

int run(Context& context, const AccountLink& options) {
  return change(context, options.account, {{"outside_name", options.outside_name}});
}

int run(Context& context, const AccountUnlink& options) {
  return change(context, options.account, {{"outside_name", ""}});
}

int run(Context& context, const AccountResetPassword& options) {
  return tell(context, send(context, path_of(options.account, "/password"), json::object()),
              print_one_time_password);
}

int run(Context& context, const AccountResetTotp& options) {
  auto node = open_node(context);
  const auto answer = node ? node->del(path_of(options.account, "/code"), "application/json", {})
                           : Result<Bytes>(node.error());
  const auto done =
      answer ? parse_json(as_text(*answer), kAnswerMax) : Result<json::value>(answer.error());
  return tell(context, done, [](const json::object&) {
    std::cout << "no one-time code is asked for any more; its sessions are over\n";
  });
}

int run(Context& context, const AccountActs& /*options*/) {
  auto node = open_node(context);
  if (!node) {
    return report(context, node.error());
  }
  Digest previous;
  std::int64_t from = 1;
  while (from > 0) {
    const auto page = node->get_json("/v1/account-acts?limit=1000&from=" + std::to_string(from));
    if (!page) {
      return report(context, page.error());
    }
    for (const json::value& item : array_at(page->as_object(), "acts")) {
      const std::string text = text_at(item.as_object(), "json");
      const auto act = parse_json(text, kAnswerMax);
      if (!act || !act->is_object() || text_at(act->as_object(), "previous") != previous.hex() ||
          text_at(item.as_object(), "digest") != account_act_digest(text).hex()) {
        return report(context, Error{Errc::kUnverified, "the record of acts does not hold together",
                                     "somebody changed the node's database, or it is damaged"});
      }
      previous = account_act_digest(text);
      const json::object& object = act->as_object();
      if (context.json) {
        print_json(*act, false);
      } else {
        std::cout << object.at("number").to_number<std::int64_t>() << "  " << text_at(object, "at")
                  << "  " << text_at(object, "by") << ": " << text_at(object, "act") << " "
                  << text_at(object, "subject") << "  " << text_at(object, "detail") << "\n";
      }
    }
    const json::value& next = page->as_object().at("next");
    from = next.is_int64() ? next.get_int64() : 0;
  }
  if (!context.json) {
    std::cout << "the chain holds; the last digest is " << previous.hex() << "\n";
  }
  return kExitOk;
}

}  // namespace hefu
