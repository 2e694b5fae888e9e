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
#include "ledger/programme/assertion.h"
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
inline constexpr std::size_t kPackAssertsMax = 500;
inline constexpr std::size_t kPackJoinsMax = 8;  ///< of one rule

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
  kAnchored,     ///< n years from a date of the fact; in a share's test, of the member's own fact
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

/// A semi-join: a fact counts only if another fact exists whose `with` fields have the values of
/// its own `on` fields, and for which `pair` holds. An anti-join (none): only if none exists.
struct JoinRule {
  std::vector<std::string> types;
  std::vector<FieldPath> on;    ///< of the fact
  std::vector<FieldPath> with;  ///< of the other one, as many as `on`
  std::optional<FieldPath> each;
  std::optional<Expression> where;  ///< about the other one alone
  std::optional<Expression> pair;   ///< about both
  bool none = false;
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
  /// A list in the body: each of its elements stands for itself (a fact without one for nothing).
  std::optional<FieldPath> each;
  std::vector<JoinRule> joins;  ///< all must hold
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
  kTotal,
  kEarlier,
  kPeriodsReaching,
};

/// "person_days" and so on, as written in packs.
const char* name(MeasureKind kind);
/// Whether a kind is measured on facts; the others are made of indicators, sets or groups.
bool is_quantity(MeasureKind kind);

/// What to do with two claims for one key that carry different values. Source: §3.4.
enum class Conflict : std::uint8_t { kMin, kExclude, kError };

/// A measure computed from facts directly.
struct QuantityRule {
  MeasureKind kind = MeasureKind::kCount;
  std::optional<FieldPath> value;   ///< of sum, stock, min, max, latest, narrative
  std::vector<FieldPath> times;     ///< of sum: factors the value is multiplied by
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

/// What a value must reach. `low` is also the bound of the one-sided comparisons.
struct Threshold {
  CompareOp op = CompareOp::kGreaterEqual;
  Fraction low;
  Fraction high;  ///< of between

  [[nodiscard]] bool holds(const Fraction& value) const;
};

/// What is measured on each member of a population.
struct MemberTest {
  FieldPath member;  ///< who a fact of the test is about
  FactRule facts;
  QuantityRule quantity;
};

/// share: the members of a population whose test reaches a threshold.
struct ShareRule {
  std::string population;  ///< a set
  FieldPath member;        ///< who a fact of the population is about
  Threshold threshold;
  MemberTest test;
  std::optional<MemberTest> per;  ///< of a ratio: what the test's value is divided by
};

/// absent: members of a group with a clearance and without a violation.
struct AbsentRule {
  struct Side {
    std::vector<std::string> types;
    std::optional<Expression> where;
    std::optional<FieldPath> subject;  ///< whom it is about; see subject_of in measure_absent.cc
    std::string issuer_attr;           ///< attribute the recording party must have; empty: none
    std::optional<Expression> issuer;  ///< condition the recording party must meet
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
  std::string num, den;                  ///< of ratio: indicators
  std::optional<Fraction> den_constant;  ///< of ratio: a number instead of `den`, not zero
  bool zero_den_is_zero = false;
  std::string of;                          ///< of mean_per_year, earlier, periods_reaching
  int from_year = 0;                       ///< of mean_per_year
  int periods = 1;                         ///< of earlier: how many periods back
  std::vector<std::string> plus, minus;    ///< of total: indicators
  PeriodKind part = PeriodKind::kQuarter;  ///< of periods_reaching: month, quarter or half
  Threshold threshold;                     ///< of periods_reaching
  std::optional<ShareRule> share;
  std::optional<AbsentRule> absent;
  int max_chars = 200;  ///< of narrative
};

/// How several claimants of one achievement are credited. Source: §3.4.
enum class Credit : std::uint8_t { kRecompute, kSplitEqual, kLead, kDeclared };

struct RollupRule {
  FieldPath attribute = *FieldPath::parse("org");  ///< who claims a fact; may hold a list
  Credit credit = Credit::kRecompute;
  FieldPath shares =
      *FieldPath::parse("body.shares");  ///< of declared: pairs (organisation, share)
  std::string group;         ///< group whose members are the tree, besides the organisation tree
  bool as_of_event = false;  ///< membership on the fact's day instead of the period's last
};

/// "each-year", "each-half", "each-quarter" or "each-month".
bool is_each(std::string_view period);

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
  std::string from_set, in_set, not_in_set, subset_of;
  std::optional<Expression> narrow;
  MeasureRule measure;
  RollupRule rollup;
  std::vector<BaselineRule> baseline;
  /// Indicators whose figures stand beside this one's as its baseline and its commitment.
  std::string baseline_of, commitment_of;
  std::string baseline_of_period;  ///< in which the first is read
  std::vector<TargetRule> targets;
  StatusRule status;
  std::vector<std::string> owner_lead, owner_coop;
  std::vector<std::string> cadence;
  int min_cell = 0;
};

/// The indicators this one is computed from or restricted to.
std::vector<std::string> parts_of(const PackIndicator& indicator);

/// A vector inside a pack that every implementation must pass.
struct PackTest {
  World world;
  std::vector<Fact> facts;
  std::string period;
  std::optional<std::string> node;
  std::vector<std::pair<std::string, std::optional<Fraction>>> expect;  ///< none: not applicable
  // What else a test may ask for, by indicator.
  std::map<std::string, std::string> texts;  ///< of narratives: the text itself; empty: none
  std::map<std::string, std::string> shown;
  std::map<std::string, std::vector<std::string>> targets;  ///< verdicts that apply, in order
  std::map<std::string, std::string> colours;
  std::map<std::string, std::map<std::string, std::size_t>> excluded;
  std::map<std::string, std::string> asserts;  ///< by assertion: holds, violated, n/a, unknown
};

/// How much a violated assertion matters: an error blocks approval, a warning is printed in the
/// report, ok is for information. Source: programme pack format §5 (XBRL assertion severity).
enum class Severity : std::uint8_t { kError, kWarning, kOk };
const char* name(Severity severity);

/// What must hold between the figures of a period and node.
struct PackAssert {
  std::string id;
  PackText title;
  Severity severity = Severity::kError;
  Formula formula;
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
/// the construct). What is read from TOML is refused with the line. A loaded pack never fails for a
/// reason of its own. The format for people: FORMAT.md.
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
  [[nodiscard]] const PackAssert* find_assert(std::string_view id) const;
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
  std::vector<PackAssert> asserts;
  std::vector<PackTest> tests;
  std::vector<PackRow> rows;

 private:
  Digest digest_;
  std::string canonical_;
};

}  // namespace hefu
