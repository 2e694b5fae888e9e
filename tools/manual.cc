#include "tools/manual.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <set>

#include <CLI/CLI.hpp>

#include "node/files.h"
#include "tools/context.h"

namespace hefu {

namespace {

/// All commands directly below one, in the order of their declaration.
std::vector<const CLI::App*> below(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* one) { return !one->get_name().empty(); });
}

std::vector<const CLI::Option*> options_of(const CLI::App& app) {
  return app.get_options([](const CLI::Option*) { return true; });
}

/// Words an argument is chosen from: what CLI::IsMember shows, "TEXT:{yes,no}".
std::vector<std::string> choices(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto from = type.find('{');
  const auto to = type.rfind('}');
  if (from == std::string::npos || to == std::string::npos) {
    return {};
  }
  return CLI::detail::split(type.substr(from + 1, to - from - 1), ',');
}

/// Text in which roff sees nothing to obey.
std::string plain(const std::string& text) {
  std::string out;
  bool begins = true;
  for (const char c : text) {
    if (begins && (c == '.' || c == '\'')) {
      out += "\\&";
    }
    out += c == '\\' ? "\\e" : c == '-' ? "\\-" : std::string(1, c);
    begins = c == '\n';
  }
  return out;
}

/// Lines that are to stay as they are.
std::string as_is(const std::string& text) {
  const auto from = text.find_first_not_of('\n');
  const auto to = text.find_last_not_of('\n');
  if (from == std::string::npos) {
    return "";
  }
  return ".PP\n.nf\n" + plain(text.substr(from, to - from + 1)) + "\n.fi\n";
}

/// "--pack TEXT" in bold and italics.
std::string option_title(const CLI::Option& option) {
  if (option.get_positional()) {
    return "\\fI" + plain(option.get_name(true)) + "\\fR";
  }
  std::string title;
  for (const std::string& name : option.get_snames()) {
    title += (title.empty() ? "" : ", ") + ("\\fB\\-" + plain(name) + "\\fR");
  }
  for (const std::string& name : option.get_lnames()) {
    title += (title.empty() ? "" : ", ") + ("\\fB\\-\\-" + plain(name) + "\\fR");
  }
  const std::vector<std::string> words = choices(option);
  if (!words.empty()) {
    return title + " " + plain(CLI::detail::join(words, "|"));
  }
  return option.get_expected_max() > 0 ? title + " \\fI" + plain(option.get_type_name()) + "\\fR"
                                       : title;
}

std::string option_text(const CLI::Option& option) {
  std::string text = ".TP\n" + option_title(option) + "\n";
  text += option.get_description().empty() ? "\\&" : plain(option.get_description());
  if (!option.get_default_str().empty()) {
    text += " (default: " + plain(option.get_default_str()) + ")";
  }
  return text + (option.get_required() ? " (required)\n" : "\n");
}

std::string option_list(const CLI::App& app) {
  std::string text;
  for (const CLI::Option* option : options_of(app)) {
    text += option_text(*option);
  }
  return text;
}

/// "hefu report write FORM --period TEXT [OPTIONS]"
std::string synopsis(const std::string& name, const CLI::App& app) {
  std::string line = "\\fB" + plain(name) + "\\fR";
  bool optional = false;
  for (const CLI::Option* option : options_of(app)) {
    if (option->get_positional()) {
      const std::string word = "\\fI" + plain(option->get_name(true)) + "\\fR";
      line += option->get_required() ? " " + word : " [" + word + "]";
    } else if (option->get_required()) {
      line += " " + option_title(*option);
    } else {
      optional = true;
    }
  }
  return line + (optional ? " [\\fIoptions\\fR]" : "");
}

/// A command without commands below it, or each of those below.
std::string section(const std::string& name, const CLI::App& app) {
  const auto commands = below(app);
  if (commands.empty()) {
    return ".SS \"" + plain(name) + "\"\n" + plain(app.get_description()) + ".\n.PP\n" +
           synopsis(name, app) + "\n" + option_list(app) + as_is(app.get_footer());
  }
  std::string text;
  for (const CLI::App* command : commands) {
    text += section(name + " " + command->get_name(), *command);
  }
  return text;
}

