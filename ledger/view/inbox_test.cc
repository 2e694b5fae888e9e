#include "ledger/view/inbox.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/audit/test_audits.h"

namespace hefu {
namespace {

using testing_audits::Audit;
using testing_audits::day;
using testing_audits::kBureau;
using testing_audits::kCollege;
using testing_audits::kEnterprise;
using testing_audits::kUniversity;

/// "countersignature agreement-signature", in the order of the inbox.
std::string kinds(const Audit& audit, const std::string& institution) {
  std::string out;
  for (const InboxItem& item : inbox_of(audit.records(), audit.fold(), kBureau, institution)) {
    out += (out.empty() ? "" : " ") + std::string(name(item.kind));
  }
  return out;
}

std::vector<InboxItem> inbox(const Audit& audit, const std::string& institution) {
  return inbox_of(audit.records(), audit.fold(), kBureau, institution);
}

EventId propose(Audit* audit, int sign_by) {
  return audit->open(kUniversity, "collaboration-agreement",
                     {{"parties", Value{testing_logs::Logs::texts({kUniversity, kCollege})}},
                      {"sign_by", Value{day(sign_by)}},
                      {"valid_from", Value{day(30)}}});
}

TEST(Inbox, AsksThePartyARecordNamesUntilItHasAnswered) {
  Audit audit;
  const EventId confirmed = audit.visit();
  const EventId rejected = audit.visit();
  const EventId open = audit.visit();
  ASSERT_EQ(inbox(audit, kEnterprise).size(), 3U);
  audit.countersign(kEnterprise, confirmed);
  audit.reject(kEnterprise, rejected);
  const auto items = inbox(audit, kEnterprise);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].kind, InboxKind::kCountersignature);
  EXPECT_EQ(items[0].record, open);
  EXPECT_EQ(items[0].about, open);
  EXPECT_EQ(items[0].from, kUniversity);
  EXPECT_EQ(items[0].type, "enterprise-visit");
  EXPECT_EQ(kinds(audit, kUniversity), "") << "who recorded it is not asked";
  EXPECT_EQ(kinds(audit, kCollege), "") << "whom it does not name is not asked";
}

TEST(Inbox, AsksAgainAboutACorrectionAndNotAboutWhatWasTakenBack) {
  Audit audit;
  const EventId record = audit.visit();
  audit.countersign(kEnterprise, record);
  EXPECT_EQ(kinds(audit, kEnterprise), "");
  const EventId corrected = audit.correct(kUniversity, record, record, Audit::visit_fields());
  const auto items = inbox(audit, kEnterprise);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].record, record);
  EXPECT_EQ(items[0].about, corrected) << "the version to confirm";
  audit.retract(kUniversity, record, corrected);
  EXPECT_EQ(kinds(audit, kEnterprise), "");
}

TEST(Inbox, AsksForSignaturesOfAgreementsThatAreOpenTheNextDeadlineFirst) {
  Audit audit;
  const EventId later = propose(&audit, 20);
  const EventId sooner = propose(&audit, 10);
  const auto items = inbox(audit, kCollege);
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].kind, InboxKind::kAgreementSignature);
  EXPECT_EQ(items[0].about, sooner);
  EXPECT_EQ(items[0].due, day(10));
  EXPECT_EQ(items[1].about, later);
  EXPECT_EQ(kinds(audit, kUniversity), "agreement-signature agreement-signature")
      << "to propose is not to sign";
  EXPECT_EQ(kinds(audit, kEnterprise), "") << "no party of it";
}

TEST(Inbox, AsksWhoRecordedItToAnswerAnObjectionAndTheAuthorityToDecideIt) {
  Audit audit;
  const EventId record = audit.visit();
  audit.countersign(kEnterprise, record);
  const EventId objection = audit.dispute(kCollege, record, record);
  const auto items = inbox(audit, kUniversity);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].kind, InboxKind::kDisputeResponse);
  EXPECT_EQ(items[0].about, objection);
  EXPECT_EQ(items[0].from, kCollege);
  EXPECT_EQ(items[0].text, "not so");
  EXPECT_EQ(kinds(audit, kBureau), "resolution");
  EXPECT_EQ(kinds(audit, kCollege), "");
  audit.about(kUniversity, "dispute-response", record, objection,
              {{"answer", Value{std::string("it was so")}}});
  EXPECT_EQ(kinds(audit, kUniversity), "");
  EXPECT_EQ(kinds(audit, kBureau), "resolution") << "an answer decides nothing";
  audit.resolve(kBureau, record, objection, "dismissed");
  EXPECT_EQ(kinds(audit, kBureau), "");
}

TEST(Inbox, AsksTheInstitutionAuditedForEvidenceOfWhatItRecordedItself) {
  Audit audit;
  const EventId ours = audit.visit(kUniversity, kEnterprise);
  const EventId theirs = audit.visit(kCollege, kEnterprise);
  audit.engage();
  const EventId asked = audit.request({ours, theirs}, 9);
  const auto items = inbox(audit, kUniversity);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].kind, InboxKind::kEvidenceProvision);
  EXPECT_EQ(items[0].record, audit.engagement);
  EXPECT_EQ(items[0].about, asked);
  EXPECT_EQ(items[0].items, std::vector<EventId>{ours});
  EXPECT_EQ(items[0].due, day(9));
  EXPECT_EQ(kinds(audit, kBureau), "") << "is not audited";
  audit.provide(kUniversity, asked, {ours});
  EXPECT_EQ(kinds(audit, kUniversity), "");
  EXPECT_EQ(kinds(audit, kCollege), "audit-evidence-provision");
}

TEST(Inbox, AsksWhomAFindingIsAddressedToOnce) {
  Audit audit;
  const EventId record = audit.visit();
  audit.engage();
  const EventId finding = audit.find({record});
  const auto items = inbox(audit, kUniversity);
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].kind, InboxKind::kFindingResponse);
  EXPECT_EQ(items[0].about, finding);
  EXPECT_TRUE(items[0].due);
  audit.respond(kUniversity, finding);
  EXPECT_EQ(kinds(audit, kUniversity), "");
}

TEST(Inbox, SaysHowManyThereAreWhereItShowsFewer) {
  Audit audit;
  for (int i = 0; i < 3; ++i) {
    audit.visit();
  }
  LedgerState state;
  state.records = audit.records();
  Governance governance;
  governance.charter = audit.charter;
  state.governance = std::make_shared<const Governance>(std::move(governance));
  state.audits = std::make_shared<const std::vector<Engagement>>();
  const auto shown = inbox_to_json(state, kEnterprise, 2);
  EXPECT_EQ(shown.at("total").to_number<int>(), 3);
  ASSERT_EQ(shown.at("items").as_array().size(), 2U);
  EXPECT_EQ(shown.at("items").at(0).at("kind").as_string(), "countersignature");
  EXPECT_EQ(shown.at("member").as_string(), kEnterprise);
}

}  // namespace
}  // namespace hefu
