#include "ledger/record/status.h"

#include <gtest/gtest.h>

#include "ledger/record/test_records.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_records::kEnterprise;
using testing_records::kUniversity;
using testing_records::Play;

EventId open_body(Play& play) {
  return play.open(kUniversity, "joint-body-establishment",
                   {{"name", Value{std::string("base")}},
                    {"founders", Value{Value::List{Value{kUniversity}}}},
                    {"established_on", Value{day(10)}}});
}

TEST(Status, AVisitWithdrawnNeverWas) {
  Play play;
  const EventId id = play.visit();
  play.countersign(kEnterprise, id);
  play.change(kUniversity, id, "withdrawn", 30);
  EXPECT_EQ(play.record(id).standing, Standing::kEnded);
  EXPECT_EQ(play.record(id).state, "withdrawn");
}

TEST(Status, AVisitCompletedStillWas) {
  Play play;
  const EventId id = play.visit();
  play.countersign(kEnterprise, id);
  play.change(kUniversity, id, "closed", 30);
  EXPECT_EQ(play.record(id).standing, Standing::kConfirmed);
}

TEST(Status, ABodyDissolvedStoodUntilThen) {
  Play play;
  const EventId id = open_body(play);
  play.change(kUniversity, id, "dissolved", 30);
  const Record record = play.record(id);
  EXPECT_EQ(record.standing, Standing::kConfirmed);
  EXPECT_EQ(ended_on(record), day(30));
}

TEST(Status, ABodyCancelledBeforeOrOnItsFirstDayNeverStood) {
  for (const int on : {9, 10}) {
    Play play;
    const EventId id = open_body(play);
    play.change(kUniversity, id, "cancelled", on);
    EXPECT_EQ(play.record(id).standing, Standing::kEnded) << on;
  }
  Play play;
  const EventId id = open_body(play);
  play.change(kUniversity, id, "dissolved", 10);
  EXPECT_EQ(play.record(id).standing, Standing::kConfirmed) << "it stood for a day";
}

TEST(Status, ABodyThatResumesIsNotEnded) {
  Play play;
  const EventId id = open_body(play);
  play.change(kUniversity, id, "ended", 30);
  play.change(kUniversity, id, "operational", 40);
  EXPECT_FALSE(ended_on(play.record(id)).has_value());
  EXPECT_EQ(play.record(id).state, "operational");
}

TEST(Status, AnAppraisalAfterTheEndLeavesTheEndWhereItWas) {
  Play play;
  const EventId id = open_body(play);
  play.change(kUniversity, id, "ended", 30);
  play.change(kUniversity, id, "appraised", 40);
  EXPECT_EQ(ended_on(play.record(id)), day(30));
  EXPECT_EQ(play.record(id).state, "appraised");
  EXPECT_EQ(play.record(id).standing, Standing::kConfirmed);
}

TEST(Status, AnAppraisalEndsNothing) {
  Play play;
  const EventId id = open_body(play);
  play.change(kUniversity, id, "operational", 20);
  play.change(kUniversity, id, "appraised", 40);
  EXPECT_FALSE(ended_on(play.record(id)).has_value());
}

TEST(Status, AVisitWithdrawnStaysSoWhateverIsSaidOfItAfterwards) {
  Play play;
  const EventId id = play.visit();
  play.countersign(kEnterprise, id);
  play.change(kUniversity, id, "withdrawn", 30);
  play.change(kUniversity, id, "appraised", 40);
  EXPECT_EQ(play.record(id).standing, Standing::kEnded);
}

TEST(Status, TwoChangesOfOneDayStandInTheOrderOfTheLog) {
  Play play;
  const EventId id = open_body(play);
  play.change(kUniversity, id, "suspended", 30);
  play.change(kUniversity, id, "operational", 30);
  std::reverse(play.events.begin(), play.events.end());
  EXPECT_EQ(play.record(id).state, "operational");
}

TEST(Status, ConfirmationGivesTheStateTheTypeHasForIt) {
  Record record;
  record.required = {"somebody"};
  EventType type;
  const auto state_with = [&](std::vector<std::string> states) {
    type.states = std::move(states);
    return lifecycle_state(record, &type);
  };
  EXPECT_EQ(state_with({"requested", "accepted", "delivered", "confirmed-by-client"}),
            "confirmed-by-client");
  EXPECT_EQ(state_with({"proposed", "tri-signed", "active"}), "tri-signed");
  EXPECT_EQ(state_with({"nominated", "approved", "host-confirmed", "in-post"}), "host-confirmed");
  EXPECT_EQ(state_with({"proposed", "accepted-for-talks", "agreed"}), "accepted-for-talks");
  EXPECT_EQ(state_with({"committed", "paid"}), "committed");
  EXPECT_EQ(state_with({"open", "unconfirmed"}), "open");
  record.missing = {"somebody"};
  EXPECT_EQ(state_with({"proposed", "tri-signed", "active"}), "proposed");
}

}  // namespace
}  // namespace hefu
