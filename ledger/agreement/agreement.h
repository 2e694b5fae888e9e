#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/charter/charter.h"
#include "ledger/event/event.h"
#include "ledger/record/logged_event.h"

namespace hefu {

// Event types of the acts, as the catalogue names them.
inline constexpr std::string_view kProposalType = "collaboration-agreement";
inline constexpr std::string_view kSignatureType = "agreement-signature";
inline constexpr std::string_view kDeclineType = "agreement-decline";
inline constexpr std::string_view kTerminationType = "agreement-termination";

/// True for the four types that agreements are made of.
bool is_agreement_act(std::string_view event_type);

/// What is known of a version. EFFECTIVE and DEAD are final and exclude each other: no further
/// knowledge turns one into anything else. OPEN says that this set of logs proves neither.
enum class Verdict : std::uint8_t { kOpen, kEffective, kDead };

enum class ActKind : std::uint8_t { kPropose, kSign, kDecline, kTerminate };

/// kWaiting: whether it counts depends on something not yet held or not yet witnessed.
enum class ActStatus : std::uint8_t { kWaiting, kCounts, kVoid };

/// Why an act is void or waits. R1 to R5 are the five rules of the design study "agreements" §2.
enum class ActReason : std::uint8_t {
  // Void for ever.
  kForeignLog,       ///< does not lie in the log the charter names for its issuer
  kNotAuthorised,    ///< the signing key's role may not do this for its institution
  kMalformed,        ///< a field the rules need is missing, of the wrong kind or out of range
  kCorrection,       ///< a proposal is never corrected: propose a further attempt instead
  kNotAParty,        ///< the actor (or proposer) is not among those who must sign
  kOtherAgreement,   ///< the version or base named belongs to another agreement
  kVersionVoid,      ///< the version or base named is itself void
  kAttemptMismatch,  ///< the attempt stated is not the version's
  kRepeated,         ///< the same act again; harmless
  kDeclined,         ///< signs what the same party declined before
  kSecondPromise,    ///< R1: another version of this slot has the party's signature: evidence
  kAttemptWentDown,  ///< R2: the party already signed a later attempt
  kReleaseMissing,   ///< R3: an earlier signed version of this base is not cited in `releases`
  kReleaseLives,     ///< R3: an earlier signed version took effect
  kReleaseUnproven,  ///< R3: an earlier signed version was not proved dead by this sign_by
  kBound,            ///< R4: there is no withdrawal: the party signed this version before
  kTooLate,          ///< R5: no head of the log dated by the end of sign_by covers it
  kVersionDead,      ///< ends a version that never took effect
  kReplaced,         ///< ends a version already replaced when the notice was witnessed
  // Waiting.
  kNotWitnessed,    ///< no dated head of the log covers it yet
  kVersionUnknown,  ///< the version, or one this party signed before it, is not held here
  kReleaseOpen,     ///< an earlier signed version is not yet proved dead
  kVersionOpen,     ///< ends a version that has not taken effect yet
};

/// Why a version can never take effect any more.
enum class DeathCause : std::uint8_t {
  kDeclined,         ///< a party declined before signing
  kPromisedOther,    ///< R1, R2: a party's signature elsewhere excludes it
  kExpired,          ///< R5: a head dated after sign_by, and no counting signature before
  kReleaseLives,     ///< R3: a party signed it although an earlier version took effect
  kReleaseUnproven,  ///< R3: a party signed it although no release was proved by sign_by
  kBaseDead,         ///< the version it would replace is dead
};

// Stable lower-case names with hyphens, used in JSON and by the tools.
const char* name(Verdict verdict);
const char* name(ActKind kind);
const char* name(ActStatus status);
const char* name(ActReason reason);
const char* name(DeathCause cause);

/// One act of one party, as judged.
struct JudgedAct {
  EventId id;
  ActKind kind = ActKind::kPropose;
  std::string party;   ///< institution that acted
  std::string origin;  ///< log that holds it
  std::uint64_t index = 0;
  EventId version;  ///< the version it is about; a proposal is about itself
  ActStatus status = ActStatus::kWaiting;
  std::optional<ActReason> reason;  ///< set when void or waiting
  /// The version or act that makes it void or wait: the other promise, the version not released …
  std::optional<EventId> because;
  std::optional<Moment> witnessed;  ///< first dated head that covers it
};

/// A proof of death. Which act or which head of whose log to look at.
struct Death {
  DeathCause cause = DeathCause::kExpired;
  std::string party;               ///< whose log proves it; empty for kBaseDead
  std::optional<EventId> act;      ///< the decline or signature
  std::optional<EventId> version;  ///< the version signed instead, not released, or the dead base
  std::optional<WitnessedHead> head;  ///< for kExpired: the head after sign_by
  /// When the proof was first dated by witnesses; none while its act is not covered by a head.
  std::optional<Moment> proved;
};

/// Where one signer of a version stands.
struct SignerState {
  std::string party;                       ///< institution
  ActStatus status = ActStatus::kWaiting;  ///< kCounts: signed, witnessed in time, released
  bool signed_ = false;                    ///< a signature is held, whether or not it counts yet
  std::optional<EventId> signature;
  std::uint64_t index = 0;  ///< place of that signature in the party's log
  std::optional<Moment> witnessed;
  std::optional<ActReason> reason;  ///< of a signature that waits or is void
};

/// Why an effective version is no longer in force.
enum class EndCause : std::uint8_t { kNone, kDate, kSuccessor, kTermination };
const char* name(EndCause cause);

/// When an effective version is in force: closed interval of civil dates.
struct Term {
  Date from;                 ///< the later of valid_from and the day it was completed
  std::optional<Date> last;  ///< last day in force; before `from`: never in force; none: open
  EndCause cause = EndCause::kNone;
  std::optional<EventId> by;  ///< the successor or the notice

