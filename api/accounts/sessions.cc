#include "api/accounts/sessions.h"

#include <algorithm>

#include "crypto/bytes.h"
#include "crypto/constant_time.h"
#include "crypto/encoding.h"

namespace hefu {
namespace {

constexpr std::string_view kSessionDomain{"hefu/session/v1\0", 16};
constexpr std::string_view kCsrfDomain{"hefu/csrf/v1\0", 13};

Digest hash_of(std::string_view name) {
  return sha256({as_bytes(kSessionDomain), as_bytes(name)});
}

}  // namespace

std::string Sessions::begin(std::string_view account, std::uint64_t generation, Moment now,
                            Entropy& entropy) {
  std::string name = hex_encode(entropy.take<32>());
  const std::lock_guard lock(mutex_);
  make_room(account, now);
  sessions_.emplace(hash_of(name), Session{std::string(account), generation, now, now, {}});
  return name;
}

void Sessions::make_room(std::string_view account, Moment now) {
  std::erase_if(sessions_, [&](const auto& item) { return is_over(item.second, now); });
  const auto unused_longest = [&](bool of_account) {
    auto oldest = sessions_.end();
    for (auto at = sessions_.begin(); at != sessions_.end(); ++at) {
      if ((!of_account || at->second.account == account) &&
          (oldest == sessions_.end() || at->second.used < oldest->second.used)) {
        oldest = at;
      }
    }
    return oldest;
  };
  const auto its = std::count_if(sessions_.begin(), sessions_.end(),
                                 [&](const auto& item) { return item.second.account == account; });
  if (static_cast<std::size_t>(its) >= options_.per_account_max) {
    sessions_.erase(unused_longest(true));
  } else if (sessions_.size() >= options_.sessions_max) {
    sessions_.erase(unused_longest(false));
  }
}

std::optional<Sessions::Session> Sessions::use(std::string_view name, Moment now) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(hash_of(name));
  if (found == sessions_.end()) {
    return std::nullopt;
  }
  if (is_over(found->second, now)) {
    sessions_.erase(found);
    return std::nullopt;
  }
  found->second.used = std::max(found->second.used, now);
  return found->second;
}

void Sessions::offer_code(std::string_view name, const std::optional<OneTimeSecret>& secret) {
  const std::lock_guard lock(mutex_);
  if (const auto found = sessions_.find(hash_of(name)); found != sessions_.end()) {
    found->second.offered_code = secret;
  }
}

void Sessions::end(std::string_view name) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(hash_of(name));
}

void Sessions::end_all(std::string_view account) {
  const std::lock_guard lock(mutex_);
  std::erase_if(sessions_, [&](const auto& item) { return item.second.account == account; });
}

bool Sessions::is_over(const Session& session, Moment now) const {
  return now.ms - session.used.ms >= options_.idle.count() || now >= ends(session);
}

Moment Sessions::ends(const Session& session) const {
  return Moment{session.begun.ms + options_.longest.count()};
}

std::size_t Sessions::size() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

std::string Sessions::csrf_token(std::string_view name) {
  return sha256({as_bytes(kCsrfDomain), as_bytes(name)}).hex();
}

bool Sessions::is_csrf_token(std::string_view name, std::string_view token) {
  const auto given = Digest::from_hex(token);
  return given && equal_in_constant_time(*given, sha256({as_bytes(kCsrfDomain), as_bytes(name)}));
}

}  // namespace hefu
