#include "ledger/event/event.h"

#include "crypto/keys.h"

namespace hefu {

const Value* Event::field(const std::string& name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? nullptr : &found->second;
}

EventId event_id(BytesView event_bytes) {
  static constexpr std::string_view kDomain("hefu/event/v1\0", 14);
  static constexpr std::uint16_t kAlgorithm = static_cast<std::uint16_t>(Algorithm::kEd25519Sha256);
  static constexpr std::uint8_t kAlgorithmBytes[] = {kAlgorithm >> 8, kAlgorithm & 0xff};
  return EventId{sha256({as_bytes(kDomain), kAlgorithmBytes, event_bytes})};
}

const char* name(Visibility visibility) {
  switch (visibility) {
    case Visibility::kPublic:
      return "public";
    case Visibility::kMembers:
      return "members";
    case Visibility::kParties:
      return "parties";
    case Visibility::kAuthority:
      return "authority";
  }
  return "authority";
}

std::optional<Visibility> visibility(std::string_view name) {
  for (const Visibility candidate :
       {Visibility::kPublic, Visibility::kMembers, Visibility::kParties, Visibility::kAuthority}) {
    if (name == hefu::name(candidate)) {
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace hefu