  [[nodiscard]] bool covers(Date date) const { return from <= date && (!last || date <= *last); }
};

/// One version of an agreement: the terms of one proposal, and its fate.
struct Version {
  EventId id;                   ///< of the proposal
  std::optional<EventId> base;  ///< the version it replaces
  std::int64_t attempt = 1;     ///< slot = (agreement, base, attempt)
  std::string proposer;
  std::vector<std::string> parties;  ///< party references as proposed, sorted, unique
  /// Institutions whose signature is needed, sorted: those of its parties, and of the parties of
  /// its base (of the first proposal if it has none), so that nobody is replaced unasked and any
  /// two versions of one slot share a signer.
  std::vector<std::string> signers;
  Date sign_by;  ///< signatures must be witnessed by its end, +08:00
  Date valid_from;
  std::optional<Date> valid_to;
  std::int64_t notice_days = 30;
  std::optional<EventId> arises_from;  ///< a termination notice cited here is cancelled by effect

  Verdict verdict = Verdict::kOpen;
  std::vector<SignerState> states;  ///< one per signer, same order
  std::optional<Moment> completed;  ///< EFFECTIVE: latest witness time of the counted signatures
  std::vector<Death> deaths;        ///< DEAD: every proof held, earliest first
  std::optional<Term> term;         ///< EFFECTIVE: when it is in force

  [[nodiscard]] const SignerState* state_of(std::string_view institution) const;
};

/// An agreement: all versions and acts of one record.
struct Agreement {
  EventId id;                     ///< event id of the first proposal
  std::vector<Version> versions;  ///< by depth of base, then attempt, then id
  std::vector<JudgedAct> acts;    ///< by party, then index: log order, never arrival order

  [[nodiscard]] const Version* version(const EventId& id) const;
  /// The version in force on a date; null if none.
  [[nodiscard]] const Version* in_force(Date date) const;
  /// The last effective version of the chain of replacements; null if none took effect.
  [[nodiscard]] const Version* last_effective() const;
};

/// The agreements found in a set of logs, by id.
///
/// A pure function of sets: order and duplicates of the arguments do not matter. `events` may hold
/// anything; only the four act types are read. Contract on completeness: for every head handed in,
/// the events of that log below its size are handed in too (all the agreement acts, at least),
/// because what is absent below a late head is taken as proof.
///
/// An agreement is listed once its first proposal is held and valid; until then its acts are
/// silent. Signatures and notices need a seal key; where the charter names none for the member, a
/// registrar key. Proposing and declining may be done with either.
std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent* const> events,
                                             std::span<const WitnessedHead> heads,
                                             const Charter& charter);
std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent> events,
                                             std::span<const WitnessedHead> heads,
                                             const Charter& charter);

}  // namespace hefu
