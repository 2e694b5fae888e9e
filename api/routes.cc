#include "api/routes.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "api/accounts/reach.h"
#include "api/console.h"
#include "api/disclosures.h"
#include "api/entity_tag.h"
#include "api/envelope_list.h"
#include "api/problem.h"
#include "crypto/digest.h"
#include "ledger/event/event.h"
#include "ledger/event/protocol_types.h"

namespace hefu {
namespace {

constexpr std::string_view kJson = "application/json";
constexpr std::string_view kText = "text/plain; charset=utf-8";
/// Source: prometheus.io, "Exposition formats".
constexpr std::string_view kMetrics = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view kBinary = "application/octet-stream";

/// Answers that depend on when they are asked.
constexpr std::string_view kFresh = "no-store";
/// A log's checkpoint: as good as new for a second, which is what a crowd of readers needs.
constexpr std::string_view kMoment = "public, max-age=1";
/// Bytes that never change under their path (C2SP tlog-tiles).
constexpr std::string_view kForever = "public, max-age=31536000, immutable";

constexpr std::size_t kNameBytesMax = 128;
constexpr std::uint32_t kBundleSamplesMax = 10'000;
constexpr std::size_t kBundleValueBytesMax = 255;
constexpr std::size_t kQueryTextBytesMax = 512;
constexpr std::uint32_t kLimitDefault = 100;
constexpr std::uint32_t kLimitMax = 1'000;
constexpr std::size_t kTileSegmentsMax = 12;
constexpr std::size_t kTileSegmentBytesMax = 16;

// ---- Answers

HttpResponse answer(std::string_view content_type, Bytes body, std::string_view caching) {
  HttpResponse response;
  response.content_type = std::string(content_type);
  response.body = std::move(body);
  response.headers.emplace_back("Cache-Control", std::string(caching));
  return response;
}

HttpResponse text_answer(const Result<std::string>& text, std::string_view content_type,
                         std::string_view caching = kFresh) {
  return text ? answer(content_type, to_bytes(*text), caching) : problem(text.error());
}

HttpResponse json_answer(const Result<std::string>& json) {
  return text_answer(json, kJson);
}

/// Body of a request whose envelopes take together no longer to check than handing them to another
/// thread and back costs.
constexpr std::size_t kQuickBodyBytes = 2048;

std::string receipt_json(const SubmitReceipt& receipt) {
  std::string json =
      "{\"level\":\"" + std::string(name(receipt.level)) +
      "\",\"origin\":" + json_string(receipt.origin) + ",\"size\":" + std::to_string(receipt.size) +
      ",\"checkpoint\":" + (receipt.checkpoint.empty() ? "null" : json_string(receipt.checkpoint)) +
      ",\"receipts\":[";
  for (const SubmitReceipt::Entry& entry : receipt.entries) {
    json += &entry == receipt.entries.data() ? "" : ",";
    json += "{\"event\":\"" + entry.event.hex() + "\",\"index\":" + std::to_string(entry.index);
    json += entry.proof.empty() ? "}" : ",\"proof\":" + json_string(entry.proof) + '}';
  }
  return json + "]}\n";
}

std::string receipt_json(const GuestReceipt& receipt) {
  std::string json = "{\"origin\":" + json_string(receipt.origin) + ",\"receipts\":[";
  for (const GuestReceipt::Entry& entry : receipt.entries) {
    json += &entry == receipt.entries.data() ? "" : ",";
    json +=
        "{\"event\":\"" + entry.event.hex() + "\",\"promise\":" + json_string(entry.promise) + '}';
  }
  return json + "]}\n";
}

// ---- What a request carries

/// Reads path segments and query parameters; remembers the first error, so that a handler reads
/// all it needs and then asks once.
class Input {
 public:
  Input(Port& port, const HttpRequest& request, std::vector<std::string_view> captured)
      : port_(port), request_(request), captured_(std::move(captured)) {}

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  /// The n-th {…} of the path.
  [[nodiscard]] std::string_view segment(std::size_t n) const { return captured_.at(n); }
  [[nodiscard]] std::size_t segments() const { return captured_.size(); }

