#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/aggregate/key_range.h"
#include "ledger/cut/index_proof.h"
#include "ledger/cut/log_index.h"
#include "ledger/view/statement.h"

namespace hefu {

/// One log entry in a bundle, with its inclusion path at the size of the log's checkpoint.
struct BundleEntry {
  std::uint64_t index = 0;
  Bytes envelope;
  std::vector<Digest> proof;
};

/// How far a cut reads a log whose checkpoint in the bundle is of a later, larger size.
struct BundlePlace {
  std::uint64_t size = 0;
  Digest root;
  std::vector<Digest> consistency;  ///< that the checkpoint's tree begins with this one
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
  std::optional<BundlePlace> place;  ///< none: as far as the checkpoint
  /// Level 3: every entry of the supersession list that the anchor commits to, in order.
  std::vector<IndexEntry> corrections;
};

/// What the bundle claims: the figures of a pack for a period.
struct BundleClaim {
  std::string pack;
  Digest pack_digest;
  std::string period;
  std::string node;    ///< empty: the whole programme
  std::string report;  ///< canonical JSON, as ledger/view renders it; empty at levels 0, 1 and 3
  std::string indicator = {};  ///< levels 0, 1 and 3: the one figure it is about
};

/// Part of an attested tree: what an organisation and those below it claim, or the whole.
struct BundleRange {
  Bytes prefix;         ///< org_path in the tree of claims; empty: the whole tree of units
  KeyRangeProof proof;  ///< against the attested root
};

/// A leaf of an attested tree, opened.
struct OpenedLeaf {
  std::uint64_t place = 0;
  Bytes key;
  Bytes payload;
  Bytes nodes;  ///< AggTree::prove of {place, place + 1}
};

/// What was drawn of a figure, and the leaves it led to.
struct BundleSamples {
  std::uint32_t asked = 0;         ///< leaves to be drawn, and entries of the logs
  std::string value;               ///< the public value they were drawn with, 1 to 255 bytes
  Digest seed;                     ///< what that gives: public_seed
  std::vector<OpenedLeaf> leaves;  ///< by place
};

/// The content of a bundle file. Source: design study "verifiable views" §6; format: bundle.capnp.
///
/// Level 0: what an institution declares of a figure, signed. 1: what members attested of it at a
/// cut. 2: complete slices of every log. 3: what was attested, a proof of the arithmetic, and
/// samples. 4: whole logs; in the file it is a 2 none of whose logs rests on an index.
struct Bundle {
  std::string charter;
  BundleClaim claim;
  std::vector<BundleLog> logs;
  std::vector<std::string> missing;
  /// What members attested of these figures at this cut (level L1), by their envelopes' bytes. They
  /// follow the cut, so they are added to a bundle later.
  std::vector<LoggedStatement> attestations;
  int level = 2;                ///< 0, 1, 2 or 3 as in the file: see bundle_level
  std::vector<Bytes> declared;  ///< level 0: envelopes, rising
  /// Levels 1 and 3: members whose own figure it is, or who are related to them, sorted. By the
  /// word of whoever made the bundle.
  std::vector<std::string> aside;
  std::optional<BundleRange> range;      ///< level 3; level 1 of an organisation
  std::optional<BundleSamples> samples;  ///< level 3
};

/// The level of a bundle, 0 to 4.
int bundle_level(const Bundle& bundle);

inline constexpr std::string_view kBundleMagic = "hefu-bundle/1\n";
/// Most attestations of one bundle: of every figure by some dozens of members.
inline constexpr std::size_t kBundleAttestationsMax = 50'000;
/// Most envelopes of a bundle of level 0.
inline constexpr std::size_t kBundleDeclaredMax = 100'000;
/// Most samples drawn in each direction, and leaves opened for them.
inline constexpr std::uint32_t kBundleSamplesMax = 10'000;
/// Longest public value samples are drawn with.
inline constexpr std::size_t kBundleValueBytesMax = 255;
/// Largest bundle file read, in bytes. Programmes' slices are 0.1 to 5 MB.
inline constexpr std::size_t kBundleBytesMax = std::size_t{512} << 20;

/// The file's bytes: the same content gives the same bytes.
Bytes encode_bundle(const Bundle& bundle);

/// Reads a bundle file. Refuses what is not canonical, unsorted, or over a bound, saying where.
/// Verifies nothing: the checksum of version 3 finds damage, and no forgery.
Result<Bundle> decode_bundle(BytesView file);

}  // namespace hefu
