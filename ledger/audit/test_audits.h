#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/audit/engagement.h"
#include "ledger/record/audit_types.h"
#include "ledger/record/test_records.h"

namespace hefu::testing_audits {

using testing_records::day;
using testing_records::kBureau;
using testing_records::kCollege;
using testing_records::kEnterprise;
using testing_records::kUniversity;
using testing_records::noon;
using testing_records::Play;

/// For tests: an audit of the university and the college, as the logs of the four would hold it.
/// Every event is dated at noon of the day it is given. The enterprise audits; the bureau, which is
/// the authority, commits beside it.
struct Audit : Play {
  int today = 0;
  World world;
  EventId engagement;
  EventId plan;
  std::map<std::string, Digest> secrets = {{kEnterprise, sha256(as_bytes("secret 1"))},
                                           {kBureau, sha256(as_bytes("secret 2"))}};

  static Value text(const std::string& text) { return Value{text}; }
  static Value ids(const std::vector<EventId>& list) { return Value{Logs::ids(list)}; }

  EventId say(const std::string& party, std::string_view type,
              std::map<std::string, Value> fields) {
    Event event;
    event.type = type;
    event.occurred_on = day(today);
    event.fields = std::move(fields);
    const EventId id = record_event(party, std::move(event), KeyRole::kSeal).id;
    events.back().recorded_by = noon(today);
    return id;
  }

  EventId engage(const std::string& auditor = kEnterprise, const std::string& level = "limited") {
    engagement = say(auditor, kAuditEngagementType,
                     {{"title", text("2025 年度")},
                      {"auditees", Value{Logs::texts({kUniversity, kCollege})}},
                      {"pack", text("test.bases")},
                      {"pack_digest", Value{Digest{}}},
                      {"period", text("2025")},
                      {"indicators", Value{Logs::texts({"bases", "places"})}},
                      {"level", text(level)},
                      {"independence", text("无利害关系")}});
    return engagement;
  }

  static Value stratum(const std::string& name, const std::string& direction = "vouching",
                       const std::string& method = "attribute",
                       std::vector<std::pair<std::int64_t, std::int64_t>> stages = {{2, 0}}) {
    Value::List list;
    for (const auto& [size, accepted] : stages) {
      list.push_back(Value{Value::List{Value{size}, Value{accepted}}});
    }
    return Value{Value::List{text(name), text("bases"), text(direction), text(method),
                             Value{std::move(list)}, Value{Value::List{}}}};
  }

  [[nodiscard]] std::map<std::string, Value> plan_fields() const {
    Value::List committing;
    for (const auto& [party, secret] : secrets) {
      committing.push_back(Value{Value::List{text(party), Value{audit_commitment(party, secret)}}});
    }
    return {{"engagement", Value{engagement.digest}},
            {"confidence", Value{std::int64_t{95}}},
            {"tolerable", Value{std::int64_t{5}}},
            {"strata", Value{Value::List{stratum("vouch"), stratum("trace", "tracing")}}},
            {"committing", Value{std::move(committing)}},
            {"beacon", text("双色球 2025030")},
            {"beacon_at", text(noon(10).text())},
            {"fallback_beacon", text("双色球 2025033")},
            {"fallback_at", text(noon(20).text())}};
  }
  EventId make_plan() {
    plan = say(kEnterprise, kAuditPlanType, plan_fields());
    return plan;
  }

  [[nodiscard]] Value logs_now() const {
    std::map<std::string, std::uint64_t> by_origin;
    for (const auto& [party, size] : sizes) {
      by_origin[party + "/hefu/1"] = size;
    }
    Value::List logs;
    for (const auto& [origin, size] : by_origin) {
      logs.push_back(Value{Value::List{text(origin), Value{static_cast<std::int64_t>(size)},
                                       Value{sha256(as_bytes(origin))}}});
    }
    return Value{std::move(logs)};
  }
  /// Both committing parties fix the same cut.
  void fix_cut() {
    const Value logs = logs_now();
    for (const auto& [party, secret] : secrets) {
      say(party, kAuditCutType, {{"plan", Value{plan.digest}}, {"logs", logs}});
    }
  }
  [[nodiscard]] Digest cut_id() const {
    const auto audits = fold();
    return audits.front().cuts.front().cut.id();
  }

