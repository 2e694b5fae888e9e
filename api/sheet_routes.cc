#include "api/sheet_routes.h"

#include <functional>
#include <map>
#include <memory>
#include <new>
#include <utility>

#include <boost/json.hpp>

#include "api/forms/json_reads.h"
#include "api/memory_file.h"
#include "api/problem.h"
#include "api/report_routes.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/catalogue.h"
#include "ledger/event/date.h"
#include "ledger/event/prepare.h"
#include "tools/sheet/check.h"
#include "tools/sheet/known.h"
#include "tools/sheet/sheet_file.h"
#include "tools/sheet/template.h"

namespace hefu {
namespace {

namespace json = boost::json;
using forms::array_at;
using forms::text_at;

constexpr std::size_t kWaitingMax = 8;
constexpr std::size_t kAnswerBytesMax = std::size_t{512} << 20U;
constexpr std::size_t kMapBytesMax = std::size_t{64} << 10U;
constexpr std::size_t kHeldEventsMax = 1'000'000;
constexpr std::uint32_t kPageEvents = 1'000;
constexpr std::size_t kFindingsShown = 1'000;
constexpr const char* kWorkbook =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

Result<json::object> read(const Result<std::string>& answer) {
  auto document =
      answer ? parse_json(*answer, kAnswerBytesMax) : Result<json::value>(answer.error());
  if (!document) {
    return document.error();
  }
  return document->is_object() ? Result<json::object>(std::move(document->get_object()))
                               : Error{Errc::kCorrupt, "the node's answer is no object", ""};
}

/// Every listed event of a type, of one log or of all.
Result<void> each_event(Port& port, const std::string& log, const std::string& type,
                        const std::function<void(const json::object& listed)>& take) {
  EventQuery query;
  query.log = log;
  query.type = type;
  query.limit = kPageEvents;
  for (std::size_t count = 0; count < kHeldEventsMax;) {
    const auto page = read(port.events(query));
    if (!page) {
      return page.error();
    }
    for (const json::value& row : array_at(*page, "events")) {
      if (const json::object* listed = row.if_object()) {
        take(*listed);
      }
      ++count;
    }
    const auto* next = page->if_contains("next");
    if (next == nullptr || next->is_null()) {
      return {};
    }
    query.from = next->is_string() ? std::string(next->get_string()) : json::serialize(*next);
  }
  return Error{Errc::kTooLarge, "the log holds more than 1,000,000 events of type " + type, ""};
}

/// What the node knows of a type and of institutions.
struct Known {
  Catalogue catalogue;
  const EventType* type = nullptr;
  sheet::Institutions institutions;
  std::string member;
};

Result<std::unique_ptr<Known>> known_of(Port& port, const std::string& type) {
  auto known = std::make_unique<Known>();
  const auto text = port.catalogue_json();
  auto catalogue = text ? served_catalogue(*text) : Result<Catalogue>(text.error());
  if (!catalogue) {
    return catalogue.error();
  }
  known->catalogue = *std::move(catalogue);
  known->type = known->catalogue.find(type);
  if (known->type == nullptr || known->type->protocol) {
    return Error{Errc::kNotFound, "type: no event type that sheets are for",
                 "GET /v1/catalogue lists the types"};
  }
  const auto status = read(port.status());
  const auto members = status ? read(port.members()) : status;
  const auto guests = members ? read(port.guests()) : members;
  if (!guests) {
    return guests.error();
  }
  known->member = text_at(*status, "member");
  sheet::add_members(*members, &known->institutions);
  sheet::add_guests(*guests, &known->institutions);
  auto registered = each_event(
      port, "", "institution-registration",
      [&](const json::object& listed) { sheet::add_registered(listed, &known->institutions); });
  if (!registered) {
    return registered.error();
  }
  return known;
}

/// {"企业名称": "host", "备注": "-"}: which field a title means; "-" leaves the column out.
Result<std::map<std::string, std::string>> read_map(const std::string& text,
                                                    const EventType& type) {
  std::map<std::string, std::string> mapping;
  if (text.empty()) {
    return mapping;
  }
  const auto document = parse_json(text, kMapBytesMax);
  const json::object* object = document ? document->if_object() : nullptr;
  const Error wrong{Errc::kInvalid, "query parameter map: not an object of titles and fields",
                    R"(write {"title": "field"}, "-" for a column to leave out)"};
  if (object == nullptr) {
    return wrong;
  }
  const auto columns = sheet::sheet_columns(type);
  for (const auto& [title, field] : *object) {
    if (!field.is_string()) {
      return wrong;
    }
    const std::string name(field.get_string());
    const sheet::Column* column = name == "-" ? nullptr : sheet::find_column(columns, name);
    if (name != "-" && column == nullptr) {
      return Error{Errc::kInvalid, "query parameter map: the type has no such field",
                   "GET /v1/catalogue lists its fields"};
    }
    mapping[sheet::comparable(title)] = name == "-" ? "-" : column->field;
  }
  return mapping;
}

/// The header's cells with the field each is read as; "" of those nothing is known of.
json::array columns_json(const sheet::Grid& grid, const sheet::CheckOutcome& outcome) {
  json::array columns;
  for (const sheet::Row& row : grid.rows) {
    if (row.number != outcome.header) {
      continue;
    }
    for (const sheet::Cell& cell : row.cells) {
      const auto found = outcome.columns.find(cell.column);
      columns.push_back(
          json::object{{"column", sheet::column_name(cell.column)},
                       {"title", cell.text},
                       {"field", found == outcome.columns.end() ? "" : found->second.field}});
    }
  }
  return columns;
}

json::array findings_json(const sheet::CheckOutcome& outcome) {
  json::array findings;
  for (const sheet::Finding& finding : outcome.findings) {
    if (findings.size() == kFindingsShown) {
      break;
    }
    findings.push_back(json::object{{"place", finding.place()},
                                    {"row", finding.row},
                                    {"error", finding.error},
                                    {"zh", finding.what.zh},
                                    {"en", finding.what.en}});
  }
  return findings;
}

/// Good rows as the events they make; "held": the place of one in the log that says the same.
json::array events_json(const sheet::CheckOutcome& outcome, const sheet::HeldEvents& held) {
  json::array events;
  for (const sheet::SheetRow& row : outcome.rows) {
    if (!row.good || !outcome.titles_good) {
      continue;
    }
    json::object item{{"row", row.number}, {"event", row.event}, {"held", nullptr}};
    if (const auto same = held.by_in_clear.find(row.in_clear); same != held.by_in_clear.end()) {
      item["held"] = same->second.index;
    }
    events.push_back(std::move(item));
  }
  return events;
}

bool has_personal(const EventType& type) {
  for (const Field& field : type.fields) {
    if (field.personal) {
      return true;
    }
  }
  return false;
}

std::string parameter(const HttpRequest& request, const std::string& name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? std::string() : found->second;
}

Result<json::object> checked(Port& port, const std::string& type, Date today,
                             const HttpRequest& request) {
  auto known = known_of(port, type);
  auto mapping = known ? read_map(parameter(request, "map"), *(*known)->type)
                       : Result<std::map<std::string, std::string>>(known.error());
  auto file = mapping ? sheet::read_sheet_file(request.body, parameter(request, "sheet"),
                                               parameter(request, "encoding"))
                      : Result<sheet::ReadSheet>(mapping.error());
  if (!file) {
    return file.error();
  }
  if (!file->type.empty() && file->type != type) {
    return Error{Errc::kInvalid, "the file is a template of another type",
                 "choose the type " + file->type};
  }
  if (file->grid.rows.size() > kSheetRowsMax) {
    return Error{Errc::kTooLarge, "more than 20,000 rows",
                 "divide the sheet, or use `hefu sheet import`"};
  }
  sheet::CheckOptions options;
  options.catalogue = &(*known)->catalogue;
  options.type = (*known)->type;
  options.institutions = &(*known)->institutions;
  options.issuer = (*known)->member;
  if (const std::string programme = parameter(request, "programme"); !programme.empty()) {
    options.programmes = {programme};
  }
  options.mapping = *mapping;
  options.today = today;
  const sheet::CheckOutcome outcome = sheet::check_sheet(file->grid, options);
  sheet::HeldEvents held;
  if (auto ok = each_event(port, (*known)->member, type,
                           [&](const json::object& listed) { held.add(listed); });
      !ok) {
    return ok.error();
  }
  json::array titles;
  for (const std::string& title : outcome.titles) {
    titles.emplace_back(title);
  }
  return json::object{{"type", type},
                      {"sheet", file->name},
                      {"encoding", file->encoding},
                      {"header", outcome.header},
                      {"titles", std::move(titles)},
                      {"titles_good", outcome.titles_good},
                      {"columns", columns_json(file->grid, outcome)},
                      {"rows", outcome.rows.size()},
                      {"good", outcome.good_rows()},
                      {"errors", outcome.errors},
                      {"formulas", outcome.formulas},
                      {"personal", has_personal(*options.type)},
                      {"findings", findings_json(outcome)},
                      {"events", events_json(outcome, held)}};
}

HttpResponse post_sheet(Port& port, const std::string& type, Date today,
                        const HttpRequest& request) {
  const auto answer = checked(port, type, today, request);
  if (!answer) {
    return problem(answer.error());
  }
  HttpResponse response;
  response.content_type = "application/json";
  response.body = to_bytes(canonical_json(*answer) + "\n");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

HttpResponse get_template(Port& port, const std::string& type) {
  const auto known = known_of(port, type);
  const auto content = known ? written_to_memory([&](const std::string& path) {
    sheet::TemplateContent what;
    what.catalogue = &(*known)->catalogue;
    what.type = (*known)->type;
    what.institutions = &(*known)->institutions;
    return sheet::write_template(what, path);
  })
                             : Result<std::string>(known.error());
  if (!content) {
    return problem(content.error());
  }
  HttpResponse response;
  response.content_type = kWorkbook;
  response.body = to_bytes(*content);
  response.headers.emplace_back("Content-Disposition",
                                attachment((*known)->type->title.zh + ".xlsx", type + ".xlsx"));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace

SheetRoutes::SheetRoutes(Port& port, std::function<Moment()> now)
    : port_(port), now_(std::move(now)), worker_(1, kWaitingMax) {}

const std::vector<RouteShape>& SheetRoutes::routes() const {
  static const std::vector<RouteShape> kShapes{
      {"GET", "/v1/sheets/{type}", {}},
      {"POST",
       "/v1/sheets/{type}",
       {"encoding", "map", "programme", "sheet"},
       "application/octet-stream"},
  };
  return kShapes;
}

std::vector<RouteInfo> SheetRoutes::list() {
  return {{"GET", "/v1/sheets/{type}", {}},
          {"POST", "/v1/sheets/{type}", {"encoding", "map", "programme", "sheet"}}};
}

void SheetRoutes::handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
                         HttpReply reply) {
  if (request.body.size() > kSheetBodyBytesMax) {
    reply(problem(Error{Errc::kTooLarge, "body: over 8,388,608 bytes",
                        "divide the sheet, or use `hefu sheet import`"}));
    return;
  }
  auto job = [this, route, type = captured.empty() ? std::string() : std::move(captured[0]),
              held = std::make_shared<HttpRequest>(std::move(request)), reply] {
    if (stopping_) {
      reply(problem(503, Error{Errc::kUnavailable, "the node is stopping", "try again soon"}));
      return;
    }
    try {
      reply(route == 0 ? get_template(port_, type) : post_sheet(port_, type, now_().date(), *held));
    } catch (const std::bad_alloc&) {
      reply(problem(503, Error{Errc::kUnavailable, "no memory", "try again in a moment"}));
    }
  };
  if (!worker_.submit(std::move(job))) {
    reply(problem(503,
                  Error{Errc::kUnavailable, "too many sheets at once", "try again in a moment"}));
  }
}

}  // namespace hefu
