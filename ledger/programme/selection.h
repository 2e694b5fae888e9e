#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/effective.h"
#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/programme/time_window.h"

namespace hefu {

/// What every rule of one evaluation is asked about.
struct Question {
  const Pack& pack;
  const World& world;
  const EffectiveFacts& facts;
  DateSpan period;
};

/// A fact within a rule's scope, counted or left out for a reason.
struct CandidateFact {
  const Fact* fact = nullptr;
  Grade grade = Grade::kE0;
  std::optional<LeftOut> left_out;
  std::string key;  ///< the tuple of the rule's key; empty if a part is missing
  /// What the measure reads of it; see mark_unmeasurable.
  std::optional<Fraction> value;
  /// The fact itself, where it stands for one element of a list.
  std::shared_ptr<const Fact> element;
};

/// Whether a rule's time window is applied by `select` or later, per member of a population.
enum class TimeCheck : std::uint8_t { kNow, kLater };

class JoinIndex;

/// Takes up facts for one rule, one by one. What it is made from must outlive it.
class FactSelector {
 public:
  FactSelector(const Question& question, const FactRule& rule,
               const std::optional<Expression>& narrow, TimeShape shape,
               TimeCheck time = TimeCheck::kNow);

  /// Adds what a fact of one of the rule's types stands for: nothing, the fact itself, or each
  /// element of its list. `joins`: one for each join of the rule. Fails only where a condition's
  /// arithmetic overflows.
  Result<void> take(const EffectiveFact& one, std::span<const JoinIndex* const> joins,
                    std::vector<CandidateFact>& out) const;

 private:
  [[nodiscard]] bool in_time(const Fact& fact) const;
  Result<void> take_as(const EffectiveFact& one, const Fact& fact,
                       std::shared_ptr<const Fact> element, std::span<const JoinIndex* const> joins,
                       std::vector<CandidateFact>& out) const;

  const Question& question_;
  const FactRule& rule_;
  const std::optional<Expression>& narrow_;
  TimeShape shape_;
  TimeCheck time_;
  DateSpan window_;
};

/// The pipeline of one rule: facts of its types (under `each`: once for each element of the list)
/// that meet `where` (and `narrow`), lie in the time window and pass the joins, each with its
/// evidence judged and its key read. In order of id, elements in the order of their list. Fails
/// only where a condition's arithmetic overflows. Source: programme pack format §1 rule 2.
Result<std::vector<CandidateFact>> select(const Question& question, const FactRule& rule,
                                          const std::optional<Expression>& narrow, TimeShape shape,
                                          TimeCheck time = TimeCheck::kNow);

}  // namespace hefu
