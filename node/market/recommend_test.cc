#include "node/market/recommend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fair.h"

namespace hefu {
namespace {

using namespace testing_market;  // NOLINT(google-build-using-namespace): the words of these tests
using ::testing::ElementsAre;

const Date kOn = day("2026-06-01");

std::vector<EventId> recommended(const Market& market, const EventId& id, Date on = kOn) {
  std::vector<EventId> out;
  for (const Recommendation& one :
       recommend(market, *market.listing(id), on, std::nullopt, 100).list) {
    out.push_back(one.place.id);
  }
  return out;
}

std::map<std::string, Value> placed(std::map<std::string, Value> fields, const std::string& place,
                                    const std::vector<std::string>& industries) {
  fields["place_division"] = text(place);
  Value::List codes;
  for (const std::string& code : industries) {
    codes.push_back(text(code));
  }
  fields["industry_codes"] = Value{codes};
  return fields;
}

TEST(Recommend, SaysWhyInPoints) {
  Fair fair;
  const EventId need = fair.post(
      kEnterprise, placed(Fair::listing("demand", "technical-problem", "焊接工艺改进",
                                        "永磁电机焊接变形控制", "2026-01-01", "2026-08-31"),
                          "150203", {"C38"}));
  const EventId offer =
      fair.post(kUniversity, placed(Fair::listing("supply", "achievement", "电机焊接变形控制方法",
                                                  "已授权", "2026-03-01", "2026-12-31"),
                                    "150204", {"C3811", "C38"}));
  const Market& market = fair.look();
  const auto found = recommend(market, *market.listing(need), kOn, std::nullopt, 100);
  ASSERT_EQ(found.list.size(), 1U);
  EXPECT_EQ(found.list[0].place.id, offer);
  std::map<std::string, std::int64_t> points;
  std::int64_t sum = 0;
  for (const Reason& reason : found.list[0].reasons) {
    points[name(reason.kind)] = reason.points;
    sum += reason.points;
    EXPECT_FALSE(reason.text.zh.empty());
    EXPECT_FALSE(reason.text.en.empty());
  }
  // Both of two listings hold the words, so each is worth 2 · 1.
  EXPECT_EQ(
      points,
      (std::map<std::string, std::int64_t>{
          {"related-category", 15}, {"words", 8}, {"industry", 20}, {"place", 10}, {"dates", 5}}));
  EXPECT_EQ(found.list[0].place.points, sum);
  EXPECT_THAT(found.list[0].reasons[1].values, ElementsAre("变形", "控制", "焊接", "电机"));
  EXPECT_EQ(found.list[0].reasons[1].text.zh, "共同的词语：变形、控制、焊接、电机");
  EXPECT_THAT(found.list[0].reasons.back().values, ElementsAre("2026-03-01", "2026-08-31"));
  EXPECT_THAT(recommended(market, offer), ElementsAre(need)) << "the other way round as well";
}

TEST(Recommend, NeedsSomethingInCommonInSubstance) {
  Fair fair;
  const EventId need = fair.post(
      kEnterprise, placed(Fair::listing("demand", "post", "招聘会计", "需要会计两名，企业提供食宿"),
                          "150203", {"L72"}));
  fair.post(kUniversity,
            placed(Fair::listing("supply", "equipment", "扫描电镜", "企业需要的，学校提供两名"),
                   "150203", {"M73"}));
  EXPECT_TRUE(recommended(fair.look(), need).empty())
      << "one place, common days, and words that everybody uses are not enough";
}

TEST(Recommend, OffersNothingOfOnesOwnNothingOfTheSameSideAndNothingThatIsOver) {
  Fair fair;
  const auto fields = [](const char* direction) {
    return Fair::listing(direction, "training", "焊接培训", "焊接");
  };
  const EventId need = fair.post(kEnterprise, fields("demand"));
  fair.post(kEnterprise, fields("supply"));
  fair.post(kCollege, fields("demand"));
  const EventId gone = fair.post(kCollege, fields("supply"));
  fair.post(kCollege,
            Fair::listing("supply", "training", "焊接培训", "焊接", "2025-01-01", "2025-12-31"));
  const EventId good = fair.post(kUniversity, fields("supply"));
  const EventId coming = fair.post(kUniversity, Fair::listing("supply", "training", "焊接培训",
                                                              "焊接", "2026-09-01", "2026-12-31"));
  fair.look();
  fair.retract(kCollege, gone);
  const Market& market = fair.look();
  EXPECT_THAT(recommended(market, need), ::testing::UnorderedElementsAre(good, coming));
  EXPECT_TRUE(recommended(market, gone).empty()) << "nothing answers what was taken back";
  EXPECT_TRUE(recommended(market, need, day("2027-02-01")).empty()) << "nor what has ended";
}

TEST(Recommend, ALinkThatIsGoingOnIsNotRecommendedAgainOneThatFailedIs) {
  Fair fair;
  const EventId need =
      fair.post(kEnterprise, Fair::listing("demand", "training", "焊接培训", "焊接"));
  const EventId offer =
      fair.post(kCollege, Fair::listing("supply", "training", "焊接培训", "焊接"));
  fair.look();
  const EventId match = fair.match(kEnterprise, need, offer, kCollege);
  EXPECT_TRUE(recommended(fair.look(), need).empty());
  EXPECT_TRUE(recommended(fair.look(), offer).empty());
  fair.change(kEnterprise, match, "failed");
  EXPECT_THAT(recommended(fair.look(), need), ElementsAre(offer));
}

TEST(Recommend, WhoOffersPlaysNoPartAndTiesGoToTheSmallerId) {
  Fair fair;
  const EventId need =
      fair.post(kEnterprise, Fair::listing("demand", "training", "焊接培训", "焊接"));
  std::vector<EventId> offers;
  for (const std::size_t owner : {kCollege, kUniversity, kBureau, kCollege}) {
    offers.push_back(fair.post(owner, Fair::listing("supply", "training", "焊接培训", "焊接")));
  }
  std::sort(offers.begin(), offers.end());
  EXPECT_EQ(recommended(fair.look(), need), offers);
}

TEST(Recommend, PlacesCountByTheLevelTheyShare) {
  const auto points = [](const std::string& a, const std::string& b) {
    Fair fair;
    const EventId need =
        fair.post(kEnterprise, placed(Fair::listing("demand", "training", "焊接", "焊接"), a, {}));
    fair.post(kCollege, placed(Fair::listing("supply", "training", "焊接", "焊接"), b, {}));
    const Market& market = fair.look();
    const auto found = recommend(market, *market.listing(need), kOn, std::nullopt, 1);
    for (const Reason& reason : found.list.at(0).reasons) {
      if (reason.kind == ReasonKind::kPlace) {
        return reason.points;
      }
    }
    return std::int64_t{0};
  };
  EXPECT_EQ(points("150203", "150203"), 15);
  EXPECT_EQ(points("150203", "150204"), 10);
  EXPECT_EQ(points("150200", "150203"), 10) << "the city and a county of it";
  EXPECT_EQ(points("150200", "150200"), 10) << "two cities' worth of one city";
  EXPECT_EQ(points("150203", "150102"), 5);
  EXPECT_EQ(points("150203", "500117"), 0);
  EXPECT_EQ(points("", "150203"), 0);
}

}  // namespace
}  // namespace hefu
