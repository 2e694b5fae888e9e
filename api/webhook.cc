#include "api/webhook.h"

#include <algorithm>

#include <boost/json.hpp>

#include "api/outside/web_address.h"
#include "crypto/encoding.h"
#include "crypto/hmac.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::int64_t kFirstDelayMs = 5'000;
constexpr std::int64_t kLongestDelayMs = 3'600'000;
constexpr std::size_t kStoredBytesMax = std::size_t{64} << 20;
constexpr int kGone = 410;

std::string body(std::string_view type, json::object data, Moment now) {
  return canonical_json(
      json::object{{"type", type}, {"timestamp", now.text()}, {"data", std::move(data)}});
}

void put_under_way(Webhook& hook, std::string id, std::string text, Moment now) {
  hook.under_way = Webhook::Message{std::move(id), std::move(text)};
  hook.next_try = now;
  hook.failures = 0;
}

json::value moment_json(const std::optional<Moment>& moment) {
  return moment ? json::value(moment->text()) : json::value(nullptr);
}

/// "erp.example.edu.cn:443" of a web address.
std::string host_and_port(std::string_view url) {
  const std::string host = host_of(url);
  const bool secure = host.starts_with("https://");
  std::string name = host.substr(secure ? 8 : 7);
  const std::size_t colon = name.rfind(':');
  const bool has_port = colon != std::string::npos && name.find(']', colon) == std::string::npos;
  return has_port ? name : name + (secure ? ":443" : ":80");
}

json::object stored_json(const Webhook& hook) {
  json::object sizes;
  for (const auto& [origin, size] : hook.sizes) {
    sizes[origin] = std::to_string(size);
  }
  json::object out{{"id", hook.id},
                   {"url", hook.url},
                   {"secret", hook.sealed_secret.empty()
                                  ? json::value(base64_encode(hook.secret))
                                  : json::value(json::object{{"sealed", hook.sealed_secret}})},
                   {"by", hook.by},
                   {"created", hook.created.ms},
                   {"sizes", std::move(sizes)},
                   {"node", hook.node},
                   {"delivered", static_cast<std::int64_t>(hook.delivered)},
                   {"failures", hook.failures},
                   {"next_try", hook.next_try.ms},
                   {"problem", hook.problem},
                   {"paused", hook.paused}};
  if (hook.under_way) {
    out["message"] = json::object{{"id", hook.under_way->id}, {"body", hook.under_way->body}};
  }
  if (hook.delivered_at) {
    out["delivered_at"] = hook.delivered_at->ms;
  }
  if (hook.failing_since) {
    out["failing_since"] = hook.failing_since->ms;
  }
  return out;
}

std::optional<Moment> moment_at(const json::object& stored, const char* member) {
  const json::value* value = stored.if_contains(member);
  return value == nullptr ? std::nullopt : std::optional(Moment{value->as_int64()});
}

/// Throws what Boost.JSON throws when a member is missing or of another kind.
Webhook read_stored(const json::object& stored) {
  Webhook hook;
  const auto text = [&](const char* member) { return std::string(stored.at(member).as_string()); };
  hook.id = text("id");
  hook.url = text("url");
  if (const json::value& secret = stored.at("secret"); secret.is_object()) {
    hook.sealed_secret = std::string(secret.at("sealed").as_string());
  } else {
    hook.secret = base64_decode(text("secret")).value_or(Bytes());
  }
  hook.by = text("by");
  hook.created = Moment{stored.at("created").as_int64()};
  for (const auto& [origin, size] : stored.at("sizes").as_object()) {
    hook.sizes[std::string(origin)] = std::stoull(std::string(size.as_string()));
  }
  hook.node = text("node");
  hook.delivered = static_cast<std::uint64_t>(
      std::max<std::int64_t>(0, stored.at("delivered").to_number<std::int64_t>()));
  hook.failures = stored.at("failures").to_number<std::uint32_t>();
  hook.next_try = Moment{stored.at("next_try").as_int64()};
  hook.problem = text("problem");
  hook.paused = stored.at("paused").as_bool();
  if (const json::value* message = stored.if_contains("message")) {
    hook.under_way = Webhook::Message{std::string(message->at("id").as_string()),
                                      std::string(message->at("body").as_string())};
  }
  hook.delivered_at = moment_at(stored, "delivered_at");
  hook.failing_since = moment_at(stored, "failing_since");
  return hook;
}

}  // namespace

std::vector<std::string> webhook_headers(const Webhook& hook, Moment now) {
  const std::string seconds = std::to_string(now.ms / 1000);
  const std::string& id = hook.under_way->id;
  const auto tag = hmac_sha256(hook.secret, id + '.' + seconds + '.' + hook.under_way->body);
  return {"Content-Type: application/json", "webhook-id: " + id, "webhook-timestamp: " + seconds,
          "webhook-signature: v1," + base64_encode(tag)};
}

