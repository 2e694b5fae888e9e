#include "node/market/market.h"

#include <random>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "node/market/market_json.h"
#include "tests/support/fair.h"
#include "tests/support/random_records.h"

namespace hefu {
namespace {

using namespace testing_market;  // NOLINT(google-build-using-namespace): the words of these tests
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class MarketSearch : public ::testing::Test {
 protected:
  Fair fair_;
  EventId welding_ = fair_.post(
      kEnterprise, Fair::listing("demand", "technical-problem", "焊接机器人产线改造",
                                 "稀土永磁电机数控加工工艺改进，需要焊接机器人操作员20名"));
  EventId course_ = fair_.post(
      kCollege, Fair::listing("supply", "training", "Robot welding course",
                              "Training for operators of welding robots; 可提供焊接培训"));
  EventId bearings_ =
      fair_.post(kUniversity, Fair::listing("supply", "equipment", "大型仪器设备共享",
                                            "扫描电镜、轴承试验台，向社会开放高校的科研资源"));
};

TEST_F(MarketSearch, FindsChineseWordsThatStandInTheMiddleOfASentence) {
  const Market& market = fair_.look();
  EXPECT_THAT(ids(market.search(asking("机器人操作员"))), ElementsAre(welding_));
  EXPECT_THAT(ids(market.search(asking("科研资源"))), ElementsAre(bearings_));
  EXPECT_THAT(ids(market.search(asking("永磁电机"))), ElementsAre(welding_));
  EXPECT_THAT(ids(market.search(asking("数控"))), ElementsAre(welding_)) << "not in the dictionary";
  EXPECT_THAT(ids(market.search(asking("镜"))), ElementsAre(bearings_)) << "one character";
  EXPECT_THAT(ids(market.search(asking("食堂"))), IsEmpty());
}

TEST_F(MarketSearch, FindsEnglishWordsWhateverTheirCaseButNoPartsOfThem) {
  const Market& market = fair_.look();
  EXPECT_THAT(ids(market.search(asking("WELDING course"))), ElementsAre(course_));
  EXPECT_THAT(ids(market.search(asking("weld"))), IsEmpty());
}

TEST_F(MarketSearch, PutsTheTitleBeforeTheSummary) {
  const auto hits = fair_.look().search(asking("焊接"));
  EXPECT_THAT(ids(hits), ElementsAre(welding_, course_));
  EXPECT_GT(hits.hits[0].place.points, hits.hits[1].place.points);
  EXPECT_THAT(hits.hits[0].found, ElementsAre("焊接"));
  EXPECT_EQ(hits.total, 2U);
}

TEST_F(MarketSearch, WantsHalfOfTheWordsAskedFor) {
  const Market& market = fair_.look();
  EXPECT_THAT(ids(market.search(asking("焊接 设备"))),
              UnorderedElementsAre(welding_, course_, bearings_));
  EXPECT_THAT(ids(market.search(asking("焊接 轴承 食堂"))), IsEmpty()) << "one of three";
  EXPECT_THAT(ids(market.search(asking("焊接 培训 食堂"))), ElementsAre(course_)) << "two of three";
}

TEST_F(MarketSearch, FiltersByWhatAListingSays) {
  const Market& market = fair_.look();
  ListingSearch search = asking("");
  EXPECT_EQ(market.search(search).total, 3U);
  search.direction = "supply";
  EXPECT_THAT(ids(market.search(search)), UnorderedElementsAre(course_, bearings_));
  search.category = "training";
  EXPECT_THAT(ids(market.search(search)), ElementsAre(course_));
  search.issuer = fair_.id(kUniversity);
  EXPECT_THAT(ids(market.search(search)), IsEmpty());
}

TEST_F(MarketSearch, SignsOfOtherLanguagesAreNoSyntax) {
  const Market& market = fair_.look();
  for (const char* hostile :
       {"焊接' OR 1=1 --", "焊接.*", "\"焊接\"", "焊接*", "(焊接", "<script>焊接</script>",
        "焊接\x01\x02", "%焊接%", "焊接\\", "NEAR(焊接)", "\xE2\x80\xAE焊接"}) {
    const auto hits = market.search(asking(hostile));
    EXPECT_FALSE(hits.words.empty()) << hostile;
    for (const EventId& id : ids(hits)) {
      EXPECT_TRUE(id == welding_ || id == course_) << hostile;
    }
  }
  EXPECT_THAT(ids(market.search(asking(".*"))), IsEmpty()) << "signs alone find nothing";
  EXPECT_THAT(ids(market.search(asking("%"))), IsEmpty());
  EXPECT_EQ(market.search(asking(" \n")).total, 3U);
}

TEST_F(MarketSearch, LooksForTheFirstWordsOfAVeryLongQuestion) {
  std::string question;
  for (int i = 0; i < 5000; ++i) {
    question += "word" + std::to_string(i) + " ";
  }
  EXPECT_EQ(fair_.look().search(asking(question)).words.size(), kQueryWordsMax);
}

TEST_F(MarketSearch, ShowsTheVersionThatHoldsAndNoEarlierOne) {
  fair_.look();
  fair_.correct(kCollege, course_, course_,
                Fair::listing("supply", "training", "喷涂培训", "喷涂机器人操作培训"));
  const Market& market = fair_.look();
  EXPECT_THAT(ids(market.search(asking("welding course"))), IsEmpty());
  EXPECT_THAT(ids(market.search(asking("喷涂"))), ElementsAre(course_));
}

TEST_F(MarketSearch, WhatIsTakenBackOrOverIsNotOpen) {
  fair_.look();
  fair_.retract(kCollege, course_);
  fair_.change(kUniversity, bearings_, "withdrawn");
  const Market& market = fair_.look();
  EXPECT_THAT(ids(market.search(asking(""))), ElementsAre(welding_));
  ListingSearch all = asking("");
  all.availability.clear();
  EXPECT_EQ(market.search(all).total, 3U);
  const auto shown = [&](const EventId& id) {
    return std::string(
        listing_to_json(market, id, day("2026-06-01")).at("availability").as_string());
  };
  EXPECT_EQ(shown(course_), "retracted");
  EXPECT_EQ(shown(bearings_), "withdrawn");
  EXPECT_EQ(shown(welding_), "open");
  ListingSearch late = asking("");
  late.on = day("2027-01-01");
  EXPECT_THAT(ids(market.search(late)), IsEmpty());
  late.availability = "expired";
  EXPECT_THAT(ids(market.search(late)), ElementsAre(welding_));
  late.on = day("2025-12-31");
  late.availability = "upcoming";
  EXPECT_THAT(ids(market.search(late)), ElementsAre(welding_));
}

TEST_F(MarketSearch, PagesGoOnWhereTheLastOneEnded) {
  for (int i = 0; i < 20; ++i) {
    fair_.post(kCollege, Fair::listing("supply", "training", "焊接培训" + std::to_string(i),
                                       i % 2 == 0 ? "焊接" : "钳工"));
  }
  const Market& market = fair_.look();
  const std::vector<EventId> whole = ids(market.search(asking("焊接")));
  ASSERT_EQ(whole.size(), 22U);
  std::vector<EventId> paged;
  ListingSearch search = asking("焊接");
  search.limit = 5;
  while (true) {
    const Hits page = market.search(search);
    EXPECT_EQ(page.total, 22U);
    for (const EventId& id : ids(page)) {
      paged.push_back(id);
    }
    if (!page.more) {
      break;
    }
    search.after = HitPlace::parse(page.hits.back().place.text());
    ASSERT_TRUE(search.after);
  }
  EXPECT_EQ(paged, whole);
}

TEST(HitPlace, ReadsWhatItWroteAndNothingElse) {
  const HitPlace place{-17, EventId{*Digest::from_hex(std::string(64, 'a'))}};
  const auto read = HitPlace::parse(place.text());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->points, place.points);
  EXPECT_EQ(read->id, place.id);
  for (const std::string& bad :
       {std::string(), std::string("-"), std::string(64, 'a'), "x-" + std::string(64, 'a'),
        "1-" + std::string(63, 'a'), "99999999999999999999-" + std::string(64, 'a'),
        "1 -" + std::string(64, 'a'), "-" + std::string(64, 'a')}) {
    EXPECT_FALSE(HitPlace::parse(bad)) << bad;
  }
}

TEST(Market, ScriptsAndMarkupAreText) {
  Fair fair;
  const std::string title = "<script>alert(1)</script> & \"焊接\"";
  const EventId id =
      fair.post(kCollege, Fair::listing("supply", "training", title, "=cmd|' /C'!A0"));
  const auto row = listing_to_json(fair.look(), id, day("2026-06-01"));
  EXPECT_EQ(row.at("title").as_string(), title) << "pages escape, the API says what was written";
  const std::string json = boost::json::serialize(row);
  EXPECT_EQ(boost::json::parse(json), row);
}

TEST(Market, CutsLongSummariesBetweenCharacters) {
  Fair fair;
  std::string summary;
  for (int i = 0; i < 1000; ++i) {
    summary += "长";
  }
  const EventId id = fair.post(kCollege, Fair::listing("supply", "training", "题目", summary));
  const std::string shown(
      listing_to_json(fair.look(), id, day("2026-06-01")).at("summary").as_string());
  EXPECT_EQ(shown.size(), (kSummaryShownMax + 1) * 3);
  EXPECT_TRUE(shown.ends_with("长…"));
}

TEST(Market, OfTooManyListingsTheOnesThatHoldLongestAreLookedThrough) {
  Fair fair(2);
  const EventId soon = fair.post(
      kCollege, Fair::listing("supply", "training", "甲培训", "焊接", "2026-01-01", "2026-07-01"));
  const EventId later = fair.post(
      kCollege, Fair::listing("supply", "training", "乙培训", "焊接", "2026-01-01", "2026-08-01"));
  const EventId last = fair.post(
      kCollege, Fair::listing("supply", "training", "丙培训", "焊接", "2026-01-01", "2026-09-01"));
  EXPECT_THAT(ids(fair.look().search(asking("培训"))), UnorderedElementsAre(later, last));
  EXPECT_EQ(fair.look().left_out(), 1U);
  fair.correct(kCollege, last, last,
               Fair::listing("supply", "training", "丙培训", "焊接", "2026-01-01", "2026-06-15"));
  EXPECT_THAT(ids(fair.look().search(asking("培训"))), UnorderedElementsAre(soon, later));
}

/// Everything the market says about all listings.
std::string all_of(const Market& market) {
  std::string out;
  ListingSearch search = asking("焊接 机器人 设备");
  search.availability.clear();
  out += boost::json::serialize(hits_to_json(market, market.search(search), search.on, true));
  search.text.clear();
  const Hits all = market.search(search);
  out += boost::json::serialize(hits_to_json(market, all, search.on, false));
  for (const Hit& hit : all.hits) {
    out += boost::json::serialize(recommendations_to_json(
        market, *hit.listing, recommend(market, *hit.listing, search.on, std::nullopt, 100),
        search.on));
    out +=
        boost::json::serialize(course_to_json(market, *course_of(market, hit.place.id), search.on));
  }
  return out;
}

TEST(Market, KeptUpStepByStepItSaysWhatOneMadeAnewSays) {
  const std::uint64_t seed = testing_records::seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const std::vector<std::string> matter = {"焊接", "机器人", "设备", "数控", "人才", "robot"};
  const auto some = [&] { return matter[random() % matter.size()] + matter[random() % 6]; };
  Fair fair(20);
  fair.post(kCollege, Fair::listing("supply", "talent", "人才", "人才"));
  fair.look();
  struct Posted {
    std::size_t owner;
    EventId id;
    EventId version;
  };
  std::vector<Posted> posted;
  std::vector<EventId> matches;
  for (int round = 0; round < 30; ++round) {
    for (std::uint64_t i = random() % 3; i > 0; --i) {
      const std::size_t owner = 1 + random() % 3;
      const auto fields = Fair::listing(random() % 2 == 0 ? "supply" : "demand",
                                        random() % 2 == 0 ? "talent" : "equipment", some(), some());
      const std::uint64_t kind = posted.empty() ? 0 : random() % 6;
      if (kind <= 1) {
        const EventId id = fair.post(owner, fields);
        posted.push_back({owner, id, id});
        continue;
      }
      Posted& one = posted[random() % posted.size()];
      const Posted& other = posted[random() % posted.size()];
      if (kind == 2) {
        one.version = fair.correct(one.owner, one.id, one.version, fields);
      } else if (kind == 3) {
        fair.retract(one.owner, one.id);
      } else if (kind == 4) {
        matches.push_back(fair.match(one.owner, one.version, other.version, other.owner));
      } else if (!matches.empty()) {
        fair.countersign(owner, matches[random() % matches.size()]);
      }
    }
    const std::string kept = all_of(fair.look());
    Market fresh(20);
    fresh.take(fair.from_scratch());
    ASSERT_EQ(kept, all_of(fresh)) << "round " << round;
  }
  EXPECT_LE(fair.rebuilt(), 2) << "else nothing was kept up";
}

}  // namespace
}  // namespace hefu
