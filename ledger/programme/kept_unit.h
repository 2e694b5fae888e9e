#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/selection.h"

namespace hefu {

/// A unit that very many facts claim, as one node sees it: what it adds to the figure, without
/// looking at all of them when one comes or goes. For count, sum (of conflicting claims the least),
/// stock, min and max, each claim credited to whoever makes it.
class KeptUnit {
 public:
  static bool can_keep(const PackIndicator& indicator);

  explicit KeptUnit(const PackIndicator& indicator) : indicator_(&indicator) {}

  /// A candidate as it is in the node's scope; one that neither counts nor would count with the
  /// facts of low evidence changes nothing.
  void add(const CandidateFact& one) { change(one, true); }
  void take(const CandidateFact& one) { change(one, false); }

  /// Value, units, conflicts and the separate value, as `figure_of_scope` has them.
  [[nodiscard]] Figure figure() const;

 private:
  struct Claims {
    std::size_t count = 0;
    std::map<Fraction, std::size_t> values;
    std::map<std::pair<std::optional<Date>, std::string>, Fraction> dated;  // of stock
  };
  void change(const CandidateFact& one, bool add);
  void change(Claims& claims, const CandidateFact& one, bool add) const;
  [[nodiscard]] Figure figure_of(const Claims& claims) const;

  const PackIndicator* indicator_;
  Claims counted_;
  Claims with_low_;  // and those of low evidence, if the rule shows them
};

}  // namespace hefu
