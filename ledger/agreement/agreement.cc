#include "ledger/agreement/agreement.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/agreement/judge.h"
#include "ledger/agreement/log_heads.h"
#include "ledger/agreement/promises.h"
#include "ledger/agreement/proposal.h"
#include "ledger/agreement/term.h"
#include "ledger/event/uscc.h"

namespace hefu {

namespace {

using Events = std::vector<const LoggedEvent*>;

// The acts among the events, without duplicates, in an order that depends on logs alone.
Events acts_in_log_order(std::span<const LoggedEvent* const> events) {
  Events acts;
  for (const LoggedEvent* logged : events) {
    if (is_agreement_act(logged->event.type)) {
      acts.push_back(logged);
    }
  }
  const auto place = [](const LoggedEvent* logged) {
    return std::tie(logged->origin, logged->index, logged->id, logged->member, logged->role);
  };
  std::sort(acts.begin(), acts.end(),
            [&](const LoggedEvent* a, const LoggedEvent* b) { return place(a) < place(b); });
  acts.erase(std::unique(acts.begin(), acts.end(),
                         [&](const LoggedEvent* a, const LoggedEvent* b) {
                           return a->origin == b->origin && a->index == b->index && a->id == b->id;
                         }),
             acts.end());
  return acts;
}

// What is held of one agreement before anything is judged.
struct Held {
  std::map<EventId, Proposal> proposals;
  std::map<std::string, Events> acts;  // by institution, in log order
};

std::map<std::string, PartyLog> read_logs(const Held& held,
                                          const std::map<EventId, EventId>& agreement_of,
                                          const LogHeads& heads, const Charter& charter) {
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
    if (acts != held.acts.end() || charter.member(party) != nullptr) {
      logs.emplace(party, read_party_log(party, acts == held.acts.end() ? Events{} : acts->second,
                                         held.proposals, agreement_of, heads, charter));
    }
  }
  return logs;
}

std::vector<Version> settled_versions(const std::map<EventId, Proposal>& proposals) {
  std::vector<std::pair<std::int64_t, Version>> sorted;
  for (const auto& [id, proposal] : proposals) {
    if (!proposal.fault && !proposal.waiting) {
      sorted.emplace_back(proposal.depth, proposal.terms);
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
      if (state.reason != ActReason::kReleaseLives && state.reason != ActReason::kReleaseUnproven) {
        continue;
      }
      for (const Death& death : version.deaths) {
        if (death.act == act.id) {
          act.because = death.version;
        }
      }
    }
  }
}

Agreement judge(const EventId& id, Held& held, const std::map<EventId, EventId>& agreement_of,
                const LogHeads& heads, const Charter& charter) {
  for (auto& [version, proposal] : held.proposals) {
    if (!proposal.fault && proposal.terms.base && held.proposals.count(*proposal.terms.base) == 0 &&
        agreement_of.count(*proposal.terms.base) == 1) {
      proposal.fault = ActReason::kOtherAgreement;
      proposal.because = proposal.terms.base;
    }
  }
  resolve_proposals(held.proposals, held.proposals.at(id));

  Agreement agreement;
  agreement.id = id;
  agreement.versions = settled_versions(held.proposals);
  auto logs = read_logs(held, agreement_of, heads, charter);
  judge_versions(agreement.versions, logs, heads);
  judge_signatures(agreement.versions, logs);
  for (const auto& [party, log] : logs) {
    agreement.acts.insert(agreement.acts.end(), log.acts.begin(), log.acts.end());
  }

  std::map<EventId, Date> effective_on;
  for (const auto& [party, acts] : held.acts) {
    for (const LoggedEvent* logged : acts) {
      const Value* date = logged->event.field("effective_on");
      if (date != nullptr && date->date() != nullptr) {
        effective_on.emplace(logged->id, *date->date());
      }
    }
  }
  judge_terms(agreement, effective_on);
  return agreement;
}

}  // namespace

bool is_agreement_act(std::string_view event_type) {
  return event_type == kProposalType || event_type == kSignatureType ||
         event_type == kDeclineType || event_type == kTerminationType;
}

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

std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent* const> events,
                                             std::span<const WitnessedHead> witnessed_heads,
                                             const Charter& charter) {
  const LogHeads heads(witnessed_heads);
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
      agreements.emplace(id, judge(id, mine, agreement_of, heads, charter));
    }
  }
  return agreements;
}

std::map<EventId, Agreement> fold_agreements(std::span<const LoggedEvent> events,
                                             std::span<const WitnessedHead> heads,
                                             const Charter& charter) {
  std::vector<const LoggedEvent*> pointers;
  pointers.reserve(events.size());
  for (const LoggedEvent& logged : events) {
    pointers.push_back(&logged);
  }
  return fold_agreements(std::span<const LoggedEvent* const>(pointers), heads, charter);
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

const char* name(ActKind kind) {
  switch (kind) {
    case ActKind::kPropose:
      return "propose";
    case ActKind::kSign:
      return "sign";
    case ActKind::kDecline:
      return "decline";
    case ActKind::kTerminate:
      return "terminate";
  }
  return "propose";
}

const char* name(ActStatus status) {
  switch (status) {
    case ActStatus::kWaiting:
      return "waiting";
    case ActStatus::kCounts:
      return "counts";
    case ActStatus::kVoid:
      return "void";
  }
  return "waiting";
}

const char* name(ActReason reason) {
  switch (reason) {
    case ActReason::kForeignLog:
      return "foreign-log";
    case ActReason::kNotAuthorised:
      return "not-authorised";
    case ActReason::kMalformed:
      return "malformed";
    case ActReason::kCorrection:
      return "correction";
    case ActReason::kNotAParty:
      return "not-a-party";
    case ActReason::kOtherAgreement:
      return "other-agreement";
    case ActReason::kVersionVoid:
      return "version-void";
    case ActReason::kAttemptMismatch:
      return "attempt-mismatch";
    case ActReason::kRepeated:
      return "repeated";
    case ActReason::kDeclined:
      return "declined";
    case ActReason::kSecondPromise:
      return "second-promise";
    case ActReason::kAttemptWentDown:
      return "attempt-went-down";
    case ActReason::kReleaseMissing:
      return "release-missing";
    case ActReason::kReleaseLives:
      return "release-lives";
    case ActReason::kReleaseUnproven:
      return "release-unproven";
    case ActReason::kBound:
      return "bound";
    case ActReason::kTooLate:
      return "too-late";
    case ActReason::kVersionDead:
      return "version-dead";
    case ActReason::kReplaced:
      return "replaced";
    case ActReason::kNotWitnessed:
      return "not-witnessed";
    case ActReason::kVersionUnknown:
      return "version-unknown";
    case ActReason::kReleaseOpen:
      return "release-open";
    case ActReason::kVersionOpen:
      return "version-open";
  }
  return "malformed";
}

const char* name(DeathCause cause) {
  switch (cause) {
    case DeathCause::kDeclined:
      return "declined";
    case DeathCause::kPromisedOther:
      return "promised-other";
    case DeathCause::kExpired:
      return "expired";
    case DeathCause::kReleaseLives:
      return "release-lives";
    case DeathCause::kReleaseUnproven:
      return "release-unproven";
    case DeathCause::kBaseDead:
      return "base-dead";
  }
  return "expired";
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
  }
  return "none";
}

}  // namespace hefu
