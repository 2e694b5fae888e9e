#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/audit/plan.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/cut.h"
#include "ledger/record/event_list.h"
#include "ledger/record/fact.h"
#include "ledger/record/logged_event.h"
#include "ledger/record/record.h"

namespace hefu {

enum class AssuranceLevel : std::uint8_t { kAgreedUpon, kLimited, kReasonable };
enum class TestResult : std::uint8_t { kOk, kDeviation, kNotAvailable };
enum class FindingRuling : std::uint8_t { kUpheld, kPartlyUpheld, kDismissed };

/// Who recorded an act of an audit, where and when.
struct AuditAct {
  EventId event;
  std::string party;   ///< institution
  std::string origin;  ///< the log it stands in: its own
  std::uint64_t index = 0;
  std::uint64_t position = 0;  ///< LoggedEvent::position
  Date occurred_on;
  std::optional<Moment> recorded;  ///< none: no witness has dated it yet
};

/// A committing party's word on where the logs stood.
struct AuditCutAct {
  AuditAct act;
  Cut cut;  ///< without notes: origins, sizes, roots and missing logs alone
};

struct AuditReveal {
  AuditAct act;
  Digest cut;
  Digest secret;
  bool fallback = false;
  std::string beacon;
};

struct EvidenceAnswer {
  AuditAct act;
  std::vector<EventId> items;
  bool provided = true;
  std::vector<Digest> documents;
  std::string text;  ///< remark, or reason of a refusal
};

struct EvidenceRequest {
  AuditAct act;
  std::vector<EventId> items;
  std::string asks_for;
  Date due_on;
  std::vector<EvidenceAnswer> answers;  ///< by place in the logs
};

struct AuditTest {
  AuditAct act;
  std::string stratum;
  EventId item;
  std::string procedure;
  TestResult result = TestResult::kOk;
  int misstated_permille = 1000;  ///< of a deviation
  Digest working_paper;
  std::string remark;
};

struct FindingAnswer {
  AuditAct act;
  std::string position;  ///< accepted, partly-accepted, contested
  std::string text;
};

struct FindingConclusion {
  AuditAct act;
  FindingRuling ruling = FindingRuling::kDismissed;
  bool by_authority = false;
  std::string reason;
};

struct AuditFinding {
  AuditAct act;
  std::string addressed_to;  ///< institution
  std::vector<EventId> items;
  std::string rule;
  std::string text;
  std::string severity;
  bool pattern = false;
  bool excludes = false;  ///< asks for its items to be left out
  std::optional<std::int64_t> amount;
  Date answer_by;  ///< last day for an answer in time
  std::vector<FindingAnswer> answers;
  std::optional<FindingConclusion> conclusion;  ///< the authority's, else the auditor's last one
  std::optional<AuditAct> closed;
};

struct AssuranceStatement {
  AuditAct act;
  EventId plan;
  Digest cut;
  AssuranceLevel level = AssuranceLevel::kLimited;
  std::string opinion;
  Digest figures;
  std::string basis;
  std::vector<std::string> exceptions;
  std::vector<std::string> limitations;
  std::optional<AuditAct> withdrawn;
};

/// One rule an audit has to keep, and how it stands.
struct AuditCheck {
  enum class Outcome : std::uint8_t {
    kHolds,
    kOpen,  ///< cannot be said yet: something is not recorded, or not witnessed
    kBroken,
    kCaution,  ///< breaks nothing, but a reader should know
  };
  std::string rule;  ///< stable name: "plan-before-cut"
  Outcome outcome = Outcome::kOpen;
  std::string text;  ///< for people
};

/// What the sample is drawn with, once it is fixed.
struct AuditSeed {
  Digest cut;
  std::vector<Digest> secrets;       ///< by committing party
  std::string beacon;                ///< the value
  bool fallback = false;             ///< of the fallback beacon
  std::vector<std::string> aborted;  ///< committing parties that did not reveal in time
};

/// One audit: a function of the set of its events, whatever their order.
struct Engagement {
  EventId id;
  AuditAct act;
  std::string auditor;  ///< institution
  std::string title;
  std::vector<std::string> auditees;  ///< institutions, sorted, unique
  std::string pack;
  Digest pack_digest;
  std::string period;
  std::vector<std::string> indicators;
  AssuranceLevel level = AssuranceLevel::kLimited;
  std::string independence;
  std::string licence;
  std::string legal_basis;
  int response_days = 10;
  std::optional<Date> retain_until;

  std::optional<AuditPlan> plan;
  std::optional<AuditAct> plan_act;
  std::vector<AuditCutAct> cuts;     ///< by party
  std::vector<AuditReveal> reveals;  ///< by party, main round first
  std::vector<EvidenceRequest> requests;
  std::vector<AuditTest> tests;  ///< the one that counts of each stratum and item
  std::vector<AuditFinding> findings;
  std::vector<AssuranceStatement> statements;
  std::vector<AuditCheck> checks;
  std::optional<AuditSeed> seed;  ///< none until everything it needs holds
  std::vector<Problem> problems;  ///< events about it that say nothing, and why

  [[nodiscard]] const AuditTest* test(std::string_view stratum, const EventId& item) const;
  /// The cut all committing parties agreed on; null until they did.
  [[nodiscard]] const Cut* cut() const;
  /// Whether no rule is broken or open.
  [[nodiscard]] bool in_order() const;
  /// Whether a statement speaks for this audit: everything is in order, it is about this plan and
  /// cut, no higher than plan and engagement allow, and not withdrawn.
  [[nodiscard]] bool stands(const AssuranceStatement& statement) const;
  /// Why it does not; empty if it does.
  [[nodiscard]] std::string why_void(const AssuranceStatement& statement) const;
};

/// The day a finding's answer is due: `days` working days after the one it was dated. Monday to
/// Friday; public holidays differ by decree and year and are not known here, so they lengthen no
/// deadline.
Date add_working_days(Date from, int days);

/// All audits in a set of events, by id. Each act stands in its signer's own log, under a key that
/// was its signer's; of several that can be made once, the first in its author's log counts (a
/// plan, a cut, a reveal), of tests of one item and of conclusions the last. `world` says who is
/// related. A pure function of the set of events.
std::vector<Engagement> fold_audits(const EventList& events, const Charter& charter,
                                    const World& world);

/// Whether there is any event of an audit at all.
bool holds_audits(const EventList& events);

/// Items of requests that nobody answered by the day, sorted, unique. Whoever asks names the day.
std::vector<EventId> unanswered(const Engagement& engagement, Date as_of);
/// Findings without an answer in time: none at all and the day is past, or only a late one.
std::vector<EventId> overdue_answers(const Engagement& engagement, Date as_of);

/// The largest rotation that needs no word: an auditor audits one institution so many times in a
/// row. Source: audit study, references (audit measures of 2025).
inline constexpr int kRotationMax = 3;

// Stable lower-case names with hyphens.
const char* name(AssuranceLevel level);
const char* name(TestResult result);
const char* name(FindingRuling ruling);
const char* name(AuditCheck::Outcome outcome);

}  // namespace hefu
