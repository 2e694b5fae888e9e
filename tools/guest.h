#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu guest invite`: introduces a guest by a one-time link, which asks it about a record.
struct GuestInvite {
  std::string record, party, name, checked_by;
  std::int64_t valid_days = 14;  ///< how long the link is open
  std::int64_t key_days = 365;   ///< how long the guest's key is good for
  std::string public_url;        ///< under which the guest reaches this node; empty: the node's own
  std::string out;               ///< request file for a guest without network; empty: none
};
int run(Context& context, const GuestInvite& options);

/// `hefu guest admit`: introduces the key a guest has.
struct GuestAdmit {
  std::string party, name, checked_by;
  std::string key;         ///< base64, or a file with a key
  std::string valid_from;  ///< empty: today
  std::int64_t key_days = 365;
};
int run(Context& context, const GuestAdmit& options);

/// `hefu guest revoke ADMISSION`.
struct GuestRevoke {
  std::string admission, reason;
  std::string last_day;  ///< last day that counts; empty: yesterday
};
int run(Context& context, const GuestRevoke& options);

/// `hefu guest list`: who introduced whom, and what contradicts it.
struct GuestList {
  std::string party;
};
int run(Context& context, const GuestList& options);

/// `hefu guest submit FILE`: the host records an answer made offline.
struct GuestSubmit {
  std::string file, out;
};
int run(Context& context, const GuestSubmit& options);

/// What a guest decides about what it is shown.
struct GuestDecision {
  bool confirm = false, reject = false;
  std::string text;  ///< remark or reason
};

/// `hefu guest key`: makes the guest's key file.
struct GuestKeyNew {
  std::string folder, party;
};
int run(Context& context, const GuestKeyNew& options);

/// `hefu guest open LINK|FILE`.
struct GuestOpen {
  std::string folder, link, charter;
  std::string out;  ///< answer file instead of sending
  std::int64_t wait = 30;
  GuestDecision decision;
};
int run(Context& context, const GuestOpen& options);

/// `hefu guest countersign RECORD`: with a key that the node's member has introduced.
struct GuestCountersign {
  std::string folder, record, charter;
  std::int64_t wait = 30;
  GuestDecision decision;
};
int run(Context& context, const GuestCountersign& options);

/// `hefu guest history`: what any node holds in the guest's name.
struct GuestHistory {
  std::string folder;
};
int run(Context& context, const GuestHistory& options);

/// `hefu guest receipt verify FILE`.
struct GuestReceiptVerify {
  std::string file, charter, out;
};
int run(Context& context, const GuestReceiptVerify& options);

/// `hefu guest receipt judge FILE`: verifies a proof that an event was dropped.
struct GuestDropVerify {
  std::string file, charter;
};
int run(Context& context, const GuestDropVerify& options);

}  // namespace hefu
