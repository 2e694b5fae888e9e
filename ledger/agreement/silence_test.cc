// A party whose log has fallen silent: what the witnesses of that log can prove without it.
#include <algorithm>
#include <array>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::Logs;
using testing_logs::noon;

// U has proposed and signed; K has signed; P was last heard of before the date, and never again.
class Silence : public testing::Test {
 protected:
  void SetUp() override {
    x = logs.propose("U", {.parties = {"K", "P", "U"}, .sign_by = 7});
    logs.sign("U", x, x);
    logs.sign("K", x, x);
    logs.sizes["P"] = 4;
    for (const char* party : {"K", "P", "U"}) {
      logs.witness(party, noon(2));
    }
  }
  [[nodiscard]] Verdict verdict() const { return logs.fold(x).version(x)->verdict; }

  Logs logs{{"K", "P", "U", "Z"}};
  EventId x;
};

TEST_F(Silence, LeavesTheVersionOpenWithoutAProof) {
  logs.witness("U", noon(20));
  logs.witness("K", noon(20));
  EXPECT_EQ(verdict(), Verdict::kOpen);
}

TEST_F(Silence, IsProvedByASignerWhoObservedTheLogAfterTheDate) {
  const EventId observation = logs.observe("U", "P", noon(8), logs.sizes["P"]);
  EXPECT_EQ(verdict(), Verdict::kOpen) << "nobody dated the observation yet";
  logs.witness("U", noon(9));
  const Agreement agreement = logs.fold(x);
  const Version& version = *agreement.version(x);
  ASSERT_EQ(version.verdict, Verdict::kDead);
  ASSERT_EQ(version.deaths.size(), 1U);
  EXPECT_EQ(version.deaths[0].cause, DeathCause::kSilent);
  EXPECT_EQ(version.deaths[0].party, "P");
  EXPECT_EQ(version.deaths[0].act, observation);
  EXPECT_EQ(version.dead_since, Moment::end_of(testing_logs::day(7)))
      << "it was so at the end of the last day, whenever it was shown";
  EXPECT_EQ(version.state_of("P")->reason, ActReason::kTooLate);
}

TEST_F(Silence, IsNotProvedByAnObservationOfBeforeTheDate) {
  logs.observe("U", "P", noon(6), logs.sizes["P"]);
  logs.witness("U", noon(9));
  EXPECT_EQ(verdict(), Verdict::kOpen);
}

TEST_F(Silence, IsProvedByAMemberThatDoesNotSignTheVersion) {
  logs.observe("Z", "P", noon(8), logs.sizes["P"]);
  EXPECT_EQ(verdict(), Verdict::kOpen);
  logs.witness("Z", noon(9));
  EXPECT_EQ(verdict(), Verdict::kDead);
}

TEST_F(Silence, IsNotProvedWhereTheLogReachesFurtherThanWhatIsHeldOfIt) {
  logs.observe("U", "P", noon(8), logs.sizes["P"] + 1);
  logs.witness("U", noon(9));
  EXPECT_EQ(verdict(), Verdict::kOpen) << "the entry not held could be the signature";
}

TEST_F(Silence, IsNotProvedWhereASignatureStandsBelowTheHead) {
  logs.sign("P", x, x);
  logs.observe("U", "P", noon(8), logs.sizes["P"]);
  logs.witness("U", noon(9));
  EXPECT_EQ(verdict(), Verdict::kOpen) << "P may yet show when it was dated";
  logs.witness("P", noon(3));
  EXPECT_EQ(verdict(), Verdict::kEffective);
}

TEST_F(Silence, IsNotProvedWhereAHeldSignatureMayYetBeDated) {
  logs.sign("P", x, x);
  logs.witness("P", noon(2));
  --logs.heads.back().size;  // an anchor made after the signature, of a head before it
  logs.observe("U", "P", noon(8), logs.sizes["P"]);
  logs.witness("U", noon(9));
  EXPECT_EQ(verdict(), Verdict::kOpen) << "all of P's log is held, but not when it was dated";
  logs.witness("P", noon(3));
  EXPECT_EQ(verdict(), Verdict::kEffective);
}

