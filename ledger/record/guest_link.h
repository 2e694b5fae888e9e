#pragma once

#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/entropy.h"
#include "crypto/keys.h"
#include "crypto/result.h"

namespace hefu {

/// A one-time link, which a member hands to a guest:
///
///     <base URL>/v1/invitations/<token>#<secret>
///
/// Token and secret are 64 lower-case hex digits. The secret is random; from it follow
///
///     token = SHA-256("hefu/guest-link-token/v1" 00 secret)     asks the host what is to be signed
///     key   = Ed25519 of the seed SHA-256("hefu/guest-link-key/v1" 00 secret)     names a guest's
///     key
///
/// What follows the # is never sent to a server, so neither the host's logs nor whoever reads the
/// connection can answer in the guest's place.
class GuestLink {
 public:
  static GuestLink make(std::string base, Entropy& entropy);
  /// Errors: kInvalid, without repeating what was given.
  static Result<GuestLink> parse(std::string_view text);

  [[nodiscard]] const std::string& base() const { return base_; }
  [[nodiscard]] std::string token() const;
  [[nodiscard]] SecretKey key() const;
  [[nodiscard]] std::string text() const;

 private:
  GuestLink(std::string base, const Digest& secret) : base_(std::move(base)), secret_(secret) {}
  [[nodiscard]] Digest derive(std::string_view purpose) const;

  std::string base_;
  Digest secret_;
};

inline constexpr std::size_t kGuestLinkBytesMax = 1024;

}  // namespace hefu
