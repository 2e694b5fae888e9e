#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ledger/programme/pack.h"
#include "ledger/programme/quantity.h"
#include "ledger/programme/selection.h"
#include "ledger/programme/selection_join.h"

namespace hefu {

/// The candidates of one rule, kept by unit: the key, or for measures over persons the person; a
/// candidate without one is a unit of its own. Facts are taken and replaced one by one; what is
/// passed in at construction must outlive it, and the facts as long as they are in it.
class KeptTable {
 public:
  /// What is measured on the candidates; null for a set, of which only the keys matter.
  KeptTable(const Question& question, const FactRule& rule, const PackIndicator* measured);

  /// Candidates of one unit, by fact, elements in the order of their list.
  using Unit = std::vector<CandidateFact>;

  [[nodiscard]] bool concerns(const std::string& type) const { return types_.contains(type); }
  [[nodiscard]] bool has_joins() const { return !joins_.empty(); }

  /// Tells the other sides of the joins of a change. `out`: facts whose candidates may be others
  /// now, by id.
  void change_partner(const EffectiveFact* before, const EffectiveFact* after,
                      std::set<std::string>& out);

  /// What a fact stands for, by unit; null: nothing any more. Changes nothing yet.
  std::map<std::string, Unit> candidates(const EffectiveFact* fact);
  /// The units in which a fact stands.
  [[nodiscard]] const std::set<std::string>& units_of(const std::string& id) const;
  /// Puts these in the place of what the fact had.
  void replace(const std::string& id, const EffectiveFact* fact,
               std::map<std::string, Unit> candidates);

  /// Those of a unit; empty if there is none of that key.
  [[nodiscard]] Unit unit(const std::string& key) const;
  /// How many facts stand in a unit.
  [[nodiscard]] std::size_t facts_in(const std::string& key) const;
  /// What one fact has in a unit.
  [[nodiscard]] Unit of(const std::string& key, const std::string& id) const;
  [[nodiscard]] std::vector<std::string> keys() const;
  /// Whether the rule could not be applied to some fact.
  [[nodiscard]] bool failed() const;

 private:
  struct Join {
    Join(const Question& question, const JoinRule& join);
    FactRule rule;
    FactSelector selector;
    JoinIndex index;
    std::map<std::string, std::set<std::string>> keys;      // of partners, by id
    std::map<std::string, std::set<std::string>> asked_by;  // facts of the rule, by tuple
    std::map<std::string, std::set<std::string>> asks;      // tuples, by id
    std::set<std::string> failed;                           // facts, by id
  };

  [[nodiscard]] std::string unit_of(const CandidateFact& one) const;

  const FactRule& rule_;
  const PackIndicator* measured_;
  std::set<std::string> types_;
  FactSelector selector_;
  std::vector<std::unique_ptr<Join>> joins_;
  std::unordered_map<std::string, std::map<std::string, Unit>> units_;  // by fact
  std::unordered_map<std::string, std::set<std::string>> where_;        // units, by fact
  std::set<std::string> failed_;                                        // facts, by id
};

}  // namespace hefu
