#include "tools/report.h"

#include <iostream>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "tools/figure_table.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kReportBytesMax = std::size_t{256} << 20;

std::vector<std::string> ids_of(const json::object& report) {
  std::vector<std::string> ids;
  for (const json::value& figure : array_at(report, "indicators")) {
    ids.push_back(text_at(figure.as_object(), "indicator"));
  }
  return ids;
}

/// Whether a period is closed, at which vintage, and which figures are others before or since.
void print_closing(const json::object& report, bool english) {
  const json::array& figures = array_at(report, "indicators");
  const json::object* closing = object_at(report, "closing");
  if (closing == nullptr) {
    const bool known = !figures.empty() && figures.front().as_object().contains("status");
    std::cout << (!known    ? ""
                  : english ? "status provisional: the period is not closed, or these are not its "
                              "frozen figures\n"
                            : "状态   暂定：期间未结账，或并非冻结数据\n");
    return;
  }
  const std::string vintage = std::to_string(closing->at("vintage").to_number<std::int64_t>());
  const std::string reason = text_at(*closing, "reason");
  std::cout << (english ? "status frozen, vintage " + vintage + ", closed on "
                        : "状态   冻结，第" + vintage + "版，结账日期 ")
            << text_at(*closing, "on") << (reason.empty() ? "" : "  " + reason) << "\n";
  for (const json::value& item : figures) {
    const json::object& figure = item.as_object();
    const std::string before = text_at(figure, "before");
    const bool differs = figure.contains("present");
    if (before.empty() && !differs) {
      continue;
    }
    std::cout << "  " << text_at(figure, "indicator") << "  "
              << (before.empty()
                      ? ""
                      : (english ? "restated, before: " : "已重述，前一版：") + before + "  ")
              << text_at(figure, "shown");
    if (differs) {
      std::cout << (english ? "  present: " : "  现值：") << text_at(figure, "present");
    }
    std::cout << "\n";
  }
  if (closing->at("differing").to_number<std::int64_t>() > 0) {
    std::cout << (english ? "  what differs: hefu cut diff vintage:"
                          : "  差异清单：hefu cut diff vintage:")
              << vintage << " present\n";
  }
}

/// Who recomputed each figure, for those that anybody attested.
void print_attested(const json::object& report, bool english) {
  bool first = true;
  for (const json::value& item : array_at(report, "indicators")) {
    const json::object* figure = item.if_object();
    const json::object* by = figure == nullptr ? nullptr : object_at(*figure, "attested_by");
    const json::object* quorum = by == nullptr ? nullptr : object_at(*by, "quorum");
    if (quorum == nullptr) {
      continue;
    }
    const std::string nodes = std::to_string(by->at("nodes").as_int64());
    const std::string of = std::to_string(by->at("independent").as_int64());
    std::string line = english ? "recomputed by " + nodes + " of " + of + " independent nodes"
                               : of + " 个独立节点中 " + nodes + " 个已复算";
    if (quorum->at("met").as_bool()) {
      line += english ? ", as the pack asks" : "，达到方案包要求";
    } else {
      line += english ? "; the pack asks for more" : "，未达到方案包要求";
    }
    if (!by->at("agrees").as_bool()) {
      line += english ? "; at another cut, with another value" : "；为另一截面的结果，数值不同";
    }
    if (!array_at(*by, "others").empty() || !array_at(*by, "dissents").empty()) {
      line += english ? "; contested: hefu figure why " : "；有不同结果：hefu figure why ";
      line += text_at(*figure, "indicator");
    }
    std::cout << (first ? "\n" : "") << text_at(*figure, "indicator") << ": " << line << "\n";
    first = false;
  }
}

}  // namespace

void print_figures(std::string_view report_json, bool english) {
  auto document = parse_json(report_json, kReportBytesMax);
  const json::object* report = document ? document->if_object() : nullptr;
  const json::object* pack = report == nullptr ? nullptr : object_at(*report, "pack");
  const json::object* title = pack == nullptr ? nullptr : object_at(*pack, "title");
  const json::object* table = report == nullptr ? nullptr : object_at(*report, "table");
  if (title == nullptr || table == nullptr) {
    std::cout << report_json << "\n";
    return;
  }
  const char* language = english ? "en" : "zh";
  const std::string unit = text_at(*report, "unit");
  std::cout << text_at(*title, language) << "  " << text_at(*report, "period") << "  "
            << (unit.empty() ? (english ? "whole programme" : "整个项目") : unit) << "\n\n"
            << with_ids(text_at(*table, language), ids_of(*report), english ? "Id" : "编号") << "\n"
            << (english ? "cut    " : "截面   ") << text_at(*report, "cut") << "\n"
            << (english ? "pack   " : "方案包 ") << text_at(*pack, "id") << "/"
            << text_at(*pack, "version") << "  " << text_at(*pack, "digest") << "\n";
  print_closing(*report, english);
  if (const json::array& missing = array_at(*report, "missing"); !missing.empty()) {
    std::cout << (english ? "missing logs: " : "缺日志：");
    for (const json::value& origin : missing) {
      std::cout << origin.as_string().c_str() << " ";
    }
    std::cout << "\n";
  }
  print_attested(*report, english);
}

std::string record_title(const json::object& record) {
  const json::object* event = object_at(record, "event");
  const json::object* fields = event == nullptr ? nullptr : object_at(*event, "fields");
  if (fields == nullptr) {
    return "";
  }
  const std::string title = text_at(*fields, "title");
  return title.empty() ? text_at(*fields, "name") : title;
}

int print_answer(const Context& context, const std::string& path_and_query) {
  auto node = open_node(context);
  auto document = node ? node->get_json(path_and_query) : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  print_json(*document, !context.json);
  return kExitOk;
}

}  // namespace hefu
