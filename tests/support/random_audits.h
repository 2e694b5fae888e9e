#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/audit/plan.h"
#include "ledger/record/audit_types.h"
#include "tests/support/logs.h"

namespace hefu {

/// For tests: audits that members make of one another in random logs. Most of their acts come in an
/// order that an audit can stand in, so that some give grades and take facts out; the rest is
/// misplaced, by strangers, or twice.
class RandomAudits {
 public:
  /// All must outlive it. `seconds`: the time of anchors, moved on here.
  RandomAudits(std::mt19937_64& random, const TestFederation& federation, TestLogs& logs,
               const std::size_t& authority, std::uint64_t& seconds)
      : random_(random),
        federation_(federation),
        logs_(logs),
        authority_(authority),
        seconds_(seconds) {}

  /// One act about these records.
  void act(const std::vector<EventId>& items) {
    if (audits_.empty() || (audits_.size() < 4 && pick(12) == 0)) {
      engage();
      return;
    }
    Audit& audit = audits_[pick(audits_.size())];
    switch (audit.steps < 3 ? audit.steps++ : 3 + pick(8)) {
      case 0:
        plan(audit);
        break;
      case 1:
        fix_cut(audit);
        break;
      case 2:
        reveal(audit);
        break;
      case 3:
      case 4:
      case 5:
        test(audit, items);
        break;
      case 6:
        find(audit, items);
        break;
      case 7:
        conclude(audit);
        break;
      case 8:
        withdraw(audit);
        break;
      default:
        state(audit);
        break;
    }
  }

 private:
  struct Audit {
    std::size_t auditor = 0;
    std::size_t steps = 0;
    EventId engagement;
    EventId plan;
    std::uint64_t beacon_at = 0;
    Digest cut;
    std::vector<EventId> findings;
    std::vector<EventId> statements;
  };
  using Fields = std::map<std::string, Value>;

