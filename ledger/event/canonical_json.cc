#include "ledger/event/canonical_json.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_stack.hpp>

namespace hefu {

namespace {

namespace json = boost::json;

void write_string(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  for (const char c : text) {
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\f':
        out += "\\f";
        break;
      case '\r':
        out += "\\r";
        break;
      default: {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20) {
          out += "\\u00";
          out.push_back(kHex[byte >> 4]);
          out.push_back(kHex[byte & 15]);
        } else {
          out.push_back(c);
        }
      }
    }
  }
  out.push_back('"');
}

/// What Boost's event parser calls. It builds the value as Boost's own parser would and adds the
/// two checks that one lacks: keys are unique, numbers are exact integers.
struct Builder {
  // Strings, keys and containers are bounded by the size of the whole text. The names are Boost's.
  // NOLINTBEGIN(readability-identifier-naming)
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  // NOLINTEND(readability-identifier-naming)

  json::value_stack stack;
  std::vector<std::vector<std::string>> keys;  // of the objects still open, outermost first
  std::string key;                             // being read
  std::string refusal;                         // why the parser was stopped from here

  bool refuse(json::error_code& ec, std::string why) {
    refusal = std::move(why);
    ec = json::error::not_exact;
    return false;
  }

  bool on_document_begin(json::error_code&) {
    stack.reset();
    return true;
  }
  bool on_document_end(json::error_code&) { return true; }

  bool on_object_begin(json::error_code&) {
    keys.emplace_back();
    return true;
  }
  bool on_object_end(std::size_t count, json::error_code& ec) {
    std::vector<std::string> seen = std::move(keys.back());
    keys.pop_back();
    std::sort(seen.begin(), seen.end());
    const auto twice = std::adjacent_find(seen.begin(), seen.end());
    if (twice != seen.end()) {
      std::string quoted;  // escaped: whoever sent it may have put anything into the name
      write_string(*twice, quoted);
      return refuse(ec, "key " + quoted + " occurs twice in one object");
    }
    stack.push_object(count);
    return true;
  }
  bool on_array_begin(json::error_code&) { return true; }
  bool on_array_end(std::size_t count, json::error_code&) {
    stack.push_array(count);
    return true;
  }

  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key.append(part.data(), part.size());
    stack.push_chars(part);
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code&) {
    key.append(part.data(), part.size());
    keys.back().push_back(std::exchange(key, {}));
    stack.push_key(part);
    return true;
  }
  bool on_string_part(json::string_view part, std::size_t, json::error_code&) {
    stack.push_chars(part);
    return true;
  }
  bool on_string(json::string_view part, std::size_t, json::error_code&) {
    stack.push_string(part);
    return true;
  }

  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t number, json::string_view, json::error_code& ec) {
    if (number > kJsonIntegerMax || number < -kJsonIntegerMax) {
      return refuse(ec, "integer beyond 2^53 - 1");
    }
    stack.push_int64(number);
    return true;
  }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code& ec) {
    return refuse(ec, "integer beyond 2^53 - 1");  // called only above the signed range
  }
  bool on_double(auto, json::string_view, json::error_code& ec) {
    return refuse(ec, "number that is not a plain integer");
  }
  bool on_bool(bool value, json::error_code&) {
    stack.push_bool(value);
    return true;
  }
  bool on_null(json::error_code&) {
    stack.push_null();
    return true;
  }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }
};

/// Orders UTF-8 texts by their UTF-16 code units (RFC 8785 §3.2.3). UTF-8 bytes already sort by
/// code point; the two orders differ only between U+E000..U+FFFF (lead bytes EE, EF) and the
/// supplementary planes (lead bytes F0 to F4), which UTF-16 writes with the lower surrogates.
bool utf16_less(std::string_view left, std::string_view right) {
  const auto [l, r] = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  if (l == left.end() || r == right.end()) {
    return l == left.end() && r != right.end();
  }
  const auto rank = [](char c) {
    const unsigned byte = static_cast<unsigned char>(c);
    return byte == 0xee || byte == 0xef ? byte + 0x10 : byte;
  };
  return rank(*l) < rank(*r);
}

void write(const json::value& value, std::string& out);

void write_object(const json::object& object, std::string& out) {
  std::vector<const json::key_value_pair*> members;
  members.reserve(object.size());
  for (const json::key_value_pair& member : object) {
    members.push_back(&member);
  }
  std::sort(members.begin(), members.end(), [](const auto* left, const auto* right) {
    return utf16_less(left->key(), right->key());
  });
  out.push_back('{');
  for (const json::key_value_pair* member : members) {
    if (member != members.front()) {
      out.push_back(',');
    }
    write_string(member->key(), out);
    out.push_back(':');
    write(member->value(), out);
  }
  out.push_back('}');
}

void write_array(const json::array& array, std::string& out) {
  out.push_back('[');
  for (const json::value& element : array) {
    if (&element != array.begin()) {
      out.push_back(',');
    }
    write(element, out);
  }
  out.push_back(']');
}

void write(const json::value& value, std::string& out) {
  switch (value.kind()) {
    case json::kind::null:
      out += "null";
      return;
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      return;
    case json::kind::int64:
      out += std::to_string(value.get_int64());
      return;
    case json::kind::uint64:
      out += std::to_string(value.get_uint64());
      return;
    case json::kind::string:
      write_string(value.get_string(), out);
      return;
    case json::kind::array:
      write_array(value.get_array(), out);
      return;
    case json::kind::object:
      write_object(value.get_object(), out);
      return;
    case json::kind::double_:
      break;
  }
  HEFU_ASSERT(value.kind() != json::kind::double_);
}

Error explain(const Builder& builder, json::error_code ec, std::size_t offset) {
  const std::string where = " (at byte " + std::to_string(offset) + ")";
  if (!builder.refusal.empty()) {
    return {Errc::kInvalid, "JSON: " + builder.refusal + where,
            "write amounts in their smallest unit or as a decimal string, each key once"};
  }
  if (ec == json::error::too_deep) {
    return {Errc::kTooLarge, "JSON: nested deeper than " + std::to_string(kJsonDepthMax) + where,
            "flatten the text"};
  }
  return {Errc::kInvalid, "JSON: " + ec.message() + where, "send one JSON value in UTF-8"};
}

}  // namespace

Result<boost::json::value> parse_json(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return Error{Errc::kTooLarge,
                 "JSON: " + std::to_string(text.size()) + " bytes, at most " +
                     std::to_string(bytes_max) + " are taken",
                 ""};
  }
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  json::basic_parser<Builder> parser(options);
  json::error_code ec;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), ec);
  if (!ec && read < text.size()) {
    ec = json::error::extra_data;
  }
  if (ec) {
    return explain(parser.handler(), ec, read);
  }
  return parser.handler().stack.release();
}

std::string canonical_json(const boost::json::value& value) {
  std::string out;
  write(value, out);
  return out;
}

}  // namespace hefu
