#include "ledger/log/policy.h"

#include <random>

#include <gtest/gtest.h>

#include "ledger/merkle/proof.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

SecretKey key_of(int number) {
  SecretKey::Seed seed{};
  seed[0] = static_cast<std::uint8_t>(number);
  seed[1] = static_cast<std::uint8_t>(number >> 8);
  return SecretKey::from_seed(seed);
}

std::string vkey(int number, std::uint8_t type = kNoteCosignature) {
  const std::string name = (type == kNoteEd25519 ? "log.example/" : "w.example/");
  return VerifierKey::make(name + std::to_string(number), type, key_of(number).public_key()).text();
}

/// The cosignatures of these witnesses, as if verified.
std::vector<Cosignature> by(std::initializer_list<int> numbers) {
  std::vector<Cosignature> cosignatures;
  for (const int number : numbers) {
    cosignatures.push_back({*VerifierKey::parse(vkey(number)), 1});
  }
  return cosignatures;
}

/// "witness X1 <vkey 1>\n" and so on.
std::string witness_lines(const std::string& prefix, int first, int count) {
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += "witness " + prefix + std::to_string(i + 1) + " " + vkey(first + i) + "\n";
  }
  return lines;
}

TEST(Policy, DecidesTheExampleOfTheSpecification) {
  const auto policy =
      Policy::parse("log " + vkey(100, kNoteEd25519) + "\n\n" + witness_lines("X", 1, 3) +
                    "group X-witnesses 2 X1 X2 X3\n\n" + witness_lines("Y", 11, 3) +
                    "group Y-witnesses any Y1 Y2 Y3\n\n"
                    "group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n");
  ASSERT_TRUE(policy.ok()) << policy.error().message;
  EXPECT_EQ(policy->logs().size(), 1U);
  EXPECT_EQ(policy->witnesses().size(), 6U);
  EXPECT_TRUE(policy->is_met(by({1, 2, 11})));
  EXPECT_TRUE(policy->is_met(by({3, 1, 13, 12, 2})));
  EXPECT_FALSE(policy->is_met(by({1, 11})));
  EXPECT_FALSE(policy->is_met(by({1, 2, 3})));
  EXPECT_FALSE(policy->is_met(by({11, 12, 13})));
  EXPECT_FALSE(policy->is_met(by({1, 1, 11}))) << "a witness counts once";
  EXPECT_FALSE(policy->is_met(by({1, 99, 11}))) << "a stranger does not count";
  EXPECT_FALSE(policy->is_met({}));
}

TEST(Policy, NeverCountsAWitnessThatMustNotCount) {
  const auto policy = Policy::parse(witness_lines("w", 1, 3) + "group g 2 w1 w2 w3\nquorum g\n");
  ASSERT_TRUE(policy.ok());
  const std::vector<PublicKey> own{key_of(1).public_key()};
  EXPECT_TRUE(policy->is_met(by({1, 2})));
  EXPECT_FALSE(policy->is_met(by({1, 2}), own));
  EXPECT_TRUE(policy->is_met(by({1, 2, 3}), own));
}

TEST(Policy, AsksForASingleWitnessOrForNone) {
  const auto single = Policy::parse(witness_lines("w", 1, 2) + "quorum w2\n");
  ASSERT_TRUE(single.ok());
  EXPECT_TRUE(single->is_met(by({2})));
  EXPECT_FALSE(single->is_met(by({1})));
  const auto none = Policy::parse("quorum none\n");
  ASSERT_TRUE(none.ok());
  EXPECT_TRUE(none->is_met({}));
}

TEST(Policy, ReadsCommentsBlanksTabsUrlsAndAMissingLastNewline) {
  const auto policy = Policy::parse(
      "# 注释\n   \t\n\t# indented\n log\t" + vkey(100, kNoteEd25519) +
      " \thttps://log.example/ \nwitness 包头 " + vkey(1) + " https://w.example/\nquorum 包头");
  ASSERT_TRUE(policy.ok()) << policy.error().message;
  EXPECT_EQ(policy->logs()[0].url, "https://log.example/");
  EXPECT_EQ(policy->witnesses()[0].url, "https://w.example/");
  EXPECT_EQ(policy->witnesses()[0].name, "包头");
}

