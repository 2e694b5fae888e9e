#include "ledger/programme/attest_policy.h"

#include <gtest/gtest.h>

#include "ledger/programme/pack_attest.h"
#include "ledger/programme/support_test.h"

namespace hefu {
namespace {

const Attesters kFour{{"bureau", "government-department"},
                      {"u1", "university"},
                      {"u2", "university"},
                      {"park", "industrial-park"}};

AttestPolicy policy(const std::string& text) {
  auto read = AttestPolicy::parse(text);
  EXPECT_TRUE(read) << read.error().message;
  return *std::move(read);
}

bool met(const std::string& text, const std::set<std::string>& attested,
         const Attesters& eligible = kFour, std::size_t engines = 1) {
  return policy(text).judge(eligible, attested, engines).met;
}

TEST(AttestPolicy, AsksForMembersKindsAndGroupsOfBoth) {
  const std::string text =
      "# who looks at these figures\n"
      "member authority bureau\n"
      "kind peers 2 university higher-vocational-college\n"
      "kind parks any\tindustrial-park\n"
      "group others 1 peers parks\n\n"
      "group view-quorum all authority others\n"
      "quorum view-quorum";
  EXPECT_TRUE(met(text, {"bureau", "u1", "u2"}));
  EXPECT_TRUE(met(text, {"bureau", "park"}));
  EXPECT_FALSE(met(text, {"bureau", "u1"}));
  EXPECT_FALSE(met(text, {"u1", "u2", "park"}));
  EXPECT_FALSE(met(text, {}));
}

TEST(AttestPolicy, SaysWhatIsMissing) {
  const auto verdict = policy(
                           "member authority bureau\nkind peers 2 university\n"
                           "group view-quorum all authority peers\nquorum view-quorum\n")
                           .judge(kFour, {"u2", "park"}, 1);
  EXPECT_FALSE(verdict.met);
  const std::vector<MissingAttesters> expected{{"view-quorum", 0, 2, {"authority", "peers"}},
                                               {"authority", 0, 1, {"bureau"}},
                                               {"peers", 1, 2, {"u1"}}};
  EXPECT_EQ(verdict.missing, expected);
}

TEST(AttestPolicy, TakesMajorityAndAllOfThoseWhoMayCount) {
  const std::string majority(AttestPolicy::kDefaultText);
  EXPECT_FALSE(met(majority, {"u1", "u2"})) << "two of four are no majority";
  EXPECT_TRUE(met(majority, {"u1", "u2", "park"}));
  EXPECT_TRUE(met(majority, {"park"}, {{"park", "industrial-park"}}));
  EXPECT_FALSE(met(majority, {}, {})) << "of nobody nothing is met";
  EXPECT_FALSE(
      met("kind every all university\nquorum every\n", {"u1", "u2"}, {{"park", "industrial-park"}}))
      << "the universities are not among those who may count";
  EXPECT_TRUE(met("kind every all university\nquorum every\n", {"u1", "u2"}));
  EXPECT_FALSE(met("kind every all university\nquorum every\n", {"u1"}));
}

TEST(AttestPolicy, CountsNobodyWhoMayNotCount) {
  EXPECT_FALSE(met("member self college\nquorum self\n", {"college"}));
  const auto verdict = policy("member self college\nquorum self\n").judge(kFour, {"college"}, 1);
  EXPECT_EQ(verdict.missing, (std::vector<MissingAttesters>{{"self", 0, 0, {}}}))
      << "nobody is left who could";
  EXPECT_FALSE(met("kind peers 3 university\nquorum peers\n", {"u1", "u2", "u3"}));
}

TEST(AttestPolicy, MayAskForDifferentEnginesOrForNothing) {
  const std::string text = "kind some any *\nengines 2\nquorum some\n";
  EXPECT_FALSE(met(text, {"u1"}, kFour, 1));
  EXPECT_TRUE(met(text, {"u1"}, kFour, 2));
  EXPECT_TRUE(met("quorum none\n", {}, {}, 0));
}

TEST(AttestPolicy, RefusesWhatSaysNothingClearAndNamesTheLine) {
  const auto refused = [](const std::string& text, const std::string& reason) {
    const auto read = AttestPolicy::parse(text);
    ASSERT_FALSE(read) << text;
    EXPECT_NE(read.error().message.find(reason), std::string::npos) << read.error().message;
  };
  refused("", "the quorum line is missing");
  refused("# all\nwitness a b\nquorum none", "policy line 2: starts with none of member");
  refused("member a\nquorum a", "line 1: member: want");
  refused("member a x\nmember a y\nquorum a", "line 2: the name a is taken");
  refused("member a x\nmember b x\nquorum a", "x stands in the policy already");
  refused("member none x\nquorum none", "none has a meaning");
  refused("kind a any\nquorum a", "kind: want");
  refused("kind a most university\nquorum a", "neither all, any, majority nor a number");
  refused("kind a 0 university\nquorum a", "neither all, any, majority nor a number");
  refused("kind a 01 university\nquorum a", "neither all, any, majority nor a number");
  refused("kind a any university *\nquorum a", "* stands for every kind");
  refused("group g all a\nquorum g", "party a is not defined above");
  refused("member a x\ngroup g 2 a\nquorum g", "a number from 1 to 1");
  refused("member a x\ngroup g all a a\nquorum g", "is in a group already");
  refused("member a x\ngroup g all a\ngroup h all a\nquorum g", "is in a group already");
  refused("engines 0\nquorum none", "engines: want");
  refused("engines 2\nengines 2\nquorum none", "line 2: engines: there is such a line");
  refused("quorum none\nquorum none", "line 2: quorum: there is one already");
  refused("quorum nobody", "nobody is not defined above");
  refused(std::string(kAttestPolicyBytesMax + 1, '#'), "more than 8000 bytes");
  std::string many;
  for (std::size_t i = 0; i <= kAttestPartiesMax; ++i) {
    many += "member m" + std::to_string(i) + " x" + std::to_string(i) + "\n";
  }
  refused(many + "quorum m1", "line 65: more than 64");
}

TEST(AttestPolicy, OfAPackIsItsOwnOrTheOneByDefault) {
  const std::string count =
      "types = [\"x\"]\ntime = { mode = \"occurred\" }\nmeasure = { kind = \"count\" }\n";
  const auto plain = Pack::from_toml(one_indicator(count));
  ASSERT_TRUE(plain) << plain.error().message;
  EXPECT_EQ(attest_policy_of(*plain).text(), AttestPolicy::kDefaultText);
  const std::string with =
      "\n[pack.attest]\npolicy = \"\"\"\nkind peers 2 university\nquorum peers\n\"\"\"\n";
  const auto own = Pack::from_toml(one_indicator(count) + with);
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_EQ(attest_policy_of(*own).text(), "kind peers 2 university\nquorum peers\n");
  EXPECT_NE(own->digest(), plain->digest()) << "the policy is part of what is published";
  const auto again = Pack::from_json(own->canonical());
  ASSERT_TRUE(again);
  EXPECT_EQ(attest_policy_of(*again).text(), attest_policy_of(*own).text());

  const auto wrong = Pack::from_toml(one_indicator(count) +
                                     "\n[pack.attest]\npolicy = \"\"\"\nquorum peers\n\"\"\"\n");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().message.find("pack.attest.policy: policy line 1: quorum: peers"),
            std::string::npos)
      << wrong.error().message;
  EXPECT_EQ(wrong.error().message.rfind("line ", 0), 0U) << wrong.error().message;
  EXPECT_FALSE(Pack::from_toml(one_indicator(count) + "\n[pack.attest]\nquorum = 2\n"));
}

TEST(AttestPolicy, NamesTheVectorsOfAPack) {
  const std::string count =
      "types = [\"x\"]\ntime = { mode = \"occurred\" }\nmeasure = { kind = \"count\" }\n";
  const auto plain = Pack::from_toml(one_indicator(count));
  const auto tested = Pack::from_toml(
      one_indicator(count) + "\n[[test]]\nperiod = \"2024\"\nevents = []\nexpect = { one = 0 }\n");
  ASSERT_TRUE(plain) << plain.error().message;
  ASSERT_TRUE(tested) << tested.error().message;
  EXPECT_EQ(vectors_digest(*plain), sha256(as_bytes("hefu/vectors/v1\n[]")));
  EXPECT_NE(vectors_digest(*tested), vectors_digest(*plain));
  EXPECT_EQ(vectors_digest(*tested), vectors_digest(*Pack::from_json(tested->canonical())));
}

}  // namespace
}  // namespace hefu
