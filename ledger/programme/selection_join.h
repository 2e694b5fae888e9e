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

  /// An index without partners yet.
  explicit JoinIndex(const JoinRule& rule) : rule_(&rule) {}
  /// What the other side is selected by.
  static FactRule partner_rule(const JoinRule& rule);
  /// Takes a fact of the other side, selected by that rule. One that is left out is no partner.
  void add(const CandidateFact& partner);
  /// Takes one away that was taken with this key.
  void remove(const std::string& key, const std::string& id);

  /// Whether a fact passes: has a partner other than itself (`none`: has not). A fact that lacks a
  /// field of `on` has no partner. Fails where the arithmetic of `pair` overflows.
  [[nodiscard]] Result<bool> passes(const Question& question, const Fact& fact) const;

 private:
  const JoinRule* rule_;
  std::map<std::string, std::vector<CandidateFact>> by_tuple_;  // by id within a tuple
};

}  // namespace hefu
