#include "ledger/bundle/attestations.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "ledger/bundle/whole.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

constexpr std::size_t kReported = 1;

class AttestationsTest : public testing::Test {
 protected:
  AttestationsTest() {
    bases_.record(kReported, "B1", 10);
    bases_.record(kReported, "B2", 5);
    bases_.fix();
    bundle_ = *decode_bundle(bases_.bundle());
    view_ = bases_.view("bases");
  }

  LoggedStatement by(std::size_t member, const View& view) {
    const ViewFile file = bases_.attest(member, view);
    return {file.envelope, file.proof};
  }
  [[nodiscard]] BundleVerdict verify(const Bundle& bundle) const {
    return verify_bundle(bundle, bases_.federation().charter());
  }
  static std::string lines(const BundleVerdict& verdict, BundleCheck::Outcome outcome) {
    std::string text;
    for (const BundleCheck& check : verdict.checks) {
      if (check.outcome == outcome) {
        text += check.subject + ": " + check.text + "\n";
      }
    }
    return text;
  }
  static void expect_line(const BundleVerdict& verdict, BundleCheck::Outcome outcome,
                          const std::string& words) {
    EXPECT_NE(lines(verdict, outcome).find(words), std::string::npos) << lines(verdict, outcome);
  }

  Bases bases_;
  Bundle bundle_;
  View view_;
};

using Outcome = BundleCheck::Outcome;

TEST_F(AttestationsTest, ABundleWithoutThemIsWrittenAsBeforeAndSaysSo) {
  const Bytes bytes = encode_bundle(bundle_);
  EXPECT_EQ(bytes, encode_bundle(*attach_attestations(bundle_, {})));
  const BundleVerdict verdict = verify(bundle_);
  EXPECT_TRUE(verdict.good());
  expect_line(verdict, Outcome::kUnchecked, "other nodes: no attestation is in the bundle");
}

TEST_F(AttestationsTest, ShowHowManyIndependentNodesRecomputed) {
  const auto with = attach_attestations(
      bundle_, {by(0, view_), by(3, view_), by(kReported, view_), by(2, bases_.view("places"))});
  ASSERT_TRUE(with) << with.error().message;
  const auto read = decode_bundle(encode_bundle(*with));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->attestations, with->attestations);
  const BundleVerdict verdict = verify(*read);
  EXPECT_TRUE(verdict.good()) << lines(verdict, Outcome::kBad);
  EXPECT_TRUE(verdict.complete);
  expect_line(verdict, Outcome::kGood,
              "recomputed by 2 of 3 independent nodes (hefu/1), as the pack asks: bases");
  expect_line(verdict, Outcome::kUnchecked,
              "recomputed by 1 of 3 independent nodes (hefu/1); the pack asks for more: "
              "independent 1 of 2: places");
  expect_line(verdict, Outcome::kUnchecked,
              bases_.federation().member(kReported).id + " do not count (reported): bases");
  // Whole logs carry them too.
  const auto whole = decode_bundle(bases_.whole_bundle());
  const auto both = attach_attestations(*whole, with->attestations);
  expect_line(verify(*both), Outcome::kGood, "recomputed by 2 of 3 independent nodes");
}

TEST_F(AttestationsTest, NameWhoAttestedSomethingElse) {
  View lie = view_;
  lie.units.pop_back();
  Bases::commit(&lie);
  const auto with = attach_attestations(bundle_, {by(0, lie), by(3, view_)});
  const BundleVerdict verdict = verify(*with);
  EXPECT_TRUE(verdict.good()) << "the figures are what the events give all the same";
  expect_line(verdict, Outcome::kUnchecked,
              bases_.federation().member(0).id + " attested something else");
  expect_line(verdict, Outcome::kUnchecked, "recomputed by 1 of 3");
}

TEST_F(AttestationsTest, ThatDoNotHoldOrDoNotBelongHereAreNoGood) {
  const LoggedStatement honest = by(0, view_);
  LoggedStatement swapped = honest;
  swapped.proof = by(3, view_).proof;
  LoggedStatement unproven = honest;
  unproven.proof.clear();
  for (const LoggedStatement& one : {swapped, unproven}) {
    EXPECT_FALSE(verify(*attach_attestations(bundle_, {one})).good());
  }
  bases_.record(kReported, "B3", 1);
  bases_.fix();
  const BundleVerdict other_cut =
      verify(*attach_attestations(bundle_, {by(0, bases_.view("bases"))}));
  EXPECT_FALSE(other_cut.good());
  expect_line(other_cut, Outcome::kBad, "another cut, pack or period");
}

TEST_F(AttestationsTest, AreAttachedOnceInOneOrder) {
  const LoggedStatement one = by(0, view_);
  const LoggedStatement other = by(3, view_);
  const auto with = attach_attestations(bundle_, {one, other, one});
  EXPECT_EQ(with->attestations.size(), 2U);
  EXPECT_EQ(encode_bundle(*with), encode_bundle(*attach_attestations(bundle_, {other, one})));
  EXPECT_EQ(encode_bundle(*with), encode_bundle(*attach_attestations(*with, {one})));
  Bundle turned = *with;
  std::swap(turned.attestations[0], turned.attestations[1]);
  const auto refused = decode_bundle(encode_bundle(turned));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("attestation 1: not sorted"), std::string::npos);
  Bundle twice = *with;
  twice.attestations[1] = twice.attestations[0];
  EXPECT_FALSE(decode_bundle(encode_bundle(twice)));
}

/// No bit of what is attested may change unnoticed.
TEST_F(AttestationsTest, NoByteOfThemMayChange) {
  const LedgerState state = bases_.state();
  const auto with = attach_attestations(bundle_, {by(0, view_), by(3, view_)});
  const Bytes bytes = encode_bundle(*with);
  std::size_t refused = 0;
  std::size_t bad = 0;
  // They stand at the end of the file.
  for (std::size_t i = bytes.size() - 5000; i < bytes.size(); i += 3) {
    Bytes changed = bytes;
    changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    const auto bundle = decode_bundle(changed);
    if (!bundle) {
      ++refused;
      continue;
    }
    Bundle others = *bundle;
    others.attestations = with->attestations;
    if (encode_bundle(others) == changed) {
      continue;  // a byte before them
    }
    const auto checks = check_attestations(*bundle, state, bases_.federation().charter());
    const bool noticed = std::any_of(checks.begin(), checks.end(), [](const BundleCheck& check) {
      return check.outcome == Outcome::kBad;
    });
    EXPECT_TRUE(noticed) << "byte " << i << " of " << bytes.size();
    bad += noticed ? 1 : 0;
  }
  EXPECT_GT(refused, 0U);
  EXPECT_GT(bad, 500U);
}

}  // namespace
}  // namespace hefu
