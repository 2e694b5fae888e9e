#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger/agreement/test_logs.h"
#include "ledger/event/catalogue.h"
#include "ledger/record/fold.h"

namespace hefu::testing_records {

using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

// Invented codes with right check characters: bureau (authority), university, college, enterprise.
inline const std::string kBureau = "11150200000000019E";
inline const std::string kUniversity = "12150000000000027U";
inline const std::string kCollege = "12150000000000035N";
inline const std::string kEnterprise = "91150200000000043N";

/// A catalogue with one type of each shape.
inline const Catalogue& catalogue() {
  static const Catalogue kCatalogue = *Catalogue::parse(R"json({
    "id": "test", "version": "1", "title": {"zh": "测试", "en": "Test"}, "types": [
    {"name": "enterprise-visit", "title": {"zh": "走访", "en": "Visit"},
     "lifecycle": {"states": ["claimed", "host-confirmed", "host-rejected", "withdrawn"]},
     "countersign": ["host"], "fact": {"counterparty": ["host"], "date": "visited_on"},
     "fields": [
      {"name": "host", "type": "party", "required": true},
      {"name": "visited_on", "type": "date", "required": true},
      {"name": "witness", "type": "party"},
      {"name": "hours", "type": "decimal"},
      {"name": "posts", "type": "list<tuple<kind:enum{fitter,crane-driver},count:integer,unit:text>>"},
      {"name": "visitors", "type": "list<person>", "personal": true}]},
    {"name": "joint-body-establishment", "title": {"zh": "共建机构", "en": "Joint body"},
     "lifecycle": {"states": ["proposed", "countersigned", "established", "operational"]},
     "countersign": ["founders"],
     "fact": {"counterparty": ["founders"], "date": "established_on", "start": "established_on"},
     "fields": [
      {"name": "name", "type": "text", "required": true},
      {"name": "founders", "type": "list<party>", "required": true},
      {"name": "established_on", "type": "date"}]},
    {"name": "funding-transaction", "title": {"zh": "经费", "en": "Funding"},
     "lifecycle": {"states": ["committed", "paid", "received"]}, "countersign": ["payer", "payee"],
     "fact": {"actor": "payee", "counterparty": ["payer"], "date": "booked_on",
              "registry": "payer"},
     "fields": [
      {"name": "payer", "type": "party", "required": true},
      {"name": "payee", "type": "party", "required": true},
      {"name": "amount", "type": "money", "required": true},
      {"name": "booked_on", "type": "date", "required": true}]},
    {"name": "assessment-decision", "title": {"zh": "评审", "en": "Assessment"},
     "lifecycle": {"states": ["issued", "final"]}, "fact": {"actor": "issuer"},
     "fields": [{"name": "result", "type": "enum{pass,fail}", "required": true},
      {"name": "decision_kind", "type": "text"}, {"name": "conflict_of_interest", "type": "text"},
      {"name": "object", "type": "oneof<event, list<event>>"}]},
    {"name": "institution-registration", "title": {"zh": "机构登记", "en": "Registration"},
     "lifecycle": {"states": ["applied", "certified", "closed"]}, "fact": {"actor": "issuer"},
     "fields": [
      {"name": "institution_id", "type": "text", "required": true},
      {"name": "kind", "type": "text", "required": true},
      {"name": "size_class", "type": "enum{small,large}"}]},
    {"name": "membership-change", "title": {"zh": "成员变动", "en": "Membership"},
     "lifecycle": {"states": ["proposed", "accepted"]}, "countersign": ["member"],
     "fact": {"date": "effective_on"},
     "fields": [
      {"name": "body", "type": "event", "required": true},
      {"name": "member", "type": "party", "required": true},
      {"name": "action", "type": "enum{join,leave,expel,change-class,move-in}", "required": true},
      {"name": "effective_on", "type": "date", "required": true}]},
    {"name": "collaboration-agreement", "title": {"zh": "协议", "en": "Agreement"},
     "lifecycle": {"states": ["proposed"]},
     "fact": {"counterparty": ["parties"], "date": "signed_on", "start": "valid_from",
              "end": "valid_to"},
     "fields": [
      {"name": "parties", "type": "list<party>", "required": true},
      {"name": "sign_by", "type": "date", "required": true},
      {"name": "valid_from", "type": "date", "required": true},
      {"name": "valid_to", "type": "date"}, {"name": "signed_on", "type": "date"},
      {"name": "attempt", "type": "integer"}, {"name": "notice_days", "type": "integer"},
      {"name": "base", "type": "event"}, {"name": "arises_from", "type": "event"},
      {"name": "signing_quorum", "type": "integer"}, {"name": "arbiter", "type": "party"},
      {"name": "renewal_months", "type": "integer"}, {"name": "renewal_of", "type": "event"}]}
  ]})json");
  return kCatalogue;
}

