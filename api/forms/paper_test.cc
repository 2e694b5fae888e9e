#include "api/forms/paper.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>

#include "node/files.h"
#include "tests/support/temporary_dir.h"
#include "tools/sheet/limits.h"
#include "tools/sheet/xlsx.h"

namespace hefu::forms {
namespace {

PaperCell cell(const std::string& text, int down = 1) {
  return {text, 1, down, false, false};
}

Paper small_paper() {
  Paper paper;
  paper.title = "推进表";
  paper.source = "附件2";
  paper.unit = "整个项目";
  paper.period = "2025";
  paper.federation = std::string(64, 'f');
  paper.cut = std::string(64, 'c');
  paper.pack = "p";
  paper.pack_version = "1.0.0";
  paper.pack_digest = std::string(64, 'd');
  PaperPart title;
  title.kind = PaperPart::Kind::kTitle;
  title.text = "推进表";
  PaperPart table;
  table.kind = PaperPart::Kind::kTable;
  table.widths = {6, 10};
  table.title_rows = 1;
  table.rows = {{cell("序号"), cell("任务")},
                {cell("1"), cell("甲", 2)},
                {cell("2")},
                {cell("3"), cell("=1+1")},
                {cell("4"), cell("@SUM(A1)\x01<b>")}};
  paper.parts = {title, table};
  FigureLine line;
  line.where = "1";
  line.indicator = "a.b";
  line.period = "2025";
  line.title = "名";
  line.shown = "3";
  line.target = "≥2";
  line.verdict = "已达标";
  line.claimed = "1";
  line.confirmed = "2";
  line.disputed = "0";
  line.grades = "E2 2";
  paper.figures = {line};
  return paper;
}

TEST(Paper, IsReadBackAsItWasWritten) {
  const Paper paper = small_paper();
  const auto again = Paper::parse(paper.json() + "\n");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->json(), paper.json());
  EXPECT_EQ(again->root(), paper.root());
}

TEST(Paper, HasAnotherRootIfAnyCellOrFigureIsAnother) {
  const Paper paper = small_paper();
  Paper other = paper;
  other.parts[1].rows[1][1].text = "乙";
  EXPECT_NE(other.root(), paper.root());
  other = paper;
  other.figures[0].grades = "E3 2";
  EXPECT_NE(other.root(), paper.root());
  other = paper;
  other.salt = "00";
  EXPECT_NE(other.root(), paper.root());
  other = paper;
  other.node = "http://127.0.0.1:7410";
  EXPECT_EQ(other.root(), paper.root()) << "where to get the bundle may change";
}

TEST(Paper, RefusesJsonThatIsNotExactlyAFilledForm) {
  const std::string json = small_paper().json();
  EXPECT_FALSE(Paper::parse("{}"));
  EXPECT_FALSE(Paper::parse(json.substr(0, json.size() - 1)));
  EXPECT_FALSE(Paper::parse(R"({"form":"hefu/filled-form/v1"})"));
  std::string spaced = json;
  spaced.insert(1, " ");
  EXPECT_FALSE(Paper::parse(spaced)) << "not canonical";
  std::string added = json;
  added.insert(1, R"("a":1,)");
  EXPECT_FALSE(Paper::parse(added)) << "an unknown member";
}

TEST(Paper, LocatorLeadsBackToTheBundle) {
  Paper paper = small_paper();
  EXPECT_EQ(paper.locator(), "hefu:1/" + std::string(64, 'f') + "/p/1.0.0/2025/" +
                                 std::string(64, 'c') + "/" + paper.root().hex());
  paper.node = "http://127.0.0.1:7410";
  paper.bundle = std::string(64, 'b');
  EXPECT_THAT(paper.locator(),
              testing::EndsWith("?bundle=" + std::string(64, 'b') + "&node=http://127.0.0.1:7410"));
}

TEST(PaperXlsx, CarriesItsCutAndPackAndNeverAFormula) {
  TemporaryDir dir;
  const Paper paper = small_paper();
  const std::string path = (dir.path() / "form.xlsx").string();
  ASSERT_TRUE(write_xlsx(paper, path));
  auto bytes = read_file(path, sheet::kFileBytesMax);
  ASSERT_TRUE(bytes);
  auto file = sheet::XlsxFile::open(as_bytes(*bytes));
  ASSERT_TRUE(file);
  const auto grid = file->read(0);
  ASSERT_TRUE(grid);
  std::string all;
  for (const sheet::Row& row : grid->rows) {
    for (const sheet::Cell& one : row.cells) {
      EXPECT_FALSE(one.formula);
      all += sheet::cell_name(one.column, row.number) + "=" + one.text + "\n";
    }
  }
  EXPECT_THAT(all, testing::HasSubstr("A3=序号\nB3=任务\nA4=1\nB4=甲\nA5=2\nA6=3\nB6==1+1\n"));
  EXPECT_THAT(all, testing::HasSubstr(paper.cut));
  EXPECT_THAT(all, testing::HasSubstr("p/1.0.0  " + paper.pack_digest));
  EXPECT_THAT(all, testing::HasSubstr(paper.root().hex()));
  const auto evidence = file->read(1);
  ASSERT_TRUE(evidence);
  ASSERT_EQ(evidence->rows[1].cells.size(), 8U);
  EXPECT_EQ(evidence->rows[1].cells[6].text, "1/2/0");
  EXPECT_EQ(evidence->rows[1].cells[7].text, "E2 2");
}

TEST(PaperXlsx, GivesALongTextSeveralRowsBecauseOneIsNeverHighEnough) {
  TemporaryDir dir;
  Paper paper = small_paper();
  for (int i = 0; i < 200; ++i) {
    paper.parts[1].rows[1][0].text += "字";
  }
  const std::string path = (dir.path() / "form.xlsx").string();
  ASSERT_TRUE(write_xlsx(paper, path));
  const auto bytes = read_file(path, sheet::kFileBytesMax);
  ASSERT_TRUE(bytes);
  auto file = sheet::XlsxFile::open(as_bytes(*bytes));
  ASSERT_TRUE(file);
  const auto grid = file->read(0);
  ASSERT_TRUE(grid);
  std::uint32_t row_of_2 = 0;
  for (const sheet::Row& row : grid->rows) {
    for (const sheet::Cell& one : row.cells) {
      row_of_2 = one.text == "2" ? row.number : row_of_2;
    }
  }
  EXPECT_GT(row_of_2, 7U) << "the row after it, which stands in row 5 where the text is short";
}

PaperPart words(PaperPart::Kind kind, const std::string& text) {
  PaperPart part;
  part.kind = kind;
  part.text = text;
  return part;
}

TEST(PaperXlsx, KeepsNotesAndTheLineToStampWithTheTableAboveThem) {
  TemporaryDir dir;
  Paper paper = small_paper();
  const PaperPart table = paper.parts[1];
  paper.parts.push_back(words(PaperPart::Kind::kNote, "注一"));
  paper.parts.push_back(words(PaperPart::Kind::kHeading, "第二部分"));
  paper.parts.push_back(table);
  paper.parts.push_back(words(PaperPart::Kind::kSeal, "填报单位（公章）"));
  const std::string path = (dir.path() / "form.xlsx").string();
  ASSERT_TRUE(write_xlsx(paper, path));
  const auto bytes = read_file(path, sheet::kFileBytesMax);
  ASSERT_TRUE(bytes);
  auto file = sheet::XlsxFile::open(as_bytes(*bytes));
  ASSERT_TRUE(file);
  ASSERT_EQ(file->sheets().size(), 3U) << "two tables and the evidence";
  const auto all = [&](std::size_t sheet) {
    std::string text;
    const auto grid = file->read(sheet);
    EXPECT_TRUE(grid);
    for (const sheet::Row& row : grid->rows) {
      for (const sheet::Cell& one : row.cells) {
        text += one.text + "\n";
      }
    }
    return text;
  };
  EXPECT_THAT(all(0), testing::AllOf(testing::HasSubstr("注一"),
                                     testing::Not(testing::HasSubstr("第二部分"))));
  EXPECT_THAT(all(1), testing::AllOf(testing::HasSubstr("第二部分"),
                                     testing::HasSubstr("填报单位（公章）")));
}

TEST(Paper, CentresAColumnAsAWholeOrNotAtAll) {
  PaperPart table = small_paper().parts[1];
  EXPECT_THAT(centred_columns(table), testing::ElementsAre(true, true));
  table.rows[3][1].text = "一段比十二个字长得多的文字说明";
  EXPECT_THAT(centred_columns(table), testing::ElementsAre(true, false));
  table.rows[0][0].text = "一个很长很长的标题，不算在内，标题总是居中的";
  EXPECT_THAT(centred_columns(table), testing::ElementsAre(true, false));
  table.title_rows = 0;
  EXPECT_THAT(centred_columns(table), testing::ElementsAre(false, false));
}

TEST(Paper, LeavesTargetsOutOfTheEvidenceWhereNoFigureHasOne) {
  Paper paper = small_paper();
  EXPECT_EQ(evidence_table(paper).widths.size(), 8U);
  paper.figures[0].target.clear();
  paper.figures[0].verdict.clear();
  const PaperPart table = evidence_table(paper);
  ASSERT_EQ(table.widths.size(), 6U);
  ASSERT_EQ(table.rows[1].size(), 6U);
  EXPECT_EQ(table.rows[1][4].text, "1/2/0");
  EXPECT_EQ(table.rows[1][5].text, "E2 2");
}

TEST(PaperXlsx, HasTheSameBytesForTheSamePaper) {
  TemporaryDir dir;
  const std::string one = (dir.path() / "one.xlsx").string();
  const std::string two = (dir.path() / "two.xlsx").string();
  ASSERT_TRUE(write_xlsx(small_paper(), one));
  ASSERT_TRUE(write_xlsx(small_paper(), two));
  const auto first = read_file(one, sheet::kFileBytesMax);
  const auto second = read_file(two, sheet::kFileBytesMax);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first, *second);
}

