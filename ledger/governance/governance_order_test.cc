// Properties over random assemblies: whatever the members write, and in whatever order it arrives.

#include <algorithm>
#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "ledger/governance/test_assembly.h"

namespace hefu {
namespace {

using testing_governance::admission;
using testing_governance::Assembly;
using testing_governance::change;
using testing_governance::day;
using testing_governance::fresh_key;
using testing_governance::Newcomer;
using testing_governance::noon;

/// HEFU_SEED repeats a run.
std::uint64_t seed_of_run() {
  const char* given = std::getenv("HEFU_SEED");  // NOLINT(concurrency-mt-unsafe)
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
}

/// What a governance says, for comparing: rules, fates and their dates.
std::string told(const Governance& governance) {
  std::string text;
  for (const auto* list : {&governance.passed, &governance.others}) {
    for (const JudgedProposal& one : *list) {
      text += one.proposal.id.hex() + " " + name(one.decision) + " " +
              (one.effective ? one.effective->text() : "") + " " + one.reason + "\n";
    }
  }
  for (const Member& member : governance.charter.members) {
    text += member.id + " " + name(member.participation()) + "\n";
  }
  for (const Rotation& rotation : governance.rotations) {
    text += rotation.member + " " + name(rotation.role) + " " + rotation.at.text() + "\n";
  }
  for (const VoidBallot& ballot : governance.void_ballots) {
    text += ballot.id.hex() + " " + ballot.reason + "\n";
  }
  return text;
}

class RandomAssembly {
 public:
  explicit RandomAssembly(std::uint64_t seed) : random_(seed), assembly(5, seed % 2 == 0 ? 0 : 3) {
    bases_.push_back(assembly.charter.federation);
    for (int step = 0; step < 40; ++step) {
      act(step);
    }
  }

  std::mt19937_64 random_;
  Assembly assembly;

 private:
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }

  void act(int step) {
    const std::size_t member = below(3) == 0 ? assembly.chair() : below(5);
    switch (below(6)) {
      case 0:
      case 1: {
        CharterProposal proposal = any();
        proposal.base =
            below(3) == 0 ? bases_[below(bases_.size())] : assembly.governed().charter.decision();
        proposal.attempt = static_cast<std::int64_t>(1 + below(2));
        proposal.decide_by = day(static_cast<int>(step / 4 + 2 + static_cast<int>(below(10))));
        proposals_.push_back(assembly.propose(member, proposal));
        bases_.push_back(proposals_.back().digest);
        return;
      }
      case 2:
      case 3:
      case 4:
        if (!proposals_.empty()) {
          assembly.vote(member,
                        proposals_[proposals_.size() - 1 -
                                   below(std::min<std::size_t>(proposals_.size(), 3))],
                        below(6) != 0);
          return;
        }
        [[fallthrough]];
      default:
        if (below(6) == 0) {
          assembly.certify(member, KeyRole::kWitness,
                           fresh_key(static_cast<std::uint8_t>(step + 1)), 0);
        }
        assembly.witness(member, step / 4);
    }
  }

  CharterProposal any() {
    const std::string target = assembly.id(1 + below(4));
    switch (below(5)) {
      case 0:
        return change(CharterChange::kSuspend, target);
      case 1:
        return change(CharterChange::kReinstate, target);
      case 2:
        return change(CharterChange::kExpel, target);
      case 3:
        return admission(newcomer_, assembly.charter.federation);
      default: {
        CharterProposal rules = change(CharterChange::kSetRules);
        rules.council = static_cast<std::uint32_t>(below(6));
        return rules;
      }
    }
  }

  Newcomer newcomer_;
  std::vector<Digest> bases_;
  std::vector<EventId> proposals_;
};

TEST(Governance, DoesNotDependOnTheOrderOrNumberOfWhatArrives) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::size_t passed = 0;
  for (std::uint64_t run = 0; run < 40; ++run) {
    RandomAssembly made(seed + run);
    Assembly& assembly = made.assembly;
    const std::string before = told(assembly.governed());
    passed += assembly.governed().passed.size();
    const std::size_t events = assembly.events.size();
    for (std::size_t i = 0; i < events; i += 3) {
      assembly.events.push_back(assembly.events[i]);
    }
    if (!assembly.heads.empty()) {
      assembly.heads.push_back(assembly.heads.front());
    }
    std::shuffle(assembly.events.begin(), assembly.events.end(), made.random_);
    std::shuffle(assembly.heads.begin(), assembly.heads.end(), made.random_);
    ASSERT_EQ(told(assembly.governed()), before) << "run " << run;
  }
  EXPECT_GT(passed, 20U) << "the runs must decide something";
}

/// What a node held that had fetched each log only up to some anchor of it.
Assembly part_of(const Assembly& whole, std::mt19937_64& random) {
  Assembly part = whole;
  part.heads.clear();
  std::map<std::string, std::uint64_t> held;
  for (const WitnessedHead& head : whole.heads) {
    if (random() % 3 != 0 && held.count(head.origin + "!") == 0) {
      part.heads.push_back(head);
      held[head.origin] = std::max(held[head.origin], head.anchored_at);
    } else {
      held[head.origin + "!"] = 1;  // nothing of this log after what is missing
    }
  }
  std::erase_if(part.events, [&](const LoggedEvent& logged) {
    const auto known = held.find(logged.origin);
    return known == held.end() || logged.index >= known->second;
  });
  return part;
}

TEST(Governance, NothingFinalTurnsBackWhenMoreOfTheLogsBecomesKnown) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::size_t compared = 0;
  for (std::uint64_t run = 0; run < 40; ++run) {
    RandomAssembly made(seed + run);
    const Governance whole = made.assembly.governed();
    for (int cut = 0; cut < 5; ++cut) {
      const Governance part = part_of(made.assembly, made.random_).governed();
      ASSERT_LE(part.passed.size(), whole.passed.size()) << "run " << run;
      for (std::size_t i = 0; i < part.passed.size(); ++i) {
        ASSERT_EQ(part.passed[i].proposal.id, whole.passed[i].proposal.id) << "run " << run;
        ++compared;
      }
      for (const JudgedProposal& one : part.others) {
        if (one.decision == Decision::kDead || one.decision == Decision::kUnfit) {
          const JudgedProposal* later = whole.find(one.proposal.id);
          ASSERT_NE(later, nullptr);
          ASSERT_NE(later->decision, Decision::kPassed) << "run " << run;
          ++compared;
        }
      }
    }
  }
  EXPECT_GT(compared, 100U);
}

TEST(Governance, EveryDecisionLeavesSafeNumbers) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  for (std::uint64_t run = 0; run < 40; ++run) {
    const RandomAssembly made(seed + run);
    const Charter charter = made.assembly.governed().charter;
    const auto active = static_cast<std::uint32_t>(charter.active_count());
    ASSERT_GE(active, 1U);
    ASSERT_GE(charter.quorum, quorum_for(active, 0));
    ASSERT_LT(charter.quorum, std::max(active, 2U));
    if (charter.council > 0) {
      ASSERT_GT(charter.council * 2, active);
      ASSERT_LE(charter.council, active);
    }
    ASSERT_TRUE(charter.member(charter.authority)->is_active());
  }
}

}  // namespace
}  // namespace hefu
