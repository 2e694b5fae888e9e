#include "tools/sheet/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/sheet/limits.h"
#include "tools/sheet/number.h"

namespace hefu::sheet {
namespace {

using ::testing::HasSubstr;

std::vector<std::string> texts(const Row& row) {
  std::vector<std::string> all;
  for (const Cell& cell : row.cells) {
    all.push_back(cell_name(cell.column, row.number) + "=" + cell.text);
  }
  return all;
}

TEST(Csv, ReadsQuotedCellsWithSeparatorsAndLineBreaksInside) {
  const auto grid = read_csv("a,b\r\n\"x,\"\"y\"\"\nz\",2\r\n,,\n3");
  ASSERT_TRUE(grid);
  ASSERT_EQ(grid->rows.size(), 3U);
  EXPECT_THAT(texts(grid->rows[1]), testing::ElementsAre("A2=x,\"y\"\nz", "B2=2"));
  EXPECT_THAT(texts(grid->rows[2]), testing::ElementsAre("A4=3"));
}

TEST(Csv, TakesTheSeparatorTheFirstLineHasMostOf) {
  const auto semicolons = read_csv("a;b;c,d\n1;2;3\n");
  ASSERT_TRUE(semicolons);
  EXPECT_THAT(texts(semicolons->rows[1]), testing::ElementsAre("A2=1", "B2=2", "C2=3"));
  const auto named = read_csv("sep=;\na;b,b\n");
  ASSERT_TRUE(named);
  EXPECT_THAT(texts(named->rows[0]), testing::ElementsAre("A2=a", "B2=b,b"));
}

TEST(Csv, RefusesAQuoteThatNeverEnds) {
  const auto grid = read_csv("a,b\n1,\"never");
  ASSERT_FALSE(grid);
  EXPECT_THAT(grid.error().message, HasSubstr("B2"));
  const auto bomb = read_csv("\"" + std::string(kCellBytesMax + 10, 'x') + "\"");
  EXPECT_FALSE(bomb);
}

TEST(Csv, RefusesMoreColumnsThanItReads) {
  const auto grid = read_csv(std::string(kColumnsMax, ',') + "x");
  ASSERT_FALSE(grid);
  EXPECT_EQ(grid.error().code, Errc::kTooLarge);
}

TEST(Csv, KnowsItsEncodingByItselfOrByName) {
  std::string found;
  const std::string gb = "\xD7\xDF\xB7\xC3";  // 走访 in GB 2312
  auto text = decode_text(as_bytes(gb), "", &found);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "走访");
  EXPECT_EQ(found, "gb18030");

  const std::string four = "\x95\x32\x82\x36";  // U+20000, four bytes in GB 18030 alone
  text = decode_text(as_bytes(four), "gb18030", &found);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "\U00020000");

  text = decode_text(as_bytes("\xEF\xBB\xBF走访"), "", &found);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "走访");
  EXPECT_EQ(found, "utf-8");

  const std::string wide("\xFF\xFE\x70\x8D\x2C\x00", 6);
  text = decode_text(as_bytes(wide), "", &found);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text, "走,");
  EXPECT_EQ(found, "utf-16");
}

TEST(Csv, SaysWhichByteIsNotText) {
  const auto utf8 = decode_text(as_bytes("abc\xFF"), "utf-8", nullptr);
  ASSERT_FALSE(utf8);
  EXPECT_THAT(utf8.error().message, HasSubstr("byte 3"));
  EXPECT_FALSE(decode_text(as_bytes("abc\xFF"), "", nullptr)) << "no GB 18030 either";
  EXPECT_EQ(decode_text(as_bytes("a"), "big5", nullptr).error().code, Errc::kUnsupported);
}

TEST(Csv, NeutralisesFormulasOnTheWayOutAndTakesThemBackOnTheWayIn) {
  for (const std::string text :
       {"=1+1", "+A1", "-A1", "@SUM(1)", "\t=1", "=HYPERLINK(\"x\",\"y\")"}) {
    const std::string out = csv_cell(text);
    EXPECT_THAT(out, testing::AnyOf(testing::StartsWith("'"), testing::StartsWith("\"'"))) << text;
    const auto back = read_csv("h\n" + out);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->rows[1].cells[0].text, text);
  }
  EXPECT_EQ(csv_cell("-12.5"), "-12.5") << "a plain number is no formula";
  EXPECT_EQ(csv_cell("'tis"), "'tis");
}

TEST(SheetNumber, KeepsTheDigitsASpreadsheetShows) {
  EXPECT_EQ(plain_number("0.30000000000000004"), "0.3");
  EXPECT_EQ(plain_number("1.5E-2"), "0.015");
  EXPECT_EQ(plain_number("1.0000000000000001E+5"), "100000");
  EXPECT_EQ(plain_number("-12.50"), "-12.5");
  EXPECT_EQ(plain_number("999999999999999.9"), "1000000000000000");
  EXPECT_EQ(plain_number("0"), "0");
  EXPECT_EQ(plain_number("-0.0"), "0");
  for (const char* wrong :
       {"", "-", ".", "1e", "1e999", "1e40", "0x10", "1 2", "NaN", "INF", "--1"}) {
    EXPECT_FALSE(plain_number(wrong)) << wrong;
  }
}

TEST(SheetNumber, CountsDaysAsExcelDoes) {
  EXPECT_EQ(serial_date("45969", false), "2025-11-08");
  EXPECT_EQ(serial_date("45969.75", false), "2025-11-08");
  EXPECT_EQ(serial_date("61", false), "1900-03-01");
  EXPECT_EQ(serial_date("44507", true), "2025-11-08");
  EXPECT_FALSE(serial_date("60", false)) << "29 February 1900 never was";
  EXPECT_FALSE(serial_date("-1", false));
  EXPECT_FALSE(serial_date("99999999", false));
}

TEST(CellName, IsReadAndWrittenAlike) {
  for (const std::string name : {"A1", "Z9", "AA10", "XFD1048576"}) {
    const auto place = parse_cell_name(name);
    ASSERT_TRUE(place) << name;
    EXPECT_EQ(cell_name(place->column, place->row), name);
  }
  for (const char* wrong : {"", "A", "1", "A0", "a1", "AAAA1", "A1048577", "A1B", "A-1"}) {
    EXPECT_FALSE(parse_cell_name(wrong)) << wrong;
  }
}

}  // namespace
}  // namespace hefu::sheet
