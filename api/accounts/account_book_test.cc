#include "api/accounts/account_book.h"

#include <algorithm>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/accounts/memory_storage.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"
#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
namespace json = boost::json;

class Book : public ::testing::Test {
 protected:
  void SetUp() override { open(); }
  void open() {
    book_.reset();
    AccountBook::Options options;
    options.cost = {1, 8};
    options.box = box_.get();
    options.unopened = [this](const Error& why) { told_.push_back("unopened: " + why.message); };
    options.acted = [this](const AccountAct& act, std::string_view what) {
      told_.emplace_back(act.digest.hex() + ' ' + std::string(what));
    };
    auto opened = AccountBook::open(storage_, entropy_, options);
    ASSERT_TRUE(opened) << opened.error().message;
    book_ = *std::move(opened);
  }
  Caller session_of(const std::string& name) {
    return *book_->caller_of_session(name, book_->account(name)->generation);
  }

  /// From now on secrets are sealed with this key.
  void seal_with(std::uint8_t number) {
    SecretKey::Seed seed{};
    seed[0] = number;
    box_ = std::make_unique<SecretBox>(
        [seed] { return Result<SecretKey>(SecretKey::from_seed(seed)); }, entropy_);
    open();
  }
  [[nodiscard]] bool is_stored(std::string_view text) const {
    return std::any_of(storage_.values.begin(), storage_.values.end(), [&](const auto& item) {
      return item.second.find(text) != std::string::npos;
    });
  }

  MemoryStorage storage_;
  SeededEntropy entropy_{11};
  std::unique_ptr<SecretBox> box_;
  std::unique_ptr<AccountBook> book_;
  std::vector<std::string> told_;
  const Caller operator_ = operator_caller();
  Moment now_{1'750'000'000'000};
};

TEST_F(Book, KeepsAccountsOverAReopeningAndNoPasswordInClear) {
  const auto password = book_->create(operator_, "li", {{"registrar", "jwc"}}, now_);
  ASSERT_TRUE(password) << password.error().message;
  ASSERT_TRUE(book_->set_password("li", "four words are better", now_));
  open();
  const auto account = book_->account("li");
  ASSERT_TRUE(account);
  EXPECT_FALSE(account->must_change_password);
  EXPECT_EQ(account->grants, (std::vector<Grant>{{"registrar", "jwc"}}));
  EXPECT_TRUE(*verify_password("four words are better", account->password));
  for (const auto& [name, value] : storage_.values) {
    EXPECT_THAT(value, ::testing::Not(HasSubstr("four words"))) << name;
    EXPECT_THAT(value, ::testing::Not(HasSubstr(*password))) << name;
  }
}

TEST_F(Book, SealsSecretsOfCodesAndThoseAnEarlierVersionKeptInClear) {
  OneTimeSecret secret{};
  secret.fill(0x5a);
  const std::string clear = base64_encode(secret);
  ASSERT_TRUE(book_->create(operator_, "li", {{"registrar", ""}}, now_));
  ASSERT_TRUE(book_->set_code("li", secret, now_));
  ASSERT_TRUE(is_stored(clear)) << "as an earlier version has left it";
  const auto acts = book_->act_count();
  seal_with(1);
  EXPECT_FALSE(is_stored(clear));
  EXPECT_EQ(book_->account("li")->code, secret);
  EXPECT_EQ(book_->act_count(), acts) << "nobody did anything to an account";
  ASSERT_TRUE(book_->create(operator_, "wang", {{"reader", ""}}, now_));
  ASSERT_TRUE(book_->set_code("wang", secret, now_));
  EXPECT_FALSE(is_stored(clear));
  open();
  EXPECT_EQ(book_->account("wang")->code, secret);
  ASSERT_TRUE(book_->set_code("wang", std::nullopt, now_));
  EXPECT_FALSE(book_->account("wang")->has_code());
}

