#pragma once

#include <cstdint>
#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu backup create`: by the running node, or directly if none runs.
struct BackupCreate {
  bool keys = false;
};
int run(Context& context, const BackupCreate& options);

/// `hefu backup list`.
struct BackupList {
  std::string from;  ///< folder of backups; empty: the home's
};
int run(Context& context, const BackupList& options);

/// `hefu backup verify`: restores one into a folder beside it, and hashes every entry anew.
struct BackupVerify {
  std::string from;
  std::uint32_t id = 0;  ///< 0: the latest
};
int run(Context& context, const BackupVerify& options);

/// `hefu backup restore`.
struct BackupRestore {
  std::string from;
  std::string to;
  std::uint32_t id = 0;
};
int run(Context& context, const BackupRestore& options);

}  // namespace hefu
