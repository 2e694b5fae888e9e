#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/accounts/account_book.h"
#include "node/store.h"

namespace hefu {

/// Accounts of the API among the values a node keeps beside its logs, so that they are in its
/// backups. Every write is synced.
class StoreAccounts final : public AccountStorage {
 public:
  /// `store` must outlive it.
  explicit StoreAccounts(Store& store) : store_(store) {}
  Result<std::optional<std::string>> read(std::string_view name) override;
  Result<void> write(std::string_view name, std::string_view value) override;

 private:
  Store& store_;
};

/// Whether a value of that name in the store is one of those.
bool is_of_accounts(std::string_view name);

}  // namespace hefu
