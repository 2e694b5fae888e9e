#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/log/policy.h"
#include "ledger/log/promise.h"
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

/// What a guest holds against its host: self-contained JSON
///
///     {"format":"hefu/guest-receipt/v1","charter":note,"host":member id,"record":hex,"event":hex,
///      "envelope":base64,"promise":note,"proof":.tlog-proof or null}
struct GuestReceiptFile {
  std::string charter, host, record;
  Bytes envelope;
  std::string promise, proof;  ///< proof: empty until there is one

  [[nodiscard]] std::string text() const;
  /// Errors: kInvalid, kTooLarge.
  static Result<GuestReceiptFile> parse(std::string_view text);
};

/// What a guest signed offline: {"format":"hefu/guest-answer/v1","charter","host","record",
/// "envelopes":[base64]}, the answer last.
struct GuestAnswerFile {
  std::string charter, host, record;
  std::vector<Bytes> envelopes;

  [[nodiscard]] std::string text() const;
  static Result<GuestAnswerFile> parse(std::string_view text);
};

inline constexpr std::size_t kGuestFileBytesMax = std::size_t{4} << 20;

/// A receipt whose promise has been checked against its envelope and charter.
struct CheckedReceipt {
  Charter charter;
  Member host;
  Promise promise;
  VerifierKey log_key;
  Policy policy;
};

/// `trusted`: the charter to go by; none: the one inside. Errors: kUnverified.
Result<CheckedReceipt> check_receipt(const GuestReceiptFile& receipt,
                                     std::optional<Charter> trusted);

/// The policy for the log of one member: the other members' witnesses, the charter's quorum.
Result<Policy> member_policy(const Charter& charter, const Member& member);

}  // namespace hefu
