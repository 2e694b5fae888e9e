#include "ledger/audit/event_fields.h"

#include <algorithm>

namespace hefu {

namespace {

const Value::List& list_of(const Event& event, const char* field) {
  static const Value::List kEmpty;
  const Value* value = event.field(field);
  return value != nullptr && value->list() != nullptr ? *value->list() : kEmpty;
}

}  // namespace

std::string text_of(const Event& event, const char* field) {
  const Value* value = event.field(field);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

Digest digest_of(const Event& event, const char* field) {
  const Value* value = event.field(field);
  return value != nullptr && value->digest() != nullptr ? *value->digest() : Digest{};
}

EventId event_of(const Event& event, const char* field) {
  return EventId{digest_of(event, field)};
}

std::int64_t number_of(const Event& event, const char* field, std::int64_t otherwise) {
  const Value* value = event.field(field);
  return value != nullptr && value->integer() != nullptr ? *value->integer() : otherwise;
}

std::vector<std::string> texts_of(const Event& event, const char* field) {
  std::vector<std::string> out;
  for (const Value& value : list_of(event, field)) {
    if (value.text() != nullptr) {
      out.push_back(*value.text());
    }
  }
  return out;
}

std::vector<Digest> digests_of(const Event& event, const char* field) {
  std::vector<Digest> out;
  for (const Value& value : list_of(event, field)) {
    if (value.digest() != nullptr) {
      out.push_back(*value.digest());
    }
  }
  return out;
}

std::vector<EventId> events_of(const Event& event, const char* field) {
  std::vector<EventId> out;
  for (const Digest& digest : digests_of(event, field)) {
    out.push_back(EventId{digest});
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace hefu
