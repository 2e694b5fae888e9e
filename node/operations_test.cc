#include "node/operations.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "tests/support/federation.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::int64_t kDayMs = 86'400'000;
const Moment kNow = *Moment::parse("2026-06-01T04:00:00.000Z");

Moment days_ago(std::int64_t days) {
  return Moment{kNow.ms - days * kDayMs};
}
Date day(const char* text) {
  return *Date::parse(text);
}

LogGrowth log_of(std::uint64_t entries, std::vector<std::pair<Moment, std::uint64_t>> sizes) {
  return {"m", "m.example/hefu/1", entries, entries * 500, std::move(sizes)};
}

TEST(DiskForecast, AYearLikeTheLastOne) {
  EXPECT_EQ(
      entries_in_a_year(
          log_of(1000, {{days_ago(700), 100}, {days_ago(400), 300}, {days_ago(300), 600}}), kNow),
      700U)
      << "since the last size that is a year old";
}

TEST(DiskForecast, AYoungLogIsMadeUpToAYearOnceItIsAMonthOld) {
  EXPECT_EQ(entries_in_a_year(log_of(1073, {{days_ago(73), 73}}), kNow), 5000U);
  EXPECT_EQ(entries_in_a_year(log_of(1000, {{days_ago(29), 0}}), kNow), std::nullopt);
  EXPECT_EQ(entries_in_a_year(log_of(1000, {}), kNow), std::nullopt);
}

TEST(DiskForecast, ALogThatStandsStillGainsNothing) {
  EXPECT_EQ(entries_in_a_year(log_of(100, {{days_ago(500), 100}}), kNow), 0U);
  EXPECT_EQ(entries_in_a_year(log_of(50, {{days_ago(500), 100}}), kNow), 0U) << "set back";
}

TEST(DiskForecast, CountsIndexesAndTreesWithTheEntries) {
  DiskUse disk;
  disk.folder_bytes = 4'000'000;
  disk.logs = {log_of(3000, {{days_ago(400), 1000}}), log_of(1000, {{days_ago(10), 0}})};
  EXPECT_EQ(bytes_in_a_year(disk, kNow), 2'000'000U) << "2,000 entries of 1,000 bytes";
  EXPECT_EQ(full_on(disk, kNow), std::nullopt) << "how much is free is not known";
  disk.free_bytes = 1'000'000;
  EXPECT_EQ(full_on(disk, kNow), Date{kNow.date().days + 182});
  disk.free_bytes = std::uint64_t{1} << 50;
  EXPECT_EQ(full_on(disk, kNow), std::nullopt) << "not in any foreseeable time";
  disk.logs = {log_of(1000, {{days_ago(10), 0}})};
  EXPECT_EQ(bytes_in_a_year(disk, kNow), std::nullopt);
}

TEST(KeyValidity, SaysWhatAKeyIsOnADay) {
  const auto state = [](const char* from, const char* to) {
    return key_state({"m", KeyRole::kSeal, {}, Date::parse(from), Date::parse(to)},
                     day("2026-06-01"));
  };
  EXPECT_EQ(state("", ""), "valid");
  EXPECT_EQ(state("2026-01-01", "2027-01-01"), "valid");
  EXPECT_EQ(state("2026-01-01", "2026-07-31"), "expiring") << "sixty days are left";
  EXPECT_EQ(state("2026-01-01", "2026-08-01"), "valid") << "sixty-one";
  EXPECT_EQ(state("2026-01-01", "2026-06-01"), "expiring") << "its last day";
  EXPECT_EQ(state("2026-01-01", "2026-05-31"), "expired");
  EXPECT_EQ(state("2026-06-02", ""), "upcoming");
}

Event certification(const PublicKey& key, const char* role, const char* to) {
  Event event;
  event.type = "key-certification";
  event.fields = {{"key", Value{Bytes(key.bytes.begin(), key.bytes.end())}},
                  {"role", Value{std::string(role)}},
                  {"valid_from", Value{day("2026-01-01")}},
                  {"valid_to", Value{day(to)}}};
  return event;
}

TEST(KeyValidity, ListsTheCharterSKeysAndThoseCertifiedTheLastCertificationHolding) {
  const TestFederation federation(2);
  const Member& member = federation.member(0);
  PublicKey fresh;
  fresh.bytes.fill(7);
  Event broken = certification(fresh, "registrar", "2026-12-31");
  broken.fields["key"] = Value{Bytes(31)};
  const std::vector<std::pair<std::string, Event>> certifications = {
      {member.id, certification(fresh, "registrar", "2027-12-31")},
      {member.id, broken},
      {member.id, certification(fresh, "emperor", "2026-12-31")},
      {"somebody", certification(fresh, "registrar", "2026-12-31")},
      {member.id, certification(fresh, "registrar", "2026-06-30")}};
  const auto keys = key_validities(federation.charter(), certifications, kNow);
  std::size_t founding = 0;
  for (const Member& one : federation.charter().members) {
    founding += one.keys.size();
  }
  EXPECT_EQ(keys.size(), founding + 1);
  const auto found = std::find_if(keys.begin(), keys.end(),
                                  [&](const KeyValidity& key) { return key.key == fresh; });
  ASSERT_NE(found, keys.end());
  EXPECT_EQ(found->member, member.id);
  EXPECT_EQ(found->to, day("2026-06-30"));
}

TEST(Operations, SaysWhyThereAreNoBackups) {
  const DiskUse disk;
  const auto text =
      operations_json(disk, {}, Error{Errc::kUnsupported, "no folder", "set it"}, kNow);
  const json::value answer = json::parse(text);
  EXPECT_EQ(answer.at("backups").at("reason").as_string(), "no folder");
  EXPECT_EQ(answer.at("backups").at("hint").as_string(), "set it");
  EXPECT_TRUE(answer.at("disk").at("bytes_in_a_year").is_null());
}

TEST(Operations, GivesTheAnswerAboutBackupsAsItIs) {
  const DiskUse disk;
  const auto text = operations_json(
      disk, {}, std::string(R"({"folder":"/b","backups":[{"id":3}],"verified":null})"), kNow);
  EXPECT_EQ(json::parse(text).at("backups").at("backups").at(0).at("id"), 3);
}

}  // namespace
}  // namespace hefu
