#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/event/date.h"
#include "ledger/event/event.h"

namespace hefu {

/// Which way a sample looks: from what a figure counts to its evidence (is it true?), or from what
/// the logs hold to the figure (was anything left out?).
enum class AuditDirection : std::uint8_t { kVouching, kTracing };

/// How items are drawn: each alike, or in proportion to what it adds to the figure.
enum class AuditMethod : std::uint8_t { kAttribute, kMonetaryUnit };

/// One size of a sample, and the deviations with which it still passes.
struct AuditStage {
  std::uint64_t size = 0;
  int accepted = 0;
};

/// One part of the population with a sample of its own.
struct AuditStratum {
  std::string name;
  std::string indicator;
  AuditDirection direction = AuditDirection::kVouching;
  AuditMethod method = AuditMethod::kAttribute;
  std::vector<AuditStage> stages;  ///< a later, larger one counts where the one before failed
  std::vector<std::string> types;  ///< of tracing: events of these types; empty: every event
};

/// Why an item is examined without being drawn.
enum class FullReason : std::uint8_t {
  kTop,           ///< what it adds is at least the sampling interval (monetary units only)
  kLate,          ///< recorded more than `late_days` after it happened, or not provably recorded
  kRelatedParty,  ///< its counterparty and whoever recorded it are related
  kSameDayBatch,  ///< one of at least `batch_size` that one institution dates on one day
  kLowEvidence,   ///< E0 or E1, where more than `low_evidence_share` per cent are
  kLastDays,      ///< dated in the last `last_days` days of the period
  kCorrected,     ///< its current version was recorded after the freeze
};
inline constexpr int kFullReasonCount = 7;

/// What one committing party promised to reveal.
struct AuditCommitment {
  std::string party;
  Digest commitment;
};

/// A sampling plan, as its event says it.
struct AuditPlan {
  EventId id;
  EventId engagement;
  int confidence = 95;
  int tolerable = 5;
  std::vector<AuditStratum> strata;
  std::set<FullReason> in_full;
  int late_days = 30;
  int batch_size = 5;
  int last_days = 10;
  int low_evidence_share = 10;
  std::optional<Date> frozen_on;
  std::vector<AuditCommitment> committing;
  std::string beacon;
  Moment beacon_at;  ///< when it comes out
  std::string fallback_beacon;
  Moment fallback_at;

  [[nodiscard]] const AuditStratum* stratum(std::string_view name) const;
  [[nodiscard]] bool looks(AuditDirection direction) const;
};

inline constexpr std::size_t kAuditStrataMax = 64;
inline constexpr std::size_t kAuditStagesMax = 4;
inline constexpr std::size_t kAuditCommittingMax = 16;

/// Reads a plan. Errors: kInvalid naming the field: a confidence or rate that has no tables, a
/// stratum named twice, stages that do not grow, fewer than two committing institutions, the
/// auditor not among them, a fallback beacon that is not after the beacon.
Result<AuditPlan> read_audit_plan(const Event& event, const EventId& id);

/// What a committing party's secret is committed to by: SHA-256("hefu/audit-secret/v1\n" || party
/// || "\n" || secret). The party is in it, so that nobody can commit to another's secret.
Digest audit_commitment(std::string_view party, const Digest& secret);

// Stable lower-case names with hyphens.
const char* name(AuditDirection direction);
const char* name(AuditMethod method);
const char* name(FullReason reason);

}  // namespace hefu
