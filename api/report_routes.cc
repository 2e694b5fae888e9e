#include "api/report_routes.h"

#include <algorithm>
#include <memory>
#include <new>
#include <set>

#include <boost/json.hpp>

#include "api/entity_tag.h"
#include "api/forms/fill.h"
#include "api/forms/json_reads.h"
#include "api/forms/paper.h"
#include "api/forms/shipped_forms.h"
#include "api/memory_file.h"
#include "api/problem.h"
#include "api/report_request.h"
#include "crypto/bytes.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kPacksBytesMax = std::size_t{16} << 20U;
/// With the period and the ending a file's name then has less than the 255 bytes of most systems.
constexpr std::size_t kTitleBytesMax = 180;
constexpr std::string_view kOffice = "application/vnd.openxmlformats-officedocument.";

struct File {
  std::string_view ending;
  std::string type;
  Result<std::string> content;
};

File file_of(const forms::Paper& paper, ReportFormat format) {
  switch (format) {
    case ReportFormat::kJson:
      return {"json", "application/json", paper.json()};
    case ReportFormat::kDocx:
      return {"docx", std::string(kOffice) + "wordprocessingml.document", forms::paper_docx(paper)};
    case ReportFormat::kXlsx:
      return {"xlsx", std::string(kOffice) + "spreadsheetml.sheet",
              written_to_memory(
                  [&](const std::string& path) { return forms::write_xlsx(paper, path); })};
    case ReportFormat::kCsv:
      return {"csv", "text/csv; charset=utf-8", forms::paper_csv(paper)};
  }
  return {"", "", Error{Errc::kUnsupported, "no such format", ""}};
}

/// The beginning of a text in UTF-8, at most so many bytes, no character cut.
std::string_view beginning(std::string_view text, std::size_t bytes_max) {
  std::size_t end = std::min(text.size(), bytes_max);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

Result<std::set<std::string, std::less<>>> published_packs(Port& port) {
  const auto answer = port.packs();
  const auto document =
      answer ? parse_json(*answer, kPacksBytesMax) : Result<json::value>(answer.error());
  if (!document) {
    return document.error();
  }
  std::set<std::string, std::less<>> packs;
  if (const json::object* object = document->if_object()) {
    for (const json::value& pack : forms::array_at(*object, "packs")) {
      if (const json::object* one = pack.if_object()) {
        packs.insert(forms::text_at(*one, "id"));
      }
    }
  }
  return packs;
}

json::object form_json(std::string_view name, const forms::Form& form, bool published) {
  json::array entries;
  for (const forms::FormEntry& entry : form.entries) {
    entries.push_back(
        json::object{{"name", entry.name},
                     {"title", entry.title},
                     {"limit", entry.limit == 0 ? forms::kEntryCharactersMax : entry.limit},
                     {"personal", entry.personal}});
  }
  return {{"form", name},
          {"title", form.title},
          {"pack", form.pack},
          {"source", form.source},
          {"beside_year", form.asks_for_year()},
          {"undertaking", !form.undertaking.empty()},
          {"published", published},
          {"entries", std::move(entries)}};
}

HttpResponse file_answer(const forms::Paper& paper, std::string_view form, File file) {
  if (!file.content) {
    return problem(file.content.error());
  }
  HttpResponse response;
  response.content_type = std::move(file.type);
  response.body = to_bytes(*file.content);
  const std::string rest = paper.period + '.' + std::string(file.ending);
  response.headers.emplace_back(
      "Content-Disposition",
      attachment(std::string(beginning(paper.title, kTitleBytesMax)) + ' ' + rest,
                 std::string(form) + '-' + rest));
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

}  // namespace

std::string attachment(std::string_view name, std::string_view plain) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  constexpr std::string_view kBad = "/\\:*?\"<>|";
  const auto is_bad = [&](char c) {
    return (c >= 0 && c < ' ') || c == 0x7f || kBad.find(c) != std::string_view::npos;
  };
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_';
  };
  std::string value = "attachment; filename=\"";
  for (const char c : plain) {
    value += is_plain(c) ? c : '_';
  }
  value += "\"; filename*=UTF-8''";
  for (const char c : name) {
    const char shown = is_bad(c) ? '_' : c;
    const auto byte = static_cast<unsigned char>(shown);
    if (is_plain(shown)) {
      value += shown;
    } else {
      value += {'%', kHex[byte >> 4U], kHex[byte & 15U]};
    }
  }
  return value;
}

