#include "ledger/agreement/proposal.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "ledger/event/uscc.h"

namespace hefu {

namespace {

// Ten years: a longer notice is a typing error.
constexpr std::int64_t kNoticeDaysMax = 3660;
constexpr std::int64_t kAttemptMax = 1'000'000;
// A century of months.
constexpr std::int64_t kRenewalMonthsMax = 1200;
constexpr std::int64_t kRenewalsMax = 100;
constexpr std::size_t kSuccessionsMax = 64;

bool binds(ActKind kind) {
  return kind == ActKind::kSign || kind == ActKind::kTerminate || kind == ActKind::kNonRenewal ||
         kind == ActKind::kSucceed;
}

bool concerns_objection(ActKind kind) {
  return kind == ActKind::kDispute || kind == ActKind::kRespond || kind == ActKind::kResolve;
}

bool fits_role(const Member& member, KeyRole role, ActKind kind) {
  switch (role) {
    case KeyRole::kSeal:
      return true;
    case KeyRole::kRegistrar:
      return !binds(kind) || member.keys.count(KeyRole::kSeal) == 0;
    case KeyRole::kReviewer:
    case KeyRole::kAuditor:
      return concerns_objection(kind);
    default:
      return false;
  }
}

/// Reads the fields of a proposal; remembers whether one was of the wrong kind or out of range.
class Fields {
 public:
  explicit Fields(const Event& event) : event_(event) {}

  [[nodiscard]] bool sound() const { return sound_; }

  std::optional<Date> date(const char* name) {
    const Value* value = event_.field(name);
    const Date* date = value == nullptr ? nullptr : value->date();
    sound_ = sound_ && (value == nullptr || date != nullptr);
    return date == nullptr ? std::nullopt : std::optional(*date);
  }

  Date needed_date(const char* name) {
    const auto found = date(name);
    sound_ = sound_ && found.has_value();
    return found.value_or(Date{});
  }

  std::optional<std::int64_t> integer(const char* name, std::int64_t low, std::int64_t high) {
    const Value* value = event_.field(name);
    if (value == nullptr) {
      return std::nullopt;
    }
    const std::int64_t* number = value->integer();
    if (number == nullptr || *number < low || *number > high) {
      sound_ = false;
      return std::nullopt;
    }
    return *number;
  }

  std::optional<EventId> event(const char* name) {
    const Value* value = event_.field(name);
    const Digest* digest = value == nullptr ? nullptr : value->digest();
    sound_ = sound_ && (value == nullptr || digest != nullptr);
    return digest == nullptr ? std::nullopt : std::optional(EventId{*digest});
  }

  std::vector<EventId> events(const char* name, std::size_t count_max) {
    std::set<EventId> found;
    for (const Value& element : list(name)) {
      if (element.digest() == nullptr) {
        sound_ = false;
      } else {
        found.insert(EventId{*element.digest()});
      }
    }
    sound_ = sound_ && found.size() <= count_max;
    return {found.begin(), found.end()};
  }

  std::string party(const char* name) {
    const Value* value = event_.field(name);
    const std::string* text = value == nullptr ? nullptr : value->text();
    sound_ = sound_ && (value == nullptr || (text != nullptr && !text->empty()));
    return text == nullptr ? std::string() : std::string(institution_of(*text));
  }

  std::vector<std::string> parties(const char* name) {
    std::set<std::string> found;
    for (const Value& element : list(name)) {
      if (element.text() == nullptr || element.text()->empty()) {
        sound_ = false;
      } else {
        found.insert(*element.text());
      }
    }
    return {found.begin(), found.end()};
  }

 private:
  const Value::List& list(const char* name) {
    static const Value::List kNone;
    const Value* value = event_.field(name);
    if (value == nullptr) {
      return kNone;
    }
    if (value->list() == nullptr) {
      sound_ = false;
      return kNone;
    }
    return *value->list();
  }