  Digest id_segment(std::size_t n) { return digest("id", segment(n)).value_or(Digest{}); }

  /// An identifier or a name; "" if the parameter is absent or empty.
  std::string name(std::string_view parameter) {
    const std::string& value = query(parameter);
    if (!value.empty() && !is_name(value)) {
      refuse(parameter, "not a name of at most 128 letters, digits and ._:/@+~-", "");
    }
    return value;
  }

  std::string required_name(std::string_view parameter) {
    std::string value = name(parameter);
    if (value.empty()) {
      refuse(parameter, "missing", "add ?" + std::string(parameter) + "=…");
    }
    return value;
  }

  std::optional<Digest> id(std::string_view parameter) {
    const std::string& value = query(parameter);
    return value.empty() ? std::nullopt : digest(parameter, value);
  }

  std::uint32_t limit() {
    const std::string& value = query("limit");
    if (value.empty()) {
      return kLimitDefault;
    }
    std::uint32_t number = 0;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (problem != std::errc() || end != value.data() + value.size() || number < 1 ||
        number > kLimitMax) {
      refuse("limit", "not a number from 1 to " + std::to_string(kLimitMax), "");
    }
    return number;
  }

  /// A whole number within bounds; `absent` without the parameter.
  std::uint32_t number(std::string_view parameter, std::uint32_t absent, std::uint32_t most) {
    const std::string& value = query(parameter);
    if (value.empty()) {
      return absent;
    }
    std::uint32_t out = 0;
    const auto [end, problem] = std::from_chars(value.data(), value.data() + value.size(), out);
    if (problem != std::errc() || end != value.data() + value.size() || out > most) {
      refuse(parameter, "not a number from 0 to " + std::to_string(most), "");
    }
    return out;
  }

  /// Any plain text of at most so many bytes; "" if the parameter is absent.
  std::string text(std::string_view parameter, std::size_t most) {
    const std::string& value = query(parameter);
    if (value.size() > most) {
      refuse(parameter, "longer than " + std::to_string(most) + " bytes", "");
    }
    return value;
  }

  static bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= kNameBytesMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    std::string_view("._:/@+~-").find(c) != std::string_view::npos;
           });
  }

 private:
  const std::string& query(std::string_view parameter) const {
    static const std::string kAbsent;
    const auto found = request_.query.find(std::string(parameter));
    return found == request_.query.end() ? kAbsent : found->second;
  }

  std::optional<Digest> digest(std::string_view what, std::string_view text) {
    if (const auto whole = Digest::from_hex(text)) {
      return whole;
    }
    const bool beginning = text.size() >= kIdDigitsMin && text.size() < 2 * Digest().bytes.size() &&
                           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
    if (!beginning) {
      refuse(what,
             "not 64 lower-case hex digits, nor the first " + std::to_string(kIdDigitsMin) +
                 " or more of them",
             "");
      return std::nullopt;
    }
    auto one = port_.event_beginning(text);
    if (!one && !error_) {
      error_ = one.error();
    }
    return one ? std::optional(*one) : std::nullopt;
  }

  void refuse(std::string_view what, const std::string& why, std::string hint) {
    if (!error_) {
      error_ = Error{Errc::kInvalid, std::string(what) + ": " + why, std::move(hint)};
    }
  }

  Port& port_;
  const HttpRequest& request_;
  const std::vector<std::string_view> captured_;
  std::optional<Error> error_;
};

// ---- The routes, one function each

using Handler = HttpResponse (*)(Port& port, const HttpRequest& request, Input& input);

HttpResponse get_status(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.status());
}

HttpResponse get_charter(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return text_answer(port.charter_note(), kText);
}

HttpResponse get_members(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.members());
}

HttpResponse get_governance(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.governance());
}

