#include "ledger/assurance/audit_report.h"

#include <algorithm>
#include <set>

#include <boost/json.hpp>

#include "ledger/assurance/report_words.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/uscc.h"
#include "ledger/programme/organisation.h"
#include "ledger/programme/pack.h"
#include "ledger/view/document.h"
#include "ledger/view/figures.h"

namespace hefu {

namespace {

namespace json = boost::json;

/// Beyond what JSON can carry exactly, as decimal text.
json::value whole_json(std::int64_t value) {
  return value > kJsonIntegerMax ? json::value(json::string(std::to_string(value)))
                                 : json::value(value);
}

json::array ids_json(const std::vector<EventId>& ids) {
  json::array out;
  for (const EventId& id : ids) {
    out.emplace_back(json::string(id.hex()));
  }
  return out;
}

json::array texts_json(const std::vector<std::string>& texts) {
  json::array out;
  for (const std::string& text : texts) {
    out.emplace_back(json::string(text));
  }
  return out;
}

json::value moment_json(const std::optional<Moment>& moment) {
  return moment ? json::value(json::string(moment->text())) : json::value(nullptr);
}

json::object act_json(const AuditAct& act) {
  return {{"event", act.event.hex()},
          {"by", act.party},
          {"log", act.origin},
          {"index", act.index},
          {"recorded_by", moment_json(act.recorded)}};
}

json::object words_json(const Words& words) {
  return {{"zh", words.zh}, {"en", words.en}};
}

json::object tree_json(const AttestedTree& tree) {
  return {{"leaves", tree.leaves}, {"sum", whole_json(tree.sum)}, {"root", tree.root.hex()}};
}

/// Pack "<id>" or "<id>/<version>" of the digest the engagement names.
const Document* pack_document(const LedgerState& state, const Engagement& audit) {
  for (const Document& document : *state.documents) {
    if (document.kind != "pack" || document.id != audit.pack.substr(0, audit.pack.find('/'))) {
      continue;
    }
    const auto pack = Pack::from_json(document.content);
    if (pack && pack->digest() == audit.pack_digest) {
      return &document;
    }
  }
  return nullptr;
}

Result<json::object> figures_at(const Charter& charter, const LedgerState& state,
                                const Engagement& audit, Digest* digest) {
  const Document* document = pack_document(state, audit);
  if (document == nullptr) {
    return Error{Errc::kNotFound, "the pack of the engagement is not published", ""};
  }
  const auto figures = compute_figures(
      charter, state, {document->id + "/" + document->version, audit.period, "", ""});
  if (!figures) {
    return figures.error();
  }
  *digest = sha256(as_bytes(figures->report));
  auto parsed = parse_json(figures->report, figures->report.size());
  return parsed ? Result<json::object>(parsed->as_object()) : Result<json::object>(parsed.error());
}

class Reporter {
 public:
  explicit Reporter(const AuditReportInput& input) : input_(input), audit_(input.audit) {}

  Result<std::string> run() {
    out_["format"] = 1;
    out_["kind"] = "hefu-audit-report";
    out_["engagement"] = audit_.id.hex();
    out_["as_of"] = input_.as_of.text();
    identity();
    order();
    if (input_.frozen != nullptr) {
      for (const auto& part : {figures(), sampling()}) {
        if (!part) {
          return part.error();
        }
      }
    }
    attestors();
    requests();
    findings();
    statements();
    limitations();
    problems();
    return canonical_json(out_);
  }

 private:
  json::object party_json(const std::string& id) const {
    const Member* member = input_.charter.member(id);
    return {{"id", id},
            {"zh", member == nullptr ? "" : member->name_zh},
            {"en", member == nullptr ? "" : member->name_en}};
  }

