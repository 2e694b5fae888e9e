#include "ledger/event/event_json.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/limits.h"
#include "ledger/event/text.h"

namespace hefu {

namespace {

namespace json = boost::json;

Error refused(const std::string& where, const std::string& what, std::string hint = "") {
  return Error{Errc::kInvalid, where + ": " + what, std::move(hint)};
}

Result<std::string> read_text(const std::string& where, const json::value& in) {
  if (!in.is_string()) {
    return refused(where, "must be a text");
  }
  const json::string& string = in.get_string();
  if (string.size() > 4 * kTextBytesMax) {
    return Error{Errc::kTooLarge, where + ": text too long", "at most 16384 bytes"};
  }
  auto text = normalised(string);
  if (!text) {
    return refused(where, "not well-formed UTF-8");
  }
  return *std::move(text);
}

Result<Value> read_integer(const std::string& where, const json::value& in) {
  if (in.is_int64()) {
    return Value{in.get_int64()};
  }
  return refused(where, "must be a whole number", "money is written in fen, without a point");
}

Result<Value> read_decimal(const std::string& where, const json::value& in) {
  if (in.is_int64()) {
    return Value{Decimal{in.get_int64(), 0}};
  }
  if (in.is_string()) {
    if (const auto decimal = Decimal::parse(in.get_string())) {
      return Value{*decimal};
    }
  }
  return refused(where, "must be a decimal number", "write it as a text: \"1.5\"");
}

Result<Value> read_date(const std::string& where, const json::value& in) {
  if (in.is_string()) {
    if (const auto date = Date::parse(in.get_string())) {
      return Value{*date};
    }
    // Without the value: it may be a personal one.
    return refused(where, "not a calendar date", "write dates as YYYY-MM-DD, years 1900 to 2199");
  }
  return refused(where, "must be a date", "write dates as YYYY-MM-DD");
}

Result<Digest> read_digest(const std::string& where, const json::value& in) {
  if (in.is_string()) {
    if (const auto digest = Digest::from_hex(in.get_string())) {
      return *digest;
    }
  }
  return refused(where, "must be 64 lower-case hex digits");
}

Result<Value> read_digest_value(const std::string& where, const json::value& in) {
  const auto digest = read_digest(where, in);
  return digest ? Result<Value>(Value{*digest}) : Result<Value>(digest.error());
}

Result<Value> read_bytes(const std::string& where, const json::value& in) {
  if (in.is_string()) {
    if (auto bytes = base64_decode(in.get_string())) {
      return Value{*std::move(bytes)};
    }
  }
  return refused(where, "must be base64", "RFC 4648 section 4, with padding, without line breaks");
}

Result<Value> read_text_value(const std::string& where, const json::value& in) {
  auto text = read_text(where, in);
  return text ? Result<Value>(Value{*std::move(text)}) : Result<Value>(text.error());
}

// Reads values as they say themselves, and by a type.
class ValueReader {
 public:
  Result<Value> any(const std::string& where, const json::value& in, int depth) {
    if (in.is_string()) {
      return read_text_value(where, in);
    }
    if (in.is_int64()) {
      return Value{in.get_int64()};
    }
    if (in.is_bool()) {
      return Value{in.get_bool()};
    }
    if (in.is_array()) {
      return list(where, in, nullptr, depth + 1);
    }
    if (in.is_object() && is_tagged(in)) {
      return tagged(where, in.get_object(), depth);
    }
    return refused(where, "a value of unknown kind",
                   "without a type, write {\"$date\": \"2026-01-31\"} and the like");
  }