/// A file inside a document.
std::string part_of(const std::string& docx, const char* name) {
  zip_error_t error;
  zip_source_t* source = zip_source_buffer_create(docx.data(), docx.size(), 0, &error);
  zip_t* archive = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (archive == nullptr) {
    ADD_FAILURE() << "not a zip file";
    return "";
  }
  std::string content(1U << 20U, '\0');
  zip_file_t* file = zip_fopen(archive, name, 0);
  const zip_int64_t size = file == nullptr ? -1 : zip_fread(file, content.data(), content.size());
  content.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
  zip_fclose(file);
  zip_discard(archive);
  return content;
}

TEST(PaperDocx, HoldsTheTableTheEvidenceAndNoFieldFromOutside) {
  const auto docx = paper_docx(small_paper());
  ASSERT_TRUE(docx) << docx.error().message;
  const std::string body = part_of(*docx, "word/document.xml");
  EXPECT_THAT(body, testing::HasSubstr(">甲<"));
  EXPECT_THAT(body, testing::HasSubstr("<w:vMerge w:val=\"restart\"/>"));
  EXPECT_THAT(body, testing::HasSubstr("<w:tblHeader/>"));
  EXPECT_THAT(body, testing::HasSubstr(">=1+1<"));
  EXPECT_THAT(body, testing::HasSubstr("@SUM(A1)&lt;b&gt;<")) << "escaped, control character gone";
  EXPECT_THAT(body, testing::HasSubstr(">E2 2<"));
  EXPECT_THAT(body, testing::HasSubstr(small_paper().root().hex()));
  EXPECT_THAT(body, testing::Not(testing::HasSubstr("instrText")));
  const std::string foot = part_of(*docx, "word/footer1.xml");
  EXPECT_THAT(foot, testing::AllOf(testing::HasSubstr("PAGE"), testing::HasSubstr("cccccccc")));
  EXPECT_THAT(part_of(*docx, "word/media/qr.png"), testing::StartsWith("\x89PNG"));
}

