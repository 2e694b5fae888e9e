#include "api/forms/fill.h"

#include <algorithm>

#include <boost/json.hpp>

#include "api/forms/json_reads.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"

namespace hefu::forms {

namespace json = boost::json;

namespace {

constexpr std::size_t kEntriesBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kNameShownBytes = 64;

std::string count_of(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? std::to_string(value->get_int64()) : "";
}

std::string verdict_words(const std::string& verdict) {
  static const std::map<std::string, std::string> kWords{
      {"met", "已达标"}, {"not met", "未达标"}, {"not due", "未到期"}, {"n/a", "不适用"}};
  const auto found = kWords.find(verdict);
  return found == kWords.end() ? verdict : found->second;
}

/// ">=10%" as a form prints it: "≥10%".
std::string printed_target(std::string target) {
  static constexpr std::pair<std::string_view, std::string_view> kSigns[] = {
      {">=", "≥"}, {"<=", "≤"}, {"==", "="}, {"!=", "≠"}};
  for (const auto& [typed, printed] : kSigns) {
    if (target.starts_with(typed)) {
      target.replace(0, typed.size(), printed);
    }
  }
  return target;
}

/// "3.00个" as an office writes it: "3个". A fraction that is not zero stays.
std::string without_zero_fraction(std::string shown) {
  const auto point = shown.find('.');
  if (point == std::string::npos) {
    return shown;
  }
  auto end = point + 1;
  while (end < shown.size() && shown[end] == '0') {
    ++end;
  }
  const bool digit = end < shown.size() && shown[end] >= '1' && shown[end] <= '9';
  return digit || end == point + 1 ? shown : shown.erase(point, end - point);
}

/// Characters of a text, white space not counted, as an office counts them.
std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  while (const auto point = take_code_point(text)) {
    const bool space = *point == ' ' || *point == '\n' || *point == '\r' || *point == '\t' ||
                       *point == U'\u3000' || *point == U'\u00A0';
    count += space ? 0U : 1U;
  }
  return count;
}

/// "专业匹配度：目标≥90%，现85.0%（未达标；申报1/确认17/争议0；E2 17）"
std::string figure_words(const FigureLine& line) {
  std::string words = line.title + "：";
  words += line.target.empty() ? "" : "目标" + line.target + "，";
  words += "现" + (line.shown.empty() ? std::string("—") : line.shown) + "（";
  words += line.verdict.empty() ? "" : line.verdict + "；";
  words += "申报" + line.claimed + "/确认" + line.confirmed + "/争议" + line.disputed;
  return words + (line.grades.empty() ? "）" : "；" + line.grades + "）");
}

PaperCell printed(std::string text) {
  return {std::move(text), 1, 1, false, false};
}
PaperCell titled(std::string text) {
  return {std::move(text), 1, 1, true, false};
}

class Filler {
 public:
  Filler(const Form& form, const Sources& sources, Paper paper)
      : form_(form), sources_(sources), paper_(std::move(paper)) {}

  Result<Paper> run() {
    paper_.title = with_year(form_.title, paper_.period);
    paper_.source = form_.source;
    paper_.font = form_.font;
    paper_.undertaking = form_.undertaking;
    paper_.landscape = form_.landscape;
    for (const FormPart& part : form_.parts) {
      if (auto ok = add(part); !ok) {
        return ok.error();
      }
    }
    return std::move(paper_);
  }

 private:
  Result<void> add(const FormPart& part) {
    switch (part.kind) {
      case FormPart::Kind::kTitle:
        return add_text(PaperPart::Kind::kTitle, part.text);
      case FormPart::Kind::kHeading:
        return add_text(PaperPart::Kind::kHeading, part.text);
      case FormPart::Kind::kLine:
        return add_text(PaperPart::Kind::kLine, part.text);
      case FormPart::Kind::kNote:
        return add_text(PaperPart::Kind::kNote, part.text);
      case FormPart::Kind::kSeal:
        return add_text(PaperPart::Kind::kSeal, part.text);
      case FormPart::Kind::kBreak:
        return add_text(PaperPart::Kind::kBreak, "");
      case FormPart::Kind::kCells:
        return add_cells(part);
      case FormPart::Kind::kRows:
        return add_rows(part);
      case FormPart::Kind::kFigures:
        return add_figures(part);
      case FormPart::Kind::kReports:
        return add_reports();
    }
    return {};
  }

  Result<void> add_text(PaperPart::Kind kind, const std::string& text) {
    PaperPart part;
    part.kind = kind;
    part.text = with_entries(with_year(text, paper_.period));
    paper_.parts.push_back(std::move(part));
    return {};
  }