  void identity() {
    json::array auditees;
    for (const std::string& auditee : audit_.auditees) {
      auditees.push_back(party_json(auditee));
    }
    json::object identity{{"federation", input_.charter.federation.hex()},
                          {"federation_name", input_.charter.name},
                          {"title", audit_.title},
                          {"auditor", party_json(audit_.auditor)},
                          {"licence", audit_.licence},
                          {"legal_basis", audit_.legal_basis},
                          {"independence", audit_.independence},
                          {"level", name(audit_.level)},
                          {"auditees", std::move(auditees)},
                          {"pack", audit_.pack},
                          {"pack_digest", audit_.pack_digest.hex()},
                          {"period", audit_.period},
                          {"indicators", texts_json(audit_.indicators)},
                          {"response_days", audit_.response_days},
                          {"act", act_json(audit_.act)}};
    if (audit_.retain_until) {
      identity["retain_until"] = audit_.retain_until->text();
    }
    if (const Cut* cut = audit_.cut()) {
      json::array logs;
      for (const CutLog& log : cut->logs) {
        logs.push_back(json::object{{"origin", log.checkpoint.origin},
                                    {"size", log.checkpoint.size},
                                    {"root", log.checkpoint.root.hex()}});
      }
      identity["cut"] = json::object{{"id", cut->id().hex()},
                                     {"logs", std::move(logs)},
                                     {"missing", texts_json(cut->missing)}};
    }
    out_["identity"] = std::move(identity);
  }

  void order() {
    json::array checks;
    for (const AuditCheck& check : audit_.checks) {
      checks.push_back(json::object{
          {"rule", check.rule}, {"outcome", name(check.outcome)}, {"text", check.text}});
    }
    out_["order"] = std::move(checks);
  }

  [[nodiscard]] bool in_scope(std::string_view indicator) const {
    return std::find(audit_.indicators.begin(), audit_.indicators.end(), indicator) !=
           audit_.indicators.end();
  }

  Result<void> figures() {
    Digest digest;
    Digest later;
    const auto at_cut = figures_at(input_.charter, *input_.frozen, audit_, &digest);
    const auto now = at_cut ? figures_at(input_.charter, input_.now, audit_, &later)
                            : Result<json::object>(at_cut.error());
    if (!now) {
      return now.error();
    }
    const Document* document = pack_document(*input_.frozen, audit_);
    const auto pack = Pack::from_json(document->content);
    json::array shown;
    json::array changed;
    for (const json::value& item : at_cut->at("indicators").as_array()) {
      json::object figure = item.as_object();
      const std::string id(figure.at("indicator").as_string());
      if (!in_scope(id)) {
        continue;
      }
      const PackIndicator* indicator = pack ? pack->find_indicator(id) : nullptr;
      if (indicator != nullptr && indicator->interpretation) {
        figure["interpretation"] = json::object{{"zh", indicator->interpretation->zh},
                                                {"en", indicator->interpretation->en},
                                                {"ruled_by", indicator->interpretation->ruled_by}};
      }
      const auto& adds_up = at_cut->at("adds_up").as_object();
      if (const json::value* additive = adds_up.if_contains(id)) {
        figure["adds_up"] = *additive;
      }
      for (const json::value& after : now->at("indicators").as_array()) {
        if (after.at("indicator").as_string() == id && after.at("shown") != figure.at("shown")) {
          changed.push_back(json::object{
              {"id", id}, {"before", figure.at("shown")}, {"after", after.at("shown")}});
        }
      }
      shown.push_back(std::move(figure));
    }
    out_["figures"] = json::object{{"digest", digest.hex()},
                                   {"pack", at_cut->at("pack")},
                                   {"at_cut", std::move(shown)},
                                   {"cut_now", input_.now.cut.id().hex()},
                                   {"changed_since", std::move(changed)}};
    return {};
  }

  json::object item_json(const StratumSample& sample, const SampleItem& item,
                         const ItemResult& result) const {
    json::object out{{"place", item.place},
                     {"records", ids_json(item.records)},
                     {"stage", sample.stage_of(item)},
                     {"outcome", name(result.outcome)}};
    if (!item.in_full.empty()) {
      json::array reasons;
      for (const FullReason reason : item.in_full) {
        reasons.emplace_back(name(reason));
      }
      out["in_full"] = std::move(reasons);
    }
    if (sample.stratum.direction == AuditDirection::kTracing) {
      out["log"] = item.origin;
      out["index"] = item.index;
      out["type"] = item.type;
      out["traced"] = name(item.traced);
      out["why"] = item.why;
    } else {
      out["value"] = whole_json(item.value);
      out["begin"] = whole_json(item.begin);
    }
    if (item.draws.size() > 1) {
      out["times"] = item.draws.size();
    }
    if (result.deviates()) {
      out["misstated_permille"] = result.misstated_permille;
    }
    json::array tests;
    for (const EventId& record : item.records) {
      if (const AuditTest* test = audit_.test(sample.stratum.name, record)) {
        tests.push_back(json::object{{"event", test->act.event.hex()},
                                     {"procedure", test->procedure},
                                     {"working_paper", test->working_paper.hex()},
                                     {"remark", test->remark}});
      }
    }
    out["tests"] = std::move(tests);
    return out;
  }

