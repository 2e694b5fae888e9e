#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "crypto/digest.h"
#include "ledger/event/catalogue.h"
#include "tools/sheet/columns.h"
#include "tools/sheet/grid.h"
#include "tools/sheet/institutions.h"

namespace hefu::sheet {

/// Something said about a cell, a row or a title, in Chinese and English.
struct Finding {
  std::uint32_t row = 0;
  std::optional<std::uint32_t> column;  ///< none: the whole row
  bool error = true;                    ///< else only worth a look
  Title what;

  /// "B17", or "17" for a whole row.
  [[nodiscard]] std::string place() const;
};

/// A row as the event it makes.
struct SheetRow {
  std::uint32_t number = 0;
  boost::json::value event;  ///< in the form of ledger/event/event_json.h, with its issuer
  bool good = true;
  Digest in_clear;  ///< of what its event says in clear (`said_in_clear`); zero if it makes none
  /// What it says, in canonical JSON: equal for equal rows, whatever the order of columns.
  [[nodiscard]] std::string content() const;
};

/// Hash of what an event says in clear and of its own: type, dates, programmes, public fields.
/// Equal for events that a reader cannot tell apart. `event`: the form of
/// ledger/event/event_json.h.
Digest said_in_clear(const boost::json::object& event);

struct CheckOptions {
  const Catalogue* catalogue = nullptr;
  const EventType* type = nullptr;
  const Institutions* institutions = nullptr;
  std::string issuer;                          ///< institution id
  std::vector<std::string> programmes;         ///< of rows that name none
  std::map<std::string, std::string> mapping;  ///< comparable title → field, or "-": leave it out
  bool repeats = false;                        ///< equal rows are different events, not a mistake
  Date today;
};

struct CheckOutcome {
  std::uint32_t header = 0;  ///< number of the row with the titles; 0: none was found
  bool titles_good = false;  ///< every title is known and no required one is missing
  std::map<std::uint32_t, Column> columns;  ///< by place
  std::vector<std::string> titles;          ///< of the header row, comparable, in order
  std::vector<SheetRow> rows;
  std::vector<Finding> findings;  ///< by row and column; at most kFindingsMax
  std::size_t errors = 0;         ///< all of them, also those not kept
  std::size_t formulas = 0;       ///< cells whose last shown value was taken

  void add(Finding finding);
  /// Rows that may be recorded; none as long as the titles are not good.
  [[nodiscard]] std::size_t good_rows() const;
};

/// Finds the titles, reads every row below them and says everything that is wrong with each. Titles
/// that stand below one another (Chinese, English) are all titles.
CheckOutcome check_sheet(const Grid& grid, const CheckOptions& options);

}  // namespace hefu::sheet
