#include "api/report_request.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "crypto/digest.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kNameBytesMax = 128;
constexpr std::size_t kShownBytesMax = 64;
constexpr std::array<std::string_view, 5> kMembers{"period", "node", "entries", "salt", "format"};

Error refused(std::string_view member, const std::string& why, std::string hint) {
  return Error{Errc::kInvalid, "body." + std::string(member.substr(0, kShownBytesMax)) + ": " + why,
               std::move(hint)};
}

/// A text of at most so many bytes without control characters; "" if the member is not there.
Result<std::string> text(const json::object& body, std::string_view member) {
  const json::value* value = body.if_contains(member);
  if (value == nullptr) {
    return std::string();
  }
  const json::string* found = value->if_string();
  if (found == nullptr || found->size() > kNameBytesMax ||
      std::any_of(found->begin(), found->end(), [](char c) { return c >= 0 && c < ' '; })) {
    return refused(member, "not a text of at most 128 bytes", "send it between quotation marks");
  }
  return std::string(*found);
}

Result<ReportFormat> format_named(const std::string& name) {
  if (name == "pdf") {
    return Error{Errc::kUnsupported,
                 "body.format: a node makes no pdf, which takes an office program",
                 "ask for json, save it as FILLED.json, then "
                 "`hefu report print FILLED.json --out x.pdf`"};
  }
  constexpr std::array<std::pair<std::string_view, ReportFormat>, 4> kFormats{
      {{"json", ReportFormat::kJson},
       {"docx", ReportFormat::kDocx},
       {"xlsx", ReportFormat::kXlsx},
       {"csv", ReportFormat::kCsv}}};
  for (const auto& [known, format] : kFormats) {
    if (known == name) {
      return format;
    }
  }
  return refused("format", name.empty() ? "missing" : "no format of forms",
                 "use json, docx, xlsx or csv");
}

std::optional<Error> unknown_member(const json::object& body) {
  for (const auto& member : body) {
    const std::string_view name = member.key();
    if (std::find(kMembers.begin(), kMembers.end(), name) == kMembers.end()) {
      return refused(name, "unknown here", "it takes: period node entries salt format");
    }
  }
  return std::nullopt;
}

}  // namespace

Result<ReportRequest> parse_report_request(std::string_view body) {
  const auto value = parse_json(body, kReportBodyBytesMax);
  if (!value) {
    return value.error().during("body");
  }
  const json::object* object = value->if_object();
  if (object == nullptr) {
    return Error{Errc::kInvalid, "body: not a JSON object",
                 "for example {\"period\":\"2024\",\"format\":\"docx\"}"};
  }
  if (auto unknown = unknown_member(*object)) {
    return *std::move(unknown);
  }
  ReportRequest request;
  const std::array<std::pair<std::string_view, std::string*>, 3> texts{
      {{"period", &request.period}, {"node", &request.node}, {"salt", &request.salt}}};
  for (const auto& [member, target] : texts) {
    auto read = text(*object, member);
    if (!read) {
      return read.error();
    }
    *target = *std::move(read);
  }
  if (request.period.empty()) {
    return refused("period", "missing", "write 2024, 2024-H1, 2024-Q3, 2024-05, 2024-AY or plan");
  }
  if (!request.salt.empty() && !Digest::from_hex(request.salt)) {
    return refused("salt", "not 64 lower-case hex digits",
                   "take that of a filled form, or leave it out");
  }
  if (const json::value* entries = object->if_contains("entries")) {
    if (!entries->is_object()) {
      return refused("entries", "not an object of names and texts", "GET /v1/reports names them");
    }
    request.entries = entries->get_object();
  }
  auto name = text(*object, "format");
  auto format = name ? format_named(*name) : Result<ReportFormat>(name.error());
  if (!format) {
    return format.error();
  }
  request.format = *format;
  return request;
}

}  // namespace hefu
