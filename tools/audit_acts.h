#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

// What the parties of an audit record: the auditor, those who commit to secrets with it, the
// institutions audited, the authority. Each as the member of the home, with the key of a role.

/// `hefu audit secret`: makes a secret to be committed to; prints the commitment.
struct AuditSecret {
  std::string out;
};
int run(Context& context, const AuditSecret& options);

/// `hefu audit open FORM`: takes on an engagement.
struct AuditOpen {
  std::string form, role = "registrar";
};
int run(Context& context, const AuditOpen& options);

/// `hefu audit plan ENGAGEMENT FORM`: fixes what will be looked at.
struct AuditPlanAct {
  std::string engagement, form, role = "registrar";
};
int run(Context& context, const AuditPlanAct& options);

/// `hefu audit cut ENGAGEMENT`: fixes the logs, or agrees to what another party fixed.
struct AuditCutCommand {
  std::string engagement, role = "registrar";
};
int run(Context& context, const AuditCutCommand& options);

/// `hefu audit reveal ENGAGEMENT`: shows one's secret and says what the beacon was.
struct AuditRevealCommand {
  std::string engagement, secret, beacon, role = "registrar";
  bool fallback = false;
};
int run(Context& context, const AuditRevealCommand& options);

/// `hefu audit request ENGAGEMENT`: asks for the evidence of items.
struct AuditRequestCommand {
  std::string engagement, due_on, asks_for, role = "registrar";
  std::vector<std::string> items;  ///< empty: whatever of the sample is open
};
int run(Context& context, const AuditRequestCommand& options);

/// `hefu audit provide REQUEST`: answers it, or refuses to.
struct AuditProvide {
  std::string request, remark, refuse, role = "registrar";
  std::vector<std::string> documents, items;  ///< no items: all that were asked for
};
int run(Context& context, const AuditProvide& options);

/// `hefu audit test ENGAGEMENT`: what one item, or a file of them, showed.
struct AuditTestCommand {
  std::string engagement, stratum, item, procedure = "inspect", result, paper, remark, file;
  int misstated = 1000;
  std::string role = "registrar";
};
int run(Context& context, const AuditTestCommand& options);

/// `hefu audit finding ENGAGEMENT`.
struct AuditFindingCommand {
  std::string engagement, to, rule, text, severity = "major", role = "registrar";
  std::vector<std::string> items;
  std::int64_t amount = 0;
  bool exclude = false, pattern = false;
};
int run(Context& context, const AuditFindingCommand& options);

/// `hefu audit answer FINDING`.
struct AuditAnswer {
  std::string finding, position, text, role = "registrar";
};
int run(Context& context, const AuditAnswer& options);

/// `hefu audit conclude FINDING RULING`.
struct AuditConclude {
  std::string finding, ruling, reason, role = "registrar";
};
int run(Context& context, const AuditConclude& options);

/// `hefu audit close FINDING`.
struct AuditClose {
  std::string finding, remark, role = "registrar";
};
int run(Context& context, const AuditClose& options);

/// `hefu audit statement ENGAGEMENT`.
struct AuditStatement {
  std::string engagement, opinion, level, basis, role = "registrar";
  std::vector<std::string> exceptions, limitations;
};
int run(Context& context, const AuditStatement& options);

/// `hefu audit withdraw STATEMENT`.
struct AuditWithdraw {
  std::string statement, reason, role = "registrar";
};
int run(Context& context, const AuditWithdraw& options);

}  // namespace hefu
