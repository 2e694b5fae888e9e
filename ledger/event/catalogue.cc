#include "ledger/event/catalogue.h"

#include <algorithm>
#include <set>

#include "ledger/event/uscc.h"

namespace hefu {

namespace {

void collect_parties(const FieldType& type, const Value& value, std::vector<std::string>& out) {
  switch (type.kind) {
    case FieldKind::kParty:
      if (const auto* text = value.text()) {
        out.push_back(*text);
      }
      return;
    case FieldKind::kOneOf:
      for (const FieldType& part : type.parts) {
        if (check_value("", part, value)) {
          collect_parties(part, value, out);
          return;
        }
      }
      return;
    case FieldKind::kList:
      if (const auto* list = value.list()) {
        for (const Value& element : *list) {
          collect_parties(type.parts[0], element, out);
        }
      }
      return;
    case FieldKind::kTuple:
      if (const auto* list = value.list(); list != nullptr && list->size() == type.parts.size()) {
        for (std::size_t i = 0; i < list->size(); ++i) {
          collect_parties(type.parts[i], (*list)[i], out);
        }
      }
      return;
    default:
      return;
  }
}

}  // namespace

const Field* EventType::field(std::string_view field_name) const {
  const auto found =
      std::find_if(fields.begin(), fields.end(),
                   [field_name](const Field& candidate) { return candidate.name == field_name; });
  return found == fields.end() ? nullptr : &*found;
}

std::vector<std::string> EventType::parties_in(const Event& event,
                                               std::string_view field_name) const {
  std::vector<std::string> parties;
  const Field* const known = field(field_name);
  const Value* const value = event.field(std::string(field_name));
  if (known != nullptr && value != nullptr) {
    collect_parties(known->type, *value, parties);
  }
  return parties;
}

std::vector<std::string> EventType::required_countersigners(const Event& event) const {
  std::set<std::string> institutions;
  for (const std::string& field_name : countersign) {
    for (const std::string& party : parties_in(event, field_name)) {
      institutions.emplace(institution_of(party));
    }
  }
  institutions.erase(std::string(institution_of(event.issuer)));
  return {institutions.begin(), institutions.end()};
}

Digest Catalogue::digest() const {
  return sha256(as_bytes(text_));
}

const EventType* Catalogue::find(std::string_view type) const {
  const auto found = by_name_.find(type);
  return found == by_name_.end() ? nullptr : &types_[found->second];
}

}  // namespace hefu
