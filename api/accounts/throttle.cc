#include "api/accounts/throttle.h"

#include <algorithm>

namespace hefu {
namespace {

constexpr std::string_view kShared;  // the key of those for which there is no room

}  // namespace

std::int64_t Throttle::used_up_to(std::string_view key) const {
  auto found = used_up_to_.find(key);
  if (found == used_up_to_.end() && used_up_to_.size() >= keys_max_) {
    found = used_up_to_.find(kShared);
  }
  return found == used_up_to_.end() ? 0 : found->second;
}

std::chrono::milliseconds Throttle::wait(std::string_view key, Moment now) const {
  const std::int64_t free_at = used_up_to(key) - (burst_ - 1) * interval_ms_;
  return std::chrono::milliseconds(std::max<std::int64_t>(0, free_at - now.ms));
}

void Throttle::take(std::string_view key, Moment now) {
  auto found = used_up_to_.find(key);
  if (found == used_up_to_.end()) {
    if (used_up_to_.size() >= keys_max_) {
      std::erase_if(used_up_to_, [now](const auto& used) { return used.second <= now.ms; });
    }
    const std::string_view its = used_up_to_.size() >= keys_max_ ? kShared : key;
    found = used_up_to_.emplace(its, 0).first;
  }
  found->second = std::max(found->second, now.ms) + interval_ms_;
}

void Throttle::give_back(std::string_view key, Moment now) {
  const auto found = used_up_to_.find(key);
  if (found == used_up_to_.end()) {
    return;
  }
  found->second -= interval_ms_;
  if (found->second <= now.ms) {
    used_up_to_.erase(found);
  }
}

}  // namespace hefu
