#include <iostream>

#include <boost/json.hpp>

#include "tools/json.h"
#include "tools/sheet_desk.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kErrorsShown = 200;
constexpr std::size_t kNotesShown = 10;

/// The errors, or the notes, one a line, at most so many; how many there are of them.
std::size_t print_some(const sheet::CheckOutcome& outcome, bool errors, bool en, std::size_t most) {
  std::size_t all = 0;
  for (const sheet::Finding& finding : outcome.findings) {
    if (finding.error != errors || all++ >= most) {
      continue;
    }
    const std::string place = finding.column ? finding.place()
                              : en           ? "row " + finding.place()
                                             : "第" + finding.place() + "行";
    std::cout << "  " << place << (en ? ": " : "：")
              << (errors ? ""
                  : en   ? "note: "
                         : "提醒：")
              << (en ? finding.what.en : finding.what.zh) << "\n";
  }
  return all;
}

}  // namespace

void print_findings(const CheckedSheet& checked, const SheetSource& source) {
  const sheet::CheckOutcome& outcome = checked.outcome;
  const bool en = source.english;
  print_some(outcome, true, en, kErrorsShown);
  if (outcome.errors > kErrorsShown) {
    std::cout << (en ? "  and " : "  另有 ") << outcome.errors - kErrorsShown
              << (en ? " more; --errors FILE writes a copy of the sheet with all of them marked\n"
                     : " 处；用 --errors 文件名 可得到逐格标出错误的副本\n");
  }
  if (const std::size_t notes = print_some(outcome, false, en, kNotesShown); notes > kNotesShown) {
    std::cout << (en ? "  and " : "  另有 ") << notes - kNotesShown
              << (en ? " more notes\n" : " 处提醒\n");
  }
  const EventType& type = checked.type();
  const std::size_t good = outcome.good_rows();
  std::cout << (en ? type.title.en : type.title.zh) << " (" << type.name << ")"
            << (en ? ": " : "：") << outcome.rows.size() << (en ? " rows, " : " 行，其中 ") << good
            << (en ? " good, " : " 行可用，") << outcome.rows.size() - good
            << (en ? " not, " : " 行有误，") << outcome.errors << (en ? " errors" : " 处错误");
  if (outcome.formulas != 0) {
    std::cout << (en ? "; " : "；") << outcome.formulas
              << (en ? " cells hold formulas: the values shown are taken"
                     : " 个单元格是公式，取其显示的值");
  }
  std::cout << "\n";
}

void print_findings_json(const CheckedSheet& checked) {
  json::array findings;
  for (const sheet::Finding& finding : checked.outcome.findings) {
    findings.push_back(json::object{{"cell", finding.place()},
                                    {"error", finding.error},
                                    {"zh", finding.what.zh},
                                    {"en", finding.what.en}});
  }
  print_json(json::object{{"type", checked.read.type},
                          {"rows", checked.outcome.rows.size()},
                          {"good", checked.outcome.good_rows()},
                          {"errors", checked.outcome.errors},
                          {"findings", findings}},
             false);
}

}  // namespace hefu
