// The twelve worked examples of the programme pack format: what its text says was checked, where
// the published cases do not already say it.
#include <gtest/gtest.h>

#include "ledger/programme/support_test.h"

namespace hefu {
namespace {

/// One fact as JSON, `more` being the fields that matter; countersigned by its counterparty.
std::string fact(const std::string& type, const std::string& actor, const std::string& counterparty,
                 const std::string& more) {
  return R"({"type":")" + type + R"(","actor":")" + actor + R"(","counterparty":")" + counterparty +
         R"(","countersigned_by":[")" + counterparty + "\"]," + more + "}";
}

std::string list(const std::vector<std::string>& facts) {
  std::string out;
  for (const std::string& one : facts) {
    out += (out.empty() ? "" : ",") + one;
  }
  return "[" + out + "]";
}

std::map<std::string, Figure> figures(const std::string& pack, const std::string& facts,
                                      const std::string& period,
                                      const std::optional<std::string>& node = std::nullopt) {
  return figures_of(load_vector_pack(pack), case_world(), facts_of(facts), period, node);
}

TEST(WorkedExamples, W1AVisitWithoutProofOfItsDateIsLate) {
  const std::string visits = list({
      fact("visit.held", "org:A", "ent:1",
           R"("date":"2024-03-01","body":{"visitor_role":"president"})"),
      fact("visit.held", "org:A", "ent:2",
           R"("date":"2024-03-01","recorded":"2024-03-31","body":{"visitor_role":"president"})"),
      fact("visit.held", "org:A", "ent:3",
           R"("date":"2024-03-01","recorded":"2024-04-01","body":{"visitor_role":"president"})"),
  });
  const auto found = figures("w01_visits.toml", visits, "2024").at("visits.employers");
  EXPECT_EQ(value_text(found), "1");  // recorded on the thirtieth day is in time
  EXPECT_EQ(found.excluded.at(LeftOut::kLate), 2U);
}

TEST(WorkedExamples, W1DisputedAndClaimedVisitsAreCountedApart) {
  const std::string rest = R"("date":"2024-03-01","recorded":"2024-03-01",)"
                           R"("body":{"visitor_role":"president"},"standing":)";
  const auto found = figures("w01_visits.toml",
                             list({fact("visit.held", "org:A", "ent:1", rest + "\"confirmed\""),
                                   fact("visit.held", "org:A", "ent:2", rest + "\"claimed\""),
                                   fact("visit.held", "org:A", "ent:3", rest + "\"disputed\""),
                                   fact("visit.held", "org:A", "ent:4", rest + "\"rejected\""),
                                   fact("visit.held", "org:A", "hosp:1", rest + "\"ended\"")}),
                             "2024")
                         .at("visits.employers");
  EXPECT_EQ(value_text(found), "1");
  EXPECT_EQ(found.excluded, (std::map<LeftOut, std::size_t>{{LeftOut::kLowEvidence, 1},
                                                            {LeftOut::kDisputed, 1},
                                                            {LeftOut::kRejected, 1},
                                                            {LeftOut::kEnded, 1}}));
  EXPECT_EQ(found.ladder.confirmed, 1U);
  EXPECT_EQ(found.ladder.claimed, 1U);
  EXPECT_EQ(found.ladder.disputed, 1U);
  EXPECT_EQ(found.ladder.grades[1], 1U);
  EXPECT_EQ(found.ladder.counted[2], 1U);
  EXPECT_EQ(found.counted_ids.size(), 1U);
  EXPECT_EQ(found.left_out_facts.size(), 4U);
}

TEST(WorkedExamples, W1TheRateOfANodeRestsOnItsOwnVisits) {
  const auto visit = [](const char* actor, const char* party) {
    return fact(
        "visit.held", actor, party,
        R"("date":"2024-03-01","recorded":"2024-03-01","body":{"visitor_role":"president"})");
  };
  const auto intent = [](const char* actor, const char* party) {
    return fact("agreement.signed", actor, party,
                R"("date":"2024-05-01","recorded":"2024-05-01",)"
                R"("body":{"kind":"internship_base_intent"})");
  };
  const std::string facts = list({visit("org:A", "ent:1"), visit("org:B", "ent:2"),
                                  intent("org:B", "ent:1"), intent("org:B", "ent:2")});
  EXPECT_EQ(value_text(figures("w01_visits.toml", facts, "2024").at("visits.intent_rate")), "1");
  EXPECT_EQ(value_text(figures("w01_visits.toml", facts, "2024", "org:A").at("visits.intent_rate")),
            "0");
  EXPECT_EQ(value_text(figures("w01_visits.toml", facts, "2024", "org:B").at("visits.intents")),
            "1");
}

TEST(WorkedExamples, W2MissesTenPerCentWithOneTransferLessAndHasNoRateWithoutGrants) {
  std::vector<std::string> facts;
  for (int i = 0; i < 19; ++i) {
    facts.push_back(
        R"({"type":"patent.granted","actor":"org:A","date":"2024-01-01","registry":"CNIPA",)"
        R"("body":{"patent_no":"G)" +
        std::to_string(i) + "\"}}");
  }
  const auto transfer = [](const char* party, const char* number, int fen) {
    return fact("patent.transferred", "org:cqhgzy", party,
                R"("date":"2024-02-02","registry":"CNIPA","body":{"patent_no":")" +
                    std::string(number) + R"(","consideration_fen":)" + std::to_string(fen) + "}");
  };
  facts.push_back(transfer("ent:1", "G1", 100));
  facts.push_back(transfer("ent:shell", "G2", 100));  // registered, but to an own shell
  facts.push_back(transfer("ent:1", "G3", 0));        // for nothing
  auto rate = figures("w02_patents.toml", list(facts), "2024").at("patent.transfer_rate");
  EXPECT_EQ(value_text(rate), "1/19");
  EXPECT_EQ(verdicts(rate), std::vector<std::string>{"not met"});
  rate = figures("w02_patents.toml", list({transfer("ent:1", "G1", 100)}), "2024")
             .at("patent.transfer_rate");
  EXPECT_EQ(value_text(rate), "na");
  EXPECT_EQ(rate.shown, "—");
  EXPECT_EQ(verdicts(rate), std::vector<std::string>{"n/a"});
}