HttpResponse get_catalogue(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.catalogue_json());
}

HttpResponse get_protocol_types(Port& /*port*/, const HttpRequest& /*request*/, Input& /*input*/) {
  return answer(kJson, to_bytes(kProtocolTypes), "public, max-age=300");
}

HttpResponse get_openapi(Port& /*port*/, const HttpRequest& /*request*/, Input& /*input*/) {
  return answer(kJson, to_bytes(openapi_json()), "public, max-age=300");
}

HttpResponse get_events(Port& port, const HttpRequest& /*request*/, Input& input) {
  EventQuery query;
  query.log = input.name("log");
  query.type = input.name("type");
  query.record = input.id("record");
  query.issuer = input.name("issuer");
  query.from = input.name("from");
  query.limit = input.limit();
  return input.error() ? problem(*input.error()) : json_answer(port.events(query));
}

HttpResponse get_event(Port& port, const HttpRequest& /*request*/, Input& input) {
  const Digest id = input.id_segment(0);
  return input.error() ? problem(*input.error()) : json_answer(port.event(id));
}

HttpResponse get_event_proof(Port& port, const HttpRequest& /*request*/, Input& input) {
  const Digest id = input.id_segment(0);
  return input.error() ? problem(*input.error()) : text_answer(port.event_proof(id), kText);
}

/// For which departments whoever sends a request may hand something in; none: for all.
std::optional<Reach> limits_of(const HttpRequest& request) {
  if (!request.caller) {
    return std::nullopt;
  }
  const Reach reach = reach_of(*request.caller);
  return reach.is_unlimited() ? std::nullopt : std::optional(reach);
}

Result<void> check_reach(Port& port, const HttpRequest& request, std::span<const Bytes> envelopes) {
  const auto reach = limits_of(request);
  return reach ? port.admit(*reach, envelopes) : Result<void>();
}

HttpResponse post_disclosures(Port& port, const HttpRequest& request, Input& /*input*/) {
  auto disclosures = parse_disclosures(as_text(request.body));
  if (!disclosures) {
    return problem(disclosures.error());
  }
  if (const auto reach = limits_of(request)) {
    std::vector<Digest> events;
    for (const Disclosure& disclosure : *disclosures) {
      events.push_back(disclosure.event);
    }
    if (const auto within = port.admit(*reach, events); !within) {
      return problem(within.error());
    }
  }
  const std::size_t count = disclosures->size();
  const auto stored = port.put_disclosures(*std::move(disclosures));
  return stored ? answer(kJson, to_bytes("{\"stored\":" + std::to_string(count) + "}\n"), kFresh)
                : problem(stored.error());
}

HttpResponse delete_disclosures(Port& port, const HttpRequest& request, Input& input) {
  const Digest id = input.id_segment(0);
  if (input.error()) {
    return problem(*input.error());
  }
  const auto erasure = decode_envelope_list(request.body);
  if (!erasure) {
    return problem(erasure.error());
  }
  if (erasure->size() != 1) {
    return problem(Error{Errc::kInvalid, "body: not one envelope",
                         "send the envelope of the erasure that will be logged"});
  }
  if (const auto within = check_reach(port, request, *erasure); !within) {
    return problem(within.error());
  }
  const auto erased = port.erase_disclosures(id, erasure->front());
  return erased ? answer(kJson, to_bytes("{\"erased\":\"" + id.hex() + "\"}\n"), kFresh)
                : problem(erased.error());
}

HttpResponse get_records(Port& port, const HttpRequest& /*request*/, Input& input) {
  RecordQuery query;
  query.type = input.name("type");
  query.party = input.name("party");
  query.state = input.name("state");
  query.from = input.name("from");
  query.limit = input.limit();
  return input.error() ? problem(*input.error()) : json_answer(port.records(query));
}

HttpResponse get_record(Port& port, const HttpRequest& /*request*/, Input& input) {
  const Digest id = input.id_segment(0);
  return input.error() ? problem(*input.error()) : json_answer(port.record(id));
}

