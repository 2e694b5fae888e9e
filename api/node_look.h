#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "crypto/result.h"

namespace hefu {

/// What a node's status says of its logs and of itself, so far as a program that waits for changes
/// wants to know.
struct NodeLook {
  std::map<std::string, std::uint64_t> sizes;  ///< of the logs it holds, by origin
  /// Canonical JSON: {"writing", "forks", "settled", "logs": {origin: state}}.
  std::string node;
};

/// From the answer of GET /v1/status; nothing if that is an error or no status.
std::optional<NodeLook> read_look(const Result<std::string>& status);

}  // namespace hefu
