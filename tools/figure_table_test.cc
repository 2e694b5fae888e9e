#include "tools/figure_table.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

constexpr const char* kTable =
    "指标    数值\n"
    "------------\n"
    "开放日  3次\n"
    "基地    1/3个\n"
    "\n"
    "指标  基线\n";

TEST(FigureTable, HasTheIdOfEachIndicatorInFront) {
  EXPECT_EQ(with_ids(kTable, {"days.open", "bases"}, "编号"),
            "编号       指标    数值\n"
            "-----------------------\n"
            "days.open  开放日  3次\n"
            "bases      基地    1/3个\n"
            "\n"
            "指标  基线\n");
}

TEST(FigureTable, OfAnotherProgramIsLeftAsItIs) {
  const std::vector<std::string> ids(7, "x");
  EXPECT_EQ(with_ids(kTable, ids, "编号"), kTable);
  EXPECT_EQ(with_ids("", {"days.open"}, "编号"), "");
}

TEST(FigureTable, WithoutIndicatorsKeepsItsHead) {
  EXPECT_EQ(with_ids("指标\n----\n", {}, "编号"), "编号  指标\n----------\n");
}

}  // namespace
}  // namespace hefu
