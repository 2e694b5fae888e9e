#include "ledger/signal/signal.h"

#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/signal/signal_json.h"

namespace hefu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Date day(const char* text) {
  return *Date::parse(text);
}

FactValue text(std::string value) {
  return FactValue{std::move(value)};
}

FactValue list(std::vector<std::string> texts) {
  FactValue::List values;
  for (std::string& one : texts) {
    values.push_back(text(std::move(one)));
  }
  return FactValue{std::move(values)};
}

Fact fact(std::string id, std::string type, std::string actor, const char* on) {
  Fact made;
  made.id = std::move(id);
  made.type = std::move(type);
  made.actor = std::move(actor);
  made.org = made.actor;
  made.date = day(on);
  return made;
}

Fact agreement(std::string id, std::vector<std::string> parties, const char* from, const char* to) {
  Fact made = fact(std::move(id), "collaboration-agreement", parties.front(), from);
  made.start = day(from);
  if (to != nullptr) {
    made.end = day(to);
  }
  made.counterparty = parties.back();
  made.body = {{"agreement_kind", text("practice-base")}, {"parties", list(std::move(parties))}};
  return made;
}

class SignalTest : public ::testing::Test {
 protected:
  /// Those of one kind, for 2024.
  [[nodiscard]] std::vector<Signal> found(SignalKind kind) const {
    std::vector<Signal> all =
        find_signals(facts_, world_, catalogue_, {day("2024-01-01"), day("2024-12-31")}, rules_);
    all.erase(std::remove_if(all.begin(), all.end(),
                             [&](const Signal& signal) { return signal.kind != kind; }),
              all.end());
    return all;
  }

  std::vector<Fact> facts_;
  World world_;
  SignalRules rules_;
  Catalogue catalogue_ = *Catalogue::parse(R"({"id": "c", "version": "1.0.0",
    "title": {"zh": "表", "en": "c"}, "types": [{"name": "technology-transfer",
      "title": {"zh": "转", "en": "t"}, "description": "d", "visibility": "members", "signed_by": "", "countersigned_by": "",
      "countersign": [], "fact": {},
      "fields": [{"name": "value", "type": "money", "required": false,
                  "title": {"zh": "价", "en": "v"}}],
      "lifecycle": {"states": ["proposed"], "transitions": []}}]})");
};

TEST_F(SignalTest, ShowsOneBaseThatTwoInstitutionsRecord) {
  for (const char* actor : {"U", "V"}) {
    facts_.push_back(fact(std::string("base-") + actor, "joint-body-establishment", actor,
                          actor[0] == 'U' ? "2021-03-01" : "2024-03-01"));
    facts_.back().body = {{"body_kind", text("practice-base")}, {"name", text("North Steel")}};
  }
  facts_.push_back(fact("other", "joint-body-establishment", "V", "2024-04-01"));
  facts_.back().body = {{"body_kind", text("practice-base")}, {"name", text("South Steel")}};
  const auto signals = found(SignalKind::kSameAchievement);
  ASSERT_EQ(signals.size(), 1U);
  EXPECT_THAT(signals[0].facts, ElementsAre("base-U", "base-V"));
  EXPECT_THAT(signals[0].institutions, ElementsAre("U", "V"));
  EXPECT_EQ(signals[0].detail, "body_kind=practice-base, name=northsteel");
  // What came to nothing claims nothing.
  facts_[0].standing = Standing::kEnded;
  EXPECT_THAT(found(SignalKind::kSameAchievement), IsEmpty());
}

TEST_F(SignalTest, LeavesOutAchievementsOfOtherYears) {
  for (const char* id : {"a", "b"}) {
    facts_.push_back(fact(id, "research-output", "U", "2023-12-31"));
    facts_.back().body = {{"identifier", text("CN1")}};
  }
  EXPECT_THAT(found(SignalKind::kSameAchievement), IsEmpty());
}

TEST_F(SignalTest, ShowsWhatOnlyRelatedPartiesConfirm) {
  world_.orgs["SHELL"]["controller"] = text("U");
  facts_.push_back(fact("own", "enterprise-visit", "U", "2024-02-01"));
  facts_.back().countersigned_by = {"SHELL"};
  facts_.push_back(fact("good", "enterprise-visit", "U", "2024-02-02"));
  facts_.back().countersigned_by = {"E", "SHELL"};
  facts_.push_back(fact("alone", "enterprise-visit", "U", "2024-02-03"));
  const auto signals = found(SignalKind::kRelatedParty);
  ASSERT_EQ(signals.size(), 1U);
  EXPECT_THAT(signals[0].facts, ElementsAre("own"));
  EXPECT_THAT(signals[0].institutions, ElementsAre("SHELL", "U"));
}

