#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/simulation/dice.h"
#include "tests/support/federation.h"

namespace hefu::simulation {

/// What the members of a federation record: visits, practice bases and what follows from them,
/// under the shipped catalogue and a shipped pack.
class Workload {
 public:
  Workload(const TestFederation& federation, std::uint64_t seed);

  /// Envelopes of the events with which the authority publishes catalogue and pack.
  std::vector<Bytes> documents();
  /// One to a few envelopes of a member, under one signature.
  std::vector<Bytes> next(std::size_t member, std::int64_t now_ms);
  [[nodiscard]] std::size_t authority() const;

 private:
  struct Record {
    EventId id;
    std::size_t issuer;
    std::size_t partner;
  };
  Event event(std::size_t member, const char* type, std::int64_t now_ms);
  Event about(std::size_t member, const char* type, const EventId& record, std::int64_t now_ms);
  std::vector<Bytes> sign(std::size_t member, const std::vector<Event>& events);

  const TestFederation& federation_;
  Dice dice_;
  std::vector<Record> records_;
};

}  // namespace hefu::simulation
