// Every command that `--help` knows has its place in a manual page, and completes in the shell.

#include <array>
#include <cstdio>
#include <functional>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include "node/files.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

struct Outcome {
  int code = -1;
  std::string output;
};

Outcome shell(const std::string& command) {
  Outcome run;
  std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) {
    return run;
  }
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    run.output.append(buffer.data(), n);
  }
  const int status = ::pclose(pipe);
  run.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return run;
}

Outcome hefu(const std::string& arguments) {
  return shell("env -i " HEFU_BINARY_DIR "/bin/hefu " + arguments);
}

/// Of a help text: what stands at the beginning of each line of one of its sections.
std::vector<std::string> listed(const std::string& help, const std::string& section,
                                const std::string& pattern) {
  std::vector<std::string> words;
  std::istringstream lines(help);
  const std::regex word("^  (" + pattern + ")( |,|$).*");
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (line == section) {
      inside = true;
    } else if (!line.empty() && line[0] != ' ') {
      inside = false;
    } else if (inside && std::regex_match(line, match, word)) {
      words.push_back(match[1]);
    }
  }
  return words;
}

struct Command {
  std::string words;  ///< "hefu report write"
  std::vector<std::string> options;
  bool last = true;  ///< no commands below it
};

/// Asks the program for its help, and every command it names.
void ask(const std::string& words, std::vector<Command>* all) {
  const std::string help = hefu(words.substr(4) + " --help").output;
  const std::vector<std::string> below = listed(help, "Subcommands:", "[a-z][a-z-]*");
  all->push_back({words, listed(help, "Options:", "--[a-z-]+"), below.empty()});
  for (const std::string& name : below) {
    ask(words + " " + name, all);
  }
}

const std::vector<Command>& commands() {
  static const std::vector<Command> kAll = [] {
    std::vector<Command> all;
    ask("hefu", &all);
    return all;
  }();
  return kAll;
}

/// A word as roff writes it.
std::string in_roff(const std::string& text) {
  return std::regex_replace(text, std::regex("-"), "\\-");
}

TEST(Manual, HasEveryCommandWithAllItsOptions) {
  TemporaryDir dir;
  ASSERT_EQ(hefu("manual --out " + dir.path().string()).code, 0);
  ASSERT_GT(commands().size(), 100U);
  for (const Command& command : commands()) {
    std::istringstream words(command.words);
    std::string program;
    std::string group;
    words >> program >> group;
    const auto page =
        read_file(dir.path() / (group.empty() ? "hefu.1" : "hefu-" + group + ".1"), 1U << 20U);
    ASSERT_TRUE(page) << command.words;
    if (command.last) {
      EXPECT_THAT(*page, testing::HasSubstr(".SS \"" + in_roff(command.words) + "\"\n"));
    }
    for (const std::string& option : command.options) {
      EXPECT_THAT(*page, testing::HasSubstr("\\fB" + in_roff(option) + "\\fR")) << command.words;
    }
  }
}

TEST(Manual, OfTheNodeHasAllItsOptions) {
  const std::string help = shell("env -i " HEFU_BINARY_DIR "/bin/hefud --help").output;
  const auto page = read_file(HEFU_SOURCE_DIR "/node/hefud.8", 1 << 20);
  ASSERT_TRUE(page);
  const auto options = listed(help, "Options:", "(?:-[a-z],)?--[a-z-]+");
  EXPECT_GE(options.size(), 7U) << help;
  for (const std::string& option : options) {
    const std::string name =
        std::regex_replace(option.substr(option.find("--")), std::regex("-"), "\\-");
    EXPECT_NE(page->find("\\fB" + name + "\\fR"), std::string::npos)
        << name << " is not in node/hefud.8";
  }
}

TEST(Manual, KeepsExamplesAsTheyAre) {
  const std::string page = hefu("manual report").output;
  EXPECT_THAT(page, testing::HasSubstr(".nf\nExamples:\n  hefu report list\n.fi\n"));
  EXPECT_THAT(page, testing::HasSubstr("hefu report write cqcvc\\-progress"));
}

TEST(Manual, SaysSoIfThereIsNoSuchCommand) {
  const Outcome run = hefu("manual nothing");
  EXPECT_EQ(run.code, 1);
  EXPECT_THAT(run.output, testing::HasSubstr("nothing"));
}

class Completion : public testing::Test {
 protected:
  void SetUp() override {
    const Outcome script = hefu("completion bash");
    ASSERT_EQ(script.code, 0);
    ASSERT_TRUE(write_file_atomically(path_, script.output, FileMode::kShared));
  }
  /// What bash offers for the last of these words; several questions at once.
  std::vector<std::string> offered(const std::vector<std::string>& lines) const {
    std::string program = "source " + path_ + "\n";
    for (const std::string& line : lines) {
      program += "COMP_WORDS=(" + line +
                 "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); " +
                 "_hefu; echo \" ${COMPREPLY[*]} \"\n";
    }
    const std::string file = (dir_.path() / "ask.bash").string();
    EXPECT_TRUE(write_file_atomically(file, program, FileMode::kShared));
    std::istringstream answers(shell("env -i bash --norc --noprofile " + file).output);
    std::vector<std::string> all;
    for (std::string line; std::getline(answers, line);) {
      all.push_back(line);
    }
    all.resize(lines.size());
    return all;
  }

  TemporaryDir dir_;
  const std::string path_ = (dir_.path() / "hefu.bash").string();
};

TEST_F(Completion, OffersEveryCommandWithAllItsOptions) {
  std::vector<std::string> lines;
  for (const Command& command : commands()) {
    lines.push_back(command.words.substr(0, command.words.rfind(' ')) + " ''");
    lines.push_back(command.words + " --");
  }
  const std::vector<std::string> answers = offered(lines);
  for (std::size_t i = 1; i < commands().size(); ++i) {
    const Command& command = commands()[i];
    const std::string word = command.words.substr(command.words.rfind(' ') + 1);
    EXPECT_THAT(answers[2 * i], testing::HasSubstr(" " + word + " ")) << command.words;
    for (const std::string& option : command.options) {
      EXPECT_THAT(answers[2 * i + 1], testing::HasSubstr(" " + option + " ")) << command.words;
    }
  }
}

TEST_F(Completion, OffersTheWordsAnArgumentIsChosenFrom) {
  const auto answers = offered({"hefu event append --ack ''", "hefu charter vote 3f ''",
                                "hefu repo", "hefu event append --ack wit"});
  EXPECT_EQ(answers[0], " stored replicated witnessed ");
  EXPECT_THAT(answers[1], testing::HasSubstr(" yes no "));
  EXPECT_EQ(answers[2], " report ");
  EXPECT_EQ(answers[3], " witnessed ");
}

TEST(CompletionZsh, HasTheTablesOfTheOtherShell) {
  const std::string bash = hefu("completion bash").output;
  const std::string zsh = hefu("completion zsh").output;
  EXPECT_THAT(zsh, testing::StartsWith("#compdef hefu\n"));
  for (const Command& command : commands()) {
    EXPECT_THAT(zsh, testing::HasSubstr("'" + command.words + "' '")) << command.words;
    EXPECT_THAT(bash, testing::HasSubstr("['" + command.words + "']='")) << command.words;
  }
}

}  // namespace
}  // namespace hefu
