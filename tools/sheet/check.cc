#include "tools/sheet/check.h"

#include <algorithm>
#include <set>

#include "crypto/entropy.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/event_json.h"
#include "tools/sheet/cell_value.h"
#include "tools/sheet/limits.h"

namespace hefu::sheet {

namespace json = boost::json;

namespace {

/// For trial events, which are thrown away.
class NoEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), 0); }
};

const Column* column_of(const std::string& title, const CheckOptions& options,
                        const std::vector<Column>& columns) {
  const auto mapped = options.mapping.find(comparable(title));
  if (mapped == options.mapping.end()) {
    return find_column(columns, title);
  }
  const auto named = std::find_if(columns.begin(), columns.end(), [&](const Column& column) {
    return column.field == mapped->second;
  });
  return named == columns.end() ? nullptr : &*named;
}

bool left_out(const std::string& title, const CheckOptions& options) {
  const auto mapped = options.mapping.find(comparable(title));
  return (mapped != options.mapping.end() && mapped->second == "-") ||
         comparable(title) == comparable(kErrorsTitle);
}

/// The row among the first with the most titles; null if no row has any.
const Row* header_row(const Grid& grid, const CheckOptions& options,
                      const std::vector<Column>& columns) {
  const Row* best = nullptr;
  std::size_t most = 0;
  for (std::size_t i = 0; i < grid.rows.size() && i < kHeaderRowsMax; ++i) {
    std::set<const Column*> found;
    for (const Cell& cell : grid.rows[i].cells) {
      if (const Column* column = column_of(cell.text, options, columns)) {
        found.insert(column);
      }
    }
    if (found.size() > most) {
      most = found.size();
      best = &grid.rows[i];
    }
  }
  return best;
}

void map_columns(const Row& header, const CheckOptions& options, const std::vector<Column>& columns,
                 CheckOutcome* outcome) {
  std::map<std::string, std::uint32_t> taken;
  for (const Cell& cell : header.cells) {
    outcome->titles.push_back(comparable(cell.text));
    const Column* column = column_of(cell.text, options, columns);
    if (column == nullptr) {
      if (!left_out(cell.text, options)) {
        outcome->add({header.number,
                      cell.column,
                      true,
                      {"不认识的列名“" + shown(cell.text) + "”；用 --map '" + shown(cell.text) +
                           "=字段' 指明，或用 --map '" + shown(cell.text) + "=-' 略过",
                       "unknown title \"" + shown(cell.text) + "\": say what it is with --map '" +
                           shown(cell.text) + "=field', or leave it out with '=-'"}});
      }
      continue;
    }
    const auto [other, added] = taken.emplace(column->field, cell.column);
    if (!added) {
      outcome->add(
          {header.number,
           cell.column,
           true,
           {"与" + column_name(other->second) + "列重复：都是“" + column->title.zh + "”",
            "the same as column " + column_name(other->second) + ": " + column->title.en}});
      continue;
    }
    outcome->columns.emplace(cell.column, *column);
  }
  for (const Column& column : columns) {
    if (column.required && taken.find(column.field) == taken.end() &&
        !(column.of_event && column.field == "programmes")) {
      outcome->add(
          {header.number,
           std::nullopt,
           true,
           {"缺少必填列“" + column.title.zh + "”（" + column.field + "）",
            "the required column \"" + column.title.en + "\" (" + column.field + ") is missing"}});
    }
  }
}

/// Whether a row below the titles only repeats them, in another language.
bool repeats_titles(const Row& row, const CheckOutcome& outcome) {
  return std::all_of(row.cells.begin(), row.cells.end(), [&](const Cell& cell) {
    const auto column = outcome.columns.find(cell.column);
    const std::string text = comparable(cell.text);
    return column != outcome.columns.end()
               ? text == comparable(column->second.title.zh) ||
                     text == comparable(column->second.title.en) || text == column->second.field
               : text == comparable(kErrorsTitle);
  });
}

