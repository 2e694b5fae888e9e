#include "ledger/record/key_authority.h"

#include <algorithm>
#include <tuple>

#include "ledger/event/uscc.h"

namespace hefu {

KeyAuthority::KeyAuthority(std::span<const LoggedEvent* const> events, const Charter& charter)
    : charter_(charter) {
  for (const LoggedEvent* logged : events) {
    if (logged->event.type != "key-certification" || logged->role != KeyRole::kRoot ||
        institution_of(logged->event.issuer) != logged->member) {
      continue;
    }
    if (logged->key) {
      // Only the charter's root key certifies; a certified "root" would be a way around it.
      const auto signer = charter.signer(*logged->key);
      if (!signer || signer->member->id != logged->member || signer->role != KeyRole::kRoot) {
        continue;
      }
    }
    const Value* key = logged->event.field("key");
    const Value* role = logged->event.field("role");
    const Value* from = logged->event.field("valid_from");
    const Value* to = logged->event.field("valid_to");
    const Bytes* bytes = key == nullptr ? nullptr : std::get_if<Bytes>(&key->is);
    if (bytes == nullptr || role == nullptr || role->text() == nullptr || from == nullptr ||
        from->date() == nullptr || (to != nullptr && to->date() == nullptr)) {
      continue;
    }
    const auto public_key = PublicKey::from_bytes(*bytes);
    const auto known_role = key_role(*role->text());
    if (!public_key || !known_role || *known_role == KeyRole::kGuest) {
      continue;
    }
    Certificate certificate;
    certificate.role = *known_role;
    certificate.from = *from->date();
    certificate.to = to == nullptr ? std::nullopt : std::optional(*to->date());
    certificate.index = logged->index;
    certificate.event = logged->id;
    certificates_[{logged->member, key_id(*public_key)}].push_back(certificate);
  }
  for (auto& [key, certificates] : certificates_) {
    std::sort(certificates.begin(), certificates.end(),
              [](const Certificate& a, const Certificate& b) {
                return std::tie(a.index, a.event) < std::tie(b.index, b.event);
              });
  }
}

const std::vector<KeyAuthority::Certificate>* KeyAuthority::certificates_of(
    const LoggedEvent& logged) const {
  const auto found = certificates_.find({logged.member, *logged.key});
  return found == certificates_.end() ? nullptr : &found->second;
}

std::optional<KeyRole> KeyAuthority::judge(const LoggedEvent& logged,
                                           const Certificate* certificate) const {
  if (certificate != nullptr) {
    const Date at = logged.recorded_by ? logged.recorded_by->date() : logged.event.occurred_on;
    const bool valid = certificate->from <= at && (!certificate->to || at <= *certificate->to);
    return valid ? std::optional(certificate->role) : std::nullopt;
  }
  const auto signer = charter_.signer(*logged.key);
  if (!signer || signer->member->id != logged.member) {
    return std::nullopt;
  }
  return signer->role;
}

std::optional<KeyRole> KeyAuthority::role_of(const LoggedEvent& logged) const {
  if (!logged.key) {
    return logged.role;
  }
  const auto* certificates = certificates_of(logged);
  return judge(logged, certificates == nullptr ? nullptr : &certificates->back());
}

std::optional<KeyRole> KeyAuthority::role_when_logged(const LoggedEvent& logged) const {
  if (!logged.key) {
    return logged.role;
  }
  const Certificate* last = nullptr;
  if (const auto* certificates = certificates_of(logged)) {
    for (const Certificate& certificate : *certificates) {
      if (certificate.index < logged.index) {
        last = &certificate;
      }
    }
  }
  return judge(logged, last);
}

}  // namespace hefu
