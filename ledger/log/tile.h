#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"

namespace hefu {

/// A log as static files: hashes in tiles, entries in bundles. Source: C2SP tlog-tiles (1cd32db).
///
/// The tile of level L and index N holds, for i in [0, 256), the roots of the perfect subtrees
/// D[(256·N + i)·256^L, (256·N + i + 1)·256^L). Between two tile levels lie eight tree levels; what
/// is between is hashed again when needed. The rightmost tile of a level may be partial; as soon as
/// it is full, its root stands in the level above.

/// Hashes in a full tile, entries in a full bundle.
inline constexpr std::uint32_t kFullTileWidth = 256;
/// Largest entry, in bytes. Source: its length is a u16.
inline constexpr std::size_t kEntryBytesMax = 65535;
/// Largest tile level the path grammar allows. Trees of up to kTreeSizeMax leaves use 0 to 7.
inline constexpr int kTileLevelMax = 63;
/// In place of a level: the bundles of entries.
inline constexpr int kEntriesLevel = -1;

/// Names one resource: a tile of hashes, or a bundle of entries, full or partial.
struct TileId {
  int level = 0;                         ///< kEntriesLevel or 0 to kTileLevelMax
  std::uint64_t index = 0;               ///< from the left, in this level
  std::uint32_t width = kFullTileWidth;  ///< 1 to kFullTileWidth hashes or entries

  auto operator<=>(const TileId&) const = default;
  [[nodiscard]] bool is_full() const { return width == kFullTileWidth; }
  /// "tile/1/x001/x234/067", "tile/0/273.p/112", "tile/entries/000".
  [[nodiscard]] std::string path() const;
};

/// Reads what path() writes, and nothing else. Errors: kInvalid naming the part.
Result<TileId> parse_tile_path(std::string_view path);

/// How many hashes (or entries) of the tile (or bundle) a tree of `size` leaves has: 0 to 256.
std::uint32_t tile_width(int level, std::uint64_t index, std::uint64_t size);

/// Everything that has to be written for a tree to grow from `old_size` to `size`, in an order in
/// which it may be published: bundles, then tiles by level, each from the left. Of every level the
/// last resource may be partial. From 0, this is everything a tree of that size needs.
/// Precondition: old_size <= size <= kTreeSizeMax.
std::vector<TileId> tiles_for_growth(std::uint64_t old_size, std::uint64_t size);

/// Where a node of the tree lies: it is the root over `count` hashes of a tile, from hash `first`.
struct NodePlace {
  int tile_level = 0;
  std::uint64_t tile_index = 0;
  std::uint32_t first = 0;  ///< 0 to 255
  std::uint32_t count = 1;  ///< a power of two, at most 128
  bool operator==(const NodePlace&) const = default;
};

/// Precondition: 0 <= level < 64.
NodePlace locate_node(int level, std::uint64_t index);

/// The node at `place` from the hashes of its tile. Errors: kCorrupt if the tile is too narrow.
Result<Digest> node_in_tile(const NodePlace& place, std::span<const Digest> tile);

/// The hashes of a tile of `width`. Errors: kInvalid if the bytes are not exactly so many hashes.
Result<std::vector<Digest>> decode_tile(BytesView bytes, std::uint32_t width);
Bytes encode_tile(std::span<const Digest> hashes);

/// Appends one entry to an entry bundle: u16 (be) length, bytes. Errors: kTooLarge.
Result<void> append_to_entry_bundle(Bytes& bundle, BytesView entry);

/// The `width` entries of an entry bundle, as views into it. Errors: kInvalid if it ends early or
/// late.
Result<std::vector<BytesView>> decode_entry_bundle(BytesView bundle, std::uint32_t width);

}  // namespace hefu
