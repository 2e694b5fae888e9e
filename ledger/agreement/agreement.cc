#include "ledger/agreement/agreement.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/agreement/contest.h"
#include "ledger/agreement/judge.h"
#include "ledger/agreement/log_heads.h"
#include "ledger/agreement/promises.h"
#include "ledger/agreement/proposal.h"
#include "ledger/agreement/succession.h"
#include "ledger/agreement/term.h"
#include "ledger/event/uscc.h"

namespace hefu {

namespace {

using Events = std::vector<const LoggedEvent*>;

// The acts among the events, without duplicates, in an order that depends on logs alone.
Events acts_in_log_order(std::span<const LoggedEvent* const> events) {
  Events acts;
  for (const LoggedEvent* logged : events) {
    if (act_kind(logged->event.type)) {
      acts.push_back(logged);
    }
  }
  const auto place = [](const LoggedEvent* logged) {
    return std::tuple_cat(logged->place(), std::tie(logged->id, logged->member, logged->role));
  };
  std::sort(acts.begin(), acts.end(),
            [&](const LoggedEvent* a, const LoggedEvent* b) { return place(a) < place(b); });
  acts.erase(std::unique(acts.begin(), acts.end(),
                         [&](const LoggedEvent* a, const LoggedEvent* b) {
                           return a->place() == b->place() && a->id == b->id;
                         }),
             acts.end());
  return acts;
}

// What is held of one agreement before anything is judged.
struct Held {
  std::map<EventId, Proposal> proposals;
  std::map<std::string, Events> acts;  // by institution, in log order
};

std::map<std::string, PartyLog> read_logs(const Held& held, const Surroundings& around) {
  // A signer that did nothing has a log too: its heads can prove that the date passed.
  std::set<std::string> parties;
  for (const auto& [id, proposal] : held.proposals) {
    parties.insert(proposal.terms.signers.begin(), proposal.terms.signers.end());
  }
  for (const auto& [party, acts] : held.acts) {
    parties.insert(party);
  }
  std::map<std::string, PartyLog> logs;
  for (const std::string& party : parties) {
    const auto acts = held.acts.find(party);
    if (acts != held.acts.end() || around.charter.member(party) != nullptr) {
      logs.emplace(
          party, read_party_log(party, acts == held.acts.end() ? Events{} : acts->second, around));
    }
  }
  return logs;
}

std::vector<Version> settled_versions(const std::map<EventId, Proposal>& proposals,
                                      const Charter& charter) {
  std::vector<std::pair<std::int64_t, Version>> sorted;
  for (const auto& [id, proposal] : proposals) {
    if (!proposal.fault && !proposal.waiting) {
      sorted.emplace_back(proposal.depth, proposal.terms);
      std::string& arbiter = sorted.back().second.arbiter;
      arbiter = arbiter.empty() ? charter.authority : arbiter;
    }
  }
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::tie(a.first, a.second.attempt, a.second.id) <
           std::tie(b.first, b.second.attempt, b.second.id);
  });
  std::vector<Version> versions;
  versions.reserve(sorted.size());
  for (auto& [depth, version] : sorted) {
    versions.push_back(std::move(version));
  }
  return versions;
}

// Carries what was judged over all logs back to the signatures' acts.
void judge_signatures(const std::vector<Version>& versions, std::map<std::string, PartyLog>& logs) {
  for (const Version& version : versions) {
    for (const SignerState& state : version.states) {
      if (!state.signature) {
        continue;
      }
      PartyLog& log = logs.at(state.party);
      JudgedAct& act = log.acts[log.promises.at(version.id).act];
      act.status = state.status;
      act.reason = state.reason;
      act.because = state.because;
    }
  }
}

// The latest dated head of the logs of those who have a say.
std::optional<Moment> reach(const std::map<std::string, PartyLog>& logs, const LogHeads& heads) {
  std::optional<Moment> latest;
  for (const auto& [party, log] : logs) {
    const auto last = heads.last(log.origin);
    latest = last && (!latest || *latest < *last) ? last : latest;
  }
  return latest;
}

// A succession that an objection was upheld against passes nothing on. True if there was one.
bool drop_overruled(const Agreement& agreement, std::vector<Succession>& complete) {
  std::set<EventId> overruled;
  for (const Contest& contest : agreement.contests) {
    if (contest.ruling && contest.ruling->upheld) {
      overruled.insert(contest.target);
    }
  }
  return std::erase_if(complete, [&](const Succession& succession) {
           return overruled.count(succession.declared) == 1 ||
                  overruled.count(succession.accepted) == 1;
         }) > 0;
}

