#include "ledger/bundle/bundle_state.h"

#include <vector>

#include "ledger/log/checkpoint.h"

namespace hefu {

Result<LedgerState> bundle_state(const Bundle& bundle) {
  if (bundle.level != 2) {
    return Error{
        Errc::kInvalid,
        "a bundle of level " + std::to_string(bundle.level) +
            " holds a part of the events alone: nothing follows from it but what it claims",
        "use one of level 2 or 4: `hefu bundle export`"};
  }
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
    Checkpoint place = head->checkpoint;
    if (log.place) {
      place.size = log.place->size;
      place.root = log.place->root;
    }
    cut.logs.push_back({place, log.checkpoint});
    LogContents contents{log.origin, place.size, {}};
    for (const BundleEntry& entry : log.entries) {
      contents.entries.push_back({entry.index, entry.envelope});
    }
    logs.push_back(std::move(contents));
  }
  cut.missing = bundle.missing;
  return build_state(*charter, cut, logs, nullptr);
}

}  // namespace hefu
