#include "ledger/cut/cut.h"

#include "crypto/encoding.h"
#include "ledger/log/cosignature.h"

namespace hefu {

std::string Cut::text() const {
  std::string text = "hefu/cut/v1\n";
  for (const CutLog& log : logs) {
    text += log.checkpoint.origin + "\n" + std::to_string(log.checkpoint.size) + "\n" +
            base64_encode(log.checkpoint.root.bytes) + "\n";
  }
  for (const std::string& origin : missing) {
    text += "missing " + origin + "\n";
  }
  return text;
}

Digest Cut::id() const {
  return sha256(as_bytes(text()));
}

const CutLog* Cut::log(std::string_view origin) const {
  for (const CutLog& log : logs) {
    if (log.checkpoint.origin == origin) {
      return &log;
    }
  }
  return nullptr;
}

std::vector<VerifierKey> witnesses_for(const Charter& charter, const Member& owner) {
  std::vector<VerifierKey> keys;
  for (const Member& member : charter.members) {
    const auto key = member.key(KeyRole::kWitness);
    if (member.id != owner.id && key) {
      keys.push_back(VerifierKey::make(member.witness_name(), kNoteCosignature, *key));
    }
  }
  return keys;
}

Result<SignedCheckpoint> open_cosigned(const Charter& charter, const Member& owner,
                                       std::string_view note) {
  const auto log_key = owner.key(KeyRole::kLog);
  HEFU_ASSERT(log_key.has_value());
  auto opened = open_checkpoint(note, VerifierKey::make(owner.origin, kNoteEd25519, *log_key));
  if (!opened) {
    return opened.error().during("checkpoint of " + owner.origin);
  }
  const std::vector<VerifierKey> witnesses = witnesses_for(charter, owner);
  auto cosignatures = verify_cosignatures(opened->note, witnesses);
  if (!cosignatures) {
    return cosignatures.error().during("checkpoint of " + owner.origin);
  }
  if (cosignatures->size() < charter.quorum) {
    return Error{
        Errc::kUnverified,
        "checkpoint of " + owner.origin + " carries " + std::to_string(cosignatures->size()) +
            " independent cosignatures, the charter asks for " + std::to_string(charter.quorum),
        "wait until enough members have witnessed this log"};
  }
  return opened;
}

Result<Anchor> open_anchor(const Charter& charter, const Member& owner, const Envelope& envelope,
                           const Event& event, std::uint64_t index) {
  const auto log_key = owner.key(KeyRole::kLog);
  HEFU_ASSERT(log_key.has_value());
  const std::string what = "entry " + std::to_string(index) + " of " + owner.origin;
  if (event.type != kAnchorType) {
    return Error{Errc::kUnverified, what + " is not an anchor", ""};
  }
  if (envelope.signer != key_id(*log_key)) {
    return Error{Errc::kUnverified, what + " is called an anchor, but the log key did not sign it",
                 "anchors are written by the node itself"};
  }
  auto anchor = read_anchor(event, VerifierKey::make(owner.origin, kNoteEd25519, *log_key),
                            witnesses_for(charter, owner), charter.quorum);
  if (anchor && anchor->checkpoint.size > index) {
    return Error{Errc::kUnverified, what + " is an anchor of what comes after it", ""};
  }
  return anchor;
}

}  // namespace hefu