Agreement judge(const EventId& id, Held& held, const std::map<EventId, EventId>& agreement_of,
                const LogHeads& heads, const Charter& charter,
                const std::map<EventId, RevokedAct>& revoked) {
  for (auto& [version, proposal] : held.proposals) {
    if (!proposal.fault && proposal.terms.base && held.proposals.count(*proposal.terms.base) == 0 &&
        agreement_of.count(*proposal.terms.base) == 1) {
      proposal.fault = ActReason::kOtherAgreement;
      proposal.because = proposal.terms.base;
    }
  }
  const SuccessionActs successions = read_successions(held.acts, heads, charter);
  resolve_proposals(held.proposals, held.proposals.at(id), successions);

  Agreement agreement;
  agreement.id = id;
  agreement.root = id;
  agreement.renewal_of = held.proposals.at(id).renewal_of;
  agreement.successions = complete_successions(successions);
  const std::vector<Version> settled = settled_versions(held.proposals, charter);
  std::map<EventId, const LoggedEvent*> events;
  std::map<EventId, Date> effective_on;
  for (const auto& [party, acts] : held.acts) {
    for (const LoggedEvent* logged : acts) {
      events.emplace(logged->id, logged);
      const Value* date = logged->event.field("effective_on");
      if (date != nullptr && date->date() != nullptr) {
        effective_on.emplace(logged->id, *date->date());
      }
    }
  }
  do {
    agreement.versions = settled;
    agreement.acts.clear();
    agreement.contests.clear();
    auto logs = read_logs(held, Surroundings{held.proposals, agreement_of, successions,
                                             agreement.successions, heads, charter});
    judge_versions(agreement.versions, logs, heads);
    judge_signatures(agreement.versions, logs);
    for (const auto& [party, log] : logs) {
      agreement.acts.insert(agreement.acts.end(), log.acts.begin(), log.acts.end());
    }
    agreement.as_of = reach(logs, heads);
    agreement.logs.clear();
    for (const auto& [party, log] : logs) {
      agreement.logs.push_back(log.origin);
    }
    judge_contests(agreement, events, revoked, heads);
  } while (drop_overruled(agreement, agreement.successions));
  judge_terms(agreement, effective_on, heads, charter);
  return agreement;
}

// Two institutions at least, so that nobody hangs an agreement on that of others.
bool shares_parties(const Agreement& one, const Agreement& other) {
  const auto& a = one.version(one.id)->electorates.front().members;
  const auto& b = other.version(other.id)->electorates.front().members;
  std::vector<std::string> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return common.size() >= 2;
}

// Renewals name the hash of what they renew, so their chains have no rings.
void link_renewals(std::map<EventId, Agreement>& agreements) {
  for (auto& [id, agreement] : agreements) {
    const auto renewed =
        agreement.renewal_of ? agreements.find(*agreement.renewal_of) : agreements.end();
    if (renewed == agreements.end() || !shares_parties(agreement, renewed->second)) {
      agreement.renewal_of = std::nullopt;
    }
  }
  std::set<EventId> linked;
  for (auto& [id, agreement] : agreements) {
    std::vector<Agreement*> chain = {&agreement};
    while (linked.count(chain.back()->id) == 0 && chain.back()->renewal_of) {
      chain.push_back(&agreements.at(*chain.back()->renewal_of));
    }
    for (Agreement* renewal : chain) {
      renewal->root = chain.back()->root;
      linked.insert(renewal->id);
    }
  }
}

}  // namespace

const SignerState* Version::state_of(std::string_view institution) const {
  for (const SignerState& state : states) {
    if (state.party == institution) {
      return &state;
    }
  }
  return nullptr;
}

const Version* Agreement::version(const EventId& wanted) const {
  for (const Version& version : versions) {
    if (version.id == wanted) {
      return &version;
    }
  }
  return nullptr;
}

const Version* Agreement::in_force(Date date) const {
  for (const Version& version : versions) {
    if (version.term && version.term->covers(date)) {
      return &version;
    }
  }
  return nullptr;
}

const Version* Agreement::last_effective() const {
  const Version* last = nullptr;
  for (const Version& version : versions) {
    if (version.verdict == Verdict::kEffective) {
      last = &version;  // versions are sorted by depth, and each depth has one effective at most
    }
  }
  return last;
}

const JudgedAct* Agreement::act(const EventId& wanted) const {
  for (const JudgedAct& act : acts) {
    if (act.id == wanted) {
      return &act;
    }
  }
  return nullptr;
}

std::vector<const Contest*> Agreement::open_contests(const EventId& version) const {
  std::vector<const Contest*> open;
  for (const Contest& contest : contests) {
    if (contest.version == version && !contest.ruling) {
      open.push_back(&contest);
    }
  }
  return open;
}

