#include "node/departments.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "ledger/event/envelope.h"
#include "ledger/event/uscc.h"

namespace hefu {
namespace {

/// Fields that say which events an event speaks about.
constexpr std::array kAbout{"target", "object", "version"};

std::vector<EventId> spoken_about(const Event& event) {
  std::vector<EventId> ids;
  for (const char* const name : kAbout) {
    const Value* value = event.field(name);
    if (value == nullptr) {
      continue;
    }
    if (value->digest() != nullptr) {
      ids.push_back(EventId{*value->digest()});
    } else if (value->list() != nullptr) {
      for (const Value& item : *value->list()) {
        if (item.digest() != nullptr) {
          ids.push_back(EventId{*item.digest()});
        }
      }
    }
  }
  return ids;
}

/// What stands behind "<institution>/"; "" for anything else.
std::string unit_of(std::string_view party, std::string_view institution) {
  return party.size() > institution.size() + 1 && institution_of(party) == institution
             ? std::string(party.substr(institution.size() + 1))
             : std::string();
}

std::string listed(const std::set<std::string>& units) {
  std::string text;
  for (const std::string& unit : units) {
    text += (text.empty() ? "" : ", ") + unit;
  }
  return text;
}

bool holds_party(const FieldType& type) {
  return type.kind == FieldKind::kParty ||
         std::any_of(type.parts.begin(), type.parts.end(), holds_party);
}

/// Where a department could be named in an event of this type.
std::string places_for_departments(const EventType* type) {
  std::string names;
  if (type != nullptr && !type->protocol) {
    for (const Field& field : type->fields) {
      if (!field.personal && holds_party(field.type)) {
        names += (names.empty() ? "" : ", ") + field.name;
      }
    }
  }
  return names;
}

Error refuse(const Departments& own, const std::set<std::string>& concerned, bool review,
             const std::string& what, const EventType* type) {
  const char* const does = review ? "reviews" : "records";
  if (own.none()) {
    return {Errc::kUnauthorised,
            "two persons: this account hands in no " + std::string(does) + ", and " + what +
                " is one by the key that signed it",
            std::string("registering and reviewing take two persons: have it handed in with an "
                        "account that has the role ") +
                (review ? "reviewer" : "registrar")};
  }
  const std::string whose = "; this account " + std::string(does) + " for " + listed(own.units);
  if (!concerned.empty()) {
    return {Errc::kUnauthorised, "department: " + what + " concerns " + listed(concerned) + whose,
            "have it handed in with an account of that department, or of the whole institution"};
  }
  const std::string places = places_for_departments(type);
  return {Errc::kUnauthorised,
          "department: " + what + " concerns the institution as a whole" + whose,
          (places.empty() ? std::string() : "name the department in " + places + ", or ") +
              "have it handed in with an account of the whole institution"};
}

}  // namespace

DepartmentDesk::Units DepartmentDesk::named(const Event& event) const {
  const EventType* type = catalogue_->find(event.type);
  Units units;
  if (type == nullptr) {
    return units;
  }
  if (type->fact && !type->fact->org.empty()) {
    for (const std::string& party : type->parties_in(event, type->fact->org)) {
      if (party == self_.id) {
        return units;
      }
    }
  }
  for (const Field& field : type->fields) {
    for (const std::string& party : type->parties_in(event, field.name)) {
      if (const std::string unit = unit_of(party, self_.id); !unit.empty()) {
        units.insert(unit);
      }
    }
  }
  // Whose figures are approved: a text, because it may be a group of the programme as well.
  const Value* approved = event.type == "figure-approval" ? event.field("unit") : nullptr;
  if (approved != nullptr && approved->text() != nullptr) {
    if (const std::string unit = unit_of(*approved->text(), self_.id); !unit.empty()) {
      units.insert(unit);
    }
  }
  return units;
}

Result<std::optional<Event>> DepartmentDesk::find(const EventId& id,
                                                  const Together& together) const {
  if (const auto beside = together.find(id); beside != together.end()) {
    return std::optional(beside->second);
  }
  const auto places = store_.places(id);
  if (!places) {
    return places.error();
  }
  if (places->empty()) {
    return std::optional<Event>();
  }
  const auto bytes = store_.entry(places->front().log, places->front().index);
  const auto envelope = bytes ? decode_envelope(*bytes) : Result<Envelope>(bytes.error());
  if (!envelope) {
    return envelope.error();
  }
  auto event = decode_event(envelope->event);
  return event ? std::optional(*std::move(event)) : std::optional<Event>();
}

Result<DepartmentDesk::Units> DepartmentDesk::concerned(const Event& event,
                                                        const Together& together) const {
  const EventType* type = catalogue_->find(event.type);
  const std::vector<EventId> about = spoken_about(event);
  Units units = named(event);
  const bool speaks_for_itself = type == nullptr || (!type->protocol && about.empty());
  if (units.empty() && speaks_for_itself) {
    return units;
  }
  std::set<EventId> others(about.begin(), about.end());
  if (event.record) {
    others.insert(*event.record);
  }
  if (event.supersedes) {
    others.insert(*event.supersedes);
  }
  for (const EventId& id : others) {
    const auto other = find(id, together);
    if (!other) {
      return other.error();
    }
    const Units its = *other ? named(**other) : Units();
    const EventType* its_type = *other ? catalogue_->find((*other)->type) : nullptr;
    // An objection, say, names nobody: the record it belongs to, which is among these, decides.
    if (its.empty() && (its_type == nullptr || !its_type->protocol)) {
      return Units();
    }
    units.insert(its.begin(), its.end());
  }
  return units;
}

Result<void> DepartmentDesk::admit(const Reach& reach, std::span<const Bytes> envelopes) const {
  if (reach.is_unlimited()) {
    return {};
  }
  Together together;
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    const std::string number = "event " + std::to_string(i);
    const auto envelope = decode_envelope(envelopes[i]);
    if (!envelope) {
      return envelope.error().during(number);
    }
    auto event = decode_event(envelope->event);
    if (!event) {
      return event.error().during(number);
    }
    const auto signer = keys_.signer(envelope->signer, self_);
    const bool review =
        signer && (signer->role == KeyRole::kReviewer || signer->role == KeyRole::kAuditor);
    const Departments& own = review ? reach.reviews : reach.records;
    const auto units = own.all ? Result<Units>(Units()) : concerned(*event, together);
    if (!units) {
      return units.error().during(number);
    }
    if (!own.cover(*units)) {
      return refuse(own, *units, review, number + " (" + event->type + ")",
                    catalogue_->find(event->type));
    }
    together.emplace(envelope->id(), *std::move(event));
  }
  return {};
}

Result<void> DepartmentDesk::admit(const Reach& reach, std::span<const Digest> events) const {
  if (reach.records.all) {
    return {};
  }
  for (const Digest& id : events) {
    const auto event = find(EventId{id}, {});
    const auto units = !event   ? Result<Units>(event.error())
                       : *event ? concerned(**event, {})
                                : Result<Units>(Units());
    if (!units) {
      return units.error();
    }
    if (!reach.records.cover(*units)) {
      return refuse(reach.records, *units, false, "event " + id.hex(), nullptr);
    }
  }
  return {};
}

Result<bool> DepartmentDesk::concerns(const Reach& reach, std::span<const EventId> events) const {
  Units all;
  for (const EventId& id : events) {
    const auto event = find(id, {});
    if (!event) {
      return event.error();
    }
    const auto units = *event ? concerned(**event, {}) : Result<Units>(Units());
    if (!units) {
      return units.error();
    }
    if (units->empty()) {
      all.clear();
      break;
    }
    all.insert(units->begin(), units->end());
  }
  return reach.records.cover(all) || reach.reviews.cover(all);
}

}  // namespace hefu