HttpResponse get_agreements(Port& port, const HttpRequest& /*request*/, Input& input) {
  AgreementQuery query;
  query.party = input.name("party");
  query.state = input.name("state");
  query.from = input.name("from");
  query.limit = input.limit();
  return input.error() ? problem(*input.error()) : json_answer(port.agreements(query));
}

HttpResponse get_agreement(Port& port, const HttpRequest& /*request*/, Input& input) {
  const Digest id = input.id_segment(0);
  return input.error() ? problem(*input.error()) : json_answer(port.agreement(id));
}

HttpResponse get_inbox(Port& port, const HttpRequest& request, Input& input) {
  InboxQuery query;
  // Who hands in nothing reads everything; who does is shown what is theirs to answer.
  if (const auto reach = limits_of(request);
      reach && !(reach->records.none() && reach->reviews.none())) {
    query.reach = reach;
  }
  query.member = input.name("member");
  query.limit = input.limit();
  return input.error() ? problem(*input.error()) : json_answer(port.inbox(query));
}

HttpResponse get_listings(Port& port, const HttpRequest& /*request*/, Input& input) {
  ListingQuery query;
  query.text = input.text("q", kQueryTextBytesMax);
  query.direction = input.name("direction");
  query.category = input.name("category");
  query.issuer = input.name("issuer");
  query.place = input.name("place");
  query.availability = input.name("availability");
  query.on = input.name("on");
  query.from = input.name("from");
  query.limit = input.limit();
  return input.error() ? problem(*input.error()) : json_answer(port.listings(query));
}

HttpResponse get_recommendations(Port& port, const HttpRequest& /*request*/, Input& input) {
  RecommendationQuery query;
  query.listing = input.id_segment(0);
  query.on = input.name("on");
  query.from = input.name("from");
  query.limit = input.limit();
  return input.error() ? problem(*input.error()) : json_answer(port.recommendations(query));
}

HttpResponse get_listing_course(Port& port, const HttpRequest& /*request*/, Input& input) {
  const Digest id = input.id_segment(0);
  const std::string on = input.name("on");
  return input.error() ? problem(*input.error()) : json_answer(port.listing_course(id, on));
}

HttpResponse get_packs(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.packs());
}

HttpResponse get_pack(Port& port, const HttpRequest& /*request*/, Input& input) {
  const std::string version = input.name("version");
  if (!Input::is_name(input.segment(0))) {
    return problem(Error{Errc::kInvalid, "pack: not an id of a pack", "`/v1/packs` lists them"});
  }
  return input.error() ? problem(*input.error())
                       : json_answer(port.pack(input.segment(0), version));
}

HttpResponse get_cut(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.cut());
}

HttpResponse get_cuts(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.cuts());
}

HttpResponse get_proposed_cut(Port& port, const HttpRequest& /*request*/, Input& input) {
  const Digest id = input.id_segment(0);
  return input.error() ? problem(*input.error()) : json_answer(port.proposed_cut(id));
}

HttpResponse get_closings(Port& port, const HttpRequest& /*request*/, Input& input) {
  ClosingQuery query;
  query.pack = input.required_name("pack");
  query.period = input.required_name("period");
  query.proposal = input.id("proposal");
  query.node = input.name("node");
  return input.error() ? problem(*input.error()) : json_answer(port.closings(query));
}

HttpResponse get_differences(Port& port, const HttpRequest& /*request*/, Input& input) {
  DifferenceQuery query;
  query.pack = input.required_name("pack");
  query.period = input.required_name("period");
  query.node = input.name("node");
  query.from = input.required_name("from");
  query.to = input.required_name("to");
  return input.error() ? problem(*input.error()) : json_answer(port.differences(query));
}

/// Well formed or not, a token is not repeated: it may be a link mistyped by one character.
HttpResponse get_invitation(Port& port, const HttpRequest& /*request*/, Input& input) {
  return text_answer(port.invitation(input.segment(0)), kJson, kFresh);
}

