#include "ledger/view/ledger.h"

#include <algorithm>
#include <map>
#include <optional>

#include "ledger/cut/anchor.h"
#include "ledger/cut/cut.h"
#include "ledger/cut/head_observation.h"
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

/// A dated head observation tells how far another log reached. One that does not hold tells
/// nothing.
void add_observation(const Charter& charter, const Member& observer, const Envelope& envelope,
                     const LoggedEvent& logged, Ledger* ledger) {
  if (logged.event.type != kHeadObservationType || !logged.recorded_by) {
    return;
  }
  if (auto head = open_head_observation(charter, observer, envelope, logged.event)) {
    const std::uint64_t before = charter.by_origin(head->origin)->entries_before();
    ledger->observed.push_back(ObservedHead{std::move(head->origin), head->size, head->time,
                                            head->witnesses_since, observer.id, logged.id,
                                            *logged.recorded_by, before});
  }
}

/// One log of a member, as far as it counts.
struct DecodedLog {
  const Member* owner = nullptr;
  bool complete = false;  // up to its end, if it has ended
  std::vector<Decoded> entries;
};

Result<DecodedLog> decode_log(const Charter& charter, const LogContents& log) {
  DecodedLog decoded;
  decoded.owner = charter.by_origin(log.origin);
  if (decoded.owner == nullptr) {
    return Error{Errc::kUnverified, "log " + log.origin + " belongs to no member of the charter",
                 ""};
  }
  auto entries = decode_entries(log);
  if (!entries) {
    return entries.error();
  }
  decoded.entries = *std::move(entries);
  if (const auto& end = decoded.owner->end) {
    // Beyond its end nothing of a log counts, whoever holds it and whatever it says.
    std::erase_if(decoded.entries, [&](const Decoded& entry) { return entry.index >= end->size; });
    decoded.complete = log.size >= end->size;
  }
  return decoded;
}

Result<void> read_log(const Charter& charter, DecodedLog& log, const LogSigners& signers,
                      EnvelopeVerifier* verifier, UnknownSigner unknown, Ledger* ledger) {
  const Member& member = *log.owner;
  const std::uint64_t before = member.entries_before();
  auto heads = witnessed_heads(charter, member, log.entries);
  if (log.complete) {
    heads.push_back(
        {member.origin, member.end->size, end_dated(charter, member), member.end->size});
  }
  const auto dating = rising(heads);
  for (Decoded& entry : log.entries) {
    if (unknown == UnknownSigner::kLeaveOut && !signers.find(entry.envelope)) {
      continue;
    }
    auto signer = verifier == nullptr ? signers.find(entry.envelope)
                                      : signers.verify(entry.envelope, verifier);
    if (!signer) {
      return signer.error().during(place(member.origin, entry.index) + " (" +
                                   (entry.event ? entry.event->type : "uninterpreted") + ")");
    }
    if (!entry.event) {
      ++ledger->uninterpreted[member.origin];
      continue;
    }
    LoggedEvent logged;
    logged.id = entry.envelope.id();
    logged.origin = member.origin;
    logged.index = entry.index;
    logged.before = before;
    logged.member = member.id;
    logged.role = signer->role;
    logged.key = entry.envelope.signer;
    logged.event = *std::move(entry.event);
    logged.recorded_by = recorded_by(dating, entry.index);
    add_observation(charter, member, entry.envelope, logged, ledger);
    ledger->events.push_back(std::move(logged));
  }
  for (WitnessedHead& head : heads) {
    head.before = before;
    ledger->heads.push_back(std::move(head));
  }
  return {};
}

/// The logs of one member, its epochs in their order: keys certified in one sign in the others.
Result<void> read_line(const Charter& charter, std::span<const LogContents* const> logs,
                       EnvelopeVerifier* verifier, UnknownSigner unknown, Ledger* ledger) {
  std::vector<DecodedLog> line;
  for (const LogContents* log : logs) {
    auto decoded = decode_log(charter, *log);
    if (!decoded) {
      return decoded.error();
    }
    line.push_back(*std::move(decoded));
  }
  LogSigners signers(charter, *line.back().owner);
  for (const DecodedLog& log : line) {
    // An absence in an earlier epoch would else be proved by a head of a later one.
    for (const EndedLog& earlier : log.owner->ended_logs) {
      const bool here = std::any_of(line.begin(), line.end(), [&](const DecodedLog& other) {
        return other.owner->origin == earlier.origin && other.complete;
      });
      if (earlier.size > 0 && !here) {
        return Error{Errc::kInvalid,
                     "log " + log.owner->origin + " continues " + earlier.origin +
                         ", which is not here up to its end",
                     ""};
      }
    }
    // Certifications first: an event may be signed by a key certified in a later entry's slice.
    for (const Decoded& entry : log.entries) {
      if (entry.event) {
        signers.learn(entry.envelope.signer, *entry.event);
      }
    }
  }
  for (DecodedLog& log : line) {
    if (auto read = read_log(charter, log, signers, verifier, unknown, ledger); !read) {
      return read;
    }
  }
  return {};
}

}  // namespace

Result<Ledger> read_ledger(const Charter& charter, std::span<const LogContents> logs,
                           EnvelopeVerifier* verifier, UnknownSigner unknown) {
  using Epoch = std::pair<std::string_view, std::uint32_t>;
  std::map<Epoch, const LogContents*> sorted;
  for (const LogContents& log : logs) {
    if (!sorted.emplace(Epoch{line_of(log.origin), epoch_of(log.origin)}, &log).second) {
      return Error{Errc::kInvalid, "log " + log.origin + " is given twice", ""};
    }
  }
  Ledger ledger;
  for (auto at = sorted.begin(); at != sorted.end();) {
    std::vector<const LogContents*> line;
    const std::string_view name = at->first.first;
    for (; at != sorted.end() && at->first.first == name; ++at) {
      line.push_back(at->second);
    }
    if (auto ok = read_line(charter, line, verifier, unknown, &ledger); !ok) {
      return ok.error();
    }
  }
  return ledger;
}

}  // namespace hefu
