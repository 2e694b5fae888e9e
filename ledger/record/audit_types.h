#pragma once

#include <string_view>

namespace hefu {

// The names of the protocol event types an audit is made of (ledger/audit).
inline constexpr std::string_view kAuditEngagementType = "audit-engagement";
inline constexpr std::string_view kAuditPlanType = "audit-plan";
inline constexpr std::string_view kAuditCutType = "audit-cut";
inline constexpr std::string_view kAuditRevealType = "audit-reveal";
inline constexpr std::string_view kEvidenceRequestType = "audit-evidence-request";
inline constexpr std::string_view kEvidenceProvisionType = "audit-evidence-provision";
inline constexpr std::string_view kEvidenceRefusalType = "audit-evidence-refusal";
inline constexpr std::string_view kAuditTestType = "audit-test";
inline constexpr std::string_view kAuditFindingType = "audit-finding";
inline constexpr std::string_view kFindingResponseType = "finding-response";
inline constexpr std::string_view kFindingConclusionType = "finding-conclusion";
inline constexpr std::string_view kFindingClosureType = "finding-closure";
inline constexpr std::string_view kAssuranceStatementType = "assurance-statement";
inline constexpr std::string_view kAssuranceWithdrawalType = "assurance-withdrawal";

/// Whether events of this type belong to an audit, and so to no record.
bool is_audit_type(std::string_view type);

}  // namespace hefu
