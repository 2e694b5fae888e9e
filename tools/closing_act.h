#pragma once

#include <string>

#include <boost/json.hpp>

#include "crypto/result.h"
#include "ledger/closing/acts.h"
#include "tools/context.h"
#include "tools/submit.h"

namespace hefu {

/// A JSON object from the node. Errors: those of the node, kInvalid if it is none.
Result<boost::json::object> fetch_object(HttpClient& node, const std::string& path);

/// How a period stands at a node, and, with a proposal, what could be done at that cut.
Result<boost::json::object> fetch_closings(HttpClient& node, const std::string& pack,
                                           const std::string& period, const std::string& proposal,
                                           const std::string& unit = "");

/// What acts at the cut of such an answer are about.
Result<ClosingScope> scope_of(const boost::json::object& closings);

/// A digest under a key. Errors: kInvalid.
Result<Digest> digest_at(const boost::json::object& object, std::string_view key);
/// Event ids under a key.
Result<std::vector<EventId>> ids_at(const boost::json::object& object, std::string_view key);

/// The key that binds the institution: its seal, or the registrar's where it has none.
KeyRole binding_role(const Home& home);

/// Refuses to whoever is not the authority, as such an answer names it. Errors: kUnauthorised.
Result<void> need_authority(const boost::json::object& closings, const Desk& desk);

/// Signs and submits an act of closing and tells what was recorded: `done` and the event, or the
/// receipt with --json. Returns the exit code.
int record_act(Context& context, Desk& desk, Event event, KeyRole role, const std::string& done);

/// The list of differences for people; "nothing differs" if it is empty.
void print_differences(const boost::json::array& differences);

/// Enough of an id for people to tell it from others.
std::string short_id(std::string_view id);

}  // namespace hefu
