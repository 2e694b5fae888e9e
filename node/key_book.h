#pragma once

#include <optional>
#include <shared_mutex>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "crypto/keys.h"
#include "ledger/charter/charter.h"
#include "ledger/event/event.h"
#include "node/store.h"

namespace hefu {

/// Who stands behind a signing key.
struct Signer {
  const Member* member = nullptr;  ///< lives as long as the charter
  KeyRole role = KeyRole::kRegistrar;
  PublicKey key;
  std::optional<Date> valid_from;  ///< none: named in the charter
  std::optional<Date> valid_to;
};

/// The keys events may be signed with: those of the charter and those certified by events in the
/// members' logs. Only ever grows; thread-safe.
class KeyBook {
 public:
  /// The charter must outlive the book.
  explicit KeyBook(const Charter& charter);

  [[nodiscard]] std::optional<Signer> signer(const KeyId& id) const;
  /// Keys of members the charter does not know are ignored; the first certificate of a key stands.
  void add(std::span<const CertifiedKey> keys);

  [[nodiscard]] const Charter& charter() const { return charter_; }

 private:
  const Charter& charter_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<KeyId, Signer> certified_;  // guarded by mutex_
};

/// The key an event certifies, if it is a key-certification that counts: signed with the root key
/// of the member it is issued by, for a role that signs events. `log` and `index` are left to the
/// caller.
std::optional<CertifiedKey> certified_by(const Event& event, const Signer& signer);

}  // namespace hefu
