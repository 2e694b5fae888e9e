#include "ledger/log/drop_proof.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "crypto/encoding.h"
#include "ledger/log/lines.h"
#include "ledger/merkle/compact_range.h"

namespace hefu {

namespace {

constexpr std::string_view kHeader = "hefu/drop-proof/v1";
constexpr std::string_view kAnyVersion = "hefu/drop-proof/";
constexpr std::string_view kEmptyLine = "\n\n";

/// Takes the promise note and the empty line after it off `text`: the first empty line ends the
/// note's text, the second its signatures.
std::optional<std::string> take_note(std::string_view& text) {
  const std::size_t text_end = text.find(kEmptyLine);
  const std::size_t note_end = text_end == std::string_view::npos
                                   ? std::string_view::npos
                                   : text.find(kEmptyLine, text_end + kEmptyLine.size());
  if (note_end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string note(text.substr(0, note_end + 1));
  text.remove_prefix(note_end + kEmptyLine.size());
  return note;
}

Result<std::vector<Digest>> take_leaves(std::string_view& text) {
  std::vector<Digest> leaves;
  for (;;) {
    const auto line = take_line(text);
    if (!line) {
      return Error{Errc::kInvalid, "drop proof: the empty line after the leaves is missing", ""};
    }
    if (line->empty()) {
      return leaves;
    }
    const auto leaf = parse_hash_line(*line);
    if (!leaf || leaves.size() == kDropProofLeavesMax) {
      return Error{leaf ? Errc::kTooLarge : Errc::kInvalid,
                   "drop proof: leaf " + std::to_string(leaves.size()) +
                       (leaf ? " is one too many" : " is not base64 of 32 bytes"),
                   ""};
    }
    leaves.push_back(*leaf);
  }
}

Error shows_nothing(const std::string& why) {
  return Error{Errc::kUnverified, "drop proof: " + why, ""};
}

/// That the lists are the tree of the checkpoint from the promised index on, without the leaf.
Result<void> check_tree(const DropProof& proof, const Promise& promise,
                        const Checkpoint& checkpoint) {
  if (checkpoint.size <= promise.from) {
    return proof.before.empty() && proof.leaves.empty()
               ? Result<void>()
               : shows_nothing("lists leaves, but the tree ends before the promised index");
  }
  if (proof.leaves.size() != checkpoint.size - promise.from) {
    return shows_nothing("does not list every leaf from the promised index on");
  }
  auto tree = CompactRange::from_hashes(promise.from, proof.before);
  if (!tree) {
    return shows_nothing(tree.error().message);
  }
  for (const Digest& leaf : proof.leaves) {
    tree->append(leaf);
  }
  if (tree->root() != checkpoint.root) {
    return shows_nothing("the leaves are not those of the checkpoint");
  }
  const auto found = std::find(proof.leaves.begin(), proof.leaves.end(), promise.leaf);
  if (found != proof.leaves.end()) {
    return shows_nothing(
        "the log has the event, at index " +
        std::to_string(promise.from + static_cast<std::uint64_t>(found - proof.leaves.begin())));
  }
  return {};
}

}  // namespace

std::string DropProof::text() const {
  return std::string(kHeader) + "\n" + hash_lines(before) + "\n" + hash_lines(leaves) + "\n" +
         promise + "\n" + checkpoint;
}

Result<DropProof> parse_drop_proof(std::string_view text) {
  if (text.size() > kDropProofBytesMax) {
    return Error{Errc::kTooLarge,
                 "drop proof: more than " + std::to_string(kDropProofBytesMax) + " bytes", ""};
  }
  const auto header = take_line(text);
  if (header != kHeader) {
    const bool other = header && header->starts_with(kAnyVersion);
    return Error{other ? Errc::kUnsupported : Errc::kInvalid,
                 "drop proof: the first line is not " + std::string(kHeader), ""};
  }
  DropProof proof;
  auto before = take_hash_lines(text, "drop proof");
  if (!before) {
    return before.error();
  }
  proof.before = *std::move(before);
  auto leaves = take_leaves(text);
  if (!leaves) {
    return leaves.error();
  }
  proof.leaves = *std::move(leaves);
  auto promise = take_note(text);
  if (!promise || text.empty()) {
    return Error{Errc::kInvalid,
                 "drop proof: a promise and a checkpoint parted by an empty line are missing", ""};
  }
  proof.promise = *std::move(promise);
  proof.checkpoint = std::string(text);
  return proof;
}

Result<Promise> verify_drop_proof(const DropProof& proof, const VerifierKey& log_key,
                                  const Policy& policy, std::span<const PublicKey> not_counted) {
  auto promise = open_promise(proof.promise, log_key);
  if (!promise) {
    return promise.error().during("drop proof");
  }
  auto accepted = accept_checkpoint(proof.checkpoint, policy, not_counted);
  if (!accepted) {
    return accepted.error().during("drop proof");
  }
  if (accepted->checkpoint.origin != promise->origin) {
    return shows_nothing("the checkpoint is of log " + accepted->checkpoint.origin);
  }
  std::erase_if(accepted->cosignatures,
                [&](const Cosignature& one) { return one.time <= promise->by; });
  if (!policy.is_met(accepted->cosignatures, not_counted)) {
    return shows_nothing("no quorum has seen the checkpoint after the deadline");
  }
  if (auto ok = check_tree(proof, *promise, accepted->checkpoint); !ok) {
    return ok.error();
  }
  return promise;
}

Result<DropProof> make_drop_proof(const std::string& promise, const std::string& checkpoint,
                                  const VerifierKey& log_key, const Policy& policy,
                                  std::span<const PublicKey> not_counted, const NodeReader& tree) {
  const auto promised = open_promise(promise, log_key);
  if (!promised) {
    return promised.error();
  }
  const auto seen = parse_checkpoint(checkpoint);
  if (!seen) {
    return seen.error();
  }
  DropProof proof;
  proof.promise = promise;
  proof.checkpoint = checkpoint;
  const std::uint64_t size = seen->checkpoint.size;
  if (size > promised->from) {
    if (size - promised->from > kDropProofLeavesMax) {
      return Error{Errc::kTooLarge,
                   "the log has grown by " + std::to_string(size - promised->from) +
                       " entries since the promise, a drop proof holds " +
                       std::to_string(kDropProofLeavesMax),
                   "read the whole log: `hefu log verify` and compare its leaf hashes"};
    }
    proof.before = CompactRange::from_nodes(promised->from, tree).hashes();
    for (std::uint64_t index = promised->from; index < size; ++index) {
      proof.leaves.push_back(tree(0, index));
    }
  }
  if (auto holds = verify_drop_proof(proof, log_key, policy, not_counted); !holds) {
    return holds.error();
  }
  return proof;
}

}  // namespace hefu
