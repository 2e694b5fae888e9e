#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/bundle/verify.h"
#include "ledger/charter/charter.h"
#include "ledger/event/date.h"
#include "ledger/event/event.h"

namespace hefu {

/// An audit in one file: its report, and the whole logs it follows from.
///
///     "hefu-audit/1\n" || length of report u32be || report || bundle
///
/// report: canonical JSON of audit_report.h; bundle: the bytes of a bundle file of whole logs.
struct AuditFile {
  std::string report;
  Bytes bundle;

  [[nodiscard]] Bytes encode() const;
  /// Reads the form; verifies nothing. Errors: kUnsupported (another format), kInvalid, kTooLarge.
  static Result<AuditFile> decode(BytesView file);
};

inline constexpr std::string_view kAuditFileMagic = "hefu-audit/1\n";
/// Longest report in a file.
inline constexpr std::size_t kAuditReportBytesMax = std::size_t{64} << 20;
inline constexpr std::size_t kAuditFileBytesMax = kBundleBytesMax + kAuditReportBytesMax;

/// The report of one audit, from a bundle of whole logs alone. Checks no signature: ask
/// verify_bundle first. Errors: kNotFound (no such audit, or several begin so), those of
/// bundle_state, frozen_state and audit_report. `engagement`: its id in hex, or how it begins;
/// empty if there is one only.
Result<std::string> report_from(const Bundle& bundle, const std::string& engagement, Date as_of);

/// Verifies an audit file from public keys alone, makes the whole audit anew from the logs in it
/// (population, seed, sample, evaluation, report) and compares it byte by byte. `trusted` as for
/// verify_bundle. Every thing wrong it finds is named.
BundleVerdict verify_audit_file(const AuditFile& file, const std::optional<Charter>& trusted);

}  // namespace hefu
