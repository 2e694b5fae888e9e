#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu audit show [ENGAGEMENT]`: the audits recorded, or how one of them stands.
struct AuditShow {
  std::string engagement, as_of;
};
int run(Context& context, const AuditShow& options);

/// `hefu audit sample ENGAGEMENT`: what was drawn, recomputed from the logs.
struct AuditSampleShow {
  std::string engagement, stratum;
  bool open = false;  ///< only items nobody tested
};
int run(Context& context, const AuditSampleShow& options);

/// `hefu audit report ENGAGEMENT`: the report as a document, as data, and with its proof.
struct AuditReportMake {
  std::string engagement, as_of, html, data, file;
};
int run(Context& context, const AuditReportMake& options);

/// `hefu audit verify FILE`: offline.
struct AuditVerify {
  std::string file, trust, html;
};
int run(Context& context, const AuditVerify& options);

}  // namespace hefu
