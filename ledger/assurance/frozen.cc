#include "ledger/assurance/frozen.h"

#include <algorithm>
#include <string>

#include "ledger/log/checkpoint.h"
#include "ledger/merkle/compact_range.h"
#include "ledger/merkle/tree.h"

namespace hefu {

namespace {

Error broken(const std::string& origin, const std::string& what) {
  return Error{Errc::kUnverified, "log " + origin + " " + what, ""};
}

Result<LogContents> up_to(const CutLog& place, std::span<const LogContents> logs) {
  const std::string& origin = place.checkpoint.origin;
  const auto found = std::find_if(logs.begin(), logs.end(),
                                  [&](const LogContents& log) { return log.origin == origin; });
  if (found == logs.end() || found->entries.size() < place.checkpoint.size) {
    return broken(origin, "is not here up to the " + std::to_string(place.checkpoint.size) +
                              " entries of the cut");
  }
  LogContents out{origin, place.checkpoint.size, {}};
  CompactRange range;
  for (std::uint64_t i = 0; i < place.checkpoint.size; ++i) {
    if (found->entries[i].index != i) {
      return broken(origin, "lacks entry " + std::to_string(i));
    }
    range.append(leaf_hash(found->entries[i].envelope));
    out.entries.push_back(found->entries[i]);
  }
  if (range.root() != place.checkpoint.root) {
    return broken(origin, "does not lead to the root that the cut names");
  }
  return out;
}

}  // namespace

Result<LedgerState> frozen_state(const Charter& founding, const Cut& cut,
                                 std::span<const LogContents> logs) {
  std::vector<LogContents> frozen;
  for (const CutLog& place : cut.logs) {
    auto log = up_to(place, logs);
    if (!log) {
      return log.error();
    }
    frozen.push_back(std::move(*log));
  }
  auto state = build_state(founding, cut, frozen, nullptr);
  if (!state) {
    return state.error().during("the logs at cut " + cut.id().hex());
  }
  for (const Member* owner : state->governance->charter.log_owners()) {
    const bool missing =
        std::find(cut.missing.begin(), cut.missing.end(), owner->origin) != cut.missing.end();
    if (!missing && cut.log(owner->origin) == nullptr) {
      return broken(owner->origin, "is neither in the cut nor listed as missing there");
    }
  }
  return state;
}

Result<std::vector<LogContents>> logs_in(const Bundle& bundle) {
  std::vector<LogContents> logs;
  for (const BundleLog& log : bundle.logs) {
    const auto head = parse_checkpoint(log.checkpoint);
    if (!head) {
      return head.error().during("log " + log.origin);
    }
    LogContents contents{log.origin, head->checkpoint.size, {}};
    for (const BundleEntry& entry : log.entries) {
      contents.entries.push_back({entry.index, entry.envelope});
    }
    logs.push_back(std::move(contents));
  }
  return logs;
}

}  // namespace hefu
