#include "ledger/agreement/log_heads.h"

#include <algorithm>
#include <limits>
#include <tuple>

namespace hefu {

namespace {

bool is_before(const ObservedHead& a, const ObservedHead& b) {
  return std::tie(a.dated, a.event, a.observer) < std::tie(b.dated, b.event, b.observer);
}

}  // namespace

LogHeads::LogHeads(std::span<const WitnessedHead> heads, std::span<const ObservedHead> observed) {
  for (const ObservedHead& head : observed) {
    observed_[std::string(line_of(head.origin))].push_back(head);
  }
  for (auto& [origin, list] : observed_) {
    std::sort(list.begin(), list.end(), is_before);
  }
  std::vector<const WitnessedHead*> sorted;
  for (const WitnessedHead& head : heads) {
    sorted.push_back(&head);
  }
  std::sort(sorted.begin(), sorted.end(), [](const WitnessedHead* a, const WitnessedHead* b) {
    return std::make_tuple(a->before + a->anchored_at, a->reach(), a->time) <
           std::make_tuple(b->before + b->anchored_at, b->reach(), b->time);
  });
  for (const WitnessedHead* head : sorted) {
    add(*head);
  }
}

bool LogHeads::add(const WitnessedHead& head) {
  const std::string line(line_of(head.origin));
  std::vector<WitnessedHead>& kept = heads_[line];
  std::vector<Moment>& stated = stated_[line];
  if (!kept.empty() && head.reach() <= kept.back().reach()) {
    return false;
  }
  const bool contradicts = !kept.empty() && head.time < kept.back().time;
  kept.push_back(head);
  stated.push_back(head.time);
  if (kept.size() > 1) {
    kept.back().time = std::max(kept.back().time, kept[kept.size() - 2].time);
  }
  for (std::size_t i = stated.size(); i-- > 1 && stated[i] < stated[i - 1];) {
    stated[i - 1] = stated[i];
  }
  return contradicts;
}

void LogHeads::add(const ObservedHead& head) {
  auto& list = observed_[std::string(line_of(head.origin))];
  list.insert(std::upper_bound(list.begin(), list.end(), head, is_before), head);
}

void LogHeads::note_open(std::string_view origin) const {
  if (open_ != nullptr) {
    open_->emplace(line_of(origin));
  }
}

const WitnessedHead* LogHeads::covering(std::string_view origin, std::uint64_t position) const {
  const auto found = heads_.find(line_of(origin));
  if (found == heads_.end()) {
    return nullptr;
  }
  const auto head = std::upper_bound(
      found->second.begin(), found->second.end(), position,
      [](std::uint64_t value, const WitnessedHead& h) { return value < h.reach(); });
  return head == found->second.end() ? nullptr : &*head;
}

std::optional<Moment> LogHeads::witnessed(std::string_view origin, std::uint64_t position) const {
  const WitnessedHead* head = covering(origin, position);
  if (head == nullptr) {
    note_open(origin);
    return std::nullopt;
  }
  return head->time;
}

bool LogHeads::contradicted(std::string_view origin, std::uint64_t position, Moment moment) const {
  const WitnessedHead* head = covering(origin, position);
  if (head == nullptr) {
    note_open(origin);
    return false;
  }
  if (head->time <= moment) {
    return false;
  }
  const std::vector<WitnessedHead>& heads = heads_.find(line_of(origin))->second;
  const auto place = static_cast<std::size_t>(head - heads.data());
  return stated_.find(line_of(origin))->second[place] <= moment;
}

const WitnessedHead* LogHeads::first_after(std::string_view origin, Moment moment) const {
  const auto found = heads_.find(line_of(origin));
  if (found != heads_.end()) {
    const auto head =
        std::upper_bound(found->second.begin(), found->second.end(), moment,
                         [](Moment value, const WitnessedHead& h) { return value < h.time; });
    if (head != found->second.end()) {
      return &*head;
    }
  }
  note_open(origin);
  return nullptr;
}

const ObservedHead* LogHeads::silence(std::string_view origin, Moment deadline,
                                      std::uint64_t below) const {
  note_open(origin);
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
        head.reach() <= std::min(held, below)) {
      return &head;
    }
  }
  return nullptr;
}

std::optional<LogHeads::Known> LogHeads::known_by(std::string_view origin, Moment moment) const {
  if (const WitnessedHead* head = first_after(origin, moment)) {
    return Known{head->reach(), true};
  }
  const ObservedHead* observed = silence(origin, moment, std::numeric_limits<std::uint64_t>::max());
  return observed == nullptr ? std::nullopt : std::optional(Known{observed->reach(), false});
}

std::optional<Moment> LogHeads::last(std::string_view origin) const {
  const auto found = heads_.find(line_of(origin));
  return found == heads_.end() || found->second.empty() ? std::nullopt
                                                        : std::optional(found->second.back().time);
}

}  // namespace hefu
