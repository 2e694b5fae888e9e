#include "ledger/view/attested.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "ledger/event/uscc.h"
#include "ledger/programme/organisation.h"
#include "ledger/programme/pack_attest.h"

namespace hefu {

namespace {

/// Keys that sign events in an institution's name.
bool speaks_for_its_member(KeyRole role) {
  return role == KeyRole::kRegistrar || role == KeyRole::kReviewer || role == KeyRole::kSeal ||
         role == KeyRole::kAuditor;
}

bool is_entitled(const LoggedEvent& logged, const KeyAuthority& authority) {
  const auto role = authority.role_of(logged);
  return role && speaks_for_its_member(*role);
}

/// Whether an organisation is, or is related to, anybody who is reported on.
AttesterStanding towards_reported(const std::string& member, const std::set<std::string>& reported,
                                  Relations& relations) {
  AttesterStanding standing = AttesterStanding::kCounts;
  for (const std::string& one : reported) {
    if (relations.are_one_institution(member, one)) {
      return AttesterStanding::kReported;
    }
    if (relations.are_related(member, one)) {
      standing = AttesterStanding::kRelated;
    }
  }
  return standing;
}

/// Relations on the days that matter, each directory made once.
class DatedRelations {
 public:
  explicit DatedRelations(const AttestedFigure& figure) : figure_(figure) {}

  AttesterStanding on(Date day, const std::string& member) {
    auto at = days_.find(day);
    if (at == days_.end()) {
      at = days_.try_emplace(day, figure_.world, day).first;
    }
    const auto [known, is_new] = at->second.standings.try_emplace(member);
    if (is_new) {
      known->second = towards_reported(member, figure_.reported, at->second.relations);
    }
    return known->second;
  }

