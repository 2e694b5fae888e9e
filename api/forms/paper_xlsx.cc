#include <algorithm>
#include <numeric>

#include <xlsxwriter.h>

#include "api/forms/paper.h"

namespace hefu::forms {

namespace {

constexpr double kLineHeight = 15.5;
constexpr double kRowHeightMax = 400;
/// Of a line that is stamped, in points.
constexpr double kSealHeight = 72;
constexpr int kPaperA4 = 9;
/// Written into every workbook in the place of the present time, so that the same paper gives the
/// same bytes: 1980-01-01, the first day a zip file can name.
constexpr time_t kDated = 315'532'800;

/// Columns of a terminal or sheet a text takes: a Chinese character two, others one.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    width += byte < 0x80 ? 1U : byte >= 0xE0 ? 2U : 0U;
  }
  return width;
}

/// Lines a text takes in a column, its own line breaks included.
std::size_t lines_in(std::string_view text, double width) {
  std::size_t lines = 0;
  while (true) {
    const auto end = text.find('\n');
    const auto line = static_cast<double>(width_of(text.substr(0, end)));
    lines += std::max<std::size_t>(
        1, static_cast<std::size_t>((line + width - 2) / std::max(1.0, width - 1)));
    if (end == std::string_view::npos) {
      return lines;
    }
    text.remove_prefix(end + 1);
  }
}

double sum_of(const std::vector<double>& widths, std::size_t from, std::size_t count) {
  return std::accumulate(widths.begin() + static_cast<std::ptrdiff_t>(from),
                         widths.begin() + static_cast<std::ptrdiff_t>(from + count), 0.0);
}

class BookWriter {
 public:
  BookWriter(const Paper& paper, lxw_workbook* book) : paper_(paper), book_(book) {}

  Result<void> write() {
    heading_ = format(16, true, false, true);
    section_ = format(12, true, false, false);
    title_ = format(11, true, true, true);
    format_set_bg_color(title_, 0xF2F2F2);
    cell_ = format(10, false, true, false);
    centred_ = format(10, false, true, true);
    small_ = format(9, false, false, false);
    seal_ = format(12, false, false, false);
    // A sheet for each table, with the texts before it; notes and stamps below it are its own. A
    // cover has a sheet for itself: who fits a sheet to the width of a page has no page breaks in
    // it.
    std::vector<const PaperPart*> together;
    const PaperPart* table = nullptr;
    for (const PaperPart& part : paper_.parts) {
      const bool below = part.kind == PaperPart::Kind::kNote || part.kind == PaperPart::Kind::kSeal;
      const bool ends = table != nullptr ? !below : part.kind == PaperPart::Kind::kBreak;
      if (ends && !together.empty()) {
        write_sheet(together, table);
        together.clear();
        table = nullptr;
      }
      if (part.kind != PaperPart::Kind::kBreak) {
        together.push_back(&part);
      }
      table = part.kind == PaperPart::Kind::kTable ? &part : table;
    }
    if (!together.empty()) {
      write_sheet(together, table);
    }
    auto evidence = write_evidence();
    if (first_ != nullptr) {
      worksheet_activate(first_);
    }
    return evidence;
  }

 private:
  lxw_format* format(double size, bool bold, bool framed, bool centred) {
    lxw_format* made = workbook_add_format(book_);
    format_set_font_name(made, "宋体");
    format_set_font_size(made, size);
    format_set_text_wrap(made);
    format_set_align(made, LXW_ALIGN_VERTICAL_CENTER);
    if (centred) {
      format_set_align(made, LXW_ALIGN_CENTER);
    }
    if (bold) {
      format_set_bold(made);
    }
    if (framed) {
      format_set_border(made, LXW_BORDER_THIN);
    }
    return made;
  }

