#include "ledger/view/live_state.h"

#include <algorithm>
#include <utility>

#include "ledger/audit/effect.h"
#include "ledger/cut/anchor.h"
#include "ledger/cut/head_observation.h"
#include "ledger/record/audit_types.h"
#include "ledger/record/event_list.h"
#include "ledger/view/settle.h"
#include "ledger/view/view_attestation.h"

namespace hefu {

namespace {

constexpr std::string_view kCertification = "key-certification";
constexpr std::string_view kDocumentPart = "document-part";

std::vector<const LoggedEvent*> pointers_to(
    const std::map<EntryPlace, std::shared_ptr<const LoggedEvent>>& events) {
  std::vector<const LoggedEvent*> out;
  out.reserve(events.size());
  for (const auto& [place, event] : events) {
    out.push_back(event.get());
  }
  return out;
}

/// What audits are made of, and what their independence is judged by.
bool concerns_audits(std::string_view type) {
  return is_audit_type(type) || type == kCertification || type == kViewAttestationType;
}

/// Every version of a record that an audit says something of.
std::set<EventId> items_of(const std::vector<Engagement>& audits) {
  std::set<EventId> out;
  for (const Engagement& audit : audits) {
    for (const AuditTest& test : audit.tests) {
      out.insert(test.item);
    }
    for (const AuditFinding& finding : audit.findings) {
      out.insert(finding.items.begin(), finding.items.end());
    }
  }
  return out;
}

}  // namespace

struct LiveState::Entry {
  Envelope envelope;
  std::optional<hefu::Event> event;  // none: of a schema this version does not know
  std::uint64_t index = 0;
};

std::uint64_t LiveState::reached(std::string_view origin) const {
  const auto log = logs_.find(origin);
  return log == logs_.end() ? 0 : log->second.size;
}

void LiveState::clear() {
  records_.reset();
  logs_.clear();
  signers_.clear();
  events_ = {};
  heads_ = {};
  observed_ = {};
  uninterpreted_.clear();
  reach_.clear();
  governing_.clear();
  parts_.clear();
  governing_changed_ = false;
  parts_changed_ = false;
  auditing_.clear();
  auditing_changed_ = true;
  audits_ = std::make_shared<const std::vector<Engagement>>();
  audited_.clear();
  facts_ = {};
}

void LiveState::put(const Event& event, Log& log) {
  const EntryPlace place = entry_place(event->origin, event->index);
  const std::string& type = event->event.type;
  events_.set(place, event);
  if (concerns_charter(type)) {
    governing_[place] = event;
    governing_changed_ = true;
  }
  if (type == kDocumentPart || type == kCertification) {
    parts_[place] = event;
    parts_changed_ = true;
  }
  if (concerns_audits(type)) {
    auditing_[place] = event;
    auditing_changed_ = true;
  }
  const auto envelope = log.observations.find(event->index);
  if (envelope != log.observations.end() && event->recorded_by) {
    // One that does not hold tells nothing.
    const Charter& charter = rules_->charter;
    if (auto head = open_head_observation(charter, *log.owner, envelope->second, event->event)) {
      const std::uint64_t before = charter.by_origin(head->origin)->entries_before();
      const ObservedHead observed{std::move(head->origin), head->size,    head->time,
                                  head->witnesses_since,   log.owner->id, event->id,
                                  *event->recorded_by,     before};
      observed_.set(place, observed);
      records_->put(observed);
    }
    log.observations.erase(envelope);
  }
  records_->put(event);
}

void LiveState::date(Log& log, const WitnessedHead& head) {
  heads_.set(entry_place(head.origin, head.anchored_at), head);
  records_->put(head);
  reach_[std::string(line_of(head.origin))] = *records_->heads().last(head.origin);
  std::vector<Event> undated;
  for (auto at = events_.lower_bound(entry_place(head.origin, log.dated_to));
       at != events_.end() && at->second.origin == head.origin && at->second.index < head.size;
       ++at) {
    undated.push_back(at.shared());
  }
  for (const Event& event : undated) {
    auto dated = std::make_shared<LoggedEvent>(*event);
    dated->recorded_by = head.time;
    put(dated, log);
  }
  log.dated_to = std::max(log.dated_to, head.size);
}

bool LiveState::take(const LogContents& grown) {
  const auto found = logs_.find(grown.origin);
  if (found == logs_.end() || grown.size < found->second.size ||
      grown.entries.size() != grown.size - found->second.size) {
    return false;
  }
  Log& log = found->second;
  if (log.owner->end && !grown.entries.empty()) {
    return false;
  }
  LogSigners& signers = signers_.at(std::string(line_of(grown.origin)));
  std::vector<Entry> entries;
  for (const LogContents::Entry& entry : grown.entries) {
    auto envelope = decode_envelope(entry.envelope);
    if (!envelope || entry.index != log.size + entries.size()) {
      return false;
    }
    auto event = decode_event(envelope->event);
    if (!event && event.error().code != Errc::kUnsupported) {
      return false;
    }
    if (event && event->type == kCertification) {
      return false;
    }
    entries.push_back(Entry{std::move(*envelope),
                            event ? std::optional(std::move(*event)) : std::nullopt, entry.index});
    if (entries.back().event) {
      signers.learn(entries.back().envelope.signer, *entries.back().event);
    }
  }
  const Charter& charter = rules_->charter;
  for (Entry& entry : entries) {
    const auto signer = signers.find(entry.envelope);
    if (!signer) {
      return false;
    }
    ++log.size;
    if (!entry.event) {
      ++uninterpreted_[grown.origin];
      continue;
    }
    std::optional<WitnessedHead> head;
    if (entry.event->type == kAnchorType) {
      // One that does not hold dates nothing.
      const auto anchor =
          open_anchor(charter, *log.owner, entry.envelope, *entry.event, entry.index);
      if (anchor && anchor->time) {
        head = WitnessedHead{grown.origin, anchor->checkpoint.size, *anchor->time, entry.index,
                             log.owner->entries_before()};
      }
    }
    LoggedEvent logged;
    logged.id = entry.envelope.id();
    logged.origin = grown.origin;
    logged.index = entry.index;
    logged.before = log.owner->entries_before();
    logged.member = log.owner->id;
    logged.role = signer->role;
    logged.key = entry.envelope.signer;
    logged.event = *std::move(entry.event);
    if (logged.event.type == kHeadObservationType) {
      log.observations.emplace(entry.index, std::move(entry.envelope));
    }
    put(std::make_shared<const LoggedEvent>(std::move(logged)), log);
    if (head) {
      date(log, *head);
    }
  }
  return true;
}

bool LiveState::govern_anew() {
  auto governance = govern(founding_, rules_->charter, pointers_to(governing_), records_->heads());
  if (!same_rules(governance.charter, rules_->charter)) {
    return false;
  }
  governance_ = std::make_shared<const Governance>(std::move(governance));
  governing_changed_ = false;
  return true;
}

bool LiveState::read_documents_anew() {
  auto documents = read_documents(pointers_to(parts_), rules_->charter);
  const auto catalogue = published_catalogue(documents);
  if (!catalogue || catalogue->text() != catalogue_->text()) {
    return false;
  }
  documents_ = std::make_shared<const std::vector<Document>>(std::move(documents));
  parts_changed_ = false;
  return true;
}

void LiveState::take_audits(LiveRecords::Changes& changes) {
  std::set<EventId> touched = audited_;
  const bool anew = auditing_changed_ || changes.directory;
  if (anew) {
    auto audits =
        fold_audits(EventList(pointers_to(auditing_)), rules_->charter, *records_->world());
    audited_ = items_of(audits);
    audits_ = std::make_shared<const std::vector<Engagement>>(std::move(audits));
    touched.insert(audited_.begin(), audited_.end());
    auditing_changed_ = false;
  }
  std::set<std::string> ids;
  for (const FactChange& change : changes.facts) {
    ids.insert(change.before ? change.before->id : change.after->id);
  }
  // A record may be named by any of its versions.
  Records named;
  std::set<std::string> audited;
  for (const EventId& item : touched) {
    if (const auto record = records_->record_of(item)) {
      named.records.set(record->id, record);
      audited.insert(record->id.hex());
    }
  }
  if (anew || std::any_of(ids.begin(), ids.end(),
                          [&](const std::string& id) { return audited.contains(id); })) {
    ids.insert(audited.begin(), audited.end());
  }
  std::vector<Fact> judged;
  for (const std::string& id : ids) {
    if (const auto fact = records_->facts().get(id); fact && audited.contains(id)) {
      judged.push_back(*fact);
    }
  }
  apply_audits(*audits_, named, judged);
  std::map<std::string, std::shared_ptr<const Fact>> as_audited;
  for (Fact& fact : judged) {
    std::string id = fact.id;
    as_audited.emplace(std::move(id), std::make_shared<const Fact>(std::move(fact)));
  }
  changes.facts.clear();
  for (const std::string& id : ids) {
    const auto before = facts_.get(id);
    const auto found = as_audited.find(id);
    const auto after = found == as_audited.end() ? records_->facts().get(id) : found->second;
    if (after) {
      facts_.set(id, after);
    } else {
      facts_.erase(id);
    }
    if (before != after) {
      changes.facts.push_back({before, after});
    }
  }
}

LiveState::Step LiveState::publish(const Cut& cut) {
  Step step;
  step.changes = records_->settle();
  take_audits(step.changes);
  LedgerState state;
  state.cut = cut;
  state.events = events_;
  state.heads = heads_;
  state.observed = observed_;
  state.uninterpreted = uninterpreted_;
  state.reach = reach_;
  state.governance = governance_;
  state.catalogue = catalogue_;
  state.documents = documents_;
  state.records = records_->records();
  state.facts = facts_;
  state.audits = audits_;
  state.world = records_->world();
  step.state = std::make_shared<const LedgerState>(std::move(state));
  return step;
}

std::optional<LiveState::Step> LiveState::advance(const Cut& cut,
                                                  std::span<const LogContents> grown) {
  const bool same_logs =
      records_ && cut.logs.size() == logs_.size() && grown.size() == logs_.size() &&
      std::all_of(cut.logs.begin(), cut.logs.end(),
                  [&](const CutLog& log) { return logs_.contains(log.checkpoint.origin); });
  const std::size_t heads = heads_.size();
  const bool taken = same_logs && std::all_of(grown.begin(), grown.end(),
                                              [&](const LogContents& log) { return take(log); });
  // What is open in governance waits for heads, too.
  const bool governs = !governing_.empty() && (governing_changed_ || heads_.size() != heads);
  if (!taken || (governs && !govern_anew()) || (parts_changed_ && !read_documents_anew())) {
    clear();
    return std::nullopt;
  }
  return publish(cut);
}

Result<LiveState::Step> LiveState::rebuild(const Cut& cut, std::span<const LogContents> logs,
                                           const Charter* begin) {
  clear();
  auto settled = settle_ledger(founding_, logs, nullptr, begin);
  if (!settled) {
    return settled.error();
  }
  Ledger& ledger = settled->ledger;
  rules_ = std::make_shared<const Governance>(std::move(settled->governance));
  governance_ = rules_;
  const Charter& charter = rules_->charter;
  for (const LogContents& log : logs) {
    logs_.emplace(log.origin, Log{charter.by_origin(log.origin), log.size, 0, {}});
  }
  // In order of epochs, so that the signers of a line are those of its last owner.
  std::map<EntryPlace, const Member*> owners;
  for (const auto& [origin, log] : logs_) {
    owners.emplace(entry_place(origin, 0), log.owner);
  }
  for (const auto& [place, owner] : owners) {
    signers_.erase(place.line);
    signers_.emplace(place.line, LogSigners(charter, *owner));
  }
  std::vector<std::pair<EntryPlace, Event>> events;
  events.reserve(ledger.events.size());
  for (LoggedEvent& logged : ledger.events) {
    EntryPlace place = entry_place(logged.origin, logged.index);
    signers_.at(place.line).learn(*logged.key, logged.event);
    auto event = std::make_shared<const LoggedEvent>(std::move(logged));
    if (concerns_charter(event->event.type)) {
      governing_.emplace(place, event);
    }
    if (event->event.type == kDocumentPart || event->event.type == kCertification) {
      parts_.emplace(place, event);
    }
    if (concerns_audits(event->event.type)) {
      auditing_.emplace(place, event);
      auditing_changed_ = true;
    }
    events.emplace_back(std::move(place), std::move(event));
  }
  auto documents = read_documents(pointers_to(parts_), charter);
  auto catalogue = published_catalogue(documents);
  if (!catalogue) {
    clear();
    return catalogue.error();
  }
  documents_ = std::make_shared<const std::vector<Document>>(std::move(documents));
  catalogue_ = std::make_shared<const Catalogue>(*std::move(catalogue));
  std::vector<const LoggedEvent*> certifications = pointers_to(governing_);
  records_.emplace(charter, *catalogue_, certifications);
  for (const WitnessedHead& head : ledger.heads) {
    heads_.set(entry_place(head.origin, head.anchored_at), head);
    records_->put(head);
    reach_[std::string(line_of(head.origin))] = *records_->heads().last(head.origin);
    Log& log = logs_.at(head.origin);
    log.dated_to = std::max(log.dated_to, head.size);
  }
  std::map<EventId, EntryPlace> observations;
  for (const auto& [place, event] : events) {
    records_->put(event);
    if (event->event.type != kHeadObservationType) {
      continue;
    }
    observations.emplace(event->id, place);
    if (!event->recorded_by) {
      const auto log = std::find_if(logs.begin(), logs.end(), [&](const LogContents& one) {
        return one.origin == event->origin;
      });
      logs_.at(event->origin)
          .observations.emplace(event->index,
                                *decode_envelope(log->entries[event->index].envelope));
    }
  }
  for (const ObservedHead& head : ledger.observed) {
    observed_.set(observations.at(head.event), head);
    records_->put(head);
  }
  uninterpreted_ = std::move(ledger.uninterpreted);
  events_ = PersistentMap<EntryPlace, LoggedEvent>::from_sorted(std::move(events));
  Step step = publish(cut);
  step.rebuilt = true;
  return step;
}

}  // namespace hefu
