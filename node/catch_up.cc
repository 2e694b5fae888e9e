#include "node/catch_up.h"

#include <algorithm>

#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

/// A peer that has delivered nothing for so long is not counted on.
constexpr std::chrono::seconds kHelpsFor{10};

}  // namespace

void CatchUp::open(const Checkpoint& target, std::uint64_t next) {
  const std::lock_guard lock(mutex_);
  if (target_ && *target_ == target) {
    forget_below(next);
    return;
  }
  target_ = target;
  frontier_ = next;
  slots_.clear();
  late_.clear();
  helpers_.clear();
  dropped_.clear();
  changed_.notify_all();
}

/// What was stored without this catch-up, package by package, is not waited for: it would fill the
/// window for good.
void CatchUp::forget_below(std::uint64_t next) {
  std::uint64_t end = next;
  while (!slots_.empty() && slots_.begin()->first < next) {
    end = slots_.begin()->second.end;
    slots_.erase(slots_.begin());
  }
  if (end > next) {
    slots_[next].end = end;  // free
  }
  frontier_ = std::max(frontier_, next);
  changed_.notify_all();
}

void CatchUp::close() {
  const std::lock_guard lock(mutex_);
  target_.reset();
  slots_.clear();
  changed_.notify_all();
}

std::optional<Package> CatchUp::take(std::uint64_t next) {
  const std::lock_guard lock(mutex_);
  const auto found = slots_.find(next);
  if (found == slots_.end() || !found->second.package) {
    return std::nullopt;
  }
  for (const std::string& peer : found->second.overtaken) {
    late_.emplace(peer, next);
  }
  std::optional<Package> package = std::move(found->second.package);
  slots_.erase(found);
  changed_.notify_all();
  return package;
}

bool CatchUp::anybody_at_work() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(slots_.begin(), slots_.end(),
                     [](const auto& slot) { return !slot.second.holder.empty(); });
}

std::optional<Checkpoint> CatchUp::target() const {
  const std::lock_guard lock(mutex_);
  return target_;
}

std::optional<EntryRange> CatchUp::hand_out(std::uint64_t begin, Slot& slot,
                                            const std::string& peer) {
  slot.holder = peer;
  slot.since = clock_();
  return EntryRange{begin, slot.end};
}

std::optional<EntryRange> CatchUp::assign(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  if (!target_ || dropped_.contains(peer)) {
    return std::nullopt;
  }
  if (!slots_.empty()) {
    // The one everybody waits for comes first: also from a peer that does not get it done.
    auto& [begin, slot] = *slots_.begin();
    const bool slow =
        !slot.holder.empty() && slot.holder != peer && clock_() >= slot.since + options_.slow_after;
    if (!slot.package && (slot.holder.empty() || slow)) {
      if (slow) {
        slot.overtaken.insert(slot.holder);
      }
      return hand_out(begin, slot, peer);
    }
  }
  const auto busy = std::count_if(slots_.begin(), slots_.end(), [](const auto& slot) {
    return slot.second.package || !slot.second.holder.empty();
  });
  if (static_cast<std::size_t>(busy) >= options_.window) {
    return std::nullopt;
  }
  for (auto& [begin, slot] : slots_) {
    if (!slot.package && slot.holder.empty()) {
      return hand_out(begin, slot, peer);
    }
  }
  if (frontier_ >= target_->size) {
    return std::nullopt;
  }
  const std::uint64_t begin = frontier_;
  // Up to the end of its block: such a range is a subtree however the log began.
  frontier_ = std::min(target_->size, (begin / kPackageEntriesMax + 1) * kPackageEntriesMax);
  Slot& slot = slots_[begin];
  slot.end = frontier_;
  return hand_out(begin, slot, peer);
}

bool CatchUp::deliver(const std::string& peer, const EntryRange& range, Package package) {
  const std::lock_guard lock(mutex_);
  const auto found = slots_.find(range.begin);
  if (found == slots_.end() || found->second.package || found->second.end != range.end) {
    const bool overtaken = found != slots_.end() ? found->second.overtaken.contains(peer)
                                                 : late_.contains({peer, range.begin});
    return !overtaken;
  }
  Slot& slot = found->second;
  const std::uint64_t end = range.begin + package.count;
  if (end < slot.end) {
    slots_[end].end = slot.end;  // free
    slot.end = end;
  }
  slot.overtaken.erase(peer);
  slot.holder.clear();
  slot.package = std::move(package);
  helpers_[peer] = clock_();
  changed_.notify_all();
  return true;
}

void CatchUp::give_back(const std::string& peer, const EntryRange& range) {
  const std::lock_guard lock(mutex_);
  const auto found = slots_.find(range.begin);
  if (found != slots_.end() && found->second.holder == peer) {
    found->second.holder.clear();
    changed_.notify_all();
  }
}

void CatchUp::drop(const std::string& peer, const PeerVerdict& verdict) {
  const std::lock_guard lock(mutex_);
  if (target_) {
    dropped_.emplace(peer, verdict);
  }
}

std::optional<PeerVerdict> CatchUp::dropped(const std::string& peer) const {
  const std::lock_guard lock(mutex_);
  const auto found = dropped_.find(peer);
  return found == dropped_.end() ? std::nullopt : std::optional(found->second);
}

bool CatchUp::others_help(const std::string& peer) const {
  const std::lock_guard lock(mutex_);
  const auto now = clock_();
  return std::any_of(helpers_.begin(), helpers_.end(), [&](const auto& helper) {
    return helper.first != peer && !dropped_.contains(helper.first) &&
           now < helper.second + kHelpsFor;
  });
}

void CatchUp::wait(std::chrono::milliseconds most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, most);
}

bool verify_range(const Package& package, const Checkpoint& target) {
  const auto entries = split_entries(package.entries, package.count);
  const std::uint64_t end = package.begin + package.count;
  if (!entries || end > target.size || !is_subtree(package.begin, end)) {
    return false;
  }
  CompactRange range;
  for (const BytesView entry : *entries) {
    range.append(leaf_hash(entry));
  }
  return verify_subtree(package.begin, end, target.size, package.proof, range.root(), target.root);
}

}  // namespace hefu
