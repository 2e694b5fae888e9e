#include "ledger/log/promise.h"

#include <optional>
#include <span>

#include "crypto/encoding.h"
#include "ledger/log/lines.h"

namespace hefu {

namespace {

constexpr std::string_view kFirstLine = "hefu/promise/v1";
constexpr std::string_view kAnyVersion = "hefu/promise/";

Error malformed(std::string_view line) {
  return Error{Errc::kInvalid,
               "promise: line \"" + std::string(line) + "\" is missing or malformed", ""};
}

/// The rest of the next line, if it begins with this word.
std::optional<std::string_view> take_field(std::string_view& text, std::string_view word) {
  const auto line = take_line(text);
  if (!line || !line->starts_with(word) || line->size() <= word.size() ||
      (*line)[word.size()] != ' ') {
    return std::nullopt;
  }
  return line->substr(word.size() + 1);
}

std::optional<std::uint64_t> take_number(std::string_view& text, std::string_view word) {
  const auto field = take_field(text, word);
  return field ? parse_decimal_line(*field) : std::nullopt;
}

Result<Promise> read_text(std::string_view text) {
  const auto first = take_line(text);
  if (first != kFirstLine) {
    const bool other = first && first->starts_with(kAnyVersion);
    return Error{other ? Errc::kUnsupported : Errc::kInvalid,
                 "promise: the first line is not " + std::string(kFirstLine), ""};
  }
  Promise promise;
  const auto origin = take_line(text);
  if (!origin || !is_key_name(*origin)) {
    return malformed("origin");
  }
  promise.origin = std::string(*origin);
  const auto event = take_field(text, "event");
  const auto id = event ? Digest::from_hex(*event) : std::nullopt;
  if (!id) {
    return malformed("event");
  }
  promise.event = *id;
  const auto leaf = take_field(text, "leaf");
  const auto hash = leaf ? parse_hash_line(*leaf) : std::nullopt;
  if (!hash) {
    return malformed("leaf");
  }
  promise.leaf = *hash;
  const auto from = take_number(text, "from");
  if (!from) {
    return malformed("from");
  }
  promise.from = *from;
  const auto made = take_number(text, "made");
  if (!made) {
    return malformed("made");
  }
  promise.made = *made;
  const auto by = take_number(text, "by");
  if (!by || *by < *made || !text.empty()) {
    return malformed("by");
  }
  promise.by = *by;
  return promise;
}

Result<Note> read_note(std::string_view note) {
  if (note.size() > kPromiseBytesMax) {
    return Error{Errc::kTooLarge,
                 "promise: more than " + std::to_string(kPromiseBytesMax) + " bytes", ""};
  }
  return parse_note(note);
}

}  // namespace

std::string Promise::text() const {
  return std::string(kFirstLine) + "\n" + origin + "\nevent " + event.hex() + "\nleaf " +
         base64_encode(leaf.view()) + "\nfrom " + std::to_string(from) + "\nmade " +
         std::to_string(made) + "\nby " + std::to_string(by) + "\n";
}

std::string sign_promise(const Promise& promise, const SecretKey& log_key) {
  const std::string text = promise.text();
  const NoteSignature line = sign_note(text, promise.origin, log_key);
  return format_note(text, std::span(&line, 1));
}

Result<Promise> parse_promise(std::string_view note) {
  const auto parsed = read_note(note);
  return parsed ? read_text(parsed->text) : Result<Promise>(parsed.error());
}

Result<Promise> open_promise(std::string_view note, const VerifierKey& log_key) {
  const auto parsed = read_note(note);
  if (!parsed) {
    return parsed.error();
  }
  auto promise = read_text(parsed->text);
  if (!promise) {
    return promise;
  }
  if (promise->origin != log_key.name) {
    return Error{Errc::kUnverified,
                 "promise: made by log " + promise->origin + ", not by " + log_key.name, ""};
  }
  const auto verified = verify_note(*parsed, std::span(&log_key, 1));
  return verified ? promise : verified.error().during("promise");
}

}  // namespace hefu