 private:
  struct Day {
    Day(const World& world, Date day) : directory(world_on(world, day)), relations(directory) {}
    World directory;
    Relations relations;
    std::map<std::string, AttesterStanding> standings;
  };
  const AttestedFigure& figure_;
  std::map<Date, Day> days_;
};

bool is_said(const MemberAttestation& one) {
  return one.entitled && one.recorded;
}

/// What two results have to share to be the same, in an order.
using ResultKey = std::tuple<std::int64_t, std::uint64_t, std::int64_t, Digest, std::uint64_t,
                             std::int64_t, Digest>;
ResultKey key_of(const ViewAttestation& one) {
  return {one.scale,         one.units.leaves, one.units.sum,  one.units.root,
          one.claims.leaves, one.claims.sum,   one.claims.root};
}

/// Whether a member says two things at one cut with one engine.
bool contradicts_itself(std::span<const MemberAttestation* const> own) {
  std::map<std::string_view, const ViewAttestation*> first;
  return std::any_of(own.begin(), own.end(), [&](const MemberAttestation* one) {
    return is_said(*one) && !first.try_emplace(one->attestation.engine, &one->attestation)
                                 .first->second->same_result(one->attestation);
  });
}

AttesterStanding standing_of(const MemberAttestation& one, const AttestedFigure& figure,
                             const Digest& vectors, DatedRelations& relations) {
  const Member* member = figure.charter.member(one.member);
  if (member == nullptr || !member->is_active()) {
    return AttesterStanding::kNotActive;
  }
  if (!one.entitled) {
    return AttesterStanding::kNotEntitled;
  }
  if (!one.recorded) {
    return AttesterStanding::kUndated;
  }
  for (const Date day : {figure.period.span.last, one.recorded->date()}) {
    const AttesterStanding towards = relations.on(day, one.member);
    if (towards != AttesterStanding::kCounts) {
      return towards;
    }
  }
  return one.attestation.vectors == vectors ? AttesterStanding::kCounts
                                            : AttesterStanding::kVectors;
}

/// Members that take part and are independent by the end of the period, with their kind.
Attesters eligible_for(const AttestedFigure& figure, DatedRelations& relations) {
  Attesters out;
  for (const Member& member : figure.charter.members) {
    if (member.is_active() &&
        relations.on(figure.period.span.last, member.id) == AttesterStanding::kCounts) {
      const auto kind = member.attributes.find("kind");
      out.emplace(member.id, kind == member.attributes.end() ? "" : kind->second);
    }
  }
  return out;
}

}  // namespace

const char* name(AttesterStanding standing) {
  switch (standing) {
    case AttesterStanding::kCounts:
      return "counts";
    case AttesterStanding::kReported:
      return "reported";
    case AttesterStanding::kRelated:
      return "related";
    case AttesterStanding::kNotActive:
      return "not-active";
    case AttesterStanding::kNotEntitled:
      return "not-entitled";
    case AttesterStanding::kUndated:
      return "undated";
    case AttesterStanding::kVectors:
      return "vectors";
    case AttesterStanding::kContradicts:
      return "contradicts-itself";
  }
  return "";
}

ViewStatements view_statements(const LedgerState& state) {
  std::vector<const LoggedEvent*> events;
  std::vector<const LoggedEvent*> said;
  for (const auto& [place, logged] : state.events) {
    events.push_back(&logged);
    const std::string& type = logged.event.type;
    if ((type == kViewAttestationType || type == kViewDissentType) &&
        institution_of(logged.event.issuer) == logged.member) {
      said.push_back(&logged);
    }
  }
  ViewStatements out;
  if (said.empty()) {
    return out;
  }
  std::sort(said.begin(), said.end(), [](const LoggedEvent* a, const LoggedEvent* b) {
    return std::tuple(a->place(), a->id) < std::tuple(b->place(), b->id);
  });
  const KeyAuthority authority(events, state.governance->charter);
  for (const LoggedEvent* logged : said) {
    const bool entitled = is_entitled(*logged, authority);
    if (auto attested = read_view_attestation(logged->event)) {
      out.attestations.push_back({logged->member, logged->id, logged->position(),
                                  logged->recorded_by, entitled, *std::move(attested)});
    } else if (auto dissent = read_view_dissent(logged->event)) {
      out.dissents.push_back(
          {logged->member, logged->id, logged->recorded_by, entitled, *std::move(dissent)});
    }
  }
  return out;
}

Result<MemberAttestation> member_attestation(const OpenedStatement& opened,
                                             const KeyAuthority& authority) {
  auto attestation = read_view_attestation(opened.event);
  if (!attestation) {
    return attestation.error();
  }
  LoggedEvent logged;
  logged.id = opened.envelope.id();
  logged.origin = opened.member->origin;
  logged.index = opened.index;
  logged.before = opened.member->entries_before();
  logged.member = opened.member->id;
  logged.role = opened.role;
  logged.key = opened.envelope.signer;
  logged.event = opened.event;
  logged.recorded_by = opened.witnessed;
  return MemberAttestation{logged.member,
                           logged.id,
                           logged.position(),
                           logged.recorded_by,
                           is_entitled(logged, authority),
                           *std::move(attestation)};
}

std::set<std::string> reported_in(std::span<const Contribution> units, const World& world,
                                  const Period& period, const std::optional<std::string>& unit) {
  const World then = world_on(world, period.span.last);
  std::set<std::string> reported;
  for (const Contribution& one : units) {
    for (const auto& [org, credited] : one.claims) {
      if (!unit || at_or_below(then, org, *unit) || in_group(then, *unit, org, period.span.last)) {
        reported.insert(org);
      }
    }
  }
  if (unit) {
    reported.insert(*unit);
  }
  return reported;
}

std::vector<AttestedResult> judge_attestations(const AttestedFigure& figure,
                                               std::span<const MemberAttestation> all) {
  std::map<std::pair<Digest, std::string>, std::vector<const MemberAttestation*>> said;
  for (const MemberAttestation& one : all) {
    if (one.attestation.pack_digest == figure.pack.digest() &&
        one.attestation.indicator == figure.indicator &&
        one.attestation.period == figure.period.text) {
      said[{one.attestation.cut, one.member}].push_back(&one);
    }
  }
  const AttestPolicy policy = attest_policy_of(figure.pack);
  const Digest vectors = vectors_digest(figure.pack);
  DatedRelations relations(figure);
  const Attesters eligible = eligible_for(figure, relations);
  std::map<std::pair<Digest, ResultKey>, AttestedResult> by_result;
  for (auto& [place, own] : said) {
    const MemberAttestation* last =
        *std::max_element(own.begin(), own.end(), [](const auto* a, const auto* b) {
          // Nobody silences a member by signing later with a key that says nothing.
          return std::tuple(is_said(*a), a->position, a->event) <
                 std::tuple(is_said(*b), b->position, b->event);
        });
    Attester by{last->member, last->event, last->attestation.engine,
                standing_of(*last, figure, vectors, relations)};
    if (by.standing == AttesterStanding::kCounts && contradicts_itself(own)) {
      by.standing = AttesterStanding::kContradicts;
    }
    AttestedResult& result = by_result[{place.first, key_of(last->attestation)}];
    if (result.by.empty()) {
      result.result = last->attestation;
    }
    result.latest = std::max(result.latest, last->recorded);
    result.by.push_back(std::move(by));
  }
  std::vector<AttestedResult> results;
  for (auto& [key, result] : by_result) {
    results.push_back(std::move(result));
  }
  for (AttestedResult& one : results) {
    std::set<std::string> attested;
    std::set<std::string> engines;
    for (const Attester& by : one.by) {
      if (by.standing == AttesterStanding::kCounts) {
        attested.insert(by.member);
        engines.insert(by.engine);
      }
    }
    one.counted = attested.size();
    one.eligible = eligible.size();
    one.quorum = policy.judge(eligible, attested, engines.size());
  }
  std::sort(results.begin(), results.end(), [](const AttestedResult& a, const AttestedResult& b) {
    return std::tuple(a.result.cut, b.counted, a.by.front().member) <
           std::tuple(b.result.cut, a.counted, b.by.front().member);
  });
  return results;
}

}  // namespace hefu
