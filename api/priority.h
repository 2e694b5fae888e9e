#pragma once

#include <cstdint>

namespace hefu {

/// Which submissions go first.
enum class Priority : std::uint8_t {
  kInteractive,  ///< somebody waits for the answer
  kBulk,         ///< an import: takes what the others leave, and at least a fixed share
};

}  // namespace hefu
