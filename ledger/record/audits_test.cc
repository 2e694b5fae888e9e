#include "ledger/record/audits.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

EventId event_id(unsigned char first) {
  EventId out;
  out.digest.bytes[0] = first;
  return out;
}

/// Records of which the first has two versions, 1 and 2.
Records two_records() {
  Records out;
  Record two_versions;
  two_versions.versions = {event_id(1), event_id(2)};
  out.records.set(event_id(1), two_versions);
  Record one_version;
  one_version.versions = {event_id(3)};
  out.records.set(event_id(3), one_version);
  return out;
}

Fact inspected(unsigned char id) {
  Fact out;
  out.id = event_id(id).hex();
  out.type = "enterprise-visit";
  return out;
}

Fact decision(const std::string& id, const std::string& auditor, const FactValue& object,
              const std::string& result, int day = 0) {
  Fact out;
  out.id = id;
  out.type = "assessment-decision";
  out.actor = auditor;
  out.date = Date{20'000 + day};
  out.body["decision_kind"] = FactValue{std::string("kpi-verification")};
  out.body["object"] = object;
  out.body["result"] = FactValue{result};
  out.body["conflict_of_interest"] = FactValue{std::string("none-declared")};
  out.body["state"] = FactValue{std::string("issued")};
  return out;
}

FactValue named(unsigned char id) {
  return FactValue{event_id(id).hex()};
}

/// Who passed records 1 and 3 after these decisions.
std::vector<std::vector<std::string>> passed(std::vector<Fact> decisions) {
  std::vector<Fact> facts{inspected(1), inspected(3)};
  facts.insert(facts.end(), decisions.begin(), decisions.end());
  mark_audited(facts, two_records());
  return {facts[0].audited_by, facts[1].audited_by};
}

using Auditors = std::vector<std::vector<std::string>>;

TEST(Audits, APassNamesTheAuditorOfEachRecordListed) {
  EXPECT_EQ(passed({decision("d", "A", named(1), "pass")}), (Auditors{{"A"}, {}}));
  EXPECT_EQ(passed({decision("d", "A", FactValue{FactValue::List{named(1), named(3)}}, "pass")}),
            (Auditors{{"A"}, {"A"}}));
  EXPECT_EQ(passed({decision("d", "B", named(1), "pass"), decision("e", "A", named(1), "pass")}),
            (Auditors{{"A", "B"}, {}}));
}

TEST(Audits, ADecisionMayNameAnyVersionOfARecord) {
  EXPECT_EQ(passed({decision("d", "A", named(2), "pass")}), (Auditors{{"A"}, {}}));
  EXPECT_EQ(passed({decision("d", "A", named(9), "pass")}), (Auditors{{}, {}}));
}

TEST(Audits, AnythingButAPassOfTheLatestDecisionVoidsIt) {
  const Fact pass = decision("d", "A", named(1), "pass", 1);
  EXPECT_EQ(passed({pass, decision("e", "A", named(1), "fail", 2)}), (Auditors{{}, {}}));
  EXPECT_EQ(passed({pass, decision("e", "A", named(1), "fail", 0)}), (Auditors{{"A"}, {}}));
  EXPECT_EQ(passed({pass, decision("e", "B", named(1), "conditional", 0)}), (Auditors{{}, {}}));
}

TEST(Audits, OtherKindsContestedAndInterestedDecisionsDoNotCount) {
  Fact other = decision("d", "A", named(1), "pass");
  other.body["decision_kind"] = FactValue{std::string("annual-assessment")};
  EXPECT_EQ(passed({other}), (Auditors{{}, {}}));
  for (const char* state : {"objected", "changed"}) {
    Fact contested = decision("d", "A", named(1), "pass");
    contested.body["state"] = FactValue{std::string(state)};
    EXPECT_EQ(passed({contested}), (Auditors{{}, {}})) << state;
  }
  Fact disputed = decision("d", "A", named(1), "pass");
  disputed.standing = Standing::kDisputed;
  EXPECT_EQ(passed({disputed}), (Auditors{{}, {}}));
  Fact interested = decision("d", "A", named(1), "pass");
  interested.body["conflict_of_interest"] = FactValue{std::string("declared")};
  EXPECT_EQ(passed({interested}), (Auditors{{}, {}}));
}

}  // namespace
}  // namespace hefu
