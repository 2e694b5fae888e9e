#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/log_heads.h"

namespace hefu::testing_logs {

inline Date day(int number) {
  return Date{Date::from_civil(2025, 3, 1)->days + number};
}
/// Noon of that day at +08:00.
inline Moment noon(int number) {
  return Moment{Moment::end_of(day(number)).ms - 43'200'000 + 1};
}

/// For tests: the logs of a few parties, written by hand. Ids are hashes of a running number; there
/// are no signatures, because LoggedEvent stands for what was verified before.
struct Logs {
  Charter charter;
  std::vector<LoggedEvent> events;
  std::vector<WitnessedHead> heads;
  struct Observation {
    std::string log;
    std::uint64_t index = 0;
    ObservedHead head;
  };
  std::vector<Observation> observations;
  std::vector<RevokedAct> revoked;
  std::map<std::string, std::uint64_t> sizes;
  int made_ = 0;

  explicit Logs(const std::vector<std::string>& parties) {
    for (const std::string& party : parties) {
      Member member;
      member.id = party;
      member.origin = party + "/hefu/1";
      member.attributes["controller"] = party;
      member.keys.emplace(KeyRole::kSeal, PublicKey{});
      charter.members.push_back(member);
    }
  }

  LoggedEvent& append(const std::string& party, Event event, KeyRole role = KeyRole::kSeal) {
    LoggedEvent logged;
    logged.id = EventId{sha256(as_bytes("event " + std::to_string(++made_)))};
    logged.origin = party + "/hefu/1";
    logged.index = sizes[party]++;
    logged.member = party;
    logged.role = role;
    event.issuer = event.issuer.empty() ? party : event.issuer;
    logged.event = std::move(event);
    events.push_back(logged);
    return events.back();
  }

  static Event act(std::string_view type, const EventId& record) {
    Event event;
    event.type = type;
    event.record = record;
    event.occurred_on = day(0);
    return event;
  }

  struct Terms {
    std::vector<std::string> parties = {};
    int sign_by = 7;
    std::int64_t attempt = 1;
    std::optional<EventId> agreement = std::nullopt;
    std::optional<EventId> base = std::nullopt;
    int valid_from = 0;
    std::optional<int> valid_to = std::nullopt;
    std::optional<EventId> arises_from = std::nullopt;
    std::int64_t notice_days = 30;
    std::optional<std::int64_t> quorum = std::nullopt;
    std::int64_t faulty = 0;
    std::vector<std::string> required = {};
    std::string arbiter = {};
    std::optional<std::int64_t> dispute_days = std::nullopt;
    std::int64_t renewal_months = 0;
    std::optional<std::int64_t> renewals_max = std::nullopt;
    std::optional<EventId> renewal_of = std::nullopt;
    std::vector<EventId> succession = {};
  };

  static Value::List ids(const std::vector<EventId>& list) {
    Value::List values;
    for (const EventId& id : list) {
      values.push_back(Value{id.digest});
    }
    return values;
  }
  static Value::List texts(const std::vector<std::string>& list) {
    Value::List values;
    for (const std::string& text : list) {
      values.push_back(Value{text});
    }
    return values;
  }

  EventId propose(const std::string& party, const Terms& terms) {
    Event event;
    event.type = kProposalType;
    event.record = terms.agreement;
    event.occurred_on = day(0);
    event.fields["parties"] = Value{texts(terms.parties)};
    event.fields["sign_by"] = Value{day(terms.sign_by)};
    event.fields["attempt"] = Value{terms.attempt};
    event.fields["valid_from"] = Value{day(terms.valid_from)};
    event.fields["notice_days"] = Value{terms.notice_days};
    if (terms.valid_to) {
      event.fields["valid_to"] = Value{day(*terms.valid_to)};
    }
    if (terms.base) {
      event.fields["base"] = Value{terms.base->digest};
    }
    if (terms.arises_from) {
      event.fields["arises_from"] = Value{terms.arises_from->digest};
    }
    if (terms.quorum) {
      event.fields["signing_quorum"] = Value{*terms.quorum};
    }
    if (terms.faulty != 0) {
      event.fields["signing_faulty"] = Value{terms.faulty};
    }
    if (!terms.required.empty()) {
      event.fields["signing_required"] = Value{texts(terms.required)};
    }
    if (!terms.arbiter.empty()) {
      event.fields["arbiter"] = Value{terms.arbiter};
    }
    if (terms.dispute_days) {
      event.fields["dispute_days"] = Value{*terms.dispute_days};
    }
    if (terms.renewal_months != 0) {
      event.fields["renewal_months"] = Value{terms.renewal_months};
    }
    if (terms.renewals_max) {
      event.fields["renewals_max"] = Value{*terms.renewals_max};
    }
    if (terms.renewal_of) {
      event.fields["renewal_of"] = Value{terms.renewal_of->digest};
    }
    if (!terms.succession.empty()) {
      event.fields["succession"] = Value{ids(terms.succession)};
    }
    return append(party, std::move(event)).id;
  }

