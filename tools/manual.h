#pragma once

#include <string>

#include "crypto/result.h"

namespace CLI {
class App;
}

namespace hefu {

/// The manual page (man(7)) of the program itself, or of one of its commands with all below it;
/// made from the same declarations as --help, so that the two say the same. No date: the same
/// program gives the same pages.
std::string manual_page(const CLI::App& program);
std::string manual_page(const CLI::App& program, const CLI::App& command);

/// Writes hefu.1 and a hefu-<command>.1 for each command into a folder, which is made.
/// Errors: kIo.
Result<void> write_manual(const CLI::App& program, const std::string& folder);

/// What bash (with or without bash-completion) and zsh source to complete commands, options and
/// words that are chosen from a list; anything else they complete as files.
std::string bash_completion(const CLI::App& program);
std::string zsh_completion(const CLI::App& program);

/// Declares `hefu manual` and `hefu completion`.
void add_manual(CLI::App& program, int* exit_code);

}  // namespace hefu
