#include "ledger/audit/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/audit/test_audits.h"

namespace hefu {
namespace {

using ::testing::HasSubstr;
using testing_audits::Audit;

class AuditPlanFields : public ::testing::Test {
 protected:
  AuditPlanFields() {
    audit_.engage();
    event_.issuer = testing_audits::kEnterprise;
    event_.fields = audit_.plan_fields();
  }
  [[nodiscard]] std::string refusal() const {
    const auto plan = read_audit_plan(event_, EventId{});
    return plan ? "" : plan.error().message;
  }
  void strata(Value::List list) { event_.fields["strata"] = Value{std::move(list)}; }

  Audit audit_;
  Event event_;
};

TEST_F(AuditPlanFields, AreReadAsTheEventSaysThem) {
  const auto plan = read_audit_plan(event_, EventId{});
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ(plan->strata.size(), 2U);
  EXPECT_EQ(plan->stratum("trace")->direction, AuditDirection::kTracing);
  EXPECT_EQ(plan->stratum("vouch")->stages.front().size, 2U);
  EXPECT_EQ(plan->stratum("none"), nullptr);
  EXPECT_EQ(plan->committing.size(), 2U);
  EXPECT_EQ(plan->late_days, 30);
}

TEST_F(AuditPlanFields, RefuseNumbersWithoutTables) {
  for (const auto& [field, value] : std::map<std::string, std::int64_t>{
           {"confidence", 100}, {"tolerable", 0}, {"late_days", -1}, {"batch_size", 1}}) {
    Event kept = event_;
    event_.fields[field] = Value{value};
    EXPECT_THAT(refusal(), HasSubstr(field));
    event_ = kept;
  }
}

TEST_F(AuditPlanFields, RefuseStagesThatDoNotGrow) {
  strata({Audit::stratum("a", "vouching", "attribute", {{93, 1}, {59, 2}})});
  EXPECT_THAT(refusal(), HasSubstr("stages"));
  strata({Audit::stratum("a", "vouching", "attribute", {{59, 1}, {93, 1}})});
  EXPECT_THAT(refusal(), HasSubstr("stages"));
  strata({Audit::stratum("a", "vouching", "attribute", {})});
  EXPECT_THAT(refusal(), HasSubstr("no stage"));
  strata({Audit::stratum("a", "vouching", "attribute", {{59, 0}, {93, 1}, {153, 3}})});
  EXPECT_EQ(refusal(), "");
}

TEST_F(AuditPlanFields, RefuseAStratumTwiceAndMonetaryUnitsWithoutATable) {
  strata({Audit::stratum("a"), Audit::stratum("a")});
  EXPECT_THAT(refusal(), HasSubstr("twice"));
  strata({Audit::stratum("a", "tracing", "monetary-unit")});
  EXPECT_THAT(refusal(), HasSubstr("monetary units"));
  strata({Audit::stratum("a", "vouching", "monetary-unit")});
  EXPECT_EQ(refusal(), "");
  event_.fields["confidence"] = Value{std::int64_t{94}};
  EXPECT_THAT(refusal(), HasSubstr("monetary units"));
  strata({});
  EXPECT_THAT(refusal(), HasSubstr("strata"));
}

TEST_F(AuditPlanFields, NeedTwoInstitutionsThatCommitTheAuditorAmongThem) {
  auto both = *event_.fields["committing"].list();
  event_.fields["committing"] = Value{Value::List{both[0]}};
  EXPECT_THAT(refusal(), HasSubstr("committing"));
  event_.fields["committing"] = Value{Value::List{both[0], both[0]}};
  EXPECT_THAT(refusal(), HasSubstr("twice"));
  event_.fields["committing"] = Value{both};
  event_.issuer = testing_audits::kCollege;
  EXPECT_THAT(refusal(), HasSubstr("auditor"));
}

TEST_F(AuditPlanFields, NeedAFallbackAfterTheBeaconTimesAndADayOfTheFreeze) {
  event_.fields["fallback_at"] = event_.fields["beacon_at"];
  EXPECT_THAT(refusal(), HasSubstr("fallback_at"));
  event_.fields["fallback_at"] = Audit::text("tomorrow");
  EXPECT_THAT(refusal(), HasSubstr("no time"));
  event_.fields = audit_.plan_fields();
  event_.fields["examined_in_full"] =
      Value{Value::List{Value{std::string("corrected-after-freeze")}}};
  EXPECT_THAT(refusal(), HasSubstr("frozen_on"));
}

TEST(AuditCommitment, BindsTheSecretToItsParty) {
  const Digest secret = sha256(as_bytes("secret"));
  EXPECT_NE(audit_commitment("A", secret), audit_commitment("B", secret));
  EXPECT_NE(audit_commitment("A", secret), audit_commitment("A", Digest{}));
}

}  // namespace
}  // namespace hefu
