#pragma once

#include <cstddef>

#include <boost/json/fwd.hpp>

#include "ledger/event/date.h"
#include "node/market/course.h"
#include "node/market/market.h"
#include "node/market/recommend.h"

namespace hefu {

/// Characters of a summary that a list shows; the record has all of them.
inline constexpr std::size_t kSummaryShownMax = 300;

/// A listing as lists show it: {"id","issuer","direction","category","title","summary","quantity"?,
/// "industry_codes"?,"place_division"?,"valid_from","valid_to","availability","state","standing",
/// "repost_of"?,"recorded_by"?,"matches":{"total","agreed"}}.
boost::json::object listing_to_json(const Market& market, const EventId& id, Date on);

/// {"on","words","total","left_out","listings":[{…,"found","points"?}],"next"}.
boost::json::object hits_to_json(const Market& market, const Hits& hits, Date on, bool asked);

/// {"rule","segmentation","on","listing","total","recommendations":[{"listing","points","reasons":
/// [{"kind","points","values","zh","en"}]}],"next"}.
boost::json::object recommendations_to_json(const Market& market, const Listing& listing,
                                            const Recommendations& found, Date on);

/// {"on","listing","complete","days_to_first_match"?,"steps":[{"record":{…},"depth","of"?,"field"?,
/// "names"?,"result"?,"parties"}]}; records as in lists of records.
boost::json::object course_to_json(const Market& market, const Course& course, Date on);

}  // namespace hefu
