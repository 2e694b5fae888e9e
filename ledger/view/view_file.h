#pragma once

#include <string_view>
#include <vector>

#include "ledger/aggregate/agg_tree.h"
#include "ledger/event/event.h"
#include "ledger/view/view.h"

namespace hefu {

/// What an institution that attests a view publishes beside it: the signed attestation, and the
/// leaves of both trees. From these anybody makes proofs of ranges, and of frauds.
///
///     "hefu-view/1\n" || envelope || proof || tree (units) || tree (claims)
///     tree = leaf count u32 || *(key || value u64be || payload)
///            || node count u32 || *(count u64be || sum i128be || hash)
///
/// envelope, proof (a .tlog-proof of the envelope; empty while it is not witnessed), key and
/// payload stand behind their length (u32be). The nodes of a tree, from the top, left before right,
/// are written only where they do not follow from the leaves: of a tree that somebody made wrong.
struct ViewFile {
  struct Tree {
    ViewLeaves leaves;
    std::vector<AggClaim> nodes;
    bool operator==(const Tree&) const = default;
  };
  Bytes envelope;
  std::string proof;
  Tree units;
  Tree claims;

  bool operator==(const ViewFile&) const = default;
  [[nodiscard]] Bytes encode() const;
  /// Reads the form; verifies nothing. Errors: kInvalid, kTooLarge, kUnsupported, naming the field.
  static Result<ViewFile> decode(BytesView file);
  /// The attestation in the envelope. Errors: those of decode_envelope, decode_event and
  /// read_view_attestation.
  [[nodiscard]] Result<ViewAttestation> attestation() const;
};

inline constexpr std::string_view kViewMagic = "hefu-view/1\n";
/// Largest view file read: about two million leaves.
inline constexpr std::size_t kViewFileBytesMax = std::size_t{512} << 20;
/// Longest payload of a leaf: 4,096 records.
inline constexpr std::size_t kViewPayloadBytesMax = std::size_t{4096} * 64;

}  // namespace hefu
