#pragma once

#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu fork verify FILE`: verifies a portable proof that a log has two histories, with public
/// keys alone; opens no socket.
struct ForkVerify {
  std::string file;
  std::string trust;               ///< charter file; empty: the home's, unless there are vkeys
  std::vector<std::string> vkeys;  ///< verifier keys of logs, "<origin>+<key id>+<base64>"
};
int run(Context& context, const ForkVerify& options);

/// `hefu fork list`: the forks a node holds proofs of.
struct ForkList {};
int run(Context& context, const ForkList& options);

/// `hefu fork show MEMBER`: fetches the proof about a member's log and verifies it here.
struct ForkShow {
  std::string member;
  std::string trust;  ///< charter file; empty: the home's, else the node's own
};
int run(Context& context, const ForkShow& options);

/// `hefu fork export MEMBER`: writes the proof to a file, verified first.
struct ForkExport {
  std::string member;
  std::string out;
  std::string trust;  ///< as ForkShow
};
int run(Context& context, const ForkExport& options);

}  // namespace hefu
