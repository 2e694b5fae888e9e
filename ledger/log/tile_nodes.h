#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/log/tile.h"
#include "ledger/merkle/proof.h"

namespace hefu {

/// Gives the bytes of a tile, from a folder, a server or a store. A partial tile may be gone once
/// the full one exists: then the source gives the first `width` hashes of the full one.
using TileSource = std::function<Result<Bytes>(const TileId& tile)>;

/// Reads the nodes of a tree of known size from its tiles, so that proofs can be made from a log's
/// public files alone. Remembers the last tile of every level: neighbouring nodes cost one read.
/// What it reads is not verified; a proof made from wrong tiles does not verify.
class TileNodes {
 public:
  /// `size` is that of a published checkpoint: only tiles it calls for are asked for.
  TileNodes(std::uint64_t size, TileSource source);

  /// Valid as long as this object lives and stays where it is.
  NodeReader reader();

  /// What went wrong first, if anything: then every proof made meanwhile is to be discarded.
  [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

 private:
  struct Loaded {
    std::uint64_t index;
    std::vector<Digest> hashes;
  };

  Digest read(int level, std::uint64_t index);
  Result<Digest> find(const NodePlace& place);

  static constexpr std::size_t kLevels = 8;  // eight tree levels each: all a 63-bit size can have

  const std::uint64_t size_;
  const TileSource source_;
  std::array<std::optional<Loaded>, kLevels> loaded_;
  std::optional<Error> failure_;
};

}  // namespace hefu