HttpResponse get_guests(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.guests());
}

void read_figure_query(Input& input, FigureQuery* query) {
  query->pack = input.required_name("pack");
  query->period = input.required_name("period");
  query->node = input.name("node");
  query->indicator = input.name("indicator");
}

HttpResponse get_figures(Port& port, const HttpRequest& /*request*/, Input& input) {
  FigureQuery query;
  read_figure_query(input, &query);
  query.vintage = input.name("vintage");
  return input.error() ? problem(*input.error()) : json_answer(port.figures(query));
}

HttpResponse get_bundle(Port& port, const HttpRequest& /*request*/, Input& input) {
  BundleQuery query;
  read_figure_query(input, &query);
  query.level = static_cast<int>(input.number("level", 2, 4));
  query.with_pack = input.number("with_pack", 0, 1) == 1;
  query.samples = input.number("samples", 0, kBundleSamplesMax);
  query.value = input.text("value", kBundleValueBytesMax);
  if (input.error()) {
    return problem(*input.error());
  }
  auto bundle = port.bundle(query);
  return bundle ? answer(kBinary, *std::move(bundle), kFresh) : problem(bundle.error());
}

HttpResponse get_signals(Port& port, const HttpRequest& /*request*/, Input& input) {
  SignalQuery query;
  query.period = input.required_name("period");
  query.kind = input.name("kind");
  query.party = input.name("party");
  return input.error() ? problem(*input.error()) : json_answer(port.signals(query));
}

HttpResponse log_answer(Port& port, std::string_view member, std::string_view path) {
  if (!Input::is_name(member)) {
    return problem(Error{Errc::kInvalid, "log: not a member id or domain", ""});
  }
  auto resource = port.log_resource(member, path);
  if (!resource) {
    return problem(resource.error());
  }
  return answer(resource->content_type, std::move(resource->bytes),
                resource->immutable ? kForever : kMoment);
}

HttpResponse get_checkpoint(Port& port, const HttpRequest& /*request*/, Input& input) {
  return log_answer(port, input.segment(0), "checkpoint");
}

HttpResponse get_tile(Port& port, const HttpRequest& /*request*/, Input& input) {
  std::string path = "tile";
  for (std::size_t n = 1; n < input.segments(); ++n) {
    const std::string_view segment = input.segment(n);
    const bool proper = segment.size() <= kTileSegmentBytesMax &&
                        std::all_of(segment.begin(), segment.end(), [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
                        });
    if (!proper || n > kTileSegmentsMax) {
      return problem(Error{Errc::kNotFound, "tile: no such path",
                           "paths are those of C2SP tlog-tiles: tile/0/x001/067"});
    }
    path += '/';
    path += segment;
  }
  return log_answer(port, input.segment(0), path);
}

HttpResponse post_views(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  auto begun = port.begin_rebuild();
  if (!begun) {
    return problem(begun.error());
  }
  HttpResponse response = answer(kJson, to_bytes("{\"running\":true}"), kFresh);
  response.status = 202;
  return response;
}

HttpResponse get_views(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.rebuilt());
}

HttpResponse post_backups(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  auto begun = port.begin_backup();
  if (!begun) {
    return problem(begun.error());
  }
  HttpResponse response = answer(kJson, to_bytes("{\"running\":true}"), kFresh);
  response.status = 202;
  return response;
}

HttpResponse get_backups(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.backups());
}

HttpResponse post_add_checkpoint(Port& port, const HttpRequest& request, Input& /*input*/) {
  auto reply = port.add_checkpoint(as_text(request.body));
  if (!reply) {
    return problem(reply.error());
  }
  HttpResponse response = answer(reply->content_type.empty() ? kText : reply->content_type,
                                 to_bytes(reply->body), kFresh);
  response.status = reply->status;
  return response;
}

