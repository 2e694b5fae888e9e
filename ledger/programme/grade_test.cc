#include "ledger/programme/grade.h"

#include <gtest/gtest.h>

#include "ledger/programme/organisation.h"

namespace hefu {
namespace {

FactValue text(const char* value) {
  return FactValue{std::string(value)};
}

/// A holding owns the shell's owner; two schools stand under one district.
World directory() {
  World out;
  out.orgs["school"] = {{"district", text("d:1")}, {"kind", text("university")}};
  out.orgs["school/eng"] = {{"kind", text("college")}};
  out.orgs["unit-7"] = {{"kind", text("secondary-unit")}, {"parent", text("school")}};
  out.orgs["other"] = {{"district", text("d:1")}};
  out.orgs["shell"] = {{"controller", text("shell-owner")}};
  out.orgs["shell-owner"] = {{"controller", text("school")}};
  out.orgs["holding-a"] = {{"controller", text("holding")}};
  out.orgs["holding-b"] = {
      {"controller", FactValue{FactValue::List{text("somebody"), text("holding")}}}};
  out.orgs["loop-1"] = {{"controller", text("loop-2")}, {"parent", text("loop-2")}};
  out.orgs["loop-2"] = {{"controller", text("loop-1")}, {"parent", text("loop-1")}};
  out.orgs["firm"] = {};
  return out;
}

Fact recorded_by(const std::string& actor) {
  Fact out;
  out.id = "f";
  out.actor = actor;
  out.org = actor;
  return out;
}

Grade countersigned(const std::string& actor, const std::string& by) {
  Fact fact = recorded_by(actor);
  fact.countersigned_by = {by};
  return grade(fact, directory());
}

TEST(Grade, GrowsWithEvidenceCountersignatureAndRegistry) {
  Fact fact = recorded_by("school");
  EXPECT_EQ(grade(fact, directory()), Grade::kE0);
  fact.evidence = {"sha256:aa"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE1);
  fact.countersigned_by = {"firm"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE2);
  fact.registry = "CNIPA";
  EXPECT_EQ(grade(fact, directory()), Grade::kE3);
}

/// membership-change as a lead party records it: about the member, countersigned by the member.
Fact recorded_for(const std::string& actor, const std::string& org) {
  Fact out = recorded_by(actor);
  out.org = org;
  out.counterparty = org;
  out.countersigned_by = {org};
  return out;
}

TEST(Grade, WhomARecordIsAboutConfirmsWhatAnotherInstitutionRecorded) {
  const Fact fact = recorded_for("school", "firm");
  EXPECT_EQ(grade(fact, directory()), Grade::kE2);
  EXPECT_TRUE(is_independent(fact, directory()));
  Fact by_institution = recorded_for("firm", "school/eng");
  by_institution.countersigned_by = {"school"};
  EXPECT_EQ(grade(by_institution, directory()), Grade::kE2) << "a unit's institution signs for it";
}

TEST(Grade, WhomARecordIsAboutConfirmsNothingForItsOwnController) {
  for (const char* org : {"school/eng", "unit-7", "shell", "shell-owner"}) {
    const Fact fact = recorded_for("school", org);
    EXPECT_EQ(grade(fact, directory()), Grade::kE1) << org;
    EXPECT_FALSE(is_independent(fact, directory())) << org;
  }
}

TEST(Grade, AShellOfWhomARecordIsAboutAddsNothing) {
  Fact fact = recorded_for("firm", "school");
  fact.countersigned_by = {"shell"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE1);
  EXPECT_FALSE(is_independent(fact, directory()));
  fact.registry = "school";
  EXPECT_EQ(grade(fact, directory()), Grade::kE1) << "nobody is the registry of his own matters";
}

TEST(Grade, AnAuditorLiftsWhatItCouldLookAtUnlessItIsAParty) {
  Fact fact = recorded_by("school");
  fact.audited_by = {"firm"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE0) << "nothing to look at";
  fact.evidence = {"sha256:aa"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE4);
  fact.audited_by = {"shell", "school/eng"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE1);
  fact.audited_by = {"firm"};
  fact.standing = Standing::kClaimed;
  EXPECT_EQ(grade(fact, directory()), Grade::kE1);
  fact.standing = Standing::kConfirmed;
  fact.org = "other";
  fact.audited_by = {"other"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE1) << "nor whom the record is about";
}

TEST(Grade, CountersigningForOneselfIsWorthNoMoreThanAFile) {
  EXPECT_EQ(countersigned("school", "school"), Grade::kE1);
  EXPECT_EQ(countersigned("school", "school/eng"), Grade::kE1);
  EXPECT_EQ(countersigned("school/eng", "school"), Grade::kE1);
  EXPECT_EQ(countersigned("school/eng", "school/arts"), Grade::kE1);
  EXPECT_EQ(countersigned("school", "unit-7"), Grade::kE1);
}

/// A record of the school that a firm confirmed as the guest of these members.
Fact confirmed_by_guest_of(std::vector<std::string> introducers) {
  Fact fact = recorded_by("school");
  fact.countersigned_by = {"firm"};
  fact.guests["firm"] = std::move(introducers);
  return fact;
}

TEST(Grade, AGuestIsAsIndependentAsWhoeverIntroducedIt) {
  EXPECT_EQ(countersigned("school", "firm"), Grade::kE2);
  EXPECT_EQ(grade(confirmed_by_guest_of({"other"}), directory()), Grade::kE2);
  EXPECT_EQ(grade(confirmed_by_guest_of({"school"}), directory()), Grade::kE1);
  EXPECT_EQ(grade(confirmed_by_guest_of({"shell"}), directory()), Grade::kE1);
  EXPECT_EQ(grade(confirmed_by_guest_of({"school", "other"}), directory()), Grade::kE2);
  EXPECT_TRUE(is_independent(confirmed_by_guest_of({"other"}), directory()));
  EXPECT_FALSE(is_independent(confirmed_by_guest_of({"school"}), directory()));
}

TEST(Grade, AGuestThatIsRelatedStaysRelatedWhoeverIntroducedIt) {
  Fact fact = recorded_by("school");
  fact.countersigned_by = {"shell"};
  fact.guests["shell"] = {"other"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE1);
}

TEST(Grade, AGuestConfirmsNothingAsARegistry) {
  Fact fact = confirmed_by_guest_of({"other"});
  fact.registry = "firm";
  EXPECT_EQ(grade(fact, directory()), Grade::kE2);
}

TEST(Grade, ControlIsFollowedUpAndAcross) {
  EXPECT_EQ(countersigned("school", "shell"), Grade::kE1);
  EXPECT_EQ(countersigned("shell", "school"), Grade::kE1);
  EXPECT_EQ(countersigned("unit-7", "shell"), Grade::kE1);
  EXPECT_EQ(countersigned("holding-a", "holding-b"), Grade::kE1);
  EXPECT_EQ(countersigned("holding", "holding-b"), Grade::kE1);
  EXPECT_EQ(countersigned("holding-a", "somebody"), Grade::kE2);
  EXPECT_EQ(countersigned("loop-1", "loop-2"), Grade::kE1);
  EXPECT_EQ(countersigned("loop-1", "firm"), Grade::kE2);
}

TEST(Grade, AShareDistrictIsNoControl) {
  EXPECT_EQ(countersigned("school", "other"), Grade::kE2);
  EXPECT_EQ(countersigned("school", "d:1"), Grade::kE2);
}

TEST(Grade, OneIndependentSignatureAmongRelatedOnesIsEnough) {
  Fact fact = recorded_by("school");
  fact.countersigned_by = {"firm", "shell"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE2);
  // But the dealing itself is with the shell.
  fact.counterparty = "shell";
  EXPECT_FALSE(is_independent(fact, directory()));
  fact.counterparty = "firm";
  EXPECT_TRUE(is_independent(fact, directory()));
}

TEST(Grade, ARelatedRegistryConfirmsNothing) {
  Fact fact = recorded_by("school");
  fact.registry = "shell";
  EXPECT_EQ(grade(fact, directory()), Grade::kE0);
  fact.registry = "CNIPA";
  EXPECT_TRUE(is_independent(fact, directory()));
  fact.counterparty = "shell";
  EXPECT_FALSE(is_independent(fact, directory()));
}

TEST(Grade, AClaimStillUnansweredIsNeverAboveE1) {
  Fact fact = recorded_by("school");
  fact.standing = Standing::kClaimed;
  EXPECT_EQ(grade(fact, directory()), Grade::kE0);
  fact.countersigned_by = {"firm"};
  EXPECT_EQ(grade(fact, directory()), Grade::kE1);
  fact.registry = "CNIPA";
  EXPECT_EQ(grade(fact, directory()), Grade::kE1);
}

TEST(Grade, HasAName) {
  EXPECT_EQ(parse_grade("E3"), Grade::kE3);
  EXPECT_FALSE(parse_grade("E5"));
  EXPECT_FALSE(parse_grade("e3"));
  EXPECT_STREQ(name(Grade::kE4), "E4");
}

TEST(Organisation, StandsBelowItsParentPrefixAndDistrict) {
  const World world = directory();
  EXPECT_TRUE(at_or_below(world, "school", "school"));
  EXPECT_TRUE(at_or_below(world, "school/eng", "school"));
  EXPECT_TRUE(at_or_below(world, "school/eng/lab", "school"));
  EXPECT_TRUE(at_or_below(world, "unit-7", "d:1"));
  EXPECT_TRUE(at_or_below(world, "school/eng", "d:1"));
  EXPECT_FALSE(at_or_below(world, "school", "school/eng"));
  EXPECT_FALSE(at_or_below(world, "schoolhouse", "school"));
  EXPECT_FALSE(at_or_below(world, "firm", "d:1"));
  EXPECT_FALSE(at_or_below(world, "loop-1", "d:1"));
}

}  // namespace
}  // namespace hefu
