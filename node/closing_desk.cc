#include "node/closing_desk.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include <boost/json.hpp>

#include "ledger/closing/closing_json.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/uscc.h"
#include "ledger/programme/assert_outcome.h"
#include "ledger/view/attested_json.h"
#include "ledger/view/figures.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kReportBytesMax = std::size_t{512} << 20;
/// A report lists every record it counts: some megabytes in a large programme.
constexpr std::size_t kReportsKept = 16;
constexpr std::string_view kPresent = "present";
constexpr std::string_view kVintage = "vintage:";

Error no_proposal(const std::string& id) {
  return Error{Errc::kNotFound, "no proposal of a cut " + id + " at the present cut",
               "`hefu cut list` shows them; a new one shows once a quorum has cosigned its log"};
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return !text.empty() && code == std::errc() && end == text.data() + text.size() && value > 0
             ? std::optional(value)
             : std::nullopt;
}

/// A vintage of a period that stands: the given one, or the last. Null: the period is not closed.
Result<const JudgedClosing*> vintage_of(const Closings& closings, const std::string& pack,
                                        const std::string& period, const std::string& wanted) {
  const auto vintages = closings.vintages(pack, period);
  if (wanted.empty()) {
    return vintages.empty() ? nullptr : vintages.back();
  }
  const auto asked = number(wanted);
  for (const JudgedClosing* one : vintages) {
    if (asked == one->closing.vintage) {
      return one;
    }
  }
  return Error{Errc::kNotFound, "period " + period + " has no vintage " + wanted,
               "`hefu period show` lists them"};
}

std::string pack_id(const std::string& wanted) {
  return wanted.substr(0, wanted.find('/'));
}

const Document* published(const LedgerState& state, const std::string& id, const Digest& digest) {
  for (const Document& document : *state.documents) {
    if (document.kind == "pack" && document.id == id && document.digest == digest) {
      return &document;
    }
  }
  return nullptr;
}

/// Whether there is such a programme, and such a period of it.
Result<void> check_period(const LedgerState& state, const std::string& id,
                          const std::string& period) {
  const Document* document = find_document(*state.documents, "pack", id, "");
  if (document == nullptr) {
    return Error{Errc::kNotFound, "the authority's log holds no pack " + id,
                 "`hefu pack list` shows the published ones"};
  }
  const auto pack = Pack::from_json(document->content);
  const auto parsed = pack ? Period::parse(period, pack->valid) : Result<Period>(pack.error());
  return parsed ? Result<void>() : Result<void>(parsed.error());
}

// ---- Figures of closed periods

/// The figures of a report by indicator.
std::map<std::string, const json::object*> by_indicator(const json::object& report) {
  std::map<std::string, const json::object*> found;
  for (const json::value& item : report.at("indicators").as_array()) {
    found.emplace(item.at("indicator").as_string().c_str(), &item.as_object());
  }
  return found;
}

bool same_value(const json::object* a, const json::object* b) {
  return a != nullptr && b != nullptr && a->at("value") == b->at("value") &&
         a->if_contains("error") == nullptr && b->if_contains("error") == nullptr;
}

json::value shown_of(const json::object* figure) {
  return figure == nullptr ? json::value(nullptr) : figure->at("shown");
}

/// Gives each figure its status and vintage, and what the vintage before and the present cut say
/// where they differ.
void mark_figures(json::object& report, const JudgedClosing& closing, const json::object* before,
                  const json::object& present) {
  const auto earlier =
      before == nullptr ? std::map<std::string, const json::object*>() : by_indicator(*before);
  const auto now = by_indicator(present);
  const auto at = [](const auto& figures, const std::string& indicator) {
    const auto found = figures.find(indicator);
    return found == figures.end() ? nullptr : found->second;
  };
  std::int64_t differing = 0;
  for (json::value& item : report.at("indicators").as_array()) {
    json::object& figure = item.as_object();
    const std::string indicator(figure.at("indicator").as_string());
    const bool restated = before != nullptr && !same_value(at(earlier, indicator), &figure);
    const json::object* unfrozen = at(now, indicator);
    if (!same_value(unfrozen, &figure)) {
      figure["present"] = shown_of(unfrozen);
      ++differing;
    } else if (const json::value* attested = unfrozen->if_contains("attested_by")) {
      figure["attested_by"] = *attested;  // of the present figure, which is the same
    }
    if (restated) {
      figure["before"] = shown_of(at(earlier, indicator));
    }
    figure["status"] = restated ? "restated" : "frozen";
    figure["vintage"] = closing.closing.vintage;
  }
  json::object closed;
  closed["vintage"] = closing.closing.vintage;
  closed["event"] = closing.act.id.hex();
  closed["by"] = closing.act.by;
  closed["on"] = closing.act.on.text();
  closed["proposal"] = closing.closing.scope.proposal.hex();
  closed["reason"] = closing.closing.reason;
  closed["differing"] = differing;
  closed["present_cut"] = present.at("cut");
  report["closing"] = std::move(closed);
}

