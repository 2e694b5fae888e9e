#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "ledger/event/catalogue.h"
#include "ledger/event/limits.h"
#include "ledger/event/protocol_types.h"
#include "ledger/event/text.h"

namespace hefu {

namespace {

namespace json = boost::json;

constexpr std::size_t kCatalogueBytesMax = std::size_t{4} << 20;
constexpr std::size_t kTypesMax = 512;
constexpr std::size_t kWordsMax = 8192;
constexpr std::string_view kProtocolId = "protocol";

using Words = std::map<std::string, Title, std::less<>>;
using Names = std::vector<std::string>;

// The first fault found in a document. Once there is one, reading goes on without effect: the
// control flow stays that of a form being read line by line.
class CatalogueReader {
 public:
  explicit CatalogueReader(bool protocol) : protocol_(protocol) {}

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  void refuse(const std::string& where, const std::string& what, std::string hint = "") {
    if (!error_) {
      error_ = Error{Errc::kInvalid, "catalogue: " + where + ": " + what, std::move(hint)};
    }
  }

  void too_many(const std::string& where, std::size_t most) {
    if (!error_) {
      error_ =
          Error{Errc::kTooLarge, "catalogue: " + where + ": more than " + std::to_string(most), ""};
    }
  }

  const json::object* object(const std::string& where, const json::value* value,
                             std::initializer_list<std::string_view> keys) {
    if (value == nullptr || !value->is_object()) {
      refuse(where, value == nullptr ? "missing" : "not an object");
      return nullptr;
    }
    for (const auto& member : value->get_object()) {
      if (std::find(keys.begin(), keys.end(), std::string_view(member.key())) == keys.end()) {
        refuse(where + "." + std::string(member.key()), "unknown key");
      }
    }
    return &value->get_object();
  }

  const json::array* array(const std::string& where, const json::value* value) {
    if (value == nullptr) {
      return nullptr;
    }
    if (!value->is_array()) {
      refuse(where, "not a list");
      return nullptr;
    }
    return &value->get_array();
  }

  std::string text(const std::string& where, const json::value* value, bool required) {
    if (value == nullptr || !value->is_string()) {
      if (value != nullptr || required) {
        refuse(where, value == nullptr ? "missing" : "not a text");
      }
      return "";
    }
    const json::string& string = value->get_string();
    if (const auto ok = check_text(string); !ok) {
      refuse(where, ok.error().message, ok.error().hint);
    }
    if (required && string.empty()) {
      refuse(where, "empty");
    }
    return std::string(string);
  }

  bool truth(const std::string& where, const json::value* value) {
    if (value != nullptr && !value->is_bool()) {
      refuse(where, "neither true nor false");
      return false;
    }
    return value != nullptr && value->get_bool();
  }

  std::vector<std::string> texts(const std::string& where, const json::value* value) {
    std::vector<std::string> result;
    if (const json::array* list = array(where, value)) {
      for (const json::value& element : *list) {
        result.push_back(text(where, &element, true));
      }
    }
    return result;
  }

  Title title(const std::string& where, const json::value* value) {
    const json::object* in = object(where, value, {"zh", "en"});
    if (in == nullptr) {
      return {};
    }
    return {text(where + ".zh", in->if_contains("zh"), true),
            text(where + ".en", in->if_contains("en"), true)};
  }

  Words words(const json::value* value) {
    Words result;
    if (value == nullptr) {
      return result;
    }
    if (!value->is_object()) {
      refuse("words", "not an object");
    } else if (value->get_object().size() > kWordsMax) {
      too_many("words", kWordsMax);
    } else {
      for (const auto& member : value->get_object()) {
        const std::string word(member.key());
        result.emplace(word, title("words." + word, &member.value()));
      }
    }
    return result;
  }

  // A name that can be a key of JSON and of SQL, and a component of a path.
  std::string name(const std::string& where, const json::value* value, bool of_type) {
    std::string result = text(where, value, true);
    const auto allowed = [of_type](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == (of_type ? '-' : '_');
    };
    if (result.size() > kNameBytesMax || !std::all_of(result.begin(), result.end(), allowed)) {
      refuse(where, "'" + result + "' is not a name",
             of_type ? "a type's name has lower-case letters, digits and '-'"
                     : "a field's name has lower-case letters, digits and '_'");
    }
    return result;
  }