TEST_F(Silence, KillsASignatureThatCameAfterTheObservedHead) {
  logs.observe("U", "P", noon(8), logs.sizes["P"]);
  logs.witness("U", noon(9));
  logs.sign("P", x, x);
  EXPECT_EQ(verdict(), Verdict::kDead);
  logs.witness("P", noon(12));
  EXPECT_EQ(verdict(), Verdict::kDead);
}

TEST_F(Silence, ReleasesTheOthersForAnotherAttempt) {
  logs.observe("U", "P", noon(8), logs.sizes["P"]);
  logs.witness("U", noon(9));
  Logs::Terms terms{.parties = {"K", "U"}, .sign_by = 14, .attempt = 2};
  terms.agreement = x;
  const EventId second = logs.propose("U", terms);
  logs.sign("U", x, second, 2, {x});
  logs.sign("K", x, second, 2, {x});
  logs.witness("U", noon(10));
  logs.witness("K", noon(10));
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(agreement.version(x)->verdict, Verdict::kDead);
  EXPECT_NE(agreement.version(second)->state_of("U")->status, ActStatus::kVoid);
  EXPECT_NE(agreement.version(second)->state_of("K")->status, ActStatus::kVoid);
}

// A second attempt that K and U signed before they knew what became of the first one. P, whose log
// could tell, is gone for good.
class LateRelease : public testing::Test {
 protected:
  void play(int first_by, int second_by, const std::vector<std::string>& second_parties) {
    x = logs.propose("U", {.parties = {"K", "P", "U"}, .sign_by = first_by});
    Logs::Terms terms{.parties = second_parties, .sign_by = second_by, .attempt = 2};
    terms.agreement = x;
    second = logs.propose("U", terms);
    for (const char* party : {"K", "U"}) {
      logs.sign(party, x, x);
    }
    logs.sizes["P"] = 4;
    for (const char* party : {"K", "P", "U"}) {
      logs.witness(party, noon(1));
    }
    for (const char* party : {"K", "U"}) {
      logs.sign(party, x, second, 2, {x});
      logs.witness(party, noon(2));
      logs.witness(party, noon(30));
    }
  }
  [[nodiscard]] Verdict verdict(const EventId& version) const {
    return logs.fold(x).version(version)->verdict;
  }
  // Z, no party to anything here, has witnesses look at P's log.
  void observe(int on) {
    logs.observe("Z", "P", noon(on), logs.sizes["P"]);
    logs.witness("Z", noon(on));
  }

  Logs logs{{"K", "P", "U", "Z"}};
  EventId x, second;
};

TEST_F(LateRelease, WaitsWhileNothingSaysWhatBecameOfTheFirst) {
  play(7, 14, {"K", "P", "U"});
  EXPECT_EQ(verdict(x), Verdict::kOpen);
  EXPECT_EQ(verdict(second), Verdict::kOpen);
}

TEST_F(LateRelease, IsEndedByAnObservationHoweverLateItComes) {
  play(7, 14, {"K", "P", "U"});
  observe(40);
  EXPECT_EQ(verdict(x), Verdict::kDead);
  EXPECT_EQ(verdict(second), Verdict::kDead) << "P did not sign it either";
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(agreement.version(second)->state_of("U")->status, ActStatus::kCounts)
      << "x was dead on day 7, though it was shown on day 40";
}

