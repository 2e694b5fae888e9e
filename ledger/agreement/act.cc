#include "ledger/agreement/act.h"

#include <array>
#include <utility>

namespace hefu {

namespace {

constexpr std::array<std::pair<std::string_view, ActKind>, 11> kKinds = {{
    {kProposalType, ActKind::kPropose},
    {kSignatureType, ActKind::kSign},
    {kDeclineType, ActKind::kDecline},
    {kTerminationType, ActKind::kTerminate},
    {kNonRenewalType, ActKind::kNonRenewal},
    {kRepudiationType, ActKind::kRepudiate},
    {kSuccessionType, ActKind::kSucceed},
    {kSeenType, ActKind::kSeen},
    {kDisputeType, ActKind::kDispute},
    {kResponseType, ActKind::kRespond},
    {kResolutionType, ActKind::kResolve},
}};

}  // namespace

std::optional<ActKind> act_kind(std::string_view event_type) {
  for (const auto& [type, kind] : kKinds) {
    if (type == event_type) {
      return kind;
    }
  }
  return std::nullopt;
}

bool is_objection(std::string_view event_type) {
  return event_type == kDisputeType || event_type == kResponseType || event_type == kResolutionType;
}

bool is_agreement_act(std::string_view event_type) {
  return act_kind(event_type).has_value() && !is_objection(event_type);
}

const char* name(ActKind kind) {
  switch (kind) {
    case ActKind::kPropose:
      return "propose";
    case ActKind::kSign:
      return "sign";
    case ActKind::kDecline:
      return "decline";
    case ActKind::kTerminate:
      return "terminate";
    case ActKind::kNonRenewal:
      return "non-renewal";
    case ActKind::kRepudiate:
      return "repudiate";
    case ActKind::kSucceed:
      return "succeed";
    case ActKind::kSeen:
      return "seen";
    case ActKind::kDispute:
      return "dispute";
    case ActKind::kRespond:
      return "respond";
    case ActKind::kResolve:
      return "resolve";
  }
  return "propose";
}

const char* name(ActStatus status) {
  switch (status) {
    case ActStatus::kWaiting:
      return "waiting";
    case ActStatus::kCounts:
      return "counts";
    case ActStatus::kVoid:
      return "void";
  }
  return "waiting";
}

const char* name(ActReason reason) {
  switch (reason) {
    case ActReason::kForeignLog:
      return "foreign-log";
    case ActReason::kNotAuthorised:
      return "not-authorised";
    case ActReason::kMalformed:
      return "malformed";
    case ActReason::kCorrection:
      return "correction";
    case ActReason::kUnsafeRule:
      return "unsafe-rule";
    case ActReason::kRequiredNoParty:
      return "required-no-party";
    case ActReason::kArbiterIsParty:
      return "arbiter-is-party";
    case ActReason::kNotAParty:
      return "not-a-party";
    case ActReason::kOtherAgreement:
      return "other-agreement";
    case ActReason::kVersionVoid:
      return "version-void";
    case ActReason::kSuccessionVoid:
      return "succession-void";
    case ActReason::kAttemptMismatch:
      return "attempt-mismatch";
    case ActReason::kRepeated:
      return "repeated";
    case ActReason::kDeclined:
      return "declined";
    case ActReason::kSecondPromise:
      return "second-promise";
    case ActReason::kAttemptWentDown:
      return "attempt-went-down";
    case ActReason::kReleaseMissing:
      return "release-missing";
    case ActReason::kReleaseLives:
      return "release-lives";
    case ActReason::kReleaseUnproven:
      return "release-unproven";
    case ActReason::kBound:
      return "bound";
    case ActReason::kTooLate:
      return "too-late";
    case ActReason::kVersionDead:
      return "version-dead";
    case ActReason::kReplaced:
      return "replaced";
    case ActReason::kNoRenewal:
      return "no-renewal";
    case ActReason::kSucceeded:
      return "succeeded";
    case ActReason::kWrongTarget:
      return "wrong-target";
    case ActReason::kTargetVoid:
      return "target-void";
    case ActReason::kNotTheArbiter:
      return "not-the-arbiter";
    case ActReason::kOverruled:
      return "overruled";
    case ActReason::kNotWitnessed:
      return "not-witnessed";
    case ActReason::kVersionUnknown:
      return "version-unknown";
    case ActReason::kTargetUnknown:
      return "target-unknown";
    case ActReason::kReleaseOpen:
      return "release-open";
    case ActReason::kVersionOpen:
      return "version-open";
    case ActReason::kSuccessionUnknown:
      return "succession-unknown";
    case ActReason::kSuccessionOpen:
      return "succession-open";
  }
  return "malformed";
}

}  // namespace hefu
