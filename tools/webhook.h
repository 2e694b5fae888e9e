#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu webhook add`.
struct WebhookAdd {
  std::string url;
};
int run(Context& context, const WebhookAdd& options);

/// `hefu webhook list`.
struct WebhookList {};
int run(Context& context, const WebhookList& options);

/// `hefu webhook remove`.
struct WebhookRemove {
  std::string id;
};
int run(Context& context, const WebhookRemove& options);

/// `hefu webhook resume`.
struct WebhookResume {
  std::string id;
};
int run(Context& context, const WebhookResume& options);

}  // namespace hefu