TEST(WorkedExamples, W2MoreEventsThanTheRangeAreMetToo) {
  std::vector<std::string> facts;
  for (int i = 0; i < 3; ++i) {
    facts.push_back(
        R"({"type":"event.hosted","actor":"org:A","date":"2024-01-01","evidence":["x"],)"
        R"("body":{"kind":"achievement_matchmaking","enterprises":1,"event_no":)" +
        std::to_string(i) + "}}");
  }
  const auto found = figures("w02_patents.toml", list(facts), "2024").at("matchmaking.events");
  EXPECT_EQ(value_text(found), "3");
  EXPECT_EQ(verdicts(found), std::vector<std::string>{"met"});
  EXPECT_EQ(verdicts(figures("w02_patents.toml", "[]", "2024").at("matchmaking.events")),
            std::vector<std::string>{"not met"});
}

TEST(WorkedExamples, W3TheMeanIsOverCompleteYearsOnly) {
  const PackCase one = load_cases().at(5);
  const Pack pack = load_vector_pack(one.pack);
  const auto mean = [&](const char* period) {
    return value_text(
        figures_of(pack, one.world.world, one.world.facts, period).at("contracts.horizontal.mean"));
  };
  EXPECT_EQ(mean("2024"), "10");
  EXPECT_EQ(mean("2025"), "12");
  EXPECT_EQ(mean("2026"), "41/3");
  EXPECT_EQ(mean("2026-H1"), "12");
  EXPECT_EQ(mean("2023"), "na");
}

TEST(WorkedExamples, W4NodesRestrictThePopulation) {
  const PackCase one = load_cases().at(6);
  const Pack pack = load_vector_pack(one.pack);
  const auto at = [&](const char* node, const char* indicator) {
    return value_text(
        figures_of(pack, one.world.world, one.world.facts, "2024", node).at(indicator));
  };
  EXPECT_EQ(at("org:cqhgzy", "colleges.reaching_10"), "1/2");
  EXPECT_EQ(at("org:cqhgzy/hg", "colleges.reaching_10"), "1");
  EXPECT_EQ(at("org:cqhgzy/jd", "colleges.reaching_10"), "0");
  EXPECT_EQ(at("org:cqhgzy/rw", "colleges.reaching_10"), "na");
  EXPECT_EQ(at("d:changshou", "colleges.reaching_10"), "1/2");
  EXPECT_EQ(at("org:cqhgzy", "teachers.reaching_3"), "1/2");
  EXPECT_EQ(at("org:cqhgzy/hg", "teachers.reaching_3"), "1");
  EXPECT_EQ(at("org:A", "teachers.reaching_3"), "na");
}

