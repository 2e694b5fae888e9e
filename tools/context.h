#pragma once

#include <string>

#include "crypto/result.h"
#include "crypto/system_entropy.h"

namespace hefu {

/// What every command shares: global options and the sources of time and randomness.
struct Context {
  bool json = false;            ///< --json: machine-readable output on stdout
  std::string home;             ///< --home: an institution's folder (keys, configuration)
  std::string node;             ///< --node: base URL of a node; empty: from the home's hefud.toml
  std::string passphrase_file;  ///< --passphrase-file; empty: HEFU_PASSPHRASE, else ask
  SystemEntropy entropy;
};

/// Exit codes of hefu, also printed by `hefu --help`.
enum ExitCode : int {
  kExitOk = 0,
  kExitRefused = 1,      ///< the input or the node refused; the message says why
  kExitUsage = 2,        ///< the command line is wrong
  kExitBad = 3,          ///< verification failed: bytes, proof or figure do not hold
  kExitIncomplete = 4,   ///< nothing wrong was found, but not everything could be checked
  kExitUnavailable = 5,  ///< the node, a file or the system did not answer
};

/// Prints an error on stderr (as JSON with --json) and gives the exit code for it.
int report(const Context& context, const Error& error);

}  // namespace hefu
