#include "node/market/market_json.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "ledger/event/uscc.h"
#include "ledger/record/record_json.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// At most so many characters of UTF-8; a mark where some are left out.
std::string beginning(const std::string& text, std::size_t characters) {
  std::size_t at = 0;
  while (at < text.size()) {
    // The bytes that go on with a character begin with 10.
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U && characters-- == 0) {
      return text.substr(0, at) + "…";
    }
    ++at;
  }
  return text;
}

std::string text_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

json::array texts(const std::vector<std::string>& list) {
  json::array out;
  for (const std::string& one : list) {
    out.emplace_back(one);
  }
  return out;
}

json::value next_of(const HitPlace* last) {
  return last == nullptr ? json::value(nullptr) : json::value(json::string(last->text()));
}

/// Every institution a record names, its author first.
json::array parties_of(const Record& record, const Catalogue& catalogue) {
  const Event& event = record.current.event;
  const std::string issuer(institution_of(event.issuer));
  std::set<std::string> others;
  if (const EventType* type = catalogue.find(record.type)) {
    for (const Field& field : type->fields) {
      for (const std::string& party : type->parties_in(event, field.name)) {
        others.emplace(institution_of(party));
      }
    }
  }
  others.erase(issuer);
  json::array out{json::string(issuer)};
  for (const std::string& party : others) {
    out.emplace_back(party);
  }
  return out;
}

}  // namespace

json::object listing_to_json(const Market& market, const EventId& id, Date on) {
  const Record* record = market.state()->records.record(id);
  const Listing* listing = market.listing(id);
  if (record == nullptr || listing == nullptr) {
    return json::object{{"id", id.hex()}};
  }
  const Event& event = record->current.event;
  std::size_t agreed = 0;
  const auto matches = market.matches(id);
  for (const auto& match : matches) {
    const bool holds = !match->retraction && (match->standing == Standing::kConfirmed);
    agreed += holds && (match->state == "agreed" ||
                        text_field(match->current.event, "result") == "agreed")
                  ? 1
                  : 0;
  }
  json::object out{{"id", id.hex()},
                   {"issuer", listing->issuer},
                   {"direction", listing->supply ? "supply" : "demand"},
                   {"category", listing->category},
                   {"title", beginning(text_field(event, "title"), kSummaryShownMax)},
                   {"summary", beginning(text_field(event, "summary"), kSummaryShownMax)},
                   {"valid_from", listing->from.text()},
                   {"valid_to", listing->to.text()},
                   {"availability", availability(*record, *listing, on)},
                   {"state", record->state},
                   {"standing", name(record->standing)},
                   {"matches", json::object{{"total", matches.size()}, {"agreed", agreed}}}};
  if (const Value* quantity = event.field("quantity"); quantity && quantity->integer() != nullptr) {
    out["quantity"] = *quantity->integer();
  }
  if (!listing->industries.empty()) {
    out["industry_codes"] = texts(listing->industries);
  }
  if (!listing->place.empty()) {
    out["place_division"] = listing->place;
  }
  if (const Value* repost = event.field("repost_of"); repost && repost->digest() != nullptr) {
    out["repost_of"] = repost->digest()->hex();
  }
  if (record->current.recorded_by) {
    out["recorded_by"] = record->current.recorded_by->text();
  }
  return out;
}

json::object hits_to_json(const Market& market, const Hits& hits, Date on, bool asked) {
  json::array rows;
  for (const Hit& hit : hits.hits) {
    json::object row = listing_to_json(market, hit.place.id, on);
    row["found"] = texts(hit.found);
    if (asked) {
      row["points"] = hit.place.points;
    }
    rows.push_back(std::move(row));
  }
  return json::object{{"on", on.text()},
                      {"words", texts(hits.words)},
                      {"total", hits.total},
                      {"left_out", market.left_out()},
                      {"listings", std::move(rows)},
                      {"next", next_of(hits.more ? &hits.hits.back().place : nullptr)}};
}

json::object recommendations_to_json(const Market& market, const Listing& listing,
                                     const Recommendations& found, Date on) {
  json::array rows;
  for (const Recommendation& one : found.list) {
    json::array reasons;
    for (const Reason& reason : one.reasons) {
      reasons.push_back(json::object{{"kind", name(reason.kind)},
                                     {"points", reason.points},
                                     {"values", texts(reason.values)},
                                     {"zh", reason.text.zh},
                                     {"en", reason.text.en}});
    }
    rows.push_back(json::object{{"listing", listing_to_json(market, one.place.id, on)},
                                {"points", one.place.points},
                                {"reasons", std::move(reasons)}});
  }
  return json::object{{"rule", kRecommendRule},
                      {"segmentation", Words::segmentation()},
                      {"on", on.text()},
                      {"listing", listing_to_json(market, listing.id, on)},
                      {"total", found.total},
                      {"recommendations", std::move(rows)},
                      {"next", next_of(found.more ? &found.list.back().place : nullptr)}};
}

json::object course_to_json(const Market& market, const Course& course, Date on) {
  json::array steps;
  for (const CourseStep& step : course.steps) {
    json::object row{{"record", record_summary(*step.record)},
                     {"depth", step.depth},
                     {"parties", parties_of(*step.record, *market.state()->catalogue)}};
    if (step.of) {
      row["of"] = step.of->hex();
      row["field"] = step.field;
      row["names"] = step.names;
    }
    if (const std::string result = text_field(step.record->current.event, "result");
        step.record->type == kMatchType && !result.empty()) {
      row["result"] = result;
    }
    steps.push_back(std::move(row));
  }
  json::object out{{"on", on.text()},
                   {"listing", listing_to_json(market, course.steps.front().record->id, on)},
                   {"complete", course.complete},
                   {"steps", std::move(steps)}};
  if (course.days_to_first_match) {
    out["days_to_first_match"] = *course.days_to_first_match;
  }
  return out;
}

}  // namespace hefu