  EventId reveal(const std::string& party, const std::string& value = "03 09 11",
                 const std::string& round = "main") {
    return say(party, kAuditRevealType,
               {{"plan", Value{plan.digest}},
                {"cut", Value{cut_id()}},
                {"secret", Value{secrets.at(party)}},
                {"round", text(round)},
                {"beacon", text(value)}});
  }

  EventId test(const EventId& item, const std::string& result,
               const std::string& stratum_name = "vouch") {
    return say(kEnterprise, kAuditTestType,
               {{"engagement", Value{engagement.digest}},
                {"stratum", text(stratum_name)},
                {"item", Value{item.digest}},
                {"procedure", text("inspect")},
                {"result", text(result)},
                {"working_paper", Value{sha256(as_bytes("paper"))}}});
  }
  EventId request(const std::vector<EventId>& items, int due) {
    return say(kEnterprise, kEvidenceRequestType,
               {{"engagement", Value{engagement.digest}},
                {"items", ids(items)},
                {"asks_for", text("协议原件")},
                {"due_on", Value{day(due)}}});
  }
  EventId provide(const std::string& party, const EventId& requested,
                  const std::vector<EventId>& items) {
    return say(party, kEvidenceProvisionType,
               {{"request", Value{requested.digest}},
                {"items", ids(items)},
                {"documents", Value{Value::List{Value{sha256(as_bytes("scan"))}}}}});
  }
  EventId find(const std::vector<EventId>& items, const std::string& effect = "exclude") {
    return say(kEnterprise, kAuditFindingType,
               {{"engagement", Value{engagement.digest}},
                {"addressed_to", text(kUniversity)},
                {"items", ids(items)},
                {"rule", text("evidence.min")},
                {"finding", text("无签到表")},
                {"severity", text("major")},
                {"effect", text(effect)}});
  }
  EventId respond(const std::string& party, const EventId& finding) {
    return say(party, kFindingResponseType,
               {{"finding", Value{finding.digest}},
                {"position", text("contested")},
                {"answer", text("有会议纪要")}});
  }
  EventId conclude(const std::string& party, const EventId& finding, const std::string& ruling) {
    return say(
        party, kFindingConclusionType,
        {{"finding", Value{finding.digest}}, {"ruling", text(ruling)}, {"reason", text("经核实")}});
  }
  EventId state(const std::string& opinion = "unqualified", const std::string& level = "limited") {
    return say(kEnterprise, kAssuranceStatementType,
               {{"engagement", Value{engagement.digest}},
                {"plan", Value{plan.digest}},
                {"cut", Value{cut_id()}},
                {"level", text(level)},
                {"opinion", text(opinion)},
                {"figures", Value{Digest{}}},
                {"basis", text("未注意到……")}});
  }

  /// Up to a sample that is fixed: plan on day 1, cut on day 5, beacon on day 10.
  void prepare() {
    engage();
    today = 1;
    make_plan();
    today = 5;
    fix_cut();
    today = 11;
    reveal(kEnterprise);
    reveal(kBureau);
    today = 12;
  }

  [[nodiscard]] std::vector<Engagement> fold() const { return fold_audits(events, charter, world); }
  [[nodiscard]] Engagement audit() const {
    auto audits = fold();
    return audits.empty() ? Engagement{} : audits.front();
  }
  /// How a rule stands; "" if nothing is said of it.
  [[nodiscard]] std::string rule(const std::string& wanted) const {
    for (const AuditCheck& check : audit().checks) {
      if (check.rule == wanted) {
        return name(check.outcome);
      }
    }
    return "";
  }
  /// Why an event of the audit says nothing; "" if it does.
  [[nodiscard]] std::string fault(const EventId& event) const {
    for (const Problem& one : audit().problems) {
      if (one.event == event) {
        return std::string(hefu::name(one.reason)) + ": " + one.detail;
      }
    }
    return "";
  }
};

}  // namespace hefu::testing_audits
