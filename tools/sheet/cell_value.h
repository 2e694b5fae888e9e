#pragma once

#include <optional>

#include <boost/json.hpp>

#include "tools/sheet/columns.h"
#include "tools/sheet/grid.h"
#include "tools/sheet/institutions.h"

namespace hefu::sheet {

/// What a cell says, as the JSON of ledger/event/event_json.h; or what is wrong with it: what was
/// found and what is expected, in Chinese and English.
struct CellValue {
  std::optional<boost::json::value> value;
  Title wrong;
};

/// Reads a cell as a value of a column's type. Money is in yuan here and in fen there; lists are
/// parted by semicolons or line breaks (of names and choices also by 、), tuples by |.
CellValue read_cell(const Column& column, const Cell& cell, const Institutions& institutions);

/// A text from outside, fit to be shown: control characters gone, cut at so many characters.
std::string shown(std::string_view text, std::size_t characters_max = 40);
/// Most characters shown of a file's name with its folders.
inline constexpr std::size_t kPathShown = 300;

}  // namespace hefu::sheet
