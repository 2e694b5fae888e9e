#pragma once

#include <map>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/selection.h"

namespace hefu {

/// The partners a join offers, found once for all facts of a rule.
class JoinIndex {
 public:
  /// Selects the facts of the join's other side that are good enough for it.
  static Result<JoinIndex> make(const Question& question, const JoinRule& rule);

  /// Whether a fact passes: has a partner other than itself (`none`: has not). A fact that lacks a
  /// field of `on` has no partner. Fails where the arithmetic of `pair` overflows.
  [[nodiscard]] Result<bool> passes(const Question& question, const Fact& fact) const;

 private:
  const JoinRule* rule_ = nullptr;
  std::vector<CandidateFact> partners_;
  std::map<std::string, std::vector<std::size_t>> by_tuple_;
};

}  // namespace hefu
