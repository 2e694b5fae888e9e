#include "tools/sheet/xlsx.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>

#include "tools/sheet/limits.h"
#include "tools/sheet/xlsx_parts.h"

namespace hefu::sheet {
namespace {

using ::testing::HasSubstr;

constexpr const char* kWorkbook =
    R"(<workbook xmlns:r="r"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>)";
constexpr const char* kRelations =
    R"(<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>)"
    R"(<Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/>)"
    R"(<Relationship Id="rId3" Type="x/styles" Target="/xl/styles.xml"/></Relationships>)";
constexpr const char* kStyles =
    R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m"/></numFmts>)"
    R"(<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>)"
    R"(<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>)";

/// Parts of a workbook by name, packed.
std::string packed(const std::map<std::string, std::string>& parts) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* to = zip_source_buffer_create(nullptr, 0, 0, &error);
  zip_source_keep(to);
  zip_t* archive = zip_open_from_source(to, ZIP_TRUNCATE, &error);
  for (const auto& [name, content] : parts) {
    zip_source_t* part = zip_source_buffer(archive, content.data(), content.size(), 0);
    zip_file_add(archive, name.c_str(), part, ZIP_FL_ENC_UTF_8);
  }
  zip_close(archive);
  zip_source_open(to);
  zip_source_seek(to, 0, SEEK_END);
  std::string bytes(static_cast<std::size_t>(zip_source_tell(to)), '\0');
  zip_source_seek(to, 0, SEEK_SET);
  zip_source_read(to, bytes.data(), bytes.size());
  zip_source_close(to);
  zip_source_free(to);
  return bytes;
}

std::map<std::string, std::string> parts(const std::string& rows, const std::string& shared = "") {
  return {
      {"xl/workbook.xml", kWorkbook},
      {"xl/_rels/workbook.xml.rels", kRelations},
      {"xl/styles.xml", kStyles},
      {"xl/sharedStrings.xml", "<sst>" + shared + "</sst>"},
      {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"}};
}

Result<Grid> read(const std::map<std::string, std::string>& content) {
  const std::string bytes = packed(content);
  auto file = XlsxFile::open(as_bytes(bytes));
  return file ? file->read(0) : Result<Grid>(file.error());
}

TEST(Xlsx, ReadsTextsNumbersDatesTruthValuesAndErrors) {
  const auto grid = read(parts(
      R"(<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2"><v>1.5</v></c><c r="C2" s="1"><v>45969</v></c>)"
      R"(<c r="D2" s="2"><v>45969</v></c><c r="E2" t="b"><v>1</v></c><c r="F2" t="e"><v>#REF!</v></c>)"
      R"(<c r="G2" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>)",
      "<si><r><t>走</t></r><r><t>访</t></r><rPh><t>zou</t></rPh></si>"));
  ASSERT_TRUE(grid) << grid.error().message;
  ASSERT_EQ(grid->rows.size(), 1U);
  const auto& cells = grid->rows[0].cells;
  ASSERT_EQ(cells.size(), 7U);
  EXPECT_EQ(cells[0].text, "走访");
  EXPECT_EQ(cells[1].text, "1.5");
  EXPECT_EQ(cells[2].text, "2025-11-08");
  EXPECT_EQ(cells[2].kind, CellKind::kDate);
  EXPECT_EQ(cells[3].text, "2025-11-08");
  EXPECT_EQ(cells[4].text, "TRUE");
  EXPECT_EQ(cells[5].kind, CellKind::kError);
  EXPECT_EQ(cells[6].text, "ab");
}

TEST(Xlsx, TakesOfAFormulaTheValueLastShown) {
  const auto grid = read(parts(
      R"(<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>WEBSERVICE("http://x")</f></c></row>)"));
  ASSERT_TRUE(grid);
  const auto& cells = grid->rows[0].cells;
  EXPECT_EQ(cells[0].text, "2");
  EXPECT_TRUE(cells[0].formula);
  EXPECT_EQ(cells[1].text, "") << "nothing is computed";
  EXPECT_TRUE(cells[1].formula);
}

TEST(Xlsx, RefusesEntitiesOfAnyKind) {
  auto content = parts("");
  content["xl/worksheets/sheet1.xml"] =
      R"(<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet><sheetData/></worksheet>)";
  EXPECT_THAT(read(content).error().message, HasSubstr("document type"));
  content["xl/worksheets/sheet1.xml"] = "<worksheet>&unknown;</worksheet>";
  EXPECT_EQ(read(content).error().code, Errc::kInvalid);
}

TEST(Xlsx, RefusesAPartThatUnpacksWithoutEnd) {
  auto content = parts("");
  content["xl/worksheets/sheet1.xml"] =
      "<worksheet><sheetData/>" + std::string(kUnpackedBytesMax + 1, ' ') + "</worksheet>";
  const auto grid = read(content);
  ASSERT_FALSE(grid);
  EXPECT_EQ(grid.error().code, Errc::kTooLarge);
}

TEST(Xlsx, RefusesATagOfMegabytes) {
  auto content = parts("");
  content["xl/worksheets/sheet1.xml"] =
      "<worksheet a=\"" + std::string(4U << 20U, 'x') + "\"></worksheet>";
  EXPECT_THAT(read(content).error().message, HasSubstr("tag of more than 1 MiB"));
}

TEST(Xlsx, RefusesASharedTextShownTooOften) {
  std::string rows;
  for (int row = 1; row <= 9000; ++row) {
    rows += "<row r=\"" + std::to_string(row) + "\"><c t=\"s\"><v>0</v></c></row>";
  }
  const auto grid = read(parts(rows, "<si><t>" + std::string(kCellBytesMax, 'x') + "</t></si>"));
  ASSERT_FALSE(grid);
  EXPECT_THAT(grid.error().message, HasSubstr("holds too much"));
}

TEST(Xlsx, RefusesCellsThatAreNowhere) {
  EXPECT_EQ(read(parts(R"(<row r="99999999"><c><v>1</v></c></row>)")).error().code,
            Errc::kTooLarge);
  EXPECT_EQ(read(parts(R"(<row r="1"><c r="XFD1"><v>1</v></c></row>)")).error().code,
            Errc::kTooLarge);
  EXPECT_FALSE(read(parts(R"(<row r="0"><c><v>1</v></c></row>)")));
  EXPECT_FALSE(read(parts(R"(<row r="1"><c r="A2"><v>1</v></c></row>)")));
  EXPECT_FALSE(read(parts(R"(<row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row>)")));
  EXPECT_FALSE(read(parts(R"(<row r="1"><c t="s"><v>7</v></c></row>)"))) << "no such shared text";
  EXPECT_FALSE(read(parts(R"(<row r="1"><c><v>1e400</v></c></row>)")));
}

TEST(Xlsx, RefusesXmlNestedWithoutEnd) {
  std::string deep;
  for (int i = 0; i < 1000; ++i) {
    deep += "<a>";
  }
  EXPECT_EQ(read(parts(deep)).error().code, Errc::kTooLarge);
}

TEST(Xlsx, SaysWhatToSaveInsteadOfOtherKindsOfWorkbook) {
  const std::string compound = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more";
  EXPECT_THAT(XlsxFile::open(as_bytes(compound)).error().hint, HasSubstr("without a password"));
  auto macros = parts("");
  macros["xl/vbaProject.bin"] = "x";
  EXPECT_THAT(read(macros).error().message, HasSubstr("macros"));
  EXPECT_EQ(XlsxFile::open(as_bytes("PK\x03\x04 no more")).error().code, Errc::kInvalid);
}

TEST(Xlsx, NeverLooksOutsideTheFile) {
  auto content = parts("");
  content["xl/_rels/workbook.xml.rels"] =
      R"(<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../../../etc/passwd"/></Relationships>)";
  EXPECT_EQ(read(content).error().code, Errc::kInvalid);
  content["xl/_rels/workbook.xml.rels"] =
      R"(<Relationships><Relationship Id="rId1" Type="x/worksheet" TargetMode="External" Target="http://x/"/></Relationships>)";
  EXPECT_EQ(read(content).error().code, Errc::kInvalid);
}

TEST(Xlsx, RefusesTwoPartsOfOneName) {
  auto content = parts("");
  content["XL/Workbook.xml"] = kWorkbook;
  EXPECT_THAT(read(content).error().message, HasSubstr("two files of one name"));
}

TEST(Xlsx, KnowsWhichFormatsShowDates) {
  EXPECT_TRUE(is_date_format("yyyy-mm-dd"));
  EXPECT_TRUE(is_date_format("[$-804]yyyy\"年\"m\"月\"d\"日\""));
  EXPECT_FALSE(is_date_format("0.00"));
  EXPECT_FALSE(is_date_format("[Red]0.00"));
  EXPECT_FALSE(is_date_format("0\" days\""));
  EXPECT_FALSE(is_date_format("\\d0"));
}

}  // namespace
}  // namespace hefu::sheet