const Contest* Agreement::upheld_against(const Version& version) const {
  const auto concerns = [&](const Contest& contest) {
    return contest.target == version.id ||
           std::any_of(version.states.begin(), version.states.end(), [&](const SignerState& state) {
             return state.status == ActStatus::kCounts && state.signature == contest.target;
           });
  };
  const Contest* furthest = nullptr;
  for (const Contest& contest : contests) {
    // No date sorts before every date, as it reaches back to the beginning.
    if (contest.ruling && contest.ruling->upheld && concerns(contest) &&
        (furthest == nullptr || contest.ruling->effective_on < furthest->ruling->effective_on)) {
      furthest = &contest;
    }
  }
  return furthest;
}

std::string Agreement::seat_holder(const std::string& institution) const {
  std::string holder = institution;
  // By completion, so each step leads to a later one.
  for (const Succession& succession : successions) {
    if (succession.predecessor == holder) {
      holder = succession.successor;
    }
  }
  return holder;
}

std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent* const> events,
                                             const LogHeads& heads, const Charter& charter,
                                             std::span<const RevokedAct> revoked) {
  std::map<EventId, RevokedAct> doubted;
  for (const RevokedAct& act : revoked) {
    const auto [held, fresh] = doubted.emplace(act.act, act);
    if (!fresh &&
        std::tie(act.from, act.because) < std::tie(held->second.from, held->second.because)) {
      held->second = act;
    }
  }
  const Events acts = acts_in_log_order(events);
  std::map<EventId, Held> held;
  std::map<EventId, EventId> agreement_of;
  for (const LoggedEvent* logged : acts) {
    const bool proposes = logged->event.type == kProposalType;
    if (!proposes && !logged->event.record) {
      continue;  // belongs to no agreement; the fold of records reports it
    }
    const EventId agreement = logged->event.record.value_or(logged->id);
    Held& mine = held[agreement];
    mine.acts[std::string(institution_of(logged->event.issuer))].push_back(logged);
    if (proposes && !authority_fault(*logged, ActKind::kPropose, charter)) {
      mine.proposals.emplace(logged->id, read_proposal(*logged));
      agreement_of.emplace(logged->id, agreement);
    }
  }

  std::map<EventId, Agreement> agreements;
  for (auto& [id, mine] : held) {
    const auto opening = mine.proposals.find(id);
    if (opening != mine.proposals.end() && !opening->second.fault) {
      agreements.emplace(id, judge(id, mine, agreement_of, heads, charter, doubted));
    }
  }
  link_renewals(agreements);
  return agreements;
}

std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent* const> events,
                                             std::span<const WitnessedHead> heads,
                                             const Charter& charter,
                                             std::span<const ObservedHead> observed,
                                             std::span<const RevokedAct> revoked) {
  return fold_agreements(events, LogHeads(heads, observed), charter, revoked);
}

std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent> events,
                                             std::span<const WitnessedHead> heads,
                                             const Charter& charter,
                                             std::span<const ObservedHead> observed,
                                             std::span<const RevokedAct> revoked) {
  std::vector<const LoggedEvent*> pointers;
  pointers.reserve(events.size());
  for (const LoggedEvent& logged : events) {
    pointers.push_back(&logged);
  }
  return fold_agreements(std::span<const LoggedEvent* const>(pointers), heads, charter, observed,
                         revoked);
}

const char* name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kOpen:
      return "open";
    case Verdict::kEffective:
      return "effective";
    case Verdict::kDead:
      return "dead";
  }
  return "open";
}

const char* name(DeathCause cause) {
  switch (cause) {
    case DeathCause::kDeclined:
      return "declined";
    case DeathCause::kPromisedOther:
      return "promised-other";
    case DeathCause::kExpired:
      return "expired";
    case DeathCause::kSilent:
      return "silent";
    case DeathCause::kReleaseLives:
      return "release-lives";
    case DeathCause::kReleaseUnproven:
      return "release-unproven";
    case DeathCause::kBaseDead:
      return "base-dead";
  }
  return "expired";
}

const char* name(ContestKind kind) {
  switch (kind) {
    case ContestKind::kDispute:
      return "dispute";
    case ContestKind::kRepudiation:
      return "repudiate";
    case ContestKind::kRevokedKey:
      return "revoked-key";
    case ContestKind::kDoubtfulDate:
      return "doubtful-date";
  }
  return "dispute";
}

const char* name(EndCause cause) {
  switch (cause) {
    case EndCause::kNone:
      return "none";
    case EndCause::kDate:
      return "date";
    case EndCause::kSuccessor:
      return "successor";
    case EndCause::kTermination:
      return "termination";
    case EndCause::kNonRenewal:
      return "non-renewal";
    case EndCause::kRuling:
      return "ruling";
  }
  return "none";
}

}  // namespace hefu
