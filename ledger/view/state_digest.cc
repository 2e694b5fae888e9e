#include "ledger/view/state_digest.h"

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "ledger/governance/governance_json.h"
#include "ledger/record/record_json.h"

namespace hefu {

namespace {

std::string act_text(const AuditAct& act) {
  return " " + act.event.hex() + (act.recorded ? " " + act.recorded->text() : " undated");
}

std::string audit_text(const Engagement& audit) {
  std::string text = "audit" + act_text(audit.act);
  text += audit.plan_act ? act_text(*audit.plan_act) : "";
  for (const AuditCutAct& cut : audit.cuts) {
    text += " cut" + act_text(cut.act);
  }
  for (const AuditReveal& reveal : audit.reveals) {
    text += " reveal" + act_text(reveal.act);
  }
  for (const EvidenceRequest& request : audit.requests) {
    text += " request" + act_text(request.act);
    for (const EvidenceAnswer& answer : request.answers) {
      text += " answer" + act_text(answer.act);
    }
  }
  for (const AuditTest& test : audit.tests) {
    text += " test" + act_text(test.act);
  }
  for (const AuditFinding& finding : audit.findings) {
    text += " finding" + act_text(finding.act);
    for (const FindingAnswer& answer : finding.answers) {
      text += " answer" + act_text(answer.act);
    }
    text += finding.conclusion ? " conclusion" + act_text(finding.conclusion->act) : "";
    text += finding.closed ? " closed" + act_text(*finding.closed) : "";
  }
  for (const AssuranceStatement& statement : audit.statements) {
    text += " statement" + act_text(statement.act) + " " + audit.why_void(statement);
  }
  for (const AuditCheck& check : audit.checks) {
    text += "\n  " + check.rule + " " + name(check.outcome) + " " + check.text;
  }
  text += audit.seed ? "\n  seed " + audit.seed->cut.hex() + " " + audit.seed->beacon : "";
  for (const Problem& problem : audit.problems) {
    text += "\n  " + canonical_json(problem_to_json(problem));
  }
  return text + "\n";
}

}  // namespace

std::string state_text(const LedgerState& state) {
  std::string text = state.cut.text();
  text += canonical_json(governance_to_json(*state.governance)) + "\n";
  text += state.catalogue->name() + "\n";
  for (const auto& [place, event] : state.events) {
    text += place.line + "/" + std::to_string(place.epoch) + " " + std::to_string(place.index) +
            " " + event.id.hex() + " " + name(event.role) + " " +
            (event.recorded_by ? event.recorded_by->text() : "undated") + "\n";
  }
  for (const auto& [place, head] : state.heads) {
    text += "head " + head.origin + " " + std::to_string(head.size) + " " + head.time.text() + "\n";
  }
  for (const auto& [place, head] : state.observed) {
    text += "observed " + head.origin + " " + std::to_string(head.size) + " " + head.time.text() +
            " " + head.dated.text() + "\n";
  }
  for (const auto& [origin, count] : state.uninterpreted) {
    text += "uninterpreted " + origin + " " + std::to_string(count) + "\n";
  }
  for (const auto& [id, record] : state.records.records) {
    text += canonical_json(record_to_json(record, *state.catalogue)) + "\n";
  }
  for (const auto& [id, held] : state.records.agreements) {
    text += canonical_json(agreement_to_json(*state.agreement(id))) + "\n";
  }
  for (const auto& [id, stray] : state.records.strays) {
    text += canonical_json(problem_to_json(stray)) + "\n";
  }
  for (const Document& document : *state.documents) {
    text += document.kind + " " + document.id + "/" + document.version + " " +
            document.digest.hex() + " " + document.origin + " " + std::to_string(document.index) +
            " " + (document.recorded_by ? document.recorded_by->text() : "undated") + "\n";
  }
  for (const Engagement& audit : *state.audits) {
    text += audit_text(audit);
  }
  return text + canonical_json(facts_file_to_json(*state.world, state.facts)) + "\n";
}

Digest state_digest(const LedgerState& state) {
  return sha256(as_bytes(state_text(state)));
}

}  // namespace hefu
