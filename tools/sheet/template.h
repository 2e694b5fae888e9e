#pragma once

#include <string>

#include "crypto/result.h"
#include "ledger/event/catalogue.h"
#include "tools/sheet/check.h"
#include "tools/sheet/institutions.h"

namespace hefu::sheet {

/// What a hidden sheet of a template says, so that a filled one need not be told what it is.
inline constexpr const char* kMarkSheet = "_hefu";
inline constexpr const char* kMark = "hefu/sheet/v1";
/// Name of the sheet in which institutions are looked up.
inline constexpr const char* kInstitutionsSheet = "机构 Institutions";
/// First row for data in a template: below the titles in Chinese and in English.
inline constexpr std::uint32_t kTemplateDataRow = 3;
/// Rows of a template that have drop-downs and formats.
inline constexpr std::uint32_t kTemplateRows = 5'000;

struct TemplateContent {
  const Catalogue* catalogue = nullptr;
  const EventType* type = nullptr;
  const Institutions* institutions = nullptr;
  /// A checked sheet whose rows are written in again, wrong cells marked and explained; null: an
  /// empty template.
  const CheckOutcome* checked = nullptr;
  const Grid* grid = nullptr;  ///< the cells of `checked`
  bool wrong_rows_only = false;
};

/// Writes a workbook: a sheet with one column per field, a sheet that explains each column, the
/// institutions, and a hidden one that names catalogue and type. Texts are never written as
/// formulas. Errors: kIo.
Result<void> write_template(const TemplateContent& content, const std::string& path);

/// The rows of a checked sheet as CSV with a column that tells the errors.
std::string errors_csv(const TemplateContent& content);

}  // namespace hefu::sheet