  Field field(const std::string& where, const json::value& value) {
    Field result;
    const json::object* in =
        object(where, &value, {"name", "type", "required", "personal", "title", "note"});
    if (in == nullptr) {
      return result;
    }
    result.name = name(where + ".name", in->if_contains("name"), false);
    const std::string at = where + " (" + result.name + ")";
    const std::string type = text(at + ".type", in->if_contains("type"), true);
    if (auto parsed = FieldType::parse(type)) {
      result.type = *std::move(parsed);
    } else {
      refuse(at, parsed.error().message, parsed.error().hint);
    }
    result.required = truth(at + ".required", in->if_contains("required"));
    result.personal = truth(at + ".personal", in->if_contains("personal"));
    if (const json::value* title_value = in->if_contains("title")) {
      result.title = title(at + ".title", title_value);
    }
    result.note = text(at + ".note", in->if_contains("note"), false);
    if (!result.personal && names_persons(result.type)) {
      refuse(at, "a person in a field that is not personal",
             "set \"personal\": true: pseudonyms never enter a log");
    }
    return result;
  }

  void fields(const std::string& where, const json::value* value, EventType& out) {
    const json::array* list = array(where, value);
    if (list == nullptr) {
      refuse(where, "missing");
      return;
    }
    if (list->size() > kFieldsMax) {
      too_many(where, kFieldsMax);
      return;
    }
    std::set<std::string> names;
    for (const json::value& element : *list) {
      out.fields.push_back(field(where + "[" + std::to_string(out.fields.size()) + "]", element));
      if (!names.insert(out.fields.back().name).second) {
        refuse(where, out.fields.back().name + " is there twice");
      }
    }
  }

  // The field a rule names must exist, be public and hold what the rule takes from it.
  void rule_field(const std::string& where, const EventType& type, const std::string& name,
                  bool (*fits)(const FieldType&), const char* what) {
    const Field* const found = type.field(name);
    if (found == nullptr || found->personal || !fits(found->type)) {
      refuse(where, "'" + name + "' is not " + what + " of " + type.name);
    }
  }

  void optional_rule(const std::string& where, const json::value* value, const EventType& type,
                     bool (*fits)(const FieldType&), const char* what, std::string& out) {
    if (value != nullptr) {
      out = text(where, value, true);
      rule_field(where, type, out, fits, what);
    }
  }

  FactMapping fact(const std::string& where, const json::value& value, const EventType& type) {
    FactMapping result;
    const json::object* in =
        object(where, &value, {"actor", "org", "counterparty", "date", "start", "end", "registry"});
    if (in == nullptr) {
      return result;
    }
    if (const json::value* actor = in->if_contains("actor"); actor != nullptr) {
      result.actor = text(where + ".actor", actor, true);
      if (result.actor != "issuer") {
        rule_field(where + ".actor", type, result.actor, is_party, "a public party field");
      }
    }
    optional_rule(where + ".org", in->if_contains("org"), type, is_party, "a public party field",
                  result.org);
    result.counterparty = texts(where + ".counterparty", in->if_contains("counterparty"));
    for (const std::string& name : result.counterparty) {
      rule_field(where + ".counterparty", type, name, has_party, "a public party field");
    }
    optional_rule(where + ".date", in->if_contains("date"), type, is_date, "a public date field",
                  result.date);
    optional_rule(where + ".start", in->if_contains("start"), type, is_date, "a public date field",
                  result.start);
    optional_rule(where + ".end", in->if_contains("end"), type, is_date, "a public date field",
                  result.end);
    optional_rule(where + ".registry", in->if_contains("registry"), type, is_party,
                  "a public party field", result.registry);
    return result;
  }

  EventType type(const std::string& where, const json::value& value) {
    EventType result;
    const json::object* in =
        object(where, &value,
               {"name", "title", "description", "fields", "lifecycle", "signed_by",
                "countersigned_by", "countersign", "visibility", "fact", "needs_record"});
    if (in == nullptr) {
      return result;
    }
    result.protocol = protocol_;
    result.name = name(where + ".name", in->if_contains("name"), true);
    const std::string at = result.name;
    result.title = title(at + ".title", in->if_contains("title"));
    result.description = text(at + ".description", in->if_contains("description"), false);
    fields(at + ".fields", in->if_contains("fields"), result);
    if (const json::value* lifecycle = in->if_contains("lifecycle")) {
      if (const json::object* cycle =
              object(at + ".lifecycle", lifecycle, {"states", "transitions"})) {
        result.states = texts(at + ".lifecycle.states", cycle->if_contains("states"));
        result.transitions =
            texts(at + ".lifecycle.transitions", cycle->if_contains("transitions"));
      }
    }
    result.signed_by = text(at + ".signed_by", in->if_contains("signed_by"), false);
    result.countersigned_by =
        text(at + ".countersigned_by", in->if_contains("countersigned_by"), false);
    result.countersign = texts(at + ".countersign", in->if_contains("countersign"));
    for (const std::string& field_name : result.countersign) {
      rule_field(at + ".countersign", result, field_name, has_party, "a public party field");
    }
    if (const json::value* shown = in->if_contains("visibility")) {
      const auto known = visibility(text(at + ".visibility", shown, true));
      if (!known) {
        refuse(at + ".visibility", "unknown", "public, members, parties or authority");
      }
      result.visibility = known.value_or(Visibility::kMembers);
    }
    if (const json::value* mapping = in->if_contains("fact")) {
      result.fact = fact(at + ".fact", *mapping, result);
    } else if (!protocol_) {
      refuse(at + ".fact", "missing", "say at least {\"actor\": \"issuer\"}");
    }
    result.needs_record = truth(at + ".needs_record", in->if_contains("needs_record"));
    if (result.needs_record && !protocol_) {
      refuse(at + ".needs_record", "only protocol types may say this");
    }
    return result;
  }

