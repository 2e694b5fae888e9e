#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "tests/simulation/dice.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"

namespace hefu::simulation {

/// A member that holds its keys by right and keeps to nothing else: signs two histories of its log
/// and shows each to other peers, withholds, replays, answers with garbage, cosigns whatever it is
/// shown, and anchors what is not so.
class Liar {
 public:
  struct Counts {
    std::uint64_t forks = 0;
    std::uint64_t false_answers = 0;
    std::uint64_t false_requests = 0;
    std::uint64_t forged_entries = 0;
    std::uint64_t forged_countersignatures = 0;
    std::uint64_t wrong_anchors = 0;
    std::uint64_t withheld = 0;
  };
  using Call = std::function<Result<Bytes>(std::size_t peer, BytesView request)>;

  /// `lies`: out of a million answers, so many are false.
  Liar(const TestFederation& federation, std::size_t index, std::uint64_t seed, std::uint64_t lies);

  /// The answer to a request of a member; perhaps noise.
  Bytes serve(std::size_t peer, BytesView request, std::int64_t now_ms);
  /// Does something on its own: appends, forks, asks somebody for something.
  void act(const Call& call, std::int64_t now_ms);
  /// Remembers what others say, to say it again.
  void overhear(BytesView bytes);
  /// From now on it answers, and answers the same to everybody: the last history it signed.
  void behave();

  [[nodiscard]] std::size_t index() const { return index_; }
  [[nodiscard]] const Counts& counts() const { return counts_; }
  /// Whether it signed for two histories at all, whoever has seen them.
  [[nodiscard]] bool forked() const { return counts_.forks > 0; }

 private:
  TestLog& shown_to(std::size_t peer);
  void append(std::vector<Bytes> envelopes, bool both);
  void add_event();
  Bytes forged_countersignature();
  void fork();
  void add_wrong_anchor(std::int64_t now_ms);
  Bytes noise();

  const TestFederation& federation_;
  const std::size_t index_;
  const std::uint64_t lies_;
  Dice dice_;
  SecretKey witness_key_;
  std::vector<std::vector<Bytes>> histories_;  // envelopes, by branch
  std::vector<TestLog> branches_;              // one, or two from the first fork on
  std::map<std::size_t, std::size_t> shows_;   // branch, by peer
  std::vector<Bytes> overheard_;
  std::uint64_t events_ = 0;
  bool behaves_ = false;
  Counts counts_;
};

}  // namespace hefu::simulation
