#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/result.h"
#include "ledger/event/event.h"
#include "ledger/view/first_difference.h"
#include "ledger/view/view_attestation.h"

namespace hefu {

/// The name of the protocol event type below.
inline constexpr std::string_view kViewDissentType = "view-dissent";

/// One leaf as a dissent shows it. A long payload stays a hash.
struct DissentLeaf {
  std::int64_t value = 0;
  Digest payload_hash;
  std::optional<Bytes> payload;
  bool operator==(const DissentLeaf&) const = default;
};
/// Longest payload a dissent shows: 128 records.
inline constexpr std::size_t kDissentPayloadBytesMax = std::size_t{128} * 64;

/// Where two views of one figure first differ.
struct DissentLeaves {
  ViewTree tree = ViewTree::kUnits;
  Bytes key;
  std::optional<DissentLeaf> theirs;  ///< none: they have no leaf of this key
  std::optional<DissentLeaf> ours;
  bool operator==(const DissentLeaves&) const = default;
};

/// An institution's signed word that it computed another figure than the one attested, at the same
/// cut by the same pack. Source: design study "verifiable views" §4.5.
struct ViewDissent {
  EventId attestation;  ///< the event disagreed with
  ViewAttestation own;  ///< what comes out here
  /// None where whoever attested has not shown its leaves.
  std::optional<DissentLeaves> first;
  bool operator==(const ViewDissent&) const = default;
};

/// What a dissent says of the leaves of a difference; `theirs` on the left.
DissentLeaves dissent_leaves(ViewTree tree, const LeafDifference& difference);

/// The event to be appended to the dissenting institution's log.
Event make_view_dissent(const std::string& issuer, const ViewDissent& dissent, Moment now,
                        const std::array<std::uint8_t, 16>& nonce);

/// Reads one. Errors: kInvalid naming the field; a dissent that shows no difference is none.
Result<ViewDissent> read_view_dissent(const Event& event);

}  // namespace hefu
