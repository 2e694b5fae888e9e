#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/event/catalogue.h"
#include "ledger/event/prepare.h"
#include "tools/context.h"
#include "tools/home.h"

namespace hefu {

/// Where staff act: their institution's home, its member card, and the node they act through.
struct Desk {
  Home home;
  Member card;
  HttpClient node;
};
Result<Desk> open_desk(const Context& context);

/// The catalogue in force at a node.
Result<Catalogue> fetch_catalogue(HttpClient& node);

/// Now, from the operating system's clock.
Moment system_now();

/// Waits, between two questions to a node.
void pause_ms(int milliseconds);

/// prepare_event (ledger/event/prepare.h) with the program's entropy.
Result<EventId> prepare(Context& context, const boost::json::value& json,
                        const Catalogue& catalogue, const std::string& issuer, Moment now,
                        Prepared* prepared);

Result<EventId> prepare(Context& context, Event event, const Catalogue& catalogue,
                        Prepared* prepared);

/// Media type of a list of envelopes. Source: api/envelope_list.h.
inline constexpr const char* kEnvelopesType = "application/x-hefu-envelopes";

/// Hands a node the openings of the personal fields of the prepared events [begin, end), once it
/// has the events.
Result<void> send_openings(HttpClient& node, const Prepared& prepared, std::size_t begin,
                           std::size_t end);

/// Signs everything prepared with one signature, submits it, and hands the openings of personal
/// fields to the node. `ack`: the level to wait for; empty: the node's default. Returns the node's
/// receipt document; if less than the level has been reached, says on standard error what that
/// means.
Result<boost::json::value> submit(HttpClient& node, const Prepared& prepared, const SecretKey& key,
                                  std::string_view ack = "");
/// The same with the home's key of a role.
Result<boost::json::value> submit(const Context& context, Desk& desk, const Prepared& prepared,
                                  KeyRole role, std::string_view ack = "");

}  // namespace hefu