HttpResponse get_witnessed(Port& port, const HttpRequest& /*request*/, Input& input) {
  const auto origin = Digest::from_hex(input.segment(0));
  if (!origin) {
    return problem(Error{Errc::kNotFound, "witness: no such path",
                         "the path holds the SHA-256 of the log's origin, in lower-case hex"});
  }
  return text_answer(port.witnessed(*origin), kText, kFresh);
}

HttpResponse get_metrics(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return text_answer(port.metrics(), kMetrics);
}

HttpResponse get_operations(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.operations());
}

HttpResponse get_forks(Port& port, const HttpRequest& /*request*/, Input& /*input*/) {
  return json_answer(port.forks());
}

HttpResponse get_fork_proof(Port& port, const HttpRequest& /*request*/, Input& input) {
  if (!Input::is_name(input.segment(0))) {
    return problem(Error{Errc::kInvalid, "log: not a member id or domain", ""});
  }
  return text_answer(port.fork_proof(input.segment(0)), kText);
}

HttpResponse get_root(Port& /*port*/, const HttpRequest& /*request*/, Input& /*input*/) {
  HttpResponse response;
  response.status = 302;
  response.headers.emplace_back("Location", "/console");
  response.headers.emplace_back("Cache-Control", std::string(kFresh));
  return response;
}

HttpResponse get_console(Port& /*port*/, const HttpRequest& request, Input& /*input*/) {
  return console_answer(console_assets(), request, "");
}

HttpResponse get_console_file(Port& /*port*/, const HttpRequest& request, Input& input) {
  std::string path;
  for (std::size_t n = 0; n < input.segments(); ++n) {
    path += n == 0 ? "" : "/";
    path += input.segment(n);
  }
  return console_answer(console_assets(), request, path);
}

// ---- The table

void post_events(Port& port, const HttpRequest& request, Input& input, HttpReply reply);
void post_answer(Port& port, const HttpRequest& request, Input& input, HttpReply reply);

/// Answered from another thread.
using Submission = void (*)(Port& port, const HttpRequest& request, Input& input, HttpReply reply);

struct Route {
  std::string_view method;
  std::string_view path;
  std::array<std::string_view, kRouteParametersMax> parameters;
  bool quick;
  std::string_view body;
  Handler handler;  // none: a submission
  Submission submission = nullptr;

  [[nodiscard]] constexpr RouteShape shape() const { return {method, path, parameters, body}; }
};

