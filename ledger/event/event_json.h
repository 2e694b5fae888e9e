#pragma once

#include <map>
#include <string>

#include <boost/json/fwd.hpp>

#include "crypto/commitment.h"
#include "crypto/entropy.h"
#include "crypto/result.h"
#include "ledger/event/catalogue.h"
#include "ledger/event/event.h"
#include "ledger/event/opening.h"

namespace hefu {

/// An event made from JSON, with what its author must keep apart from it.
struct Draft {
  Event event;
  /// By field name: of every personal field whose value was committed to here, absent ones
  /// included.
  std::map<std::string, Opening> openings;
  /// The salts are derived from it; destroying it and the openings erases the personal values.
  RecordKey record_key{};
};

/// The JSON form of events, for people and programs:
///
///     {"type", "issuer", "occurred_on": "YYYY-MM-DD", "created_at": "…Z", "record": hex,
///      "supersedes": hex, "programmes": [..], "visibility", "nonce": hex, "catalogue",
///      "fields": {..}, "personal": {..}, "commitments": {name: hex}, "evidence": [hex]}
///
/// Only type, issuer and occurred_on are needed. What is absent is filled: `created_at` from the
/// argument, the nonce from `entropy`, the catalogue and the visibility from `catalogue`; and,
/// unless "commitments" is there, every personal field of the type is committed to, with its value
/// in "personal" or as absent. Texts are brought to normalisation form C, programmes are sorted.
///
/// A field of a known type is written by its type: text, enum, party a string; integer, money a
/// number; decimal a string "1.5" (or a whole number); date "YYYY-MM-DD"; event, digest, person 64
/// hex digits; key, bytes base64; list an array; tuple an object by component. Any value may also
/// say its kind, and must where no type is known (except texts, numbers, truth values and arrays):
///
///     {"$text": ".."} {"$integer": "12"} {"$boolean": true} {"$decimal": "1.5"} {"$list": [..]}
///     {"$date": "2026-01-31"} {"$digest": hex} {"$bytes": base64}
///
/// The result is not validated yet (catalogue.h). Errors: kInvalid naming the field;
/// kUnsupported: personal values of a type the catalogue does not know.
Result<Draft> event_from_json(const boost::json::value& json, const Catalogue& catalogue,
                              Moment created_at, Entropy& entropy);

/// The same form, complete: read back with the same catalogue it gives the same event, whatever is
/// in it. Without a catalogue, or for a type it does not know, values say their kind.
boost::json::value event_to_json(const Event& event, const Catalogue* catalogue);

}  // namespace hefu
