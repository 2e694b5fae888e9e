#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/agreement/agreement.h"

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
  std::map<std::string, std::uint64_t> sizes;
  int made = 0;

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
    logged.id = EventId{sha256(as_bytes("event " + std::to_string(++made)))};
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
  };

  EventId propose(const std::string& party, const Terms& terms) {
    Event event;
    event.type = kProposalType;
    event.record = terms.agreement;
    event.occurred_on = day(0);
    Value::List parties;
    for (const std::string& name : terms.parties) {
      parties.push_back(Value{name});
    }
    event.fields["parties"] = Value{parties};
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
    return append(party, std::move(event)).id;
  }

  EventId sign(const std::string& party, const EventId& agreement, const EventId& version,
               std::int64_t attempt = 1, const std::vector<EventId>& releases = {}) {
    Event event = act(kSignatureType, agreement);
    event.fields["version"] = Value{version.digest};
    event.fields["attempt"] = Value{attempt};
    if (!releases.empty()) {
      Value::List list;
      for (const EventId& release : releases) {
        list.push_back(Value{release.digest});
      }
      event.fields["releases"] = Value{list};
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

  /// Witnesses date everything the party's log holds; the anchor that says so takes a place too.
  void witness(const std::string& party, Moment moment) {
    WitnessedHead head;
    head.origin = party + "/hefu/1";
    head.size = sizes[party];
    head.time = moment;
    head.anchored_at = sizes[party]++;
    heads.push_back(head);
  }

  [[nodiscard]] Agreement fold(const EventId& id) const {
    const auto all = fold_agreements(std::span<const LoggedEvent>(events), heads, charter);
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
