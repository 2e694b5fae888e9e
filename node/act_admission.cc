#include "node/act_admission.h"

#include <algorithm>
#include <string>

#include "ledger/agreement/act.h"
#include "ledger/agreement/proposal.h"
#include "ledger/agreement/refusal.h"
#include "ledger/event/envelope.h"
#include "ledger/record/fold.h"

namespace hefu {
namespace {

constexpr const char* kCertification = "key-certification";

/// The agreement an act is about: a proposal without one opens its own.
EventId agreement_of(const EventId& id, const Event& event) {
  return event.record.value_or(id);
}

/// The proposals an act names, which may be of other agreements.
void add_named(const Event& event, std::set<EventId>& named) {
  for (const char* field : {"version", "base"}) {
    const Value* value = event.field(field);
    if (value != nullptr && value->digest() != nullptr) {
      named.insert(EventId{*value->digest()});
    }
  }
}

template <typename T>
std::vector<T> values_of(const PersistentMap<EntryPlace, T>& map) {
  std::vector<T> out;
  for (const auto& [place, value] : map) {
    out.push_back(value);
  }
  return out;
}

Error on_its_way(const EventId& agreement) {
  return Error{Errc::kUnavailable,
               "another act of agreement " + shown(agreement) + " is on its way to the log",
               "try again in a moment"};
}

}  // namespace

/// An act of the submission that is to be judged.
struct ActAdmission::Act {
  std::size_t place = 0;  ///< in the submission
  const CheckedEvent* checked = nullptr;
  EventId agreement;
};

/// The part of the own log that no index covers: the last entries, and those staged.
struct ActAdmission::Tail {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::vector<std::pair<std::uint64_t, Bytes>> entries;
  std::set<EventId> ids;
};

class ActAdmission::UnderWay {
 public:
  UnderWay(ActAdmission& desk, std::vector<EventId> acts) : desk_(desk), acts_(std::move(acts)) {}
  ~UnderWay() { desk_.answered(acts_); }
  UnderWay(const UnderWay&) = delete;
  UnderWay& operator=(const UnderWay&) = delete;