std::string provisional(const std::string& display) {
  auto document = parse_json(display, kReportBytesMax);
  HEFU_ASSERT(document.ok());  // made here a moment ago
  for (json::value& item : document->at("indicators").as_array()) {
    item.as_object()["status"] = "provisional";
    item.as_object()["vintage"] = nullptr;
  }
  return canonical_json(*document);
}

// ---- What could be closed and approved at a cut

json::object unit_json(const std::string& unit, const FigureTree& tree, const Closings& closings,
                       const FiguresAt& at, const Charter& charter) {
  const FigureTree::Node& node = tree.nodes.at(unit);
  json::array rests_on;
  json::array waits_for;
  for (const std::string& child : tree.children(unit)) {
    if (const JudgedApproval* approval = closings.approval(at, child)) {
      rests_on.emplace_back(approval->act.id.hex());
    } else {
      waits_for.emplace_back(child);
    }
  }
  const JudgedApproval* own = closings.approval(at, unit);
  json::object out;
  out["unit"] = unit.empty() ? json::value(nullptr) : json::value(json::string(unit));
  out["parent"] =
      node.parent.empty() ? json::value(nullptr) : json::value(json::string(node.parent));
  out["institution"] =
      node.institution.empty() ? json::value(nullptr) : json::value(json::string(node.institution));
  const bool member = charter.member(node.institution) != nullptr;
  out["speaker"] = member ? node.institution : charter.authority;
  out["level"] = name(node.level);
  out["figures"] = node.figures.hex();
  out["approval"] = own == nullptr ? json::value(nullptr) : json::value(own->act.id.hex());
  out["rests_on"] = std::move(rests_on);
  out["waits_for"] = std::move(waits_for);
  return out;
}

/// The closing that would come next at a cut, and what stands against it.
json::object next_json(const JudgedCut& cut, const FigureTree& tree, const Closings& closings,
                       const ClosingQuery& query, const Pack& pack, const Period& period,
                       const std::string& authority) {
  const JudgedClosing* last = closings.last_in_chain(query.pack, query.period);
  json::array cosignatures;
  for (const auto& [member, id] : cut.cosigned) {
    cosignatures.emplace_back(id.hex());
  }
  std::string refusal;
  if (cut.act.status != ClosingStatus::kStands) {
    refusal = "the proposal does not stand: " + cut.act.reason;
  } else if (cut.act.by != authority) {
    refusal = "the cut was proposed by " + cut.act.by + ", not by the authority";
  } else if (cut.proposal.as_of < period.span.last) {
    refusal = "the cut is as of " + cut.proposal.as_of.text() + ", the period ends on " +
              period.span.last.text();
  } else if (cut.cosigned.size() < cut.quorum) {
    refusal = std::to_string(cut.cosigned.size()) + " members have cosigned the cut, " +
              std::to_string(cut.quorum) + " are needed";
  } else if (last != nullptr && !may_reopen(pack.freeze_reopen_by, cut, authority)) {
    refusal = "the pack lets " + pack.freeze_reopen_by +
              " reopen a closed period, and it has not cosigned the cut";
  } else if (last != nullptr && last->closing.figures == tree.digest()) {
    refusal = "vintage " + std::to_string(last->closing.vintage) + " holds the same figures";
  }
  json::object out;
  out["vintage"] = last == nullptr ? 1 : last->closing.vintage + 1;
  out["previous"] = last == nullptr ? json::value(nullptr) : json::value(last->act.id.hex());
  out["cosignatures"] = std::move(cosignatures);
  out["figures"] = tree.digest().hex();
  out["earliest"] = Date{period.span.last.days + pack.freeze_grace_days + 1}.text();
  out["refusal"] = refusal.empty() ? json::value(nullptr) : json::value(json::string(refusal));
  return out;
}

