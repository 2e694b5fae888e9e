#include "ledger/governance/governance.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/agreement/judge.h"
#include "ledger/event/uscc.h"
#include "ledger/governance/enact.h"
#include "ledger/governance/epoch_end.h"
#include "ledger/record/key_authority.h"

namespace hefu {

namespace {

using Proposals = std::map<EventId, CharterProposal>;
using Ballots = std::map<std::string, std::vector<const LoggedEvent*>>;

/// The events of governance that stand in the log of their issuer, each once, in log order.
std::vector<const LoggedEvent*> own_events(std::span<const LoggedEvent* const> events) {
  std::vector<const LoggedEvent*> own;
  for (const LoggedEvent* logged : events) {
    if (concerns_charter(logged->event.type) &&
        institution_of(logged->event.issuer) == logged->member) {
      own.push_back(logged);
    }
  }
  const auto place = [](const LoggedEvent* logged) {
    return std::tuple_cat(logged->place(), std::tie(logged->id));
  };
  std::sort(own.begin(), own.end(),
            [&](const LoggedEvent* a, const LoggedEvent* b) { return place(a) < place(b); });
  own.erase(
      std::unique(own.begin(), own.end(),
                  [&](const LoggedEvent* a, const LoggedEvent* b) { return place(a) == place(b); }),
      own.end());
  return own;
}

/// Whether a key of this role speaks for the member on the charter: a seal key, or where it has
/// none, a registrar's.
bool may_bind(const Charter& rules, const std::string& id, KeyRole role) {
  const Member* member = rules.member(id);
  return role == KeyRole::kSeal || (role == KeyRole::kRegistrar && member != nullptr &&
                                    member->keys.count(KeyRole::kSeal) == 0);
}

class Fold {
 public:
  Fold(const Charter& charter, const Charter& rules, std::span<const LoggedEvent* const> events,
       const LogHeads& heads)
      : rules_(rules), events_(own_events(events)), heads_(heads) {
    state_.charter = charter;
  }

  Governance run() {
    read();
    while (step()) {
    }
    for (auto& [id, proposal] : proposals_) {
      JudgedProposal judged;
      judged.proposal = std::move(proposal);
      judged.decision = Decision::kWaiting;
      judged.reason = "the decision it builds on is not held here";
      state_.others.push_back(std::move(judged));
    }
    std::sort(state_.others.begin(), state_.others.end(),
              [](const JudgedProposal& a, const JudgedProposal& b) {
                return a.proposal.id < b.proposal.id;
              });
    std::sort(state_.void_ballots.begin(), state_.void_ballots.end(),
              [](const VoidBallot& a, const VoidBallot& b) { return a.id < b.id; });
    state_.rotations = take_rotations(state_.charter, events_, heads_);
    return std::move(state_);
  }

 private:
  void read() {
    const KeyAuthority keys(events_, rules_);
    std::map<std::pair<std::string, Digest>, int> made;
    for (const LoggedEvent* logged : events_) {
      if (logged->event.type == kKeyCertificationType) {
        continue;
      }
      const auto role = keys.role_when_logged(*logged);
      if (!role || !may_bind(rules_, logged->member, *role)) {
        continue;
      }
      if (logged->event.type == kCharterBallotType) {
        ballots_[logged->member].push_back(logged);
        continue;
      }
      auto proposal = read_proposal(logged->id, logged->event);
      if (proposal && ++made[{logged->member, proposal->base}] <= kProposalsPerMemberMax) {
        proposals_.emplace(logged->id, *std::move(proposal));
      }
    }
  }

