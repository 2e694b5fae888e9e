#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/digest.h"
#include "ledger/governance/enact.h"
#include "ledger/governance/governance.h"
#include "ledger/governance/join_request.h"
#include "tests/support/federation.h"

namespace hefu::testing_governance {

inline Date day(int number) {
  return Date{Date::from_civil(2026, 3, 1)->days + number};
}
/// Noon of that day at +08:00.
inline Moment noon(int number) {
  return Moment{Moment::end_of(day(number)).ms - 43'200'000 + 1};
}

/// For tests: what members write about their charter, and when witnesses dated it. Envelopes are
/// left out: a LoggedEvent stands for what was verified before.
struct Assembly {
  TestFederation federation;
  Charter charter;
  std::vector<LoggedEvent> events;
  std::vector<WitnessedHead> heads;
  std::map<std::string, std::uint64_t> sizes;
  int made = 0;

  explicit Assembly(std::size_t members, std::uint32_t council = 0)
      : federation(members), charter(federation.charter()) {
    charter.council = council;
    for (Member& member : charter.members) {
      member.attributes["kind"] = "college";
    }
  }

  [[nodiscard]] const std::string& id(std::size_t member) const {
    return federation.member(member).id;
  }
  [[nodiscard]] std::string authority() const { return charter.authority; }
  /// The place of the authority among the federation's members.
  [[nodiscard]] std::size_t chair() const {
    std::size_t found = 0;
    while (id(found) != charter.authority) {
      ++found;
    }
    return found;
  }

  EventId append(const std::string& member, const std::string& origin, Event event, KeyRole role,
                 std::optional<PublicKey> key) {
    LoggedEvent logged;
    logged.id = EventId{sha256(as_bytes("governance " + std::to_string(++made)))};
    logged.origin = origin;
    logged.index = sizes[origin]++;
    logged.member = member;
    logged.role = role;
    if (key) {
      logged.key = key_id(*key);
    }
    event.issuer = member;
    event.occurred_on = day(0);
    logged.event = std::move(event);
    events.push_back(logged);
    return events.back().id;
  }
  EventId append(std::size_t member, Event event, KeyRole role = KeyRole::kSeal) {
    return append(id(member), federation.member(member).origin, std::move(event), role,
                  federation.key(member, role).public_key());
  }

  EventId propose(std::size_t member, CharterProposal proposal) {
    if (proposal.base == Digest{}) {
      proposal.base = charter.federation;
    }
    if (proposal.decide_by == Date{}) {
      proposal.decide_by = day(10);
    }
    proposal.reason = "because";
    Event event;
    event.type = kCharterProposalType;
    event.fields = proposal_fields(proposal);
    const EventId made_id = append(member, std::move(event));
    base_of[made_id] = proposal.base;
    return made_id;
  }

  EventId vote(std::size_t member, const EventId& proposal, bool yes = true) {
    return append(member, ballot(proposal, yes));
  }
  [[nodiscard]] Event ballot(const EventId& proposal, bool yes) const {
    Event event;
    event.type = kCharterBallotType;
    event.fields["proposal"] = Value{proposal.digest};
    event.fields["base"] = Value{base_of.at(proposal)};
    event.fields["choice"] = Value{std::string(yes ? "yes" : "no")};
    return event;
  }

  EventId certify(std::size_t member, KeyRole role, const PublicKey& key, int from,
                  std::optional<int> to = std::nullopt,
                  std::optional<PublicKey> signer = std::nullopt) {
    Event event;
    event.type = kKeyCertificationType;
    event.fields["key"] = Value{Bytes(key.bytes.begin(), key.bytes.end())};
    event.fields["role"] = Value{std::string(name(role))};
    event.fields["valid_from"] = Value{day(from)};
    if (to) {
      event.fields["valid_to"] = Value{day(*to)};
    }
    return append(id(member), federation.member(member).origin, std::move(event), KeyRole::kRoot,
                  signer.value_or(federation.key(member, KeyRole::kRoot).public_key()));
  }

  /// Witnesses date everything a log holds; the anchor that says so takes a place too.
  void witness(const std::string& origin, Moment moment) {
    heads.push_back({origin, sizes[origin], moment, sizes[origin]});
    for (LoggedEvent& logged : events) {
      if (logged.origin == origin && !logged.recorded_by) {
        logged.recorded_by = moment;
      }
    }
    ++sizes[origin];
  }
  void witness(std::size_t member, int on) { witness(federation.member(member).origin, noon(on)); }
  void witness_all(int on) {
    for (std::size_t i = 0; i < charter.members.size(); ++i) {
      witness(i, on);
    }
  }

  /// As `settle_ledger` does, with dates that do not depend on the charter.
  [[nodiscard]] Governance governed() const {
    Charter rules = charter;
    for (int round = 0; round < 100; ++round) {
      Governance governance = govern(charter, rules, std::span<const LoggedEvent>(events), heads);
      if (same_rules(governance.charter, rules)) {
        return governance;
      }
      rules = governance.charter;
    }
    return {};
  }
  [[nodiscard]] Decision decision(const EventId& proposal) const {
    const Governance governance = governed();
    const JudgedProposal* found = governance.find(proposal);
    return found == nullptr ? Decision::kWaiting : found->decision;
  }

  std::map<EventId, Digest> base_of;
};

/// A member that is not of the federation, with keys of its own.
struct Newcomer {
  TestFederation other{9, 77};
  Member card;

  Newcomer() : card(other.member(8)) {
    card.domain = "newcomer.example";
    card.origin = "newcomer.example/hefu/1";
    card.attributes["peer"] = "127.0.0.1:7999";
  }
  [[nodiscard]] std::string request(const Digest& federation) const {
    const auto note = make_join_request(federation, card, other.key(8, KeyRole::kRoot));
    return note ? *note : note.error().message;
  }
};

inline CharterProposal change(CharterChange what, const std::string& member = "") {
  CharterProposal proposal;
  proposal.change = what;
  proposal.member = member;
  return proposal;
}

inline CharterProposal admission(const Newcomer& newcomer, const Digest& federation) {
  CharterProposal proposal = change(CharterChange::kAdmit, newcomer.card.id);
  proposal.request = newcomer.request(federation);
  return proposal;
}

inline PublicKey fresh_key(std::uint8_t number) {
  SecretKey::Seed seed{};
  seed.fill(number);
  return SecretKey::from_seed(seed).public_key();
}

}  // namespace hefu::testing_governance
