#include "ledger/view/statement.h"

#include <algorithm>

#include "ledger/cut/cut.h"
#include "ledger/event/uscc.h"
#include "ledger/log/cosignature.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/proof.h"

namespace hefu {

namespace {

Error fails(const std::string& what) {
  return Error{Errc::kUnverified, what, ""};
}

/// Lines of keys nobody here knows would be bytes that nobody vouches for.
bool knows_all_signers(const Charter& charter, const Member& owner, const Note& note) {
  const auto logs = log_keys_of(owner);
  const auto witnesses = witnesses_for(charter, owner);
  return std::all_of(note.signatures.begin(), note.signatures.end(), [&](const auto& line) {
    const auto by = [&](const VerifierKey& key) {
      return key.name == line.name && key.id == line.key_id;
    };
    return std::any_of(logs.begin(), logs.end(), by) ||
           std::any_of(witnesses.begin(), witnesses.end(), by);
  });
}

}  // namespace

Result<OpenedStatement> open_statement(const LoggedStatement& statement, const Charter& charter) {
  return open_statement(statement, charter, [&](const Member& owner, const Envelope& envelope) {
    const auto signer = charter.signer(envelope.signer);
    return signer && signer->member == &owner
               ? Result<Charter::Signer>(*signer)
               : Result<Charter::Signer>(
                     Error{Errc::kNotFound,
                           "the statement's key is none that this charter names for " + owner.id,
                           "take the charter in force, or a bundle that shows it"});
  });
}

Result<OpenedStatement> open_statement(const LoggedStatement& statement, const Charter& charter,
                                       const SignerOf& signer_of) {
  const auto proof = parse_tlog_proof(statement.proof);
  if (!proof) {
    return proof.error().during("the signed statement");
  }
  const auto claimed = parse_checkpoint(proof->checkpoint);
  if (!claimed) {
    return claimed.error().during("the signed statement");
  }
  OpenedStatement out;
  out.index = proof->index;
  out.member = charter.by_origin(claimed->checkpoint.origin);
  if (out.member == nullptr) {
    return Error{Errc::kNotFound,
                 "the log " + claimed->checkpoint.origin + " belongs to nobody of this charter",
                 ""};
  }
  const auto head = open_cosigned(charter, *out.member, proof->checkpoint);
  if (!head) {
    return head.error();
  }
  if (proof->extra || !knows_all_signers(charter, *out.member, head->note)) {
    return fails("the signed statement: its proof carries what no key of the charter vouches for");
  }
  if (!verify_inclusion(proof->index, head->checkpoint.size, leaf_hash(statement.envelope),
                        proof->path, head->checkpoint.root)) {
    return fails("the signed statement is not what its log holds there");
  }
  auto envelope = decode_envelope(statement.envelope);
  auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
  if (!event) {
    return event.error().during("the signed statement");
  }
  const auto signer = signer_of(*out.member, *envelope);
  if (!signer) {
    return signer.error();
  }
  EnvelopeVerifier signatures;
  if (!signatures.verify(*envelope, signer->key)) {
    return fails("the statement's signature does not hold");
  }
  if (institution_of(event->issuer) != out.member->id) {
    return fails("the statement is made in the name of " + event->issuer);
  }
  out.role = signer->role;
  if (const auto by = verify_cosignatures(head->note, witnesses_for(charter, *out.member))) {
    out.witnessed = witnessed_at(charter, *out.member, *by);
  }
  out.envelope = *std::move(envelope);
  out.event = *std::move(event);
  return out;
}

Result<AttestedBy> open_attestation(const LoggedStatement& statement, const Charter& charter) {
  auto opened = open_statement(statement, charter);
  auto attestation =
      opened ? read_view_attestation(opened->event) : Result<ViewAttestation>(opened.error());
  return attestation ? Result<AttestedBy>(AttestedBy{opened->member, *std::move(attestation)})
                     : Result<AttestedBy>(attestation.error());
}

}  // namespace hefu
