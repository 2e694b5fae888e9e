#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/log/policy.h"
#include "ledger/log/promise.h"

namespace hefu {

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
