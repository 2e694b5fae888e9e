#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/cut/log_index.h"
#include "ledger/view/statement.h"

namespace hefu {

/// One log entry in a bundle, with its inclusion path at the size of the log's checkpoint.
struct BundleEntry {
  std::uint64_t index = 0;
  Bytes envelope;
  std::vector<Digest> proof;
};

/// What a bundle carries of one log: its checkpoint in the cut; the type index of its last anchor;
/// every event of the types the figure needs, up to where the anchor indexed; and every event
/// after.
struct BundleLog {
  std::string origin;
  std::string checkpoint;               ///< cosigned note
  std::optional<std::uint64_t> anchor;  ///< index of the anchor the slices come from
  std::vector<TypeSlice> slices;
  std::vector<BundleEntry> entries;
};

/// What the bundle claims: the figures of a pack for a period.
struct BundleClaim {
  std::string pack;
  Digest pack_digest;
  std::string period;
  std::string node;    ///< empty: the whole programme
  std::string report;  ///< canonical JSON, as ledger/view renders it
};

/// The content of a bundle file (level L2: complete slices). Source: design study "verifiable
/// views" §6; format: bundle.capnp.
struct Bundle {
  std::string charter;
  BundleClaim claim;
  std::vector<BundleLog> logs;
  std::vector<std::string> missing;
  /// What members attested of these figures at this cut (level L1), by their envelopes' bytes. They
  /// follow the cut, so they are added to a bundle later.
  std::vector<LoggedStatement> attestations;
};

inline constexpr std::string_view kBundleMagic = "hefu-bundle/1\n";
/// Most attestations of one bundle: of every figure by some dozens of members.
inline constexpr std::size_t kBundleAttestationsMax = 50'000;
/// Largest bundle file read, in bytes. Programmes' slices are 0.1 to 5 MB.
inline constexpr std::size_t kBundleBytesMax = std::size_t{512} << 20;

/// The file's bytes: the same content gives the same bytes.
Bytes encode_bundle(const Bundle& bundle);

/// Reads a bundle file. Refuses what is not canonical, unsorted, or over a bound, saying where.
/// Verifies nothing.
Result<Bundle> decode_bundle(BytesView file);

}  // namespace hefu