  /// "{name}" as what the office wrote, or a blank to write on.
  [[nodiscard]] std::string with_entries(std::string text) const {
    for (const FormEntry& entry : form_.entries) {
      const std::string mark = "{" + entry.name + "}";
      if (const auto at = text.find(mark); at != std::string::npos) {
        const std::string& written = entry_text(entry.name);
        text.replace(at, mark.size(), written.empty() ? "____________________" : written);
      }
    }
    return text;
  }

  [[nodiscard]] const std::string& entry_text(const std::string& name) const {
    static const std::string kNone;
    const auto found = sources_.entries.find(name);
    return found == sources_.entries.end() ? kNone : found->second;
  }

  PaperPart& new_table(std::vector<double> widths) {
    PaperPart& table = paper_.parts.emplace_back();
    table.kind = PaperPart::Kind::kTable;
    table.widths = std::move(widths);
    table.title_rows = 1;
    return table;
  }

  /// The figures meant, put down as standing behind `where`.
  Result<std::vector<FigureLine>> behind(const std::vector<FigureRef>& refs,
                                         const std::string& where) {
    std::vector<FigureLine> lines;
    for (const FigureRef& ref : refs) {
      const std::string period = ref.period_in(paper_.period);
      const auto found = sources_.figures.find({ref.indicator, period});
      if (found == sources_.figures.end()) {
        return Error{Errc::kNotFound,
                     "form " + paper_.title + ", " + where + ": the pack has no " + ref.indicator +
                         " for " + period,
                     "is the form of this version of the pack?"};
      }
      lines.push_back(found->second);
      lines.back().where = where;
      paper_.figures.push_back(lines.back());
    }
    return lines;
  }

  Result<void> add_cells(const FormPart& part) {
    PaperPart table;
    table.kind = PaperPart::Kind::kTable;
    table.widths = part.widths;
    table.title_rows = part.title_rows;
    for (const std::vector<FormCell>& row : part.cells) {
      std::vector<PaperCell>& cells = table.rows.emplace_back();
      for (const FormCell& cell : row) {
        auto made = make_cell(cell);
        if (!made) {
          return made.error();
        }
        cells.push_back(*std::move(made));
      }
    }
    paper_.parts.push_back(std::move(table));
    return {};
  }

  Result<PaperCell> make_cell(const FormCell& cell) {
    PaperCell made{with_year(cell.text, paper_.period), cell.across, cell.down, cell.title, false};
    auto lines = behind(cell.figures, cell.where);
    if (!lines) {
      return lines.error();
    }
    std::string filled = cell.entry.empty() ? std::string() : entry_text(cell.entry);
    made.written = !filled.empty();
    if (filled.empty() && !lines->empty()) {
      const FigureLine& first = lines->front();
      made.written = !first.text.empty();
      // Where a text is asked for, a dash is no answer: the hint stays.
      filled = !first.text.empty() ? first.text : made.text.starts_with("(") ? "" : first.shown;
    }
    if (!filled.empty()) {
      // A hint such as "(不超过500字)" gives way to what it asks for; a label stays before it.
      made.text = made.text.starts_with("(") ? filled : made.text + filled;
    }
    return made;
  }

  Result<void> add_rows(const FormPart& part) {
    std::vector<double> widths;
    std::vector<PaperCell> titles;
    for (const FormColumn& column : part.columns) {
      widths.push_back(column.width);
      titles.push_back(titled(with_year(column.title, paper_.period)));
    }
    std::vector<std::vector<std::string>> texts;
    for (const FormRow& row : part.rows) {
      auto lines = behind(row.figures, row.number);
      auto of_year = lines ? yearly(part, row) : Result<std::vector<FigureLine>>(lines.error());
      if (!of_year) {
        return of_year.error();
      }
      std::vector<std::string>& cells = texts.emplace_back();
      for (const FormColumn& column : part.columns) {
        cells.push_back(row_text(row, column.from, *lines, *of_year));
      }
    }
    PaperPart& table = new_table(std::move(widths));
    table.rows.push_back(std::move(titles));
    join_rows(part, texts, &table);
    return {};
  }

  /// The same figures of the whole year, for forms that print both.
  Result<std::vector<FigureLine>> yearly(const FormPart& part, const FormRow& row) {
    const bool asked = std::any_of(part.columns.begin(), part.columns.end(),
                                   [](const FormColumn& column) { return column.from == "year"; });
    std::vector<FigureRef> refs = asked ? row.figures : std::vector<FigureRef>();
    for (FigureRef& ref : refs) {
      ref.period = "{year}";
    }
    return behind(refs, row.number);
  }