  EventId sign(const std::string& party, const EventId& agreement, const EventId& version,
               std::int64_t attempt = 1, const std::vector<EventId>& releases = {}) {
    Event event = act(kSignatureType, agreement);
    event.fields["version"] = Value{version.digest};
    event.fields["attempt"] = Value{attempt};
    if (!releases.empty()) {
      event.fields["releases"] = Value{ids(releases)};
    }
    return append(party, std::move(event)).id;
  }

  EventId decline(const std::string& party, const EventId& agreement, const EventId& version) {
    Event event = act(kDeclineType, agreement);
    event.fields["version"] = Value{version.digest};
    event.fields["reason"] = Value{std::string("no")};
    return append(party, std::move(event)).id;
  }

  EventId terminate(const std::string& party, const EventId& agreement, const EventId& version,
                    int effective_on) {
    Event event = act(kTerminationType, agreement);
    event.fields["version"] = Value{version.digest};
    event.fields["effective_on"] = Value{day(effective_on)};
    event.fields["reason"] = Value{std::string("enough")};
    return append(party, std::move(event)).id;
  }

  EventId refuse_renewal(const std::string& party, const EventId& agreement,
                         const EventId& version) {
    Event event = act(kNonRenewalType, agreement);
    event.fields["version"] = Value{version.digest};
    event.fields["reason"] = Value{std::string("enough")};
    return append(party, std::move(event)).id;
  }

  EventId seen(const std::string& party, const EventId& agreement, const EventId& version) {
    Event event = act(kSeenType, agreement);
    event.fields["version"] = Value{version.digest};
    return append(party, std::move(event)).id;
  }

  EventId succeed(const std::string& party, const EventId& agreement,
                  const std::string& predecessor, const std::string& successor) {
    Event event = act(kSuccessionType, agreement);
    event.fields["predecessor"] = Value{predecessor};
    event.fields["successor"] = Value{successor};
    event.fields["reason"] = Value{std::string("merged")};
    return append(party, std::move(event)).id;
  }

  /// A dispute, a repudiation or a response: `type` says which, `words` go where it has its text.
  EventId object(const std::string& party, std::string_view type, const EventId& agreement,
                 const EventId& target, const std::string& words = "not so") {
    Event event = act(type, agreement);
    event.fields["target"] = Value{target.digest};
    event.fields[type == kDisputeType       ? "claim"
                 : type == kRepudiationType ? "reason"
                                            : "answer"] = Value{words};
    return append(party, std::move(event)).id;
  }

  EventId rule(const std::string& party, const EventId& agreement, const EventId& contest,
               const std::string& ruling, std::optional<int> effective_on = std::nullopt) {
    Event event = act(kResolutionType, agreement);
    event.fields["target"] = Value{contest.digest};
    event.fields["ruling"] = Value{ruling};
    if (effective_on) {
      event.fields["effective_on"] = Value{day(*effective_on)};
    }
    return append(party, std::move(event)).id;
  }

  /// Witnesses date everything the party's log holds; the anchor that says so takes a place too.
  void witness(const std::string& party, Moment moment) {
    WitnessedHead head;
    head.origin = party + "/hefu/1";
    head.size = sizes[party];
    head.time = moment;
    head.anchored_at = sizes[party]++;
    heads.push_back(head);
  }

  /// A member states in its log that a quorum saw nothing of a party's log beyond `size` by then.
  /// It takes a place, and says something once witnesses have dated it.
  EventId observe(const std::string& observer, const std::string& party, Moment moment,
                  std::uint64_t size) {
    Observation made;
    made.log = observer + "/hefu/1";
    made.index = sizes[observer]++;
    made.head.origin = party + "/hefu/1";
    made.head.size = size;
    made.head.time = moment;
    made.head.observer = observer;
    made.head.event = EventId{sha256(as_bytes("event " + std::to_string(++made_)))};
    observations.push_back(made);
    return made.head.event;
  }

  /// The observations that the heads date.
  [[nodiscard]] static std::vector<ObservedHead> dated(const std::vector<Observation>& observations,
                                                       const std::vector<WitnessedHead>& heads) {
    const LogHeads clock(heads);
    std::vector<ObservedHead> found;
    for (const Observation& made : observations) {
      if (const auto when = clock.witnessed(made.log, made.index)) {
        found.push_back(made.head);
        found.back().dated = *when;
      }
    }
    return found;
  }

  [[nodiscard]] Agreement fold(const EventId& id) const {
    const auto all = fold_agreements(std::span<const LoggedEvent>(events), heads, charter,
                                     dated(observations, heads), revoked);
    const auto found = all.find(id);
    return found == all.end() ? Agreement{} : found->second;
  }

  [[nodiscard]] static const JudgedAct* find(const Agreement& agreement, const EventId& act) {
    for (const JudgedAct& judged : agreement.acts) {
      if (judged.id == act) {
        return &judged;
      }
    }
    return nullptr;
  }
};

}  // namespace hefu::testing_logs
