#include "ledger/programme/assert_outcome.h"

#include <algorithm>
#include <set>
#include <utility>

#include "ledger/programme/evaluation.h"
#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

using Value = std::optional<Fraction>;

/// Claimants of an indicator and everything above them: the nodes its figures are shown for.
std::set<std::string> nodes_of(Evaluation& evaluation, const World& world,
                               const PackIndicator& indicator) {
  std::set<std::string> out;
  for (const std::string& claimant : evaluation.claimants(indicator)) {
    const auto line = ancestry(world, claimant);
    out.insert(line.begin(), line.end());
  }
  return out;
}

/// Whether `node` stands right below `parent` (none: below nobody) among `nodes`.
bool is_child(const World& world, const std::set<std::string>& nodes, const std::string& node,
              const std::optional<std::string>& parent) {
  const auto line = ancestry(world, node);
  const auto above = std::find_if(line.begin() + 1, line.end(),
                                  [&](const std::string& one) { return nodes.contains(one); });
  return above == line.end() ? !parent : parent == *above;
}

class Checker {
 public:
  Checker(const Pack& pack, const World& world, Evaluation& evaluation,
          const std::optional<std::string>& node)
      : pack_(pack), world_(world), evaluation_(evaluation), node_(node) {}

  AssertOutcome check(const PackAssert& one) {
    AssertOutcome out;
    out.id = one.id;
    out.severity = one.severity;
    const auto holds = one.formula.holds([&](const Formula::Term& term) {
      auto value = look_up(term);
      if (value) {
        out.detail += (out.detail.empty() ? "" : ", ") + text_of(term) + " = " +
                      (value->has_value() ? (*value)->text() : "na");
      }
      return value;
    });
    if (!holds) {
      out.detail = holds.error().message;
    } else if (!holds->has_value()) {
      out.verdict = AssertVerdict::kNotApplicable;
    } else {
      out.verdict = **holds ? AssertVerdict::kHolds : AssertVerdict::kViolated;
    }
    return out;
  }

 private:
  static std::string text_of(const Formula::Term& term) {
    switch (term.kind) {
      case Formula::Term::Kind::kChildren:
        return "children(" + term.indicator + ")";
      case Formula::Term::Kind::kEarlier:
        return "earlier(" + term.indicator + ", " + std::to_string(term.periods) + ")";
      case Formula::Term::Kind::kFigure:
        break;
    }
    return term.indicator;
  }

  Result<Value> value_of(Evaluation& evaluation, const PackIndicator& indicator,
                         const std::optional<std::string>& node) {
    const Figure& figure = evaluation.figure(indicator, node);
    if (!figure.error.empty()) {
      return Error{Errc::kInvalid, indicator.id + ": " + figure.error, ""};
    }
    return figure.value;
  }

  Result<Value> look_up(const Formula::Term& term) {
    const PackIndicator& indicator = *pack_.find_indicator(term.indicator);
    if (term.kind == Formula::Term::Kind::kChildren) {
      return of_children(indicator);
    }
    if (term.kind == Formula::Term::Kind::kEarlier) {
      const auto period = evaluation_.period().earlier(term.periods);
      return period ? value_of(evaluation_.at(*period), indicator, node_) : Result<Value>(Value());
    }
    return value_of(evaluation_, indicator, node_);
  }

  /// Not applicable where there are no children, and below groups, which are no tree.
  Result<Value> of_children(const PackIndicator& indicator) {
    Value sum;
    if (node_ && world_.groups.contains(*node_)) {
      return sum;
    }
    const auto nodes = nodes_of(evaluation_, world_, indicator);
    for (const std::string& node : nodes) {
      if (!is_child(world_, nodes, node, node_)) {
        continue;
      }
      auto value = value_of(evaluation_, indicator, node);
      if (!value || !value->has_value()) {
        return value;
      }
      auto more = sum.value_or(Fraction()).plus(**value);
      if (!more) {
        return more.error();
      }
      sum = *more;
    }
    return sum;
  }

  const Pack& pack_;
  const World& world_;
  Evaluation& evaluation_;
  const std::optional<std::string>& node_;
};

}  // namespace

const char* name(AssertVerdict verdict) {
  switch (verdict) {
    case AssertVerdict::kHolds:
      return "holds";
    case AssertVerdict::kViolated:
      return "violated";
    case AssertVerdict::kNotApplicable:
      return "n/a";
    case AssertVerdict::kUnknown:
      return "unknown";
  }
  return "";
}

Result<std::vector<AssertOutcome>> check_assertions(const Pack& pack, const World& world,
                                                    const FactList& facts, const Period& period,
                                                    const std::optional<std::string>& node) {
  if (pack.asserts.empty()) {
    return std::vector<AssertOutcome>();
  }
  const auto effective = EffectiveFacts::make(facts, world);
  if (!effective) {
    return effective.error();
  }
  return check_assertions(pack, world, *effective, period, node, nullptr);
}

std::vector<AssertOutcome> check_assertions(const Pack& pack, const World& world,
                                            const EffectiveFacts& facts, const Period& period,
                                            const std::optional<std::string>& node,
                                            KeptSource* kept) {
  std::vector<AssertOutcome> out;
  Evaluation evaluation(pack, world, facts, period, kept);
  Checker checker(pack, world, evaluation, node);
  for (const PackAssert& one : pack.asserts) {
    out.push_back(checker.check(one));
  }
  return out;
}

bool blocks_approval(const std::vector<AssertOutcome>& outcomes) {
  return std::any_of(outcomes.begin(), outcomes.end(), [](const AssertOutcome& one) {
    return one.severity == Severity::kError &&
           (one.verdict == AssertVerdict::kViolated || one.verdict == AssertVerdict::kUnknown);
  });
}

}  // namespace hefu
