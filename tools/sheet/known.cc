#include "tools/sheet/known.h"

#include <string>

#include <boost/json.hpp>

#include "tools/sheet/check.h"

namespace hefu::sheet {

namespace json = boost::json;

namespace {

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

template <typename Take>
void each_object(const json::object& answer, std::string_view key, const Take& take) {
  const auto* list = answer.if_contains(key);
  if (list == nullptr || !list->is_array()) {
    return;
  }
  for (const json::value& item : list->get_array()) {
    if (const json::object* one = item.if_object()) {
      take(*one);
    }
  }
}

}  // namespace

void add_members(const json::object& answer, Institutions* all) {
  each_object(answer, "members", [&](const json::object& member) {
    const json::object* name = object_at(member, "name");
    for (const char* language : {"zh", "en"}) {
      all->add(text_at(member, "id"), name == nullptr ? "" : text_at(*name, language), true);
    }
  });
}

void add_guests(const json::object& answer, Institutions* all) {
  each_object(answer, "guests", [&](const json::object& guest) {
    all->add(text_at(guest, "guest"), text_at(guest, "name"), false);
  });
}

void add_registered(const json::object& listed, Institutions* all) {
  const json::object* event = object_at(listed, "event");
  if (const json::object* fields = event == nullptr ? nullptr : object_at(*event, "fields")) {
    all->add(text_at(*fields, "institution_id"), text_at(*fields, "legal_name"), false);
  }
}

void HeldEvents::add(const json::object& listed) {
  const auto id = Digest::from_hex(text_at(listed, "id"));
  const json::object* event = object_at(listed, "event");
  const auto* index = listed.if_contains("index");
  if (id && event != nullptr && index != nullptr && index->is_number()) {
    const auto place = static_cast<std::uint64_t>(index->to_number<std::int64_t>());
    by_id.emplace(*id, place);
    by_in_clear.emplace(said_in_clear(*event), Place{*id, place});
  }
}

}  // namespace hefu::sheet
