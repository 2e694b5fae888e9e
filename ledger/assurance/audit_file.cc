#include "ledger/assurance/audit_file.h"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "ledger/assurance/audit_report.h"
#include "ledger/assurance/frozen.h"
#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/whole.h"
#include "ledger/event/canonical_json.h"

namespace hefu {

namespace {

namespace json = boost::json;

constexpr std::size_t kLengthBytes = 4;

Error bad_file(const std::string& reason) {
  return Error{Errc::kInvalid, "audit file: " + reason, ""};
}

const Engagement* find_audit(const LedgerState& state, const std::string& wanted,
                             std::size_t* found) {
  const Engagement* audit = nullptr;
  *found = 0;
  for (const Engagement& one : *state.audits) {
    if (one.id.hex().rfind(wanted, 0) == 0) {
      audit = &one;
      ++*found;
    }
  }
  return *found == 1 ? audit : nullptr;
}

std::string first_difference(const std::string& claimed, const std::string& computed) {
  constexpr std::size_t kBefore = 40;
  constexpr std::size_t kShown = 100;
  const auto [at, other] =
      std::mismatch(claimed.begin(), claimed.end(), computed.begin(), computed.end());
  const auto offset = static_cast<std::size_t>(at - claimed.begin());
  const std::size_t from = offset < kBefore ? 0 : offset - kBefore;
  return "claimed …" + claimed.substr(from, kShown) + "…, computed …" +
         computed.substr(std::min(from, computed.size()), kShown) + "…";
}

void add(BundleVerdict* verdict, BundleCheck::Outcome outcome, const std::string& subject,
         const std::string& text) {
  verdict->checks.push_back({outcome, subject, text});
}

/// What the rules of the audit say, for whoever reads the verdict and not the report. A file may
/// truthfully show an audit that broke one: then it holds, and the audit is not in order.
void add_order(BundleVerdict* verdict, const json::object& report) {
  for (const json::value& item : report.at("order").as_array()) {
    const json::object& check = item.as_object();
    const std::string subject = "rule " + std::string(check.at("rule").as_string());
    const bool holds = check.at("outcome") == "holds";
    verdict->complete = verdict->complete && (holds || check.at("outcome") == "caution");
    add(verdict, holds ? BundleCheck::Outcome::kGood : BundleCheck::Outcome::kUnchecked, subject,
        (holds ? "" : std::string(check.at("outcome").as_string()) + ": ") +
            std::string(check.at("text").as_string()));
  }
}

}  // namespace

Bytes AuditFile::encode() const {
  Bytes out = to_bytes(kAuditFileMagic);
  append_be(out, static_cast<std::uint32_t>(report.size()));
  append(out, as_bytes(report));
  append(out, bundle);
  return out;
}

Result<AuditFile> AuditFile::decode(BytesView file) {
  if (file.size() > kAuditFileBytesMax) {
    return Error{Errc::kTooLarge, "audit file: larger than any", ""};
  }
  if (as_text(file.first(std::min(file.size(), kAuditFileMagic.size()))) != kAuditFileMagic) {
    return Error{Errc::kUnsupported, "this is no audit file of format 1",
                 "`hefu audit report --file` writes one"};
  }
  BytesView rest = file.subspan(kAuditFileMagic.size());
  if (rest.size() < kLengthBytes) {
    return bad_file("ends in its header");
  }
  std::size_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {
    length = length << 8U | rest[i];
  }
  rest = rest.subspan(kLengthBytes);
  if (length > kAuditReportBytesMax || length > rest.size()) {
    return bad_file("its report is longer than the file");
  }
  return AuditFile{std::string(as_text(rest.first(length))), to_bytes(rest.subspan(length))};
}

Result<std::string> report_from(const Bundle& bundle, const std::string& engagement, Date as_of) {
  const auto charter = parse_charter(bundle.charter);
  const auto state = charter ? bundle_state(bundle) : Result<LedgerState>(charter.error());
  const auto logs = state ? logs_in(bundle) : Result<std::vector<LogContents>>(state.error());
  if (!logs) {
    return logs.error();
  }
  std::size_t found = 0;
  const Engagement* audit = find_audit(*state, engagement, &found);
  if (audit == nullptr) {
    return Error{Errc::kNotFound,
                 found == 0 ? "no audit " + engagement + " is recorded"
                            : std::to_string(found) + " audits are meant",
                 "`hefu audit show` lists them"};
  }
  std::optional<LedgerState> frozen;
  if (audit->cut() != nullptr) {
    auto at_cut = frozen_state(*charter, *audit->cut(), *logs);
    if (!at_cut) {
      return at_cut.error();
    }
    frozen = std::move(*at_cut);
  }
  return audit_report(
      {state->governance->charter, *state, frozen ? &*frozen : nullptr, *audit, as_of});
}

BundleVerdict verify_audit_file(const AuditFile& file, const std::optional<Charter>& trusted) {
  BundleVerdict verdict;
  const auto bundle = decode_bundle(file.bundle);
  if (!bundle) {
    add(&verdict, BundleCheck::Outcome::kBad, "logs", bundle.error().message);
    return verdict;
  }
  verdict = verify_bundle(*bundle, trusted);
  verdict.report.clear();
  if (!is_whole(*bundle)) {
    add(&verdict, BundleCheck::Outcome::kBad, "logs",
        "are not here whole, so the population of the sample cannot be made again");
  }
  const auto claimed = parse_json(file.report, kAuditReportBytesMax);
  const json::object* said = claimed ? claimed->if_object() : nullptr;
  const json::value* engagement = said == nullptr ? nullptr : said->if_contains("engagement");
  const json::value* day = said == nullptr ? nullptr : said->if_contains("as_of");
  const auto as_of = day != nullptr && day->is_string() ? Date::parse(std::string(day->as_string()))
                                                        : std::nullopt;
  if (engagement == nullptr || !engagement->is_string() || !as_of) {
    add(&verdict, BundleCheck::Outcome::kBad, "report", "names no audit or no day");
  }
  if (!verdict.good()) {
    return verdict;
  }
  auto report = report_from(*bundle, std::string(engagement->as_string()), *as_of);
  if (!report) {
    add(&verdict, BundleCheck::Outcome::kBad, "report", report.error().message);
    return verdict;
  }
  if (*report != file.report) {
    add(&verdict, BundleCheck::Outcome::kBad, "report",
        "is not what the logs give: " + first_difference(file.report, *report));
    return verdict;
  }
  add(&verdict, BundleCheck::Outcome::kGood, "report",
      "population, seed, sample, evaluation and report made anew from the logs: identical, "
      "SHA-256 " +
          sha256(as_bytes(file.report)).hex());
  add_order(&verdict, *said);
  verdict.report = std::move(*report);
  return verdict;
}

}  // namespace hefu
