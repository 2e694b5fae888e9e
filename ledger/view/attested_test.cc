#include "ledger/view/attested.h"

#include <algorithm>
#include <random>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/view/attested_json.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kReported = 1;

/// Member 1 reports three bases; members attest how many there are.
class AttestedTest : public testing::Test {
 protected:
  AttestedTest() {
    bases_.record(kReported, "B1", 10);
    bases_.record(kReported, "B2", 5);
    bases_.record(kReported, "B3", 7);
    bases_.fix();
    view_ = bases_.view("bases");
  }

  [[nodiscard]] const std::string& id(std::size_t member) const {
    return bases_.federation().member(member).id;
  }
  /// The state after everything said so far was dated.
  LedgerState dated() {
    bases_.fix();
    return bases_.state();
  }
  [[nodiscard]] static Member* member_of(LedgerState* state, const std::string& id) {
    const auto changed = std::make_shared<Governance>(*state->governance);
    state->governance = changed;
    auto& members = changed->charter.members;
    return &*std::find_if(members.begin(), members.end(),
                          [&](const Member& one) { return one.id == id; });
  }
  /// The directory of a state, to be changed.
  [[nodiscard]] static World& world_of(LedgerState& state) {
    const auto changed = std::make_shared<World>(*state.world);
    state.world = changed;
    return *changed;
  }
  [[nodiscard]] static Pack pack_of(const LedgerState& state) {
    return *Pack::from_json(find_document(*state.documents, "pack", "test.bases", "")->content);
  }
  [[nodiscard]] static std::vector<AttestedResult> judge(const LedgerState& state,
                                                         std::span<const MemberAttestation> all,
                                                         const std::set<std::string>& reported) {
    const Pack pack = pack_of(state);
    const std::string indicator = "bases";
    const Period period = *Period::parse("2025");
    return judge_attestations(
        {pack, indicator, period, *state.world, state.governance->charter, reported}, all);
  }
  [[nodiscard]] std::vector<AttestedResult> judge(const LedgerState& state) const {
    return judge(state, view_statements(state).attestations, {id(kReported)});
  }
  [[nodiscard]] AttesterStanding standing(const std::vector<AttestedResult>& results,
                                          std::size_t member) const {
    for (const AttestedResult& result : results) {
      for (const Attester& by : result.by) {
        if (by.member == id(member)) {
          return by.standing;
        }
      }
    }
    ADD_FAILURE() << "member " << member << " attested nothing";
    return AttesterStanding::kCounts;
  }

  Bases bases_;
  View view_;
};

TEST_F(AttestedTest, CountsIndependentNodesAndNeverTheInstitutionReportedOn) {
  for (const std::size_t member : {0, 1, 2}) {
    bases_.attest(member, view_);
  }
  const auto results = judge(dated());
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].by.size(), 3U);
  EXPECT_EQ(results[0].counted, 2U);
  EXPECT_EQ(results[0].eligible, 3U);
  EXPECT_TRUE(results[0].quorum.met) << "two of three are more than half";
  EXPECT_EQ(standing(results, kReported), AttesterStanding::kReported);
  EXPECT_EQ(standing(results, 0), AttesterStanding::kCounts);
}

TEST_F(AttestedTest, SaysWhoIsMissing) {
  bases_.attest(kReported, view_);
  bases_.attest(2, view_);
  const auto results = judge(dated());
  ASSERT_EQ(results.size(), 1U);
  EXPECT_FALSE(results[0].quorum.met);
  std::vector<std::string> others{id(0), id(3)};
  std::sort(others.begin(), others.end());
  EXPECT_EQ(results[0].quorum.missing,
            (std::vector<MissingAttesters>{{"independent", 1, 2, others}}));
}

