#include "tools/audit_read.h"

#include <iostream>
#include <optional>

#include <boost/json.hpp>

#include "ledger/assurance/audit_file.h"
#include "ledger/assurance/audit_html.h"
#include "ledger/assurance/audit_report.h"
#include "ledger/event/canonical_json.h"
#include "ledger/record/audit_types.h"
#include "node/files.h"
#include "tools/audit_ledger.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

Result<Date> read_as_of(const std::string& text) {
  if (text.empty()) {
    return system_now().date();
  }
  const auto date = Date::parse(text);
  return date ? Result<Date>(*date)
              : Result<Date>(Error{Errc::kInvalid, "--as-of " + text, "write YYYY-MM-DD"});
}

/// The report's text and the ledger it came from.
struct Reported {
  AuditLedger ledger;
  std::string report;
};

Result<Reported> make_report(const Context& context, const std::string& engagement,
                             const std::string& as_of) {
  const auto day = read_as_of(as_of);
  auto node = day ? open_node(context) : Result<HttpClient>(day.error());
  auto ledger = node ? load_audit(context, *node, engagement) : Result<AuditLedger>(node.error());
  if (!ledger) {
    return ledger.error();
  }
  auto report = report_from(ledger->bundle, ledger->engagement.hex(), *day);
  if (!report) {
    return report.error();
  }
  return Reported{std::move(*ledger), std::move(*report)};
}

