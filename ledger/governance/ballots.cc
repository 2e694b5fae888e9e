#include "ledger/governance/ballots.h"

#include <algorithm>
#include <optional>

namespace hefu {

namespace {

struct Ballot {
  EventId proposal;
  Digest base;
  bool yes = false;
};

std::optional<Ballot> read(const Event& event) {
  const Value* proposal = event.field("proposal");
  const Value* base = event.field("base");
  const Value* choice = event.field("choice");
  if (proposal == nullptr || proposal->digest() == nullptr || base == nullptr ||
      base->digest() == nullptr || choice == nullptr || choice->text() == nullptr ||
      (*choice->text() != "yes" && *choice->text() != "no")) {
    return std::nullopt;
  }
  return Ballot{EventId{*proposal->digest()}, *base->digest(), *choice->text() == "yes"};
}

}  // namespace

PartyLog read_ballots(const std::string& member, const std::string& origin, const Digest& base,
                      const std::vector<const LoggedEvent*>& ballots,
                      const std::map<EventId, const CharterProposal*>& proposals,
                      const std::map<EventId, std::string>& not_fitting, const LogHeads& heads,
                      std::vector<VoidBallot>* without_effect) {
  PartyLog log;
  log.party = member;
  log.origin = origin;
  for (const LoggedEvent* logged : ballots) {
    const auto ballot = read(logged->event);
    if (!ballot || ballot->base != base) {
      continue;
    }
    const auto ignore = [&](const std::string& reason) {
      without_effect->push_back({logged->id, ballot->proposal, member, reason});
    };
    const auto found = proposals.find(ballot->proposal);
    if (found == proposals.end()) {
      if (const auto why = not_fitting.find(ballot->proposal); why != not_fitting.end()) {
        ignore(why->second);
        continue;
      }
      // A yes to what is not held here may exclude every later one in this log.
      if (ballot->yes && !log.unknown_from) {
        log.unknown_from = logged->position();
      }
      ignore("the proposal is not held here");
      continue;
    }
    const CharterProposal& proposal = *found->second;
    if (log.promises.count(proposal.id) + log.declines.count(proposal.id) +
            log.undecided.count(proposal.id) >
        0) {
      ignore("this member has voted on the proposal before");
      continue;
    }
    const auto witnessed = heads.witnessed(origin, logged->position());
    if (!ballot->yes) {
      log.declines.emplace(proposal.id, Declined{logged->id, logged->index, witnessed});
      continue;
    }
    auto& earlier = log.by_base[std::nullopt];
    if (!earlier.empty() && earlier.back().first >= proposal.attempt) {
      ignore("this member has voted for another proposal of this attempt, or of a later one");
      continue;
    }
    if (log.unknown_from) {
      log.undecided.emplace(proposal.id, logged->position());
      continue;
    }
    BindingSignature promise;
    promise.signature = logged->id;
    promise.version = proposal.id;
    promise.position = logged->position();
    promise.witnessed = witnessed;
    for (const auto& [attempt, version] : earlier) {
      promise.earlier.push_back(version);
    }
    earlier.emplace_back(proposal.attempt, proposal.id);
    log.promises.emplace(proposal.id, std::move(promise));
  }
  return log;
}

}  // namespace hefu
