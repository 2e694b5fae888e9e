#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/result.h"

namespace hefu::sheet {

enum class CellKind : std::uint8_t {
  kText,
  kNumber,   ///< `text`: decimal digits, at most 15 that count, no exponent
  kDate,     ///< `text`: YYYY-MM-DD; a time of day is dropped
  kBoolean,  ///< `text`: "TRUE" or "FALSE"
  kError,    ///< `text`: what the program that wrote the file shows, "#REF!"
};

/// A cell with something in it.
struct Cell {
  std::uint32_t column = 0;  ///< from 0
  CellKind kind = CellKind::kText;
  std::string text;
  /// It holds a formula; `text` is the value that was last shown. Formulas are never computed here.
  bool formula = false;
};

struct Row {
  std::uint32_t number = 0;  ///< as people see it, from 1
  std::vector<Cell> cells;   ///< rising by column; those with something in them

  [[nodiscard]] const Cell* cell(std::uint32_t column) const;
};

/// The cells of one sheet, within the bounds of limits.h. Rows without cells are left out.
struct Grid {
  std::vector<Row> rows;  ///< rising by number
};

/// "B17": column 1, row 17. Rows count from 1.
std::string cell_name(std::uint32_t column, std::uint32_t row);
/// "B" for column 1.
std::string column_name(std::uint32_t column);

/// Takes "B17" apart; nothing if it is not the name of a cell that Excel could have.
struct CellPlace {
  std::uint32_t column = 0;
  std::uint32_t row = 0;
};
std::optional<CellPlace> parse_cell_name(std::string_view name);

/// Fills a grid and keeps it within its bounds.
class GridBuilder {
 public:
  /// Cells come by rising row and column. A cell whose text is empty or blank is dropped.
  /// Errors: kTooLarge and kInvalid (a place twice, or backwards), naming the cell.
  Result<void> add(std::uint32_t row, Cell cell);
  [[nodiscard]] Grid take() { return std::move(grid_); }

 private:
  Grid grid_;
  std::size_t cells_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace hefu::sheet
