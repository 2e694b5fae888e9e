#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/log_heads.h"
#include "ledger/charter/charter.h"
#include "ledger/governance/ballots.h"
#include "ledger/governance/proposal.h"
#include "ledger/governance/rotation.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// What became of a proposal. PASSED, DEAD and UNFIT are final.
enum class Decision : std::uint8_t {
  kOpen,     ///< may still be passed
  kPassed,   ///< in force from `effective` on
  kDead,     ///< can never be passed: voted down, out of time, or another was passed on its base
  kUnfit,    ///< does not fit the charter it builds on; `reason` says why
  kWaiting,  ///< builds on a decision that is not held here
};

const char* name(Decision decision);

/// A proposal, and where it stands.
struct JudgedProposal {
  CharterProposal proposal;
  Decision decision = Decision::kOpen;
  std::string reason;                   ///< why it is unfit or dead
  std::vector<Electorate> electorates;  ///< who decides, by the rules of its base
  std::vector<SignerState> votes;       ///< one for each voter; `status` kCounts: a yes that counts
  std::optional<Moment> effective;      ///< PASSED: since when
};

/// The state of a federation: the charter in force, and how it came to it.
struct Governance {
  Charter charter;                       ///< with every decision and rotation taken up
  std::vector<JudgedProposal> passed;    ///< in their order
  std::vector<JudgedProposal> others;    ///< by id
  std::vector<Rotation> rotations;       ///< by date
  std::vector<VoidBallot> void_ballots;  ///< by id

  [[nodiscard]] const JudgedProposal* find(const EventId& id) const;
};

/// Folds what members decided into their charter.
///
/// A pure function of sets: order and duplicates of the arguments do not matter. `charter` is as it
/// was founded; `rules` says which keys and dates to believe while folding: the charter that came
/// of the round before, or the founding one (see `settle`). Contract on completeness: for every
/// head handed in, the governance events of that log below its size are handed in too, because a
/// ballot that is absent below a late head is taken as proof that there is none.
Governance govern(const Charter& charter, const Charter& rules,
                  std::span<const LoggedEvent* const> events, const LogHeads& heads);
Governance govern(const Charter& charter, const Charter& rules,
                  std::span<const LoggedEvent* const> events, std::span<const WitnessedHead> heads);
Governance govern(const Charter& charter, const Charter& rules, std::span<const LoggedEvent> events,
                  std::span<const WitnessedHead> heads);

/// Whether two states of one charter judge everything alike.
bool same_rules(const Charter& a, const Charter& b);

/// True for the event types that `govern` reads.
bool concerns_charter(std::string_view type);

}  // namespace hefu
