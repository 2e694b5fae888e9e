// What anybody may send about accounts: bodies, cookies, forwarded addresses; and the stored state,
// which is written again as the same bytes.

#include <cstddef>
#include <cstdint>

#include "api/account_requests.h"
#include "api/accounts/account.h"
#include "crypto/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hefu::as_text(hefu::BytesView(data, size));
  if (const auto request = hefu::parse_sign_in(text)) {
    HEFU_ASSERT(!request->account.empty() && !request->password.view().empty());
  }
  if (const auto request = hefu::parse_new_token(text)) {
    HEFU_ASSERT(request->valid_for.count() > 0);
  }
  static_cast<void>(hefu::parse_confirmation(text, true).ok());
  static_cast<void>(hefu::parse_code(text).ok());
  static_cast<void>(hefu::parse_new_account(text).ok());
  if (const auto change = hefu::parse_account_change(text)) {
    HEFU_ASSERT(change->grants || change->disabled);
  }
  HEFU_ASSERT(hefu::cookie_value(text, "__Host-hefu-session").size() <= size);
  static_cast<void>(hefu::last_forwarded_address(text));
  if (const auto state = hefu::read_account_state(text)) {
    const auto again = hefu::read_account_state(hefu::write_account_state(*state));
    HEFU_ASSERT(again && hefu::write_account_state(*again) == hefu::write_account_state(*state));
  }
  return 0;
}
