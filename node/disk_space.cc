#include "node/disk_space.h"

#include <string>
#include <system_error>
#include <utility>

namespace hefu {
namespace {

/// Room has to come back by so much more than the reserve, or a node would go back and forth.
constexpr std::uint64_t kBackBytes = std::uint64_t{16} << 20;

std::string megabytes(std::uint64_t bytes) {
  return std::to_string(bytes >> 20) + " MiB";
}

}  // namespace

DiskSpace::DiskSpace(std::filesystem::path folder, Options options,
                     std::function<void(const std::optional<Error>&)> changed)
    : folder_(std::move(folder)), options_(std::move(options)), changed_(std::move(changed)) {
  if (options_.reserve_bytes > 0) {
    look();  // before anything else is done
    thread_ = std::thread([this] { run(); });
  }
}

DiskSpace::~DiskSpace() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) {
    thread_.join();
  }
}

std::optional<Error> DiskSpace::shortage() const {
  const std::lock_guard lock(mutex_);
  return shortage_;
}

void DiskSpace::look() {
  std::optional<std::uint64_t> free;
  if (options_.free) {
    free = options_.free();
  } else {
    std::error_code failure;
    const auto space = std::filesystem::space(folder_, failure);
    if (!failure) {
      free = space.available;
    }
  }
  if (!free) {
    return;
  }
  std::optional<Error> now;
  bool change = false;
  {
    const std::lock_guard lock(mutex_);
    const std::uint64_t needed = options_.reserve_bytes + (shortage_ ? kBackBytes : 0);
    const bool was = shortage_.has_value();
    if (*free < needed) {
      shortage_ = Error{Errc::kUnavailable,
                        "the disk is full: " + megabytes(*free) + " are left where " +
                            folder_.string() + " lies, and " + megabytes(options_.reserve_bytes) +
                            " are kept free; this node serves, and stores nothing",
                        "make room; the node goes on by itself, and sending the same envelopes "
                        "again is safe"};
    } else {
      shortage_.reset();
    }
    change = was != shortage_.has_value();
    now = shortage_;
  }
  if (change) {
    changed_(now);
  }
}

void DiskSpace::run() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      if (wake_.wait_for(lock, options_.interval, [&] { return stopping_; })) {
        return;
      }
    }
    look();
  }
}

}  // namespace hefu
