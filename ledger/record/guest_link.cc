#include "ledger/record/guest_link.h"

#include <utility>

namespace hefu {

namespace {

constexpr std::string_view kPath = "/v1/invitations/";

}  // namespace

GuestLink GuestLink::make(std::string base, Entropy& entropy) {
  Digest secret;
  entropy.fill(secret.bytes);
  while (base.ends_with('/')) {
    base.pop_back();
  }
  return {std::move(base), secret};
}

Result<GuestLink> GuestLink::parse(std::string_view text) {
  const Error bad{Errc::kInvalid, "not a guest's link",
                  "it looks like https://HOST/v1/invitations/TOKEN#SECRET: copy all of it"};
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) {
    text.remove_suffix(1);
  }
  const auto path = text.find(kPath);
  const bool web = text.starts_with("https://") || text.starts_with("http://");
  if (text.size() > kGuestLinkBytesMax || !web || path == std::string_view::npos) {
    return bad;
  }
  const std::string_view base = text.substr(0, path);
  text.remove_prefix(path + kPath.size());
  const auto mark = text.find('#');
  if (mark == std::string_view::npos) {
    return bad;
  }
  const auto secret = Digest::from_hex(text.substr(mark + 1));
  if (!secret) {
    return bad;
  }
  GuestLink link{std::string(base), *secret};
  return link.token() == text.substr(0, mark) ? Result<GuestLink>(std::move(link)) : bad;
}

Digest GuestLink::derive(std::string_view purpose) const {
  Bytes message = to_bytes(purpose);
  message.push_back(0);
  append(message, secret_.view());
  return sha256(message);
}

std::string GuestLink::token() const {
  return derive("hefu/guest-link-token/v1").hex();
}

SecretKey GuestLink::key() const {
  return SecretKey::from_seed(derive("hefu/guest-link-key/v1").bytes);
}

std::string GuestLink::text() const {
  return base_ + std::string(kPath) + token() + "#" + secret_.hex();
}

}  // namespace hefu
