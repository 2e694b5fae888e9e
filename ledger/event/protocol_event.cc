#include "ledger/event/protocol_event.h"

namespace hefu {

Event protocol_event(std::string_view type, const std::string& issuer, Moment now,
                     const std::array<std::uint8_t, 16>& nonce) {
  Event event;
  event.type = type;
  event.catalogue = "protocol/1";
  event.issuer = issuer;
  event.occurred_on = now.date();
  event.created_at = now;
  event.nonce = nonce;
  event.visibility = Visibility::kPublic;
  return event;
}

}  // namespace hefu
