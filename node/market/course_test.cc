#include "node/market/course.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/market/market_json.h"
#include "tests/support/fair.h"

namespace hefu {
namespace {

using namespace testing_market;  // NOLINT(google-build-using-namespace): the words of these tests

struct Line {
  EventId id;
  std::uint32_t depth;
  std::string field;
  bool operator==(const Line&) const = default;
};

std::vector<Line> lines(const Market& market, const EventId& id) {
  std::vector<Line> out;
  const auto course = course_of(market, id);
  EXPECT_TRUE(course) << course.error().message;
  for (const CourseStep& step : course->steps) {
    out.push_back({step.record->id, step.depth, step.field});
  }
  return out;
}

class ListingCourse : public ::testing::Test {
 protected:
  EventId agreement(const EventId& from) {
    Value::List parties = {text(fair_.id(kEnterprise)), text(fair_.id(kCollege))};
    return fair_.append(kCollege, "collaboration-agreement",
                        {{"agreement_kind", text("framework")},
                         {"title", text("焊接合作协议")},
                         {"parties", Value{parties}},
                         {"arises_from", event(from)},
                         {"text_hash", Value{Digest{}}},
                         {"sign_by", Value{day("2026-06-01")}},
                         {"valid_from", Value{day("2026-04-01")}},
                         {"valid_to", Value{day("2027-04-01")}}},
                        nullptr, nullptr, "2026-03-20");
  }

  Fair fair_;
  EventId need_ = fair_.post(kEnterprise, Fair::listing("demand", "training", "焊接培训", "焊接"));
  EventId offer_ = fair_.post(kCollege, Fair::listing("supply", "training", "焊接培训", "焊接"));
};

TEST_F(ListingCourse, BeginsWithTheListingAlone) {
  const Market& market = fair_.look();
  EXPECT_EQ(lines(market, need_), (std::vector<Line>{{need_, 0, ""}}));
  EXPECT_FALSE(course_of(market, need_)->days_to_first_match);
}

TEST_F(ListingCourse, GoesFromTheMatchToTheAgreementAndItsOtherListing) {
  fair_.look();
  const EventId match = fair_.match(kEnterprise, need_, offer_, kCollege, "talks", "2026-03-11");
  const EventId proposed = agreement(match);
  const Market& market = fair_.look();
  EXPECT_EQ(lines(market, need_), (std::vector<Line>{{need_, 0, ""},
                                                     {match, 1, "listing"},
                                                     {offer_, 2, "counter_listing"},
                                                     {proposed, 2, "arises_from"}}));
  EXPECT_EQ(lines(market, match), lines(market, need_)) << "a match stands for its listing";
  EXPECT_EQ(lines(market, offer_)[1], (Line{match, 1, "counter_listing"}));
  EXPECT_EQ(course_of(market, need_)->days_to_first_match, 69) << "1 January to 11 March";
}

TEST_F(ListingCourse, FollowsWhatAMatchSaysItLedTo) {
  fair_.look();
  const EventId visit = fair_.append(kCollege, "enterprise-visit",
                                     {{"host", text(fair_.id(kEnterprise))},
                                      {"visitor", text(fair_.id(kCollege))},
                                      {"leader_role", text("president")},
                                      {"visited_on", Value{day("2026-03-25")}},
                                      {"mode", text("on-site")}},
                                     nullptr, nullptr, "2026-03-25");
  const EventId match = fair_.append(kCollege, std::string(kMatchType),
                                     {{"listing", event(need_)},
                                      {"responder", text(fair_.id(kCollege))},
                                      {"proposed_by", text("responder")},
                                      {"result", text("agreed")},
                                      {"leads_to", event(visit)}});
  const auto found = lines(fair_.look(), need_);
  ASSERT_GE(found.size(), 2U);
  EXPECT_EQ(found[1], (Line{match, 1, "listing"}));
}

TEST_F(ListingCourse, AMatchOfAnEarlierVersionStillBelongsToTheListing) {
  fair_.look();
  const EventId match = fair_.match(kEnterprise, need_, offer_, kCollege);
  fair_.correct(kEnterprise, need_, need_,
                Fair::listing("demand", "training", "焊接与喷涂培训", "焊接"));
  const Market& market = fair_.look();
  EXPECT_EQ(lines(market, need_)[1], (Line{match, 1, "listing"}));
  EXPECT_EQ(market.matches(need_).size(), 1U);
}

TEST_F(ListingCourse, SaysWhenThereIsMoreThanItShows) {
  fair_.look();
  for (std::size_t i = 0; i < kCourseStepsMax + 5; ++i) {
    fair_.match(kEnterprise, need_, offer_, kCollege);
  }
  const auto course = course_of(fair_.look(), need_);
  EXPECT_EQ(course->steps.size(), kCourseStepsMax);
  EXPECT_FALSE(course->complete);
}

TEST_F(ListingCourse, KnowsNoOtherRecords) {
  const Market& market = fair_.look();
  const auto refused = course_of(market, EventId{});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kNotFound);
}

TEST_F(ListingCourse, CountsAMatchAsAgreedOnlyOnceTheOtherSideHasConfirmed) {
  fair_.look();
  const EventId match = fair_.match(kEnterprise, need_, offer_, kCollege, "agreed");
  const auto agreed = [&] {
    return listing_to_json(fair_.look(), need_, day("2026-06-01"))
        .at("matches")
        .at("agreed")
        .to_number<int>();
  };
  EXPECT_EQ(agreed(), 0);
  fair_.countersign(kCollege, match);
  EXPECT_EQ(agreed(), 1);
}

}  // namespace
}  // namespace hefu
