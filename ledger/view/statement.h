#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event.h"
#include "ledger/view/view_attestation.h"

namespace hefu {

/// What somebody signed: an envelope in its own log, and a .tlog-proof of it with a quorum's
/// cosignatures, so that a key lost or retired binds nobody.
struct LoggedStatement {
  Bytes envelope;
  std::string proof;
  bool operator==(const LoggedStatement&) const = default;
};

/// A statement as it stands in its author's log.
struct OpenedStatement {
  const Member* member = nullptr;  ///< of the charter handed in
  KeyRole role = KeyRole::kRegistrar;
  Envelope envelope;
  Event event;
  std::uint64_t index = 0;
  std::optional<Moment> witnessed;  ///< when a quorum had seen the checkpoint in its proof
};

/// Opens one: signed by a member's own key, in its own log and name, cosigned by a quorum, and
/// nothing in the proof that no key vouches for. Errors: kNotFound (nobody of this charter has the
/// key), kUnverified (anything that does not hold), kInvalid (form).
Result<OpenedStatement> open_statement(const LoggedStatement& statement, const Charter& charter);

/// The same where a reader knows more keys than the charter names: those certified in logs.
using SignerOf = std::function<Result<Charter::Signer>(const Member&, const Envelope&)>;
Result<OpenedStatement> open_statement(const LoggedStatement& statement, const Charter& charter,
                                       const SignerOf& signer_of);

/// Opens what somebody attested. Errors: as above, and those of read_view_attestation.
struct AttestedBy {
  const Member* member = nullptr;  ///< of the charter handed in
  ViewAttestation attestation;
};
Result<AttestedBy> open_attestation(const LoggedStatement& statement, const Charter& charter);

}  // namespace hefu
