#include "api/webhook_hub.h"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "api/json_members.h"
#include "api/problem.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::string_view kStoredName = "webhooks";
constexpr std::size_t kBodyBytesMax = 8'192;
constexpr std::size_t kUrlBytesMax = 2'048;
constexpr std::size_t kWaitingMax = 16;
constexpr std::string_view kResumed = "webhook-resumed";

enum Route : std::size_t { kList, kCreate, kRemove, kResume };

const std::vector<RouteShape>& shapes() {
  static const std::vector<RouteShape> kShapes{
      {"GET", "/v1/webhooks"},
      {"POST", "/v1/webhooks", {}, "application/json"},
      {"DELETE", "/v1/webhooks/{webhookId}"},
      {"POST", "/v1/webhooks/{webhookId}/resume"},
  };
  return kShapes;
}

HttpResponse answer(json::object value, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.content_type = "application/json";
  response.body = to_bytes(canonical_json(std::move(value)) + "\n");
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

Result<std::string> parse_url(std::string_view body) {
  const auto value = parse_json(body, kBodyBytesMax);
  if (!value) {
    return value.error().during("body");
  }
  JsonMembers members(*value, "body");
  std::string url = members.required_text("url", kUrlBytesMax);
  if (const auto done = members.done(); !done) {
    return done.error();
  }
  return url;
}

std::string random_hex(Entropy& entropy) {
  return hex_encode(entropy.take<8>());
}

/// Opens what is sealed, and seals what an earlier version has kept in clear: true if there was
/// any. Nothing is sent for a webhook whose secret cannot be opened.
bool open_secrets(SecretBox& box, std::vector<Webhook>& hooks) {
  bool changed = false;
  for (Webhook& hook : hooks) {
    if (hook.sealed_secret.empty()) {
      if (auto sealed = box.seal(webhook_secret_purpose(hook), hook.secret)) {
        hook.sealed_secret = *std::move(sealed);
        changed = true;
      }
      continue;
    }
    auto secret = box.open(webhook_secret_purpose(hook), hook.sealed_secret);
    if (secret && secret->size() == kWebhookSecretBytes) {
      hook.secret = *std::move(secret);
    } else {
      hook.paused = true;
      hook.problem = secret ? "its secret is damaged" : secret.error().message;
    }
  }
  return changed;
}

auto find(std::vector<Webhook>& hooks, const std::string& id) {
  return std::find_if(hooks.begin(), hooks.end(),
                      [&](const Webhook& hook) { return hook.id == id; });
}

}  // namespace

Result<std::unique_ptr<WebhookHub>> WebhookHub::open(AccountStorage& storage, AccountBook& book,
                                                     Entropy& entropy,
                                                     std::function<Result<std::string>()> status,
                                                     Post post, Options options) {
  const auto stored = storage.read(kStoredName);
  if (!stored) {
    return stored.error();
  }
  auto hooks = parse_webhooks(stored->value_or("[]"));
  if (!hooks) {
    return hooks.error();
  }
  if (options.box != nullptr && open_secrets(*options.box, *hooks)) {
    if (auto written = storage.write(kStoredName, webhooks_text(*hooks)); !written) {
      return written.error();
    }
  }
  return std::unique_ptr<WebhookHub>(new WebhookHub(storage, book, entropy, std::move(status),
                                                    std::move(post), std::move(options),
                                                    *std::move(hooks)));
}

WebhookHub::WebhookHub(AccountStorage& storage, AccountBook& book, Entropy& entropy,
                       std::function<Result<std::string>()> status, Post post, Options options,
                       std::vector<Webhook> hooks)
    : storage_(storage),
      book_(book),
      entropy_(entropy),
      status_(std::move(status)),
      post_(std::move(post)),
      options_(std::move(options)),
      hooks_(std::move(hooks)),
      thread_([this] { run(); }),
      worker_(1, kWaitingMax) {}

WebhookHub::~WebhookHub() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

const std::vector<RouteShape>& WebhookHub::routes() const {
  return shapes();
}

std::vector<RouteInfo> WebhookHub::list() {
  std::vector<RouteInfo> list;
  for (const RouteShape& shape : shapes()) {
    list.push_back(info_of(shape));
  }
  return list;
}

std::vector<Webhook> WebhookHub::hooks() const {
  const std::lock_guard lock(mutex_);
  return hooks_;
}

void WebhookHub::handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
                        HttpReply reply) {
  if (route == kList) {
    reply(get_all());
    return;
  }
  auto job = [this, route, captured = std::move(captured),
              held = std::make_shared<HttpRequest>(std::move(request)), reply] {
    static const Caller kNobody;
    const Caller& by = held->caller ? *held->caller : kNobody;
    if (route == kCreate) {
      reply(create(by, as_text(held->body)));
    } else if (route == kRemove) {
      reply(change(by, "webhook-removed", captured.at(0), [](Webhook&) { return false; }));
    } else {
      reply(change(by, kResumed, captured.at(0), [this](Webhook& hook) {
        resume(hook, options_.now());
        return true;
      }));
    }
  };
  if (!worker_.submit(std::move(job))) {
    reply(problem(503, Error{Errc::kUnavailable, "too many changes of webhooks at once",
                             "try again in a moment"}));
  }
}

