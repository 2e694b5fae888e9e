#include "api/accounts/sign_in.h"

#include <gtest/gtest.h>

#include "api/accounts/memory_storage.h"
#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPassword = "four words are better";

class SigningIn : public ::testing::Test {
 protected:
  void SetUp() override {
    AccountBook::Options options;
    options.cost = {1, 8};
    book_ = *AccountBook::open(storage_, entropy_, options);
    for (const char* const name : {"li", "wang"}) {
      ASSERT_TRUE(book_->create(operator_caller(), name, {{"registrar", ""}}, now_));
      ASSERT_TRUE(book_->set_password(name, kPassword, now_));
    }
    sign_in_ = std::make_unique<SignIn>(*book_, sessions_, entropy_);
  }
  SignIn::Outcome attempt(std::string_view account, std::string_view password,
                          std::string_view address = "10.0.0.1", std::string_view code = "") {
    const auto outcome = sign_in_->sign_in({account, password, code, address}, now_);
    EXPECT_TRUE(outcome) << outcome.error().message;
    return *outcome;
  }
  bool waits(std::string_view account, std::string_view address) {
    return attempt(account, "wrong password", address).wait > 0ms;
  }

  MemoryStorage storage_;
  SeededEntropy entropy_{5};
  Moment now_{1'750'000'000'000};
  std::unique_ptr<AccountBook> book_;
  Sessions sessions_{Sessions::Options()};
  std::unique_ptr<SignIn> sign_in_;
};

TEST_F(SigningIn, TakesThePasswordAndNothingElse) {
  const auto in = attempt("li", kPassword);
  ASSERT_TRUE(in.session);
  EXPECT_EQ(sessions_.use(*in.session, now_)->account, "li");
  EXPECT_FALSE(attempt("li", "four words are bette").session);
  EXPECT_FALSE(attempt("nobody", kPassword).session);
  EXPECT_FALSE(attempt("", "").session);
  ASSERT_TRUE(book_->set_disabled(operator_caller(), "li", true, now_));
  EXPECT_FALSE(attempt("li", kPassword).session);
}

TEST_F(SigningIn, TakesNoCodeWhoseSecretCannotBeOpened) {
  OneTimeSecret zeros{};
  AccountState state = *read_account_state(storage_.values.at("accounts"));
  state.accounts.at("li").sealed_code = "sealed with a key that is gone";
  storage_.values["accounts"] = write_account_state(state);
  sign_in_.reset();
  book_ = *AccountBook::open(storage_, entropy_, {{1, 8}, nullptr, {}, {}});
  sign_in_ = std::make_unique<SignIn>(*book_, sessions_, entropy_);
  EXPECT_TRUE(attempt("li", kPassword).code_missing) << "the password alone does not do";
  const auto step = static_cast<std::uint64_t>(now_.ms / 30'000);
  EXPECT_FALSE(attempt("li", kPassword, "10.0.0.1", one_time_code(zeros, step)).session);
  ASSERT_TRUE(book_->reset_code(operator_caller(), "li", now_));
  EXPECT_TRUE(attempt("li", kPassword).session);
}

TEST_F(SigningIn, AsksForACodeOnlyOnceThePasswordIsRightAndTakesEachOnce) {
  OneTimeSecret secret{};
  secret.fill(7);
  ASSERT_TRUE(book_->set_code("li", secret, now_));
  EXPECT_FALSE(attempt("li", "wrong password").code_missing);
  const auto missing = attempt("li", kPassword);
  EXPECT_TRUE(missing.code_missing);
  EXPECT_FALSE(missing.session);
  const auto step = static_cast<std::uint64_t>(now_.ms / 1000 / 30);
  EXPECT_FALSE(attempt("li", kPassword, "10.0.0.1", one_time_code(secret, step + 9)).session);
  const std::string code = one_time_code(secret, step);
  EXPECT_FALSE(attempt("li", "wrong password", "10.0.0.1", code).session);
  EXPECT_TRUE(attempt("li", kPassword, "10.0.0.1", code).session);
  EXPECT_FALSE(attempt("li", kPassword, "10.0.0.1", code).session) << "seen over a shoulder";
  ASSERT_TRUE(book_->reset_code(operator_caller(), "li", now_));
  EXPECT_TRUE(attempt("li", kPassword).session);
}

TEST_F(SigningIn, SlowsDownWhoGuessesFromOneAddressAtManyAccounts) {
  int tries = 0;
  while (!waits("account" + std::to_string(tries), "10.0.0.9")) {
    ASSERT_LT(++tries, 100);
  }
  EXPECT_GE(tries, 10);
  EXPECT_FALSE(waits("li", "10.0.0.1")) << "others are not concerned";
  now_.ms += 15'000;
  EXPECT_FALSE(waits("li", "10.0.0.9"));
}

TEST_F(SigningIn, SlowsDownWhoGuessesAtOneAccountFromManyAddresses) {
  int tries = 0;
  while (!waits("li", "10.0.1." + std::to_string(tries))) {
    ASSERT_LT(++tries, 100);
  }
  EXPECT_FALSE(waits("wang", "10.0.2.1"));
}

TEST_F(SigningIn, KeepsNobodyOutForEver) {
  ASSERT_TRUE(attempt("li", kPassword, "192.168.1.5").session);
  for (int hour = 0; hour < 3; ++hour) {
    for (int i = 0; i < 300; ++i) {
      attempt("li", "wrong password", "10." + std::to_string(hour) + ".0." + std::to_string(i));
    }
    EXPECT_TRUE(attempt("li", kPassword, "192.168.1.5").session) << "from where it was before";
    EXPECT_GT(attempt("li", kPassword, "192.168.1.6").wait, 0ms) << "from elsewhere";
    now_.ms += 61'000;
    EXPECT_TRUE(attempt("li", kPassword, "192.168.1." + std::to_string(100 + hour)).session)
        << "and from elsewhere a minute later";
  }
}

TEST_F(SigningIn, ARightPasswordIsNoTry) {
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(attempt("li", kPassword).session) << i;
  }
}

TEST_F(SigningIn, ConfirmsLikeSigningIn) {
  EXPECT_TRUE(sign_in_->confirm({"li", kPassword, "", "10.0.0.1"}, now_));
  Errc last = Errc::kInvalid;
  for (int i = 0; i < 30; ++i) {
    const auto confirmed = sign_in_->confirm({"li", "wrong password", "", "10.0.0.1"}, now_);
    ASSERT_FALSE(confirmed);
    last = confirmed.error().code;
    EXPECT_TRUE(i > 0 || last == Errc::kUnauthorised);
  }
  EXPECT_EQ(last, Errc::kUnavailable);
}

}  // namespace
}  // namespace hefu
