#pragma once

#include <string_view>

namespace hefu {

/// The built-in event types, in the form of a catalogue document: what institutions say about other
/// events, agreements, logs and documents.
extern const std::string_view kProtocolTypes;

}  // namespace hefu