HttpResponse WebhookHub::get_all() const {
  json::array list;
  for (const Webhook& hook : hooks()) {
    list.push_back(webhook_json(hook));
  }
  json::array hosts;
  for (const std::string& host : options_.hosts) {
    hosts.emplace_back(host);
  }
  return answer({{"webhooks", std::move(list)}, {"hosts", std::move(hosts)}});
}

HttpResponse WebhookHub::create(const Caller& by, std::string_view body) {
  const auto url = parse_url(body);
  if (!url) {
    return problem(url.error());
  }
  if (const auto allowed = check_webhook_url(*url, options_.hosts); !allowed) {
    return problem(allowed.error());
  }
  const Moment now = options_.now();
  Webhook hook;
  hook.id = "wh_" + random_hex(entropy_);
  hook.url = *url;
  hook.secret.resize(kWebhookSecretBytes);
  entropy_.fill(hook.secret);
  if (options_.box != nullptr) {
    auto sealed = options_.box->seal(webhook_secret_purpose(hook), hook.secret);
    if (!sealed) {
      return problem(sealed.error());
    }
    hook.sealed_secret = *std::move(sealed);
  }
  hook.by = by.account;
  hook.created = now;
  // It is told of what comes from now on. Were the node's state unknown, the first message would
  // name all that there is.
  if (const auto look = read_look(status_())) {
    hook.sizes = look->sizes;
    hook.node = look->node;
  }
  prepare_hello(hook, random_hex(entropy_), now);

  const std::lock_guard changing(changing_);
  std::vector<Webhook> next = hooks();
  if (next.size() >= kWebhooksMax) {
    return problem(Error{Errc::kTooLarge, "there are as many webhooks as may be", "remove one"});
  }
  if (const auto noted = book_.note(by, "webhook-created", hook.id, hook.url, now); !noted) {
    return problem(noted.error());
  }
  next.push_back(hook);
  if (const auto stored = store(std::move(next)); !stored) {
    return problem(stored.error());
  }
  json::object made = webhook_json(hook);
  made["secret"] = webhook_secret_text(hook.secret);
  return answer(std::move(made), 201);
}

HttpResponse WebhookHub::change(const Caller& by, std::string_view what, const std::string& id,
                                const std::function<bool(Webhook&)>& how) {
  const std::lock_guard changing(changing_);
  std::vector<Webhook> next = hooks();
  const auto found = find(next, id);
  if (found == next.end()) {
    return problem(Error{Errc::kNotFound, "webhook: there is none of this id",
                         "`hefu webhook list` shows them"});
  }
  if (what == kResumed && found->secret.empty()) {
    return problem(Error{Errc::kConflict, "webhook: its secret cannot be opened",
                         "put keys/sealing.key back and start hefud again, or remove it and make "
                         "another"});
  }
  if (const auto noted = book_.note(by, what, id, found->url, options_.now()); !noted) {
    return problem(noted.error());
  }
  const bool stays = how(*found);
  json::object after = webhook_json(*found);
  if (!stays) {
    next.erase(found);
  }
  if (const auto stored = store(std::move(next)); !stored) {
    return problem(stored.error());
  }
  return answer(stays ? std::move(after) : json::object{{"done", true}});
}

Result<void> WebhookHub::store(std::vector<Webhook> hooks) {
  if (auto written = storage_.write(kStoredName, webhooks_text(hooks)); !written) {
    return written;
  }
  {
    const std::lock_guard lock(mutex_);
    hooks_ = std::move(hooks);
  }
  wake_.notify_all();
  return {};
}

bool WebhookHub::keep(const Webhook& hook) {
  const std::lock_guard changing(changing_);
  std::vector<Webhook> next = hooks();
  const auto found = find(next, hook.id);
  if (found == next.end()) {
    return false;
  }
  *found = hook;
  const auto stored = store(std::move(next));
  if (!stored && options_.storage_failed) {
    options_.storage_failed(stored.error());
  }
  return stored.ok();
}

void WebhookHub::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (hooks_.empty()) {
      wake_.wait(lock, [&] { return stopping_ || !hooks_.empty(); });
      continue;
    }
    lock.unlock();
    send_those_due();
    lock.lock();
    wake_.wait_for(lock, options_.interval, [&] { return stopping_; });
  }
}

void WebhookHub::send_those_due() {
  const auto look = read_look(status_());
  for (Webhook hook : hooks()) {
    const Moment now = options_.now();
    const bool new_message = !hook.under_way;
    if (hook.paused || hook.next_try > now || (new_message && !look) ||
        (new_message && !prepare_message(hook, *look, random_hex(entropy_), now)) ||
        (new_message && !keep(hook))) {
      continue;
    }
    // The operator may have taken the host away since.
    const auto allowed = check_webhook_url(hook.url, options_.hosts);
    const auto status = allowed ? post_(hook.url, hook.under_way->body, webhook_headers(hook, now))
                                : Result<int>(allowed.error());
    take_outcome(hook, status, options_.now());
    keep(hook);
    const std::lock_guard lock(mutex_);
    if (stopping_) {
      return;
    }
  }
}

}  // namespace hefu
