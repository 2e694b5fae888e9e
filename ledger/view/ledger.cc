#include "ledger/view/ledger.h"

#include <map>
#include <optional>

#include "ledger/cut/anchor.h"
#include "ledger/cut/cut.h"

namespace hefu {

namespace {

constexpr std::string_view kCertificationType = "key-certification";

std::string place(const std::string& origin, std::uint64_t index) {
  return "log " + origin + " entry " + std::to_string(index);
}

struct Decoded {
  Envelope envelope;
  Event event;
  std::uint64_t index = 0;
};

using CertifiedKeys = std::map<KeyId, Charter::Signer>;

/// Keys that the member's root key certified in this log. Read before anything else, because an
/// event may be signed by a key certified in an entry the reader meets later.
CertifiedKeys certified_keys(const Member& member, const std::vector<Decoded>& entries) {
  CertifiedKeys keys;
  const auto root = member.key(KeyRole::kRoot);
  for (const Decoded& entry : entries) {
    if (entry.event.type != kCertificationType || !root ||
        entry.envelope.signer != key_id(*root)) {
      continue;
    }
    const Value* key = entry.event.field("key");
    const Value* role = entry.event.field("role");
    const auto* bytes = key == nullptr ? nullptr : std::get_if<Bytes>(&key->is);
    if (bytes == nullptr || role == nullptr || role->text() == nullptr) {
      continue;
    }
    const auto public_key = PublicKey::from_bytes(*bytes);
    const auto known_role = key_role(*role->text());
    if (public_key && known_role && is_acceptable(*public_key)) {
      keys[key_id(*public_key)] = Charter::Signer{&member, *known_role, *public_key};
    }
  }
  return keys;
}

Result<std::vector<Decoded>> decode_entries(const LogContents& log) {
  std::vector<Decoded> entries;
  entries.reserve(log.entries.size());
  for (const LogContents::Entry& entry : log.entries) {
    if (entry.index >= log.size) {
      return Error{Errc::kInvalid,
                   place(log.origin, entry.index) + " lies beyond the log's size " +
                       std::to_string(log.size),
                   ""};
    }
    auto envelope = decode_envelope(entry.envelope);
    if (!envelope) {
      return envelope.error().during(place(log.origin, entry.index));
    }
    auto event = decode_event(envelope->event);
    if (!event) {
      return event.error().during(place(log.origin, entry.index));
    }
    entries.push_back(Decoded{std::move(*envelope), std::move(*event), entry.index});
  }
  return entries;
}

/// The heads that a quorum dated, from the anchors of one log.
Result<std::vector<WitnessedHead>> witnessed_heads(const Charter& charter, const Member& member,
                                                   const std::vector<Decoded>& entries) {
  const auto log_key = member.key(KeyRole::kLog);
  HEFU_ASSERT(log_key.has_value());
  const VerifierKey verifier_key = VerifierKey::make(member.origin, kNoteEd25519, *log_key);
  const std::vector<VerifierKey> witnesses = witnesses_for(charter, member);
  std::vector<WitnessedHead> heads;
  for (const Decoded& entry : entries) {
    if (entry.event.type != kAnchorType || entry.envelope.signer != key_id(*log_key)) {
      continue;
    }
    auto anchor = read_anchor(entry.event, verifier_key, witnesses, charter.quorum);
    if (!anchor) {
      return anchor.error().during(place(member.origin, entry.index));
    }
    if (anchor->time && anchor->checkpoint.size <= entry.index) {
      heads.push_back(WitnessedHead{member.origin, anchor->checkpoint.size, *anchor->time});
    }
  }
  return heads;
}

/// The time of the first head that covers the index.
std::optional<Moment> recorded_by(const std::vector<WitnessedHead>& heads, std::uint64_t index) {
  for (const WitnessedHead& head : heads) {
    if (head.size > index) {
      return head.time;
    }
  }
  return std::nullopt;
}

Result<void> read_log(const Charter& charter, const LogContents& log, EnvelopeVerifier* verifier,
                      Ledger* ledger) {
  const Member* member = charter.by_origin(log.origin);
  if (member == nullptr) {
    return Error{Errc::kUnverified, "log " + log.origin + " belongs to no member of the charter", ""};
  }
  auto entries = decode_entries(log);
  if (!entries) {
    return entries.error();
  }
  const CertifiedKeys certified = certified_keys(*member, *entries);
  auto heads = witnessed_heads(charter, *member, *entries);
  if (!heads) {
    return heads.error();
  }
  for (Decoded& entry : *entries) {
    auto signer = charter.signer(entry.envelope.signer);
    if (const auto found = certified.find(entry.envelope.signer); !signer && found != certified.end()) {
      signer = found->second;
    }
    if (!signer || signer->member->id != member->id) {
      return Error{Errc::kUnverified,
                   place(log.origin, entry.index) + " (" + entry.event.type +
                       "): signed by a key that is not one of " + member->name_zh + " (" +
                       member->id + ")",
                   "an event in a member's log must be signed by that member"};
    }
    if (verifier != nullptr && !verifier->verify(entry.envelope, signer->key)) {
      return Error{Errc::kUnverified,
                   place(log.origin, entry.index) + " (" + entry.event.type +
                       "): the signature of " + member->name_zh + " (" + member->id +
                       ") does not hold",
                   "the event was altered or forged after signing"};
    }
    LoggedEvent logged;
    logged.id = entry.envelope.id();
    logged.origin = log.origin;
    logged.index = entry.index;
    logged.member = member->id;
    logged.role = signer->role;
    logged.event = std::move(entry.event);
    logged.recorded_by = recorded_by(*heads, entry.index);
    ledger->events.push_back(std::move(logged));
  }
  ledger->heads.insert(ledger->heads.end(), heads->begin(), heads->end());
  return {};
}

}  // namespace

Result<Ledger> read_ledger(const Charter& charter, std::span<const LogContents> logs,
                           EnvelopeVerifier* verifier) {
  std::map<std::string, const LogContents*> sorted;
  for (const LogContents& log : logs) {
    if (!sorted.emplace(log.origin, &log).second) {
      return Error{Errc::kInvalid, "log " + log.origin + " is given twice", ""};
    }
  }
  Ledger ledger;
  for (const auto& [origin, log] : sorted) {
    if (auto ok = read_log(charter, *log, verifier, &ledger); !ok) {
      return ok.error();
    }
  }
  return ledger;
}

}  // namespace hefu
