#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "ledger/event/catalogue.h"
#include "ledger/event/limits.h"
#include "ledger/event/random_event.h"

namespace hefu {
namespace {

const Catalogue& shipped() {
  static const Catalogue catalogue = [] {
    std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/deploy/catalogue/hefu-cn-1.json");
    const std::string text((std::istreambuf_iterator<char>(file)),
                           std::istreambuf_iterator<char>());
    auto parsed = Catalogue::parse(text);
    EXPECT_TRUE(parsed) << parsed.error().message;
    return *parsed;
  }();
  return catalogue;
}

void expect_refused(const std::function<void(Event&)>& change, const std::string& message,
                    const std::string& hint = "", Errc code = Errc::kInvalid) {
  Event event = testing::sample_event();
  change(event);
  const auto result = validate(event, shipped());
  ASSERT_FALSE(result) << message;
  EXPECT_EQ(result.error().code, code);
  EXPECT_NE(result.error().message.find(message), std::string::npos) << result.error().message;
  EXPECT_NE(result.error().hint.find(hint), std::string::npos) << result.error().hint;
}

TEST(Validate, AcceptsAGoodEvent) {
  const auto result = validate(testing::sample_event(), shipped());
  EXPECT_TRUE(result) << result.error().message;
}

TEST(Validate, CallsAnUnknownTypeUninterpreted) {
  expect_refused([](Event& event) { event.type = "moon-landing"; },
                 "uninterpreted: moon-landing is not in catalogue hefu-cn/1.0.0", "",
                 Errc::kUnsupported);
  expect_refused([](Event& event) { event.catalogue = "hefu-de/1.0.0"; }, "uninterpreted", "",
                 Errc::kUnsupported);
  Event event = testing::sample_event();
  event.catalogue = "hefu-cn/1.2.0";
  EXPECT_TRUE(validate(event, shipped()));
}

TEST(Validate, RefusesAnUnknownField) {
  expect_refused([](Event& event) { event.fields["visited"] = Value{true}; },
                 "field visited: unknown in enterprise-visit", "visited_on");
}

TEST(Validate, RefusesAWrongType) {
  expect_refused([](Event& event) { event.fields["posts_offered"] = Value{std::string("12")}; },
                 "field posts_offered: holds a text, must be integer");
  expect_refused(
      [](Event& event) { event.fields["visited_on"] = Value{std::string("2026-03-14")}; },
      "field visited_on: holds a text, must be date");
  expect_refused([](Event& event) { event.fields["topics"] = Value{std::string("research")}; },
                 "field topics: holds a text, must be list<");
}

TEST(Validate, RefusesAMissingOrEmptyRequiredField) {
  expect_refused([](Event& event) { event.fields.erase("host"); }, "field host: missing", "party");
  const auto proposal = [](Event& event) {
    event.type = "collaboration-agreement";
    event.commitments.clear();
    event.fields.clear();
    event.fields["agreement_kind"] = Value{std::string("framework")};
    event.fields["parties"] = Value{Value::List{Value{std::string("91350100M000100Y43")}}};
    event.fields["title"] = Value{std::string("框架协议")};
    event.fields["valid_from"] = Value{*Date::parse("2026-01-01")};
    event.fields["text_hash"] = Value{Digest{}};
    event.fields["sign_by"] = Value{*Date::parse("2026-01-08")};
  };
  Event good = testing::sample_event();
  proposal(good);
  const auto accepted = validate(good, shipped());
  EXPECT_TRUE(accepted) << accepted.error().message;
  expect_refused(
      [&](Event& event) {
        proposal(event);
        event.fields.erase("sign_by");
      },
      "field sign_by: missing", "date");
  expect_refused(
      [&](Event& event) {
        proposal(event);
        event.fields["title"] = Value{std::string()};
      },
      "field title: required, but empty");
  expect_refused(
      [&](Event& event) {
        proposal(event);
        event.fields["parties"] = Value{Value::List{}};
      },
      "field parties: required, but empty");
}

TEST(Validate, ListsTheAllowedValuesOfAnEnum) {
  expect_refused([](Event& event) { event.fields["mode"] = Value{std::string("by-letter")}; },
                 "field mode: 'by-letter' is not an allowed value",
                 "allowed: on-site, host-came-to-campus, online, at-an-event");
  expect_refused(
      [](Event& event) {
        event.fields["topics"] = Value{Value::List{Value{std::string("weather")}}};
      },
      "field topics[0]: 'weather' is not an allowed value");
}

TEST(Validate, RefusesADateOutsideTheCalendarsRange) {
  expect_refused([](Event& event) { event.occurred_on = Date{-40000}; }, "occurred_on: date");
  expect_refused([](Event& event) { event.fields["visited_on"] = Value{Date{99999}}; },
                 "field visited_on: date outside the years 1900 to 2199");
}

TEST(Validate, NamesTheRightCheckCharacterOfACreditCode) {
  expect_refused(
      [](Event& event) { event.fields["host"] = Value{std::string("91350100M000100Y4X")}; },
      "field host: credit code 91350100M000100Y4X: check character is 'X', should be '3'");
  expect_refused([](Event& event) { event.issuer = "12100000400000624A"; },
                 "issuer: credit code 12100000400000624A: check character is 'A', should be 'D'");
  expect_refused([](Event& event) { event.issuer = "12100000400000624D/mining"; }, "issuer");
}

TEST(Validate, RefusesPersonalValuesInClear) {
  expect_refused(
      [](Event& event) { event.fields["participants"] = Value{Value::List{Value{Digest{}}}}; },
      "field participants: personal value in clear", "personal");
}

TEST(Validate, RefusesMissingAndSuperfluousCommitments) {
  expect_refused([](Event& event) { event.commitments.clear(); },
                 "commitment participants: missing");
  expect_refused([](Event& event) { event.commitments["driver"] = Digest{}; },
                 "commitment driver: unknown in enterprise-visit");
  expect_refused([](Event& event) { event.commitments["host"] = Digest{}; },
                 "commitment host: not a personal field");
}

TEST(Validate, RefusesTextsOverTheirBound) {
  expect_refused(
      [](Event& event) { event.fields["host_site"] = Value{std::string(kTextBytesMax + 1, 'x')}; },
      "field host_site: 16385 bytes of text, at most 16384", "", Errc::kTooLarge);
}

TEST(Validate, WantsTheRecordAnEventSpeaksAbout) {
  const auto countersignature = [](Event& event) {
    event.type = "countersignature";
    event.catalogue = "protocol/1";  // protocol types are the same in every catalogue
    event.commitments.clear();
    event.fields = {{"target", Value{Digest{}}}};
    event.record = EventId{};
  };
  Event event = testing::sample_event();
  countersignature(event);
  const auto result = validate(event, shipped());
  EXPECT_TRUE(result) << result.error().message;
  EXPECT_TRUE(validate(event, Catalogue()));
  expect_refused(
      [&](Event& changed) {
        countersignature(changed);
        changed.record.reset();
      },
      "record: missing");
}

}  // namespace
}  // namespace hefu
