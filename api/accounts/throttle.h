#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "ledger/event/date.h"

namespace hefu {

/// How often something may be tried under one key (an address, an account): `burst` times at once,
/// then once every `interval`. Nobody is locked out for ever: each interval gives one try back.
/// Source: the generic cell rate algorithm, ITU-T I.371. Not thread-safe.
class Throttle {
 public:
  /// Keys beyond `keys_max` that are not at rest share one.
  Throttle(std::int64_t burst, std::chrono::milliseconds interval, std::size_t keys_max)
      : burst_(burst), interval_ms_(interval.count()), keys_max_(keys_max) {}

  /// How long to wait before the next try; zero: now.
  [[nodiscard]] std::chrono::milliseconds wait(std::string_view key, Moment now) const;
  /// Takes one try.
  void take(std::string_view key, Moment now);
  /// Gives one back that `take` took.
  void give_back(std::string_view key, Moment now);

  [[nodiscard]] std::size_t keys() const { return used_up_to_.size(); }

 private:
  using Used = std::map<std::string, std::int64_t, std::less<>>;
  [[nodiscard]] std::int64_t used_up_to(std::string_view key) const;

  const std::int64_t burst_;
  const std::int64_t interval_ms_;
  const std::size_t keys_max_;
  Used used_up_to_;  // when a key is at rest again, in milliseconds since 1970
};

}  // namespace hefu
