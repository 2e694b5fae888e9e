#include "ledger/record/record_json.h"

#include <limits>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/agreement/phase.h"
#include "ledger/event/event_json.h"

namespace hefu {

namespace {

namespace json = boost::json;

template <typename List, typename Write>
json::array array_of(const List& list, Write write) {
  json::array out;
  for (const auto& element : list) {
    out.push_back(write(element));
  }
  return out;
}

json::array texts(const std::vector<std::string>& list) {
  return array_of(list, [](const std::string& text) { return json::value(json::string(text)); });
}

json::array ids(const std::vector<EventId>& list) {
  return array_of(list, [](const EventId& id) { return json::value(json::string(id.hex())); });
}

void put(json::object& out, const char* key, const std::optional<Moment>& moment) {
  if (moment) {
    out[key] = moment->text();
  }
}
void put(json::object& out, const char* key, const std::optional<Date>& date) {
  if (date) {
    out[key] = date->text();
  }
}
void put(json::object& out, const char* key, const std::optional<EventId>& id) {
  if (id) {
    out[key] = id->hex();
  }
}
void put_text(json::object& out, const char* key, const std::string& text) {
  if (!text.empty()) {
    out[key] = text;
  }
}

json::value answer_to_json(const Answer& answer) {
  json::object out{{"event", answer.event.hex()},
                   {"party", answer.party},
                   {"required", answer.required},
                   {"role", name(answer.role)},
                   {"occurred_on", answer.occurred_on.text()}};
  put_text(out, "remark", answer.remark);
  put(out, "recorded_by", answer.recorded);
  if (answer.guest) {
    out["guest"] = json::object{{"name", answer.guest->name},
                                {"key", base64_encode(answer.guest->key.bytes)},
                                {"introduced_by", texts(answer.guest->introduced_by)},
                                {"identity_check", answer.guest->identity_check},
                                {"introduction", answer.guest->introduction.hex()}};
  }
  return out;
}

json::array answers(const Record& record, bool confirms) {
  json::array out;
  for (const Answer& answer : record.answers) {
    if (answer.confirms == confirms) {
      out.push_back(answer_to_json(answer));
    }
  }
  return out;
}

json::value change_to_json(const StatusChange& change) {
  json::object out{{"event", change.event.hex()},
                   {"party", change.party},
                   {"state", change.state},
                   {"effective_on", change.effective_on.text()}};
  put_text(out, "reason", change.reason);
  put(out, "recorded_by", change.recorded);
  return out;
}

json::value dispute_to_json(const Dispute& dispute) {
  json::object out{{"event", dispute.event.hex()},
                   {"party", dispute.party},
                   {"target", dispute.target.hex()},
                   {"claim", dispute.claim},
                   {"open", !dispute.resolution.has_value()}};
  put(out, "recorded_by", dispute.recorded);
  if (!dispute.answers.empty()) {
    out["answers"] = array_of(dispute.answers, [](const DisputeAnswer& answer) {
      json::object said{
          {"event", answer.event.hex()}, {"party", answer.party}, {"text", answer.text}};
      put(said, "recorded_by", answer.recorded);
      return json::value(std::move(said));
    });
  }
  if (dispute.resolution) {
    json::object resolution{{"event", dispute.resolution->event.hex()},
                            {"party", dispute.resolution->party},
                            {"ruling", dispute.resolution->upheld ? "upheld" : "dismissed"}};
    put_text(resolution, "reason", dispute.resolution->reason);
    out["resolution"] = std::move(resolution);
  }
  return out;
}

json::value attachment_to_json(const Attachment& attachment) {
  json::object out{{"event", attachment.event.hex()},
                   {"party", attachment.party},
                   {"digest", attachment.digest.hex()}};
  put_text(out, "media_type", attachment.media_type);
  put(out, "recorded_by", attachment.recorded);
  return out;
}

json::value erasure_to_json(const Erasure& erasure) {
  json::object out{{"event", erasure.event.hex()},
                   {"target", erasure.target.hex()},
                   {"fields", texts(erasure.fields)}};
  put_text(out, "reason", erasure.reason);
  return out;
}

json::value signature_to_json(const SignerState& state) {
  json::object out{
      {"party", state.party}, {"status", name(state.status)}, {"signed", state.signed_}};
  if (state.reason) {
    out["reason"] = name(*state.reason);
  }
  put(out, "because", state.because);
  put(out, "signature", state.signature);
  put(out, "witnessed", state.witnessed);
  return out;
}

json::value electorate_to_json(const Electorate& electorate) {
  return json::object{{"members", texts(electorate.members)},
                      {"needed", electorate.rule.needed},
                      {"required", texts(electorate.rule.required)},
                      {"faulty", electorate.rule.faulty}};
}

json::value phase_to_json(const VersionPhase& phase, Date on) {
  json::object out{{"on", on.text()},
                   {"state", name(phase.phase)},
                   {"contested", phase.contested},
                   {"because", ids(phase.because)},
                   {"bound", texts(phase.bound)},
                   {"outstanding", texts(phase.outstanding)}};
  put(out, "bound_until", phase.bound_until);
  return out;
}

json::value contest_to_json(const Contest& contest) {
  json::object out{{"id", contest.id.hex()},
                   {"kind", name(contest.kind)},
                   {"party", contest.party},
                   {"target", contest.target.hex()},
                   {"version", contest.version.hex()},
                   {"claim", contest.claim},
                   {"open", !contest.ruling.has_value()}};
  put(out, "because", contest.because);
  put(out, "witnessed", contest.witnessed);
  out["answers"] = array_of(contest.answers, [](const ContestAnswer& answer) {
    json::object said{{"id", answer.id.hex()}, {"party", answer.party}, {"text", answer.text}};
    put(said, "witnessed", answer.witnessed);
    return json::value(std::move(said));
  });
  if (contest.ruling) {
    json::object ruling{{"id", contest.ruling->id.hex()},
                        {"party", contest.ruling->party},
                        {"ruling", contest.ruling->upheld ? "upheld" : "dismissed"}};
    put_text(ruling, "reason", contest.ruling->reason);
    put(ruling, "effective_on", contest.ruling->effective_on);
    put(ruling, "witnessed", contest.ruling->witnessed);
    out["ruling"] = std::move(ruling);
  }
  return out;
}

json::value succession_to_json(const Succession& succession) {
  return json::object{
      {"predecessor", succession.predecessor}, {"successor", succession.successor},
      {"declared_by", succession.declared_by}, {"declared", succession.declared.hex()},
      {"accepted", succession.accepted.hex()}, {"completed", succession.completed.text()}};
}

json::value death_to_json(const Death& death) {
  json::object out{{"cause", name(death.cause)}};
  put_text(out, "party", death.party);
  put(out, "act", death.act);
  put(out, "version", death.version);
  if (death.head) {
    out["head"] = json::object{
        {"log", death.head->origin}, {"size", death.head->size}, {"time", death.head->time.text()}};
  }
  if (death.observed) {
    out["head"] = json::object{{"log", death.observed->origin},
                               {"size", death.observed->size},
                               {"time", death.observed->time.text()},
                               {"observer", death.observed->observer}};
  }
  put(out, "proved", death.proved);
  put(out, "shown", death.shown);
  return out;
}

json::value term_to_json(const Term& term) {
  json::object out{{"from", term.from.text()}, {"cause", name(term.cause)}};
  put(out, "last", term.last);
  put(out, "by", term.by);
  if (term.renewals > 0) {
    out["renewals"] = term.renewals;
  }
  if (term.renewal) {
    out["renewal"] = json::object{{"notice_by", term.renewal->notice_by.text()},
                                  {"outstanding", texts(term.renewal->outstanding)}};
  }
  return out;
}

json::value version_to_json(const Version& version, const Agreement& agreement) {
  json::object out{{"id", version.id.hex()},
                   {"attempt", version.attempt},
                   {"proposer", version.proposer},
                   {"parties", texts(version.parties)},
                   {"signers", texts(version.signers)},
                   {"sign_by", version.sign_by.text()},
                   {"valid_from", version.valid_from.text()},
                   {"notice_days", version.notice_days},
                   {"arbiter", version.arbiter},
                   {"verdict", name(version.verdict)}};
  out["consent"] = array_of(version.electorates, electorate_to_json);
  if (version.dispute_days) {
    out["dispute_days"] = *version.dispute_days;
  }
  if (version.renewals_max > 0) {
    out["renews_itself"] = json::object{{"months", version.renewal_months},
                                        {"notice_days", version.renewal_notice_days},
                                        {"times", version.renewals_max}};
  }
  if (!version.succession.empty()) {
    out["succession"] = ids(version.succession);
  }
  put(out, "base", version.base);
  put(out, "valid_to", version.valid_to);
  put(out, "arises_from", version.arises_from);
  put(out, "completed", version.completed);
  out["signatures"] = array_of(version.states, signature_to_json);
  json::array missing;
  for (const SignerState& state : version.states) {
    if (state.status != ActStatus::kCounts && version.verdict != Verdict::kEffective) {
      missing.push_back(json::string(state.party));
    }
  }
  out["missing"] = std::move(missing);
  out["deaths"] = array_of(version.deaths, death_to_json);
  put(out, "dead_since", version.dead_since);
  if (version.verdict == Verdict::kEffective) {
    out["bound"] = texts(version.bound);
  }
  if (agreement.as_of) {
    const Date on = agreement.as_of->date();
    out["phase"] = phase_to_json(phase_on(version, agreement, on), on);
  }
  if (version.term) {
    out["term"] = term_to_json(*version.term);
  }
  return out;
}

json::value act_to_json(const JudgedAct& act) {
  json::object out{{"id", act.id.hex()},        {"kind", name(act.kind)},
                   {"party", act.party},        {"log", act.origin},
                   {"index", act.index},        {"version", act.version.hex()},
                   {"status", name(act.status)}};
  if (act.reason) {
    out["reason"] = name(*act.reason);
  }
  put(out, "because", act.because);
  put(out, "witnessed", act.witnessed);
  return out;
}

json::value fact_value_to_json(const FactValue& value) {
  return std::visit(
      [](const auto& held) -> json::value {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, FactValue::List>) {
          return array_of(held, fact_value_to_json);
        } else if constexpr (std::is_same_v<Held, std::string>) {
          return json::string(held);
        } else {
          return held;
        }
      },
      value.is);
}

json::value body_to_json(const std::map<std::string, FactValue>& body) {
  json::object out;
  for (const auto& [key, value] : body) {
    out[key] = fact_value_to_json(value);
  }
  return out;
}

}  // namespace