TEST(PaperDocx, BeginsANewPageWithTheTextThatFollowsABreak) {
  Paper paper = small_paper();
  paper.parts.push_back(words(PaperPart::Kind::kBreak, ""));
  paper.parts.push_back(words(PaperPart::Kind::kHeading, "第二部分"));
  const auto docx = paper_docx(paper);
  ASSERT_TRUE(docx);
  const std::string body = part_of(*docx, "word/document.xml");
  EXPECT_THAT(body, testing::Not(testing::HasSubstr("w:type=\"page\"")))
      << "a paragraph for the break alone is an empty page where the one before is full";
  const auto at = body.find("<w:pageBreakBefore/>");
  ASSERT_NE(at, std::string::npos);
  EXPECT_THAT(body.substr(at, 400), testing::HasSubstr("第二部分"));
}

TEST(PaperDocx, HasTheSameBytesForTheSamePaper) {
  const auto one = paper_docx(small_paper());
  const auto two = paper_docx(small_paper());
  ASSERT_TRUE(one && two);
  EXPECT_EQ(*one, *two);
}

TEST(PaperCsv, PutsAnApostropheBeforeWhatASpreadsheetWouldCompute) {
  Paper paper = small_paper();
  paper.parts[1].rows[1][0].text = "-3.5%";
  paper.parts[1].rows[2][0].text = "+cmd|'/c calc'!A1";
  const std::string csv = paper_csv(paper);
  EXPECT_TRUE(csv.starts_with("\xEF\xBB\xBF"));
  EXPECT_THAT(csv, testing::HasSubstr("\"'=1+1\""));
  EXPECT_THAT(csv, testing::HasSubstr("\"'@SUM(A1)"));
  EXPECT_THAT(csv, testing::HasSubstr("\"'+cmd|"));
  EXPECT_THAT(csv, testing::HasSubstr("\"-3.5%\"")) << "a number stays one";
  EXPECT_THAT(csv, testing::HasSubstr("\"-3.5%\",\"甲\"\r\n\"'+cmd|'/c calc'!A1\",\"\"\r\n"));
  EXPECT_THAT(csv, testing::HasSubstr(paper.locator()));
}

TEST(QrPng, RefusesWhatDoesNotFitOne) {
  EXPECT_TRUE(qr_png(std::string(2'331, 'a')));
  const auto over = qr_png(std::string(2'332, 'a'));
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu::forms
