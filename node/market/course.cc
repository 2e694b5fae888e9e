#include "node/market/course.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace hefu {
namespace {

using Shared = std::shared_ptr<const Record>;

const EventId* event_field(const Market& market, const Record& record, const std::string& field,
                           EventId& out) {
  for (const auto& [name, event] : market.named_by(record)) {
    if (name == field) {
      out = event;
      return &out;
    }
  }
  return nullptr;
}

Result<Shared> listing_meant(const Market& market, const EventId& id) {
  Shared record = market.record_of(id);
  EventId listing;
  if (record != nullptr && record->type == kMatchType &&
      event_field(market, *record, "listing", listing) != nullptr) {
    record = market.record_of(listing);
  }
  if (record == nullptr || record->type != kListingType) {
    return Error{Errc::kNotFound,
                 "no listing " + id.hex() + ", and no match of one, at the present cut",
                 "a new record shows once a quorum has cosigned its log"};
  }
  return record;
}

class Walk {
 public:
  explicit Walk(const Market& market) : market_(market) {}

  Course from(const Shared& listing) {
    seen_.insert(listing->id);
    course_.steps.push_back({listing, 0, std::nullopt, "", false});
    std::size_t begin = 0;
    for (std::uint32_t depth = 1; depth <= kCourseDepthMax; ++depth) {
      const std::size_t end = course_.steps.size();
      for (std::size_t i = begin; i < end; ++i) {
        if (i == 0 || course_.steps[i].record->type != kListingType) {
          const Shared record = course_.steps[i].record;  // the steps move as they grow
          go_on(record, depth);
        }
      }
      const auto rank = [](const CourseStep& step) {
        return std::tuple(step.record->current.event.occurred_on, step.record->id);
      };
      std::sort(course_.steps.begin() + static_cast<std::ptrdiff_t>(end), course_.steps.end(),
                [&](const CourseStep& a, const CourseStep& b) { return rank(a) < rank(b); });
      begin = end;
    }
    return std::move(course_);
  }

 private:
  void go_on(const Shared& record, std::uint32_t depth) {
    for (const auto& [id, field] : market_.naming(*record)) {
      add({market_.record_of(id), depth, record->id, field, true});
    }
    // What an agreement or a contract arose from was reached the other way, or is another story.
    if (record->type != kMatchType) {
      return;
    }
    for (const auto& [field, event] : market_.named_by(*record)) {
      add({market_.record_of(event), depth, record->id, field, false});
    }
  }

  void add(CourseStep step) {
    if (step.record == nullptr || seen_.contains(step.record->id)) {
      return;
    }
    if (course_.steps.size() >= kCourseStepsMax) {
      course_.complete = false;
      return;
    }
    seen_.insert(step.record->id);
    course_.steps.push_back(std::move(step));
  }

  const Market& market_;
  Course course_;
  std::set<EventId> seen_;
};

}  // namespace

Result<Course> course_of(const Market& market, const EventId& id) {
  const auto listing = listing_meant(market, id);
  if (!listing) {
    return listing.error();
  }
  Course course = Walk(market).from(*listing);
  const Value* from = (*listing)->current.event.field("valid_from");
  for (const CourseStep& step : course.steps) {
    if (step.depth == 1 && step.record->type == kMatchType && from != nullptr &&
        from->date() != nullptr) {
      course.days_to_first_match = step.record->current.event.occurred_on.days - from->date()->days;
      break;  // the steps of one depth are in the order of their days
    }
  }
  return course;
}

}  // namespace hefu
