#include "tools/sheet/grid.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "tools/sheet/limits.h"

namespace hefu::sheet {

const Cell* Row::cell(std::uint32_t column) const {
  const auto found =
      std::lower_bound(cells.begin(), cells.end(), column,
                       [](const Cell& cell, std::uint32_t wanted) { return cell.column < wanted; });
  return found != cells.end() && found->column == column ? &*found : nullptr;
}

std::string column_name(std::uint32_t column) {
  std::string name;
  for (std::uint32_t left = column + 1; left > 0; left = (left - 1) / 26) {
    name.insert(name.begin(), static_cast<char>('A' + (left - 1) % 26));
  }
  return name;
}

std::string cell_name(std::uint32_t column, std::uint32_t row) {
  return column_name(column) + std::to_string(row);
}

std::optional<CellPlace> parse_cell_name(std::string_view name) {
  std::size_t at = 0;
  std::uint32_t column = 0;
  while (at < name.size() && at < 3 && name[at] >= 'A' && name[at] <= 'Z') {
    column = column * 26 + static_cast<std::uint32_t>(name[at] - 'A') + 1;
    ++at;
  }
  const std::size_t letters = at;
  std::uint32_t row = 0;
  while (at < name.size() && at < letters + 7 && name[at] >= '0' && name[at] <= '9') {
    row = row * 10 + static_cast<std::uint32_t>(name[at] - '0');
    ++at;
  }
  if (letters == 0 || at != name.size() || row == 0 || row > kRowNumberMax) {
    return std::nullopt;
  }
  return CellPlace{column - 1, row};
}

Result<void> GridBuilder::add(std::uint32_t row, Cell cell) {
  const auto place = [&] { return cell_name(cell.column, row); };
  if (row > kRowNumberMax || cell.column >= kColumnsMax) {
    return Error{Errc::kTooLarge, place() + ": outside the sheet",
                 "at most " + std::to_string(kColumnsMax) +
                     " columns are read; delete what stands "
                     "to the right of them"};
  }
  if (cell.text.size() > kCellBytesMax) {
    return Error{Errc::kTooLarge, place() + ": text longer than 16 KiB", "shorten it"};
  }
  if (!is_utf8(cell.text) || cell.text.find('\0') != std::string::npos) {
    return Error{Errc::kInvalid, place() + ": not well-formed text",
                 "save the file again, as .xlsx or as CSV in UTF-8"};
  }
  if (cell.text.find_first_not_of(" \t\r\n") == std::string::npos && !cell.formula) {
    return {};
  }
  if (!grid_.rows.empty() &&
      (row < grid_.rows.back().number ||
       (row == grid_.rows.back().number && cell.column <= grid_.rows.back().cells.back().column))) {
    return Error{Errc::kInvalid, place() + ": the cells of the file are not in order",
                 "open the file in a spreadsheet program and save it again"};
  }
  if (grid_.rows.empty() || grid_.rows.back().number != row) {
    if (grid_.rows.size() == kRowsMax) {
      return Error{Errc::kTooLarge, "more than 100,000 rows", "split the sheet"};
    }
    grid_.rows.push_back(Row{row, {}});
  }
  bytes_ += cell.text.size();
  if (++cells_ > kCellsMax || bytes_ > kCellsBytesMax) {
    return Error{Errc::kTooLarge, place() + ": the sheet holds too much up to here",
                 "at most 4,000,000 cells and 128 MiB of text; split the sheet"};
  }
  grid_.rows.back().cells.push_back(std::move(cell));
  return {};
}

}  // namespace hefu::sheet