  std::size_t pick(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  static Value text(const std::string& words) { return Value{words}; }
  /// Mostly `who`.
  std::size_t someone(std::size_t who) { return pick(12) == 0 ? pick(4) : who; }
  [[nodiscard]] const std::string& id(std::size_t member) const {
    return federation_.member(member).id;
  }
  static Digest secret_of(std::size_t member) {
    return sha256(as_bytes("secret of " + std::to_string(member)));
  }
  /// Those who commit to secrets.
  [[nodiscard]] std::array<std::size_t, 2> committing(const Audit& audit) const {
    return {audit.auditor, authority_};
  }

  EventId say(std::size_t who, std::string_view type, Fields fields) {
    Event event;
    event.type = type;
    event.catalogue = "test/1";
    event.occurred_on = *Date::parse("2025-01-02");
    event.fields = std::move(fields);
    return logs_.append(who, std::move(event), KeyRole::kSeal);
  }
  void anchor(const Audit& audit) {
    seconds_ += 100;
    for (const std::size_t member : committing(audit)) {
      logs_.anchor(member, seconds_);
    }
  }

  void engage() {
    Audit audit;
    audit.auditor = pick(4);
    if (audit.auditor == authority_) {
      audit.auditor = (audit.auditor + 1) % 4;
    }
    Value::List auditees{text(id((audit.auditor + 1) % 4)), text(id((audit.auditor + 2) % 4))};
    audit.engagement = say(audit.auditor, kAuditEngagementType,
                           {{"title", text("audit")},
                            {"auditees", Value{std::move(auditees)}},
                            {"pack", text("test.visits")},
                            {"pack_digest", Value{Digest{}}},
                            {"period", text("2025")},
                            {"indicators", Value{Value::List{text("visits")}}},
                            {"level", text("limited")},
                            {"independence", text("none")}});
    audits_.push_back(std::move(audit));
  }

  static Value stratum(const char* direction) {
    return Value{Value::List{
        text(direction), text("visits"), text(direction), text("attribute"),
        Value{Value::List{Value{Value::List{Value{std::int64_t{2}}, Value{std::int64_t{0}}}}}},
        Value{Value::List{}}}};
  }

  void plan(Audit& audit) {
    audit.beacon_at = seconds_ + 100'000;
    Value::List committed;
    std::map<std::string, Digest> secrets;
    for (const std::size_t member : committing(audit)) {
      secrets.emplace(id(member), secret_of(member));
    }
    for (const auto& [party, secret] : secrets) {
      committed.push_back(Value{Value::List{text(party), Value{audit_commitment(party, secret)}}});
    }
    const auto at = [](std::uint64_t seconds) {
      return text(Moment{static_cast<std::int64_t>(seconds) * 1000}.text());
    };
    audit.plan = say(someone(audit.auditor), kAuditPlanType,
                     {{"engagement", Value{audit.engagement.digest}},
                      {"confidence", Value{std::int64_t{95}}},
                      {"tolerable", Value{std::int64_t{5}}},
                      {"strata", Value{Value::List{stratum("vouching"), stratum("tracing")}}},
                      {"committing", Value{std::move(committed)}},
                      {"beacon", text("lottery")},
                      {"beacon_at", at(audit.beacon_at)},
                      {"fallback_beacon", text("lottery")},
                      {"fallback_at", at(audit.beacon_at + 500'000)}});
    anchor(audit);
  }

  void fix_cut(Audit& audit) {
    Cut cut;
    for (std::size_t i = 0; i < 4; ++i) {
      cut.logs.push_back({Checkpoint{federation_.member(i).origin, logs_.size(i), Digest{}}, ""});
    }
    std::sort(cut.logs.begin(), cut.logs.end(), [](const CutLog& a, const CutLog& b) {
      return a.checkpoint.origin < b.checkpoint.origin;
    });
    audit.cut = cut.id();
    Value::List logs;
    for (const CutLog& log : cut.logs) {
      logs.push_back(Value{Value::List{text(log.checkpoint.origin),
                                       Value{static_cast<std::int64_t>(log.checkpoint.size)},
                                       Value{log.checkpoint.root}}});
    }
    for (const std::size_t member : committing(audit)) {
      say(someone(member), kAuditCutType,
          {{"plan", Value{audit.plan.digest}}, {"logs", Value{logs}}});
    }
    anchor(audit);
  }

  void reveal(Audit& audit) {
    seconds_ = std::max(seconds_, audit.beacon_at + 1);
    for (const std::size_t member : committing(audit)) {
      say(someone(member), kAuditRevealType,
          {{"plan", Value{audit.plan.digest}},
           {"cut", Value{audit.cut}},
           {"secret", Value{secret_of(member)}},
           {"round", text("main")},
           {"beacon", text("03 09 11")}});
    }
    anchor(audit);
  }

  void test(const Audit& audit, const std::vector<EventId>& items) {
    say(someone(audit.auditor), kAuditTestType,
        {{"engagement", Value{audit.engagement.digest}},
         {"stratum", text(pick(2) == 0 ? "vouching" : "tracing")},
         {"item", Value{items[pick(items.size())].digest}},
         {"procedure", text("inspect")},
         {"result", text(pick(5) == 0 ? "deviation" : "ok")},
         {"working_paper", Value{Digest{}}}});
  }

  void find(Audit& audit, const std::vector<EventId>& items) {
    Value::List found{Value{items[pick(items.size())].digest}};
    audit.findings.push_back(say(someone(audit.auditor), kAuditFindingType,
                                 {{"engagement", Value{audit.engagement.digest}},
                                  {"addressed_to", text(id((audit.auditor + 1) % 4))},
                                  {"items", Value{std::move(found)}},
                                  {"rule", text("evidence.min")},
                                  {"finding", text("nothing to see")},
                                  {"severity", text("major")},
                                  {"effect", text(pick(4) == 0 ? "none" : "exclude")}}));
  }

  void conclude(const Audit& audit) {
    if (audit.findings.empty()) {
      return;
    }
    say(someone(pick(2) == 0 ? authority_ : audit.auditor), kFindingConclusionType,
        {{"finding", Value{audit.findings[pick(audit.findings.size())].digest}},
         {"ruling", text(pick(4) == 0 ? "dismissed" : "upheld")},
         {"reason", text("looked into")}});
  }

  void state(Audit& audit) {
    audit.statements.push_back(say(someone(audit.auditor), kAssuranceStatementType,
                                   {{"engagement", Value{audit.engagement.digest}},
                                    {"plan", Value{audit.plan.digest}},
                                    {"cut", Value{audit.cut}},
                                    {"level", text("limited")},
                                    {"opinion", text(pick(4) == 0 ? "adverse" : "unqualified")},
                                    {"figures", Value{Digest{}}},
                                    {"basis", text("nothing came to attention")}}));
  }

  void withdraw(const Audit& audit) {
    if (audit.statements.empty()) {
      return;
    }
    say(audit.auditor, kAssuranceWithdrawalType,
        {{"statement", Value{audit.statements[pick(audit.statements.size())].digest}},
         {"reason", text("mistaken")}});
  }

  std::mt19937_64& random_;
  const TestFederation& federation_;
  TestLogs& logs_;
  const std::size_t& authority_;
  std::uint64_t& seconds_;
  std::vector<Audit> audits_;
};

}  // namespace hefu
