#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "crypto/keys.h"
#include "ledger/charter/charter.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event.h"

namespace hefu {

/// A federation of `size` members with keys made from a seed, for tests. Member i has the domain
/// "m<i>.example"; every role has one key.
class TestFederation {
 public:
  explicit TestFederation(std::size_t size, std::uint64_t seed = 1);

  [[nodiscard]] const Charter& charter() const { return charter_; }
  [[nodiscard]] const Member& member(std::size_t index) const;
  /// A fresh copy of a member's key.
  [[nodiscard]] SecretKey key(std::size_t index, KeyRole role) const;

  /// An event of type "retraction" by a member (any well-formed event does); `number` makes it
  /// different from others.
  [[nodiscard]] Event event(std::size_t issuer, std::uint64_t number) const;
  /// Envelopes of `count` such events, from number `first` on, under one registrar signature.
  [[nodiscard]] std::vector<Bytes> envelopes(std::size_t issuer, std::uint64_t first,
                                             std::size_t count) const;

 private:
  std::map<std::pair<std::size_t, KeyRole>, SecretKey::Seed> seeds_;
  std::vector<std::string> ids_;
  Charter charter_;
};

}  // namespace hefu
