#include "ledger/assurance/audit_html.h"

#include <boost/json.hpp>

#include "crypto/digest.h"
#include "ledger/assurance/audit_file.h"
#include "ledger/assurance/html_page.h"
#include "ledger/event/canonical_json.h"

namespace hefu {

namespace {

namespace json = boost::json;

std::string text(const json::object& in, std::string_view key) {
  const json::value* value = in.if_contains(key);
  if (value == nullptr || value->is_null()) {
    return "";
  }
  return value->is_string() ? std::string(value->as_string()) : canonical_json(*value);
}

const json::array& list(const json::object& in, std::string_view key) {
  static const json::array kNone;
  const json::value* value = in.if_contains(key);
  return value != nullptr && value->is_array() ? value->as_array() : kNone;
}

const json::object& part(const json::object& in, std::string_view key) {
  static const json::object kNone;
  const json::value* value = in.if_contains(key);
  return value != nullptr && value->is_object() ? value->as_object() : kNone;
}

/// Another kind than expected reads as empty: a page shows what is there.
const json::object& fields_of(const json::value& value) {
  static const json::object kNone;
  return value.is_object() ? value.as_object() : kNone;
}

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

std::string joined(const json::array& items, std::string_view between) {
  std::string out;
  for (const json::value& item : items) {
    out += (out.empty() ? "" : std::string(between)) +
           (item.is_string() ? std::string(item.as_string()) : canonical_json(item));
  }
  return out;
}

std::string party(const json::object& in) {
  const std::string zh = text(in, "zh");
  return zh.empty() ? text(in, "id") : zh + "（" + text(in, "en") + "，" + text(in, "id") + "）";
}

/// "3.17 %" of 317.
std::string percent(const json::object& in, std::string_view key) {
  const json::value* value = in.if_contains(key);
  if (value == nullptr || !value->is_int64()) {
    return "—";
  }
  const std::int64_t hundredths = value->as_int64();
  const std::string behind = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (behind.size() == 1 ? "0" : "") + behind + " %";
}

std::string word(std::string_view name) {
  static const std::pair<std::string_view, std::string_view> kWords[] = {
      {"independent", "独立性 independent"},
      {"rotation", "轮换 rotation"},
      {"attestor", "自我复算 attestor"},
      {"plan", "计划已记录 plan"},
      {"level", "保证程度 level"},
      {"cut-agreed", "截面一致 cut agreed"},
      {"plan-in-cut", "计划在截面内 plan in cut"},
      {"plan-before-cut", "先计划后截面 plan before cut"},
      {"beacon-after-cut", "先截面后随机 beacon after cut"},
      {"reveals-match", "秘密与承诺相符 reveals match"},
      {"beacon-agreed", "随机值一致 beacon agreed"},
      {"aborted", "未按时揭示 aborted"},
      {"holds", "符合 holds"},
      {"open", "未定 open"},
      {"broken", "违反 broken"},
      {"caution", "提请注意 caution"},
      {"ok", "相符 ok"},
      {"deviation", "偏差 deviation"},
      {"not-available", "无法提供（计偏差）not available"},
      {"refused", "拒绝提供（计偏差）refused"},
      {"unanswered", "逾期未答（计偏差）unanswered"},
      {"passed", "通过 passed"},
      {"failed", "未通过 failed"},
      {"vouching", "逆查（数字→证据）vouching"},
      {"tracing", "顺查（日志→数字）tracing"},
      {"attribute", "属性抽样 attribute"},
      {"monetary-unit", "货币单元抽样 monetary unit"},
      {"agreed-upon", "商定程序 agreed-upon procedures"},
      {"limited", "有限保证 limited assurance"},
      {"reasonable", "合理保证 reasonable assurance"},
      {"upheld", "成立 upheld"},
      {"partly-upheld", "部分成立 partly upheld"},
      {"dismissed", "不成立 dismissed"},
      {"minor", "一般 minor"},
      {"major", "重要 major"},
      {"critical", "重大 critical"},
      {"accepted", "接受 accepted"},
      {"partly-accepted", "部分接受 partly accepted"},
      {"contested", "有异议 contested"},
      {"counted", "已计入 counted"},
      {"left-out", "按规则未计入 left out by rule"},
      {"not-of-it", "不属该指标 not of this indicator"},
      {"no-record", "不构成记录 no record"},
      {"top", "大额 top"},
      {"late", "迟录 late"},
      {"related-party", "关联方 related party"},
      {"same-day-batch", "同日批量 same-day batch"},
      {"low-evidence", "低证据 low evidence"},
      {"last-days", "期末 last days"},
      {"corrected-after-freeze", "冻结后更正 corrected after freeze"},
      {"met", "达标 met"},
      {"not met", "未达标 not met"},
      {"unknown", "不详 unknown"},
  };
  for (const auto& [known, shown] : kWords) {
    if (known == name) {
      return std::string(shown);
    }
  }
  return std::string(name);
}

std::string words(const json::array& names) {
  std::string out;
  for (const json::value& name : names) {
    out += (out.empty() ? "" : "；") + word(text_of(name));
  }
  return out;
}

class Renderer {
 public:
  explicit Renderer(const json::object& report, const std::string& digest)
      : report_(report), digest_(digest), identity_(part(report, "identity")) {}

