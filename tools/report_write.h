#pragma once

#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu report list`: the forms the program brings along.
struct ReportList {};
int run(Context& context, const ReportList& options);

/// `hefu report entries FORM`: what the office has to write itself, empty, as JSON.
struct ReportEntries {
  std::string form;  ///< name of a form, or a file
};
int run(Context& context, const ReportEntries& options);

/// `hefu report write FORM`: fills a form from a node's figures and records.
struct ReportWrite {
  std::string form;
  std::string period, unit, entries;
  std::string bundle;              ///< file the QR code names by its digest
  std::string public_url;          ///< of the node, for the QR code
  std::vector<std::string> files;  ///< .docx, .pdf, .xlsx, .csv, .json
};
int run(Context& context, const ReportWrite& options);

/// `hefu report print FILLED.json`: the same paper in other formats.
struct ReportPrint {
  std::string filled, bundle, public_url;
  std::vector<std::string> files;
};
int run(Context& context, const ReportPrint& options);

}  // namespace hefu
