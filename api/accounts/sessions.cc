#include "api/accounts/sessions.h"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "api/accounts/account_book.h"
#include "crypto/bytes.h"
#include "crypto/constant_time.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::string_view kStoredName = "sessions";
constexpr std::size_t kStoredBytesMax = std::size_t{4} << 20;
constexpr std::int64_t kVersion = 1;
constexpr std::string_view kSessionDomain{"hefu/session/v1\0", 16};
constexpr std::string_view kCsrfDomain{"hefu/csrf/v1\0", 13};

Digest hash_of(std::string_view name) {
  return sha256({as_bytes(kSessionDomain), as_bytes(name)});
}

std::string write_sessions(const std::map<Digest, Sessions::Session>& sessions) {
  json::array list;
  for (const auto& [hash, session] : sessions) {
    list.push_back(json::object{{"hash", hash.hex()},
                                {"account", session.account},
                                {"generation", session.generation},
                                {"begun_ms", session.begun.ms},
                                {"used_ms", session.used.ms},
                                {"outside", session.outside}});
  }
  return canonical_json(json::object{{"version", kVersion}, {"sessions", std::move(list)}});
}

/// What cannot be read is nobody's session.
std::map<Digest, Sessions::Session> read_sessions(std::string_view text) {
  std::map<Digest, Sessions::Session> sessions;
  const auto value = parse_json(text, kStoredBytesMax);
  if (!value) {
    return sessions;
  }
  try {
    if (value->at("version").as_int64() != kVersion) {
      return sessions;
    }
    for (const json::value& item : value->at("sessions").as_array()) {
      Sessions::Session session;
      session.account = std::string(item.at("account").as_string());
      session.generation = item.at("generation").to_number<std::uint64_t>();
      session.begun = Moment{item.at("begun_ms").as_int64()};
      session.used = Moment{item.at("used_ms").as_int64()};
      session.outside = item.at("outside").as_bool();
      if (const auto hash = Digest::from_hex(std::string(item.at("hash").as_string()))) {
        sessions.emplace(*hash, std::move(session));
      }
    }
  } catch (const std::exception&) {  // a member is missing or of another type
    sessions.clear();
  }
  return sessions;
}

}  // namespace

void Sessions::keep_in(AccountStorage& storage) {
  const std::lock_guard storing(storing_);
  storage_ = &storage;
  const auto stored = storage.read(kStoredName);
  if (stored && *stored) {
    auto known = read_sessions(**stored);
    const std::lock_guard lock(mutex_);
    sessions_.merge(known);
  }
}

void Sessions::keep_no_more() {
  store();
  const std::lock_guard storing(storing_);
  storage_ = nullptr;
}

void Sessions::store() {
  const std::lock_guard storing(storing_);
  if (storage_ == nullptr) {
    return;
  }
  const std::string text = [this] {
    const std::lock_guard lock(mutex_);
    return write_sessions(sessions_);
  }();
  static_cast<void>(storage_->write(kStoredName, text).ok());
}

std::string Sessions::begin(std::string_view account, std::uint64_t generation, Moment now,
                            Entropy& entropy, bool outside) {
  std::string name = hex_encode(entropy.take<32>());
  {
    const std::lock_guard lock(mutex_);
    make_room(account, now);
    sessions_.emplace(hash_of(name),
                      Session{std::string(account), generation, now, now, outside, {}});
  }
  store();
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
  {
    const std::lock_guard lock(mutex_);
    sessions_.erase(hash_of(name));
  }
  store();
}

void Sessions::end_all(std::string_view account) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(sessions_, [&](const auto& item) { return item.second.account == account; });
  }
  store();
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