  std::string run() {
    title();
    assurance();
    identity();
    order();
    figures();
    attestors();
    sampling();
    requests();
    findings();
    limitations();
    statements();
    proof();
    return page_.page(text(identity_, "title") + " 审计报告");
  }

 private:
  void title() {
    page_.raw("<h1>审 计 报 告</h1>\n<p class=\"subtitle\">" + html_text(text(identity_, "title")) +
              "<br><span class=\"en\">Audit report</span> · 截至 as of " +
              html_text(text(report_, "as_of")) + "</p>\n");
  }

  void assurance() {
    const json::object& in = part(report_, "assurance");
    const json::object& said = part(in, "words");
    page_.raw("<div class=\"box\"><span class=\"step\">" + html_text(text(in, "step")) +
              "</span>　" + html_text(text(said, "zh")) + "<br><span class=\"en\">" +
              html_text(text(said, "en")) + "</span></div>\n");
  }

  void identity() {
    page_.heading("一、基本情况", "1. Identity");
    page_.begin_facts();
    page_.fact("审计方", "Auditor", party(part(identity_, "auditor")));
    page_.fact("执业证书", "Licence", text(identity_, "licence"));
    std::string auditees;
    for (const json::value& one : list(identity_, "auditees")) {
      auditees += (auditees.empty() ? "" : "；") + party(fields_of(one));
    }
    page_.fact("被审计单位", "Institutions audited", auditees);
    page_.fact("拟提供的保证", "Level engaged for", word(text(identity_, "level")));
    page_.fact("独立性声明", "Independence", text(identity_, "independence"));
    page_.fact("审计依据", "Legal basis", text(identity_, "legal_basis"));
    page_.fact("评价标准（指标包）", "Criteria",
               text(identity_, "pack") + "，" +
                   text(part(part(part(report_, "figures"), "pack"), "title"), "zh"));
    page_.fact_code("指标包散列值", "Digest of criteria", text(identity_, "pack_digest"));
    page_.fact("期间", "Period", text(identity_, "period"));
    page_.fact("联盟", "Federation", text(identity_, "federation_name"));
    page_.fact_code("业务约定事件", "Engagement", text(report_, "engagement"));
    page_.fact("底稿保存至", "Papers kept until", text(identity_, "retain_until"));
    const json::object& cut = part(identity_, "cut");
    page_.fact_code("截面", "Cut", text(cut, "id"));
    page_.end_table();
    if (cut.empty()) {
      page_.paragraph("截面尚未确定。", "No cut is fixed yet.");
      return;
    }
    page_.begin_table({"日志 Log", "条目数 Entries", "根 Root"});
    for (const json::value& one : list(cut, "logs")) {
      const json::object& log = fields_of(one);
      page_.row({html_text(text(log, "origin")), text(log, "size"), html_code(text(log, "root"))});
    }
    for (const json::value& one : list(cut, "missing")) {
      page_.row({html_text(text_of(one)), "—", "<b>缺失 missing</b>"}, "bad");
    }
    page_.end_table();
  }

