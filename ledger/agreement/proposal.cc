#include "ledger/agreement/proposal.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "ledger/event/uscc.h"

namespace hefu {

namespace {

// Ten years: a longer notice is a typing error.
constexpr std::int64_t kNoticeDaysMax = 3660;
constexpr std::int64_t kAttemptMax = 1'000'000;

bool fits_role(const Member& member, KeyRole role, ActKind kind) {
  const bool binds = kind == ActKind::kSign || kind == ActKind::kTerminate;
  if (role == KeyRole::kSeal) {
    return true;
  }
  if (role != KeyRole::kRegistrar) {
    return false;
  }
  return !binds || member.keys.count(KeyRole::kSeal) == 0;
}

std::optional<EventId> reference(const Event& event, const char* field) {
  const Value* value = event.field(field);
  if (value == nullptr || value->digest() == nullptr) {
    return std::nullopt;
  }
  return EventId{*value->digest()};
}

bool has_wrong_kind(const Event& event, const char* field, bool right) {
  return event.field(field) != nullptr && !right;
}

}  // namespace

std::optional<ActReason> authority_fault(const LoggedEvent& logged, ActKind kind,
                                         const Charter& charter) {
  const Member* member = charter.member(institution_of(logged.event.issuer));
  if (member == nullptr || member->id != logged.member || member->origin != logged.origin) {
    return ActReason::kForeignLog;
  }
  if (!fits_role(*member, logged.role, kind)) {
    return ActReason::kNotAuthorised;
  }
  return std::nullopt;
}

Proposal read_proposal(const LoggedEvent& logged) {
  const Event& event = logged.event;
  Proposal proposal;
  proposal.logged = &logged;
  proposal.agreement = event.record.value_or(logged.id);
  Version& terms = proposal.terms;
  terms.id = logged.id;
  terms.proposer = std::string(institution_of(event.issuer));
  if (event.supersedes) {
    proposal.fault = ActReason::kCorrection;
    proposal.because = event.supersedes;
    return proposal;
  }

  proposal.fault = ActReason::kMalformed;
  const Value* parties = event.field("parties");
  const Value* sign_by = event.field("sign_by");
  const Value* valid_from = event.field("valid_from");
  const Value* valid_to = event.field("valid_to");
  const Value* attempt = event.field("attempt");
  const Value* notice = event.field("notice_days");
  if (parties == nullptr || parties->list() == nullptr || parties->list()->empty() ||
      sign_by == nullptr || sign_by->date() == nullptr || valid_from == nullptr ||
      valid_from->date() == nullptr ||
      has_wrong_kind(event, "valid_to", valid_to != nullptr && valid_to->date() != nullptr) ||
      has_wrong_kind(event, "attempt", attempt != nullptr && attempt->integer() != nullptr) ||
      has_wrong_kind(event, "notice_days", notice != nullptr && notice->integer() != nullptr) ||
      has_wrong_kind(event, "base", reference(event, "base").has_value())) {
    return proposal;
  }
  std::set<std::string> names;
  for (const Value& party : *parties->list()) {
    if (party.text() == nullptr || party.text()->empty()) {
      return proposal;
    }
    names.insert(*party.text());
  }
  terms.parties.assign(names.begin(), names.end());
  terms.sign_by = *sign_by->date();
  terms.valid_from = *valid_from->date();
  if (valid_to != nullptr) {
    terms.valid_to = *valid_to->date();
  }
  terms.attempt = attempt == nullptr ? 1 : *attempt->integer();
  terms.notice_days = notice == nullptr ? terms.notice_days : *notice->integer();
  terms.base = reference(event, "base");
  terms.arises_from = reference(event, "arises_from");
  if (terms.attempt < 1 || terms.attempt > kAttemptMax || terms.notice_days < 0 ||
      terms.notice_days > kNoticeDaysMax) {
    return proposal;
  }
  proposal.fault = std::nullopt;
  if (!event.record && terms.base) {
    proposal.fault = ActReason::kOtherAgreement;
    proposal.because = terms.base;
  }
  return proposal;
}

namespace {

void add_institutions(std::set<std::string>& into, const std::vector<std::string>& parties) {
  for (const std::string& party : parties) {
    into.insert(std::string(institution_of(party)));
  }
}

// `base` is null for versions without one, which stand on the first proposal.
void resolve_on(Proposal& proposal, const Proposal* base, const Proposal& opening) {
  if (base != nullptr) {
    proposal.depth = base->depth + 1;
    proposal.waiting = base->waiting;
    if (!proposal.fault && base->fault) {
      proposal.fault = ActReason::kVersionVoid;
      proposal.because = base->terms.id;
    }
  }
  std::set<std::string> signers;
  add_institutions(signers, proposal.terms.parties);
  if (base != nullptr || !proposal.terms.base) {
    add_institutions(signers, (base != nullptr ? base : &opening)->terms.parties);
  }
  proposal.terms.signers.assign(signers.begin(), signers.end());
  if (!proposal.fault && !proposal.waiting && signers.count(proposal.terms.proposer) == 0) {
    proposal.fault = ActReason::kNotAParty;
  }
}

}  // namespace

void resolve_proposals(std::map<EventId, Proposal>& proposals, const Proposal& opening) {
  // A chain of bases may be as long as an author likes, so it is walked, not recursed into: collect
  // the unresolved part of a chain upwards, then resolve it downwards. A chain cannot be a ring,
  // because an id is a hash over the base it names.
  std::set<EventId> resolved;
  for (auto& [id, start] : proposals) {
    std::vector<Proposal*> chain;
    Proposal* at = &start;
    while (at != nullptr && resolved.insert(at->terms.id).second) {
      chain.push_back(at);
      const auto base = at->terms.base ? proposals.find(*at->terms.base) : proposals.end();
      if (at->terms.base && base == proposals.end()) {
        at->waiting = true;
      }
      at = base == proposals.end() ? nullptr : &base->second;
    }
    for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
      Proposal& proposal = **link;
      const bool held = proposal.terms.base && proposals.count(*proposal.terms.base) == 1;
      resolve_on(proposal, held ? &proposals.at(*proposal.terms.base) : nullptr, opening);
    }
  }
}

}  // namespace hefu
