#include <algorithm>
#include <iostream>
#include <set>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "tools/closing.h"
#include "tools/closing_act.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// Digest of the last published version of a pack.
Result<Digest> pack_digest(HttpClient& node, const std::string& pack) {
  const auto packs = fetch_object(node, "/v1/packs");
  if (!packs) {
    return packs.error();
  }
  std::optional<Digest> last;
  for (const json::value& item : array_at(*packs, "packs")) {
    if (text_at(item.as_object(), "id") == pack) {
      last = Digest::from_hex(text_at(item.as_object(), "digest"));
    }
  }
  return last ? Result<Digest>(*last)
              : Error{Errc::kNotFound, "the authority's log holds no pack " + pack,
                      "`hefu pack list` shows the published ones"};
}

Result<std::vector<ProposedLog>> read_logs(const json::object& cut) {
  std::vector<ProposedLog> logs;
  for (const json::value& item : array_at(cut, "logs")) {
    const json::object& log = item.as_object();
    const auto root = base64_decode(text_at(log, "root"));
    const auto digest = root ? Digest::from_bytes(*root) : std::nullopt;
    const json::value* size = log.if_contains("size");
    if (!digest || size == nullptr || !size->is_number()) {
      return Error{Errc::kInvalid, "the node's cut has a log without size or root", ""};
    }
    ProposedLog one{text_at(log, "origin"), size->to_number<std::uint64_t>(), *digest,
                    std::nullopt};
    const json::value* anchor = log.if_contains("anchor");
    if (anchor != nullptr && anchor->is_number()) {
      one.anchor = anchor->to_number<std::uint64_t>();
    }
    logs.push_back(std::move(one));
  }
  return logs;
}

/// Origins the node cannot get, whose members do not answer, or that the user names.
Result<std::vector<std::string>> read_missing(const Desk& desk, const json::object& cut,
                                              const std::vector<std::string>& named) {
  std::set<std::string> missing;
  for (const char* key : {"missing", "silent"}) {
    for (const json::value& origin : array_at(cut, key)) {
      missing.insert(std::string(origin.as_string()));
    }
  }
  if (!named.empty()) {
    const auto charter = desk.home.charter();
    if (!charter) {
      return charter.error();
    }
    for (const std::string& wanted : named) {
      const auto member = find_member(*charter, wanted);
      if (!member) {
        return member.error().during("--missing");
      }
      missing.insert(member->origin);
    }
  }
  return std::vector<std::string>(missing.begin(), missing.end());
}

/// What keeps a member from saying that it holds the same logs.
std::optional<Error> not_the_same(const json::object& cut) {
  for (const json::value& item : array_at(cut, "logs")) {
    const json::object& log = item.as_object();
    const std::string held = text_at(log, "held");
    if (held == "different") {
      return Error{Errc::kConflict,
                   "log " + text_at(log, "origin") + " has another root here than in the cut",
                   "do not cosign; compare with other members, see `hefu fork list`"};
    }
    if (held != "same") {
      return Error{Errc::kUnavailable,
                   "this node does not hold log " + text_at(log, "origin") + " that far (" + held +
                       "), so it cannot vouch for it",
                   "wait until it has caught up: `hefu node status`"};
    }
  }
  return std::nullopt;
}

void print_cut(const json::object& cut) {
  std::cout << text_at(cut, "event") << "\n  " << text_at(cut, "pack") << "  as of "
            << text_at(cut, "as_of") << "  by " << text_at(cut, "by") << "  cosigned by "
            << object_at(cut, "cosigned")->size() << " of "
            << cut.at("quorum").to_number<std::int64_t>() << " needed  " << text_at(cut, "status");
  if (const std::string why = text_at(cut, "why"); !why.empty()) {
    std::cout << ": " << why;
  }
  std::cout << "\n";
  for (const json::value& origin : array_at(cut, "missing")) {
    std::cout << "  missing: " << std::string(origin.as_string()) << "\n";
  }
}

}  // namespace

