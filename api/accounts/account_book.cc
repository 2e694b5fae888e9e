#include "api/accounts/account_book.h"

#include <algorithm>

#include <boost/json.hpp>

#include "api/accounts/outside_name.h"
#include "crypto/constant_time.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::string_view kStateName = "accounts";
constexpr std::string_view kActPrefix = "account-act/";
constexpr std::string_view kActDomain{"hefu/account-act/v1\0", 20};
/// Begins every token, so that programs that look for secrets in published files know it.
constexpr std::string_view kTokenPrefix = "hefu_";

Error no_account() {
  return {Errc::kNotFound, "account: there is none of this name", "`hefu account list` shows them"};
}

std::string grants_text(const std::vector<Grant>& grants) {
  std::string text;
  for (const Grant& grant : grants) {
    text += (text.empty() ? "" : ", ") + grant.role;
    text += grant.department.empty() ? "" : '@' + grant.department;
  }
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) {
    text += (text.empty() ? "" : " ") + word;
  }
  return text;
}

/// 80 random bits in letters that are not mistaken for one another when read out.
std::string one_time_password(Entropy& entropy) {
  std::string text = base32_encode(entropy.take<10>());
  for (char& c : text) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  for (const std::size_t at : {std::size_t{12}, std::size_t{8}, std::size_t{4}}) {
    text.insert(at, "-");
  }
  return text;
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= kTokenLabelBytesMax && is_utf8(text) &&
         std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::string act_name(std::uint64_t number) {
  return std::string(kActPrefix) + std::to_string(number);
}

}  // namespace

namespace {

/// What the secret of an account's codes is sealed for: it opens for no other account.
std::string code_purpose(std::string_view account) {
  return "code/" + std::string(account);
}

}  // namespace

Digest account_act_digest(std::string_view json) {
  return sha256({as_bytes(kActDomain), as_bytes(json)});
}

Result<std::unique_ptr<AccountBook>> AccountBook::open(AccountStorage& storage, Entropy& entropy,
                                                       Options options) {
  std::unique_ptr<AccountBook> book(new AccountBook(storage, entropy, std::move(options)));
  const auto stored = storage.read(kStateName);
  if (!stored) {
    return stored.error();
  }
  if (*stored) {
    auto state = read_account_state(**stored);
    if (!state) {
      return state.error();
    }
    book->state_ = *std::move(state);
    for (const auto& [id, token] : book->state_.tokens) {
      book->token_ids_.emplace(token.hash, id);
    }
  }
  if (auto opened = book->open_codes(); !opened) {
    return opened.error();
  }
  return book;
}

/// Opens the secrets of one-time codes, and seals those an earlier version has kept in clear.
/// Called before anybody else has the book.
Result<void> AccountBook::open_codes() {
  bool sealed = false;
  for (auto& [name, account] : state_.accounts) {
    if (options_.box == nullptr || !account.has_code()) {
      continue;
    }
    if (account.sealed_code.empty()) {
      auto made = options_.box->seal(code_purpose(name), *account.code);
      if (made) {
        account.sealed_code = *std::move(made);
        sealed = true;
      } else if (options_.unopened) {
        options_.unopened(made.error());
      }
      continue;
    }
    const auto secret = options_.box->open(code_purpose(name), account.sealed_code);
    if (secret && secret->size() == OneTimeSecret().size()) {
      OneTimeSecret code{};
      std::copy(secret->begin(), secret->end(), code.begin());
      account.code = code;
    } else if (options_.unopened) {
      options_.unopened(secret ? Error{Errc::kCorrupt, "a sealed secret has another length", ""}
                               : secret.error());
    }
  }
  return sealed ? storage_.write(kStateName, write_account_state(state_)) : Result<void>();
}

/// Makes an act and the state it leads to durable. Called with acting_ held.
Result<void> AccountBook::commit(AccountState next, const Act& act) {
  AccountAct made;
  made.number = next.acts + 1;
  made.json = canonical_json(json::object{{"number", made.number},
                                          {"at", act.now.text()},
                                          {"by", act.by},
                                          {"act", act.what},
                                          {"subject", act.subject},
                                          {"detail", act.detail},
                                          {"previous", next.last_act.hex()}});
  made.digest = account_act_digest(made.json);
  next.acts = made.number;
  next.last_act = made.digest;
  if (auto written = storage_.write(act_name(made.number), made.json); !written) {
    return written;
  }
  // Commit point: an act beyond the state's count was not done, and is written over by the next.
  if (auto written = storage_.write(kStateName, write_account_state(next)); !written) {
    return written;
  }
  {
    const std::lock_guard lock(mutex_);
    state_ = std::move(next);
    token_ids_.clear();
    for (const auto& [id, token] : state_.tokens) {
      token_ids_.emplace(token.hash, id);
    }
  }
  if (options_.acted) {
    options_.acted(made, act.what);
  }
  return {};
}

