#include "tools/sheet/template.h"

#include <algorithm>
#include <map>

#include <xlsxwriter.h>

#include "tools/sheet/enum_words.h"
#include "tools/sheet/marked_rows.h"

namespace hefu::sheet {

namespace {

constexpr lxw_row_t kTitleRow = 0;
constexpr lxw_row_t kEnglishRow = 1;
constexpr lxw_row_t kDataRow = kTemplateDataRow - 1;
constexpr lxw_row_t kLastRow = kDataRow + kTemplateRows - 1;
constexpr std::size_t kPromptBytesMax = 240;

const char* const kFont = "宋体";

/// At most so many bytes, without a character cut in two.
std::string cut(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) {
    return text;
  }
  std::size_t end = bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end) + "…";
}

bool has_party(const FieldType& type) {
  return type.kind == FieldKind::kParty ||
         std::any_of(type.parts.begin(), type.parts.end(),
                     [](const FieldType& part) { return has_party(part); });
}

class TemplateWriter {
 public:
  TemplateWriter(const TemplateContent& content, lxw_workbook* book)
      : content_(content), book_(book), columns_(sheet_columns(*content.type)) {}

  void write() {
    make_formats();
    // A sheet's name: at most 31 characters, none of []:*?/\.
    lxw_worksheet* data = workbook_add_worksheet(book_, "填报 Data");
    lxw_worksheet* notes = workbook_add_worksheet(book_, "说明 Notes");
    write_institutions(workbook_add_worksheet(book_, kInstitutionsSheet));
    lists_ = workbook_add_worksheet(book_, "_lists");
    worksheet_hide(lists_);
    write_mark(workbook_add_worksheet(book_, kMarkSheet));
    write_notes(notes);
    write_titles(data);
    write_rules(data);
    write_rows(data);
    worksheet_activate(data);
  }

 private:
  lxw_format* format() {
    lxw_format* made = workbook_add_format(book_);
    format_set_font_name(made, kFont);
    format_set_font_size(made, 11);
    format_set_align(made, LXW_ALIGN_VERTICAL_CENTER);
    return made;
  }

  void make_formats() {
    title_ = format();
    format_set_bold(title_);
    format_set_bg_color(title_, 0xDDEBF7);
    format_set_border(title_, LXW_BORDER_THIN);
    format_set_text_wrap(title_);
    required_ = format();
    format_set_bold(required_);
    format_set_bg_color(required_, 0xFCE4D6);
    format_set_font_color(required_, 0xC00000);
    format_set_border(required_, LXW_BORDER_THIN);
    format_set_text_wrap(required_);
    english_ = format();
    format_set_italic(english_);
    format_set_font_color(english_, 0x7F7F7F);
    format_set_text_wrap(english_);
    wrapped_ = format();
    format_set_text_wrap(wrapped_);
    text_ = format();
    format_set_num_format(text_, "@");
    date_ = format();
    format_set_num_format(date_, "yyyy-mm-dd");
    whole_ = format();
    format_set_num_format(whole_, "0");
    money_ = format();
    format_set_num_format(money_, "#,##0.00");
    plain_ = format();
  }

  lxw_format* format_of(const FieldType& type) {
    switch (type.kind) {
      case FieldKind::kDate:
        return date_;
      case FieldKind::kInteger:
        return whole_;
      case FieldKind::kMoney:
        return money_;
      case FieldKind::kDecimal:
        return plain_;
      default:
        return text_;
    }
  }

  /// The same format on red.
  lxw_format* wrong(lxw_format* good) {
    lxw_format*& made = wrong_[good];
    if (made == nullptr) {
      made = format();
      format_set_num_format(made, good == date_    ? "yyyy-mm-dd"
                                  : good == whole_ ? "0"
                                  : good == money_ ? "#,##0.00"
                                  : good == text_  ? "@"
                                                   : "General");
      format_set_bg_color(made, 0xFFC7CE);
      format_set_font_color(made, 0x9C0006);
    }
    return made;
  }

  void write_institutions(lxw_worksheet* sheet) {
    const char* const titles[] = {"名称 Name", "统一社会信用代码 Credit code", "成员 Member"};
    for (lxw_col_t i = 0; i < 3; ++i) {
      worksheet_write_string(sheet, 0, i, titles[i], title_);
    }
    worksheet_set_column(sheet, 0, 0, 36, nullptr);
    worksheet_set_column(sheet, 1, 1, 26, nullptr);
    worksheet_set_column(sheet, 2, 2, 12, nullptr);
    worksheet_freeze_panes(sheet, 1, 0);
    lxw_row_t row = 1;
    for (const Institutions::Entry& entry : content_.institutions->all()) {
      worksheet_write_string(sheet, row, 0, entry.name.c_str(), text_);
      worksheet_write_string(sheet, row, 1, entry.code.c_str(), text_);
      worksheet_write_string(sheet, row, 2, entry.member ? "是 yes" : "", text_);
      ++row;
    }
    institutions_ = row - 1;
  }

