#pragma once

#include <cstdint>

#include <boost/json/array.hpp>

#include "ledger/bundle/verify.h"

namespace hefu {

/// What a file is worth to who reads it. Source of the exit codes: tools/context.h.
enum class Judgement : std::uint8_t {
  kGood,
  kBad,         ///< something does not hold
  kIncomplete,  ///< nothing wrong was found, but not everything could be checked
};

/// "good", "bad" or "incomplete", as printed in JSON.
const char* name(Judgement verdict);

/// "good", "bad" or "not-checked", as printed in JSON.
const char* name(BundleCheck::Outcome outcome);

/// [{"outcome", "subject", "text"}], in order.
boost::json::array to_json(const std::vector<BundleCheck>& checks);

}  // namespace hefu
