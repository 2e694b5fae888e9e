#include <iostream>

#include <boost/json.hpp>

#include "tools/closing.h"
#include "tools/closing_act.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

void print_act(const json::object& act, const std::string& what) {
  std::cout << "  " << what << "  by " << text_at(act, "by") << " on " << text_at(act, "on") << "  "
            << text_at(act, "status");
  if (const std::string why = text_at(act, "why"); !why.empty()) {
    std::cout << ": " << why;
  }
  const json::value* reproduced = act.if_contains("reproduced");
  if (reproduced != nullptr && reproduced->is_bool()) {
    std::cout << (reproduced->as_bool() ? "  reproduced here" : "  NOT what this node computes");
  }
  std::cout << "\n    event " << text_at(act, "event") << "\n";
}

/// The proposal of the authority that was recorded last among those a quorum cosigned.
std::string last_proposal(const json::object& closings) {
  std::string last;
  std::string recorded;
  for (const json::value& item : array_at(closings, "cuts")) {
    const json::object& cut = item.as_object();
    const bool usable = text_at(cut, "status") == "stands" &&
                        text_at(cut, "by") == text_at(closings, "authority") &&
                        static_cast<std::int64_t>(object_at(cut, "cosigned")->size()) >=
                            cut.at("quorum").to_number<std::int64_t>();
    if (usable && text_at(cut, "recorded_by") >= recorded) {
      recorded = text_at(cut, "recorded_by");
      last = text_at(cut, "event");
    }
  }
  return last;
}

/// Fills a closing from what the node says could come next.
Result<PeriodClosing> closing_of(const json::object& closings, const json::object& next) {
  PeriodClosing closing;
  auto scope = scope_of(closings);
  auto cosignatures = ids_at(next, "cosignatures");
  const auto figures = digest_at(next, "figures");
  if (!scope || !cosignatures || !figures) {
    return !scope ? scope.error() : !cosignatures ? cosignatures.error() : figures.error();
  }
  closing.scope = *std::move(scope);
  closing.cosignatures = *std::move(cosignatures);
  closing.figures = *figures;
  closing.vintage = next.at("vintage").to_number<std::int64_t>();
  if (closing.vintage > 1) {
    const auto previous = digest_at(next, "previous");
    if (!previous) {
      return previous.error();
    }
    closing.previous = EventId{*previous};
  }
  return closing;
}

/// What the new vintage changes, printed before it is signed.
Result<void> show_differences(HttpClient& node, const PeriodClose& options,
                              const PeriodClosing& closing) {
  const auto found = fetch_object(
      node,
      with_query("/v1/differences", {{"pack", options.pack},
                                     {"period", options.period},
                                     {"from", "vintage:" + std::to_string(closing.vintage - 1)},
                                     {"to", closing.scope.proposal.hex()}}));
  if (!found) {
    return found.error();
  }
  std::cout << "vintage " << closing.vintage - 1 << " → vintage " << closing.vintage << ":\n";
  print_differences(array_at(*found, "differences"));
  return {};
}

}  // namespace

int run(Context& context, const PeriodClose& options) {
  auto desk = open_desk(context);
  std::string proposal = options.proposal;
  if (desk && proposal.empty()) {
    const auto all = fetch_closings(desk->node, options.pack, options.period, "");
    if (!all) {
      return report(context, all.error());
    }
    proposal = last_proposal(*all);
    if (proposal.empty()) {
      return report(context, Error{Errc::kNotFound,
                                   "no cut for " + options.pack + " has been cosigned by a quorum",
                                   "`hefu cut propose`, then the others `hefu cut cosign`"});
    }
  }
  const auto closings = desk ? fetch_closings(desk->node, options.pack, options.period, proposal)
                             : Result<json::object>(desk.error());
  if (!closings) {
    return report(context, closings.error());
  }
  if (const auto authority = need_authority(*closings, *desk); !authority) {
    return report(context, authority.error());
  }
  const json::object* at = object_at(*closings, "at");
  const json::object* next = at == nullptr ? nullptr : object_at(*at, "next");
  if (next == nullptr) {
    return report(context, Error{Errc::kInvalid, "the node does not say what comes next", ""});
  }
  if (const std::string refusal = text_at(*next, "refusal"); !refusal.empty()) {
    return report(context, Error{Errc::kConflict, refusal,
                                 "`hefu cut list` shows cuts and who cosigned them; an act counts "
                                 "a moment after it was recorded, when witnesses have dated it"});
  }
  const std::string earliest = text_at(*next, "earliest");
  if (!options.early && system_now().date().text() < earliest) {
    return report(context,
                  Error{Errc::kConflict, "the programme leaves time for records until " + earliest,
                        "close on that day or later, or say --early"});
  }
  auto closing = closing_of(*closings, *next);
  if (!closing) {
    return report(context, closing.error());
  }
  if (closing->vintage > 1) {
    if (!context.json) {
      if (const auto shown = show_differences(desk->node, options, *closing); !shown) {
        return report(context, shown.error());
      }
    }
    if (options.reason.empty() && !options.dry_run) {
      return report(context, Error{Errc::kInvalid,
                                   "period " + options.period +
                                       " is closed already: a further vintage needs a reason",
                                   "--reason …; the vintages before stay as they are"});
    }
  }
  closing->reason = options.reason;
  if (options.dry_run) {
    std::cout << "would close " << options.period << " at vintage " << closing->vintage << ", cut "
              << closing->scope.cut.hex() << "\n";
    return kExitOk;
  }
  return record_act(context, *desk, make_event(*closing), binding_role(desk->home),
                    options.period + " closed at vintage " + std::to_string(closing->vintage) +
                        ", cut " + closing->scope.cut.hex());
}

int run(Context& context, const PeriodShow& options) {
  auto node = open_node(context);
  const auto closings = node ? fetch_closings(*node, options.pack, options.period, "")
                             : Result<json::object>(node.error());
  if (!closings) {
    return report(context, closings.error());
  }
  if (context.json) {
    print_json(*closings, false);
    return kExitOk;
  }
  std::cout << options.pack << "  " << options.period << "\n";
  for (const json::value& item : array_at(*closings, "closings")) {
    const json::object& one = item.as_object();
    print_act(one, "vintage " + std::to_string(one.at("vintage").to_number<std::int64_t>()));
    std::cout << "    cut " << text_at(one, "cut") << "  as of " << text_at(one, "as_of");
    const std::string reason = text_at(one, "reason");
    std::cout << (reason.empty() ? "" : "  reason: " + reason) << "\n";
  }
  if (array_at(*closings, "closings").empty()) {
    std::cout << "  not closed: its figures are provisional\n";
  }
  for (const json::value& item : array_at(*closings, "approvals")) {
    const json::object& one = item.as_object();
    const std::string unit = text_at(one, "unit");
    print_act(one, text_at(one, "level") + " " + (unit.empty() ? "the whole programme" : unit));
  }
  for (const json::value& item : array_at(*closings, "statements")) {
    const json::object& one = item.as_object();
    const std::string decision = text_at(one, "decision");
    print_act(one, "statement" + (decision.empty() ? "" : " (" + decision + ")"));
  }
  return kExitOk;
}

}  // namespace hefu
