#include "api/accounts/sign_in.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "crypto/password.h"

namespace hefu {
namespace {

constexpr std::int64_t kTriesPerAddress = 20;
constexpr std::chrono::milliseconds kAddressInterval = std::chrono::seconds(15);
constexpr std::int64_t kTriesPerAccount = 10;
constexpr std::chrono::milliseconds kAccountInterval = std::chrono::minutes(1);
constexpr std::size_t kThrottledMax = 20'000;
constexpr std::size_t kKnownAddressesMax = 8;
constexpr std::int64_t kKnownForMs = std::int64_t{30} * 24 * 3600 * 1000;

std::string nobodys_password(const PasswordCost& cost, Entropy& entropy) {
  const std::string random = hex_encode(entropy.take<32>());
  auto hash = hash_password(random, entropy, cost);
  return hash ? *std::move(hash) : std::string();
}

Error wrong() {
  return {Errc::kUnauthorised, "the account, the password or the code is wrong",
          "after some tries wait a minute; the operator sets a new password with "
          "`hefu account reset-password`"};
}

}  // namespace

SignIn::SignIn(AccountBook& book, Sessions& sessions, Entropy& entropy)
    : book_(book),
      sessions_(sessions),
      entropy_(entropy),
      nobodys_password_(nobodys_password(book.cost(), entropy)),
      addresses_(kTriesPerAddress, kAddressInterval, kThrottledMax),
      accounts_(kTriesPerAccount, kAccountInterval, kThrottledMax) {}

/// Called with mutex_ held.
std::string SignIn::throttle_key(const Credentials& credentials) const {
  std::string key(credentials.account.substr(0, kAccountNameBytesMax));
  const auto known = known_.find(credentials.account);
  if (known != known_.end() && known->second.contains(std::string(credentials.address))) {
    key += ' ' + std::string(credentials.address);
  }
  return key;
}

std::chrono::milliseconds SignIn::take_try(const Credentials& credentials, Moment now) {
  const std::lock_guard lock(mutex_);
  const std::string key = throttle_key(credentials);
  const auto wait = std::max(addresses_.wait(credentials.address, now), accounts_.wait(key, now));
  if (wait.count() == 0) {
    addresses_.take(credentials.address, now);
    accounts_.take(key, now);
  }
  return wait;
}

void SignIn::succeeded(const Credentials& credentials, Moment now) {
  const std::lock_guard lock(mutex_);
  addresses_.give_back(credentials.address, now);
  accounts_.give_back(throttle_key(credentials), now);
  auto& places = known_[std::string(credentials.account)];
  std::erase_if(places,
                [now](const auto& place) { return now.ms - place.second.ms > kKnownForMs; });
  if (places.size() >= kKnownAddressesMax && !places.contains(std::string(credentials.address))) {
    places.erase(std::min_element(places.begin(), places.end(), [](const auto& a, const auto& b) {
      return a.second < b.second;
    }));
  }
  places.insert_or_assign(std::string(credentials.address), now);
}

bool SignIn::take_code(std::string_view account, const OneTimeSecret& secret, std::string_view code,
                       Moment now) {
  const std::lock_guard lock(mutex_);
  std::uint64_t& last = code_steps_[std::string(account)];
  const auto step = matching_step(secret, code, now.ms / 1000, last);
  if (step) {
    last = *step;
  }
  return step.has_value();
}

Result<SignIn::Verdict> SignIn::check(const Credentials& credentials, Moment now) {
  const auto account = book_.account(credentials.account);
  const std::string& hash = account ? account->password : nobodys_password_;
  const auto right = verify_password(credentials.password, hash);
  if (!right) {
    return right.error();
  }
  Verdict verdict;
  if (!account || !*right || account->disabled) {
    return verdict;
  }
  verdict.generation = account->generation;
  if (account->has_code() && credentials.code.empty()) {
    verdict.code_missing = true;
    return verdict;
  }
  verdict.right = !account->has_code() || (account->code && take_code(account->name, *account->code,
                                                                      credentials.code, now));
  return verdict;
}

Result<SignIn::Outcome> SignIn::sign_in(const Credentials& credentials, Moment now) {
  Outcome outcome;
  outcome.wait = take_try(credentials, now);
  if (outcome.wait.count() > 0) {
    return outcome;
  }
  const auto verdict = check(credentials, now);
  if (!verdict) {
    return verdict.error();
  }
  outcome.code_missing = verdict->code_missing;
  if (verdict->code_missing) {  // nothing was guessed: it is asked for in a second step
    const std::lock_guard lock(mutex_);
    addresses_.give_back(credentials.address, now);
    accounts_.give_back(throttle_key(credentials), now);
  }
  if (verdict->right) {
    succeeded(credentials, now);
    outcome.session = sessions_.begin(credentials.account, verdict->generation, now, entropy_);
  }
  return outcome;
}

Result<void> SignIn::confirm(const Credentials& credentials, Moment now) {
  if (take_try(credentials, now).count() > 0) {
    return Error{Errc::kUnavailable, "too many tries", "wait a minute"};
  }
  const auto verdict = check(credentials, now);
  if (!verdict) {
    return verdict.error();
  }
  if (!verdict->right) {
    return wrong();
  }
  succeeded(credentials, now);
  return {};
}

}  // namespace hefu
