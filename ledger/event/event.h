#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/event/date.h"

namespace hefu {

/// Names an event: SHA-256("hefu/event/v1" 00 algorithm(u16 be) canonical event bytes).
struct EventId {
  Digest digest;
  auto operator<=>(const EventId&) const = default;
  [[nodiscard]] std::string hex() const { return digest.hex(); }
};

/// As many hex digits of an event's id stand for all of them, where no other event begins so.
inline constexpr std::size_t kIdDigitsMin = 8;

/// An exact decimal number: units · 10^-scale, scale 0 to 9, without trailing zeros ("1.50" is
/// units 15, scale 1), so that one number has one form.
struct Decimal {
  std::int64_t units = 0;
  std::uint8_t scale = 0;
  auto operator<=>(const Decimal&) const = default;
  static std::optional<Decimal> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
};

/// The value of one field. Which alternative a field must hold is the catalogue's business.
/// Text carries string, enum and party fields; integer carries counts and money in fen; digest
/// carries event references and content hashes; a list carries lists and tuples.
struct Value {
  using List = std::vector<Value>;
  std::variant<std::string, std::int64_t, bool, Decimal, Date, Digest, Bytes, List> is;

  bool operator==(const Value&) const = default;
  [[nodiscard]] const std::string* text() const { return std::get_if<std::string>(&is); }
  [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&is); }
  [[nodiscard]] const Date* date() const { return std::get_if<Date>(&is); }
  [[nodiscard]] const Digest* digest() const { return std::get_if<Digest>(&is); }
  [[nodiscard]] const List* list() const { return std::get_if<List>(&is); }
};

/// Who may read an event's contents beyond its author.
enum class Visibility : std::uint8_t { kPublic = 0, kMembers = 1, kParties = 2, kAuthority = 3 };

/// "public", "members", "parties" or "authority", as written in JSON.
const char* name(Visibility visibility);
std::optional<Visibility> visibility(std::string_view name);

/// An author's statement: the content of one envelope. What is signed are the canonical bytes of
/// this structure (event.capnp), never a re-encoding of it.
struct Event {
  std::uint16_t schema = 1;
  std::string type;                      ///< name in the catalogue, e.g. "collaboration-agreement"
  std::string catalogue;                 ///< "<id>/<version>" the author validated against
  std::string issuer;                    ///< institution id: unified social credit code
  Date occurred_on;                      ///< business date, decides the period
  Moment created_at;                     ///< the author's clock; informational, decides nothing
  std::array<std::uint8_t, 16> nonce{};  ///< so that leaf hashes cannot be guessed
  std::optional<EventId> record;      ///< the opening event this one adds to; none: opens a record
  std::optional<EventId> supersedes;  ///< the author's own event this one corrects
  std::vector<std::string> programmes;  ///< sorted, unique
  Visibility visibility = Visibility::kMembers;
  std::map<std::string, Value> fields;        ///< public fields by name
  std::map<std::string, Digest> commitments;  ///< salted commitments of personal fields by name
  std::vector<Digest> evidence;               ///< salted hashes of documents held off the log

  bool operator==(const Event&) const = default;
  [[nodiscard]] const Value* field(const std::string& name) const;
};

/// Largest envelope, and so largest log entry, in bytes. Source: C2SP tlog-tiles entry bundles
/// (u16 length).
inline constexpr std::size_t kEnvelopeBytesMax = 65535;

/// Canonical bytes (Cap'n Proto canonical form, one segment, no framing; event.capnp).
/// Errors: kTooLarge, and kInvalid for what no reader would accept (limits.h), naming the field.
Result<Bytes> encode_event(const Event& event);

/// Reads canonical bytes; refuses anything not canonical, out of bounds, or of an unknown schema,
/// naming the field. Does not consult a catalogue. What it accepts, encode_event gives back byte
/// for byte. Errors: kTooLarge, kUnsupported (schema, algorithm), kInvalid.
Result<Event> decode_event(BytesView bytes);

EventId event_id(BytesView event_bytes);

}  // namespace hefu

template <>
struct std::hash<hefu::EventId> {
  std::size_t operator()(const hefu::EventId& id) const noexcept {
    return std::hash<hefu::Digest>()(id.digest);
  }
};
