#include "ledger/governance/epoch_end.h"

#include <algorithm>
#include <vector>

#include "ledger/log/checkpoint.h"

namespace hefu {

Result<void> prove_epoch_end(const Charter& charter, const CharterProposal& proposal) {
  if (proposal.checkpoint.empty()) {
    return {};
  }
  const auto end = parse_checkpoint(proposal.checkpoint);
  const Member* owner = end ? charter.by_origin(end->checkpoint.origin) : nullptr;
  if (owner == nullptr || owner->id != proposal.member) {
    return Error{Errc::kUnverified, "the checkpoint is none of a log of the member concerned", ""};
  }
  // By the signature alone: the same answer before this decision is in force and after.
  const std::vector<PublicKey> keys = owner->log_keys();
  const bool is_signed = std::any_of(keys.begin(), keys.end(), [&](const PublicKey& key) {
    return open_checkpoint(proposal.checkpoint, VerifierKey::make(owner->origin, kNoteEd25519, key))
        .ok();
  });
  if (!is_signed) {
    return Error{Errc::kUnverified, "the checkpoint is not signed with a key of the log it ends",
                 "take it from a member's node: hefu log show"};
  }
  return {};
}

}  // namespace hefu
