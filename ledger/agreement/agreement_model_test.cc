// Exhaustive small model that drives the real code: two parties, two competing versions in attempt
// 1 (A and B) and two in attempt 2 (C and D), declines, witnessed heads before, between and after
// the two dates. Every log up to a length, honest or not, is paired with every other; an observer
// may hold any pair. A pair of logs is a pair of prefixes of longer ones, so checking that one more
// act never turns a final verdict back covers every interleaving and every order of learning.

#include <array>
#include <iostream>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

constexpr std::size_t kVersions = 4;
constexpr std::array<std::int64_t, kVersions> kAttempts = {1, 1, 2, 2};

// The letters a log is written in: sign A to D (citing every earlier version of this log), sign C
// without citing, decline A, a head dated before the first date, between both, after both.
enum Letter : int {
  kSignA,
  kSignB,
  kSignC,
  kSignD,
  kSignCUncited,
  kDeclineA,
  kEarly,
  kBetween,
  kLate,
  kLetters
};

struct Log {
  std::vector<LoggedEvent> events;
  std::vector<WitnessedHead> heads;
  std::vector<int> letters;
  std::size_t parent = 0;  // the same log without its last letter
};

class Model {
 public:
  explicit Model(const std::vector<int>& alphabet, std::size_t length) : base_({"P", "U"}) {
    const Logs::Terms first{.parties = {"P", "U"}, .sign_by = 7};
    versions_[0] = base_.propose("U", first);
    Logs::Terms terms = first;
    terms.agreement = versions_[0];
    versions_[1] = base_.propose("P", terms);
    terms.attempt = 2;
    terms.sign_by = 14;
    versions_[2] = base_.propose("P", terms);
    versions_[3] = base_.propose("U", terms);
    for (const char* party : {"U", "P"}) {
      std::vector<Log> logs = {Log{}};
      for (std::size_t at = 0; at < logs.size(); ++at) {
        if (logs[at].letters.size() == length) {
          break;
        }
        for (const int letter : alphabet) {
          if (is_new(logs[at].letters, letter)) {
            logs.push_back(extend(logs[at], party, letter));
            logs.back().parent = at;
          }
        }
      }
      (party[0] == 'U' ? u_ : p_) = std::move(logs);
    }
  }

  // Verdicts of the four versions for a pair of logs, in two bits each.
  [[nodiscard]] unsigned verdicts(std::size_t u, std::size_t p) const {
    std::vector<const LoggedEvent*> events;
    for (const auto* source : {&base_.events, &u_[u].events, &p_[p].events}) {
      for (const LoggedEvent& logged : *source) {
        events.push_back(&logged);
      }
    }
    std::vector<WitnessedHead> heads = u_[u].heads;
    heads.insert(heads.end(), p_[p].heads.begin(), p_[p].heads.end());
    const auto all =
        fold_agreements(std::span<const LoggedEvent* const>(events), heads, base_.charter);
    const Agreement& agreement = all.at(versions_[0]);
    unsigned packed = 0;
    for (std::size_t i = 0; i < kVersions; ++i) {
      packed |= static_cast<unsigned>(agreement.version(versions_[i])->verdict) << (2 * i);
    }
    return packed;
  }

  void check() const {
    std::size_t effective = 0;
    std::size_t dead = 0;
    std::vector<std::vector<std::uint8_t>> seen(u_.size(), std::vector<std::uint8_t>(p_.size()));
    for (std::size_t u = 0; u < u_.size(); ++u) {
      // The rules know no parties by name, so a pair of logs and the same pair exchanged are one
      // case; that they are is checked on a sample.
      for (std::size_t p = 0; p <= u; ++p) {
        const unsigned now = verdicts(u, p);
        ASSERT_TRUE((u + p) % 97 != 0 || now == verdicts(p, u)) << show(u, p);
        seen[u][p] = seen[p][u] = static_cast<std::uint8_t>(now);
        int in_effect = 0;
        for (std::size_t i = 0; i < kVersions; ++i) {
          in_effect += at(now, i) == Verdict::kEffective ? 1 : 0;
          dead += at(now, i) == Verdict::kDead ? 1 : 0;
        }
        effective += in_effect > 0 ? 1 : 0;
        ASSERT_LE(in_effect, 1) << "two versions took effect: " << show(u, p);
        // A parent comes before its children in both lists, so it is already known.
        for (const unsigned before :
             {unsigned{seen[u_[u].parent][p]}, unsigned{seen[u][p_[p].parent]}}) {
          for (std::size_t i = 0; i < kVersions; ++i) {
            const bool was_final = at(before, i) != Verdict::kOpen;
            ASSERT_TRUE(!was_final || at(before, i) == at(now, i))
                << "a final verdict turned back: version " << i << " of " << show(u, p);
          }
        }
      }
    }
    EXPECT_GT(effective, 0U);
    EXPECT_GT(dead, effective);
    std::cout << "model: " << u_.size() * (u_.size() + 1) / 2 << " pairs of logs, " << effective
              << " with a version in effect\n";
  }

