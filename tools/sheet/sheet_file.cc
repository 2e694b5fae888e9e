#include "tools/sheet/sheet_file.h"

#include <utility>

#include "tools/sheet/cell_value.h"
#include "tools/sheet/csv.h"
#include "tools/sheet/template.h"
#include "tools/sheet/xlsx.h"

namespace hefu::sheet {

namespace {

/// The type that a template's hidden sheet names; empty if there is none.
Result<std::string> marked_type(XlsxFile& file) {
  const auto& names = file.sheets();
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i].name != kMarkSheet) {
      continue;
    }
    auto grid = file.read(i);
    if (!grid) {
      return grid.error();
    }
    const auto value = [&](std::size_t row) {
      const Cell* cell = row < grid->rows.size() ? grid->rows[row].cell(0) : nullptr;
      return cell == nullptr ? std::string() : cell->text;
    };
    return value(0) == kMark ? value(3) : std::string();
  }
  return std::string();
}

Result<std::size_t> wanted_sheet(const XlsxFile& file, const std::string& name) {
  const auto& names = file.sheets();
  std::string all;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (name.empty() ? names[i].visible : names[i].name == name) {
      return i;
    }
    all += (all.empty() ? "" : ", ") + shown(names[i].name);
  }
  return Error{Errc::kNotFound,
               name.empty() ? "every sheet of the workbook is hidden" : "no sheet named " + name,
               "there are: " + all};
}

Result<ReadSheet> read_workbook(BytesView bytes, const std::string& wanted) {
  auto file = XlsxFile::open(bytes);
  if (!file) {
    return file.error();
  }
  auto type = marked_type(*file);
  auto place = type ? wanted_sheet(*file, wanted) : Result<std::size_t>(type.error());
  auto grid = place ? file->read(*place) : Result<Grid>(place.error());
  if (!grid) {
    return grid.error();
  }
  return ReadSheet{*std::move(grid), *type, file->sheets()[*place].name, "", false};
}

Result<ReadSheet> read_text(BytesView bytes, std::string_view encoding) {
  ReadSheet read;
  read.csv = true;
  auto text = decode_text(bytes, encoding, &read.encoding);
  auto grid = text ? read_csv(*text) : Result<Grid>(text.error());
  if (!grid) {
    return grid.error();
  }
  read.grid = *std::move(grid);
  return read;
}

}  // namespace

Result<ReadSheet> read_sheet_file(BytesView bytes, const std::string& wanted,
                                  std::string_view encoding, bool workbook) {
  const std::string_view begins = as_text(bytes).substr(0, 4);
  const bool zip_or_old = begins.starts_with("PK") || begins == "\xD0\xCF\x11\xE0";
  return workbook || zip_or_old ? read_workbook(bytes, wanted) : read_text(bytes, encoding);
}

}  // namespace hefu::sheet
