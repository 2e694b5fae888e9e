#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/log_heads.h"
#include "ledger/agreement/proposal.h"
#include "ledger/agreement/succession.h"

namespace hefu {

/// A signature that passed the rules a party's own log decides (R1, R2, the citations of R3, not
/// declined before). Whether it counts also depends on time (R5) and on the released versions (R3).
struct BindingSignature {
  EventId signature;
  EventId version;
  std::uint64_t position = 0;  ///< LoggedEvent::position
  std::optional<Moment> witnessed;
  std::vector<EventId> earlier;  ///< versions of the same base promised before
  std::size_t act = 0;           ///< its place in PartyLog::acts
};

/// A party's answer to one version that is no promise.
struct Declined {
  EventId act;
  std::uint64_t position = 0;  ///< LoggedEvent::position
  std::optional<Moment> witnessed;
};

/// What one party's log says about one agreement, up to where it is held. Everything here is a
/// function of a prefix of that log, so a longer prefix adds to it and changes nothing.
struct PartyLog {
  std::string party;
  std::string origin;
  std::vector<JudgedAct> acts;                   ///< in log order
  std::map<EventId, BindingSignature> promises;  ///< by version
  std::map<EventId, Declined> declines;  ///< by version, only those before any promise of it
  /// Signatures by version that nothing held so far makes void, but that stand after a signature
  /// of a version not held here. Values: positions.
  std::map<EventId, std::uint64_t> undecided;
  /// Position of the first signature of a version not held here.
  std::optional<std::uint64_t> unknown_from;

  /// The promise that makes a signature of this version void by R1 or R2, if there is one.
  [[nodiscard]] const BindingSignature* exclusion(const Version& version) const;

  /// Promises by base, in log order (attempts rise), with the attempt.
  std::map<std::optional<EventId>, std::vector<std::pair<std::int64_t, EventId>>> by_base;
};

/// What is held beside one party's log.
struct Surroundings {
  const std::map<EventId, Proposal>& proposals;    ///< of this agreement, resolved
  const std::map<EventId, EventId>& agreement_of;  ///< of every proposal held
  const SuccessionActs& successions;               ///< of this agreement
  const std::vector<Succession>& complete;         ///< those of them that are complete
  const LogHeads& heads;
  const Charter& charter;
};

/// Reads the acts of one party in log order. `acts` are that party's act events of this agreement,
/// sorted by index, without duplicates. Notices and objections are left waiting: what they do is
/// judged over all logs.
PartyLog read_party_log(const std::string& party, const std::vector<const LoggedEvent*>& acts,
                        const Surroundings& around);

}  // namespace hefu
