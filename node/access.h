#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/account_routes.h"
#include "api/accounts/account_book.h"
#include "api/accounts/sessions.h"
#include "api/accounts/sign_in.h"
#include "api/gate.h"
#include "api/http.h"
#include "api/outside/sign_in_service.h"
#include "api/outside/web_client.h"
#include "api/outside_routes.h"
#include "api/port.h"
#include "api/report_routes.h"
#include "api/sheet_routes.h"
#include "api/stream_hub.h"
#include "api/webhook_hub.h"
#include "crypto/digest.h"
#include "crypto/system_entropy.h"
#include "node/account_storage.h"
#include "node/journal.h"
#include "node/store.h"

namespace hefu {

/// Who may use a node's HTTP API: its accounts, kept in the node's store, and the gate before its
/// routes.
class Access {
 public:
  struct Options {
    bool sign_in_required = false;
    std::vector<std::string> proxies;          ///< whose X-Forwarded-For is believed
    std::optional<Digest> operator_token;      ///< SHA-256 of it
    SignInService* sign_in_service = nullptr;  ///< single sign-on; null: none
    std::vector<std::string> webhook_hosts;    ///< "host:port" webhooks may be posted to
    std::string public_url;  ///< of this node, for the forms' QR codes; empty: none
    PasswordCost cost;
    SecretBox* box = nullptr;  ///< seals what the database must not show; null: nothing is sealed
    std::function<Moment()> now;           ///< empty: the system clock
    std::int64_t requests_per_second = 0;  ///< of one address; 0: no bound
    std::vector<std::string> uncounted;    ///< addresses whose requests are not counted
  };

  /// What is handed in must outlive it; `sessions` may outlive it, and be handed to the next one:
  /// they are kept in the store as well.
  /// Every administrative act is noted in the journal by number, kind and digest, without names.
  /// Errors: those of AccountBook::open.
  static Result<std::unique_ptr<Access>> open(Store& store, Journal& journal, Port& port,
                                              HttpHandler& routes, Sessions& sessions,
                                              Options options);

  /// Whoever is still answered, signing out for example, is waited for before sessions are let go.
  ~Access() {
    gate_.reset();
    reports_.reset();
    sheets_.reset();
    webhooks_.reset();
    outside_.reset();
    routes_.reset();
    sessions_.keep_no_more();
  }
  Access(const Access&) = delete;
  Access& operator=(const Access&) = delete;

  /// Answers every request of the API.
  [[nodiscard]] HttpHandler& handler() { return *gate_; }
  [[nodiscard]] AccountBook& book() { return *book_; }

 private:
  Access(Store& store, Sessions& sessions) : storage_(store), sessions_(sessions) {}

  SystemEntropy entropy_;
  StoreAccounts storage_;
  Sessions& sessions_;
  std::unique_ptr<AccountBook> book_;
  std::unique_ptr<SignIn> sign_in_;
  std::unique_ptr<AccountRoutes> routes_;
  std::unique_ptr<OutsideRoutes> outside_;  // null: no single sign-on
  std::unique_ptr<StreamHub> stream_;
  std::unique_ptr<ReportRoutes> reports_;
  std::unique_ptr<SheetRoutes> sheets_;
  CurlClient web_{CurlClient::Options()};
  std::unique_ptr<WebhookHub> webhooks_;
  std::unique_ptr<Gate> gate_;
};

}  // namespace hefu
