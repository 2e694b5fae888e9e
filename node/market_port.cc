// What the HTTP API says about supply and demand; the rest of the port is in node_port.cc.

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json.hpp>

#include "ledger/event/text.h"
#include "node/market/course.h"
#include "node/market/market_json.h"
#include "node/market/recommend.h"
#include "node/node.h"
#include "node/node_port.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 9> kAvailabilities = {"all",       "closed",   "expired",
                                                             "matched",   "open",     "rejected",
                                                             "retracted", "upcoming", "withdrawn"};

Result<Date> day_of(std::string_view text, Moment now) {
  if (text.empty()) {
    return now.date();
  }
  const auto date = Date::parse(text);
  return date ? Result<Date>(*date)
              : Result<Date>(
                    Error{Errc::kInvalid, "query parameter on: not a date", "write YYYY-MM-DD"});
}

Result<std::optional<HitPlace>> place_of(const std::string& text) {
  if (text.empty()) {
    return std::optional<HitPlace>();
  }
  const auto place = HitPlace::parse(text);
  return place ? Result<std::optional<HitPlace>>(place)
               : Result<std::optional<HitPlace>>(
                     Error{Errc::kInvalid, "query parameter from: no place in this list",
                           "use the \"next\" of an earlier answer"});
}

std::optional<Error> refuse(const ListingQuery& query) {
  if (!normalised(query.text)) {
    return Error{Errc::kInvalid, "query parameter q: not UTF-8", ""};
  }
  if (!query.direction.empty() && query.direction != "supply" && query.direction != "demand") {
    return Error{Errc::kInvalid, "query parameter direction: neither supply nor demand", ""};
  }
  if (!query.availability.empty() && std::find(kAvailabilities.begin(), kAvailabilities.end(),
                                               query.availability) == kAvailabilities.end()) {
    std::string names;
    for (const std::string_view one : kAvailabilities) {
      names += (names.empty() ? "" : ", ") + std::string(one);
    }
    return Error{Errc::kInvalid, "query parameter availability: there is none of this name",
                 "one of " + names};
  }
  return std::nullopt;
}

std::string with_cut(const Market& market, json::object answer) {
  answer["cut"] = market.state()->cut.id().hex();
  return json::serialize(answer);
}

}  // namespace

Result<std::string> NodePort::listings(const ListingQuery& query) {
  if (auto error = refuse(query)) {
    return *error;
  }
  const auto on = day_of(query.on, node_.now());
  const auto after = place_of(query.from);
  if (!on || !after) {
    return on ? after.error() : on.error();
  }
  ListingSearch search;
  search.text = query.text;
  search.direction = query.direction;
  search.category = query.category;
  search.issuer = query.issuer;
  search.place = query.place;
  search.availability = query.availability.empty() ? "open" : query.availability;
  if (search.availability == "all") {
    search.availability.clear();
  }
  search.on = *on;
  search.after = *after;
  search.limit = query.limit;
  return views_.market([&](const Market& market) -> Result<std::string> {
    const Hits hits = market.search(search);
    return with_cut(market, hits_to_json(market, hits, *on, !hits.words.empty()));
  });
}

Result<std::string> NodePort::recommendations(const RecommendationQuery& query) {
  const auto on = day_of(query.on, node_.now());
  const auto after = place_of(query.from);
  if (!on || !after) {
    return on ? after.error() : on.error();
  }
  return views_.market([&](const Market& market) -> Result<std::string> {
    const auto record = market.record_of(EventId{query.listing});
    const Listing* listing = record == nullptr ? nullptr : market.listing(record->id);
    if (listing == nullptr) {
      return Error{Errc::kNotFound, "no listing " + query.listing.hex() + " at the present cut",
                   "a new record shows once a quorum has cosigned its log"};
    }
    const Recommendations found = recommend(market, *listing, *on, *after, query.limit);
    return with_cut(market, recommendations_to_json(market, *listing, found, *on));
  });
}

Result<std::string> NodePort::listing_course(const Digest& listing, std::string_view day) {
  const auto on = day_of(day, node_.now());
  if (!on) {
    return on.error();
  }
  return views_.market([&](const Market& market) -> Result<std::string> {
    const auto course = course_of(market, EventId{listing});
    return course ? Result<std::string>(with_cut(market, course_to_json(market, *course, *on)))
                  : Result<std::string>(course.error());
  });
}

}  // namespace hefu
