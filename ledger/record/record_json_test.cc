#include "ledger/record/record_json.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/record/facts.h"
#include "ledger/record/test_records.h"
#include "ledger/record/world.h"

namespace hefu {
namespace {

namespace json = boost::json;
using testing_logs::day;
using testing_logs::noon;
using testing_records::catalogue;
using testing_records::kCollege;
using testing_records::kEnterprise;
using testing_records::kUniversity;
using testing_records::Play;

std::string at(const json::value& value, const char* pointer) {
  boost::system::error_code error;
  const json::value* found = value.find_pointer(pointer, error);
  if (found == nullptr) {
    return "(absent)";
  }
  return found->is_string() ? std::string(found->get_string()) : canonical_json(*found);
}

TEST(RecordJson, ShowsARecordWithItsAnswersAndItsProblems) {
  Play play;
  const EventId id = play.visit();
  play.countersign(kEnterprise, id);
  const EventId stranger = play.countersign(kCollege, id);
  play.dispute(kCollege, id, id);
  const json::value shown = record_to_json(play.record(id), catalogue());
  EXPECT_EQ(at(shown, "/id"), id.hex());
  EXPECT_EQ(at(shown, "/standing"), "disputed");
  EXPECT_EQ(at(shown, "/state"), "host-confirmed");
  EXPECT_EQ(at(shown, "/confirmed"), noon(0).text());
  EXPECT_EQ(at(shown, "/opened_at/index"), "0");
  EXPECT_EQ(at(shown, "/event/fields/host"), kEnterprise);
  EXPECT_EQ(at(shown, "/required/0"), kEnterprise);
  EXPECT_EQ(at(shown, "/missing"), "[]");
  EXPECT_EQ(at(shown, "/countersignatures/0/party"), kEnterprise);
  EXPECT_EQ(at(shown, "/disputes/0/open"), "true");
  EXPECT_EQ(at(shown, "/problems/0/event"), stranger.hex());
  EXPECT_EQ(at(shown, "/problems/0/reason"), "not-named");
  EXPECT_EQ(at(shown, "/retraction"), "(absent)");
}

TEST(RecordJson, ShowsAnAgreementWithItsProofs) {
  Play play;
  const EventId x = play.propose(kUniversity, {.parties = {kUniversity, kEnterprise}});
  play.events.back().event.catalogue = "test/1";
  play.sign(kUniversity, x, x);
  play.witness(kUniversity, noon(1));
  play.witness(kEnterprise, noon(9));
  const json::value shown = agreement_to_json(*play.records().agreement(x));
  EXPECT_EQ(at(shown, "/state"), "dead");
  EXPECT_EQ(at(shown, "/versions/0/verdict"), "dead");
  EXPECT_EQ(at(shown, "/versions/0/sign_by"), day(7).text());
  EXPECT_EQ(at(shown, "/versions/0/missing"), "[\"" + kEnterprise + "\"]");
  EXPECT_EQ(at(shown, "/versions/0/deaths/0/cause"), "expired");
  EXPECT_EQ(at(shown, "/versions/0/deaths/0/party"), kEnterprise);
  EXPECT_EQ(at(shown, "/versions/0/deaths/0/head/time"), noon(9).text());
  EXPECT_EQ(at(shown, "/acts/1/kind"), "sign");
  EXPECT_EQ(at(shown, "/acts/1/status"), "counts");
  EXPECT_EQ(at(shown, "/acts/1/reason"), "(absent)");
}

TEST(RecordJson, ShowsWhenAnAgreementIsInForce) {
  Play play;
  const EventId x =
      play.propose(kUniversity, {.parties = {kUniversity, kEnterprise}, .valid_to = 100});
  play.events.back().event.catalogue = "test/1";
  for (const auto& party : {kUniversity, kEnterprise}) {
    play.sign(party, x, x);
    play.witness(party, noon(3));
  }
  const json::value shown = agreement_to_json(*play.records().agreement(x));
  EXPECT_EQ(at(shown, "/versions/0/completed"), noon(3).text());
  EXPECT_EQ(at(shown, "/versions/0/term/from"), day(3).text());
  EXPECT_EQ(at(shown, "/versions/0/term/last"), day(100).text());
  EXPECT_EQ(at(shown, "/versions/0/term/cause"), "date");
}

TEST(RecordJson, SummarisesARecordByItsTitle) {
  Play play;
  const EventId id = play.open(kUniversity, "joint-body-establishment",
                               {{"name", Value{std::string("硅业学院")}},
                                {"founders", Value{Value::List{Value{kUniversity}}}}});
  const json::value shown = record_summary(play.record(id));
  EXPECT_EQ(at(shown, "/title"), "硅业学院");
  EXPECT_EQ(at(shown, "/standing"), "confirmed");
}

TEST(RecordJson, WritesAFactsFile) {
  Play play;
  const EventId id = play.visit();
  play.countersign(kEnterprise, id);
  const Records records = play.records();
  const json::value shown =
      facts_file_to_json(world(records, play.charter), facts(records, catalogue()));
  EXPECT_EQ(at(shown, "/facts/0/id"), id.hex());
  EXPECT_EQ(at(shown, "/facts/0/countersigned_by/0"), kEnterprise);
  EXPECT_EQ(at(shown, "/facts/0/date"), day(0).text());
  EXPECT_EQ(at(shown, "/facts/0/body/host"), kEnterprise);
  EXPECT_EQ(at(shown, ("/orgs/" + kCollege + "/controller").c_str()), kCollege);
}

}  // namespace
}  // namespace hefu
