#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace hefu::forms {

/// A figure a form asks for: an indicator of its pack and a period. Written "id" (the period the
/// form is filled for), "id@{year}" (the year of that period) or "id@2022".
struct FigureRef {
  std::string indicator;
  std::string period;  ///< as written; empty: the form's
  /// The period meant in a form that is filled for `of`.
  [[nodiscard]] std::string period_in(const std::string& of) const;
  bool operator==(const FigureRef&) const = default;
};

/// One cell of a table as printed. Cells that a cell above covers are left out, as in HTML.
struct FormCell {
  std::string text;                ///< printed as it is; "{year}" is the year of the period
  std::string entry;               ///< name of what the office writes here; printed after `text`
  std::vector<FigureRef> figures;  ///< the first is printed, the others stand with its evidence
  std::string where;               ///< how the evidence names this cell
  int across = 1, down = 1;
  bool title = false;  ///< printed by the document, not filled
};

/// What the office writes itself: names, dates, texts. Source of the limits: the documents.
struct FormEntry {
  std::string name;
  std::string title;
  std::size_t limit = 0;  ///< most characters, white space not counted; 0: kEntryCharactersMax
  bool personal = false;  ///< a name or telephone number: never on a shared log
};

/// A row of a plan, and the figures behind it.
struct FormRow {
  std::string number, task, content, lead, coop, note;
  int task_row = 0;  ///< 0: none
  std::vector<FigureRef> figures;
};

struct FormColumn {
  std::string title;
  double width = 10;  ///< in characters
  std::string from;   ///< form.cc lists what fills a column
  bool merge = false;
};

struct FormPart {
  enum class Kind {
    kTitle,    ///< the document's title, large
    kHeading,  ///< of a section
    kLine,     ///< a paragraph; {name} stands for an entry
    kNote,     ///< a footnote, small
    kSeal,     ///< a line as kLine, with room around it for a stamp and a signature
    kBreak,    ///< a new page
    kCells,    ///< a table cell by cell
    kRows,     ///< a table of columns and rows
    kFigures,  ///< a table with a row for each figure
    kReports,  ///< the reports that units filed for the period, and which are late
  };
  Kind kind = Kind::kLine;
  std::string text;
  std::vector<double> widths;                ///< kCells
  std::size_t title_rows = 0;                ///< kCells: repeated on every page
  std::vector<std::vector<FormCell>> cells;  ///< kCells
  std::vector<FormColumn> columns;           ///< kRows
  std::vector<FormRow> rows;                 ///< kRows
  std::vector<FigureRef> figures;            ///< kFigures
};

/// A form of a programme document: its columns and rows as printed there, and which figures stand
/// behind each. JSON, one file per form (deploy/forms):
///
///     {"form": "hefu/form/v1", "pack", "title", "source", "landscape", "font", "undertaking",
///      "entries": {name: {"title", "limit", "personal"}},
///      "parts": [{"title"} | {"heading"} | {"line"} | {"note"} | {"seal"} | {"break": true} |
///                {"widths": […], "title_rows", "cells": [[text or {"text", "title", "entry",
///                 "figures", "where", "across", "down"}]]} |
///                {"columns": […], "rows": […]} | {"figures": […]} | {"reports": true}]}
///
/// A form that is one table has "columns" and "rows" in the place of "parts", and a line to stamp
/// below it, if it needs one:
///
///     "seal", "columns": [{"title", "width", "from", "merge"}],
///     "rows": [{"number", "task", "content", "lead", "coop", "note", "task_row", "indicators"}]
///
/// `from` is the part of the row that fills a column; or "measures", "result", "due": what
/// departments filed for the row's task, and how far it is; "progress": what they reported of it in
/// the period; "month", "year": its figures of the period and of its year; or "empty", where
/// persons are named, who stay off the shared logs. `merge`: empty cells are one with the cell
/// above them.
struct Form {
  std::string pack;
  std::string title;
  std::string source;
  std::string font;         ///< of what the office writes; empty: the usual one
  std::string undertaking;  ///< what is signed over the filled form; empty: nothing is
  bool landscape = true;
  std::vector<FormEntry> entries;
  std::vector<FormPart> parts;

  /// Errors: kInvalid naming the member, kTooLarge (1 MiB, 200 parts, 64 columns, 1,000 rows,
  /// 200 entries).
  static Result<Form> parse(std::string_view json);
  [[nodiscard]] const FormEntry* entry(std::string_view name) const;
  /// The periods of all its figures, if it is filled for `period`, that one included.
  [[nodiscard]] std::set<std::string> periods(const std::string& period) const;
  /// Whether it prints what units filed for task rows, and their reports.
  [[nodiscard]] bool asks_for_commitments() const;
  [[nodiscard]] bool asks_for_reports() const;
  /// Whether it prints figures of the period beside those of its year: a month or quarter is meant.
  [[nodiscard]] bool asks_for_year() const;
};

/// Longest text the office may write into one entry without a limit of the document, in characters.
inline constexpr std::size_t kEntryCharactersMax = 2'000;

/// "{year}" in a text as the year of a period.
std::string with_year(std::string text, const std::string& period);

}  // namespace hefu::forms
