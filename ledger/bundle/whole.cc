#include "ledger/bundle/whole.h"

#include <algorithm>

#include "ledger/log/checkpoint.h"
#include "ledger/merkle/memory_tree.h"

namespace hefu {

Result<Bundle> make_whole(const Bundle& bundle, std::span<const LogContents> logs) {
  if (bundle.level != 2) {
    return Error{Errc::kInvalid,
                 "a bundle of level " + std::to_string(bundle.level) + " is about one figure alone",
                 "export one of level 2, or 4"};
  }
  Bundle whole = bundle;
  for (BundleLog& log : whole.logs) {
    const auto head = parse_checkpoint(log.checkpoint);
    if (!head) {
      return head.error().during("log " + log.origin);
    }
    const Checkpoint& shown = head->checkpoint;
    const std::uint64_t size = log.place ? log.place->size : shown.size;
    const auto contents = std::find_if(
        logs.begin(), logs.end(), [&](const LogContents& one) { return one.origin == log.origin; });
    if (contents == logs.end() || contents->entries.size() < shown.size) {
      return Error{Errc::kInvalid,
                   "log " + log.origin + " is not here as far as the bundle reaches",
                   "ask a node that holds the whole log"};
    }
    MemoryTree tree;
    for (std::uint64_t i = 0; i < shown.size; ++i) {
      tree.append(leaf_hash(contents->entries[i].envelope));
    }
    if (tree.root() != shown.root) {
      return Error{Errc::kCorrupt,
                   "log " + log.origin + ": its entries do not lead to the root of its checkpoint",
                   "ask another member's node"};
    }
    log.anchor.reset();
    log.slices.clear();
    log.entries.clear();
    for (std::uint64_t i = 0; i < size; ++i) {
      log.entries.push_back(
          {i, to_bytes(contents->entries[i].envelope), tree.prove_inclusion(i, size)});
    }
  }
  return whole;
}

bool is_whole(const Bundle& bundle) {
  return bundle_level(bundle) == 4;
}

}  // namespace hefu