/// The field an error of the event's own rules is about; empty if it names none.
std::string field_named(const std::string& message) {
  for (const std::string_view mark : {"fields.", "personal.", "field "}) {
    const auto at = message.find(mark);
    if (at != std::string::npos) {
      const auto begin = at + mark.size();
      const auto end = message.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", begin);
      return message.substr(begin, end == std::string::npos ? end : end - begin);
    }
  }
  return "";
}

class RowReader {
 public:
  RowReader(const CheckOptions& options, const Row& header, CheckOutcome* outcome)
      : options_(options),
        header_(header),
        outcome_(*outcome),
        date_field_(date_field(*options.type)) {}

  void read(const Row& row) {
    SheetRow made;
    made.number = row.number;
    good_ = true;
    in_clear_ = Digest{};
    event_ = json::object{{"type", options_.type->name}, {"issuer", options_.issuer}};
    fields_.clear();
    personal_.clear();
    for (const auto& [place, column] : outcome_.columns) {
      read_column(row, place, column);
    }
    stray_cells(row);
    finish(row);
    made.event = event_;
    made.good = good_;
    made.in_clear = in_clear_;
    outcome_.rows.push_back(std::move(made));
  }

 private:
  void wrong(const Row& row, std::optional<std::uint32_t> column, Title what) {
    outcome_.add({row.number, column, true, std::move(what)});
    good_ = false;
  }

  void read_column(const Row& row, std::uint32_t place, const Column& column) {
    const Cell* cell = row.cell(place);
    if (cell == nullptr) {
      if (column.required) {
        wrong(row, place,
              {"“" + column.title.zh + "”必填，这里是空的",
               "\"" + column.title.en + "\" is required, this is empty"});
      }
      return;
    }
    outcome_.formulas += cell->formula && !cell->text.empty() ? 1U : 0U;
    CellValue value = read_cell(column, *cell, *options_.institutions);
    if (!value.value) {
      wrong(row, place, std::move(value.wrong));
      return;
    }
    if (column.of_event) {
      event_[column.field] = *std::move(value.value);
    } else {
      (column.personal ? personal_ : fields_)[column.field] = *std::move(value.value);
    }
  }

  /// What stands under no title would be lost without a word.
  void stray_cells(const Row& row) {
    for (const Cell& cell : row.cells) {
      if (header_.cell(cell.column) == nullptr) {
        wrong(row, cell.column,
              {"“" + shown(cell.text) + "”上方没有列名",
               "\"" + shown(cell.text) + "\" has no title above it"});
      }
    }
  }

  void finish(const Row& row) {
    if (!event_.contains("occurred_on") && fields_.contains(date_field_)) {
      event_["occurred_on"] = fields_[date_field_];
    }
    if (!event_.contains("programmes") && !options_.programmes.empty()) {
      json::array programmes;
      for (const std::string& programme : options_.programmes) {
        programmes.emplace_back(json::string(programme));
      }
      event_["programmes"] = std::move(programmes);
    }
    event_["fields"] = fields_;
    if (!personal_.empty()) {
      event_["personal"] = personal_;
    }
    if (good_ && event_.contains("occurred_on")) {
      try_event(row);
    }
  }

  /// The rules that need the whole event.
  void try_event(const Row& row) {
    const auto date = Date::parse(event_["occurred_on"].as_string());
    if (date && *date > options_.today) {
      outcome_.add({row.number,
                    place_of("occurred_on"),
                    false,
                    {"日期在今天之后", "the date is after today"}});
    }
    NoEntropy entropy;
    auto draft =
        event_from_json(event_, *options_.catalogue, Moment::end_of(options_.today), entropy);
    auto valid = draft ? validate(draft->event, *options_.catalogue) : Result<void>(draft.error());
    auto bytes = draft && valid ? encode_event(draft->event) : Result<Bytes>(Bytes{});
    if (valid && bytes) {
      in_clear_ = said_in_clear(event_to_json(draft->event, options_.catalogue).as_object());
      return;
    }
    const Error& error = valid ? bytes.error() : valid.error();
    const std::string said = error.message + (error.hint.empty() ? "" : " (" + error.hint + ")");
    wrong(row, place_of(field_named(error.message)), {"不符合目录规定：" + said, said});
  }

