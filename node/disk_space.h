#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "crypto/result.h"

namespace hefu {

/// Watches how much room is left where the data lie. A write that fails for want of room leaves a
/// node that no longer knows what is on its disk and has to stop; a node that takes nothing more
/// while there is still some room goes on serving, and resumes by itself.
class DiskSpace {
 public:
  struct Options {
    std::uint64_t reserve_bytes = std::uint64_t{256} << 20;  ///< 0: nothing is watched
    std::chrono::milliseconds interval{1000};
    /// Bytes free; none if that cannot be found out. Empty: asks the file system. For tests.
    std::function<std::optional<std::uint64_t>()> free;
  };
  /// `changed`: room has become short, with what to tell people, or (none) is there again. On the
  /// thread of its own.
  DiskSpace(std::filesystem::path folder, Options options,
            std::function<void(const std::optional<Error>&)> changed);
  ~DiskSpace();
  DiskSpace(const DiskSpace&) = delete;
  DiskSpace& operator=(const DiskSpace&) = delete;

  /// kUnavailable while there is too little room. Any thread, quick.
  [[nodiscard]] std::optional<Error> shortage() const;

 private:
  void run();
  void look();

  const std::filesystem::path folder_;
  const Options options_;
  const std::function<void(const std::optional<Error>&)> changed_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;          // guarded by mutex_
  std::optional<Error> shortage_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace hefu
