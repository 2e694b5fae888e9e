#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/cut/cut.h"
#include "ledger/programme/pack.h"
#include "ledger/view/state.h"
#include "ledger/view/view_attestation.h"

namespace hefu {

/// What the samples of a figure are drawn with: SHA-256 of the parts "hefu/bundle-sample/v1", the
/// digest of SampleSeed, and `asked` (u32 big-endian); each part is its length (u32 big-endian) and
/// its bytes. Of the SampleSeed, the beacon is the public value; nothing was committed to, so the
/// plan is zeros and there are no reveals.
Digest public_seed(const ViewAttestation& attestation, const std::string& value,
                   std::uint32_t asked);

/// A log entry that was drawn.
struct DrawnEntry {
  std::string origin;
  std::uint64_t index = 0;
};

/// What was drawn, in the order drawn.
struct DrawnSamples {
  std::vector<std::uint64_t> leaves;  ///< from the first of the range, from 0
  std::vector<DrawnEntry> entries;    ///< of all logs of the cut
};

/// Draws leaves and entries: `asked` of each, or all if there are fewer. By draw_items, with
/// stratum_seed(seed, "leaves") and stratum_seed(seed, "entries"); entries are numbered by origin,
/// then index. Errors: those of draw_items.
Result<DrawnSamples> draw_samples(const Digest& seed, std::uint64_t leaves, const Cut& cut,
                                  std::uint32_t asked);

/// Event types every log is complete in at level 3: whatever can change or void a record, what the
/// organisation directory, the charter and keys are made from, and what speaks against somebody.
std::set<std::string> sampled_whole_types();

/// Those, and the types that the rule of the claim's indicator holds its facts against. Errors:
/// kNotFound (pack, indicator), those of Pack::from_json.
Result<std::set<std::string>> sampled_types(const LedgerState& state, const BundleClaim& claim);

/// The pack of a claim, by its digest. Errors: kNotFound, those of Pack::from_json.
Result<Pack> claimed_pack(const LedgerState& state, const BundleClaim& claim);

}  // namespace hefu