  Result<Value> typed(const std::string& where, const FieldType& type, const json::value& in,
                      int depth) {
    if (is_tagged(in)) {
      return tagged(where, in.get_object(), depth);
    }
    switch (type.kind) {
      case FieldKind::kText:
      case FieldKind::kParty:
      case FieldKind::kEnum:
        return read_text_value(where, in);
      case FieldKind::kInteger:
      case FieldKind::kMoney:
        return read_integer(where, in);
      case FieldKind::kDecimal:
        return read_decimal(where, in);
      case FieldKind::kDate:
        return read_date(where, in);
      case FieldKind::kEvent:
      case FieldKind::kDigest:
      case FieldKind::kPerson:
        return read_digest_value(where, in);
      case FieldKind::kKey:
      case FieldKind::kBytes:
        return read_bytes(where, in);
      case FieldKind::kList:
        return list(where, in, &type.parts[0], depth + 1);
      case FieldKind::kTuple:
        return tuple(where, type, in, depth + 1);
      case FieldKind::kOneOf:
        return one_of(where, type, in, depth);
    }
    return refused(where, "a type of unknown kind");
  }

 private:
  static bool is_tagged(const json::value& in) {
    return in.is_object() && in.get_object().size() == 1 &&
           in.get_object().begin()->key().starts_with('$');
  }

  Result<Value> tagged(const std::string& where, const json::object& in, int depth) {
    const std::string_view tag = in.begin()->key();
    const json::value& value = in.begin()->value();
    if (tag == "$text") {
      return read_text_value(where, value);
    }
    if (tag == "$integer") {
      return tagged_integer(where, value);
    }
    if (tag == "$boolean" && value.is_bool()) {
      return Value{value.get_bool()};
    }
    if (tag == "$decimal") {
      return read_decimal(where, value);
    }
    if (tag == "$date") {
      return read_date(where, value);
    }
    if (tag == "$digest") {
      return read_digest_value(where, value);
    }
    if (tag == "$bytes") {
      return read_bytes(where, value);
    }
    if (tag == "$list") {
      return list(where, value, nullptr, depth + 1);
    }
    return refused(where, "'" + std::string(tag) + "' is not a kind of value",
                   "kinds are $text, $integer, $boolean, $decimal, $date, $digest, $bytes, $list");
  }

  // As a text, because JSON's numbers end at 2^53.
  static Result<Value> tagged_integer(const std::string& where, const json::value& in) {
    if (in.is_string()) {
      const json::string& text = in.get_string();
      std::int64_t number = 0;
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (error == std::errc() && end == text.data() + text.size() &&
          std::to_string(number) == std::string_view(text)) {
        return Value{number};
      }
    }
    return refused(where, "$integer must be a text of decimal digits");
  }

  Result<void> enter(const std::string& where, std::size_t elements, int depth) {
    elements_ += elements;
    if (depth > kListDepthMax) {
      return refused(where, "lists nested deeper than 4");
    }
    if (elements_ > kListElementsMax) {
      return Error{Errc::kTooLarge, where + ": more than 20000 list elements in one event",
                   "split the list over several events"};
    }
    return {};
  }

  Result<Value> list(const std::string& where, const json::value& in, const FieldType* element,
                     int depth) {
    if (!in.is_array()) {
      return refused(where, "must be a list", "write [..], also around a single element");
    }
    const json::array& array = in.get_array();
    if (const auto ok = enter(where, array.size(), depth); !ok) {
      return ok.error();
    }
    Value::List result;
    result.reserve(array.size());
    for (const json::value& item : array) {
      const std::string at = where + "[" + std::to_string(result.size()) + "]";
      auto value = element == nullptr ? any(at, item, depth) : typed(at, *element, item, depth);
      if (!value) {
        return value;
      }
      result.push_back(*std::move(value));
    }
    return Value{std::move(result)};
  }

  Result<Value> tuple(const std::string& where, const FieldType& type, const json::value& in,
                      int depth) {
    if (!in.is_object()) {
      return refused(where, "must be an object", type.text());
    }
    const json::object& object = in.get_object();
    if (const auto ok = enter(where, type.parts.size(), depth); !ok) {
      return ok.error();
    }
    for (const auto& member : object) {
      if (std::find(type.names.begin(), type.names.end(), std::string_view(member.key())) ==
          type.names.end()) {
        return refused(where + "." + std::string(member.key()), "unknown component", type.text());
      }
    }
    Value::List result;
    for (std::size_t i = 0; i < type.parts.size(); ++i) {
      const std::string at = where + "." + type.names[i];
      const json::value* const component = object.if_contains(type.names[i]);
      if (component == nullptr) {
        return refused(at, "missing", type.text());
      }
      auto value = typed(at, type.parts[i], *component, depth);
      if (!value) {
        return value;
      }
      result.push_back(*std::move(value));
    }
    return Value{std::move(result)};
  }

