// The writes and syncs of a fixed piece of work, each made to fail in turn: lost, or kept all
// the same. The node restarts, the work goes on, and at the end nothing may be missing that was
// answered for. Source: design study, reliability, "fail at the n-th call, for every n".

#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/simulation/member_node.h"
#include "tests/simulation/oracle.h"
#include "tests/support/federation.h"

namespace hefu::simulation {
namespace {

/// Some calls stand for all: with HEFU_EVERY_WRITE=all in the environment every one is tried. Under
/// sanitizers everything takes some ten times as long.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::uint64_t kStep = 31;
#else
constexpr std::uint64_t kStep = 3;
#endif
constexpr std::size_t kMembers = 3;
/// The member whose disk fails; it writes, holds, replicates and witnesses.
constexpr std::size_t kVictim = 0;
constexpr int kRoundsToConverge = 20;

class Work {
 public:
  explicit Work(std::optional<FaultyFiles::Fault> fault) : fault_(fault) {
    for (std::size_t i = 0; i < kMembers; ++i) {
      MemberNode::Outside outside;
      outside.now_ms = [this] { return now_ms_; };
      outside.call = [this, i](std::size_t to, BytesView request) { return call(i, to, request); };
      nodes_.push_back(std::make_unique<MemberNode>(federation_, i, 7 + i, std::move(outside)));
    }
  }

  /// Throws Violation.
  void run() {
    for (std::size_t i = 0; i < kMembers; ++i) {
      make_write(i);
    }
    if (fault_) {
      nodes_[kVictim]->files().arm(*fault_);
    }
    for (int round = 0; round < 2; ++round) {
      for (std::size_t i = 0; i < kMembers; ++i) {
        append(i, 2, i == 1 ? AckLevel::kStored : AckLevel::kReplicated);
        exchange(i);
      }
      if (round == 0) {
        nodes_[kVictim]->crash();  // and what a start writes
        make_write(kVictim);
      }
    }
    nodes_[kVictim]->files().disarm();
    converge();
    oracle_.final_check(all());
    counts_ = nodes_[kVictim]->files().counts();
  }

  [[nodiscard]] const FaultyFiles::Counts& counts() const { return counts_; }
  [[nodiscard]] std::uint64_t replicated() const { return oracle_.answers(AckLevel::kReplicated); }

 private:
  Result<Bytes> call(std::size_t from, std::size_t to, BytesView request) {
    ++now_ms_;
    if (!nodes_[to]->up()) {
      return Error{Errc::kUnavailable, "connection refused", ""};
    }
    try {
      return nodes_[to]->serve(*federation_.member(from).key(KeyRole::kNode), request);
    } catch (const Halted& halted) {
      nodes_[halted.member]->crash();
      return Error{Errc::kUnavailable, "connection reset", ""};
    }
  }

  template <typename Act>
  void at(std::size_t member, const Act& act) {
    MemberNode& node = *nodes_[member];
    now_ms_ += 2'000;
    try {
      if (node.up() && node.writing()) {
        act(node);
      }
      if (node.up()) {
        node.background();
      }
    } catch (const Halted& halted) {
      nodes_[halted.member]->crash();
    }
    for (std::size_t i = 0; i < kMembers; ++i) {
      if (!nodes_[i]->up() || !nodes_[i]->writing()) {
        make_write(i);
      }
      oracle_.look(*nodes_[i]);
    }
  }

  /// Starts it as often as it takes: a start writes, too.
  void make_write(std::size_t member) {
    MemberNode& node = *nodes_[member];
    for (int attempt = 0; attempt < 5; ++attempt) {
      try {
        if (!node.up()) {
          if (auto started = node.start(); !started) {
            node.crash();
            continue;
          }
        }
        if (auto recovered = node.recover(); !recovered) {
          throw Violation{"member " + std::to_string(member) +
                          " may not go on: " + recovered.error().message};
        }
      } catch (const Halted&) {
        node.crash();
        continue;
      }
      if (node.writing()) {
        return;
      }
    }
    throw Violation{"member " + std::to_string(member) +
                    " does not come to write: " + node.waits()};
  }

