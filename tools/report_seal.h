#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu report undertake FILLED.json`: signs the form's undertaking with the institution's seal.
struct ReportUndertake {
  std::string filled;
  std::string out;  ///< the undertaking; one that is there gets one more signature
};
int run(Context& context, const ReportUndertake& options);

/// `hefu report verify FILLED.json`: whether the undertaking covers exactly this form, whether a
/// bundle gives its figures, and whether this form is the one that was handed in.
struct ReportVerify {
  std::string filled, undertaking, bundle;
  std::string record;  ///< that says when it was handed in; a node is asked for it
  std::string trust;   ///< charter; empty: the home's
};
int run(Context& context, const ReportVerify& options);

}  // namespace hefu
