#include "tools/sheet/check.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/event/event_json.h"
#include "ledger/event/uscc.h"
#include "node/files.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"
#include "tools/sheet/csv.h"
#include "tools/sheet/limits.h"
#include "tools/sheet/row_book.h"
#include "tools/sheet/template.h"
#include "tools/sheet/xlsx.h"

namespace hefu::sheet {
namespace {

using ::testing::HasSubstr;

constexpr const char* kUniversity = "12150000000000027U";
constexpr const char* kCollege = "12150000000000035N";

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class Sheet : public ::testing::Test {
 protected:
  Sheet() {
    auto catalogue =
        Catalogue::parse(file_text(HEFU_SOURCE_DIR "/deploy/catalogue/hefu-cn-1.json"));
    EXPECT_TRUE(catalogue);
    catalogue_ = *std::move(catalogue);
    institutions_.add(kUniversity, "内蒙古科技大学", true);
    institutions_.add(kUniversity, "Inner Mongolia University of Science and Technology", true);
    institutions_.add(kCollege, "包头职业技术学院", true);
    options_.catalogue = &catalogue_;
    options_.institutions = &institutions_;
    options_.issuer = kUniversity;
    options_.programmes = {"baotou.xdrh"};
    options_.today = *Date::parse("2025-12-31");
    type("organised-activity");
  }

  void type(const char* name) {
    options_.type = catalogue_.find(name);
    ASSERT_NE(options_.type, nullptr);
  }

  CheckOutcome check(const std::string& csv) {
    auto grid = read_csv(csv);
    EXPECT_TRUE(grid) << grid.error().message;
    grid_ = *grid;
    return check_sheet(grid_, options_);
  }

  /// Every finding as "B2 …" in Chinese, one a line.
  static std::string said(const CheckOutcome& outcome) {
    std::string all;
    for (const Finding& finding : outcome.findings) {
      all += finding.place() + " " + finding.what.zh + "\n";
    }
    return all;
  }

  Result<Grid> reopen(const std::string& path, std::vector<XlsxFile::SheetName>* names = nullptr) {
    auto bytes = read_file(path, kFileBytesMax);
    EXPECT_TRUE(bytes);
    auto file = XlsxFile::open(as_bytes(*bytes));
    EXPECT_TRUE(file) << file.error().message;
    if (names != nullptr) {
      *names = file->sheets();
    }
    return file->read(0);
  }

  Catalogue catalogue_;
  Institutions institutions_;
  CheckOptions options_;
  Grid grid_;
  TemporaryDir dir_;
};

TEST_F(Sheet, MakesEventsOfRowsWithNamesWordsAndDatesAsPeopleWriteThem) {
  std::string titles;
  for (const Field& field : options_.type->fields) {
    titles += field.name + "|" + field.title->zh + " ";
  }
  const auto outcome = check(
      "activity_kind,方式,place_division,主办方,开始日期,Ends on\n"
      "校园开放日,实地,150203,内蒙古科技大学；包头职业技术学院,2025/11/8,2025年11月8日\n"
      "open-day,on-site,150203,12150000000000027u,20251109,2025.11.9\n");
  EXPECT_EQ(outcome.errors, 0U) << said(outcome) << titles;
  ASSERT_EQ(outcome.rows.size(), 2U);
  const auto& fields = outcome.rows[0].event.at("fields");
  EXPECT_EQ(fields.at("activity_kind"), "open-day");
  EXPECT_EQ(fields.at("organisers").as_array().size(), 2U);
  EXPECT_EQ(fields.at("starts_on"), "2025-11-08");
  EXPECT_EQ(outcome.rows[1].event.at("fields").at("organisers").at(0), kUniversity);
  EXPECT_EQ(outcome.rows[0].event.at("programmes").at(0), "baotou.xdrh");
  SeededEntropy entropy(1);
  const auto draft = event_from_json(outcome.rows[0].event, catalogue_, Moment{0}, entropy);
  ASSERT_TRUE(draft);
  EXPECT_TRUE(validate(draft->event, catalogue_));
}

TEST_F(Sheet, NamesEveryWrongCellWithWhatWasFoundAndWhatIsExpected) {
  const auto outcome = check(
      "活动种类,方式,地点区划代码,主办方,开始日期,结束日期\n"
      "开放,实地,150203,内蒙古大学,2025-02-30,\n"
      "校园开放日,飞,150203,12150000000000027X,明天,2025-11-08\n");
  const std::string all = said(outcome);
  EXPECT_THAT(all, HasSubstr("A2 “开放”：应为下列之一"));
  EXPECT_THAT(all, HasSubstr("D2 “内蒙古大学”：没有叫这个名字的机构"));
  EXPECT_THAT(all, HasSubstr("是否：内蒙古科技大学"));
  EXPECT_THAT(all, HasSubstr("E2 “2025-02-30”：应为日期"));
  EXPECT_THAT(all, HasSubstr("F2 “结束日期”必填"));
  EXPECT_THAT(all, HasSubstr("B3 “飞”"));
  EXPECT_THAT(all, HasSubstr("D3 “12150000000000027X”：统一社会信用代码有误"));
  EXPECT_THAT(all, HasSubstr("E3 “明天”"));
  EXPECT_EQ(outcome.errors, 7U) << all;
  EXPECT_EQ(outcome.good_rows(), 0U);
}

TEST_F(Sheet, ChecksNumbersAmountsAndIdsByTheirType) {
  type("training-delivery");
  const auto outcome = check(
      "提供方,培训对象,培训主题,开始日期,结束日期,天数,报名人数,实到人数,考勤名册根,收费（元）,"
      "经费来源\n"
      "内蒙古科技大学,农民工,焊工,2025-05-06,2025-05-08,2.5天,12.5,12,abc,1.234,短\n"
      "内蒙古科技大学,农民工,焊工,2025-05-06,2025-05-08,2.5,\"1,200\",12," +
      std::string(64, 'A') + ",\"￥1,200.50元\"," + std::string(64, '0') + "\n");
  const std::string all = said(outcome);
  EXPECT_THAT(all, HasSubstr("F2 “2.5天”：应为数字"));
  EXPECT_THAT(all, HasSubstr("G2 “12.5”：应为整数"));
  EXPECT_THAT(all, HasSubstr("I2 “abc”：应为文件的SHA-256散列"));
  EXPECT_THAT(all, HasSubstr("J2 “1.234”：应为金额"));
  EXPECT_THAT(all, HasSubstr("K2 “短”：应为所指记录的编号"));
  EXPECT_EQ(outcome.errors, 5U) << all;
  const auto& row = outcome.rows[1].event.as_object();
  EXPECT_EQ(row.at("fields").at("fee"), 120050);
  EXPECT_EQ(row.at("fields").at("enrolled"), 1200);
  EXPECT_EQ(row.at("fields").at("days"), "2.5");
  EXPECT_EQ(row.at("personal").at("audience"), "migrant-worker");
  EXPECT_FALSE(row.at("fields").as_object().contains("audience"));
}

TEST_F(Sheet, FindsTheTitlesBelowAHeadingAndSkipsTheirEnglish) {
  const auto outcome = check(
      "2025年活动登记表\n\n活动种类 *,方式 *,地点区划代码,主办方,开始日期,结束日期\n"
      "Activity kind,Mode,Place division,Organisers,Starts on,Ends on\n"
      "校园开放日,实地,150203,内蒙古科技大学,2025-11-08,2025-11-08\n");
  EXPECT_EQ(outcome.header, 3U);
  EXPECT_EQ(outcome.errors, 0U) << said(outcome);
  ASSERT_EQ(outcome.rows.size(), 1U);
  EXPECT_EQ(outcome.rows[0].number, 5U);
}

TEST_F(Sheet, AsksWhatAnUnknownTitleMeansAndTakesTheAnswer) {
  const std::string csv =
      "活动种类,方式,地点区划代码,谁办的,开始日期,结束日期,备注\n"
      "校园开放日,实地,150203,内蒙古科技大学,2025-11-08,2025-11-08,无\n";
  auto outcome = check(csv);
  EXPECT_FALSE(outcome.titles_good);
  EXPECT_EQ(outcome.good_rows(), 0U);
  EXPECT_THAT(said(outcome), HasSubstr("D1 不认识的列名“谁办的”"));
  EXPECT_THAT(said(outcome), HasSubstr("缺少必填列“主办方”"));
  options_.mapping = {{comparable("谁办的"), "organisers"}, {comparable("备注"), "-"}};
  outcome = check(csv);
  EXPECT_EQ(outcome.errors, 0U) << said(outcome);
  EXPECT_EQ(outcome.good_rows(), 1U);
}

TEST_F(Sheet, RefusesOneFieldInTwoColumnsAndCellsUnderNoTitle) {
  const auto outcome = check(
      "活动种类,方式,地点区划代码,主办方,开始日期,结束日期,mode\n"
      "校园开放日,实地,150203,内蒙古科技大学,2025-11-08,2025-11-08,实地,多余\n");
  EXPECT_THAT(said(outcome), HasSubstr("G1 与B列重复"));
  EXPECT_THAT(said(outcome), HasSubstr("H2 “多余”上方没有列名"));
}

TEST_F(Sheet, SaysWhereNoTitlesAre) {
  const auto outcome = check("1,2,3\n4,5,6\n");
  EXPECT_EQ(outcome.header, 0U);
  EXPECT_THAT(said(outcome), HasSubstr("没有找到列名"));
  EXPECT_EQ(outcome.good_rows(), 0U);
}

TEST_F(Sheet, PointsOutRowsThatSayTheSame) {
  const std::string row = "校园开放日,实地,150203,内蒙古科技大学,2025-11-08,2025-11-08\n";
  const std::string titles = "活动种类,方式,地点区划代码,主办方,开始日期,结束日期\n";
  auto outcome =
      check(titles + row + "open-day,on-site,150203,12150000000000027U,20251108,20251108\n");
  EXPECT_THAT(said(outcome), HasSubstr("3 与第2行完全相同"));
  EXPECT_EQ(outcome.good_rows(), 1U);
  options_.repeats = true;
  outcome = check(titles + row + row);
  EXPECT_EQ(outcome.good_rows(), 2U);
}

TEST_F(Sheet, KeepsABoundedNumberOfFindingsAndCountsAll) {
  std::string csv = "活动种类,方式,地点区划代码,主办方,开始日期,结束日期\n";
  for (int i = 0; i < 3000; ++i) {
    csv += "x,x,150203,x,x,\n";
  }
  const auto outcome = check(csv);
  EXPECT_EQ(outcome.findings.size(), kFindingsMax);
  EXPECT_EQ(outcome.errors, 15000U);
}

TEST_F(Sheet, ShowsNoControlCharactersOfAHostileCell) {
  const auto outcome = check(
      "活动种类,方式,地点区划代码,主办方,开始日期,结束日期\n"
      "\x1b[31mred\u202e,实地,150203,内蒙古科技大学,2025-11-08,2025-11-08\n");
  EXPECT_THAT(said(outcome), testing::Not(HasSubstr("\x1b")));
  EXPECT_THAT(said(outcome), testing::Not(HasSubstr("\u202e")));
}

TEST_F(Sheet, WritesATemplateForEveryTypeThatItsOwnReaderUnderstands) {
  std::size_t types = 0;
  for (const EventType& one : catalogue_.types()) {
    if (one.protocol) {
      continue;
    }
    ++types;
    options_.type = &one;
    const std::string path = (dir_.path() / (one.name + ".xlsx")).string();
    TemplateContent content;
    content.catalogue = &catalogue_;
    content.type = &one;
    content.institutions = &institutions_;
    ASSERT_TRUE(write_template(content, path)) << one.name;
    std::vector<XlsxFile::SheetName> names;
    const auto grid = reopen(path, &names);
    ASSERT_TRUE(grid) << one.name << grid.error().message;
    const auto outcome = check_sheet(*grid, options_);
    EXPECT_TRUE(outcome.titles_good) << one.name << said(outcome);
    EXPECT_TRUE(outcome.rows.empty()) << one.name;
    EXPECT_EQ(outcome.columns.size(), sheet_columns(one).size()) << one.name;
    EXPECT_EQ(names.back().name, kMarkSheet);
    EXPECT_FALSE(names.back().visible);
  }
  EXPECT_EQ(types, 34U);
}

TEST_F(Sheet, ComesBackFromItsErrorsFileWithTheSameEvents) {
  const auto before = check(
      "活动种类,方式,地点区划代码,主办方,开始日期,结束日期\n"
      "校园开放日,实地,150203,内蒙古科技大学,2025-11-08,2025-11-08\n"
      "=cmd|' /C calc'!A0,实地,150203,内蒙古科技大学,2025-11-08,2025-11-08\n"
      "论坛,实地,150203,包头职业技术学院,2025-11-10,2025-11-10\n");
  EXPECT_EQ(before.errors, 1U) << said(before);
  const std::string path = (dir_.path() / "errors.xlsx").string();
  TemplateContent content{&catalogue_, options_.type, &institutions_, &before, &grid_, false};
  ASSERT_TRUE(write_template(content, path));
  const auto grid = reopen(path);
  ASSERT_TRUE(grid);
  EXPECT_EQ(grid->rows[3].cells[0].text, "=cmd|' /C calc'!A0");
  EXPECT_FALSE(grid->rows[3].cells[0].formula) << "a text is written as a text";
  const auto after = check_sheet(*grid, options_);
  ASSERT_EQ(after.rows.size(), 3U);
  EXPECT_EQ(after.rows[0].content(), before.rows[0].content());
  EXPECT_EQ(after.rows[2].content(), before.rows[2].content());
  EXPECT_THAT(said(after), HasSubstr("B4 "));
  EXPECT_EQ(after.errors, 1U) << said(after);

  content.wrong_rows_only = true;
  const std::string csv = errors_csv(content);
  EXPECT_THAT(csv, HasSubstr("'=cmd|")) << "neutralised on the way out";
  EXPECT_THAT(csv, HasSubstr("A3："));
  const auto again = check(csv.substr(3));
  EXPECT_EQ(again.rows.size(), 1U);
}

TEST_F(Sheet, LooksUpInstitutionsByNameCodeAndUnit) {
  EXPECT_EQ(institutions_.find("内蒙古科技大学").party, kUniversity);
  EXPECT_EQ(institutions_.find(" 内蒙古科技大学/rare-earth").party,
            std::string(kUniversity) + "/rare-earth");
  EXPECT_EQ(institutions_.find("１２１５０００００００００００２７Ｕ").party, kUniversity);
  institutions_.add(kCollege, "内蒙古科技大学", false);
  EXPECT_THAT(institutions_.find("内蒙古科技大学").wrong.zh, HasSubstr(kCollege));
  EXPECT_EQ(institutions_.find("").party, "");
}

TEST(RowBook, MakesTheSameEventFromTheSameRowUntilItsPlaceIsKnown) {
  SeededEntropy entropy(7);
  auto book = RowBook::read("", entropy);
  ASSERT_TRUE(book);
  const Digest row = book->row("{}", 0);
  EXPECT_NE(row, book->row("{}", 1));
  EXPECT_NE(row, book->row("{ }", 0));
  RowBook::Entry entry{EventId{sha256(as_bytes("event"))}, entropy.take<32>(), Moment{5}, {}};
  book->set(row, entry);
  auto again = RowBook::read(book->text(), entropy);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->row("{}", 0), row);
  ASSERT_NE(again->find(row), nullptr);
  EXPECT_EQ(again->find(row)->seed, entry.seed);
  SeededDraws one(*entry.seed);
  SeededDraws two(*again->find(row)->seed);
  EXPECT_EQ(one.take<100>(), two.take<100>());
  EXPECT_NE(one.take<16>(), (std::array<std::uint8_t, 16>{}));

  again->place(row, 42);
  EXPECT_FALSE(again->find(row)->seed) << "what opens the event's fields is gone";
  const auto placed = RowBook::read(again->text(), entropy);
  EXPECT_EQ(placed->find(row)->index, 42U);
  EXPECT_TRUE(again->forget(entry.event));
  EXPECT_FALSE(again->forget(entry.event));
}

TEST(RowBook, RefusesWhatItDidNotWrite) {
  SeededEntropy entropy(8);
  const std::string head = "hefu/sheet-rows/v1 " + std::string(64, '0') + "\n";
  EXPECT_TRUE(RowBook::read(head, entropy));
  EXPECT_FALSE(RowBook::read("something else\n", entropy));
  EXPECT_FALSE(RowBook::read(head + "0 1 2\n", entropy));
  EXPECT_THAT(RowBook::read(head + "x\n", entropy).error().message, HasSubstr("line 2"));
}

}  // namespace
}  // namespace hefu::sheet