/// An act that changes one account. Called with acting_ held.
Result<void> AccountBook::change(const Act& act, std::string_view name,
                                 const std::function<void(Account&)>& how) {
  AccountState next = [this] {
    const std::lock_guard lock(mutex_);
    return state_;
  }();
  const auto found = next.accounts.find(name);
  if (found == next.accounts.end()) {
    return no_account();
  }
  how(found->second);
  return commit(std::move(next), act);
}

Result<void> AccountBook::note(const Caller& by, std::string_view act, std::string subject,
                               std::string detail, Moment now) {
  const std::lock_guard acting(acting_);
  AccountState same = [this] {
    const std::lock_guard lock(mutex_);
    return state_;
  }();
  return commit(std::move(same), {by.account, act, std::move(subject), std::move(detail), now});
}

Result<std::string> AccountBook::create(const Caller& by, std::string_view name,
                                        std::vector<Grant> grants, Moment now) {
  if (!is_account_name(name)) {
    return Error{Errc::kInvalid,
                 "account: not a name of 2 to " + std::to_string(kAccountNameBytesMax) +
                     " lower-case letters, digits and ._@-",
                 "for example zhaosheng-2; it need not be a person's name"};
  }
  if (auto fit = check_grants(grants); !fit) {
    return fit.error();
  }
  const std::lock_guard acting(acting_);
  AccountState next = [this] {
    const std::lock_guard lock(mutex_);
    return state_;
  }();
  if (next.accounts.contains(name)) {
    return Error{Errc::kConflict, "account: there is one of this name", "choose another name"};
  }
  if (next.accounts.size() >= kAccountsMax) {
    return Error{Errc::kTooLarge, "account: there are as many as may be", ""};
  }
  const std::string password = one_time_password(entropy_);
  auto hash = hash_password(password, entropy_, options_.cost);
  if (!hash) {
    return hash.error();
  }
  Account account;
  account.name = std::string(name);
  account.grants = std::move(grants);
  account.password = *std::move(hash);
  account.created = now;
  const std::string detail = grants_text(account.grants);
  next.accounts.emplace(account.name, account);
  if (auto done = commit(std::move(next), {by.account, "created", account.name, detail, now});
      !done) {
    return done.error();
  }
  return password;
}

Result<void> AccountBook::set_grants(const Caller& by, std::string_view name,
                                     std::vector<Grant> grants, Moment now) {
  if (auto fit = check_grants(grants); !fit) {
    return fit;
  }
  if (by.account == name) {
    return Error{Errc::kUnauthorised, "roles: nobody changes the own ones",
                 "have another administrator do it, or the operator with `hefu account`"};
  }
  const std::lock_guard acting(acting_);
  const std::string detail = grants_text(grants);
  return change({by.account, "roles-set", std::string(name), detail, now}, name,
                [&](Account& account) { account.grants = std::move(grants); });
}

Result<void> AccountBook::set_disabled(const Caller& by, std::string_view name, bool disabled,
                                       Moment now) {
  if (by.account == name) {
    return Error{Errc::kUnauthorised, "account: nobody disables the own one", ""};
  }
  const std::lock_guard acting(acting_);
  return change({by.account, disabled ? "disabled" : "enabled", std::string(name), "", now}, name,
                [&](Account& account) {
                  account.disabled = disabled;
                  ++account.generation;
                });
}

Result<std::string> AccountBook::reset_password(const Caller& by, std::string_view name,
                                                Moment now) {
  const std::lock_guard acting(acting_);
  const std::string password = one_time_password(entropy_);
  auto hash = hash_password(password, entropy_, options_.cost);
  if (!hash) {
    return hash.error();
  }
  auto done = change({by.account, "password-reset", std::string(name), "", now}, name,
                     [&](Account& account) {
                       account.password = *hash;
                       account.must_change_password = true;
                       ++account.generation;
                     });
  return done ? Result<std::string>(password) : done.error();
}

Result<void> AccountBook::reset_code(const Caller& by, std::string_view name, Moment now) {
  const std::lock_guard acting(acting_);
  return change({by.account, "code-reset", std::string(name), "", now}, name, [](Account& account) {
    account.code.reset();
    account.sealed_code.clear();
    ++account.generation;
  });
}

