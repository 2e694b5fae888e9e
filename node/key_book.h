#pragma once

#include <cstdint>
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
  std::uint64_t certified_at = 0;  ///< position in what the member recorded
};

/// The keys events may be signed with: those of the charter and those certified by events in the
/// members' logs. Only ever grows; thread-safe.
class KeyBook {
 public:
  /// The charter must outlive the book.
  explicit KeyBook(const Charter& charter);

  /// Who signs with this key in the log of `owner`: a key of the charter, whoever's it is, or one
  /// that `owner` has certified. A key of the owner's that the charter names and the owner has
  /// certified anew acts by its certificate, which is how it is withdrawn; root, log, witness and
  /// node keys, of which the charter in force knows the former ones too, change with it. What
  /// others certify says nothing here: a member that certifies another's key as its own takes
  /// nothing away from the other.
  [[nodiscard]] std::optional<Signer> signer(const KeyId& id, const Member& owner) const;
  /// Keys of members the charter does not know are ignored; the certificate of a key that comes
  /// last in the member's log stands. A key that is a member's, by charter or certificate, never
  /// becomes a guest's.
  void add(std::span<const CertifiedKey> keys);

  [[nodiscard]] const Charter& charter() const { return charter_; }

 private:
  const Charter& charter_;
  mutable std::shared_mutex mutex_;
  /// By key, at most one for each member. Guarded by mutex_.
  std::unordered_map<KeyId, std::vector<Signer>> certified_;
};

/// The key an event certifies, if it is a key-certification that counts: signed with the root key
/// of the member it is issued by, for a role that signs events; or the key that it calls a
/// guest's (role `guest`, no interval: whether it may, and for how long, is judged with the
/// record). `log` and `index` are left to the caller.
std::optional<CertifiedKey> certified_by(const Event& event, const Signer& signer);

}  // namespace hefu
