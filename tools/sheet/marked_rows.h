#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tools/sheet/template.h"

namespace hefu::sheet {

/// A row of a checked sheet that is written out again, with what is wrong with it.
struct MarkedRow {
  const Row* row = nullptr;  ///< in TemplateContent::grid
  /// In Chinese and English, by column; what concerns the whole row under kWholeRow.
  std::map<std::int64_t, std::string> findings;
};
inline constexpr std::int64_t kWholeRow = -1;

/// The rows to write: all, or the wrong ones, as `content` says; none if nothing was checked.
std::vector<MarkedRow> marked_rows(const TemplateContent& content);

/// Everything that is wrong with a row, one place a line, places being those of the checked sheet.
std::string all_findings(const MarkedRow& row);

}  // namespace hefu::sheet
