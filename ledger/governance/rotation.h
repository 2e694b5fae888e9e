#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ledger/agreement/log_heads.h"
#include "ledger/charter/charter.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// How long a log, witness or node key stays good after its successor begins: time for a member to
/// restart its node, and for the others to hear of it.
inline constexpr std::int64_t kKeyOverlapMs = std::int64_t{24} * 60 * 60 * 1000;

/// Changes of single keys that one member can make; later ones say nothing.
inline constexpr int kRotationsPerMemberMax = 1000;

/// A change a member made to its own root, log, witness or node key by a certification in its log.
struct Rotation {
  std::string member;
  KeyRole role = KeyRole::kRoot;
  PublicKey key;
  EventId certificate;
  Moment at;           ///< when it takes effect
  bool ended = false;  ///< the key was ended by it, not begun
};

/// Takes up what members' root keys certify of their single keys (is_single), in the order of each
/// log. A certification counts once witnesses dated it, if the key that signed it was the member's
/// root key then, the new key is nobody's, and `valid_from` is no later day; it takes effect
/// kEffectDelayMs later. Certifying a former key anew with `valid_to` ends it with that day, if it
/// has not ended before; the last key of a role cannot be ended, only replaced.
/// Certifications of other roles are judged where events are (KeyAuthority).
std::vector<Rotation> take_rotations(Charter& charter, std::span<const LoggedEvent* const> events,
                                     const LogHeads& heads);

}  // namespace hefu