/// Whether the directory, the groups or the figures of a report know an organisation: of a name
/// typed wrong all figures would be zero, and every target missed.
bool is_organisation(const LedgerState& state, const std::string& report, const std::string& name) {
  const World& world = *state.world;
  if (world.orgs.count(std::string(institution_of(name))) == 1 || world.groups.count(name) == 1) {
    return true;
  }
  const auto document = parse_json(report, kReportBytesMax);
  HEFU_ASSERT(document.ok());  // made here a moment ago
  const json::array& units = document->at("units").as_array();
  return std::any_of(units.begin(), units.end(),
                     [&](const json::value& unit) { return unit.at("unit").as_string() == name; });
}

Result<json::array> violated(const LedgerState& state, const Pack& pack, const Period& period,
                             const std::string& unit) {
  const auto outcomes = check_assertions(pack, *state.world, state.facts, period,
                                         unit.empty() ? std::nullopt : std::optional(unit));
  if (!outcomes) {
    return outcomes.error();
  }
  json::array found;
  for (const AssertOutcome& outcome : *outcomes) {
    if (blocks_approval({outcome})) {
      found.push_back(json::object{{"id", outcome.id}, {"detail", outcome.detail}});
    }
  }
  return found;
}

}  // namespace

Result<Closings> ClosingDesk::fold(const LedgerState& present, const std::string& pack,
                                   const std::string& period) {
  const Charter& charter = present.governance->charter;
  Closings found = fold_closings(present.events, charter, {});
  FigureTrees trees;
  for (const FiguresAt& wanted : figures_spoken_of(found, pack, period)) {
    const auto proposal = std::find_if(found.cuts.begin(), found.cuts.end(), [&](const auto& item) {
      return item.second.proposal.cut().id() == wanted.cut;
    });
    const auto tree = past_.tree(wanted, proposal->second.proposal.cut());
    if (tree) {  // else what needs it waits, and says so
      trees.emplace(wanted, **tree);
    }
  }
  return trees.empty() ? std::move(found) : fold_closings(present.events, charter, trees);
}

Result<std::string> ClosingDesk::cuts() {
  const auto present = views_.state();
  if (!present) {
    return present.error();
  }
  const Closings closings = fold_closings((*present)->events, (*present)->governance->charter, {});
  json::array cuts;
  for (const auto& [id, cut] : closings.cuts) {
    cuts.push_back(cut_json(cut, false));
  }
  return json::serialize(json::object{{"cuts", std::move(cuts)}});
}

Result<std::string> ClosingDesk::proposed_cut(const Digest& proposal) {
  const auto present = views_.state();
  if (!present) {
    return present.error();
  }
  const Closings closings = fold_closings((*present)->events, (*present)->governance->charter, {});
  const auto found = closings.cuts.find(EventId{proposal});
  if (found == closings.cuts.end()) {
    return no_proposal(proposal.hex());
  }
  json::object out = cut_json(found->second, true);
  bool same = true;
  for (json::value& item : out["logs"].as_array()) {
    json::object& log = item.as_object();
    const auto place = std::find_if(
        found->second.proposal.logs.begin(), found->second.proposal.logs.end(),
        [&](const ProposedLog& one) { return one.origin == log.at("origin").as_string(); });
    const auto held = past_.compare({place->origin, place->size, place->root});
    if (!held) {
      return held.error();
    }
    log["held"] = name(*held);
    same = same && *held == HeldAs::kSame;
  }
  out["same_here"] = same;
  return json::serialize(out);
}

Result<std::string> ClosingDesk::closings(const ClosingQuery& query) {
  const auto present = views_.state();
  if (!present) {
    return present.error();
  }
  if (auto known = check_period(**present, query.pack, query.period); !known) {
    return known.error();
  }
  const auto closings = fold(**present, query.pack, query.period);
  if (!closings) {
    return closings.error();
  }
  const Charter& charter = (*present)->governance->charter;
  json::object out = closings_json(*closings, query.pack, query.period);
  out["authority"] = charter.authority;
  if (!query.proposal) {
    return json::serialize(out);
  }
  const auto cut = closings->cuts.find(EventId{*query.proposal});
  if (cut == closings->cuts.end()) {
    return no_proposal(query.proposal->hex());
  }
  const CutProposal& proposal = cut->second.proposal;
  const FiguresAt at{query.pack, proposal.pack_digest, query.period, proposal.cut().id()};
  const auto state = past_.at(proposal.cut());
  const auto tree = state ? past_.tree(at, proposal.cut())
                          : Result<std::shared_ptr<const FigureTree>>(state.error());
  const auto pack =
      tree ? find_pack(**state, query.pack, proposal.pack_digest) : Result<Pack>(tree.error());
  const auto period =
      pack ? Period::parse(query.period, pack->valid) : Result<Period>(pack.error());
  if (!period) {
    return period.error();
  }
  const auto faults = violated(**state, *pack, *period, query.node);
  if (!faults) {
    return faults.error();
  }
  json::array units;
  for (const auto& [unit, node] : (*tree)->nodes) {
    units.push_back(unit_json(unit, **tree, *closings, at, charter));
  }
  out["at"] = json::object{{"proposal", query.proposal->hex()},
                           {"cut", proposal.cut().id().hex()},
                           {"pack_digest", proposal.pack_digest.hex()},
                           {"units", std::move(units)},
                           {"violated", *faults},
                           {"next", next_json(cut->second, **tree, *closings, query, *pack, *period,
                                              charter.authority)}};
  return json::serialize(out);
}

