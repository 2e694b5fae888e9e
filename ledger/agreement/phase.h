#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/agreement/agreement.h"

namespace hefu {

/// Where a version stands on a date, for people.
enum class Phase : std::uint8_t {
  kOpen,         ///< to be signed
  kOutstanding,  ///< the last day to sign is past, and the proof of its fate is not held yet
  kDead,
  kAgreed,  ///< EFFECTIVE, its first day is still to come
  kInForce,
  kEnded,
};
const char* name(Phase phase);

/// A version on a date, with what decided it.
struct VersionPhase {
  Phase phase = Phase::kOpen;
  bool contested = false;  ///< an objection to it, or to an act about it, is undecided
  /// The events that decided it, sorted: the signatures that count; the declines, signatures
  /// elsewhere and rulings that ended it; the objections, where contested.
  std::vector<EventId> because;
  /// Open: who signed, and until when each is bound. EFFECTIVE: who is bound, and until its end.
  std::vector<std::string> bound;
  std::optional<Date> bound_until;
  /// Whose logs, held further, could still change it: those without a final word.
  std::vector<std::string> outstanding;
};

/// A pure function of what is known and the date. Of kOpen, kOutstanding and kDead only the first
/// two change with the date alone.
VersionPhase phase_on(const Version& version, const Agreement& agreement, Date date);

}  // namespace hefu
