#include "ledger/event/opening.h"

#include <string>
#include <utility>

#include "ledger/event/limits.h"
#include "ledger/event/text.h"

namespace hefu {

namespace {

enum class Kind : std::uint8_t {
  kText = 1,
  kInteger = 2,
  kBoolean = 3,
  kDecimal = 4,
  kDate = 5,
  kDigest = 6,
  kBytes = 7,
  kList = 8,
};

void begin(Bytes& out, Kind kind) {
  out.push_back(static_cast<std::uint8_t>(kind));
}

void write(Bytes& out, const Value& value) {
  if (const auto* text = value.text()) {
    begin(out, Kind::kText);
    append(out, std::string_view(*text));
  } else if (const auto* integer = value.integer()) {
    begin(out, Kind::kInteger);
    append_be(out, static_cast<std::uint64_t>(*integer));
  } else if (const auto* boolean = std::get_if<bool>(&value.is)) {
    begin(out, Kind::kBoolean);
    out.push_back(*boolean ? 1 : 0);
  } else if (const auto* decimal = std::get_if<Decimal>(&value.is)) {
    begin(out, Kind::kDecimal);
    out.push_back(decimal->scale);
    append_be(out, static_cast<std::uint64_t>(decimal->units));
  } else if (const auto* date = value.date()) {
    begin(out, Kind::kDate);
    append_be(out, static_cast<std::uint32_t>(date->days));
  } else if (const auto* digest = value.digest()) {
    begin(out, Kind::kDigest);
    append(out, digest->view());
  } else if (const auto* bytes = std::get_if<Bytes>(&value.is)) {
    begin(out, Kind::kBytes);
    append(out, BytesView(*bytes));
  } else if (const auto* list = value.list()) {
    begin(out, Kind::kList);
    for (const Value& element : *list) {
      Bytes inner;
      write(inner, element);
      append_be(out, static_cast<std::uint32_t>(inner.size()));
      append(out, BytesView(inner));
    }
  }
}

Error damaged(const char* what) {
  return Error{Errc::kInvalid, std::string("opening: ") + what,
               "the disclosed value is damaged or of another version"};
}

Result<Value> read(BytesView bytes, int depth);

Result<Value> read_list(BytesView bytes, int depth) {
  if (depth > kListDepthMax) {
    return damaged("lists nested deeper than 4");
  }
  Value::List list;
  while (!bytes.empty()) {
    if (bytes.size() < 4) {
      return damaged("a list is cut off");
    }
    const std::size_t size = read_be<std::uint32_t>(bytes.data());
    bytes = bytes.subspan(4);
    if (size > bytes.size() || list.size() == kListElementsMax) {
      return damaged("a list is cut off or has more than 20000 elements");
    }
    auto element = read(bytes.first(size), depth);
    if (!element) {
      return element;
    }
    list.push_back(*std::move(element));
    bytes = bytes.subspan(size);
  }
  return Value{std::move(list)};
}

Result<Value> read_decimal(BytesView bytes) {
  if (bytes.size() != 9) {
    return damaged("a decimal of the wrong size");
  }
  const Decimal decimal{static_cast<std::int64_t>(read_be<std::uint64_t>(bytes.data() + 1)),
                        bytes[0]};
  if (decimal.scale > 9 || (decimal.scale > 0 && decimal.units % 10 == 0)) {
    return damaged("a decimal in a second form");
  }
  return Value{decimal};
}

Result<Value> read(BytesView bytes, int depth) {
  if (bytes.empty()) {
    return damaged("no value");
  }
  const auto kind = static_cast<Kind>(bytes[0]);
  bytes = bytes.subspan(1);
  switch (kind) {
    case Kind::kText:
      if (const auto ok = check_text(as_text(bytes)); !ok) {
        return ok.error().during("opening");
      }
      return Value{std::string(as_text(bytes))};
    case Kind::kInteger:
      if (bytes.size() != 8) {
        return damaged("an integer of the wrong size");
      }
      return Value{static_cast<std::int64_t>(read_be<std::uint64_t>(bytes.data()))};
    case Kind::kBoolean:
      if (bytes.size() != 1 || bytes[0] > 1) {
        return damaged("a truth value that is neither 0 nor 1");
      }
      return Value{bytes[0] == 1};
    case Kind::kDecimal:
      return read_decimal(bytes);
    case Kind::kDate:
      if (bytes.size() != 4) {
        return damaged("a date of the wrong size");
      }
      return Value{Date{static_cast<std::int32_t>(read_be<std::uint32_t>(bytes.data()))}};
    case Kind::kDigest:
      if (const auto digest = Digest::from_bytes(bytes)) {
        return Value{*digest};
      }
      return damaged("a digest that is not 32 bytes");
    case Kind::kBytes:
      return Value{to_bytes(bytes)};
    case Kind::kList:
      return read_list(bytes, depth + 1);
  }
  return damaged("an unknown kind of value");
}

}  // namespace

Bytes opening_bytes(const Value& value) {
  Bytes out;
  write(out, value);
  return out;
}

Result<Value> read_opening(BytesView bytes) {
  return read(bytes, 0);
}

Result<void> check_opening(const Event& event, std::string_view field, const Opening& opening) {
  const auto commitment = event.commitments.find(std::string(field));
  if (commitment == event.commitments.end()) {
    return Error{Errc::kNotFound,
                 "field " + std::string(field) + ": the event commits to no such field", ""};
  }
  if (commit_field(field, opening.salt, opening.value) != commitment->second) {
    return Error{Errc::kUnverified,
                 "field " + std::string(field) + ": the value and salt do not open the commitment",
                 "whoever disclosed them sent something else than was recorded"};
  }
  return {};
}

}  // namespace hefu
