#include "api/forms/report_sources.h"

#include <algorithm>
#include <functional>
#include <map>

#include <boost/json.hpp>

#include "api/forms/json_reads.h"
#include "crypto/encoding.h"
#include "ledger/event/date.h"

namespace hefu::forms {

namespace json = boost::json;

namespace {

constexpr std::size_t kRecordsMax = 2'000;
constexpr std::size_t kPageRecords = 1'000;
constexpr int kTriesAtOneCut = 5;

Error no_answer(const std::string& what) {
  return Error{Errc::kInvalid, "the node's answer holds no " + what, ""};
}

using Take = std::function<void(const json::object& record, const json::object& fields)>;

Result<void> take_record(SourceNode& node, const std::string& id, const std::string& programme,
                         const Take& take) {
  auto record = node.record(id);
  if (!record) {
    return record.error();
  }
  const json::object* object = record->if_object();
  const json::object* event = object_at(*record, "event");
  const json::object* fields = event == nullptr ? nullptr : object_at(*event, "fields");
  if (fields == nullptr) {
    return {};
  }
  const json::array& programmes = array_at(*event, "programmes");
  const bool ours = std::any_of(programmes.begin(), programmes.end(), [&](const json::value& one) {
    return one.is_string() && std::string_view(one.get_string()) == programme;
  });
  if (ours) {
    take(*object, *fields);
  }
  return {};
}

/// Every record of a type and programme; what was rejected or retracted is left out.
Result<void> each_record(SourceNode& node, const std::string& type, const std::string& programme,
                         const Take& take) {
  std::string from;
  for (std::size_t count = 0; count < kRecordsMax;) {
    auto answer = node.records(type, from, kPageRecords);
    if (!answer) {
      return answer.error().during("asking the node for records of type " + type);
    }
    const json::object* page = answer->if_object();
    if (page == nullptr) {
      return no_answer("records");
    }
    for (const json::value& item : array_at(*page, "records")) {
      ++count;
      const json::object* row = item.if_object();
      const std::string standing = row == nullptr ? "rejected" : text_at(*row, "standing");
      if (standing == "rejected" || standing == "retracted") {
        continue;
      }
      if (auto ok = take_record(node, text_at(*row, "id"), programme, take); !ok) {
        return ok.error();
      }
    }
    from = text_at(*page, "next");
    if (from.empty()) {
      return {};
    }
  }
  return Error{Errc::kTooLarge, "more than 2,000 records of type " + type, ""};
}

void take_commitment(const json::object& fields, Sources* sources) {
  const auto* row = fields.if_contains("task_row");
  if (row == nullptr || !row->is_int64()) {
    return;
  }
  Filed& of_row = sources->filed[static_cast<int>(row->get_int64())];
  add_line(&of_row.measures, text_at(fields, "measures"));
  add_line(&of_row.result, text_at(fields, "expected_result"));
  add_line(&of_row.due, text_at(fields, "due_on"));
}

/// The name of an institution, with what stands behind it for one of its units.
std::string named(const std::map<std::string, std::string>& names, const std::string& id) {
  const auto slash = id.find('/');
  const auto found = names.find(id.substr(0, slash));
  return found == names.end()
             ? id
             : found->second + (slash == std::string::npos ? "" : id.substr(slash));
}

Result<std::map<std::string, std::string>> member_names(SourceNode& node) {
  auto answer = node.members();
  if (!answer) {
    return answer.error();
  }
  const json::object* document = answer->if_object();
  if (document == nullptr) {
    return no_answer("members");
  }
  std::map<std::string, std::string> names;
  for (const json::value& item : array_at(*document, "members")) {
    if (const json::object* name = object_at(item, "name")) {
      names[text_at(item.get_object(), "id")] = text_at(*name, "zh");
    }
  }
  return names;
}

/// Whether a report's period is the form's, or lies in its year.
bool belongs(const std::string& reported, const std::string& period) {
  return reported == period || (period.size() == 4 && reported.starts_with(period + "-"));
}

void take_report(const json::object& record, const json::object& fields, const std::string& period,
                 Sources* sources) {
  if (!belongs(text_at(fields, "period"), period)) {
    return;
  }
  FiledReport report;
  report.unit = text_at(fields, "reporter");
  report.period = text_at(fields, "period");
  report.due = text_at(fields, "due_on");
  report.text = text_at(fields, "text");
  if (const json::object* opened = object_at(record, "opened_at")) {
    if (const auto moment = Moment::parse(text_at(*opened, "recorded_by"))) {
      report.recorded = moment->date().text();
    }
  }
  report.late = report.recorded.empty() || report.recorded > report.due;
  for (const json::value& row : array_at(fields, "task_rows")) {
    if (row.is_int64()) {
      report.task_rows.push_back(static_cast<int>(row.get_int64()));
    }
  }
  sources->reports.push_back(std::move(report));
}

Result<void> gather_reports(SourceNode& node, const std::string& pack, const std::string& period,
                            Sources* sources) {
  auto names = member_names(node);
  auto read = names ? each_record(node, "progress-report", pack,
                                  [&](const json::object& record, const json::object& fields) {
                                    take_report(record, fields, period, sources);
                                  })
                    : Result<void>(names.error());
  if (!read) {
    return read.error();
  }
  for (FiledReport& report : sources->reports) {
    report.unit = named(*names, report.unit);
  }
  std::sort(sources->reports.begin(), sources->reports.end(), [](const auto& a, const auto& b) {
    return std::tie(a.period, a.unit, a.recorded, a.text) <
           std::tie(b.period, b.unit, b.recorded, b.text);
  });
  return {};
}

/// The figures of one period. Returns its cut. `vintage`: of a closed period, as in /v1/figures.
Result<std::string> add_period(SourceNode& node, const std::string& pack, const std::string& period,
                               const std::string& unit, const std::string& vintage, bool own,
                               ReportSources* out) {
  auto document = node.figures(pack, period, unit, vintage);
  if (!document) {
    return document.error().during("asking the node for the figures of " + period);
  }
  const json::object* report = document->if_object();
  const json::object* about = object_at(*document, "pack");
  if (about == nullptr) {
    return no_answer("figures");
  }
  out->head.federation = text_at(*report, "federation");
  out->head.pack = text_at(*about, "id");
  out->head.pack_version = text_at(*about, "version");
  out->head.pack_digest = text_at(*about, "digest");
  if (const json::object* title = object_at(*about, "title")) {
    out->pack_title = text_at(*title, "zh");
  }
  for (const json::value& item : array_at(*report, "indicators")) {
    if (!item.is_object()) {
      return no_answer("figures");
    }
    FigureLine line = figure_line(item.get_object(), period);
    if (own) {
      out->in_order.push_back(line);
    }
    auto key = std::pair(line.indicator, period);
    out->sources.figures.insert_or_assign(std::move(key), std::move(line));
  }
  return text_at(*report, "cut");
}

/// Besides the figures: the words behind figures that are texts, what departments filed for task
/// rows, and the reports of the period, as far as the form asks for them.
Result<void> gather_records(SourceNode& node, const Form& form, const std::string& period,
                            Sources* sources) {
  for (auto& [key, line] : sources->figures) {
    if (line.record.empty()) {
      continue;
    }
    auto record = node.record(line.record);
    const json::object* event = record ? object_at(*record, "event") : nullptr;
    const json::object* fields = event == nullptr ? nullptr : object_at(*event, "fields");
    if (!record) {
      return record.error().during("asking the node for the words of " + line.indicator);
    }
    line.text = fields == nullptr ? "" : text_at(*fields, "text_value");
  }
  Result<void> read;
  if (form.asks_for_commitments()) {
    read = each_record(
        node, "target-commitment", form.pack,
        [&](const json::object&, const json::object& fields) { take_commitment(fields, sources); });
  }
  return read && form.asks_for_reports() ? gather_reports(node, form.pack, period, sources) : read;
}

std::string salt_for(const Form& form, const Sources& sources, std::string salt, Entropy& entropy) {
  for (const FormEntry& entry : form.entries) {
    const auto written = sources.entries.find(entry.name);
    if (entry.personal && written != sources.entries.end() && !written->second.empty()) {
      return salt.empty() ? hex_encode(entropy.take<32>()) : salt;
    }
  }
  return "";
}

}  // namespace

Result<ReportSources> gather_figures(SourceNode& node, const std::string& pack,
                                     const std::string& period,
                                     const std::set<std::string>& periods,
                                     const std::string& unit) {
  for (int tries = 0; tries < kTriesAtOneCut; ++tries) {
    // A closed period stands at its own cut, and its frozen figures cannot be printed beside those
    // of an open one: then the present figures of all are.
    const std::string vintage = tries == 0 ? "" : "present";
    ReportSources out;
    std::set<std::string> cuts;
    for (const std::string& one : periods) {
      auto cut = add_period(node, pack, one, unit, vintage, one == period, &out);
      if (!cut) {
        return cut.error();
      }
      cuts.insert(*cut);
    }
    if (cuts.size() == 1) {
      out.head.cut = *cuts.begin();
      out.head.period = period;
      out.head.unit = unit.empty() ? "整个项目" : unit;
      return out;
    }
  }
  return Error{Errc::kUnavailable, "new events arrive faster than the figures of one cut are read",
               "try again in a moment"};
}

Result<std::vector<FiledReport>> filed_reports(SourceNode& node, const std::string& pack,
                                               const std::string& period) {
  Sources sources;
  auto gathered = gather_reports(node, pack, period, &sources);
  return gathered ? Result<std::vector<FiledReport>>(std::move(sources.reports)) : gathered.error();
}

Result<Paper> fill_from(SourceNode& node, const Form& form, FormAnswers answers, Entropy& entropy) {
  auto found = gather_figures(node, answers.pack.empty() ? form.pack : answers.pack, answers.period,
                              form.periods(answers.period), answers.unit);
  if (!found) {
    return found.error();
  }
  found->sources.entries = std::move(answers.entries);
  if (auto read = gather_records(node, form, answers.period, &found->sources); !read) {
    return read.error();
  }
  found->head.salt = salt_for(form, found->sources, std::move(answers.salt), entropy);
  return fill(form, std::move(found->sources), std::move(found->head));
}

}  // namespace hefu::forms