TEST_F(AttestedTest, CountsNobodyOfTheSameControllerOnTheDaysThatMatter) {
  for (const std::size_t member : {0, 2, 3}) {
    bases_.attest(member, view_);
  }
  LedgerState state = dated();
  world_of(state).orgs[id(kReported)]["controller"] = FactValue{std::string("group")};
  world_of(state).orgs[id(3)]["controller"] = FactValue{std::string("group")};  // a sibling
  world_of(state).orgs[id(2)]["controller"] = FactValue{id(kReported)};         // a subsidiary
  auto results = judge(state);
  EXPECT_EQ(standing(results, 3), AttesterStanding::kRelated);
  EXPECT_EQ(standing(results, 2), AttesterStanding::kRelated);
  EXPECT_EQ(results[0].counted, 1U);
  EXPECT_EQ(results[0].eligible, 1U);

  // Bought long after the period and the attestation: nothing changes.
  const auto from = [](const char* day, const std::string& controller) {
    return DatedAttribute{*Date::parse(day), "controller", FactValue{controller}};
  };
  world_of(state).history[id(3)] = {from("2030-01-01", "group")};
  EXPECT_EQ(standing(judge(state), 3), AttesterStanding::kCounts);
  // Sold before: nothing changes either, the other way round. It was a sibling when it attested
  // (the test's cosignatures are of November 2023).
  world_of(state).history[id(3)] = {from("2020-01-01", "group"), from("2024-06-01", "others")};
  EXPECT_EQ(standing(judge(state), 3), AttesterStanding::kRelated);
  // A sibling by the end of the period that was none when it attested does not count.
  world_of(state).history[id(3)] = {from("2020-01-01", "others"), from("2025-06-01", "group")};
  EXPECT_EQ(standing(judge(state), 3), AttesterStanding::kRelated);
}

TEST_F(AttestedTest, CountsNoMemberThatIsOrWasSuspended) {
  for (const std::size_t member : {0, 2, 3}) {
    bases_.attest(member, view_);
  }
  LedgerState state = dated();
  member_of(&state, id(2))->participations = {
      {Moment{1'600'000'000'000}, Participation::kActive},
      {Moment{1'800'000'000'000}, Participation::kSuspended}};
  member_of(&state, id(3))->participations = {
      {Moment{1'600'000'000'000}, Participation::kSuspended},
      {Moment{1'800'000'000'000}, Participation::kActive}};
  const auto results = judge(state);
  EXPECT_EQ(standing(results, 2), AttesterStanding::kNotActive) << "suspended since";
  EXPECT_EQ(standing(results, 3), AttesterStanding::kNotEntitled) << "suspended when it attested";
  EXPECT_EQ(results[0].counted, 1U);
}

TEST_F(AttestedTest, CountsOnlyWhatAQuorumDatedAndAKeyForEventsSigned) {
  bases_.attest(0, view_);
  const LedgerState state = dated();
  auto all = view_statements(state).attestations;
  ASSERT_EQ(all.size(), 1U);
  all[0].recorded.reset();
  EXPECT_EQ(standing(judge(state, all, {id(kReported)}), 0), AttesterStanding::kUndated);
  bases_.attest(3, view_, KeyRole::kLog);
  EXPECT_EQ(standing(judge(dated()), 3), AttesterStanding::kNotEntitled);
}

TEST_F(AttestedTest, CountsNoEngineThatWasNotShownToPassThePacksTests) {
  View other = view_;
  other.attestation.vectors.reset();
  bases_.attest(0, other);
  other.attestation.vectors = sha256(as_bytes("the tests of another pack"));
  bases_.attest(2, other);
  bases_.attest(3, view_);
  const auto results = judge(dated());
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(results[0].counted, 1U);
  EXPECT_EQ(standing(results, 0), AttesterStanding::kVectors);
  EXPECT_EQ(standing(results, 2), AttesterStanding::kVectors);
}

TEST_F(AttestedTest, KeepsDifferentResultsApart) {
  bases_.attest(0, view_);
  bases_.attest(3, view_);
  View lie = view_;
  lie.units.pop_back();
  lie.claims.pop_back();
  Bases::commit(&lie);
  bases_.attest(2, lie);
  const auto results = judge(dated());
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].counted, 2U);
  EXPECT_EQ(results[0].result.units.sum, 3);
  EXPECT_EQ(results[1].counted, 1U);
  EXPECT_FALSE(results[1].quorum.met);
}

