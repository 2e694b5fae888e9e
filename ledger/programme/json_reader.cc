#include "ledger/programme/json_reader.h"

#include <algorithm>
#include <numeric>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace hefu {

namespace {

namespace json = boost::json;

constexpr std::size_t kTextBytesMax = 8000;
constexpr std::size_t kElementsMax = 1'000'000;
constexpr std::size_t kWordMax = 64;  // longer keys have no near neighbour

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 2) + 1;
  for (const std::string& name : known) {
    const bool cut_short = !word.empty() && (name.starts_with(word) || word.starts_with(name));
    const std::size_t distance = word.size() > kWordMax ? best_distance
                                 : cut_short            ? 1
                                                        : edit_distance(word, name);
    if (distance < best_distance) {
      best = name;
      best_distance = distance;
    }
  }
  return best;
}

std::string JsonReader::path_of(std::string_view key) const {
  return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void JsonReader::refuse(std::string_view key, std::string why, std::string hint, Errc code) {
  errors_->add(Error{code, path_of(key) + ": " + std::move(why), std::move(hint)});
}

const json::value* JsonReader::find(std::string_view key, Need need) {
  known_.emplace_back(key);
  const json::value* found = object_->if_contains(key);
  if (found != nullptr && !found->is_null()) {
    return found;
  }
  if (need == Need::kRequired) {
    refuse(key, "missing");
  }
  return nullptr;
}

const json::value* JsonReader::raw(std::string_view key) {
  return find(key, Need::kOptional);
}

std::optional<std::string> JsonReader::optional_text(std::string_view key) {
  const json::value* found = find(key, Need::kOptional);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (!found->is_string()) {
    refuse(key, "must be text");
    return std::nullopt;
  }
  const json::string& text = found->get_string();
  if (text.size() > kTextBytesMax) {
    refuse(key, "longer than 8,000 bytes", "", Errc::kTooLarge);
    return std::nullopt;
  }
  return std::string(text);
}

std::string JsonReader::text(std::string_view key, Need need) {
  if (need == Need::kRequired && find(key, need) == nullptr) {
    return "";
  }
  auto found = optional_text(key);
  if (need == Need::kRequired && found && found->empty()) {
    refuse(key, "empty");
  }
  return found.value_or("");
}

std::optional<std::int64_t> JsonReader::integer(std::string_view key, Need need, std::int64_t min,
                                                std::int64_t max) {
  const json::value* found = find(key, need);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (!found->is_int64() || found->get_int64() < min || found->get_int64() > max) {
    refuse(key, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
  }
  return found->get_int64();
}

bool JsonReader::flag(std::string_view key, bool otherwise) {
  const json::value* found = find(key, Need::kOptional);
  if (found == nullptr) {
    return otherwise;
  }
  if (!found->is_bool()) {
    refuse(key, "must be true or false");
    return otherwise;
  }
  return found->get_bool();
}

std::optional<Date> JsonReader::date(std::string_view key, Need need) {
  const json::value* found = find(key, need);
  if (found == nullptr) {
    return std::nullopt;
  }
  const auto date =
      found->is_string() ? Date::parse(std::string_view(found->get_string())) : std::nullopt;
  if (!date) {
    refuse(key, "must be a calendar date", "write dates as YYYY-MM-DD");
  }
  return date;
}

std::vector<std::string> JsonReader::texts(std::string_view key, Need need) {
  const json::value* found = find(key, need);
  std::vector<std::string> out;
  if (found == nullptr) {
    return out;
  }
  if (found->is_string()) {
    out.emplace_back(found->get_string());
  } else if (found->is_array() && found->get_array().size() <= kElementsMax) {
    for (const json::value& element : found->get_array()) {
      if (!element.is_string() || element.get_string().size() > kTextBytesMax) {
        refuse(key, "must be a list of texts");
        return out;
      }
      out.emplace_back(element.get_string());
    }
  } else {
    refuse(key, "must be a list of texts");
  }
  if (need == Need::kRequired && out.empty()) {
    refuse(key, "empty");
  }
  return out;
}

std::optional<JsonReader> JsonReader::child(std::string_view key, Need need) {
  const json::value* found = find(key, need);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (!found->is_object()) {
    refuse(key, "must be a table { … }");
    return std::nullopt;
  }
  return JsonReader(found->get_object(), path_of(key), *errors_);
}

std::vector<JsonReader> JsonReader::children(std::string_view key) {
  const json::value* found = find(key, Need::kOptional);
  std::vector<JsonReader> out;
  if (found == nullptr) {
    return out;
  }
  if (!found->is_array() || found->get_array().size() > kElementsMax) {
    refuse(key, "must be a list of tables");
    return out;
  }
  for (const json::value& element : found->get_array()) {
    const std::string where = path_of(key) + "[" + std::to_string(out.size()) + "]";
    if (!element.is_object()) {
      errors_->add(Error{Errc::kInvalid, where + ": must be a table { … }", ""});
      return out;
    }
    out.emplace_back(element.get_object(), where, *errors_);
  }
  return out;
}

void JsonReader::finish() {
  for (const json::key_value_pair& member : *object_) {
    const std::string key(member.key());
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) {
      continue;
    }
    const std::string nearest = nearest_name(key, known_);
    errors_->add(Error{Errc::kInvalid, path_of(key) + ": unknown key",
                       nearest.empty() ? "" : "nearest known key: " + nearest});
  }
}

}  // namespace hefu