TEST_F(SignalTest, MeasuresHowLateSomethingWasRecordedTheWorstFirst) {
  const struct {
    const char* id;
    const char* on;
    const char* recorded;
  } cases[] = {{"in-time", "2024-01-01", "2024-01-31"},
               {"late", "2024-01-01", "2024-02-01"},
               {"very-late", "2024-01-01", "2025-01-01"},
               {"last-year", "2023-01-01", "2024-01-01"}};
  for (const auto& one : cases) {
    facts_.push_back(fact(one.id, "governance-meeting", "U", one.on));
    facts_.back().recorded = day(one.recorded);
  }
  const auto signals = found(SignalKind::kRecordedLate);
  ASSERT_EQ(signals.size(), 2U);
  EXPECT_THAT(signals[0].facts, ElementsAre("very-late"));
  EXPECT_EQ(signals[0].amount, 366);
  EXPECT_THAT(signals[1].facts, ElementsAre("late"));
  EXPECT_EQ(signals[1].amount, 31);
  EXPECT_EQ(signals[1].detail, "recorded 2024-02-01");
}

TEST_F(SignalTest, ShowsAgreementsOfWhichNothingComes) {
  facts_.push_back(agreement("dead", {"U", "E"}, "2022-01-01", nullptr));
  facts_.push_back(agreement("alive", {"U", "F"}, "2022-01-01", "2026-12-31"));
  facts_.push_back(agreement("named", {"U", "G"}, "2022-01-01", nullptr));
  facts_.push_back(agreement("young", {"U", "H"}, "2024-06-01", nullptr));
  facts_.push_back(agreement("over", {"U", "I"}, "2021-01-01", "2024-11-30"));
  facts_.push_back(fact("visit-E", "enterprise-visit", "U", "2022-05-01"));
  facts_.back().counterparty = "E";
  facts_.push_back(fact("visit-F", "enterprise-visit", "U/school", "2024-05-01"));
  facts_.back().counterparty = "F";
  facts_.push_back(fact("cohort", "training-cohort", "U", "2024-09-01"));
  facts_.back().body = {{"agreement", text("named")}};
  const auto signals = found(SignalKind::kIdleAgreement);
  ASSERT_EQ(signals.size(), 1U);
  EXPECT_THAT(signals[0].facts, ElementsAre("dead"));
  EXPECT_THAT(signals[0].institutions, ElementsAre("E", "U"));
  EXPECT_EQ(signals[0].amount, day("2024-12-31").days - day("2022-05-01").days);
  EXPECT_EQ(signals[0].detail, "since 2022-05-01");
}

TEST_F(SignalTest, ShowsARenewalThatDoesNotSaySo) {
  facts_.push_back(agreement("first", {"U", "E"}, "2023-01-01", "2023-12-31"));
  facts_.push_back(agreement("second", {"E", "U"}, "2024-01-15", "2024-12-31"));
  facts_.push_back(agreement("long-ago", {"U", "F"}, "2020-01-01", "2020-12-31"));
  facts_.push_back(agreement("new", {"U", "F"}, "2024-01-01", nullptr));
  facts_.push_back(agreement("root", {"U", "G"}, "2023-01-01", "2023-12-31"));
  facts_.push_back(agreement("honest", {"U", "G"}, "2024-01-01", nullptr));
  facts_.back().body["renewal_of"] = text("root");
  facts_.push_back(agreement("of-another-kind", {"U", "E"}, "2024-01-01", nullptr));
  facts_.back().body["agreement_kind"] = text("lease");
  const auto signals = found(SignalKind::kRenewalAsNew);
  ASSERT_EQ(signals.size(), 1U);
  EXPECT_THAT(signals[0].facts, ElementsAre("first", "second"));
  EXPECT_EQ(signals[0].amount, 14);
}

TEST_F(SignalTest, ShowsRecordsThatDifferInTheirDatesAlone) {
  for (int month = 1; month <= 4; ++month) {
    const std::string on = "2024-0" + std::to_string(month) + "-01";
    facts_.push_back(fact("t" + std::to_string(month), "training-delivery", "U", on.c_str()));
    facts_.back().body = {{"starts_on", text(on)},
                          {"subject", text("welding")},
                          {"attended", FactValue{std::int64_t{month < 4 ? 37 : 38}}},
                          {"hours", text("8")},
                          {"attendance_root", text(std::string(63, '0') + std::to_string(month))}};
  }
  const auto signals = found(SignalKind::kRepeated);
  ASSERT_EQ(signals.size(), 1U);
  EXPECT_THAT(signals[0].facts, ElementsAre("t1", "t2", "t3"));
  rules_.repeated_min = 4;
  EXPECT_THAT(found(SignalKind::kRepeated), IsEmpty());
}

TEST_F(SignalTest, ShowsContractsCutIntoPieces) {
  for (const char* id : {"a", "b", "c"}) {
    facts_.push_back(
        fact(id, "research-contract", "U", id[0] == 'c' ? "2024-03-02" : "2024-03-01"));
    facts_.back().counterparty = "E";
  }
  const auto signals = found(SignalKind::kSplit);
  ASSERT_EQ(signals.size(), 1U);
  EXPECT_THAT(signals[0].facts, ElementsAre("a", "b"));
  EXPECT_EQ(signals[0].detail, "2024-03-01");
  facts_[1].counterparty = "F";
  EXPECT_THAT(found(SignalKind::kSplit), IsEmpty());
}