TEST(WorkedExamples, W5TheWindowMovesWithThePeriod) {
  const PackCase one = load_cases().at(7);
  const Pack pack = load_vector_pack(one.pack);
  EXPECT_EQ(
      value_text(
          figures_of(pack, one.world.world, one.world.facts, "2024").at("practice.rolling5y")),
      "1/2");
  EXPECT_EQ(
      value_text(
          figures_of(pack, one.world.world, one.world.facts, "2025").at("practice.rolling5y")),
      "0");
}

TEST(WorkedExamples, W6SixCalendarMonthsWithoutAGapWithinThreeYears) {
  const auto teacher = [](const char* person) {
    return std::string(R"({"type":"staff.registered","actor":"org:C","start":"2021-06-01",)") +
           R"("body":{"person":")" + person +
           R"(","post":"specialty_teacher","hired":"2021-06-01"}})";
  };
  const auto practice = [](const char* person, const char* start, const char* end) {
    return fact("staff.enterprise_practice", "org:C", "ent:1",
                std::string("\"date\":\"") + start + "\",\"start\":\"" + start +
                    "\",\"recorded\":\"" + start + "\",\"end\":\"" + end +
                    R"(","body":{"person":")" + person + "\"}");
  };
  const std::string facts = list(
      {teacher("one"), teacher("two"), teacher("gap"), teacher("late"),
       practice("one", "2021-09-01", "2022-02-28"), practice("two", "2022-01-01", "2022-03-31"),
       practice("two", "2022-04-01", "2022-06-30"), practice("gap", "2022-01-01", "2022-03-31"),
       practice("gap", "2022-04-02", "2022-07-31"), practice("late", "2024-01-01", "2024-06-30")});
  auto found = figures("w06_new_teachers.toml", facts, "2024").at("practice.first3y_continuous");
  EXPECT_EQ(value_text(found), "1/2");
  EXPECT_EQ(found.parts->first.text() + " of " + found.parts->second.text(), "2 of 4");
  EXPECT_EQ(found.shown, "50.0%");
  // Not due in another year.
  found = figures("w06_new_teachers.toml", facts, "2023").at("practice.first3y_continuous");
  EXPECT_EQ(value_text(found), "na");
}

TEST(WorkedExamples, W7AStaleReportIsMissingAndNotZero) {
  const auto report = [](const char* actor, const char* date, int value) {
    return std::string(R"({"type":"fact.reported","actor":")") + actor + R"(","date":")" + date +
           R"(","body":{"stat":"students_enrolled","level":"UG","value":)" + std::to_string(value) +
           "}}";
  };
  const std::string facts = list({report("org:A", "2024-11-26", 100),     // 400 days before
                                  report("org:B", "2024-11-25", 10),      // 401
                                  report("org:C", "2025-12-31", 1),       // the last day
                                  report("org:C", "2026-01-01", 1000)});  // after it
  EXPECT_EQ(value_text(figures("w07_enrolment_stock.toml", facts, "2025").at("students.enrolled")),
            "101");
}

TEST(WorkedExamples, W8EachEnterpriseShowsItsOwnDays) {
  const PackCase one = load_cases().at(10);
  const Pack pack = load_vector_pack(one.pack);
  const auto at = [&](const char* node) {
    return value_text(figures_of(pack, one.world.world, one.world.facts, "2023", node)
                          .at("internship.person_months"));
  };
  EXPECT_EQ(at("ent:1"), "120");
  EXPECT_EQ(at("ent:2"), "29");  // and yet the group has 120, not 149
  EXPECT_EQ(at("org:A"), "0");   // schools do not offer placements
}

