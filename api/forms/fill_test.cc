#include "api/forms/fill.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu::forms {
namespace {

Form small_form() {
  auto form = Form::parse(R"json({"form":"hefu/form/v1","pack":"p","title":"表（{year}年）",
      "source":"附件4","undertaking":"我承诺。","entries":{
        "name":{"title":"名称","limit":4},"phone":{"title":"电话","personal":true}},
      "parts":[{"line":"名称 {name}"},{"title":"表"},
        {"widths":[10,10],"title_rows":1,"cells":[["项目","{year}年"],
          ["共建专业",{"figures":["a","a.form@2022"],"where":"共建专业 本年"}],
          ["电话",{"entry":"phone"}],["情况",{"text":"(不超过4字)","entry":"name"}]]},
        {"columns":[{"title":"序号","width":5,"from":"number"},
                    {"title":"任务","width":9,"from":"task","merge":true},
                    {"title":"成效","width":9,"from":"result"}],
         "rows":[{"number":"1","task":"甲","task_row":1,"indicators":["a"]},
                 {"number":"2","task":"","task_row":2}]}]})json");
  EXPECT_TRUE(form) << form.error().message;
  return *form;
}

FigureLine line(const std::string& id, const std::string& period, const std::string& shown) {
  FigureLine made;
  made.indicator = id;
  made.period = period;
  made.title = id;
  made.shown = shown;
  made.claimed = made.disputed = "0";
  made.confirmed = "3";
  made.grades = "E2 3";
  return made;
}

Sources small_sources() {
  Sources sources;
  sources.figures[{"a", "2023"}] = line("a", "2023", "3个");
  sources.figures[{"a.form", "2022"}] = line("a.form", "2022", "2个");
  sources.filed[1].result = "建成三个";
  return sources;
}

Paper blank() {
  Paper paper;
  paper.unit = "整个项目";
  paper.period = "2023";
  paper.pack = "p";
  return paper;
}

TEST(Fill, PutsFiguresWordsAndEntriesWhereTheFormAsksForThem) {
  Sources sources = small_sources();
  sources.entries = {{"name", "联合体"}, {"phone", "123"}};
  const auto paper = fill(small_form(), sources, blank());
  ASSERT_TRUE(paper) << paper.error().message;
  EXPECT_EQ(paper->title, "表（2023年）");
  EXPECT_EQ(paper->parts[0].text, "名称 联合体");
  const PaperPart& cells = paper->parts[2];
  EXPECT_EQ(cells.rows[0][1].text, "2023年");
  EXPECT_EQ(cells.rows[1][1].text, "3个");
  EXPECT_EQ(cells.rows[2][1].text, "123");
  EXPECT_EQ(cells.rows[3][1].text, "联合体");
  const PaperPart& rows = paper->parts[3];
  EXPECT_EQ(rows.rows[1][1].down, 2);
  EXPECT_EQ(rows.rows[2].size(), 2U) << "the cell above covers one";
  EXPECT_THAT(rows.rows[1][2].text,
              testing::HasSubstr("建成三个\na：现3个（申报0/确认3/争议0；E2 3）"));
}

TEST(Fill, GivesEveryFigureItsPlaceAndItsEvidence) {
  const auto paper = fill(small_form(), small_sources(), blank());
  ASSERT_TRUE(paper);
  ASSERT_EQ(paper->figures.size(), 3U);
  EXPECT_EQ(paper->figures[0].where, "共建专业 本年");
  EXPECT_EQ(paper->figures[1].period, "2022");
  EXPECT_EQ(paper->figures[2].where, "1");
  EXPECT_EQ(paper->figures[2].grades, "E2 3");
}

TEST(Fill, LeavesTheHintWhereNothingWasWritten) {
  const auto paper = fill(small_form(), small_sources(), blank());
  ASSERT_TRUE(paper);
  EXPECT_EQ(paper->parts[2].rows[3][1].text, "(不超过4字)");
  EXPECT_THAT(paper->parts[0].text, testing::HasSubstr("____"));
}

TEST(Fill, RefusesAFigureThatNobodyComputed) {
  Sources sources = small_sources();
  sources.figures.erase({"a.form", "2022"});
  const auto paper = fill(small_form(), sources, blank());
  ASSERT_FALSE(paper);
  EXPECT_EQ(paper.error().code, Errc::kNotFound);
  EXPECT_THAT(paper.error().message, testing::HasSubstr("a.form for 2022"));
}

TEST(Fill, RefusesTheFormOfAnotherPack) {
  Paper paper = blank();
  paper.pack = "q";
  EXPECT_FALSE(fill(small_form(), small_sources(), paper));
}

TEST(Entries, AreRefusedBeyondTheDocumentsLimitWithBothNumbers) {
  const Form form = small_form();
  EXPECT_TRUE(read_entries(form, R"({"name":"一二 三四"})")) << "white space is not counted";
  const auto over = read_entries(form, R"({"name":"一二三四五"})");
  ASSERT_FALSE(over);
  EXPECT_THAT(over.error().message,
              testing::AllOf(testing::HasSubstr("entry name"), testing::HasSubstr("5 characters"),
                             testing::HasSubstr("allows 4")));
}

TEST(Entries, AreRefusedIfTheFormHasNoneOfTheName) {
  const auto unknown = read_entries(small_form(), R"({"nmae":"x"})");
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, testing::HasSubstr("nmae"));
  EXPECT_FALSE(read_entries(small_form(), R"({"name":3})"));
  EXPECT_FALSE(read_entries(small_form(), "[]"));
}

TEST(Entries, BlankOnesAreTakenAsTheyAre) {
  const auto entries = read_entries(small_form(), blank_entries(small_form()));
  ASSERT_TRUE(entries) << entries.error().message;
  EXPECT_EQ(entries->size(), 2U);
}

TEST(FigureLine, IsPrintedAsAnOfficeWritesNumbers) {
  const auto shown = [](const char* text) {
    return figure_line(boost::json::object{{"indicator", "a"}, {"shown", text}}, "2023").shown;
  };
  EXPECT_EQ(shown("3.00个"), "3个");
  EXPECT_EQ(shown("2.00%"), "2%");
  EXPECT_EQ(shown("2.50%"), "2.50%");
  EXPECT_EQ(shown("10.05"), "10.05");
  EXPECT_EQ(shown("—"), "—");
}

}  // namespace
}  // namespace hefu::forms
