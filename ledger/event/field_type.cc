#include "ledger/event/field_type.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "ledger/event/canonical_json.h"
#include "ledger/event/limits.h"
#include "ledger/event/uscc.h"

namespace hefu {

namespace {

constexpr std::size_t kEnumValuesMax = 512;
constexpr std::size_t kPartsMax = 32;

constexpr std::array<std::pair<std::string_view, FieldKind>, 11> kPlain = {{
    {"text", FieldKind::kText},
    {"integer", FieldKind::kInteger},
    {"decimal", FieldKind::kDecimal},
    {"date", FieldKind::kDate},
    {"money", FieldKind::kMoney},
    {"party", FieldKind::kParty},
    {"event", FieldKind::kEvent},
    {"digest", FieldKind::kDigest},
    {"key", FieldKind::kKey},
    {"bytes", FieldKind::kBytes},
    {"person", FieldKind::kPerson},
}};

Error refused(const std::string& where, const std::string& what, std::string hint = "") {
  return Error{Errc::kInvalid, where + ": " + what, std::move(hint)};
}

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) {
    text.remove_prefix(1);
  }
  while (text.ends_with(' ')) {
    text.remove_suffix(1);
  }
  return text;
}

// Recursive descent over the grammar in the header; `rest_` is what is still unread.
class TypeParser {
 public:
  explicit TypeParser(std::string_view text) : text_(text), rest_(text) {}

  Result<FieldType> whole() {
    auto type = any(0);
    if (type && !trimmed(rest_).empty()) {
      return wrong("'" + std::string(rest_) + "' is left over");
    }
    return type;
  }

 private:
  Error wrong(const std::string& what) const {
    return refused("type " + std::string(text_), what,
                   "types are text, integer, decimal, date, money, party, event, digest, key, "
                   "bytes, person, enum{a,b}, list<T>, tuple<name:T>, oneof<T,T>");
  }

  bool skip(char c) {
    rest_ = trimmed(rest_);
    if (!rest_.starts_with(c)) {
      return false;
    }
    rest_.remove_prefix(1);
    return true;
  }

  std::string word() {
    rest_ = trimmed(rest_);
    std::size_t end = 0;
    while (end < rest_.size() && ((rest_[end] >= 'a' && rest_[end] <= 'z') ||
                                  (rest_[end] >= '0' && rest_[end] <= '9') || rest_[end] == '_')) {
      ++end;
    }
    std::string result(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return result;
  }

  Result<FieldType> any(int depth) {
    if (depth > kListDepthMax) {
      return wrong("nested too deep");
    }
    const std::string name = word();
    for (const auto& [plain, kind] : kPlain) {
      if (name == plain) {
        return FieldType{kind, {}, {}};
      }
    }
    if (name == "enum") {
      return enumeration();
    }
    if (name == "list") {
      return parts(FieldKind::kList, depth);
    }
    if (name == "tuple") {
      return parts(FieldKind::kTuple, depth);
    }
    if (name == "oneof") {
      return parts(FieldKind::kOneOf, depth);
    }
    return wrong("'" + name + "' is not a type");
  }

  Result<FieldType> enumeration() {
    const std::size_t end = rest_.find('}');
    if (!rest_.starts_with('{') || end == std::string_view::npos) {
      return wrong("enum needs {values}");
    }
    FieldType type{FieldKind::kEnum, {}, {}};
    std::string_view values = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    std::set<std::string_view> seen;
    while (true) {
      const std::size_t comma = values.find(',');
      const std::string_view value = trimmed(values.substr(0, comma));
      if (value.empty() || !seen.insert(value).second || seen.size() > kEnumValuesMax) {
        return wrong("an enum value is empty or there twice, or there are more than 512");
      }
      type.names.emplace_back(value);
      if (comma == std::string_view::npos) {
        return type;
      }
      values.remove_prefix(comma + 1);
    }
  }

  Result<FieldType> parts(FieldKind kind, int depth) {
    if (!skip('<')) {
      return wrong("'<' expected");
    }
    FieldType type{kind, {}, {}};
    do {
      if (kind == FieldKind::kTuple) {
        const std::string name = word();
        if (name.empty() || !skip(':') ||
            std::find(type.names.begin(), type.names.end(), name) != type.names.end()) {
          return wrong("a component needs a name of its own and ':'");
        }
        type.names.push_back(name);
      }
      auto part = any(kind == FieldKind::kOneOf ? depth : depth + 1);
      if (!part) {
        return part;
      }
      if (kind == FieldKind::kOneOf && part->kind == FieldKind::kOneOf) {
        return wrong("oneof inside oneof");
      }
      type.parts.push_back(*std::move(part));
      if (type.parts.size() > kPartsMax) {
        return wrong("more than 32 parts");
      }
    } while (skip(','));
    if (!skip('>')) {
      return wrong("'>' expected");
    }
    if (kind == FieldKind::kList && type.parts.size() != 1) {
      return wrong("a list has one type of element");
    }
    if (kind == FieldKind::kOneOf && type.parts.size() < 2) {
      return wrong("oneof needs at least two types");
    }
    return type;
  }

  std::string_view text_;
  std::string_view rest_;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : ", ") + word;
  }
  return text;
}