ReportRoutes::ReportRoutes(Port& port, Entropy& entropy, std::string public_url)
    : port_(port),
      source_(port),
      entropy_(entropy),
      public_url_(std::move(public_url)),
      worker_(1, kWaitingMax) {
  for (const forms::ShippedForm& shipped : forms::shipped_forms()) {
    auto form = forms::Form::parse(shipped.json);
    HEFU_ASSERT(form.ok());  // they are part of the program, and its tests read them
    forms_.emplace_back(shipped.name, *std::move(form));
  }
}

const std::vector<RouteShape>& ReportRoutes::routes() const {
  static const std::vector<RouteShape> kShapes{
      {"GET", "/v1/reports", {}},
      {"POST", "/v1/reports/{form}", {}, "application/json"},
  };
  return kShapes;
}

std::vector<RouteInfo> ReportRoutes::list() {
  return {{"GET", "/v1/reports", {}}, {"POST", "/v1/reports/{form}", {}}};
}

void ReportRoutes::handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
                          HttpReply reply) {
  if (request.body.size() > kReportBodyBytesMax) {
    reply(problem(Error{Errc::kTooLarge, "body: over 1,048,576 bytes", "shorten the entries"}));
    return;
  }
  auto job = [this, route, name = captured.empty() ? std::string() : std::move(captured[0]),
              held = std::make_shared<HttpRequest>(std::move(request)), reply] {
    if (stopping_) {
      reply(problem(503, Error{Errc::kUnavailable, "the node is stopping", "try again soon"}));
      return;
    }
    try {
      reply(route == 0 ? get_forms(*held) : post_form(name, *held));
    } catch (const std::bad_alloc&) {
      reply(problem(503, Error{Errc::kUnavailable, "no memory", "try again in a moment"}));
    }
  };
  if (!worker_.submit(std::move(job))) {
    reply(
        problem(503, Error{Errc::kUnavailable, "too many forms at once", "try again in a moment"}));
  }
}

HttpResponse ReportRoutes::get_forms(const HttpRequest& request) {
  const auto published = published_packs(port_);
  if (!published) {
    return problem(published.error());
  }
  json::array all;
  for (const auto& [name, form] : forms_) {
    all.push_back(form_json(name, form, published->contains(form.pack)));
  }
  HttpResponse response;
  response.content_type = "application/json";
  response.body = to_bytes(canonical_json(json::object{{"reports", std::move(all)}}) + "\n");
  response.headers.emplace_back("Cache-Control", "no-store");
  tag(request, response);
  return response;
}

HttpResponse ReportRoutes::post_form(const std::string& name, const HttpRequest& request) {
  const auto found = std::find_if(forms_.begin(), forms_.end(),
                                  [&](const auto& known) { return known.first == name; });
  if (found == forms_.end()) {
    return problem(Error{Errc::kNotFound, "form: there is none of this name",
                         "GET /v1/reports lists the forms there are"});
  }
  const forms::Form& form = found->second;
  auto asked = parse_report_request(as_text(request.body));
  auto entries = asked ? forms::read_entries(form, asked->entries)
                       : Result<std::map<std::string, std::string>>(asked.error());
  if (!entries) {
    return problem(entries.error());
  }
  forms::FormAnswers answers;
  answers.period = std::move(asked->period);
  answers.unit = std::move(asked->node);
  answers.salt = std::move(asked->salt);
  answers.entries = *std::move(entries);
  auto paper = forms::fill_from(source_, form, std::move(answers), entropy_);
  if (!paper) {
    return problem(paper.error());
  }
  paper->node = public_url_;
  return file_answer(*paper, name, file_of(*paper, asked->format));
}

}  // namespace hefu
