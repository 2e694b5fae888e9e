#include "ledger/log/ack_level.h"

namespace hefu {

const char* name(AckLevel level) {
  switch (level) {
    case AckLevel::kStored:
      return "stored";
    case AckLevel::kReplicated:
      return "replicated";
    case AckLevel::kWitnessed:
      return "witnessed";
  }
  return "stored";
}

std::optional<AckLevel> ack_level(std::string_view text) {
  for (const AckLevel level : {AckLevel::kStored, AckLevel::kReplicated, AckLevel::kWitnessed}) {
    if (text == name(level)) {
      return level;
    }
  }
  return std::nullopt;
}

}  // namespace hefu