/// Logs of the four, with the acts records are made of.
struct Play : Logs {
  Play() : Logs({kBureau, kUniversity, kCollege, kEnterprise}) {
    charter.authority = kBureau;
    for (Member& member : charter.members) {
      member.keys.emplace(KeyRole::kRegistrar, PublicKey{});
    }
  }

  LoggedEvent& record_event(const std::string& issuer, Event event,
                            KeyRole role = KeyRole::kRegistrar) {
    event.catalogue = "test/1";
    LoggedEvent& logged = append(issuer, std::move(event), role);
    // Each event is witnessed on the day of its place in the log.
    logged.recorded_by = noon(static_cast<int>(logged.index));
    return logged;
  }

  EventId open(const std::string& issuer, std::string_view type,
               std::map<std::string, Value> fields, Date occurred_on = day(0)) {
    Event event;
    event.type = type;
    event.occurred_on = occurred_on;
    event.fields = std::move(fields);
    if (type == "enterprise-visit") {
      event.commitments["visitors"] = Digest{};
    }
    return record_event(issuer, std::move(event)).id;
  }

  EventId visit(const std::string& issuer = kUniversity, const std::string& host = kEnterprise) {
    return open(issuer, "enterprise-visit", visit_fields(host));
  }

  static std::map<std::string, Value> visit_fields(const std::string& host = kEnterprise) {
    return {{"host", Value{host}}, {"visited_on", Value{day(0)}}};
  }

  /// A correction of a version, of one type with it.
  EventId correct(const std::string& issuer, const EventId& record, const EventId& version,
                  std::map<std::string, Value> fields, Date occurred_on = day(0)) {
    Event event;
    event.type = "enterprise-visit";
    event.record = record;
    event.supersedes = version;
    event.occurred_on = occurred_on;
    event.fields = std::move(fields);
    event.commitments["visitors"] = Digest{};
    return record_event(issuer, std::move(event)).id;
  }

  /// Any act about a record: countersignature, rejection, dispute …
  EventId about(const std::string& issuer, std::string_view type, const EventId& record,
                const EventId& target, std::map<std::string, Value> more = {},
                KeyRole role = KeyRole::kRegistrar) {
    Event event = act(type, record);
    event.fields = std::move(more);
    event.fields["target"] = Value{target.digest};
    return record_event(issuer, std::move(event), role).id;
  }

  EventId countersign(const std::string& issuer, const EventId& record) {
    return about(issuer, "countersignature", record, record);
  }
  EventId reject(const std::string& issuer, const EventId& record) {
    return about(issuer, "rejection", record, record, {{"reason", Value{std::string("no")}}});
  }
  EventId retract(const std::string& issuer, const EventId& record, const EventId& target) {
    return about(issuer, "retraction", record, target, {{"reason", Value{std::string("oops")}}});
  }
  EventId dispute(const std::string& issuer, const EventId& record, const EventId& target) {
    return about(issuer, "dispute", record, target, {{"claim", Value{std::string("not so")}}});
  }
  EventId resolve(const std::string& issuer, const EventId& record, const EventId& dispute,
                  const std::string& ruling) {
    return about(issuer, "resolution", record, dispute, {{"ruling", Value{ruling}}});
  }
  EventId change(const std::string& issuer, const EventId& record, const std::string& state,
                 int effective_on) {
    return about(issuer, "status-change", record, record,
                 {{"state", Value{state}}, {"effective_on", Value{day(effective_on)}}});
  }

  [[nodiscard]] Records records() const { return hefu::fold(events, heads, charter, catalogue()); }
  [[nodiscard]] Record record(const EventId& id) const {
    const Records all = records();
    const Record* found = all.record(id);
    return found == nullptr ? Record{} : *found;
  }
  /// The reason an event has no effect, "" if it has.
  [[nodiscard]] std::string problem(const EventId& event) const {
    const Records all = records();
    for (const auto& [id, stray] : all.strays) {
      if (stray.event == event) {
        return name(stray.reason);
      }
    }
    for (const auto& [id, record] : all.records) {
      for (const Problem& problem : record.problems) {
        if (problem.event == event) {
          return name(problem.reason);
        }
      }
    }
    return "";
  }
};

}  // namespace hefu::testing_records