TEST_F(Book, AsksForACodeThatNoneIsWhileItsSecretCannotBeOpened) {
  OneTimeSecret secret{};
  secret.fill(0x5a);
  seal_with(1);
  ASSERT_TRUE(book_->create(operator_, "li", {{"registrar", ""}}, now_));
  ASSERT_TRUE(book_->set_code("li", secret, now_));
  const std::string stored = storage_.values.at("accounts");
  told_.clear();
  seal_with(2);
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_THAT(told_[0], HasSubstr("unopened: a secret was sealed with another key"));
  EXPECT_TRUE(book_->account("li")->has_code());
  EXPECT_FALSE(book_->account("li")->code);
  ASSERT_TRUE(book_->link(operator_, "li", "7", now_)) << "other acts leave it as it is";
  seal_with(1);
  EXPECT_EQ(book_->account("li")->code, secret) << "the key is back";
  seal_with(2);
  ASSERT_TRUE(book_->reset_code(operator_, "li", now_));
  EXPECT_FALSE(book_->account("li")->has_code());
}

TEST_F(Book, LinksAnAccountWithOneNameOfSingleSignOnAndANameWithOneAccount) {
  ASSERT_TRUE(book_->create(operator_, "li", {{"registrar", ""}}, now_));
  ASSERT_TRUE(book_->create(operator_, "wang", {{"reader", ""}}, now_));
  EXPECT_FALSE(book_->account_of_outside("")) << "nobody is called nothing";
  const std::uint64_t before = book_->account("li")->generation;
  ASSERT_TRUE(book_->link(operator_, "li", "20180231", now_));
  EXPECT_GT(book_->account("li")->generation, before) << "its sessions are over";
  EXPECT_EQ(book_->link(operator_, "wang", "20180231", now_).error().code, Errc::kConflict);
  EXPECT_EQ(book_->link(operator_, "nobody", "7", now_).error().code, Errc::kNotFound);
  for (const std::string& bad : {std::string(" 7"), std::string("7 "), std::string("a\nb"),
                                 std::string(129, 'a'), std::string("\xff")}) {
    EXPECT_EQ(book_->link(operator_, "wang", bad, now_).error().code, Errc::kInvalid) << bad;
  }
  open();
  ASSERT_TRUE(book_->account_of_outside("20180231"));
  EXPECT_EQ(book_->account_of_outside("20180231")->name, "li");
  ASSERT_TRUE(book_->link(operator_, "li", "", now_));
  EXPECT_FALSE(book_->account_of_outside("20180231"));
  EXPECT_TRUE(book_->link(operator_, "wang", "20180231", now_));
}

TEST_F(Book, SingleSignOnNeedsNoPasswordOfThisNode) {
  ASSERT_TRUE(book_->create(operator_, "li", {{"registrar", ""}}, now_));
  const std::uint64_t generation = book_->account("li")->generation;
  const auto inside = book_->caller_of_session("li", generation);
  const auto outside = book_->caller_of_session("li", generation, true);
  EXPECT_TRUE(inside->must_change_password && inside->scopes.empty());
  EXPECT_TRUE(!outside->must_change_password && outside->scopes.has(Scope::kRecord));
}

TEST_F(Book, AOneTimePasswordAllowsNothingBeforeANewOneIsSet) {
  ASSERT_TRUE(book_->create(operator_, "li", {{"registrar", ""}}, now_));
  EXPECT_TRUE(session_of("li").must_change_password);
  EXPECT_TRUE(session_of("li").scopes.empty());
  for (const std::string& bad : {std::string("short"), std::string(300, 'x'),
                                 std::string("my name is li"), std::string("\xff 123456789")}) {
    EXPECT_FALSE(book_->set_password("li", bad, now_)) << bad;
  }
  ASSERT_TRUE(book_->set_password("li", "four words are better", now_));
  EXPECT_TRUE(session_of("li").scopes.has(Scope::kDisclose));
}

TEST_F(Book, RefusesNamesThatAreTakenReservedOrNone) {
  ASSERT_TRUE(book_->create(operator_, "li", {{"reader", ""}}, now_));
  EXPECT_EQ(book_->create(operator_, "li", {{"reader", ""}}, now_).error().code, Errc::kConflict);
  for (const char* const bad : {"", "x", "operator", "anonymous", "Li", "li li", "-li", "李"}) {
    EXPECT_FALSE(book_->create(operator_, bad, {{"reader", ""}}, now_)) << bad;
  }
  EXPECT_FALSE(book_->create(operator_, std::string(65, 'a'), {{"reader", ""}}, now_));
  EXPECT_FALSE(book_->create(operator_, "wang", {}, now_));
  EXPECT_EQ(book_->accounts().size(), 1U);
  EXPECT_EQ(book_->set_disabled(operator_, "nobody", true, now_).error().code, Errc::kNotFound);
}

