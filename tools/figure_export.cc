#include "tools/figure_export.h"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <vector>

#include <boost/json.hpp>
#include <unistd.h>

#include "node/files.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/sheet/form.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kFormBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kCommitmentsMax = 2'000;

/// What departments filed for one row of a plan.
struct Filed {
  std::string measures, result, due;
};

std::string count_at(const json::object& object, std::string_view key) {
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

sheet::FigureLine figure_line(const json::object& figure) {
  sheet::FigureLine line;
  line.indicator = text_at(figure, "indicator");
  if (const json::object* title = object_at(figure, "title")) {
    line.title = text_at(*title, "zh");
  }
  line.shown = text_at(figure, "shown");
  for (const json::value& item : array_at(figure, "targets")) {
    const json::object& target = item.as_object();
    line.target += (line.target.empty() ? "" : "；") + printed_target(text_at(target, "target"));
    line.verdict += (line.verdict.empty() ? "" : "；") + verdict_words(text_at(target, "verdict"));
  }
  if (const json::object* ladder = object_at(figure, "ladder")) {
    line.claimed = count_at(*ladder, "claimed");
    line.confirmed = count_at(*ladder, "confirmed");
    line.disputed = count_at(*ladder, "disputed");
    for (const char* grade : {"E0", "E1", "E2", "E3", "E4"}) {
      const std::string count = count_at(*ladder, grade);
      if (!count.empty() && count != "0") {
        line.grades += (line.grades.empty() ? "" : " · ") + std::string(grade) + " " + count;
      }
    }
  }
  return line;
}

void add_line(std::string* text, const std::string& line) {
  if (!line.empty() && text->find(line) == std::string::npos) {
    *text += (text->empty() ? "" : "\n") + line;
  }
}

/// What was filed for each task row of the programme; what was rejected or retracted is left out.
Result<std::map<int, Filed>> fetch_filed(HttpClient& node, const std::string& programme) {
  std::map<int, Filed> filed;
  std::string from;
  for (std::size_t count = 0; count < kCommitmentsMax;) {
    auto page = node.get_json(with_query(
        "/v1/records", {{"type", "target-commitment"}, {"limit", "1000"}, {"from", from}}));
    if (!page) {
      return page.error().during("asking the node for target commitments");
    }
    for (const json::value& item : array_at(page->as_object(), "records")) {
      const std::string standing = text_at(item.as_object(), "standing");
      ++count;
      if (standing == "rejected" || standing == "retracted") {
        continue;
      }
      auto record = node.get_json("/v1/records/" + text_at(item.as_object(), "id"));
      if (!record) {
        return record.error();
      }
      const json::object* event = object_at(record->as_object(), "event");
      const json::object* fields = event == nullptr ? nullptr : object_at(*event, "fields");
      const auto* row = fields == nullptr ? nullptr : fields->if_contains("task_row");
      if (row == nullptr || !row->is_int64()) {
        continue;
      }
      const auto& programmes = array_at(*event, "programmes");
      if (std::none_of(programmes.begin(), programmes.end(), [&](const json::value& one) {
            return one.is_string() && std::string_view(one.get_string()) == programme;
          })) {
        continue;
      }
      Filed& of_row = filed[static_cast<int>(row->get_int64())];
      add_line(&of_row.measures, text_at(*fields, "measures"));
      add_line(&of_row.result, text_at(*fields, "expected_result"));
      add_line(&of_row.due, text_at(*fields, "due_on"));
    }
    const auto* next = page->as_object().if_contains("next");
    if (next == nullptr || !next->is_string()) {
      break;
    }
    from = std::string(next->get_string());
  }
  return filed;
}

/// "专业匹配度 ≥90%，现 85.0%（未达标；申报1/确认17/争议0；E2 17）"
std::string figure_words(const sheet::FigureLine& line) {
  std::string words = line.title + "：";
  words += line.target.empty() ? "" : "目标" + line.target + "，";
  words += "现" + (line.shown.empty() ? std::string("—") : line.shown) + "（";
  words += line.verdict.empty() ? "" : line.verdict + "；";
  words += "申报" + line.claimed + "/确认" + line.confirmed + "/争议" + line.disputed;
  return words + (line.grades.empty() ? "）" : "；" + line.grades + "）");
}

std::string cell_text(const sheet::Form::Row& row, const std::string& from, const Filed& filed,
                      const std::vector<sheet::FigureLine>& figures) {
  if (from == "result") {
    std::string text = filed.result;
    for (const sheet::FigureLine& line : figures) {
      add_line(&text, figure_words(line));
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
                              : "";
}

std::string titled(std::string title, const std::string& period) {
  if (const auto at = title.find("{year}"); at != std::string::npos) {
    title.replace(at, 6, period.substr(0, 4));
  }
  return title;
}

Result<void> fill(HttpClient& node, const std::string& file,
                  const std::map<std::string, sheet::FigureLine>& figures, sheet::FilledForm* out) {
  auto text = read_file(file, kFormBytesMax);
  auto form = text ? sheet::Form::parse(*text) : Result<sheet::Form>(text.error());
  auto filed = form ? fetch_filed(node, form->pack) : Result<std::map<int, Filed>>(form.error());
  if (!filed) {
    return filed.error();
  }
  out->title = titled(form->title, out->period);
  out->source = form->source;
  out->columns = form->columns;
  if (!out->pack.starts_with(form->pack + "/")) {
    return Error{Errc::kInvalid, file + " is a form of " + form->pack + ", not of " + out->pack,
                 "name that pack with --pack"};
  }
  for (const sheet::Form::Row& row : form->rows) {
    std::vector<sheet::FigureLine> behind;
    for (const std::string& id : row.indicators) {
      const auto found = figures.find(id);
      if (found == figures.end()) {
        return Error{Errc::kNotFound, file + " row " + row.number + ": the pack has no " + id, ""};
      }
      behind.push_back(found->second);
      behind.back().row = row.number;
    }
    std::vector<std::string> cells;
    for (const sheet::Form::Column& column : form->columns) {
      cells.push_back(cell_text(row, column.from, (*filed)[row.task_row], behind));
    }
    out->cells.push_back(std::move(cells));
    out->figures.insert(out->figures.end(), behind.begin(), behind.end());
  }
  return {};
}

/// Without a form: one row per indicator, in the order of the pack.
void fill_table(const json::object& report, const std::vector<sheet::FigureLine>& lines,
                sheet::FilledForm* out) {
  if (const json::object* title = object_at(*object_at(report, "pack"), "title")) {
    out->title = text_at(*title, "zh") + "  指标表";
    out->source = text_at(*title, "zh");
  }
  out->columns = {{"序号", 6, "number", false}, {"指标", 48, "content", false},
                  {"数值", 14, "", false},      {"目标", 14, "", false},
                  {"结论", 10, "", false},      {"申报/确认/争议", 16, "", false},
                  {"证据等级", 24, "", false}};
  for (const sheet::FigureLine& line : lines) {
    out->figures.push_back(line);
    out->figures.back().row = std::to_string(out->figures.size());
    out->cells.push_back({out->figures.back().row, line.title, line.shown, line.target,
                          line.verdict, line.claimed + "/" + line.confirmed + "/" + line.disputed,
                          line.grades});
  }
}

}  // namespace

int run(Context& context, const FigureExport& options) {
  auto node = open_node(context);
  auto document = node ? node->get_json(with_query("/v1/figures", {{"pack", options.pack},
                                                                   {"period", options.period},
                                                                   {"node", options.unit}}))
                       : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  const json::object& figures = document->as_object();
  const json::object* pack = object_at(figures, "pack");
  if (pack == nullptr) {
    return report(context, Error{Errc::kInvalid, "the node's answer holds no figures", ""});
  }
  sheet::FilledForm form;
  form.period = options.period;
  form.unit = options.unit.empty() ? "整个项目" : options.unit;
  form.cut = text_at(figures, "cut");
  form.pack =
      text_at(*pack, "id") + "/" + text_at(*pack, "version") + "  " + text_at(*pack, "digest");
  std::vector<sheet::FigureLine> lines;
  std::map<std::string, sheet::FigureLine> by_id;
  for (const json::value& item : array_at(figures, "indicators")) {
    lines.push_back(figure_line(item.as_object()));
    by_id.emplace(lines.back().indicator, lines.back());
  }
  if (options.form.empty()) {
    fill_table(figures, lines, &form);
  } else if (auto ok = fill(*node, options.form, by_id, &form); !ok) {
    return report(context, ok.error());
  }
  const std::string beside = options.xlsx + ".part" + std::to_string(::getpid());
  auto written = sheet::write_form(form, beside);
  std::error_code failed;
  if (written) {
    std::filesystem::rename(beside, options.xlsx, failed);
  }
  if (!written || failed) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return report(
        context,
        written ? Error{Errc::kIo, "cannot write " + options.xlsx + ": " + failed.message(), ""}
                : written.error());
  }
  std::cout << options.xlsx << "  " << form.title << "  " << form.cells.size() << " rows, "
            << form.figures.size() << " figures\n";
  return kExitOk;
}

}  // namespace hefu
