#include "node/staged_recovery.h"

#include <algorithm>
#include <set>
#include <utility>

namespace hefu {
namespace {

constexpr int kRandomBits = 20;
/// Far above what counting reaches, far below what the messages can carry.
constexpr std::uint64_t kBootMax = std::uint64_t{1} << 62;

}  // namespace

std::uint64_t next_boot(std::uint64_t highest_known, Entropy& entropy) {
  const auto random = entropy.take<4>();
  return (((highest_known >> kRandomBits) + 1) << kRandomBits) |
         (read_be<std::uint32_t>(random.data()) & ((1U << kRandomBits) - 1));
}

void StagedRecovery::known_boot(std::uint64_t boot) {
  own_boot_ = boot;
  boot_ = std::max(boot_, boot);
}

Result<void> StagedRecovery::take(const RecalledAnswer& answer) {
  const auto entries = split_entries(answer.entries, answer.boots.size());
  if (!entries) {
    return entries.error();
  }
  if (answer.boot > kBootMax ||
      std::any_of(answer.boots.begin(), answer.boots.end(),
                  [&](std::uint64_t boot) { return boot > answer.boot; })) {
    return Error{Errc::kInvalid, "recalled.boot: beyond the largest number of a start", ""};
  }
  boot_ = std::max(boot_, answer.boot);
  for (std::size_t i = 0; i < entries->size(); ++i) {
    StagedEntry& entry = entries_[answer.begin + i];
    if (entry.envelope.empty() || entry.boot < answer.boots[i]) {
      entry = StagedEntry{answer.boots[i], to_bytes((*entries)[i])};
    }
  }
  return {};
}

Result<std::vector<CheckedEvent>> StagedRecovery::settle(Store& store, LogNumber log,
                                                         const Member& owner,
                                                         EnvelopeChecker& checker) {
  auto head = store.head(log);
  auto end = store.staged_end(log);
  if (!head || !end) {
    return head ? end.error() : head.error();
  }
  auto scanned = store.scan(log, head->size, *end, [&](std::uint64_t index, BytesView bytes) {
    StagedEntry& entry = entries_[index];
    if (entry.envelope.empty() || entry.boot <= own_boot_) {
      entry = StagedEntry{own_boot_, to_bytes(bytes)};
    }
    return true;
  });
  if (!scanned) {
    return scanned.error();
  }
  std::vector<CheckedEvent> events;
  std::vector<BytesView> envelopes;
  std::set<EventId> seen;
  for (auto at = entries_.lower_bound(head->size); at != entries_.end(); ++at) {
    const BytesView envelope = at->second.envelope;
    auto checked = checker.check(std::span(&envelope, 1), owner);
    if (!checked) {
      break;
    }
    CheckedEvent& event = checked->front();
    auto known = store.find(event.id, log);
    if (!known) {
      return known.error();
    }
    if (*known || !seen.insert(event.id).second) {
      continue;
    }
    envelopes.push_back(envelope);
    events.push_back(std::move(event));
  }
  if (auto dropped = store.drop_staged(log); !dropped) {
    return dropped.error();
  }
  if (!envelopes.empty()) {
    if (auto staged = store.stage(log, head->size, envelopes); !staged) {
      return staged.error();
    }
  }
  entries_.clear();
  return events;
}

}  // namespace hefu