TEST_F(Book, NobodyRaisesOneself) {
  ASSERT_TRUE(book_->create(operator_, "admin", {{"administrator", ""}}, now_));
  ASSERT_TRUE(book_->set_password("admin", "four words are better", now_));
  const Caller admin = session_of("admin");
  EXPECT_EQ(book_->set_grants(admin, "admin", {{"registrar", ""}}, now_).error().code,
            Errc::kUnauthorised);
  EXPECT_FALSE(book_->set_disabled(admin, "admin", true, now_));
  EXPECT_EQ(book_->create_token(admin, "admin", "x", Scopes().add(Scope::kRecord), 24h, now_)
                .error()
                .code,
            Errc::kUnauthorised);
  EXPECT_TRUE(book_->set_grants(operator_, "admin", {{"reader", ""}}, now_));
}

TEST_F(Book, EndsSessionsWhenPasswordRolesOrStateSayIt) {
  ASSERT_TRUE(book_->create(operator_, "li", {{"registrar", ""}}, now_));
  ASSERT_TRUE(book_->set_password("li", "four words are better", now_));
  const std::uint64_t before = book_->account("li")->generation;
  ASSERT_TRUE(book_->set_grants(operator_, "li", {{"reader", ""}}, now_));
  EXPECT_FALSE(book_->caller_of_session("li", before)->scopes.has(Scope::kRecord)) << "at once";
  ASSERT_TRUE(book_->reset_password(operator_, "li", now_));
  EXPECT_FALSE(book_->caller_of_session("li", before));
  ASSERT_TRUE(book_->set_disabled(operator_, "li", true, now_));
  EXPECT_FALSE(book_->caller_of_session("li", book_->account("li")->generation));
  ASSERT_TRUE(book_->set_disabled(operator_, "li", false, now_));
  EXPECT_TRUE(book_->caller_of_session("li", book_->account("li")->generation));
}

TEST_F(Book, ATokenAllowsItsScopesUntilItExpiresOrIsRevoked) {
  ASSERT_TRUE(book_->create(operator_, "bulk", {{"registrar", ""}}, now_));
  const auto made =
      book_->create_token(operator_, "bulk", "import", Scopes().add(Scope::kRecord), 24h, now_);
  ASSERT_TRUE(made) << made.error().message;
  for (const auto& [name, value] : storage_.values) {
    EXPECT_THAT(value, ::testing::Not(HasSubstr(made->secret))) << name;
  }
  open();
  const auto caller = book_->caller_of_token(made->secret, now_);
  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->account, "bulk");
  EXPECT_EQ(caller->scopes, Scopes().add(Scope::kRecord));
  EXPECT_FALSE(book_->caller_of_token(made->secret + "0", now_));
  EXPECT_FALSE(book_->caller_of_token("hefu_", now_));
  EXPECT_FALSE(book_->caller_of_token("", now_));
  EXPECT_FALSE(book_->caller_of_token(made->secret, made->token.expires));
  ASSERT_TRUE(book_->set_grants(operator_, "bulk", {{"reader", ""}}, now_));
  EXPECT_TRUE(book_->caller_of_token(made->secret, now_)->scopes.empty())
      << "never more than the account has now";
  ASSERT_TRUE(book_->set_disabled(operator_, "bulk", true, now_));
  EXPECT_FALSE(book_->caller_of_token(made->secret, now_));
  ASSERT_TRUE(book_->set_disabled(operator_, "bulk", false, now_));
  EXPECT_TRUE(book_->caller_of_token(made->secret, now_));
  ASSERT_TRUE(book_->revoke_token(operator_, made->token.id, now_));
  EXPECT_FALSE(book_->caller_of_token(made->secret, now_));
}

TEST_F(Book, TokensOfOthersAreForAdministrators) {
  for (const char* const name : {"li", "wang"}) {
    ASSERT_TRUE(book_->create(operator_, name, {{"registrar", ""}}, now_));
    ASSERT_TRUE(book_->set_password(name, "four words are better", now_));
  }
  const Scopes read = Scopes().add(Scope::kRead);
  const auto own = book_->create_token(session_of("li"), "li", "x", read, 24h, now_);
  ASSERT_TRUE(own);
  EXPECT_FALSE(book_->create_token(session_of("li"), "wang", "x", read, 24h, now_));
  EXPECT_EQ(book_->revoke_token(session_of("wang"), own->token.id, now_).error().code,
            Errc::kNotFound);
  EXPECT_TRUE(book_->revoke_token(session_of("li"), own->token.id, now_));
}

