#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/fwd.hpp>

#include "api/forms/form.h"
#include "api/forms/paper.h"
#include "crypto/result.h"

namespace hefu::forms {

/// What departments filed for one row of a plan.
struct Filed {
  std::string measures, result, due;
  std::string progress;  ///< what was reported of it in the period
};

/// A report that a unit filed for the period.
struct FiledReport {
  std::string unit, kind, period, due, recorded, text;
  bool late = false;
  std::vector<int> task_rows;
};

/// What a form is filled from.
struct Sources {
  std::map<std::pair<std::string, std::string>, FigureLine> figures;  ///< by indicator and period
  std::map<int, Filed> filed;                                         ///< by task row
  std::vector<FiledReport> reports;
  std::map<std::string, std::string> entries;  ///< what the office wrote, by name
};

/// One figure of a report (an "indicators" item of ledger/view/figures.h) as it is printed.
FigureLine figure_line(const boost::json::object& figure, const std::string& period);

/// Adds a line to a text that does not have it yet.
void add_line(std::string* text, const std::string& line);

/// What the office wrote: {"name": "text"}. Errors: kInvalid naming the entry: unknown to the form,
/// no text, or more characters than the document allows, with both numbers.
Result<std::map<std::string, std::string>> read_entries(const Form& form, std::string_view json);
Result<std::map<std::string, std::string>> read_entries(const Form& form,
                                                        const boost::json::object& written);

/// What an office has to write, for it to fill in: the names, with empty texts.
std::string blank_entries(const Form& form);

/// Fills the form: `paper` comes with unit, period, cut and pack. Errors: kNotFound naming the row
/// or cell and an indicator that the pack does not have.
Result<Paper> fill(const Form& form, Sources sources, Paper paper);

/// One row per figure, in the order given, under the title of the pack.
Paper fill_table(const std::vector<FigureLine>& figures, const std::string& title, Paper paper);

}  // namespace hefu::forms
