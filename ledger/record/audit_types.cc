#include "ledger/record/audit_types.h"

#include <algorithm>
#include <array>

namespace hefu {

bool is_audit_type(std::string_view type) {
  static constexpr std::array<std::string_view, 14> kTypes = {
      kAuditEngagementType,    kAuditPlanType,          kAuditCutType,          kAuditRevealType,
      kEvidenceRequestType,    kEvidenceProvisionType,  kEvidenceRefusalType,   kAuditTestType,
      kAuditFindingType,       kFindingResponseType,    kFindingConclusionType, kFindingClosureType,
      kAssuranceStatementType, kAssuranceWithdrawalType};
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

}  // namespace hefu
