// Exhaustive small models that drive the real code: three parties, two competing versions in
// attempt 1 (A and B) and one in attempt 2 (C), declines, and witnessed heads before, between and
// after the two dates, of which either may be the first. Every log up to a length, honest or not,
// is combined with every other two; an observer may hold any such three. They are prefixes of
// longer ones, so checking that one more entry never turns a final verdict back covers every
// interleaving and every order of learning.
//
// Forks. A forking party shows different observers different branches after a common prefix.
// - With honest witnesses only one branch can be dated beyond the common prefix. That no undated
//   entry decides anything ("undated" below) makes any two observers agree then: what the undated
//   branch decides, its dated prefix decides already, and the other branch goes on from there.
// - If witnesses lie too, both branches may be dated. Then two observers hold the same logs of the
//   honest and any two logs of the forking party, so all these together must agree ("forks" below).
//   That needs a rule that tolerates a faulty party.
//
// Of every fifth state the verdicts are compared with those of tests/reference/agreement.h, the
// rules written once more; tests/simulation holds the logs of simulated nodes against the same.

#include <algorithm>
#include <array>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/test_logs.h"
#include "tests/reference/agreement.h"

namespace hefu {
namespace {

using testing_logs::Logs;
using testing_logs::noon;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t kShorter = 1;  // each letter less makes a model some hundred times smaller
#else
constexpr std::size_t kShorter = 0;
#endif

constexpr std::size_t kVersions = 3;
constexpr std::size_t kParties = 3;
constexpr std::array<const char*, kParties> kNames = {"K", "P", "U"};

// The letters a log is written in: sign A, B or C (citing every version signed before in this log),
// sign C without citing, decline A, a head dated before the first date, between both, after both.
enum Letter : int { kSignA, kSignB, kSignC, kUncited, kDeclineA, kEarly, kBetween, kLate };

bool is_head(int letter) {
  return letter >= kEarly;
}

struct Log {
  std::vector<LoggedEvent> events;
  std::vector<WitnessedHead> heads;
  std::vector<int> letters;
  std::vector<reference::AgreementEntry> entries;  // the same for the reference
  std::size_t parent = 0;                          // the same log without its last letter
};

struct Rule {
  std::optional<std::int64_t> quorum;
  std::int64_t faulty = 0;
};

struct Found {
  std::size_t states = 0;       // three logs held together
  std::size_t transitions = 0;  // by one entry more
  std::size_t effective = 0;    // states with a version in effect
  std::size_t dead = 0;         // with a dead version
  std::size_t rivals = 0;       // with two versions in effect
  std::size_t turned_back = 0;  // transitions that change a final verdict
  std::size_t undated = 0;      // that decide something without a dated head
  std::size_t forks = 0;        // pairs of honest logs over which a forking third splits observers
  std::size_t compared = 0;     // states whose verdicts were compared with the reference
  std::size_t differ = 0;       // of these, those of which it says something else
  std::size_t ended = 0;        // states in which every log is known past all dates
  std::size_t stuck = 0;        // of these, those with a version that is open all the same
  std::string first;            // the first violation, for people
};

/// The last days to sign of the two attempts.
struct Dates {
  int first = 7;
  int second = 14;
};

class Model {
 public:
  Model(const Rule& rule, const std::vector<int>& alphabet, std::size_t length, Dates dates = {})
      : rule_(rule), dates_(dates), base_({kNames[0], kNames[1], kNames[2]}) {
    Logs::Terms terms{.parties = {"K", "P", "U"}, .sign_by = dates.first};
    terms.quorum = rule.quorum;
    terms.faulty = rule.faulty;
    versions_[0] = base_.propose("U", terms);
    terms.agreement = versions_[0];
    versions_[1] = base_.propose("P", terms);
    terms.attempt = 2;
    terms.sign_by = dates.second;
    versions_[2] = base_.propose("P", terms);
    for (std::size_t party = 0; party < kParties; ++party) {
      logs_[party] = all_logs(kNames[party], alphabet, length);
    }
  }

