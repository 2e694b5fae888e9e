#pragma once

#include <string>
#include <string_view>

#include "crypto/result.h"

namespace hefu {

/// A report of audit_report.h as one page of HTML in Chinese and English, to be read, printed on
/// A4, signed and stamped. Self-contained: no script, no reference to anything outside. Everything
/// in it comes from the report, so that both say the same. Errors: kInvalid (not such a report).
Result<std::string> audit_html(std::string_view report);

}  // namespace hefu
