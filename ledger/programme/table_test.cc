#include "ledger/programme/table.h"

#include <sstream>

#include <gtest/gtest.h>

#include "ledger/programme/support_test.h"

namespace hefu {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    out.push_back(line);
  }
  return out;
}

std::vector<Figure> first_case(const Pack& pack) {
  const PackCase one = load_cases().at(0);
  return *evaluate(pack, one.world.world, one.world.facts, *Period::parse("2024"));
}

TEST(Table, ChineseCharactersTakeTwoColumns) {
  EXPECT_EQ(text_width("abc"), 3U);
  EXPECT_EQ(text_width("合符"), 4U);
  EXPECT_EQ(text_width("33.3%（家）"), 11U);
  EXPECT_EQ(text_width("e\xcc\x81"), 1U);
  EXPECT_EQ(text_width("\xff"), 1U);
  EXPECT_EQ(text_width(""), 0U);
}

TEST(Table, ColumnsStandUnderEachOtherInBothLanguages) {
  const Pack pack = load_vector_pack("w01_visits.toml");
  for (const auto& [language, value, verdict] :
       {std::tuple{TableLanguage::kChinese, "33.3% (1/3)", "未达标"},
        std::tuple{TableLanguage::kEnglish, "33.3% (1/3)", "not met"}}) {
    const auto lines = lines_of(indicator_table(pack, first_case(pack), language));
    ASSERT_EQ(lines.size(), 5U);
    // The value column begins at one width in every row, whatever the titles are made of.
    const auto column = [&](const std::string& line, const std::string& cell) {
      const std::size_t at = line.find(cell);
      EXPECT_NE(at, std::string::npos) << line;
      return text_width(std::string_view(line).substr(0, at));
    };
    EXPECT_EQ(column(lines[2], "3家"), column(lines[4], value));
    EXPECT_EQ(column(lines[2], ">=100家"), column(lines[4], ">=30%"));
    EXPECT_NE(lines[2].find(verdict), std::string::npos);
    EXPECT_NE(lines[2].find("E2 4"), std::string::npos);
  }
}

TEST(Table, SuppressesSmallCellsOnRequestOnly) {
  const Pack pack = load_vector_pack("w08_internship_months.toml");
  const PackCase one = load_cases().at(10);
  const auto figures = evaluate(pack, one.world.world, one.world.facts, *Period::parse("2023"));
  ASSERT_TRUE(figures.ok());
  EXPECT_TRUE(figures->at(0).small_cell);
  EXPECT_NE(indicator_table(pack, *figures, TableLanguage::kChinese).find("4.0人月"),
            std::string::npos);
  const std::string outside = indicator_table(pack, *figures, TableLanguage::kChinese, true);
  EXPECT_EQ(outside.find("4.0人月"), std::string::npos);
  EXPECT_NE(outside.find("<5"), std::string::npos);
}

TEST(Table, ShowsThePartsOfARatioInTheUnitsOfTheirIndicators) {
  const auto pack = Pack::from_toml(one_indicator(
      "unit = \"万元\"\ndecimals = 2\ndivide = 1000000\ntypes = [\"x\"]\n"
      "time = { mode = \"occurred\" }\nmeasure = { kind = \"sum\", value = \"body.fen\" }\n",
      "[[indicator]]\nid = \"all\"\ntitle = { zh = \"次数\" }\nunit = \"次\"\n"
      "types = [\"x\"]\ntime = { mode = \"occurred\" }\nmeasure = { kind = \"count\" }\n"
      "[[indicator]]\nid = \"mean\"\ntitle = { zh = \"平均\" }\nunit = \"万元/次\"\n"
      "decimals = 2\ndivide = 1000000\n"
      "measure = { kind = \"ratio\", num = \"one\", den = \"all\" }\n"
      "[[indicator]]\nid = \"before\"\ntitle = { zh = \"上年平均\" }\nunit = \"万元/次\"\n"
      "decimals = 2\ndivide = 1000000\nmeasure = { kind = \"earlier\", of = \"mean\" }\n"));
  ASSERT_TRUE(pack.ok()) << pack.error().message;
  const auto facts = facts_of(
      R"([{"id": "a", "type": "x", "actor": "org:A", "date": "2024-03-01", "body": {"fen": 5000000}},
          {"id": "b", "type": "x", "actor": "org:A", "date": "2024-04-01", "body": {"fen": 2500000}}])");
  for (const auto& [period, row] : {std::pair{"2024", "平均"}, std::pair{"2025", "上年平均"}}) {
    const auto figures = evaluate(*pack, case_world(), facts, *Period::parse(period));
    ASSERT_TRUE(figures.ok());
    const std::string table = indicator_table(*pack, *figures, TableLanguage::kChinese);
    const std::size_t at = table.find(std::string("\n") + row);
    ASSERT_NE(at, std::string::npos) << table;
    EXPECT_NE(table.find("3.75万元/次 (7.50万元/2次)", at), std::string::npos) << table;
  }
}

