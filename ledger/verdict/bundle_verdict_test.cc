#include "ledger/verdict/bundle_verdict.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/verdict/fork_verdict.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

TEST(BundleVerdict, SaysWhatTheCommandPrints) {
  Bases bases;
  bases.record(1, "B1", 3);
  bases.fix();
  const Bytes file = bases.bundle();
  const auto trusted = judge_bundle(file, bases.federation().charter());
  ASSERT_TRUE(trusted) << trusted.error().message;
  const auto json = to_json(*trusted);
  EXPECT_EQ(json.at("verdict").as_string(), "good");
  EXPECT_TRUE(json.at("figures").is_object());
  EXPECT_EQ(json.at("checks").as_array().size(), trusted->checks.size());
  EXPECT_EQ(to_json(*judge_bundle(file, std::nullopt)).at("verdict").as_string(), "incomplete");
}

TEST(BundleVerdict, AFileThatIsNoBundleAnyMoreIsBadAndSaysSo) {
  Bases bases;
  bases.record(1, "B1", 3);
  bases.fix();
  Bytes file = bases.bundle();
  file.resize(file.size() - 8);
  const auto verdict = judge_bundle(file, bases.federation().charter());
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict_of(*verdict), Judgement::kBad);
  ASSERT_EQ(verdict->checks.size(), 1U);
  EXPECT_EQ(verdict->checks[0].subject, "file");
  EXPECT_FALSE(to_json(*verdict).contains("figures"));
}

TEST(ForkVerdict, ALogNobodyKnowsIsNotJudged) {
  const TestFederation federation(4);
  const TestFederation other(4, 2);
  const auto note = [&](const char* root) {
    return sign_checkpoint({federation.member(0).origin, 5, sha256(as_bytes(root))},
                           federation.key(0, KeyRole::kLog));
  };
  const auto keys = trust_charter(federation.charter()).keys;
  const auto proof =
      make_fork_proof(note("one"), note("another"), keys, [](auto, auto) { return Digest{}; });
  ASSERT_TRUE(proof) << proof.error().message;
  const auto known = trust_charter(federation.charter());
  const auto proven = judge_fork(proof->text(), known);
  EXPECT_EQ(to_json(proven).at("verdict").as_string(), "proven");
  EXPECT_EQ(to_json(proven).at("member").as_string(), federation.member(0).id);
  const auto nobody = judge_fork(proof->text(), {});
  EXPECT_EQ(to_json(nobody).at("verdict").as_string(), "unknown-log");
  std::string cut = proof->text();
  cut.resize(cut.size() / 2);
  EXPECT_EQ(to_json(judge_fork(cut, known)).at("verdict").as_string(), "not-proven");
}

}  // namespace
}  // namespace hefu
