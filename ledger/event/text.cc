#include "ledger/event/text.h"

#include <cstdlib>
#include <memory>

#include <utf8proc.h>

#include "crypto/bytes.h"

namespace hefu {

namespace {

// Ranges without combining characters and canonical decompositions: texts made of these alone, as
// nearly all Chinese and English ones are, need no normalisation. Source:
// DerivedNormalizationProps.
bool is_plain(utf8proc_int32_t c) {
  return c < 0x300 || (c >= 0x4e00 && c <= 0x9fff) || (c >= 0x3400 && c <= 0x4dbf) ||
         (c >= 0x2010 && c <= 0x2027) || (c >= 0x3000 && c <= 0x3029) ||
         (c >= 0xff00 && c <= 0xffef);
}

bool is_forbidden_control(utf8proc_int32_t c) {
  return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || (c >= 0x7f && c < 0xa0);
}

struct Scan {
  bool well_formed = true;
  bool plain = true;
  bool control = false;
  std::size_t offset = 0;  // of the first fault
};

Scan scan(std::string_view text) {
  Scan result;
  const BytesView bytes = as_bytes(text);
  std::size_t at = 0;
  while (at < bytes.size()) {
    utf8proc_int32_t c = bytes[at];
    utf8proc_ssize_t length = 1;
    if (c >= 0x80) {
      length =
          utf8proc_iterate(bytes.data() + at, static_cast<utf8proc_ssize_t>(bytes.size() - at), &c);
      if (length <= 0) {
        result.well_formed = false;
        result.offset = at;
        return result;
      }
    }
    if (is_forbidden_control(c)) {
      result.control = true;
      result.offset = at;
      return result;
    }
    result.plain = result.plain && is_plain(c);
    at += static_cast<std::size_t>(length);
  }
  return result;
}

}  // namespace

std::optional<std::string> normalised(std::string_view text) {
  const Scan found = scan(text);
  if (found.well_formed && !found.control && found.plain) {
    return std::string(text);
  }
  utf8proc_uint8_t* out = nullptr;
  const utf8proc_ssize_t length =
      utf8proc_map(as_bytes(text).data(), static_cast<utf8proc_ssize_t>(text.size()), &out,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(out, &std::free);
  if (length < 0) {
    return std::nullopt;
  }
  return std::string(as_text({out, static_cast<std::size_t>(length)}));
}

Result<void> check_text(std::string_view text) {
  const Scan found = scan(text);
  if (!found.well_formed) {
    return Error{Errc::kInvalid, "not well-formed UTF-8 at byte " + std::to_string(found.offset),
                 "save the file or form as UTF-8"};
  }
  if (found.control) {
    return Error{Errc::kInvalid, "control character at byte " + std::to_string(found.offset),
                 "only tab, line feed and carriage return are allowed in a text"};
  }
  if (!found.plain && normalised(text) != text) {
    return Error{Errc::kInvalid, "not in Unicode normalisation form C",
                 "normalise the text to NFC before encoding it"};
  }
  return {};
}

}  // namespace hefu
