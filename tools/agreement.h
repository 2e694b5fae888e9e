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

/// `hefu agreement show [ID]`: its versions, who has signed, and what is proven; without an id, all
/// agreements this node knows.
struct AgreementShow {
  std::string id;
};
int run(Context& context, const AgreementShow& options);

}  // namespace hefu
