#include "api/stream_hub.h"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "api/account_requests.h"
#include "api/node_look.h"
#include "api/problem.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kNameBytesMax = 128;
constexpr std::string_view kHeartbeat = ":\n\n";

const std::vector<RouteShape>& shapes() {
  static const std::vector<RouteShape> kShapes{{"GET", "/v1/stream", {"pack", "period"}}};
  return kShapes;
}

/// Data is canonical JSON, so it has no line break.
std::string message_text(std::string_view kind, const std::string& id, const std::string& data) {
  std::string text = "event: " + std::string(kind) + '\n';
  text += id.empty() ? "" : "id: " + id + '\n';
  return text + "data: " + data + "\n\n";
}

std::string reason(std::string_view kind, std::string_view why) {
  return message_text(kind, "", canonical_json(json::object{{"reason", why}}));
}

std::string parameter(const HttpRequest& request, const char* name) {
  const auto found = request.query.find(name);
  return found == request.query.end() ? "" : found->second;
}

}  // namespace

StreamHub::StreamHub(Source source, std::string start, const Options& options)
    : source_(std::move(source)),
      start_(std::move(start)),
      options_(options),
      thread_([this] { run(); }) {}

StreamHub::~StreamHub() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const Listener& listener : listeners_) {
      listener.feed->end(reason("end", "the node is stopping"));
    }
  }
  changed_.notify_all();
  thread_.join();
}

const std::vector<RouteShape>& StreamHub::routes() const {
  return shapes();
}

std::vector<RouteInfo> StreamHub::list() {
  return {info_of(shapes().front())};
}

std::size_t StreamHub::listeners() const {
  const std::lock_guard lock(mutex_);
  return listeners_.size();
}

void StreamHub::handle(std::size_t /*route*/, std::vector<std::string> /*captured*/,
                       HttpRequest request, HttpReply reply) {
  const std::string pack = parameter(request, "pack");
  const std::string period = parameter(request, "period");
  if (pack.empty() != period.empty() || pack.size() > kNameBytesMax ||
      period.size() > kNameBytesMax) {
    reply(problem(Error{Errc::kInvalid, "pack, period: one without the other, or too long",
                        "give both to hear when these figures change, or none"}));
    return;
  }
  Listener listener;
  listener.who = request.caller && request.caller->is_signed_in() ? request.caller->account
                                                                  : address_of(request.remote);
  if (!pack.empty()) {
    listener.figures = Figures{pack, period};
  }
  listener.feed = std::make_shared<HttpFeed>(
      options_.waiting_bytes_max, reason("end", "this listener takes its messages too slowly"));
  {
    const std::lock_guard lock(mutex_);
    if (auto refused = refuse(listener)) {
      reply(*std::move(refused));
      return;
    }
    resume(listener, request.last_event_id);
    if (request.method != "HEAD") {
      listeners_.push_back(listener);
    }
  }
  changed_.notify_all();
  HttpResponse response;
  response.content_type = "text/event-stream";
  response.headers.emplace_back("Cache-Control", "no-store");
  response.headers.emplace_back("X-Accel-Buffering", "no");  // nginx: hand it on as it comes
  response.feed = listener.feed;
  reply(std::move(response));
}

/// Called with mutex_ held.
std::optional<HttpResponse> StreamHub::refuse(const Listener& listener) {
  drop_those_gone();
  const auto of_one =
      std::count_if(listeners_.begin(), listeners_.end(),
                    [&](const Listener& other) { return other.who == listener.who; });
  std::set<Figures> figures;
  for (const Listener& other : listeners_) {
    if (other.figures) {
      figures.insert(*other.figures);
    }
  }
  if (listener.figures) {
    figures.insert(*listener.figures);
  }
  if (stopping_ || listeners_.size() >= options_.listeners_max ||
      static_cast<std::size_t>(of_one) >= options_.listeners_of_one_max ||
      figures.size() > options_.figures_max) {
    return problem(503,
                   Error{Errc::kUnavailable, "as many listen as may", "close one stream first"});
  }
  return std::nullopt;
}

/// Called with mutex_ held: what the listener has missed, if that is known.
void StreamHub::resume(const Listener& listener, std::string_view last_id) {
  listener.feed->add("retry: 3000\n\n");
  if (last_id.empty()) {
    listener.feed->add(latest_node_);
    return;
  }
  std::uint64_t number = 0;
  const bool of_this_start = last_id.starts_with(start_ + '-');
  const std::string_view digits = of_this_start ? last_id.substr(start_.size() + 1) : "";
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool known =
      of_this_start && error == std::errc() && end == digits.data() + digits.size() &&
      number <= last_number_ &&
      (number == last_number_ || (!messages_.empty() && messages_.front().number <= number + 1));
  if (!known) {
    listener.feed->add(reason("reset", "what came in between is not known any more"));
    return;
  }
  for (const Message& message : messages_) {
    if (message.number > number && concerns(message, listener)) {
      listener.feed->add(message.text);
    }
  }
}