const char* what_it_is(const Value& value) {
  static constexpr const char* kNames[] = {"a text", "an integer", "a truth value", "a decimal",
                                           "a date", "a digest",   "bytes",         "a list"};
  return kNames[value.is.index()];
}

Error wrong_kind(const std::string& where, const FieldType& type, const Value& value) {
  return refused(where, std::string("holds ") + what_it_is(value) + ", must be " + type.text());
}

Result<void> check_integer(const std::string& where, const FieldType& type, const Value& value) {
  const auto* integer = value.integer();
  if (integer == nullptr) {
    return wrong_kind(where, type, value);
  }
  if (*integer > kJsonIntegerMax || *integer < -kJsonIntegerMax) {
    return refused(where, "larger than JSON carries exactly", "at most 9007199254740991");
  }
  return {};
}

Result<void> check_party_value(const std::string& where, const FieldType& type,
                               const Value& value) {
  const auto* text = value.text();
  if (text == nullptr) {
    return wrong_kind(where, type, value);
  }
  const auto party = check_party(*text);
  return party ? party : Result<void>(party.error().during(where));
}

Result<void> check_enum(const std::string& where, const FieldType& type, const Value& value) {
  const auto* text = value.text();
  if (text == nullptr) {
    return wrong_kind(where, type, value);
  }
  if (std::find(type.names.begin(), type.names.end(), *text) == type.names.end()) {
    return refused(where, "'" + *text + "' is not an allowed value",
                   "allowed: " + joined(type.names));
  }
  return {};
}

Result<void> check_list_value(const std::string& where, const FieldType& type, const Value& value) {
  const auto* list = value.list();
  if (list == nullptr) {
    return wrong_kind(where, type, value);
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (auto ok = check_value(where + "[" + std::to_string(i) + "]", type.parts[0], (*list)[i]);
        !ok) {
      return ok;
    }
  }
  return {};
}

Result<void> check_tuple(const std::string& where, const FieldType& type, const Value& value) {
  const auto* list = value.list();
  if (list == nullptr || list->size() != type.parts.size()) {
    return wrong_kind(where, type, value);
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    if (auto ok = check_value(where + "." + type.names[i], type.parts[i], (*list)[i]); !ok) {
      return ok;
    }
  }
  return {};
}

Result<void> check_one_of(const std::string& where, const FieldType& type, const Value& value) {
  std::string reasons;
  for (const FieldType& part : type.parts) {
    const auto ok = check_value(where, part, value);
    if (ok) {
      return {};
    }
    reasons += (reasons.empty() ? "" : "; ") + ok.error().message;
  }
  return refused(where, "fits none of " + type.text(), reasons);
}

Result<void> fits(bool does, const std::string& where, const FieldType& type, const Value& value) {
  return does ? Result<void>() : wrong_kind(where, type, value);
}

}  // namespace

Result<FieldType> FieldType::parse(std::string_view text) {
  return TypeParser(text).whole();
}

std::string FieldType::text() const {
  for (const auto& [plain, plain_kind] : kPlain) {
    if (kind == plain_kind) {
      return std::string(plain);
    }
  }
  if (kind == FieldKind::kEnum) {
    return "enum{" + joined(names) + "}";
  }
  std::string inner;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    inner += (i == 0 ? "" : ", ") + (kind == FieldKind::kTuple ? names[i] + ":" : std::string()) +
             parts[i].text();
  }
  const char* const name = kind == FieldKind::kList    ? "list<"
                           : kind == FieldKind::kTuple ? "tuple<"
                                                       : "oneof<";
  return name + inner + ">";
}

Result<void> check_value(const std::string& where, const FieldType& type, const Value& value) {
  switch (type.kind) {
    case FieldKind::kText:
      return fits(value.text() != nullptr, where, type, value);
    case FieldKind::kInteger:
    case FieldKind::kMoney:
      return check_integer(where, type, value);
    case FieldKind::kDecimal:
      return fits(std::holds_alternative<Decimal>(value.is), where, type, value);
    case FieldKind::kDate:
      return fits(value.date() != nullptr, where, type, value);
    case FieldKind::kParty:
      return check_party_value(where, type, value);
    case FieldKind::kEvent:
    case FieldKind::kDigest:
    case FieldKind::kPerson:
      return fits(value.digest() != nullptr, where, type, value);
    case FieldKind::kKey: {
      const auto* bytes = std::get_if<Bytes>(&value.is);
      return fits(bytes != nullptr && bytes->size() == 32, where, type, value);
    }
    case FieldKind::kBytes:
      return fits(std::holds_alternative<Bytes>(value.is), where, type, value);
    case FieldKind::kEnum:
      return check_enum(where, type, value);
    case FieldKind::kList:
      return check_list_value(where, type, value);
    case FieldKind::kTuple:
      return check_tuple(where, type, value);
    case FieldKind::kOneOf:
      return check_one_of(where, type, value);
  }
  return wrong_kind(where, type, value);
}

}  // namespace hefu