  Found check(const std::string& title) {
    const std::size_t count = logs_[0].size();
    seen_.assign(count * (count + 1) * (count + 2) / 6, 0);
    Found found;
    // The rules know no parties by name, so three logs and the same three exchanged are one state;
    // that they are is checked on a sample. A parent comes before its children.
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        for (std::size_t c = 0; c <= b; ++c) {
          visit({a, b, c}, &found);
        }
      }
    }
    for (std::size_t a = 0; a < count; ++a) {
      for (std::size_t b = 0; b <= a; ++b) {
        fork({a, b}, &found);
      }
    }
    std::cout << title << ": " << count << " logs, " << found.states << " states, "
              << found.transitions << " transitions, " << found.effective << " in effect, "
              << found.dead << " dead, " << found.compared << " compared with the reference, "
              << found.forks << " forks that split observers, " << found.stuck << " of "
              << found.ended << " open at the end\n";
    return found;
  }

 private:
  using State = std::array<std::size_t, kParties>;  // sorted, greatest first

  static Verdict at(unsigned packed, std::size_t i) {
    return static_cast<Verdict>((packed >> (2 * i)) & 3U);
  }
  static std::size_t in_effect(unsigned packed) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < kVersions; ++i) {
      count += at(packed, i) == Verdict::kEffective ? 1 : 0;
    }
    return count;
  }

  [[nodiscard]] bool is_late(std::size_t log) const {
    const std::vector<int>& letters = logs_[0][log].letters;
    return std::find(letters.begin(), letters.end(), kLate) != letters.end();
  }

  [[nodiscard]] std::uint8_t& seen(State s) {
    std::sort(s.rbegin(), s.rend());
    return seen_[s[0] * (s[0] + 1) * (s[0] + 2) / 6 + s[1] * (s[1] + 1) / 2 + s[2]];
  }

  void visit(const State& state, Found* found) {
    const unsigned now = verdicts(state);
    seen(state) = static_cast<std::uint8_t>(now);
    if (++found->states % 997 == 0) {
      ASSERT_EQ(now, verdicts({state[2], state[0], state[1]})) << show(state);
    }
    if (has_reference() && found->states % 5 == 0) {
      ++found->compared;
      if (now != reference_verdicts(state)) {
        violated(&found->differ, state, "the reference says something else", found);
      }
    }
    const std::size_t effective = in_effect(now);
    found->effective += effective > 0 ? 1 : 0;
    found->dead += (now & 0x2AU) != 0 ? 1 : 0;
    if (std::all_of(state.begin(), state.end(), [&](std::size_t log) { return is_late(log); })) {
      ++found->ended;
      for (std::size_t i = 0; i < kVersions; ++i) {
        if (at(now, i) == Verdict::kOpen) {
          violated(&found->stuck, state, "everything is known, and a version is open", found);
          break;
        }
      }
    }
    if (effective > 1) {
      violated(&found->rivals, state, "two versions took effect", found);
    }
    for (std::size_t party = 0; party < kParties; ++party) {
      const Log& log = logs_[0][state[party]];
      if (log.letters.empty()) {
        continue;
      }
      ++found->transitions;
      State earlier = state;
      earlier[party] = log.parent;
      const unsigned before = seen(earlier);
      for (std::size_t i = 0; i < kVersions; ++i) {
        if (at(before, i) != Verdict::kOpen && at(before, i) != at(now, i)) {
          violated(&found->turned_back, state, "a final verdict turned back", found);
        }
      }
      if (!is_head(log.letters.back()) && before != now) {
        violated(&found->undated, state, "an undated entry decided", found);
      }
    }
  }

  // All that observers may see who hold these two logs and any branch of a third, forking one.
  void fork(const std::array<std::size_t, 2>& honest, Found* found) {
    unsigned effective = 0;
    unsigned dead = 0;
    for (std::size_t forked = 0; forked < logs_[0].size(); ++forked) {
      const unsigned now = seen({honest[0], honest[1], forked});
      for (std::size_t i = 0; i < kVersions; ++i) {
        effective |= at(now, i) == Verdict::kEffective ? 1U << i : 0U;
        dead |= at(now, i) == Verdict::kDead ? 1U << i : 0U;
      }
    }
    if ((effective & dead) != 0 || (effective & (effective - 1)) != 0) {
      violated(&found->forks, {honest[0], honest[1], 0}, "a fork of the third", nullptr);
    }
  }

  void violated(std::size_t* count, const State& state, const char* what, Found* found) const {
    if ((*count)++ == 0 && found != nullptr && found->first.empty()) {
      found->first = std::string(what) + ": " + show(state);
    }
  }

  // Verdicts of the versions for three logs, in two bits each.
  [[nodiscard]] unsigned verdicts(const State& state) {
    events_.clear();
    heads_.clear();
    for (const LoggedEvent& logged : base_.events) {
      events_.push_back(&logged);
    }
    for (std::size_t party = 0; party < kParties; ++party) {
      const Log& log = logs_[party][state[party]];
      for (const LoggedEvent& logged : log.events) {
        events_.push_back(&logged);
      }
      heads_.insert(heads_.end(), log.heads.begin(), log.heads.end());
    }
    const auto all =
        fold_agreements(std::span<const LoggedEvent* const>(events_), heads_, base_.charter);
    const Agreement& agreement = all.at(versions_[0]);
    unsigned packed = 0;
    for (std::size_t i = 0; i < kVersions; ++i) {
      packed |= static_cast<unsigned>(agreement.version(versions_[i])->verdict) << (2 * i);
    }
    return packed;
  }

  // The reference knows neither rules for faulty parties nor attempts that are to be signed sooner
  // than those before them.
  [[nodiscard]] bool has_reference() const {
    return rule_.faulty == 0 && dates_.first <= dates_.second;
  }
  [[nodiscard]] unsigned reference_verdicts(const State& state) const {
    const std::int64_t first = Moment::end_of(testing_logs::day(dates_.first)).ms;
    const std::int64_t second = Moment::end_of(testing_logs::day(dates_.second)).ms;
    const auto fates = reference::agreement_fates(
        {{1, first}, {1, first}, {2, second}},
        {&logs_[0][state[0]].entries, &logs_[0][state[1]].entries, &logs_[0][state[2]].entries},
        static_cast<std::size_t>(rule_.quorum.value_or(kParties)));
    unsigned packed = 0;
    for (std::size_t i = 0; i < kVersions; ++i) {
      packed |= static_cast<unsigned>(fates[i].kind) << (2 * i);
    }
    return packed;
  }

  std::vector<Log> all_logs(const std::string& party, const std::vector<int>& alphabet,
                            std::size_t length) {
    std::vector<Log> logs = {Log{}};
    for (std::size_t at = 0; at < logs.size() && logs[at].letters.size() < length; ++at) {
      for (const int letter : alphabet) {
        if (is_new(logs[at].letters, letter)) {
          logs.push_back(extend(logs[at], party, letter));
          logs.back().parent = at;
        }
      }
    }
    return logs;
  }

  // Leaves out logs that differ from others in nothing a verdict could see: the same act twice, a
  // head dated before an earlier one (it takes that one's date), or right after one of its date.
  static bool is_new(const std::vector<int>& letters, int letter) {
    if (!is_head(letter)) {
      return std::find(letters.begin(), letters.end(), letter) == letters.end();
    }
    const bool falls =
        std::any_of(letters.begin(), letters.end(), [&](int earlier) { return earlier > letter; });
    return !falls && (letters.empty() || letters.back() != letter);
  }

  Log extend(const Log& log, const std::string& party, int letter) {
    base_.sizes[party] = 3 + log.letters.size();  // after any proposals
    const std::size_t events = base_.events.size();
    const std::size_t heads = base_.heads.size();
    std::vector<EventId> cited;
    for (const LoggedEvent& earlier : log.events) {
      cited.push_back(EventId{*earlier.event.field("version")->digest()});
    }
    switch (letter) {
      case kSignA:
      case kSignB:
        base_.sign(party, versions_[0], versions_[static_cast<std::size_t>(letter)], 1, cited);
        break;
      case kSignC:
        base_.sign(party, versions_[0], versions_[2], 2, cited);
        break;
      case kUncited:
        base_.sign(party, versions_[0], versions_[2], 2);
        break;
      case kDeclineA:
        base_.decline(party, versions_[0], versions_[0]);
        break;
      default:
        base_.witness(party, noon(letter == kEarly ? 3 : letter == kBetween ? 10 : 20));
        break;
    }
    Log longer = log;
    longer.letters.push_back(letter);
    longer.entries.push_back(entry(log, letter));
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

  // The entry that this letter adds to a log.
  static reference::AgreementEntry entry(const Log& log, int letter) {
    using Kind = reference::AgreementEntry::Kind;
    reference::AgreementEntry entry;
    entry.kind = is_head(letter) ? Kind::kHead : letter == kDeclineA ? Kind::kDecline : Kind::kSign;
    entry.index = entry.size = 3 + log.letters.size();
    entry.version = letter == kSignB ? 1 : letter == kSignC || letter == kUncited ? 2 : 0;
    entry.time = noon(letter == kEarly ? 3 : letter == kBetween ? 10 : 20).ms;
    for (const reference::AgreementEntry& earlier : log.entries) {
      if (letter != kUncited && earlier.kind != Kind::kHead) {
        entry.releases.insert(earlier.version);
      }
    }
    return entry;
  }

  [[nodiscard]] std::string show(const State& state) const {
    static const std::array<const char*, 8> kLetters = {"sign A",         "sign B",    "sign C",
                                                        "sign C uncited", "decline A", "head early",
                                                        "head between",   "head late"};
    std::string text;
    for (std::size_t party = 0; party < kParties; ++party) {
      text += std::string(" ") + kNames[party] + ":";
      for (const int letter : logs_[0][state[party]].letters) {
        text += std::string(" ") + kLetters[static_cast<std::size_t>(letter)] + ",";
      }
    }
    return text;
  }

  const Rule rule_;
  const Dates dates_;
  Logs base_;
  std::array<EventId, kVersions> versions_;
  std::array<std::vector<Log>, kParties> logs_;  // the same letters in the same order
  std::vector<std::uint8_t> seen_;               // verdicts by sorted state
  std::vector<const LoggedEvent*> events_;       // of one state, kept for their memory
  std::vector<WitnessedHead> heads_;
};