TEST_F(SignalTest, ShowsValuesThatAreNearlyAllRound) {
  for (int i = 0; i < 10; ++i) {
    facts_.push_back(fact("t" + std::to_string(i), "technology-transfer", "U", "2024-03-01"));
    // 9 of 10 are whole multiples of 10,000 yuan.
    facts_.back().body = {{"value", FactValue{std::int64_t{i == 0 ? 1'234'567 : 3'000'000 * i}}}};
  }
  const auto signals = found(SignalKind::kRoundValues);
  ASSERT_EQ(signals.size(), 1U);
  EXPECT_EQ(signals[0].amount, 90);
  EXPECT_EQ(signals[0].detail, "value");
  facts_[1].body["value"] = FactValue{std::int64_t{1'234'567}};
  EXPECT_THAT(found(SignalKind::kRoundValues), IsEmpty());
}

TEST_F(SignalTest, ShowsWhoConfirmsForOneInstitutionOnly) {
  for (int i = 0; i < 5; ++i) {
    facts_.push_back(fact("v" + std::to_string(i), "enterprise-visit", "U", "2024-03-01"));
    facts_.back().countersigned_by = {"FRIEND"};
  }
  const auto signals = found(SignalKind::kSoleVoucher);
  ASSERT_EQ(signals.size(), 1U);
  EXPECT_EQ(signals[0].amount, 5);
  EXPECT_EQ(signals[0].detail, "FRIEND");
  facts_.push_back(fact("w", "enterprise-visit", "W", "2024-03-01"));
  facts_.back().countersigned_by = {"FRIEND"};
  EXPECT_THAT(found(SignalKind::kSoleVoucher), IsEmpty());
}

TEST_F(SignalTest, ShowsATokenPriceAndTheWayBack) {
  const auto transfer = [&](const char* id, const char* from, const char* to, const char* on,
                            std::int64_t fen) {
    facts_.push_back(fact(id, "technology-transfer", from, on));
    facts_.back().body = {{"mode", text("assignment")},
                          {"outputs", list({"patent-1"})},
                          {"transferor", text(from)},
                          {"transferee", text(to)},
                          {"value", FactValue{fen}}};
  };
  transfer("there", "U", "E", "2023-12-01", 50'000'000);
  transfer("back", "E", "U", "2024-01-05", 100);
  transfer("on", "E", "F", "2024-01-06", 10'001);
  const auto prices = found(SignalKind::kTokenPrice);
  ASSERT_EQ(prices.size(), 1U);
  EXPECT_THAT(prices[0].facts, ElementsAre("back"));
  EXPECT_EQ(prices[0].amount, 100);
  const auto returns = found(SignalKind::kReturnTransfer);
  ASSERT_EQ(returns.size(), 1U);
  EXPECT_THAT(returns[0].facts, ElementsAre("back", "there"));
  EXPECT_EQ(returns[0].amount, 35);
  EXPECT_EQ(returns[0].detail, "patent-1");
}

TEST_F(SignalTest, AreTheSameWhateverTheOrderOfTheFacts) {
  for (int i = 0; i < 60; ++i) {
    facts_.push_back(fact("f" + std::to_string(i),
                          i % 2 == 0 ? "enterprise-visit" : "research-output",
                          i % 3 == 0 ? "U" : "V", i % 5 == 0 ? "2024-03-01" : "2024-04-01"));
    facts_.back().recorded = day("2024-12-01");
    facts_.back().countersigned_by = {"E"};
    facts_.back().counterparty = "E";
    facts_.back().body = {{"identifier", text("CN" + std::to_string(i % 7))},
                          {"host", text("E")},
                          {"visited_on", text("2024-03-01")}};
  }
  const DateSpan year{day("2024-01-01"), day("2024-12-31")};
  const std::string first = signals_json(year, find_signals(facts_, world_, catalogue_, year));
  EXPECT_THAT(first, HasSubstr(R"("kind":"same-achievement")"));
  const auto seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 20; ++round) {
    std::shuffle(facts_.begin(), facts_.end(), random);
    EXPECT_EQ(signals_json(year, find_signals(facts_, world_, catalogue_, year)), first);
  }
}

TEST(SignalKind, HasANameThatLeadsBackAndATitle) {
  for (int i = 0; i < kSignalKindCount; ++i) {
    const auto kind = static_cast<SignalKind>(i);
    EXPECT_EQ(signal_kind(name(kind)), kind);
    EXPECT_FALSE(title(kind).zh.empty());
    EXPECT_FALSE(title(kind).en.empty());
  }
  EXPECT_FALSE(signal_kind("same"));
}

}  // namespace
}  // namespace hefu
