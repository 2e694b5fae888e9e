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
#include "api/port.h"
#include "api/stream_hub.h"
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
    std::vector<std::string> proxies;      ///< whose X-Forwarded-For is believed
    std::optional<Digest> operator_token;  ///< SHA-256 of it
    PasswordCost cost;
    std::function<Moment()> now;  ///< empty: the system clock
  };

  /// What is handed in must outlive it; `sessions` may outlive it, and be handed to the next one.
  /// Every administrative act is noted in the journal by number, kind and digest, without names.
  /// Errors: those of AccountBook::open.
  static Result<std::unique_ptr<Access>> open(Store& store, Journal& journal, Port& port,
                                              HttpHandler& routes, Sessions& sessions,
                                              Options options);

  /// Answers every request of the API.
  [[nodiscard]] HttpHandler& handler() { return *gate_; }
  [[nodiscard]] AccountBook& book() { return *book_; }

 private:
  explicit Access(Store& store) : storage_(store) {}

  SystemEntropy entropy_;
  StoreAccounts storage_;
  std::unique_ptr<AccountBook> book_;
  std::unique_ptr<SignIn> sign_in_;
  std::unique_ptr<AccountRoutes> routes_;
  std::unique_ptr<StreamHub> stream_;
  std::unique_ptr<Gate> gate_;
};

}  // namespace hefu
