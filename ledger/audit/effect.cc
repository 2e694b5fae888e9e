#include "ledger/audit/effect.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

namespace hefu {

namespace {

/// The record behind any of its versions.
std::map<EventId, EventId> records_by_version(const Records& records) {
  std::map<EventId, EventId> out;
  for (const auto& [id, record] : records.records) {
    for (const EventId& version : record.versions) {
      out.emplace(version, id);
    }
  }
  return out;
}

bool is_independent(const Engagement& audit) {
  return std::any_of(audit.checks.begin(), audit.checks.end(), [](const AuditCheck& check) {
    return check.rule == "independent" && check.outcome == AuditCheck::Outcome::kHolds;
  });
}

/// The last of the statements that stand and that give assurance.
const AssuranceStatement* assuring(const Engagement& audit) {
  const AssuranceStatement* last = nullptr;
  for (const AssuranceStatement& statement : audit.statements) {
    const bool assures = statement.level != AssuranceLevel::kAgreedUpon &&
                         (statement.opinion == "unqualified" || statement.opinion == "qualified");
    if (assures && audit.stands(statement) &&
        (last == nullptr || last->act.position < statement.act.position)) {
      last = &statement;
    }
  }
  return last;
}

struct Effects {
  std::map<EventId, std::set<std::string>> passed;  // record: auditors
  std::set<EventId> disputed;
  std::set<EventId> rejected;
};

class Collector {
 public:
  explicit Collector(const Records& records) : record_of_(records_by_version(records)) {}

  void take(const Engagement& audit) {
    if (const AssuranceStatement* statement = assuring(audit)) {
      std::map<EventId, bool> good;
      for (const AuditTest& test : audit.tests) {
        const auto record = record_of_.find(test.item);
        if (record != record_of_.end() && test.act.position < statement->act.position) {
          const auto [held, fresh] = good.try_emplace(record->second, true);
          held->second = held->second && test.result == TestResult::kOk;
        }
      }
      for (const auto& [record, ok] : good) {
        if (ok) {
          effects.passed[record].insert(audit.auditor);
        }
      }
    }
    for (const AuditFinding& finding : audit.findings) {
      if (finding.excludes && is_independent(audit) && finding.conclusion &&
          finding.conclusion->ruling != FindingRuling::kDismissed) {
        auto& into = finding.conclusion->by_authority ? effects.rejected : effects.disputed;
        for (const EventId& item : finding.items) {
          const auto record = record_of_.find(item);
          if (record != record_of_.end()) {
            into.insert(record->second);
          }
        }
      }
    }
  }

  Effects effects;

 private:
  std::map<EventId, EventId> record_of_;
};

}  // namespace

void apply_audits(std::span<const Engagement> audits, const Records& records,
                  std::vector<Fact>& facts) {
  if (audits.empty()) {
    return;
  }
  Collector collector(records);
  for (const Engagement& audit : audits) {
    collector.take(audit);
  }
  const Effects& effects = collector.effects;
  for (Fact& fact : facts) {
    const auto digest = Digest::from_hex(fact.id);
    if (!digest) {
      continue;
    }
    const EventId id{*digest};
    if (const auto passed = effects.passed.find(id); passed != effects.passed.end()) {
      std::set<std::string> auditors(fact.audited_by.begin(), fact.audited_by.end());
      auditors.insert(passed->second.begin(), passed->second.end());
      fact.audited_by.assign(auditors.begin(), auditors.end());
    }
    const bool counts =
        fact.standing == Standing::kClaimed || fact.standing == Standing::kConfirmed;
    if (effects.rejected.count(id) == 1 && (counts || fact.standing == Standing::kDisputed)) {
      fact.standing = Standing::kRejected;
    } else if (effects.disputed.count(id) == 1 && counts) {
      fact.standing = Standing::kDisputed;
    }
  }
}

}  // namespace hefu
