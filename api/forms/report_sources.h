#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "api/forms/fill.h"
#include "crypto/entropy.h"
#include "crypto/result.h"

namespace hefu::forms {

/// What a form asks of a node. Each answers as the path of the HTTP API that stands beside it.
class SourceNode {
 public:
  virtual ~SourceNode() = default;
  /// GET /v1/figures; empty texts are absent parameters.
  virtual Result<boost::json::value> figures(const std::string& pack, const std::string& period,
                                             const std::string& node,
                                             const std::string& vintage) = 0;
  /// GET /v1/records: one page. `from`: the "next" of the page before.
  virtual Result<boost::json::value> records(const std::string& type, const std::string& from,
                                             std::size_t limit) = 0;
  virtual Result<boost::json::value> record(const std::string& id) = 0;  ///< GET /v1/records/{id}
  virtual Result<boost::json::value> members() = 0;                      ///< GET /v1/members
};

/// The figures a form is filled from, and the paper's head: federation, cut and pack of them.
struct ReportSources {
  Sources sources;
  Paper head;
  std::string pack_title;
  std::vector<FigureLine> in_order;  ///< of the form's own period, as the pack has them
};

/// Asks a node for the figures of all periods, at one cut: the frozen ones of a closed period, but
/// the present ones where periods would stand at different cuts.
/// Errors: those of the node; kUnavailable if the cut moves on with every question.
Result<ReportSources> gather_figures(SourceNode& node, const std::string& pack,
                                     const std::string& period,
                                     const std::set<std::string>& periods, const std::string& unit);

/// The reports that units filed for a programme and period (of a year: its months and quarters as
/// well), by period and unit. Errors: those of the node; kTooLarge (more than 2,000 records).
Result<std::vector<FiledReport>> filed_reports(SourceNode& node, const std::string& pack,
                                               const std::string& period);

/// What somebody wants a form to be filled for.
struct FormAnswers {
  std::string pack;                            ///< "<id>" or "<id>/<version>"; empty: the form's
  std::string period;                          ///< e.g. "2023", "2025-03"
  std::string unit;                            ///< organisation; empty: the whole programme
  std::map<std::string, std::string> entries;  ///< what the office wrote, by name
  /// Hex of 32 bytes: of an earlier paper with the same entries, which then is this one as long as
  /// its figures are the same. Empty: a new one, if one is needed.
  std::string salt;
};

/// Gathers all that a form asks for, the words of figures that are texts, what departments filed
/// for task rows and the reports of the period included, and fills it. Names and telephone numbers
/// are few enough to be guessed from a hash, so where the office wrote such the paper's root, which
/// others will see, is taken over a random number from `entropy` as well.
/// Errors: those of the node and of `fill`; kTooLarge (more than 2,000 records of a type).
Result<Paper> fill_from(SourceNode& node, const Form& form, FormAnswers answers, Entropy& entropy);

}  // namespace hefu::forms
