#pragma once

#include <string>
#include <vector>

#include "api/forms/form.h"
#include "api/forms/paper.h"
#include "crypto/result.h"
#include "tools/context.h"

namespace hefu {

/// A form of the program by its name, or of a file.
Result<forms::Form> open_form(const std::string& name_or_file);

/// A filled form from a file.
Result<forms::Paper> open_paper(const std::string& file);

/// Writes a paper into each file, in the format its name ends in, and says so. A file is there
/// whole or not at all. Errors: kUnsupported (the ending), kUnavailable (.pdf without LibreOffice),
/// kIo.
Result<void> write_paper(const Context& context, const forms::Paper& paper,
                         const std::vector<std::string>& files);

/// Where a reader finds the bundle: for the QR code.
Result<void> set_locator(const std::string& bundle_file, const std::string& public_url,
                         forms::Paper* paper);

}  // namespace hefu
