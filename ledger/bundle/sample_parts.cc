#include "ledger/bundle/sample_parts.h"

#include <algorithm>

#include "ledger/governance/proposal.h"
#include "ledger/record/fold.h"
#include "ledger/view/document.h"

namespace hefu {

namespace {

constexpr std::string_view kDocumentPartType = "document-part";

/// Calls `take` with every digest in a value.
void each_digest(const Value& value, const std::function<void(const Digest&)>& take) {
  if (const Digest* digest = value.digest()) {
    take(*digest);
  }
  if (const Value::List* list = value.list()) {
    for (const Value& one : *list) {
      each_digest(one, take);
    }
  }
}

std::string text_of(const Event& event, const std::string& field) {
  const Value* value = event.field(field);
  return value == nullptr || value->text() == nullptr ? "" : *value->text();
}

}  // namespace

EntryPicker::EntryPicker(const LedgerState& state) : state_(state) {
  for (const auto& [place, logged] : state.events) {
    by_id_.emplace(logged.id, &logged);
  }
  for (const auto& [place, logged] : state.events) {
    if (!concerns_no_record(logged.event.type)) {
      by_record_[record_of(logged)].push_back(&logged);
    }
  }
  for (const auto& [place, head] : state.heads) {
    heads_[head.origin].push_back(&head);
  }
}

/// The opening event it leads to, by what it adds to or corrects.
EventId EntryPicker::record_of(const LoggedEvent& logged) const {
  const LoggedEvent* at = &logged;
  std::set<EventId> seen;
  while (seen.insert(at->id).second) {
    const auto next = at->event.record ? at->event.record : at->event.supersedes;
    const auto found = next ? by_id_.find(*next) : by_id_.end();
    if (found == by_id_.end()) {
      return next.value_or(at->id);
    }
    at = found->second;
  }
  return at->id;
}

void EntryPicker::add(const LoggedEvent& logged) {
  if (!entries_[logged.origin].insert(logged.index).second) {
    return;
  }
  for (const WitnessedHead* head : heads_[logged.origin]) {
    if (head->size > logged.index) {
      entries_[logged.origin].insert(head->anchored_at);
      break;
    }
  }
}

void EntryPicker::add_record(const EventId& record) {
  std::vector<EventId> waiting{record};
  while (!waiting.empty()) {
    const EventId next = waiting.back();
    waiting.pop_back();
    const auto events = by_record_.find(next);
    if (!records_.insert(next).second || events == by_record_.end()) {
      continue;
    }
    for (const LoggedEvent* logged : events->second) {
      add(*logged);
      for (const auto& [name, value] : logged->event.fields) {
        each_digest(value, [&](const Digest& digest) {
          const auto named = by_id_.find(EventId{digest});
          if (named != by_id_.end()) {
            waiting.push_back(record_of(*named->second));
          }
        });
      }
    }
  }
}

std::vector<EventId> EntryPicker::add_entry(const std::string& origin, std::uint64_t index) {
  entries_[origin].insert(index);
  const auto logged = state_.events.get(entry_place(origin, index));
  if (logged == nullptr) {
    return {};
  }
  add(*logged);
  if (concerns_no_record(logged->event.type)) {
    return {};
  }
  const EventId record = record_of(*logged);
  add_record(record);
  return {record};
}

void EntryPicker::add_types_that(const std::function<bool(const std::string&)>& wanted) {
  for (const auto& [place, logged] : state_.events) {
    if (wanted(logged.event.type)) {
      add(logged);
    }
  }
}

void EntryPicker::add_certificates_of(const std::string& member) {
  for (const auto& [place, logged] : state_.events) {
    if (logged.member == member && logged.event.type == kKeyCertificationType) {
      add(logged);
    }
  }
}

void EntryPicker::add_document(std::string_view kind, std::string_view id,
                               std::string_view version) {
  const Document* document = find_document(*state_.documents, kind, id, version);
  if (document == nullptr) {
    return;
  }
  for (const auto& [place, logged] : state_.events) {
    if (logged.event.type == kDocumentPartType && logged.origin == document->origin &&
        logged.index <= document->index && text_of(logged.event, "kind") == kind &&
        text_of(logged.event, "document") == id &&
        text_of(logged.event, "version") == document->version) {
      add(logged);
    }
  }
}

void EntryPicker::add_published_catalogue() {
  const Document* last = nullptr;
  for (const Document& document : *state_.documents) {
    if (document.kind == "catalogue" && (last == nullptr || is_earlier(*last, document))) {
      last = &document;
    }
  }
  if (last != nullptr) {
    add_document(last->kind, last->id, last->version);
  }
}

}  // namespace hefu