  void order() {
    page_.heading("二、承诺次序与独立性检查", "2. Order of commitment and independence");
    page_.begin_table({"规则 Rule", "结果 Outcome", "说明 What was found"});
    for (const json::value& one : list(report_, "order")) {
      const json::object& check = fields_of(one);
      const bool bad = text(check, "outcome") == "broken";
      page_.row({html_text(word(text(check, "rule"))), html_text(word(text(check, "outcome"))),
                 html_text(text(check, "text"))},
                bad ? "bad" : "");
    }
    page_.end_table();
  }

  void figures() {
    const json::object& in = part(report_, "figures");
    page_.heading("三、数字", "3. Figures");
    page_.begin_table({"指标 Indicator", "数值 Figure", "目标 Target",
                       "证据等级（计入） Grades counted", "未计入 Left out"});
    for (const json::value& one : list(in, "at_cut")) {
      figure(fields_of(one));
    }
    page_.end_table();
    page_.begin_facts();
    page_.fact_code("数字散列值", "Digest of figures", text(in, "digest"));
    page_.end_table();
    if (!list(in, "changed_since").empty()) {
      page_.paragraph("截面之后的变动（更正、撤回、裁定）：", "Changed since the cut:");
      page_.begin_table({"指标 Indicator", "审计截面 At the cut", "现在 Now"});
      for (const json::value& one : list(in, "changed_since")) {
        const json::object& change = fields_of(one);
        page_.row({html_text(text(change, "id")), html_text(text(change, "before")),
                   html_text(text(change, "after"))});
      }
      page_.end_table();
    }
  }

  void figure(const json::object& in) {
    std::string targets;
    for (const json::value& one : list(in, "targets")) {
      const json::object& target = fields_of(one);
      targets += (targets.empty() ? "" : "<br>") + html_text(text(target, "target")) + " " +
                 html_text(word(text(target, "verdict")));
    }
    std::string grades;
    for (const auto& grade : part(part(in, "ladder"), "counted")) {
      if (canonical_json(grade.value()) != "0") {
        grades += (grades.empty() ? "" : "，") + std::string(grade.key()) + "×" +
                  canonical_json(grade.value());
      }
    }
    std::string excluded;
    for (const auto& reason : part(in, "excluded")) {
      excluded += (excluded.empty() ? "" : "，") + std::string(reason.key()) + "×" +
                  canonical_json(reason.value());
    }
    const json::object& value = part(in, "value");
    const json::object& meaning = part(in, "interpretation");
    std::string name = html_text(text(part(in, "title"), "zh")) + "<br><span class=\"en small\">" +
                       html_text(text(part(in, "title"), "en")) + "</span><br>" +
                       html_code(text(in, "indicator"));
    if (!meaning.empty()) {
      name += "<br>" + html_small("口径 interpretation: " + text(meaning, "zh"));
    }
    if (text(in, "adds_up") == "false") {
      name += "<br>" + html_small("各单位之和不等于总数 parent ≠ sum of children");
    }
    std::string shown = "<b>" + html_text(text(in, "shown")) + "</b>";
    if (!value.empty()) {
      shown += "<br>" + html_small(text(value, "num") + "/" + text(value, "den"));
    }
    page_.row({name, shown, targets, html_text(grades), html_text(excluded)});
  }

  void attestors() {
    page_.heading("四、复算声明", "4. Attestations");
    if (list(report_, "attestors").empty()) {
      page_.paragraph("没有机构就这些指标发布复算声明。", "No institution attested these figures.");
      return;
    }
    page_.begin_table({"机构 Institution", "指标 Indicator", "结果 Result"});
    for (const json::value& one : list(report_, "attestors")) {
      const json::object& in = fields_of(one);
      const std::string agrees = text(in, "agrees");
      std::string result = agrees == "true"    ? "一致 agrees"
                           : agrees == "false" ? "不一致 dissents"
                                               : "其他截面 another cut";
      if (text(in, "related") == "true") {
        result += "；关联方，不计 related, does not count";
      }
      page_.row(
          {html_text(party(part(in, "by"))), html_text(text(in, "indicator")), html_text(result)});
    }
    page_.end_table();
  }

