#include "ledger/agreement/agreement.h"

#include <gtest/gtest.h>

#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

// U is the university, K the park, P the enterprise. The last day to sign is day 7.
class TwoParties : public testing::Test {
 protected:
  TwoParties() : logs({"P", "U"}) { x = logs.propose("U", {.parties = {"U", "P"}}); }

  [[nodiscard]] Agreement fold() const { return logs.fold(x); }
  [[nodiscard]] Verdict verdict(const EventId& version) const {
    const Agreement agreement = fold();
    return agreement.version(version)->verdict;
  }
  void expect_void(const EventId& act, ActReason reason) const {
    const Agreement agreement = fold();
    const JudgedAct* judged = Logs::find(agreement, act);
    ASSERT_NE(judged, nullptr);
    EXPECT_EQ(name(judged->status), std::string("void"));
    ASSERT_TRUE(judged->reason.has_value());
    EXPECT_EQ(name(*judged->reason), std::string(name(reason)));
  }
  void expect_waiting(const EventId& act, ActReason reason) const {
    const Agreement agreement = fold();
    const JudgedAct* judged = Logs::find(agreement, act);
    ASSERT_NE(judged, nullptr);
    EXPECT_EQ(name(judged->status), std::string("waiting"));
    ASSERT_TRUE(judged->reason.has_value());
    EXPECT_EQ(name(*judged->reason), std::string(name(reason)));
  }

  Logs logs;
  EventId x;
};

TEST_F(TwoParties, AProposalAloneIsOpenAndNamesWhoIsMissing) {
  const Agreement agreement = fold();
  const Version* version = agreement.version(x);
  ASSERT_NE(version, nullptr);
  EXPECT_EQ(version->verdict, Verdict::kOpen);
  EXPECT_EQ(version->signers, (std::vector<std::string>{"P", "U"}));
  EXPECT_FALSE(version->state_of("P")->signed_);
  EXPECT_FALSE(version->state_of("U")->signed_) << "to propose is not to sign";
}

TEST_F(TwoParties, TakesEffectWithTheLatestWitnessTimeOfTheSignatures) {
  logs.sign("U", x, x);
  logs.witness("U", noon(1));
  logs.sign("P", x, x);
  EXPECT_EQ(verdict(x), Verdict::kOpen);
  logs.witness("P", noon(5));
  logs.witness("U", noon(6));
  const Agreement agreement = fold();
  EXPECT_EQ(agreement.version(x)->verdict, Verdict::kEffective);
  EXPECT_EQ(agreement.version(x)->completed, noon(5));
}

TEST_F(TwoParties, ASignatureNoWitnessSawDoesNotCountYet) {
  const EventId signature = logs.sign("U", x, x);
  expect_waiting(signature, ActReason::kNotWitnessed);
}

TEST_F(TwoParties, ASignatureWitnessedInTheLastMillisecondOfTheLastDayCounts) {
  logs.sign("U", x, x);
  logs.witness("U", noon(1));
  logs.sign("P", x, x);
  logs.witness("P", Moment::end_of(day(7)));
  EXPECT_EQ(verdict(x), Verdict::kEffective);
}

TEST_F(TwoParties, ASignatureWitnessedOneMillisecondLaterIsVoidAndTheVersionDead) {
  logs.sign("U", x, x);
  logs.witness("U", noon(1));
  const EventId late = logs.sign("P", x, x);
  logs.witness("P", Moment{Moment::end_of(day(7)).ms + 1});
  expect_void(late, ActReason::kTooLate);
  const Agreement agreement = fold();
  EXPECT_EQ(agreement.version(x)->verdict, Verdict::kDead);
  const Death& death = agreement.version(x)->deaths.front();
  EXPECT_EQ(death.cause, DeathCause::kExpired);
  EXPECT_EQ(death.party, "P");
  EXPECT_EQ(death.head->size, 1U);
}

TEST_F(TwoParties, AHeadAfterTheLastDayProvesExpiryOfASilentParty) {
  logs.sign("U", x, x);
  logs.witness("U", noon(1));
  logs.witness("P", noon(6));
  EXPECT_EQ(verdict(x), Verdict::kOpen);
  logs.witness("P", noon(8));
  EXPECT_EQ(verdict(x), Verdict::kDead);
}

TEST_F(TwoParties, ADatedAnchorCannotBeOutdatedByAnEarlierHeadAnchoredLater) {
  logs.sign("P", x, x);
  logs.witness("P", noon(8));
  ASSERT_EQ(verdict(x), Verdict::kDead);
  WitnessedHead backdated{"P/hefu/1", 1, noon(2), 40};
  logs.heads.push_back(backdated);
  EXPECT_EQ(verdict(x), Verdict::kDead);
}

