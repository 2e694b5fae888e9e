#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace hefu::sheet {

/// A form of a programme document: its columns and rows as printed there, and which figures stand
/// behind each row. JSON, one file per form (deploy/forms):
///
///     {"form": "hefu/form/v1", "pack", "title", "source",
///      "columns": [{"title", "width", "from", "merge"}],
///      "rows": [{"number", "task", "content", "lead", "coop", "note", "task_row", "indicators"}]}
///
/// "{year}" in the title is the year of the period. `from` is the part of the row that fills a
/// column, or "measures", "result", "due": what departments filed for the row's task, and how far
/// it is; or "empty", where persons are named, who stay off the shared logs. `merge`: empty cells
/// are one with the cell above them.
struct Form {
  struct Column {
    std::string title;
    double width = 10;
    std::string from;
    bool merge = false;
  };
  struct Row {
    std::string number, task, content, lead, coop, note;
    int task_row = 0;                     ///< 0: none
    std::vector<std::string> indicators;  ///< ids in the pack
  };
  std::string pack;
  std::string title;
  std::string source;
  std::vector<Column> columns;
  std::vector<Row> rows;

  /// Errors: kInvalid naming the member, kTooLarge (1 MiB, 64 columns, 1,000 rows).
  static Result<Form> parse(std::string_view json);
};

/// One figure with all that it must not be without.
struct FigureLine {
  std::string row;  ///< of the form it stands behind; empty: of none
  std::string indicator, title, shown, target, verdict;
  std::string claimed, confirmed, disputed;  ///< counts of records
  std::string grades;                        ///< "E1 3 · E2 12"
};

struct FilledForm {
  std::string title, source, unit, period;
  std::string cut;   ///< digest
  std::string pack;  ///< id/version and digest
  std::vector<Form::Column> columns;
  std::vector<std::vector<std::string>> cells;  ///< by row, one text per column
  std::vector<FigureLine> figures;
};

/// Writes the form as a workbook fit to be printed: the form on the first sheet, with cut and pack
/// in the foot of every page; the figures behind it, each with its evidence, on the second. Texts
/// are never written as formulas. Errors: kIo.
Result<void> write_form(const FilledForm& form, const std::string& path);

}  // namespace hefu::sheet