  const Event& event_;
  bool sound_ = true;
};

std::vector<std::string> institutions(const std::vector<std::string>& parties) {
  std::set<std::string> found;
  for (const std::string& party : parties) {
    found.insert(std::string(institution_of(party)));
  }
  return {found.begin(), found.end()};
}

// What is wrong with whom the proposal names.
std::optional<ActReason> naming_fault(const Electorate& own, const std::string& arbiter) {
  for (const std::string& required : own.rule.required) {
    if (!own.contains(required)) {
      return ActReason::kRequiredNoParty;
    }
  }
  if (unsound(own.rule, own.members.size())) {
    return ActReason::kUnsafeRule;
  }
  if (own.contains(arbiter)) {
    return ActReason::kArbiterIsParty;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ActReason> authority_fault(const LoggedEvent& logged, ActKind kind,
                                         const Charter& charter) {
  const Member* member = charter.member(institution_of(logged.event.issuer));
  if (member == nullptr || member->id != logged.member ||
      line_of(member->origin) != line_of(logged.origin)) {
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

  Fields fields(event);
  terms.parties = fields.parties("parties");
  proposal.own.members = institutions(terms.parties);
  const auto number = static_cast<std::int64_t>(proposal.own.members.size());
  SigningRule& rule = proposal.own.rule;
  rule.needed = fields.integer("signing_quorum", INT64_MIN, INT64_MAX).value_or(number);
  rule.faulty = fields.integer("signing_faulty", INT64_MIN, INT64_MAX).value_or(0);
  rule.required = institutions(fields.parties("signing_required"));
  terms.rule = rule;
  terms.sign_by = fields.needed_date("sign_by");
  terms.valid_from = fields.needed_date("valid_from");
  terms.valid_to = fields.date("valid_to");
  terms.attempt = fields.integer("attempt", 1, kAttemptMax).value_or(1);
  terms.notice_days = fields.integer("notice_days", 0, kNoticeDaysMax).value_or(terms.notice_days);
  terms.base = fields.event("base");
  terms.arises_from = fields.event("arises_from");
  terms.renewal_months = fields.integer("renewal_months", 0, kRenewalMonthsMax).value_or(0);
  terms.renewal_notice_days =
      fields.integer("renewal_notice_days", 0, kNoticeDaysMax).value_or(terms.renewal_notice_days);
  const auto renewals = fields.integer("renewals_max", 1, kRenewalsMax);
  terms.renewals_max = terms.renewal_months > 0 ? renewals.value_or(kRenewalsMax) : 0;
  terms.arbiter = fields.party("arbiter");
  terms.dispute_days = fields.integer("dispute_days", 0, kNoticeDaysMax);
  terms.succession = fields.events("succession", kSuccessionsMax);
  proposal.renewal_of = fields.event("renewal_of");
  if (!fields.sound() || terms.parties.empty() || (terms.renewal_months > 0 && !terms.valid_to)) {
    proposal.fault = ActReason::kMalformed;
    return proposal;
  }
  proposal.fault = naming_fault(proposal.own, terms.arbiter);
  if (proposal.fault) {
    return proposal;
  }
  if (!event.record && terms.base) {
    proposal.fault = ActReason::kOtherAgreement;
    proposal.because = terms.base;
  }
  return proposal;
}

namespace {

void wait(Proposal& proposal, ActReason reason, const std::optional<EventId>& what) {
  if (!proposal.waiting) {
    proposal.waiting = reason;
    proposal.waits_for = what;
  }
}

void fail(Proposal& proposal, ActReason reason, const std::optional<EventId>& because) {
  if (!proposal.fault) {
    proposal.fault = reason;
    proposal.because = because;
  }
}

void replace(std::vector<std::string>& names, const std::string& old, const std::string& now) {
  std::set<std::string> set(names.begin(), names.end());
  if (set.erase(old) == 1) {
    set.insert(now);
  }
  names.assign(set.begin(), set.end());
}

// The electorate of the base, with the successors the proposal cites in their seats.
Electorate ground_of(Proposal& proposal, const Electorate& base,
                     const SuccessionActs& successions) {
  Electorate ground = base;
  std::vector<std::pair<Moment, EventId>> cited;
  for (const EventId& id : proposal.terms.succession) {
    const auto found = successions.find(id);
    if (found == successions.end() || (!found->second.fault && !found->second.witnessed)) {
      wait(proposal, ActReason::kSuccessionUnknown, id);
      return ground;  // nothing is said of the others before all are known
    }
    cited.emplace_back(found->second.witnessed.value_or(Moment{}), id);
  }
  std::sort(cited.begin(), cited.end());
  for (const auto& [witnessed, id] : cited) {
    const SuccessionAct& act = successions.at(id);
    if (act.fault || act.accepts || !ground.contains(act.predecessor)) {
      fail(proposal, ActReason::kSuccessionVoid, id);
      return ground;
    }
    replace(ground.members, act.predecessor, act.successor);
    replace(ground.rule.required, act.predecessor, act.successor);
  }
  const auto replaced = static_cast<std::int64_t>(cited.size());
  // A successor that is a member already fills both seats with one signature.
  const auto seats = static_cast<std::int64_t>(base.members.size());
  const std::int64_t merged = seats - static_cast<std::int64_t>(ground.members.size());
  ground.rule.needed -= merged;
  if (replaced > 0 && 2 * base.rule.needed - merged - seats <= base.rule.faulty + replaced) {
    fail(proposal, ActReason::kUnsafeRule, std::nullopt);
  }
  return ground;
}

// `base` is null for versions without one, which stand on the first proposal.
void resolve_on(Proposal& proposal, const Proposal* base, const Proposal& opening,
                const SuccessionActs& successions) {
  if (base != nullptr) {
    proposal.depth = base->depth + 1;
    if (base->waiting) {
      wait(proposal, *base->waiting, base->waits_for);
    }
    if (base->fault) {
      fail(proposal, ActReason::kVersionVoid, base->terms.id);
    }
  }
  Version& terms = proposal.terms;
  terms.electorates = {proposal.own};
  if (base != nullptr || !terms.base) {
    const Electorate ground =
        ground_of(proposal, (base != nullptr ? base : &opening)->own, successions);
    if (ground != proposal.own) {
      terms.electorates.push_back(ground);
    }
  }
  std::set<std::string> signers;
  for (const Electorate& electorate : terms.electorates) {
    signers.insert(electorate.members.begin(), electorate.members.end());
  }
  terms.signers.assign(signers.begin(), signers.end());
  if (!proposal.waiting && signers.count(terms.proposer) == 0) {
    fail(proposal, ActReason::kNotAParty, std::nullopt);
  }
}

}  // namespace

void resolve_proposals(std::map<EventId, Proposal>& proposals, const Proposal& opening,
                       const SuccessionActs& successions) {
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
        wait(*at, ActReason::kVersionUnknown, at->terms.base);
      }
      at = base == proposals.end() ? nullptr : &base->second;
    }
    for (auto link = chain.rbegin(); link != chain.rend(); ++link) {
      Proposal& proposal = **link;
      const bool held = proposal.terms.base && proposals.count(*proposal.terms.base) == 1;
      resolve_on(proposal, held ? &proposals.at(*proposal.terms.base) : nullptr, opening,
                 successions);
    }
  }
}

}  // namespace hefu
