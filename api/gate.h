#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/accounts/account_book.h"
#include "api/accounts/sessions.h"
#include "api/http.h"
#include "api/idempotency.h"
#include "api/route_table.h"
#include "crypto/digest.h"

namespace hefu {

/// The one way in: finds out who sends a request, by API token, by session cookie or not at all;
/// refuses what that caller may not do; and passes everything else on to the routes. A caller with
/// bad credentials is refused and not taken for nobody; a session that is over is nobody's. What a
/// session changes must repeat its token against forgery and come from a page of this host. A POST
/// to the ledger's routes with an Idempotency-Key is carried out once.
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
  void pass_on(HttpRequest request, HttpReply reply);

  HttpHandler& routes_;
  const std::vector<RouteGroup*> groups_;
  const AccountBook& book_;
  Sessions& sessions_;
  const Options options_;
  const std::shared_ptr<Idempotency> answers_;  // shared: replies may come after the gate has gone
};

}  // namespace hefu
