#include "ledger/bundle/make.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "ledger/cut/anchor.h"
#include "ledger/event/envelope.h"
#include "ledger/log/checkpoint.h"
#include "ledger/merkle/tree.h"

namespace hefu {

namespace {

/// Anchors tried, last first, before a log goes in whole: a log is free to write bad ones.
constexpr std::size_t kAnchorsTriedMax = 8;

struct IndexedEntry {
  std::optional<Event> event;  // none: of a schema this version does not know
  Digest leaf;
};

/// The slices below `size`. None if the index names types this version cannot read.
std::optional<std::vector<TypeSlice>> slices_below(const std::vector<IndexedEntry>& entries,
                                                   std::uint64_t size) {
  LogIndex index;
  for (std::uint64_t i = 0; i < size; ++i) {
    if (!entries[i].event) {
      return std::nullopt;
    }
    index.add(i, *entries[i].event, entries[i].leaf);
  }
  return index.slices();
}

/// The supersession list below `size`, in its order.
std::vector<IndexEntry> corrections_below(const std::vector<IndexedEntry>& entries,
                                          std::uint64_t size) {
  std::vector<IndexEntry> list;
  for (std::uint64_t i = 0; i < size; ++i) {
    if (entries[i].event->supersedes) {
      list.push_back(supersession_entry(*entries[i].event->supersedes, i));
    }
  }
  std::sort(list.begin(), list.end());
  return list;
}

Result<BundleLog> make_log(const Charter& charter, const CutLog& place, const BundleParts& parts,
                           const LogContents& contents) {
  const std::string& origin = place.checkpoint.origin;
  const std::uint64_t size = place.checkpoint.size;
  const auto shown = parse_checkpoint(place.note);
  if (!shown) {
    return shown.error().during("log " + origin);
  }
  const std::uint64_t shown_size = shown->checkpoint.size;
  if (contents.entries.size() < shown_size || shown_size < size) {
    return Error{Errc::kInvalid,
                 "log " + origin + " holds " + std::to_string(contents.entries.size()) +
                     " entries here, the cut needs " + std::to_string(std::max(size, shown_size)),
                 "wait until this node has caught up"};
  }
  const Member* owner = charter.by_origin(origin);
  if (owner == nullptr) {
    return Error{Errc::kInvalid, "log " + origin + " belongs to no member of the charter", ""};
  }
  MemoryTree tree;
  std::vector<std::uint64_t> anchors;
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
      anchors.push_back(i);
    }
    const Digest leaf = leaf_hash(bytes);
    tree.append(leaf);
    entries.push_back(IndexedEntry{event ? std::optional(std::move(*event)) : std::nullopt, leaf});
  }
  for (std::uint64_t i = size; i < shown_size; ++i) {
    tree.append(leaf_hash(contents.entries[i].envelope));
  }
  if (shown_size != size) {
    log.place = BundlePlace{size, place.checkpoint.root, tree.prove_consistency(size, shown_size)};
  }
  if (tree.root(size) != place.checkpoint.root || tree.root(shown_size) != shown->checkpoint.root) {
    return Error{Errc::kCorrupt,
                 "log " + origin + ": its entries do not lead to the root of the cut",
                 "check this node's database with `hefu log verify`"};
  }

  const bool indexed = parts.basis != BundleParts::Basis::kNone;
  std::uint64_t indexed_size = indexed ? 0 : size;
  for (std::size_t tried = 0; indexed && tried < std::min(anchors.size(), kAnchorsTriedMax);
       ++tried) {
    const std::uint64_t at = anchors[anchors.size() - 1 - tried];
    const auto anchor = open_anchor(
        charter, *owner, *decode_envelope(contents.entries[at].envelope), *entries[at].event, at);
    if (!anchor) {
      continue;
    }
    auto slices = slices_below(entries, anchor->indexed_size);
    if (slices && type_index_root(*slices) == anchor->type_index_root) {
      log.anchor = at;
      log.slices = std::move(*slices);
      indexed_size = anchor->indexed_size;
      if (parts.basis == BundleParts::Basis::kCorrections) {
        log.corrections = corrections_below(entries, indexed_size);
      }
      break;
    }
  }
  const auto also = parts.entries.find(origin);
  for (std::uint64_t i = 0; i < size; ++i) {
    const bool named = also != parts.entries.end() && also->second.count(i) == 1;
    const bool whole =
        indexed && entries[i].event && parts.types.count(entries[i].event->type) == 1;
    if (i < indexed_size && !named && !whole && log.anchor != i) {
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
  return make_bundle(charter, cut, claim, BundleParts{BundleParts::Basis::kIndex, types, {}}, logs);
}

Result<Bundle> make_bundle(const Charter& charter, const Cut& cut, const BundleClaim& claim,
                           const BundleParts& parts, std::span<const LogContents> logs) {
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
    auto log = make_log(charter, place, parts, *contents);
    if (!log) {
      return log.error();
    }
    bundle.logs.push_back(std::move(*log));
  }
  return bundle;
}

}  // namespace hefu