void expect_safe(const Found& found) {
  EXPECT_EQ(found.rivals, 0U) << found.first;
  EXPECT_EQ(found.turned_back, 0U) << found.first;
  EXPECT_EQ(found.undated, 0U) << found.first;
  EXPECT_EQ(found.differ, 0U) << found.first;
  EXPECT_GT(found.dead, 0U);
}

/// Whoever waits is waited for in vain nowhere: once every log is known past all dates, every
/// version has taken effect or is dead.
void expect_safe_and_live(const Found& found) {
  expect_safe(found);
  EXPECT_EQ(found.stuck, 0U) << found.first;
}

const std::vector<int> kEverything = {kSignA,    kSignB, kSignC,   kUncited,
                                      kDeclineA, kEarly, kBetween, kLate};
const std::vector<int> kRivals = {kSignA, kSignB, kSignC, kEarly, kBetween};
const std::vector<int> kAttempts = {kSignA, kSignC, kDeclineA, kEarly, kBetween};
const std::vector<int> kOneEach = {kSignA, kSignC, kEarly, kBetween};
const std::vector<int> kToTheEnd = {kSignA, kSignC, kDeclineA, kEarly, kBetween, kLate};

// All alphabets, each as long as a minute for all of them allows.
void explore(const Rule& rule, const std::string& title,
             const std::function<void(const Found&)>& expect) {
  expect(Model(rule, kEverything, 2).check(title + ", everything"));
  expect(Model(rule, kRivals, 3 - kShorter).check(title + ", rivals"));
  expect(Model(rule, kAttempts, 3 - kShorter).check(title + ", declines"));
  expect(Model(rule, kOneEach, 5 - 2 * kShorter).check(title + ", two attempts"));
  expect(Model(rule, kToTheEnd, 3 - kShorter).check(title + ", to the end"));
  // The second attempt is to be signed sooner than the first one dies of its date.
  expect(Model(rule, kToTheEnd, 3 - kShorter, {14, 7}).check(title + ", a hurried second"));
}

TEST(AgreementModel, AllOfThreeSigningIsSafeAndEnds) {
  explore({}, "all of three", expect_safe_and_live);
}

TEST(AgreementModel, TwoOfThreeSigningIsSafeAndEnds) {
  explore({.quorum = 2}, "two of three", expect_safe_and_live);
}

TEST(AgreementModel, AFaultyPartyIsToleratedWhereTheRuleSaysSoEvenIfWitnessesLie) {
  explore({.quorum = 3, .faulty = 1}, "all of three, one may fork", [](const Found& found) {
    expect_safe(found);
    EXPECT_EQ(found.forks, 0U);
  });
}

TEST(AgreementModel, WithoutThatMarginLyingWitnessesAndAForkSplitObservers) {
  const Found found = Model({}, kOneEach, 2).check("all of three, no margin");
  EXPECT_GT(found.forks, 0U) << "else the model could not see a fork at all";
}

}  // namespace
}  // namespace hefu
