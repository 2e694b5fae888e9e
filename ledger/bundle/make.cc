#include "ledger/bundle/make.h"

#include <algorithm>
#include <optional>

#include "ledger/cut/anchor.h"
#include "ledger/event/envelope.h"
#include "ledger/merkle/tree.h"

namespace hefu {

namespace {

struct IndexedEntry {
  std::optional<Event> event;  // none: of a schema this version does not know
  Digest leaf;
};

Result<BundleLog> make_log(const CutLog& place, const std::set<std::string>& types,
                           const LogContents& contents) {
  const std::string& origin = place.checkpoint.origin;
  const std::uint64_t size = place.checkpoint.size;
  if (contents.entries.size() < size) {
    return Error{Errc::kInvalid,
                 "log " + origin + " holds " + std::to_string(contents.entries.size()) +
                     " entries here, the cut needs " + std::to_string(size),
                 "wait until this node has caught up"};
  }
  MemoryTree tree;
  std::vector<IndexedEntry> entries;
  entries.reserve(size);
  BundleLog log;
  log.origin = origin;
  log.checkpoint = place.note;
  for (std::uint64_t i = 0; i < size; ++i) {
    const BytesView bytes = contents.entries[i].envelope;
    auto envelope = decode_envelope(bytes);
    if (!envelope) {
      return envelope.error().during("log " + origin + " entry " + std::to_string(i));
    }
    auto event = decode_event(envelope->event);
    if (!event && event.error().code != Errc::kUnsupported) {
      return event.error().during("log " + origin + " entry " + std::to_string(i));
    }
    if (event && event->type == kAnchorType) {
      log.anchor = i;
    }
    const Digest leaf = leaf_hash(bytes);
    tree.append(leaf);
    entries.push_back(IndexedEntry{event ? std::optional(std::move(*event)) : std::nullopt, leaf});
  }
  if (tree.root(size) != place.checkpoint.root) {
    return Error{Errc::kCorrupt,
                 "log " + origin + ": its entries do not lead to the root of the cut",
                 "check this node's database with `hefu log verify`"};
  }

  std::uint64_t indexed_size = 0;
  if (log.anchor) {
    const Value* field = entries[*log.anchor].event->field("indexed_size");
    if (field == nullptr || field->integer() == nullptr || *field->integer() < 0 ||
        static_cast<std::uint64_t>(*field->integer()) > *log.anchor) {
      return Error{Errc::kInvalid, "log " + origin + ": its last anchor is malformed", ""};
    }
    indexed_size = static_cast<std::uint64_t>(*field->integer());
  }
  // The index names the types of events this version cannot read, so it cannot be made again here:
  // such a log goes in whole.
  if (std::any_of(entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(indexed_size),
                  [](const IndexedEntry& entry) { return !entry.event; })) {
    log.anchor.reset();
    indexed_size = 0;
  }
  if (log.anchor) {
    LogIndex index;
    for (std::uint64_t i = 0; i < indexed_size; ++i) {
      index.add(i, *entries[i].event, entries[i].leaf);
    }
    log.slices = index.slices();
  }
  for (std::uint64_t i = 0; i < size; ++i) {
    if (i < indexed_size && types.count(entries[i].event->type) == 0) {
      continue;
    }
    BundleEntry entry;
    entry.index = i;
    entry.envelope = to_bytes(contents.entries[i].envelope);
    entry.proof = tree.prove_inclusion(i, size);
    log.entries.push_back(std::move(entry));
  }
  return log;
}

}  // namespace

Result<Bundle> make_bundle(const Charter& charter, const Cut& cut, const BundleClaim& claim,
                           const std::set<std::string>& types, std::span<const LogContents> logs) {
  Bundle bundle;
  bundle.charter = charter.note;
  bundle.claim = claim;
  bundle.missing = cut.missing;
  for (const CutLog& place : cut.logs) {
    const auto contents = std::find_if(logs.begin(), logs.end(), [&](const LogContents& log) {
      return log.origin == place.checkpoint.origin;
    });
    if (contents == logs.end()) {
      return Error{Errc::kInvalid, "log " + place.checkpoint.origin + " of the cut is not at hand",
                   ""};
    }
    auto log = make_log(place, types, *contents);
    if (!log) {
      return log.error();
    }
    bundle.logs.push_back(std::move(*log));
  }
  return bundle;
}

}  // namespace hefu
