#include "api/outside_routes.h"

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

#include "api/account_requests.h"
#include "api/account_routes.h"
#include "api/outside/web_address.h"
#include "api/problem.h"
#include "crypto/encoding.h"

namespace hefu {
namespace {

constexpr int kThreads = 2;
constexpr std::size_t kWaitingMax = 64;
constexpr std::size_t kUnderWayMax = 4'096;
constexpr std::int64_t kUnderWayMs = 600'000;
constexpr std::size_t kReturnBytesMax = 512;
// A whole institution may come from one address at eight in the morning.
constexpr std::int64_t kTriesPerAddress = 120;
constexpr std::chrono::milliseconds kAddressInterval = std::chrono::milliseconds(500);
constexpr std::size_t kThrottledMax = 20'000;

std::string cookie(std::string_view secret) {
  return std::string(kOutsideCookie) + '=' + std::string(secret) +
         "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" + (secret.empty() ? "0" : "600");
}

HttpResponse go_to(const std::string& address) {
  HttpResponse response;
  response.status = 303;
  response.headers.emplace_back("Location", address);
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  return response;
}

HttpResponse to_console(const std::string& place) {
  return go_to("/console" + place);
}

HttpResponse refused_as(const std::string& word, const std::string& name = "") {
  HttpResponse response = to_console("#/account?" + form_text({{"refused", word}}) +
                                     (name.empty() ? "" : '&' + form_text({{"name", name}})));
  response.headers.emplace_back("Set-Cookie", cookie(""));
  return response;
}

/// A page of the console, as it stands behind the '#'.
bool is_place(std::string_view text) {
  return text.starts_with("#/") && text.size() <= kReturnBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\'; });
}

}  // namespace

void OutsideSignIns::begin(std::string_view secret, std::string return_to, Moment now) {
  const std::lock_guard lock(mutex_);
  std::erase_if(under_way_,
                [&](const auto& item) { return now.ms - item.second.begun.ms >= kUnderWayMs; });
  if (under_way_.size() >= waiting_max_) {
    under_way_.erase(std::min_element(
        under_way_.begin(), under_way_.end(),
        [](const auto& a, const auto& b) { return a.second.begun < b.second.begun; }));
  }
  under_way_.insert_or_assign(sha256(as_bytes(secret)), UnderWay{std::move(return_to), now});
}

std::optional<std::string> OutsideSignIns::take(std::string_view secret, Moment now) {
  const std::lock_guard lock(mutex_);
  auto found = under_way_.extract(sha256(as_bytes(secret)));
  if (found.empty() || now.ms - found.mapped().begun.ms >= kUnderWayMs) {
    return std::nullopt;
  }
  return std::move(found.mapped().return_to);
}

OutsideRoutes::OutsideRoutes(SignInService& service, const AccountBook& book, Sessions& sessions,
                             Entropy& entropy, Options options)
    : service_(service),
      book_(book),
      sessions_(sessions),
      entropy_(entropy),
      options_(std::move(options)),
      under_way_(kUnderWayMax),
      tries_(kTriesPerAddress, kAddressInterval, kThrottledMax),
      worker_(kThreads, kWaitingMax) {}

const std::vector<RouteShape>& OutsideRoutes::routes() const {
  static const std::vector<RouteShape> kShapes{
      {"GET", "/v1/session/outside", {"return_to"}},
      {"GET", "/v1/session/outside/return", {kAnyParameter}},
  };
  return kShapes;
}

std::vector<RouteInfo> OutsideRoutes::list() {
  return {{"GET", "/v1/session/outside", {"return_to"}}, {"GET", "/v1/session/outside/return", {}}};
}

void OutsideRoutes::handle(std::size_t route, std::vector<std::string> /*captured*/,
                           HttpRequest request, HttpReply reply) {
  if (!may_try(address_of(request.remote))) {
    HttpResponse response = problem(
        429, Error{Errc::kUnavailable, "too many tries to sign in", "try again in a moment"});
    response.headers.emplace_back("Retry-After", "1");
    reply(std::move(response));
    return;
  }
  auto job = [this, route, held = std::make_shared<HttpRequest>(std::move(request)), reply] {
    if (stopping_) {
      reply(problem(503, Error{Errc::kUnavailable, "the node is stopping", "try again soon"}));
      return;
    }
    try {
      reply(route == 0 ? begin(*held) : finish(*held));
    } catch (const std::bad_alloc&) {
      reply(problem(503, Error{Errc::kUnavailable, "no memory", "try again in a moment"}));
    }
  };
  if (!worker_.submit(std::move(job))) {
    reply(problem(503, Error{Errc::kUnavailable, "too many at once want to sign in",
                             "try again in a moment"}));
  }
}

bool OutsideRoutes::may_try(const std::string& address) {
  const std::lock_guard lock(mutex_);
  const Moment now = options_.now();
  if (tries_.wait(address, now).count() > 0) {
    return false;
  }
  tries_.take(address, now);
  return true;
}

HttpResponse OutsideRoutes::begin(const HttpRequest& request) {
  const auto asked = request.query.find("return_to");
  const std::string place = asked == request.query.end() ? "#/" : asked->second;
  if (!is_place(place)) {
    return problem(Error{Errc::kInvalid, "query parameter return_to: not a page of the console",
                         "for example #/inbox, percent-encoded"});
  }
  const std::string secret = hex_encode(entropy_.take<32>());
  const auto address = service_.begin(secret);
  if (!address) {
    return refused(address.error());
  }
  under_way_.begin(secret, place, options_.now());
  HttpResponse response = go_to(*address);
  response.headers.emplace_back("Set-Cookie", cookie(secret));
  return response;
}

HttpResponse OutsideRoutes::refused(const Error& why) {
  if (why.code == Errc::kConflict) {
    return refused_as("over");
  }
  if (why.code == Errc::kUnauthorised) {
    return refused_as("refused");
  }
  options_.failed(why);
  return refused_as("failed");
}

HttpResponse OutsideRoutes::finish(const HttpRequest& request) {
  const std::string_view secret = cookie_value(request.cookie, kOutsideCookie);
  const auto place = under_way_.take(secret, options_.now());
  if (!place) {
    return refused_as("over");
  }
  const auto name = service_.finish(request.query, secret);
  if (!name) {
    return refused(name.error());
  }
  const auto account = book_.account_of_outside(*name);
  if (!account || account->disabled) {
    return refused_as(account ? "disabled" : "no-account", *name);
  }
  HttpResponse response = to_console(*place);
  response.headers.emplace_back("Set-Cookie", cookie(""));
  response.headers.emplace_back("Set-Cookie",
                                session_cookie(sessions_.begin(account->name, account->generation,
                                                               options_.now(), entropy_, true)));
  return response;
}

}  // namespace hefu
