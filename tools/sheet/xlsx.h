#pragma once

#include <memory>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "tools/sheet/grid.h"

namespace hefu::sheet {

/// A workbook (.xlsx) from somebody, read within the bounds of limits.h.
///
/// Read is a subset of Office Open XML (ECMA-376-1 §12 and §18): sheets, shared and inline texts,
/// numbers, truth values, errors, which formats are dates. Of a cell with a formula the value last
/// shown is taken; nothing is computed, and nothing outside the file is ever asked for.
class XlsxFile {
 public:
  struct SheetName {
    std::string name;
    bool visible = true;
  };

  /// `bytes` must outlive the object. Errors: kUnsupported, saying what to save instead (password,
  /// the old .xls, a workbook with macros); kInvalid, kTooLarge.
  static Result<XlsxFile> open(BytesView bytes);
  ~XlsxFile();
  XlsxFile(XlsxFile&& other) noexcept;
  XlsxFile& operator=(XlsxFile&& other) noexcept;

  [[nodiscard]] const std::vector<SheetName>& sheets() const;
  /// The cells of the sheet at this place in `sheets`. Errors: kInvalid, kTooLarge, naming sheet
  /// and cell.
  Result<Grid> read(std::size_t sheet);

 private:
  struct Content;
  explicit XlsxFile(std::unique_ptr<Content> content);
  std::unique_ptr<Content> content_;
};

}  // namespace hefu::sheet
