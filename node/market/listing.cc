#include "node/market/listing.h"

#include <algorithm>
#include <utility>

#include "ledger/event/uscc.h"
#include "ledger/record/status.h"

namespace hefu {
namespace {

std::string text_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

std::optional<Date> date_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->date() != nullptr ? std::optional(*value->date())
                                                      : std::nullopt;
}

std::string without_spaces(std::string text) {
  std::erase_if(text, [](char c) { return c == ' ' || c == '\t'; });
  return text;
}

std::vector<std::string> sorted(std::vector<std::string> list) {
  std::sort(list.begin(), list.end());
  list.erase(std::unique(list.begin(), list.end()), list.end());
  return list;
}

}  // namespace

std::optional<Listing> listing_of(const Record& record, const Words& words) {
  const Event& event = record.current.event;
  const auto from = date_field(event, "valid_from");
  const auto to = date_field(event, "valid_to");
  const std::string direction = text_field(event, "direction");
  if (record.type != kListingType || !from || !to ||
      (direction != "supply" && direction != "demand")) {
    return std::nullopt;
  }
  Listing out;
  out.id = record.id;
  out.issuer = std::string(institution_of(event.issuer));
  out.supply = direction == "supply";
  out.category = text_field(event, "category");
  if (const Value* codes = event.field("industry_codes"); codes && codes->list() != nullptr) {
    for (const Value& code : *codes->list()) {
      if (code.text() != nullptr && !without_spaces(*code.text()).empty()) {
        out.industries.push_back(without_spaces(*code.text()));
      }
    }
  }
  out.industries = sorted(std::move(out.industries));
  out.place = without_spaces(text_field(event, "place_division"));
  out.from = *from;
  out.to = *to;
  out.title = words.folded(text_field(event, "title"));
  const std::string summary = words.folded(text_field(event, "summary"));
  out.text = out.title + '\n' + summary;
  out.title_words = sorted(words.of(out.title));
  std::vector<std::string> all = words.of(summary);
  all.insert(all.end(), out.title_words.begin(), out.title_words.end());
  out.words = sorted(std::move(all));
  return out;
}

std::string availability(const Record& record, const Listing& listing, Date on) {
  if (record.retraction) {
    return "retracted";
  }
  if (record.standing == Standing::kRejected) {
    return "rejected";
  }
  if (const StatusChange* change = last_change(record);
      change != nullptr && is_ending_state(change->state) &&
      (is_undoing_state(change->state) || change->effective_on < on)) {
    return change->state;
  }
  if (record.state == "matched") {
    return "matched";
  }
  if (on < listing.from) {
    return "upcoming";
  }
  return listing.to < on ? "expired" : "open";
}

}  // namespace hefu
