#pragma once

#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"

namespace hefu {

/// Most bytes of a request; it travels in a text field of an event.
inline constexpr std::size_t kJoinRequestBytesMax = std::size_t{12} * 1024;

/// An institution's own wish to join a federation: a signed note (C2SP signed-note) with the text
///
///     hefu/join/v1
///     <federation id, hex>
///     <member card, canonical JSON as in member_json.h>
///
/// signed with the root key on the card. Nobody can be admitted without it, and none is good for
/// another federation. The attribute "peer" of the card, "host:port", is where its node answers.
struct JoinRequest {
  Digest federation;
  Member member;
};

/// Errors: kInvalid (the card), kTooLarge.
Result<std::string> make_join_request(const Digest& federation, const Member& member,
                                      const SecretKey& root_key);

/// Reads a request and verifies its signature. Errors: kInvalid, kTooLarge, kUnverified.
Result<JoinRequest> parse_join_request(std::string_view note);

}  // namespace hefu
