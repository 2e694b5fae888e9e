#include "tools/sheet/form.h"

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"

namespace hefu::sheet {

namespace json = boost::json;

namespace {

constexpr std::size_t kFormBytesMax = std::size_t{1} << 20U;
constexpr std::size_t kFormColumnsMax = 64;
constexpr std::size_t kFormRowsMax = 1'000;
constexpr double kWidthMax = 120;

Error refused(const std::string& what) {
  return Error{Errc::kInvalid, "form: " + what, "see tools/sheet/form.h for what a form says"};
}

std::string text(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Result<Form::Column> read_column(const json::value& value) {
  const json::object* object = value.if_object();
  const auto* width = object == nullptr ? nullptr : object->if_contains("width");
  if (object == nullptr || text(*object, "title").empty() || text(*object, "from").empty() ||
      width == nullptr || !width->is_int64() || width->get_int64() < 1 ||
      static_cast<double>(width->get_int64()) > kWidthMax) {
    return refused("a column needs title, width (1 to 120) and from");
  }
  const auto* merge = object->if_contains("merge");
  return Form::Column{text(*object, "title"), static_cast<double>(width->get_int64()),
                      text(*object, "from"),
                      merge != nullptr && merge->is_bool() && merge->get_bool()};
}

Result<Form::Row> read_row(const json::value& value) {
  const json::object* object = value.if_object();
  if (object == nullptr || text(*object, "number").empty()) {
    return refused("a row needs a number");
  }
  Form::Row row{text(*object, "number"),
                text(*object, "task"),
                text(*object, "content"),
                text(*object, "lead"),
                text(*object, "coop"),
                text(*object, "note"),
                0,
                {}};
  if (const auto* task = object->if_contains("task_row")) {
    if (!task->is_int64() || task->get_int64() < 1 || task->get_int64() > 10'000) {
      return refused("row " + row.number + ": task_row is a number from 1");
    }
    row.task_row = static_cast<int>(task->get_int64());
  }
  if (const auto* indicators = object->if_contains("indicators")) {
    if (!indicators->is_array()) {
      return refused("row " + row.number + ": indicators is a list");
    }
    for (const json::value& id : indicators->get_array()) {
      if (!id.is_string()) {
        return refused("row " + row.number + ": an indicator is a text");
      }
      row.indicators.emplace_back(id.get_string());
    }
  }
  return row;
}

}  // namespace

Result<Form> Form::parse(std::string_view source) {
  auto document = parse_json(source, kFormBytesMax);
  if (!document) {
    return document.error().during("form");
  }
  const json::object* object = document->if_object();
  if (object == nullptr || text(*object, "form") != "hefu/form/v1") {
    return refused("not a form of version 1");
  }
  Form form;
  form.pack = text(*object, "pack");
  form.title = text(*object, "title");
  form.source = text(*object, "source");
  const auto* columns = object->if_contains("columns");
  const auto* rows = object->if_contains("rows");
  if (form.title.empty() || columns == nullptr || !columns->is_array() || rows == nullptr ||
      !rows->is_array()) {
    return refused("title, columns and rows are needed");
  }
  if (columns->get_array().size() > kFormColumnsMax || rows->get_array().size() > kFormRowsMax) {
    return Error{Errc::kTooLarge, "form: more than 64 columns or 1,000 rows", ""};
  }
  for (const json::value& one : columns->get_array()) {
    auto column = read_column(one);
    if (!column) {
      return column.error();
    }
    form.columns.push_back(*std::move(column));
  }
  for (const json::value& one : rows->get_array()) {
    auto row = read_row(one);
    if (!row) {
      return row.error();
    }
    form.rows.push_back(*std::move(row));
  }
  return form;
}

}  // namespace hefu::sheet
