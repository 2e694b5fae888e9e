#pragma once

#include <map>
#include <optional>
#include <string>

#include "api/accounts/account_book.h"

namespace hefu {

/// Keeps accounts in memory and fails when told to, for tests.
class MemoryStorage final : public AccountStorage {
 public:
  std::map<std::string, std::string, std::less<>> values;
  int writes_left = -1;  ///< so many succeed; -1: all

  Result<std::optional<std::string>> read(std::string_view name) override {
    const auto found = values.find(name);
    return found == values.end() ? std::optional<std::string>() : std::optional(found->second);
  }
  Result<void> write(std::string_view name, std::string_view value) override {
    if (writes_left == 0) {
      return Error{Errc::kIo, "the disk is gone", ""};
    }
    writes_left -= writes_left > 0 ? 1 : 0;
    values.insert_or_assign(std::string(name), std::string(value));
    return {};
  }
};

inline Caller operator_caller() {
  Caller caller;
  caller.kind = Caller::Kind::kOperator;
  caller.account = kOperatorName;
  caller.scopes = Scopes::all();
  return caller;
}

}  // namespace hefu