  json::object stratum_json(const StratumSample& sample, const StratumResult& result) const {
    json::array stages;
    for (const AuditStage& stage : sample.stratum.stages) {
      stages.push_back(json::object{{"size", stage.size}, {"accepted", stage.accepted}});
    }
    json::array items;
    for (std::size_t i = 0; i < sample.items.size(); ++i) {
      // What only a further stage would examine is drawn, but is nobody's business yet.
      if (sample.stage_of(sample.items[i]) <= result.stage) {
        items.push_back(item_json(sample, sample.items[i], result.items[i]));
      }
    }
    json::object out{{"name", sample.stratum.name},
                     {"indicator", sample.stratum.indicator},
                     {"direction", name(sample.stratum.direction)},
                     {"method", name(sample.stratum.method)},
                     {"types", texts_json(sample.stratum.types)},
                     {"stages", std::move(stages)},
                     {"view", tree_json(sample.view)},
                     {"scale", sample.scale},
                     {"seed", sample.seed.hex()},
                     {"drawn_with", sample.drawn_with.hex()},
                     {"population", sample.population},
                     {"left_to_chance", sample.random_items},
                     {"total", whole_json(sample.total)},
                     {"total_left_to_chance", whole_json(sample.random_total)},
                     {"stage", result.stage},
                     {"examined", result.examined},
                     {"deviations", result.deviations},
                     {"open", result.open},
                     {"in_full", result.in_full},
                     {"in_full_deviations", result.in_full_deviations},
                     {"verdict", name(result.verdict)},
                     {"items", std::move(items)}};
    if (result.upper_limit) {
      out["upper_limit_hundredths"] = *result.upper_limit;
      out["exact"] = result.exact;
    }
    if (result.upper) {
      out["known_misstatement"] = whole_json(*result.known);
      out["projected_misstatement"] = whole_json(*result.projected);
      out["upper_misstatement"] = whole_json(*result.upper);
    }
    return out;
  }

  Result<void> sampling() {
    const AuditPlan& plan = *audit_.plan;
    json::array in_full;
    for (const FullReason reason : plan.in_full) {
      in_full.emplace_back(name(reason));
    }
    json::array committing;
    for (const AuditCommitment& one : plan.committing) {
      committing.push_back(
          json::object{{"party", one.party}, {"commitment", one.commitment.hex()}});
    }
    json::object sampling{
        {"plan", act_json(*audit_.plan_act)},    {"confidence", plan.confidence},
        {"tolerable", plan.tolerable},           {"examined_in_full", std::move(in_full)},
        {"committing", std::move(committing)},   {"beacon", plan.beacon},
        {"beacon_at", plan.beacon_at.text()},    {"fallback_beacon", plan.fallback_beacon},
        {"fallback_at", plan.fallback_at.text()}};
    json::array strata;
    if (audit_.seed) {
      json::array secrets;
      for (const Digest& secret : audit_.seed->secrets) {
        secrets.emplace_back(json::string(secret.hex()));
      }
      sampling["secrets"] = std::move(secrets);
      sampling["beacon_value"] = audit_.seed->beacon;
      sampling["fallback"] = audit_.seed->fallback;
      sampling["aborted"] = texts_json(audit_.seed->aborted);
      const auto sample = draw_sample(audit_, *input_.frozen);
      const auto results = sample ? evaluate_sample(audit_, *sample, input_.as_of)
                                  : Result<std::vector<StratumResult>>(sample.error());
      if (!results) {
        return results.error();
      }
      for (std::size_t i = 0; i < sample->size(); ++i) {
        strata.push_back(stratum_json((*sample)[i], (*results)[i]));
        all_passed_ = all_passed_ && (*results)[i].verdict == StratumResult::Verdict::kPassed;
      }
    }
    sampling["strata"] = std::move(strata);
    out_["sampling"] = std::move(sampling);
    return {};
  }

