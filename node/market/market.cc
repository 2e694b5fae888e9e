#include "node/market/market.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <iterator>

#include "ledger/event/catalogue.h"

namespace hefu {
namespace {

constexpr std::int64_t kTitleFactor = 3;

bool stands_in(const std::vector<std::string>& words, const std::string& word) {
  return std::binary_search(words.begin(), words.end(), word);
}

/// In Latin script a word is a word; Chinese has no spaces, so there its characters decide.
bool is_latin(const std::string& word) {
  return !word.empty() && static_cast<unsigned char>(word.front()) < 0x80;
}

bool text_holds(const std::string& text, const std::vector<std::string>& words,
                const std::string& word) {
  return stands_in(words, word) || (!is_latin(word) && text.find(word) != std::string::npos);
}

/// The words of a question, each once, in their order.
std::vector<std::string> question_of(const Words& words, const std::string& text) {
  std::vector<std::string> out;
  for (std::string& word : words.of(words.folded(text))) {
    if (out.size() < kQueryWordsMax && std::find(out.begin(), out.end(), word) == out.end()) {
      out.push_back(std::move(word));
    }
  }
  return out;
}

void collect_events(const FieldType& type, const Value& value, std::vector<EventId>& out) {
  if (type.kind == FieldKind::kEvent && value.digest() != nullptr) {
    out.push_back(EventId{*value.digest()});
  } else if (type.kind == FieldKind::kList && value.list() != nullptr) {
    for (const Value& element : *value.list()) {
      collect_events(type.parts.front(), element, out);
    }
  } else if (type.kind == FieldKind::kTuple && value.list() != nullptr &&
             value.list()->size() == type.parts.size()) {
    for (std::size_t i = 0; i < type.parts.size(); ++i) {
      collect_events(type.parts[i], (*value.list())[i], out);
    }
  } else if (type.kind == FieldKind::kOneOf) {
    for (const FieldType& part : type.parts) {
      if (check_value("", part, value).ok()) {
        collect_events(part, value, out);
        return;
      }
    }
  }
}

}  // namespace

std::string HitPlace::text() const {
  return std::to_string(points) + "-" + id.hex();
}

std::optional<HitPlace> HitPlace::parse(std::string_view text) {
  const std::size_t dash = text.rfind('-');
  const auto id =
      dash == std::string_view::npos ? std::nullopt : Digest::from_hex(text.substr(dash + 1));
  HitPlace out;
  const auto [end, code] = std::from_chars(
      text.data(), text.data() + (dash == std::string_view::npos ? 0 : dash), out.points);
  if (!id || code != std::errc() || end != text.data() + dash) {
    return std::nullopt;
  }
  out.id = EventId{*id};
  return out;
}

void Market::take(const LiveState::Step& step) {
  state_ = step.state;
  const auto& records = state_->records.records;
  if (step.rebuilt) {
    by_end_.clear();
    ends_.clear();
    listings_.clear();
    word_counts_.clear();
    naming_.clear();
    names_.clear();
    version_of_.clear();
    versions_.clear();
    for (auto at = records.begin(); at != records.end(); ++at) {
      put(at.shared());
    }
  }
  for (const FactChange& change : step.changes.facts) {
    const auto digest = Digest::from_hex(change.after ? change.after->id : change.before->id);
    if (!digest) {
      continue;
    }
    const EventId id{*digest};
    drop(id);
    if (const auto record = records.get(id)) {
      put(record);
    }
  }
  fit();
}

void Market::put(const std::shared_ptr<const Record>& record) {
  const EventId& id = record->id;
  const EventType* type = state_->catalogue->find(record->type);
  if (type == nullptr || !type->fact || state_->records.agreement(id) != nullptr) {
    return;  // no step tells of such records: agreements are asked one by one (naming)
  }
  for (const auto& [field, event] : named_by(*record)) {
    naming_[event].emplace(id, field);
    names_[id].push_back(event);
  }
  for (std::size_t i = 1; i < record->versions.size(); ++i) {
    version_of_.emplace(record->versions[i], id);
    versions_[id].push_back(record->versions[i]);
  }
  const Value* last =
      record->type == kListingType ? record->current.event.field("valid_to") : nullptr;
  if (last != nullptr && last->date() != nullptr) {
    ends_.emplace(id, *last->date());
    by_end_.emplace(*last->date(), id);
  }
}

void Market::drop(const EventId& id) {
  if (const auto names = names_.extract(id)) {
    for (const EventId& event : names.mapped()) {
      const auto at = naming_.find(event);
      if (at != naming_.end()) {
        std::erase_if(at->second, [&](const auto& one) { return one.first == id; });
        if (at->second.empty()) {
          naming_.erase(at);
        }
      }
    }
  }
  if (const auto versions = versions_.extract(id)) {
    for (const EventId& version : versions.mapped()) {
      version_of_.erase(version);
    }
  }
  if (const auto end = ends_.extract(id)) {
    by_end_.erase({end.mapped(), id});
  }
  remove(id);
}

// Which listings are looked through follows from the set of them alone.
void Market::fit() {
  if (by_end_.size() <= listings_max_) {
    if (listings_.size() < by_end_.size()) {
      for (const auto& [end, id] : by_end_) {
        add(id);
      }
    }
    return;
  }
  std::size_t place = 0;
  for (auto at = by_end_.rbegin(); at != by_end_.rend(); ++at, ++place) {
    if (place < listings_max_) {
      add(at->second);
    } else {
      remove(at->second);
    }
  }
}

void Market::add(const EventId& id) {
  if (listings_.contains(id)) {
    return;
  }
  const Record* record = state_->records.record(id);
  auto listing = record == nullptr ? std::nullopt : listing_of(*record, words_);
  if (!listing) {
    return;
  }
  for (const std::string& word : listing->words) {
    ++word_counts_[word];
  }
  listings_.emplace(id, *std::move(listing));
}

void Market::remove(const EventId& id) {
  const auto gone = listings_.extract(id);
  if (!gone) {
    return;
  }
  for (const std::string& word : gone.mapped().words) {
    const auto at = word_counts_.find(word);
    if (at != word_counts_.end() && --at->second == 0) {
      word_counts_.erase(at);
    }
  }
}

std::int64_t Market::rarity(const std::string& word) const {
  const auto held = word_counts_.find(word);
  return held == word_counts_.end()
             ? 0
             : static_cast<std::int64_t>(std::bit_width(listings_.size() / held->second));
}

Hits Market::search(const ListingSearch& search) const {
  Hits out;
  if (state_ == nullptr) {
    return out;
  }
  out.words = question_of(words_, search.text);
  const bool asks = search.text.find_first_not_of(" \t\r\n") != std::string::npos;
  std::vector<std::int64_t> worth;
  for (const std::string& word : out.words) {
    worth.push_back(std::max<std::int64_t>(rarity(word), 1));
  }
  for (const auto& [id, listing] : listings_) {
    if ((search.direction == "supply" && !listing.supply) ||
        (search.direction == "demand" && listing.supply) ||
        (!search.category.empty() && listing.category != search.category) ||
        (!search.issuer.empty() && listing.issuer != search.issuer) ||
        !listing.place.starts_with(search.place)) {
      continue;
    }
    Hit hit{{0, id}, &listing, {}};
    for (std::size_t i = 0; i < out.words.size(); ++i) {
      const std::string& word = out.words[i];
      if (!text_holds(listing.text, listing.words, word)) {
        continue;
      }
      hit.found.push_back(word);
      const bool titled = text_holds(listing.title, listing.title_words, word);
      const std::int64_t points = worth[i] * (titled ? kTitleFactor : 1);
      hit.place.points += points + (stands_in(listing.words, word) ? points / 2 : 0);
    }
    if (asks && (hit.found.empty() || hit.found.size() * 2 < out.words.size())) {
      continue;
    }
    hit.place.points = asks ? hit.place.points : listing.from.days;
    const Record* record = state_->records.record(id);
    if (record == nullptr || (!search.availability.empty() &&
                              availability(*record, listing, search.on) != search.availability)) {
      continue;
    }
    ++out.total;
    if (!search.after || search.after->comes_before(hit.place)) {
      out.hits.push_back(std::move(hit));
    }
  }
  std::sort(out.hits.begin(), out.hits.end(),
            [](const Hit& a, const Hit& b) { return a.place.comes_before(b.place); });
  out.more = out.hits.size() > search.limit;
  if (out.more) {
    out.hits.resize(search.limit);
  }
  return out;
}

const Listing* Market::listing(const EventId& id) const {
  const auto found = listings_.find(id);
  return found == listings_.end() ? nullptr : &found->second;
}

std::shared_ptr<const Record> Market::record_of(const EventId& version) const {
  if (state_ == nullptr) {
    return nullptr;
  }
  const auto later = version_of_.find(version);
  if (auto record =
          state_->records.records.get(later == version_of_.end() ? version : later->second)) {
    return record;
  }
  // A version of an agreement that has not taken effect is no version of its record yet.
  for (const auto& [id, agreement] : state_->records.agreements) {
    if (agreement.version(version) != nullptr) {
      return state_->records.records.get(id);
    }
  }
  return nullptr;
}

std::vector<std::pair<EventId, std::string>> Market::naming(const Record& record) const {
  std::set<std::pair<EventId, std::string>> out;
  for (const EventId& version : record.versions) {
    const auto found = naming_.find(version);
    if (found != naming_.end()) {
      out.insert(found->second.begin(), found->second.end());
    }
  }
  if (const Agreement* agreement = state_->records.agreement(record.id)) {
    for (const Version& version : agreement->versions) {
      const auto found = naming_.find(version.id);
      if (found != naming_.end()) {
        out.insert(found->second.begin(), found->second.end());
      }
    }
  }
  // Agreements state no fact while they are open, and so come with no step: all are asked.
  const auto is_meant = [&](const std::optional<EventId>& id) {
    return id &&
           std::find(record.versions.begin(), record.versions.end(), *id) != record.versions.end();
  };
  for (const auto& [id, agreement] : state_->records.agreements) {
    if (is_meant(agreement.renewal_of)) {
      out.emplace(id, "renewal_of");
    }
    for (const Version& version : agreement.versions) {
      if (is_meant(version.arises_from)) {
        out.emplace(id, "arises_from");
      }
    }
  }
  return {out.begin(), out.end()};
}

std::vector<std::pair<std::string, EventId>> Market::named_by(const Record& record) const {
  std::vector<std::pair<std::string, EventId>> out;
  const EventType* type = state_->catalogue->find(record.type);
  if (type == nullptr) {
    return out;
  }
  for (const Field& field : type->fields) {
    const Value* value = record.current.event.field(field.name);
    std::vector<EventId> events;
    if (value != nullptr) {
      collect_events(field.type, *value, events);
    }
    for (const EventId& event : events) {
      out.emplace_back(field.name, event);
    }
  }
  return out;
}

std::vector<std::shared_ptr<const Record>> Market::matches(const EventId& listing) const {
  std::vector<std::shared_ptr<const Record>> out;
  const auto record = record_of(listing);
  if (record == nullptr) {
    return out;
  }
  std::set<EventId> ids;
  for (const EventId& version : record->versions) {
    if (const auto found = naming_.find(version); found != naming_.end()) {
      for (const auto& [id, field] : found->second) {
        ids.insert(id);
      }
    }
  }
  for (const EventId& id : ids) {
    auto match = state_->records.records.get(id);
    if (match != nullptr && match->type == kMatchType) {
      out.push_back(std::move(match));
    }
  }
  return out;
}

}  // namespace hefu