TEST(Policy, TreatsNamesAsBytes) {
  // "K" and the Kelvin sign look alike; bytes that are no UTF-8 are names too.
  EXPECT_TRUE(Policy::parse("witness K " + vkey(1) + "\nwitness \u212a " + vkey(2) +
                            "\nwitness \xff\xfe " + vkey(3) + "\nquorum \xff\xfe\n")
                  .ok());
}

TEST(Policy, LetsNamesBeWordsOfTheGrammarButNotNone) {
  EXPECT_TRUE(Policy::parse("witness all " + vkey(1) + "\nwitness 2 " + vkey(2) +
                            "\ngroup any any all 2\nquorum any\n")
                  .ok());
  EXPECT_FALSE(Policy::parse("witness none " + vkey(1) + "\nquorum none\n").ok());
  EXPECT_FALSE(Policy::parse("witness a " + vkey(1) + "\ngroup none any a\nquorum none\n").ok());
}

TEST(Policy, RefusesWhatTheGrammarForbids) {
  const std::string two = witness_lines("w", 1, 2);
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", "quorum line is missing"},
      {two, "quorum line is missing"},
      {"quorum none\nquorum none\n", "there is one already"},
      {"quorum w1\n" + two, "not defined above"},
      {two + "quorum w3\n", "not defined above"},
      {two + "quorum\n", "quorum: want"},
      {two + "quorum w1 w2\n", "quorum: want"},
      {two + "group g 1\nquorum g\n", "one member at least"},
      {two + "group g 0 w1 w2\nquorum g\n", "threshold"},
      {two + "group g 3 w1 w2\nquorum g\n", "threshold"},
      {two + "group g -1 w1 w2\nquorum g\n", "threshold"},
      {two + "group g most w1 w2\nquorum g\n", "threshold"},
      {two + "group g 18446744073709551617 w1 w2\nquorum g\n", "threshold"},
      {two + "group g all w1 w1\nquorum g\n", "is a member already"},
      {two + "group g all w1\ngroup h all w1\nquorum h\n", "is a member already"},
      {two + "group g all g\nquorum g\n", "not defined above"},
      {two + "group g all h\ngroup h all w1\nquorum g\n", "not defined above"},
      {two + "group g any none\nquorum g\n", "not defined above"},
      {two + "group w1 any w2\nquorum w1\n", "taken"},
      {two + "witness w1 " + vkey(3) + "\nquorum w1\n", "taken"},
      {two + "witness w3 " + vkey(1) + "\nquorum w1\n", "stands in the policy already"},
      {"log " + vkey(1, kNoteEd25519) + "\n" + two + "quorum w1\n", "stands in the policy already"},
      {"log " + vkey(1, kNoteEd25519) + "\nlog " + vkey(1, kNoteEd25519) + "\nquorum none\n",
       "stands in the policy already"},
      {"log " + vkey(1) + "\nquorum none\n", "type 4, not 1"},
      {"witness w " + vkey(1, kNoteEd25519) + "\nquorum w\n", "type 1, not 4"},
      {"log\nquorum none\n", "log: want"},
      {"log a b c d\nquorum none\n", "log: want"},
      {"witness w\nquorum none\n", "witness: want"},
      {"witness w notakey\nquorum none\n", "verifier key"},
      {"mirror m\nquorum none\n", "none of log"},
      {"quorum none\r\n", "control character"},
      {"quorum none # why\n", "quorum: want"},
      {std::string("quorum none\n# \x7f\n"), "control character"},
      {std::string("quorum none\n\0\n", 14), "control character"},
  };
  for (const auto& [text, why] : cases) {
    const auto policy = Policy::parse(text);
    ASSERT_FALSE(policy.ok()) << text;
    EXPECT_NE(policy.error().message.find(why), std::string::npos) << text << "\n"
                                                                   << policy.error().message;
  }
}

TEST(Policy, RefusesTheSameKeyUnderAnotherName) {
  const PublicKey key = key_of(1).public_key();
  const std::string alias = VerifierKey::make("alias.example", kNoteCosignature, key).text();
  EXPECT_FALSE(
      Policy::parse("witness a " + vkey(1) + "\nwitness b " + alias + "\nquorum a\n").ok());
}

TEST(Policy, NamesTheLine) {
  const auto policy = Policy::parse("quorum none\n\nnonsense\n");
  ASSERT_FALSE(policy.ok());
  EXPECT_NE(policy.error().message.find("policy line 3"), std::string::npos)
      << policy.error().message;
}

