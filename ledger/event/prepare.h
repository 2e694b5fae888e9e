#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "crypto/entropy.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/event/catalogue.h"
#include "ledger/event/event_json.h"

namespace hefu {

/// Events made ready to be signed, in order, and what is needed to submit them. The steps between
/// reading an event's fields and sending it, wherever they are taken: on the command line or in a
/// browser.
struct Prepared {
  std::vector<Draft> drafts;
  std::vector<Bytes> encoded;  ///< canonical bytes
  std::vector<EventId> ids;
};

/// The catalogue a node serves. Before the authority has published one it serves the protocol types
/// alone. Errors: those of Catalogue::parse.
Result<Catalogue> served_catalogue(std::string_view json);

/// Makes a draft of one event in JSON, validates it and adds it. Fills `issuer`, and `occurred_on`,
/// where they are absent. Errors: those of event_from_json, validate and encode_event.
Result<EventId> prepare_event(const boost::json::value& json, const Catalogue& catalogue,
                              const std::string& issuer, Moment now, Entropy& entropy,
                              Prepared* prepared);

/// Adds an event made in the program itself: fills nonce and catalogue, validates.
Result<EventId> prepare_event(Event event, const Catalogue& catalogue, Entropy& entropy,
                              Prepared* prepared);

/// Events under one signature, as the body of POST /v1/events: for each, its envelope's length
/// (u16 big-endian) and bytes. Errors: those of sign_batch.
Result<Bytes> sign_list(std::span<const Bytes> events, const SecretKey& key);
Result<Bytes> sign_list(const Prepared& prepared, const SecretKey& key);

/// What opens the personal fields of the prepared events [begin, end), as the body of POST
/// /v1/disclosures: [{"event", "openings": [{"path", "value": base64, "salt": hex}]}]. Events
/// without personal fields are left out.
boost::json::array disclosures_of(const Prepared& prepared, std::size_t begin, std::size_t end);

}  // namespace hefu
