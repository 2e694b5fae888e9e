#include "api/schema_check.h"

#include <algorithm>

#include <boost/json.hpp>

#include "api/routes.h"

namespace hefu {
namespace {

namespace json = boost::json;

const json::value& document() {
  static const json::value kDocument = json::parse(openapi_json());
  return kDocument;
}

const json::value& resolve(const json::value& value) {
  const json::value* reference = value.as_object().if_contains("$ref");
  return reference == nullptr
             ? value
             : resolve(document().at_pointer(std::string(reference->as_string()).substr(1)));
}

bool is_of(const json::value& value, std::string_view type) {
  return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) || (type == "boolean" && value.is_bool()) ||
         (type == "null" && value.is_null()) ||
         (type == "integer" && (value.is_int64() || value.is_uint64())) ||
         (type == "number" && value.is_number());
}

std::string check(const json::value& value, const json::value& given, const std::string& at) {
  const json::object& schema = resolve(given).as_object();
  if (const json::value* choices = schema.if_contains("oneOf")) {
    const auto& list = choices->as_array();
    const auto fits = std::count_if(list.begin(), list.end(), [&](const json::value& one) {
      return check(value, one, at).empty();
    });
    return fits == 1 ? "" : at + ": fits " + std::to_string(fits) + " of oneOf";
  }
  if (const json::value* type = schema.if_contains("type")) {
    const bool fits =
        type->is_string()
            ? is_of(value, type->get_string())
            : std::any_of(type->as_array().begin(), type->as_array().end(),
                          [&](const json::value& one) { return is_of(value, one.as_string()); });
    if (!fits) {
      return at + ": not of type " + json::serialize(*type);
    }
  }
  if (const json::value* allowed = schema.if_contains("enum")) {
    const auto& list = allowed->as_array();
    if (std::find(list.begin(), list.end(), value) == list.end()) {
      return at + ": none of " + json::serialize(*allowed);
    }
  }
  if (const json::value* minimum = schema.if_contains("minimum");
      minimum != nullptr && value.is_int64() && value.get_int64() < minimum->as_int64()) {
    return at + ": below the minimum";
  }
  if (const auto* list = value.if_array(); list != nullptr && schema.contains("items")) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      if (auto wrong = check(list->at(i), schema.at("items"), at + '/' + std::to_string(i));
          !wrong.empty()) {
        return wrong;
      }
    }
  }
  const auto* object = value.if_object();
  if (object == nullptr) {
    return "";
  }
  if (const json::value* required = schema.if_contains("required")) {
    for (const json::value& name : required->as_array()) {
      if (!object->contains(name.as_string())) {
        return at + ": without " + std::string(name.as_string());
      }
    }
  }
  const json::value* properties = schema.if_contains("properties");
  for (const auto& [name, member] : *object) {
    const json::value* known =
        properties == nullptr ? nullptr : properties->as_object().if_contains(name);
    const json::value* others = schema.if_contains("additionalProperties");
    if (known == nullptr && others != nullptr && others->is_object()) {
      known = others;
    }
    if (known == nullptr && others != nullptr) {
      return at + ": has " + std::string(name) + ", which is not described";
    }
    if (known != nullptr) {
      if (auto wrong = check(member, *known, at + '/' + std::string(name)); !wrong.empty()) {
        return wrong;
      }
    }
  }
  return "";
}

}  // namespace

std::string against_document(std::string_view method, std::string_view path, int status,
                             std::string_view content_type, std::string_view body) {
  std::string lower(method);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  });
  const auto* operations = document().at("paths").as_object().if_contains(path);
  const auto* operation =
      operations == nullptr ? nullptr : operations->as_object().if_contains(lower);
  if (operation == nullptr) {
    return lower + ' ' + std::string(path) + ": not in the document";
  }
  const json::object& responses = operation->at("responses").as_object();
  const json::value* response = responses.if_contains(std::to_string(status));
  response = response == nullptr ? responses.if_contains("default") : response;
  const json::value* content = resolve(*response).as_object().if_contains("content");
  const json::value* media =
      content == nullptr ? nullptr : content->as_object().if_contains(content_type);
  if (media == nullptr) {
    return std::to_string(status) + " with " + std::string(content_type) + ": not in the document";
  }
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  return error ? std::string("body: no JSON") : check(value, media->at("schema"), "body");
}

}  // namespace hefu
