#include "node/index_tail.h"

#include <algorithm>

namespace hefu {
namespace {

/// Some megabytes, and less than a second to make again from the entries.
constexpr std::size_t kEventsMax = 16'384;

/// The newest parts first.
std::vector<const IndexTail::Part*> both(const IndexTail::Part& growing,
                                         const std::optional<IndexTail::Part>& storing) {
  std::vector<const IndexTail::Part*> parts = {&growing};
  if (storing) {
    parts.push_back(&*storing);
  }
  return parts;
}

void put_event(IndexTail::Part& part, const EventId& id, EventPlace place) {
  const auto [begin, end] = part.events.equal_range(id);
  for (auto known = begin; known != end; ++known) {
    if (known->second.log == place.log) {
      known->second = place;
      return;
    }
  }
  part.events.emplace(id, place);
}

}  // namespace

void IndexTail::add(LogNumber log, std::span<const IndexedEvent> events, std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  // Neighbours are mostly of one type and issuer: looked up once.
  std::vector<std::uint64_t>* types = nullptr;
  std::vector<std::uint64_t>* issuers = nullptr;
  const IndexedEvent* before = nullptr;
  for (const IndexedEvent& event : events) {
    put_event(growing_, event.id, {log, event.index});
    if (before == nullptr || before->type != event.type) {
      types = &growing_.postings[{Store::Index::kType, event.type}][log];
    }
    if (before == nullptr || before->issuer != event.issuer) {
      issuers = &growing_.postings[{Store::Index::kIssuer, event.issuer}][log];
    }
    types->push_back(event.index);
    issuers->push_back(event.index);
    if (event.record != event.id) {
      growing_
          .postings[{Store::Index::kRecord, std::string(as_text(event.record.digest.view()))}][log]
          .push_back(event.index);
    }
    before = &event;
  }
  growing_.sizes[log] = size;
}

std::optional<std::uint64_t> IndexTail::indexed_size(LogNumber log) const {
  const std::shared_lock lock(mutex_);
  for (const Part* part : both(growing_, storing_)) {
    if (const auto found = part->sizes.find(log); found != part->sizes.end()) {
      return found->second;
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> IndexTail::find(const EventId& id, LogNumber log) const {
  const std::shared_lock lock(mutex_);
  for (const Part* part : {&growing_, storing_ ? &*storing_ : nullptr}) {
    if (part == nullptr) {
      continue;
    }
    const auto [begin, end] = part->events.equal_range(id);
    for (auto known = begin; known != end; ++known) {
      if (known->second.log == log) {
        return known->second.index;
      }
    }
  }
  return std::nullopt;
}

void IndexTail::places(const EventId& id, std::vector<EventPlace>& into) const {
  const std::shared_lock lock(mutex_);
  for (const Part* part : both(growing_, storing_)) {
    const auto [begin, end] = part->events.equal_range(id);
    for (auto known = begin; known != end; ++known) {
      into.push_back(known->second);
    }
  }
}

void IndexTail::beginning_with(std::string_view hex, std::set<EventId>& into) const {
  const std::shared_lock lock(mutex_);
  for (const Part* part : both(growing_, storing_)) {
    for (const auto& [id, place] : part->events) {
      if (id.digest.begins_with(hex)) {
        into.insert(id);
      }
    }
  }
}

std::vector<EventPlace> IndexTail::postings(Store::Index index, std::string_view key,
                                            EventPlace begin) const {
  const std::shared_lock lock(mutex_);
  std::vector<EventPlace> places;
  for (const Part* part : both(growing_, storing_)) {
    const auto found = part->postings.find({index, std::string(key)});
    if (found == part->postings.end()) {
      continue;
    }
    for (const auto& [log, indexes] : found->second) {
      for (const std::uint64_t at : indexes) {
        if (const EventPlace place{log, at}; place >= begin) {
          places.push_back(place);
        }
      }
    }
  }
  std::sort(places.begin(), places.end());
  places.erase(std::unique(places.begin(), places.end()), places.end());
  return places;
}

bool IndexTail::is_full() const {
  const std::shared_lock lock(mutex_);
  return growing_.events.size() >= kEventsMax;
}

const IndexTail::Part* IndexTail::take() {
  const std::lock_guard lock(mutex_);
  HEFU_ASSERT(!storing_);
  if (growing_.sizes.empty()) {
    return nullptr;
  }
  storing_ = std::exchange(growing_, Part());
  return &*storing_;
}

void IndexTail::stored() {
  std::optional<Part> old;  // freed after the lock
  const std::lock_guard lock(mutex_);
  old.swap(storing_);
}

}  // namespace hefu