  /// Judges the proposals on the decision in force. True if one of them was passed.
  bool step() {
    const Digest base = state_.charter.decision();
    std::vector<CharterProposal> here;
    std::erase_if(proposals_, [&](auto& item) {
      const bool mine = item.second.base == base;
      if (mine) {
        here.push_back(std::move(item.second));
      }
      return mine;
    });
    std::vector<JudgedProposal> judged;
    std::map<EventId, std::string> unfit;
    for (CharterProposal& proposal : here) {
      JudgedProposal one;
      const auto ends = proposal.change == CharterChange::kNewEpoch
                            ? prove_epoch_end(rules_, proposal)
                            : Result<void>();
      const auto fits =
          ends ? enact(state_.charter, proposal, last_) : Result<Charter>(ends.error());
      if (fits) {
        one.electorates = electorates_for(state_.charter, proposal);
      } else {
        one.decision = Decision::kUnfit;
        one.reason = fits.error().message;
        unfit.emplace(proposal.id, one.reason);
      }
      one.proposal = std::move(proposal);
      judged.push_back(std::move(one));
    }
    const std::vector<Version> versions = vote(base, judged, unfit);
    const JudgedProposal* winner = nullptr;
    for (const Version& version : versions) {
      JudgedProposal& one = at(judged, version.id);
      one.votes = version.states;
      if (version.verdict == Verdict::kDead) {
        one.decision = Decision::kDead;
        one.reason = "voted down, or not passed in time";
      } else if (version.verdict == Verdict::kEffective) {
        one.decision = Decision::kPassed;
        one.effective = std::max(Moment{version.completed->ms + kEffectDelayMs}, last_);
        if (winner == nullptr || std::tie(one.effective, one.proposal.id) <
                                     std::tie(winner->effective, winner->proposal.id)) {
          winner = &one;
        }
      }
    }
    if (winner != nullptr) {
      last_ = *winner->effective;
      auto next = enact(state_.charter, winner->proposal, last_);
      HEFU_ASSERT(next.ok());  // the same as above, at another time
      state_.charter = *std::move(next);
    }
    for (JudgedProposal& one : judged) {
      if (&one == winner) {
        state_.passed.push_back(one);
        continue;
      }
      if (winner != nullptr && one.decision != Decision::kUnfit) {
        one.decision = Decision::kDead;
        one.reason = "another proposal was passed on its base: propose it again";
      }
      state_.others.push_back(one);
    }
    return winner != nullptr;
  }

  static JudgedProposal& at(std::vector<JudgedProposal>& judged, const EventId& id) {
    return *std::find_if(judged.begin(), judged.end(),
                         [&](const JudgedProposal& one) { return one.proposal.id == id; });
  }

  /// The rules of agreements, put to the proposals that fit: lower attempts first.
  std::vector<Version> vote(const Digest& base, const std::vector<JudgedProposal>& judged,
                            const std::map<EventId, std::string>& unfit) {
    std::vector<Version> versions;
    std::map<EventId, const CharterProposal*> fitting;
    std::set<std::string> voters;
    for (const JudgedProposal& one : judged) {
      if (one.decision == Decision::kUnfit) {
        continue;
      }
      fitting.emplace(one.proposal.id, &one.proposal);
      Version version;
      version.id = one.proposal.id;
      version.attempt = one.proposal.attempt;
      version.proposer = one.proposal.proposer;
      version.sign_by = one.proposal.decide_by;
      version.electorates = one.electorates;
      std::set<std::string> signers;
      for (const Electorate& electorate : one.electorates) {
        signers.insert(electorate.members.begin(), electorate.members.end());
      }
      version.signers.assign(signers.begin(), signers.end());
      voters.insert(signers.begin(), signers.end());
      versions.push_back(std::move(version));
    }
    std::sort(versions.begin(), versions.end(), [](const Version& a, const Version& b) {
      return std::tie(a.attempt, a.id) < std::tie(b.attempt, b.id);
    });
    std::map<std::string, PartyLog> logs;
    for (const Member& member : state_.charter.members) {
      const auto cast = ballots_.find(member.id);
      const std::vector<const LoggedEvent*> none;
      const auto& ballots = cast == ballots_.end() ? none : cast->second;
      // Ballots of members that do not decide are read too, so that they are shown as void.
      PartyLog log = read_ballots(member.id, member.origin, base, ballots, fitting, unfit, heads_,
                                  &state_.void_ballots);
      if (voters.count(member.id) == 1) {
        logs.emplace(member.id, std::move(log));
        continue;
      }
      for (const auto& [id, promise] : log.promises) {
        state_.void_ballots.push_back(
            {promise.signature, id, member.id, "this member does not decide on it"});
      }
    }
    judge_versions(versions, logs, heads_);
    for (Version& version : versions) {
      if (version.verdict == Verdict::kEffective) {
        version.completed = decided_at(version, versions, logs);
      }
    }
    return versions;
  }