TEST_F(LateRelease, LetsASecondAttemptTakeEffectThatDoesNotNeedTheOneThatIsGone) {
  const EventId first = logs.propose("U", {.parties = {"K", "U"}, .sign_by = 5});
  for (const char* party : {"K", "U"}) {
    logs.sign(party, first, first);
    logs.witness(party, noon(1));
  }
  // Two amendments: with P, then without.
  Logs::Terms terms{.parties = {"K", "P", "U"}, .sign_by = 7, .agreement = first, .base = first};
  const EventId with = logs.propose("U", terms);
  terms.parties = {"K", "U"};
  terms.sign_by = 14;
  terms.attempt = 2;
  const EventId without = logs.propose("U", terms);
  logs.sizes["P"] = 4;
  logs.witness("P", noon(1));
  for (const char* party : {"K", "U"}) {
    logs.sign(party, first, with);
    logs.sign(party, first, without, 2, {with});
    logs.witness(party, noon(2));
    logs.witness(party, noon(30));
  }
  ASSERT_EQ(logs.fold(first).version(without)->verdict, Verdict::kOpen);
  observe(40);
  const Agreement agreement = logs.fold(first);
  EXPECT_EQ(agreement.version(with)->verdict, Verdict::kDead);
  EXPECT_EQ(agreement.version(without)->verdict, Verdict::kEffective);
  EXPECT_EQ(agreement.version(without)->completed, noon(2));
}

// The second attempt was to be signed sooner than the first one dies of its date.
TEST_F(LateRelease, IsRefusedOnceItIsCertainThatNobodyHadRefusedTheFirstInTime) {
  play(14, 7, {"K", "P", "U"});
  EXPECT_EQ(logs.fold(x).version(second)->state_of("U")->reason, ActReason::kReleaseOpen)
      << "P may have declined on day 3";
  observe(9);
  EXPECT_EQ(logs.fold(x).version(second)->state_of("U")->reason, ActReason::kReleaseUnproven);
  EXPECT_EQ(verdict(second), Verdict::kDead);
  EXPECT_EQ(verdict(x), Verdict::kOpen) << "its own date is not past for the witnesses";
  observe(20);
  EXPECT_EQ(verdict(x), Verdict::kDead);
}

TEST_F(LateRelease, StaysOpenWhereADeclineIsHeldThatMayYetBeDatedInTime) {
  x = logs.propose("U", {.parties = {"K", "P", "U"}, .sign_by = 14});
  Logs::Terms terms{.parties = {"K", "P", "U"}, .sign_by = 7, .attempt = 2};
  terms.agreement = x;
  second = logs.propose("U", terms);
  logs.sizes["P"] = 4;
  logs.witness("P", noon(1));
  logs.decline("P", x, x);
  for (const char* party : {"K", "U"}) {
    logs.sign(party, x, x);
    logs.sign(party, x, second, 2, {x});
    logs.witness(party, noon(2));
    logs.witness(party, noon(30));
  }
  WitnessedHead anchored;  // P's last anchor is held, and stands after the decline
  anchored.origin = "P/hefu/1";
  anchored.size = 5;
  anchored.time = noon(1);
  anchored.anchored_at = logs.sizes["P"]++;
  logs.heads.push_back(anchored);
  observe(9);
  EXPECT_EQ(logs.fold(x).version(second)->state_of("U")->reason, ActReason::kReleaseOpen);
  logs.witness("P", noon(3));
  EXPECT_EQ(logs.fold(x).version(second)->state_of("U")->status, ActStatus::kCounts);
}

// Every log of P over an alphabet, against every continuation of U's in which it observes P's log
// at any size, and K's, whichever of two attempts is to be signed first. What the witnesses'
// promise excludes is left out: a head of P that a quorum dated by the time of the observation and
// that lies beyond it.
class SilenceModel {
 public:
  SilenceModel(std::size_t length, int first_by, int second_by) {
    x_ = base_.propose("U", {.parties = {"K", "P", "U"}, .sign_by = first_by});
    Logs::Terms terms{.parties = {"K", "P", "U"}, .sign_by = second_by, .attempt = 2};
    terms.agreement = x_;
    second_ = base_.propose("U", terms);
    for (const char* party : {"U", "K"}) {
      base_.sign(party, x_, x_);
      if (second_by < first_by) {
        base_.sign(party, x_, second_, 2, {x_});
      }
      base_.witness(party, noon(2));
    }
    base_.sizes["P"] = 1;
    base_.witness("P", noon(2));
    p_ = continuations("P", {kSignX, kSignSecond, kDecline, kLagging, kEarly, kBetween, kLate},
                       length);
    u_ =
        continuations("U", {kObserve2, kObserve3, kObserve4, kSignSecond, kBetween, kLate}, length);
    k_ = continuations("K", {kSignSecond, kBetween, kLate}, 2);
  }

