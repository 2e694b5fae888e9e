#include "ledger/closing/closing_json.h"

#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "crypto/encoding.h"

namespace hefu {

namespace {

namespace json = boost::json;

json::value text_or_null(const std::string& text) {
  return text.empty() ? json::value(nullptr) : json::value(json::string(text));
}

json::value optional_json(const std::optional<bool>& value) {
  return value ? json::value(*value) : json::value(nullptr);
}

json::array ids_json(const std::vector<EventId>& ids) {
  json::array out;
  for (const EventId& id : ids) {
    out.emplace_back(id.hex());
  }
  return out;
}

json::object act_json(const ClosingAct& act) {
  json::object out;
  out["event"] = act.id.hex();
  out["by"] = act.by;
  out["on"] = act.on.text();
  out["recorded_by"] = act.recorded ? json::value(act.recorded->text()) : json::value(nullptr);
  out["status"] = name(act.status);
  out["why"] = text_or_null(act.reason);
  return out;
}

void put_scope(const ClosingScope& scope, json::object* out) {
  (*out)["pack_digest"] = scope.pack_digest.hex();
  (*out)["proposal"] = scope.proposal.hex();
  (*out)["cut"] = scope.cut.hex();
}

json::object closing_json(const JudgedClosing& one, const Closings& closings) {
  json::object out = act_json(one.act);
  put_scope(one.closing.scope, &out);
  out["vintage"] = one.closing.vintage;
  out["previous"] = one.closing.previous ? json::value(one.closing.previous->hex()) : nullptr;
  out["cosignatures"] = ids_json(one.closing.cosignatures);
  out["figures"] = one.closing.figures.hex();
  out["reproduced"] = optional_json(one.reproduced);
  out["reason"] = text_or_null(one.closing.reason);
  const auto cut = closings.cuts.find(one.closing.scope.proposal);
  out["as_of"] = cut == closings.cuts.end() ? json::value(nullptr)
                                            : json::value(cut->second.proposal.as_of.text());
  return out;
}

json::object approval_json(const JudgedApproval& one) {
  json::object out = act_json(one.act);
  put_scope(one.approval.scope, &out);
  out["unit"] = text_or_null(one.approval.unit);
  out["level"] = name(one.approval.level);
  out["figures"] = one.approval.figures.hex();
  out["rests_on"] = ids_json(one.approval.rests_on);
  out["withdrawn"] =
      one.withdrawal ? json::value(json::string(one.withdrawal->reason)) : json::value(nullptr);
  return out;
}

json::object statement_json(const JudgedStatement& one) {
  json::object out = act_json(one.act);
  put_scope(one.statement.scope, &out);
  out["figures"] = one.statement.figures.hex();
  out["reproduced"] = optional_json(one.reproduced);
  json::array decisions;
  for (const JudgedDecision& decision : one.decisions) {
    json::object item = act_json(decision.act);
    item["figures"] = decision.decision.figures.hex();
    item["verdict"] = name(decision.decision.verdict);
    item["reason"] = text_or_null(decision.decision.reason);
    decisions.push_back(std::move(item));
  }
  out["decisions"] = std::move(decisions);
  const JudgedDecision* holds = one.decision();
  out["decision"] =
      holds == nullptr ? json::value(nullptr) : json::value(name(holds->decision.verdict));
  return out;
}

json::object record_json(const RecordDifference& one) {
  json::array events;
  for (const LaterEvent& event : one.events) {
    events.push_back(json::object{{"id", event.id.hex()},
                                  {"type", event.type},
                                  {"issuer", event.issuer},
                                  {"occurred_on", event.occurred_on.text()}});
  }
  json::object out;
  out["record"] = one.record;
  out["what"] = name(one.kind);
  out["before"] = text_or_null(one.before);
  out["after"] = text_or_null(one.after);
  out["events"] = std::move(events);
  return out;
}

json::value shown_json(const std::optional<std::string>& shown) {
  return shown ? json::value(json::string(*shown)) : json::value(nullptr);
}

}  // namespace

json::object cut_json(const JudgedCut& cut, bool logs) {
  json::object out = act_json(cut.act);
  out["pack"] = cut.proposal.pack;
  out["pack_digest"] = cut.proposal.pack_digest.hex();
  out["as_of"] = cut.proposal.as_of.text();
  out["cut"] = cut.proposal.cut().id().hex();
  json::array missing;
  for (const std::string& origin : cut.proposal.missing) {
    missing.emplace_back(origin);
  }
  out["missing"] = std::move(missing);
  json::object cosigned;
  for (const auto& [member, id] : cut.cosigned) {
    cosigned[member] = id.hex();
  }
  out["cosigned"] = std::move(cosigned);
  out["quorum"] = cut.quorum;
  if (!logs) {
    return out;
  }
  json::array places;
  for (const ProposedLog& log : cut.proposal.logs) {
    places.push_back(
        json::object{{"origin", log.origin},
                     {"size", log.size},
                     {"root", base64_encode(log.root.view())},
                     {"anchor", log.anchor ? json::value(*log.anchor) : json::value(nullptr)}});
  }
  out["logs"] = std::move(places);
  return out;
}

json::object closings_json(const Closings& closings, const std::string& pack,
                           const std::string& period) {
  const auto wanted = [&](const ClosingScope& scope) {
    return scope.pack == pack && scope.period == period;
  };
  json::array closed;
  for (const JudgedClosing& one : closings.closings) {
    if (wanted(one.closing.scope)) {
      closed.push_back(closing_json(one, closings));
    }
  }
  json::array approvals;
  for (const auto& [id, one] : closings.approvals) {
    if (wanted(one.approval.scope)) {
      approvals.push_back(approval_json(one));
    }
  }
  json::array statements;
  for (const JudgedStatement& one : closings.statements) {
    if (wanted(one.statement.scope)) {
      statements.push_back(statement_json(one));
    }
  }
  json::array cuts;
  for (const auto& [id, cut] : closings.cuts) {
    if (cut.proposal.pack == pack) {
      cuts.push_back(cut_json(cut, false));
    }
  }
  return json::object{{"pack", pack},
                      {"period", period},
                      {"closings", std::move(closed)},
                      {"approvals", std::move(approvals)},
                      {"statements", std::move(statements)},
                      {"cuts", std::move(cuts)}};
}

json::array differences_json(const std::vector<FigureDifference>& differences) {
  json::array out;
  for (const FigureDifference& one : differences) {
    json::array records;
    for (const RecordDifference& record : one.records) {
      records.push_back(record_json(record));
    }
    json::object item;
    item["indicator"] = one.indicator;
    item["title"] = json::object{{"zh", one.title.zh}, {"en", one.title.en}};
    item["before"] = shown_json(one.before);
    item["after"] = shown_json(one.after);
    item["value_changed"] = one.value_changed;
    item["elsewhere"] = one.elsewhere();
    item["records"] = std::move(records);
    out.push_back(std::move(item));
  }
  return out;
}

}  // namespace hefu
