#include "ledger/assurance/report_words.h"

#include <array>
#include <utility>

namespace hefu {

namespace {

struct Entry {
  std::string_view name;
  std::string_view zh;
  std::string_view en;
};

template <std::size_t N>
Words look_up(const std::array<Entry, N>& entries, std::string_view name) {
  for (const Entry& entry : entries) {
    if (entry.name == name) {
      return {std::string(entry.zh), std::string(entry.en)};
    }
  }
  return {};
}

constexpr std::array<Entry, 5> kOpinions = {{
    {"unqualified", "无保留意见", "Unqualified opinion"},
    {"qualified", "保留意见", "Qualified opinion"},
    {"adverse", "否定意见", "Adverse opinion"},
    {"disclaimer", "无法表示意见", "Disclaimer of opinion"},
    {"facts-only", "仅报告事实，不发表意见", "Facts only, no opinion"},
}};

constexpr std::array<Entry, 8> kLimitations = {{
    {"facts",
     "复算与签名证明“谁在何时说了什么”，并不证明某次走访或课程真实发生；后者只由本报告所列测试支持"
     "。",
     "Recomputation and signatures prove who said what and when, not that a visit or a course took "
     "place; only the tests listed here speak to that."},
    {"beacon", "公开随机值按各承诺方的陈述采用，请自行与其发布者核对。",
     "The value of the beacon is taken as the committing parties state it; compare it with its "
     "publisher."},
    {"holidays", "工作日按周一至周五计算，不含法定节假日及调休。",
     "Working days are Monday to Friday; public holidays and days worked instead are not known "
     "here."},
    {"independence", "独立性仅按机构目录中的控制关系检查；其他利害关系以审计方声明为准。",
     "Independence is checked as far as the directory of controllers goes; beyond it the auditor's "
     "declaration stands alone."},
    {"missing-logs", "截面缺失部分日志：其中的记录（包括撤回）未计入。",
     "Logs are missing from the cut: what they hold, withdrawals too, is not in these figures."},
    {"unsupported", "至少一个分层未通过或尚未完成，所附意见未获抽样结果支持。",
     "At least one stratum has failed or is open: the opinion is not supported by the sample."},
    {"erased", "部分个人信息已依法删除，相关原值无法再核对。",
     "Some personal values were erased; they can no longer be compared."},
    {"uninterpreted", "部分条目属于较新格式，本程序未解读。",
     "Some entries are of a newer schema than this program reads."},
}};

constexpr std::array<Entry, 5> kSteps = {{
    {"A0", "本单位自报", "As reported by the institutions themselves"},
    {"A1", "经独立节点复算一致；未核验业务真实性",
     "Recomputed alike by independent nodes; whether it took place was not examined"},
    {"A2", "执行约定程序，不发表意见", "Agreed-upon procedures; no opinion is expressed"},
    {"A3", "有限保证：在所执行的程序范围内，未注意到数字存在重大错报",
     "Limited assurance: nothing came to attention that the figures are materially misstated"},
    {"A4", "合理保证：在所有重大方面，数字按所列标准公允反映",
     "Reasonable assurance: in all material respects the figures follow the criteria named"},
}};

}  // namespace

Assurance assurance_of(std::optional<AssuranceLevel> standing, bool qualified,
                       std::int64_t attestors) {
  std::string step = attestors > 0 ? "A1" : "A0";
  if (standing) {
    step = *standing == AssuranceLevel::kReasonable ? "A4"
           : *standing == AssuranceLevel::kLimited  ? "A3"
                                                    : "A2";
  }
  Words words = look_up(kSteps, step);
  if (standing && qualified) {
    words = {"除所列保留事项外，" + words.zh,
             "Except for what is listed as exceptions: " + words.en};
  }
  return {step, std::move(words)};
}

Words opinion_words(std::string_view opinion) {
  return look_up(kOpinions, opinion);
}

Words limitation(std::string_view name) {
  return look_up(kLimitations, name);
}

}  // namespace hefu
