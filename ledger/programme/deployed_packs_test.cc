// The packs that come with Hefu: each passes its own tests, tries every indicator both ways, and
// accounts for every row of its document as its notes do.

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/programme/coverage.h"
#include "ledger/programme/evaluate.h"
#include "ledger/programme/pack.h"

namespace hefu {
namespace {

using Names = std::vector<std::string>;

std::string source(const std::string& path) {
  std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/" + path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The cells of a row of a Markdown table, without the spaces around them.
Names cells(const std::string& line) {
  Names out;
  std::size_t at = line.find("| ");
  while (at != std::string::npos && at + 2 < line.size()) {
    const std::size_t begin = at + 2;
    const std::size_t end = line.find(" |", begin);
    out.push_back(line.substr(begin, end == std::string::npos ? end : end - begin));
    at = end == std::string::npos ? end : end + 1;
  }
  return out;
}

/// What stands between pairs of backticks.
Names quoted(const std::string& cell) {
  Names out;
  for (std::size_t begin = cell.find('`'); begin != std::string::npos;) {
    const std::size_t end = cell.find('`', begin + 1);
    if (end == std::string::npos) {
      break;
    }
    out.push_back(cell.substr(begin + 1, end - begin - 1));
    begin = cell.find('`', end + 1);
  }
  return out;
}

struct Programme {
  const char* name;
  std::size_t rows;  ///< that its document was read into
};

class DeployedPack : public testing::TestWithParam<Programme> {
 protected:
  Pack pack() const {
    auto read =
        Pack::from_toml(source(std::string("deploy/programmes/") + GetParam().name + ".toml"));
    EXPECT_TRUE(read) << read.error().message;
    return *std::move(read);
  }
  /// Rows of the document and the indicators that carry them, as the notes list them.
  std::map<std::string, Names> noted() const {
    std::map<std::string, Names> out;
    std::istringstream notes(
        source(std::string("deploy/programmes/") + GetParam().name + "-notes.md"));
    for (std::string line; std::getline(notes, line);) {
      const Names row = cells(line);
      if (row.size() >= 5 && row[0].find_first_not_of("0123456789") == std::string::npos) {
        const std::string id = GetParam().name + ("-" + row[1]);
        EXPECT_TRUE(out.emplace(id, quoted(row[4])).second) << row[1] << " is there twice";
      }
    }
    return out;
  }
};

TEST_P(DeployedPack, PassesItsOwnTests) {
  const auto passed = run_pack_tests(pack());
  EXPECT_TRUE(passed) << passed.error().message;
}

TEST_P(DeployedPack, TriesEveryIndicatorWithWhatCountsAndWithWhatDoesNot) {
  const auto found = coverage(pack(), {});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->no_positive, Names());
  EXPECT_EQ(found->no_negative, Names());
  EXPECT_EQ(found->no_row, Names());
}

TEST_P(DeployedPack, AccountsForEveryRowOfItsDocumentAsItsNotesDo) {
  std::map<std::string, Names> carried;
  for (const PackRow& row : pack().rows) {
    carried[row.id] = row.indicators;
    EXPECT_FALSE(row.indicators.empty() && row.note.empty()) << row.id;
  }
  EXPECT_EQ(carried.size(), GetParam().rows);
  EXPECT_EQ(carried, noted());
}

INSTANTIATE_TEST_SUITE_P(Programmes, DeployedPack,
                         testing::Values(Programme{"cqcvc", 61}, Programme{"hechuan", 82},
                                         Programme{"cq-consortium", 112}, Programme{"jiangxi", 36},
                                         Programme{"baotou", 89}),
                         [](const auto& programme) {
                           std::string name = programme.param.name;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace hefu
