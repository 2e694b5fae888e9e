#pragma once

#include <cstdint>

namespace hefu::bench {

/// How often this process has made a file durable so far.
struct Syncs {
  std::uint64_t count = 0;
  double seconds = 0;  ///< spent waiting for them, over all threads
};

/// Programs linked with this file call its `fsync` and `fdatasync`, which count and pass on: what
/// is counted is what the kernel was asked for, whoever asked.
Syncs syncs_so_far();

}  // namespace hefu::bench
