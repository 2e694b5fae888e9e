#include "api/account_routes.h"

#include <charconv>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "api/account_requests.h"
#include "api/accounts/reach.h"
#include "api/problem.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::string_view kJson = "application/json";
constexpr std::size_t kWaitingMax = 64;
constexpr std::size_t kActsMax = 1'000;
constexpr std::size_t kActsDefault = 100;

HttpResponse json_answer(const json::value& value, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.content_type = std::string(kJson);
  response.body = to_bytes(canonical_json(value) + "\n");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HttpResponse done_answer(const Result<void>& done) {
  return done ? json_answer(json::object{{"done", true}}) : problem(done.error());
}

HttpResponse not_signed_in() {
  HttpResponse response = problem(401, Error{Errc::kUnauthorised, "nobody is signed in",
                                             "POST /v1/session, or send an API token"});
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

void set_cookie(HttpResponse& response, std::string_view value) {
  response.headers.emplace_back("Set-Cookie", session_cookie(value));
}

json::array names(const Scopes& scopes) {
  json::array list;
  for (const std::string& name : scopes.names()) {
    list.emplace_back(name);
  }
  return list;
}

json::array grants_json(const std::vector<Grant>& grants) {
  json::array list;
  for (const Grant& grant : grants) {
    const Role* role = find_role(grant.role);
    list.push_back(json::object{{"role", grant.role},
                                {"department", grant.department},
                                {"title",
                                 {{"zh", role == nullptr ? grant.role : role->zh},
                                  {"en", role == nullptr ? grant.role : role->en}}}});
  }
  return list;
}

/// Departments somebody speaks for; null: the whole institution.
json::value departments_json(const Departments& departments) {
  return departments.all
             ? json::value(nullptr)
             : json::value(json::array(departments.units.begin(), departments.units.end()));
}

json::object account_json(const Account& account) {
  return {{"account", account.name},
          {"roles", grants_json(account.grants)},
          {"scopes", names(scopes_of(account.grants))},
          {"disabled", account.disabled},
          {"must_change_password", account.must_change_password},
          {"code", account.has_code()},
          {"outside_name", account.outside_name},
          {"created", account.created.text()}};
}

json::object token_json(const ApiToken& token) {
  return {{"id", token.id},
          {"account", token.account},
          {"label", token.label},
          {"scopes", names(token.scopes)},
          {"created", token.created.text()},
          {"expires", token.expires.text()}};
}

const char* kind_name(Caller::Kind kind) {
  switch (kind) {
    case Caller::Kind::kAnonymous:
      return "anonymous";
    case Caller::Kind::kSession:
      return "session";
    case Caller::Kind::kToken:
      return "token";
    case Caller::Kind::kOperator:
      return "operator";
  }
  return "anonymous";
}

/// A number from the query; nothing if it is none within [min, max].
std::optional<std::uint64_t> number(const HttpRequest& request, const std::string& parameter,
                                    std::uint64_t absent, std::uint64_t max) {
  const auto found = request.query.find(parameter);
  if (found == request.query.end() || found->second.empty()) {
    return absent;
  }
  const std::string& text = found->second;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= 1 && value <= max ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string session_cookie(std::string_view name) {
  return std::string(kSessionCookie) + '=' + std::string(name) +
         "; Path=/; Secure; HttpOnly; SameSite=Strict" + (name.empty() ? "; Max-Age=0" : "");
}

/// One request, with what is known of it.
struct AccountRoutes::Ask {
  const HttpRequest& request;
  const std::vector<std::string>& captured;
  const Caller& caller;
  Moment now;
  std::string_view body;
  std::string_view session;  ///< the cookie's value
  std::string address;       ///< what tries are counted by

  [[nodiscard]] bool is_person() const { return caller.kind == Caller::Kind::kSession; }
  [[nodiscard]] SignIn::Credentials credentials(const ConfirmRequest& confirm) const {
    return {caller.account, confirm.password.view(), confirm.code, address};
  }
};

struct AccountRoutes::Route {
  RouteShape shape;
  HttpResponse (AccountRoutes::*answer)(const Ask& ask);
  bool quick = false;  ///< from memory
};

const std::vector<AccountRoutes::Route>& AccountRoutes::table() {
  using A = AccountRoutes;
  static const std::vector<Route> kTable{
      {{"GET", "/v1/health"}, &A::get_health, true},
      {{"GET", "/v1/session"}, &A::get_session, true},
      {{"POST", "/v1/session", {}, kJson}, &A::post_session},
      {{"DELETE", "/v1/session"}, &A::delete_session},
      {{"POST", "/v1/session/password", {}, kJson}, &A::post_password},
      {{"POST", "/v1/session/code", {}, kJson}, &A::post_code},
      {{"POST", "/v1/session/code/confirmation", {}, kJson}, &A::post_code_confirmation},
      {{"DELETE", "/v1/session/code", {}, kJson}, &A::delete_code},
      {{"GET", "/v1/accounts"}, &A::get_accounts, true},
      {{"POST", "/v1/accounts", {}, kJson}, &A::post_accounts},
      {{"POST", "/v1/accounts/{account}", {}, kJson}, &A::post_account},
      {{"POST", "/v1/accounts/{account}/password", {}, kJson}, &A::post_account_password},
      {{"DELETE", "/v1/accounts/{account}/code"}, &A::delete_account_code},
      {{"GET", "/v1/tokens"}, &A::get_tokens, true},
      {{"POST", "/v1/tokens", {}, kJson}, &A::post_tokens},
      {{"DELETE", "/v1/tokens/{tokenId}"}, &A::delete_token},
      {{"GET", "/v1/account-acts", {"from", "limit"}}, &A::get_acts},
  };
  return kTable;
}

AccountRoutes::AccountRoutes(AccountBook& book, Sessions& sessions, SignIn& sign_in,
                             Entropy& entropy, Options options)
    : book_(book),
      sessions_(sessions),
      sign_in_(sign_in),
      entropy_(entropy),
      options_(std::move(options)),
      worker_(1, kWaitingMax) {}

const std::vector<RouteShape>& AccountRoutes::routes() const {
  static const std::vector<RouteShape> kShapes = [] {
    std::vector<RouteShape> shapes;
    for (const Route& route : table()) {
      shapes.push_back(route.shape);
    }
    return shapes;
  }();
  return kShapes;
}

std::vector<RouteInfo> AccountRoutes::list() {
  std::vector<RouteInfo> list;
  for (const Route& route : table()) {
    list.push_back(info_of(route.shape));
  }
  return list;
}

void AccountRoutes::handle(std::size_t number, std::vector<std::string> captured,
                           HttpRequest request, HttpReply reply) {
  const Route& route = table().at(number);
  auto job = [this, &route, captured = std::move(captured),
              held = std::make_shared<HttpRequest>(std::move(request)), reply] {
    static const Caller kNobody;
    const Caller& caller = held->caller ? *held->caller : kNobody;
    const Ask ask{*held,
                  captured,
                  caller,
                  options_.now(),
                  as_text(held->body),
                  cookie_value(held->cookie, kSessionCookie),
                  address_of(held->remote)};
    try {
      reply((this->*route.answer)(ask));
    } catch (const std::bad_alloc&) {
      reply(problem(503, Error{Errc::kUnavailable, "no memory", "try again in a moment"}));
    }
  };
  if (route.quick) {
    job();
  } else if (!worker_.submit(std::move(job))) {
    reply(problem(503, Error{Errc::kUnavailable, "too many at once want to sign in",
                             "try again in a moment"}));
  }
}

HttpResponse AccountRoutes::get_health(const Ask& /*ask*/) {
  return json_answer(json::object{{"status", "ok"}});
}

// ---- The own session

std::string AccountRoutes::session_json(const Caller& caller, std::string_view session) {
  const Reach reach = reach_of(caller);
  json::object out{
      {"account", caller.account.empty() ? json::value(nullptr) : json::value(caller.account)},
      {"kind", kind_name(caller.kind)},
      {"roles", grants_json(caller.grants)},
      {"scopes", names(caller.scopes)},
      {"hands_in",
       {{"records", departments_json(reach.records)},
        {"reviews", departments_json(reach.reviews)}}},
      {"must_change_password", caller.must_change_password},
      {"sign_in", options_.sign_in_required ? "required" : "open"},
      {"outside_service", options_.outside_service.empty() ? json::value(nullptr)
                                                           : json::value(options_.outside_service)},
      {"csrf_token", nullptr}};
  if (caller.kind == Caller::Kind::kSession) {
    out["csrf_token"] = Sessions::csrf_token(session);
    out["idle_s"] = sessions_.options().idle.count() / 1000;
    const auto account = book_.account(caller.account);
    out["code"] = account && account->has_code();
    const auto known = sessions_.use(session, options_.now());
    out["outside"] = known && known->outside;
  }
  return canonical_json(out) + "\n";
}

HttpResponse AccountRoutes::get_session(const Ask& ask) {
  HttpResponse response = json_answer(nullptr);
  response.body = to_bytes(session_json(ask.caller, ask.session));
  return response;
}

HttpResponse AccountRoutes::signed_in(const std::string& account, const std::string& session) {
  const auto known = book_.account(account);
  const auto caller = known ? book_.caller_of_session(account, known->generation) : std::nullopt;
  if (!caller) {  // disabled in this very moment
    return not_signed_in();
  }
  HttpResponse response = json_answer(nullptr);
  response.body = to_bytes(session_json(*caller, session));
  set_cookie(response, session);
  return response;
}

HttpResponse AccountRoutes::post_session(const Ask& ask) {
  const auto asked = parse_sign_in(ask.body);
  if (!asked) {
    return problem(asked.error());
  }
  const auto outcome =
      sign_in_.sign_in({asked->account, asked->password.view(), asked->code, ask.address}, ask.now);
  if (!outcome) {
    return problem(outcome.error());
  }
  if (outcome->wait.count() > 0) {
    HttpResponse response = problem(
        429, Error{Errc::kUnavailable, "too many tries to sign in",
                   "wait a minute; the account is not locked, and from where its owner has signed "
                   "in before it is not even slowed down"});
    response.headers.emplace_back("Retry-After", std::to_string(outcome->wait.count() / 1000 + 1));
    return response;
  }
  if (outcome->session) {
    return signed_in(asked->account, *outcome->session);
  }
  return problem(401,
                 outcome->code_missing
                     ? Error{Errc::kUnauthorised, "code: missing",
                             "send the six digits that the authenticator shows"}
                     : Error{Errc::kUnauthorised, "the account, the password or the code is wrong",
                             "the operator of the node sets a new password"});
}

HttpResponse AccountRoutes::delete_session(const Ask& ask) {
  sessions_.end(ask.session);
  HttpResponse response = json_answer(json::object{{"done", true}});
  set_cookie(response, "");
  return response;
}

HttpResponse AccountRoutes::post_password(const Ask& ask) {
  if (!ask.is_person()) {
    return not_signed_in();
  }
  const auto asked = parse_confirmation(ask.body, true);
  if (!asked) {
    return problem(asked.error());
  }
  if (asked->new_password.view() == asked->password.view()) {
    return problem(Error{Errc::kInvalid, "new_password: the present one", "choose another one"});
  }
  if (const auto right = sign_in_.confirm(ask.credentials(*asked), ask.now); !right) {
    return problem(right.error());
  }
  const auto set = book_.set_password(ask.caller.account, asked->new_password.view(), ask.now);
  if (!set) {
    return problem(set.error());
  }
  sessions_.end_all(ask.caller.account);
  const auto account = book_.account(ask.caller.account);
  return signed_in(account->name,
                   sessions_.begin(account->name, account->generation, ask.now, entropy_));
}

HttpResponse AccountRoutes::post_code(const Ask& ask) {
  if (!ask.is_person() || ask.caller.must_change_password) {
    return not_signed_in();
  }
  const auto asked = parse_confirmation(ask.body, false);
  if (!asked) {
    return problem(asked.error());
  }
  if (const auto right = sign_in_.confirm(ask.credentials(*asked), ask.now); !right) {
    return problem(right.error());
  }
  const OneTimeSecret secret = entropy_.take<20>();
  sessions_.offer_code(ask.session, secret);
  const std::string text = base32_encode(secret);
  return json_answer(json::object{
      {"secret", text},
      {"uri", "otpauth://totp/Hefu:" + ask.caller.account + "?secret=" + text + "&issuer=Hefu"}});
}

HttpResponse AccountRoutes::post_code_confirmation(const Ask& ask) {
  const auto session = ask.is_person() ? sessions_.use(ask.session, ask.now) : std::nullopt;
  if (!session) {
    return not_signed_in();
  }
  const auto code = parse_code(ask.body);
  if (!code) {
    return problem(code.error());
  }
  if (!session->offered_code) {
    return problem(Error{Errc::kConflict, "code: no secret was asked for in this session",
                         "POST /v1/session/code"});
  }
  if (!sign_in_.take_code(ask.caller.account, *session->offered_code, *code, ask.now)) {
    return problem(Error{Errc::kUnauthorised, "code: not the one of this secret and time",
                         "is the clock of the device right?"});
  }
  sessions_.offer_code(ask.session, std::nullopt);
  return done_answer(book_.set_code(ask.caller.account, session->offered_code, ask.now));
}

HttpResponse AccountRoutes::delete_code(const Ask& ask) {
  if (!ask.is_person()) {
    return not_signed_in();
  }
  const auto asked = parse_confirmation(ask.body, false);
  if (!asked) {
    return problem(asked.error());
  }
  if (const auto right = sign_in_.confirm(ask.credentials(*asked), ask.now); !right) {
    return problem(right.error());
  }
  return done_answer(book_.set_code(ask.caller.account, std::nullopt, ask.now));
}

// ---- Accounts

HttpResponse AccountRoutes::get_accounts(const Ask& /*ask*/) {
  json::array list;
  for (const Account& account : book_.accounts()) {
    list.push_back(account_json(account));
  }
  json::array known;
  for (const Role& role : roles()) {
    known.push_back(json::object{{"role", role.name},
                                 {"title", {{"zh", role.zh}, {"en", role.en}}},
                                 {"scopes", names(role.scopes)}});
  }
  return json_answer(json::object{{"accounts", std::move(list)}, {"roles", std::move(known)}});
}

HttpResponse AccountRoutes::post_accounts(const Ask& ask) {
  auto asked = parse_new_account(ask.body);
  if (!asked) {
    return problem(asked.error());
  }
  const auto password = book_.create(ask.caller, asked->account, std::move(asked->grants), ask.now);
  return password
             ? json_answer(
                   json::object{{"account", asked->account}, {"one_time_password", *password}}, 201)
             : problem(password.error());
}

Result<void> AccountRoutes::change_account(const Caller& by, const std::string& name,
                                           const AccountChangeRequest& asked, Moment now) {
  if (asked.outside_name) {
    if (auto set = book_.link(by, name, *asked.outside_name, now); !set) {
      return set;
    }
  }
  if (asked.grants) {
    if (auto set = book_.set_grants(by, name, *asked.grants, now); !set) {
      return set;
    }
  }
  return asked.disabled ? book_.set_disabled(by, name, *asked.disabled, now) : Result<void>();
}

HttpResponse AccountRoutes::post_account(const Ask& ask) {
  const auto asked = parse_account_change(ask.body);
  if (!asked) {
    return problem(asked.error());
  }
  const std::string& name = ask.captured.at(0);
  if (const auto changed = change_account(ask.caller, name, *asked, ask.now); !changed) {
    return problem(changed.error());
  }
  const auto account = book_.account(name);
  return account ? json_answer(account_json(*account)) : not_signed_in();
}

HttpResponse AccountRoutes::post_account_password(const Ask& ask) {
  const auto password = book_.reset_password(ask.caller, ask.captured.at(0), ask.now);
  return password ? json_answer(json::object{{"account", ask.captured.at(0)},
                                             {"one_time_password", *password}})
                  : problem(password.error());
}

HttpResponse AccountRoutes::delete_account_code(const Ask& ask) {
  return done_answer(book_.reset_code(ask.caller, ask.captured.at(0), ask.now));
}

// ---- Tokens

HttpResponse AccountRoutes::get_tokens(const Ask& ask) {
  if (!ask.caller.is_signed_in()) {
    return not_signed_in();
  }
  json::array list;
  const bool all = ask.caller.scopes.has(Scope::kAdminister);
  for (const ApiToken& token : book_.tokens(all ? "" : ask.caller.account)) {
    list.push_back(token_json(token));
  }
  return json_answer(json::object{{"tokens", std::move(list)}});
}

HttpResponse AccountRoutes::post_tokens(const Ask& ask) {
  if (!ask.caller.is_signed_in() || ask.caller.must_change_password) {
    return not_signed_in();
  }
  if (ask.caller.kind == Caller::Kind::kToken) {
    return problem(Error{Errc::kUnauthorised, "a token makes no tokens",
                         "sign in, or have the operator do it with `hefu token create`"});
  }
  const auto asked = parse_new_token(ask.body);
  if (!asked) {
    return problem(asked.error());
  }
  const std::string& account = asked->account.empty() ? ask.caller.account : asked->account;
  const auto made = book_.create_token(ask.caller, account, asked->label, asked->scopes,
                                       asked->valid_for, ask.now);
  if (!made) {
    return problem(made.error());
  }
  json::object out = token_json(made->token);
  out["token"] = made->secret;
  return json_answer(out, 201);
}

HttpResponse AccountRoutes::delete_token(const Ask& ask) {
  if (!ask.caller.is_signed_in()) {
    return not_signed_in();
  }
  return done_answer(book_.revoke_token(ask.caller, ask.captured.at(0), ask.now));
}

// ---- The record of acts

HttpResponse AccountRoutes::get_acts(const Ask& ask) {
  const auto from = number(ask.request, "from", 1, kJsonIntegerMax);
  const auto limit = number(ask.request, "limit", kActsDefault, kActsMax);
  if (!from || !limit) {
    return problem(Error{Errc::kInvalid, std::string(from ? "limit" : "from") + ": out of range",
                         "acts are numbered from 1; at most 1000 at once"});
  }
  const auto acts = book_.acts(*from, *limit);
  if (!acts) {
    return problem(acts.error());
  }
  json::array list;
  for (const AccountAct& act : *acts) {
    list.push_back(json::object{{"json", act.json}, {"digest", act.digest.hex()}});
  }
  const std::uint64_t next = *from + acts->size();
  return json_answer(
      json::object{{"acts", std::move(list)},
                   {"next", next <= book_.act_count() ? json::value(next) : json::value(nullptr)}});
}

}  // namespace hefu
