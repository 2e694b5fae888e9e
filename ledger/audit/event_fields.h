#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "ledger/event/event.h"

namespace hefu {

// Fields of audit events the catalogue has validated. What is absent, or of another kind, gives
// nothing: an empty text, a zero digest, the other value.

std::string text_of(const Event& event, const char* field);
Digest digest_of(const Event& event, const char* field);
EventId event_of(const Event& event, const char* field);
std::int64_t number_of(const Event& event, const char* field, std::int64_t otherwise);
std::vector<std::string> texts_of(const Event& event, const char* field);
/// Sorted, unique.
std::vector<EventId> events_of(const Event& event, const char* field);
std::vector<Digest> digests_of(const Event& event, const char* field);

}  // namespace hefu