  // The first type in which it is valid; if there is none, the first it can be read as, for
  // `validate` to say what is wrong with it.
  Result<Value> one_of(const std::string& where, const FieldType& type, const json::value& in,
                       int depth) {
    std::optional<Value> readable;
    std::string reasons;
    const std::size_t elements_before = elements_;
    for (const FieldType& part : type.parts) {
      elements_ = elements_before;
      auto value = typed(where, part, in, depth);
      if (!value) {
        reasons += (reasons.empty() ? "" : "; ") + value.error().message;
        continue;
      }
      if (check_value(where, part, *value)) {
        return value;
      }
      if (!readable) {
        readable = *std::move(value);
      }
    }
    if (readable) {
      return *std::move(readable);
    }
    return refused(where, "fits none of " + type.text(), reasons);
  }

  std::size_t elements_ = 0;
};

// A value that says its kind. Inside a list of such values, and for a field no type is known of,
// texts, small integers, truth values and lists need no tag.
json::value self_describing(const Value& value, bool always_tagged);

json::value self_describing_list(const Value::List& list) {
  json::array array;
  array.reserve(list.size());
  for (const Value& element : list) {
    array.push_back(self_describing(element, false));
  }
  return array;
}

json::value self_describing(const Value& value, bool always_tagged) {
  const auto tagged = [](const char* tag, json::value content) {
    return json::value(json::object{{tag, std::move(content)}});
  };
  if (const auto* text = value.text()) {
    return always_tagged ? tagged("$text", json::value(*text)) : json::value(*text);
  }
  if (const auto* integer = value.integer()) {
    const bool exact = *integer <= kJsonIntegerMax && *integer >= -kJsonIntegerMax;
    return always_tagged || !exact ? tagged("$integer", json::value(std::to_string(*integer)))
                                   : json::value(*integer);
  }
  if (const auto* boolean = std::get_if<bool>(&value.is)) {
    return always_tagged ? tagged("$boolean", json::value(*boolean)) : json::value(*boolean);
  }
  if (const auto* decimal = std::get_if<Decimal>(&value.is)) {
    return tagged("$decimal", json::value(decimal->text()));
  }
  if (const auto* date = value.date()) {
    return tagged("$date", json::value(date->text()));
  }
  if (const auto* digest = value.digest()) {
    return tagged("$digest", json::value(digest->hex()));
  }
  if (const auto* bytes = std::get_if<Bytes>(&value.is)) {
    return tagged("$bytes", json::value(base64_encode(*bytes)));
  }
  json::value list = self_describing_list(*value.list());
  return always_tagged ? tagged("$list", std::move(list)) : list;
}

// The plain form of a value that is of its type.
json::value plain(const FieldType& type, const Value& value) {
  if (const auto* text = value.text()) {
    return json::value(*text);
  }
  if (const auto* integer = value.integer()) {
    return json::value(*integer);
  }
  if (const auto* decimal = std::get_if<Decimal>(&value.is)) {
    return json::value(decimal->text());
  }
  if (const auto* date = value.date()) {
    return json::value(date->text());
  }
  if (const auto* digest = value.digest()) {
    return json::value(digest->hex());
  }
  if (const auto* bytes = std::get_if<Bytes>(&value.is)) {
    return json::value(base64_encode(*bytes));
  }
  const auto* list = value.list();
  if (list == nullptr) {
    return self_describing(value, true);
  }
  if (type.kind == FieldKind::kTuple) {
    json::object object;
    for (std::size_t i = 0; i < type.parts.size(); ++i) {
      object[type.names[i]] = plain(type.parts[i], (*list)[i]);
    }
    return object;
  }
  if (type.kind == FieldKind::kOneOf) {
    for (const FieldType& part : type.parts) {
      if (check_value("", part, value)) {
        return plain(part, value);
      }
    }
  }
  json::array array;
  array.reserve(list->size());
  for (const Value& element : *list) {
    array.push_back(plain(type.parts[0], element));
  }
  return array;
}

// The plain form if reading it gives the value back, else the form that says its kind: what stands
// in a log may be of another type than the catalogue's, or fit an earlier type of a one-of.
json::value by_type(const FieldType& type, const Value& value) {
  if (check_value("", type, value)) {
    json::value form = plain(type, value);
    const auto read = ValueReader().typed("", type, form, 0);
    if (read && *read == value) {
      return form;
    }
  }
  return self_describing(value, true);
}

constexpr std::string_view kKeys[] = {
    "type",       "issuer", "occurred_on", "created_at", "record",   "supersedes",  "programmes",
    "visibility", "nonce",  "catalogue",   "fields",     "personal", "commitments", "evidence"};

class EventFromJson {
 public:
  EventFromJson(const json::object& in, const Catalogue& catalogue, Entropy& entropy)
      : in_(in), catalogue_(catalogue), entropy_(entropy) {}

