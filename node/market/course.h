#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "node/market/market.h"

namespace hefu {

/// One record on the course of a listing.
struct CourseStep {
  std::shared_ptr<const Record> record;
  std::uint32_t depth = 0;  ///< how many records lie between it and the listing, plus one
  /// Why it belongs there: in `field` it names `of`, or `of` names it. None: the listing itself.
  std::optional<EventId> of;
  std::string field;
  bool names = false;  ///< it names `of`; else `of` names it
};

/// What became of a listing.
struct Course {
  std::vector<CourseStep> steps;  ///< by depth, then date, then id; the listing first
  bool complete = true;           ///< false: there are more than kCourseStepsMax
  /// Days from the listing's first day to that of its first match; none without a match.
  std::optional<std::int64_t> days_to_first_match;
};

inline constexpr std::size_t kCourseStepsMax = 200;
inline constexpr std::uint32_t kCourseDepthMax = 5;

/// From a listing to what names it (matches, reposts, contracts that answer it), from these to what
/// they led to and the listings they link, from agreements and contracts to later records that name
/// them. Other listings end the course there: what became of them is their own. `id`: a version of
/// a listing, or of a match, which stands for its listing. Error: kNotFound.
Result<Course> course_of(const Market& market, const EventId& id);

}  // namespace hefu