  void append(std::size_t member, std::size_t count, AckLevel level) {
    const auto envelopes = federation_.envelopes(member, next_event_, count);
    next_event_ += count;
    at(member, [&](MemberNode& node) {
      node.append(envelopes, level, [this, member, envelopes](const Result<Appended>& appended) {
        if (!appended) {
          return;
        }
        oracle_.released(appended->checkpoint);
        for (std::size_t i = 0; i < envelopes.size(); ++i) {
          oracle_.answered(member, appended->level, appended->events[i].index, envelopes[i]);
        }
      });
    });
  }

  void exchange(std::size_t member) {
    for (std::size_t peer = 0; peer < kMembers; ++peer) {
      if (peer != member) {
        at(member, [&](MemberNode& node) { node.stage(peer); });
      }
    }
    for (std::size_t peer = 0; peer < kMembers; ++peer) {
      if (peer != member) {
        at(member, [&](MemberNode& node) { node.visit(peer); });
      }
    }
    at(member, [&](MemberNode& node) { node.anchor(); });
  }

  std::vector<MemberNode*> all() {
    std::vector<MemberNode*> all;
    for (const auto& node : nodes_) {
      all.push_back(node.get());
    }
    return all;
  }

  void converge() {
    std::string missing;
    for (int round = 0; round < kRoundsToConverge; ++round) {
      now_ms_ += 60'000;
      for (std::size_t i = 0; i < kMembers; ++i) {
        exchange(i);
      }
      missing = oracle_.not_converged(all());
      if (missing.empty()) {
        return;
      }
    }
    throw Violation{"no convergence: " + missing};
  }

  const std::optional<FaultyFiles::Fault> fault_;
  const TestFederation federation_{kMembers};
  Oracle oracle_{federation_, {}};
  std::int64_t now_ms_ = 1'772'000'000'000;
  std::uint64_t next_event_ = 0;
  FaultyFiles::Counts counts_;
  std::vector<std::unique_ptr<MemberNode>> nodes_;
};

std::string outcome(const FaultyFiles::Fault& fault) {
  try {
    Work(fault).run();
    return "";
  } catch (const Violation& violation) {
    return violation.what;
  }
}

TEST(EveryWrite, LosesNothingThatWasAnsweredForWhicheverOneFails) {
  Work undisturbed(std::nullopt);
  ASSERT_NO_THROW(undisturbed.run());
  EXPECT_GE(undisturbed.replicated(), 6U);
  std::cout << undisturbed.counts().writes << " writes, " << undisturbed.counts().syncs << " syncs"
            << std::endl;
  const char* all = std::getenv("HEFU_EVERY_WRITE");  // NOLINT(concurrency-mt-unsafe)
  const std::uint64_t step = all != nullptr && std::string(all) == "all" ? 1 : kStep;
  std::uint64_t tried = 0;
  for (const auto call : {FaultyFiles::Call::kWrite, FaultyFiles::Call::kSync}) {
    const std::uint64_t calls = call == FaultyFiles::Call::kWrite ? undisturbed.counts().writes
                                                                  : undisturbed.counts().syncs;
    ASSERT_GT(calls, 20U);
    for (const auto effect : {FaultyFiles::Effect::kLost, FaultyFiles::Effect::kKept}) {
      for (std::uint64_t number = 1; number <= calls; number += step) {
        // Full in turn with failing: both end in the same place.
        const auto cause = number % 2 == 0 ? FaultyFiles::Cause::kIo : FaultyFiles::Cause::kNoSpace;
        EXPECT_EQ(outcome({call, number, cause, effect}), "")
            << (call == FaultyFiles::Call::kWrite ? "write " : "sync ") << number
            << (effect == FaultyFiles::Effect::kLost ? ", lost" : ", kept");
        ++tried;
      }
    }
  }
  RecordProperty("failures tried", static_cast<int>(tried));
}

}  // namespace
}  // namespace hefu::simulation
