#pragma once

#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu cut propose`: fixes how far every log is read, for a programme.
struct CutPropose {
  std::string pack;
  std::string as_of;  ///< YYYY-MM-DD; empty: today
  std::vector<std::string>
      missing;  ///< members to name as missing besides those that do not answer
};
int run(Context& context, const CutPropose& options);

/// `hefu cut cosign PROPOSAL`: after the own node has found the same logs.
struct CutCosign {
  std::string proposal;
};
int run(Context& context, const CutCosign& options);

/// `hefu cut list` and `hefu cut show PROPOSAL`.
struct CutList {};
int run(Context& context, const CutList& options);
struct CutShow {
  std::string proposal;
};
int run(Context& context, const CutShow& options);

/// `hefu cut diff`: what differs between the figures of two cuts.
struct CutDiff {
  std::string pack, period, unit;
  std::string from, to = "present";
};
int run(Context& context, const CutDiff& options);

/// `hefu period close`: one more vintage of a period's figures.
struct PeriodClose {
  std::string pack, period;
  std::string proposal;  ///< empty: the authority's last one that can be used
  std::string reason;
  bool early = false;  ///< before the days of grace are over
  bool dry_run = false;
};
int run(Context& context, const PeriodClose& options);

/// `hefu period show`: vintages, approvals, statements.
struct PeriodShow {
  std::string pack, period;
};
int run(Context& context, const PeriodShow& options);

/// `hefu approval give`: vouches for a unit's figures at a cut.
struct ApprovalGive {
  std::string pack, period, proposal;
  std::string unit;    ///< empty: the institution itself
  bool whole = false;  ///< the whole programme
  std::string role = "reviewer";
};
int run(Context& context, const ApprovalGive& options);

/// `hefu approval withdraw`: takes one back.
struct ApprovalWithdraw {
  std::string approval, reason;
  std::string role = "reviewer";
};
int run(Context& context, const ApprovalWithdraw& options);

/// `hefu approval show`: the chain at a cut.
struct ApprovalShow {
  std::string pack, period, proposal;
};
int run(Context& context, const ApprovalShow& options);

/// `hefu statement sign`: the institution's figures for a period, if they can be reproduced.
struct StatementSign {
  std::string pack, period, proposal;
  std::string figures;  ///< file: what `hefu --json figure show` prints, or {"indicator": value}
};
int run(Context& context, const StatementSign& options);

/// `hefu statement show`.
struct StatementShow {
  std::string pack, period;
};
int run(Context& context, const StatementShow& options);

/// `hefu statement decide`: the authority's recomputation and decision.
struct StatementDecide {
  std::string statement, verdict, reason;
};
int run(Context& context, const StatementDecide& options);

}  // namespace hefu
