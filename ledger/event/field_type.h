#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/event/event.h"

namespace hefu {

/// A name for people.
struct Title {
  std::string zh;
  std::string en;
  bool operator==(const Title&) const = default;
};

enum class FieldKind : std::uint8_t {
  kText,
  kInteger,
  kDecimal,
  kDate,
  kMoney,   ///< integer number of fen
  kParty,   ///< text: credit code, or credit code and unit (uscc.h)
  kEvent,   ///< digest: an event id
  kDigest,  ///< SHA-256 of something held elsewhere
  kKey,     ///< 32 bytes: an Ed25519 public key
  kBytes,
  kPerson,  ///< digest: a pseudonym; only ever in personal fields
  kEnum,    ///< text: one of `names`
  kList,    ///< any number of `parts[0]`
  kTuple,   ///< a list of one value for each of `parts`, called `names`
  kOneOf,   ///< whichever of `parts` fits
};

/// The type of a catalogue field. Written:
///
///     text integer decimal date money party event digest key bytes person
///     enum{a,b}  list<T>  tuple<name:T,name:T>  oneof<T,T>
///
/// Enum values are any text without ',' and '}', spaces around them dropped. At most 512 enum
/// values, 32 parts, and as many levels as lists may nest.
struct FieldType {
  FieldKind kind = FieldKind::kText;
  std::vector<std::string> names;
  std::vector<FieldType> parts;
  /// What people call the values of an enum, in the order of `names`; a value without a word there
  /// is its own. Set by the catalogue (its `words`), not part of the written type; else empty.
  std::vector<Title> titles = {};

  bool operator==(const FieldType&) const = default;
  static Result<FieldType> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
};

/// Whether a value is of a type: the right alternative, a valid credit code in a party, an allowed
/// enum value, an integer that JSON can carry exactly (up to 2^53 - 1 either way). Errors: kInvalid
/// with `where` ("field host") before the reason, and the allowed values in the hint.
Result<void> check_value(const std::string& where, const FieldType& type, const Value& value);

}  // namespace hefu
