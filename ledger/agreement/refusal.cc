#include "ledger/agreement/refusal.h"

#include <algorithm>
#include <utility>

namespace hefu {

namespace {

// Whether the party has, or may yet turn out to have, a say in the version: as a signer, or by a
// succession that it accepted in its own log and whose other half is still to be seen.
bool may_have_a_say(const std::string& party, const EventId& version, const Agreement& agreement) {
  const Version* held = agreement.version(version);
  return (held != nullptr &&
          std::binary_search(held->signers.begin(), held->signers.end(), party)) ||
         std::any_of(agreement.acts.begin(), agreement.acts.end(), [&](const JudgedAct& act) {
           return act.kind == ActKind::kSucceed && act.party == party &&
                  act.status != ActStatus::kVoid;
         });
}

// Whether the reason an act is void for stands whatever else comes to light.
bool is_final(const JudgedAct& act, const Agreement& agreement) {
  switch (*act.reason) {
    case ActReason::kNotAParty:
      return !may_have_a_say(act.party, act.version, agreement);
    case ActReason::kTargetVoid: {
      const JudgedAct* target = act.because ? agreement.act(*act.because) : nullptr;
      return target != nullptr && target->status == ActStatus::kVoid &&
             target->reason != ActReason::kTooLate && is_final(*target, agreement);
    }
    case ActReason::kWrongTarget:  // what no objection is about may come in doubt by itself
      return act.kind != ActKind::kRespond && act.kind != ActKind::kResolve;
    case ActReason::kTooLate:
      return act.kind == ActKind::kSign;  // a window opens with a date that may still move
    case ActReason::kReplaced:
    case ActReason::kOverruled:
      return false;
    default:
      return true;
  }
}

std::string named(const std::optional<EventId>& id) {
  return id ? " " + shown(*id) : std::string();
}

struct Words {
  Errc code = Errc::kConflict;
  std::string why;
  std::string hint;
};

Words words_for(ActReason reason, const std::optional<EventId>& because) {
  const std::string other = named(because);
  switch (reason) {
    case ActReason::kForeignLog:
      return {Errc::kUnauthorised, "its issuer acts in its own log alone",
              "send it to the issuer's own node"};
    case ActReason::kNotAuthorised:
      return {Errc::kUnauthorised, "the role of its key may not do this",
              "sign with the seal key; where the charter names none, with a registrar key"};
    case ActReason::kMalformed:
      return {Errc::kInvalid,
              "a field the rules need is missing, of the wrong kind or out of range",
              "`hefu event types` lists the fields of its type"};
    case ActReason::kCorrection:
      return {Errc::kConflict, "a proposal is never corrected", "propose a further attempt"};
    case ActReason::kUnsafeRule:
      return {Errc::kInvalid, "by its signing rule two rival versions could take effect",
              "more than half must sign, and more than (parties + faulty) / 2"};
    case ActReason::kRequiredNoParty:
      return {Errc::kInvalid, "it requires the signature of one that is no party",
              "name it among the parties too"};
    case ActReason::kArbiterIsParty:
      return {Errc::kInvalid, "its arbiter is a party", "name another member, or none"};
    case ActReason::kNotAParty:
      return {Errc::kUnauthorised, "its issuer is not among those who have a say in this version",
              "a version is signed by its parties and by the parties of what it replaces"};
    case ActReason::kOtherAgreement:
      return {Errc::kConflict,
              "the version it names belongs to another agreement (" +
                  shown(because.value_or(EventId{})) + ")",
              "give that agreement as its record"};
    case ActReason::kVersionVoid:
      return {Errc::kConflict, "version" + other + " is void", "propose a version that holds"};
    case ActReason::kSuccessionVoid:
      return {Errc::kConflict, "succession" + other + " is void or of another agreement",
              "cite the declaration of a succession that counts"};
    case ActReason::kAttemptMismatch:
      return {Errc::kInvalid, "it states another attempt than the version", "state the version's"};
    case ActReason::kRepeated:
      return {Errc::kConflict, "its issuer did so before: event" + other,
              "once is enough; `hefu agreement show` says where it stands"};
    case ActReason::kDeclined:
      return {Errc::kConflict, "its issuer declined this version: event" + other,
              "propose a further attempt"};
    case ActReason::kSecondPromise:
      return {Errc::kConflict,
              "its issuer signed version" + other + " of the same slot: only one can be signed",
              "propose it again as the next attempt, to be signed when the other is dead"};
    case ActReason::kAttemptWentDown:
      return {Errc::kConflict,
              "its issuer signed version" + other + ", a later attempt: attempts only go up",
              "propose it again as a further attempt"};
    case ActReason::kReleaseMissing:
      return {Errc::kConflict,
              "it does not cite version" + other + ", which its issuer signed before",
              "list every version of this base signed before in `releases`"};
    case ActReason::kReleaseLives:
      return {Errc::kConflict, "version" + other + ", which its issuer signed, is in effect",
              "propose the change as a version with base" + other};
    case ActReason::kReleaseUnproven:
      return {Errc::kConflict,
              "version" + other + ", which its issuer signed, lived past the last day to sign this",
              "propose a further attempt with a later sign_by"};
    case ActReason::kBound:
      return {Errc::kConflict,
              "its issuer signed this version (event" + other + ") and is bound until its sign_by",
              "there is no withdrawal; if the others do not sign in time it dies by itself"};
    case ActReason::kTooLate:
      return {Errc::kConflict, "witnesses have dated this log after the last day to sign",
              "propose a further attempt with a later sign_by"};
    case ActReason::kVersionDead:
      return {Errc::kConflict, "version" + other + " is dead", "there is nothing to end"};
    case ActReason::kNoRenewal:
      return {Errc::kConflict, "the version does not renew itself",
              "it ends by its own date, or by a notice of termination"};
    case ActReason::kSucceeded:
      return {Errc::kConflict, "its issuer passed its roles on: event" + other,
              "the successor acts in its place"};
    case ActReason::kWrongTarget:
      return {Errc::kConflict, "it cannot be about event" + other, "name another target"};
    case ActReason::kTargetVoid:
      return {Errc::kConflict, "objection" + other + " is void", "there is nothing to answer"};
    case ActReason::kNotTheArbiter:
      return {Errc::kUnauthorised, "its issuer is not the arbiter of this version",
              "who objected may drop the objection, with the ruling \"dismissed\""};
    default:
      return {Errc::kConflict, name(reason), ""};
  }
}

Error refusal(const std::string& what, Words words) {
  return Error{words.code, what + " would be void: " + words.why, std::move(words.hint)};
}

}  // namespace

std::string shown(const EventId& id) {
  return id.hex().substr(0, 12);
}

std::string describe(const Death& death) {
  switch (death.cause) {
    case DeathCause::kDeclined:
      return death.party + " declined it";
    case DeathCause::kPromisedOther:
      return death.party + " signed version " + shown(*death.version) + " instead";
    case DeathCause::kExpired:
      return "the log of " + death.party + " is witnessed at " + death.head->time.text() +
             ", after the last day to sign, without its signature";
    case DeathCause::kSilent:
      return "witnesses saw nothing of the log of " + death.party + " beyond entry " +
             std::to_string(death.observed->size) + " by " + death.observed->time.text() +
             ", after the last day to sign, and its signature does not stand below";
    case DeathCause::kReleaseLives:
      return death.party + " is bound by version " + shown(*death.version) + ", which took effect";
    case DeathCause::kReleaseUnproven:
      return death.party + " signed it while it was bound by version " + shown(*death.version) +
             ", which lived past the last day to sign";
    case DeathCause::kBaseDead:
      return "the version it would replace, " + shown(*death.version) + ", is dead";
  }
  return {};
}

std::optional<Error> never_counts(const JudgedAct& act, const Agreement& agreement) {
  const std::string what = std::string("this ") + name(act.kind) + " act";
  if (act.status == ActStatus::kVoid) {
    return is_final(act, agreement)
               ? std::optional(refusal(what, words_for(*act.reason, act.because)))
               : std::nullopt;
  }
  const Version* version = act.kind == ActKind::kSign ? agreement.version(act.version) : nullptr;
  if (version != nullptr && version->verdict == Verdict::kDead) {
    return refusal(
        what, {Errc::kConflict,
               "version " + shown(version->id) + " is dead: " + describe(version->deaths.front()),
               "propose a further attempt"});
  }
  return std::nullopt;
}

Error cannot_open(ActReason reason) {
  return refusal("this proposal", words_for(reason, std::nullopt));
}

}  // namespace hefu
