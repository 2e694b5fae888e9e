#include "ledger/agreement/succession.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/agreement/proposal.h"
#include "ledger/event/uscc.h"

namespace hefu {

namespace {

std::string party_field(const Event& event, const char* field) {
  const Value* value = event.field(field);
  return value != nullptr && value->text() != nullptr ? std::string(institution_of(*value->text()))
                                                      : std::string();
}

SuccessionAct read(const LoggedEvent& logged, const std::string& institution, const LogHeads& heads,
                   const Charter& charter) {
  SuccessionAct act;
  act.logged = &logged;
  act.predecessor = party_field(logged.event, "predecessor");
  act.successor = party_field(logged.event, "successor");
  act.witnessed = heads.witnessed(logged.origin, logged.position());
  act.accepts = institution == act.successor;
  if (act.predecessor.empty() || act.successor.empty() || act.predecessor == act.successor) {
    act.fault = ActReason::kMalformed;
  } else if (!act.accepts && institution != act.predecessor && institution != charter.authority) {
    act.fault = ActReason::kNotAParty;
  }
  return act;
}

}  // namespace

SuccessionActs read_successions(const std::map<std::string, std::vector<const LoggedEvent*>>& acts,
                                const LogHeads& heads, const Charter& charter) {
  SuccessionActs all;
  for (const auto& [institution, events] : acts) {
    std::map<std::pair<std::string, bool>, EventId> first;
    for (const LoggedEvent* logged : events) {
      if (logged->event.type != kSuccessionType ||
          authority_fault(*logged, ActKind::kSucceed, charter) || all.count(logged->id) == 1) {
        continue;
      }
      SuccessionAct act = read(*logged, institution, heads, charter);
      if (!act.fault) {
        const auto [held, fresh] =
            first.emplace(std::pair(act.predecessor, act.accepts), logged->id);
        if (!fresh) {
          act.fault = ActReason::kRepeated;
          act.because = held->second;
        }
      }
      all.emplace(logged->id, std::move(act));
    }
  }
  return all;
}

std::vector<Succession> complete_successions(const SuccessionActs& acts) {
  std::vector<Succession> complete;
  for (const auto& [id, declared] : acts) {
    if (declared.fault || declared.accepts || !declared.witnessed) {
      continue;
    }
    for (const auto& [other, accepted] : acts) {
      if (accepted.fault || !accepted.accepts || !accepted.witnessed ||
          accepted.predecessor != declared.predecessor ||
          accepted.successor != declared.successor) {
        continue;
      }
      Succession succession;
      succession.predecessor = declared.predecessor;
      succession.successor = declared.successor;
      succession.declared_by = std::string(institution_of(declared.logged->event.issuer));
      succession.declared = id;
      succession.accepted = other;
      succession.completed = std::max(*declared.witnessed, *accepted.witnessed);
      complete.push_back(std::move(succession));
    }
  }
  std::sort(complete.begin(), complete.end(), [](const Succession& a, const Succession& b) {
    return std::tie(a.completed, a.declared, a.accepted) <
           std::tie(b.completed, b.declared, b.accepted);
  });
  std::set<std::string> passed_on;
  std::erase_if(complete, [&](const Succession& succession) {
    return !passed_on.insert(succession.predecessor).second;
  });
  return complete;
}

}  // namespace hefu