  Result<Draft> read(Moment created_at) {
    Event& event = draft_.event;
    event.created_at = created_at;
    event.catalogue = catalogue_.name();
    Result<void> done = known_keys();
    if (done) {
      done = names();
    }
    if (done) {
      done = times();
    }
    if (done) {
      done = references();
    }
    if (done) {
      done = nonce();
    }
    if (done) {
      done = fields();
    }
    if (done) {
      done = commitments();
    }
    if (!done) {
      return done.error();
    }
    return std::move(draft_);
  }

 private:
  const json::value* given(std::string_view key) const {
    const json::value* const value = in_.if_contains(key);
    return value == nullptr || value->is_null() ? nullptr : value;
  }

  Result<void> known_keys() const {
    for (const auto& member : in_) {
      if (std::find(std::begin(kKeys), std::end(kKeys), std::string_view(member.key())) ==
          std::end(kKeys)) {
        return refused(std::string(member.key()), "unknown key of an event",
                       "what an event of this type states stands under \"fields\"");
      }
    }
    return {};
  }

  Result<void> text(std::string_view key, bool required, std::string& out) {
    const json::value* const value = given(key);
    if (value == nullptr) {
      return required ? Result<void>(refused(std::string(key), "missing")) : Result<void>();
    }
    auto read = read_text(std::string(key), *value);
    if (!read) {
      return read.error();
    }
    out = *std::move(read);
    return {};
  }

  Result<void> names() {
    Event& event = draft_.event;
    if (auto ok = text("type", true, event.type); !ok) {
      return ok;
    }
    type_ = catalogue_.find(event.type);
    if (auto ok = text("issuer", true, event.issuer); !ok) {
      return ok;
    }
    if (auto ok = text("catalogue", false, event.catalogue); !ok) {
      return ok;
    }
    if (type_ != nullptr) {
      event.visibility = type_->visibility;
    }
    std::string shown;
    if (auto ok = text("visibility", false, shown); !ok) {
      return ok;
    }
    if (!shown.empty()) {
      const auto known = visibility(shown);
      if (!known) {
        return refused("visibility", "'" + shown + "' is not an allowed value",
                       "allowed: public, members, parties, authority");
      }
      event.visibility = *known;
    }
    return programmes();
  }

  Result<void> programmes() {
    const json::value* const value = given("programmes");
    if (value == nullptr) {
      return {};
    }
    if (!value->is_array() || value->get_array().size() > kListElementsMax) {
      return refused("programmes", "must be a list of texts");
    }
    std::set<std::string> sorted;
    for (const json::value& item : value->get_array()) {
      auto programme = read_text("programmes", item);
      if (!programme) {
        return programme.error();
      }
      sorted.insert(*std::move(programme));
    }
    draft_.event.programmes.assign(sorted.begin(), sorted.end());
    return {};
  }

