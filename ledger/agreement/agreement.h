#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/agreement/act.h"
#include "ledger/agreement/log_heads.h"
#include "ledger/agreement/signing_rule.h"
#include "ledger/charter/charter.h"
#include "ledger/event/event.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// What is known of a version. EFFECTIVE and DEAD are final and exclude each other: no further
/// knowledge turns one into anything else, and both rest only on what witnesses dated. OPEN says
/// that this set of logs proves neither.
enum class Verdict : std::uint8_t { kOpen, kEffective, kDead };

/// Why a version can never take effect any more.
enum class DeathCause : std::uint8_t {
  kDeclined,         ///< a party declined before signing
  kPromisedOther,    ///< R1, R2: a party's signature elsewhere excludes it
  kExpired,          ///< R5: a head dated after sign_by, and no counting signature before
  kSilent,           ///< R5: witnesses saw nothing of its log beyond a size without a signature
  kReleaseLives,     ///< R3: a party signed it although an earlier version took effect
  kReleaseUnproven,  ///< R3: a party signed it although an earlier version lived past its sign_by
  kBaseDead,         ///< the version it would replace is dead
};

// Stable lower-case names with hyphens, used in JSON and by the tools.
const char* name(Verdict verdict);
const char* name(DeathCause cause);

/// A proof that one signer cannot sign any more, or that the base is dead. Which act or which head
/// of whose log to look at.
struct Death {
  DeathCause cause = DeathCause::kExpired;
  std::string party;               ///< whose log proves it; empty for kBaseDead
  std::optional<EventId> act;      ///< the decline or signature
  std::optional<EventId> version;  ///< the version signed instead, not released, or the dead base
  std::optional<WitnessedHead> head;     ///< for kExpired: the head after sign_by
  std::optional<ObservedHead> observed;  ///< for kSilent
  /// Since when it holds: an act, since witnesses dated it; what was not done by the end of
  /// sign_by, since that end.
  std::optional<Moment> proved;
  std::optional<Moment> shown;  ///< when witnesses dated what shows it
};

/// Where one signer of a version stands.
struct SignerState {
  std::string party;                       ///< institution
  ActStatus status = ActStatus::kWaiting;  ///< kCounts: signed, witnessed in time, released
  bool signed_ = false;                    ///< a signature is held, whether or not it counts yet
  std::optional<EventId> signature;
  std::uint64_t index = 0;  ///< place of that signature in the party's log
  std::optional<Moment> witnessed;
  std::optional<ActReason> reason;  ///< of a signature that waits, or why there can be none
  std::optional<EventId> because;   ///< the version or act behind the reason
};

/// Why an effective version is no longer in force.
enum class EndCause : std::uint8_t {
  kNone,
  kDate,
  kSuccessor,
  kTermination,
  kNonRenewal,  ///< a notice in time kept it from renewing itself
  kRuling,      ///< the arbiter upheld an objection to it
};
const char* name(EndCause cause);

/// The next renewal of a version that renews itself, while neither a notice nor the proof that none
/// was given is held.
struct PendingRenewal {
  Date notice_by;                        ///< last day on which a notice must have been dated
  std::vector<std::string> outstanding;  ///< whose logs are not held past that day
};

/// When an effective version is in force: closed interval of civil dates.
struct Term {
  Date from;                 ///< the later of valid_from and the day it was completed
  std::optional<Date> last;  ///< last day in force; before `from`: never in force; none: open
  EndCause cause = EndCause::kNone;
  std::optional<EventId> by;              ///< the successor, the notice or the ruling
  std::int64_t renewals = 0;              ///< times it is proved to have renewed itself
  std::optional<PendingRenewal> renewal;  ///< `last` may still move on

  [[nodiscard]] bool covers(Date date) const { return from <= date && (!last || date <= *last); }
};

/// What was decided about an objection.
struct Ruling {
  EventId id;
  std::string party;  ///< the arbiter, or the objector who dropped it
  bool upheld = false;
  std::string reason;
  /// Upheld: the last day of the version objected to. None: it was never in force.
  std::optional<Date> effective_on;
  std::optional<Moment> witnessed;
};

struct ContestAnswer {
  EventId id;
  std::string party;
  std::string text;
  std::optional<Moment> witnessed;
};

/// What stands against a version or an act until somebody decides.
enum class ContestKind : std::uint8_t {
  kDispute,       ///< anybody objected to a version or an act
  kRepudiation,   ///< a party denies a signature in its own name
  kRevokedKey,    ///< the key behind an act was revoked for the day witnesses dated the act
  kDoubtfulDate,  ///< witnesses contradict each other on whether a signature came in time
};
const char* name(ContestKind kind);

/// An objection in its window, or a doubt that the logs themselves raise. It deletes nothing; it
/// stands beside what it contests until the arbiter rules or the objector drops it.
struct Contest {
  /// The objection. A doubt has no event of its own: the act in doubt, which is what answers and
  /// rulings name.
  EventId id;
  ContestKind kind = ContestKind::kDispute;
  std::string party;  ///< who objected; of a doubt, whose act it is
  EventId target;     ///< the version or act
  EventId version;    ///< the version concerned
  std::string claim;
  std::optional<EventId> because;  ///< the event that revoked the key, if an event of a log did
  std::optional<Moment> witnessed;
  std::vector<ContestAnswer> answers;  ///< by party, then log order
  std::optional<Ruling> ruling;
};

/// An act signed with a key that was revoked after the act was logged, from a day on that is not
/// after the one on which witnesses dated the act: it stands, and is contested.
/// Source: design study "agreements" §3, race 8.
struct RevokedAct {
  EventId act;
  std::optional<EventId> because;  ///< the key certification that says so; none: a decision
  Date from;                       ///< first day on which the key does not count
};

