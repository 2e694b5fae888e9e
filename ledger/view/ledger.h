#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/envelope.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// One log as far as a reader holds it: every entry of [0, size) on a node, slices in a bundle.
struct LogContents {
  struct Entry {
    std::uint64_t index = 0;
    BytesView envelope;  ///< owned by whoever made this structure
  };
  std::string origin;
  std::uint64_t size = 0;
  std::vector<Entry> entries;  ///< rising by index
};

/// The events of a set of logs, ready to be folded.
struct Ledger {
  std::vector<LoggedEvent> events;     ///< by line and epoch of the log, then index
  std::vector<WitnessedHead> heads;    ///< from anchors and ends of logs, in the same order
  std::vector<ObservedHead> observed;  ///< from dated head observations, by the log they stand in
  /// Entries of a schema this version does not know, left out of `events`: by origin.
  std::map<std::string, std::uint64_t> uninterpreted;
};

/// Decodes the entries, finds who signed each, and dates them by the anchors in the logs.
///
/// With a `verifier`, every envelope's signature is checked (a reader who trusts nobody); without,
/// the entries were checked when they were stored. An event of a newer schema is counted and left
/// out: a member that upgraded first must not stop everybody's figures. Signers are keys the
/// charter names, or keys that a member's root key has certified by an event in its own log.
/// Of a log that has ended, what lies beyond its end is passed over. A log of a later epoch is read
/// only with all its member's earlier ones, up to their ends.
/// Errors: kInvalid, kUnverified, naming log and index.
///
/// `unknown`: what to do about an entry whose signer is none of the member's keys: refuse, or leave
/// it out, where the charter is not known in full yet.
enum class UnknownSigner : std::uint8_t { kRefuse, kLeaveOut };
Result<Ledger> read_ledger(const Charter& charter, std::span<const LogContents> logs,
                           EnvelopeVerifier* verifier,
                           UnknownSigner unknown = UnknownSigner::kRefuse);

}  // namespace hefu
