#include "ledger/view/ledger.h"

#include <map>
#include <optional>

#include "ledger/cut/anchor.h"
#include "ledger/cut/cut.h"
#include "ledger/view/signers.h"

namespace hefu {

namespace {

std::string place(const std::string& origin, std::uint64_t index) {
  return "log " + origin + " entry " + std::to_string(index);
}

struct Decoded {
  Envelope envelope;
  std::optional<Event> event;  // none: of a schema this version does not know
  std::uint64_t index = 0;
};

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
    if (!event && event.error().code != Errc::kUnsupported) {
      return event.error().during(place(log.origin, entry.index));
    }
    entries.push_back(Decoded{std::move(*envelope),
                              event ? std::optional(std::move(*event)) : std::nullopt,
                              entry.index});
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
    if (!entry.event || entry.event->type != kAnchorType ||
        entry.envelope.signer != key_id(*log_key)) {
      continue;
    }
    auto anchor = read_anchor(*entry.event, verifier_key, witnesses, charter.quorum);
    if (!anchor) {
      return anchor.error().during(place(member.origin, entry.index));
    }
    if (anchor->time && anchor->checkpoint.size <= entry.index) {
      heads.push_back(
          WitnessedHead{member.origin, anchor->checkpoint.size, *anchor->time, entry.index});
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
    return Error{Errc::kUnverified, "log " + log.origin + " belongs to no member of the charter",
                 ""};
  }
  auto entries = decode_entries(log);
  if (!entries) {
    return entries.error();
  }
  // Certifications first: an event may be signed by a key certified in a later entry's slice.
  LogSigners signers(charter, *member);
  for (const Decoded& entry : *entries) {
    if (entry.event) {
      signers.learn(entry.envelope, *entry.event);
    }
  }
  auto heads = witnessed_heads(charter, *member, *entries);
  if (!heads) {
    return heads.error();
  }
  for (Decoded& entry : *entries) {
    auto signer = verifier == nullptr ? signers.find(entry.envelope)
                                      : signers.verify(entry.envelope, verifier);
    if (!signer) {
      return signer.error().during(place(log.origin, entry.index) + " (" +
                                   (entry.event ? entry.event->type : "uninterpreted") + ")");
    }
    if (!entry.event) {
      ++ledger->uninterpreted[log.origin];
      continue;
    }
    LoggedEvent logged;
    logged.id = entry.envelope.id();
    logged.origin = log.origin;
    logged.index = entry.index;
    logged.member = member->id;
    logged.role = signer->role;
    logged.key = entry.envelope.signer;
    logged.event = *std::move(entry.event);
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