Result<void> AccountBook::link(const Caller& by, std::string_view name,
                               std::string_view outside_name, Moment now) {
  if (!outside_name.empty() && !is_outside_name(outside_name)) {
    return Error{Errc::kInvalid,
                 "outside_name: not a plain text of 1 to " + std::to_string(kOutsideNameBytesMax) +
                     " bytes without spaces at its ends",
                 "give the name as single sign-on sends it, for example a staff number"};
  }
  const std::lock_guard acting(acting_);
  if (const auto other = account_of_outside(outside_name); other && other->name != name) {
    return Error{Errc::kConflict, "outside_name: the account " + other->name + " has it",
                 "unlink that one first"};
  }
  return change({by.account, outside_name.empty() ? "unlinked" : "linked", std::string(name),
                 std::string(outside_name), now},
                name, [&](Account& account) {
                  account.outside_name = std::string(outside_name);
                  ++account.generation;
                });
}

Result<void> AccountBook::set_password(std::string_view name, std::string_view password,
                                       Moment now) {
  if (password.size() < kPasswordBytesMin || password.size() > kPasswordBytesMax ||
      !is_utf8(password) || password.find(name) != std::string_view::npos) {
    return Error{Errc::kInvalid,
                 "new_password: too short, too long, or made from the account's name",
                 "choose " + std::to_string(kPasswordBytesMin) + " to " +
                     std::to_string(kPasswordBytesMax) + " bytes; four words do"};
  }
  const std::lock_guard acting(acting_);
  auto hash = hash_password(password, entropy_, options_.cost);
  if (!hash) {
    return hash.error();
  }
  return change({name, "password-set", std::string(name), "", now}, name, [&](Account& account) {
    account.password = *hash;
    account.must_change_password = false;
    ++account.generation;
  });
}

Result<void> AccountBook::set_code(std::string_view name,
                                   const std::optional<OneTimeSecret>& secret, Moment now) {
  const std::lock_guard acting(acting_);
  const auto sealed = secret && options_.box != nullptr
                          ? options_.box->seal(code_purpose(name), *secret)
                          : Result<std::string>(std::string());
  if (!sealed) {
    return sealed.error();
  }
  return change({name, secret ? "code-set" : "code-removed", std::string(name), "", now}, name,
                [&](Account& account) {
                  account.code = secret;
                  account.sealed_code = *sealed;
                });
}

Result<AccountBook::NewToken> AccountBook::create_token(const Caller& by, std::string_view account,
                                                        std::string_view label, Scopes scopes,
                                                        std::chrono::hours valid_for, Moment now) {
  if (!is_label(label)) {
    return Error{
        Errc::kInvalid,
        "label: not a plain text of 1 to " + std::to_string(kTokenLabelBytesMax) + " bytes",
        "say what the token is for"};
  }
  if (valid_for <= std::chrono::hours(0) || valid_for > kTokenValidMax) {
    return Error{Errc::kInvalid, "valid_days: not from 1 to 366", ""};
  }
  if (by.account != account && !by.scopes.has(Scope::kAdminister)) {
    return Error{Errc::kUnauthorised, "account: tokens of others are for administrators", ""};
  }
  const std::lock_guard acting(acting_);
  AccountState next = [this] {
    const std::lock_guard lock(mutex_);
    return state_;
  }();
  const auto owner = next.accounts.find(account);
  if (owner == next.accounts.end()) {
    return no_account();
  }
  if (scopes.empty() || !scopes.within(scopes_of(owner->second.grants))) {
    return Error{Errc::kUnauthorised, "scopes: none, or more than the account has",
                 "it has: " + joined(scopes_of(owner->second.grants).names())};
  }
  std::erase_if(next.tokens, [now](const auto& item) { return item.second.expires <= now; });
  const auto its = std::count_if(next.tokens.begin(), next.tokens.end(),
                                 [&](const auto& item) { return item.second.account == account; });
  if (static_cast<std::size_t>(its) >= kTokensPerAccountMax) {
    return Error{Errc::kTooLarge, "token: the account has as many as may be",
                 "revoke one that is not used"};
  }
  NewToken made;
  made.secret = std::string(kTokenPrefix) + hex_encode(entropy_.take<32>());
  made.token.id = hex_encode(entropy_.take<8>());
  made.token.hash = sha256(as_bytes(made.secret));
  made.token.account = std::string(account);
  made.token.label = std::string(label);
  made.token.scopes = scopes;
  made.token.created = now;
  made.token.expires =
      Moment{now.ms + std::chrono::duration_cast<std::chrono::milliseconds>(valid_for).count()};
  next.tokens.emplace(made.token.id, made.token);
  const std::string detail =
      made.token.id + ": " + joined(scopes.names()) + " until " + made.token.expires.text();
  if (auto done =
          commit(std::move(next), {by.account, "token-created", std::string(account), detail, now});
      !done) {
    return done.error();
  }
  return made;
}

