#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/log/tile.h"

namespace hefu {

/// Tile levels a tree of at most 2^48 entries has.
inline constexpr int kTileLevelsMax = 6;

/// A tile, or the beginning of one: hash i is the root of the perfect subtree over the leaves
/// [(index·256+i)·256^level, (index·256+i+1)·256^level).
struct Tile {
  int level = 0;
  std::uint64_t index = 0;
  Bytes hashes;  ///< 32 to 8192 bytes
};

/// The unfinished tile of every level of one stored tree: all that is needed to let it grow and to
/// write the tiles that changed. Cheap to copy (at most 8 KiB a level), so that an append can be
/// prepared on a copy and thrown away. Its root is folded from the tiles themselves, so a root that
/// matches says that the tiles to be stored are right too.
class TileEdge {
 public:
  /// Gives the stored hashes of one tile; empty if there is none.
  using TileReader = std::function<Result<Bytes>(int level, std::uint64_t index)>;

  TileEdge() = default;
  /// The edge of the stored tree of `size` leaves. Errors: those of `read`, kCorrupt if a tile the
  /// size calls for is missing or too short.
  static Result<TileEdge> load(std::uint64_t size, const TileReader& read);

  void append(const Digest& leaf);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] Digest root() const;

  /// Every tile that changed since the last call, to be written over what was there.
  std::vector<Tile> take_changed();

 private:
  struct Level {
    Bytes hashes;  // of the tile being filled
    bool dirty = false;
  };

  std::uint64_t size_ = 0;
  std::array<Level, kTileLevelsMax> levels_;
  std::vector<Tile> filled_;  // full tiles not yet taken
};

}  // namespace hefu
