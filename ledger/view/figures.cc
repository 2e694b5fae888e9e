#include "ledger/view/figures.h"

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "ledger/programme/assert_outcome.h"
#include "ledger/programme/evaluate.h"
#include "ledger/programme/figure_json.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/programme/table.h"
#include "ledger/view/document.h"
#include "ledger/view/view_attestation.h"
#include "ledger/view/view_dissent.h"

namespace hefu {

namespace {

namespace json = boost::json;

json::array indicators_json(const Pack& pack, const std::vector<Figure>& figures) {
  json::array out;
  for (const Figure& figure : figures) {
    const PackIndicator* indicator = pack.find_indicator(figure.indicator);
    HEFU_ASSERT(indicator != nullptr);
    out.push_back(figure_json(figure, *indicator));
  }
  return out;
}

/// What each node of the organisation tree shows, so that a parent can be held against its
/// children.
json::array units_json(const TreeFigures& tree) {
  json::array out;
  for (const NodeFigures& node : tree.nodes) {
    if (!node.node) {
      continue;
    }
    json::object values;
    for (const Figure& figure : node.figures) {
      values[figure.indicator] = figure.shown;
    }
    out.push_back(json::object{
        {"unit", *node.node},
        {"parent", node.parent ? json::value(json::string(*node.parent)) : json::value(nullptr)},
        {"shown", std::move(values)}});
  }
  return out;
}

/// What a report is made of.
struct Computed {
  const Pack& pack;
  const Period& period;
  std::vector<Figure> figures;
  TreeFigures tree;
  std::vector<AssertOutcome> outcomes;
};

std::optional<std::string> unit_of(const FigureRequest& request) {
  return request.unit.empty() ? std::nullopt : std::make_optional(request.unit);
}

Result<FigureReport> report_of(const Charter& charter, const LedgerState& state,
                               const FigureRequest& request, Computed computed) {
  auto& [pack, period, figures, tree, outcomes] = computed;
  const auto unit = unit_of(request);
  if (!request.indicator.empty()) {
    if (pack.find_indicator(request.indicator) == nullptr) {
      return Error{Errc::kNotFound, "the pack has no indicator " + request.indicator,
                   "`hefu figure show` without --indicator lists them"};
    }
    const auto another = [&](const Figure& figure) {
      return figure.indicator != request.indicator;
    };
    std::erase_if(figures, another);
    for (NodeFigures& node : tree.nodes) {
      std::erase_if(node.figures, another);
    }
  }

  FigureReport report;
  report.pack = pack.id;
  report.version = pack.version;
  report.pack_digest = pack.digest();
  report.types_needed = always_needed_types();
  for (const std::string& type : pack.event_types()) {
    report.types_needed.insert(type);
  }
  json::array missing;
  for (const std::string& origin : state.cut.missing) {
    missing.emplace_back(origin);
  }
  json::object adds_up;
  for (const auto& [indicator, holds] : tree.adds_up) {
    adds_up[indicator] = holds;
  }
  json::object document{{"format", 1},
                        {"federation", charter.federation.hex()},
                        {"cut", state.cut.id().hex()},
                        {"missing", missing},
                        {"pack",
                         {{"id", pack.id},
                          {"version", pack.version},
                          {"digest", pack.digest().hex()},
                          {"title", {{"zh", pack.title.zh}, {"en", pack.title.en}}}}},
                        {"period", period.text},
                        {"unit", unit ? json::value(json::string(*unit)) : json::value(nullptr)},
                        {"indicators", indicators_json(pack, figures)},
                        {"units", units_json(tree)},
                        {"adds_up", adds_up}};
  if (!outcomes.empty()) {
    document["asserts"] = asserts_json(outcomes);
  }
  report.report = canonical_json(document);
  const auto table = [&](TableLanguage language) {
    const std::string beside = beside_table(pack, figures, language);
    return indicator_table(pack, figures, language) + (beside.empty() ? "" : "\n" + beside) +
           assertion_lines(pack, outcomes, language);
  };
  document["table"] = {{"zh", table(TableLanguage::kChinese)},
                       {"en", table(TableLanguage::kEnglish)}};
  report.display = canonical_json(document);
  return report;
}

}  // namespace

Result<const Document*> find_pack(const LedgerState& state, const std::string& wanted) {
  const auto slash = wanted.find('/');
  const std::string id = wanted.substr(0, slash);
  const std::string version = slash == std::string::npos ? "" : wanted.substr(slash + 1);
  const Document* document = find_document(*state.documents, "pack", id, version);
  if (document == nullptr) {
    return Error{Errc::kNotFound, "the authority's log holds no pack " + wanted,
                 "`hefu pack list` shows the published ones; `hefu pack publish` adds one"};
  }
  return document;
}

Result<FigureReport> compute_figures(const Charter& charter, const LedgerState& state,
                                     const FigureRequest& request) {
  const auto document = find_pack(state, request.pack);
  if (!document) {
    return document.error();
  }
  const auto pack = Pack::from_json((*document)->content);
  if (!pack) {
    return pack.error();
  }
  const auto period = Period::parse(request.period, pack->valid);
  if (!period) {
    return period.error();
  }
  const auto unit = unit_of(request);
  auto figures = evaluate(*pack, *state.world, state.facts, *period, unit);
  if (!figures) {
    return figures.error();
  }
  auto tree = evaluate_tree(*pack, *state.world, state.facts, *period);
  if (!tree) {
    return tree.error();
  }
  auto outcomes = check_assertions(*pack, *state.world, state.facts, *period, unit);
  if (!outcomes) {
    return outcomes.error();
  }
  return report_of(
      charter, state, request,
      Computed{*pack, *period, *std::move(figures), *std::move(tree), *std::move(outcomes)});
}

Result<FigureReport> compute_figures(const LedgerState& state, const FigureRequest& request,
                                     KeptPack& kept) {
  const Pack& pack = kept.pack();
  const auto period = Period::parse(request.period, pack.valid);
  if (!period) {
    return period.error();
  }
  const auto unit = unit_of(request);
  return report_of(state.governance->charter, state, request,
                   Computed{pack, *period, kept.figures(*period, unit), kept.tree(*period),
                            kept.assertions(*period, unit)});
}

std::set<std::string> always_needed_types() {
  // Assessments and incidents are here because leaving one out would flatter a figure.
  std::set<std::string> types = {"institution-registration", "membership-change",
                                 "assessment-decision", "compliance-incident"};
  const Catalogue protocol_only;
  for (const EventType& type : protocol_only.types()) {
    types.insert(type.name);
  }
  // What members attest changes no figure, and exporters of earlier versions do not know the type:
  // were it needed, their bundles would seem to withhold it.
  types.erase(std::string(kViewAttestationType));
  types.erase(std::string(kViewDissentType));
  return types;
}

}  // namespace hefu