  Result<void> times() {
    const json::value* const occurred = given("occurred_on");
    if (occurred == nullptr) {
      return refused("occurred_on", "missing", "the business date, YYYY-MM-DD");
    }
    const auto date = read_date("occurred_on", *occurred);
    if (!date) {
      return date.error();
    }
    draft_.event.occurred_on = *date->date();
    if (const json::value* created = given("created_at")) {
      const auto moment =
          created->is_string() ? Moment::parse(created->get_string()) : std::optional<Moment>();
      if (!moment) {
        return refused("created_at", "not a time in UTC with milliseconds",
                       "write 2026-01-31T09:30:00.000Z");
      }
      draft_.event.created_at = *moment;
    }
    return {};
  }

  Result<void> reference(std::string_view key, std::optional<EventId>& out) {
    if (const json::value* const value = given(key)) {
      const auto digest = read_digest(std::string(key), *value);
      if (!digest) {
        return digest.error();
      }
      out = EventId{*digest};
    }
    return {};
  }

  Result<void> references() {
    if (auto ok = reference("record", draft_.event.record); !ok) {
      return ok;
    }
    if (auto ok = reference("supersedes", draft_.event.supersedes); !ok) {
      return ok;
    }
    const json::value* const evidence = given("evidence");
    if (evidence == nullptr) {
      return {};
    }
    if (!evidence->is_array() || evidence->get_array().size() > kListElementsMax) {
      return refused("evidence", "must be a list of hashes");
    }
    for (const json::value& item : evidence->get_array()) {
      const auto digest = read_digest("evidence", item);
      if (!digest) {
        return digest.error();
      }
      draft_.event.evidence.push_back(*digest);
    }
    return {};
  }

  Result<void> nonce() {
    Event& event = draft_.event;
    const json::value* const value = given("nonce");
    if (value == nullptr) {
      entropy_.fill(event.nonce);
      return {};
    }
    const auto bytes = value->is_string() ? hex_decode(value->get_string()) : std::nullopt;
    if (!bytes || bytes->size() != event.nonce.size()) {
      return refused("nonce", "must be 32 lower-case hex digits",
                     "leave it out to have one drawn at random");
    }
    std::copy(bytes->begin(), bytes->end(), event.nonce.begin());
    return {};
  }

  Result<const json::object*> object(std::string_view key) const {
    const json::value* const value = given(key);
    if (value == nullptr) {
      return static_cast<const json::object*>(nullptr);
    }
    if (!value->is_object()) {
      return refused(std::string(key), "must be an object");
    }
    return &value->get_object();
  }

  Result<void> fields() {
    const auto given_fields = object("fields");
    if (!given_fields) {
      return given_fields.error();
    }
    if (*given_fields == nullptr) {
      return {};
    }
    ValueReader reader;
    for (const auto& member : **given_fields) {
      const std::string name(member.key());
      const std::string where = "field " + name;
      const Field* const field = type_ == nullptr ? nullptr : type_->field(name);
      auto value = field == nullptr ? reader.any(where, member.value(), 0)
                                    : reader.typed(where, field->type, member.value(), 0);
      if (!value) {
        return value.error();
      }
      draft_.event.fields.emplace(name, *std::move(value));
    }
    return {};
  }

  Result<void> commitments() {
    const auto given_commitments = object("commitments");
    if (!given_commitments) {
      return given_commitments.error();
    }
    const auto personal = object("personal");
    if (!personal) {
      return personal.error();
    }
    if (*given_commitments != nullptr) {
      for (const auto& member : **given_commitments) {
        const auto digest = read_digest("commitment " + std::string(member.key()), member.value());
        if (!digest) {
          return digest.error();
        }
        draft_.event.commitments.emplace(member.key(), *digest);
      }
    }
    entropy_.fill(draft_.record_key);
    if (*personal != nullptr) {
      if (auto ok = commit_to_given(**personal); !ok) {
        return ok;
      }
    }
    if (*given_commitments == nullptr) {
      commit_to_absent();
    }
    return {};
  }

