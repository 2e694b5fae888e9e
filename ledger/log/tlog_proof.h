#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/log/policy.h"

namespace hefu {

/// A proof, to be checked offline, that an entry is in a witnessed log. Source: C2SP tlog-proof
/// (ab17a74); file extension .tlog-proof.
///
///     "c2sp.org/tlog-proof@v1\n"
///     ["extra " base64 "\n"]            not authenticated
///     "index " decimal "\n"
///     *(base64(hash) "\n")              inclusion path, the leaf's sibling first
///     "\n"
///     checkpoint note                   verbatim, with cosignatures
struct TlogProof {
  std::optional<Bytes> extra;  ///< for the application; nothing vouches for it
  std::uint64_t index = 0;
  std::vector<Digest> path;
  std::string checkpoint;

  bool operator==(const TlogProof&) const = default;
  [[nodiscard]] std::string text() const;
};

/// Bound on `extra`, in bytes.
inline constexpr std::size_t kProofExtraBytesMax = 65536;
/// Bound on the whole text: the largest note, extra in base64, and the path.
inline constexpr std::size_t kProofBytesMax = std::size_t{5} << 18;

/// Reads the form; verifies nothing, the checkpoint is not even opened.
/// Errors: kInvalid, kTooLarge, kUnsupported (other version), naming the line.
Result<TlogProof> parse_tlog_proof(std::string_view text);

/// Verifies that the entry with this leaf hash is in the log at the proof's index, by the policy's
/// standards. Errors: those of accept_checkpoint; kUnverified if the path does not lead to the
/// root.
Result<AcceptedCheckpoint> verify_tlog_proof(const TlogProof& proof, const Digest& leaf,
                                             const Policy& policy,
                                             std::span<const PublicKey> not_counted = {});

}  // namespace hefu
