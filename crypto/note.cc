#include "crypto/note.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "crypto/digest.h"
#include "crypto/encoding.h"

namespace hefu {

namespace {

constexpr std::string_view kDash = "\u2014 ";  // em dash, space

/// Unicode's White_Space property, as Go's unicode.IsSpace has it.
bool is_space(char32_t point) {
  return (point >= 0x09 && point <= 0x0d) || point == 0x20 || point == 0x85 || point == 0xa0 ||
         point == 0x1680 || (point >= 0x2000 && point <= 0x200a) || point == 0x2028 ||
         point == 0x2029 || point == 0x202f || point == 0x205f || point == 0x3000;
}

/// Without the length bound: names of other people's keys may be longer than ours.
bool is_name(std::string_view name) {
  if (name.empty()) {
    return false;
  }
  while (!name.empty()) {
    const auto point = take_code_point(name);
    if (!point || is_space(*point) || *point == '+' || *point < 0x20) {
      return false;
    }
  }
  return true;
}

std::uint32_t note_key_id(std::string_view name, std::uint8_t type, const PublicKey& key) {
  const std::uint8_t separator[] = {'\n', type};
  return read_be<std::uint32_t>(
      sha256({as_bytes(name), BytesView(separator), key.bytes}).bytes.data());
}

std::string id_hex(std::uint32_t id) {
  Bytes bytes;
  append_be(bytes, id);
  return hex_encode(bytes);
}

/// UTF-8 without control characters other than newline.
bool is_note_text(std::string_view text) {
  while (!text.empty()) {
    const auto point = take_code_point(text);
    if (!point || (*point < 0x20 && *point != '\n')) {
      return false;
    }
  }
  return true;
}

Error malformed(const std::string& what) {
  return {Errc::kInvalid, "signed note: " + what, "pass the file on byte for byte"};
}

std::optional<NoteSignature> parse_line(std::string_view line) {
  if (!line.starts_with(kDash)) {
    return std::nullopt;
  }
  line.remove_prefix(kDash.size());
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || !is_name(line.substr(0, space))) {
    return std::nullopt;
  }
  const auto bytes = base64_decode(line.substr(space + 1));
  if (!bytes || bytes->size() < 5) {
    return std::nullopt;
  }
  NoteSignature signature;
  signature.name = line.substr(0, space);
  signature.key_id = read_be<std::uint32_t>(bytes->data());
  signature.bytes.assign(bytes->begin() + 4, bytes->end());
  return signature;
}

}  // namespace

bool is_key_name(std::string_view name) {
  return name.size() <= kKeyNameBytesMax && is_name(name);
}

Result<VerifierKey> VerifierKey::parse(std::string_view vkey) {
  const auto refuse = [](const std::string& what) {
    return Error{Errc::kInvalid, "verifier key: " + what,
                 "copy the whole line \"<name>+<key id>+<key>\" from its owner"};
  };
  const std::size_t first = vkey.find('+');
  const std::size_t second = first == std::string_view::npos ? first : vkey.find('+', first + 1);
  if (second == std::string_view::npos) {
    return refuse("not of the form name+id+key");
  }
  const std::string_view key_name = vkey.substr(0, first);
  const auto id = hex_decode(vkey.substr(first + 1, second - first - 1));
  const auto key = base64_decode(vkey.substr(second + 1));
  if (!is_key_name(key_name)) {
    return refuse("the name is empty, too long, or has a space or control character");
  }
  const std::string of = "of " + std::string(key_name);
  if (!id || id->size() != 4) {
    return refuse("the key id " + of + " is not 8 lower-case hex digits");
  }
  if (!key || key->empty()) {
    return refuse("the key " + of + " is not canonical base64");
  }
  const std::uint8_t type = key->front();
  if (type != kNoteEd25519 && type != kNoteCosignature) {
    return Error{Errc::kUnsupported,
                 "verifier key: the key " + of + " has type " + std::to_string(type),
                 "types 1 (Ed25519) and 4 (Ed25519 cosignature) are known here"};
  }
  const auto public_key = PublicKey::from_bytes(BytesView(*key).subspan(1));
  if (!public_key || !is_acceptable(*public_key)) {
    return refuse("the key " + of + " is not an acceptable Ed25519 public key");
  }
  VerifierKey parsed = make(std::string(key_name), type, *public_key);
  if (parsed.id != read_be<std::uint32_t>(id->data())) {
    return refuse("the key id " + of + " should be " + id_hex(parsed.id));
  }
  return parsed;
}