TEST_F(TwoParties, DeclineKillsAndTheProofIsTheAct) {
  logs.sign("U", x, x);
  const EventId no = logs.decline("P", x, x);
  EXPECT_EQ(verdict(x), Verdict::kOpen) << "P could still show others a log without it";
  logs.witness("P", noon(1));
  const Agreement agreement = fold();
  EXPECT_EQ(agreement.version(x)->verdict, Verdict::kDead);
  EXPECT_EQ(agreement.version(x)->deaths.front().cause, DeathCause::kDeclined);
  EXPECT_EQ(agreement.version(x)->deaths.front().act, no);
}

TEST_F(TwoParties, RuleFourThereIsNoWithdrawalAfterOnesOwnSignature) {
  logs.sign("U", x, x);
  const EventId withdrawal = logs.decline("U", x, x);
  logs.witness("U", noon(1));
  expect_void(withdrawal, ActReason::kBound);
  logs.sign("P", x, x);
  logs.witness("P", noon(2));
  EXPECT_EQ(verdict(x), Verdict::kEffective);
}

TEST_F(TwoParties, SigningWhatOneDeclinedIsVoid) {
  logs.decline("P", x, x);
  expect_void(logs.sign("P", x, x), ActReason::kDeclined);
}

TEST_F(TwoParties, RuleOneTheSecondSignatureInASlotIsVoidAndNamesTheFirst) {
  const EventId y = logs.propose("P", {.parties = {"U", "P"}, .agreement = x});
  logs.sign("U", x, x);
  const EventId second = logs.sign("U", x, y);
  expect_void(second, ActReason::kSecondPromise);
  logs.witness("U", noon(1));
  const Agreement agreement = fold();
  EXPECT_EQ(Logs::find(agreement, second)->because, x);
  EXPECT_EQ(agreement.version(y)->verdict, Verdict::kDead);
  EXPECT_EQ(agreement.version(y)->deaths.front().cause, DeathCause::kPromisedOther);
}

TEST_F(TwoParties, RuleOneIsDecidedByLogPositionNotByArrival) {
  const EventId y = logs.propose("P", {.parties = {"U", "P"}, .agreement = x});
  logs.sign("U", x, x);
  logs.sign("U", x, y);
  logs.witness("U", noon(1));
  std::reverse(logs.events.begin(), logs.events.end());
  EXPECT_EQ(verdict(y), Verdict::kDead);
  EXPECT_EQ(verdict(x), Verdict::kOpen);
}

TEST_F(TwoParties, RaceOneBothAmendAtOnceKillsBothAndReleasesBoth) {
  const EventId y = logs.propose("P", {.parties = {"U", "P"}, .agreement = x});
  logs.sign("U", x, x);
  logs.sign("P", x, y);
  logs.witness("U", noon(1));
  logs.witness("P", noon(1));
  EXPECT_EQ(verdict(x), Verdict::kDead);
  EXPECT_EQ(verdict(y), Verdict::kDead);
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, z, 2, {x});
  logs.sign("P", x, z, 2, {y});
  logs.witness("U", noon(2));
  logs.witness("P", noon(3));
  EXPECT_EQ(verdict(z), Verdict::kEffective) << "no waiting for any deadline";
}

TEST_F(TwoParties, RuleTwoAnAttemptBelowOneAlreadySignedIsVoid) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, z, 2);
  expect_void(logs.sign("U", x, x), ActReason::kAttemptWentDown);
  logs.witness("U", noon(1));
  EXPECT_EQ(verdict(x), Verdict::kDead);
}

TEST_F(TwoParties, RuleThreeAReleaseMustBeCited) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, x);
  logs.decline("P", x, x);
  logs.witness("P", noon(1));
  expect_void(logs.sign("U", x, z, 2), ActReason::kReleaseMissing);
  const EventId cited = logs.sign("U", x, z, 2, {x});
  logs.witness("U", noon(2));
  EXPECT_EQ(Logs::find(fold(), cited)->status, ActStatus::kCounts)
      << "a void signature is no promise; the party may sign again, with the citation";
}

TEST_F(TwoParties, RuleThreeAReleaseWaitsForTheProof) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, x);
  const EventId early = logs.sign("U", x, z, 2, {x});
  logs.witness("U", noon(1));
  logs.sign("P", x, z, 2);
  logs.witness("P", noon(2));
  // P's own signature of attempt 2 excludes x for ever, and that is the proof.
  EXPECT_EQ(verdict(x), Verdict::kDead);
  EXPECT_EQ(verdict(z), Verdict::kEffective);
  logs.heads.pop_back();
  expect_waiting(early, ActReason::kReleaseOpen);
  EXPECT_EQ(verdict(z), Verdict::kOpen) << "the proof itself must be dated by witnesses";
}

