#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "crypto/result.h"

namespace hefu {

inline constexpr std::size_t kReportBodyBytesMax = std::size_t{1} << 20U;

enum class ReportFormat { kJson, kDocx, kXlsx, kCsv };

/// {"period", "node"?, "entries"?: {name: text}, "salt"?, "format"}: how a form is to be filled.
struct ReportRequest {
  std::string period;
  std::string node;             ///< organisation; empty: the whole programme
  boost::json::object entries;  ///< what the office wrote; what the form has is not looked at here
  std::string salt;             ///< 64 hex digits, or empty
  ReportFormat format = ReportFormat::kJson;
};

/// Reads a request's body. Errors: kTooLarge (kReportBodyBytesMax), kInvalid naming the member
/// (none of what it says is repeated: it may hold names and telephone numbers), kUnsupported (a
/// format that needs another program).
Result<ReportRequest> parse_report_request(std::string_view body);

}  // namespace hefu
