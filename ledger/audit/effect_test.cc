#include "ledger/audit/effect.h"

#include <gtest/gtest.h>

#include "ledger/audit/test_audits.h"
#include "ledger/programme/grade.h"
#include "ledger/record/facts.h"

namespace hefu {
namespace {

using testing_audits::Audit;
using testing_audits::kBureau;
using testing_audits::kEnterprise;
using testing_audits::kUniversity;

/// A visit of the university with the college, confirmed, and an audit of it.
class AuditEffect : public ::testing::Test {
 protected:
  AuditEffect() {
    visit_ = play_.visit(kUniversity, testing_audits::kCollege);
    play_.countersign(testing_audits::kCollege, visit_);
    play_.prepare();
  }
  [[nodiscard]] Fact fact() const {
    const Records records = play_.records();
    std::vector<Fact> all = facts(records, testing_records::catalogue());
    apply_audits(play_.fold(), records, all);
    return all.front();
  }
  [[nodiscard]] Grade grade_now() const { return grade(fact(), play_.world); }

  Audit play_;
  EventId visit_;
};

TEST_F(AuditEffect, AnItemFoundGoodUnderAStatementThatStandsIsE4) {
  EXPECT_EQ(grade_now(), Grade::kE2);
  play_.test(visit_, "ok");
  EXPECT_EQ(grade_now(), Grade::kE2);
  play_.state();
  EXPECT_EQ(fact().audited_by, std::vector<std::string>{kEnterprise});
  EXPECT_EQ(grade_now(), Grade::kE4);
}

TEST_F(AuditEffect, NothingElseIs) {
  play_.test(visit_, "ok");
  play_.test(visit_, "deviation", "trace");
  play_.state();
  EXPECT_EQ(grade_now(), Grade::kE2);  // one test of it failed
}

TEST_F(AuditEffect, ATestAfterTheStatementIsNotCoveredByIt) {
  play_.state();
  play_.test(visit_, "ok");
  EXPECT_EQ(grade_now(), Grade::kE2);
  play_.state();
  EXPECT_EQ(grade_now(), Grade::kE4);
}

TEST_F(AuditEffect, AnAdverseOrWithdrawnStatementGivesNothing) {
  play_.test(visit_, "ok");
  play_.state("adverse");
  EXPECT_EQ(grade_now(), Grade::kE2);
  const EventId statement = play_.state("qualified");
  EXPECT_EQ(grade_now(), Grade::kE4);
  play_.say(kEnterprise, kAssuranceWithdrawalType,
            {{"statement", Value{statement.digest}}, {"reason", Audit::text("mistake")}});
  EXPECT_EQ(grade_now(), Grade::kE2);
}

TEST_F(AuditEffect, AnUpheldFindingDisputesAndTheAuthoritysRulingExcludes) {
  const EventId finding = play_.find({visit_});
  EXPECT_EQ(fact().standing, Standing::kConfirmed);
  play_.conclude(kEnterprise, finding, "upheld");
  EXPECT_EQ(fact().standing, Standing::kDisputed);
  play_.conclude(kBureau, finding, "upheld");
  EXPECT_EQ(fact().standing, Standing::kRejected);
  play_.conclude(kBureau, finding, "dismissed");
  EXPECT_EQ(fact().standing, Standing::kConfirmed);
}

TEST_F(AuditEffect, AFindingThatAsksForNothingChangesNothing) {
  const EventId finding = play_.find({visit_}, "none");
  play_.conclude(kBureau, finding, "upheld");
  EXPECT_EQ(fact().standing, Standing::kConfirmed);
}

TEST_F(AuditEffect, AFindingOfARelatedAuditorChangesNothing) {
  const EventId finding = play_.find({visit_});
  play_.conclude(kBureau, finding, "upheld");
  play_.world.orgs[kUniversity]["controller"] = FactValue{kEnterprise};
  EXPECT_EQ(fact().standing, Standing::kConfirmed);
}

}  // namespace
}  // namespace hefu