  /// Who attested these figures at this cut; those audited do not count for themselves.
  void attestors() {
    json::array out;
    Relations relations(*input_.now.world);
    for (const auto entry : input_.now.events) {
      const LoggedEvent& logged = entry.second;
      if (logged.event.type != kViewAttestationType ||
          institution_of(logged.event.issuer) != logged.member) {
        continue;
      }
      const auto attested = read_view_attestation(logged.event);
      if (!attested || attested->pack_digest != audit_.pack_digest ||
          attested->period != audit_.period || !in_scope(attested->indicator)) {
        continue;
      }
      const bool related = std::any_of(audit_.auditees.begin(), audit_.auditees.end(),
                                       [&](const std::string& auditee) {
                                         return relations.are_related(auditee, logged.member);
                                       });
      const bool same_cut = audit_.seed && attested->cut == audit_.seed->cut;
      const auto root = root_of(attested->indicator);
      out.push_back(json::object{
          {"by", party_json(logged.member)},
          {"event", logged.id.hex()},
          {"indicator", attested->indicator},
          {"engine", attested->engine},
          {"at_this_cut", same_cut},
          {"agrees", same_cut && root ? json::value(*root == attested->units.root.hex())
                                      : json::value(nullptr)},
          {"related", related}});
    }
    out_["attestors"] = std::move(out);
  }

  /// The root this report computed for an indicator; none if no stratum is drawn from it.
  [[nodiscard]] std::optional<std::string> root_of(const std::string& indicator) const {
    const json::value* sampling = out_.if_contains("sampling");
    if (sampling == nullptr) {
      return std::nullopt;
    }
    for (const json::value& stratum : sampling->at("strata").as_array()) {
      if (stratum.at("indicator").as_string() == indicator) {
        return std::string(stratum.at("view").at("root").as_string());
      }
    }
    return std::nullopt;
  }

  void requests() {
    const auto silent = unanswered(audit_, input_.as_of);
    json::array out;
    for (const EvidenceRequest& request : audit_.requests) {
      json::array answers;
      for (const EvidenceAnswer& answer : request.answers) {
        answers.push_back(json::object{{"act", act_json(answer.act)},
                                       {"provided", answer.provided},
                                       {"items", ids_json(answer.items)},
                                       {"documents", answer.documents.size()},
                                       {"text", answer.text}});
      }
      std::vector<EventId> without;
      std::set_intersection(request.items.begin(), request.items.end(), silent.begin(),
                            silent.end(), std::back_inserter(without));
      out.push_back(json::object{{"act", act_json(request.act)},
                                 {"items", ids_json(request.items)},
                                 {"asks_for", request.asks_for},
                                 {"due_on", request.due_on.text()},
                                 {"answers", std::move(answers)},
                                 {"unanswered", ids_json(without)}});
    }
    out_["requests"] = std::move(out);
  }

  void findings() {
    const auto overdue = overdue_answers(audit_, input_.as_of);
    json::array out;
    for (const AuditFinding& finding : audit_.findings) {
      json::array answers;
      for (const FindingAnswer& answer : finding.answers) {
        answers.push_back(json::object{
            {"act", act_json(answer.act)}, {"position", answer.position}, {"text", answer.text}});
      }
      json::object one{
          {"act", act_json(finding.act)},
          {"addressed_to", party_json(finding.addressed_to)},
          {"items", ids_json(finding.items)},
          {"rule", finding.rule},
          {"text", finding.text},
          {"severity", finding.severity},
          {"pattern", finding.pattern},
          {"effect", finding.excludes ? "exclude" : "none"},
          {"answer_by", finding.answer_by.text()},
          {"overdue", std::binary_search(overdue.begin(), overdue.end(), finding.act.event)},
          {"answers", std::move(answers)},
          {"closed", finding.closed.has_value()}};
      if (finding.amount) {
        one["amount_fen"] = whole_json(*finding.amount);
      }
      if (finding.conclusion) {
        one["conclusion"] = json::object{{"act", act_json(finding.conclusion->act)},
                                         {"ruling", name(finding.conclusion->ruling)},
                                         {"by_authority", finding.conclusion->by_authority},
                                         {"reason", finding.conclusion->reason}};
      }
      out.push_back(std::move(one));
    }
    out_["findings"] = std::move(out);
  }

