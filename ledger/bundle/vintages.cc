#include "ledger/bundle/vintages.h"

#include <algorithm>
#include <string>

#include "ledger/closing/closings.h"
#include "ledger/closing/difference.h"

namespace hefu {

namespace {

using Outcome = BundleCheck::Outcome;

/// Figures named in one line.
constexpr std::size_t kListed = 12;

/// The bundle's events of the logs of a cut, as far as it reaches. Errors: kNotFound (a log).
Result<std::vector<LogContents>> contents_at(const Bundle& bundle, const Cut& cut) {
  std::vector<LogContents> contents;
  for (const CutLog& place : cut.logs) {
    const auto log =
        std::find_if(bundle.logs.begin(), bundle.logs.end(),
                     [&](const BundleLog& one) { return one.origin == place.checkpoint.origin; });
    if (log == bundle.logs.end()) {
      return Error{Errc::kNotFound, "log " + place.checkpoint.origin + " is not in the bundle", ""};
    }
    LogContents& one = contents.emplace_back();
    one.origin = log->origin;
    one.size = place.checkpoint.size;
    for (const BundleEntry& entry : log->entries) {
      if (entry.index < one.size) {
        one.entries.push_back({entry.index, entry.envelope});
      }
    }
  }
  return contents;
}

/// How the figures of the bundle differ from frozen ones: the list an auditor asks for first.
std::string since_then(const Bundle& bundle, const LedgerState& past, const LedgerState& state,
                       const ClosingScope& scope) {
  const auto found = differences(
      past, state,
      {scope.pack, scope.pack_digest, scope.pack_digest, scope.period, bundle.claim.node});
  if (!found) {
    return "";
  }
  std::string text;
  std::size_t listed = 0;
  std::size_t changed = 0;
  for (const FigureDifference& one : *found) {
    if (!one.value_changed || ++changed > kListed) {
      continue;
    }
    ++listed;
    text += (listed == 1 ? "; since then: " : ", ") + one.indicator + " " +
            one.before.value_or("—") + " → " + one.after.value_or("—");
  }
  if (changed > listed) {
    text += " and " + std::to_string(changed - listed) + " more";
  }
  return changed == 0 ? "; nothing has changed them since" : text;
}

BundleCheck recompute(const Bundle& bundle, const Charter& founding, const LedgerState& state,
                      const JudgedClosing& closing, const CutProposal& proposal) {
  const ClosingScope& scope = closing.closing.scope;
  const std::string subject =
      "vintage " + std::to_string(closing.closing.vintage) + " of " + scope.period;
  const std::string closed = "closed by " + closing.act.by + " on " + closing.act.on.text() +
                             " at cut " + scope.cut.hex() + ", as of " + proposal.as_of.text();
  if (scope.pack_digest != bundle.claim.pack_digest) {
    return {Outcome::kUnchecked, subject,
            closed + ": with another version of the pack, whose events may not all be here"};
  }
  const Cut cut = proposal.cut();
  const auto contents = contents_at(bundle, cut);
  const auto past = contents
                        ? build_state(founding, cut, *contents, nullptr, &state.governance->charter)
                        : Result<LedgerState>(contents.error());
  const auto tree = past ? figure_tree(*past, scope.pack, scope.pack_digest, scope.period)
                         : Result<FigureTree>(past.error());
  if (!tree) {
    return {Outcome::kUnchecked, subject, closed + ": not recomputed: " + tree.error().message};
  }
  if (tree->digest() != closing.closing.figures) {
    return {Outcome::kBad, subject,
            closed + ": the figures it froze are not those that the events up to its cut give"};
  }
  return {Outcome::kGood, subject,
          closed + ": its figures are those that the events up to its cut give" +
              since_then(bundle, *past, state, scope)};
}

}  // namespace

std::vector<BundleCheck> check_vintages(const Bundle& bundle, const Charter& founding,
                                        const LedgerState& state) {
  const Closings closings = fold_closings(state.events, state.governance->charter, {});
  const std::string pack = bundle.claim.pack.substr(0, bundle.claim.pack.find('/'));
  std::vector<BundleCheck> checks;
  for (const JudgedClosing* closing : closings.vintages(pack, bundle.claim.period)) {
    const CutProposal& proposal = closings.cuts.at(closing->closing.scope.proposal).proposal;
    checks.push_back(recompute(bundle, founding, state, *closing, proposal));
  }
  if (!checks.empty()) {
    checks.push_back({Outcome::kUnchecked, "the bundle's own figures",
                      "are those of its cut, which may hold more than the last vintage froze"});
  }
  return checks;
}

}  // namespace hefu