/// One party's roles in an agreement passed to another institution, declared by the party itself
/// or, where it cannot, by the authority; the successor agreed in its own log.
struct Succession {
  std::string predecessor;
  std::string successor;
  std::string declared_by;
  EventId declared;
  EventId accepted;
  Moment completed;  ///< the later date of the two
};

/// One version of an agreement: the terms of one proposal, and its fate.
struct Version {
  EventId id;                   ///< of the proposal
  std::optional<EventId> base;  ///< the version it replaces
  std::int64_t attempt = 1;     ///< slot = (agreement, base, attempt)
  std::string proposer;
  std::vector<std::string> parties;  ///< party references as proposed, sorted, unique
  SigningRule rule;                  ///< for its own parties
  /// Whose consent it needs: its own parties, and the parties of its base by the base's rule (of
  /// the first proposal if it has none), so that nobody is replaced against the rule he signed and
  /// any two versions of one slot need a common signer. One if both are the same.
  std::vector<Electorate> electorates;
  std::vector<std::string> signers;  ///< all members of these, sorted
  Date sign_by;                      ///< signatures must be witnessed by its end, +08:00
  Date valid_from;
  std::optional<Date> valid_to;
  std::int64_t notice_days = 30;
  std::optional<EventId> arises_from;  ///< a termination notice cited here is cancelled by effect
  std::int64_t renewal_months = 0;     ///< renews itself by so much at valid_to; 0: never
  std::int64_t renewal_notice_days = 30;
  std::int64_t renewals_max = 0;  ///< how often; set where it renews itself
  /// Who decides objections: the party named, no party of the version, or else the authority.
  std::string arbiter;
  /// Days after the date of what it is about by which an objection must be dated; none: no end.
  std::optional<std::int64_t> dispute_days;
  std::vector<EventId>
      succession;  ///< declarations by which it puts successors in the base's seats

  Verdict verdict = Verdict::kOpen;
  std::vector<SignerState> states;  ///< one per signer, same order
  /// EFFECTIVE: when consent was complete. With fewer than all needed, an earlier signature may
  /// still come to light and make it earlier.
  std::optional<Moment> completed;
  /// EFFECTIVE: its parties whose signature counts, or that were bound by the base.
  std::vector<std::string> bound;
  std::vector<Death> deaths;         ///< DEAD: every dated proof held, earliest first
  std::optional<Moment> dead_since;  ///< DEAD: since when enough of them hold
  std::optional<Term> term;          ///< EFFECTIVE: when it is in force

  [[nodiscard]] const SignerState* state_of(std::string_view institution) const;
};

/// An agreement: all versions and acts of one record.
struct Agreement {
  EventId id;                           ///< event id of the first proposal
  std::vector<Version> versions;        ///< by depth of base, then attempt, then id
  std::vector<JudgedAct> acts;          ///< by party, then index: log order, never arrival order
  std::vector<Contest> contests;        ///< those that count, by id
  std::vector<Succession> successions;  ///< those that are complete, by completion
  /// The agreement this one renews, as its first proposal says, if that is held and shares at least
  /// two institutions with it.
  std::optional<EventId> renewal_of;
  EventId root;  ///< the first of the chain of renewals: itself if it renews none
  /// The logs of those who have a say (LogHeads names them by line).
  std::vector<std::string> logs;
  /// The latest dated head of these logs: how far this knowledge reaches in time.
  std::optional<Moment> as_of;

  [[nodiscard]] const Version* version(const EventId& id) const;
  /// The version in force on a date; null if none.
  [[nodiscard]] const Version* in_force(Date date) const;
  /// The last effective version of the chain of replacements; null if none took effect.
  [[nodiscard]] const Version* last_effective() const;
  [[nodiscard]] const JudgedAct* act(const EventId& id) const;
  /// The objections to a version that nobody decided.
  [[nodiscard]] std::vector<const Contest*> open_contests(const EventId& version) const;
  /// The objection that was upheld against a version itself, or against a signature that it rests
  /// on; null if there is none. Of several, the one whose ruling reaches back furthest.
  [[nodiscard]] const Contest* upheld_against(const Version& version) const;
  /// Who acts for a seat: the institution, or who succeeded it.
  [[nodiscard]] std::string seat_holder(const std::string& institution) const;
};

/// The agreements found in a set of logs, by id.
///
/// `observed`: heads of logs as other members observed them, whichever members; they prove that a
/// log that has fallen silent holds no signature in time.
///
/// `revoked`: acts whose key was revoked for their date; they are contested.
///
/// A pure function of sets: order and duplicates of the arguments do not matter. `events` may hold
/// anything; only the acts of agreements and the objections to them are read. Contract on
/// completeness: for every head handed in, the events of that log below its size are handed in too
/// (all the agreement acts, at least), because what is absent below a late head is taken as proof.
///
/// Of the events of one agreement, and of those it names and those that name it, these alone may be
/// handed in: what comes out for them is the same.
///
/// An agreement is listed once its first proposal is held and valid; until then its acts are
/// silent. Signatures, notices and successions need a seal key; where the charter names none for
/// the member, a registrar key. Other acts may be done with either, objections and what is said
/// about them by reviewers and auditors too.
std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent* const> events,
                                             const LogHeads& heads, const Charter& charter,
                                             std::span<const RevokedAct> revoked = {});
std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent* const> events,
                                             std::span<const WitnessedHead> heads,
                                             const Charter& charter,
                                             std::span<const ObservedHead> observed = {},
                                             std::span<const RevokedAct> revoked = {});
std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent> events,
                                             std::span<const WitnessedHead> heads,
                                             const Charter& charter,
                                             std::span<const ObservedHead> observed = {},
                                             std::span<const RevokedAct> revoked = {});

}  // namespace hefu
