#include "node/evidence.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "crypto/bytes.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

/// Value: the notes one after the other, each u32 length · text.
std::string name_of(std::string_view origin) {
  return "evidence/" + std::string(origin);
}

}  // namespace

Result<std::vector<std::string>> Evidence::notes(std::string_view origin) const {
  const auto stored = store_.meta(name_of(origin));
  if (!stored) {
    return stored.error();
  }
  std::vector<std::string> notes;
  BytesView left = *stored ? as_bytes(**stored) : BytesView();
  while (!left.empty()) {
    const std::size_t length = left.size() < 4 ? left.size() : read_be<std::uint32_t>(left.data());
    if (left.size() < 4 || left.size() - 4 < length) {
      return Error{Errc::kCorrupt,
                   "store: the evidence kept of log " + std::string(origin) + " is damaged",
                   "stop this node; recover its data from the other members"};
    }
    notes.emplace_back(as_text(left.subspan(4, length)));
    left = left.subspan(4 + length);
  }
  return notes;
}

/// True if the entries of the log stored here make exactly this tree.
Result<bool> Evidence::borne_out(const Checkpoint& checkpoint) const {
  const auto log = store_.known_number(checkpoint.origin);
  if (!log) {
    return false;
  }
  const auto head = store_.head(*log);
  if (!head) {
    return head.error();
  }
  if (checkpoint.size > head->size) {
    return false;
  }
  TileNodes nodes(head->size, tile_source(store_, *log));
  const Digest root = subtree_root(0, checkpoint.size, nodes.reader());
  if (nodes.failure()) {
    return *nodes.failure();
  }
  return root == checkpoint.root;
}

Result<void> Evidence::keep(const Checkpoint& checkpoint, std::string_view note) {
  const auto harmless = borne_out(checkpoint);
  if (!harmless) {
    return harmless.error();
  }
  auto kept = notes(checkpoint.origin);
  if (!kept) {
    return kept.error();
  }
  const auto is_this = [&](const std::string& other) {
    const auto parsed = parse_checkpoint(other);
    return parsed && parsed->checkpoint == checkpoint;
  };
  if (*harmless || std::any_of(kept->begin(), kept->end(), is_this)) {
    return {};
  }
  if (kept->size() >= kNotesMax) {
    // Entries that have arrived since may have explained some of them.
    std::vector<std::string> open;
    for (std::string& other : *kept) {
      const auto parsed = parse_checkpoint(other);
      const auto explained = parsed ? borne_out(parsed->checkpoint) : Result<bool>(false);
      if (!explained) {
        return explained.error();
      }
      if (!*explained) {
        open.push_back(std::move(other));
      }
    }
    if (open.size() >= kNotesMax) {
      return {};
    }
    *kept = std::move(open);
  }
  kept->emplace_back(note);
  Bytes value;
  for (const std::string& other : *kept) {
    append_be(value, static_cast<std::uint32_t>(other.size()));
    append(value, std::string_view(other));
  }
  return store_.put_meta(name_of(checkpoint.origin), as_text(value));
}

}  // namespace hefu
