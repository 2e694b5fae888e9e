#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/accounts/account_book.h"
#include "api/accounts/sessions.h"
#include "api/accounts/throttle.h"
#include "api/http.h"
#include "api/idempotency.h"
#include "api/route_table.h"
#include "crypto/digest.h"

namespace hefu {

/// The one way in: finds out who sends a request, by API token, by session cookie or not at all;
/// refuses what that caller may not do; and passes everything else on to the routes. A caller with
/// bad credentials is refused and not taken for nobody; a session that is over is nobody's. What a
/// session changes must repeat its token against forgery and come from a page of this host. A POST
/// to the ledger's routes with an Idempotency-Key is carried out once. Who sends more than its turn
/// is told how long to wait before anything else is looked at.
class Gate final : public HttpHandler {
 public:
  struct Options {
    /// False: whoever reaches the port may do all but administer, as long as it shows no
    /// credentials. True: nobody may do anything but what is open to everybody.
    bool sign_in_required = false;
    /// SHA-256 of the operator's token; none: there is no such token.
    std::optional<Digest> operator_token;
    /// Numeric addresses of proxies whose X-Forwarded-For is believed.
    std::vector<std::string> proxies;
    std::function<Moment()> now;
    /// Requests that one address (IPv6: one /64) may send in a second, in the long run; ten times
    /// as many at once. Beyond that it gets 429. 0: no bound.
    std::int64_t requests_per_second = 0;
    /// Numeric addresses of which requests are not counted: this machine's own.
    std::vector<std::string> uncounted = {};
  };

  /// Everything handed in must outlive the gate and every reply. Paths of `groups` come first.
  Gate(HttpHandler& routes, std::vector<RouteGroup*> groups, const AccountBook& book,
       Sessions& sessions, Options options);

  [[nodiscard]] bool is_quick(const HttpRequest& request) const override;
  void handle(HttpRequest request, HttpReply reply) override;

 private:
  struct Found {
    RouteGroup* group = nullptr;
    std::size_t route = 0;
    std::vector<std::string> captured;
    std::string allowed;  ///< methods, if the path is one of a group's and the method is not
  };
  [[nodiscard]] Found find(const HttpRequest& request) const;
  [[nodiscard]] Result<Caller> caller_of(const HttpRequest& request) const;
  [[nodiscard]] Caller anonymous() const;
  void name_client(HttpRequest& request) const;
  std::chrono::milliseconds take_turn(const HttpRequest& request);
  void pass_on(HttpRequest request, HttpReply reply);

  HttpHandler& routes_;
  const std::vector<RouteGroup*> groups_;
  const AccountBook& book_;
  Sessions& sessions_;
  const Options options_;
  const std::shared_ptr<Idempotency> answers_;  // shared: replies may come after the gate has gone
  std::mutex mutex_;
  Throttle requests_;  // guarded by mutex_; by address
};

}  // namespace hefu