 private:
  static Verdict at(unsigned packed, std::size_t i) {
    return static_cast<Verdict>((packed >> (2 * i)) & 3U);
  }

  // Leaves out logs that differ from a shorter one in nothing a verdict could see: a head right
  // after a head that is no later.
  static bool is_new(const std::vector<int>& letters, int letter) {
    return letters.empty() || letter < kEarly || letters.back() < kEarly;
  }

  Log extend(const Log& log, const std::string& party, int letter) {
    base_.sizes[party] = 2 + log.letters.size();  // after its two proposals
    const std::size_t events = base_.events.size();
    const std::size_t heads = base_.heads.size();
    std::vector<EventId> cited;
    for (const LoggedEvent& earlier : log.events) {
      cited.push_back(EventId{*earlier.event.field("version")->digest()});
    }
    switch (letter) {
      case kSignA:
      case kSignB:
      case kSignC:
      case kSignD: {
        const auto which = static_cast<std::size_t>(letter);
        base_.sign(party, versions_[0], versions_[which], kAttempts[which], cited);
        break;
      }
      case kSignCUncited:
        base_.sign(party, versions_[0], versions_[2], 2);
        break;
      case kDeclineA:
        base_.decline(party, versions_[0], versions_[0]);
        break;
      case kEarly:
        base_.witness(party, noon(3));
        break;
      case kBetween:
        base_.witness(party, noon(10));
        break;
      default:
        base_.witness(party, noon(20));
        break;
    }
    Log longer = log;
    longer.letters.push_back(letter);
    if (base_.events.size() > events) {
      longer.events.push_back(base_.events.back());
      base_.events.pop_back();
    }
    if (base_.heads.size() > heads) {
      longer.heads.push_back(base_.heads.back());
      base_.heads.pop_back();
    }
    return longer;
  }

  [[nodiscard]] std::string show(std::size_t u, std::size_t p) const {
    static const std::array<const char*, kLetters> kNames = {
        "sign A",    "sign B",     "sign C",       "sign D",   "sign C uncited",
        "decline A", "head early", "head between", "head late"};
    std::string text = "U:";
    for (const int letter : u_[u].letters) {
      text += std::string(" ") + kNames[static_cast<std::size_t>(letter)] + ",";
    }
    text += " P:";
    for (const int letter : p_[p].letters) {
      text += std::string(" ") + kNames[static_cast<std::size_t>(letter)] + ",";
    }
    return text;
  }

  Logs base_;
  std::array<EventId, kVersions> versions_;
  std::vector<Log> u_;
  std::vector<Log> p_;
};

TEST(AgreementModel, EveryPairOfShortLogsOverTheFullAlphabetIsSafe) {
  Model({kSignA, kSignB, kSignC, kSignD, kSignCUncited, kDeclineA, kEarly, kBetween, kLate}, 3)
      .check();
}

TEST(AgreementModel, EveryPairOfLongerLogsOfTwoAttemptsIsSafe) {
  Model({kSignA, kSignB, kSignC, kEarly, kBetween}, 4).check();
}

TEST(AgreementModel, EveryPairOfLongerLogsWithExpiryIsSafe) {
  Model({kSignA, kSignC, kDeclineA, kEarly, kBetween, kLate}, 4).check();
}

}  // namespace
}  // namespace hefu
