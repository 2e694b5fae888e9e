#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/grade.h"
#include "ledger/record/fact.h"
#include "ledger/record/fact_list.h"

namespace hefu {

/// A fact at the cut, with what holds for it whatever is asked.
struct EffectiveFact {
  const Fact* fact = nullptr;
  Grade grade = Grade::kE0;
  bool independent = false;  ///< is_independent; like the grade, on the day of the fact
  bool superseded = false;   ///< by another fact of its own author
};

/// Judges facts one by one: their evidence and independence, on their own days. The directory must
/// outlive it.
class FactJudge {
 public:
  explicit FactJudge(const World& world);
  ~FactJudge();
  FactJudge(const FactJudge&) = delete;
  FactJudge& operator=(const FactJudge&) = delete;

  /// Not superseded by any other, as far as this one fact tells.
  EffectiveFact judge(const Fact& fact);

 private:
  class DatedRelations;
  std::unique_ptr<DatedRelations> relations_;
};

/// The first step of every evaluation: duplicates gone, corrections applied. Only a fact's own
/// actor can replace it or take it back; what others say against it has no effect here (a dispute
/// shows in its standing). The order and multiplicity of the input do not matter. Source: programme
/// pack format §3.6. The facts and the directory must outlive this.
class EffectiveFacts {
 public:
  /// kConflict if two different facts carry one id.
  static Result<EffectiveFacts> make(const FactList& facts, const World& world);
  /// Facts that are asked for type by type, none of which supersedes another. For one thread.
  using Source = std::function<std::vector<const Fact*>(const std::string& type)>;
  static EffectiveFacts from(Source source, const World& world);

  /// Those of one type, as they lie in memory (of a source: as it gives them); empty if there are
  /// none.
  [[nodiscard]] std::span<const EffectiveFact> of_type(const std::string& type) const;

 private:
  Source source_;
  const World* world_ = nullptr;  // of the source's facts
  mutable std::map<std::string, std::vector<EffectiveFact>> by_type_;
};

}  // namespace hefu
