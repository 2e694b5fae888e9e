#include "ledger/log/fork_proof.h"

#include <optional>
#include <utility>

#include "crypto/encoding.h"
#include "ledger/log/lines.h"

namespace hefu {

namespace {

constexpr std::string_view kHeader = "tlog-fork-proof/v0";
constexpr std::string_view kHeaderAnyVersion = "tlog-fork-proof/";
constexpr std::string_view kPrefix = "prefix ";

/// Takes a checkpoint note and the empty line after it off `text`: the first empty line ends the
/// note's text, the second its signatures.
std::optional<std::string> take_note(std::string_view& text) {
  static constexpr std::string_view kEmptyLine = "\n\n";
  const std::size_t text_end = text.find(kEmptyLine);
  if (text_end == std::string_view::npos) {
    return std::nullopt;
  }
  const std::size_t note_end = text.find(kEmptyLine, text_end + kEmptyLine.size());
  if (note_end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string note(text.substr(0, note_end + 1));
  text.remove_prefix(note_end + kEmptyLine.size());
  return note;
}

Error no_fork_shown(const std::string& why) {
  return Error{Errc::kUnverified, "fork proof: " + why, ""};
}

}  // namespace

std::string ForkProof::text() const {
  return std::string(kHeader) + "\n" + std::string(kPrefix) + base64_encode(prefix.view()) + "\n" +
         hash_lines(proof) + "\n" + first + "\n" + second;
}

Result<ForkProof> parse_fork_proof(std::string_view text) {
  if (text.size() > kForkProofBytesMax) {
    return Error{Errc::kTooLarge,
                 "fork proof: more than " + std::to_string(kForkProofBytesMax) + " bytes", ""};
  }
  const auto header = take_line(text);
  if (header != kHeader) {
    const bool other_version = header && header->starts_with(kHeaderAnyVersion);
    return Error{other_version ? Errc::kUnsupported : Errc::kInvalid,
                 "fork proof: the first line is not " + std::string(kHeader), ""};
  }
  ForkProof fork;
  const auto prefix_line = take_line(text);
  const auto prefix = prefix_line && prefix_line->starts_with(kPrefix)
                          ? parse_hash_line(prefix_line->substr(kPrefix.size()))
                          : std::nullopt;
  if (!prefix) {
    return Error{Errc::kInvalid, "fork proof prefix: not base64 of 32 bytes", ""};
  }
  fork.prefix = *prefix;
  auto proof = take_hash_lines(text, "fork proof hashes");
  if (!proof) {
    return proof.error();
  }
  fork.proof = std::move(*proof);
  auto first = take_note(text);
  if (!first || text.empty()) {
    return Error{Errc::kInvalid, "fork proof: two checkpoints parted by an empty line are missing",
                 ""};
  }
  fork.first = std::move(*first);
  fork.second = std::string(text);
  return fork;
}

Result<Fork> verify_fork_proof(const ForkProof& proof, std::span<const VerifierKey> log_keys) {
  auto first = open_checkpoint(proof.first, log_keys);
  if (!first) {
    return first.error().during("fork proof, first checkpoint");
  }
  auto second = open_checkpoint(proof.second, log_keys);
  if (!second) {
    return second.error().during("fork proof, second checkpoint");
  }
  const Checkpoint& a = first->checkpoint;
  const Checkpoint& b = second->checkpoint;
  if (a.origin != b.origin) {
    return no_fork_shown("the checkpoints are of two logs, " + a.origin + " and " + b.origin);
  }
  if (a.size == 0 || a.size > b.size) {
    return no_fork_shown("the first checkpoint must be of at least one entry and not the larger");
  }
  // For equal sizes the consistency proof is empty and ties the prefix to B's root itself.
  if (!verify_consistency(a.size, b.size, proof.prefix, b.root, proof.proof)) {
    return no_fork_shown("the hashes do not tie the prefix to the second checkpoint");
  }
  if (proof.prefix == a.root) {
    return no_fork_shown("the second checkpoint continues the first");
  }
  return Fork{std::move(first->checkpoint), std::move(second->checkpoint)};
}

Result<ForkProof> make_fork_proof(const std::string& one, const std::string& other,
                                  std::span<const VerifierKey> log_keys,
                                  const NodeReader& larger_tree) {
  auto first = open_checkpoint(one, log_keys);
  if (!first) {
    return first.error();
  }
  auto second = open_checkpoint(other, log_keys);
  if (!second) {
    return second.error();
  }
  if (first->checkpoint.origin != second->checkpoint.origin) {
    return Error{Errc::kInvalid, "fork proof: the checkpoints are of two logs", ""};
  }
  ForkProof fork;
  fork.first = one;
  fork.second = other;
  if (first->checkpoint.size > second->checkpoint.size) {
    std::swap(first, second);
    std::swap(fork.first, fork.second);
  }
  const Checkpoint& a = first->checkpoint;
  const Checkpoint& b = second->checkpoint;
  if (a.size == b.size) {
    fork.prefix = b.root;
  } else {
    if (subtree_root(0, b.size, larger_tree) != b.root) {
      return no_fork_shown("the tree given is not that of the larger checkpoint");
    }
    fork.prefix = subtree_root(0, a.size, larger_tree);
    fork.proof = prove_consistency(a.size, b.size, larger_tree);
  }
  if (a.size == 0 || fork.prefix == a.root) {
    return Error{Errc::kInvalid, "fork proof: the larger checkpoint continues the smaller",
                 "there is no fork between these two"};
  }
  return fork;
}

}  // namespace hefu
