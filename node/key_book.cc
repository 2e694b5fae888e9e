#include "node/key_book.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "ledger/record/guest_events.h"

namespace hefu {

KeyBook::KeyBook(const Charter& charter) : charter_(charter) {}

std::optional<Signer> KeyBook::signer(const KeyId& id, const Member& owner) const {
  std::optional<Signer> named;
  if (const auto chartered = charter_.signer(id)) {
    named = Signer{chartered->member, chartered->role, chartered->key, {}, {}, 0};
    if (chartered->member->id != owner.id || is_single(chartered->role)) {
      return named;
    }
  }
  const std::shared_lock lock(mutex_);
  const auto found = certified_.find(id);
  if (found == certified_.end()) {
    return named;
  }
  const auto own = std::find_if(found->second.begin(), found->second.end(),
                                [&](const Signer& by) { return by.member->id == owner.id; });
  return own == found->second.end() ? named : std::optional(*own);
}

void KeyBook::add(std::span<const CertifiedKey> keys) {
  const std::unique_lock lock(mutex_);
  for (const CertifiedKey& key : keys) {
    if (key.role == KeyRole::kGuest && charter_.signer(key_id(key.key))) {
      continue;  // whoever calls a member's key a guest's takes nothing away from the member
    }
    if (const Member* member = charter_.member(key.member)) {
      std::vector<Signer>& signers = certified_[key_id(key.key)];
      const auto before = std::find_if(signers.begin(), signers.end(),
                                       [&](const Signer& by) { return by.member == member; });
      const std::uint64_t position = key.before + key.index;
      Signer signer{member, key.role, key.key, key.valid_from, key.valid_to, position};
      if (before == signers.end()) {
        signers.push_back(std::move(signer));
      } else if (before->role == KeyRole::kGuest || key.role == KeyRole::kGuest
                     ? key.role != KeyRole::kGuest
                     : before->certified_at <= position) {
        *before = std::move(signer);
      }
    }
  }
}

std::optional<CertifiedKey> certified_by(const Event& event, const Signer& signer) {
  if (const auto key = guests_key(event)) {
    return CertifiedKey{signer.member->id, KeyRole::kGuest, *key, {}, {}, 0, 0};
  }
  if (event.type != "key-certification" || signer.role != KeyRole::kRoot ||
      signer.member->id != event.issuer) {
    return std::nullopt;
  }
  const Value* key = event.field("key");
  const Value* role = event.field("role");
  const Value* valid_from = event.field("valid_from");
  const Value* valid_to = event.field("valid_to");
  const Bytes* key_bytes = key == nullptr ? nullptr : std::get_if<Bytes>(&key->is);
  const auto public_key = key_bytes == nullptr ? std::nullopt : PublicKey::from_bytes(*key_bytes);
  if (!public_key || !is_acceptable(*public_key) || role == nullptr || role->text() == nullptr ||
      valid_from == nullptr || valid_from->date() == nullptr) {
    return std::nullopt;
  }
  const KeyRole certified_role = key_role(*role->text()).value_or(KeyRole::kRoot);
  if (is_single(certified_role)) {
    return std::nullopt;  // unknown, or taken up by the charter in force
  }
  CertifiedKey certified;
  certified.member = event.issuer;
  certified.role = certified_role;
  certified.key = *public_key;
  certified.valid_from = *valid_from->date();
  if (valid_to != nullptr && valid_to->date() != nullptr) {
    certified.valid_to = *valid_to->date();
  }
  return certified;
}

}  // namespace hefu