std::string header(const std::string& title, const std::string& version,
                   const std::string& description) {
  return ".TH \"" + plain(title) + "\" 1 \"\" \"" + plain(version) +
         "\" \"Hefu manual\"\n.SH NAME\n" + plain(title) + " \\- " + plain(description) + "\n";
}

using Visit = std::function<void(const std::string& path, const CLI::App& app)>;

/// Every command with its words, "hefu report write"; the program first.
void visit_all(const std::string& path, const CLI::App& app, const Visit& visit) {
  visit(path, app);
  for (const CLI::App* command : below(app)) {
    visit_all(path + " " + command->get_name(), *command, visit);
  }
}

std::string command_words(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::App* command : below(app)) {
    words.push_back(command->get_name());
  }
  for (const CLI::Option* option : options_of(app)) {
    if (option->get_positional()) {
      const auto of_list = choices(*option);
      words.insert(words.end(), of_list.begin(), of_list.end());
    }
  }
  return CLI::detail::join(words, " ");
}

/// Its own options, and those every command takes.
std::string option_words(const CLI::App& program, const CLI::App& app) {
  std::set<std::string> words;
  for (const CLI::App* one : {&program, &app}) {
    for (const CLI::Option* option : options_of(*one)) {
      for (const std::string& name : option->get_lnames()) {
        words.insert("--" + name);
      }
    }
  }
  return CLI::detail::join(std::vector<std::string>(words.begin(), words.end()), " ");
}

/// One entry of an associative array, as bash writes it or as zsh does. Names and words hold no
/// character that either would expand.
std::string entry(bool bash, const std::string& key, const std::string& words) {
  return bash ? "  ['" + key + "']='" + words + "'\n" : "  '" + key + "' '" + words + "'\n";
}

std::string tables(const CLI::App& program, bool bash) {
  std::string commands;
  std::string options;
  std::string values;
  visit_all(program.get_name(), program, [&](const std::string& path, const CLI::App& app) {
    commands += entry(bash, path, command_words(app));
    options += entry(bash, path, option_words(program, app));
    for (const CLI::Option* option : options_of(app)) {
      const auto of_list = choices(*option);
      if (!option->get_positional() && !of_list.empty() && !option->get_lnames().empty()) {
        values += entry(bash, path + " --" + option->get_lnames().front(),
                        CLI::detail::join(of_list, " "));
      }
    }
  });
  return "_hefu_commands=(\n" + commands + ")\n_hefu_options=(\n" + options +
         ")\n_hefu_values=(\n" + values + ")\n";
}

struct Manual {
  std::string command, folder;
};
struct Completion {
  std::string shell;
};

int run(const CLI::App& program, const Manual& options) {
  const Context context;
  if (!options.folder.empty()) {
    auto written = write_manual(program, options.folder);
    return written ? kExitOk : report(context, written.error());
  }
  if (options.command.empty()) {
    std::cout << manual_page(program);
    return kExitOk;
  }
  for (const CLI::App* command : below(program)) {
    if (command->get_name() == options.command) {
      std::cout << manual_page(program, *command);
      return kExitOk;
    }
  }
  return report(context, Error{Errc::kNotFound, "there is no command " + options.command,
                               "`hefu --help` lists them"});
}

}  // namespace

std::string manual_page(const CLI::App& program) {
  std::string text = header(program.get_name(), program.version(), program.get_description()) +
                     ".SH SYNOPSIS\n" + synopsis(program.get_name(), program) +
                     " \\fIcommand\\fR \\&...\n.SH COMMANDS\n";
  for (const CLI::App* command : below(program)) {
    const std::string page = program.get_name() + "-" + command->get_name();
    text += ".TP\n\\fB" + plain(command->get_name()) + "\\fR\n" +
            plain(command->get_description()) + ". See \\fB" + plain(page) + "\\fR(1).\n";
  }
  return text + ".SH OPTIONS\n" + option_list(program) + ".SH EXIT STATUS AND ENVIRONMENT\n" +
         as_is(program.get_footer());
}

