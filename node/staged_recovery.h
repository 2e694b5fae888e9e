#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "crypto/entropy.h"
#include "crypto/result.h"
#include "node/checked_event.h"
#include "node/envelope_checker.h"
#include "node/peer_messages.h"
#include "node/store.h"

namespace hefu {

/// The number of the next start of a log's writer, above every one known. Its low bits are random,
/// so that two copies of one disk started at once do not have the same number: whoever has the
/// lower one is refused by the others and stops.
std::uint64_t next_boot(std::uint64_t highest_known, Entropy& entropy);

/// Puts together, at start, what was staged and not yet signed for: from this disk and from what
/// the other members held. At each place the entry of the latest start of the writer wins; whatever
/// was acknowledged as replicated is among them once enough others have been heard. Source: design
/// study, log practice, "Recovery after disk loss", step 4.
class StagedRecovery {
 public:
  /// Entries a member held, consecutive from `begin`.
  Result<void> take(const RecalledAnswer& answer);

  /// Makes the staged entries of the store the ones found, and says what they are, checked. Entries
  /// that are already in the log, and what follows one that is not valid, are left out. Errors:
  /// kIo, kCorrupt.
  Result<std::vector<CheckedEvent>> settle(Store& store, LogNumber log, const Member& owner,
                                           EnvelopeChecker& checker);
  /// The highest number of a start of this writer that anybody, or this disk, knows.
  [[nodiscard]] std::uint64_t boot() const { return boot_; }
  /// The number of the last start on this disk.
  void known_boot(std::uint64_t boot);

 private:
  std::map<std::uint64_t, StagedEntry> entries_;  // by index
  std::uint64_t boot_ = 0;
  std::uint64_t own_boot_ = 0;
};

}  // namespace hefu
