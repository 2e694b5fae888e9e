#include "node/indexing.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "ledger/event/envelope.h"
#include "node/checked_event.h"

namespace hefu {
namespace {

constexpr std::uint64_t kEventsPerWrite = 4096;

}  // namespace

Result<void> catch_up_indexes(Store& store, LogNumber log) {
  auto head = store.head(log);
  if (!head) {
    return head.error();
  }
  auto indexed = store.indexed_size(log);
  if (!indexed) {
    return indexed.error();
  }
  for (std::uint64_t begin = *indexed; begin < head->size; begin += kEventsPerWrite) {
    const std::uint64_t end = std::min(head->size, begin + kEventsPerWrite);
    std::vector<IndexedEvent> events;
    std::optional<Error> bad;
    auto scanned = store.scan(log, begin, end, [&](std::uint64_t index, BytesView bytes) {
      auto envelope = decode_envelope(bytes);
      if (!envelope) {
        bad = envelope.error().during("stored entry " + std::to_string(index));
        return false;
      }
      CheckedEvent event;
      event.id = envelope->id();
      if (auto decoded = decode_event(envelope->event)) {
        event.event = std::move(*decoded);
      }
      events.push_back(event.indexed(index));
      return true;
    });
    if (!scanned) {
      return scanned.error();
    }
    if (bad) {
      return *bad;
    }
    if (auto written = store.index_entries(log, events, end); !written) {
      return written.error();
    }
  }
  return {};
}

}  // namespace hefu
