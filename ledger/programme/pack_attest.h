#pragma once

#include "crypto/digest.h"
#include "ledger/programme/attest_policy.h"
#include "ledger/programme/pack.h"

namespace hefu {

/// Who must have computed the pack's figures: its own policy, or that by default.
AttestPolicy attest_policy_of(const Pack& pack);

/// Names the vectors inside a pack: SHA-256("hefu/vectors/v1\n" || their canonical JSON, "[]" if
/// there are none). Engines that passed the same vectors agree on what the pack means.
Digest vectors_digest(const Pack& pack);

}  // namespace hefu
