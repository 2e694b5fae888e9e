#pragma once

#include <string_view>

#include "crypto/result.h"
#include "ledger/event/event.h"
#include "tools/http_client.h"

namespace hefu {

/// The id a person gave whole, or by its first digits (kIdDigitsMin or more), as it is shown in
/// tables; the node then says which event it is. Errors: kInvalid, kNotFound, kConflict (several
/// begin so), those of the request.
Result<EventId> full_id(HttpClient& node, std::string_view text);

}  // namespace hefu