std::string number_at(const json::object& in, std::string_view key) {
  const json::value* value = in.if_contains(key);
  if (value == nullptr) {
    return "—";
  }
  return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

const json::array& strata_of(const json::object& report) {
  const json::object* sampling = object_at(report, "sampling");
  static const json::array kNone;
  return sampling == nullptr ? kNone : array_at(*sampling, "strata");
}

void print_stratum(const json::object& in) {
  std::cout << text_at(in, "name") << "  " << text_at(in, "indicator") << "  "
            << text_at(in, "direction") << ", " << text_at(in, "method") << "  "
            << number_at(in, "examined") << " drawn of " << number_at(in, "left_to_chance") << ", "
            << number_at(in, "in_full") << " in full; stage " << number_at(in, "stage") << ": "
            << number_at(in, "deviations") << " deviate, " << number_at(in, "open")
            << " open: " << text_at(in, "verdict") << "\n";
  if (const json::value* limit = in.if_contains("upper_limit_hundredths")) {
    const std::int64_t hundredths = limit->as_int64();
    std::cout << "    at most " << hundredths / 100 << "." << (hundredths % 100 < 10 ? "0" : "")
              << hundredths % 100 << " % deviate\n";
  }
  if (in.if_contains("upper_misstatement") != nullptr) {
    std::cout << "    misstated: known " << number_at(in, "known_misstatement") << ", projected "
              << number_at(in, "projected_misstatement") << ", at most "
              << number_at(in, "upper_misstatement") << " of " << number_at(in, "total") << "\n";
  }
}

const char* mark_of(std::string_view outcome) {
  return outcome == "holds" ? "✓" : outcome == "broken" ? "✗" : "–";
}

void print_audit(const json::object& report) {
  const json::object& identity = *object_at(report, "identity");
  const json::object* auditor = object_at(identity, "auditor");
  std::cout << text_at(identity, "title") << "  " << text_at(report, "engagement") << "\n"
            << "auditor " << text_at(*auditor, "zh") << "  " << text_at(*auditor, "id")
            << "; level " << text_at(identity, "level") << "; " << text_at(identity, "pack") << " "
            << text_at(identity, "period") << "; as of " << text_at(report, "as_of") << "\n";
  for (const json::value& one : array_at(report, "order")) {
    const json::object& check = one.as_object();
    std::cout << mark_of(text_at(check, "outcome")) << " " << text_at(check, "rule") << ": "
              << text_at(check, "text") << "\n";
  }
  for (const json::value& one : strata_of(report)) {
    print_stratum(one.as_object());
  }
  for (const json::value& one : array_at(report, "findings")) {
    const json::object& finding = one.as_object();
    const json::object* ruling = object_at(finding, "conclusion");
    std::cout << "finding " << text_at(*object_at(finding, "act"), "event").substr(0, 16) << "…  "
              << text_at(finding, "text") << "  answers " << array_at(finding, "answers").size()
              << ", due " << text_at(finding, "answer_by")
              << (finding.at("overdue").as_bool() ? ", overdue" : "") << "; "
              << (ruling == nullptr ? "open" : text_at(*ruling, "ruling")) << "\n";
  }
  for (const json::value& one : array_at(report, "requests")) {
    const json::object& request = one.as_object();
    std::cout << "request " << text_at(*object_at(request, "act"), "event").substr(0, 16) << "…  "
              << array_at(request, "items").size() << " items, due " << text_at(request, "due_on")
              << ", answers " << array_at(request, "answers").size() << ", unanswered "
              << array_at(request, "unanswered").size() << "\n";
  }
  for (const json::value& one : array_at(report, "statements")) {
    const json::object& statement = one.as_object();
    const bool stands = statement.at("stands").as_bool();
    std::cout << "statement " << text_at(*object_at(statement, "act"), "event").substr(0, 16)
              << "…  " << text_at(statement, "opinion") << ", " << text_at(statement, "level")
              << (stands ? ": stands" : ": void, " + text_at(statement, "why_void")) << "\n";
  }
  for (const json::value& one : array_at(report, "without_effect")) {
    const json::object& problem = one.as_object();
    std::cout << "without effect: " << text_at(problem, "type") << " "
              << text_at(problem, "event").substr(0, 16) << "… of " << text_at(problem, "by")
              << ": " << text_at(problem, "reason") << " " << text_at(problem, "detail") << "\n";
  }
  const json::object& assurance = *object_at(report, "assurance");
  const json::object& words = *object_at(assurance, "words");
  std::cout << text_at(assurance, "step") << "  " << text_at(words, "zh") << "\n    "
            << text_at(words, "en") << "\n";
}

int list_audits(Context& context) {
  auto node = open_node(context);
  const auto document =
      node ? node->get_json(with_query("/v1/events", {{"type", kAuditEngagementType}}))
           : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  if (context.json) {
    print_json(*document, false);
    return kExitOk;
  }
  const json::array& rows = array_at(document->as_object(), "events");
  if (rows.empty()) {
    std::cout << "no audit is recorded\n";
  }
  for (const json::value& row : rows) {
    const json::object& event = row.as_object().at("event").as_object();
    const json::object& fields = event.at("fields").as_object();
    std::cout << text_at(row.as_object(), "id") << "\n    " << text_at(event, "occurred_on") << "  "
              << text_at(fields, "title") << "  " << text_at(fields, "pack") << " "
              << text_at(fields, "period") << "  by " << text_at(event, "issuer") << "\n";
  }
  return kExitOk;
}

void print_item(const json::object& item) {
  std::cout << "  " << number_at(item, "place") << "\t" << text_at(item, "outcome") << "\t";
  if (item.contains("traced")) {
    std::cout << text_at(item, "log") << " #" << number_at(item, "index") << " "
              << text_at(item, "type") << ": " << text_at(item, "traced") << " ("
              << text_at(item, "why") << ")";
  } else if (item.contains("in_full")) {
    std::cout << "value " << number_at(item, "value") << ", in full:";
    for (const json::value& reason : array_at(item, "in_full")) {
      std::cout << " " << reason.as_string().c_str();
    }
  } else {
    std::cout << "value " << number_at(item, "value") << ", drawn";
  }
  for (const json::value& id : array_at(item, "records")) {
    std::cout << "\n\t" << id.as_string().c_str();
  }
  std::cout << "\n";
}

Result<void> write_if(const std::string& path, std::string_view content) {
  return path.empty() ? Result<void>() : write_file_atomically(path, content, FileMode::kShared);
}

}  // namespace

int run(Context& context, const AuditShow& options) {
  if (options.engagement.empty()) {
    return list_audits(context);
  }
  const auto made = make_report(context, options.engagement, options.as_of);
  const auto document =
      made ? parse_json(made->report, kAuditReportBytesMax) : Result<json::value>(made.error());
  if (!document) {
    return report(context, document.error());
  }
  if (context.json) {
    print_json(*document, false);
  } else {
    print_audit(document->as_object());
  }
  return kExitOk;
}

