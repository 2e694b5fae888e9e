#include "ledger/log/log_writer.h"

#include <algorithm>
#include <utility>

namespace hefu {

std::size_t copies_for(std::size_t others) {
  return others < 2 ? 0 : (others + 1) / 2;
}

std::size_t heard_before_recovery(std::size_t others, std::size_t copies) {
  return copies > others ? 0 : others - copies + std::min<std::size_t>(copies, 2);
}

LogWriter::LogWriter(std::string origin, TileEdge edge, CompactRange tree, std::size_t copies)
    : origin_(std::move(origin)), edge_(std::move(edge)), tree_(std::move(tree)), copies_(copies) {}

void LogWriter::stage(std::span<const Digest> leaves) {
  leaves_.insert(leaves_.end(), leaves.begin(), leaves.end());
}

void LogWriter::held_by(const std::string& member, std::uint64_t end) {
  held_[member] = end;
}

std::uint64_t LogWriter::signable() const {
  if (copies_ == 0) {
    return staged_end();
  }
  if (held_.size() < copies_) {
    return signed_size();
  }
  std::vector<std::uint64_t> ends;
  ends.reserve(held_.size());
  for (const auto& [member, end] : held_) {
    ends.push_back(end);
  }
  const auto last = ends.begin() + static_cast<std::ptrdiff_t>(copies_ - 1);
  std::nth_element(ends.begin(), last, ends.end(), std::greater<>());
  return std::clamp(*last, signed_size(), staged_end());
}

Result<LogWriter::Next> LogWriter::next(std::uint64_t size, const ReadBack& read) const {
  Next next{{origin_, size, {}}, {}, edge_, tree_};
  std::uint64_t index = signed_size();
  auto done = read(index, size, [&](BytesView entry) {
    next.edge.append(leaf_hash(entry));
    ++index;
  });
  if (!done) {
    return done.error();
  }
  for (std::uint64_t i = 0; i < size - signed_size(); ++i) {
    next.tree.append(leaves_[i]);
  }
  next.checkpoint.root = next.edge.root();
  if (index != size || next.tree.root() != next.checkpoint.root) {
    return Error{Errc::kCorrupt,
                 "log " + origin_ +
                     ": the events as they were checked and their stored bytes hash to different "
                     "trees",
                 "restart the node; if it happens again, move the data folder away and start with "
                 "an empty one: the node fetches its own log back from the other members"};
  }
  next.tiles = next.edge.take_changed();
  return next;
}

void LogWriter::signed_up_to(Next next) {
  leaves_.erase(leaves_.begin(),
                leaves_.begin() + static_cast<std::ptrdiff_t>(next.edge.size() - signed_size()));
  edge_ = std::move(next.edge);
  tree_ = std::move(next.tree);
}

}  // namespace hefu
