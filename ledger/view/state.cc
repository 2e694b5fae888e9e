#include "ledger/view/state.h"

#include <algorithm>
#include <utility>

#include "ledger/audit/effect.h"
#include "ledger/record/facts.h"
#include "ledger/record/world.h"
#include "ledger/view/settle.h"

namespace hefu {

namespace {

std::vector<const LoggedEvent*> pointers_to(const std::vector<LoggedEvent>& events) {
  std::vector<const LoggedEvent*> out;
  out.reserve(events.size());
  for (const LoggedEvent& event : events) {
    out.push_back(&event);
  }
  return out;
}

/// A map of values that are in order already, but for equal lines of logs.
template <typename T>
PersistentMap<EntryPlace, T> by_place(std::vector<T>&& values, auto index_of) {
  std::vector<std::pair<EntryPlace, std::shared_ptr<const T>>> entries;
  entries.reserve(values.size());
  for (T& value : values) {
    EntryPlace place = entry_place(value.origin, index_of(value));
    entries.emplace_back(std::move(place), std::make_shared<const T>(std::move(value)));
  }
  std::sort(entries.begin(), entries.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  return PersistentMap<EntryPlace, T>::from_sorted(std::move(entries));
}

PersistentMap<std::string, Fact> by_id(std::vector<Fact>&& facts) {
  std::vector<std::pair<std::string, std::shared_ptr<const Fact>>> entries;
  entries.reserve(facts.size());
  for (Fact& fact : facts) {
    std::string id = fact.id;
    entries.emplace_back(std::move(id), std::make_shared<const Fact>(std::move(fact)));
  }
  return PersistentMap<std::string, Fact>::from_sorted(std::move(entries));
}

PersistentMap<EntryPlace, ObservedHead> observed_by_place(const std::vector<ObservedHead>& observed,
                                                          const std::vector<LoggedEvent>& events) {
  std::map<EventId, EntryPlace> places;
  for (const LoggedEvent& event : events) {
    if (event.event.type == kHeadObservationType) {
      places.emplace(event.id, entry_place(event.origin, event.index));
    }
  }
  PersistentMap<EntryPlace, ObservedHead> out;
  for (const ObservedHead& head : observed) {
    out.set(places.at(head.event), head);
  }
  return out;
}

}  // namespace

EntryPlace entry_place(std::string_view origin, std::uint64_t index) {
  return {std::string(line_of(origin)), epoch_of(origin), index};
}

std::optional<Agreement> LedgerState::agreement(const EventId& id) const {
  const Agreement* held = records.agreement(id);
  if (held == nullptr) {
    return std::nullopt;
  }
  Agreement out = *held;
  out.as_of = std::nullopt;
  for (const std::string& log : out.logs) {
    const auto reached = reach.find(line_of(log));
    if (reached != reach.end()) {
      out.as_of = out.as_of ? std::max(*out.as_of, reached->second) : reached->second;
    }
  }
  return out;
}

Result<Catalogue> published_catalogue(const std::vector<Document>& documents) {
  const Document* published = nullptr;
  for (const Document& document : documents) {
    if (document.kind == "catalogue" &&
        (published == nullptr || is_earlier(*published, document))) {
      published = &document;
    }
  }
  if (published == nullptr) {
    return Catalogue();
  }
  auto catalogue = Catalogue::parse(published->content);
  return catalogue ? std::move(catalogue)
                   : catalogue.error().during("the catalogue the authority published");
}

Result<LedgerState> build_state(const Charter& charter, const Cut& cut,
                                std::span<const LogContents> logs, EnvelopeVerifier* verifier,
                                const Charter* begin) {
  auto settled = settle_ledger(charter, logs, verifier, begin);
  if (!settled) {
    return settled.error();
  }
  LedgerState state;
  state.cut = cut;
  Ledger& ledger = settled->ledger;
  const Charter& in_force = settled->governance.charter;
  auto documents = read_documents(pointers_to(ledger.events), in_force);
  auto catalogue = published_catalogue(documents);
  if (!catalogue) {
    return catalogue.error();
  }
  state.records = fold(ledger.events, ledger.heads, in_force, *catalogue, ledger.observed);
  auto made = facts(state.records, *catalogue);
  state.world = std::make_shared<const World>(world(state.records, in_force));
  auto audits = fold_audits(ledger.events, in_force, *state.world);
  apply_audits(audits, state.records, made);
  state.audits = std::make_shared<const std::vector<Engagement>>(std::move(audits));
  state.facts = by_id(std::move(made));
  const LogHeads heads(ledger.heads);
  for (const WitnessedHead& head : ledger.heads) {
    state.reach[std::string(line_of(head.origin))] = *heads.last(head.origin);
  }
  state.observed = observed_by_place(ledger.observed, ledger.events);
  state.events = by_place(std::move(ledger.events), [](const LoggedEvent& e) { return e.index; });
  state.heads =
      by_place(std::move(ledger.heads), [](const WitnessedHead& h) { return h.anchored_at; });
  state.uninterpreted = std::move(ledger.uninterpreted);
  state.documents = std::make_shared<const std::vector<Document>>(std::move(documents));
  state.catalogue = std::make_shared<const Catalogue>(*std::move(catalogue));
  state.governance = std::make_shared<const Governance>(std::move(settled->governance));
  return state;
}

}  // namespace hefu