TEST_F(TwoParties, RuleThreeASignatureOverALivingVersionIsVoid) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, x);
  const EventId greedy = logs.sign("U", x, z, 2, {x});
  logs.witness("U", noon(1));
  logs.sign("P", x, x);
  logs.witness("P", noon(2));
  EXPECT_EQ(verdict(x), Verdict::kEffective);
  EXPECT_EQ(verdict(z), Verdict::kDead);
  expect_void(greedy, ActReason::kReleaseLives);
  EXPECT_EQ(Logs::find(fold(), greedy)->because, x);
}

TEST_F(TwoParties, RuleThreeAProofAfterTheLastDayToSignIsNoRelease) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 6, .attempt = 2, .agreement = x});
  logs.sign("U", x, x);
  const EventId signature = logs.sign("U", x, z, 2, {x});
  logs.witness("U", noon(1));
  logs.witness("U", noon(9));
  expect_waiting(signature, ActReason::kReleaseOpen);
  logs.witness("P", noon(9));  // x dies of expiry on day 7, a day after z could be signed
  expect_void(signature, ActReason::kReleaseUnproven);
  EXPECT_EQ(verdict(z), Verdict::kDead);
}

TEST_F(TwoParties, ASignatureAfterOneOfAnUnknownVersionWaits) {
  const EventId unknown{sha256(as_bytes("held elsewhere"))};
  logs.sign("P", x, unknown);
  const EventId signature = logs.sign("P", x, x);
  logs.witness("P", noon(1));
  logs.sign("U", x, x);
  logs.witness("U", noon(1));
  expect_waiting(signature, ActReason::kVersionUnknown);
  logs.witness("P", noon(8));
  EXPECT_EQ(verdict(x), Verdict::kOpen) << "it may turn out to count, so expiry is not proved";
}

TEST_F(TwoParties, OnlyTheOwnLogCounts) {
  LoggedEvent& forged = logs.append("P", [&] {
    Event event = Logs::act(kSignatureType, x);
    event.issuer = "U";
    event.fields["version"] = Value{x.digest};
    event.fields["attempt"] = Value{std::int64_t{1}};
    return event;
  }());
  expect_void(forged.id, ActReason::kForeignLog);
}

TEST_F(TwoParties, ARegistrarDoesNotBindAnInstitutionThatHasASeal) {
  logs.sign("U", x, x);
  logs.events.back().role = KeyRole::kRegistrar;
  expect_void(logs.events.back().id, ActReason::kNotAuthorised);
  logs.charter.members[1].keys.clear();
  logs.charter.members[1].keys.emplace(KeyRole::kRegistrar, PublicKey{});
  logs.witness("U", noon(1));
  EXPECT_EQ(Logs::find(fold(), logs.events.back().id)->status, ActStatus::kCounts);
}

TEST_F(TwoParties, AnAuditorMayNotSignAtAll) {
  logs.sign("U", x, x);
  logs.events.back().role = KeyRole::kAuditor;
  expect_void(logs.events.back().id, ActReason::kNotAuthorised);
}

TEST_F(TwoParties, MalformedActsAreVoid) {
  Event no_version = Logs::act(kSignatureType, x);
  no_version.fields["attempt"] = Value{std::int64_t{1}};
  expect_void(logs.append("U", no_version).id, ActReason::kMalformed);

  Event no_attempt = Logs::act(kSignatureType, x);
  no_attempt.fields["version"] = Value{x.digest};
  expect_void(logs.append("U", no_attempt).id, ActReason::kMalformed);

  Event bad_releases = Logs::act(kSignatureType, x);
  bad_releases.fields["version"] = Value{x.digest};
  bad_releases.fields["attempt"] = Value{std::int64_t{1}};
  bad_releases.fields["releases"] = Value{Value::List{Value{std::string("x")}}};
  expect_void(logs.append("U", bad_releases).id, ActReason::kMalformed);

  Event no_date = Logs::act(kTerminationType, x);
  no_date.fields["version"] = Value{x.digest};
  expect_void(logs.append("U", no_date).id, ActReason::kMalformed);

  expect_void(logs.sign("U", x, x, 2), ActReason::kAttemptMismatch);
  expect_void(logs.propose("U", {.parties = {"U", "P"}, .attempt = 0, .agreement = x}),
              ActReason::kMalformed);
  expect_void(logs.propose("U", {.parties = {"U"}, .agreement = x, .notice_days = -1}),
              ActReason::kMalformed);
}

