#include "tools/ledger_copy.h"

#include <algorithm>
#include <utility>

#include "ledger/cut/cut.h"
#include "ledger/event/envelope.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/tree.h"
#include "tools/whole_log.h"

namespace hefu {

Result<LedgerCopy> LedgerCopy::download(HttpClient& node, const Charter& founding) {
  const auto charter = verified_charter(node, founding);
  if (!charter) {
    return charter.error();
  }
  LedgerCopy copy;
  copy.founding_ = founding;
  for (const Member* owner : charter->log_owners()) {
    const auto note = node.get("/log/" + owner->log_name() + "/checkpoint");
    if (!note && note.error().code == Errc::kNotFound) {
      copy.missing_.push_back(owner->origin);
      continue;
    }
    const auto head = note ? open_cosigned(*charter, *owner, as_text(*note))
                           : Result<SignedCheckpoint>(note.error());
    if (!head) {
      return head.error().during("log " + owner->origin);
    }
    Log& log = copy.logs_.emplace_back();
    log.origin = owner->origin;
    log.note = std::string(as_text(*note));
    log.size = head->checkpoint.size;
    const auto read =
        download_log(node, *owner, log.size, [&](std::uint64_t, BytesView entry) -> Result<void> {
          log.tree.append(leaf_hash(entry));
          log.entries.push_back(to_bytes(entry));
          return {};
        });
    if (!read) {
      return read.error().during("log " + owner->origin);
    }
    if (log.tree.root() != head->checkpoint.root) {
      return Error{Errc::kUnverified,
                   "log " + owner->origin + ": its entries do not lead to its checkpoint",
                   "ask another member's node"};
    }
  }
  std::sort(copy.missing_.begin(), copy.missing_.end());
  return copy;
}

const LedgerCopy::Log* LedgerCopy::log(const std::string& origin) const {
  const auto at = std::find_if(logs_.begin(), logs_.end(),
                               [&](const Log& one) { return one.origin == origin; });
  return at == logs_.end() ? nullptr : &*at;
}

Result<LedgerState> LedgerCopy::build(const Cut& cut) const {
  std::vector<LogContents> contents;
  for (const CutLog& place : cut.logs) {
    const Log* held = log(place.checkpoint.origin);
    LogContents& one = contents.emplace_back(LogContents{held->origin, place.checkpoint.size, {}});
    for (std::uint64_t index = 0; index < one.size; ++index) {
      one.entries.push_back({index, held->entries[index]});
    }
  }
  EnvelopeVerifier signatures;
  return build_state(founding_, cut, contents, &signatures);
}

Result<LedgerState> LedgerCopy::state() const {
  Cut cut;
  for (const Log& held : logs_) {
    cut.logs.push_back({{held.origin, held.size, held.tree.root()}, held.note});
  }
  std::sort(cut.logs.begin(), cut.logs.end(), [](const CutLog& a, const CutLog& b) {
    return a.checkpoint.origin < b.checkpoint.origin;
  });
  cut.missing = missing_;
  return build(cut);
}

Result<LedgerState> LedgerCopy::state_at(const ViewAttestation& attestation) const {
  Cut cut;
  for (const AttestedHead& head : attestation.heads) {
    const Log* held = log(head.origin);
    if (held == nullptr || held->size < head.size) {
      return Error{Errc::kNotFound,
                   "log " + head.origin + " is not here up to entry " + std::to_string(head.size) +
                       ", to which the attested cut reaches",
                   "ask a node that holds it"};
    }
    cut.logs.push_back({{held->origin, head.size, held->tree.root(head.size)}, held->note});
  }
  cut.missing = attestation.missing;
  if (attestation.heads.empty()) {
    return Error{Errc::kNotFound, "the attestation does not tell what its cut is made of",
                 "use a bundle of that cut: --bundle FILE"};
  }
  if (cut.id() != attestation.cut) {
    return Error{Errc::kUnverified,
                 "the logs do not lead to the cut that was attested, " + attestation.cut.hex(),
                 "whoever attested it saw other logs: see `hefu fork list`"};
  }
  return build(cut);
}

Result<LoggedStatement> LedgerCopy::statement(const EventId& id) const {
  for (const Log& held : logs_) {
    for (std::uint64_t index = 0; index < held.size; ++index) {
      const auto envelope = decode_envelope(held.entries[index]);
      if (envelope && envelope->id() == id) {
        const TlogProof proof{std::nullopt, index, held.tree.prove_inclusion(index, held.size),
                              held.note};
        return LoggedStatement{held.entries[index], proof.text()};
      }
    }
  }
  return Error{Errc::kNotFound, "no log holds event " + id.hex(), ""};
}

}  // namespace hefu