  [[nodiscard]] std::string row_text(const FormRow& row, const std::string& from,
                                     const std::vector<FigureLine>& lines,
                                     const std::vector<FigureLine>& of_year) const {
    static const Filed kNothing;
    const auto found = sources_.filed.find(row.task_row);
    const Filed& filed = found == sources_.filed.end() ? kNothing : found->second;
    if (from == "result") {
      std::string text = filed.result;
      for (const FigureLine& line : lines) {
        add_line(&text, figure_words(line));
      }
      return text;
    }
    if (from == "month" || from == "year") {
      std::string text;
      for (const FigureLine& line : from == "month" ? lines : of_year) {
        add_line(&text, line.title + "：" + (line.shown.empty() ? "—" : line.shown));
      }
      return text;
    }
    return from == "number"     ? row.number
           : from == "task"     ? row.task
           : from == "content"  ? row.content
           : from == "lead"     ? row.lead
           : from == "coop"     ? row.coop
           : from == "note"     ? row.note
           : from == "measures" ? filed.measures
           : from == "due"      ? filed.due
           : from == "progress" ? filed.progress
                                : "";
  }

  /// In columns that merge, an empty cell is one with the filled cell above it.
  static void join_rows(const FormPart& part, const std::vector<std::vector<std::string>>& texts,
                        PaperPart* table) {
    for (std::size_t r = 0; r < texts.size(); ++r) {
      std::vector<PaperCell>& cells = table->rows.emplace_back();
      for (std::size_t c = 0; c < part.columns.size(); ++c) {
        const bool merges = part.columns[c].merge;
        if (merges && texts[r][c].empty() && covered(texts, r, c)) {
          continue;
        }
        PaperCell cell = printed(texts[r][c]);
        while (merges && !texts[r][c].empty() &&
               r + static_cast<std::size_t>(cell.down) < texts.size() &&
               texts[r + static_cast<std::size_t>(cell.down)][c].empty()) {
          ++cell.down;
        }
        cells.push_back(std::move(cell));
      }
    }
  }

  static bool covered(const std::vector<std::vector<std::string>>& texts, std::size_t row,
                      std::size_t column) {
    return std::any_of(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(row),
                       [&](const auto& above) { return !above[column].empty(); });
  }

  Result<void> add_figures(const FormPart& part) {
    std::vector<FigureLine> all;
    for (const FigureRef& ref : part.figures) {
      auto lines = behind({ref}, std::to_string(paper_.figures.size() + 1));
      if (!lines) {
        return lines.error();
      }
      all.push_back(lines->front());
    }
    add_figure_table(all);
    return {};
  }

 public:
  void add_figure_table(const std::vector<FigureLine>& lines) {
    PaperPart& table = new_table({6, 44, 14, 14, 10, 16, 22});
    std::vector<PaperCell>& titles = table.rows.emplace_back();
    for (const char* title :
         {"序号", "指标", "数值", "目标", "结论", "申报/确认/争议", "证据等级"}) {
      titles.push_back(titled(title));
    }
    for (const FigureLine& line : lines) {
      std::vector<PaperCell>& row = table.rows.emplace_back();
      for (const std::string& text :
           {line.where, line.title, line.text.empty() ? line.shown : line.text, line.target,
            line.verdict, line.claimed + "/" + line.confirmed + "/" + line.disputed, line.grades}) {
        row.push_back(printed(text));
      }
    }
  }
  [[nodiscard]] Paper&& take() { return std::move(paper_); }

 private:
  Result<void> add_reports() {
    PaperPart& table = new_table({6, 28, 12, 14, 14, 10, 56});
    std::vector<PaperCell>& titles = table.rows.emplace_back();
    for (const char* title :
         {"序号", "报送单位", "期间", "应报日期", "入账日期", "按期", "汇报内容"}) {
      titles.push_back(titled(title));
    }
    for (const FiledReport& report : sources_.reports) {
      std::vector<PaperCell>& row = table.rows.emplace_back();
      for (const std::string& text :
           {std::to_string(table.rows.size() - 1), report.unit, report.period, report.due,
            report.recorded, std::string(report.late ? "逾期" : "按期"), report.text}) {
        row.push_back(printed(text));
      }
    }
    if (sources_.reports.empty()) {
      table.rows.push_back({{"本期没有部门报送汇报", 7, 1, false, false}});
    }
    return {};
  }

  const Form& form_;
  const Sources& sources_;
  Paper paper_;
};

Error entry_error(const std::string& name, const std::string& what, const std::string& hint) {
  return Error{Errc::kInvalid, "entry " + name + ": " + what, hint};
}

}  // namespace

