// What the HTTP API says about cuts, closed periods and figures; the rest of the port is in
// node_port.cc.

#include <algorithm>
#include <set>
#include <utility>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "node/node.h"
#include "node/node_port.h"

namespace hefu {
namespace {

namespace json = boost::json;

/// Index of the last anchor of a log that witnesses dated, below a size.
json::value last_anchor(const LedgerState* state, const Checkpoint& place) {
  std::optional<std::uint64_t> last;
  if (state != nullptr) {
    for (const auto& [at, head] : state->heads) {
      if (head.origin == place.origin && head.anchored_at < place.size) {
        last = std::max(last.value_or(0), head.anchored_at);
      }
    }
  }
  return last ? json::value(*last) : json::value(nullptr);
}

}  // namespace

namespace {

/// What a proposal of this cut says of logs, in the fields of its event: a log whose member does
/// not answer is named as missing, and what is held of it counts all the same.
json::object proposal_of(const Cut& cut, std::set<std::string> silent, const LedgerState* state) {
  CutProposal proposal;
  json::array logs;
  for (const CutLog& log : cut.logs) {
    const Checkpoint& at = log.checkpoint;
    proposal.logs.push_back({at.origin, at.size, at.root, std::nullopt});
    const json::value anchor = last_anchor(state, at);
    logs.push_back(json::object{{"origin", at.origin},
                                {"size", at.size},
                                {"root", at.root.hex()},
                                {"anchor", anchor.is_null() ? json::value(-1) : anchor}});
  }
  silent.insert(cut.missing.begin(), cut.missing.end());
  json::array missing;
  for (const std::string& origin : silent) {
    proposal.missing.push_back(origin);
    missing.emplace_back(origin);
  }
  return {{"cut", proposal.cut().id().hex()},
          {"logs", std::move(logs)},
          {"missing", std::move(missing)}};
}

}  // namespace

Result<std::string> NodePort::cut() {
  const auto cut = views_.cut();
  if (!cut) {
    return cut.error();
  }
  const auto state = views_.latest();
  json::array logs;
  for (const CutLog& log : cut->logs) {
    logs.push_back(json::object{{"origin", log.checkpoint.origin},
                                {"size", log.checkpoint.size},
                                {"root", base64_encode(log.checkpoint.root.view())},
                                {"anchor", last_anchor(state.get(), log.checkpoint)},
                                {"checkpoint", log.note}});
  }
  json::array missing;
  for (const std::string& origin : cut->missing) {
    missing.emplace_back(origin);
  }
  std::set<std::string> silent;
  for (const PeerCondition& peer : node_.state().peers) {
    const Member* member = node_.charter().member(peer.member);
    if (member != nullptr && peer.condition.fault != Fault::kNone) {
      silent.insert(member->origin);
    }
  }
  json::array not_answering;
  for (const std::string& origin : silent) {
    not_answering.emplace_back(origin);
  }
  return json::serialize(json::object{{"cut", cut->id().hex()},
                                      {"logs", std::move(logs)},
                                      {"missing", std::move(missing)},
                                      {"silent", std::move(not_answering)},
                                      {"proposal", proposal_of(*cut, silent, state.get())}});
}

Result<std::string> NodePort::cuts() {
  return closing_.cuts();
}

Result<std::string> NodePort::proposed_cut(const Digest& proposal) {
  return closing_.proposed_cut(proposal);
}

Result<std::string> NodePort::closings(const ClosingQuery& query) {
  return closing_.closings(query);
}

Result<std::string> NodePort::differences(const DifferenceQuery& query) {
  return closing_.differences(query);
}

Result<std::string> NodePort::figures(const FigureQuery& query) {
  return closing_.figures(query);
}

}  // namespace hefu
