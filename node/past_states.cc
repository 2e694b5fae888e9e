#include "node/past_states.h"

#include <algorithm>
#include <string>
#include <vector>

#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/compact_range.h"
#include "node/ended_log.h"

namespace hefu {
namespace {

/// A state holds all records of the federation: a few are enough to compare vintages.
constexpr std::size_t kStatesKept = 3;
/// A tree holds a digest for each organisation.
constexpr std::size_t kTreesKept = 200;

/// The value under a key, moved to the front; null if it is not kept.
template <typename Key, typename Value>
std::shared_ptr<const Value> recall(std::list<std::pair<Key, std::shared_ptr<const Value>>>& kept,
                                    const Key& key) {
  const auto found =
      std::find_if(kept.begin(), kept.end(), [&](const auto& item) { return item.first == key; });
  if (found == kept.end()) {
    return nullptr;
  }
  kept.splice(kept.begin(), kept, found);
  return kept.front().second;
}

template <typename Key, typename Value>
void keep(std::list<std::pair<Key, std::shared_ptr<const Value>>>& kept, const Key& key,
          std::shared_ptr<const Value> value, std::size_t most) {
  kept.emplace_front(key, std::move(value));
  if (kept.size() > most) {
    kept.pop_back();
  }
}

Error not_as_in_cut(const Checkpoint& place, HeldAs held) {
  const std::string where = "log " + place.origin + " at size " + std::to_string(place.size);
  if (held == HeldAs::kDifferent) {
    return Error{Errc::kConflict, where + " has another root here than in the cut",
                 "compare with other members; `hefu fork list` shows proven forks"};
  }
  return Error{Errc::kUnavailable, where + " is not held and witnessed here yet",
               "wait until this node has caught up: `hefu node status`"};
}

}  // namespace

const char* name(HeldAs held) {
  switch (held) {
    case HeldAs::kSame:
      return "same";
    case HeldAs::kBehind:
      return "behind";
    case HeldAs::kDifferent:
      return "different";
    case HeldAs::kNotHeld:
      return "not-held";
  }
  return "";
}

Result<HeldAs> PastStates::compare(const Checkpoint& place) const {
  const Member* owner = charter_.by_origin(place.origin);
  const auto log = store_.known_number(place.origin);
  if (owner == nullptr || !log) {
    return HeldAs::kNotHeld;
  }
  std::uint64_t witnessed = 0;
  if (owner->end) {
    const auto complete = is_complete(store_, *owner);
    if (!complete) {
      return complete.error();
    }
    witnessed = *complete ? owner->end->size : 0;
  } else {
    const auto note = store_.cosigned(*log);
    if (!note) {
      return note.error();
    }
    const auto checkpoint =
        note->empty() ? Result<SignedCheckpoint>(Error{}) : parse_checkpoint(*note);
    witnessed = checkpoint ? checkpoint->checkpoint.size : 0;
  }
  if (witnessed < place.size) {
    return witnessed == 0 ? HeldAs::kNotHeld : HeldAs::kBehind;
  }
  TileNodes nodes(place.size, tile_source(store_, *log));
  const Digest root = CompactRange::from_nodes(place.size, nodes.reader()).root();
  if (nodes.failure()) {
    return *nodes.failure();
  }
  return root == place.root ? HeldAs::kSame : HeldAs::kDifferent;
}

Result<std::shared_ptr<const LedgerState>> PastStates::make(const Cut& cut) const {
  std::vector<std::vector<Bytes>> envelopes;
  envelopes.reserve(cut.logs.size());
  std::vector<LogContents> contents;
  for (const CutLog& log : cut.logs) {
    const Checkpoint& place = log.checkpoint;
    const auto held = compare(place);
    if (!held) {
      return held.error();
    }
    if (*held != HeldAs::kSame) {
      return not_as_in_cut(place, *held);
    }
    std::vector<Bytes>& bytes = envelopes.emplace_back();
    const auto scanned = store_.scan(*store_.known_number(place.origin), 0, place.size,
                                     [&](std::uint64_t, BytesView entry) {
                                       bytes.push_back(to_bytes(entry));
                                       return true;
                                     });
    if (!scanned) {
      return scanned.error();
    }
    LogContents& whole = contents.emplace_back();
    whole.origin = place.origin;
    whole.size = place.size;
    for (std::uint64_t index = 0; index < bytes.size(); ++index) {
      whole.entries.push_back({index, bytes[index]});
    }
  }
  auto state = build_state(founding_, cut, contents, nullptr, &charter_);
  if (!state) {
    return state.error();
  }
  return std::make_shared<const LedgerState>(*std::move(state));
}

Result<std::shared_ptr<const LedgerState>> PastStates::at(const Cut& cut) {
  const std::lock_guard lock(mutex_);
  const Digest id = cut.id();
  if (auto kept = recall(states_, id)) {
    return kept;
  }
  auto made = make(cut);
  if (made) {
    keep(states_, id, *made, kStatesKept);
  }
  return made;
}

Result<std::shared_ptr<const FigureTree>> PastStates::tree(const FiguresAt& wanted,
                                                           const Cut& cut) {
  {
    const std::lock_guard lock(mutex_);
    if (auto kept = recall(trees_, wanted)) {
      return kept;
    }
  }
  const auto state = at(cut);
  if (!state) {
    return state.error();
  }
  auto made = figure_tree(**state, wanted.pack, wanted.pack_digest, wanted.period);
  if (!made) {
    return made.error();
  }
  auto tree = std::make_shared<const FigureTree>(*std::move(made));
  const std::lock_guard lock(mutex_);
  keep(trees_, wanted, tree, kTreesKept);
  return tree;
}

}  // namespace hefu
