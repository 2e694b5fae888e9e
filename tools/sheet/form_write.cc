#include <algorithm>

#include <xlsxwriter.h>

#include "tools/sheet/form.h"

namespace hefu::sheet {

namespace {

constexpr double kLineHeight = 15.5;
constexpr double kRowHeightMax = 400;
constexpr int kPaperA4 = 9;

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
    lines += std::max<std::size_t>(1, static_cast<std::size_t>((line + width - 2) / (width - 1)));
    if (end == std::string_view::npos) {
      return lines;
    }
    text.remove_prefix(end + 1);
  }
}

class FormWriter {
 public:
  FormWriter(const FilledForm& form, lxw_workbook* book) : form_(form), book_(book) {}

  void write() {
    heading_ = format(16, true, false);
    format_set_align(heading_, LXW_ALIGN_CENTER);
    title_ = format(11, true, true);
    format_set_align(title_, LXW_ALIGN_CENTER);
    format_set_bg_color(title_, 0xF2F2F2);
    cell_ = format(10, false, true);
    centred_ = format(10, false, true);
    format_set_align(centred_, LXW_ALIGN_CENTER);
    small_ = format(9, false, false);
    lxw_worksheet* sheet = workbook_add_worksheet(book_, "表 Form");
    write_form_sheet(sheet);
    write_figures(workbook_add_worksheet(book_, "证据 Evidence"));
    worksheet_activate(sheet);
  }

 private:
  lxw_format* format(double size, bool bold, bool framed) {
    lxw_format* made = workbook_add_format(book_);
    format_set_font_name(made, "宋体");
    format_set_font_size(made, size);
    format_set_text_wrap(made);
    format_set_align(made, LXW_ALIGN_VERTICAL_CENTER);
    if (bold) {
      format_set_bold(made);
    }
    if (framed) {
      format_set_border(made, LXW_BORDER_THIN);
    }
    return made;
  }