std::string manual_page(const CLI::App& program, const CLI::App& command) {
  const std::string name = program.get_name() + " " + command.get_name();
  const bool single = below(command).empty();
  return header(program.get_name() + "-" + command.get_name(), program.version(),
                command.get_description()) +
         ".SH SYNOPSIS\n" +
         (single ? synopsis(name, command)
                 : "\\fB" + plain(name) + "\\fR \\fIcommand\\fR [\\fIoptions\\fR]") +
         "\n.SH " + (single ? "DESCRIPTION" : "COMMANDS") + "\n" + section(name, command) +
         (single ? "" : as_is(command.get_footer())) + ".SH OPTIONS OF EVERY COMMAND\n" +
         option_list(program) + ".SH EXIT STATUS AND ENVIRONMENT\n" + as_is(program.get_footer()) +
         ".SH SEE ALSO\n.BR " + plain(program.get_name()) + " (1)\n";
}

Result<void> write_manual(const CLI::App& program, const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return Error{Errc::kIo, "cannot make " + folder + ": " + failed.message(), ""};
  }
  const std::string begins = folder + "/" + program.get_name();
  auto written = write_file_atomically(begins + ".1", manual_page(program), FileMode::kShared);
  for (const CLI::App* command : below(program)) {
    if (written) {
      written = write_file_atomically(begins + "-" + command->get_name() + ".1",
                                      manual_page(program, *command), FileMode::kShared);
    }
  }
  return written;
}

std::string bash_completion(const CLI::App& program) {
  return "# Completion of hefu for bash: made by `hefu completion bash`.\n"
         "declare -gA _hefu_commands _hefu_options _hefu_values\n" +
         tables(program, true) +
         R"sh(_hefu() {
  local current=${COMP_WORDS[COMP_CWORD]} place=hefu word words i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [ -n "${_hefu_options["$place $word"]-}" ]; then place="$place $word"; fi
  done
  words=${_hefu_values["$place ${COMP_WORDS[COMP_CWORD - 1]}"]-}
  if [ -z "$words" ]; then
    case $current in
      -*) words=${_hefu_options[$place]} ;;
      *) words=${_hefu_commands[$place]} ;;
    esac
  fi
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -o default -o bashdefault -F _hefu hefu
)sh";
}

std::string zsh_completion(const CLI::App& program) {
  return "#compdef hefu\n# Completion of hefu for zsh: made by `hefu completion zsh`.\n"
         "typeset -gA _hefu_commands _hefu_options _hefu_values\n" +
         tables(program, false) +
         R"sh(_hefu() {
  local place=hefu word found
  for word in ${words[2,CURRENT-1]}; do
    if (( ${+_hefu_options[$place $word]} )); then place="$place $word"; fi
  done
  found=${_hefu_values[$place ${words[CURRENT-1]}]-}
  if [[ -z $found ]]; then
    case ${words[CURRENT]} in
      -*) found=${_hefu_options[$place]} ;;
      *) found=${_hefu_commands[$place]} ;;
    esac
  fi
  compadd -- ${=found} || _files
}
if [[ $funcstack[1] == _hefu ]]; then _hefu "$@"; else compdef _hefu hefu; fi
)sh";
}

void add_manual(CLI::App& program, int* exit_code) {
  auto manual = std::make_shared<Manual>();
  CLI::App* pages =
      program.add_subcommand("manual", "The manual pages, made from the program itself");
  pages->footer(
      "\nExamples:\n  hefu manual report | man -l -\n  hefu manual --out "
      "~/.local/share/man/man1\n");
  pages->add_option("COMMAND", manual->command, "of which command; default: of the program");
  pages->add_option("--out", manual->folder, "folder to write all of them into");
  pages->callback([&program, manual, exit_code] { *exit_code = run(program, *manual); });

  auto completion = std::make_shared<Completion>();
  CLI::App* shells = program.add_subcommand("completion", "Completion of commands in a shell");
  shells->footer(
      "\nExamples:\n  source <(hefu completion bash)\n"
      "  hefu completion zsh > ~/.zfunc/_hefu    # a folder of $fpath\n");
  shells->add_option("SHELL", completion->shell)->required()->check(CLI::IsMember({"bash", "zsh"}));
  shells->callback([&program, completion] {
    std::cout << (completion->shell == "bash" ? bash_completion(program) : zsh_completion(program));
  });
}

}  // namespace hefu
