#pragma once

#include <optional>

#include <boost/json/object.hpp>

#include "ledger/bundle/verify.h"
#include "ledger/verdict/verdict.h"

namespace hefu {

/// Verifies the bytes of a bundle file (ledger/bundle/verify.h). A file that is not even a
/// well-formed bundle is a damaged or altered one: its verdict is bad, by a check named "file".
/// Errors: kTooLarge, kUnsupported (of another version): nothing is said about it then.
Result<BundleVerdict> judge_bundle(BytesView file, const std::optional<Charter>& trusted);

Judgement verdict_of(const BundleVerdict& bundle);

/// {"verdict", "checks": [..], "figures"}: figures where they could be recomputed, as
/// ledger/view/figures.h renders them.
boost::json::object to_json(const BundleVerdict& bundle);

}  // namespace hefu
