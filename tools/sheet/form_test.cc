#include "tools/sheet/form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/files.h"
#include "tests/support/temporary_dir.h"
#include "tools/sheet/limits.h"
#include "tools/sheet/xlsx.h"

namespace hefu::sheet {
namespace {

Result<Form> form_of(const std::string& name) {
  auto text = read_file(std::string(HEFU_SOURCE_DIR "/deploy/forms/") + name, 1U << 20U);
  EXPECT_TRUE(text);
  return Form::parse(*text);
}

std::vector<std::string> titles(const Form& form) {
  std::vector<std::string> all;
  for (const Form::Column& column : form.columns) {
    all.push_back(column.title);
  }
  return all;
}

TEST(Form, HasTheColumnsAndRowsOfTheDocuments) {
  const auto division = form_of("cqcvc-task-division.json");
  ASSERT_TRUE(division) << division.error().message;
  EXPECT_THAT(titles(*division),
              testing::ElementsAre("序号", "重点任务", "主要内容", "牵头部门", "配合部门", "备注"));
  EXPECT_EQ(division->rows.size(), 22U);
  EXPECT_EQ(division->rows[18].lead, "科研处");
  const auto progress = form_of("cqcvc-progress.json");
  ASSERT_TRUE(progress);
  EXPECT_THAT(
      titles(*progress),
      testing::ElementsAre("序号", "重点\n任务", "主要内容", "主要举措", "成效\n（结果目标）",
                           "完成\n时间", "牵头部门", "配合\n部门", "联系人", "联系电话", "备注"));
  EXPECT_EQ(progress->rows.size(), 22U);
  const auto indicators = form_of("cq-consortium-indicators.json");
  ASSERT_TRUE(indicators);
  EXPECT_THAT(titles(*indicators), testing::ElementsAre("基本指标", "观测点"));
  EXPECT_EQ(indicators->rows.size(), 26U);
}

TEST(Form, NamesOnlyIndicatorsThatItsPackHas) {
  const std::pair<const char*, const char*> forms[] = {
      {"cqcvc-progress.json", "cqcvc.toml"},
      {"cqcvc-task-division.json", "cqcvc.toml"},
      {"cq-consortium-indicators.json", "cq-consortium.toml"}};
  for (const auto& [file, pack_file] : forms) {
    const auto form = form_of(file);
    auto pack =
        read_file(std::string(HEFU_SOURCE_DIR "/deploy/programmes/") + pack_file, 8U << 20U);
    ASSERT_TRUE(form && pack) << file;
    EXPECT_NE(pack->find("id = \"" + form->pack + "\""), std::string::npos) << file;
    std::size_t named = 0;
    for (const Form::Row& row : form->rows) {
      for (const std::string& id : row.indicators) {
        ++named;
        EXPECT_NE(pack->find("\nid = \"" + id + "\""), std::string::npos)
            << file << " row " << row.number << ": " << id;
      }
    }
    EXPECT_GT(named, 50U) << file;
  }
}

TEST(Form, RefusesWhatIsNotAForm) {
  EXPECT_FALSE(Form::parse("[]"));
  EXPECT_FALSE(Form::parse(R"({"form":"hefu/form/v2","title":"x","columns":[],"rows":[]})"));
  EXPECT_FALSE(Form::parse(R"({"form":"hefu/form/v1","title":"x","columns":[{}],"rows":[]})"));
  EXPECT_FALSE(Form::parse(
      R"({"form":"hefu/form/v1","title":"x","columns":[],"rows":[{"number":"1","task_row":0}]})"));
  EXPECT_FALSE(Form::parse(
      R"({"form":"hefu/form/v1","title":"x","columns":[],"rows":[{"number":"1","indicators":[1]}]})"));
}

TEST(Form, IsWrittenWithItsCutAndPackAndNeverAsFormulas) {
  TemporaryDir dir;
  FilledForm form;
  form.title = "推进表";
  form.source = "附件2";
  form.period = "2025";
  form.cut = std::string(64, 'c');
  form.pack = "p/1.0.0  " + std::string(64, 'd');
  form.columns = {{"序号", 6, "number", false}, {"任务", 10, "task", true}};
  form.cells = {{"1", "甲"}, {"2", ""}, {"3", "=1+1"}};
  form.figures = {{"1", "a.b", "名", "3", ">=2", "已达标", "1", "2", "0", "E2 2"}};
  const std::string path = (dir.path() / "form.xlsx").string();
  ASSERT_TRUE(write_form(form, path));
  auto bytes = read_file(path, kFileBytesMax);
  ASSERT_TRUE(bytes);
  auto file = XlsxFile::open(as_bytes(*bytes));
  ASSERT_TRUE(file);
  const auto grid = file->read(0);
  ASSERT_TRUE(grid);
  std::string all;
  for (const Row& row : grid->rows) {
    for (const Cell& cell : row.cells) {
      EXPECT_FALSE(cell.formula);
      all += cell_name(cell.column, row.number) + "=" + cell.text + "\n";
    }
  }
  EXPECT_THAT(all, testing::HasSubstr("A3=序号\nB3=任务\nA4=1\nB4=甲\nA5=2\nA6=3\nB6==1+1\n"));
  EXPECT_THAT(all, testing::HasSubstr(form.cut));
  EXPECT_THAT(all, testing::HasSubstr(form.pack));
  const auto evidence = file->read(1);
  ASSERT_TRUE(evidence);
  EXPECT_EQ(evidence->rows[1].cells.size(), 10U);
  EXPECT_EQ(evidence->rows[1].cells[9].text, "E2 2");
}

}  // namespace
}  // namespace hefu::sheet
