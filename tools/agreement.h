#pragma once

#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu agreement propose`: proposes terms and signs them for one's own side.
struct AgreementPropose {
  std::string kind, title;
  std::vector<std::string> parties;  ///< besides oneself
  std::string valid_from, valid_to;
  std::string sign_by;    ///< date; empty: seven days from today
  std::string text_file;  ///< the document; its hash goes into the log, itself does not
  std::string base;       ///< id of the version this one replaces
  std::string agreement;  ///< id of the agreement, for a further version
  std::int64_t attempt = 1;
  std::int64_t notice_days = 30;
  std::int64_t quorum = 0;            ///< how many of the parties must sign; 0: all
  std::vector<std::string> required;  ///< parties that must be among them
  std::int64_t faulty = 0;            ///< parties whose logs may fork although witnesses dated them
  std::string arbiter;                ///< who decides objections; empty: the authority
  std::int64_t dispute_days = -1;     ///< for objections; below 0: no end
  std::int64_t renew_months = 0;      ///< renews itself by so much; 0: not
  std::int64_t renewal_notice_days = 30;
  std::int64_t renewals_max = 0;        ///< 0: as the ledger bounds it
  std::string renewal_of;               ///< the agreement this one renews
  std::vector<std::string> succession;  ///< events by which successors sign for parties of the base
  std::vector<std::string> programmes;
  bool no_sign = false;
};
int run(Context& context, const AgreementPropose& options);

/// `hefu agreement countersign ID`: signs a version; firm until its sign_by.
struct AgreementCountersign {
  std::string id;
  std::string version;  ///< empty: the only open one
  bool yes = false;     ///< do not ask
};
int run(Context& context, const AgreementCountersign& options);

/// `hefu agreement decline ID`.
struct AgreementDecline {
  std::string id, version, reason;
};
int run(Context& context, const AgreementDecline& options);

/// `hefu agreement terminate ID`: gives notice.
struct AgreementTerminate {
  std::string id, version, effective_on, reason;
};
int run(Context& context, const AgreementTerminate& options);

/// The other acts: `hefu agreement stop-renewal | repudiate | dispute | respond | rule | succeed |
/// seen ID`. Which of the fields are used depends on the type.
struct AgreementAct {
  std::string type;  ///< of the event, set by the command
  std::string id, version;
  std::string target;  ///< what is disputed, repudiated, answered or decided; empty: the version
  std::string text;    ///< claim, answer, reason or remark
  std::string ruling, effective_on;
  std::string predecessor, successor;
};
int run(Context& context, const AgreementAct& options);

/// `hefu agreement show [ID]`: its versions, who has signed, and what is proven; without an id, all
/// agreements this node knows.
struct AgreementShow {
  std::string id;
};
int run(Context& context, const AgreementShow& options);

}  // namespace hefu
