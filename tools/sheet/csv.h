#pragma once

#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "tools/sheet/grid.h"

namespace hefu::sheet {

/// A text file's bytes as UTF-8. `encoding`: "utf-8", "gb18030" (which holds GBK and GB2312) or
/// "utf-16" (what Excel calls Unicode text, with its mark); empty: by the mark at its beginning,
/// else UTF-8 if it is well-formed UTF-8, else GB18030. `found`, if not null, is told which.
/// Errors: kInvalid (not a text of this encoding, naming the byte), kUnsupported (another
/// encoding).
Result<std::string> decode_text(BytesView bytes, std::string_view encoding, std::string* found);

/// Reads CSV as RFC 4180 describes it, with what spreadsheet programs make of it: comma, semicolon
/// or tab (whichever the first line has most of), lines ending in LF, CR LF or CR, an Excel line
/// "sep=;" at the top. Every cell is text; a quote mark that neutralised a formula on the way out
/// (csv_cell) is taken off. Errors: kInvalid (a quoted cell that never ends), kTooLarge.
Result<Grid> read_csv(std::string_view text);

/// A cell for a CSV file: quoted where needed; a text that a spreadsheet program would take for a
/// formula (it begins with = + - @, a tab or a carriage return, and is not a plain number) gets a
/// quote mark before it. Source: OWASP, "CSV Injection".
std::string csv_cell(std::string_view text);

}  // namespace hefu::sheet
