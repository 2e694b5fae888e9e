#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace hefu {

/// How often each of a few kinds of things has happened since the node started. The kinds come from
/// closed sets (error codes, HTTP statuses), never from outside. Any thread.
class Counts {
 public:
  void add(std::string_view kind) {
    const std::lock_guard lock(mutex_);
    ++counts_[std::string(kind)];
  }
  [[nodiscard]] std::map<std::string, std::uint64_t> all() const {
    const std::lock_guard lock(mutex_);
    return counts_;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, std::uint64_t> counts_;  // guarded by mutex_
};

}  // namespace hefu
