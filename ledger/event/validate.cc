#include <string>

#include "ledger/event/catalogue.h"
#include "ledger/event/limits.h"
#include "ledger/event/uscc.h"

namespace hefu {

namespace {

Error refused(const std::string& where, const std::string& what, std::string hint) {
  return Error{Errc::kInvalid, where + ": " + what, std::move(hint)};
}

Error uninterpreted(const std::string& where, const std::string& what) {
  return Error{Errc::kUnsupported, where + ": uninterpreted: " + what,
               "fetch the catalogue that defines it"};
}

bool is_empty(const Value& value) {
  const auto* text = value.text();
  const auto* list = value.list();
  return (text != nullptr && text->empty()) || (list != nullptr && list->empty());
}

std::string known_fields(const EventType& type) {
  std::string names;
  for (const Field& field : type.fields) {
    if (!field.personal) {
      names += (names.empty() ? "" : ", ") + field.name;
    }
  }
  return names;
}

Result<void> check_given_fields(const Event& event, const EventType& type) {
  for (const auto& [name, value] : event.fields) {
    const Field* const field = type.field(name);
    if (field == nullptr) {
      return refused("field " + name, "unknown in " + type.name, "fields: " + known_fields(type));
    }
    if (field->personal) {
      return refused("field " + name, "personal value in clear",
                     "give it under \"personal\": the log holds only a salted commitment");
    }
    if (auto ok = check_value("field " + name, field->type, value); !ok) {
      return ok;
    }
  }
  return {};
}

Result<void> check_type_fields(const Event& event, const EventType& type) {
  for (const Field& field : type.fields) {
    if (field.personal) {
      if (!event.commitments.contains(field.name)) {
        return refused("commitment " + field.name, "missing",
                       "every personal field is committed to, also where it has no value");
      }
      continue;
    }
    if (!field.required) {
      continue;
    }
    const Value* const value = event.field(field.name);
    if (value == nullptr || is_empty(*value)) {
      return refused("field " + field.name, value == nullptr ? "missing" : "required, but empty",
                     type.name + " needs it: " + field.type.text());
    }
  }
  return {};
}

Result<void> check_commitments(const Event& event, const EventType& type) {
  for (const auto& [name, digest] : event.commitments) {
    const Field* const field = type.field(name);
    if (field == nullptr || !field->personal) {
      return refused("commitment " + name,
                     field == nullptr ? "unknown in " + type.name : "not a personal field",
                     "commit to personal fields only");
    }
  }
  return {};
}

}  // namespace

Result<void> validate(const Event& event, const Catalogue& catalogue) {
  if (auto ok = check_limits(event); !ok) {
    return ok;
  }
  if (const auto issuer = check_credit_code(event.issuer); !issuer) {
    return issuer.error().during("issuer");
  }
  const EventType* const type = catalogue.find(event.type);
  if (type == nullptr) {
    return uninterpreted("type", event.type + " is not in catalogue " + catalogue.name());
  }
  // Versions of one catalogue stay readable by one another; a protocol type is the same in all.
  const std::string id = event.catalogue.substr(0, event.catalogue.find('/'));
  if (!type->protocol && id != catalogue.id()) {
    return uninterpreted("catalogue", event.catalogue + " is not " + catalogue.name());
  }
  if (type->needs_record && !event.record) {
    return refused("record", "missing",
                   type->name + " speaks about a record: give the id of its opening event");
  }
  if (auto ok = check_given_fields(event, *type); !ok) {
    return ok;
  }
  if (auto ok = check_type_fields(event, *type); !ok) {
    return ok;
  }
  return check_commitments(event, *type);
}

}  // namespace hefu
