#include "ledger/agreement/log_heads.h"

#include <algorithm>
#include <tuple>

namespace hefu {

LogHeads::LogHeads(std::span<const WitnessedHead> heads, std::span<const ObservedHead> observed) {
  for (const ObservedHead& head : observed) {
    observed_[std::string(line_of(head.origin))].push_back(head);
  }
  for (auto& [origin, list] : observed_) {
    std::sort(list.begin(), list.end(), [](const ObservedHead& a, const ObservedHead& b) {
      return std::tie(a.dated, a.event, a.observer) < std::tie(b.dated, b.event, b.observer);
    });
  }
  for (const WitnessedHead& head : heads) {
    heads_[std::string(line_of(head.origin))].push_back(head);
  }
  for (auto& [origin, list] : heads_) {
    std::sort(list.begin(), list.end(), [](const WitnessedHead& a, const WitnessedHead& b) {
      return std::make_tuple(a.before + a.anchored_at, a.reach(), a.time) <
             std::make_tuple(b.before + b.anchored_at, b.reach(), b.time);
    });
    std::vector<WitnessedHead> kept;
    for (const WitnessedHead& head : list) {
      if (!kept.empty() && head.reach() <= kept.back().reach()) {
        continue;
      }
      kept.push_back(head);
      if (kept.size() > 1) {
        kept.back().time = std::max(kept.back().time, kept[kept.size() - 2].time);
      }
    }
    list = std::move(kept);
  }
}

std::optional<Moment> LogHeads::witnessed(std::string_view origin, std::uint64_t position) const {
  const auto found = heads_.find(line_of(origin));
  if (found == heads_.end()) {
    return std::nullopt;
  }
  const auto head = std::upper_bound(
      found->second.begin(), found->second.end(), position,
      [](std::uint64_t value, const WitnessedHead& h) { return value < h.reach(); });
  if (head == found->second.end()) {
    return std::nullopt;
  }
  return head->time;
}

const WitnessedHead* LogHeads::first_after(std::string_view origin, Moment moment) const {
  const auto found = heads_.find(line_of(origin));
  if (found == heads_.end()) {
    return nullptr;
  }
  const auto head =
      std::upper_bound(found->second.begin(), found->second.end(), moment,
                       [](Moment value, const WitnessedHead& h) { return value < h.time; });
  return head == found->second.end() ? nullptr : &*head;
}

const ObservedHead* LogHeads::silence(std::string_view origin, Moment deadline, std::uint64_t below,
                                      std::span<const std::string> observers) const {
  const auto found = observed_.find(line_of(origin));
  if (found == observed_.end()) {
    return nullptr;
  }
  // The log's own last anchor says how far its entries are held; of a log without one, nothing is
  // known to be held.
  const auto own = heads_.find(line_of(origin));
  const std::uint64_t held =
      own == heads_.end()
          ? 0
          : std::max(own->second.back().reach(),
                     own->second.back().before + own->second.back().anchored_at + 1);
  for (const ObservedHead& head : found->second) {
    if (deadline < std::min(head.time, head.dated) &&
        (!head.witnesses_since || *head.witnesses_since <= deadline) &&
        head.reach() <= std::min(held, below) &&
        std::find(observers.begin(), observers.end(), head.observer) != observers.end()) {
      return &head;
    }
  }
  return nullptr;
}

std::optional<Moment> LogHeads::last(std::string_view origin) const {
  const auto found = heads_.find(line_of(origin));
  return found == heads_.end() || found->second.empty() ? std::nullopt
                                                        : std::optional(found->second.back().time);
}

}  // namespace hefu
