#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "api/port.h"
#include "crypto/result.h"

namespace hefu {

/// Bounds of one disclosures document.
inline constexpr std::size_t kDisclosuresBytesMax = std::size_t{4} << 20U;
inline constexpr std::size_t kDisclosuresMax = 1'000;
inline constexpr std::size_t kOpeningsMax = 64;  ///< per event; no event type has more fields
inline constexpr std::size_t kOpeningPathBytesMax = 128;
inline constexpr std::size_t kOpeningValueBytesMax = 65'535;

/// Reads [{"event":hex,"openings":[{"path","value":base64,"salt":hex}]}]. Every member is required
/// and no other allowed; an event occurs once, a path once per event. Whether a value opens its
/// commitment is for the node to check. Errors: kInvalid, kTooLarge, naming the member, as in
/// "disclosures[3].openings[0].salt".
Result<std::vector<Disclosure>> parse_disclosures(std::string_view json);

}  // namespace hefu
