#include "tools/sheet/marked_rows.h"

#include <algorithm>

#include "tools/sheet/csv.h"

namespace hefu::sheet {

namespace {

using RowFindings = std::map<std::int64_t, std::string>;

std::map<std::uint32_t, RowFindings> by_row(const CheckOutcome& checked) {
  std::map<std::uint32_t, RowFindings> rows;
  for (const Finding& finding : checked.findings) {
    if (finding.error && finding.row > checked.header) {
      std::string& text = rows[finding.row][finding.column ? *finding.column : kWholeRow];
      text += (text.empty() ? "" : "；") + finding.what.zh + " / " + finding.what.en;
    }
  }
  return rows;
}

}  // namespace

std::string all_findings(const MarkedRow& row) {
  std::string text;
  for (const auto& [column, what] : row.findings) {
    const std::string place = column == kWholeRow
                                  ? std::to_string(row.row->number)
                                  : cell_name(static_cast<std::uint32_t>(column), row.row->number);
    text += (text.empty() ? "" : "\n") + place + "：" + what;
  }
  return text;
}

std::vector<MarkedRow> marked_rows(const TemplateContent& content) {
  std::vector<MarkedRow> rows;
  if (content.checked == nullptr) {
    return rows;
  }
  const auto findings = by_row(*content.checked);
  for (const SheetRow& made : content.checked->rows) {
    const auto wrong = findings.find(made.number);
    const auto row =
        std::lower_bound(content.grid->rows.begin(), content.grid->rows.end(), made.number,
                         [](const Row& one, std::uint32_t number) { return one.number < number; });
    if (row != content.grid->rows.end() && (!content.wrong_rows_only || !made.good)) {
      rows.push_back({&*row, wrong == findings.end() ? RowFindings{} : wrong->second});
    }
  }
  return rows;
}

std::string errors_csv(const TemplateContent& content) {
  // With the mark, without which Excel takes UTF-8 for the encoding of the system.
  std::string text = "\xEF\xBB\xBF";
  for (const auto& [place, column] : content.checked->columns) {
    text += csv_cell(column.title.zh) + ",";
  }
  text += csv_cell(kErrorsTitle) + "\r\n";
  for (const MarkedRow& out : marked_rows(content)) {
    for (const auto& [place, column] : content.checked->columns) {
      const Cell* cell = out.row->cell(place);
      text += csv_cell(cell == nullptr ? "" : cell->text) + ",";
    }
    text += csv_cell(all_findings(out)) + "\r\n";
  }
  return text;
}

}  // namespace hefu::sheet
