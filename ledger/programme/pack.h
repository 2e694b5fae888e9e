#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/programme/expression.h"
#include "ledger/programme/field_path.h"
#include "ledger/programme/fraction.h"
#include "ledger/programme/grade.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"

namespace hefu {

/// Bounds of one pack. Source: ours.
inline constexpr std::size_t kPackBytesMax = std::size_t{1} << 20;
inline constexpr std::size_t kPackIndicatorsMax = 1000;
inline constexpr std::size_t kPackSetsMax = 500;
inline constexpr std::size_t kPackRowsMax = 2000;

/// A title in Chinese (always) and English (if the pack has it).
struct PackText {
  std::string zh;
  std::string en;
};

/// When a fact counts. Source: programme pack format §3.3. Intervals are closed, days are civil.
enum class TimeMode : std::uint8_t {
  kOccurred,     ///< a date (default `date`) lies in the period
  kActiveAtEnd,  ///< begun by the period's last day and not ended before it
  kOverlap,      ///< any day in common with the period
  kCumulative,   ///< from the first day of the plan to the period's last day
  kRolling,      ///< the n years that end with the period
  kAnchored,     ///< n years from a date of the population's member; inside a share's test only
  kLatestAtEnd,  ///< dated by the period's last day, and not older than max_age_days on it
};

struct TimeRule {
  TimeMode mode = TimeMode::kOccurred;
  std::optional<FieldPath> field;   ///< the date that decides; `date` if none is named
  int years = 0;                    ///< of rolling and anchored
  std::optional<FieldPath> anchor;  ///< of anchored
  std::optional<int> max_age_days;  ///< of latest_at_end
};

/// What evidence a fact needs to be counted. Source: §3.5.
struct EvidenceRule {
  Grade min = Grade::kE0;
  bool independent = false;           ///< dealings at arm's length only (is_independent)
  std::optional<int> max_lag_days;    ///< recorded at most so many days after the business date
  std::optional<FieldPath> lag_from;  ///< that date; by default time.field, else date, else start
  bool separate = false;              ///< show beside the value what falls short, instead of not
};

/// A semi-join: a fact counts only if another fact with the same `on` exists.
struct JoinRule {
  std::vector<std::string> types;
  std::vector<FieldPath> on;
  std::optional<Expression> where;
  TimeRule time;
  EvidenceRule evidence;
};

/// Which facts, told apart how.
struct FactRule {
  std::vector<std::string> types;
  std::optional<Expression> where;
  std::vector<FieldPath> key;  ///< what makes two facts the same achievement; `id` if not given
  TimeRule time;
  EvidenceRule evidence;
  std::optional<JoinRule> join;
};

/// A named population: facts, or entries of the organisation directory.
struct PackSet {
  std::string id;
  PackText title;
  bool from_directory = false;
  FactRule rule;  ///< of a directory set only `where` and the key `org` matter
};

/// The closed list of measures. Source: §3.2.
enum class MeasureKind : std::uint8_t {
  kCount,
  kSum,
  kStock,
  kPersonDays,
  kLongestRunMonths,
  kMin,
  kMax,
  kLatest,
  kShare,
  kRatio,
  kMeanPerYear,
  kAbsent,
  kNarrative,
};

/// "person_days" and so on, as written in packs.
const char* name(MeasureKind kind);

/// What to do with two claims for one key that carry different values. Source: §3.4.
enum class Conflict : std::uint8_t { kMin, kExclude, kError };

/// A measure computed from facts directly.
struct QuantityRule {
  MeasureKind kind = MeasureKind::kCount;
  std::optional<FieldPath> value;   ///< of sum, stock, min, max, latest, narrative
  std::optional<FieldPath> person;  ///< of person_days, longest_run_months
  Conflict conflict = Conflict::kMin;
};

enum class CompareOp : std::uint8_t {
  kEqual,
  kUnequal,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kBetween
};
const char* name(CompareOp op);

/// share: the members of a population whose test reaches a threshold.
struct ShareRule {
  std::string population;  ///< a set
  FieldPath member;        ///< who a fact is about, in the population's facts and the test's
  CompareOp op = CompareOp::kGreaterEqual;
  Fraction threshold;
  FactRule test;
  QuantityRule quantity;
};

/// absent: members of a group with a clearance and without a violation.
struct AbsentRule {
  struct Side {
    std::vector<std::string> types;
    std::optional<Expression> where;
    std::optional<FieldPath> subject;  ///< whom it is about; see subject_of in measure_absent.cc
    std::string issuer_attr;           ///< attribute the recording party must have; empty: none
    int within_days = 0;               ///< of clearance: days before the period's last day
  };
  std::string group;
  int years = 0;
  Side violation;
  Side clearance;
};

struct MeasureRule {
  MeasureKind kind = MeasureKind::kCount;
  QuantityRule quantity;
  std::string num, den;  ///< of ratio: indicators
  bool zero_den_is_zero = false;
  std::string of;  ///< of mean_per_year: an indicator
  int from_year = 0;
  std::optional<ShareRule> share;
  std::optional<AbsentRule> absent;
  int max_chars = 200;  ///< of narrative
};

/// How several claimants of one achievement are credited. Source: §3.4.
enum class Credit : std::uint8_t { kRecompute, kSplitEqual, kLead };

struct RollupRule {
  FieldPath attribute = *FieldPath::parse("org");  ///< who claims a fact; may hold a list
  Credit credit = Credit::kRecompute;
  std::string group;         ///< group whose members are the tree, besides the organisation tree
  bool as_of_event = false;  ///< membership on the fact's day instead of the period's last
};

struct TargetRule {
  std::string period;  ///< as written: "each-year", "2025", …
  CompareOp op = CompareOp::kGreaterEqual;
  Fraction value;            ///< in the displayed unit; "30%" is 3/10
  Fraction low, high;        ///< of between
  std::string kind;          ///< binding, commitment or milestone
  bool over_is_met = false;  ///< of between: more than `high` is met too
};

struct BaselineRule {
  std::string period;
  Fraction value;  ///< in the displayed unit
  std::string evidence;
  std::string note;
};

/// Colours by attainment of the target.
struct StatusRule {
  struct Step {
    std::string colour;
    CompareOp op = CompareOp::kGreaterEqual;
    Fraction attainment;
  };
  std::vector<Step> steps;  ///< first that holds wins
  std::string otherwise = "red";
  std::string none = "grey";
  std::string low_evidence = "hatched";
};

struct Interpretation {
  std::string zh, en, ruled_by;
  std::optional<Date> ruled_on;
};

struct PackIndicator {
  std::string id;
  PackText title;
  std::string clause;  ///< where in the source document it stands, e.g. "三(一)2"
  std::string quote;
  std::optional<Interpretation> interpretation;
  FigureDisplay display;
  FactRule rule;                ///< own facts, or a copy of the set's when from_set is given
  bool from_directory = false;  ///< from_set names a directory set
  std::string from_set, in_set, subset_of;
  std::optional<Expression> narrow;
  MeasureRule measure;
  RollupRule rollup;
  std::vector<BaselineRule> baseline;
  std::vector<TargetRule> targets;
  StatusRule status;
  std::vector<std::string> owner_lead, owner_coop;
  std::vector<std::string> cadence;
  int min_cell = 0;
};

/// A vector inside a pack that every implementation must pass.
struct PackTest {
  World world;
  std::vector<Fact> facts;
  std::string period;
  std::optional<std::string> node;
  std::vector<std::pair<std::string, std::optional<Fraction>>> expect;  ///< none: not applicable
};

/// One requirement of the source document, as somebody numbered them: which indicators carry it, or
/// why none does.
struct PackRow {
  std::string id;
  std::vector<std::string> indicators;
  std::string note;  ///< never empty if `indicators` is
};

/// A programme: indicators, sets, targets, owners and test vectors, immutable under its digest.
/// Source: programme pack format §3. Loading checks everything that can be checked without facts:
/// unknown keys (kInvalid, with path and nearest known key), expressions, references between
/// indicators, and whatever this engine does not compute (kUnsupported, naming the indicator and
/// the construct). A loaded pack never fails for a reason of its own.
class Pack {
 public:
  /// From TOML as people write it, at most kPackBytesMax.
  static Result<Pack> from_toml(std::string_view toml);
  /// From the canonical JSON a log carries, at most kPackBytesMax: exactly the bytes whose SHA-256
  /// is the digest, else kInvalid.
  static Result<Pack> from_json(std::string_view canonical);

  /// SHA-256 of `canonical`.
  [[nodiscard]] const Digest& digest() const { return digest_; }
  /// RFC 8785 form of the pack.
  [[nodiscard]] const std::string& canonical() const { return canonical_; }

  [[nodiscard]] const PackSet* find_set(std::string_view id) const;
  [[nodiscard]] const PackIndicator* find_indicator(std::string_view id) const;
  /// Every event type any rule of the pack reads, sorted, unique: what a complete audit needs.
  [[nodiscard]] std::vector<std::string> event_types() const;
  /// "<id>/<version>".
  [[nodiscard]] std::string name() const { return id + "/" + version; }

  std::string id, version;
  PackText title;
  std::string issuer;
  std::map<std::string, std::string> source;  ///< file, url, doc, clause, sha256
  DateSpan valid;
  std::string event_catalog;
  std::string attest_json;  ///< canonical JSON of attest; empty if the pack has none
  int freeze_grace_days = 0;
  std::string freeze_reopen_by;
  std::vector<PackSet> sets;
  std::vector<PackIndicator> indicators;
  std::vector<PackTest> tests;
  std::vector<PackRow> rows;

 private:
  Digest digest_;
  std::string canonical_;
};

}  // namespace hefu
