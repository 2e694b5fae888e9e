#pragma once

#include <map>
#include <set>
#include <string>

#include "tools/sheet.h"
#include "tools/sheet/check.h"
#include "tools/sheet/grid.h"
#include "tools/sheet/institutions.h"
#include "tools/sheet/known.h"
#include "tools/sheet/sheet_file.h"
#include "tools/sheet/template.h"
#include "tools/submit.h"

namespace hefu {

/// Reads .xlsx, or CSV from any other file of text. Errors: those of the readers, with the file's
/// name; kUnsupported for older and macro workbooks; kInvalid if nothing names the event type.
Result<sheet::ReadSheet> read_sheet(const SheetSource& source);

/// Members, guests and registered institutions, as a node knows them.
Result<sheet::Institutions> fetch_institutions(HttpClient& node);

/// Events of one type in the institution's own log.
Result<sheet::HeldEvents> fetch_held(HttpClient& node, const std::string& member,
                                     const std::string& type);

/// A sheet checked against the catalogue and the institutions known at a node.
struct CheckedSheet {
  Desk desk;
  Catalogue catalogue;
  sheet::Institutions institutions;
  sheet::ReadSheet read;
  sheet::CheckOutcome outcome;

  [[nodiscard]] const EventType& type() const { return *catalogue.find(read.type); }
};
/// Reads and checks, using the column mapping given and the one this home remembers for sheets of
/// these titles. A mapping that was given is remembered.
Result<CheckedSheet> check_source(const Context& context, const SheetSource& source);

/// Adds a finding to every row that says what an event in the log says already.
void note_held(const sheet::HeldEvents& held, CheckedSheet* checked);

/// Prints the findings: at most so many; and the sums.
void print_findings(const CheckedSheet& checked, const SheetSource& source);
/// The same as one line of JSON.
void print_findings_json(const CheckedSheet& checked);

/// Writes the sheet again with the wrong cells marked: .csv or .xlsx by the name.
Result<void> write_errors(const CheckedSheet& checked, const std::string& path,
                          bool wrong_rows_only);

/// Writes a workbook beside its place first, so that an old one is replaced whole or not at all;
/// only its owner may read it, because rows hold what no log does.
Result<void> write_workbook(const sheet::TemplateContent& content, const std::string& path);

}  // namespace hefu
