#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/sql/condition.h"
#include "ledger/sql/dialect.h"
#include "ledger/sql/term.h"

namespace hefu {

/// One query in the making: named steps (common table expressions), each of which reads the tables
/// and the steps before it. The parts of the public functions in compile.h. The pack must outlive
/// it.
///
/// Steps that hold facts have a row for each fact (under `each`: for each element, told apart by
/// `pos`) and the columns id, pos, k1 … kn (the key), why (the reason it is left out, NULL if it
/// counts), day (the business date), and what is picked below.
class PackQuery {
 public:
  PackQuery(const Pack& pack, std::optional<std::string> node, SqlDialect dialect)
      : pack_(pack), node_(std::move(node)), dialect_(dialect) {}

  /// Adds the steps of an indicator's figure; gives the name of the last one, a single row with
  /// status (value, na or error), num, den and txt (of narratives).
  std::string figure(const PackIndicator& indicator, const Period& period);
  /// Adds the step of an assertion, a single row with verdict. Nothing where the formula asks for
  /// the children of a node: which those are is known only from the data.
  std::optional<std::string> assertion(const PackAssert& one, const Period& period);

  /// WITH … up to here, to be followed by a SELECT.
  [[nodiscard]] std::string steps() const;

 private:
  /// What a selection is to have besides the columns every step of facts has.
  struct Picks {
    std::optional<FieldPath> claim;        ///< claim and claim_items: who claims it
    std::optional<QuantityRule> quantity;  ///< num, den; person; start_day and end_day
    std::optional<FieldPath> who;          ///< whom a population or a test is about
    bool who_is_organisation = false;
    std::optional<FieldPath> anchor;      ///< anchor: a day
    std::optional<FieldPath> den_anchor;  ///< den_anchor: that of a ratio's second side
    const RollupRule* shared = nullptr;   ///< lead, lead_items, shares
    bool any_time = false;  ///< the time window is applied later; time_day is what it asks for
    bool text = false;      ///< quantity is a narrative: txt
    int max_chars = 0;      ///< of a narrative
  };
  /// A step of facts and how many fields its key has.
  struct Rows {
    std::string name;
    std::size_t keys = 0;
  };

  struct Step {
    std::string comment, name;
    std::string columns;  ///< named by a recursive step alone
    std::string body;     ///< of a recursive step, kItself stands for its own name
  };

  std::string add(const std::string& base, const std::string& what, const std::string& body,
                  const std::string& columns = "");
  std::string period_step(const Period& period);
  /// first_day and last_day of a rule's window; of an anchored one, the period.
  std::string window_step(const TimeRule& time, const Period& period);

  // pack_query_select.cc: which facts.
  Rows select(const std::string& base, const FactRule& rule,
              const std::optional<Expression>& narrow, const Period& period, const Picks& picks);
  Rows select_directory(const std::string& base, const FactRule& rule,
                        const std::optional<Expression>& narrow, const Period& period,
                        const Picks& picks);
  Rows select_set(const PackSet& set, const Period& period, const Picks& picks);
  std::string time_condition(const TimeRule& rule, bool interval, const std::string& day,
                             const std::string& row, const std::string& first,
                             const std::string& last) const;
  std::string passes_join(const JoinRule& join, const Period& period, SqlScope& scope,
                          const SqlPeriod& days);
  std::string columns_of(const Picks& picks, SqlScope& scope, std::string* unusable) const;

  // pack_query_scope.cc: which of them for the node.
  /// Who claims each row: id, pos, day, org.
  std::string claims(const Rows& rows, const Period& period);
  /// Organisations (of a step with column org and, if `by_day`, day) with everything above them:
  /// org, day, above.
  std::string line(const std::string& orgs, const std::string& day, const Period& period);
  /// Of the claims, those that belong to the node.
  std::string inside(const std::string& claims, const RollupRule& rollup, const Period& period);
  Rows scope(const PackIndicator& indicator, const Period& period, bool whole);
  Rows set_keys(const PackSet& set, const RollupRule& rollup, const Period& period, bool whole);
  static Picks picks_of(const PackIndicator& indicator);

  // pack_query_measure.cc: what they amount to. `group`: the columns rows are grouped by, may be
  // empty. All give the group's columns, num, den and bad (1: claims conflict and may not).
  std::string measure(const QuantityRule& rule, const Rows& rows, const std::string& group,
                      const std::string& credit, const std::string& about);
  std::string measure_person_time(const QuantityRule& rule, const Rows& rows,
                                  const std::string& group, const std::string& about);
  std::string unit_values(const QuantityRule& rule, const Rows& rows, const std::string& group);
  /// The part of each key that falls to the node: k1 … kn, part_num, part_den.
  std::string credit(const PackIndicator& indicator, const Rows& rows, const Period& period);
  /// num and den, in lowest terms, of a step with several fractions to be added up.
  std::string folded(const std::string& parts, const std::string& about);

  // pack_query_figure.cc
  std::string compute(const PackIndicator& indicator, const Period& period);
  std::string from_facts(const PackIndicator& indicator, const Period& period);
  std::string from_narrative(const PackIndicator& indicator, const Period& period);
  std::string from_ratio(const PackIndicator& indicator, const Period& period);
  std::string from_total(const PackIndicator& indicator, const Period& period);
  std::string from_years(const PackIndicator& indicator, const Period& period);
  std::string from_earlier(const PackIndicator& indicator, const Period& period);
  std::string from_periods(const PackIndicator& indicator, const Period& period);
  /// The sum (or difference) of two figures.
  std::string sum_of(const std::string& left, const std::string& right, bool add_up);
  /// A figure that is not applicable.
  std::string not_applicable(const PackIndicator& indicator);
  /// A step with status, num and den as a figure: in lowest terms, den > 0.
  std::string reduced(const std::string& base, const std::string& about, const std::string& body);

  // pack_query_members.cc: share and absent.
  std::string from_share(const PackIndicator& indicator, const Period& period);
  std::string test_values(const PackIndicator& indicator, const MemberTest& test,
                          const std::string& members, const std::string& anchor,
                          const Period& period);
  std::string from_absent(const PackIndicator& indicator, const Period& period);
  std::string absent_side(const AbsentRule::Side& side, const std::string& first,
                          const Period& period, const std::string& members);

  [[nodiscard]] std::string exact(const std::string& expression) const {
    return sql_exact(dialect_, expression);
  }

  const Pack& pack_;
  std::optional<std::string> node_;
  SqlDialect dialect_;
  std::vector<Step> steps_;
  std::map<std::string, std::string> known_;  // steps by what they are for
  std::map<std::string, Rows> known_rows_;
};

/// Stands for the name of a recursive step in its own body.
inline constexpr std::string_view kSqlItself = "\x01itself";

/// "k1, k2" with a prefix before each: "s.k1, s.k2".
std::string key_columns(std::size_t keys, const std::string& prefix);
/// "a.k1 = b.k1 AND a.k2 = b.k2".
std::string same_key(std::size_t keys, const std::string& a, const std::string& b);
/// Words joined by commas.
std::string sql_list(const std::vector<std::string>& texts);

}  // namespace hefu
