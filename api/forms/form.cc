#include "api/forms/form.h"

#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"

namespace hefu::forms {

namespace json = boost::json;

namespace {

constexpr std::size_t kFormBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kPartsMax = 200;
constexpr std::size_t kColumnsMax = 64;
constexpr std::size_t kRowsMax = 1'000;
constexpr std::size_t kEntriesMax = 200;
constexpr int kSpanMax = 1'000;
constexpr int kWidthMax = 120;
constexpr std::array<std::string_view, 13> kSources = {
    "number", "task", "content",  "lead",  "coop", "note", "measures",
    "result", "due",  "progress", "month", "year", "empty"};

Error refused(const std::string& what) {
  return Error{Errc::kInvalid, "form: " + what, "see api/forms/form.h for what a form says"};
}

Error too_large(const std::string& what) {
  return Error{Errc::kTooLarge, "form: " + what, ""};
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool flag(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// A whole number from `least` to `most`; `absent` if the member is not there.
Result<int> number(const json::object& object, std::string_view key, int absent, int least,
                   int most) {
  const auto* value = object.if_contains(key);
  if (value == nullptr) {
    return absent;
  }
  if (!value->is_int64() || value->get_int64() < least || value->get_int64() > most) {
    return refused(std::string(key) + " is a number from " + std::to_string(least) + " to " +
                   std::to_string(most));
  }
  return static_cast<int>(value->get_int64());
}

Result<std::vector<FigureRef>> read_figures(const json::object& object, std::string_view key) {
  std::vector<FigureRef> figures;
  const auto* value = object.if_contains(key);
  if (value == nullptr) {
    return figures;
  }
  if (!value->is_array() || value->get_array().size() > kRowsMax) {
    return refused(std::string(key) + " is a list of at most 1,000 indicators");
  }
  for (const json::value& item : value->get_array()) {
    if (!item.is_string() || item.get_string().empty()) {
      return refused(std::string(key) + ": an indicator is a text");
    }
    const std::string written(item.get_string());
    const auto at = written.find('@');
    figures.push_back(
        {written.substr(0, at), at == std::string::npos ? std::string() : written.substr(at + 1)});
  }
  return figures;
}

Result<FormColumn> read_column(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr || text(*object, "title").empty() || text(*object, "from").empty()) {
    return refused("a column needs title, width (1 to 120) and from");
  }
  const std::string from = text(*object, "from");
  const auto width = number(*object, "width", 0, 1, kWidthMax);
  if (!width || *width == 0) {
    return refused("column " + text(*object, "title") + ": width is a number from 1 to 120");
  }
  if (std::find(kSources.begin(), kSources.end(), from) == kSources.end()) {
    return refused("column " + text(*object, "title") + ": nothing is called " + from);
  }
  return FormColumn{text(*object, "title"), static_cast<double>(*width), from,
                    flag(*object, "merge")};
}

Result<FormRow> read_row(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr || text(*object, "number").empty()) {
    return refused("a row needs a number");
  }
  FormRow row{text(*object, "number"),
              text(*object, "task"),
              text(*object, "content"),
              text(*object, "lead"),
              text(*object, "coop"),
              text(*object, "note"),
              0,
              {}};
  const auto task = number(*object, "task_row", 0, 1, 10'000);
  auto figures = read_figures(*object, "indicators");
  if (!task || !figures) {
    return (task ? figures.error() : task.error()).during("row " + row.number);
  }
  row.task_row = *task;
  row.figures = *std::move(figures);
  return row;
}

Result<void> read_table(const json::object& object, FormPart* part) {
  const auto* columns = object.if_contains("columns");
  const auto* rows = object.if_contains("rows");
  if (columns == nullptr || !columns->is_array() || rows == nullptr || !rows->is_array()) {
    return refused("title, columns and rows are needed");
  }
  if (columns->get_array().size() > kColumnsMax || rows->get_array().size() > kRowsMax) {
    return too_large("more than 64 columns or 1,000 rows");
  }
  part->kind = FormPart::Kind::kRows;
  for (const json::value& one : columns->get_array()) {
    auto column = read_column(one);
    if (!column) {
      return column.error();
    }
    part->columns.push_back(*std::move(column));
  }
  for (const json::value& one : rows->get_array()) {
    auto row = read_row(one);
    if (!row) {
      return row.error();
    }
    part->rows.push_back(*std::move(row));
  }
  return {};
}

Result<FormCell> read_cell(const json::value& value) {
  FormCell cell;
  if (value.is_string()) {
    cell.text = value.get_string();
    cell.title = true;
    return cell;
  }
  const json::object* object = value.if_object();
  if (object == nullptr) {
    return refused("a cell is a text or an object");
  }
  const auto across = number(*object, "across", 1, 1, static_cast<int>(kColumnsMax));
  const auto down = number(*object, "down", 1, 1, kSpanMax);
  auto figures = read_figures(*object, "figures");
  if (!across || !down || !figures) {
    return !across ? across.error() : !down ? down.error() : figures.error();
  }
  return FormCell{text(*object, "text"),
                  text(*object, "entry"),
                  *std::move(figures),
                  text(*object, "where"),
                  *across,
                  *down,
                  flag(*object, "title")};
}

/// Whether the cells of a table fill its columns exactly, row by row. Writers rely on it.
bool is_gapless(const FormPart& part) {
  std::vector<int> covered(part.widths.size(), 0);
  for (const std::vector<FormCell>& row : part.cells) {
    std::size_t at = 0;
    for (const FormCell& cell : row) {
      while (at < covered.size() && covered[at] > 0) {
        ++at;
      }
      for (int i = 0; i < cell.across; ++i, ++at) {
        if (at >= covered.size() || covered[at] > 0) {
          return false;
        }
        covered[at] = cell.down;
      }
    }
    if (std::any_of(covered.begin(), covered.end(), [](int rows) { return rows == 0; })) {
      return false;
    }
    std::for_each(covered.begin(), covered.end(), [](int& rows) { --rows; });
  }
  return std::all_of(covered.begin(), covered.end(), [](int rows) { return rows == 0; });
}

Result<void> read_cells(const json::object& object, FormPart* part) {
  const auto* widths = object.if_contains("widths");
  const auto* rows = object.if_contains("cells");
  if (widths == nullptr || !widths->is_array() || widths->get_array().empty() ||
      !rows->is_array()) {
    return refused("a table of cells needs widths, and lists of cells");
  }
  if (widths->get_array().size() > kColumnsMax || rows->get_array().size() > kRowsMax) {
    return too_large("more than 64 columns or 1,000 rows");
  }
  part->kind = FormPart::Kind::kCells;
  for (const json::value& width : widths->get_array()) {
    if (!width.is_int64() || width.get_int64() < 1 || width.get_int64() > kWidthMax) {
      return refused("a width is a number from 1 to 120");
    }
    part->widths.push_back(static_cast<double>(width.get_int64()));
  }
  const auto titles = number(object, "title_rows", 0, 0, 10);
  if (!titles) {
    return titles.error();
  }
  part->title_rows = static_cast<std::size_t>(*titles);
  for (const json::value& row : rows->get_array()) {
    if (!row.is_array() || row.get_array().size() > kColumnsMax) {
      return refused("a row of cells is a list of at most 64");
    }
    std::vector<FormCell>& cells = part->cells.emplace_back();
    for (const json::value& one : row.get_array()) {
      auto cell = read_cell(one);
      if (!cell) {
        return cell.error().during("row " + std::to_string(part->cells.size()));
      }
      cells.push_back(*std::move(cell));
    }
  }
  return is_gapless(*part) ? Result<void>()
                           : refused("the cells of a table do not fill its columns row by row");
}

Result<FormPart> read_part(const json::value& value) {
  using Kind = FormPart::Kind;
  static constexpr std::pair<std::string_view, Kind> kTexts[] = {{"title", Kind::kTitle},
                                                                 {"heading", Kind::kHeading},
                                                                 {"line", Kind::kLine},
                                                                 {"note", Kind::kNote},
                                                                 {"seal", Kind::kSeal}};
  const json::object* object = value.if_object();
  if (object == nullptr) {
    return refused("a part is an object");
  }
  FormPart part;
  Result<void> read;
  if (object->contains("cells")) {
    read = read_cells(*object, &part);
  } else if (object->contains("columns")) {
    read = read_table(*object, &part);
  } else if (object->contains("figures")) {
    part.kind = Kind::kFigures;
    auto figures = read_figures(*object, "figures");
    if (!figures) {
      return figures.error();
    }
    part.figures = *std::move(figures);
  } else if (flag(*object, "reports")) {
    part.kind = Kind::kReports;
  } else if (flag(*object, "break")) {
    part.kind = Kind::kBreak;
  } else {
    const auto* const found =
        std::find_if(std::begin(kTexts), std::end(kTexts),
                     [&](const auto& kind) { return object->contains(kind.first); });
    if (found == std::end(kTexts)) {
      return refused(
          "a part is a title, heading, line, note, seal, break, table, figures or reports");
    }
    part.kind = found->second;
    part.text = text(*object, found->first);
  }
  return read ? Result<FormPart>(std::move(part)) : Result<FormPart>(read.error());
}

Result<void> read_entries(const json::value& value, Form* form) {
  if (!value.is_object() || value.get_object().size() > kEntriesMax) {
    return refused("entries are at most 200, each with a name");
  }
  for (const auto& [name, one] : value.get_object()) {
    const json::object* object = one.if_object();
    const auto limit = object == nullptr
                           ? Result<int>(refused("entry " + std::string(name)))
                           : number(*object, "limit", 0, 1, static_cast<int>(kEntryCharactersMax));
    if (!limit) {
      return limit.error().during("entry " + std::string(name));
    }
    form->entries.push_back({std::string(name), text(*object, "title"),
                             static_cast<std::size_t>(*limit), flag(*object, "personal")});
  }
  return {};
}

Result<void> read_parts(const json::object& object, Form* form) {
  const auto* parts = object.if_contains("parts");
  if (parts == nullptr) {
    form->parts.push_back({FormPart::Kind::kTitle, form->title, {}, 0, {}, {}, {}, {}});
    auto read = read_table(object, &form->parts.emplace_back());
    if (const std::string seal = text(object, "seal"); read && !seal.empty()) {
      form->parts.push_back({FormPart::Kind::kSeal, seal, {}, 0, {}, {}, {}, {}});
    }
    return read;
  }
  if (!parts->is_array() || parts->get_array().size() > kPartsMax) {
    return too_large("parts are a list of at most 200");
  }
  for (const json::value& one : parts->get_array()) {
    auto part = read_part(one);
    if (!part) {
      return part.error().during("part " + std::to_string(form->parts.size() + 1));
    }
    form->parts.push_back(*std::move(part));
  }
  return {};
}

/// Every cell writes into an entry there is.
Result<void> check_entries(const Form& form) {
  for (const FormPart& part : form.parts) {
    for (const std::vector<FormCell>& row : part.cells) {
      for (const FormCell& cell : row) {
        if (!cell.entry.empty() && form.entry(cell.entry) == nullptr) {
          return refused("there is no entry " + cell.entry);
        }
      }
    }
  }
  return {};
}

bool has_column(const Form& form, std::initializer_list<std::string_view> sources) {
  return std::any_of(form.parts.begin(), form.parts.end(), [&](const FormPart& part) {
    return std::any_of(part.columns.begin(), part.columns.end(), [&](const FormColumn& column) {
      return std::find(sources.begin(), sources.end(), column.from) != sources.end();
    });
  });
}

}  // namespace

std::string FigureRef::period_in(const std::string& of) const {
  return period.empty() ? of : with_year(period, of);
}

std::string with_year(std::string text, const std::string& period) {
  static constexpr std::string_view kYear = "{year}";
  for (auto at = text.find(kYear); at != std::string::npos; at = text.find(kYear, at)) {
    text.replace(at, kYear.size(), period.substr(0, 4));
  }
  return text;
}

Result<Form> Form::parse(std::string_view source) {
  auto document = parse_json(source, kFormBytesMax);
  if (!document) {
    return document.error().during("form");
  }
  const json::object* object = document->if_object();
  if (object == nullptr || hefu::forms::text(*object, "form") != "hefu/form/v1") {
    return refused("not a form of version 1");
  }
  Form form;
  form.pack = hefu::forms::text(*object, "pack");
  form.title = hefu::forms::text(*object, "title");
  form.source = hefu::forms::text(*object, "source");
  form.font = hefu::forms::text(*object, "font");
  form.undertaking = hefu::forms::text(*object, "undertaking");
  form.landscape = !object->contains("landscape") || flag(*object, "landscape");
  if (form.title.empty()) {
    return refused("title, columns and rows are needed");
  }
  if (const auto* entries = object->if_contains("entries")) {
    if (auto read = read_entries(*entries, &form); !read) {
      return read.error();
    }
  }
  auto read = read_parts(*object, &form);
  if (read) {
    read = check_entries(form);
  }
  return read ? Result<Form>(std::move(form)) : Result<Form>(read.error());
}

const FormEntry* Form::entry(std::string_view name) const {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const FormEntry& one) { return one.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

std::set<std::string> Form::periods(const std::string& period) const {
  std::set<std::string> all{period};
  const auto add = [&](const std::vector<FigureRef>& figures) {
    for (const FigureRef& figure : figures) {
      all.insert(figure.period_in(period));
    }
  };
  for (const FormPart& part : parts) {
    add(part.figures);
    for (const FormRow& row : part.rows) {
      add(row.figures);
    }
    for (const std::vector<FormCell>& row : part.cells) {
      for (const FormCell& cell : row) {
        add(cell.figures);
      }
    }
  }
  if (asks_for_year()) {
    all.insert(period.substr(0, 4));
  }
  return all;
}

bool Form::asks_for_commitments() const {
  return has_column(*this, {"measures", "result", "due"});
}

bool Form::asks_for_reports() const {
  return has_column(*this, {"progress"}) ||
         std::any_of(parts.begin(), parts.end(),
                     [](const FormPart& part) { return part.kind == FormPart::Kind::kReports; });
}

bool Form::asks_for_year() const {
  return has_column(*this, {"year"});
}

}  // namespace hefu::forms