Result<void> AccountBook::revoke_token(const Caller& by, std::string_view id, Moment now) {
  const std::lock_guard acting(acting_);
  AccountState next = [this] {
    const std::lock_guard lock(mutex_);
    return state_;
  }();
  const auto found = next.tokens.find(id);
  if (found == next.tokens.end() ||
      (found->second.account != by.account && !by.scopes.has(Scope::kAdminister))) {
    return Error{Errc::kNotFound, "token: there is none with this id", "`hefu token list`"};
  }
  const std::string account = found->second.account;
  next.tokens.erase(found);
  return commit(std::move(next), {by.account, "token-revoked", account, std::string(id), now});
}

std::optional<Account> AccountBook::account(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  const auto found = state_.accounts.find(name);
  return found == state_.accounts.end() ? std::nullopt : std::optional(found->second);
}

std::optional<Account> AccountBook::account_of_outside(std::string_view outside_name) const {
  if (outside_name.empty()) {
    return std::nullopt;
  }
  const std::lock_guard lock(mutex_);
  const auto found =
      std::find_if(state_.accounts.begin(), state_.accounts.end(),
                   [&](const auto& item) { return item.second.outside_name == outside_name; });
  return found == state_.accounts.end() ? std::nullopt : std::optional(found->second);
}

std::vector<Account> AccountBook::accounts() const {
  const std::lock_guard lock(mutex_);
  std::vector<Account> list;
  for (const auto& [name, account] : state_.accounts) {
    list.push_back(account);
  }
  return list;
}

std::vector<ApiToken> AccountBook::tokens(std::string_view account) const {
  const std::lock_guard lock(mutex_);
  std::vector<ApiToken> list;
  for (const auto& [id, token] : state_.tokens) {
    if (account.empty() || token.account == account) {
      list.push_back(token);
    }
  }
  return list;
}

std::uint64_t AccountBook::act_count() const {
  const std::lock_guard lock(mutex_);
  return state_.acts;
}

Result<std::vector<AccountAct>> AccountBook::acts(std::uint64_t from, std::size_t limit) const {
  const std::uint64_t count = act_count();
  std::vector<AccountAct> list;
  for (std::uint64_t n = std::max<std::uint64_t>(from, 1); n <= count && list.size() < limit; ++n) {
    auto stored = storage_.read(act_name(n));
    if (!stored) {
      return stored.error();
    }
    if (!*stored) {
      return Error{Errc::kCorrupt, "account act " + std::to_string(n) + " is gone",
                   "restore the node's data from a backup"};
    }
    const Digest digest = account_act_digest(**stored);
    list.push_back({n, **std::move(stored), digest});
  }
  return list;
}

std::optional<Caller> AccountBook::caller_of_token(std::string_view secret, Moment now) const {
  if (!secret.starts_with(kTokenPrefix)) {
    return std::nullopt;
  }
  const Digest hash = sha256(as_bytes(secret));
  const std::lock_guard lock(mutex_);
  const auto id = token_ids_.find(hash);
  if (id == token_ids_.end()) {
    return std::nullopt;
  }
  const ApiToken& token = state_.tokens.at(id->second);
  const auto owner = state_.accounts.find(token.account);
  if (!equal_in_constant_time(token.hash, hash) || token.expires <= now ||
      owner == state_.accounts.end() || owner->second.disabled) {
    return std::nullopt;
  }
  Caller caller;
  caller.kind = Caller::Kind::kToken;
  caller.account = token.account;
  caller.grants = owner->second.grants;
  caller.scopes = token.scopes.and_in(scopes_of(owner->second.grants));
  return caller;
}

std::optional<Caller> AccountBook::caller_of_session(std::string_view account,
                                                     std::uint64_t generation, bool outside) const {
  const std::lock_guard lock(mutex_);
  const auto found = state_.accounts.find(account);
  if (found == state_.accounts.end() || found->second.disabled ||
      found->second.generation != generation) {
    return std::nullopt;
  }
  Caller caller;
  caller.kind = Caller::Kind::kSession;
  caller.account = found->second.name;
  caller.grants = found->second.grants;
  caller.must_change_password = found->second.must_change_password && !outside;
  caller.scopes = caller.must_change_password ? Scopes() : scopes_of(found->second.grants);
  return caller;
}

}  // namespace hefu