constexpr std::array kRoutes{
    Route{"GET", "/v1/status", {}, true, "", get_status},
    Route{"GET", "/v1/charter", {}, true, "", get_charter},
    Route{"GET", "/v1/members", {}, false, "", get_members},
    Route{"GET", "/v1/governance", {}, false, "", get_governance},
    Route{"GET", "/v1/catalogue", {}, true, "", get_catalogue},
    Route{"GET", "/v1/catalogue/protocol", {}, true, "", get_protocol_types},
    Route{"GET", "/v1/openapi.json", {}, true, "", get_openapi},
    Route{
        "POST", "/v1/events", {"ack", "priority"}, false, kEnvelopeListType, nullptr, post_events},
    Route{"GET",
          "/v1/events",
          {"log", "type", "record", "issuer", "from", "limit"},
          false,
          "",
          get_events},
    Route{"GET", "/v1/events/{id}", {}, false, "", get_event},
    Route{"GET", "/v1/events/{id}/proof", {}, false, "", get_event_proof},
    Route{"POST", "/v1/disclosures", {}, false, kJson, post_disclosures},
    Route{"DELETE", "/v1/disclosures/{id}", {}, false, kEnvelopeListType, delete_disclosures},
    Route{
        "GET", "/v1/records", {"type", "party", "state", "from", "limit"}, false, "", get_records},
    Route{"GET", "/v1/records/{id}", {}, false, "", get_record},
    Route{"GET", "/v1/agreements", {"party", "state", "from", "limit"}, false, "", get_agreements},
    Route{"GET", "/v1/agreements/{id}", {}, false, "", get_agreement},
    Route{"GET", "/v1/inbox", {"member", "limit"}, false, "", get_inbox},
    Route{"GET",
          "/v1/market/listings",
          {"q", "direction", "category", "issuer", "place", "availability", "on", "from", "limit"},
          false,
          "",
          get_listings},
    Route{"GET",
          "/v1/market/listings/{id}/recommendations",
          {"on", "from", "limit"},
          false,
          "",
          get_recommendations},
    Route{"GET", "/v1/market/listings/{id}/course", {"on"}, false, "", get_listing_course},
    Route{"GET", "/v1/invitations/{token}", {}, false, "", get_invitation},
    Route{"POST",
          "/v1/invitations/{token}/answer",
          {},
          false,
          kEnvelopeListType,
          nullptr,
          post_answer},
    Route{"POST", "/v1/answers", {}, false, kEnvelopeListType, nullptr, post_answer},
    Route{"GET", "/v1/guests", {}, false, "", get_guests},
    Route{"GET", "/v1/packs", {}, false, "", get_packs},
    Route{"GET", "/v1/packs/{pack}", {"version"}, false, "", get_pack},
    Route{"GET", "/v1/cut", {}, false, "", get_cut},
    Route{"GET", "/v1/cuts", {}, false, "", get_cuts},
    Route{"GET", "/v1/cuts/{id}", {}, false, "", get_proposed_cut},
    Route{"GET", "/v1/closings", {"pack", "period", "proposal", "node"}, false, "", get_closings},
    Route{"GET",
          "/v1/differences",
          {"pack", "period", "node", "from", "to"},
          false,
          "",
          get_differences},
    Route{"GET",
          "/v1/figures",
          {"pack", "period", "node", "indicator", "vintage"},
          false,
          "",
          get_figures},
    Route{"GET",
          "/v1/bundle",
          {"pack", "period", "node", "indicator", "level", "with_pack", "samples", "value"},
          false,
          "",
          get_bundle},
    Route{"GET", "/v1/signals", {"period", "kind", "party"}, false, "", get_signals},
    Route{"POST", "/v1/views", {}, false, kJson, post_views},
    Route{"GET", "/v1/views", {}, false, "", get_views},
    Route{"POST", "/v1/backups", {}, false, kJson, post_backups},
    Route{"GET", "/v1/backups", {}, false, "", get_backups},
    Route{"GET", "/v1/operations", {}, false, "", get_operations},
    Route{"GET", "/v1/forks", {}, false, "", get_forks},
    Route{"GET", "/v1/forks/{log}/proof", {}, false, "", get_fork_proof},
    Route{"GET", "/metrics", {}, false, "", get_metrics},
    Route{"GET", "/log/{log}/checkpoint", {}, false, "", get_checkpoint},
    Route{"GET", "/log/{log}/tile/{tile}+", {}, false, "", get_tile},
    Route{"POST", "/witness/add-checkpoint", {}, false, kAnyType, post_add_checkpoint},
    Route{"GET", "/witness/{origin}/checkpoint", {}, false, "", get_witnessed},
    Route{"GET", "/", {}, true, "", get_root},
    Route{"GET", "/console", {}, true, "", get_console},
    Route{"GET", "/console/{file}+", {}, true, "", get_console_file},
};

struct Match {
  const Route* route = nullptr;
  std::vector<std::string_view> captured;
  std::string allowed;  // methods of the routes with this path, if none has the method
};

Match find_route(const HttpRequest& request) {
  Match found;
  for (const Route& route : kRoutes) {
    auto captured = match(route.shape(), request.path);
    if (!captured) {
      continue;
    }
    if (has_method(route.shape(), request)) {
      found.route = &route;
      found.captured = *std::move(captured);
      return found;
    }
    found.allowed += found.allowed.empty() ? "" : ", ";
    found.allowed += allowed_as(route.shape());
  }
  return found;
}