VerifierKey VerifierKey::make(std::string name, std::uint8_t type, const PublicKey& key) {
  VerifierKey made;
  made.id = note_key_id(name, type, key);
  made.name = std::move(name);
  made.type = type;
  made.key = key;
  return made;
}

std::string VerifierKey::text() const {
  Bytes bytes{type};
  append(bytes, key.bytes);
  return name + "+" + id_hex(id) + "+" + base64_encode(bytes);
}

std::string NoteSignature::line() const {
  Bytes all;
  append_be(all, key_id);
  append(all, bytes);
  return std::string(kDash) + name + " " + base64_encode(all) + "\n";
}

Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines) {
  if (lines.size() > kNoteBytesMax) {
    return Error{Errc::kTooLarge,
                 "signed note: more than " + std::to_string(kNoteBytesMax) + " bytes", ""};
  }
  if (!lines.ends_with('\n')) {
    return malformed("the signature lines do not end in a newline");
  }
  std::vector<NoteSignature> signatures;
  while (!lines.empty()) {
    if (signatures.size() == kNoteSignaturesMax) {
      return Error{Errc::kTooLarge,
                   "signed note: more than " + std::to_string(kNoteSignaturesMax) + " signatures",
                   ""};
    }
    const std::size_t end = lines.find('\n');
    auto signature = parse_line(lines.substr(0, end));
    if (!signature) {
      return malformed("signature line " + std::to_string(signatures.size() + 1) +
                       " is not \"\u2014 name base64\"");
    }
    signatures.push_back(std::move(*signature));
    lines.remove_prefix(end + 1);
  }
  return signatures;
}

Result<Note> parse_note(std::string_view note) {
  if (note.size() > kNoteBytesMax) {
    return Error{Errc::kTooLarge,
                 "signed note: more than " + std::to_string(kNoteBytesMax) + " bytes", ""};
  }
  if (!is_note_text(note)) {
    return malformed("not UTF-8 text, or it has control characters");
  }
  // The text may contain empty lines; the last one ends it.
  const std::size_t split = note.rfind("\n\n");
  if (split == std::string_view::npos) {
    return malformed("no empty line between text and signatures");
  }
  auto signatures = parse_signature_lines(note.substr(split + 2));
  if (!signatures) {
    return signatures.error();
  }
  return Note{std::string(note.substr(0, split + 1)), std::move(*signatures)};
}

std::string format_note(const std::string& text, std::span<const NoteSignature> signatures) {
  HEFU_ASSERT(text.ends_with('\n') && !signatures.empty());
  std::string note = text + "\n";
  for (const NoteSignature& signature : signatures) {
    note += signature.line();
  }
  return note;
}

NoteSignature sign_note(const std::string& text, const std::string& name, const SecretKey& key) {
  HEFU_ASSERT(text.ends_with('\n'));
  const Signature signature = sign(key, as_bytes(text));
  return {name, note_key_id(name, kNoteEd25519, key.public_key()), to_bytes(signature.bytes)};
}

Result<std::vector<VerifierKey>> verify_note(const Note& note, std::span<const VerifierKey> known) {
  std::vector<VerifierKey> verified;
  std::set<std::pair<std::string, std::uint32_t>> seen;
  for (const NoteSignature& line : note.signatures) {
    const auto is_of_line = [&line](const VerifierKey& key) {
      return key.type == kNoteEd25519 && key.id == line.key_id && key.name == line.name;
    };
    const auto key = std::find_if(known.begin(), known.end(), is_of_line);
    if (key == known.end() || !seen.emplace(line.name, line.key_id).second) {
      continue;
    }
    const bool ambiguous = std::any_of(key, known.end(), [&](const VerifierKey& other) {
      return is_of_line(other) && other.key != key->key;
    });
    if (ambiguous) {
      return Error{
          Errc::kInvalid,
          "signed note: two known keys are called " + line.name + "+" + id_hex(line.key_id),
          "give one of them another name"};
    }
    const auto signature = Signature::from_bytes(line.bytes);
    if (!signature || !verify(key->key, as_bytes(note.text), *signature)) {
      return Error{Errc::kUnverified, "signed note: the signature by " + line.name + " is bad",
                   "the text was changed after signing, or the signature was forged"};
    }
    verified.push_back(*key);
  }
  if (verified.empty()) {
    return Error{Errc::kUnverified, "signed note: not signed by a known key",
                 "check which keys you trust"};
  }
  return verified;
}

}  // namespace hefu
