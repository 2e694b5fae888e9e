#include "api/forms/report_sources.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/forms/json_reads.h"
#include "tests/support/seeded_entropy.h"

namespace hefu::forms {
namespace {

namespace json = boost::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Form form_of(const std::string& parts, const std::string& entries = "{}") {
  auto form = Form::parse(R"({"form":"hefu/form/v1","pack":"p","title":"表","source":"附件",)"
                          R"("entries":)" +
                          entries + R"(,"parts":[)" + parts + "]}");
  EXPECT_TRUE(form) << form.error().message;
  return *form;
}

/// A node whose answers are what the test says; remembers what it was asked.
class ToldNode final : public SourceNode {
 public:
  std::map<std::string, std::string> cut_of;  // a closed period's; others: `present`
  std::string present = "now";
  int cut_moves = 0;  // so many times, with each question for figures
  std::map<std::string, std::vector<json::value>> listed;
  std::map<std::string, json::value> kept;
  std::vector<std::string> asked;
  bool words = false;  // the pack has an indicator that is a text

  Result<json::value> figures(const std::string& pack, const std::string& period,
                              const std::string& node, const std::string& vintage) override {
    asked.push_back(pack + " " + period + " " + node + " " + vintage);
    if (cut_moves > 0) {
      present = "now" + std::to_string(--cut_moves);
    }
    const auto closed = cut_of.find(period);
    const std::string cut =
        closed == cut_of.end() || vintage == "present" ? present : closed->second;
    json::array indicators;
    indicators.push_back(json::object{{"indicator", "a"}, {"shown", cut + " " + period}});
    if (words) {
      indicators.push_back(json::object{
          {"indicator", "w"}, {"narrative", "text"}, {"counted", json::array{"words"}}});
    }
    return json::value{{"federation", "f"},
                       {"cut", cut},
                       {"pack", {{"id", "p"}, {"version", "1.0.0"}, {"digest", "d"}}},
                       {"indicators", std::move(indicators)}};
  }
  Result<json::value> records(const std::string& type, const std::string& from,
                              std::size_t limit) override {
    EXPECT_EQ(limit, 1'000U);
    const auto& all = listed[type];
    const std::size_t page = from.empty() ? 0 : std::stoul(from);
    json::object answer{{"records", page < all.size() ? all[page] : json::array()},
                        {"next", nullptr}};
    if (page + 1 < all.size()) {
      answer["next"] = std::to_string(page + 1);
    }
    return json::value(std::move(answer));
  }
  Result<json::value> record(const std::string& id) override {
    const auto found = kept.find(id);
    return found == kept.end() ? Error{Errc::kNotFound, "no record " + id, ""}
                               : Result<json::value>(found->second);
  }
  Result<json::value> members() override {
    const json::object member{{"id", "m1"}, {"name", {{"zh", "职业学院"}}}};
    return json::value(json::object{{"members", json::array{member}}});
  }

  void file(const std::string& type, std::size_t page, const std::string& id,
            const std::string& standing, json::object fields, const std::string& programme = "p") {
    auto& pages = listed[type];
    while (pages.size() <= page) {
      pages.emplace_back(json::array());
    }
    pages[page].as_array().push_back(json::object{{"id", id}, {"standing", standing}});
    kept[id] = json::object{
        {"opened_at", {{"recorded_by", "2023-04-03T01:00:00.000Z"}}},
        {"event", {{"programmes", json::array{programme}}, {"fields", std::move(fields)}}}};
  }
};

const std::string kFigure = R"({"figures":["a","a@2022"]})";

Result<Paper> filled(ToldNode& node, const Form& form, FormAnswers answers) {
  SeededEntropy entropy(1);
  return fill_from(node, form, std::move(answers), entropy);
}

TEST(ReportSources, TakesTheFrozenFiguresOfAPeriodThatIsClosed) {
  ToldNode node;
  node.cut_of = {{"2023", "frozen"}};
  const auto paper = filled(node, form_of(R"({"figures":["a"]})"), {"", "2023", "m1", {}, ""});
  ASSERT_TRUE(paper) << paper.error().message;
  EXPECT_EQ(paper->cut, "frozen");
  EXPECT_EQ(paper->figures[0].shown, "frozen 2023");
  EXPECT_EQ(paper->unit, "m1");
  EXPECT_THAT(node.asked, ElementsAre("p 2023 m1 "));
}

TEST(ReportSources, TakesThePresentFiguresWherePeriodsStandAtDifferentCuts) {
  ToldNode node;
  node.cut_of = {{"2022", "frozen"}};
  const auto paper = filled(node, form_of(kFigure), {"p/1.0.0", "2023", "", {}, ""});
  ASSERT_TRUE(paper) << paper.error().message;
  EXPECT_EQ(paper->cut, "now");
  EXPECT_EQ(paper->unit, "整个项目");
  EXPECT_EQ(paper->figures[1].shown, "now 2022");
  EXPECT_THAT(node.asked, ElementsAre("p/1.0.0 2022  ", "p/1.0.0 2023  ", "p/1.0.0 2022  present",
                                      "p/1.0.0 2023  present"));
}

TEST(ReportSources, GivesUpOnACutThatMovesOnWithEveryQuestion) {
  ToldNode node;
  node.cut_moves = 100;
  const auto paper = filled(node, form_of(kFigure), {"", "2023", "", {}, ""});
  ASSERT_FALSE(paper);
  EXPECT_EQ(paper.error().code, Errc::kUnavailable);
  node.cut_moves = 3;
  EXPECT_TRUE(filled(node, form_of(kFigure), {"", "2023", "", {}, ""}));
}

TEST(ReportSources, ReadsTheWordsBehindAFigureThatIsAText) {
  ToldNode node;
  node.words = true;
  node.file("x", 0, "words", "claimed", {{"text_value", "校企合作"}});
  const auto paper = filled(node, form_of(R"({"figures":["w"]})"), {"", "2023", "", {}, ""});
  ASSERT_TRUE(paper) << paper.error().message;
  EXPECT_EQ(paper->figures[0].text, "校企合作");
}

TEST(ReportSources, ReadsWhatDepartmentsFiledForARowFromEveryPageButNotWhatWasRejected) {
  const Form form = form_of(R"({"columns":[{"title":"举措","width":9,"from":"measures"}],)"
                            R"("rows":[{"number":"1","task_row":1}]})");
  ToldNode node;
  const auto commit = [&](std::size_t page, const std::string& id, const std::string& standing,
                          const std::string& measures, const std::string& programme = "p") {
    node.file("target-commitment", page, id, standing, {{"task_row", 1}, {"measures", measures}},
              programme);
  };
  commit(0, "1", "claimed", "甲");
  commit(0, "2", "rejected", "乙");
  commit(1, "3", "retracted", "丙");
  commit(1, "4", "claimed", "丁", "another programme");
  commit(2, "5", "claimed", "戊");
  const auto paper = filled(node, form, {"", "2023", "", {}, ""});
  ASSERT_TRUE(paper) << paper.error().message;
  EXPECT_EQ(paper->parts[0].rows[1][0].text, "甲\n戊");
}

TEST(ReportSources, ReadsTheReportsOfThePeriodUnderTheNamesOfThoseWhoFiledThem) {
  ToldNode node;
  const auto report = [&](const std::string& id, const std::string& reporter,
                          const std::string& period, const std::string& due) {
    node.file("progress-report", 0, id, "claimed",
              {{"reporter", reporter}, {"period", period}, {"due_on", due}, {"text", "汇报" + id}});
  };
  report("1", "m1/招生就业处", "2023-03", "2023-04-05");
  report("2", "unknown", "2023-03", "2023-04-01");
  report("3", "m1", "2022-03", "2022-04-05");
  const auto paper = filled(node, form_of(R"({"reports":true})"), {"", "2023", "", {}, ""});
  ASSERT_TRUE(paper) << paper.error().message;
  std::string all;
  for (const auto& row : paper->parts[0].rows) {
    for (const PaperCell& cell : row) {
      all += cell.text + "|";
    }
  }
  EXPECT_THAT(all, HasSubstr("1|unknown|2023-03|2023-04-01|2023-04-03|逾期|汇报2|"));
  EXPECT_THAT(all, HasSubstr("2|职业学院/招生就业处|2023-03|2023-04-05|2023-04-03|按期|汇报1|"));
  EXPECT_THAT(all, testing::Not(HasSubstr("汇报3")));
}

TEST(ReportSources, SaltsTheRootOfNamesAndNumbersAndOfNothingElse) {
  const Form form =
      form_of(R"({"line":"{phone} {name}"})",
              R"({"phone":{"title":"电话","personal":true},"name":{"title":"名称"}})");
  ToldNode node;
  const auto salt = [&](std::map<std::string, std::string> entries, const std::string& given = "") {
    const auto paper = filled(node, form, {"", "2023", "", std::move(entries), given});
    EXPECT_TRUE(paper) << paper.error().message;
    return paper->salt;
  };
  EXPECT_EQ(salt({{"name", "学院"}}), "");
  EXPECT_EQ(salt({{"phone", ""}}), "");
  EXPECT_EQ(salt({{"name", "学院"}}, std::string(64, '7')), "");
  EXPECT_EQ(salt({{"phone", "023"}}).size(), 64U);
  EXPECT_EQ(salt({{"phone", "023"}}, std::string(64, '7')), std::string(64, '7'));
  SeededEntropy entropy(9);
  const auto one = fill_from(node, form, {"", "2023", "", {{"phone", "023"}}, ""}, entropy);
  const auto two = fill_from(node, form, {"", "2023", "", {{"phone", "023"}}, ""}, entropy);
  EXPECT_NE(one->root(), two->root());
}

TEST(ReportSources, PassesOnWhyTheNodeDoesNotAnswer) {
  ToldNode node;
  node.words = true;
  const auto paper = filled(node, form_of(R"({"figures":["w"]})"), {"", "2023", "", {}, ""});
  ASSERT_FALSE(paper);
  EXPECT_EQ(paper.error().code, Errc::kNotFound);
  EXPECT_THAT(paper.error().message, HasSubstr("the words of w: no record words"));
}

}  // namespace
}  // namespace hefu::forms
