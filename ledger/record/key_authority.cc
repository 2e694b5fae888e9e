#include "ledger/record/key_authority.h"

#include <algorithm>
#include <tuple>

#include "ledger/event/uscc.h"

namespace hefu {

namespace {

/// When an event is judged: when it was recorded, by its business date until then.
Moment judged_at(const LoggedEvent& logged) {
  return logged.recorded_by ? *logged.recorded_by : Moment::end_of(logged.event.occurred_on);
}

}  // namespace

KeyAuthority::KeyAuthority(std::span<const LoggedEvent* const> events, const Charter& charter)
    : charter_(charter) {
  for (const Member& member : charter.members) {
    if (!member.participations.empty() || !member.terms.empty()) {
      changed_.emplace(member.id, &member);
    }
  }
  for (const LoggedEvent* logged : events) {
    if (logged->event.type != "key-certification" || logged->role != KeyRole::kRoot ||
        institution_of(logged->event.issuer) != logged->member) {
      continue;
    }
    if (logged->key) {
      // Only the charter's root key certifies; a certified "root" would be a way around it.
      const auto signer = charter.signer(*logged->key);
      if (!signer || signer->member->id != logged->member || signer->role != KeyRole::kRoot ||
          !signer->member->holds(KeyRole::kRoot, signer->key, judged_at(*logged))) {
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
    const Value* person = logged->event.field("holder");
    if (person != nullptr && person->digest() != nullptr) {
      certificate.person = *person->digest();
    }
    certificate.position = logged->position();
    certificate.event = logged->id;
    certificates_[{logged->member, key_id(*public_key)}].push_back(certificate);
  }
  for (auto& [key, certificates] : certificates_) {
    std::sort(certificates.begin(), certificates.end(),
              [](const Certificate& a, const Certificate& b) {
                return std::tie(a.position, a.event) < std::tie(b.position, b.event);
              });
  }
}

const std::vector<KeyAuthority::Certificate>* KeyAuthority::certificates_of(
    const LoggedEvent& logged) const {
  const auto found = certificates_.find({logged.member, *logged.key});
  return found == certificates_.end() ? nullptr : &found->second;
}

std::optional<KeyAuthority::Revocation> KeyAuthority::revocation_of(
    const LoggedEvent& logged) const {
  if (!logged.key || !logged.recorded_by) {
    return std::nullopt;
  }
  const Date day = logged.recorded_by->date();
  if (const auto* certificates = certificates_of(logged)) {
    const Certificate& last = certificates->back();
    if (last.position > logged.position() && last.to && *last.to < day) {
      return Revocation{last.event, Date{last.to->days + 1}};
    }
  }
  const Member* changed = changed_owner(logged);
  if (changed == nullptr) {
    return std::nullopt;
  }
  for (const KeyTerm& term : changed->terms) {
    if (key_id(term.key) == *logged.key && term.revoked_from && *term.revoked_from <= day) {
      return Revocation{std::nullopt, *term.revoked_from};
    }
  }
  return std::nullopt;
}

std::optional<Digest> KeyAuthority::person_of(const LoggedEvent& logged) const {
  const auto* certificates = logged.key ? certificates_of(logged) : nullptr;
  return certificates == nullptr ? std::nullopt : certificates->back().person;
}

const Member* KeyAuthority::changed_owner(const LoggedEvent& logged) const {
  const auto found = changed_.empty() ? changed_.end() : changed_.find(logged.member);
  return found == changed_.end() ? nullptr : found->second;
}

std::optional<KeyRole> KeyAuthority::judge(const LoggedEvent& logged,
                                           const Certificate* certificate, bool by_record) const {
  const Member* changed = changed_owner(logged);
  if (by_record && changed != nullptr) {
    const Participation then = logged.recorded_by ? changed->participation_at(*logged.recorded_by)
                                                  : changed->participation();
    if (then != Participation::kActive) {
      return std::nullopt;
    }
  }
  if (certificate != nullptr) {
    const Date at = logged.recorded_by ? logged.recorded_by->date() : logged.event.occurred_on;
    const bool valid = certificate->from <= at && (!certificate->to || at <= *certificate->to);
    return valid ? std::optional(certificate->role) : std::nullopt;
  }
  const auto signer = charter_.signer(*logged.key);
  if (!signer || signer->member->id != logged.member) {
    return std::nullopt;
  }
  if (changed == nullptr || changed->terms.empty()) {
    return signer->role;
  }
  for (const KeyTerm& term : changed->terms) {
    if (term.key == signer->key && term.covers(judged_at(logged)) &&
        !(by_record && term.revoked_from && *term.revoked_from <= judged_at(logged).date())) {
      return term.role;
    }
  }
  return std::nullopt;
}

std::optional<KeyRole> KeyAuthority::role_of(const LoggedEvent& logged) const {
  if (!logged.key) {
    const Member* changed = changed_owner(logged);
    return changed == nullptr ||
                   changed->participation_at(judged_at(logged)) == Participation::kActive
               ? std::optional(logged.role)
               : std::nullopt;
  }
  const auto* certificates = certificates_of(logged);
  return judge(logged, certificates == nullptr ? nullptr : &certificates->back(), true);
}

std::optional<KeyRole> KeyAuthority::role_when_logged(const LoggedEvent& logged) const {
  if (!logged.key) {
    return logged.role;
  }
  const Certificate* last = nullptr;
  if (const auto* certificates = certificates_of(logged)) {
    for (const Certificate& certificate : *certificates) {
      if (certificate.position < logged.position()) {
        last = &certificate;
      }
    }
  }
  return judge(logged, last, false);
}

}  // namespace hefu
