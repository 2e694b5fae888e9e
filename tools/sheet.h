#pragma once

#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu sheet template TYPE`: a workbook to be filled in.
struct SheetTemplate {
  std::string type;
  std::string out;  ///< empty: <type>.xlsx here
};
int run(Context& context, const SheetTemplate& options);

/// A filled sheet and how to read it.
struct SheetSource {
  std::string file;
  std::string type;                     ///< event type; empty: as the template says
  std::string sheet;                    ///< name; empty: the first that is shown
  std::string encoding;                 ///< of CSV; empty: found out
  std::vector<std::string> map;         ///< "title=field", or "title=-" to leave a column out
  std::vector<std::string> programmes;  ///< of rows that name none
  bool repeats = false;                 ///< equal rows are different events
  bool english = false;
};

/// `hefu sheet check FILE`: everything that is wrong, by cell; nothing is recorded.
struct SheetCheck {
  SheetSource source;
  std::string errors;  ///< file to write the sheet to with the wrong cells marked
};
int run(Context& context, const SheetCheck& options);

/// `hefu sheet import FILE`: one signature for the sheet; goes on where it was interrupted.
struct SheetImport {
  SheetSource source;
  bool only_valid = false;
  bool yes = false;
  std::string role = "registrar";
  std::string ack;
  std::string receipt;  ///< file; empty: FILE.receipt.json
};
int run(Context& context, const SheetImport& options);

}  // namespace hefu