void add_line(std::string* text, const std::string& line) {
  const bool known = ("\n" + *text + "\n").find("\n" + line + "\n") != std::string::npos;
  if (!line.empty() && !known) {
    *text += (text->empty() ? "" : "\n") + line;
  }
}

FigureLine figure_line(const json::object& figure, const std::string& period) {
  FigureLine line;
  line.period = period;
  line.indicator = text_at(figure, "indicator");
  if (const json::object* title = object_at(figure, "title")) {
    line.title = text_at(*title, "zh");
  }
  line.shown = without_zero_fraction(text_at(figure, "shown"));
  if (const auto* targets = figure.if_contains("targets");
      targets != nullptr && targets->is_array()) {
    for (const json::value& item : targets->get_array()) {
      if (const json::object* target = item.if_object()) {
        line.target +=
            (line.target.empty() ? "" : "；") + printed_target(text_at(*target, "target"));
        line.verdict +=
            (line.verdict.empty() ? "" : "；") + verdict_words(text_at(*target, "verdict"));
      }
    }
  }
  if (const json::object* ladder = object_at(figure, "ladder")) {
    line.claimed = count_of(*ladder, "claimed");
    line.confirmed = count_of(*ladder, "confirmed");
    line.disputed = count_of(*ladder, "disputed");
    for (const char* grade : {"E0", "E1", "E2", "E3", "E4"}) {
      const std::string count = count_of(*ladder, grade);
      if (!count.empty() && count != "0") {
        line.grades += (line.grades.empty() ? "" : " · ") + std::string(grade) + " " + count;
      }
    }
  }
  const auto* counted = figure.if_contains("counted");
  if (!text_at(figure, "narrative").empty() && counted != nullptr && counted->is_array() &&
      !counted->get_array().empty() && counted->get_array()[0].is_string()) {
    line.record = counted->get_array()[0].get_string();
  }
  return line;
}

Result<std::map<std::string, std::string>> read_entries(const Form& form, std::string_view text) {
  auto document = parse_json(text, kEntriesBytesMax);
  if (!document) {
    return document.error().during("entries");
  }
  if (!document->is_object()) {
    return Error{Errc::kInvalid, "entries: not an object of names and texts",
                 "`hefu report entries FORM` prints one to fill in"};
  }
  return read_entries(form, document->get_object());
}

Result<std::map<std::string, std::string>> read_entries(const Form& form,
                                                        const json::object& written) {
  std::map<std::string, std::string> entries;
  for (const auto& [key, value] : written) {
    const std::string name(key);
    const FormEntry* entry = form.entry(name);
    if (entry == nullptr) {
      return entry_error(name.substr(0, kNameShownBytes), "the form has none of this name",
                         "`hefu report entries FORM` prints those it has");
    }
    if (!value.is_string()) {
      return entry_error(name, "not a text", "write it between quotation marks");
    }
    const std::size_t count = characters(std::string_view(value.get_string()));
    const std::size_t limit = entry->limit == 0 ? kEntryCharactersMax : entry->limit;
    if (count > limit) {
      return entry_error(
          name, std::to_string(count) + " characters, and the form allows " + std::to_string(limit),
          "white space is not counted; shorten the text");
    }
    entries.emplace(name, std::string(value.get_string()));
  }
  return entries;
}

std::string blank_entries(const Form& form) {
  std::string text = "{";
  for (const FormEntry& entry : form.entries) {
    text += (text.size() == 1 ? "\n  " : ",\n  ") + json::serialize(json::string(entry.name)) +
            ": \"\"";
  }
  return text + "\n}\n";
}

Result<Paper> fill(const Form& form, Sources sources, Paper paper) {
  if (paper.pack != form.pack) {
    return Error{Errc::kInvalid,
                 form.title + " is a form of " + form.pack + ", not of " + paper.pack,
                 "name that pack with --pack"};
  }
  for (const FiledReport& report : sources.reports) {
    for (const int row : report.task_rows) {
      add_line(&sources.filed[row].progress, report.text);
    }
  }
  return Filler(form, sources, std::move(paper)).run();
}

Paper fill_table(const std::vector<FigureLine>& figures, const std::string& title, Paper paper) {
  const Form none;
  const Sources nothing;
  paper.title = title + "  指标表";
  paper.source = title;
  paper.figures = figures;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    paper.figures[i].where = std::to_string(i + 1);
  }
  PaperPart heading;
  heading.kind = PaperPart::Kind::kTitle;
  heading.text = paper.title;
  paper.parts.push_back(std::move(heading));
  const std::vector<FigureLine> lines = paper.figures;
  Filler filler(none, nothing, std::move(paper));
  filler.add_figure_table(lines);
  return filler.take();
}

}  // namespace hefu::forms
