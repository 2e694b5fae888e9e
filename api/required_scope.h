#pragma once

#include <optional>

#include "api/accounts/role.h"
#include "api/http.h"

namespace hefu {

/// Which scope a request needs. None: anybody may make it. Those are: whether the node is there
/// (/v1/health), signing in and out, the console's files and the OpenAPI document, which are the
/// same everywhere; logs, and what witnesses are asked, because whoever verifies a log has no
/// account at the node; and what guests send, who are known by a link or a key of their own.
/// Filling a form takes a POST, and yet changes nothing: `read`. A request that is not known here
/// needs `read` if it reads, and `administer` if it does not.
std::optional<Scope> required_scope(const HttpRequest& request);

}  // namespace hefu
