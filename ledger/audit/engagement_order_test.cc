// Whatever the order in which events arrive, and however often, an audit comes out the same.

#include <algorithm>
#include <random>
#include <sstream>

#include <gtest/gtest.h>

#include "ledger/audit/test_audits.h"

namespace hefu {
namespace {

using testing_audits::Audit;
using testing_audits::kBureau;
using testing_audits::kCollege;
using testing_audits::kEnterprise;
using testing_audits::kUniversity;

/// Everything a reader can see of audits, in one text.
std::string told(const std::vector<Engagement>& audits) {
  std::ostringstream out;
  const auto act = [&](const AuditAct& one) {
    out << one.event.hex() << one.party << one.position << (one.recorded ? one.recorded->ms : 0);
  };
  for (const Engagement& audit : audits) {
    act(audit.act);
    out << (audit.plan ? audit.plan->id.hex() : "no plan");
    for (const AuditCutAct& cut : audit.cuts) {
      act(cut.act);
      out << cut.cut.id().hex();
    }
    for (const AuditReveal& reveal : audit.reveals) {
      act(reveal.act);
    }
    for (const EvidenceRequest& request : audit.requests) {
      act(request.act);
      for (const EvidenceAnswer& answer : request.answers) {
        act(answer.act);
      }
    }
    for (const AuditTest& test : audit.tests) {
      act(test.act);
      out << name(test.result);
    }
    for (const AuditFinding& finding : audit.findings) {
      act(finding.act);
      for (const FindingAnswer& answer : finding.answers) {
        act(answer.act);
      }
      out << (finding.conclusion ? name(finding.conclusion->ruling) : "open");
    }
    for (const AssuranceStatement& statement : audit.statements) {
      act(statement.act);
      out << audit.why_void(statement);
    }
    for (const AuditCheck& check : audit.checks) {
      out << check.rule << name(check.outcome) << check.text;
    }
    for (const Problem& problem : audit.problems) {
      out << problem.event.hex() << name(problem.reason) << problem.detail;
    }
    out << (audit.seed ? audit.seed->beacon : "no seed") << "\n";
  }
  return out.str();
}

EventId item(std::uint64_t number) {
  return EventId{sha256(as_bytes("item " + std::to_string(number)))};
}

/// Acts at random, many of which nobody may do, or that name what is not there.
void act_at_random(Audit& play, std::mt19937_64& dice) {
  const std::string parties[] = {kBureau, kUniversity, kCollege, kEnterprise};
  std::vector<EventId> findings;
  std::vector<EventId> requests;
  for (int i = 0; i < 25; ++i) {
    const std::string& party = parties[dice() % 4];
    play.today = 12 + static_cast<int>(dice() % 30);
    switch (dice() % 9) {
      case 0:
        play.test(item(dice() % 4), dice() % 2 == 0 ? "ok" : "deviation");
        break;
      case 1:
        requests.push_back(play.request({item(dice() % 4)}, 20));
        break;
      case 2:
        findings.push_back(play.find({item(dice() % 4)}));
        break;
      case 3:
        play.respond(party, findings.empty() ? item(9) : findings[dice() % findings.size()]);
        break;
      case 4:
        play.conclude(party, findings.empty() ? item(9) : findings[dice() % findings.size()],
                      dice() % 2 == 0 ? "upheld" : "dismissed");
        break;
      case 5:
        if (!requests.empty()) {
          play.provide(party, requests[dice() % requests.size()], {item(dice() % 4)});
        }
        break;
      case 6:
        play.state();
        break;
      case 7:
        play.make_plan();
        break;
      default:
        play.reveal(party == kBureau ? kBureau : kEnterprise, "07",
                    dice() % 2 == 0 ? "main" : "fallback");
    }
  }
}

TEST(EngagementOrder, DoesNotDependOnTheOrderOfArrivalOrOnRepetition) {
  const std::uint64_t first = std::random_device()();
  for (std::uint64_t seed = first; seed < first + 40; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937_64 dice(seed);
    Audit play;
    play.prepare();
    act_at_random(play, dice);
    const std::string straight = told(play.fold());
    EXPECT_NE(straight.find("reveals-match"), std::string::npos);
    for (int round = 0; round < 5; ++round) {
      std::vector<LoggedEvent> shuffled = play.events;
      for (std::size_t i = 0; i < 10; ++i) {
        shuffled.push_back(play.events[dice() % play.events.size()]);
      }
      std::shuffle(shuffled.begin(), shuffled.end(), dice);
      ASSERT_EQ(told(fold_audits(shuffled, play.charter, play.world)), straight);
    }
  }
}

TEST(EngagementOrder, ACopyInAForeignLogChangesNothing) {
  Audit play;
  play.prepare();
  const std::string straight = told(play.fold());
  std::vector<LoggedEvent> events = play.events;
  for (const LoggedEvent& logged : play.events) {
    LoggedEvent copy = logged;
    copy.member = kCollege;
    copy.origin = kCollege + "/hefu/1";
    copy.index += 1000;
    copy.recorded_by = Moment{1};
    events.push_back(copy);
  }
  EXPECT_EQ(told(fold_audits(events, play.charter, play.world)), straight);
}

}  // namespace
}  // namespace hefu
