#include "ledger/record/world.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/event/uscc.h"

namespace hefu {

namespace {

// Fields of a registration that are attributes for indicators; names, keys and addresses are not.
constexpr std::array<const char*, 8> kAttributes = {
    "kind",       "parent",           "division_code",      "industry_code",
    "size_class", "size_class_as_of", "leading_enterprise", "park"};

bool authority_stands_behind(const Record& record, const std::string& authority) {
  if (institution_of(record.current.event.issuer) == authority) {
    return true;
  }
  if (!record.changes.empty() && record.changes.back().party == authority) {
    return record.changes.back().state != "applied";
  }
  return std::any_of(record.answers.begin(), record.answers.end(), [&](const Answer& answer) {
    return answer.confirms && answer.party == authority;
  });
}

bool stands(const Record& record) {
  return record.interpreted &&
         (record.standing == Standing::kConfirmed || record.standing == Standing::kClaimed);
}

void add_registration(World& world, const Record& record) {
  const Event& event = record.current.event;
  const Value* id = event.field("institution_id");
  if (id == nullptr || id->text() == nullptr) {
    return;
  }
  auto& attributes = world.orgs[*id->text()];
  const auto history = world.history.find(*id->text());
  for (const char* name : kAttributes) {
    const Value* value = event.field(name);
    if (value == nullptr) {
      continue;
    }
    if (history != world.history.end()) {
      std::erase_if(history->second,
                    [&](const DatedAttribute& dated) { return dated.name == name; });
    }
    if (value->text() != nullptr) {
      attributes[name] = FactValue{*value->text()};
    } else if (value->date() != nullptr) {
      attributes[name] = FactValue{value->date()->text()};
    }
  }
  attributes["state"] = FactValue{record.state};
}

/// What decisions of the members said of one of them, by the day it took effect; of one day, the
/// later decision stands.
void add_history(World& world, const Member& member) {
  if (member.described.empty()) {
    return;
  }
  auto& history = world.history[member.id];
  for (const AttributeFrom& change : member.described) {
    history.push_back(
        {change.from, change.key,
         change.value.empty() ? std::nullopt : std::optional(FactValue{change.value})});
  }
  std::stable_sort(
      history.begin(), history.end(),
      [](const DatedAttribute& a, const DatedAttribute& b) { return a.from < b.from; });
}

struct Change {
  Date on;
  EventId id;
  bool joins = false;
};

using Membership = std::pair<std::string, std::string>;  // body, organisation

void add_change(std::map<Membership, std::vector<Change>>& changes, const Record& record,
                const std::map<EventId, EventId>& record_of) {
  const Event& event = record.current.event;
  const Value* body = event.field("body");
  const Value* member = event.field("member");
  const Value* action = event.field("action");
  const Value* on = event.field("effective_on");
  if (body == nullptr || body->digest() == nullptr || member == nullptr ||
      member->text() == nullptr || action == nullptr || action->text() == nullptr ||
      on == nullptr || on->date() == nullptr) {
    return;
  }
  const std::string& what = *action->text();
  const bool joins = what == "join" || what == "move-in";
  if (!joins && what != "leave" && what != "expel") {
    return;  // a change of class leaves membership as it is
  }
  const EventId named{*body->digest()};
  const auto found = record_of.find(named);
  const std::string group = (found == record_of.end() ? named : found->second).hex();
  changes[{group, *member->text()}].push_back(Change{*on->date(), record.id, joins});
}

void add_memberships(World& world, const Membership& membership, std::vector<Change>& changes) {
  // A change of hands on one day: leaving first, then joining anew.
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::tie(a.on, a.joins, a.id) < std::tie(b.on, b.joins, b.id);
  });
  auto& group = world.groups[membership.first];
  bool open = false;
  for (const Change& change : changes) {
    if (change.joins && !open) {
      group.push_back(GroupMembership{membership.second, change.on, std::nullopt});
      open = true;
    } else if (!change.joins && open) {
      group.back().to = change.on;
      open = false;
    }
  }
}

}  // namespace

World world_on(const World& world, Date date) {
  World then = world;
  for (const auto& [id, history] : world.history) {
    auto& attributes = then.orgs[id];
    for (const DatedAttribute& dated : history) {
      attributes.erase(dated.name);
    }
    for (const DatedAttribute& dated : history) {
      if (date < dated.from) {
        continue;
      }
      if (dated.value) {
        attributes[dated.name] = *dated.value;
      } else {
        attributes.erase(dated.name);
      }
    }
  }
  return then;
}

World world(const Records& records, const Charter& charter) {
  World world;
  for (const Member& member : charter.members) {
    auto& attributes = world.orgs[member.id];
    for (const auto& [name, value] : member.attributes) {
      attributes[name] = FactValue{value};
    }
    add_history(world, member);
  }
  // A body may be named by any version of its record.
  std::map<EventId, EventId> record_of;
  std::vector<const Record*> registrations;
  for (const auto& [id, record] : records.records) {
    for (const EventId& version : record.versions) {
      record_of.emplace(version, id);
    }
    if (record.type == "institution-registration" && stands(record) &&
        authority_stands_behind(record, charter.authority)) {
      registrations.push_back(&record);
    }
  }
  // Where two registrations name one institution, the later business date speaks last.
  std::sort(registrations.begin(), registrations.end(), [](const Record* a, const Record* b) {
    return std::tie(a->current.event.occurred_on, a->id) <
           std::tie(b->current.event.occurred_on, b->id);
  });
  for (const Record* record : registrations) {
    add_registration(world, *record);
  }

  std::map<Membership, std::vector<Change>> changes;
  for (const auto& [id, record] : records.records) {
    if (record.type == "membership-change" && record.interpreted &&
        record.standing == Standing::kConfirmed) {
      add_change(changes, record, record_of);
    }
  }
  for (auto& [membership, list] : changes) {
    add_memberships(world, membership, list);
  }
  return world;
}

}  // namespace hefu