  lxw_worksheet* add_sheet(const char* name, bool landscape, const std::vector<double>& widths) {
    lxw_worksheet* sheet = workbook_add_worksheet(book_, name);
    if (landscape) {
      worksheet_set_landscape(sheet);
    }
    worksheet_set_paper(sheet, kPaperA4);
    worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.8);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_center_horizontally(sheet);
    // A foot holds at most 255 characters; "&" begins a code there.
    std::string foot = foot_line(paper_).substr(0, 180);
    std::erase(foot, '&');
    worksheet_set_footer(sheet, ("&L&8" + foot + "&R&8第 &P 页 共 &N 页").c_str());
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const auto at = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet, at, at, widths[i], nullptr);
    }
    return sheet;
  }

  /// `table`: of these parts; none on a sheet of texts alone.
  void write_sheet(const std::vector<const PaperPart*>& parts, const PaperPart* table) {
    const std::vector<double> widths =
        table != nullptr ? table->widths : std::vector<double>{45, 45};
    const std::string name =
        table != nullptr ? "表" + std::to_string(++tables_) : "页" + std::to_string(++pages_);
    lxw_worksheet* sheet = add_sheet(name.c_str(), paper_.landscape, widths);
    row_ = 0;
    if (first_ == nullptr) {
      first_ = sheet;
    }
    for (const PaperPart* part : parts) {
      if (part->kind == PaperPart::Kind::kTable) {
        if (tables_ == 1) {
          write_line(sheet, paper_.unit + "    期间：" + paper_.period, widths, small_);
        }
        write_table(sheet, *part);
      } else if (part->kind == PaperPart::Kind::kTitle) {
        write_line(sheet, part->text, widths, heading_);
      } else {
        const bool section = part->kind == PaperPart::Kind::kHeading;
        const bool seal = part->kind == PaperPart::Kind::kSeal;
        write_line(sheet, part->text, widths, seal ? seal_ : section ? section_ : small_);
      }
    }
    if (table == nullptr) {
      return;
    }
    ++row_;
    for (const std::string& line : provenance_lines(paper_)) {
      write_line(sheet, line, widths, small_);
    }
  }

  /// The first thing the library refused to write: a text of more than 32,767 characters.
  void keep(lxw_error error) { failed_ = failed_ == LXW_NO_ERROR ? error : failed_; }

  void write_line(lxw_worksheet* sheet, const std::string& text, const std::vector<double>& widths,
                  lxw_format* look) {
    if (widths.size() > 1) {
      keep(worksheet_merge_range(sheet, row_, 0, row_, static_cast<lxw_col_t>(widths.size() - 1),
                                 text.c_str(), look));
    } else {
      keep(worksheet_write_string(sheet, row_, 0, text.c_str(), look));
    }
    const auto lines = static_cast<double>(lines_in(text, sum_of(widths, 0, widths.size())));
    const double height = look == heading_ ? 28 : look == section_ ? 22 : kLineHeight;
    worksheet_set_row(sheet, row_,
                      look == seal_ ? kSealHeight : std::min(kRowHeightMax, lines * height),
                      nullptr);
    ++row_;
  }

  /// A cell and where it stands; how many rows of the sheet its row takes, because no row of a
  /// workbook is higher than 409 points and a text may be.
  struct PlacedRow {
    std::vector<std::pair<std::size_t, const PaperCell*>> cells;
    lxw_row_t from = 0, rows = 1;
    double height = 0;  ///< of each of its rows
  };

  [[nodiscard]] static std::vector<PlacedRow> placed(const PaperPart& table, lxw_row_t from) {
    std::vector<int> covered(table.widths.size(), 0);
    std::vector<PlacedRow> all;
    for (const std::vector<PaperCell>& row : table.rows) {
      PlacedRow& made = all.emplace_back();
      std::size_t lines = 1;
      std::size_t at = 0;
      for (const PaperCell& cell : row) {
        while (at < covered.size() && covered[at] > 0) {
          ++at;
        }
        const auto across = static_cast<std::size_t>(cell.across);
        if (at + across > covered.size()) {
          break;
        }
        made.cells.emplace_back(at, &cell);
        if (cell.down == 1) {
          lines = std::max(lines, lines_in(cell.text, sum_of(table.widths, at, across)));
        }
        std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(at), across, cell.down);
        at += across;
      }
      std::for_each(covered.begin(), covered.end(), [](int& rows) { rows -= rows > 0 ? 1 : 0; });
      const double height = static_cast<double>(lines) * kLineHeight + 4;
      made.rows = static_cast<lxw_row_t>(height / kRowHeightMax) + 1;
      made.height = height / made.rows;
      made.from = from;
      from += made.rows;
    }
    return all;
  }

  void write_table(lxw_worksheet* sheet, const PaperPart& table) {
    if (table.title_rows > 0) {
      worksheet_repeat_rows(sheet, row_, row_ + static_cast<lxw_row_t>(table.title_rows) - 1);
    }
    const std::vector<bool> centred = centred_columns(table);
    const std::vector<PlacedRow> rows = placed(table, row_);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      for (const auto& [at, cell] : rows[r].cells) {
        const std::size_t last =
            std::min(rows.size(), r + static_cast<std::size_t>(cell->down)) - 1;
        write_cell(
            sheet, *cell, rows[r].from, rows[last].from + rows[last].rows - 1,
            static_cast<lxw_col_t>(at),
            r<table.title_rows, table.title_rows> 0 ? centred[at] : width_of(cell->text) <= 8);
      }
      for (lxw_row_t i = 0; i < rows[r].rows; ++i) {
        worksheet_set_row(sheet, rows[r].from + i, rows[r].height, nullptr);
      }
      row_ = rows[r].from + rows[r].rows;
    }
  }

  void write_cell(lxw_worksheet* sheet, const PaperCell& cell, lxw_row_t from, lxw_row_t to,
                  lxw_col_t at, bool heads, bool in_the_middle) {
    const bool centred = cell.title || cell.down > 1 || in_the_middle;
    lxw_format* look = heads ? title_ : centred && !cell.written ? centred_ : cell_;
    if (cell.across == 1 && from == to) {
      keep(worksheet_write_string(sheet, from, at, cell.text.c_str(), look));
    } else {
      keep(worksheet_merge_range(sheet, from, at, to, static_cast<lxw_col_t>(at + cell.across - 1),
                                 cell.text.c_str(), look));
    }
  }

  Result<void> write_evidence() {
    const PaperPart table = evidence_table(paper_);
    lxw_worksheet* sheet = add_sheet("证据 Evidence", true, table.widths);
    row_ = 0;
    write_table(sheet, table);
    ++row_;
    for (const std::string& line : provenance_lines(paper_)) {
      write_line(sheet, line, table.widths, small_);
    }
    auto code = qr_png(paper_.locator());
    if (!code) {
      return code.error();
    }
    lxw_image_options options{};
    options.x_scale = options.y_scale = 0.3;
    worksheet_insert_image_buffer_opt(sheet, row_ + 1, 0, as_bytes(*code).data(), code->size(),
                                      &options);
    if (failed_ != LXW_NO_ERROR) {
      return Error{Errc::kTooLarge, std::string("a cell of the workbook: ") + lxw_strerror(failed_),
                   "write .docx, or shorten the text"};
    }
    return {};
  }

  const Paper& paper_;
  lxw_workbook* book_;
  lxw_worksheet* first_ = nullptr;
  lxw_error failed_ = LXW_NO_ERROR;
  int tables_ = 0, pages_ = 0;
  lxw_row_t row_ = 0;
  lxw_format* heading_ = nullptr;
  lxw_format* section_ = nullptr;
  lxw_format* title_ = nullptr;
  lxw_format* cell_ = nullptr;
  lxw_format* centred_ = nullptr;
  lxw_format* small_ = nullptr;
  lxw_format* seal_ = nullptr;
};

}  // namespace

Result<void> write_xlsx(const Paper& paper, const std::string& path) {
  lxw_workbook* book = workbook_new(path.c_str());
  if (book == nullptr) {
    return Error{Errc::kIo, "cannot make the workbook " + path, ""};
  }
  lxw_doc_properties properties{};
  properties.created = kDated;
  workbook_set_properties(book, &properties);
  auto written = BookWriter(paper, book).write();
  if (const lxw_error error = workbook_close(book); error != LXW_NO_ERROR) {
    return Error{Errc::kIo, "cannot write " + path + ": " + lxw_strerror(error),
                 "is there room, and may this user write there?"};
  }
  return written;
}

}  // namespace hefu::forms