 private:
  ActAdmission& desk_;
  const std::vector<EventId> acts_;
};

void ActAdmission::answered(const std::vector<EventId>& acts) {
  const std::lock_guard lock(mutex_);
  for (const EventId& act : acts) {
    under_way_.erase(act);
  }
}

Result<ActAdmission::Tail> ActAdmission::read_tail() const {
  Tail tail;
  // Entries only ever move from the tail into the index, so this order misses none.
  const auto indexed = store_.indexed_size(own_);
  const auto end = indexed ? store_.staged_end(own_) : indexed;
  if (!end) {
    return end.error();
  }
  tail.begin = *indexed;
  tail.end = std::max(*indexed, *end);
  std::optional<Error> damaged;
  auto scanned =
      tail.begin == tail.end
          ? Result<void>()
          : store_.scan(own_, tail.begin, tail.end, [&](std::uint64_t index, BytesView bytes) {
              const auto envelope = decode_envelope(bytes);
              if (!envelope) {
                damaged = envelope.error();
                return false;
              }
              tail.ids.insert(envelope->id());
              tail.entries.emplace_back(index, to_bytes(bytes));
              return true;
            });
  if (!scanned || damaged) {
    return damaged ? *damaged : scanned.error();
  }
  return tail;
}

Result<bool> ActAdmission::stands(const EventId& act, const Tail& tail) const {
  if (tail.ids.contains(act)) {
    return true;
  }
  const auto index = store_.find(act, own_);
  return index ? Result<bool>(index->has_value()) : index.error();
}

/// Whether the act is among what `tail` and the indexes before it show. One that reached the log
/// since `tail` was read is not: what is judged now would be judged without it.
Result<bool> ActAdmission::is_in(const Tail& tail, const EventId& act) const {
  if (tail.ids.contains(act)) {
    return true;
  }
  const auto index = store_.find(act, own_);
  return index ? Result<bool>(index->has_value() && **index < tail.begin) : index.error();
}

/// The acts that are not in the log yet, nor on their way. The caller holds mutex_.
Result<std::vector<ActAdmission::Act>> ActAdmission::fresh_acts(
    std::span<const CheckedEvent> submitted, const Tail& tail) const {
  std::vector<Act> acts;
  for (std::size_t place = 0; place < submitted.size(); ++place) {
    const CheckedEvent& checked = submitted[place];
    if (!checked.event || !act_kind(checked.event->type) ||
        checked.signer.role == KeyRole::kGuest || under_way_.contains(checked.id)) {
      continue;
    }
    const auto standing = stands(checked.id, tail);
    if (!standing) {
      return standing.error();
    }
    if (!*standing) {
      acts.push_back({place, &checked, agreement_of(checked.id, *checked.event)});
    }
  }
  return acts;
}

std::optional<LoggedEvent> ActAdmission::logged(std::uint64_t index, BytesView bytes) const {
  const auto envelope = decode_envelope(bytes);
  auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
  const auto signer = event ? keys_.signer(envelope->signer, self_) : std::nullopt;
  if (!signer) {
    return std::nullopt;  // of a newer schema: the state of the logs leaves it out as well
  }
  LoggedEvent logged;
  logged.id = envelope->id();
  logged.origin = self_.origin;
  logged.index = index;
  logged.before = self_.entries_before();
  logged.member = self_.id;
  logged.role = signer->role;
  logged.event = *std::move(event);
  logged.key = envelope->signer;
  return logged;
}

/// What the own log holds from `begin` on about these agreements, and about keys.
Result<std::vector<LoggedEvent>> ActAdmission::own_events(std::uint64_t begin,
                                                          const std::set<EventId>& agreements,
                                                          const Tail& tail) const {
  std::set<std::uint64_t> places;
  const auto take = [&](EventPlace place) {
    if (place.log == own_ && place.index < tail.begin) {
      places.insert(place.index);
    }
    return place.log == own_;
  };
  for (const EventId& agreement : agreements) {
    const auto opening = store_.find(agreement, own_);
    const auto scanned = store_.scan_index(Store::Index::kRecord, as_text(agreement.digest.view()),
                                           {own_, begin}, take);
    if (!opening || !scanned) {
      return opening ? scanned.error() : opening.error();
    }
    if (*opening && begin <= **opening && **opening < tail.begin) {
      places.insert(**opening);
    }
  }
  if (auto keys = store_.scan_index(Store::Index::kType, kCertification, {own_, begin}, take);
      !keys) {
    return keys.error();
  }
  std::vector<LoggedEvent> events;
  for (const std::uint64_t index : places) {
    const auto bytes = store_.entry(own_, index);
    if (!bytes) {
      return bytes.error();
    }
    if (auto event = logged(index, *bytes)) {
      events.push_back(*std::move(event));
    }
  }
  for (const auto& [index, bytes] : tail.entries) {
    auto event = index < begin ? std::nullopt : logged(index, bytes);
    if (event && (event->event.type == kCertification ||
                  agreements.contains(agreement_of(event->id, event->event)))) {
      events.push_back(*std::move(event));
    }
  }
  return events;
}

Result<void> ActAdmission::judge(const std::vector<Act>& acts, const Tail& tail,
                                 const LedgerState& state) const {
  std::set<EventId> agreements;
  std::set<EventId> named;
  for (const Act& act : acts) {
    agreements.insert(act.agreement);
    add_named(*act.checked->event, named);
  }
  const CutLog* own = state.cut.log(self_.origin);
  auto events = own_events(own == nullptr ? 0 : own->checkpoint.size, agreements, tail);
  if (!events) {
    return events.error();
  }
  for (const auto& [place, event] : state.events) {
    if (event.event.type == kCertification || named.contains(event.id) ||
        agreements.contains(agreement_of(event.id, event.event))) {
      events->push_back(event);
    }
  }
  const std::size_t first = events->size();
  for (const Act& act : acts) {
    LoggedEvent logged;
    logged.id = act.checked->id;
    logged.origin = self_.origin;
    logged.index = tail.end + act.place;
    logged.before = self_.entries_before();
    logged.member = self_.id;
    logged.role = act.checked->signer.role;
    logged.event = *act.checked->event;
    logged.key = key_id(act.checked->signer.key);
    events->push_back(std::move(logged));
  }
  const Records records = fold(*events, values_of(state.heads), state.governance->charter,
                               *state.catalogue, values_of(state.observed));
  for (std::size_t i = 0; i < acts.size(); ++i) {
    const std::string which = "event " + std::to_string(acts[i].place);
    const Agreement* agreement = records.agreement(acts[i].agreement);
    const LoggedEvent& logged = (*events)[first + i];
    if (agreement == nullptr) {
      const Record* opened = records.record(logged.id);
      const auto fault =
          opened != nullptr && opened->interpreted && logged.event.type == kProposalType
              ? read_proposal(logged).fault
              : std::nullopt;
      if (fault) {
        return cannot_open(*fault).during(which);
      }
      continue;
    }
    const JudgedAct* judged = agreement->act(logged.id);
    const auto never = judged == nullptr ? std::nullopt : never_counts(*judged, *agreement);
    if (never) {
      return never->during(which);
    }
  }
  return {};
}

Result<std::shared_ptr<const ActAdmission::UnderWay>> ActAdmission::admit(
    std::span<const CheckedEvent> submitted) {
  const bool any = std::any_of(submitted.begin(), submitted.end(), [](const CheckedEvent& one) {
    return one.event && act_kind(one.event->type).has_value();
  });
  if (!any) {
    return std::shared_ptr<const UnderWay>();
  }
  const auto state = state_();
  const std::lock_guard lock(mutex_);
  const auto tail = read_tail();
  const auto acts = tail ? fresh_acts(submitted, *tail) : Result<std::vector<Act>>(tail.error());
  if (!acts) {
    return acts.error();
  }
  for (const auto& [act, agreement] : under_way_) {
    const bool same = std::any_of(acts->begin(), acts->end(),
                                  [&](const Act& one) { return one.agreement == agreement; });
    const auto standing = same ? is_in(*tail, act) : Result<bool>(true);
    if (!standing) {
      return standing.error();
    }
    if (!*standing) {
      return on_its_way(agreement);
    }
  }
  if (state != nullptr && !acts->empty()) {
    if (auto judged = judge(*acts, *tail, *state); !judged) {
      return judged.error();
    }
  }
  std::vector<EventId> admitted;
  for (const Act& act : *acts) {
    admitted.push_back(act.checked->id);
    under_way_.emplace(act.checked->id, act.agreement);
  }
  return std::make_shared<const UnderWay>(*this, std::move(admitted));
}

}  // namespace hefu
