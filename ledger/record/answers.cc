#include "ledger/record/answers.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "ledger/event/uscc.h"

namespace hefu {

namespace {

std::string text_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

GuestSignature guest_signature(const GuestStanding& standing, const std::string& claimant) {
  const Introduction& holds = *prevailing(standing, claimant);
  std::set<std::string> members;
  for (const Introduction* one : standing.introduced) {
    members.insert(one->by);
  }
  return GuestSignature{
      holds.name, holds.key, {members.begin(), members.end()}, holds.identity_check, holds.event};
}

}  // namespace

std::set<std::string> named_institutions(const Event& event, const EventType* type) {
  std::set<std::string> named;
  if (type != nullptr) {
    for (const Field& field : type->fields) {
      for (const std::string& party : type->parties_in(event, field.name)) {
        named.insert(std::string(institution_of(party)));
      }
    }
  }
  named.erase(std::string(institution_of(event.issuer)));
  return named;
}

void fold_answers(Record& record, const std::vector<const Candidate*>& events,
                  const std::vector<const Candidate*>& recorded, const EventType* type,
                  const Charter& charter) {
  const std::string issuer(institution_of(record.current.event.issuer));
  if (type != nullptr) {
    record.required = type->required_countersigners(record.current.event);
  }
  std::set<std::string> entitled = named_institutions(record.current.event, type);
  entitled.insert(record.required.begin(), record.required.end());
  entitled.insert(charter.authority);
  entitled.erase(issuer);

  // A guest's answers may stand in several logs, so they go by time; in one log that is its order.
  const auto is_before = [](const LoggedEvent& a, const LoggedEvent& b) {
    if (line_of(a.origin) == line_of(b.origin)) {
      return std::make_tuple(a.position(), a.id) < std::make_tuple(b.position(), b.id);
    }
    const auto place = [](const LoggedEvent& logged) {
      return std::make_tuple(!logged.recorded_by.has_value(), logged.recorded_by, logged.origin);
    };
    return place(a) < place(b);
  };

  const std::set<EventId> versions(record.versions.begin(), record.versions.end());

  // The last answer of each party, in the order of its own log.
  std::map<std::string, const Candidate*> last;
  std::vector<const Candidate*> valid;
  for (const Candidate* candidate : events) {
    const LoggedEvent& logged = *candidate->logged;
    const std::string party(institution_of(logged.event.issuer));
    const EventId target{*logged.event.field("target")->digest()};
    if (target != record.current.id) {
      const bool earlier = versions.count(target) == 1;
      record.problems.push_back(
          problem_of(logged, earlier ? ProblemReason::kEarlierVersion : ProblemReason::kWrongTarget,
                     {}, earlier ? record.current.id : target));
      continue;
    }
    // Within the issuer's own house a second person may confirm; it makes no countersignature.
    const bool second_person = party == issuer && candidate->role == KeyRole::kReviewer;
    if (entitled.count(party) == 0 && !second_person) {
      record.problems.push_back(problem_of(logged, ProblemReason::kNotNamed, party));
      continue;
    }
    const auto own = std::find_if(recorded.begin(), recorded.end(), [&](const Candidate* version) {
      return second_person && same_hand(*candidate, *version);
    });
    if (own != recorded.end()) {
      record.problems.push_back(
          problem_of(logged, ProblemReason::kOwnWork, {}, (*own)->logged->id));
      continue;
    }
    if (candidate->guest) {
      const Introduction* holds = prevailing(*candidate->guest, issuer);
      if (key_id(holds->key) != *logged.key) {
        record.problems.push_back(
            problem_of(logged, ProblemReason::kContestedKey, holds->by, holds->event));
        continue;
      }
    }
    valid.push_back(candidate);
    const auto [held, fresh] = last.emplace(party, candidate);
    const LoggedEvent& before = *held->second->logged;
    if (!fresh && is_before(before, logged)) {
      held->second = candidate;
    }
  }

  std::set<std::string> missing(record.required.begin(), record.required.end());
  for (const Candidate* candidate : valid) {
    const LoggedEvent& logged = *candidate->logged;
    Answer answer;
    answer.event = logged.id;
    answer.party = std::string(institution_of(logged.event.issuer));
    if (last.at(answer.party) != candidate) {
      record.problems.push_back(
          problem_of(logged, ProblemReason::kAnsweredAnew, {}, last.at(answer.party)->logged->id));
      continue;
    }
    answer.confirms = logged.event.type == "countersignature";
    answer.required =
        std::binary_search(record.required.begin(), record.required.end(), answer.party);
    answer.role = candidate->role;
    answer.remark = text_field(logged.event, answer.confirms ? "remark" : "reason");
    answer.occurred_on = logged.event.occurred_on;
    answer.recorded = logged.recorded_by;
    if (candidate->guest) {
      answer.guest = guest_signature(*candidate->guest, issuer);
    }
    if (answer.confirms) {
      missing.erase(answer.party);
    }
    record.answers.push_back(std::move(answer));
  }
  std::sort(record.answers.begin(), record.answers.end(), [](const Answer& a, const Answer& b) {
    return std::tie(a.party, a.event) < std::tie(b.party, b.event);
  });
  record.missing.assign(missing.begin(), missing.end());
}

}  // namespace hefu
