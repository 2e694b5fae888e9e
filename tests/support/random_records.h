#pragma once

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "ledger/record/test_records.h"

namespace hefu::testing_records {

/// HEFU_SEED, or another one in every run. Print it.
inline std::uint64_t seed_of_run() {
  const char* given = std::getenv("HEFU_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

/// Random acts of the four about one another's records, rightful or not.
class RandomRecords {
 public:
  explicit RandomRecords(std::mt19937_64& random, int acts = 40) : random_(random) {
    for (int i = 0; i < acts; ++i) {
      act();
    }
  }
  Play play;

 private:
  std::size_t pick(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  const std::string& party() {
    static const std::vector<std::string> kParties = {kBureau, kUniversity, kCollege, kEnterprise};
    return kParties[pick(kParties.size())];
  }

  // An event so far, mostly the record meant.
  EventId some_event(const EventId& record) {
    return pick(3) != 0 ? record : play.events[pick(play.events.size())].id;
  }

  void act() {
    const std::string who = party();
    if (opened_.empty() || pick(5) == 0) {
      opened_.push_back(open(who));
      return;
    }
    const EventId record = opened_[pick(opened_.size())];
    const EventId target = some_event(record);
    const auto when = static_cast<int>(pick(40));
    switch (pick(14)) {
      case 0:
      case 1:
      case 2:
        play.about(who, "countersignature", record, target);
        break;
      case 3:
        play.reject(who, record);
        break;
      case 4:
        play.correct(who, record, target, Play::visit_fields(), day(when));
        break;
      case 5:
        play.retract(who, record, target);
        break;
      case 6:
        play.dispute(who, record, target);
        break;
      case 7:
        play.resolve(who, record, target, pick(2) == 0 ? "upheld" : "dismissed");
        break;
      case 8:
        play.change(who, record, pick(2) == 0 ? "operational" : "withdrawn", when);
        break;
      case 9:
        play.sign(who, record, target);
        break;
      case 10:
        play.terminate(who, record, target, when);
        break;
      case 11:
        assess(who, record);
        break;
      case 12:
        join(who, record);
        break;
      default:
        play.witness(who, noon(when));
        break;
    }
    if (pick(12) == 0) {
      play.events.back().role = pick(2) == 0 ? KeyRole::kReviewer : KeyRole::kAuditor;
    }
    if (pick(20) == 0 && play.events.back().event.record) {
      // Only earlier events: a later one cannot be named, because ids are hashes of contents.
      const EventId before = play.events[pick(play.events.size() - 1)].id;
      play.events.back().event.supersedes = pick(3) != 0 ? record : before;
    }
  }

  // A decision of an auditor on some of the records, or a clerk's on its own.
  void assess(const std::string& who, const EventId& record) {
    const EventId other = opened_[pick(opened_.size())];
    play.open(who, "assessment-decision",
              {{"result", Value{std::string(pick(3) != 0 ? "pass" : "fail")}},
               {"decision_kind", Value{std::string("kpi-verification")}},
               {"conflict_of_interest", Value{std::string("none-declared")}},
               {"object", Value{Value::List{Value{record.digest}, Value{other.digest}}}}});
    play.events.back().role = pick(3) == 0 ? KeyRole::kRegistrar : KeyRole::kAuditor;
    opened_.push_back(play.events.back().id);
  }

  void join(const std::string& who, const EventId& body) {
    play.open(who, "membership-change",
              {{"body", Value{body.digest}},
               {"member", Value{party()}},
               {"action", Value{std::string(pick(3) != 0 ? "join" : "leave")}},
               {"effective_on", Value{day(static_cast<int>(pick(30)))}}});
    opened_.push_back(play.events.back().id);
  }

  EventId open(const std::string& who) {
    switch (pick(4)) {
      case 0: {
        testing_logs::Logs::Terms terms{.parties = {who, party()}, .sign_by = 20};
        if (pick(3) == 0 && !agreements_.empty()) {
          terms.renewal_of = agreements_[pick(agreements_.size())];
        }
        const EventId id = play.propose(who, terms);
        agreements_.push_back(id);
        play.events.back().event.catalogue = "test/1";
        return id;
      }
      case 1:
        return play.open(who, "joint-body-establishment",
                         {{"name", Value{std::string("base")}},
                          {"founders", Value{Value::List{Value{who}, Value{party()}}}}});
      case 2:
        return play.open(who, "institution-registration",
                         {{"institution_id", Value{party()}}, {"kind", Value{std::string("k")}}});
      default:
        return play.visit(who, party());
    }
  }

  std::mt19937_64& random_;
  std::vector<EventId> opened_;
  std::vector<EventId> agreements_;
};

}  // namespace hefu::testing_records
