#include "ledger/log/tile_nodes.h"

#include <string>
#include <utility>

namespace hefu {

TileNodes::TileNodes(std::uint64_t size, TileSource source)
    : size_(size), source_(std::move(source)) {}

NodeReader TileNodes::reader() {
  return [this](int level, std::uint64_t index) { return read(level, index); };
}

Digest TileNodes::read(int level, std::uint64_t index) {
  if (failure_) {
    return {};
  }
  auto node = find(locate_node(level, index));
  if (!node) {
    failure_ = node.error();
    return {};
  }
  return *node;
}

Result<Digest> TileNodes::find(const NodePlace& place) {
  auto& slot = loaded_[static_cast<std::size_t>(place.tile_level)];
  if (!slot || slot->index != place.tile_index) {
    const std::uint32_t width = tile_width(place.tile_level, place.tile_index, size_);
    if (width == 0) {
      return Error{Errc::kInvalid,
                   "a tree of " + std::to_string(size_) + " leaves has no tile " +
                       std::to_string(place.tile_level) + "/" + std::to_string(place.tile_index),
                   ""};
    }
    const TileId tile{place.tile_level, place.tile_index, width};
    const auto bytes = source_(tile);
    if (!bytes) {
      return bytes.error();
    }
    auto hashes = decode_tile(*bytes, width);
    if (!hashes) {
      return hashes.error().during(tile.path());
    }
    slot = Loaded{place.tile_index, std::move(*hashes)};
  }
  return node_in_tile(place, slot->hashes);
}

}  // namespace hefu
