#pragma once

#include <filesystem>
#include <string>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "tools/context.h"

namespace hefu {

/// A guest's folder: guest.key (sealed; its label is the guest's credit code), charters of the
/// federations it has met, receipts, answers that are on their way.
class GuestFolder {
 public:
  /// `given`, else HEFU_GUEST_HOME, else ~/.hefu-guest; made if it is not there. Errors: kIo,
  /// kUnauthorised (others may write there), kNotFound (no home folder).
  static Result<GuestFolder> open(const std::string& given);

  [[nodiscard]] std::filesystem::path key_path() const { return path_ / "guest.key"; }
  [[nodiscard]] std::filesystem::path receipt_path(const std::string& event) const;
  [[nodiscard]] std::filesystem::path answer_path(const std::string& admission) const;

  /// The guest's credit code. Error kNotFound without a key.
  [[nodiscard]] Result<std::string> guest() const;
  [[nodiscard]] Result<PublicKey> public_key() const;
  [[nodiscard]] Result<SecretKey> key(const Context& context) const;
  /// Opens the key, or makes one for this guest. Error kConflict if it is another guest's.
  [[nodiscard]] Result<SecretKey> key_for(Context& context, const std::string& guest) const;

  /// Keeps the charter of a federation met for the first time. Whether it was known.
  [[nodiscard]] Result<bool> meet(const Charter& charter) const;

 private:
  explicit GuestFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

}  // namespace hefu