  void write_mark(lxw_worksheet* sheet) {
    const std::string values[] = {kMark, content_.catalogue->name(),
                                  content_.catalogue->digest().hex(), content_.type->name};
    for (lxw_row_t i = 0; i < 4; ++i) {
      worksheet_write_string(sheet, i, 0, values[i].c_str(), text_);
    }
    worksheet_hide(sheet);
  }

  void write_notes(lxw_worksheet* sheet) {
    const char* const titles[] = {"列 Column",     "English", "字段 Field",
                                  "必填 Required", "填什么",  "What goes in"};
    const double widths[] = {24, 24, 22, 10, 64, 64};
    for (lxw_col_t i = 0; i < 6; ++i) {
      worksheet_write_string(sheet, 2, i, titles[i], title_);
      worksheet_set_column(sheet, i, i, widths[i], nullptr);
    }
    const std::string head = content_.type->title.zh + "  " + content_.type->title.en + "  (" +
                             content_.type->name + ", " + content_.catalogue->name() + ")";
    worksheet_write_string(sheet, 0, 0, head.c_str(), nullptr);
    worksheet_write_string(sheet, 1, 0, content_.type->description.c_str(), english_);
    worksheet_freeze_panes(sheet, 3, 0);
    lxw_row_t row = 3;
    for (const Column& column : columns_) {
      const Title hint = column_hint(column);
      const std::string texts[] = {column.title.zh, column.title.en,
                                   column.field,    column.required ? "必填 yes" : "",
                                   hint.zh,         hint.en};
      for (lxw_col_t i = 0; i < 6; ++i) {
        worksheet_write_string(sheet, row, i, texts[i].c_str(), wrapped_);
      }
      ++row;
    }
  }

