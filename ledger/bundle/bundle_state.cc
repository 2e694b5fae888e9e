#include "ledger/bundle/bundle_state.h"

#include <vector>

#include "ledger/log/checkpoint.h"

namespace hefu {

Result<LedgerState> bundle_state(const Bundle& bundle) {
  const auto charter = parse_charter(bundle.charter);
  if (!charter) {
    return charter.error();
  }
  Cut cut;
  std::vector<LogContents> logs;
  for (const BundleLog& log : bundle.logs) {
    const auto head = parse_checkpoint(log.checkpoint);
    if (!head) {
      return head.error().during("log " + log.origin);
    }
    cut.logs.push_back({head->checkpoint, log.checkpoint});
    LogContents contents{log.origin, head->checkpoint.size, {}};
    for (const BundleEntry& entry : log.entries) {
      contents.entries.push_back({entry.index, entry.envelope});
    }
    logs.push_back(std::move(contents));
  }
  cut.missing = bundle.missing;
  return build_state(*charter, cut, logs, nullptr);
}

}  // namespace hefu