  void check() {
    std::size_t states = 0, dead = 0, effective = 0, turned = 0, unheard = 0;
    std::string first;
    std::vector<unsigned> seen(p_.size() * u_.size() * k_.size(), kImpossible);
    const auto at = [&](std::size_t p, std::size_t u, std::size_t k) -> unsigned& {
      return seen[(p * u_.size() + u) * k_.size() + k];
    };
    for (std::size_t p = 0; p < p_.size(); ++p) {
      for (std::size_t u = 0; u < u_.size(); ++u) {
        for (std::size_t k = 0; k < k_.size(); ++k) {
          if (!possible(p_[p], u_[u])) {
            continue;
          }
          bool by_others = false;
          const unsigned now = verdicts(p_[p], u_[u], k_[k], &by_others);
          at(p, u, k) = now;
          ++states;
          unheard += by_others ? 1 : 0;
          dead += (now & 0xAU) != 0 ? 1 : 0;
          effective += (now & 0x5U) != 0 ? 1 : 0;
          for (const unsigned before :
               {at(p_[p].parent, u, k), at(p, u_[u].parent, k), at(p, u, k_[k].parent)}) {
            if (before != kImpossible && turned_back(before, now) && turned++ == 0) {
              first = show("P", p_[p]) + show("U", u_[u]) + show("K", k_[k]);
            }
          }
        }
      }
    }
    std::cout << p_.size() << " x " << u_.size() << " x " << k_.size() << " logs, " << states
              << " states, " << effective << " in effect, " << dead << " dead, " << unheard
              << " by what others observed\n";
    EXPECT_EQ(turned, 0U) << "a final verdict turned back:" << first;
    EXPECT_GT(unheard, 0U);
    EXPECT_GT(effective, 0U);
  }

 private:
  enum Letter : int {
    kSignX,
    kSignSecond,
    kDecline,
    kObserve2,  // P's log up to two entries, on day 9; and so on
    kObserve3,
    kObserve4,
    kLagging,  // an anchor of a head that leaves out the last entry; as early as the next one
    kEarly,
    kBetween,
    kLate
  };
  static constexpr unsigned kImpossible = 0xFFU;

  struct Log {
    std::vector<LoggedEvent> events;
    std::vector<WitnessedHead> heads;
    std::vector<Logs::Observation> observations;
    std::vector<int> letters;
    std::uint64_t size = 0;
    std::size_t parent = 0;
  };

  static bool possible(const Log& p, const Log& u) {
    return std::all_of(u.observations.begin(), u.observations.end(), [&](const auto& made) {
      return std::all_of(p.heads.begin(), p.heads.end(), [&](const WitnessedHead& head) {
        return head.size <= made.head.size || made.head.time < head.time;
      });
    });
  }

  static bool turned_back(unsigned before, unsigned now) {
    for (unsigned shift = 0; shift < 4; shift += 2) {
      const unsigned was = (before >> shift) & 3U;
      if (was != static_cast<unsigned>(Verdict::kOpen) && was != ((now >> shift) & 3U)) {
        return true;
      }
    }
    return false;
  }

  std::vector<Log> continuations(const std::string& party, const std::vector<int>& alphabet,
                                 std::size_t length) {
    Log empty;
    empty.size = base_.sizes[party];
    std::vector<Log> logs = {empty};
    for (std::size_t at = 0; at < logs.size() && logs[at].letters.size() < length; ++at) {
      for (const int letter : alphabet) {
        const auto& held = logs[at].letters;
        const bool again = std::find(held.begin(), held.end(), letter) != held.end();
        const bool falls = letter >= kLagging && std::any_of(held.begin(), held.end(),
                                                             [&](int one) { return one > letter; });
        if (!again && !falls) {
          logs.push_back(extend(logs[at], party, letter));
          logs.back().parent = at;
        }
      }
    }
    return logs;
  }

