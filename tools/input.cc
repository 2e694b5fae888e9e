#include "tools/input.h"

#include <iostream>
#include <sstream>

#include "ledger/event/canonical_json.h"
#include "node/files.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kFileBytesMax = std::size_t{64} << 20;
constexpr std::size_t kEventsMax = 100000;

Result<std::string> read_all(const std::string& path) {
  if (path != "-") {
    return read_file(path, kFileBytesMax);
  }
  std::string text;
  char buffer[65536];
  while (std::cin.read(buffer, sizeof(buffer)) || std::cin.gcount() > 0) {
    text.append(buffer, static_cast<std::size_t>(std::cin.gcount()));
    if (text.size() > kFileBytesMax) {
      return Error{Errc::kTooLarge, "standard input holds more than 64 MiB", "split the file"};
    }
  }
  return text;
}

/// Takes the author's own "name" off the object.
EventLine line_of(json::value value, std::size_t number) {
  EventLine line;
  line.number = number;
  if (value.is_object()) {
    json::object& object = value.as_object();
    if (const auto* given = object.if_contains("name"); given != nullptr && given->is_string()) {
      line.name = std::string(given->as_string());
      object.erase("name");
    }
  }
  line.event = std::move(value);
  return line;
}

}  // namespace

Result<std::vector<EventLine>> read_events(const std::string& path) {
  auto text = read_all(path);
  if (!text) {
    return text.error();
  }
  std::vector<EventLine> lines;
  const auto first = text->find_first_not_of(" \t\r\n");
  if (first == std::string::npos) {
    return lines;
  }
  if (auto whole = parse_json(*text, kFileBytesMax); whole) {
    if (whole->is_array()) {
      if (whole->as_array().size() > kEventsMax) {
        return Error{Errc::kTooLarge, path + " holds more than 100,000 events", "split the file"};
      }
      for (json::value& item : whole->as_array()) {
        lines.push_back(line_of(std::move(item), lines.size() + 1));
      }
    } else {
      lines.push_back(line_of(std::move(*whole), 1));
    }
    return lines;
  }
  std::istringstream stream(*text);
  std::string row;
  for (std::size_t number = 1; std::getline(stream, row); ++number) {
    const auto start = row.find_first_not_of(" \t\r");
    if (start == std::string::npos || row[start] == '#') {
      continue;
    }
    auto value = parse_json(row, kFileBytesMax);
    if (!value) {
      return value.error().during(path + " line " + std::to_string(number));
    }
    if (lines.size() == kEventsMax) {
      return Error{Errc::kTooLarge, path + " holds more than 100,000 events", "split the file"};
    }
    lines.push_back(line_of(std::move(*value), number));
  }
  return lines;
}

Result<Names> Names::load(const std::string& path) {
  Names names;
  names.path_ = path;
  if (path.empty()) {
    return names;
  }
  auto text = read_file(path, kFileBytesMax);
  if (!text) {
    return text.error().code == Errc::kNotFound ? Result<Names>(names) : text.error();
  }
  auto value = parse_json(*text, kFileBytesMax);
  if (!value || !value->is_object()) {
    return Error{Errc::kInvalid, path + " is not a file of event names", "it is a JSON object"};
  }
  for (const auto& item : value->as_object()) {
    if (!item.value().is_string()) {
      return Error{Errc::kInvalid, path + ": the name " + std::string(item.key()) + " has no id",
                   ""};
    }
    names.ids_[std::string(item.key())] = std::string(item.value().as_string());
  }
  return names;
}

Result<void> Names::resolve(json::value* value, Moment now) const {
  if (value->is_array()) {
    for (json::value& item : value->as_array()) {
      if (auto ok = resolve(&item, now); !ok) {
        return ok;
      }
    }
    return {};
  }
  if (!value->is_object()) {
    return {};
  }
  json::object& object = value->as_object();
  if (object.size() == 1) {
    if (const auto* reference = object.if_contains("$ref")) {
      const std::string wanted =
          reference->is_string() ? std::string(reference->as_string()) : std::string();
      const auto found = ids_.find(wanted);
      if (found == ids_.end()) {
        return Error{Errc::kNotFound, "no event is named \"" + wanted + "\"",
                     "append the file that defines it first, with the same --names file"};
      }
      *value = found->second;
      return {};
    }
    if (const auto* days = object.if_contains("$days_from_now")) {
      if (!days->is_int64() || days->as_int64() < -36500 || days->as_int64() > 36500) {
        return Error{Errc::kInvalid, "$days_from_now must be a whole number of days", ""};
      }
      *value = Date{now.date().days + static_cast<std::int32_t>(days->as_int64())}.text();
      return {};
    }
  }
  for (auto& item : object) {
    if (auto ok = resolve(&item.value(), now); !ok) {
      return ok;
    }
  }
  return {};
}

Result<void> Names::save() const {
  if (path_.empty()) {
    return {};
  }
  json::object object;
  for (const auto& [name, id] : ids_) {
    object[name] = id;
  }
  return write_file_atomically(path_, json::serialize(object) + "\n", FileMode::kShared);
}

}  // namespace hefu