TEST(Table, PutsBaselineAndCommitmentBesideTheActualValue) {
  const auto pack = Pack::from_toml(one_indicator(
      "unit = \"次\"\ntypes = [\"x\"]\ntime = { mode = \"occurred\" }\n"
      "measure = { kind = \"count\" }\n"
      "baseline = [ { period = \"2023\", value = \"1.5\", evidence = \"E0\" } ]\n"
      "target = [ { period = \"2024\", op = \">=\", value = 4, kind = \"commitment\" } ]\n"));
  ASSERT_TRUE(pack.ok()) << pack.error().message;
  const auto figures = evaluate(*pack, World(), {}, *Period::parse("2024"));
  ASSERT_TRUE(figures.ok());
  EXPECT_EQ(beside_table(*pack, *figures, TableLanguage::kEnglish),
            "Indicator  Baseline          Commitment  Actual\n"
            "-----------------------------------------------\n"
            "指标       1.5次 (2023, E0)  >=4次       0次\n");
  const auto later = evaluate(*pack, World(), {}, *Period::parse("2022"));
  ASSERT_TRUE(later.ok());
  EXPECT_EQ(beside_table(*pack, *later, TableLanguage::kEnglish), "") << "nothing to put beside";
}

TEST(Table, ListsTheAssertionsThatDoNotHold) {
  const auto pack = Pack::from_toml(one_indicator(
      "types = [\"x\"]\ntime = { mode = \"occurred\" }\nmeasure = { kind = \"count\" }\n"
      "[[assert]]\nid = \"a\"\ntitle = { zh = \"不足\", en = \"Too few\" }\n"
      "severity = \"error\"\nexpr = \"one >= 1\"\n"
      "[[assert]]\nid = \"b\"\nseverity = \"warning\"\nexpr = \"one > 5\"\n"
      "[[assert]]\nid = \"c\"\nseverity = \"ok\"\nexpr = \"one > 5\"\n"
      "[[assert]]\nid = \"d\"\nseverity = \"error\"\nexpr = \"one == 0\"\n"));
  ASSERT_TRUE(pack.ok()) << pack.error().message;
  const auto outcomes = check_assertions(*pack, World(), {}, *Period::parse("2024"));
  ASSERT_TRUE(outcomes.ok());
  EXPECT_EQ(assertion_lines(*pack, *outcomes, TableLanguage::kEnglish),
            "!! a Too few: violated (one >= 1; one = 0)\n! b: violated (one > 5; one = 0)\n");
  EXPECT_EQ(assertion_lines(*pack, *outcomes, TableLanguage::kChinese),
            "!! a 不足: 不成立 (one >= 1; one = 0)\n! b: 不成立 (one > 5; one = 0)\n");
  EXPECT_TRUE(blocks_approval(*outcomes));
  const std::vector<AssertOutcome> warnings(outcomes->begin() + 1, outcomes->end());
  EXPECT_FALSE(blocks_approval(warnings));
}

}  // namespace
}  // namespace hefu
