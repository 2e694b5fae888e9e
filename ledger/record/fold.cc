#include "ledger/record/fold.h"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/record/audit_types.h"
#include "ledger/record/record_fold.h"

namespace hefu {

namespace {

// One event may stand in several places (sent again, or copied into a foreign log). The copy
// without fault that was recorded first holds; the others say nothing.
bool is_better(const Candidate& a, const Candidate& b) {
  const auto rank = [](const Candidate& c) {
    return std::make_tuple(c.fault.has_value(), !c.logged->recorded_by.has_value(),
                           c.logged->recorded_by, c.logged->place(), c.logged->role);
  };
  return rank(a) < rank(b);
}

using Candidates = std::map<EventId, Candidate>;

// The record an event is about: the one it names, or that of the event it supersedes, or itself.
// Chains of corrections may be long, so what was found for one link is kept for the others.
EventId record_of(const Candidate& candidate, const Candidates& all,
                  std::map<EventId, EventId>& known) {
  std::vector<EventId> links;
  const LoggedEvent* at = candidate.logged;
  EventId about = at->event.record.value_or(at->id);
  while (!at->event.record && at->event.supersedes) {
    links.push_back(at->id);
    about = *at->event.supersedes;
    const auto before = all.find(about);
    if (const auto found = known.find(about); found != known.end()) {
      about = found->second;
      break;
    }
    if (before == all.end()) {
      break;
    }
    at = before->second.logged;
    about = at->event.record.value_or(at->id);
  }
  for (const EventId& link : links) {
    known.emplace(link, about);
  }
  return about;
}

// A proposal the catalogue refuses, or does not know, is no proposal. Everything else about the
// acts of agreements is judged by their own rules.
bool reaches_agreements(const Candidate& candidate) {
  return !candidate.fault || (candidate.fault->reason != ProblemReason::kInvalid &&
                              candidate.fault->reason != ProblemReason::kUninterpreted);
}

bool opens(const Candidate& candidate, const Catalogue& catalogue) {
  const Event& event = candidate.logged->event;
  if (event.record || event.supersedes) {
    return false;
  }
  const EventType* type = catalogue.find(event.type);
  if (type != nullptr && type->protocol) {
    return false;
  }
  // An event of an unknown type opens a record all the same: shown as uninterpreted, never counted.
  return !candidate.fault || candidate.fault->reason == ProblemReason::kUninterpreted;
}

// Who recorded something does not review it: an institution's assessment of its own event needs a
// reviewer's or auditor's key, and another hand than the event's.
void separate_duties(Candidates& all) {
  for (auto& [id, candidate] : all) {
    const Value* object = candidate.fault || candidate.logged->event.type != "assessment-decision"
                              ? nullptr
                              : candidate.logged->event.field("object");
    if (object == nullptr) {
      continue;
    }
    std::vector<const Digest*> reviewed;
    if (object->digest() != nullptr) {
      reviewed.push_back(object->digest());
    } else if (object->list() != nullptr) {
      for (const Value& item : *object->list()) {
        reviewed.push_back(item.digest());
      }
    }
    for (const Digest* event : reviewed) {
      const auto found = event == nullptr ? all.end() : all.find(EventId{*event});
      if (found == all.end() || found->second.logged->member != candidate.logged->member) {
        continue;
      }
      const bool clerk =
          candidate.role != KeyRole::kReviewer && candidate.role != KeyRole::kAuditor;
      if (clerk || same_hand(candidate, found->second)) {
        candidate.fault = problem_of(*candidate.logged, ProblemReason::kOwnWork,
                                     name(candidate.role), found->first);
        break;
      }
    }
  }
}

Problem stray(const Candidate& candidate, const EventId& about) {
  return candidate.fault ? *candidate.fault
                         : problem_of(*candidate.logged, ProblemReason::kNoRecord, {}, about);
}

/// Entries in rising order, to be made a map of at once.
template <typename T>
using Entries = std::vector<std::pair<EventId, std::shared_ptr<const T>>>;

}  // namespace

bool concerns_no_record(std::string_view type) {
  return type == "anchor" || type == "log-recovery" || type == "epoch-start" ||
         type == "head-observation" || type == "document-part" || type == "key-certification" ||
         type == "charter-proposal" || type == "charter-ballot" || type == "view-attestation" ||
         type == "view-dissent" || type == kGuestAdmissionType || type == kGuestKeyType ||
         type == "cut-proposal" || type == "cut-cosignature" || type == "period-closing" ||
         type == "figure-approval" || type == "approval-withdrawal" || type == "statement" ||
         type == "statement-decision" || is_audit_type(type);
}

Records fold(std::span<const LoggedEvent> events, std::span<const WitnessedHead> heads,
             const Charter& charter, const Catalogue& catalogue,
             std::span<const ObservedHead> observed) {
  std::vector<const LoggedEvent*> pointers;
  pointers.reserve(events.size());
  for (const LoggedEvent& logged : events) {
    pointers.push_back(&logged);
  }
  const KeyAuthority keys(pointers, charter);
  const GuestBook guests(pointers, keys, charter);
  const LogHeads log_heads(heads, observed);
  return fold(pointers, FoldGround{keys, guests, log_heads, charter, catalogue});
}

Records fold(std::span<const LoggedEvent* const> events, const FoldGround& ground) {
  const auto& [keys, guests, heads, charter, catalogue] = ground;
  Candidates all;
  std::deque<LoggedEvent> re_judged;  // acts of agreements whose key has another role than stated
  std::vector<const LoggedEvent*> agreement_acts;
  std::vector<RevokedAct> revoked;
  for (const LoggedEvent* logged : events) {
    if (concerns_no_record(logged->event.type)) {
      continue;
    }
    Candidate candidate = judge_event(*logged, keys, catalogue, &guests);
    if (is_agreement_act(logged->event.type) && reaches_agreements(candidate)) {
      const auto role = keys.role_when_logged(*logged);
      if (role && *role == logged->role) {
        agreement_acts.push_back(logged);
      } else if (role) {
        re_judged.push_back(*logged);
        re_judged.back().role = *role;
        agreement_acts.push_back(&re_judged.back());
      }
      if (const auto since = keys.revocation_of(*logged); role && since) {
        revoked.push_back({logged->id, since->event, since->from});
      }
    } else if (is_objection(logged->event.type) && !candidate.fault) {
      agreement_acts.push_back(logged);
    }
    const auto [held, fresh] = all.emplace(logged->id, candidate);
    if (!fresh && is_better(candidate, held->second)) {
      held->second = candidate;
    }
  }

  separate_duties(all);

  std::map<EventId, RecordEvents> grouped;
  for (const auto& [id, candidate] : all) {
    if (opens(candidate, catalogue)) {
      grouped[id].opening = candidate;
    }
  }
  Entries<Problem> strays;
  std::map<EventId, EventId> known;
  for (const auto& [id, candidate] : all) {
    if (opens(candidate, catalogue)) {
      continue;
    }
    const EventId about = record_of(candidate, all, known);
    const auto record = grouped.find(about);
    if (record == grouped.end()) {
      strays.emplace_back(id, std::make_shared<const Problem>(stray(candidate, about)));
    } else {
      record->second.others.emplace(id, candidate);
    }
  }

  auto agreements =
      fold_agreements(std::span<const LoggedEvent* const>(agreement_acts), heads, charter, revoked);
  Entries<Record> records;
  Entries<Agreement> shown;
  for (const auto& [id, group] : grouped) {
    const EventType* type =
        group.opening.fault ? nullptr : catalogue.find(group.opening.logged->event.type);
    Record record = fold_record(group, type, charter);
    // A proposal the catalogue refuses opens no record, so it makes no agreement either.
    const auto agreement = agreements.find(id);
    if (agreement != agreements.end()) {
      std::map<EventId, const LoggedEvent*> proposals = {{id, group.opening.logged}};
      for (const auto& [other, candidate] : group.others) {
        proposals.emplace(other, candidate.logged);
      }
      settle_agreement(record, agreement->second, proposals);
      shown.emplace_back(id, std::make_shared<const Agreement>(std::move(agreement->second)));
    } else if (record.type == kProposalType && record.interpreted) {
      record.standing = Standing::kEnded;
      record.problems.push_back(problem_of(*group.opening.logged, ProblemReason::kInvalid,
                                           "this proposal cannot open an agreement"));
    }
    records.emplace_back(id, std::make_shared<const Record>(std::move(record)));
  }
  Records out;
  out.records = PersistentMap<EventId, Record>::from_sorted(std::move(records));
  out.agreements = PersistentMap<EventId, Agreement>::from_sorted(std::move(shown));
  out.strays = PersistentMap<EventId, Problem>::from_sorted(std::move(strays));
  return out;
}

}  // namespace hefu