  void sampling() {
    const json::object& in = part(report_, "sampling");
    page_.heading("五、抽样", "5. Sampling");
    if (in.empty()) {
      page_.paragraph("样本尚未确定。", "No sample is fixed yet.");
      return;
    }
    page_.begin_facts();
    page_.fact("置信度 / 可容忍偏差率", "Confidence / tolerable rate",
               text(in, "confidence") + " % / " + text(in, "tolerable") + " %");
    page_.fact("全部检查", "Examined in full", words(list(in, "examined_in_full")));
    page_.fact_code("计划事件", "Plan", text(part(in, "plan"), "event"));
    page_.fact("公开随机源", "Beacon", text(in, "beacon") + "，" + text(in, "beacon_at"));
    page_.fact("备用随机源", "Fallback beacon",
               text(in, "fallback_beacon") + "，" + text(in, "fallback_at"));
    page_.fact(
        "公开随机值", "Value of the beacon",
        text(in, "beacon_value") + (text(in, "fallback") == "true" ? "（备用 fallback）" : ""));
    page_.fact_code("揭示的秘密", "Secrets revealed", joined(list(in, "secrets"), " "));
    page_.fact("未按时揭示", "Did not reveal", joined(list(in, "aborted"), "，"));
    page_.end_table();
    page_.note(
        "seed = SHA256(hefu/sample/v1, cut, pack, view root, plan, sorted secrets, beacon); "
        "stratum "
        "= SHA256(hefu/stratum/v1, seed, name); each part behind its length (u32be). "
        "x_c = SHA256(draw, stratum, c); x ≥ ⌊2²⁵⁶/N⌋·N is passed over; item = x mod N.");
    for (const json::value& one : list(in, "strata")) {
      stratum(fields_of(one));
    }
  }

  void stratum(const json::object& in) {
    page_.raw("<h3>" + html_text(text(in, "name")) + "<span class=\"en\">" +
              html_text(word(text(in, "direction"))) + " · " + html_text(word(text(in, "method"))) +
              "</span></h3>\n");
    page_.begin_facts();
    page_.fact("指标", "Indicator", text(in, "indicator"));
    page_.fact("总体 / 其中随机", "Frame / left to chance",
               text(in, "population") + " / " + text(in, "left_to_chance"));
    if (text(in, "direction") == "vouching") {
      page_.fact("总量（1/" + text(in, "scale") + "）", "Total", text(in, "total"));
    }
    page_.fact("条目类型", "Event types", joined(list(in, "types"), "，"));
    std::string stages;
    for (const json::value& one : list(in, "stages")) {
      stages += (stages.empty() ? "" : "；") + text(fields_of(one), "size") + " / ≤" +
                text(fields_of(one), "accepted");
    }
    page_.fact("样本量 / 可接受偏差", "Sample size / accepted", stages);
    page_.fact("已达阶段", "Stage reached", text(in, "stage"));
    page_.fact("随机项：检查 / 偏差 / 未定", "Drawn: examined / deviate / open",
               text(in, "examined") + " / " + text(in, "deviations") + " / " + text(in, "open"));
    page_.fact("全查项：检查 / 偏差", "In full: examined / deviate",
               text(in, "in_full") + " / " + text(in, "in_full_deviations"));
    if (in.if_contains("upper_limit_hundredths") != nullptr) {
      page_.fact(text(in, "exact") == "true" ? "偏差率（全部已查）" : "偏差率上限",
                 text(in, "exact") == "true" ? "Rate (all examined)" : "Upper deviation limit",
                 percent(in, "upper_limit_hundredths"));
    }
    if (in.if_contains("upper_misstatement") != nullptr) {
      page_.fact("已知 / 推断 / 上限错报", "Known / projected / upper misstatement",
                 text(in, "known_misstatement") + " / " + text(in, "projected_misstatement") +
                     " / " + text(in, "upper_misstatement"));
    }
    page_.fact("结论", "Outcome", word(text(in, "verdict")));
    page_.fact_code("视图根", "View root", text(part(in, "view"), "root"));
    page_.fact_code("种子", "Seed", text(in, "seed"));
    page_.fact_code("本层种子", "Drawn with", text(in, "drawn_with"));
    page_.end_table();
    items(in);
  }

