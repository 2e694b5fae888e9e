#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/tile_edge.h"
#include "ledger/merkle/tree.h"

namespace hefu {

/// How many of `others` must hold an entry before its log's owner signs for it, unless the operator
/// says otherwise: half of them, rounded up; none in a federation of two, where the log would stand
/// still whenever the other is away.
std::size_t copies_for(std::size_t others);
/// How many of the others a writer that lost its disk has to hear before it goes on: at least two
/// of any `copies` of them are then among those, where there are as many, so that one that lies
/// about what it holds hides nothing. Source: design study, log practice, "Recovery".
std::size_t heard_before_recovery(std::size_t others, std::size_t copies);

/// What the one writer of a log decides: when entries may be signed, and that what is signed is
/// what is stored. Entries are first *staged*: durable here, in no tree. Once `copies` other
/// members hold them too, a checkpoint covers them, so that every signature that ever left the node
/// can be rebuilt from the others. No I/O: the owner of this object makes things durable and says
/// so.
class LogWriter {
 public:
  /// `edge`: of the signed tree. `copies`: others that must hold an entry first.
  LogWriter(std::string origin, TileEdge edge, CompactRange tree, std::size_t copies);

  [[nodiscard]] std::uint64_t signed_size() const { return edge_.size(); }
  [[nodiscard]] std::uint64_t staged_end() const { return edge_.size() + leaves_.size(); }
  [[nodiscard]] std::size_t copies() const { return copies_; }

  /// Entries, by the leaf hashes made when they were checked, follow at `staged_end()`.
  void stage(std::span<const Digest> leaves);
  /// A member holds every entry below `end`. What it held before it still holds, unless it says
  /// that it holds less: then its disk was lost, and it counts for less from now on.
  void held_by(const std::string& member, std::uint64_t end);
  /// Entries below this may be signed; `signed_size()` if there is nothing new.
  [[nodiscard]] std::uint64_t signable() const;

  /// A checkpoint ready to be signed, with the tiles to store beside it.
  struct Next {
    Checkpoint checkpoint;
    std::vector<Tile> tiles;
    TileEdge edge;
    CompactRange tree;
  };
  /// Hands the entries [begin, end) as stored to its argument, in order.
  using ReadBack = std::function<Result<void>(std::uint64_t begin, std::uint64_t end,
                                              const std::function<void(BytesView)>& take)>;
  /// Hashes the stored entries up to `size` once more and compares the tree with the one the
  /// checked events make: a bit that flipped on the way must never be signed for (log practice,
  /// "Before every signature"). `size` is at most `staged_end()`. Errors: those of `read`,
  /// kCorrupt.
  [[nodiscard]] Result<Next> next(std::uint64_t size, const ReadBack& read) const;
  /// The signed checkpoint, its tiles and its entries are durable.
  void signed_up_to(Next next);

 private:
  std::string origin_;
  TileEdge edge_;      // from the stored bytes
  CompactRange tree_;  // from the leaves given to `stage`
  std::size_t copies_;
  std::deque<Digest> leaves_;  // staged, not signed
  std::map<std::string, std::uint64_t> held_;
};

}  // namespace hefu
