#include "tools/report_submit.h"

#include <algorithm>
#include <iostream>
#include <optional>

#include <boost/json.hpp>

#include "api/forms/report_sources.h"
#include "api/forms/undertaking.h"
#include "ledger/event/date.h"
#include "node/files.h"
#include "tools/client_source.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/report_files.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// "2025-03" is a month's, "2025-Q1" a quarter's.
std::string kind_of(const std::string& period) {
  const std::string part = period.size() > 5 ? period.substr(5) : "";
  return part.empty() || part == "AY" ? "year"
         : part.front() == 'H'        ? "half-year"
         : part.front() == 'Q'        ? "quarter"
                                      : "month";
}

/// The number a figure is printed as, without its unit: "71.4%" is 71.4. None of "—".
std::optional<std::string> number_of(const std::string& shown) {
  const auto end = std::min(shown.find_first_not_of("0123456789.-"), shown.size());
  std::string number = shown.substr(0, end);
  if (number.empty() || number.find_first_of("0123456789") == std::string::npos) {
    return std::nullopt;
  }
  return number;
}

json::array figures_of(const forms::Paper& paper) {
  json::array figures;
  std::vector<std::string> told;
  for (const forms::FigureLine& line : paper.figures) {
    const auto number = number_of(line.shown);
    const bool before = std::find(told.begin(), told.end(), line.indicator) != told.end();
    if (line.period != paper.period || !number || before) {
      continue;
    }
    told.push_back(line.indicator);
    figures.push_back(
        json::object{{"kpi_id", line.indicator}, {"value", *number}, {"checkpoint", paper.cut}});
  }
  return figures;
}

Result<json::object> application(const ReportSubmit& options, const forms::Paper& paper,
                                 const Member& self, const Charter& charter) {
  if (options.undertaking.empty()) {
    return Error{Errc::kInvalid, "this form has an undertaking, and none is given",
                 "`hefu report undertake` signs it; give its file with --undertaking"};
  }
  auto note = read_file(options.undertaking, kNoteBytesMax);
  auto seals = note ? forms::verify_undertaking(paper, *note, charter)
                    : Result<std::vector<const Member*>>(note.error());
  if (!seals) {
    return seals.error().during(options.undertaking);
  }
  const bool own = std::any_of(seals->begin(), seals->end(),
                               [&](const Member* member) { return member->id == self.id; });
  if (!own) {
    return Error{Errc::kUnauthorised, "the applicant's own seal is not on the undertaking",
                 "`hefu report undertake` adds it"};
  }
  json::array sealing;
  for (const Member* member : *seals) {
    if (member->id != self.id && member->id != options.to) {
      sealing.emplace_back(member->id);
    }
  }
  json::object fields{{"application_kind", options.kind},
                      {"recommending_party", options.to},
                      {"round", options.round.empty() ? paper.period : options.round},
                      {"deadline", options.deadline},
                      {"form_root", paper.root().hex()},
                      {"attachment_hashes", {sha256(as_bytes(*note)).hex()}}};
  if (!sealing.empty()) {
    fields["sealing_parties"] = std::move(sealing);
  }
  if (options.no_violation) {
    fields["no_violation_declaration"] = "declared";
  }
  return json::object{
      {"type", "application-submission"},
      {"fields", std::move(fields)},
      {"personal", json::object{{"applicant", self.id}, {"undertaking_signature", *note}}}};
}

json::object progress_report(const ReportSubmit& options, const forms::Paper& paper,
                             const Member& self) {
  json::object fields{{"reporter", options.reporter.empty() ? self.id : options.reporter},
                      {"addressed_to", options.to},
                      {"period_kind", kind_of(paper.period)},
                      {"period", paper.period},
                      {"text", options.text.empty() ? paper.title : options.text},
                      {"due_on", options.deadline},
                      {"attachment_hashes", {paper.root().hex()}}};
  if (json::array figures = figures_of(paper); !figures.empty()) {
    fields["figures"] = std::move(figures);
  }
  return {{"type", "progress-report"}, {"fields", std::move(fields)}};
}

}  // namespace

