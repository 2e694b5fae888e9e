#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "api/node_look.h"
#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/event/date.h"

namespace hefu {

inline constexpr std::size_t kWebhooksMax = 32;
inline constexpr std::size_t kWebhookSecretBytes = 32;
/// How long a webhook may fail before nobody tries it any more.
inline constexpr std::int64_t kWebhookPatienceMs = std::int64_t{3} * 24 * 3'600'000;

/// A program elsewhere that wants to be told of changes, and how far it has been told. What it is
/// told are places to look at, not contents. One message is under way at a time; what changes
/// meanwhile goes into the next one. So nothing is missed, however long the program was away, and
/// nothing piles up.
struct Webhook {
  struct Message {
    std::string id;    ///< the same at every try: whoever has seen it may ignore it
    std::string body;  ///< canonical JSON {"type", "timestamp", "data"}
  };

  std::string id;             ///< "wh_" and 16 hexadecimal digits
  std::string url;            ///< where messages are posted to
  Bytes secret;               ///< signs them; the program has it too. Empty: it could not be opened
  std::string sealed_secret;  ///< the same as it is kept (api/accounts/secret_box.h); "": in clear
  std::string by;             ///< the account that made it
  Moment created;

  std::map<std::string, std::uint64_t> sizes;  ///< of the logs, as told
  std::string node;                            ///< NodeLook::node, as told
  std::optional<Message> under_way;
  std::uint64_t delivered = 0;  ///< messages
  std::optional<Moment> delivered_at;
  std::uint32_t failures = 0;  ///< tries of the message under way
  std::optional<Moment> failing_since;
  Moment next_try;
  std::string problem;  ///< of the last try; "" if it went well
  bool paused = false;  ///< nobody tries any more until it is resumed
};

/// The headers of a message: webhook-id, webhook-timestamp (seconds since 1970) and
/// webhook-signature "v1,<base64 of HMAC-SHA256(secret, id.timestamp.body)>". Source: Standard
/// Webhooks 1.0, "Signature scheme".
std::vector<std::string> webhook_headers(const Webhook& hook, Moment now);
/// "whsec_<base64>", as libraries for Standard Webhooks take it.
std::string webhook_secret_text(BytesView secret);

/// Whether the operator allows messages to this address: https:// (http:// for loopback), and its
/// host with its port among `hosts` ("erp.example.edu.cn:443"). Errors: kInvalid, kUnauthorised.
Result<void> check_webhook_url(std::string_view url, std::span<const std::string> hosts);

/// Takes what has changed since the hook was told last into a message under way, unless there is
/// one or nothing has changed. `number` makes the message's id. True if there is one now.
bool prepare_message(Webhook& hook, const NodeLook& look, const std::string& number, Moment now);
/// The first message: says that the webhook was made.
void prepare_hello(Webhook& hook, const std::string& number, Moment now);

/// What came of a try: an HTTP status, or why there was none. 2xx: delivered. 410: paused at once.
/// Anything else: tried again after 5 s, twice as long each time up to an hour; paused after
/// kWebhookPatienceMs.
void take_outcome(Webhook& hook, const Result<int>& status, Moment now);
/// Tried at once, paused or not.
void resume(Webhook& hook, Moment now);

/// As the API shows it: without the secret.
boost::json::object webhook_json(const Webhook& hook);

/// What the secret of a webhook is sealed for.
std::string webhook_secret_purpose(const Webhook& hook);

/// As they are stored. A secret that is sealed is left so. Errors: kCorrupt.
std::string webhooks_text(const std::vector<Webhook>& hooks);
Result<std::vector<Webhook>> parse_webhooks(std::string_view text);

}  // namespace hefu
