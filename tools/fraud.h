#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu fraud prove KIND`: looks for a fraud and writes the proof of it, judged first.
struct FraudProve {
  std::string kind;
  std::string log;   ///< index-omission: member whose log is looked at
  std::string view;  ///< of the others: a view file
  std::string
      bundle;  ///< wrong-leaf, superseded: of the view's cut; index-omission: shows the index
  std::string out;
  std::string trust;  ///< charter file; empty: the home's
};
int run(Context& context, const FraudProve& options);

/// `hefu fraud verify FILE`: judges a proof offline; opens no socket.
struct FraudVerify {
  std::string file;
  std::string trust;   ///< founding charter file; empty: the home's
  std::string bundle;  ///< shows what was decided since; empty: nothing
};
int run(Context& context, const FraudVerify& options);

/// `hefu fraud show FILE`: what is inside, without judging it.
struct FraudShow {
  std::string file;
};
int run(Context& context, const FraudShow& options);

}  // namespace hefu