  Log extend(const Log& log, const std::string& party, int letter) {
    Log longer = log;
    longer.letters.push_back(letter);
    base_.sizes[party] = log.size;
    Logs work = base_;
    const std::size_t events = work.events.size();
    const std::size_t heads = work.heads.size();
    const bool signed_x = party != "P" || std::find(log.letters.begin(), log.letters.end(),
                                                    kSignX) != log.letters.end();
    switch (letter) {
      case kSignX:
        work.sign(party, x_, x_);
        break;
      case kSignSecond:
        work.sign(party, x_, second_, 2, signed_x ? std::vector{x_} : std::vector<EventId>{});
        break;
      case kDecline:
        work.decline(party, x_, x_);
        break;
      case kObserve2:
      case kObserve3:
      case kObserve4:
        work.observe(party, "P", noon(9), static_cast<std::uint64_t>(letter - kObserve2) + 2);
        longer.observations.push_back(work.observations.back());
        break;
      case kLagging:
        work.witness(party, noon(3));
        --work.heads.back().size;
        break;
      default:
        work.witness(party, noon(letter == kEarly ? 3 : letter == kBetween ? 10 : 20));
        break;
    }
    base_.made_ = work.made_;
    longer.size = work.sizes[party];
    longer.events.insert(longer.events.end(), work.events.begin() + static_cast<long>(events),
                         work.events.end());
    longer.heads.insert(longer.heads.end(), work.heads.begin() + static_cast<long>(heads),
                        work.heads.end());
    return longer;
  }

  // `by_others`: a version is dead by nothing but what others observed of P's log.
  unsigned verdicts(const Log& p, const Log& u, const Log& k, bool* by_others) const {
    std::vector<const LoggedEvent*> events;
    std::vector<WitnessedHead> heads = base_.heads;
    for (const LoggedEvent& logged : base_.events) {
      events.push_back(&logged);
    }
    for (const Log* log : {&p, &u, &k}) {
      for (const LoggedEvent& logged : log->events) {
        events.push_back(&logged);
      }
      heads.insert(heads.end(), log->heads.begin(), log->heads.end());
    }
    const auto all = fold_agreements(std::span<const LoggedEvent* const>(events), heads,
                                     base_.charter, Logs::dated(u.observations, heads));
    const Agreement& agreement = all.at(x_);
    unsigned packed = 0;
    unsigned shift = 0;
    for (const EventId& id : {x_, second_}) {
      const Version& version = *agreement.version(id);
      packed |= static_cast<unsigned>(version.verdict) << shift;
      shift += 2;
      const bool spoke = std::any_of(p.letters.begin(), p.letters.end(),
                                     [](int letter) { return letter >= kBetween; });
      *by_others |=
          version.verdict == Verdict::kDead &&
          std::all_of(version.deaths.begin(), version.deaths.end(), [&](const Death& one) {
            return one.cause == DeathCause::kSilent ||
                   (one.cause == DeathCause::kReleaseUnproven && !spoke);
          });
    }
    return packed;
  }

  static std::string show(const std::string& party, const Log& log) {
    static const std::array<const char*, 10> kNames = {
        "sign x",    "sign second",  "decline x",  "observe 2",    "observe 3",
        "observe 4", "lagging head", "head early", "head between", "head late"};
    std::string text = " " + party + ":";
    for (const int letter : log.letters) {
      text += std::string(" ") + kNames[static_cast<std::size_t>(letter)] + ",";
    }
    return text;
  }

  Logs base_{{"K", "P", "U"}};
  EventId x_, second_;
  std::vector<Log> p_, u_, k_;
};

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kLength = 2;
#else
constexpr std::size_t kLength = 3;
#endif

TEST(SilenceModel, NoFinalVerdictTurnsBack) {
  SilenceModel(kLength, 7, 14).check();
}

TEST(SilenceModel, NoneDoesWhereTheSecondAttemptIsToBeSignedSooner) {
  SilenceModel(kLength, 14, 7).check();
}

}  // namespace
}  // namespace hefu