int run(Context& context, const CutPropose& options) {
  auto desk = open_desk(context);
  const auto digest = desk ? pack_digest(desk->node, options.pack) : Result<Digest>(desk.error());
  const auto cut =
      digest ? fetch_object(desk->node, "/v1/cut") : Result<json::object>(digest.error());
  if (!cut) {
    return report(context, cut.error());
  }
  CutProposal proposal;
  proposal.pack = options.pack;
  proposal.pack_digest = *digest;
  const auto as_of =
      options.as_of.empty() ? std::optional(system_now().date()) : Date::parse(options.as_of);
  if (!as_of) {
    return report(context, Error{Errc::kInvalid, "--as-of: not a calendar date",
                                 "write dates as YYYY-MM-DD"});
  }
  if (*as_of > system_now().date()) {
    return report(context, Error{Errc::kInvalid, "--as-of: lies in the future",
                                 "propose a cut when its day is over"});
  }
  proposal.as_of = *as_of;
  auto logs = read_logs(*cut);
  auto missing = logs ? read_missing(*desk, *cut, options.missing)
                      : Result<std::vector<std::string>>(logs.error());
  if (!missing) {
    return report(context, missing.error());
  }
  proposal.logs = *std::move(logs);
  proposal.missing = *std::move(missing);
  std::string done = "cut " + proposal.cut().id().hex() + " proposed for " + proposal.pack +
                     " as of " + proposal.as_of.text() + ", " +
                     std::to_string(proposal.logs.size()) + " logs";
  for (const std::string& origin : proposal.missing) {
    done += "\n  missing: " + origin;
  }
  return record_act(context, *desk, make_event(proposal), binding_role(desk->home), done);
}

int run(Context& context, const CutCosign& options) {
  auto desk = open_desk(context);
  const auto cut = desk ? fetch_object(desk->node, "/v1/cuts/" + url_encode(options.proposal))
                        : Result<json::object>(desk.error());
  if (!cut) {
    return report(context, cut.error());
  }
  if (text_at(*cut, "by") == desk->card.id) {
    return report(context, Error{Errc::kConflict, "who proposes a cut does not cosign it",
                                 "the other members do"});
  }
  if (text_at(*cut, "status") == "void") {
    return report(context, Error{Errc::kConflict, "the proposal is void: " + text_at(*cut, "why"),
                                 "propose another cut"});
  }
  if (const auto fault = not_the_same(*cut)) {
    return report(context, *fault);
  }
  const auto digest = digest_at(*cut, "cut");
  const auto proposal = digest_at(*cut, "event");
  if (!digest || !proposal) {
    return report(context, digest ? proposal.error() : digest.error());
  }
  return record_act(context, *desk, make_event(CutCosignature{EventId{*proposal}, *digest}),
                    KeyRole::kRegistrar,
                    "cosigned: all " + std::to_string(array_at(*cut, "logs").size()) +
                        " logs are the same here, up to the same places");
}

int run(Context& context, const CutList& /*options*/) {
  auto node = open_node(context);
  const auto cuts = node ? fetch_object(*node, "/v1/cuts") : Result<json::object>(node.error());
  if (!cuts) {
    return report(context, cuts.error());
  }
  if (context.json) {
    print_json(*cuts, false);
    return kExitOk;
  }
  for (const json::value& cut : array_at(*cuts, "cuts")) {
    print_cut(cut.as_object());
  }
  return kExitOk;
}

int run(Context& context, const CutShow& options) {
  auto node = open_node(context);
  const auto cut = node ? fetch_object(*node, "/v1/cuts/" + url_encode(options.proposal))
                        : Result<json::object>(node.error());
  if (!cut) {
    return report(context, cut.error());
  }
  if (context.json) {
    print_json(*cut, false);
    return kExitOk;
  }
  print_cut(*cut);
  std::cout << "  cut " << text_at(*cut, "cut") << "\n";
  for (const auto& [member, event] : *object_at(*cut, "cosigned")) {
    std::cout << "  cosigned by " << member << "\n";
  }
  for (const json::value& item : array_at(*cut, "logs")) {
    const json::object& log = item.as_object();
    std::cout << "  " << text_at(log, "origin") << "  size "
              << log.at("size").to_number<std::uint64_t>() << "  here: " << text_at(log, "held")
              << "\n";
  }
  return kExitOk;
}

int run(Context& context, const CutDiff& options) {
  auto node = open_node(context);
  const auto found =
      node ? fetch_object(*node, with_query("/v1/differences", {{"pack", options.pack},
                                                                {"period", options.period},
                                                                {"node", options.unit},
                                                                {"from", options.from},
                                                                {"to", options.to}}))
           : Result<json::object>(node.error());
  if (!found) {
    return report(context, found.error());
  }
  if (context.json) {
    print_json(*found, false);
    return kExitOk;
  }
  std::cout << text_at(*found, "from") << " → " << text_at(*found, "to") << "\n";
  print_differences(array_at(*found, "differences"));
  return kExitOk;
}

}  // namespace hefu