 private:
  // One party, or something that may be one.
  static bool is_party(const FieldType& type) {
    return type.kind == FieldKind::kParty ||
           (type.kind == FieldKind::kOneOf && any_part(type, is_party));
  }
  static bool is_date(const FieldType& type) { return type.kind == FieldKind::kDate; }

  static bool any_part(const FieldType& type, bool (*test)(const FieldType&)) {
    return std::any_of(type.parts.begin(), type.parts.end(), test);
  }
  static bool has_party(const FieldType& type) {
    return type.kind == FieldKind::kParty || any_part(type, has_party);
  }
  static bool names_persons(const FieldType& type) {
    return type.kind == FieldKind::kPerson || any_part(type, names_persons);
  }

  bool protocol_;
  std::optional<Error> error_;
};

/// Gives enum values their words; notes which words were taken.
void name_values(FieldType& type, const Words& words, std::set<std::string_view>& taken) {
  for (FieldType& part : type.parts) {
    name_values(part, words, taken);
  }
  std::vector<Title> titles;
  bool any = false;
  for (const std::string& value : type.kind == FieldKind::kEnum ? type.names : Names{}) {
    const auto word = words.find(value);
    any = any || word != words.end();
    titles.push_back(word == words.end() ? Title{value, value} : word->second);
    if (word != words.end()) {
      taken.insert(word->first);
    }
  }
  if (any) {
    type.titles = std::move(titles);
  }
}

}  // namespace

Result<void> Catalogue::read(std::string_view text, bool protocol) {
  const auto document = parse_json(text, kCatalogueBytesMax);
  if (!document) {
    return document.error().during("catalogue");
  }
  CatalogueReader reader(protocol);
  const json::object* const in =
      reader.object("document", &*document, {"id", "version", "title", "types", "words"});
  if (in == nullptr) {
    return *reader.error();
  }
  id_ = reader.name("id", in->if_contains("id"), true);
  if (!protocol && id_ == kProtocolId) {
    reader.refuse("id", "'protocol' is the name of the built-in types");
  }
  version_ = reader.text("version", in->if_contains("version"), true);
  title_ = reader.title("title", in->if_contains("title"));
  if (version_.find('/') != std::string::npos || name().size() > kIdBytesMax) {
    reader.refuse("version", "has a '/', or is too long", "write it like 1.0.0");
  }
  if (const json::array* list = reader.array("types", in->if_contains("types"))) {
    if (list->size() > kTypesMax) {
      reader.too_many("types", kTypesMax);
      return *reader.error();
    }
    std::vector<EventType> types;
    for (const json::value& value : *list) {
      types.push_back(reader.type("types[" + std::to_string(types.size()) + "]", value));
    }
    const Words words = reader.words(in->if_contains("words"));
    std::set<std::string_view> taken;
    for (EventType& type : types) {
      for (Field& field : type.fields) {
        name_values(field.type, words, taken);
      }
    }
    for (const auto& [value, word] : words) {
      if (!taken.contains(value)) {
        reader.refuse("words." + value, "no field takes this value");
      }
    }
    // Protocol types are read first, so that a document cannot redefine them, and stand last.
    types_.insert(types_.begin(), std::make_move_iterator(types.begin()),
                  std::make_move_iterator(types.end()));
  } else {
    reader.refuse("types", "missing");
  }
  by_name_.clear();
  for (std::size_t i = 0; i < types_.size(); ++i) {
    if (!by_name_.emplace(types_[i].name, i).second) {
      reader.refuse("types", types_[i].name + " is there twice, or is a protocol type");
    }
  }
  text_ = canonical_json(*document);
  if (reader.error()) {
    return *reader.error();
  }
  return {};
}

Catalogue::Catalogue() {
  const auto ok = read(kProtocolTypes, true);
  HEFU_ASSERT(ok.ok());
}

Result<Catalogue> Catalogue::parse(std::string_view json) {
  Catalogue catalogue;
  if (const auto ok = catalogue.read(json, false); !ok) {
    return ok.error();
  }
  return catalogue;
}

}  // namespace hefu
