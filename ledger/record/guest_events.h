#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/keys.h"
#include "ledger/event/date.h"
#include "ledger/event/event.h"

namespace hefu {

/// The events by which the key of a guest (an institution that runs no node) becomes known. Both
/// stand in the log of the member that introduces the guest, its host.
inline constexpr std::string_view kGuestAdmissionType = "guest-admission";
inline constexpr std::string_view kGuestKeyType = "guest-key";

/// What a guest-admission says: a member vouches that a key is that of an institution. With the use
/// `link` the key belongs to a one-time link and may do nothing but name the guest's own key.
struct GuestAdmission {
  std::string guest;  ///< institution id
  std::string name;
  PublicKey key;
  bool link = false;
  std::string identity_check;  ///< as in the catalogue
  Date from;
  Date to;                            ///< last day
  std::optional<Date> open_until;     ///< last day of the link; only with `link`
  std::optional<Digest> token;        ///< guest_token_digest of the link's token; only with `link`
  std::optional<EventId> asks_about;  ///< the record the guest is asked to countersign
};

/// None for other events, and where a field is missing or contradicts another one: an unacceptable
/// key, a link without last day or token, or either of them without a link.
std::optional<GuestAdmission> read_guest_admission(const Event& event);

/// What a guest-key event says.
struct GuestKey {
  std::string guest;  ///< institution id
  EventId admission;
  PublicKey key;
};
std::optional<GuestKey> read_guest_key(const Event& event);

/// The key that an event in a log calls a guest's, so that what it signs can be verified. Whether
/// the event may do so is not looked at: roles change with certificates, and no replica may refuse
/// what another has taken. What it is worth is judged by GuestBook alone.
std::optional<PublicKey> guests_key(const Event& event);

/// What the log shows of a link's token: SHA-256("hefu/guest-token/v1" 00 token).
Digest guest_token_digest(std::string_view token);

}  // namespace hefu