  void items(const json::object& in) {
    const bool tracing = text(in, "direction") == "tracing";
    page_.begin_table({"序位 Place", "项目 Item", tracing ? "去向 In the figure" : "选取 Selected",
                       "结果 Result"});
    for (const json::value& one : list(in, "items")) {
      const json::object& item = fields_of(one);
      std::string how =
          text(item, "stage") == "0"
              ? words(list(item, "in_full"))
              : "抽中 drawn" + (text(item, "times").empty() ? "" : " ×" + text(item, "times"));
      if (tracing) {
        how = word(text(item, "traced")) + "：" + text(item, "why");
      }
      std::string what = html_code(joined(list(item, "records"), " "));
      if (tracing) {
        what += "<br>" + html_small(text(item, "log") + " #" + text(item, "index") + " " +
                                    text(item, "type"));
      } else {
        what += "<br>" + html_small("值 value " + text(item, "value"));
      }
      std::string result = html_text(word(text(item, "outcome")));
      for (const json::value& test : list(item, "tests")) {
        result += "<br>" + html_small(text(fields_of(test), "procedure") + " · 底稿 paper " +
                                      text(fields_of(test), "working_paper").substr(0, 16) + "…");
      }
      const std::string outcome = text(item, "outcome");
      page_.row({text(item, "place"), what, html_text(how), result},
                outcome == "ok" || outcome == "open" ? "" : "bad");
    }
    page_.end_table();
  }

  void requests() {
    if (list(report_, "requests").empty()) {
      return;
    }
    page_.heading("六、调阅与未答复", "6. Requests and non-responses");
    page_.begin_table(
        {"调阅 Request", "项目数 Items", "期限 Due", "提供 Provided", "逾期未答 Unanswered"});
    for (const json::value& one : list(report_, "requests")) {
      const json::object& in = fields_of(one);
      std::string answers;
      for (const json::value& item : list(in, "answers")) {
        const json::object& answer = fields_of(item);
        answers += (answers.empty() ? "" : "；") + text(part(answer, "act"), "by") +
                   (text(answer, "provided") == "true"
                        ? "：" + text(answer, "documents") + " 份文件 documents"
                        : "：拒绝 refused，" + text(answer, "text"));
      }
      page_.row({html_text(text(in, "asks_for")) + "<br>" +
                     html_code(text(part(in, "act"), "event").substr(0, 16) + "…"),
                 std::to_string(list(in, "items").size()), html_text(text(in, "due_on")),
                 html_text(answers), std::to_string(list(in, "unanswered").size())});
    }
    page_.end_table();
  }

  void findings() {
    page_.heading("七、审计发现、答复与裁定", "7. Findings, answers and rulings");
    if (list(report_, "findings").empty()) {
      page_.paragraph("无。", "None.");
      return;
    }
    for (const json::value& one : list(report_, "findings")) {
      const json::object& in = fields_of(one);
      page_.begin_facts();
      page_.fact("发现", "Finding", text(in, "text"));
      page_.fact("违反的规则", "Rule", text(in, "rule"));
      page_.fact("责任单位", "Addressed to", party(part(in, "addressed_to")));
      page_.fact("严重程度 / 对数字的影响", "Severity / effect",
                 word(text(in, "severity")) + " / " +
                     (text(in, "effect") == "exclude" ? "不予计入 exclude" : "无 none"));
      page_.fact_code("项目", "Items", joined(list(in, "items"), " "));
      page_.fact("答复期限", "Answer due",
                 text(in, "answer_by") + (text(in, "overdue") == "true" ? "（逾期 overdue）" : ""));
      for (const json::value& item : list(in, "answers")) {
        const json::object& answer = fields_of(item);
        page_.fact("答复", "Answer", word(text(answer, "position")) + "：" + text(answer, "text"));
      }
      const json::object& ruling = part(in, "conclusion");
      if (!ruling.empty()) {
        page_.fact(text(ruling, "by_authority") == "true" ? "主管部门裁定" : "审计结论",
                   text(ruling, "by_authority") == "true" ? "Ruling of the authority"
                                                          : "Conclusion of the auditor",
                   word(text(ruling, "ruling")) + "：" + text(ruling, "reason"));
      }
      page_.fact("整改销号", "Closed", text(in, "closed") == "true" ? "是 yes" : "否 no");
      page_.end_table();
    }
  }

