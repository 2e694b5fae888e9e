#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/dice.h"
#include "tests/support/federation.h"

namespace hefu::simulation {

/// What the members of a federation record: visits, practice bases and what follows from them,
/// agreements of three parties with rival versions and second attempts, under the shipped catalogue
/// and a shipped pack.
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
  struct Terms {
    EventId id;
    std::int64_t attempt;
    Date sign_by;
  };
  struct Agreement {
    EventId id;
    std::vector<std::size_t> parties;
    std::int64_t needed;
    std::vector<Terms> versions;
    std::map<std::size_t, std::vector<EventId>> signed_by;  // versions, by member
  };
  Event event(std::size_t member, const char* type, std::int64_t now_ms);
  Event about(std::size_t member, const char* type, const EventId& record, std::int64_t now_ms);
  std::vector<Bytes> sign(std::size_t member, const std::vector<Event>& events,
                          KeyRole role = KeyRole::kRegistrar);
  Event act_of_agreement(std::size_t member, std::int64_t now_ms);
  Event propose(std::size_t member, Agreement* agreement, std::int64_t now_ms);
  Event answer(std::size_t member, Agreement* agreement, std::int64_t now_ms);

  const TestFederation& federation_;
  Dice dice_;
  std::vector<Record> records_;
  std::vector<Agreement> agreements_;
};

}  // namespace hefu::simulation
