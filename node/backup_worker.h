#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "crypto/result.h"
#include "node/store.h"

namespace hefu {

/// Makes backups of the store of a running node, one at a time, on a thread of its own.
class BackupWorker {
 public:
  struct Options {
    std::filesystem::path folder;  ///< empty: none are made
    std::uint32_t keep = 7;        ///< so many of the latest are kept
  };
  /// The store must outlive it. `failed`: for the operator's log.
  BackupWorker(const Store& store, Options options, std::function<void(const Error&)> failed);
  /// Waits for one that is under way.
  ~BackupWorker();
  BackupWorker(const BackupWorker&) = delete;
  BackupWorker& operator=(const BackupWorker&) = delete;

  /// Begins one. Errors: kConflict (one is under way), kUnsupported (no folder is configured).
  Result<void> begin();
  /// What there is, as GET /v1/backups answers. Errors: kUnsupported, kIo.
  [[nodiscard]] Result<std::string> json() const;

 private:
  [[nodiscard]] Result<void> configured() const;

  const Store& store_;
  const Options options_;
  const std::function<void(const Error&)> failed_;

  mutable std::mutex mutex_;
  bool running_ = false;        // guarded by mutex_
  std::optional<Error> error_;  // guarded by mutex_: of the last one
  std::thread thread_;          // guarded by mutex_
};

}  // namespace hefu
