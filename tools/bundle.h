#pragma once

#include <cstdint>
#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu bundle export`: fetches the bundle of a pack's figures, or of one of them, from a node.
struct BundleExport {
  std::string pack, period, unit, out;
  int level = 2;
  std::string indicator;      ///< levels 0, 1 and 3
  bool with_pack = false;     ///< level 1
  std::uint32_t samples = 0;  ///< level 3; 0: as many as usual
  std::string value;          ///< level 3: the public value
};
int run(Context& context, const BundleExport& options);

/// `hefu bundle verify FILE`: verifies it offline; opens no socket.
struct BundleVerify {
  std::string file;
  std::string trust;  ///< charter file the auditor got by other means
  std::string pack;   ///< file of the pack, where the bundle holds its digest alone
  bool english = false;
};
int run(Context& context, const BundleVerify& options);

/// `hefu bundle whole FILE`: the same bundle with the whole logs of its cut, asked of a node and
/// verified.
struct BundleWhole {
  std::string file, out;
};
int run(Context& context, const BundleWhole& options);

/// `hefu bundle show FILE`: what is inside, without verifying it.
struct BundleShow {
  std::string file;
};
int run(Context& context, const BundleShow& options);

/// `hefu bundle tamper FILE`: a dishonest copy, to see for oneself what verification catches.
struct BundleTamper {
  std::string file, out;
  std::string flip_byte;  ///< an offset, or "middle"
  std::string withhold;   ///< event type: its last event is left out
  std::string forge;      ///< event type: its last event is signed anew with another key
  bool sample = false;    ///< level 3: the first leaf shown names another version of a record
  std::string by;         ///< only in the log whose origin begins with this; empty: any
};
int run(Context& context, const BundleTamper& options);

}  // namespace hefu
