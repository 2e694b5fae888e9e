#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu log show MEMBER`: the latest cosigned checkpoint of a log.
struct LogShow {
  std::string member;
};
int run(Context& context, const LogShow& options);

/// `hefu log verify MEMBER`: downloads a whole log as tlog-tiles and checks everything: the log's
/// signature, the witnesses' quorum, every hash up to the root, every event's signature.
struct LogVerify {
  std::string member;
  std::string charter;  ///< charter file to trust; empty: the home's
};
int run(Context& context, const LogVerify& options);

/// `hefu node status`.
struct NodeStatus {
  bool settled = false;  ///< succeed only if every log is here, cosigned and indexed
};
int run(Context& context, const NodeStatus& options);

}  // namespace hefu