Result<std::shared_ptr<const std::string>> ClosingDesk::at_cut(const Closings& closings,
                                                               const EventId& id,
                                                               FigureRequest request) {
  const auto cut = closings.cuts.find(id);
  if (cut == closings.cuts.end()) {
    return no_proposal(id.hex());
  }
  const CutProposal& proposal = cut->second.proposal;
  const std::string key = id.hex() + "\n" + request.pack + "\n" + request.period + "\n" +
                          request.unit + "\n" + request.indicator;
  {
    const std::lock_guard lock(mutex_);
    const auto kept = std::find_if(reports_.begin(), reports_.end(),
                                   [&](const auto& item) { return item.first == key; });
    if (kept != reports_.end()) {
      reports_.splice(reports_.begin(), reports_, kept);
      return reports_.front().second;
    }
  }
  const auto state = past_.at(proposal.cut());
  if (!state) {
    return state.error();
  }
  const Document* document = published(**state, proposal.pack, proposal.pack_digest);
  if (document == nullptr || proposal.pack != pack_id(request.pack)) {
    return Error{Errc::kNotFound,
                 "cut " + proposal.cut().id().hex() + " was proposed for pack " + proposal.pack +
                     ", as published at it; not for " + request.pack,
                 "`hefu cut list` shows what each is for"};
  }
  request.pack = document->id + "/" + document->version;
  auto report = compute_figures((*state)->governance->charter, **state, request);
  if (!report) {
    return report.error();
  }
  const auto made = std::make_shared<const std::string>(std::move(report->display));
  const std::lock_guard lock(mutex_);
  reports_.emplace_front(key, made);
  if (reports_.size() > kReportsKept) {
    reports_.pop_back();
  }
  return made;
}

Result<std::string> ClosingDesk::attested_at(const Closings& closings, const EventId& proposal,
                                             const FigureRequest& request,
                                             const std::string& display,
                                             const ViewStatements& said) {
  const auto state = past_.at(closings.cuts.at(proposal).proposal.cut());
  return state ? with_attestations(**state, request, display, said)
               : Result<std::string>(state.error());
}

Result<std::string> ClosingDesk::figures(const FigureQuery& query) {
  const auto present = views_.state();
  if (!present) {
    return present.error();
  }
  const std::string question = json::serialize(
      json::array{query.pack, query.period, query.node, query.indicator, query.vintage});
  return shown_.get(*present, question, [&] { return figures_now(query); });
}