json::value problem_to_json(const Problem& problem) {
  json::object out{{"event", problem.event.hex()}, {"type", problem.type},
                   {"issuer", problem.issuer},     {"log", problem.origin},
                   {"index", problem.index},       {"reason", name(problem.reason)}};
  put_text(out, "detail", problem.detail);
  put(out, "because", problem.because);
  return out;
}

json::value record_to_json(const Record& record, const Catalogue& catalogue) {
  json::object opened{{"log", record.opening.origin}, {"index", record.opening.index}};
  put(opened, "recorded_by", record.opening.recorded_by);
  json::object out{{"id", record.id.hex()},
                   {"type", record.type},
                   {"interpreted", record.interpreted},
                   {"issuer", record.opening.event.issuer},
                   {"state", record.state},
                   {"standing", name(record.standing)}};
  put(out, "confirmed", record.confirmed);
  out["opened_at"] = std::move(opened);
  out["event"] = event_to_json(record.current.event, &catalogue);
  out["versions"] = array_of(record.versions,
                             [](const EventId& id) { return json::value(json::string(id.hex())); });
  out["required"] = texts(record.required);
  out["missing"] = texts(record.missing);
  out["countersignatures"] = answers(record, true);
  out["rejections"] = answers(record, false);
  out["changes"] = array_of(record.changes, change_to_json);
  out["disputes"] = array_of(record.disputes, dispute_to_json);
  out["attachments"] = array_of(record.attachments, attachment_to_json);
  out["erasures"] = array_of(record.erasures, erasure_to_json);
  if (record.retraction) {
    json::object retraction{{"event", record.retraction->event.hex()},
                            {"reason", record.retraction->reason}};
    put(retraction, "recorded_by", record.retraction->recorded);
    out["retraction"] = std::move(retraction);
  }
  out["problems"] = array_of(record.problems, problem_to_json);
  return out;
}

