#include "ledger/agreement/log_heads.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace hefu {

LogHeads::LogHeads(std::span<const WitnessedHead> heads, std::span<const ObservedHead> observed) {
  for (const ObservedHead& head : observed) {
    observed_[head.origin].push_back(head);
  }
  for (auto& [origin, list] : observed_) {
    std::sort(list.begin(), list.end(), [](const ObservedHead& a, const ObservedHead& b) {
      return std::tie(a.dated, a.event, a.observer) < std::tie(b.dated, b.event, b.observer);
    });
  }
  for (const WitnessedHead& head : heads) {
    heads_[head.origin].push_back(head);
  }
  for (auto& [origin, list] : heads_) {
    std::sort(list.begin(), list.end(), [](const WitnessedHead& a, const WitnessedHead& b) {
      return std::tie(a.anchored_at, a.size, a.time) < std::tie(b.anchored_at, b.size, b.time);
    });
    std::vector<WitnessedHead> kept;
    std::vector<Moment>& stated = stated_[origin];
    for (const WitnessedHead& head : list) {
      if (!kept.empty() && head.size <= kept.back().size) {
        continue;
      }
      kept.push_back(head);
      stated.push_back(head.time);
      if (kept.size() > 1) {
        kept.back().time = std::max(kept.back().time, kept[kept.size() - 2].time);
      }
    }
    for (std::size_t i = stated.size(); i-- > 1;) {
      stated[i - 1] = std::min(stated[i - 1], stated[i]);
    }
    list = std::move(kept);
  }
}

const WitnessedHead* LogHeads::covering(std::string_view origin, std::uint64_t index) const {
  const auto found = heads_.find(origin);
  if (found == heads_.end()) {
    return nullptr;
  }
  const auto head =
      std::upper_bound(found->second.begin(), found->second.end(), index,
                       [](std::uint64_t value, const WitnessedHead& h) { return value < h.size; });
  return head == found->second.end() ? nullptr : &*head;
}

std::optional<Moment> LogHeads::witnessed(std::string_view origin, std::uint64_t index) const {
  const WitnessedHead* head = covering(origin, index);
  return head == nullptr ? std::nullopt : std::optional(head->time);
}

bool LogHeads::contradicted(std::string_view origin, std::uint64_t index, Moment moment) const {
  const WitnessedHead* head = covering(origin, index);
  if (head == nullptr || head->time <= moment) {
    return false;
  }
  const std::vector<WitnessedHead>& heads = heads_.find(origin)->second;
  const auto place = static_cast<std::size_t>(head - heads.data());
  return stated_.find(origin)->second[place] <= moment;
}

const WitnessedHead* LogHeads::first_after(std::string_view origin, Moment moment) const {
  const auto found = heads_.find(origin);
  if (found == heads_.end()) {
    return nullptr;
  }
  const auto head =
      std::upper_bound(found->second.begin(), found->second.end(), moment,
                       [](Moment value, const WitnessedHead& h) { return value < h.time; });
  return head == found->second.end() ? nullptr : &*head;
}

const ObservedHead* LogHeads::silence(std::string_view origin, Moment deadline,
                                      std::uint64_t below) const {
  const auto found = observed_.find(origin);
  if (found == observed_.end()) {
    return nullptr;
  }
  // The log's own last anchor says how far its entries are held; of a log without one, nothing is
  // known to be held.
  const auto own = heads_.find(origin);
  const std::uint64_t held =
      own == heads_.end() ? 0
                          : std::max(own->second.back().size, own->second.back().anchored_at + 1);
  for (const ObservedHead& head : found->second) {
    if (deadline < std::min(head.time, head.dated) &&
        (!head.witnesses_since || *head.witnesses_since <= deadline) &&
        head.size <= std::min(held, below)) {
      return &head;
    }
  }
  return nullptr;
}

std::optional<LogHeads::Known> LogHeads::known_by(std::string_view origin, Moment moment) const {
  if (const WitnessedHead* head = first_after(origin, moment)) {
    return Known{head->size, true};
  }
  const ObservedHead* observed = silence(origin, moment, std::numeric_limits<std::uint64_t>::max());
  return observed == nullptr ? std::nullopt : std::optional(Known{observed->size, false});
}

std::optional<Moment> LogHeads::last(std::string_view origin) const {
  const auto found = heads_.find(origin);
  return found == heads_.end() || found->second.empty() ? std::nullopt
                                                        : std::optional(found->second.back().time);
}

}  // namespace hefu
