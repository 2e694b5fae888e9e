#include "ledger/programme/field_path.h"

#include <algorithm>
#include <array>
#include <utility>

namespace hefu {

namespace {

using Field = FieldPath::Field;

constexpr std::array<std::pair<std::string_view, Field>, 10> kNames{{
    {"id", Field::kId},
    {"type", Field::kType},
    {"actor", Field::kActor},
    {"org", Field::kOrg},
    {"counterparty", Field::kCounterparty},
    {"registry", Field::kRegistry},
    {"date", Field::kDate},
    {"start", Field::kStart},
    {"end", Field::kEnd},
    {"recorded", Field::kRecorded},
}};

constexpr std::size_t kNameMax = 64;
constexpr const char* kItemKey = "#";  // no field of an event has such a name

bool is_name(std::string_view text) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !text.empty() && text.size() <= kNameMax && letter(text.front()) &&
         std::all_of(text.begin(), text.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

FieldView view_of(const std::optional<Date>& date) {
  return date ? FieldView(*date) : FieldView();
}

FieldView view_of(const std::optional<std::string>& text) {
  return text ? FieldView(std::string_view(*text)) : FieldView();
}

void append_tagged(std::string& out, char tag, std::string_view text) {
  out.push_back(tag);
  out += std::to_string(text.size());
  out.push_back(':');
  out += text;
}

bool append_value(std::string& out, const FieldView& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) {
    append_tagged(out, 's', *text);
  } else if (const auto* date = std::get_if<Date>(&value)) {
    append_tagged(out, 's', date->text());  // a date in a body is text; both must coincide
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    append_tagged(out, 'i', std::to_string(*integer));
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    append_tagged(out, 'b', *flag ? "1" : "0");
  } else if (const auto* list = std::get_if<const FactValue::List*>(&value)) {
    std::string inner;
    for (const FactValue& element : **list) {
      append_value(inner, view_of(element));
    }
    append_tagged(out, 'l', inner);
  } else {
    return false;
  }
  return true;
}

}  // namespace

FieldView view_of(const FactValue& value) {
  if (const auto* flag = std::get_if<bool>(&value.is)) {
    return *flag;
  }
  if (const auto* integer = std::get_if<std::int64_t>(&value.is)) {
    return *integer;
  }
  if (const auto* text = std::get_if<std::string>(&value.is)) {
    return std::string_view(*text);
  }
  return &std::get<FactValue::List>(value.is);
}

std::optional<Date> date_in(const FieldView& value) {
  if (const auto* date = std::get_if<Date>(&value)) {
    return *date;
  }
  const auto* text = std::get_if<std::string_view>(&value);
  return text != nullptr ? Date::parse(*text) : std::nullopt;
}

std::optional<FieldPath> FieldPath::parse(std::string_view text) {
  FieldPath out;
  if (text.starts_with("body.")) {
    out.field_ = Field::kBody;
    out.name_ = std::string(text.substr(5));
    return is_name(out.name_) ? std::optional(out) : std::nullopt;
  }
  if (const auto part = item_part(text)) {
    out.field_ = Field::kItem;
    out.part_ = *part;
    return out;
  }
  for (const auto& [name, field] : kNames) {
    if (name == text) {
      out.field_ = field;
      return out;
    }
  }
  return std::nullopt;
}

bool FieldPath::names_date() const {
  return field_ == Field::kDate || field_ == Field::kStart || field_ == Field::kEnd ||
         field_ == Field::kRecorded;
}

std::string FieldPath::text() const {
  if (field_ == Field::kBody) {
    return "body." + name_;
  }
  if (field_ == Field::kItem) {
    return part_ == 0 ? "item" : "item." + std::to_string(part_);
  }
  for (const auto& [name, field] : kNames) {
    if (field == field_) {
      return std::string(name);
    }
  }
  return "";
}

FieldView FieldPath::read(const Fact& fact) const {
  switch (field_) {
    case Field::kId:
      return std::string_view(fact.id);
    case Field::kType:
      return std::string_view(fact.type);
    case Field::kActor:
      return std::string_view(fact.actor);
    case Field::kOrg:
      return std::string_view(fact.org);
    case Field::kCounterparty:
      return view_of(fact.counterparty);
    case Field::kRegistry:
      return view_of(fact.registry);
    case Field::kDate:
      return view_of(fact.date);
    case Field::kStart:
      return view_of(fact.start);
    case Field::kEnd:
      return view_of(fact.end);
    case Field::kRecorded:
      return view_of(fact.recorded);
    case Field::kItem: {
      const auto item = fact.body.find(kItemKey);
      return item == fact.body.end() ? FieldView() : part_of(item->second, part_);
    }
    case Field::kBody:
      break;
  }
  const auto found = fact.body.find(name_);
  return found == fact.body.end() ? FieldView() : view_of(found->second);
}

std::optional<Date> FieldPath::read_date(const Fact& fact) const {
  return date_in(read(fact));
}

std::optional<std::size_t> item_part(std::string_view text) {
  constexpr std::string_view kItem = "item";
  if (text == kItem) {
    return 0;
  }
  if (!text.starts_with(kItem) || text.size() < 6 || text.size() > 7 || text[4] != '.') {
    return std::nullopt;
  }
  std::size_t part = 0;
  for (const char c : text.substr(5)) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    part = part * 10 + static_cast<std::size_t>(c - '0');
  }
  return part >= 1 && part <= kItemPartsMax ? std::optional(part) : std::nullopt;
}

FieldView part_of(const FactValue& item, std::size_t part) {
  if (part == 0) {
    return view_of(item);
  }
  const auto* list = std::get_if<FactValue::List>(&item.is);
  return list != nullptr && part <= list->size() ? view_of((*list)[part - 1]) : FieldView();
}

const FactValue::List* list_in(const FieldPath& path, const Fact& fact) {
  const FieldView view = path.read(fact);
  const auto* list = std::get_if<const FactValue::List*>(&view);
  return list != nullptr ? *list : nullptr;
}

Fact element_fact(const Fact& fact, const FactValue& element) {
  Fact out = fact;
  out.body[kItemKey] = element;
  return out;
}

std::optional<std::string> tuple_of(const std::vector<FieldPath>& paths, const Fact& fact) {
  std::string out;
  for (const FieldPath& path : paths) {
    if (!append_value(out, path.read(fact))) {
      return std::nullopt;
    }
  }
  return out;
}

}  // namespace hefu