HttpResponse no_route(const Match& match) {
  if (!match.allowed.empty()) {
    return wrong_method(match.allowed);
  }
  std::string hint = "there are:";
  for (const RouteInfo& route : route_list()) {
    hint += ' ' + std::string(route.method) + ' ' + std::string(route.path) + ';';
  }
  hint.pop_back();
  return problem(Error{Errc::kNotFound, "path: nothing is here", std::move(hint)});
}

void post_events(Port& port, const HttpRequest& request, Input& input, HttpReply reply) {
  const std::string asked = input.name("ack");
  const auto level = ack_level(asked);
  if (!asked.empty() && !level) {
    reply(problem(Error{Errc::kInvalid, "query parameter ack: no level",
                        "use stored, replicated or witnessed"}));
    return;
  }
  const std::string asked_priority = input.name("priority");
  std::optional<Priority> priority;
  if (asked_priority == "bulk") {
    priority = Priority::kBulk;
  } else if (asked_priority == "interactive") {
    priority = Priority::kInteractive;
  } else if (!asked_priority.empty()) {
    reply(problem(
        Error{Errc::kInvalid, "query parameter priority: no priority", "use interactive or bulk"}));
    return;
  }
  auto envelopes = decode_envelope_list(request.body);
  if (!envelopes) {
    reply(problem(envelopes.error()));
    return;
  }
  if (const auto within = check_reach(port, request, *envelopes); !within) {
    reply(problem(within.error()));
    return;
  }
  port.submit(*std::move(envelopes), level, priority,
              [reply = std::move(reply), level](Result<SubmitReceipt> receipt) {
                if (!receipt) {
                  reply(problem(receipt.error()));
                  return;
                }
                HttpResponse response = answer(kJson, to_bytes(receipt_json(*receipt)), kFresh);
                // Nothing is lost, but what was asked for has not been reached yet.
                const bool short_of = receipt->level < level.value_or(AckLevel::kStored) ||
                                      receipt->checkpoint.empty();
                response.status = short_of && level != AckLevel::kStored ? 202 : 200;
                reply(std::move(response));
              });
}

/// What a guest signed: with a token, the answer to that link.
void post_answer(Port& port, const HttpRequest& request, Input& input, HttpReply reply) {
  auto envelopes = decode_envelope_list(request.body);
  if (!envelopes) {
    reply(problem(envelopes.error()));
    return;
  }
  const auto token =
      input.segments() == 0 ? std::nullopt : std::optional(std::string(input.segment(0)));
  port.answer(token, *std::move(envelopes),
              [reply = std::move(reply)](Result<GuestReceipt> receipt) {
                reply(receipt ? answer(kJson, to_bytes(receipt_json(*receipt)), kFresh)
                              : problem(receipt.error()));
              });
}

}  // namespace

bool Routes::is_quick(const HttpRequest& request) const {
  const Match match = find_route(request);
  return match.route == nullptr || match.route->quick ||
         (match.route->submission == post_events && request.body.size() <= kQuickBodyBytes);
}

void Routes::handle(HttpRequest request, HttpReply reply) {
  Match match = find_route(request);
  if (match.route == nullptr) {
    reply(no_route(match));
    return;
  }
  const Route& route = *match.route;
  if (auto unfit = refuse_unfit(route.shape(), request)) {
    reply(*std::move(unfit));
    return;
  }
  if (route.handler == nullptr) {
    Input input(port_, request, std::move(match.captured));
    route.submission(port_, request, input, std::move(reply));
    return;
  }
  Input input(port_, request, std::move(match.captured));
  HttpResponse response = route.handler(port_, request, input);
  tag(request, response);
  reply(std::move(response));
}

std::vector<RouteInfo> route_list() {
  std::vector<RouteInfo> list;
  for (const Route& route : kRoutes) {
    list.push_back(info_of(route.shape()));
  }
  return list;
}

}  // namespace hefu
