#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"

namespace hefu {

/// Who claims a fact under a roll-up: the organisation its attribute names, or each one of a list.
/// Sorted, unique.
std::vector<std::string> claimants_of(const FieldPath& attribute, const Fact& fact);

/// Which claimants belong to a node. The node is an organisation (itself and everything below it)
/// or a group of the directory (its members and everything below them, on the period's last day or
/// on the fact's own day, as the roll-up says). No node is the whole programme: everybody.
class NodeFilter {
 public:
  NodeFilter(const World& world, const RollupRule& rollup, const TimeRule& time, DateSpan period,
             std::optional<std::string> node);

  [[nodiscard]] bool is_whole() const { return !node_.has_value(); }
  /// Whether this organisation belongs to the node; `fact` gives the day membership is asked for.
  [[nodiscard]] bool has(const std::string& claimant, const Fact& fact) const;
  /// Whether `has` depends on the fact, not only on the claimant.
  [[nodiscard]] bool asks_for_day() const {
    return as_of_event_ && (node_is_group_ || !world_.history.empty());
  }
  /// Whether any claimant of the fact belongs to the node.
  [[nodiscard]] bool covers(const Fact& fact) const;

 private:
  const World& world_;
  FieldPath attribute_;
  TimeRule time_;
  bool as_of_event_;
  Date period_end_;
  std::optional<std::string> node_;
  bool node_is_group_ = false;
  // Answers for organisations; a day where the tree ever changed and the day of the fact decides.
  mutable std::map<std::pair<std::string, std::optional<Date>>, bool> below_;
};

}  // namespace hefu