TEST_F(AttestedTest, CountsNobodyThatContradictsItselfUnlessItsEngineIsAnother) {
  View lie = view_;
  lie.units.pop_back();
  Bases::commit(&lie);
  bases_.attest(0, lie);
  bases_.attest(0, view_);
  auto results = judge(dated());
  ASSERT_EQ(results.size(), 1U);
  EXPECT_EQ(standing(results, 0), AttesterStanding::kContradicts);
  lie.attestation.engine = "hefu/0";
  bases_.attest(3, lie);
  bases_.attest(3, view_);
  results = judge(dated());
  EXPECT_EQ(standing(results, 3), AttesterStanding::kCounts) << "by what it said last";
}

TEST_F(AttestedTest, TakesAnyNumberOfThemFromOneMember) {
  bases_.attest(0, view_);
  const LedgerState state = dated();
  const MemberAttestation said = view_statements(state).attestations.at(0);
  std::vector<MemberAttestation> all;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    all.push_back(said);
    all.back().position += i;
    all.back().attestation.cut = sha256(as_bytes(std::to_string(i / 2)));
  }
  const auto results = judge(state, all, {id(kReported)});
  EXPECT_EQ(results.size(), 10'000U);
  for (const AttestedResult& result : results) {
    ASSERT_EQ(result.counted, 1U);
  }
}

TEST_F(AttestedTest, PassesOverOtherFiguresForeignNamesAndWhatCannotBeRead) {
  bases_.attest(0, bases_.view("places"));
  Event forged = make_view_attestation("", view_.attestation, Moment{1'700'000'300'000}, {});
  forged.fields.erase("units_root");
  bases_.logs().append(3, forged);
  const LedgerState state = dated();
  EXPECT_TRUE(judge(state).empty());
  EXPECT_EQ(view_statements(state).attestations.size(), 1U);
}

TEST_F(AttestedTest, WhoIsReportedOnDependsOnTheUnitAskedFor) {
  bases_.record(3, "B9", 1);
  bases_.fix();
  const LedgerState state = bases_.state();
  const Pack pack = pack_of(state);
  const Period period = *Period::parse("2025");
  const auto units = contributions(pack, *state.world, state.facts, period, "bases");
  ASSERT_TRUE(units) << units.error().message;
  EXPECT_EQ(reported_in(*units, *state.world, period, std::nullopt),
            (std::set<std::string>{id(1), id(3)}));
  EXPECT_EQ(reported_in(*units, *state.world, period, id(3)), (std::set<std::string>{id(3)}));
  EXPECT_EQ(reported_in(*units, *state.world, period, id(0)), (std::set<std::string>{id(0)}));
}

TEST_F(AttestedTest, FiguresShowWhoRecomputedThemAndBundlesClaimNothingOfIt) {
  bases_.attest(0, view_);
  bases_.attest(kReported, view_);
  const ViewFile file = bases_.attest(3, view_);
  ViewDissent dissent{decode_envelope(file.envelope)->id(), bases_.view("bases").attestation, {}};
  bases_.logs().append(2, make_view_dissent("", dissent, Moment{1'700'000'300'000}, {}));
  const LedgerState state = dated();
  const FigureRequest request{"test.bases", "2025", "", ""};
  const auto figures = compute_figures(state.governance->charter, state, request);
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->report.find("attested_by"), std::string::npos);
  const ViewStatements said = view_statements(state);
  const auto display = with_attestations(state, request, figures->display, said);
  ASSERT_TRUE(display) << display.error().message;
  const json::value shown = *parse_json(*display, std::size_t{1} << 20);
  const json::value& by = shown.at("indicators").as_array()[0].at("attested_by");
  EXPECT_EQ(by.at("nodes").as_int64(), 2);
  EXPECT_EQ(by.at("independent").as_int64(), 3);
  EXPECT_TRUE(by.at("agrees").as_bool());
  EXPECT_TRUE(by.at("quorum").at("met").as_bool());
  EXPECT_EQ(by.at("cut").as_string(), view_.attestation.cut.hex());
  EXPECT_EQ(by.at("members").as_array().size(), 3U);
  ASSERT_EQ(by.at("dissents").as_array().size(), 1U);
  EXPECT_EQ(by.at("dissents").as_array()[0].at("member").as_string(), id(2));
  EXPECT_FALSE(shown.at("indicators").as_array()[1].as_object().contains("attested_by"));
  // Of the part of another member, the one reported on above is independent.
  const auto part =
      with_attestations(state, {"test.bases", "2025", id(0), ""}, figures->display, said);
  ASSERT_TRUE(part);
  const json::value part_shown = *parse_json(*part, std::size_t{1} << 20);
  EXPECT_EQ(part_shown.at("indicators").as_array()[0].at("attested_by").at("nodes").as_int64(), 2);
}