  Result<void> commit_to_given(const json::object& personal) {
    if (type_ == nullptr) {
      return Error{
          Errc::kUnsupported,
          "personal: type " + draft_.event.type + " is not in catalogue " + catalogue_.name(),
          "fetch the catalogue that defines it"};
    }
    for (const auto& member : personal) {
      const std::string name(member.key());
      const std::string where = "personal field " + name;
      const Field* const field = type_->field(name);
      if (field == nullptr || !field->personal) {
        return refused(where,
                       field == nullptr ? "unknown in " + type_->name : "not a personal field",
                       "public fields stand under \"fields\"");
      }
      if (draft_.event.commitments.contains(name)) {
        return refused(where, "given both as a value and as a commitment", "leave one out");
      }
      if (member.value().is_null()) {
        commit(name, Bytes());
        continue;
      }
      auto value = ValueReader().typed(where, field->type, member.value(), 0);
      if (!value) {
        return value.error();
      }
      if (auto ok = check_value(where, field->type, *value); !ok) {
        return ok;
      }
      if (field->required && is_empty(*value)) {
        return refused(where, "required, but empty");
      }
      commit(name, opening_bytes(*value));
    }
    return {};
  }

  static bool is_empty(const Value& value) {
    return (value.text() != nullptr && value.text()->empty()) ||
           (value.list() != nullptr && value.list()->empty());
  }

  void commit_to_absent() {
    if (type_ == nullptr) {
      return;
    }
    for (const Field& field : type_->fields) {
      if (field.personal && !draft_.event.commitments.contains(field.name)) {
        commit(field.name, Bytes());
      }
    }
  }

  void commit(const std::string& name, Bytes value) {
    Opening opening{std::move(value), field_salt(draft_.record_key, name)};
    draft_.event.commitments.emplace(name, commit_field(name, opening.salt, opening.value));
    draft_.openings.emplace(name, std::move(opening));
  }

  const json::object& in_;
  const Catalogue& catalogue_;
  Entropy& entropy_;
  const EventType* type_ = nullptr;
  Draft draft_;
};

}  // namespace

Result<Draft> event_from_json(const json::value& in, const Catalogue& catalogue, Moment created_at,
                              Entropy& entropy) {
  if (!in.is_object()) {
    return refused("event", "must be an object");
  }
  return EventFromJson(in.get_object(), catalogue, entropy).read(created_at);
}

json::value event_to_json(const Event& event, const Catalogue* catalogue) {
  json::object out;
  out["type"] = event.type;
  out["issuer"] = event.issuer;
  out["occurred_on"] = event.occurred_on.text();
  out["created_at"] = event.created_at.text();
  if (event.record) {
    out["record"] = event.record->hex();
  }
  if (event.supersedes) {
    out["supersedes"] = event.supersedes->hex();
  }
  out["programmes"] = json::array(event.programmes.begin(), event.programmes.end());
  out["visibility"] = name(event.visibility);
  out["nonce"] = hex_encode(event.nonce);
  out["catalogue"] = event.catalogue;
  const EventType* const type = catalogue == nullptr ? nullptr : catalogue->find(event.type);
  json::object& fields = out["fields"].emplace_object();
  for (const auto& [name, value] : event.fields) {
    const Field* const field = type == nullptr ? nullptr : type->field(name);
    fields[name] = field == nullptr ? self_describing(value, false) : by_type(field->type, value);
  }
  json::object& commitments = out["commitments"].emplace_object();
  for (const auto& [name, digest] : event.commitments) {
    commitments[name] = digest.hex();
  }
  json::array& evidence = out["evidence"].emplace_array();
  for (const Digest& digest : event.evidence) {
    evidence.push_back(json::value(digest.hex()));
  }
  return out;
}

}  // namespace hefu
