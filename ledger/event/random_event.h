#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "crypto/entropy.h"
#include "ledger/event/event.h"

namespace hefu::testing {

/// Repeatable random bytes and numbers, for tests alone: SHA-256 of the seed and a counter.
class SeededEntropy final : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : seed_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

  std::uint64_t next();
  /// A number from 0 to n - 1; n > 0.
  std::uint64_t below(std::uint64_t n) { return next() % n; }

 private:
  std::uint64_t seed_;
  std::uint64_t counter_ = 0;
};

/// A small event of fixed content, for tests that change one thing.
Event sample_event();

/// Any event that a codec must carry, far beyond what a catalogue would allow: every kind of value,
/// nested lists, empty and long texts, extreme numbers and dates.
Event random_event(SeededEntropy& random);

/// A new seed for a property test, which prints it on failure. To repeat a failure, write its seed
/// into the test.
std::uint64_t fresh_seed();

}  // namespace hefu::testing