  std::optional<std::uint32_t> place_of(const std::string& field) const {
    const std::string wanted =
        field == "occurred_on" && options_.type->field(field) == nullptr && !has_column(field)
            ? date_field_
            : field;
    for (const auto& [place, column] : outcome_.columns) {
      if (column.field == wanted) {
        return place;
      }
    }
    return std::nullopt;
  }

  bool has_column(const std::string& field) const {
    return std::any_of(outcome_.columns.begin(), outcome_.columns.end(),
                       [&](const auto& item) { return item.second.field == field; });
  }

  const CheckOptions& options_;
  const Row& header_;
  CheckOutcome& outcome_;
  const std::string date_field_;
  json::object event_;
  json::object fields_;
  json::object personal_;
  bool good_ = true;
  Digest in_clear_;
};

void find_repeats(CheckOutcome* outcome) {
  std::map<std::string, std::uint32_t> seen;
  for (SheetRow& row : outcome->rows) {
    if (!row.good) {
      continue;
    }
    const auto [first, added] = seen.emplace(row.content(), row.number);
    if (!added) {
      row.good = false;
      const std::string number = std::to_string(first->second);
      outcome->add({row.number,
                    std::nullopt,
                    true,
                    {"与第" + number + "行完全相同；若确是两件事，用 --repeats",
                     "the same as row " + number + "; if they are two events, use --repeats"}});
    }
  }
}

}  // namespace

std::string Finding::place() const {
  return column ? cell_name(*column, row) : std::to_string(row);
}

Digest said_in_clear(const json::object& event) {
  json::object said;
  for (const char* part : {"type", "occurred_on", "programmes", "fields"}) {
    if (const auto* value = event.if_contains(part)) {
      said[part] = *value;
    }
  }
  return sha256(as_bytes(canonical_json(said)));
}

std::string SheetRow::content() const {
  return canonical_json(event);
}

void CheckOutcome::add(Finding finding) {
  errors += finding.error ? 1U : 0U;
  if (findings.size() < kFindingsMax) {
    findings.push_back(std::move(finding));
  }
}

std::size_t CheckOutcome::good_rows() const {
  return titles_good ? static_cast<std::size_t>(std::count_if(
                           rows.begin(), rows.end(), [](const SheetRow& row) { return row.good; }))
                     : 0;
}

CheckOutcome check_sheet(const Grid& grid, const CheckOptions& options) {
  CheckOutcome outcome;
  const std::vector<Column> columns = sheet_columns(*options.type);
  const Row* header = header_row(grid, options, columns);
  if (header == nullptr) {
    Title all;
    for (const Column& column : columns) {
      if (column.required) {
        all.zh += (all.zh.empty() ? "" : "、") + column.title.zh;
        all.en += (all.en.empty() ? "" : ", ") + column.title.en;
      }
    }
    outcome.add({1,
                 std::nullopt,
                 true,
                 {"前20行里没有找到列名。必填列：" + all.zh,
                  "no titles among the first 20 rows. Required columns: " + all.en}});
    return outcome;
  }
  outcome.header = header->number;
  map_columns(*header, options, columns, &outcome);
  outcome.titles_good = outcome.errors == 0;
  RowReader reader(options, *header, &outcome);
  for (const Row& row : grid.rows) {
    if (row.number > header->number && !repeats_titles(row, outcome)) {
      reader.read(row);
    }
  }
  if (!options.repeats) {
    find_repeats(&outcome);
  }
  std::stable_sort(outcome.findings.begin(), outcome.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.row < b.row; });
  return outcome;
}

}  // namespace hefu::sheet
