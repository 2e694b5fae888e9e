#include "tests/benchmarks/sync_count.h"

#include <atomic>
#include <chrono>

#include <sys/syscall.h>
#include <unistd.h>

namespace {

std::atomic<std::uint64_t> sync_count{0};
std::atomic<std::uint64_t> sync_nanoseconds{0};

int counted(long call, int file) {
  const auto begin = std::chrono::steady_clock::now();
  const auto status = static_cast<int>(syscall(call, file));
  const auto taken = std::chrono::steady_clock::now() - begin;
  sync_nanoseconds += static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(taken).count());
  ++sync_count;
  return status;
}

}  // namespace

// The program's own definitions come before those of the C library, for shared libraries too.
extern "C" int fsync(int file) {
  return counted(SYS_fsync, file);
}

extern "C" int fdatasync(int file) {
  return counted(SYS_fdatasync, file);
}

namespace hefu::bench {

Syncs syncs_so_far() {
  return {sync_count.load(), static_cast<double>(sync_nanoseconds.load()) * 1e-9};
}

}  // namespace hefu::bench
