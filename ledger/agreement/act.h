#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/event/event.h"

namespace hefu {

// Event types of the acts, as the catalogue names them.
inline constexpr std::string_view kProposalType = "collaboration-agreement";
inline constexpr std::string_view kSignatureType = "agreement-signature";
inline constexpr std::string_view kDeclineType = "agreement-decline";
inline constexpr std::string_view kTerminationType = "agreement-termination";
inline constexpr std::string_view kNonRenewalType = "agreement-non-renewal";
inline constexpr std::string_view kRepudiationType = "agreement-repudiation";
inline constexpr std::string_view kSuccessionType = "agreement-succession";
inline constexpr std::string_view kSeenType = "agreement-seen";
inline constexpr std::string_view kDisputeType = "dispute";
inline constexpr std::string_view kResponseType = "dispute-response";
inline constexpr std::string_view kResolutionType = "resolution";

enum class ActKind : std::uint8_t {
  kPropose,
  kSign,
  kDecline,
  kTerminate,
  kNonRenewal,
  kRepudiate,
  kSucceed,
  kSeen,
  kDispute,
  kRespond,
  kResolve,
};

/// The kind of an event type; none if it is no act of agreements.
std::optional<ActKind> act_kind(std::string_view event_type);

/// True for the types that only agreements are made of: their fold judges them, whatever the
/// catalogue says.
bool is_agreement_act(std::string_view event_type);

/// True for the objections to any record, and what is said about them. In an agreement's record
/// they are acts of the agreement too.
bool is_objection(std::string_view event_type);

/// kWaiting: whether it counts depends on something not yet held or not yet witnessed.
enum class ActStatus : std::uint8_t { kWaiting, kCounts, kVoid };

/// Why an act is void or waits. R1 to R5 are the five rules of the design study "agreements" §2.
enum class ActReason : std::uint8_t {
  // Void; for ever, but for some cases of objections and notices (refusal.h).
  kForeignLog,       ///< does not lie in the log the charter names for its issuer
  kNotAuthorised,    ///< the signing key's role may not do this for its institution
  kMalformed,        ///< a field the rules need is missing, of the wrong kind or out of range
  kCorrection,       ///< a proposal is never corrected: propose a further attempt instead
  kUnsafeRule,       ///< its signing rule could let two rival versions take effect
  kRequiredNoParty,  ///< requires the signature of one that is no party
  kArbiterIsParty,   ///< names a party as arbiter
  kNotAParty,        ///< the actor (or proposer) is not among those who must sign
  kOtherAgreement,   ///< the version or base named belongs to another agreement
  kVersionVoid,      ///< the version or base named is itself void
  kSuccessionVoid,   ///< cites a succession that is void or of another agreement
  kAttemptMismatch,  ///< the attempt stated is not the version's
  kRepeated,         ///< the same act again; harmless
  kDeclined,         ///< signs what the same party declined before
  kSecondPromise,    ///< R1: another version of this slot has the party's signature: evidence
  kAttemptWentDown,  ///< R2: the party already signed a later attempt
  kReleaseMissing,   ///< R3: an earlier signed version of this base is not cited in `releases`
  kReleaseLives,     ///< R3: an earlier signed version took effect
  kReleaseUnproven,  ///< R3: an earlier signed version was not dead by this sign_by
  kBound,            ///< R4: there is no withdrawal: the party signed this version before
  kTooLate,          ///< R5: no head dated in time covers it; or an objection after its window
  kVersionDead,      ///< ends a version that never took effect
  kReplaced,         ///< ends a version already replaced when the notice was witnessed
  kNoRenewal,        ///< refuses the renewal of a version that does not renew itself
  kSucceeded,        ///< the party had passed its roles on before, in its own log
  kWrongTarget,      ///< means an event that this act cannot be about
  kTargetVoid,       ///< answers or decides an objection that is itself void
  kNotTheArbiter,    ///< only the arbiter pinned in the version decides, or the objector drops it
  kOverruled,        ///< an objection against it was upheld
  // Waiting.
  kNotWitnessed,       ///< no dated head of the log covers it yet
  kVersionUnknown,     ///< the version, or one this party signed before it, is not held here
  kTargetUnknown,      ///< the act it is about is not held here
  kReleaseOpen,        ///< it is not yet known whether an earlier signed version is dead
  kVersionOpen,        ///< ends a version that has not taken effect yet
  kSuccessionUnknown,  ///< a succession it cites is not held, or not dated
  kSuccessionOpen,     ///< the other half of the succession is not held, or not dated
};

// Stable lower-case names with hyphens, used in JSON and by the tools.
const char* name(ActKind kind);
const char* name(ActStatus status);
const char* name(ActReason reason);

/// One act of one party, as judged.
struct JudgedAct {
  EventId id;
  ActKind kind = ActKind::kPropose;
  std::string party;   ///< institution that acted
  std::string origin;  ///< log that holds it
  std::uint64_t index = 0;
  std::uint64_t position = 0;  ///< in the line of its author's logs (LoggedEvent::position)
  EventId version;             ///< the version it is about; a proposal is about itself
  ActStatus status = ActStatus::kWaiting;
  std::optional<ActReason> reason;  ///< set when void or waiting
  /// The version or act that makes it void or wait: the other promise, the version not released …
  std::optional<EventId> because;
  std::optional<Moment> witnessed;  ///< first dated head that covers it
};

}  // namespace hefu