TEST(WorkedExamples, W9MoneyIsComparedExactlyAndShownRounded) {
  const auto payment = [](const char* actor, const char* voucher, std::int64_t fen,
                          const char* date) {
    return fact("payment.received", actor, "ent:1",
                std::string(R"("registry":"bank","date":")") + date +
                    R"(","body":{"purpose":"coop_rnd","voucher_no":")" + voucher +
                    R"(","amount_fen":)" + std::to_string(fen) + "}");
  };
  const auto found = [&](const std::vector<std::string>& facts, const char* node = nullptr) {
    return figures("w09_consortium_table.toml", list(facts), "2023",
                   node == nullptr ? std::nullopt : std::optional<std::string>(node))
        .at("rnd.money_received");
  };
  const std::string almost = payment("org:A", "v1", 399'999'999, "2023-05-01");
  const std::string again = payment("org:A", "v1", 399'999'999, "2023-05-02");
  const std::string early = payment("org:B", "v2", 1'000'000'000, "2023-06-30");
  const std::string refund = payment("org:A", "v3", -99'999'999, "2023-12-31");
  Figure money = found({almost, again, early});
  EXPECT_EQ(value_text(money), "399999999");
  EXPECT_EQ(money.shown, "400.00万元");
  EXPECT_EQ(verdicts(money), std::vector<std::string>{"not met"});
  EXPECT_EQ(money.targets.at(0).text, ">=400万元");
  EXPECT_EQ(money.baseline, "312.5万元 (2022)");
  EXPECT_EQ(money.targets.size(), 1U);
  EXPECT_EQ(found({almost, again, refund}).shown, "300.00万元");
  EXPECT_EQ(value_text(found({almost, early}, "org:B")), "0");
  const std::string joined = payment("org:B", "v2", 1, "2023-07-01");
  money = found({almost, joined});
  EXPECT_EQ(verdicts(money), std::vector<std::string>{"met"});
  EXPECT_EQ(money.colour, "green");
  EXPECT_TRUE(money.additive);
}

TEST(WorkedExamples, W9PersonTimesPersonsAndPeriodsOfOneSetDiffer) {
  const auto teaching = [](const char* actor, const char* person, const char* run, int periods) {
    return fact("teaching.parttime", actor, "ent:1",
                std::string(R"("date":"2023-05-01","body":{"from_enterprise":true,"person":")") +
                    person + R"(","course_run":")" + run + R"(","periods":)" +
                    std::to_string(periods) + "}");
  };
  const auto found =
      figures("w09_consortium_table.toml",
              list({teaching("org:A", "p", "r1", 10), teaching("org:A", "p", "r2", 20),
                    teaching("org:B", "p", "r3", 30), teaching("org:B", "p", "r3", 28)}),
              "2023");
  EXPECT_EQ(value_text(found.at("parttime.person_times")), "3");
  EXPECT_EQ(value_text(found.at("parttime.persons")), "1");
  EXPECT_EQ(value_text(found.at("parttime.hours")), "58");  // the smaller of two claims
  EXPECT_EQ(found.at("parttime.hours").conflicts, 1U);
}

TEST(WorkedExamples, W10NoRecordIsNotAClearance) {
  const auto about = [](const char* type, const char* issuer, const char* member,
                        const char* date) {
    return std::string(R"({"type":")") + type + R"(","actor":")" + issuer +
           R"(","counterparty":")" + member + R"(","date":")" + date +
           R"(","body":{"severity":"major"}})";
  };
  const auto found = [](const std::vector<std::string>& facts, const char* period = "2023") {
    return figures("w10_no_violation.toml", list(facts), period).at("members.clean3y");
  };
  // Members at the end of 2023: org:A, org:B, ent:1; ent:2 has left.
  const std::string a = about("clearance.issued", "gov:1", "org:A", "2023-11-01");
  const std::string b = about("clearance.issued", "gov:1", "org:B", "2023-11-01");
  const std::string bad_b = about("violation.recorded", "gov:1", "org:B", "2021-01-01");
  const std::string old_b = about("violation.recorded", "gov:1", "org:B", "2020-12-31");
  const std::string by_friend = about("clearance.issued", "ent:2", "ent:1", "2023-11-01");
  Figure share = found({a, b, bad_b, by_friend});
  EXPECT_EQ(value_text(share), "1/3");
  EXPECT_EQ(share.unknown_members, 1U);
  EXPECT_EQ(verdicts(share), std::vector<std::string>{"not met"});
  // With nobody found wanting, the missing clearance leaves the verdict open.
  share = found({a, b, old_b, by_friend});
  EXPECT_EQ(value_text(share), "2/3");
  EXPECT_EQ(verdicts(share), std::vector<std::string>{"unknown"});
  share = found({a, b, about("clearance.issued", "gov:1", "ent:1", "2023-11-01")});
  EXPECT_EQ(verdicts(share), std::vector<std::string>{"met"});
  EXPECT_EQ(value_text(found({a}, "2022")), "na");  // nobody had joined
}

