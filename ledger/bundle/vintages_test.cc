#include "ledger/bundle/vintages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/bundle/verify.h"
#include "ledger/closing/figure_tree.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

using testing::HasSubstr;

class VintagesTest : public testing::Test {
 protected:
  VintagesTest() {
    bases_.record(1, "B1", 10);
    bases_.record(3, "B2", 7);
    bases_.fix();
  }

  /// Appends as the author with the seal, and gives its id.
  EventId act(std::size_t member, Event event) {
    event.occurred_on = *Date::parse("2026-01-20");
    return bases_.logs().append(member, std::move(event), KeyRole::kSeal);
  }

  /// The year closed at the present cut, with the figures it gives or others.
  void close(const std::optional<Digest>& figures = std::nullopt) {
    const LedgerState state = bases_.state();
    const Document* document = find_document(*state.documents, "pack", "test.bases", "");
    CutProposal proposal;
    proposal.pack = "test.bases";
    proposal.pack_digest = document->digest;
    proposal.as_of = *Date::parse("2025-12-31");
    for (const CutLog& log : bases_.cut().logs) {
      proposal.logs.push_back(
          {log.checkpoint.origin, log.checkpoint.size, log.checkpoint.root, std::nullopt});
    }
    PeriodClosing closing;
    closing.scope = {"test.bases", document->digest, "2025",
                     act(bases_.authority(), make_event(proposal)), proposal.cut().id()};
    for (std::size_t member = 0; member < 4; ++member) {
      if (member != bases_.authority()) {
        closing.cosignatures.push_back(
            act(member, make_event(CutCosignature{closing.scope.proposal, closing.scope.cut})));
      }
    }
    closing.figures =
        figures ? *figures : figure_tree(state, "test.bases", document->digest, "2025")->digest();
    act(bases_.authority(), make_event(closing));
    bases_.fix();
  }

  /// The check about the first vintage.
  BundleCheck verified() {
    const auto bundle = decode_bundle(bases_.bundle());
    EXPECT_TRUE(bundle) << bundle.error().message;
    const BundleVerdict verdict = verify_bundle(*bundle, bases_.federation().charter());
    for (const BundleCheck& check : verdict.checks) {
      if (check.subject == "vintage 1 of 2025") {
        return check;
      }
    }
    return {BundleCheck::Outcome::kUnchecked, "", "no vintage"};
  }

  Bases bases_;
};

TEST_F(VintagesTest, AnOpenPeriodHasNone) {
  EXPECT_EQ(verified().text, "no vintage");
}

TEST_F(VintagesTest, FrozenFiguresAreRecomputedOfflineWhateverCameLater) {
  close();
  bases_.record(1, "B3", 100);
  bases_.fix();
  const BundleCheck check = verified();
  EXPECT_EQ(check.outcome, BundleCheck::Outcome::kGood) << check.text;
  EXPECT_THAT(check.text, HasSubstr("as of 2025-12-31"));
  EXPECT_THAT(check.text, HasSubstr("since then: bases 2个 → 3个, places 17个 → 117个"));
}

TEST_F(VintagesTest, WhereNothingCameLaterItSaysSo) {
  close();
  EXPECT_THAT(verified().text, HasSubstr("nothing has changed them since"));
}

TEST_F(VintagesTest, FrozenFiguresThatTheEventsDoNotGiveAreNamed) {
  close(sha256(as_bytes("better")));
  const BundleCheck check = verified();
  EXPECT_EQ(check.outcome, BundleCheck::Outcome::kBad) << check.text;
  EXPECT_THAT(check.text, HasSubstr("not those that the events"));
}

}  // namespace
}  // namespace hefu
