#pragma once

#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/pack.h"

namespace hefu {

/// How much of its source document a pack carries, and how well its own tests try it.
struct Coverage {
  std::size_t measured = 0;               ///< rows carried by at least one indicator
  std::vector<std::string> not_measured;  ///< rows the pack gives a reason for instead
  std::vector<std::string> missing;       ///< rows of the document that are not in the pack
  std::vector<std::string> unknown;       ///< rows of the pack that are not in the document
  std::vector<std::string> no_row;        ///< indicators no row names
  std::vector<std::string> no_positive;   ///< indicators no test expects a value but zero of
  std::vector<std::string> no_negative;   ///< indicators no test offers a fact they must refuse
};

/// Compares a pack with the rows of its document (none: with its own rows alone) and looks at what
/// its tests try: an indicator is refused something where a test expects zero or "na" of it, or
/// holds more facts of its types than it counts. Lists are in the order of the pack, `missing` in
/// that of `document_rows`. Errors: those of evaluating the pack's tests.
Result<Coverage> coverage(const Pack& pack, const std::vector<std::string>& document_rows);

}  // namespace hefu