std::string webhook_secret_purpose(const Webhook& hook) {
  return "webhook/" + hook.id;
}

std::string webhook_secret_text(BytesView secret) {
  return "whsec_" + base64_encode(secret);
}

Result<void> check_webhook_url(std::string_view url, std::span<const std::string> hosts) {
  if (!is_web_address(url)) {
    return Error{Errc::kInvalid, "url: not an https:// address of a host",
                 "http:// is for loopback alone; no user name, no fragment"};
  }
  const std::string host = host_and_port(url);
  if (std::find(hosts.begin(), hosts.end(), host) == hosts.end()) {
    return Error{Errc::kUnauthorised, "url: this node may not post to " + host,
                 "the operator lists hosts in [api] webhook_hosts of the configuration"};
  }
  return {};
}

bool prepare_message(Webhook& hook, const NodeLook& look, const std::string& number, Moment now) {
  if (hook.under_way) {
    return true;
  }
  json::array logs;
  for (const auto& [origin, size] : look.sizes) {
    const auto told = hook.sizes.find(origin);
    const std::uint64_t from = told == hook.sizes.end() ? 0 : told->second;
    if (size > from) {
      logs.push_back(json::object{{"log", origin},
                                  {"from", static_cast<std::int64_t>(from)},
                                  {"to", static_cast<std::int64_t>(size)}});
    }
  }
  json::object data;
  if (look.node != hook.node) {
    const auto node = parse_json(look.node, kStoredBytesMax);
    data["node"] = node ? *node : json::value(nullptr);
  }
  if (logs.empty() && data.empty()) {
    return false;
  }
  data["logs"] = std::move(logs);
  hook.sizes = look.sizes;
  hook.node = look.node;
  put_under_way(hook, "msg_" + number, body("hefu.changes", std::move(data), now), now);
  return true;
}

void prepare_hello(Webhook& hook, const std::string& number, Moment now) {
  put_under_way(hook, "msg_" + number, body("hefu.hello", json::object{{"webhook", hook.id}}, now),
                now);
}

void take_outcome(Webhook& hook, const Result<int>& status, Moment now) {
  if (status && *status >= 200 && *status < 300) {
    hook.under_way.reset();
    hook.failing_since.reset();
    hook.failures = 0;
    hook.problem.clear();
    hook.delivered_at = now;
    ++hook.delivered;
    return;
  }
  hook.problem = status ? "it answered " + std::to_string(*status) : status.error().message;
  hook.failing_since = hook.failing_since.value_or(now);
  const auto doubled = kFirstDelayMs << std::min<std::uint32_t>(hook.failures, 16);
  hook.next_try = Moment{now.ms + std::min(doubled, kLongestDelayMs)};
  ++hook.failures;
  hook.paused =
      (status && *status == kGone) || now.ms - hook.failing_since->ms >= kWebhookPatienceMs;
}

void resume(Webhook& hook, Moment now) {
  hook.paused = false;
  hook.problem.clear();
  hook.failing_since.reset();
  hook.failures = 0;
  hook.next_try = now;
}

json::object webhook_json(const Webhook& hook) {
  const char* state = "ok";
  if (hook.paused) {
    state = "paused";
  } else if (hook.failing_since) {
    state = "failing";
  }
  return {{"id", hook.id},
          {"url", hook.url},
          {"by", hook.by},
          {"created", hook.created.text()},
          {"state", state},
          {"problem", hook.problem.empty() ? json::value(nullptr) : json::value(hook.problem)},
          {"delivered", static_cast<std::int64_t>(hook.delivered)},
          {"delivered_at", moment_json(hook.delivered_at)},
          {"failing_since", moment_json(hook.failing_since)},
          {"next_try", hook.failing_since && !hook.paused ? json::value(hook.next_try.text())
                                                          : json::value(nullptr)}};
}

std::string webhooks_text(const std::vector<Webhook>& hooks) {
  json::array list;
  for (const Webhook& hook : hooks) {
    list.push_back(stored_json(hook));
  }
  return canonical_json(list);
}

Result<std::vector<Webhook>> parse_webhooks(std::string_view text) {
  const Error damaged{Errc::kCorrupt, "the node's webhooks cannot be read back",
                      "put a backup back, or make them anew"};
  const auto value = parse_json(text, kStoredBytesMax);
  if (!value) {
    return damaged;
  }
  try {
    std::vector<Webhook> hooks;
    for (const json::value& item : value->as_array()) {
      hooks.push_back(read_stored(item.as_object()));
      if (hooks.back().sealed_secret.empty() && hooks.back().secret.size() != kWebhookSecretBytes) {
        return damaged;
      }
    }
    return hooks;
  } catch (const std::exception&) {
    return damaged;
  }
}

}  // namespace hefu
