#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/bytes.h"
#include "ledger/view/view.h"

namespace hefu {

/// The leaf of a key; null if there is none. Precondition: leaves by key.
const ViewLeaf* find_leaf(const ViewLeaves& leaves, BytesView key);

/// A leaf as an attested tree has it.
struct AttestedLeaf {
  std::int64_t value = 0;
  BytesView payload;
  std::int64_t scale = 1;  ///< of the attestation
};

/// How a leaf of an attested tree differs from what the rule gives of the events (null: nothing);
/// none if it does not. What a fraud proof convicts of, and a sample looks at.
std::optional<std::string> leaf_difference(const AttestedLeaf& attested, const ViewLeaf* ours,
                                           std::int64_t scale);

}  // namespace hefu
