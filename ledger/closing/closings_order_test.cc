// Properties over random acts of closing: whatever members sign, and in whatever order it arrives.

#include <algorithm>
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "tests/support/closing_acts.h"

namespace hefu {
namespace {

using testing_closing::Acts;
using testing_closing::digest_of;
using testing_closing::told;

constexpr int kRuns = 40;
constexpr int kSteps = 80;

/// HEFU_SEED repeats a run.
std::uint64_t seed_of_run() {
  const char* given = std::getenv("HEFU_SEED");  // NOLINT(concurrency-mt-unsafe)
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

class RandomActs {
 public:
  explicit RandomActs(std::uint64_t seed) : random(seed) {
    cuts_.push_back(acts.cosigned_cut("first"));
    for (int step = 0; step < kSteps; ++step) {
      act(step);
    }
  }

  std::mt19937_64 random;
  Acts acts;

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }

  template <typename T>
  const T& any(const std::vector<T>& from) {
    return from[below(from.size())];
  }

  void act(int step) {
    switch (below(9)) {
      case 0:
        cuts_.push_back(one_in(3) ? acts.propose(acts.cut(std::to_string(step)))
                                  : acts.cosigned_cut(std::to_string(step)));
        return;
      case 1:
        acts.cosign(below(4), any(cuts_));
        return;
      case 2:
        close();
        return;
      case 3:
      case 4:
      case 5:
      case 6:
        approve();
        return;
      case 7:
        if (!approvals_.empty() && one_in(3)) {
          acts.append(below(4), make_event(ApprovalWithdrawal{any(approvals_), "更正"}));
        }
        return;
      default:
        state();
    }
  }

  void close() {
    std::optional<EventId> previous;
    std::int64_t vintage = 1;
    if (!closings_.empty() && !one_in(4)) {
      previous = one_in(4) ? any(closings_) : closings_.back();
      vintage = static_cast<std::int64_t>(closings_.size()) + (one_in(4) ? 0 : 1);
    }
    closings_.push_back(acts.close(acts.closing(any(cuts_), vintage, previous)));
  }

  /// Of a random unit, resting on whatever was approved of the units below it, or on less.
  void approve() {
    const EventId cut = any(cuts_);
    const FigureTree tree = acts.tree(acts.scope(cut).cut);
    auto node = tree.nodes.begin();
    std::advance(node, static_cast<std::ptrdiff_t>(below(tree.nodes.size())));
    FigureApproval approval = acts.approval(cut, node->first);
    for (const LoggedEvent& event : acts.events) {
      const auto child = read_figure_approval(event.event);
      if (child && child->scope.cut == approval.scope.cut && !child->unit.empty() &&
          tree.nodes.at(child->unit).parent == node->first && !one_in(12)) {
        approval.rests_on.push_back(event.id);
      }
    }
    const std::string& institution = node->second.institution;
    std::size_t signer = acts.authority();
    for (std::size_t i = 0; i < 4; ++i) {
      signer = acts.id(i) == institution ? i : signer;
    }
    approvals_.push_back(acts.approve(one_in(15) ? below(4) : signer, approval));
  }

  void state() {
    const EventId cut = any(cuts_);
    const EventId made = acts.state(one_in(2) ? acts.first() : acts.second(), cut);
    const auto statement = read_statement(acts.events.back().event);
    if (one_in(2)) {
      acts.decide(made, one_in(3) ? digest_of("other") : statement->figures,
                  static_cast<StatementVerdict>(below(3)));
    }
  }

  std::vector<EventId> cuts_;
  std::vector<EventId> closings_;
  std::vector<EventId> approvals_;
};

TEST(Closings, DoNotDependOnTheOrderOrNumberOfWhatArrives) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    RandomActs made(seed + run);
    const std::string before = told(made.acts.folded());
    std::vector<LoggedEvent>& events = made.acts.events;
    const std::size_t count = events.size();
    for (std::size_t i = 0; i < count; i += 3) {
      events.push_back(events[i]);
    }
    std::shuffle(events.begin(), events.end(), made.random);
    ASSERT_EQ(told(made.acts.folded()), before) << "run " << run;
  }
}

/// What a node holds that has fetched each log only up to some place.
std::vector<LoggedEvent> part_of(const std::vector<LoggedEvent>& events, std::mt19937_64& random) {
  std::map<std::string, std::uint64_t> held;
  for (const LoggedEvent& event : events) {
    held[event.origin] = std::max(held[event.origin], event.index + 1);
  }
  for (auto& [origin, size] : held) {
    size = random() % (size + 1);
  }
  std::vector<LoggedEvent> part;
  std::copy_if(events.begin(), events.end(), std::back_inserter(part),
               [&](const LoggedEvent& event) { return event.index < held.at(event.origin); });
  return part;
}

TEST(Closings, NoVintageThatStandsIsTouchedByAnythingThatComesLater) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::size_t compared = 0;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    RandomActs made(seed + run);
    const Closings whole = made.acts.folded();
    for (int i = 0; i < 5; ++i) {
      const auto part = part_of(made.acts.events, made.random);
      const Closings early = fold_closings(part, made.acts.charter(), made.acts.trees());
      for (const JudgedClosing& one : early.closings) {
        const JudgedClosing* later = made.acts.find(whole, one.act.id);
        ASSERT_NE(later, nullptr);
        if (one.act.status == ClosingStatus::kStands || one.act.status == ClosingStatus::kVoid) {
          ASSERT_EQ(later->act.status, one.act.status) << "run " << run << " " << later->act.reason;
          ++compared;
        }
      }
      for (const auto& [id, one] : early.approvals) {
        if (one.act.status == ClosingStatus::kVoid) {
          ASSERT_EQ(whole.approvals.at(id).act.status, ClosingStatus::kVoid) << "run " << run;
        }
      }
    }
  }
  EXPECT_GT(compared, 100U) << "the runs must close something";
}

TEST(Closings, NoParentEverStandsWithoutAllItsChildren) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::size_t parents = 0;
  std::size_t refused = 0;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    RandomActs made(seed + run);
    const auto events = run % 2 == 0 ? made.acts.events : part_of(made.acts.events, made.random);
    const Closings folded = fold_closings(events, made.acts.charter(), made.acts.trees());
    for (const auto& [id, one] : folded.approvals) {
      const auto children = made.acts.tree(one.approval.scope.cut).children(one.approval.unit);
      std::size_t standing = 0;
      for (const std::string& child : children) {
        standing += std::any_of(one.approval.rests_on.begin(), one.approval.rests_on.end(),
                                [&](const EventId& named) {
                                  const auto found = folded.approvals.find(named);
                                  return found != folded.approvals.end() &&
                                         found->second.approval.unit == child &&
                                         found->second.act.status == ClosingStatus::kStands;
                                })
                        ? 1U
                        : 0U;
      }
      if (one.act.status == ClosingStatus::kStands) {
        ASSERT_EQ(standing, children.size()) << "run " << run << " unit " << one.approval.unit;
        parents += children.empty() ? 0U : 1U;
      } else if (standing < children.size()) {
        ++refused;
      }
    }
  }
  EXPECT_GT(parents, 20U) << "some chains must be climbed";
  EXPECT_GT(refused, 50U);
}

}  // namespace
}  // namespace hefu
