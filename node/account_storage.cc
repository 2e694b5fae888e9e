#include "node/account_storage.h"

namespace hefu {
namespace {

constexpr std::string_view kPrefix = "api/";

}  // namespace

Result<std::optional<std::string>> StoreAccounts::read(std::string_view name) {
  return store_.meta(std::string(kPrefix) + std::string(name));
}

Result<void> StoreAccounts::write(std::string_view name, std::string_view value) {
  return store_.put_meta(std::string(kPrefix) + std::string(name), value);
}

bool is_of_accounts(std::string_view name) {
  return name.starts_with(kPrefix);
}

}  // namespace hefu
