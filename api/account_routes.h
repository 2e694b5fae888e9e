#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "api/account_requests.h"
#include "api/accounts/account_book.h"
#include "api/accounts/sessions.h"
#include "api/accounts/sign_in.h"
#include "api/route_table.h"
#include "node/net/worker_pool.h"

namespace hefu {

/// The browser's cookie with the session's name. Its prefix keeps it to this host, to HTTPS (or
/// loopback) and to the whole path. Source: RFC 6265bis §4.1.3.
inline constexpr std::string_view kSessionCookie = "__Host-hefu-session";

/// What Set-Cookie says for a session with this name; "": there is none any more.
std::string session_cookie(std::string_view name);

/// /v1/health, /v1/session, /v1/accounts, /v1/tokens and /v1/account-acts. What takes long, because
/// a password is hashed or a disk waited for, is done on one thread of its own, with a bound on
/// what may wait for it: whoever tries passwords keeps nobody from reading figures.
class AccountRoutes final : public RouteGroup {
 public:
  struct Options {
    bool sign_in_required = false;  ///< told to whoever asks for the session
    std::function<Moment()> now;
    std::string outside_service = {};  ///< "oidc" or "cas", told as well; "": there is none
  };
  /// Everything handed in must outlive the routes and every reply.
  AccountRoutes(AccountBook& book, Sessions& sessions, SignIn& sign_in, Entropy& entropy,
                Options options);

  [[nodiscard]] const std::vector<RouteShape>& routes() const override;
  void handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
              HttpReply reply) override;

  /// What the OpenAPI document says of them.
  static std::vector<RouteInfo> list();

 private:
  struct Route;
  struct Ask;
  static const std::vector<Route>& table();

  HttpResponse get_health(const Ask& ask);
  HttpResponse get_session(const Ask& ask);
  HttpResponse post_session(const Ask& ask);
  HttpResponse delete_session(const Ask& ask);
  HttpResponse post_password(const Ask& ask);
  HttpResponse post_code(const Ask& ask);
  HttpResponse post_code_confirmation(const Ask& ask);
  HttpResponse delete_code(const Ask& ask);
  HttpResponse get_accounts(const Ask& ask);
  HttpResponse post_accounts(const Ask& ask);
  HttpResponse post_account(const Ask& ask);
  HttpResponse post_account_password(const Ask& ask);
  HttpResponse delete_account_code(const Ask& ask);
  HttpResponse get_tokens(const Ask& ask);
  HttpResponse post_tokens(const Ask& ask);
  HttpResponse delete_token(const Ask& ask);
  HttpResponse get_acts(const Ask& ask);

  [[nodiscard]] std::string session_json(const Caller& caller, std::string_view session);
  HttpResponse signed_in(const std::string& account, const std::string& session);
  Result<void> change_account(const Caller& by, const std::string& name,
                              const AccountChangeRequest& asked, Moment now);

  AccountBook& book_;
  Sessions& sessions_;
  SignIn& sign_in_;
  Entropy& entropy_;
  const Options options_;
  WorkerPool worker_;  // last: its jobs use the above
};

}  // namespace hefu