json::value record_summary(const Record& record) {
  json::object out{{"id", record.id.hex()},
                   {"type", record.type},
                   {"issuer", record.current.event.issuer},
                   {"occurred_on", record.current.event.occurred_on.text()},
                   {"state", record.state},
                   {"standing", name(record.standing)},
                   {"missing", texts(record.missing)}};
  for (const char* field : {"title", "name", "legal_name"}) {
    const Value* value = record.current.event.field(field);
    if (value != nullptr && value->text() != nullptr) {
      out["title"] = *value->text();
      break;
    }
  }
  return out;
}

json::value agreement_to_json(const Agreement& agreement) {
  json::object out{{"id", agreement.id.hex()},
                   {"state", agreement_state(agreement)},
                   {"root", agreement.root.hex()}};
  put(out, "renewal_of", agreement.renewal_of);
  put(out, "as_of", agreement.as_of);
  out["versions"] = array_of(agreement.versions, [&](const Version& version) {
    return version_to_json(version, agreement);
  });
  out["contests"] = array_of(agreement.contests, contest_to_json);
  out["successions"] = array_of(agreement.successions, succession_to_json);
  out["acts"] = array_of(agreement.acts, act_to_json);
  return out;
}

json::value fact_to_json(const Fact& fact) {
  json::object out{{"id", fact.id},
                   {"type", fact.type},
                   {"actor", fact.actor},
                   {"org", fact.org},
                   {"countersigned_by", texts(fact.countersigned_by)},
                   {"evidence", texts(fact.evidence)},
                   {"supersedes", texts(fact.supersedes)},
                   {"body", body_to_json(fact.body)},
                   {"standing", name(fact.standing)}};
  if (fact.counterparty) {
    out["counterparty"] = *fact.counterparty;
  }
  if (fact.registry) {
    out["registry"] = *fact.registry;
  }
  if (!fact.audited_by.empty()) {
    out["audited_by"] = texts(fact.audited_by);
  }
  if (!fact.guests.empty()) {
    json::object guests;
    for (const auto& [guest, members] : fact.guests) {
      guests[guest] = texts(members);
    }
    out["guests"] = std::move(guests);
  }
  put(out, "date", fact.date);
  put(out, "start", fact.start);
  put(out, "end", fact.end);
  put(out, "recorded", fact.recorded);
  return out;
}

json::value facts_file_to_json(const World& world, const FactList& facts) {
  json::object orgs;
  for (const auto& [id, attributes] : world.orgs) {
    orgs[id] = body_to_json(attributes);
  }
  json::object groups;
  for (const auto& [id, members] : world.groups) {
    groups[id] = array_of(members, [](const GroupMembership& member) {
      json::object out{{"org", member.org}, {"from", member.from.text()}};
      put(out, "to", member.to);
      return json::value(std::move(out));
    });
  }
  json::object file{{"orgs", std::move(orgs)},
                    {"groups", std::move(groups)},
                    {"facts", array_of(facts, fact_to_json)}};
  json::object history;
  for (const auto& [id, changes] : world.history) {
    history[id] = array_of(changes, [](const DatedAttribute& change) {
      json::object out;
      if (change.from.days != std::numeric_limits<std::int32_t>::min()) {
        out["from"] = change.from.text();
      }
      if (change.value) {
        out["set"] = body_to_json({{change.name, *change.value}});
      } else {
        out["clear"] = change.name;
      }
      return json::value(std::move(out));
    });
  }
  if (!history.empty()) {
    file["history"] = std::move(history);
  }
  return file;
}

}  // namespace hefu
