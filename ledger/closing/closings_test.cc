#include "ledger/closing/closings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/closing_acts.h"

namespace hefu {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_closing::Acts;
using testing_closing::digest_of;
using testing_closing::kPack;
using testing_closing::kYear;

class ClosingsTest : public testing::Test {
 protected:
  /// What became of a closing.
  ClosingAct closing_act(const EventId& id) const {
    const Closings folded = acts_.folded();
    const JudgedClosing* found = acts_.find(folded, id);
    return found == nullptr ? ClosingAct{} : found->act;
  }
  ClosingAct approval_act(const EventId& id) const { return acts_.folded().approvals.at(id).act; }

  void expect_void(const ClosingAct& act, const std::string& why) {
    EXPECT_EQ(act.status, ClosingStatus::kVoid) << act.reason;
    EXPECT_THAT(act.reason, HasSubstr(why));
  }

  Acts acts_;
};

TEST_F(ClosingsTest, ACutIsCosignedByMembersOtherThanItsProposerOnceEach) {
  const EventId cut = acts_.cosigned_cut();
  acts_.cosign(acts_.first(), cut);
  acts_.cosign(acts_.authority(), cut);
  const JudgedCut judged = acts_.folded().cuts.at(cut);
  EXPECT_EQ(judged.act.status, ClosingStatus::kStands);
  EXPECT_EQ(judged.cosigned.size(), 2U);
  EXPECT_FALSE(judged.cosigned.contains(acts_.id(acts_.authority())));
}

TEST_F(ClosingsTest, ACosignatureOfAnotherCutOrByAnAuditorCountsForNothing) {
  const EventId cut = acts_.propose(acts_.cut());
  acts_.append(acts_.first(), make_event(CutCosignature{cut, digest_of("another")}));
  acts_.cosign(acts_.second(), cut, KeyRole::kAuditor);
  EXPECT_TRUE(acts_.folded().cuts.at(cut).cosigned.empty());
}

TEST_F(ClosingsTest, MissingLogsArePartOfTheCutAndStayNamed) {
  CutProposal proposal = acts_.cut();
  const Digest without = proposal.cut().id();
  proposal.missing = {proposal.logs[1].origin};
  const EventId cut = acts_.propose(proposal);
  const JudgedCut judged = acts_.folded().cuts.at(cut);
  EXPECT_THAT(judged.proposal.missing, ElementsAre(proposal.logs[1].origin));
  EXPECT_EQ(judged.proposal.logs.size(), 4U) << "what is held of it counts all the same";
  EXPECT_NE(judged.proposal.cut().id(), without);
}

TEST_F(ClosingsTest, ACutOfALogThatIsNobodysIsVoid) {
  CutProposal proposal = acts_.cut();
  proposal.missing = {"stranger.example/hefu/1"};
  const EventId cut = acts_.propose(proposal);
  expect_void(acts_.folded().cuts.at(cut).act, "belongs to no member");
}

TEST_F(ClosingsTest, AClosingNeedsAQuorumThatCosignedItsCut) {
  const EventId cut = acts_.propose(acts_.cut());
  acts_.cosign(acts_.first(), cut);
  const EventId closing = acts_.close(acts_.closing(cut));
  EXPECT_EQ(closing_act(closing).status, ClosingStatus::kWaiting);
  EXPECT_THAT(closing_act(closing).reason, HasSubstr("1 cosignatures of its cut, 2 are needed"));
  // A cosignature that comes later is not one the closing was made upon.
  acts_.cosign(acts_.second(), cut);
  EXPECT_EQ(closing_act(closing).status, ClosingStatus::kWaiting);
}

TEST_F(ClosingsTest, WhomThePackLetsReopenAPeriodMustAgreeToTheCut) {
  const EventId cut = acts_.propose(acts_.cut());
  acts_.cosign(acts_.first(), cut);
  const JudgedCut judged = acts_.folded().cuts.at(cut);
  const auto may = [&](const std::string& who) {
    return may_reopen(who, judged, acts_.id(acts_.authority()));
  };
  EXPECT_TRUE(may("")) << "the pack names nobody";
  EXPECT_TRUE(may("org:" + acts_.id(acts_.authority())));
  EXPECT_TRUE(may("org:" + acts_.id(acts_.first())));
  EXPECT_FALSE(may("org:" + acts_.id(acts_.second()))) << "it has not cosigned";
}

TEST_F(ClosingsTest, OnlyTheAuthoritysSealClosesAPeriod) {
  const EventId cut = acts_.cosigned_cut();
  const Event event = make_event(acts_.closing(cut));
  expect_void(closing_act(acts_.append(acts_.first(), event)), "not the authority");
  expect_void(closing_act(acts_.append(acts_.authority(), event, KeyRole::kRegistrar)), "seal");
  EXPECT_EQ(closing_act(acts_.append(acts_.authority(), event)).status, ClosingStatus::kStands);
}

TEST_F(ClosingsTest, APeriodIsNotClosedAtACutBeforeItsEnd) {
  const EventId cut = acts_.propose(acts_.cut("a", "2025-12-30"));
  acts_.cosign(acts_.first(), cut);
  acts_.cosign(acts_.second(), cut);
  expect_void(closing_act(acts_.close(acts_.closing(cut))), "before the period's last day");
}

TEST_F(ClosingsTest, AClosingNamesACutProposedBeforeItInTheSameLog) {
  const EventId cut = acts_.cosigned_cut();
  const EventId closing = acts_.close(acts_.closing(cut));
  // The proposal moves behind the closing.
  for (LoggedEvent& event : acts_.events) {
    if (event.id == cut) {
      event.index = 1000;
    }
  }
  expect_void(closing_act(closing), "not proposed before");
}

TEST_F(ClosingsTest, AClosingWithFiguresThatAreNotThoseOfItsCutIsShownAsSuch) {
  PeriodClosing closing = acts_.closing(acts_.cosigned_cut());
  closing.figures = digest_of("better");
  acts_.close(closing);
  EXPECT_EQ(acts_.folded().closings.at(0).reproduced, false);
  const Closings without = fold_closings(acts_.events, acts_.charter(), {});
  EXPECT_EQ(without.closings.at(0).reproduced, std::nullopt);
}

TEST_F(ClosingsTest, VintagesFollowOneAnotherAndTheFirstIsNeverReplaced) {
  const EventId first = acts_.close(acts_.closing(acts_.cosigned_cut("a")));
  const EventId later = acts_.cosigned_cut("b");
  const EventId again = acts_.close(acts_.closing(later));
  expect_void(closing_act(again), "closed at vintage 1 already");
  const EventId second = acts_.close(acts_.closing(later, 2, first));
  const Closings folded = acts_.folded();
  const auto vintages = folded.vintages(kPack, kYear);
  ASSERT_EQ(vintages.size(), 2U);
  EXPECT_EQ(vintages[0]->act.id, first);
  EXPECT_EQ(vintages[1]->act.id, second);
  EXPECT_EQ(folded.last_in_chain(kPack, kYear)->act.id, second);
  expect_void(closing_act(acts_.close(acts_.closing(later, 3, first))), "vintage 2 already");
}

TEST_F(ClosingsTest, MonthQuarterAndYearAreClosedEachByItself) {
  const EventId cut = acts_.cosigned_cut();
  for (const char* period : {"2025-12", "2025-Q4", "2025"}) {
    PeriodClosing closing = acts_.closing(cut);
    closing.scope.period = period;
    acts_.close(closing);
  }
  const Closings folded = acts_.folded();
  for (const char* period : {"2025-12", "2025-Q4", "2025"}) {
    EXPECT_EQ(folded.vintages(kPack, period).size(), 1U) << period;
  }
  EXPECT_TRUE(folded.vintages(kPack, "2025-11").empty());
}

TEST_F(ClosingsTest, WhatNoWitnessDatedYetWaits) {
  const EventId cut = acts_.cosigned_cut();
  const EventId closing =
      acts_.append(acts_.authority(), make_event(acts_.closing(cut)), KeyRole::kSeal, false);
  EXPECT_EQ(closing_act(closing).status, ClosingStatus::kWaiting);
}

TEST_F(ClosingsTest, AnActInSomebodyElsesLogSaysNothing) {
  const EventId cut = acts_.cosigned_cut();
  const EventId closing = acts_.close(acts_.closing(cut));
  acts_.events.back().member = acts_.id(acts_.first());
  EXPECT_EQ(acts_.find(acts_.folded(), closing), nullptr);
}

TEST_F(ClosingsTest, AParentStandsOnlyOnTopOfAllItsChildrenAtTheSameCut) {
  const EventId cut = acts_.cosigned_cut();
  const EventId one = acts_.approve(acts_.first(), acts_.approval(cut, acts_.college(1)));
  const EventId early =
      acts_.approve(acts_.first(), acts_.approval(cut, acts_.id(acts_.first()), {one}));
  expect_void(approval_act(early), "rests on no approval of " + acts_.college(2));
  const EventId two = acts_.approve(acts_.first(), acts_.approval(cut, acts_.college(2)));
  expect_void(approval_act(early), "rests on no approval of " + acts_.college(2));
  const EventId whole =
      acts_.approve(acts_.first(), acts_.approval(cut, acts_.id(acts_.first()), {one, two}));
  EXPECT_EQ(approval_act(whole).status, ClosingStatus::kStands) << approval_act(whole).reason;

  const EventId other_cut = acts_.cosigned_cut("b");
  const EventId crossed =
      acts_.approve(acts_.first(), acts_.approval(other_cut, acts_.id(acts_.first()), {one, two}));
  expect_void(approval_act(crossed), "at this cut");
}

TEST_F(ClosingsTest, TheChainClimbsFromTheCollegesToTheWholeProgramme) {
  const EventId cut = acts_.cosigned_cut();
  const auto approve = [&](std::size_t member, const std::string& unit,
                           std::vector<EventId> rests_on = {}) {
    return acts_.approve(member, acts_.approval(cut, unit, std::move(rests_on)));
  };
  const EventId one = approve(acts_.first(), acts_.college(1));
  const EventId two = approve(acts_.first(), acts_.college(2));
  const EventId first = approve(acts_.first(), acts_.id(acts_.first()), {one, two});
  const EventId second = approve(acts_.second(), acts_.id(acts_.second()));
  const EventId top = approve(acts_.authority(), acts_.id(acts_.authority()), {first, second});
  const EventId whole = approve(acts_.authority(), "", {top});
  EXPECT_EQ(approval_act(whole).status, ClosingStatus::kStands) << approval_act(whole).reason;
  const Closings folded = acts_.folded();
  EXPECT_EQ(folded.approval(acts_.at(cut), "")->act.id, whole);
  EXPECT_EQ(folded.approval(acts_.at(cut), acts_.id(acts_.firm())), nullptr);

  // The lowest link is taken back: everything on top of it falls, and nothing else.
  acts_.append(acts_.first(), make_event(ApprovalWithdrawal{one, "数据有误"}));
  for (const EventId& id : {one, first, top, whole}) {
    EXPECT_EQ(approval_act(id).status, ClosingStatus::kWithdrawn) << approval_act(id).reason;
  }
  EXPECT_EQ(approval_act(two).status, ClosingStatus::kStands);
  EXPECT_EQ(approval_act(second).status, ClosingStatus::kStands);
  // Approved anew, the chain is climbed again.
  const EventId anew = approve(acts_.first(), acts_.college(1));
  const EventId first_anew = approve(acts_.first(), acts_.id(acts_.first()), {anew, two});
  EXPECT_EQ(approval_act(first_anew).status, ClosingStatus::kStands);
}

TEST_F(ClosingsTest, NobodyApprovesForAnotherOrAtAnotherLevelOrOtherFigures) {
  const EventId cut = acts_.cosigned_cut();
  const FigureApproval right = acts_.approval(cut, acts_.id(acts_.second()));
  expect_void(approval_act(acts_.approve(acts_.first(), right)), "does not speak for the unit");
  FigureApproval level = right;
  level.level = ApprovalLevel::kAccept;
  expect_void(approval_act(acts_.approve(acts_.second(), level)), "level is approve");
  FigureApproval figures = right;
  figures.figures = digest_of("better");
  expect_void(approval_act(acts_.approve(acts_.second(), figures)), "not those computed");
  FigureApproval nowhere = right;
  nowhere.unit = acts_.id(acts_.firm());
  expect_void(approval_act(acts_.approve(acts_.firm(), nowhere)), "has no figures");
  EXPECT_EQ(approval_act(acts_.approve(acts_.second(), right)).status, ClosingStatus::kStands);
}

TEST_F(ClosingsTest, FiguresThatBreakAnAssertionAreApprovedByNobody) {
  const EventId cut = acts_.cosigned_cut();
  acts_.broken = {acts_.id(acts_.second())};
  expect_void(
      approval_act(acts_.approve(acts_.second(), acts_.approval(cut, acts_.id(acts_.second())))),
      "break visits.within.days, an assertion of severity error");
  // Of nobody else is anything the matter.
  EXPECT_EQ(
      approval_act(acts_.approve(acts_.first(), acts_.approval(cut, acts_.college(1)))).status,
      ClosingStatus::kStands);
}

TEST_F(ClosingsTest, OnlyWhoApprovedTakesItBack) {
  const EventId cut = acts_.cosigned_cut();
  const EventId approved =
      acts_.approve(acts_.second(), acts_.approval(cut, acts_.id(acts_.second())));
  const EventId by_another =
      acts_.append(acts_.authority(), make_event(ApprovalWithdrawal{approved, "不同意"}));
  EXPECT_EQ(approval_act(approved).status, ClosingStatus::kStands);
  const Closings folded = acts_.folded();
  ASSERT_EQ(folded.strays.size(), 1U);
  EXPECT_EQ(folded.strays[0].id, by_another);
  expect_void(folded.strays[0], "only who approved");
}

TEST_F(ClosingsTest, WithoutTheFiguresOfItsCutAnApprovalWaits) {
  const EventId cut = acts_.cosigned_cut();
  const EventId approved =
      acts_.approve(acts_.second(), acts_.approval(cut, acts_.id(acts_.second())));
  const Closings folded = fold_closings(acts_.events, acts_.charter(), {});
  EXPECT_EQ(folded.approvals.at(approved).act.status, ClosingStatus::kWaiting);
  EXPECT_TRUE(figures_spoken_of(folded, kPack, kYear).contains(acts_.at(cut)));
}

TEST_F(ClosingsTest, TheLastStatementOfAnInstitutionHolds) {
  const EventId cut = acts_.cosigned_cut();
  const EventId before = acts_.state(acts_.first(), cut);
  const EventId after = acts_.state(acts_.first(), cut);
  const EventId other = acts_.state(acts_.second(), cut);
  for (const JudgedStatement& one : acts_.folded().statements) {
    EXPECT_EQ(one.act.status,
              one.act.id == before ? ClosingStatus::kReplaced : ClosingStatus::kStands);
    EXPECT_EQ(one.reproduced, true);
    EXPECT_TRUE(one.act.id == before || one.act.id == after || one.act.id == other);
  }
}

TEST_F(ClosingsTest, AStatementOfOtherFiguresIsSeenAndCannotBeAccepted) {
  const EventId cut = acts_.cosigned_cut();
  const EventId false_one =
      acts_.append(acts_.first(), make_event(Statement{acts_.scope(cut), digest_of("better")}));
  acts_.decide(false_one, digest_of("better"), StatementVerdict::kAccepted);
  const Closings folded = acts_.folded();
  ASSERT_EQ(folded.statements.size(), 1U);
  EXPECT_EQ(folded.statements[0].reproduced, false);
  EXPECT_EQ(folded.statements[0].decision(), nullptr);
  const EventId returned =
      acts_.decide(false_one, digest_of("computed"), StatementVerdict::kReturned);
  EXPECT_EQ(acts_.folded().statements[0].decision()->act.id, returned);
}

TEST_F(ClosingsTest, OnlyTheAuthorityDecidesAndItsLastDecisionHolds) {
  const EventId cut = acts_.cosigned_cut();
  const EventId statement = acts_.state(acts_.first(), cut);
  const Digest figures = acts_.folded().statements[0].statement.figures;
  acts_.append(acts_.second(), make_event(StatementDecision{statement, figures,
                                                            StatementVerdict::kRejected, "否"}));
  EXPECT_EQ(acts_.folded().statements[0].decision(), nullptr);
  acts_.decide(statement, figures, StatementVerdict::kReturned);
  const EventId last = acts_.decide(statement, figures, StatementVerdict::kAccepted);
  EXPECT_EQ(acts_.folded().statements[0].decision()->act.id, last);
}

}  // namespace
}  // namespace hefu
