#pragma once

#include <boost/json/fwd.hpp>

#include "crypto/result.h"
#include "ledger/charter/charter.h"

namespace hefu {

/// A member as the charter's JSON and a member card write it:
/// {"id","name":{"zh","en"},"domain","origin","attributes":{…},
///  "keys":[{"role","algorithm":"ed25519","public": base64}]}, keys sorted by role, then bytes.
boost::json::value member_to_json(const Member& member);

/// Reads that form; every key named and no other. Checks shapes (credit code, domain, origin, key
/// length and acceptability), not the relation to other members. Errors: kInvalid naming the field.
Result<Member> member_from_json(const boost::json::value& json);

}  // namespace hefu