TEST_F(TwoParties, AnOutsiderNeitherSignsNorProposes) {
  Logs with_outsider({"M", "P", "U"});
  const EventId id = with_outsider.propose("U", {.parties = {"U", "P"}});
  const EventId signature = with_outsider.sign("M", id, id);
  const EventId proposal = with_outsider.propose("M", {.parties = {"U", "P"}, .agreement = id});
  const Agreement agreement = with_outsider.fold(id);
  EXPECT_EQ(Logs::find(agreement, signature)->reason, ActReason::kNotAParty);
  EXPECT_EQ(Logs::find(agreement, proposal)->reason, ActReason::kNotAParty);
  EXPECT_EQ(agreement.version(proposal), nullptr);
}

TEST_F(TwoParties, ARivalProposalCannotTakeEffectWithoutThePartiesOfTheFirst) {
  Logs with_outsider({"M", "N", "P", "U"});
  const EventId id = with_outsider.propose("U", {.parties = {"U", "P"}});
  const EventId hijack = with_outsider.propose("M", {.parties = {"M", "N"}, .agreement = id});
  with_outsider.sign("M", id, hijack);
  with_outsider.sign("N", id, hijack);
  with_outsider.witness("M", noon(1));
  with_outsider.witness("N", noon(1));
  const Agreement agreement = with_outsider.fold(id);
  EXPECT_EQ(agreement.version(hijack)->verdict, Verdict::kOpen);
  EXPECT_EQ(agreement.version(hijack)->signers, (std::vector<std::string>{"M", "N", "P", "U"}));
}

TEST_F(TwoParties, AProposalIsNeverCorrected) {
  const EventId y = logs.propose("U", {.parties = {"U", "P"}, .agreement = x});
  logs.events.back().event.supersedes = x;
  expect_void(y, ActReason::kCorrection);
  expect_void(logs.sign("U", x, y), ActReason::kVersionVoid);
}

TEST_F(TwoParties, TheSameSignatureAgainIsHarmless) {
  const EventId first = logs.sign("U", x, x);
  const EventId again = logs.sign("U", x, x);
  logs.witness("U", noon(1));
  expect_void(again, ActReason::kRepeated);
  EXPECT_EQ(Logs::find(fold(), first)->status, ActStatus::kCounts);
}

TEST_F(TwoParties, AVersionOfAnotherAgreementIsVoidHere) {
  const EventId other = logs.propose("U", {.parties = {"U", "P"}});
  expect_void(logs.sign("U", x, other), ActReason::kOtherAgreement);
  expect_void(logs.propose("U", {.parties = {"U", "P"}, .agreement = x, .base = other}),
              ActReason::kOtherAgreement);
}

TEST_F(TwoParties, ASuccessorNeedsItsBaseAndThePartiesOfItsBase) {
  Logs three({"K", "P", "U"});
  const EventId first = three.propose("U", {.parties = {"U", "P"}});
  const EventId next =
      three.propose("U", {.parties = {"U", "K"}, .sign_by = 20, .agreement = first, .base = first});
  for (const char* party : {"U", "K", "P"}) {
    three.sign(party, first, next);
    three.witness(party, noon(2));
  }
  EXPECT_EQ(three.fold(first).version(next)->verdict, Verdict::kOpen) << "its base is open";
  three.sign("U", first, first);
  three.sign("P", first, first);
  three.witness("U", noon(3));
  three.witness("P", noon(4));
  const Agreement agreement = three.fold(first);
  EXPECT_EQ(agreement.version(next)->verdict, Verdict::kEffective);
  EXPECT_EQ(agreement.version(next)->signers, (std::vector<std::string>{"K", "P", "U"}));
  EXPECT_EQ(agreement.version(next)->completed, noon(4)) << "not before what it replaces";
  EXPECT_EQ(agreement.last_effective()->id, next);
}

TEST_F(TwoParties, ASuccessorOfADeadVersionIsDead) {
  logs.decline("P", x, x);
  logs.witness("P", noon(1));
  const EventId next = logs.propose("U", {.parties = {"U", "P"}, .agreement = x, .base = x});
  const Agreement agreement = fold();
  EXPECT_EQ(agreement.version(next)->verdict, Verdict::kDead);
  EXPECT_EQ(agreement.version(next)->deaths.front().cause, DeathCause::kBaseDead);
}

