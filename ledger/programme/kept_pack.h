#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger/programme/assert_outcome.h"
#include "ledger/programme/evaluate.h"
#include "ledger/programme/kept_figures.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"
#include "ledger/record/persistent_map.h"

namespace hefu {

/// Periods of one pack whose figures are kept at a time; the one asked for longest ago goes first.
/// A mean over years or a baseline asks for other periods than its own.
inline constexpr std::size_t kKeptPeriodsMax = 24;

/// A pack over the facts of a ledger, its figures kept up to date (KeptFigures) for the periods
/// that were asked for: the same as `evaluate`, `evaluate_tree` and `check_assertions` make of all
/// facts. A period not kept is filled when it is asked for, from all facts of the pack's types. For
/// one thread; what the directory was at construction stays.
class KeptPack {
 public:
  KeptPack(Pack pack, std::shared_ptr<const World> world,
           const PersistentMap<std::string, Fact>& facts);
  ~KeptPack();
  KeptPack(const KeptPack&) = delete;
  KeptPack& operator=(const KeptPack&) = delete;

  [[nodiscard]] const Pack& pack() const { return pack_; }

  /// A record's fact before and after; null where there is none.
  void change(const std::shared_ptr<const Fact>& before, const std::shared_ptr<const Fact>& after);

  std::vector<Figure> figures(const Period& period, const std::optional<std::string>& node);
  TreeFigures tree(const Period& period);
  std::vector<AssertOutcome> assertions(const Period& period,
                                        const std::optional<std::string>& node);

  /// A figure without its lists of facts, as it stands: what the last change made of it.
  Figure figure(const Period& period, const PackIndicator& indicator,
                const std::optional<std::string>& node);

  [[nodiscard]] std::size_t periods_kept() const { return kept_.size(); }

 private:
  class Source;
  struct Kept {
    std::unique_ptr<KeptFigures> figures;
    std::uint64_t asked = 0;
  };
  KeptFigures& kept(const Period& period);
  void forget_old_periods();
  [[nodiscard]] EffectiveFacts effective(const World& world) const;

  const Pack pack_;
  const std::shared_ptr<const World> world_;
  std::map<std::string, std::map<std::string, std::shared_ptr<const Fact>>> facts_;  // type, id
  std::map<std::string, Kept> kept_;  // by name of the period
  std::uint64_t asked_ = 0;
};

}  // namespace hefu
