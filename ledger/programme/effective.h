#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/grade.h"
#include "ledger/record/fact.h"

namespace hefu {

/// A fact at the cut, with what holds for it whatever is asked.
struct EffectiveFact {
  const Fact* fact = nullptr;
  Grade grade = Grade::kE0;
  bool independent = false;  ///< is_independent; like the grade, on the day of the fact
  bool superseded = false;   ///< by another fact of its own author
};

/// The first step of every evaluation: duplicates gone, corrections applied. Only a fact's own
/// actor can replace it or take it back; what others say against it has no effect here (a dispute
/// shows in its standing). The order and multiplicity of the input do not matter. Source: programme
/// pack format §3.6. The facts and the directory must outlive this.
class EffectiveFacts {
 public:
  /// kConflict if two different facts carry one id.
  static Result<EffectiveFacts> make(std::span<const Fact> facts, const World& world);

  /// Those of one type, by id; empty if there are none.
  [[nodiscard]] std::span<const EffectiveFact> of_type(const std::string& type) const;

 private:
  std::map<std::string, std::vector<EffectiveFact>> by_type_;
};

}  // namespace hefu
