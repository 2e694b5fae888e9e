#include "ledger/log/tlog_proof.h"

#include <utility>

#include "crypto/encoding.h"
#include "ledger/log/lines.h"
#include "ledger/merkle/proof.h"

namespace hefu {

namespace {

constexpr std::string_view kHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kHeaderAnyVersion = "c2sp.org/tlog-proof@";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

}  // namespace

std::string TlogProof::text() const {
  std::string text = std::string(kHeader) + "\n";
  if (extra) {
    text += std::string(kExtra) + base64_encode(*extra) + "\n";
  }
  text += std::string(kIndex) + std::to_string(index) + "\n";
  text += hash_lines(path);
  return text + "\n" + checkpoint;
}

Result<TlogProof> parse_tlog_proof(std::string_view text) {
  if (text.size() > kProofBytesMax) {
    return Error{Errc::kTooLarge, "proof: more than " + std::to_string(kProofBytesMax) + " bytes",
                 ""};
  }
  auto line = take_line(text);
  if (line != kHeader) {
    const bool other_version = line && line->starts_with(kHeaderAnyVersion);
    return Error{other_version ? Errc::kUnsupported : Errc::kInvalid,
                 "proof: the first line is not " + std::string(kHeader), ""};
  }
  TlogProof proof;
  line = take_line(text);
  if (line && line->starts_with(kExtra)) {
    proof.extra = base64_decode(line->substr(kExtra.size()));
    if (!proof.extra) {
      return Error{Errc::kInvalid, "proof extra: not base64", ""};
    }
    if (proof.extra->size() > kProofExtraBytesMax) {
      return Error{Errc::kTooLarge,
                   "proof extra: more than " + std::to_string(kProofExtraBytesMax) + " bytes", ""};
    }
    line = take_line(text);
  }
  if (!line || !line->starts_with(kIndex)) {
    return Error{Errc::kInvalid, "proof: the index line is missing", ""};
  }
  const auto index = parse_decimal_line(line->substr(kIndex.size()));
  if (!index) {
    return Error{Errc::kInvalid, "proof index: not a decimal number up to 2^63 - 1", ""};
  }
  proof.index = *index;
  auto path = take_hash_lines(text, "proof path");
  if (!path) {
    return path.error();
  }
  proof.path = std::move(*path);
  if (text.empty()) {
    return Error{Errc::kInvalid, "proof: the checkpoint is missing", ""};
  }
  proof.checkpoint = std::string(text);
  return proof;
}

Result<AcceptedCheckpoint> verify_tlog_proof(const TlogProof& proof, const Digest& leaf,
                                             const Policy& policy,
                                             std::span<const PublicKey> not_counted) {
  auto accepted = accept_checkpoint(proof.checkpoint, policy, not_counted);
  if (!accepted) {
    return accepted.error().during("proof");
  }
  const Checkpoint& checkpoint = accepted->checkpoint;
  if (proof.index >= checkpoint.size) {
    return Error{Errc::kUnverified,
                 "proof index " + std::to_string(proof.index) + ": the checkpoint covers " +
                     std::to_string(checkpoint.size) + " entries only",
                 ""};
  }
  if (!verify_inclusion(proof.index, checkpoint.size, leaf, proof.path, checkpoint.root)) {
    return Error{Errc::kUnverified,
                 "proof path: does not lead from this entry at index " +
                     std::to_string(proof.index) + " to the root of the checkpoint",
                 "the entry was changed, or the proof belongs to another one"};
  }
  return accepted;
}

}  // namespace hefu
