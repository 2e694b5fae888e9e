#include "ledger/governance/governance_json.h"

#include <limits>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/charter/member_json.h"

namespace hefu {

namespace {

namespace json = boost::json;

json::value moment_json(const std::optional<Moment>& moment) {
  return moment ? json::value(moment->text()) : json::value(nullptr);
}

json::value date_json(const std::optional<Date>& date) {
  return date ? json::value(date->text()) : json::value(nullptr);
}

json::object member_json(const Member& member) {
  json::object object = member_to_json(member).as_object();
  object["participation"] = name(member.participation());
  object["successor"] =
      member.successor.empty() ? json::value(nullptr) : json::value(member.successor);
  json::array participations;
  for (const ParticipationFrom& change : member.participations) {
    participations.push_back(
        json::object{{"from", change.from.text()}, {"participation", name(change.participation)}});
  }
  object["participations"] = std::move(participations);
  json::array terms;
  for (const KeyTerm& term : member.terms) {
    terms.push_back(json::object{{"role", name(term.role)},
                                 {"public", base64_encode(term.key.bytes)},
                                 {"from", moment_json(term.from)},
                                 {"until", moment_json(term.until)},
                                 {"revoked_from", date_json(term.revoked_from)}});
  }
  object["terms"] = std::move(terms);
  json::array described;
  for (const AttributeFrom& change : member.described) {
    const bool founding = change.from.days == std::numeric_limits<std::int32_t>::min();
    described.push_back(
        json::object{{"from", founding ? json::value(nullptr) : json::value(change.from.text())},
                     {"name", change.key},
                     {"value", change.value}});
  }
  object["described"] = std::move(described);
  json::array ended;
  for (const EndedLog& log : member.ended_logs) {
    ended.push_back(json::object{{"origin", log.origin},
                                 {"size", log.size},
                                 {"root", log.root.hex()},
                                 {"ended", log.ended.text()},
                                 {"decision", log.decision.hex()}});
  }
  object["ended_logs"] = std::move(ended);
  return object;
}

json::object proposal_json(const JudgedProposal& judged) {
  const CharterProposal& proposal = judged.proposal;
  json::object object{
      {"id", proposal.id.hex()},         {"proposer", proposal.proposer},
      {"base", proposal.base.hex()},     {"attempt", proposal.attempt},
      {"change", name(proposal.change)}, {"decide_by", proposal.decide_by.text()},
      {"reason", proposal.reason},       {"decision", name(judged.decision)},
      {"because", judged.reason},        {"effective", moment_json(judged.effective)}};
  const auto put = [&](const char* field, const std::string& text) {
    if (!text.empty()) {
      object[field] = text;
    }
  };
  put("member", proposal.member);
  put("successor", proposal.successor);
  put("origin", proposal.origin);
  put("checkpoint", proposal.checkpoint);
  put("authority", proposal.authority.value_or(""));
  put("name_zh", proposal.name_zh.value_or(""));
  put("name_en", proposal.name_en.value_or(""));
  if (proposal.council) {
    object["council"] = *proposal.council;
  }
  if (proposal.quorum) {
    object["quorum"] = *proposal.quorum;
  }
  if (proposal.revoked_from) {
    object["revoked_from"] = proposal.revoked_from->text();
  }
  if (proposal.effective_on) {
    object["effective_on"] = proposal.effective_on->text();
  }
  json::array attributes;
  for (const auto& [key, value] : proposal.attributes) {
    attributes.push_back(json::object{{"name", key}, {"value", value}});
  }
  json::array keys;
  for (const auto& [role, key] : proposal.keys) {
    keys.push_back(json::object{{"role", name(role)}, {"public", base64_encode(key.bytes)}});
  }
  object["attributes"] = std::move(attributes);
  object["keys"] = std::move(keys);
  json::array groups;
  for (const Electorate& electorate : judged.electorates) {
    json::array members;
    for (const std::string& member : electorate.members) {
      members.emplace_back(member);
    }
    groups.push_back(json::object{{"needed", electorate.rule.needed}, {"members", members}});
  }
  object["deciding"] = std::move(groups);
  json::array votes;
  for (const SignerState& vote : judged.votes) {
    json::object one{
        {"member", vote.party},
        {"state", vote.status == ActStatus::kCounts    ? "yes"
                  : vote.status == ActStatus::kWaiting ? (vote.signed_ ? "yes, undated" : "none")
                                                       : "no"},
        {"dated", moment_json(vote.witnessed)}};
    if (vote.reason) {
      one["because"] = name(*vote.reason);
    }
    votes.push_back(std::move(one));
  }
  object["votes"] = std::move(votes);
  return object;
}

}  // namespace

boost::json::value members_to_json(const Charter& charter) {
  json::array members;
  for (const Member& member : charter.members) {
    members.push_back(member_json(member));
  }
  return json::object{{"federation", charter.federation.hex()},
                      {"name", charter.name},
                      {"authority", charter.authority},
                      {"council", charter.council},
                      {"quorum", charter.quorum},
                      {"revision", charter.revision},
                      {"decision", charter.decision().hex()},
                      {"closed", moment_json(charter.closed)},
                      {"members", std::move(members)}};
}

boost::json::value governance_to_json(const Governance& governance) {
  json::array decisions;
  for (const JudgedProposal& judged : governance.passed) {
    decisions.push_back(proposal_json(judged));
  }
  json::array proposals;
  for (const JudgedProposal& judged : governance.others) {
    proposals.push_back(proposal_json(judged));
  }
  json::array rotations;
  for (const Rotation& rotation : governance.rotations) {
    rotations.push_back(json::object{{"member", rotation.member},
                                     {"role", name(rotation.role)},
                                     {"public", base64_encode(rotation.key.bytes)},
                                     {"certificate", rotation.certificate.hex()},
                                     {"effective", rotation.at.text()},
                                     {"ended", rotation.ended}});
  }
  json::array ballots;
  for (const VoidBallot& ballot : governance.void_ballots) {
    ballots.push_back(json::object{{"id", ballot.id.hex()},
                                   {"proposal", ballot.proposal.hex()},
                                   {"member", ballot.member},
                                   {"because", ballot.reason}});
  }
  return json::object{{"decision", governance.charter.decision().hex()},
                      {"revision", governance.charter.revision},
                      {"decisions", std::move(decisions)},
                      {"proposals", std::move(proposals)},
                      {"rotations", std::move(rotations)},
                      {"void_ballots", std::move(ballots)}};
}

}  // namespace hefu