int run(Context& context, const ReportSubmit& options) {
  const auto paper = open_paper(options.filled);
  auto desk = paper ? open_desk(context) : Result<Desk>(paper.error());
  const auto charter = desk ? desk->home.charter() : Result<Charter>(desk.error());
  if (!charter) {
    return report(context, charter.error());
  }
  const bool applies = !paper->undertaking.empty();
  auto made = applies ? application(options, *paper, desk->card, *charter)
                      : Result<json::object>(progress_report(options, *paper, desk->card));
  if (!made) {
    return report(context, made.error());
  }
  (*made)["programmes"] = json::array{paper->pack};
  if (options.dry_run) {
    print_json(*made, !context.json);
    return kExitOk;
  }
  const std::string word = !options.role.empty() ? options.role : applies ? "seal" : "registrar";
  const auto role = key_role(word);
  if (!role) {
    return report(context, Error{Errc::kInvalid, word + " is not a key role",
                                 "registrar, reviewer or seal sign events"});
  }
  Prepared prepared;
  auto catalogue = fetch_catalogue(desk->node);
  auto id = catalogue ? prepare(context, json::value(*made), *catalogue, desk->card.id,
                                system_now(), &prepared)
                      : Result<EventId>(catalogue.error());
  auto receipt = id ? submit(context, *desk, prepared, *role) : Result<json::value>(id.error());
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(
        json::object{
            {"record", id->hex()}, {"root", paper->root().hex()}, {"receipt", *std::move(receipt)}},
        false);
  } else {
    std::cout << paper->title << "\nform root  " << paper->root().hex() << "\nrecorded   "
              << id->hex() << "  " << text_at(receipt->as_object(), "level")
              << "\nit waits for the receipt of " << options.to << " (`hefu inbox` there)\n";
  }
  return kExitOk;
}

int run(Context& context, const ReportFilings& options) {
  auto node = open_node(context);
  if (!node) {
    return report(context, node.error());
  }
  ClientSource source(*node);
  const auto filings = forms::filed_reports(source, options.pack, options.period);
  if (!filings) {
    return report(context, filings.error());
  }
  json::array all;
  for (const forms::FiledReport& one : *filings) {
    if (!context.json) {
      std::cout << one.period << "  " << one.unit << "\n    due " << one.due << ", came "
                << (one.recorded.empty() ? "not yet" : one.recorded)
                << (one.late ? "  LATE" : "  in time") << "\n    " << one.text << "\n";
    }
    all.push_back(json::object{{"unit", one.unit},
                               {"period", one.period},
                               {"due", one.due},
                               {"recorded", one.recorded},
                               {"late", one.late},
                               {"text", one.text}});
  }
  if (context.json) {
    print_json(json::object{{"filings", std::move(all)}}, false);
  } else if (filings->empty()) {
    std::cout << "nobody reported for " << options.period << "\n";
  }
  return kExitOk;
}

Result<Filing> filing_of(HttpClient& node, const std::string& record, const forms::Paper& paper) {
  const auto document = node.get_json("/v1/records/" + record);
  if (!document) {
    return document.error().during("asking the node for the record");
  }
  const json::object& whole = document->as_object();
  const json::object* event = object_at(whole, "event");
  const json::object* fields = event == nullptr ? nullptr : object_at(*event, "fields");
  const json::object* opened = object_at(whole, "opened_at");
  if (fields == nullptr || opened == nullptr) {
    return Error{Errc::kUnverified, "record " + record + " has no fields to compare", ""};
  }
  const std::string root = paper.root().hex();
  const json::array& attached = array_at(*fields, "attachment_hashes");
  const bool names = text_at(*fields, "form_root") == root ||
                     std::any_of(attached.begin(), attached.end(), [&](const json::value& one) {
                       return one.is_string() && one.get_string() == root;
                     });
  if (!names) {
    return Error{Errc::kUnverified, "record " + record + " is of another form",
                 "was a cell changed since it was handed in?"};
  }
  if (whole.contains("retraction")) {
    return Error{Errc::kUnverified, "record " + record + " was taken back", ""};
  }
  Filing filing;
  filing.by = text_at(whole, "issuer");
  const std::string deadline = text_at(*fields, "deadline");
  filing.deadline = deadline.empty() ? text_at(*fields, "due_on") : deadline;
  if (const auto moment = Moment::parse(text_at(*opened, "recorded_by"))) {
    filing.recorded = moment->date().text();
  }
  filing.late = filing.recorded.empty() || filing.recorded > filing.deadline;
  return filing;
}

}  // namespace hefu
