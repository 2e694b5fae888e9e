// Arrival order, duplicates and partial knowledge: random agreements of three parties, checked for
// what must hold whatever the authors do, honest or not.

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/refusal.h"
#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::Logs;
using testing_logs::noon;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kRounds = 500;
#else
constexpr int kRounds = 3000;
#endif

std::uint64_t seed_of_run() {
  const char* given = std::getenv("HEFU_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

class RandomPlay {
 public:
  explicit RandomPlay(std::mt19937_64& random) : logs({"K", "P", "U"}), random_(random) {
    logs.charter.authority = "K";
    Logs::Terms terms{.parties = {"K", "P", "U"}};
    terms.valid_to = 20;
    vary(&terms);
    first = logs.propose("U", terms);
    versions_.push_back({first, 1, std::nullopt});
    const int acts = pick(6, 24);
    for (int i = 0; i < acts; ++i) {
      act();
    }
  }

  Logs logs;
  EventId first;

 private:
  struct Known {
    EventId id;
    std::int64_t attempt;
    std::optional<EventId> base;
  };

  int pick(int low, int high) {
    return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  std::string party() {
    static const std::vector<std::string> kParties = {"K", "P", "U"};
    return kParties[static_cast<std::size_t>(pick(0, 2))];
  }

  void vary(Logs::Terms* terms) {
    switch (pick(0, 5)) {
      case 0:
      case 1:
        terms->quorum = 2;
        break;
      case 2:
        terms->faulty = 1;
        break;
      case 3:
        terms->required = {"U"};
        break;
      default:
        break;
    }
    if (pick(0, 2) == 0) {
      terms->valid_to = pick(5, 60);
      terms->renewal_months = pick(0, 2);
    }
    if (pick(0, 2) == 0) {
      terms->dispute_days = pick(0, 20);
    }
    if (!declared_.empty() && pick(0, 2) == 0) {
      terms->succession = {declared_.back()};
    }
  }

  EventId some_event() { return logs.events[random_() % logs.events.size()].id; }

  void speak(const std::string& who, const EventId& version) {
    switch (pick(0, 6)) {
      case 0:
        logs.object(who, kDisputeType, first, some_event());
        break;
      case 1:
        logs.object(who, kRepudiationType, first, some_event());
        break;
      case 2:
        logs.object(who, kResponseType, first, some_event());
        break;
      case 3:
        logs.rule(who, first, some_event(), pick(0, 1) == 0 ? "upheld" : "dismissed");
        break;
      case 4:
        logs.refuse_renewal(who, first, version);
        break;
      case 5:
        logs.seen(who, first, version);
        break;
      default:
        declared_.push_back(logs.succeed(who, first, party(), party()));
        break;
    }
  }

  void act() {
    const Known& known =
        versions_[static_cast<std::size_t>(pick(0, static_cast<int>(versions_.size()) - 1))];
    const std::string who = party();
    const int what = pick(0, 21);
    if (what < 9) {
      std::vector<EventId> releases;
      for (const Known& other : versions_) {
        if (pick(0, 9) != 0) {
          releases.push_back(other.id);
        }
      }
      logs.sign(who, first, known.id, known.attempt, releases);
    } else if (what < 10) {
      logs.decline(who, first, known.id);
    } else if (what < 11) {
      logs.terminate(who, first, known.id, pick(10, 80));
    } else if (what < 14) {
      Logs::Terms terms;
      terms.parties = {who, party(), "U"};
      terms.sign_by = pick(4, 30);
      terms.attempt = pick(1, 3);
      vary(&terms);
      terms.agreement = first;
      if (pick(0, 2) == 0) {
        terms.base = known.id;
      }
      versions_.push_back({logs.propose(who, terms), terms.attempt, terms.base});
    } else if (what < 16) {
      speak(who, known.id);
    } else {
      // Clocks mostly go forward; sometimes an author anchors something odd.
      day_ = std::min(40, day_ + pick(0, 2));
      logs.witness(who, noon(pick(0, 9) == 0 ? pick(0, 40) : day_));
    }
  }

  std::mt19937_64& random_;
  std::vector<Known> versions_;
  std::vector<EventId> declared_;
  int day_ = 0;
};

// Everything an observer could read off a fold.
std::string transcript(const Agreement& agreement) {
  std::string text;
  for (const Version& version : agreement.versions) {
    text += version.id.hex() + " " + name(version.verdict);
    text += version.completed ? version.completed->text() : "-";
    for (const Death& death : version.deaths) {
      text += std::string(" ") + name(death.cause) + death.party +
              (death.act ? death.act->hex() : "-") + (death.proved ? death.proved->text() : "-");
    }
    if (version.term) {
      text += " " + version.term->from.text() + name(version.term->cause) +
              (version.term->last ? version.term->last->text() : "-") +
              std::to_string(version.term->renewals) +
              (version.term->renewal ? version.term->renewal->notice_by.text() : "-");
    }
    for (const std::string& party : version.bound) {
      text += " " + party;
    }
    text += version.dead_since ? version.dead_since->text() : "-";
    text += "\n";
  }
  for (const Contest& contest : agreement.contests) {
    text += contest.id.hex() + std::to_string(contest.answers.size()) +
            (contest.ruling ? contest.ruling->id.hex() : "-") + "\n";
  }
  for (const Succession& succession : agreement.successions) {
    text += succession.predecessor + succession.successor + succession.completed.text() + "\n";
  }
  for (const JudgedAct& act : agreement.acts) {
    text += act.id.hex() + act.party + std::to_string(act.index) + name(act.status) +
            (act.reason ? name(*act.reason) : "-") + (act.because ? act.because->hex() : "-") +
            "\n";
  }
  return text;
}

// What a node holds that has this much of each log: the head an anchor states comes with the
// anchor.
Agreement fold_prefix(const Logs& logs, const EventId& id,
                      const std::map<std::string, std::uint64_t>& sizes) {
  std::vector<LoggedEvent> events;
  for (const LoggedEvent& logged : logs.events) {
    if (logged.index < sizes.at(logged.member)) {
      events.push_back(logged);
    }
  }
  std::vector<WitnessedHead> heads;
  for (const WitnessedHead& head : logs.heads) {
    if (head.anchored_at < sizes.at(head.origin.substr(0, 1))) {
      heads.push_back(head);
    }
  }
  const auto all = fold_agreements(std::span<const LoggedEvent>(events), heads, logs.charter);
  const auto found = all.find(id);
  return found == all.end() ? Agreement{} : found->second;
}

TEST(AgreementOrder, AnyArrivalOrderAndAnyDuplicationGiveTheSameVerdicts) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    RandomPlay play(random);
    const std::string expected = transcript(play.logs.fold(play.first));
    for (int shuffle = 0; shuffle < 4; ++shuffle) {
      Logs shuffled = play.logs;
      for (std::size_t i = 0; i < 3; ++i) {
        shuffled.events.push_back(shuffled.events[random() % shuffled.events.size()]);
        if (!shuffled.heads.empty()) {
          shuffled.heads.push_back(shuffled.heads[random() % shuffled.heads.size()]);
        }
      }
      std::shuffle(shuffled.events.begin(), shuffled.events.end(), random);
      std::shuffle(shuffled.heads.begin(), shuffled.heads.end(), random);
      ASSERT_EQ(transcript(shuffled.fold(play.first)), expected) << "round " << round;
    }
  }
}

TEST(AgreementOrder, KnowledgeOnlyGrowsAndOneSuccessorAtMostTakesEffect) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::size_t finals = 0;
  std::size_t effective = 0;
  std::size_t refusals = 0;
  for (int round = 0; round < kRounds; ++round) {
    RandomPlay play(random);
    // One node learns the logs in a random order of pieces; no verdict may ever turn back, and what
    // was void or counted by a log stays so.
    std::map<std::string, std::uint64_t> held = {{"K", 0}, {"P", 0}, {"U", 0}};
    std::map<EventId, Verdict> final_verdicts;
    std::map<EventId, ActReason> voided;
    std::set<EventId> refused;
    for (;;) {
      std::vector<std::string> behind;
      for (const auto& [party, size] : held) {
        if (size < play.logs.sizes[party]) {
          behind.push_back(party);
        }
      }
      if (behind.empty()) {
        break;
      }
      ++held[behind[random() % behind.size()]];
      const Agreement agreement = fold_prefix(play.logs, play.first, held);
      std::set<std::optional<EventId>> bases;
      for (const Version& version : agreement.versions) {
        const auto before = final_verdicts.find(version.id);
        if (before != final_verdicts.end()) {
          ASSERT_EQ(name(before->second), std::string(name(version.verdict))) << "round " << round;
        } else if (version.verdict != Verdict::kOpen) {
          final_verdicts.emplace(version.id, version.verdict);
          ++finals;
        }
        if (version.verdict == Verdict::kEffective) {
          ++effective;
          ASSERT_TRUE(bases.insert(version.base).second)
              << "round " << round << ": two versions of one base took effect";
        }
        ASSERT_EQ(version.deaths.empty(), version.verdict != Verdict::kDead);
        ASSERT_EQ(version.completed.has_value(), version.verdict == Verdict::kEffective);
      }
      for (const JudgedAct& act : agreement.acts) {
        const auto before = voided.find(act.id);
        if (before != voided.end()) {
          ASSERT_EQ(act.status, ActStatus::kVoid)
              << "round " << round << " " << name(before->second);
        } else if (act.status == ActStatus::kVoid && act.kind != ActKind::kTerminate &&
                   act.kind != ActKind::kNonRenewal && act.kind != ActKind::kRespond &&
                   act.kind != ActKind::kResolve) {
          voided.emplace(act.id, *act.reason);
        }
        ASSERT_EQ(act.reason.has_value(), act.status != ActStatus::kCounts);
        if (never_counts(act, agreement)) {
          refused.insert(act.id);
          ++refusals;
        } else {
          ASSERT_TRUE(refused.count(act.id) == 0 || act.status == ActStatus::kVoid)
              << "round " << round << ": a node would have refused it for good, and now "
              << name(act.status);
        }
      }
    }
  }
  EXPECT_GT(finals, kRounds / 2U) << "the plays decide too little to test anything";
  EXPECT_GT(effective, kRounds / 30U);
  EXPECT_GT(refusals, kRounds / 2U);
}

TEST(AgreementOrder, NoTwoObserversReachOppositeFinals) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < kRounds; ++round) {
    RandomPlay play(random);
    std::map<EventId, Verdict> seen;
    for (int observer = 0; observer < 8; ++observer) {
      std::map<std::string, std::uint64_t> held;
      for (const char* party : {"K", "P", "U"}) {
        held[party] = random() % (play.logs.sizes[party] + 1);
      }
      for (const Version& version : fold_prefix(play.logs, play.first, held).versions) {
        if (version.verdict != Verdict::kOpen) {
          const auto known = seen.emplace(version.id, version.verdict);
          ASSERT_EQ(name(known.first->second), std::string(name(version.verdict)))
              << "round " << round;
        }
      }
    }
  }
}

}  // namespace
}  // namespace hefu
