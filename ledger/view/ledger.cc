#include "ledger/view/ledger.h"

#include <algorithm>
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
std::vector<WitnessedHead> witnessed_heads(const Charter& charter, const Member& member,
                                           const std::vector<Decoded>& entries) {
  std::vector<WitnessedHead> heads;
  for (const Decoded& entry : entries) {
    if (!entry.event || entry.event->type != kAnchorType) {
      continue;
    }
    // One that does not hold dates nothing. It is a fault of that log, and no reason to keep back
    // everybody's figures.
    const auto anchor = open_anchor(charter, member, entry.envelope, *entry.event, entry.index);
    if (anchor && anchor->time) {
      heads.push_back(
          WitnessedHead{member.origin, anchor->checkpoint.size, *anchor->time, entry.index});
    }
  }
  return heads;
}

/// The heads that are larger than all before them: of these, the first that covers an index is
/// found by its size.
std::vector<WitnessedHead> rising(const std::vector<WitnessedHead>& heads) {
  std::vector<WitnessedHead> rising;
  for (const WitnessedHead& head : heads) {
    if (rising.empty() || rising.back().size < head.size) {
      rising.push_back(head);
    }
  }
  return rising;
}

/// The time of the first head that covers the index.
std::optional<Moment> recorded_by(const std::vector<WitnessedHead>& rising, std::uint64_t index) {
  const auto head = std::upper_bound(
      rising.begin(), rising.end(), index,
      [](std::uint64_t wanted, const WitnessedHead& at) { return wanted < at.size; });
  return head == rising.end() ? std::nullopt : std::optional(head->time);
}

Result<void> read_log(const Charter& charter, const LogContents& log, EnvelopeVerifier* verifier,
                      UnknownSigner unknown, Ledger* ledger) {
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
  const auto heads = witnessed_heads(charter, *member, *entries);
  const auto dating = rising(heads);
  for (Decoded& entry : *entries) {
    if (unknown == UnknownSigner::kLeaveOut && !signers.find(entry.envelope)) {
      continue;
    }
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
    logged.recorded_by = recorded_by(dating, entry.index);
    ledger->events.push_back(std::move(logged));
  }
  ledger->heads.insert(ledger->heads.end(), heads.begin(), heads.end());
  return {};
}

}  // namespace

Result<Ledger> read_ledger(const Charter& charter, std::span<const LogContents> logs,
                           EnvelopeVerifier* verifier, UnknownSigner unknown) {
  std::map<std::string, const LogContents*> sorted;
  for (const LogContents& log : logs) {
    if (!sorted.emplace(log.origin, &log).second) {
      return Error{Errc::kInvalid, "log " + log.origin + " is given twice", ""};
    }
  }
  Ledger ledger;
  for (const auto& [origin, log] : sorted) {
    if (auto ok = read_log(charter, *log, verifier, unknown, &ledger); !ok) {
      return ok.error();
    }
  }
  return ledger;
}

}  // namespace hefu
