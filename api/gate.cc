#include "api/gate.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "api/account_requests.h"
#include "api/account_routes.h"
#include "api/problem.h"
#include "api/required_scope.h"
#include "crypto/constant_time.h"

namespace hefu {
namespace {

constexpr std::string_view kBearer = "Bearer ";
/// Of the requests of one address: at once, as a multiple of those of a second.
constexpr std::int64_t kBurst = 10;
constexpr std::size_t kAddressesMax = 20'000;

bool changes_something(const HttpRequest& request) {
  return request.method != "GET" && request.method != "HEAD";
}

/// A browser names the page a request comes from. "http://host:port" of this very host is ours.
bool is_of_this_host(const HttpRequest& request) {
  const std::size_t scheme = request.origin.find("://");
  return request.origin.empty() ||
         (scheme != std::string::npos &&
          std::string_view(request.origin).substr(scheme + 3) == request.host);
}

HttpResponse not_known(const std::string& why, const std::string& hint) {
  HttpResponse response = problem(401, Error{Errc::kUnauthorised, why, hint});
  response.headers.emplace_back("WWW-Authenticate", "Bearer");
  return response;
}

}  // namespace

Gate::Gate(HttpHandler& routes, std::vector<RouteGroup*> groups, const AccountBook& book,
           Sessions& sessions, Options options)
    : routes_(routes),
      groups_(std::move(groups)),
      book_(book),
      sessions_(sessions),
      options_(std::move(options)),
      answers_(std::make_shared<Idempotency>(Idempotency::Options())),
      requests_(
          kBurst * options_.requests_per_second,
          std::chrono::milliseconds(1000 / std::max<std::int64_t>(options_.requests_per_second, 1)),
          kAddressesMax) {}

Gate::Found Gate::find(const HttpRequest& request) const {
  Found found;
  for (RouteGroup* group : groups_) {
    const auto& shapes = group->routes();
    for (std::size_t n = 0; n < shapes.size(); ++n) {
      const auto captured = match(shapes[n], request.path);
      if (!captured) {
        continue;
      }
      if (has_method(shapes[n], request)) {
        found.group = group;
        found.route = n;
        found.captured.assign(captured->begin(), captured->end());
        return found;
      }
      found.allowed += found.allowed.empty() ? "" : ", ";
      found.allowed += allowed_as(shapes[n]);
    }
  }
  return found;
}

bool Gate::is_quick(const HttpRequest& request) const {
  const Found found = find(request);
  return found.group != nullptr || !found.allowed.empty() || routes_.is_quick(request);
}

Caller Gate::anonymous() const {
  Caller caller;
  if (!options_.sign_in_required) {
    caller.scopes.add(Scope::kRead).add(Scope::kRecord).add(Scope::kDisclose).add(Scope::kOperate);
  }
  return caller;
}

Result<Caller> Gate::caller_of(const HttpRequest& request) const {
  if (!request.authorization.empty()) {
    const std::string_view given = request.authorization;
    const std::string_view token =
        given.starts_with(kBearer) ? given.substr(kBearer.size()) : std::string_view();
    if (options_.operator_token &&
        equal_in_constant_time(sha256(as_bytes(token)), *options_.operator_token)) {
      Caller caller;
      caller.kind = Caller::Kind::kOperator;
      caller.account = kOperatorName;
      caller.scopes = Scopes::all();
      return caller;
    }
    auto caller = book_.caller_of_token(token, options_.now());
    return caller ? Result<Caller>(*std::move(caller))
                  : Error{Errc::kUnauthorised, "the API token is unknown, expired or revoked",
                          "send `Authorization: Bearer hefu_…`; `hefu token create` makes one"};
  }
  const std::string_view name = cookie_value(request.cookie, kSessionCookie);
  const auto session = name.empty() ? std::nullopt : sessions_.use(name, options_.now());
  auto caller =
      session ? book_.caller_of_session(session->account, session->generation, session->outside)
              : std::nullopt;
  return caller ? *std::move(caller) : anonymous();
}

/// Behind a proxy the client is the one the proxy names.
void Gate::name_client(HttpRequest& request) const {
  const std::size_t colon = request.remote.rfind(':');
  const std::string address = request.remote.substr(0, colon);
  if (std::find(options_.proxies.begin(), options_.proxies.end(), address) ==
      options_.proxies.end()) {
    return;
  }
  if (const auto client = last_forwarded_address(request.forwarded_for)) {
    request.remote = *client + ":0";
  }
}

/// How long the client has to wait; zero: this request is its turn.
std::chrono::milliseconds Gate::take_turn(const HttpRequest& request) {
  const auto among = [&](const std::vector<std::string>& addresses) {
    return std::any_of(addresses.begin(), addresses.end(), [&](const std::string& address) {
      return address_of(request.remote) == address_of(address + ":0");
    });
  };
  // A proxy that names no client speaks for many.
  if (options_.requests_per_second == 0 || among(options_.uncounted) || among(options_.proxies)) {
    return {};
  }
  const Moment now = options_.now();
  const std::string address = address_of(request.remote);
  const std::lock_guard lock(mutex_);
  const auto wait = requests_.wait(address, now);
  if (wait.count() == 0) {
    requests_.take(address, now);
  }
  return wait;
}

/// To the ledger's routes.
void Gate::pass_on(HttpRequest request, HttpReply reply) {
  if (request.method != "POST" || request.idempotency_key.empty()) {
    routes_.handle(std::move(request), std::move(reply));
    return;
  }
  const std::string account = request.caller->account;
  if (auto known = answers_->begin(account, request, options_.now())) {
    reply(*std::move(known));
    return;
  }
  HttpReply keep = [answers = answers_, account, key = request.idempotency_key,
                    reply = std::move(reply)](HttpResponse response) {
    answers->finish(account, key, response);
    reply(std::move(response));
  };
  routes_.handle(std::move(request), std::move(keep));
}

void Gate::handle(HttpRequest request, HttpReply reply) {
  name_client(request);
  if (const auto wait = take_turn(request); wait.count() > 0) {
    HttpResponse response =
        problem(429, Error{Errc::kUnavailable, "too many requests from this address",
                           "wait as Retry-After says; the operator sets http.requests_per_second"});
    response.headers.emplace_back("Retry-After", std::to_string(wait.count() / 1000 + 1));
    reply(std::move(response));
    return;
  }
  auto caller = caller_of(request);
  if (!caller) {
    reply(not_known(caller.error().message, caller.error().hint));
    return;
  }
  if (caller->kind == Caller::Kind::kSession && changes_something(request) &&
      (!is_of_this_host(request) ||
       !Sessions::is_csrf_token(cookie_value(request.cookie, kSessionCookie),
                                request.csrf_token))) {
    reply(problem(403, Error{Errc::kUnauthorised,
                             "header X-Hefu-Csrf: not the csrf_token of this session, or the "
                             "request comes from a page of another host",
                             "GET /v1/session tells it"}));
    return;
  }
  if (const auto needed = required_scope(request); needed && !caller->scopes.has(*needed)) {
    if (!caller->is_signed_in()) {
      reply(not_known(std::string("this needs somebody who may ") + name(*needed),
                      "sign in, or send an API token"));
      return;
    }
    reply(problem(
        403,
        Error{Errc::kUnauthorised, std::string("this account or token may not ") + name(*needed),
              caller->must_change_password
                  ? "set a new password first: POST /v1/session/password"
                  : "an administrator gives roles; a token has its own scopes"},
        name(*needed)));
    return;
  }
  request.caller = std::make_shared<const Caller>(*std::move(caller));
  Found found = find(request);
  if (found.group == nullptr) {
    if (!found.allowed.empty()) {
      reply(wrong_method(found.allowed));
      return;
    }
    pass_on(std::move(request), std::move(reply));
    return;
  }
  if (auto unfit = refuse_unfit(found.group->routes()[found.route], request)) {
    reply(*std::move(unfit));
    return;
  }
  found.group->handle(found.route, std::move(found.captured), std::move(request), std::move(reply));
}

}  // namespace hefu
