#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "ledger/record/fact.h"

namespace hefu {

class Relations;

/// How well a fact is evidenced; computed, never typed in. Source: programme pack format §3.5.
enum class Grade : std::uint8_t {
  kE0,  ///< declared by the reporting institution only
  kE1,  ///< evidence file in the log, or countersigned by a related party only
  kE2,  ///< countersigned by an independent counterparty
  kE3,  ///< confirmed by a registry's or payer's key
  kE4,  ///< passed in an audit sample or fully inspected, by an independent auditor
};

inline constexpr int kGradeCount = 5;

/// "E0" to "E4".
const char* name(Grade grade);
std::optional<Grade> parse_grade(std::string_view text);

/// The grade of a fact in this organisation directory. A countersigner is independent when it is
/// neither the recording institution nor a unit of it, and neither controls the other, and nobody
/// controls both (are_related). Where the fact is attributed to another institution than the one
/// that recorded it, that institution's own signature is independent too if the two are unrelated.
/// An auditor is independent of both and gives E4 to what has evidence or a signature. A registry
/// related to the recording institution confirms nothing. A guest counts as independent only if a
/// member that introduced its key is independent too, and never confirms as a registry:
/// countersigned by a guest that the claimant itself introduced is E1, by one that an independent
/// member (also) introduced E2. A fact whose countersignatures are still missing
/// (Standing::kClaimed) is never above E1.
Grade grade(const Fact& fact, const World& world);
Grade grade(const Fact& fact, Relations& relations);

/// Whether the dealing is at arm's length: its counterparty, if it names one, is unrelated to the
/// recording institution, and an unrelated party has countersigned or a registry has confirmed it.
bool is_independent(const Fact& fact, const World& world);
bool is_independent(const Fact& fact, Relations& relations);

}  // namespace hefu
