#include "ledger/witness/witness.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "ledger/log/cosignature.h"
#include "ledger/merkle/proof.h"

namespace hefu {

namespace {

constexpr std::string_view kTextContentType = "text/plain; charset=utf-8";

/// A refusal; what the peer is told is fixed by the verdict.
WitnessDecision refuse(WitnessVerdict verdict, std::string reason) {
  WitnessDecision decision;
  decision.verdict = verdict;
  decision.status = status(verdict);
  decision.content_type = kTextContentType;
  decision.body = std::string(name(verdict)) + "\n";
  decision.reason = std::move(reason);
  return decision;
}

/// The note reduced to the lines of the keys that verified: nobody else can make our store grow.
Note with_lines_of(const Note& note, const std::vector<VerifierKey>& keys) {
  Note reduced{note.text, {}};
  for (const VerifierKey& key : keys) {
    const auto line = std::find_if(
        note.signatures.begin(), note.signatures.end(), [&](const NoteSignature& signature) {
          return signature.name == key.name && signature.key_id == key.id;
        });
    reduced.signatures.push_back(*line);
  }
  return reduced;
}

/// The checks that compare a log-signed checkpoint with the past; what may be cosigned has none to
/// fail and gives nothing.
std::optional<WitnessDecision> refuse_by_history(const AddCheckpoint& request,
                                                 const std::optional<SignedCheckpoint>& latest) {
  const Checkpoint& checkpoint = request.submitted.checkpoint;
  const std::uint64_t known_size = latest ? latest->checkpoint.size : 0;
  const std::string sizes = "old " + std::to_string(request.old_size) + ", submitted " +
                            std::to_string(checkpoint.size) + ", latest " +
                            std::to_string(known_size);
  if (request.old_size > checkpoint.size) {
    return refuse(WitnessVerdict::kOldSizeTooLarge, sizes);
  }
  if (request.old_size != known_size) {
    WitnessDecision decision = refuse(WitnessVerdict::kStale, sizes);
    decision.content_type = kSizeContentType;
    decision.body = std::to_string(known_size) + "\n";
    return decision;
  }
  if (checkpoint.size == 0 && checkpoint.root != empty_root()) {
    return refuse(WitnessVerdict::kWrongEmptyRoot, sizes);
  }
  if (request.old_size == 0) {
    // Every tree continues the empty one: there is nothing to prove.
    return request.proof.empty()
               ? std::nullopt
               : std::optional(refuse(WitnessVerdict::kNotConsistent, sizes + ", needless proof"));
  }
  if (checkpoint.size == known_size && checkpoint.root != latest->checkpoint.root) {
    return refuse(WitnessVerdict::kFork, sizes);
  }
  if (!verify_consistency(request.old_size, checkpoint.size, latest->checkpoint.root,
                          checkpoint.root, request.proof)) {
    return refuse(WitnessVerdict::kNotConsistent, sizes);
  }
  return std::nullopt;
}

/// Adds to a refusal what the log's own signature makes of it.
void keep_evidence(const Checkpoint& checkpoint, const Note& signed_by_log,
                   const std::optional<SignedCheckpoint>& latest, WitnessDecision* decision) {
  if (latest && latest->checkpoint == checkpoint) {
    return;
  }
  decision->evidence = format_note(signed_by_log.text, signed_by_log.signatures);
  if (latest && checkpoint.size > 0 && latest->checkpoint.size == checkpoint.size) {
    decision->fork = ForkProof{latest->checkpoint.root,
                               {},
                               *decision->evidence,
                               format_note(latest->note.text, latest->note.signatures)};
  }
}

}  // namespace

const char* name(WitnessVerdict verdict) {
  switch (verdict) {
    case WitnessVerdict::kCosigned:
      return "cosigned";
    case WitnessVerdict::kMalformed:
      return "malformed request";
    case WitnessVerdict::kOldSizeTooLarge:
      return "old size beyond checkpoint";
    case WitnessVerdict::kUnverified:
      return "not signed by a trusted key";
    case WitnessVerdict::kUnknownOrigin:
      return "unknown origin";
    case WitnessVerdict::kOwnLog:
      return "own log";
    case WitnessVerdict::kStale:
      return "stale old size";
    case WitnessVerdict::kWrongEmptyRoot:
      return "wrong root of the empty tree";
    case WitnessVerdict::kNotConsistent:
      return "not consistent";
    case WitnessVerdict::kFork:
      return "fork";
  }
  return "malformed request";
}

int status(WitnessVerdict verdict) {
  switch (verdict) {
    case WitnessVerdict::kCosigned:
      return 200;
    case WitnessVerdict::kMalformed:
    case WitnessVerdict::kOldSizeTooLarge:
      return 400;
    case WitnessVerdict::kUnverified:
      return 403;
    case WitnessVerdict::kUnknownOrigin:
    case WitnessVerdict::kOwnLog:
      return 404;
    case WitnessVerdict::kStale:
      return 409;
    case WitnessVerdict::kWrongEmptyRoot:
    case WitnessVerdict::kNotConsistent:
    case WitnessVerdict::kFork:
      return 422;
  }
  return 500;
}

WitnessDecision refuse_malformed(const Error& error) {
  return refuse(WitnessVerdict::kMalformed, error.message);
}

WitnessDecision decide(const AddCheckpoint& request, const WitnessedLog* log,
                       const std::string& witness_name, const SecretKey& witness_key,
                       std::uint64_t unix_seconds) {
  const Checkpoint& checkpoint = request.submitted.checkpoint;
  if (log == nullptr) {
    return refuse(WitnessVerdict::kUnknownOrigin, "no key of " + checkpoint.origin + " is known");
  }
  HEFU_ASSERT(!log->latest || log->latest->checkpoint.origin == checkpoint.origin);
  const bool is_own =
      log->own || std::any_of(log->keys.begin(), log->keys.end(), [&](const VerifierKey& key) {
        return key.key == witness_key.public_key();
      });
  if (is_own) {
    return refuse(WitnessVerdict::kOwnLog, checkpoint.origin + " is this member's own log");
  }
  std::vector<VerifierKey> keys;
  std::copy_if(log->keys.begin(), log->keys.end(), std::back_inserter(keys),
               [&](const VerifierKey& key) { return key.name == checkpoint.origin; });
  const auto verified = verify_note(request.submitted.note, keys);
  if (!verified) {
    return refuse(WitnessVerdict::kUnverified, verified.error().message);
  }
  Note note = with_lines_of(request.submitted.note, *verified);

  if (auto refusal = refuse_by_history(request, log->latest)) {
    keep_evidence(checkpoint, note, log->latest, &*refusal);
    return *std::move(refusal);
  }

  const NoteSignature cosignature = cosign(note.text, witness_name, witness_key, unix_seconds);
  const std::array<NoteSignature, 1> added{cosignature};
  WitnessDecision decision;
  decision.verdict = WitnessVerdict::kCosigned;
  decision.status = status(decision.verdict);
  decision.content_type = kTextContentType;
  decision.body = cosignature.line();
  decision.reason = "size " + std::to_string(checkpoint.size);
  decision.accepted =
      WitnessedState{log->latest ? log->latest->checkpoint.size : 0, add_signatures(note, added)};
  return decision;
}

}  // namespace hefu
