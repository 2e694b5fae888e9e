#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ledger/programme/effective.h"
#include "ledger/programme/evaluation.h"
#include "ledger/programme/kept_table.h"
#include "ledger/programme/kept_total.h"
#include "ledger/programme/kept_unit.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"

namespace hefu {

/// The figures of one pack and period, kept up to date fact by fact: for every node, what
/// `Evaluation` computes from all facts.
///
/// A fact stands in units (keys, persons). When it comes, changes or goes, its units before and
/// after are taken from the totals of the nodes that claim them, and added again as they are now;
/// with a unit, also those of indicators restricted to its set or superset, and with the partner of
/// a join the facts that ask for it. The cost is that of these units, whatever else there is; and
/// of a unit of many facts only that of the fact, where `KeptUnit` can keep it.
///
/// Kept are count, sum, stock, min, max, person_days and longest_run_months on facts, and what is
/// derived from these. Not kept, and computed when asked for: latest, share, absent, narrative,
/// measures of persons restricted to sets, groups that no roll-up of the pack names, and figures in
/// error or near the limit of arithmetic. No fact may supersede another: those of a ledger do not.
/// The directory decides grades, nodes and conditions: with another one, begin anew.
class KeptFigures {
 public:
  using Node = std::optional<std::string>;

  /// Pack and directory must outlive it.
  KeptFigures(const Pack& pack, const World& world, const Period& period);
  ~KeptFigures();
  KeptFigures(const KeptFigures&) = delete;
  KeptFigures& operator=(const KeptFigures&) = delete;

  /// Takes many facts at once, into a view that has none yet.
  void fill(const std::vector<std::shared_ptr<const Fact>>& facts);
  /// A record's fact before and after; null where there is none.
  void change(const std::shared_ptr<const Fact>& before, const std::shared_ptr<const Fact>& after);

  /// The figure of an indicator measured on facts; nothing if it is not kept. `lists`: with the ids
  /// of the facts, which takes a look at all of them.
  std::optional<Figure> figure(const PackIndicator& indicator, const Node& node, bool lists);
  std::optional<std::set<std::string>> claimants(const PackIndicator& indicator);

 private:
  struct Held {
    std::shared_ptr<const Fact> fact;
    EffectiveFact judged;
  };
  struct NodeTotal {
    NodeTotal(NodeFilter node, MeasureKind kind) : filter(std::move(node)), total(kind) {}
    NodeFilter filter;
    KeptTotal total;
  };
  struct Measure {
    const PackIndicator* indicator = nullptr;
    KeptTable* own = nullptr;
    /// Sets it is restricted to: of facts, or the keys of one of the directory; and which side.
    struct Restriction {
      const PackSet* set = nullptr;
      KeptTable* table = nullptr;
      std::set<std::string> keys;
      bool inside = true;
    };
    std::vector<Restriction> sets;
    Measure* superset = nullptr;
    std::map<Node, NodeTotal> totals;
    /// Units of many facts, as each node sees them: of these a fact is taken or added alone.
    std::unordered_map<std::string, std::map<Node, KeptUnit>> large;
    std::map<std::string, std::size_t> claimants;
  };
  /// A measure and a unit: what is concerned by a change, and whether by its own facts alone.
  using Concerned = std::map<std::pair<Measure*, std::string>, bool>;

  Measure* add_measure(const PackIndicator& indicator);
  KeptTable* set_table(const PackSet& set);
  NodeFilter filter_of(const Measure& measure, const Node& node) const;
  bool is_sound(const Measure& measure) const;
  const std::vector<std::string>& nodes_above(const std::string& org);
  std::set<Node> nodes_of(const Measure& measure, const std::vector<CandidateFact>& candidates);
  std::vector<CandidateFact> scope(const Measure& measure, const std::string& unit,
                                   const std::vector<CandidateFact>& candidates,
                                   const NodeFilter& filter, const Node& node) const;
  Result<Figure> unit_figure(const Measure& measure, const std::string& unit,
                             const NodeFilter& filter, const Node& node) const;
  NodeTotal& total_of(Measure& measure, const Node& node);
  void count_unit(Measure& measure, const std::string& unit, bool add);
  void count_in_large_unit(Measure& measure, const std::string& unit,
                           const std::vector<CandidateFact>& candidates, bool add);
  void count_claimants(Measure& measure, const std::vector<CandidateFact>& candidates, bool add);
  void add_dependents(const KeptTable& table, const std::string& unit, Concerned& out) const;
  void add_lists(const Measure& measure, const NodeFilter& filter, const Node& node, Figure& out);

  const Pack& pack_;
  const World& directory_;  // with its history
  const Period period_;
  const std::unique_ptr<const World> as_of_;  // at the period's end, if it ever changed
  const std::unique_ptr<const EffectiveFacts> none_;
  const Question question_;
  FactJudge judge_;
  std::vector<std::unique_ptr<KeptTable>> tables_;
  std::map<const PackSet*, KeptTable*> set_tables_;
  std::map<const PackIndicator*, std::unique_ptr<Measure>> measures_;
  std::map<const KeptTable*, std::vector<Measure*>> dependents_;
  std::set<std::string> groups_;  // that roll-ups of the pack name
  std::unordered_map<std::string, Held> held_;
  std::unordered_map<std::string, std::vector<std::string>> above_;
  std::size_t undatable_ = 0;  // facts whose grade depends on when one asks
};

}  // namespace hefu