Result<std::string> ClosingDesk::figures_now(const FigureQuery& query) {
  const FigureRequest request{query.pack, query.period, query.node, query.indicator};
  auto now = views_.figures(request);
  const auto present = now ? views_.state() : Result<State>(now.error());
  if (!present) {
    return present.error();
  }
  if (!query.node.empty() && !is_organisation(**present, now->report, query.node)) {
    return Error{Errc::kNotFound, "nobody here is called " + query.node + ", so it has no figures",
                 "a credit code, or credit code/unit; without it: the whole programme"};
  }
  const ViewStatements said = view_statements(**present);
  auto attested = with_attestations(**present, request, now->display, said);
  if (!attested) {
    return attested;
  }
  now->display = *std::move(attested);
  if (query.vintage == kPresent) {
    return provisional(now->display);
  }
  const Closings closings = fold_closings((*present)->events, (*present)->governance->charter, {});
  if (const auto proposal = Digest::from_hex(query.vintage)) {
    const auto found = at_cut(closings, EventId{*proposal}, request);
    const auto shown = found ? attested_at(closings, EventId{*proposal}, request, **found, said)
                             : Result<std::string>(found.error());
    return shown ? Result<std::string>(provisional(*shown)) : shown;
  }
  const std::string id = pack_id(query.pack);
  const auto chosen = vintage_of(closings, id, query.period, query.vintage);
  if (!chosen) {
    return chosen.error();
  }
  const bool other_version = *chosen != nullptr && query.pack != id &&
                             now->pack_digest != (*chosen)->closing.scope.pack_digest;
  if (*chosen == nullptr || other_version) {
    return provisional(now->display);
  }
  const auto frozen = at_cut(closings, (*chosen)->closing.scope.proposal, request);
  if (!frozen) {
    return frozen.error().during("vintage " + std::to_string((*chosen)->closing.vintage));
  }
  std::shared_ptr<const std::string> before;
  for (const JudgedClosing* one : closings.vintages(id, query.period)) {
    if (one->closing.vintage + 1 == (*chosen)->closing.vintage) {
      auto earlier = at_cut(closings, one->closing.scope.proposal, request);
      if (!earlier) {
        return earlier.error().during("vintage " + std::to_string(one->closing.vintage));
      }
      before = *earlier;
    }
  }
  const auto shown =
      attested_at(closings, (*chosen)->closing.scope.proposal, request, **frozen, said);
  if (!shown) {
    return shown;
  }
  auto report = parse_json(*shown, kReportBytesMax);
  const auto present_report = parse_json(now->display, kReportBytesMax);
  const auto before_report = before ? parse_json(*before, kReportBytesMax) : Result<json::value>();
  HEFU_ASSERT(report.ok() && present_report.ok());  // made here a moment ago
  mark_figures(report->as_object(), **chosen,
               before_report.ok() ? &before_report->as_object() : nullptr,
               present_report->as_object());
  return canonical_json(*report);
}

/// A place on the way from one set of figures to another.
struct ClosingDesk::Place {
  State state;
  Digest pack_digest;
};

Result<ClosingDesk::Place> ClosingDesk::place(const State& present, const Closings& closings,
                                              const DifferenceQuery& query,
                                              const std::string& text) {
  if (text == kPresent) {
    const Document* document = find_document(*present->documents, "pack", query.pack, "");
    if (document == nullptr) {
      return Error{Errc::kNotFound, "the authority's log holds no pack " + query.pack,
                   "`hefu pack list` shows the published ones"};
    }
    return Place{present, document->digest};
  }
  EventId proposal;
  if (text.starts_with(kVintage)) {
    const auto closing =
        vintage_of(closings, query.pack, query.period,
                   text.substr(kVintage.size()).empty() ? "0" : text.substr(kVintage.size()));
    if (!closing) {
      return closing.error();
    }
    proposal = (*closing)->closing.scope.proposal;
  } else if (const auto id = Digest::from_hex(text)) {
    proposal = EventId{*id};
  } else {
    return Error{Errc::kInvalid, "\"" + text + "\" is no place to compare",
                 "give the proposal of a cut, vintage:N or present"};
  }
  const auto cut = closings.cuts.find(proposal);
  if (cut == closings.cuts.end()) {
    return no_proposal(proposal.hex());
  }
  const auto state = past_.at(cut->second.proposal.cut());
  return state ? Place{*state, cut->second.proposal.pack_digest} : Result<Place>(state.error());
}

Result<std::string> ClosingDesk::differences(const DifferenceQuery& query) {
  const auto present = views_.state();
  if (!present) {
    return present.error();
  }
  const Closings closings = fold_closings((*present)->events, (*present)->governance->charter, {});
  const auto from = place(*present, closings, query, query.from);
  const auto to = from ? place(*present, closings, query, query.to) : Result<Place>(from.error());
  if (!to) {
    return to.error();
  }
  const auto found =
      hefu::differences(*from->state, *to->state,
                        {query.pack, from->pack_digest, to->pack_digest, query.period, query.node});
  if (!found) {
    return found.error();
  }
  return json::serialize(json::object{{"pack", query.pack},
                                      {"period", query.period},
                                      {"from", query.from},
                                      {"to", query.to},
                                      {"from_cut", from->state->cut.id().hex()},
                                      {"to_cut", to->state->cut.id().hex()},
                                      {"differences", differences_json(*found)}});
}

}  // namespace hefu
