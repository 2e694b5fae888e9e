// The webhooks a node keeps, as they are read back from its database, and the addresses that people
// give for them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "api/webhook.h"
#include "crypto/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hefu::as_text(hefu::BytesView(data, size));
  static const std::array<std::string, 2> kHosts{"erp.example.edu.cn:443", "localhost:8080"};
  static_cast<void>(hefu::check_webhook_url(text, kHosts).ok());
  if (const auto hooks = hefu::parse_webhooks(text)) {
    const std::string kept = hefu::webhooks_text(*hooks);
    const auto again = hefu::parse_webhooks(kept);
    HEFU_ASSERT(again && hefu::webhooks_text(*again) == kept);
    for (const hefu::Webhook& hook : *hooks) {
      static_cast<void>(hefu::webhook_json(hook));
      if (hook.under_way) {
        static_cast<void>(hefu::webhook_headers(hook, hefu::Moment{1'750'000'000'000}));
      }
    }
  }
  return 0;
}