  /// When the votes were complete and free: a voter's yes counts from when what it had voted for
  /// before was dead, so that no decision takes effect before it could be known.
  static Moment decided_at(const Version& version, const std::vector<Version>& all,
                           const std::map<std::string, PartyLog>& logs) {
    std::map<std::string, Moment> free_since;
    for (const SignerState& state : version.states) {
      if (state.status != ActStatus::kCounts) {
        continue;
      }
      Moment since = *state.witnessed;
      for (const EventId& earlier : logs.at(state.party).promises.at(version.id).earlier) {
        const auto other = std::find_if(all.begin(), all.end(), [&](const Version& candidate) {
          return candidate.id == earlier;
        });
        since = std::max(since, *shown_dead(*other));
      }
      free_since.emplace(state.party, since);
    }
    Moment decided;
    for (const Electorate& electorate : version.electorates) {
      Tally tally(electorate);
      for (const auto& [party, since] : free_since) {
        tally.add(party, since);
      }
      decided = std::max(decided, *tally.consent());
    }
    return decided;
  }

  const Charter& rules_;
  const std::vector<const LoggedEvent*> events_;
  const LogHeads& heads_;
  Proposals proposals_;
  Ballots ballots_;
  Moment last_;  // when the last decision took effect
  Governance state_;
};

auto rules_of(const Charter& charter) {
  return std::tie(charter.name, charter.authority, charter.quorum, charter.members, charter.council,
                  charter.revision, charter.base, charter.quorums, charter.authorities,
                  charter.closed);
}

}  // namespace

const char* name(Decision decision) {
  switch (decision) {
    case Decision::kOpen:
      return "open";
    case Decision::kPassed:
      return "passed";
    case Decision::kDead:
      return "dead";
    case Decision::kUnfit:
      return "unfit";
    case Decision::kWaiting:
      return "waiting";
  }
  return "unknown";
}

const JudgedProposal* Governance::find(const EventId& id) const {
  for (const auto* list : {&passed, &others}) {
    for (const JudgedProposal& one : *list) {
      if (one.proposal.id == id) {
        return &one;
      }
    }
  }
  return nullptr;
}

bool concerns_charter(std::string_view type) {
  return type == kCharterProposalType || type == kCharterBallotType ||
         type == kKeyCertificationType;
}

bool same_rules(const Charter& a, const Charter& b) {
  return rules_of(a) == rules_of(b);
}

Governance govern(const Charter& charter, const Charter& rules,
                  std::span<const LoggedEvent* const> events, const LogHeads& heads) {
  return Fold(charter, rules, events, heads).run();
}

Governance govern(const Charter& charter, const Charter& rules,
                  std::span<const LoggedEvent* const> events,
                  std::span<const WitnessedHead> heads) {
  return govern(charter, rules, events, LogHeads(heads));
}

Governance govern(const Charter& charter, const Charter& rules, std::span<const LoggedEvent> events,
                  std::span<const WitnessedHead> heads) {
  std::vector<const LoggedEvent*> pointers;
  pointers.reserve(events.size());
  for (const LoggedEvent& logged : events) {
    pointers.push_back(&logged);
  }
  return govern(charter, rules, std::span<const LoggedEvent* const>(pointers), heads);
}

}  // namespace hefu