TEST(Policy, TakesAThousandWitnessesAndRefusesMore) {
  const int most = static_cast<int>(kPolicyEntriesMax);
  const std::string lines = witness_lines("w", 1, most);
  EXPECT_TRUE(Policy::parse(lines + "quorum w1\n").ok());
  EXPECT_EQ(Policy::parse(lines + "witness more " + vkey(most + 1) + "\nquorum w1\n").error().code,
            Errc::kTooLarge);
  EXPECT_EQ(Policy::parse(std::string(kPolicyBytesMax + 1, ' ')).error().code, Errc::kTooLarge);
}

TEST(Policy, OfKWitnessesAgreesWithCounting) {
  const std::uint32_t seed = 7;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::vector<VerifierKey> logs{*VerifierKey::parse(vkey(100, kNoteEd25519))};
  std::vector<VerifierKey> witnesses;
  for (int i = 1; i <= 7; ++i) {
    witnesses.push_back(*VerifierKey::parse(vkey(i)));
  }
  for (std::size_t k = 0; k <= witnesses.size(); ++k) {
    const auto policy = Policy::parse(k_of_n_policy(logs, witnesses, k));
    ASSERT_TRUE(policy.ok()) << policy.error().message;
    EXPECT_EQ(policy->log_keys(), logs);
    EXPECT_EQ(policy->witness_keys(), witnesses);
    for (int round = 0; round < 50; ++round) {
      std::vector<Cosignature> cosignatures;
      for (const VerifierKey& witness : witnesses) {
        if (random() % 2 == 0) {
          cosignatures.push_back({witness, 1});
        }
      }
      EXPECT_EQ(policy->is_met(cosignatures), cosignatures.size() >= k);
    }
  }
}

class AcceptCheckpoint : public testing::Test {
 protected:
  Policy policy() const {
    return *Policy::parse("log " + vkey(100, kNoteEd25519) + "\n" + witness_lines("w", 1, 3) +
                          "group g 2 w1 w2 w3\nquorum g\n");
  }
  std::string note(std::initializer_list<int> witnesses) const {
    const Checkpoint checkpoint{"log.example/100", 5, leaf_hash(as_bytes("root"))};
    const auto parsed = parse_note(sign_checkpoint(checkpoint, key_of(100)));
    std::vector<NoteSignature> lines;
    for (const int number : witnesses) {
      lines.push_back(cosign(parsed->text, "w.example/" + std::to_string(number), key_of(number),
                             static_cast<std::uint64_t>(1000 + number)));
    }
    return add_signatures(*parsed, lines);
  }
};

TEST_F(AcceptCheckpoint, WithLogSignatureAndQuorum) {
  const auto accepted = accept_checkpoint(note({3, 1}), policy());
  ASSERT_TRUE(accepted.ok()) << accepted.error().message;
  EXPECT_EQ(accepted->checkpoint.size, 5U);
  ASSERT_EQ(accepted->cosignatures.size(), 2U);
  EXPECT_EQ(accepted->cosignatures[0].time, 1003U);
}

TEST_F(AcceptCheckpoint, OnlyWithQuorum) {
  for (const std::string& short_of : {note({}), note({2}), note({2, 50})}) {
    const auto accepted = accept_checkpoint(short_of, policy());
    ASSERT_FALSE(accepted.ok());
    EXPECT_EQ(accepted.error().code, Errc::kUnverified);
    EXPECT_NE(accepted.error().message.find("quorum"), std::string::npos);
  }
  const std::vector<PublicKey> own{key_of(1).public_key()};
  EXPECT_FALSE(accept_checkpoint(note({1, 2}), policy(), own).ok());
}

TEST_F(AcceptCheckpoint, OnlyIfEveryKnownLineHolds) {
  auto parsed = parse_note(note({1, 2, 3}));
  parsed->signatures[3].bytes[20] ^= 1;
  EXPECT_FALSE(accept_checkpoint(format_note(parsed->text, parsed->signatures), policy()).ok());
  parsed->signatures.pop_back();
  EXPECT_TRUE(accept_checkpoint(format_note(parsed->text, parsed->signatures), policy()).ok());
  parsed->signatures.erase(parsed->signatures.begin());
  EXPECT_FALSE(accept_checkpoint(format_note(parsed->text, parsed->signatures), policy()).ok())
      << "without the log's own signature";
}

}  // namespace
}  // namespace hefu
