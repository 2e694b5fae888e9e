#include "ledger/record/live_records.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/event/uscc.h"
#include "ledger/record/audits.h"
#include "ledger/record/facts.h"
#include "ledger/record/world.h"

namespace hefu {

namespace {

/// The digests in an event's fields: events it may speak of.
void add_digests(const Value& value, std::vector<EventId>& out) {
  if (const Digest* digest = value.digest()) {
    out.push_back(EventId{*digest});
  } else if (const Value::List* list = value.list()) {
    for (const Value& element : *list) {
      add_digests(element, out);
    }
  }
}

std::vector<EventId> digests_in(const Event& event) {
  std::vector<EventId> out;
  for (const auto& [name, value] : event.fields) {
    add_digests(value, out);
  }
  return out;
}

std::vector<EventId> reviewed_by(const Event& event) {
  std::vector<EventId> out;
  const Value* object = event.type == "assessment-decision" ? event.field("object") : nullptr;
  if (object != nullptr) {
    add_digests(*object, out);
  }
  return out;
}

bool introduces_guests(std::string_view type) {
  return type == kGuestAdmissionType || type == kGuestKeyType;
}

bool acts_on_agreements(std::string_view type) {
  return is_agreement_act(type) || is_objection(type);
}

bool makes_directory(const Record& record) {
  return record.type == "institution-registration" || record.type == "membership-change";
}

std::vector<const LoggedEvent*> pointers_to(
    const std::vector<std::shared_ptr<const LoggedEvent>>& events) {
  std::vector<const LoggedEvent*> out;
  out.reserve(events.size());
  for (const auto& event : events) {
    out.push_back(event.get());
  }
  return out;
}

std::optional<EventId> body_of(const Record& record) {
  const Value* body =
      record.type == "membership-change" ? record.current.event.field("body") : nullptr;
  return body != nullptr && body->digest() != nullptr ? std::optional(EventId{*body->digest()})
                                                      : std::nullopt;
}

}  // namespace

LiveRecords::LiveRecords(const Charter& charter, const Catalogue& catalogue,
                         std::span<const LoggedEvent* const> certifications)
    : charter_(charter),
      catalogue_(catalogue),
      keys_(certifications, charter),
      guests_({}, keys_, charter),
      world_(std::make_shared<const World>(hefu::world(records_, charter))) {}

LiveRecords::GroupNumber LiveRecords::found(GroupNumber group) {
  while (groups_[group].joined != group) {
    groups_[group].joined = groups_[groups_[group].joined].joined;
    group = groups_[group].joined;
  }
  return group;
}

LiveRecords::GroupNumber LiveRecords::group_of(const EventId& id) {
  const auto [at, fresh] = group_of_.emplace(id, static_cast<GroupNumber>(groups_.size()));
  if (fresh) {
    groups_.push_back(Group{at->second, {}, {}});
  }
  return found(at->second);
}

void LiveRecords::join(const EventId& one, const EventId& other) {
  GroupNumber large = group_of(one);
  GroupNumber small = group_of(other);
  if (large == small) {
    return;
  }
  if (groups_[large].events.size() < groups_[small].events.size()) {
    std::swap(large, small);
  }
  std::vector<EventId>& into = groups_[large].events;
  std::vector<EventId>& from = groups_[small].events;
  into.insert(into.end(), from.begin(), from.end());
  from = {};
  wait_for_no_more(small);
  groups_[small].joined = large;
  dirty_.erase(small);
  dirty_.insert(large);
}

void LiveRecords::wait_for_no_more(GroupNumber group) {
  for (const std::string& line : groups_[group].open) {
    waiting_[line].erase(group);
  }
  groups_[group].open.clear();
}

void LiveRecords::link(const LoggedEvent& logged) {
  const Event& event = logged.event;
  if (event.record) {
    join(logged.id, *event.record);
  }
  if (event.supersedes) {
    join(logged.id, *event.supersedes);
  }
  for (const EventId& object : reviewed_by(event)) {
    reviews_[object].push_back(logged.id);
  }
  if (!acts_on_agreements(event.type)) {
    return;
  }
  for (const EventId& named : digests_in(event)) {
    named_[named].push_back(logged.id);
    const auto held = events_.find(named);
    if (held != events_.end() && acts_on_agreements(held->second.front()->event.type)) {
      join(logged.id, named);
    }
  }
  if (const auto naming = named_.find(logged.id); naming != named_.end()) {
    for (const EventId& other : std::vector<EventId>(naming->second)) {
      join(logged.id, other);
    }
  }
}

void LiveRecords::put(const std::shared_ptr<const LoggedEvent>& event) {
  const auto same_place = [&](const std::shared_ptr<const LoggedEvent>& held) {
    return held->origin == event->origin && held->index == event->index;
  };
  const std::string& type = event->event.type;
  if (introduces_guests(type)) {
    std::erase_if(introductions_, same_place);
    introductions_.push_back(event);
    guests_changed_ = true;
    return;
  }
  if (concerns_no_record(type)) {
    return;
  }
  Copies& copies = events_[event->id];
  const bool fresh = copies.empty();
  std::erase_if(copies, same_place);
  copies.push_back(event);
  if (fresh) {
    groups_[group_of(event->id)].events.push_back(event->id);
    link(*event);
  }
  if (institution_of(event->event.issuer) != event->member) {
    foreign_.insert(event->id);
  }
  dirty_.insert(group_of(event->id));
  if (const auto reviews = reviews_.find(event->id); reviews != reviews_.end()) {
    for (const EventId& review : reviews->second) {
      dirty_.insert(group_of(review));
    }
  }
}

void LiveRecords::put(const WitnessedHead& head) {
  contradicted_ = heads_.add(head) || contradicted_;
  moved_.emplace(line_of(head.origin));
}

void LiveRecords::put(const ObservedHead& head) {
  heads_.add(head);
  moved_.emplace(line_of(head.origin));
}

void LiveRecords::fold_group(
    GroupNumber group, std::set<EventId>& changed,
    std::vector<std::pair<EventId, std::shared_ptr<const Record>>>& before) {
  std::vector<const LoggedEvent*> events;
  const auto add = [&](const EventId& id) {
    if (const auto held = events_.find(id); held != events_.end()) {
      for (const auto& copy : held->second) {
        events.push_back(copy.get());
      }
    }
  };
  std::set<EventId> beside;  // what is reviewed here, and belongs elsewhere
  for (const EventId& id : groups_[group].events) {
    add(id);
    for (const EventId& object : reviewed_by(events_.at(id).front()->event)) {
      if (const auto other = group_of_.find(object); other != group_of_.end() &&
                                                     found(other->second) != group &&
                                                     beside.insert(object).second) {
        add(object);
      }
    }
  }
  wait_for_no_more(group);
  std::set<std::string, std::less<>> open;
  heads_.watch(&open);
  const Records folded = fold(events, FoldGround{keys_, guests_, heads_, charter_, catalogue_});
  heads_.watch(nullptr);
  for (const std::string& line : open) {
    waiting_[line].insert(group);
  }
  groups_[group].open = std::move(open);

  const auto take = [](auto& all, const auto& part, const EventId& id) {
    if (auto made = part.get(id)) {
      all.set(id, std::move(made));
    } else {
      all.erase(id);
    }
  };
  for (const EventId& id : groups_[group].events) {
    if (records_.records.contains(id) || folded.records.contains(id)) {
      if (changed.insert(id).second) {
        before.emplace_back(id, records_.records.get(id));
      }
    }
    take(records_.records, folded.records, id);
    take(records_.agreements, folded.agreements, id);
    take(records_.strays, folded.strays, id);
  }
}

LiveRecords::Changes LiveRecords::settle() {
  if (guests_changed_) {
    guests_ = GuestBook(pointers_to(introductions_), keys_, charter_);
    guests_changed_ = false;
    for (const EventId& id : foreign_) {
      dirty_.insert(group_of(id));
    }
  }
  for (const std::string& line : moved_) {
    if (const auto groups = waiting_.find(line); groups != waiting_.end()) {
      dirty_.insert(groups->second.begin(), groups->second.end());
    }
  }
  if (contradicted_) {
    for (const auto& [id, agreement] : records_.agreements) {
      dirty_.insert(group_of(id));
    }
  }
  moved_.clear();
  contradicted_ = false;

  std::set<EventId> changed;
  std::vector<std::pair<EventId, std::shared_ptr<const Record>>> before;
  for (const GroupNumber group : dirty_) {
    if (found(group) == group) {
      fold_group(group, changed, before);
    }
  }
  dirty_.clear();
  Changes out;
  update_facts(before, out);
  out.directory = update_directory(before);
  return out;
}

std::shared_ptr<const Record> LiveRecords::record_of(const EventId& version) const {
  const auto found = record_of_.find(version);
  return found == record_of_.end() ? nullptr : records_.records.get(found->second);
}

void LiveRecords::update_facts(
    const std::vector<std::pair<EventId, std::shared_ptr<const Record>>>& before,
    Changes& changes) {
  std::map<std::string, std::shared_ptr<const Fact>> old;  // of every fact that may change
  const auto remember = [&](const std::string& id) { old.try_emplace(id, facts_.get(id)); };
  std::set<EventId> to_mark;
  const auto mark_objects = [&](const Fact& decision, bool stands) {
    for (const std::string& object : objects_of(decision)) {
      const auto digest = Digest::from_hex(object);
      if (!digest) {
        continue;
      }
      const EventId version{*digest};
      if (stands) {
        decisions_[version].insert(decision.id);
      } else if (const auto held = decisions_.find(version); held != decisions_.end()) {
        held->second.erase(decision.id);
      }
      if (const auto record = record_of_.find(version); record != record_of_.end()) {
        to_mark.insert(record->second);
      }
    }
  };
  for (const auto& [id, was] : before) {
    for (const EventId& version : was == nullptr ? std::vector<EventId>{} : was->versions) {
      record_of_.erase(version);
    }
  }
  for (const auto& [id, was] : before) {
    const auto now = records_.records.get(id);
    for (const EventId& version : now == nullptr ? std::vector<EventId>{} : now->versions) {
      record_of_[version] = id;
    }
    to_mark.insert(id);
  }
  for (const auto& [id, was] : before) {
    const std::string name = id.hex();
    remember(name);
    if (const auto fact = facts_.get(name); fact != nullptr && is_verification(*fact)) {
      mark_objects(*fact, false);
    }
    const auto now = records_.records.get(id);
    auto fact = now == nullptr ? std::nullopt : fact_of(*now, records_.agreement(id), catalogue_);
    if (!fact) {
      facts_.erase(name);
      continue;
    }
    if (is_verification(*fact)) {
      mark_objects(*fact, true);
    }
    facts_.set(name, *std::move(fact));
  }
  for (const EventId& id : to_mark) {
    const auto record = records_.records.get(id);
    const auto fact = facts_.get(id.hex());
    if (record == nullptr || fact == nullptr) {
      continue;
    }
    std::vector<std::shared_ptr<const Fact>> held;
    std::vector<const Fact*> decisions;
    for (const EventId& version : record->versions) {
      const auto found = decisions_.find(version);
      for (const std::string& decision :
           found == decisions_.end() ? std::set<std::string>{} : found->second) {
        held.push_back(facts_.get(decision));
        decisions.push_back(held.back().get());
      }
    }
    auto auditors = auditors_of(decisions);
    if (auditors != fact->audited_by) {
      remember(fact->id);
      Fact marked = *fact;
      marked.audited_by = std::move(auditors);
      facts_.set(fact->id, std::move(marked));
    }
  }
  for (auto& [id, was] : old) {
    auto now = facts_.get(id);
    if (was != nullptr || now != nullptr) {
      changes.facts.push_back({std::move(was), std::move(now)});
    }
  }
}

bool LiveRecords::update_directory(
    const std::vector<std::pair<EventId, std::shared_ptr<const Record>>>& before) {
  bool concerned = false;
  for (const auto& [id, was] : before) {
    const auto now = records_.records.get(id);
    for (const Record* record : {was.get(), now.get()}) {
      if (record == nullptr) {
        continue;
      }
      concerned = concerned || makes_directory(*record) ||
                  std::any_of(record->versions.begin(), record->versions.end(),
                              [&](const EventId& one) { return named_bodies_.contains(one); });
    }
    if (now != nullptr && makes_directory(*now)) {
      directory_.insert(id);
    } else {
      directory_.erase(id);
    }
  }
  if (!concerned) {
    return false;
  }
  // The directory depends on these records, and on which records the bodies named by members are
  // versions of.
  Records part;
  named_bodies_.clear();
  for (const EventId& id : directory_) {
    const auto record = records_.records.get(id);
    part.records.set(id, record);
    if (const auto body = body_of(*record)) {
      named_bodies_.insert(*body);
      if (const auto of = record_of_.find(*body); of != record_of_.end()) {
        part.records.set(of->second, records_.records.get(of->second));
      }
    }
  }
  World world = hefu::world(part, charter_);
  if (world == *world_) {
    return false;
  }
  world_ = std::make_shared<const World>(std::move(world));
  return true;
}

}  // namespace hefu
