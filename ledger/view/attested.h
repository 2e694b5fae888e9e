#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/programme/attest_policy.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"
#include "ledger/record/key_authority.h"
#include "ledger/view/contribution.h"
#include "ledger/view/state.h"
#include "ledger/view/statement.h"
#include "ledger/view/view_attestation.h"
#include "ledger/view/view_dissent.h"

namespace hefu {

/// A member's attestation, with what decides whether it may count.
struct MemberAttestation {
  std::string member;          ///< in whose log it stands
  EventId event;               ///< its id
  std::uint64_t position = 0;  ///< LoggedEvent::position
  std::optional<Moment> recorded;
  bool entitled = false;  ///< signed with a key for its events, by a member that took part then
  ViewAttestation attestation;
};

/// A member's dissent; `entitled` as above.
struct MemberDissent {
  std::string member;
  EventId event;
  std::optional<Moment> recorded;
  bool entitled = false;
  ViewDissent dissent;
};

/// What members say in the logs about figures, in an order that does not depend on how the events
/// arrived. Statements in foreign logs or names, and those that cannot be read, are left out.
struct ViewStatements {
  std::vector<MemberAttestation> attestations;
  std::vector<MemberDissent> dissents;
};
ViewStatements view_statements(const LedgerState& state);

/// The same of a statement that was opened by its proof, its key judged by `authority`. Errors:
/// those of read_view_attestation.
Result<MemberAttestation> member_attestation(const OpenedStatement& opened,
                                             const KeyAuthority& authority);

/// How an attestation stands towards a figure.
enum class AttesterStanding : std::uint8_t {
  kCounts,
  kReported,     ///< the figure is its own, or partly
  kRelated,      ///< of one controller or institution with who is reported on
  kNotActive,    ///< takes no part in the federation
  kNotEntitled,  ///< the key, or the member at the time, could not say it
  kUndated,      ///< no quorum has seen it yet
  kVectors,      ///< its engine was not shown to pass this pack's tests
  kContradicts,  ///< signed two different results at one cut with one engine
};
/// "counts", "reported", "related" and so on.
const char* name(AttesterStanding standing);

struct Attester {
  std::string member;
  EventId event;
  std::string engine;
  AttesterStanding standing = AttesterStanding::kCounts;
  bool operator==(const Attester&) const = default;
};

/// One result at one cut, and who attested it.
struct AttestedResult {
  ViewAttestation result;    ///< of one of them
  std::vector<Attester> by;  ///< by member
  std::size_t counted = 0;   ///< of them, those that count
  std::size_t eligible = 0;  ///< members that could: neither reported on nor related
  AttestPolicy::Verdict quorum;
  std::optional<Moment> latest;  ///< when the last of them was recorded
};

/// A figure about which attestations are asked. Everything must outlive it.
struct AttestedFigure {
  const Pack& pack;
  const std::string& indicator;
  const Period& period;
  const World& world;
  const Charter& charter;          ///< in force
  std::set<std::string> reported;  ///< institutions whose figure it is
};

/// Who is reported on by a figure: the institutions that claim any of its units, each with the
/// organisation it claims as. With a unit, those of them that are it, stand below it or are members
/// of it, and the unit itself.
std::set<std::string> reported_in(std::span<const Contribution> units, const World& world,
                                  const Period& period, const std::optional<std::string>& unit);

/// Members that take part and may not count for a figure at the end of its period: those that are
/// reported on by it, or related to who is.
std::set<std::string> not_independent(const AttestedFigure& figure);

/// Judges the attestations of a figure: those of other figures are passed over, and each member
/// speaks once per cut, by what it recorded last. Relatedness is asked of the period's last day and
/// of the day the attestation was recorded, so that no later change of hands changes what counts.
/// The results, by cut, then with the most counted first. The order of `all` changes nothing.
std::vector<AttestedResult> judge_attestations(const AttestedFigure& figure,
                                               std::span<const MemberAttestation> all);

}  // namespace hefu