  /// One page wide on A4 across, titles on every page, cut and pack at the foot of each.
  void set_page(lxw_worksheet* sheet, lxw_row_t titles_from, lxw_row_t titles_to) {
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, kPaperA4);
    worksheet_set_margins(sheet, 0.5, 0.5, 0.6, 0.8);
    worksheet_fit_to_pages(sheet, 1, 0);
    worksheet_repeat_rows(sheet, titles_from, titles_to);
    worksheet_center_horizontally(sheet);
    // A foot holds at most 255 characters.
    const std::string foot = "&L&8截面 " + form_.cut.substr(0, 24) + "…  方案包 " +
                             form_.pack.substr(0, 60) + "…&R&8第 &P 页 共 &N 页";
    worksheet_set_footer(sheet, foot.c_str());
  }

  [[nodiscard]] lxw_col_t last_column() const {
    return static_cast<lxw_col_t>(std::max<std::size_t>(form_.columns.size(), 2) - 1);
  }

  void write_form_sheet(lxw_worksheet* sheet) {
    set_page(sheet, 2, 2);
    for (std::size_t i = 0; i < form_.columns.size(); ++i) {
      const auto at = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet, at, at, form_.columns[i].width, nullptr);
      worksheet_write_string(sheet, 2, at, form_.columns[i].title.c_str(), title_);
    }
    worksheet_merge_range(sheet, 0, 0, 0, last_column(), form_.title.c_str(), heading_);
    worksheet_set_row(sheet, 0, 30, nullptr);
    worksheet_set_row(sheet, 2, 32, nullptr);
    const std::string below = form_.unit + "    期间：" + form_.period;
    worksheet_merge_range(sheet, 1, 0, 1, last_column(), below.c_str(), small_);
    for (std::size_t r = 0; r < form_.cells.size(); ++r) {
      write_row(sheet, r);
    }
    write_foot(sheet, static_cast<lxw_row_t>(form_.cells.size()) + 3);
  }

  void write_row(lxw_worksheet* sheet, std::size_t r) {
    const auto row = static_cast<lxw_row_t>(r) + 3;
    std::size_t lines = 1;
    for (std::size_t c = 0; c < form_.columns.size(); ++c) {
      const auto at = static_cast<lxw_col_t>(c);
      const std::string& text = form_.cells[r][c];
      lxw_format* look = width_of(text) <= 8 || form_.columns[c].merge ? centred_ : cell_;
      const std::size_t below = form_.columns[c].merge ? joined(r, c) : 0;
      if (below == 0) {
        if (!(form_.columns[c].merge && r > 0 && text.empty() && covered(r, c))) {
          worksheet_write_string(sheet, row, at, text.c_str(), look);
        }
        lines = std::max(lines, lines_in(text, form_.columns[c].width));
      } else {
        worksheet_merge_range(sheet, row, at, row + static_cast<lxw_row_t>(below), at, text.c_str(),
                              look);
      }
    }
    worksheet_set_row(
        sheet, row, std::min(kRowHeightMax, static_cast<double>(lines) * kLineHeight + 4), nullptr);
  }

  /// How many empty cells below a filled one belong to it.
  [[nodiscard]] std::size_t joined(std::size_t r, std::size_t c) const {
    if (form_.cells[r][c].empty()) {
      return 0;
    }
    std::size_t below = 0;
    while (r + below + 1 < form_.cells.size() && form_.cells[r + below + 1][c].empty()) {
      ++below;
    }
    return below;
  }

  /// Whether an empty cell belongs to a filled one above it.
  [[nodiscard]] bool covered(std::size_t r, std::size_t c) const {
    while (r > 0 && form_.cells[r][c].empty()) {
      --r;
    }
    return !form_.cells[r][c].empty();
  }

  void write_foot(lxw_worksheet* sheet, lxw_row_t row) {
    const std::string lines[] = {"依据：" + form_.source, "数据截面：" + form_.cut,
                                 "指标方案包：" + form_.pack,
                                 "每项指标的申报、确认、争议数和证据等级见“证据 Evidence”页；hefu "
                                 "bundle verify 可离线验证。"};
    for (const std::string& line : lines) {
      worksheet_merge_range(sheet, row, 0, row, last_column(), line.c_str(), small_);
      worksheet_set_row(sheet, row, kLineHeight, nullptr);
      ++row;
    }
  }

  void write_figures(lxw_worksheet* sheet) {
    set_page(sheet, 0, 0);
    const char* const titles[] = {"表中行", "指标", "名称", "数值", "目标",
                                  "结论",   "申报", "确认", "争议", "证据等级"};
    const double widths[] = {8, 26, 44, 14, 14, 12, 8, 8, 8, 26};
    constexpr lxw_col_t kColumns = 10;
    for (lxw_col_t i = 0; i < kColumns; ++i) {
      worksheet_write_string(sheet, 0, i, titles[i], title_);
      worksheet_set_column(sheet, i, i, widths[i], nullptr);
    }
    worksheet_freeze_panes(sheet, 1, 0);
    lxw_row_t row = 1;
    for (const FigureLine& line : form_.figures) {
      const std::string* const texts[] = {
          &line.row,     &line.indicator, &line.title,     &line.shown,    &line.target,
          &line.verdict, &line.claimed,   &line.confirmed, &line.disputed, &line.grades};
      for (lxw_col_t i = 0; i < kColumns; ++i) {
        worksheet_write_string(sheet, row, i, texts[i]->c_str(), cell_);
      }
      ++row;
    }
    worksheet_write_string(sheet, row + 1, 0, ("数据截面：" + form_.cut).c_str(), nullptr);
    worksheet_write_string(sheet, row + 2, 0, ("指标方案包：" + form_.pack).c_str(), nullptr);
  }

  const FilledForm& form_;
  lxw_workbook* book_;
  lxw_format* heading_ = nullptr;
  lxw_format* title_ = nullptr;
  lxw_format* cell_ = nullptr;
  lxw_format* centred_ = nullptr;
  lxw_format* small_ = nullptr;
};

}  // namespace

Result<void> write_form(const FilledForm& form, const std::string& path) {
  lxw_workbook* book = workbook_new(path.c_str());
  if (book == nullptr) {
    return Error{Errc::kIo, "cannot make the workbook " + path, ""};
  }
  FormWriter(form, book).write();
  if (const lxw_error error = workbook_close(book); error != LXW_NO_ERROR) {
    return Error{Errc::kIo, "cannot write " + path + ": " + lxw_strerror(error),
                 "is there room, and may this user write there?"};
  }
  return {};
}

}  // namespace hefu::sheet
