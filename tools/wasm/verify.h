#pragma once

#include <boost/json/fwd.hpp>

#include "crypto/result.h"

namespace hefu {

/// The methods bundle.verify, proof.verify, fork.verify and event.decode (README.md). Errors:
/// kInvalid, kTooLarge, naming the field; and those of what they call.
Result<boost::json::value> verify_bundle_call(const boost::json::object& request);
Result<boost::json::value> verify_proof_call(const boost::json::object& request);
Result<boost::json::value> verify_fork_call(const boost::json::object& request);
Result<boost::json::value> decode_event_call(const boost::json::object& request);

}  // namespace hefu
