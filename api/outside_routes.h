#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/accounts/account_book.h"
#include "api/accounts/sessions.h"
#include "api/accounts/throttle.h"
#include "api/outside/sign_in_service.h"
#include "api/route_table.h"
#include "crypto/entropy.h"
#include "node/net/worker_pool.h"

namespace hefu {

/// The browser's cookie with the secret of a sign-in that is under way elsewhere. Lax, not Strict:
/// the browser brings it along when another site sends it back here.
inline constexpr std::string_view kOutsideCookie = "__Host-hefu-outside";

/// Sign-ins that are under way elsewhere: each may be finished once, within ten minutes. Here are
/// the hashes of their secrets alone. Thread-safe.
class OutsideSignIns {
 public:
  explicit OutsideSignIns(std::size_t waiting_max) : waiting_max_(waiting_max) {}
  /// Beyond `waiting_max` the oldest is given up.
  void begin(std::string_view secret, std::string return_to, Moment now);
  /// Where in the console to go on, if this one is under way; it is no more then.
  std::optional<std::string> take(std::string_view secret, Moment now);

 private:
  struct UnderWay {
    std::string return_to;
    Moment begun;
  };
  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::map<Digest, UnderWay> under_way_;  // guarded by mutex_; by the hash of the secret
};

/// /v1/session/outside, which sends a browser to single sign-on, and /v1/session/outside/return,
/// to which it comes back: both answer with where to go next, the second with a session's cookie.
/// What was refused stands in the console's address, as a word the console has a sentence for.
class OutsideRoutes final : public RouteGroup {
 public:
  struct Options {
    std::function<Moment()> now;
    /// Told why a sign-in came to nothing for another reason than the person's.
    std::function<void(const Error&)> failed;
  };
  /// Everything handed in must outlive the routes and every reply.
  OutsideRoutes(SignInService& service, const AccountBook& book, Sessions& sessions,
                Entropy& entropy, Options options);

  /// What still waits is refused at once; only what is under way is waited for.
  ~OutsideRoutes() override { stopping_ = true; }
  [[nodiscard]] const std::vector<RouteShape>& routes() const override;
  void handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
              HttpReply reply) override;

  /// What the OpenAPI document says of them.
  static std::vector<RouteInfo> list();

 private:
  HttpResponse begin(const HttpRequest& request);
  HttpResponse finish(const HttpRequest& request);
  [[nodiscard]] bool may_try(const std::string& address);
  HttpResponse refused(const Error& why);

  SignInService& service_;
  const AccountBook& book_;
  Sessions& sessions_;
  Entropy& entropy_;
  const Options options_;
  OutsideSignIns under_way_;
  std::mutex mutex_;
  Throttle tries_;  // guarded by mutex_; by address
  std::atomic<bool> stopping_{false};
  WorkerPool worker_;  // last: its jobs use the above
};

}  // namespace hefu
