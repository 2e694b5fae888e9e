#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/aggregate/agg_tree.h"
#include "ledger/aggregate/key_range.h"
#include "ledger/bundle/bundle.h"
#include "ledger/cut/index_proof.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/view/statement.h"

namespace hefu {

/// What a fraud proof shows. Source: design study "verifiable views" §7.
enum class FraudKind : std::uint8_t {
  kIndexOmission = 1,    ///< an anchor commits to an index that leaves out an event before it
  kWrongArithmetic = 2,  ///< a node of an attested tree is not what its children add up to
  kWrongLeaf = 3,        ///< an attested leaf is not what the rule gives, is missing or invented
  kDuplicate = 4,        ///< two neighbouring leaves of an attested tree whose keys do not rise
  kSuperseded = 5,       ///< an attested leaf counts a version that its author had replaced
};

/// "index-omission" and so on.
const char* name(FraudKind kind);

struct IndexOmission {
  LoggedStatement anchor;
  bool of_supersessions = false;   ///< the supersession index, else the type index
  std::vector<TypeSlice> slices;   ///< the whole type index, as the anchor commits to it
  std::uint64_t list_size = 0;     ///< of the supersession list
  Digest list_root;                ///< of the supersession list
  std::uint64_t index = 0;         ///< where the event left out stands in the log
  Bytes event;                     ///< its envelope
  std::vector<Digest> event_path;  ///< inclusion in the tree of the checkpoint in the anchor
  IndexProof absence;              ///< that the list does not hold it; default if there is no list

  bool operator==(const IndexOmission&) const = default;
};

struct WrongArithmetic {
  /// One level down: what stands beside the way, and what the way's own child is said to have.
  struct Step {
    AggClaim sibling;
    std::uint64_t own_count = 0;
    AggSum own_sum = 0;
    bool operator==(const Step&) const = default;
  };
  struct Inner {
    AggClaim left;
    AggClaim right;
    bool operator==(const Inner&) const = default;
  };
  struct Leaf {
    std::uint64_t count = 0;
    AggSum sum = 0;
    Digest key_hash;
    Digest payload_hash;
    bool operator==(const Leaf&) const = default;
  };
  LoggedStatement attestation;
  ViewTree tree = ViewTree::kUnits;
  std::uint64_t leaves = 0;                          ///< as hashed in the root
  AggClaim top;                                      ///< as hashed in the root
  std::uint64_t toward = 0;                          ///< a leaf under the node that is opened
  std::vector<Step> steps;                           ///< from the top down to it
  std::variant<std::monostate, Inner, Leaf> opened;  ///< nothing: root and attestation differ

  bool operator==(const WrongArithmetic&) const = default;
};

struct WrongLeaf {
  LoggedStatement attestation;
  ViewTree tree = ViewTree::kUnits;
  Bytes key;            ///< of the leaf meant
  KeyRangeProof place;  ///< of KeyRange::only(key)
  Bytes payload;        ///< of the leaf, if it is there
  Bytes bundle;         ///< whole logs of the attested cut: anybody evaluates the rule
  std::optional<EventId>
      correction;  ///< the version that replaced what the leaf counts: kSuperseded

  bool operator==(const WrongLeaf&) const = default;
};

struct Duplicate {
  LoggedStatement attestation;
  ViewTree tree = ViewTree::kUnits;
  KeyRangeProof between;  ///< an empty range: shows the leaves on both sides of it
  bool operator==(const Duplicate&) const = default;
};

/// A fraud proof: one file, verified offline by whoever has the charter. Deterministic, versioned,
/// every field bounded; whole numbers big-endian, runs of bytes behind their length (u32).
///
///     "hefu-fraud-proof/1\n" || kind u8 || the fields of the kind in the order above
struct FraudProof {
  std::variant<IndexOmission, WrongArithmetic, WrongLeaf, Duplicate> is;

  bool operator==(const FraudProof&) const = default;
  [[nodiscard]] FraudKind kind() const;
  [[nodiscard]] Bytes encode() const;
  /// Reads the form; verifies nothing. What it accepts, `encode` gives back byte for byte. Errors:
  /// kInvalid, kTooLarge, kUnsupported (other version or kind), naming the field.
  static Result<FraudProof> decode(BytesView file);
};

inline constexpr std::string_view kFraudProofMagic = "hefu-fraud-proof/1\n";
/// Largest fraud proof read: a bundle and what speaks about it.
inline constexpr std::size_t kFraudProofBytesMax = kBundleBytesMax + (std::size_t{8} << 20);
/// Most types in an index.
inline constexpr std::size_t kFraudSlicesMax = 4096;

}  // namespace hefu