TEST_F(Book, BoundsTokensAndTheirTime) {
  ASSERT_TRUE(book_->create(operator_, "li", {{"reader", ""}}, now_));
  const Scopes read = Scopes().add(Scope::kRead);
  EXPECT_FALSE(book_->create_token(operator_, "li", "x", read, 0h, now_));
  EXPECT_FALSE(book_->create_token(operator_, "li", "x", read, kTokenValidMax + 1h, now_));
  EXPECT_FALSE(book_->create_token(operator_, "li", "", read, 24h, now_));
  EXPECT_FALSE(book_->create_token(operator_, "li", "x", Scopes(), 24h, now_));
  for (std::size_t i = 0; i < kTokensPerAccountMax; ++i) {
    ASSERT_TRUE(book_->create_token(operator_, "li", "x", read, 24h, now_)) << i;
  }
  EXPECT_EQ(book_->create_token(operator_, "li", "x", read, 24h, now_).error().code,
            Errc::kTooLarge);
  now_.ms += 25LL * 3600 * 1000;
  EXPECT_TRUE(book_->create_token(operator_, "li", "x", read, 24h, now_))
      << "the old ones are over";
}

TEST_F(Book, ChainsEveryActAndTellsItsDigest) {
  ASSERT_TRUE(book_->create(operator_, "li", {{"reader", ""}}, now_));
  ASSERT_TRUE(book_->set_disabled(operator_, "li", true, now_));
  open();
  ASSERT_TRUE(book_->set_disabled(operator_, "li", false, now_));
  const auto acts = book_->acts(1, 100);
  ASSERT_TRUE(acts);
  ASSERT_EQ(acts->size(), 3U);
  Digest previous;
  for (std::size_t i = 0; i < acts->size(); ++i) {
    const auto act = parse_json((*acts)[i].json, 4096);
    ASSERT_TRUE(act);
    EXPECT_EQ(act->at("number").as_int64(), static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(act->at("previous").as_string(), previous.hex());
    EXPECT_EQ(act->at("by").as_string(), "operator");
    previous = account_act_digest((*acts)[i].json);
    EXPECT_THAT(told_[i], HasSubstr(previous.hex()));
  }
  EXPECT_EQ(book_->acts(3, 100)->size(), 1U);
  EXPECT_EQ(book_->acts(1, 2)->size(), 2U);
  EXPECT_EQ(book_->acts(4, 100)->size(), 0U);
}

TEST_F(Book, AnActThatDoesNotReachTheDiskWasNotDone) {
  ASSERT_TRUE(book_->create(operator_, "li", {{"reader", ""}}, now_));
  for (const int writes : {0, 1}) {
    storage_.writes_left = writes;
    EXPECT_EQ(book_->set_disabled(operator_, "li", true, now_).error().code, Errc::kIo);
    storage_.writes_left = -1;
    EXPECT_FALSE(book_->account("li")->disabled);
    open();
    EXPECT_FALSE(book_->account("li")->disabled);
    EXPECT_EQ(book_->acts(1, 100)->size(), 1U);
  }
  ASSERT_TRUE(book_->set_disabled(operator_, "li", true, now_));
  const auto acts = book_->acts(2, 1);
  ASSERT_TRUE(acts);
  EXPECT_THAT(acts->front().json, HasSubstr(book_->acts(1, 1)->front().digest.hex()));
}

TEST_F(Book, RefusesAStateThatIsNone) {
  ASSERT_TRUE(book_->create(operator_, "li", {{"reader", ""}}, now_));
  const std::string good = storage_.values.at("accounts");
  for (const std::string& bad :
       {std::string(), std::string("{}"), good.substr(1), std::string("[]"),
        std::string(R"({"version":1,"acts":0,"last_act":"00","accounts":[],"tokens":[]})")}) {
    EXPECT_EQ(read_account_state(bad).error().code, Errc::kCorrupt) << bad;
  }
  EXPECT_EQ(read_account_state(R"({"version":3})").error().code, Errc::kUnsupported);
  const auto state = read_account_state(good);
  ASSERT_TRUE(state);
  EXPECT_EQ(write_account_state(*state), good);
}

}  // namespace
}  // namespace hefu
