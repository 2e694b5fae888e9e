#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
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
  Result<void> take(const std::string& member, const RecalledAnswer& answer);

  /// The entries [begin, end) as others held them, without a proof, each place by the latest start;
  /// then the same without what any one member gave back, as far as that differs: one that lies
  /// hides nothing of what the honest ones held between them. They may have been signed for, and
  /// the checkpoint seen by a witness alone.
  [[nodiscard]] std::vector<Package> packages(std::uint64_t begin, std::uint64_t end) const;

  /// Chooses the entries that continue the log. Those that are already in it, and what follows one
  /// that is not valid, are left out. What this disk held is never left out: where another entry
  /// takes its place, it follows behind. Says how many were not on this disk. Errors: kIo,
  /// kCorrupt.
  Result<std::uint64_t> prepare(const Store& store, LogNumber log, const Member& owner,
                                EnvelopeChecker& checker);
  /// Makes the staged entries of the store the ones that `prepare` has chosen, and says what they
  /// are, checked. Errors: kIo, kCorrupt.
  Result<std::vector<CheckedEvent>> settle(Store& store, LogNumber log);
  /// The highest number of a start of this writer that anybody, or this disk, knows.
  [[nodiscard]] std::uint64_t boot() const { return boot_; }
  /// The number of the last start on this disk.
  void known_boot(std::uint64_t boot);

 private:
  struct Chosen {
    std::vector<BytesView> envelopes;  // into entries_ and own_
    std::vector<CheckedEvent> events;
    std::vector<BytesView> certificates;  // those that certify keys
    std::set<EventId> seen;
  };
  /// An entry at one place, and the members that held it there, each with the start of the writer
  /// it says it has it from.
  struct Candidate {
    Bytes envelope;
    std::map<std::string, std::uint64_t> boots;
    /// The latest, but for what one member says; none if nobody else held it.
    [[nodiscard]] std::optional<std::uint64_t> boot(const std::string& without = "") const;
  };
  void add(std::uint64_t index, Bytes envelope, const std::string& member, std::uint64_t boot);
  [[nodiscard]] std::optional<Package> package(std::uint64_t begin, std::uint64_t end,
                                               const std::string& without) const;
  Result<void> add_own(const Store& store, LogNumber log, const Member& owner);
  Result<std::optional<CheckedEvent>> fresh(BytesView envelope, const Store& store, LogNumber log,
                                            const Member& owner, EnvelopeChecker& checker,
                                            Chosen& chosen) const;
  Result<Chosen> choose(const Store& store, LogNumber log, const Member& owner,
                        EnvelopeChecker& checker);

  /// Different entries that were found for each place.
  std::map<std::uint64_t, std::vector<Candidate>> entries_;
  std::vector<Bytes> own_;  // staged on this disk, in order
  Chosen chosen_;           // by prepare
  std::uint64_t boot_ = 0;
  std::uint64_t own_boot_ = 0;
};

}  // namespace hefu
