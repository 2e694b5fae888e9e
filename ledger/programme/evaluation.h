#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/programme/claim.h"
#include "ledger/programme/figure.h"
#include "ledger/programme/quantity.h"
#include "ledger/programme/selection.h"
#include "ledger/programme/verdict.h"

namespace hefu {

/// Figures of one pack and period that are kept up to date elsewhere, of indicators measured on
/// facts. What it does not keep is computed.
class KeptSource {
 public:
  KeptSource() = default;
  virtual ~KeptSource() = default;
  KeptSource(const KeptSource&) = delete;
  KeptSource& operator=(const KeptSource&) = delete;

  /// As `figure_of_scope` gives it; nothing if it is not kept.
  virtual std::optional<Figure> figure(const PackIndicator& indicator,
                                       const std::optional<std::string>& node) = 0;
  /// Everybody who claims what the indicator counts; nothing if that is not kept.
  virtual std::optional<std::set<std::string>> claimants(const PackIndicator& indicator) = 0;
  /// The same of another period; null if there is none.
  virtual KeptSource* at(const Period& period) = 0;
};

/// One pack asked about one period, by the organisation directory as it was at its end: selects
/// each rule's facts once and answers for any node. The parts of the public functions in
/// evaluate.h. Everything passed in must outlive it.
class Evaluation {
 public:
  using Node = std::optional<std::string>;

  Evaluation(const Pack& pack, const World& world, const EffectiveFacts& facts, Period period,
             KeptSource* kept = nullptr);

  /// The figure of one indicator; what cannot be computed is in its `error`.
  const Figure& figure(const PackIndicator& indicator, const Node& node);

  /// Everybody who claims anything this indicator counts.
  std::set<std::string> claimants(const PackIndicator& indicator);

  /// The same pack over the same facts, asked about another period.
  Evaluation& at(const Period& period);
  [[nodiscard]] const Period& period() const { return period_; }

  /// Drops computed figures (not selections): for callers that walk many nodes.
  void forget_figures() {
    figures_.clear();
    for (auto& [name, other] : periods_) {
      other->forget_figures();
    }
  }

 private:
  using Candidates = std::vector<CandidateFact>;

  Result<Figure> compute(const PackIndicator& indicator, const Node& node);
  Result<Figure> from_facts(const PackIndicator& indicator, const Node& node);
  Result<Figure> from_ratio(const PackIndicator& indicator, const Node& node);
  Result<Figure> from_years(const PackIndicator& indicator, const Node& node);
  Result<Figure> from_narrative(const PackIndicator& indicator, const Node& node);
  Result<Figure> from_total(const PackIndicator& indicator, const Node& node);
  Result<Figure> from_earlier(const PackIndicator& indicator, const Node& node);
  Result<Figure> from_periods(const PackIndicator& indicator, const Node& node);
  Result<Figure> from_share(const PackIndicator& indicator, const Node& node);
  Result<Figure> from_absent(const PackIndicator& indicator, const Node& node);

  /// A rule's facts, before any node is looked at.
  struct Selection {
    Candidates all;
    /// Indexes in `all` by claimant, for each attribute asked about: a node's facts are found
    /// without looking at the others.
    std::map<std::string, std::map<std::string, std::vector<std::size_t>>> by_claimant;

    /// Those a node covers, in order.
    std::vector<const CandidateFact*> covered(const FieldPath& attribute, const NodeFilter& filter);
  };

  /// The facts of an indicator that is measured on facts.
  Result<Selection*> selected(const PackIndicator& indicator);
  Result<Selection*> selected_set(const PackSet& set);
  /// The facts of a share's test, by the member they are about, times not yet checked.
  using ByMember = std::map<std::string, Candidates>;
  Result<const ByMember*> selected_test(const ShareRule& share, const MemberTest& test);
  /// A member's value under a test.
  Result<Quantity> measure_member(const MemberTest& test, const Fact& representative,
                                  Candidates& own, Figure& out);
  /// Those in a node's scope, with in_set and subset_of applied.
  Result<Candidates> in_scope(const PackIndicator& indicator, const Node& node);
  Result<std::set<std::string>> set_keys(const PackSet& set, const RollupRule& rollup,
                                         const Node& node);
  /// What the indicator names to stand beside it.
  std::vector<OtherFigure> others_beside(const PackIndicator& indicator, const Node& node);
  /// The organisation directory as facts whose `org` is the entry.
  const std::vector<Fact>& directory();

  KeptSource* kept_;
  std::unique_ptr<const World>
      as_of_;  // the directory at the end of the period, if it ever changed
  Question question_;
  Period period_;
  std::map<std::string, Selection> selected_;      // by indicator id
  std::map<std::string, Selection> selected_set_;  // by set id
  std::map<const MemberTest*, ByMember> selected_test_;
  std::map<std::pair<std::string, Node>, Figure> figures_;
  std::map<std::string, std::unique_ptr<Evaluation>> periods_;  // other ones, by name
  std::vector<Fact> directory_;
};

/// The figure of the facts in scope of an indicator that is measured on facts, for a node: value,
/// units, ladder and what was left out. Of shared achievements (every credit but recompute) the
/// scope is that of the whole programme. Marks what the measure leaves out.
Result<Figure> figure_of_scope(const Question& question, const PackIndicator& indicator,
                               std::vector<CandidateFact>& scope, const NodeFilter& filter);

/// The keys of a set of directory entries, the same for every node.
Result<std::set<std::string>> directory_keys(const Question& question, const PackSet& set);

/// Pointers to the candidates that count.
std::vector<const CandidateFact*> counted_of(const std::vector<CandidateFact>& candidates);

/// Sets left_out where a fact's key lacks from `keys` (not `inside`: where it is among them).
void restrict_to(std::vector<CandidateFact>& candidates, const std::set<std::string>& keys,
                 bool inside = true);

/// How a population of the directory is rolled up: by its entries themselves, as they are at the
/// period's end, whoever claims the facts.
RollupRule rollup_for(const PackSet& set, const RollupRule& rollup);

}  // namespace hefu
