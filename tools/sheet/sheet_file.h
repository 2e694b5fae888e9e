#pragma once

#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "tools/sheet/grid.h"

namespace hefu::sheet {

/// A sheet read from a file: its cells, and the event type that a template names.
struct ReadSheet {
  Grid grid;
  std::string type;      ///< empty: the file does not say
  std::string name;      ///< of the sheet; empty for CSV
  std::string encoding;  ///< of CSV
  bool csv = false;
};

/// Reads .xlsx, or CSV from any other bytes of text. `wanted`: name of the sheet; empty: the first
/// that is shown. `encoding`: of CSV; empty: found out. `workbook`: the file's name says it is one.
/// Errors: those of the readers; kNotFound (no such sheet, with those there are).
Result<ReadSheet> read_sheet_file(BytesView bytes, const std::string& wanted,
                                  std::string_view encoding, bool workbook = false);

}  // namespace hefu::sheet