  void limitations() {
    page_.heading("八、局限", "8. Limitations");
    for (const json::value& one : list(report_, "limitations")) {
      page_.paragraph(text(fields_of(one), "zh"), text(fields_of(one), "en"));
    }
    if (!list(report_, "without_effect").empty()) {
      page_.paragraph("以下事件不发生效力：", "These events say nothing:");
      page_.begin_table({"事件 Event", "类型 Type", "原因 Reason"});
      for (const json::value& one : list(report_, "without_effect")) {
        const json::object& in = fields_of(one);
        page_.row({html_code(text(in, "event").substr(0, 16) + "…"), html_text(text(in, "type")),
                   html_text(text(in, "reason") + " " + text(in, "detail"))});
      }
      page_.end_table();
    }
  }

  void statements() {
    page_.heading("九、鉴证声明", "9. Assurance statement");
    if (list(report_, "statements").empty()) {
      page_.paragraph("尚未发表。", "None is issued yet.");
    }
    for (const json::value& one : list(report_, "statements")) {
      const json::object& in = fields_of(one);
      const json::object& opinion = part(in, "opinion_words");
      page_.raw("<div class=\"box" + std::string(text(in, "stands") == "true" ? "" : " bad") +
                "\"><b>" + html_text(text(opinion, "zh")) + "</b> <span class=\"en\">" +
                html_text(text(opinion, "en")) + "</span> · " + html_text(word(text(in, "level"))) +
                (text(in, "stands") == "true"
                     ? ""
                     : "<br><b>无效 void</b>：" + html_text(text(in, "why_void"))) +
                "<p>" + html_text(text(in, "basis")) + "</p>");
      for (const json::value& exception : list(in, "exceptions")) {
        page_.raw("<p>保留事项 exception：" + html_text(text_of(exception)) + "</p>");
      }
      for (const json::value& limit : list(in, "limitations")) {
        page_.raw("<p>局限 limitation：" + html_text(text_of(limit)) + "</p>");
      }
      page_.raw("<p>" +
                html_small("事件 event " + text(part(in, "act"), "event") + "，" +
                           text(part(in, "act"), "recorded_by")) +
                "</p></div>\n");
    }
    page_.raw(
        "<div class=\"seals\"><div class=\"seal\">审计方（盖章）<br><span class=\"en\">Auditor, "
        "seal</span></div><div class=\"seal\">签字审计人员<br><span class=\"en\">Signed by"
        "</span></div><div class=\"seal\">日期<br><span class=\"en\">Date</span></div></div>\n");
  }

  void proof() {
    page_.heading("十、核验", "10. Verification");
    page_.paragraph("本页由同名机读报告生成；两者以机读报告为准。任何人可凭公钥离线核验：",
                    "This page is made from the machine-readable report, which prevails. Anybody "
                    "can verify it offline with public keys alone:");
    page_.raw("<p><code>hefu audit verify FILE --trust charter.note</code></p>\n");
    page_.begin_facts();
    page_.fact_code("机读报告 SHA-256", "Report", digest_);
    page_.fact_code("联盟标识", "Federation", text(identity_, "federation"));
    page_.end_table();
  }

  const json::object& report_;
  const std::string& digest_;
  const json::object& identity_;
  HtmlPage page_;
};

}  // namespace

Result<std::string> audit_html(std::string_view report) {
  const auto document = parse_json(report, kAuditReportBytesMax);
  if (!document) {
    return document.error().during("audit report");
  }
  const json::object* object = document->if_object();
  if (object == nullptr || text(*object, "kind") != "hefu-audit-report") {
    return Error{Errc::kInvalid, "this is no audit report", ""};
  }
  return Renderer(*object, sha256(as_bytes(report)).hex()).run();
}

}  // namespace hefu