bool StreamHub::concerns(const Message& message, const Listener& listener) const {
  return !message.about || message.about == listener.figures;
}

/// False if the hub is to stop.
bool StreamHub::wait_for_listeners() {
  std::unique_lock lock(mutex_);
  drop_those_gone();
  if (listeners_.empty() && looked_ && !stopping_) {
    changed_.wait_for(lock, options_.linger, [this] { return stopping_ || !listeners_.empty(); });
  }
  if (listeners_.empty() && !stopping_) {
    // What changes from now on is not seen: whoever comes back with an id from before is told so.
    ++last_number_;
    messages_.clear();
    latest_node_.clear();
    looked_ = false;
    changed_.wait(lock, [this] { return stopping_ || !listeners_.empty(); });
  }
  return !stopping_;
}

void StreamHub::run() {
  auto beat_at = std::chrono::steady_clock::now() + options_.heartbeat;
  while (wait_for_listeners()) {
    look();
    look_at_figures();
    const auto now = std::chrono::steady_clock::now();
    std::unique_lock lock(mutex_);
    if (now >= beat_at) {
      beat_at = now + options_.heartbeat;
      for (const Listener& listener : listeners_) {
        listener.feed->add(kHeartbeat);
      }
    }
    changed_.wait_for(lock, options_.interval, [this] { return stopping_; });
  }
}

void StreamHub::look() {
  const auto seen = read_look(source_.status());
  if (!seen) {
    return;
  }
  for (const auto& [origin, size] : seen->sizes) {
    const auto before = sizes_.find(origin);
    const std::uint64_t from = before == sizes_.end() ? 0 : before->second;
    if (looked_ && size > from) {
      publish("events", canonical_json(json::object{{"log", origin}, {"from", from}, {"to", size}}),
              std::nullopt);
    }
    figures_due_ = figures_due_ || !looked_ || size != from;
  }
  if (!looked_ || seen->node != node_) {
    publish("node", seen->node, std::nullopt);
  }
  sizes_ = seen->sizes;
  node_ = seen->node;
  looked_ = true;
}

void StreamHub::look_at_figures() {
  std::set<Figures> wanted;
  {
    const std::lock_guard lock(mutex_);
    for (const Listener& listener : listeners_) {
      if (listener.figures) {
        wanted.insert(*listener.figures);
      }
    }
  }
  std::erase_if(figures_, [&](const auto& known) { return !wanted.contains(known.first); });
  const auto now = std::chrono::steady_clock::now();
  const bool due = figures_due_ && now - figures_at_ >= options_.figures_interval;
  for (const Figures& figures : wanted) {
    if (!due && figures_.contains(figures)) {
      continue;
    }
    FigureQuery query;
    query.pack = figures.first;
    query.period = figures.second;
    const auto answer = source_.figures(query);
    const Digest digest = answer ? sha256(as_bytes(*answer)) : Digest{};
    const auto known = figures_.find(figures);
    if (answer && (known == figures_.end() || known->second != digest)) {
      publish("figures",
              canonical_json(json::object{
                  {"pack", query.pack}, {"period", query.period}, {"digest", digest.hex()}}),
              figures);
    }
    figures_.insert_or_assign(figures, digest);
  }
  if (due) {
    figures_due_ = false;
    figures_at_ = now;
  }
}

void StreamHub::publish(std::string_view kind, const std::string& data,
                        std::optional<Figures> about) {
  const std::lock_guard lock(mutex_);
  Message message;
  message.number = ++last_number_;
  message.about = std::move(about);
  message.text = message_text(kind, start_ + '-' + std::to_string(message.number), data);
  if (kind == "node") {
    latest_node_ = message.text;
  }
  for (const Listener& listener : listeners_) {
    if (concerns(message, listener)) {
      listener.feed->add(message.text);
    }
  }
  messages_.push_back(std::move(message));
  while (messages_.size() > options_.messages_kept) {
    messages_.pop_front();
  }
}

/// Called with mutex_ held.
void StreamHub::drop_those_gone() {
  std::erase_if(listeners_, [](const Listener& listener) { return !listener.feed->is_open(); });
}

}  // namespace hefu