/// Random relations, suspensions and attestations: whatever the order, and never one that is
/// reported on, related, suspended or of another result.
TEST_F(AttestedTest, NeverCountsWhoMayNotAndForgetsTheOrder) {
  const std::uint32_t seed = 20'260'301;
  std::mt19937 random(seed);
  const auto pick = [&](std::uint32_t below) { return random() % below; };
  View lie = view_;
  lie.units.pop_back();
  Bases::commit(&lie);
  for (const std::size_t member : {0, 1, 2, 3}) {
    bases_.attest(member, view_);
  }
  const LedgerState honest = dated();
  const auto said = view_statements(honest).attestations;
  ASSERT_EQ(said.size(), 4U);
  for (int round = 0; round < 200; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    LedgerState state = honest;
    std::set<std::string> reported;
    std::map<std::string, int> group;
    std::set<std::string> suspended;
    for (std::size_t member = 0; member < 4; ++member) {
      if (pick(3) == 0) {
        reported.insert(id(member));
      }
      group[id(member)] = static_cast<int>(pick(4));
      if (group[id(member)] != 0) {
        world_of(state).orgs[id(member)]["controller"] =
            FactValue{"group" + std::to_string(group[id(member)])};
      }
      if (pick(4) == 0) {
        suspended.insert(id(member));
        member_of(&state, id(member))->participations = {
            {Moment{1'600'000'000'000}, Participation::kActive},
            {Moment{1'800'000'000'000}, Participation::kSuspended}};
      }
    }
    std::vector<MemberAttestation> all = said;
    std::set<std::string> liars;
    for (MemberAttestation& one : all) {
      if (pick(4) == 0) {
        one.attestation.units = lie.attestation.units;
        liars.insert(one.member);
      }
    }
    const auto results = judge(state, all, reported);
    for (const AttestedResult& result : results) {
      std::size_t counted = 0;
      for (const Attester& by : result.by) {
        bool may = !reported.contains(by.member) && !suspended.contains(by.member);
        for (const std::string& one : reported) {
          may = may && (group[one] == 0 || group[one] != group[by.member]);
        }
        EXPECT_EQ(by.standing == AttesterStanding::kCounts, may) << by.member;
        EXPECT_EQ(result.result.units == lie.attestation.units, liars.contains(by.member));
        counted += may ? 1 : 0;
      }
      EXPECT_EQ(result.counted, counted);
    }
    std::shuffle(all.begin(), all.end(), random);
    const auto again = judge(state, all, reported);
    EXPECT_EQ(canonical_json(attested_json(again, {}, Fraction(3), state.cut.id())),
              canonical_json(attested_json(results, {}, Fraction(3), state.cut.id())));
    const auto shuffled = view_statements(state).attestations;
    ASSERT_EQ(shuffled.size(), said.size());
    for (std::size_t i = 0; i < said.size(); ++i) {
      EXPECT_EQ(shuffled[i].event, said[i].event);
    }
  }
}

}  // namespace
}  // namespace hefu
