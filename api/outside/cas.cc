#include "api/outside/cas.h"

#include <algorithm>

#include "api/outside/cas_answer.h"
#include "api/outside/derived.h"
#include "api/outside/web_address.h"

namespace hefu {
namespace {

constexpr std::size_t kTicketBytesMax = 512;

bool is_ticket(std::string_view text) {
  return !text.empty() && text.size() <= kTicketBytesMax &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

}  // namespace

/// What CAS calls this node; the same in both steps, the state with it.
std::string CasSignIn::service(std::string_view secret) const {
  return with_parameters(options_.return_address, {{"state", derived("state", secret)}});
}

Result<std::string> CasSignIn::begin(std::string_view secret) {
  return with_parameters(options_.url + "/login", {{"service", service(secret)}});
}

Result<std::string> CasSignIn::finish(const std::map<std::string, std::string>& query,
                                      std::string_view secret) {
  const auto state = query.find("state");
  if (state == query.end() || !is_state(state->second, secret)) {
    return Error{Errc::kConflict, "state: not of this sign-in", "begin anew"};
  }
  const auto ticket = query.find("ticket");
  if (ticket == query.end() || !is_ticket(ticket->second)) {
    return Error{Errc::kUnauthorised, "ticket: missing, or not one", "begin anew"};
  }
  const auto answer =
      web_.get(with_parameters(options_.url + "/p3/serviceValidate",
                               {{"service", service(secret)}, {"ticket", ticket->second}}));
  if (!answer) {
    return answer.error();
  }
  if (answer->status != 200) {
    return Error{Errc::kUnavailable,
                 "CAS: /p3/serviceValidate answers HTTP " + std::to_string(answer->status),
                 "is [api.cas] url right? does the server speak CAS 3.0?"};
  }
  return parse_cas_answer(answer->body);
}

}  // namespace hefu
