#include "ledger/log/tile_edge.h"

#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

Digest hash_at(const Bytes& hashes, std::uint64_t index) {
  Digest digest;
  __builtin_memcpy(digest.bytes.data(), hashes.data() + index * Digest::kSize, Digest::kSize);
  return digest;
}

/// Root over the hashes [begin, begin + count), count a power of two.
Digest fold(const Bytes& hashes, std::uint64_t begin, std::uint64_t count) {
  if (count == 1) {
    return hash_at(hashes, begin);
  }
  std::vector<Digest> row;
  row.reserve(count / 2);
  for (std::uint64_t i = begin; i < begin + count; i += 2) {
    row.push_back(node_hash(hash_at(hashes, i), hash_at(hashes, i + 1)));
  }
  while (row.size() > 1) {
    for (std::size_t i = 0; i < row.size() / 2; ++i) {
      row[i] = node_hash(row[2 * i], row[2 * i + 1]);
    }
    row.resize(row.size() / 2);
  }
  return row.front();
}

}  // namespace

Result<TileEdge> TileEdge::load(std::uint64_t size, const TileReader& read) {
  TileEdge edge;
  edge.size_ = size;
  for (int level = 0; level < kTileLevelsMax; ++level) {
    const std::uint64_t count = size >> (8 * level);
    const std::uint64_t width = count % kFullTileWidth;
    if (width == 0) {
      continue;
    }
    auto hashes = read(level, count / kFullTileWidth);
    if (!hashes) {
      return hashes.error();
    }
    if (hashes->size() < width * Digest::kSize) {
      return Error{Errc::kCorrupt,
                   "tile " + std::to_string(level) + "/" + std::to_string(count / kFullTileWidth) +
                       " holds " + std::to_string(hashes->size() / Digest::kSize) +
                       " hashes, the size " + std::to_string(size) + " needs " +
                       std::to_string(width),
                   ""};
    }
    hashes->resize(width * Digest::kSize);
    edge.levels_[static_cast<std::size_t>(level)].hashes = std::move(*hashes);
  }
  return edge;
}

void TileEdge::append(const Digest& leaf) {
  ++size_;
  Digest hash = leaf;
  for (int number = 0; number < kTileLevelsMax; ++number) {
    Level& level = levels_[static_cast<std::size_t>(number)];
    hefu::append(level.hashes, hash.view());
    level.dirty = true;
    if (level.hashes.size() < kFullTileWidth * Digest::kSize) {
      return;
    }
    hash = fold(level.hashes, 0, kFullTileWidth);
    filled_.push_back(
        Tile{number, (size_ >> (8 * (number + 1))) - 1, std::exchange(level.hashes, Bytes())});
    level.dirty = false;
  }
}

Digest TileEdge::root() const {
  // From the right edge inwards: what is folded so far hangs right of every wider subtree.
  std::optional<Digest> right;
  for (const Level& level : levels_) {
    std::uint64_t left = level.hashes.size() / Digest::kSize;
    while (left != 0) {
      const std::uint64_t width = left & (~left + 1);
      left -= width;
      const Digest part = fold(level.hashes, left, width);
      right = right ? node_hash(part, *right) : part;
    }
  }
  return right.value_or(empty_root());
}

std::vector<Tile> TileEdge::take_changed() {
  std::vector<Tile> changed = std::exchange(filled_, {});
  for (int number = 0; number < kTileLevelsMax; ++number) {
    Level& level = levels_[static_cast<std::size_t>(number)];
    if (std::exchange(level.dirty, false)) {
      changed.push_back(Tile{number, (size_ >> (8 * number)) / kFullTileWidth, level.hashes});
    }
  }
  return changed;
}

}  // namespace hefu