  void write_titles(lxw_worksheet* sheet) {
    worksheet_freeze_panes(sheet, kDataRow, 0);
    worksheet_set_row(sheet, kTitleRow, 32, nullptr);
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, 9);  // A4
    worksheet_repeat_rows(sheet, kTitleRow, kEnglishRow);
    worksheet_fit_to_pages(sheet, 1, 0);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      const auto at = static_cast<lxw_col_t>(i);
      const std::string zh = column.title.zh + (column.required ? " *" : "");
      worksheet_write_string(sheet, kTitleRow, at, zh.c_str(),
                             column.required ? required_ : title_);
      worksheet_write_string(sheet, kEnglishRow, at, column.title.en.c_str(), english_);
      const Title hint = column_hint(column);
      const std::string comment = cut(hint.zh, 1500) + "\n" + cut(hint.en, 1500);
      worksheet_write_comment(sheet, kTitleRow, at, comment.c_str());
      const double width = column.type.kind == FieldKind::kDate   ? 13
                           : has_party(column.type)               ? 28
                           : column.type.kind == FieldKind::kText ? 24
                                                                  : 18;
      worksheet_set_column(sheet, at, at, width, format_of(column.type));
    }
    if (content_.checked != nullptr) {
      worksheet_write_string(sheet, kTitleRow, errors_column(), kErrorsTitle, required_);
      worksheet_set_column(sheet, errors_column(), errors_column(), 80, wrapped_);
    }
  }

  lxw_col_t errors_column() const { return static_cast<lxw_col_t>(columns_.size()); }

  /// A drop-down from a range, or a check of date or number; with the hint as prompt.
  void write_rules(lxw_worksheet* sheet) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const Column& column = columns_[i];
      const auto at = static_cast<lxw_col_t>(i);
      lxw_data_validation rule{};
      std::string title = cut(column.title.zh, 27);
      std::string prompt = cut(column_hint(column).zh, kPromptBytesMax - 4);
      std::string error = "请按提示填写 / see the prompt";
      rule.validate = LXW_VALIDATION_TYPE_ANY;
      rule.ignore_blank = LXW_VALIDATION_ON;
      rule.show_input = LXW_VALIDATION_ON;
      rule.input_title = title.data();
      rule.input_message = prompt.data();
      rule.error_message = error.data();
      rule.show_error = LXW_VALIDATION_ON;
      rule.error_type = LXW_VALIDATION_ERROR_TYPE_STOP;
      std::string formula = choices(column.type, &rule);
      rule.value_formula = formula.data();
      set_bounds(column.type.kind, &rule);
      worksheet_data_validation_range(sheet, kDataRow, at, kLastRow, at, &rule);
    }
  }

  /// The range that holds a column's choices; empty if it has none.
  std::string choices(const FieldType& type, lxw_data_validation* rule) {
    const bool party = type.kind == FieldKind::kParty && institutions_ > 0;
    if (type.kind != FieldKind::kEnum && !party) {
      return "";
    }
    rule->validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
    rule->dropdown = LXW_VALIDATION_ON;
    if (!party) {
      return "='_lists'!" + list_of(type);
    }
    // A credit code that is not in the list is right too.
    rule->error_type = LXW_VALIDATION_ERROR_TYPE_INFORMATION;
    return std::string("='") + kInstitutionsSheet + "'!$A$2:$A$" +
           std::to_string(institutions_ + 1);
  }

  static void set_bounds(FieldKind kind, lxw_data_validation* rule) {
    constexpr double kNumberMax = 1e15;
    if (kind == FieldKind::kDate) {
      rule->validate = LXW_VALIDATION_TYPE_DATE;
      rule->minimum_datetime = {1901, 1, 1, 0, 0, 0};
      rule->maximum_datetime = {2199, 12, 31, 0, 0, 0};
    } else if (kind == FieldKind::kInteger) {
      rule->validate = LXW_VALIDATION_TYPE_INTEGER;
    } else if (kind == FieldKind::kDecimal || kind == FieldKind::kMoney) {
      rule->validate = LXW_VALIDATION_TYPE_DECIMAL;
    } else {
      return;
    }
    rule->criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
    rule->minimum_number = -kNumberMax;
    rule->maximum_number = kNumberMax;
  }

  /// Writes the choices of an enum into a column of the hidden sheet, and gives their range: a list
  /// inside the rule itself may have 255 characters only.
  std::string list_of(const FieldType& type) {
    lxw_row_t row = 0;
    for (const std::string& name : type.names) {
      worksheet_write_string(lists_, row++, static_cast<lxw_col_t>(list_column_),
                             shown_word(type, name).c_str(), text_);
    }
    const std::string column = column_name(list_column_++);
    return "$" + column + "$1:$" + column + "$" + std::to_string(row);
  }

  void write_rows(lxw_worksheet* sheet) {
    lxw_row_t at = kDataRow;
    for (const MarkedRow& out : marked_rows(content_)) {
      for (const auto& [place, column] : content_.checked->columns) {
        write_cell(sheet, at, out, place, column);
      }
      if (!out.findings.empty()) {
        const std::string all = all_findings(out);
        worksheet_write_string(sheet, at, errors_column(), all.c_str(), wrapped_);
      }
      ++at;
    }
  }

  void write_cell(lxw_worksheet* sheet, lxw_row_t at, const MarkedRow& out, std::uint32_t place,
                  const Column& column) {
    const auto named = std::find_if(columns_.begin(), columns_.end(),
                                    [&](const Column& one) { return one.field == column.field; });
    const auto to = static_cast<lxw_col_t>(named - columns_.begin());
    const auto finding = out.findings.find(place);
    lxw_format* look = format_of(column.type);
    if (finding != out.findings.end()) {
      look = wrong(look);
      worksheet_write_comment(sheet, at, to, cut(finding->second, 2000).c_str());
    }
    const Cell* cell = out.row->cell(place);
    if (cell == nullptr) {
      worksheet_write_blank(sheet, at, to, look);
    } else if (const auto date = Date::parse(cell->text); cell->kind == CellKind::kDate && date) {
      lxw_datetime day{date->year(), date->month(), date->day(), 0, 0, 0};
      worksheet_write_datetime(sheet, at, to, &day, look);
    } else if (cell->kind == CellKind::kNumber) {
      worksheet_write_number(sheet, at, to, std::stod(cell->text), look);
    } else {
      worksheet_write_string(sheet, at, to, cell->text.c_str(), look);
    }
  }

  const TemplateContent& content_;
  lxw_workbook* book_;
  const std::vector<Column> columns_;
  lxw_worksheet* lists_ = nullptr;
  std::uint32_t list_column_ = 0;
  std::uint32_t institutions_ = 0;
  lxw_format* title_ = nullptr;
  lxw_format* required_ = nullptr;
  lxw_format* english_ = nullptr;
  lxw_format* wrapped_ = nullptr;
  lxw_format* text_ = nullptr;
  lxw_format* date_ = nullptr;
  lxw_format* whole_ = nullptr;
  lxw_format* money_ = nullptr;
  lxw_format* plain_ = nullptr;
  std::map<lxw_format*, lxw_format*> wrong_;
};

}  // namespace

Result<void> write_template(const TemplateContent& content, const std::string& path) {
  lxw_workbook* book = workbook_new(path.c_str());
  if (book == nullptr) {
    return Error{Errc::kIo, "cannot make the workbook " + path, ""};
  }
  TemplateWriter(content, book).write();
  if (const lxw_error error = workbook_close(book); error != LXW_NO_ERROR) {
    return Error{Errc::kIo, "cannot write " + path + ": " + lxw_strerror(error),
                 "is there room, and may this user write there?"};
  }
  return {};
}

}  // namespace hefu::sheet
