#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"
#include "tests/support/federation.h"

namespace hefu {

/// A checkpoint of size 5 of member 0's log, in a federation of four whose quorum is two.
class CosignedHead : public testing::Test {
 protected:
  /// The checkpoint, cosigned by these members at these times.
  [[nodiscard]] std::string note(
      const std::vector<std::pair<std::size_t, std::uint64_t>>& witnesses) const {
    const Checkpoint head{federation_.member(0).origin, 5, sha256(as_bytes("root"))};
    Note signed_note = *parse_note(sign_checkpoint(head, federation_.key(0, KeyRole::kLog)));
    for (const auto& [member, seconds] : witnesses) {
      signed_note.signatures.push_back(cosign(head.text(),
                                              federation_.member(member).witness_name(),
                                              federation_.key(member, KeyRole::kWitness), seconds));
    }
    return format_note(signed_note.text, signed_note.signatures);
  }

  /// The note with a false first cosignature.
  [[nodiscard]] static std::string forged(const std::string& note) {
    Note signed_note = *parse_note(note);
    signed_note.signatures[1].bytes[40] ^= 1;
    return format_note(signed_note.text, signed_note.signatures);
  }

  TestFederation federation_{4};
};

}  // namespace hefu
