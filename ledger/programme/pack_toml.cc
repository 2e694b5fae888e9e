// The only file that knows the TOML library.
#include "ledger/programme/pack_toml.h"

#include <optional>
#include <sstream>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <toml++/toml.h>

#include "ledger/event/canonical_json.h"
#include "ledger/event/date.h"
#include "ledger/programme/text_form.h"

namespace hefu {

namespace {

namespace json = boost::json;

Error refused(const std::string& path, std::string why, std::string hint) {
  return {Errc::kInvalid, path + ": " + std::move(why), std::move(hint)};
}

Result<json::value> convert(const toml::node& node, const std::string& path, std::size_t depth);

Result<json::value> convert_text(std::string_view text, const std::string& path) {
  const auto normal = normal_text(text);
  if (!normal) {
    return refused(path, "not well-formed UTF-8", "save the file as UTF-8");
  }
  return json::value(json::string(*normal));
}

Result<json::value> convert_date(const toml::date& date, const std::string& path) {
  const auto civil = Date::from_civil(date.year, date.month, date.day);
  if (!civil) {
    return refused(path, "not a date between 1900 and 2199", "write dates as 2024-07-11");
  }
  return json::value(json::string(civil->text()));
}

Result<json::value> convert_table(const toml::table& table, const std::string& path,
                                  std::size_t depth) {
  json::object out;
  for (const auto& [key, child] : table) {
    const std::string where = path.empty() ? std::string(key.str()) : path + "." + key.str().data();
    const auto name = normal_text(key.str());
    auto value = convert(child, where, depth + 1);
    if (!name || !value) {
      return name ? value : refused(path, "key that is not well-formed UTF-8", "");
    }
    out[*name] = *std::move(value);
  }
  return json::value(std::move(out));
}

Result<json::value> convert_array(const toml::array& array, const std::string& path,
                                  std::size_t depth) {
  json::array out;
  for (const toml::node& child : array) {
    auto value = convert(child, path + "[" + std::to_string(out.size()) + "]", depth + 1);
    if (!value) {
      return value;
    }
    out.push_back(*std::move(value));
  }
  return json::value(std::move(out));
}

Result<json::value> convert(const toml::node& node, const std::string& path, std::size_t depth) {
  if (depth > kJsonDepthMax) {
    return Error{Errc::kTooLarge, path + ": nested deeper than 32", ""};
  }
  if (const auto* table = node.as_table()) {
    return convert_table(*table, path, depth);
  }
  if (const auto* array = node.as_array()) {
    return convert_array(*array, path, depth);
  }
  if (const auto* text = node.as_string()) {
    return convert_text(text->get(), path);
  }
  if (const auto* flag = node.as_boolean()) {
    return json::value(flag->get());
  }
  if (const auto* date = node.as_date()) {
    return convert_date(date->get(), path);
  }
  if (const auto* integer = node.as_integer()) {
    const std::int64_t number = integer->get();
    if (number > kJsonIntegerMax || number < -kJsonIntegerMax) {
      return refused(path, "integer beyond 2^53 - 1", "write it as text");
    }
    return json::value(number);
  }
  if (node.is_floating_point()) {
    return refused(path, "number with a fraction", "write it as text: \"312.50\" or \"30%\"");
  }
  return refused(path, "time of day", "a pack knows civil dates only: 2024-07-11");
}

}  // namespace

namespace {

using Lines = std::map<std::string, std::uint32_t>;

void note_lines(const toml::node& node, const std::string& path, std::size_t depth, Lines& lines) {
  if (depth > kJsonDepthMax) {
    return;
  }
  if (const auto* table = node.as_table()) {
    for (const auto& [key, child] : *table) {
      const std::string inner = (path.empty() ? "" : path + ".") + std::string(key.str());
      lines[inner] = key.source().begin.line;
      note_lines(child, inner, depth + 1, lines);
    }
  } else if (const auto* array = node.as_array()) {
    std::size_t i = 0;
    for (const toml::node& child : *array) {
      const std::string inner = path + "[" + std::to_string(i++) + "]";
      lines[inner] = child.source().begin.line;
      note_lines(child, inner, depth + 1, lines);
    }
  }
}

/// What messages call by its id instead of its place.
void note_ids(const toml::table& table, Lines& lines) {
  for (const char* kind : {"set", "indicator", "assert", "row"}) {
    const auto* list = table[kind].as_array();
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
      const auto* entry = list->get(i)->as_table();
      const auto id = entry != nullptr ? (*entry)["id"].value<std::string>() : std::nullopt;
      if (id) {
        lines[std::string(kind) + " " + *id] = list->get(i)->source().begin.line;
      }
    }
  }
}

/// A path with its last step taken off; empty when there is none left.
std::string shortened(const std::string& path) {
  const std::size_t at = path.find_last_of(".[");
  return at == std::string::npos ? std::string() : path.substr(0, at);
}

}  // namespace

Error PackSource::at_line(const Error& error) const {
  std::uint32_t line = 0;
  std::size_t length = 0;
  std::size_t begin = 0;
  while (begin < error.message.size()) {
    const std::size_t end = error.message.find(": ", begin);
    std::string part = error.message.substr(begin, end - begin);
    if (const std::size_t kind = part.find(" ("); kind != std::string::npos) {
      part.resize(kind);  // "indicator x (count)"
    }
    const bool by_id = part.find(' ') != std::string::npos;
    for (; !part.empty(); part = by_id ? std::string() : shortened(part)) {
      const auto found = lines.find(part);
      if (found != lines.end() && part.size() > length) {
        length = part.size();
        line = found->second;
        break;
      }
    }
    begin = end == std::string::npos ? error.message.size() : end + 2;
  }
  return line == 0 ? error : error.during("line " + std::to_string(line));
}

Result<PackSource> read_pack_toml(std::string_view toml) {
  const toml::parse_result parsed = toml::parse(toml);
  if (!parsed) {
    const auto& error = parsed.error();
    std::ostringstream where;
    where << "line " << error.source().begin.line << ", column " << error.source().begin.column
          << ": " << error.description();
    return Error{Errc::kInvalid, "TOML " + where.str(), ""};
  }
  PackSource out;
  note_lines(parsed.table(), "", 0, out.lines);
  note_ids(parsed.table(), out.lines);
  auto json = convert_table(parsed.table(), "", 0);
  if (!json) {
    return out.at_line(json.error());
  }
  out.json = *std::move(json);
  return out;
}

}  // namespace hefu
