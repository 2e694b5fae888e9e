#include "ledger/closing/own_acts.h"

#include <algorithm>
#include <utility>

#include "ledger/event/catalogue.h"
#include "ledger/event/uscc.h"

namespace hefu {

namespace {

std::vector<const LoggedEvent*> of_closing(const EventList& events) {
  std::vector<const LoggedEvent*> own;
  for (const LoggedEvent& logged : events) {
    const bool ours =
        concerns_closing(logged.event.type) && institution_of(logged.event.issuer) == logged.member;
    if (ours || logged.event.type == "key-certification") {
      own.push_back(&logged);
    }
  }
  // What was sent again in a new epoch stands where it stood first.
  std::sort(own.begin(), own.end(), [](const LoggedEvent* a, const LoggedEvent* b) {
    return std::tie(a->id, a->before, a->index, a->origin) <
           std::tie(b->id, b->before, b->index, b->origin);
  });
  own.erase(std::unique(own.begin(), own.end(),
                        [](const LoggedEvent* a, const LoggedEvent* b) { return a->id == b->id; }),
            own.end());
  std::sort(own.begin(), own.end(), [](const LoggedEvent* a, const LoggedEvent* b) {
    return std::make_tuple(a->place(), a->id) < std::make_tuple(b->place(), b->id);
  });
  return own;
}

const Catalogue& protocol() {
  static const Catalogue catalogue;
  return catalogue;
}

}  // namespace

OwnActs::OwnActs(const EventList& events, const Charter& charter)
    : charter_(charter), events_(of_closing(events)), keys_(events_, charter) {
  for (const LoggedEvent* logged : events_) {
    if (concerns_closing(logged->event.type)) {
      acts_.push_back({logged, keys_.role_when_logged(*logged)});
    }
  }
}

std::vector<const OwnAct*> OwnActs::of(std::string_view type) const {
  std::vector<const OwnAct*> found;
  for (const OwnAct& act : acts_) {
    if (act.logged->event.type == type) {
      found.push_back(&act);
    }
  }
  return found;
}

ClosingAct OwnActs::begin(const OwnAct& own) const {
  const LoggedEvent& logged = *own.logged;
  ClosingAct act{logged.id,          logged.member,          logged.event.occurred_on,
                 logged.recorded_by, ClosingStatus::kStands, ""};
  const Member* member = charter_.member(logged.member);
  if (member == nullptr) {
    make_void(&act, "its author is no member");
  } else if (logged.recorded_by &&
             member->participation_at(*logged.recorded_by) != Participation::kActive) {
    make_void(&act, "its author took no part in the federation when it was recorded");
  }
  if (!own.role) {
    make_void(&act, "the key that signed it was not its author's");
  }
  if (const auto valid = validate(logged.event, protocol()); !valid) {
    make_void(&act, valid.error().message);
  }
  if (!logged.recorded_by) {
    make_waiting(&act, "no quorum of witnesses has dated it yet");
  }
  return act;
}

void OwnActs::need_binding(const OwnAct& own, ClosingAct* act) const {
  const Member* member = charter_.member(own.logged->member);
  const bool sealed = member != nullptr && member->keys.count(KeyRole::kSeal) > 0;
  if (own.role != KeyRole::kSeal && !(own.role == KeyRole::kRegistrar && !sealed)) {
    make_void(act, "only the institution's seal binds it to this");
  }
}

void OwnActs::need_office(const OwnAct& own, ClosingAct* act) {
  if (own.role != KeyRole::kSeal && own.role != KeyRole::kRegistrar &&
      own.role != KeyRole::kReviewer) {
    make_void(act, "signed with a key of another office than registrar, reviewer or seal");
  }
}

void OwnActs::need_authority(const OwnAct& own, ClosingAct* act) const {
  const auto& recorded = own.logged->recorded_by;
  if (own.logged->member != (recorded ? charter_.authority_at(*recorded) : charter_.authority)) {
    make_void(act, "its author was not the authority");
  }
}

OwnActs::Order OwnActs::order(const OwnAct& act) const {
  const auto& recorded = act.logged->recorded_by;
  const auto tenure = std::count_if(
      charter_.authorities.begin(), charter_.authorities.end(),
      [&](const AuthorityFrom& change) { return !recorded || change.from <= *recorded; });
  return {static_cast<std::size_t>(tenure), act.logged->place(), act.logged->id};
}

void make_void(ClosingAct* act, std::string reason) {
  if (act->status != ClosingStatus::kVoid) {
    act->status = ClosingStatus::kVoid;
    act->reason = std::move(reason);
  }
}

void make_waiting(ClosingAct* act, std::string reason) {
  if (act->status == ClosingStatus::kStands) {
    act->status = ClosingStatus::kWaiting;
    act->reason = std::move(reason);
  }
}

}  // namespace hefu
