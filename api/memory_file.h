#pragma once

#include <functional>
#include <string>

#include "crypto/result.h"

namespace hefu {

/// What `write` puts into the file at the path it is given, for libraries that write files only.
/// The file is in memory and has no name: nothing of it reaches a disk or another process.
/// Errors: those of `write`; kIo.
Result<std::string> written_to_memory(
    const std::function<Result<void>(const std::string& path)>& write);

}  // namespace hefu