  void statements() {
    json::array out;
    std::optional<AssuranceLevel> standing;
    bool qualified = false;
    for (const AssuranceStatement& statement : audit_.statements) {
      std::string why = audit_.why_void(statement);
      const json::value* figures = out_.if_contains("figures");
      if (why.empty() && figures != nullptr &&
          figures->at("digest").as_string() != statement.figures.hex()) {
        why = "the figures it covers are not those at the cut";
      }
      // No step of the ladder rests on a sample that does not carry it, or on an opinion that
      // withholds it.
      const bool assures = statement.level != AssuranceLevel::kAgreedUpon;
      const bool unsupported = assures && statement.opinion == "unqualified" && !all_passed_;
      unsupported_ = unsupported_ || (why.empty() && unsupported);
      const bool positive =
          assures ? statement.opinion == "unqualified" || statement.opinion == "qualified" : true;
      if (why.empty() && positive && !unsupported) {
        qualified =
            standing && *standing > statement.level ? qualified : statement.opinion == "qualified";
        standing = standing ? std::max(*standing, statement.level) : statement.level;
      }
      out.push_back(json::object{{"act", act_json(statement.act)},
                                 {"level", name(statement.level)},
                                 {"opinion", statement.opinion},
                                 {"opinion_words", words_json(opinion_words(statement.opinion))},
                                 {"figures", statement.figures.hex()},
                                 {"basis", statement.basis},
                                 {"exceptions", texts_json(statement.exceptions)},
                                 {"limitations", texts_json(statement.limitations)},
                                 {"stands", why.empty()},
                                 {"why_void", why}});
    }
    out_["statements"] = std::move(out);
    const Assurance assurance = assurance_of(standing, qualified, agreeing_attestors());
    out_["assurance"] = json::object{{"step", assurance.step},
                                     {"words", words_json(assurance.words)},
                                     {"attestors_agreeing", agreeing_attestors()}};
  }

  [[nodiscard]] std::int64_t agreeing_attestors() const {
    std::set<std::string> agreeing;
    for (const json::value& one : out_.at("attestors").as_array()) {
      if (one.at("agrees").is_bool() && one.at("agrees").as_bool() &&
          !one.at("related").as_bool()) {
        agreeing.emplace(one.at("by").at("id").as_string());
      }
    }
    return static_cast<std::int64_t>(agreeing.size());
  }

  void limitations() {
    json::array out;
    const auto add = [&](const Words& words) { out.push_back(words_json(words)); };
    add(limitation("facts"));
    add(limitation("beacon"));
    add(limitation("holidays"));
    add(limitation("independence"));
    if (const Cut* cut = audit_.cut(); cut != nullptr && !cut->missing.empty()) {
      add(limitation("missing-logs"));
    }
    if (unsupported_) {
      add(limitation("unsupported"));
    }
    std::int64_t erased = 0;
    for (const auto& [id, record] : input_.now.records.records) {
      erased += static_cast<std::int64_t>(record.erasures.size());
    }
    if (erased > 0) {
      add(limitation("erased"));
    }
    if (!input_.now.uninterpreted.empty()) {
      add(limitation("uninterpreted"));
    }
    out_["limitations"] = std::move(out);
  }

  void problems() {
    json::array out;
    for (const Problem& problem : audit_.problems) {
      out.push_back(json::object{{"event", problem.event.hex()},
                                 {"type", problem.type},
                                 {"by", problem.issuer},
                                 {"reason", name(problem.reason)},
                                 {"detail", problem.detail}});
    }
    out_["without_effect"] = std::move(out);
  }

  const AuditReportInput& input_;
  const Engagement& audit_;
  json::object out_;
  bool all_passed_ = true;
  bool unsupported_ = false;
};

}  // namespace

Result<std::string> audit_report(const AuditReportInput& input) {
  return Reporter(input).run();
}

Result<Digest> figures_digest(const Charter& charter, const LedgerState& frozen,
                              const Engagement& audit) {
  Digest digest;
  const auto figures = figures_at(charter, frozen, audit, &digest);
  return figures ? Result<Digest>(digest) : Result<Digest>(figures.error());
}

}  // namespace hefu