int run(Context& context, const AuditSampleShow& options) {
  const auto made = make_report(context, options.engagement, "");
  const auto document =
      made ? parse_json(made->report, kAuditReportBytesMax) : Result<json::value>(made.error());
  if (!document) {
    return report(context, document.error());
  }
  const json::array& strata = strata_of(document->as_object());
  if (strata.empty()) {
    return report(context,
                  Error{Errc::kConflict, "nothing is fixed yet that a sample could be drawn with",
                        "`hefu audit show` says what is missing or broken"});
  }
  json::array shown;
  for (const json::value& one : strata) {
    json::object stratum = one.as_object();
    if (!options.stratum.empty() && text_at(stratum, "name") != options.stratum) {
      continue;
    }
    if (options.open) {
      json::array open;
      for (const json::value& item : array_at(stratum, "items")) {
        if (text_at(item.as_object(), "outcome") == "open") {
          open.push_back(item);
        }
      }
      stratum["items"] = std::move(open);
    }
    shown.push_back(std::move(stratum));
  }
  if (context.json) {
    print_json(json::object{{"strata", std::move(shown)}}, false);
    return kExitOk;
  }
  for (const json::value& one : shown) {
    print_stratum(one.as_object());
    std::cout << "    seed " << text_at(one.as_object(), "seed") << ", drawn with "
              << text_at(one.as_object(), "drawn_with") << "\n";
    for (const json::value& item : array_at(one.as_object(), "items")) {
      print_item(item.as_object());
    }
  }
  return kExitOk;
}

int run(Context& context, const AuditReportMake& options) {
  if (options.html.empty() && options.data.empty() && options.file.empty()) {
    return report(context, Error{Errc::kInvalid, "no file is named",
                                 "--html, --data or --file; several may be given"});
  }
  const auto made = make_report(context, options.engagement, options.as_of);
  const auto html = made ? audit_html(made->report) : Result<std::string>(made.error());
  if (!html) {
    return report(context, html.error());
  }
  const Bytes file = options.file.empty()
                         ? Bytes{}
                         : AuditFile{made->report, encode_bundle(made->ledger.bundle)}.encode();
  for (const auto& written : {write_if(options.html, *html), write_if(options.data, made->report),
                              write_if(options.file, as_text(file))}) {
    if (!written) {
      return report(context, written.error());
    }
  }
  const std::string digest = sha256(as_bytes(made->report)).hex();
  if (context.json) {
    print_json(json::object{{"digest", digest}}, false);
    return kExitOk;
  }
  std::cout << "report " << digest << "\n";
  if (!options.html.empty()) {
    std::cout << "  " << options.html << ": to be printed on A4, signed and stamped\n";
  }
  if (!options.data.empty()) {
    std::cout << "  " << options.data << ": the same as canonical JSON\n";
  }
  if (!options.file.empty()) {
    std::cout << "  " << options.file << ": " << file.size() / 1024
              << " KiB, the report and the whole logs it follows from\nNext: hefu audit verify "
              << options.file << " --trust CHARTER   (offline)\n";
  }
  return kExitOk;
}

int run(Context& context, const AuditVerify& options) {
  std::optional<Charter> trusted;
  if (!options.trust.empty()) {
    auto charter = read_charter(options.trust);
    if (!charter) {
      return report(context, charter.error().during(options.trust));
    }
    trusted = std::move(*charter);
  }
  const auto content = read_file(options.file, kAuditFileBytesMax);
  const auto file =
      content ? AuditFile::decode(as_bytes(*content)) : Result<AuditFile>(content.error());
  if (!file) {
    Error error = file.error();
    error.code = error.code == Errc::kInvalid ? Errc::kUnverified : error.code;
    return report(context, error.during(options.file));
  }
  const BundleVerdict verdict = verify_audit_file(*file, trusted);
  const int code = !verdict.good() ? kExitBad : verdict.complete ? kExitOk : kExitIncomplete;
  if (code != kExitBad && !options.html.empty()) {
    const auto html = audit_html(verdict.report);
    const auto written = html ? write_if(options.html, *html) : Result<void>(html.error());
    if (!written) {
      return report(context, written.error());
    }
  }
  json::array checks;
  for (const BundleCheck& check : verdict.checks) {
    const bool good = check.outcome == BundleCheck::Outcome::kGood;
    const bool bad = check.outcome == BundleCheck::Outcome::kBad;
    if (context.json) {
      checks.push_back(json::object{{"outcome", good  ? "good"
                                                : bad ? "bad"
                                                      : "not-checked"},
                                    {"subject", check.subject},
                                    {"text", check.text}});
    } else {
      std::cout << (good ? "✓ " : bad ? "✗ " : "– ") << check.subject << ": " << check.text << "\n";
    }
  }
  if (context.json) {
    print_json(json::object{{"verdict", code == kExitOk    ? "good"
                                        : code == kExitBad ? "bad"
                                                           : "incomplete"},
                            {"checks", std::move(checks)}},
               false);
    return code;
  }
  std::cout << (code == kExitOk    ? "GOOD: the report follows from what the members signed.\n"
                : code == kExitBad ? "BAD: do not rely on this report.\n"
                                   : "INCOMPLETE: the report is what the logs give, but the audit "
                                     "is not in order, or not everything could be checked.\n");
  return code;
}

}  // namespace hefu