TEST_F(TwoParties, AVersionWhoseBaseIsNotHeldIsNotJudged) {
  const EventId missing{sha256(as_bytes("missing"))};
  const EventId next = logs.propose("U", {.parties = {"U", "P"}, .agreement = x, .base = missing});
  expect_waiting(next, ActReason::kVersionUnknown);
  expect_waiting(logs.sign("P", x, next), ActReason::kVersionUnknown);
  EXPECT_EQ(fold().version(next), nullptr);
}

TEST_F(TwoParties, AnAgreementWithoutItsFirstProposalIsNotListed) {
  logs.sign("U", x, x);
  logs.events.erase(logs.events.begin());
  EXPECT_TRUE(
      fold_agreements(std::span<const LoggedEvent>(logs.events), logs.heads, logs.charter).empty());
}

TEST_F(TwoParties, UnitsOfAnInstitutionAreSignedForByTheInstitution) {
  const EventId y = logs.propose("U", {.parties = {"U/chemistry", "U/physics", "P"}});
  EXPECT_EQ(logs.fold(y).version(y)->signers, (std::vector<std::string>{"P", "U"}));
}

TEST(Agreement, RaceTwoWithdrawalAgainstTheLastSignatureEndsInEffect) {
  Logs logs({"P", "U"});
  const EventId x = logs.propose("U", {.parties = {"U", "P"}});
  logs.sign("U", x, x);
  logs.witness("U", noon(1));
  logs.decline("U", x, x);
  logs.sign("P", x, x);
  logs.witness("P", noon(2));
  logs.witness("U", noon(2));
  EXPECT_EQ(logs.fold(x).version(x)->verdict, Verdict::kEffective);
}

TEST(Agreement, RaceThreeTheLastSignatureWhileCutOffIsDeadForEverybody) {
  Logs logs({"P", "U"});
  const EventId x = logs.propose("U", {.parties = {"U", "P"}});
  logs.sign("U", x, x);
  logs.witness("U", noon(1));
  logs.sign("P", x, x);        // day 6, no line
  logs.witness("P", noon(9));  // the line is back two days late
  EXPECT_EQ(logs.fold(x).version(x)->verdict, Verdict::kDead);
}

TEST(Agreement, RaceFourANodeWithoutNewsSaysOpenNeverExpired) {
  Logs logs({"P", "U"});
  const EventId x = logs.propose("U", {.parties = {"U", "P"}});
  logs.sign("U", x, x);
  logs.witness("U", noon(1));
  logs.witness("U", noon(30));
  EXPECT_EQ(logs.fold(x).version(x)->verdict, Verdict::kOpen);
}

// The story of the handbook: day 0 to day 12, with E's log segment carried on a stick.
class Partition : public testing::Test {
 protected:
  Partition() : logs({"E", "K", "U"}) {
    x = logs.propose("U", {.parties = {"E", "K", "U"}, .sign_by = 10});
    logs.sign("U", x, x);
    logs.witness("U", noon(0));
    logs.sign("K", x, x);  // day 2
    logs.witness("K", noon(2));
  }

  [[nodiscard]] Verdict verdict_without(const std::string& party) const {
    Logs partial = logs;
    std::erase_if(partial.events, [&](const auto& logged) { return logged.member == party; });
    std::erase_if(partial.heads,
                  [&](const auto& head) { return head.origin == party + "/hefu/1"; });
    return partial.fold(x).version(x)->verdict;
  }

  Logs logs;
  EventId x;
};

TEST_F(Partition, TheStickWitnessedOnDayNineMakesItEffectiveSinceDayNine) {
  logs.sign("E", x, x);  // day 4, offline
  const EventId variant =
      logs.propose("U", {.parties = {"E", "K", "U"}, .sign_by = 10, .agreement = x});
  logs.witness("E", noon(9));
  logs.witness("U", noon(11));
  EXPECT_EQ(verdict_without("E"), Verdict::kOpen) << "U on day 11: date passed, proof outstanding";
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(agreement.version(x)->verdict, Verdict::kEffective);
  EXPECT_EQ(agreement.version(x)->completed, noon(9));
  EXPECT_EQ(agreement.version(variant)->verdict, Verdict::kDead) << "U promised x in this slot";
}

TEST_F(Partition, TheStickWitnessedOnDayElevenLeavesAllAtDead) {
  logs.sign("E", x, x);
  EXPECT_EQ(verdict_without("E"), Verdict::kOpen);
  logs.witness("E", noon(11));
  EXPECT_EQ(verdict_without("E"), Verdict::kOpen);
  EXPECT_EQ(logs.fold(x).version(x)->verdict, Verdict::kDead);
}

}  // namespace
}  // namespace hefu
