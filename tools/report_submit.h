#pragma once

#include <string>

#include "api/forms/paper.h"
#include "tools/context.h"
#include "tools/http_client.h"

namespace hefu {

/// `hefu report submit FILLED.json`: records that the institution hands this filled form in. A form
/// with an undertaking becomes an `application-submission` with the form's root and the
/// undertaking, any other a `progress-report` with its figures, each bound to the cut. What the
/// office wrote stays off the log.
struct ReportSubmit {
  std::string filled;
  std::string to;        ///< credit code of whoever receives it: it countersigns the receipt
  std::string deadline;  ///< YYYY-MM-DD, set by the receiver
  std::string role;      ///< key to sign with; empty: the seal for an application, else registrar
  // Of an application.
  std::string undertaking;  ///< file of `hefu report undertake`
  std::string kind = "consortium-recommendation";
  std::string round;  ///< empty: the form's period
  bool no_violation = false;
  // Of a report.
  std::string text;      ///< empty: the form's title
  std::string reporter;  ///< empty: the institution itself
  bool dry_run = false;  ///< print the event, sign nothing
};
int run(Context& context, const ReportSubmit& options);

/// `hefu report filings`: the reports that units filed for a programme and period, and which are
/// late.
struct ReportFilings {
  std::string pack, period;
};
int run(Context& context, const ReportFilings& options);

/// How a filled form was handed in, by the record of it.
struct Filing {
  std::string by;        ///< credit code
  std::string recorded;  ///< day at which witnesses saw it; empty: none has yet
  std::string deadline;
  bool late = false;  ///< recorded after the deadline, or not yet
};
/// Errors: those of the node; kUnverified if the record is of another form, or was taken back.
Result<Filing> filing_of(HttpClient& node, const std::string& record, const forms::Paper& paper);

}  // namespace hefu
