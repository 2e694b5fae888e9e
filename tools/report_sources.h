#pragma once

#include <string>

#include "api/forms/fill.h"
#include "crypto/result.h"
#include "tools/http_client.h"

namespace hefu {

/// What a form is filled from, and the paper's head: federation, cut and pack of the figures.
struct ReportSources {
  forms::Sources sources;
  forms::Paper head;
  std::string pack_title;
  std::vector<forms::FigureLine> in_order;  ///< of the form's own period, as the pack has them
};

/// Asks a node for the figures of all periods, at one cut: the frozen ones of a closed period, but
/// the present ones where periods would stand at different cuts.
/// Errors: those of the client; kUnavailable if the cut moves on with every question.
Result<ReportSources> fetch_figures(HttpClient& node, const std::string& pack,
                                    const std::string& period, const std::set<std::string>& periods,
                                    const std::string& unit);

/// Besides the figures: the words behind figures that are texts, what departments filed for task
/// rows, and the reports of the period, as far as the form asks for them.
Result<void> fetch_records(HttpClient& node, const forms::Form& form, const std::string& period,
                           forms::Sources* sources);

}  // namespace hefu
