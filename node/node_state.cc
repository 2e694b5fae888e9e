#include "node/node_state.h"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "node/peer_service.h"

namespace hefu {
namespace {

namespace json = boost::json;

/// Answers given so far, by how many milliseconds they took at most; "more" took longer.
json::object to_json(const LatencyCounts& latency) {
  json::object object;
  for (std::size_t i = 0; i < latency.counts.size(); ++i) {
    object[i < Histogram::kBoundsMs.size() ? std::to_string(Histogram::kBoundsMs.at(i)) : "more"] =
        latency.counts.at(i);
  }
  return object;
}

json::value to_json(const std::optional<Moment>& moment) {
  return moment ? json::value(moment->text()) : json::value(nullptr);
}

json::object to_json(const Condition& condition, std::uint64_t behind) {
  json::object object{{"state", state_name(condition, behind)},
                      {"code", name(condition.fault)},
                      {"since", condition.since.text()}};
  if (!condition.detail.empty()) {
    object["detail"] = condition.detail;
  }
  return object;
}

json::object to_json(const LogRecovery::Progress& progress, Moment now) {
  std::uint64_t took_ms = 0;
  if (progress.begun && progress.ended.value_or(now).ms > progress.begun->ms) {
    took_ms = static_cast<std::uint64_t>(progress.ended.value_or(now).ms - progress.begun->ms);
  }
  const std::uint64_t end = progress.ended ? progress.target : progress.size;
  const std::uint64_t fetched = end - std::min(end, progress.size_before);
  return {{"size_before", progress.size_before},
          {"size", progress.size},
          {"target", progress.target},
          {"needed", progress.needed},
          {"heard", json::value_from(progress.heard)},
          {"begun", to_json(progress.begun)},
          {"ended", to_json(progress.ended)},
          {"took_ms", took_ms},
          {"entries_per_s", took_ms > 0 ? fetched * 1000 / took_ms : 0}};
}

json::object own_json(const NodeState::OwnLog& own, Moment now) {
  json::object object{{"origin", own.origin},
                      {"size", own.size},
                      {"cosigned_size", own.cosigned_size},
                      {"writing", own.writing}};
  if (own.writing) {
    object["waiting"] = own.waiting;
    object["staged"] = own.staged;
    object["copies"] = own.copies;
    json::object latency;
    for (const AckLevel level : {AckLevel::kStored, AckLevel::kReplicated, AckLevel::kWitnessed}) {
      latency[name(level)] = to_json(own.latency.at(static_cast<std::size_t>(level)));
    }
    object["latency"] = std::move(latency);
  }
  if (own.recovery) {
    object["recovery"] = to_json(*own.recovery, now);
  }
  if (!own.reason.empty()) {
    object["code"] = own.code;
    object["reason"] = own.reason;
    object["hint"] = own.hint;
  }
  return object;
}

}  // namespace

std::string_view state_name(const Condition& condition, std::uint64_t behind) {
  if (condition.fault == Fault::kNone) {
    return behind == 0 ? "ok" : "behind";
  }
  return condition.fault == Fault::kFork ? "quarantined" : "failing";
}

std::uint64_t behind_of(const PeerCondition& peer, const NodeState::OwnLog& own) {
  return !peer.witness_only && peer.own_size < own.size ? own.size - peer.own_size : 0;
}

std::string status_json(const NodeState& state) {
  json::array peers;
  for (const PeerCondition& peer : state.peers) {
    const std::uint64_t behind = behind_of(peer, state.own);
    peers.push_back(json::object{{"member", peer.member},
                                 {"address", peer.address},
                                 {"condition", to_json(peer.condition, behind)},
                                 {"heard", to_json(peer.heard)},
                                 {"own_size", peer.own_size},
                                 {"contents", !peer.witness_only},
                                 {"behind", behind}});
  }
  json::array logs;
  for (const LogCondition& log : state.logs) {
    logs.push_back(json::object{{"member", log.member},
                                {"origin", log.origin},
                                {"size", log.size},
                                {"checkpoint_size", log.checkpoint_size},
                                {"cosigned_size", log.cosigned_size},
                                {"condition", to_json(log.condition, log.behind)},
                                {"heard", to_json(log.heard)},
                                {"behind", log.behind},
                                {"contents", !log.witness_only}});
  }
  return json::serialize(json::object{{"program", kProgramName},
                                      {"federation", state.federation},
                                      {"name", state.name},
                                      {"member", state.member},
                                      {"name_zh", state.name_zh},
                                      {"name_en", state.name_en},
                                      {"quorum", state.quorum},
                                      {"participation", state.participation},
                                      {"revision", state.revision},
                                      {"settled", state.settled},
                                      {"forks", state.forks},
                                      {"log", own_json(state.own, state.now)},
                                      {"logs", std::move(logs)},
                                      {"peers", std::move(peers)}});
}

}  // namespace hefu
