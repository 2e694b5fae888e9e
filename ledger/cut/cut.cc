#include "ledger/cut/cut.h"

#include <algorithm>
#include <limits>
#include <set>

#include "crypto/encoding.h"
#include "ledger/log/cosignature.h"

namespace hefu {

namespace {

constexpr std::int64_t kMomentSecondsMax = std::numeric_limits<std::int64_t>::max() / 1000;

}  // namespace

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
    if (member.id == owner.id) {
      continue;
    }
    for (const PublicKey& key : member.keys_ever(KeyRole::kWitness)) {
      keys.push_back(VerifierKey::make(member.witness_name(), kNoteCosignature, key));
    }
  }
  return keys;
}

std::vector<VerifierKey> log_keys_of(const Member& owner) {
  std::vector<VerifierKey> keys;
  for (const PublicKey& key : owner.log_keys()) {
    keys.push_back(VerifierKey::make(owner.origin, kNoteEd25519, key));
  }
  return keys;
}

Result<SignedCheckpoint> open_own(const Member& owner, std::string_view note) {
  const std::vector<VerifierKey> keys = log_keys_of(owner);
  HEFU_ASSERT(!keys.empty());
  auto opened = open_checkpoint(note, keys.front());
  for (std::size_t i = 1; i < keys.size() && !opened; ++i) {
    if (auto by_former = open_checkpoint(note, keys[i])) {
      opened = std::move(by_former);
    }
  }
  if (opened && owner.end) {
    const Checkpoint& shown = opened->checkpoint;
    if (shown.size > owner.end->size ||
        (shown.size == owner.end->size && shown.root != owner.end->root)) {
      return Error{Errc::kUnverified,
                   "log " + owner.origin + " ended at size " + std::to_string(owner.end->size) +
                       ": a checkpoint of size " + std::to_string(shown.size) +
                       " and another root counts for nothing",
                   "`hefu charter history` says why it ended; the member goes on in a new epoch"};
    }
  }
  return opened;
}

std::optional<Moment> witnessed_at(const Charter& charter, const Member& owner,
                                   std::span<const Cosignature> cosignatures) {
  struct Signed {
    Moment at;
    const Member* witness;
  };
  std::vector<Signed> counting;
  for (const Cosignature& cosignature : cosignatures) {
    if (cosignature.time > static_cast<std::uint64_t>(kMomentSecondsMax)) {
      continue;
    }
    const Moment at{static_cast<std::int64_t>(cosignature.time) * 1000};
    for (const Member& member : charter.members) {
      if (member.id != owner.id && member.witness_name() == cosignature.witness.name &&
          member.participation_at(at) == Participation::kActive &&
          member.holds(KeyRole::kWitness, cosignature.witness.key, at)) {
        counting.push_back({at, &member});
      }
    }
  }
  std::sort(counting.begin(), counting.end(),
            [](const Signed& a, const Signed& b) { return a.at < b.at; });
  std::set<const Member*> members;
  for (const Signed& one : counting) {
    members.insert(one.witness);
    const std::uint32_t quorum = charter.quorum_at(one.at);
    if (quorum > 0 && members.size() >= quorum) {
      return one.at;
    }
  }
  return std::nullopt;
}

Result<SignedCheckpoint> open_cosigned(const Charter& charter, const Member& owner,
                                       std::string_view note) {
  auto opened = open_own(owner, note);
  if (!opened) {
    return opened.error().during("checkpoint of " + owner.origin);
  }
  if (owner.end && opened->checkpoint.size == owner.end->size) {
    return opened;  // the members decided that it counts, and their decision was witnessed
  }
  const std::vector<VerifierKey> witnesses = witnesses_for(charter, owner);
  auto cosignatures = verify_cosignatures(opened->note, witnesses);
  if (!cosignatures) {
    return cosignatures.error().during("checkpoint of " + owner.origin);
  }
  if (charter.quorum > 0 && !witnessed_at(charter, owner, *cosignatures)) {
    return Error{
        Errc::kUnverified,
        "checkpoint of " + owner.origin + " carries " + std::to_string(cosignatures->size()) +
            " independent cosignatures, the charter asks for " + std::to_string(charter.quorum),
        "wait until enough members have witnessed this log"};
  }
  return opened;
}

Moment end_dated(const Charter& charter, const Member& past) {
  const EndedLog& end = *past.end;
  const auto opened =
      end.checkpoint.empty() ? Result<SignedCheckpoint>(Error{}) : open_own(past, end.checkpoint);
  const auto cosignatures = opened ? verify_cosignatures(opened->note, witnesses_for(charter, past))
                                   : Result<std::vector<Cosignature>>(Error{});
  const auto witnessed =
      cosignatures ? witnessed_at(charter, past, *cosignatures) : std::optional<Moment>();
  return witnessed ? std::min(*witnessed, end.ended) : end.ended;
}

Result<Anchor> open_anchor(const Charter& charter, const Member& owner, const Envelope& envelope,
                           const Event& event, std::uint64_t index) {
  const std::string what = "entry " + std::to_string(index) + " of " + owner.origin;
  if (event.type != kAnchorType) {
    return Error{Errc::kUnverified, what + " is not an anchor", ""};
  }
  const std::vector<PublicKey> log_keys = owner.log_keys();
  const bool by_the_node = std::any_of(log_keys.begin(), log_keys.end(), [&](const PublicKey& key) {
    return envelope.signer == key_id(key);
  });
  if (!by_the_node) {
    return Error{Errc::kUnverified, what + " is called an anchor, but the log key did not sign it",
                 "anchors are written by the node itself"};
  }
  // The checkpoint inside may be older than the key that signed the anchor.
  const std::vector<VerifierKey> witnesses = witnesses_for(charter, owner);
  const std::vector<VerifierKey> keys = log_keys_of(owner);
  auto anchor = read_anchor(event, keys.front(), witnesses, charter.quorum);
  for (std::size_t i = 1; i < keys.size() && !anchor; ++i) {
    if (auto by_former = read_anchor(event, keys[i], witnesses, charter.quorum)) {
      anchor = std::move(by_former);
    }
  }
  if (!anchor) {
    return anchor;
  }
  if (anchor->checkpoint.size > index) {
    return Error{Errc::kUnverified, what + " is an anchor of what comes after it", ""};
  }
  anchor->time = witnessed_at(charter, owner, anchor->cosignatures);
  return anchor;
}

}  // namespace hefu
