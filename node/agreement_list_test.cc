#include "node/agreement_list.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace hefu {
namespace {

namespace json = boost::json;

EventId id_of(char digit) {
  return EventId{*Digest::from_hex(std::string(64, digit))};
}

Date day(const char* text) {
  return *Date::parse(text);
}

/// Two parties, "a" has signed and "b" has as `second` says.
Version version_of(char digit, Verdict verdict, ActStatus second) {
  Version version;
  version.id = id_of(digit);
  version.proposer = "a";
  version.parties = {"a", "b"};
  version.signers = {"a", "b"};
  version.sign_by = day("2025-01-31");
  version.valid_from = day("2025-02-01");
  version.valid_to = day("2027-01-31");
  version.verdict = verdict;
  for (const char* party : {"a", "b"}) {
    SignerState state;
    state.party = party;
    state.status = version.states.empty() ? ActStatus::kCounts : second;
    version.states.push_back(state);
  }
  if (verdict == Verdict::kEffective) {
    version.bound = {"a", "b"};
    version.term = Term{};
    version.term->from = version.valid_from;
    version.term->last = version.valid_to;
    version.term->cause = EndCause::kDate;
  }
  return version;
}

class AgreementList : public ::testing::Test {
 protected:
  AgreementList() {
    add('1', {version_of('1', Verdict::kOpen, ActStatus::kWaiting)});
    // A later version that is still open does not hide the one in force.
    Version later = version_of('3', Verdict::kOpen, ActStatus::kWaiting);
    later.parties = {"a", "c"};
    add('2', {version_of('2', Verdict::kEffective, ActStatus::kCounts), later});
    add('4', {version_of('4', Verdict::kDead, ActStatus::kVoid)});
  }

  void add(char digit, std::vector<Version> versions) {
    Record record;
    record.id = id_of(digit);
    record.type = "collaboration-agreement";
    record.current.event.fields["title"] = Value{std::string("agreement ") + digit};
    records_.records.set(record.id, record);
    Agreement agreement;
    agreement.id = record.id;
    agreement.versions = std::move(versions);
    agreement.as_of = *Moment::parse("2026-01-01T00:00:00.000Z");
    records_.agreements.set(agreement.id, agreement);
  }

  json::value list(const AgreementQuery& query) const {
    const auto text = agreements_json(records_, query);
    EXPECT_TRUE(text) << text.error().message;
    return text ? json::parse(*text) : json::value();
  }

  Records records_;
};

TEST_F(AgreementList, SaysOfEachWhoHasSignedAndHowLongItIsValid) {
  const auto rows = list({}).at("agreements").as_array();
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].at("title"), "agreement 1");
  EXPECT_EQ(rows[0].at("state"), "open");
  EXPECT_EQ(rows[0].at("signed"), json::array{"a"});
  EXPECT_EQ(rows[0].at("missing"), json::array{"b"});
  EXPECT_EQ(rows[0].at("sign_by"), "2025-01-31");
  EXPECT_FALSE(rows[0].as_object().contains("last"));
  EXPECT_EQ(rows[1].at("state"), "effective");
  EXPECT_EQ(rows[1].at("missing"), json::array{});
  EXPECT_EQ(rows[1].at("valid_from"), "2025-02-01");
  EXPECT_EQ(rows[1].at("last"), "2027-01-31");
  EXPECT_EQ(rows[1].at("phase").at("on"), "2026-01-01");
  EXPECT_EQ(rows[1].at("phase").at("state"), "in-force");
  EXPECT_EQ(rows[2].at("state"), "dead");
}

TEST_F(AgreementList, AVersionStillOpenDoesNotHideTheOneInForce) {
  AgreementQuery query;
  query.state = "effective";
  const auto rows = list(query).at("agreements").as_array();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].at("versions"), 2);
  EXPECT_EQ(rows[0].at("parties"), (json::array{"a", "b"}));
  AgreementQuery stranger;
  stranger.party = "c";
  EXPECT_TRUE(list(stranger).at("agreements").as_array().empty());
}

TEST_F(AgreementList, GoesOnWhereAnEarlierAnswerEnded) {
  AgreementQuery query;
  query.limit = 2;
  const auto first = list(query);
  EXPECT_EQ(first.at("agreements").as_array().size(), 2U);
  query.from = std::string(first.at("next").as_string());
  const auto second = list(query);
  ASSERT_EQ(second.at("agreements").as_array().size(), 1U);
  EXPECT_EQ(second.at("agreements").at(0).at("id").as_string(), id_of('4').hex());
  EXPECT_TRUE(second.at("next").is_null());
}

TEST_F(AgreementList, RefusesACursorThatIsNone) {
  AgreementQuery query;
  query.from = "17";
  const auto refused = agreements_json(records_, query);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kInvalid);
  EXPECT_NE(refused.error().message.find("from"), std::string::npos);
}

}  // namespace
}  // namespace hefu
