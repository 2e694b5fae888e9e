#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/programme/fraction.h"
#include "ledger/programme/grade.h"

namespace hefu {

/// Why a fact that is of the right type, meets the condition and lies in the time window is not
/// counted.
enum class LeftOut : std::uint8_t {
  kLowEvidence,  ///< grade below the rule's, or not at arm's length where the rule asks for it
  kLate,         ///< recorded too long after the business date, or not provably recorded at all
  kDisputed,     ///< an open dispute names it
  kRejected,     ///< a counterparty refused it
  kEnded,        ///< withdrawn or retracted
  kSuperseded,   ///< replaced by its own author; not printed among the excluded
  kNoKey,        ///< a field of the key is missing, so that it cannot be told apart
  kNoValue,      ///< the value, person or first day the measure needs is missing
  kConflict,     ///< claims of one key carry different values and the rule excludes them
  kOutsideSet,   ///< not in the set or superset the indicator is restricted to; not printed
  kTooLong,      ///< a narrative beyond its length
  kNoShares,     ///< shares not declared, not countersigned, or not 1 in total
};

/// "low_evidence" and so on.
const char* name(LeftOut reason);

/// TargetVerdict on a target. Source: programme pack format §5.
enum class TargetVerdict : std::uint8_t { kMet, kNotMet, kNotApplicable, kUnknown };

/// "met", "not met", "n/a", "unknown".
const char* name(TargetVerdict verdict);

/// How the evidence for a figure stands, in facts. A number without its ladder is not exported.
struct Ladder {
  std::size_t claimed = 0;  ///< recorded by one side, countersignatures missing
  std::size_t confirmed = 0;
  std::size_t disputed = 0;
  std::size_t rejected = 0;
  std::size_t ended = 0;
  std::array<std::size_t, kGradeCount> grades{};   ///< of claimed and confirmed facts, E0 first
  std::array<std::size_t, kGradeCount> counted{};  ///< of those, the ones in the value

  void add(const Ladder& other);
};

/// A fact that was looked at and not counted.
struct LeftOutFact {
  std::string id;
  LeftOut reason;
  Grade grade;
  bool operator==(const LeftOutFact&) const = default;
};

/// A target that applies to the figure's period.
struct FigureTarget {
  std::size_t index = 0;  ///< in the indicator's list
  std::string text;       ///< ">=30%"
  std::string kind;       ///< binding, commitment, milestone
  TargetVerdict verdict = TargetVerdict::kUnknown;
  std::optional<Fraction> attainment;  ///< value over target (target over value for upper limits)
};

/// What stands beside a figure, and the figure itself among them, all in displayed units.
struct FigureColumn {
  std::string what;  ///< "baseline", "commitment" or "actual"
  std::string period;
  std::optional<Fraction> value;  ///< none: not applicable
  std::string shown;
  std::string evidence;  ///< grade of a baseline the pack states; else empty
  bool operator==(const FigureColumn&) const = default;
};

/// One indicator's result for a period and a node of the organisation tree.
struct Figure {
  std::string indicator;
  std::optional<Fraction> value;  ///< before `divide`; none: not applicable
  /// Numerator and denominator before reduction, of ratios, shares and clearances.
  std::optional<std::pair<Fraction, Fraction>> parts;
  std::string shown;  ///< "33.3%"; "—" when not applicable
  std::vector<FigureTarget> targets;
  std::string colour;   ///< of the first target that applies
  std::string pattern;  ///< laid over the colour when facts of low evidence were left out
  std::optional<std::string> baseline;  ///< shown, of the latest period before this one
  std::vector<FigureColumn> beside;     ///< empty without baseline and commitment
  Ladder ladder;
  std::map<LeftOut, std::size_t> excluded;
  std::vector<std::string> counted_ids;     ///< sorted
  std::vector<LeftOutFact> left_out_facts;  ///< sorted by id
  std::optional<Fraction> separate;  ///< with the facts of low evidence, if the pack shows them
  std::size_t conflicts = 0;         ///< keys claimed with different values
  std::size_t unknown_members = 0;   ///< of absent: neither clearance nor violation
  std::size_t units = 0;             ///< distinct keys, persons or members behind the value
  bool small_cell = false;  ///< fewer units than the pack allows to publish; suppress outside
  bool additive = false;    ///< children add up to the parent by definition
  std::optional<std::string> narrative;  ///< SHA-256 of the signed text, hex
  std::string error;  ///< not empty: could not be computed; then there is no value
};

}  // namespace hefu
