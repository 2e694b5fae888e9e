#include "api/forms/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/forms/shipped_forms.h"
#include "node/files.h"

namespace hefu::forms {
namespace {

Result<Form> form_of(std::string_view name) {
  for (const ShippedForm& shipped : shipped_forms()) {
    if (shipped.name == name) {
      return Form::parse(shipped.json);
    }
  }
  return Error{Errc::kNotFound, std::string(name), ""};
}

const FormPart& only_table(const Form& form) {
  for (const FormPart& part : form.parts) {
    if (part.kind == FormPart::Kind::kRows) {
      return part;
    }
  }
  ADD_FAILURE() << form.title << " has no table";
  return form.parts.front();
}

std::vector<std::string> titles(const Form& form) {
  std::vector<std::string> all;
  for (const FormColumn& column : only_table(form).columns) {
    all.push_back(column.title);
  }
  return all;
}

/// All that is printed in a form's tables of cells, row by row.
std::string printed(const Form& form) {
  std::string all;
  for (const FormPart& part : form.parts) {
    for (const auto& row : part.cells) {
      for (const FormCell& cell : row) {
        all += cell.text + "|";
      }
      all += "\n";
    }
  }
  return all;
}

std::vector<FigureRef> all_figures(const Form& form) {
  std::vector<FigureRef> all;
  const auto add = [&](const std::vector<FigureRef>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  for (const FormPart& part : form.parts) {
    add(part.figures);
    for (const FormRow& row : part.rows) {
      add(row.figures);
    }
    for (const auto& row : part.cells) {
      for (const FormCell& cell : row) {
        add(cell.figures);
      }
    }
  }
  return all;
}

TEST(Form, HasTheColumnsAndRowsOfTheDocuments) {
  const auto division = form_of("cqcvc-task-division");
  ASSERT_TRUE(division) << division.error().message;
  EXPECT_THAT(titles(*division),
              testing::ElementsAre("序号", "重点任务", "主要内容", "牵头部门", "配合部门", "备注"));
  EXPECT_EQ(only_table(*division).rows.size(), 22U);
  EXPECT_EQ(only_table(*division).rows[18].lead, "科研处");
  const auto progress = form_of("cqcvc-progress");
  ASSERT_TRUE(progress);
  EXPECT_THAT(
      titles(*progress),
      testing::ElementsAre("序号", "重点\n任务", "主要内容", "主要举措", "成效\n（结果目标）",
                           "完成\n时间", "牵头部门", "配合\n部门", "联系人", "联系电话", "备注"));
  EXPECT_EQ(only_table(*progress).rows.size(), 22U);
  const auto indicators = form_of("cq-consortium-indicators");
  ASSERT_TRUE(indicators);
  EXPECT_THAT(titles(*indicators), testing::ElementsAre("基本指标", "观测点"));
  EXPECT_EQ(only_table(*indicators).rows.size(), 26U);
}

TEST(Form, PrintsTheRecommendationAsItsAnnexDoes) {
  const auto form = form_of("cq-consortium-recommendation");
  ASSERT_TRUE(form) << form.error().message;
  const std::string all = printed(*form);
  for (const char* row :
       {"固定办公面积|", "2023年拟投入运行经费来源(万元)|", "牵头单位负担|", "资源共建共享|",
        "项目名称|2022年|2023年|", "共建专业|", "中国特色学徒制培养|", "服务能力|",
        "共性技术服务平台(个)|", "校企合作开展技术研发的成果转化率(%) /到账经费(万元)|",
        "2022年校企合作产生的直接经济效益(万元)|", "限额以上企业数(个)2|"}) {
    EXPECT_THAT(all, testing::HasSubstr(row));
  }
  EXPECT_THAT(form->undertaking, testing::StartsWith("我承诺：前述所填报数据、内容均真实"));
}

TEST(Form, HasRoomForAStampOnWhatAnOfficeSends) {
  const auto seals = [](const char* name) {
    const auto form = form_of(name);
    EXPECT_TRUE(form) << name;
    std::string all;
    for (const FormPart& part : form->parts) {
      all += part.kind == FormPart::Kind::kSeal ? part.text + "\n" : "";
    }
    return all;
  };
  for (const char* name : {"cqcvc-task-division", "cqcvc-progress", "cqcvc-monthly-summary",
                           "hechuan-quality-report"}) {
    EXPECT_THAT(seals(name), testing::HasSubstr("（公章）")) << name;
  }
  const std::string cover = seals("cq-consortium-recommendation");
  for (const char* line : {"推 荐 区 县", "牵 头 园 区", "牵 头 学 校", "牵 头 企 业"}) {
    EXPECT_THAT(cover, testing::HasSubstr(line));
  }
}

TEST(Form, HasTheCharacterLimitsOfTheAnnex) {
  const auto form = form_of("cq-consortium-recommendation");
  ASSERT_TRUE(form) << form.error().message;
  const std::pair<const char*, std::size_t> limits[] = {
      {"work_done", 500},          {"team_awards", 100},     {"platform_2022", 200},
      {"platform_2023", 200},      {"technology_2022", 200}, {"technology_2023", 200},
      {"competition_awards", 100}, {"features", 2000},       {"plan", 1000}};
  for (const auto& [name, limit] : limits) {
    const FormEntry* entry = form->entry(name);
    ASSERT_NE(entry, nullptr) << name;
    EXPECT_EQ(entry->limit, limit) << name;
  }
  for (const char* name : {"head", "head_contact", "staff_contacts", "phone"}) {
    ASSERT_NE(form->entry(name), nullptr) << name;
    EXPECT_TRUE(form->entry(name)->personal) << name;
  }
}

TEST(Form, NamesOnlyIndicatorsThatItsPackHas) {
  std::map<std::string, std::string> packs;
  for (const char* file : {"cqcvc", "cq-consortium", "hechuan", "baotou", "jiangxi"}) {
    auto pack =
        read_file(std::string(HEFU_SOURCE_DIR "/deploy/programmes/") + file + ".toml", 8U << 20U);
    ASSERT_TRUE(pack) << file;
    const auto from = pack->find("\nid = \"") + 7;
    packs[pack->substr(from, pack->find('"', from) - from)] = *pack;
  }
  for (const ShippedForm& shipped : shipped_forms()) {
    const auto form = Form::parse(shipped.json);
    ASSERT_TRUE(form) << shipped.name << ": " << form.error().message;
    ASSERT_TRUE(packs.contains(form->pack)) << shipped.name;
    const auto figures = all_figures(*form);
    EXPECT_GE(figures.size(), 20U) << shipped.name;
    for (const FigureRef& figure : figures) {
      EXPECT_NE(packs[form->pack].find("\nid = \"" + figure.indicator + "\""), std::string::npos)
          << shipped.name << ": " << figure.indicator;
    }
  }
}

TEST(Form, RefusesWhatIsNotAForm) {
  const auto refuses = [](const std::string& members) {
    const auto form = Form::parse(R"({"form":"hefu/form/v1","title":"x",)" + members + "}");
    return form ? std::string("taken") : form.error().message;
  };
  EXPECT_FALSE(Form::parse("[]"));
  EXPECT_FALSE(Form::parse(R"({"form":"hefu/form/v2","title":"x","columns":[],"rows":[]})"));
  EXPECT_THAT(refuses(R"("columns":[{}],"rows":[])"), testing::HasSubstr("column"));
  EXPECT_THAT(refuses(R"("columns":[{"title":"a","width":5,"from":"anything"}],"rows":[])"),
              testing::HasSubstr("anything"));
  EXPECT_THAT(refuses(R"("columns":[],"rows":[{"number":"1","task_row":0}])"),
              testing::HasSubstr("task_row"));
  EXPECT_THAT(refuses(R"("columns":[],"rows":[{"number":"1","indicators":[1]}])"),
              testing::HasSubstr("indicator"));
  EXPECT_THAT(refuses(R"("parts":[{"widths":[5],"cells":[[{"entry":"nobody"}]]}])"),
              testing::HasSubstr("nobody"));
  EXPECT_THAT(refuses(R"("parts":[{"what":"this"}])"), testing::HasSubstr("part 1"));
}

TEST(Form, RefusesATableThatItsCellsDoNotFill) {
  const auto refuses = [](const std::string& cells) {
    return !Form::parse(R"({"form":"hefu/form/v1","title":"x","parts":[{"widths":[5,5],"cells":)" +
                        cells + "}]}");
  };
  EXPECT_FALSE(refuses(R"([["a","b"]])"));
  EXPECT_FALSE(refuses(R"([[{"down":2},"b"],["c"]])"));
  EXPECT_TRUE(refuses(R"([["a"]])"));
  EXPECT_TRUE(refuses(R"([["a","b","c"]])"));
  EXPECT_TRUE(refuses(R"([[{"across":3}]])"));
  EXPECT_TRUE(refuses(R"([[{"down":2},"b"]])"));
  EXPECT_TRUE(refuses(R"([[{"down":2},"b"],["c","d"]])"));
}

TEST(Form, AsksForThePeriodsOfItsFigures) {
  const auto form = Form::parse(
      R"({"form":"hefu/form/v1","title":"x","parts":[{"figures":["a","b@2022","c@{year}"]}]})");
  ASSERT_TRUE(form);
  EXPECT_THAT(form->periods("2025-03"), testing::ElementsAre("2022", "2025", "2025-03"));
}

}  // namespace
}  // namespace hefu::forms
