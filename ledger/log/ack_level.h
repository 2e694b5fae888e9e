#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hefu {

/// How safe an event is that a node has answered for.
enum class AckLevel : std::uint8_t {
  kStored,      ///< synced on this node's disk; lost with the disk
  kReplicated,  ///< so many other members have synced it too, and a signed checkpoint covers it
  kWitnessed,   ///< a quorum has cosigned a checkpoint that covers it
};

const char* name(AckLevel level);
/// "stored", "replicated", "witnessed".
std::optional<AckLevel> ack_level(std::string_view name);

}  // namespace hefu