TEST(WorkedExamples, W11TheProvinceIsLessThanTheSumOfItsSchools) {
  const PackCase one = load_cases().at(11);
  const Pack pack = load_vector_pack(one.pack);
  const auto tree = evaluate_tree(pack, one.world.world, one.world.facts, *Period::parse("2017"));
  ASSERT_TRUE(tree.ok());
  EXPECT_FALSE(tree->adds_up.at("profs.persons"));
  EXPECT_TRUE(tree->adds_up.at("pairs.schools"));
  ASSERT_EQ(tree->nodes.size(), 3U);
  EXPECT_EQ(tree->nodes[1].node, "org:A");
  EXPECT_EQ(value_text(tree->nodes[0].figures[2]), "2");
  EXPECT_EQ(value_text(tree->nodes[1].figures[2]), "1");
  EXPECT_EQ(value_text(tree->nodes[2].figures[2]), "2");
  EXPECT_FALSE(tree->nodes[0].figures[2].additive);
}

std::string base(const std::string& actor, const std::string& number, const std::string& end) {
  return fact("base.agreement", actor, "ent:1",
              R"("date":"2023-01-10","start":"2023-01-10","recorded":"2023-01-11",)" +
                  (end.empty() ? "" : "\"end\":\"" + end + "\",") + R"("body":{"base_id":")" +
                  number + "\"}");
}

TEST(WorkedExamples, W12ASharedBaseIsSplitAndAddsUpExactly) {
  const std::string facts =
      list({base("org:A", "b1", ""), base("org:B", "b1", ""), base("org:C", "b1", "2025-12-31"),
            base("org:A", "b2", "2023-12-31"), base("org:A", "b2", "2026-01-01"),
            base("org:A", "b3", "2023-12-30")});
  const auto at = [&](std::optional<std::string> node) {
    return value_text(figures("w12_bases_credit.toml", facts, "2023", node).at("bases.active"));
  };
  EXPECT_EQ(at(std::nullopt), "2");
  EXPECT_EQ(at("org:A"), "4/3");
  EXPECT_EQ(at("org:B"), "1/3");
  EXPECT_EQ(at("org:C"), "1/3");
  const auto shown = figures("w12_bases_credit.toml", facts, "2023", "org:A").at("bases.active");
  EXPECT_EQ(shown.shown, "1.33个");
  EXPECT_TRUE(shown.additive);
  const auto tree = evaluate_tree(load_vector_pack("w12_bases_credit.toml"), case_world(),
                                  facts_of(facts), *Period::parse("2023"));
  ASSERT_TRUE(tree.ok());
  EXPECT_TRUE(tree->adds_up.at("bases.active"));
}

TEST(WorkedExamples, W12ExactlyTwoHundredDoesNotSurpassTwoHundred) {
  std::vector<std::string> facts;
  for (int i = 0; i < 200; ++i) {
    facts.push_back(base("org:A", "b" + std::to_string(i), ""));
  }
  auto found = figures("w12_bases_credit.toml", list(facts), "2023").at("bases.active");
  EXPECT_EQ(verdicts(found), std::vector<std::string>{"not met"});
  EXPECT_EQ(found.colour, "amber");
  facts.push_back(base("org:B", "more", ""));
  found = figures("w12_bases_credit.toml", list(facts), "2023").at("bases.active");
  EXPECT_EQ(verdicts(found), std::vector<std::string>{"met"});
  found = figures("w12_bases_credit.toml", list(facts), "2024").at("bases.active");
  EXPECT_EQ(found.targets.at(0).text, ">=350个");
  EXPECT_EQ(found.targets.at(0).kind, "milestone");
  EXPECT_EQ(found.colour, "red");
  // A half year has no target, so no verdict and no colour.
  found = figures("w12_bases_credit.toml", list(facts), "2023-H1").at("bases.active");
  EXPECT_TRUE(found.targets.empty());
  EXPECT_EQ(found.colour, "grey");
}

TEST(WorkedExamples, W12AnAgreementSignedAndOneInForceAreDifferentQuestions) {
  const auto enrolment = [](const char* person, const char* party, const char* start,
                            const char* end) {
    return fact("training.targeted_enrolment", "org:A", party,
                std::string("\"start\":\"") + start + "\",\"end\":\"" + end +
                    R"(","body":{"class":"订单班","person":")" + person + "\"}");
  };
  const auto found = figures("w12_bases_credit.toml",
                             list({enrolment("p", "ent:1", "2022-09-01", "2023-01-01"),
                                   enrolment("p", "ent:2", "2023-09-01", "2025-06-30"),
                                   enrolment("q", "ent:2", "2022-09-01", "2022-12-31")}),
                             "2023");
  EXPECT_EQ(value_text(found.at("students.targeted")), "1");
  EXPECT_EQ(value_text(found.at("enterprises.cooperating")), "2");
}

}  // namespace
}  // namespace hefu
