#include "api/json_members.h"

#include <utility>

#include <boost/json.hpp>

namespace hefu {

namespace json = boost::json;

JsonMembers::JsonMembers(const json::value& value, std::string what)
    : object_(value.if_object()), what_(std::move(what)) {
  if (object_ == nullptr) {
    error_ = Error{Errc::kInvalid, what_ + ": not a JSON object", ""};
  }
}

const json::value* JsonMembers::find(std::string_view member) {
  known_.emplace(member);
  return object_ == nullptr ? nullptr : object_->if_contains(member);
}

std::string JsonMembers::text(std::string_view member, std::size_t bytes_max) {
  const json::value* value = find(member);
  if (value == nullptr) {
    return "";
  }
  const json::string* text = value->if_string();
  if (text == nullptr || text->size() > bytes_max) {
    refuse(member, "not a text of at most " + std::to_string(bytes_max) + " bytes");
    return "";
  }
  return std::string(*text);
}

std::optional<std::string> JsonMembers::optional_text(std::string_view member,
                                                      std::size_t bytes_max) {
  return find(member) == nullptr ? std::nullopt : std::optional(text(member, bytes_max));
}

std::string JsonMembers::required_text(std::string_view member, std::size_t bytes_max) {
  std::string value = text(member, bytes_max);
  if (value.empty()) {
    refuse(member, "missing");
  }
  return value;
}

std::optional<bool> JsonMembers::boolean(std::string_view member) {
  const json::value* value = find(member);
  if (value == nullptr) {
    return std::nullopt;
  }
  if (!value->is_bool()) {
    refuse(member, "not true or false");
    return std::nullopt;
  }
  return value->get_bool();
}

std::int64_t JsonMembers::required_number(std::string_view member, std::int64_t min,
                                          std::int64_t max) {
  const json::value* value = find(member);
  if (value == nullptr || !value->is_int64() || value->get_int64() < min ||
      value->get_int64() > max) {
    refuse(member, "not a whole number from " + std::to_string(min) + " to " + std::to_string(max));
    return min;
  }
  return value->get_int64();
}

const json::array* JsonMembers::list(std::string_view member, std::size_t elements_max) {
  const json::value* value = find(member);
  if (value == nullptr) {
    return nullptr;
  }
  const json::array* list = value->if_array();
  if (list == nullptr || list->size() > elements_max) {
    refuse(member, "not a list of at most " + std::to_string(elements_max));
    return nullptr;
  }
  return list;
}

void JsonMembers::refuse(std::string_view member, const std::string& why, std::string hint) {
  if (!error_) {
    error_ = Error{Errc::kInvalid, what_ + "." + std::string(member) + ": " + why, std::move(hint)};
  }
}

Result<void> JsonMembers::done() const {
  if (error_) {
    return *error_;
  }
  for (const auto& member : *object_) {
    if (!known_.contains(std::string_view(member.key()))) {
      std::string hint = "it takes:";
      for (const std::string& name : known_) {
        hint += ' ' + name;
      }
      return Error{Errc::kInvalid, what_ + ": a member that is unknown here", std::move(hint)};
    }
  }
  return {};
}

}  // namespace hefu
