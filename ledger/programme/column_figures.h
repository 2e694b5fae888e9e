#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/programme/evaluation.h"
#include "ledger/programme/fact_columns.h"

namespace hefu {

/// Facts of a pack in columns, by the types of its rules; shared by the periods asked about.
class PackColumns {
 public:
  /// The facts must outlive it.
  explicit PackColumns(const EffectiveFacts& facts) : facts_(facts) {}
  FactColumns& of(const std::vector<std::string>& types);

 private:
  const EffectiveFacts& facts_;
  std::map<std::set<std::string>, std::unique_ptr<FactColumns>> by_types_;
};

/// Figures by scanning columns, for the measures that most indicators are: count, sum, stock, min
/// and max, credited to whoever claims them (for the whole programme: however credited), under
/// conditions without arithmetic. The same figures as `Evaluation` computes fact by fact; what is
/// not among these is left to it. A condition is asked once for each value that its field takes,
/// where it depends on one field, and of the remaining facts one by one where on several.
class ColumnFigures : public KeptSource {
 public:
  /// Everything must outlive it; `question` as of the period.
  ColumnFigures(const Pack& pack, const World& world, const EffectiveFacts& facts,
                const Period& period, PackColumns& columns);
  ~ColumnFigures() override;

  std::optional<Figure> figure(const PackIndicator& indicator,
                               const std::optional<std::string>& node) override;
  std::optional<std::set<std::string>> claimants(const PackIndicator& indicator) override;
  KeptSource* at(const Period& period) override;

  /// Without the ids of the facts, which take longer to list than to count.
  void without_lists() { lists_ = false; }

 private:
  class Scan;
  Scan* scan_of(const PackIndicator& indicator);

  const World& world_;
  std::unique_ptr<const World> as_of_;
  const Question question_;
  const Period period_;
  PackColumns& columns_;
  bool lists_ = true;
  std::map<const PackIndicator*, std::unique_ptr<Scan>> scans_;  // null: not by columns
  std::map<std::string, std::unique_ptr<ColumnFigures>> periods_;
};

}  // namespace hefu
