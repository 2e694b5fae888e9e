#include "node/node_port.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <limits>
#include <optional>
#include <utility>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event_json.h"
#include "ledger/event/opening.h"
#include "ledger/event/uscc.h"
#include "ledger/governance/governance_json.h"
#include "ledger/log/tile.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/tree.h"
#include "ledger/record/record_json.h"
#include "ledger/signal/signal.h"
#include "ledger/signal/signal_json.h"
#include "ledger/view/inbox.h"
#include "node/agreement_list.h"
#include "node/ended_log.h"
#include "node/forks.h"
#include "node/node.h"

namespace hefu {
namespace {

namespace json = boost::json;

/// Events looked at for one page of a list: a rare filter answers with a page that is not full and
/// says where to go on.
constexpr std::size_t kLookedAtMax = 20'000;
/// Proofs made while the writer of the log waits.
constexpr std::size_t kProvedAtOnceMax = 100;

Error no_event(const Digest& id) {
  return Error{Errc::kNotFound, "no event " + id.hex() + " in the logs held here",
               "it may not have arrived yet: see /v1/status"};
}

Error not_held(const Member& owner) {
  return Error{Errc::kNotFound,
               "the log of " + owner.id +
                   " is not held here: by its configuration this node "
                   "witnesses it without its contents",
               "ask that member's node, or another member's"};
}

/// An event as it stands in a log.
struct Found {
  EventPlace place;
  std::string origin;
  Bytes envelope;
  EventId id;
  std::optional<Event> event;
};

Result<Found> decode_found(EventPlace place, std::string origin, BytesView bytes) {
  auto envelope = decode_envelope(bytes);
  if (!envelope) {
    return envelope.error();
  }
  Found found{place, std::move(origin), to_bytes(bytes), envelope->id(), std::nullopt};
  if (auto event = decode_event(envelope->event)) {
    found.event = *std::move(event);
  }
  return found;
}

std::optional<Moment> recorded_by(const LedgerState* state, const Found& found) {
  if (state == nullptr) {
    return std::nullopt;
  }
  for (auto at = state->heads.lower_bound(entry_place(found.origin, found.place.index));
       at != state->heads.end() && at->second.origin == found.origin; ++at) {
    const WitnessedHead& head = at->second;
    if (head.size > found.place.index) {
      return head.time;
    }
  }
  return std::nullopt;
}

json::object row(const Found& found, const LedgerState* state, const Catalogue& catalogue) {
  const auto recorded = recorded_by(state, found);
  return json::object{
      {"id", found.id.hex()},
      {"log", found.origin},
      {"index", found.place.index},
      {"event", found.event ? event_to_json(*found.event, &catalogue) : json::value(nullptr)},
      {"recorded_by", recorded ? json::value(recorded->text()) : json::value(nullptr)}};
}

bool matches(const Found& found, const EventQuery& query) {
  if (!found.event) {
    return query.type.empty() && query.issuer.empty() && !query.record;
  }
  return (query.type.empty() || found.event->type == query.type) &&
         (query.issuer.empty() || found.event->issuer == query.issuer) &&
         (!query.record || found.id.digest == *query.record ||
          (found.event->record && found.event->record->digest == *query.record));
}

/// Where a page begins: "<log name>:<index>", or an index alone if the log is given.
Result<std::optional<std::pair<const Member*, std::uint64_t>>> parse_from(const Charter& charter,
                                                                          const EventQuery& query) {
  if (query.from.empty()) {
    return std::optional<std::pair<const Member*, std::uint64_t>>();
  }
  const Error bad{Errc::kInvalid, "query parameter from: \"" + query.from + "\" is no place",
                  "use the \"next\" of an earlier answer, or, with log, an index"};
  const auto colon = query.from.find(':');
  const std::string_view digits =
      std::string_view(query.from).substr(colon == std::string::npos ? 0 : colon + 1);
  const Member* member = charter.by_log_name(colon == std::string::npos
                                                 ? std::string_view(query.log)
                                                 : std::string_view(query.from).substr(0, colon));
  std::uint64_t index = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (member == nullptr || digits.empty() || code != std::errc() ||
      end != digits.data() + digits.size()) {
    return bad;
  }
  return std::optional(std::pair(member, index));
}

}  // namespace

NodePort::NodePort(Node& node, Store& store, Views& views, const Charter& founding)
    : node_(node), store_(store), views_(views), closing_(store, views, founding, node.charter()) {}

Result<std::string> NodePort::status() {
  return node_.status();
}

Result<std::string> NodePort::metrics() {
  NodeState state = node_.state();
  state.submissions_refused = refused_.all();
  state.store_bytes = node_.store_bytes();
  return metrics_text(state);
}

Result<std::string> NodePort::forks() {
  return forks_json(store_, node_.charter());
}

Result<std::string> NodePort::fork_proof(std::string_view member) {
  const Member* owner = node_.charter().by_log_name(member);
  if (owner == nullptr) {
    return Error{Errc::kNotFound, "no member " + std::string(member),
                 "give a member's credit code or domain; <domain>@<epoch> for an earlier log"};
  }
  return fork_proof_of(store_, *owner);
}

Result<std::string> NodePort::charter_note() {
  return node_.charter().note;
}

Result<std::string> NodePort::members() {
  const auto state = views_.state();
  return state ? canonical_json(members_to_json((*state)->governance->charter))
               : Result<std::string>(state.error());
}

Result<std::string> NodePort::governance() {
  const auto state = views_.state();
  return state ? canonical_json(governance_to_json(*(*state)->governance))
               : Result<std::string>(state.error());
}

Result<std::string> NodePort::catalogue_json() {
  return views_.catalogue()->text();
}

DepartmentDesk NodePort::departments() const {
  return {store_, node_.keys(), node_.self(), views_.catalogue()};
}

Result<void> NodePort::admit(const Reach& reach, std::span<const Bytes> envelopes) {
  return departments().admit(reach, envelopes);
}

Result<void> NodePort::admit(const Reach& reach, std::span<const Digest> events) {
  return departments().admit(reach, events);
}

void NodePort::submit(std::vector<Bytes> envelopes, std::optional<AckLevel> level,
                      std::optional<Priority> priority,
                      std::function<void(Result<SubmitReceipt>)> answer) {
  const auto done = [this, answer = std::move(answer)](Result<SubmitReceipt> receipt) {
    if (!receipt) {
      refused_.add(name(receipt.error().code));
    }
    answer(std::move(receipt));
  };
  if (level == AckLevel::kWitnessed && envelopes.size() > kProvedAtOnceMax) {
    done(Error{Errc::kTooLarge,
               std::to_string(envelopes.size()) + " events at the level witnessed, at most " +
                   std::to_string(kProvedAtOnceMax) + " are proved in one answer",
               "ask for the level replicated, then fetch each event's proof"});
    return;
  }
  node_.submit(std::move(envelopes), level, priority, [this, done](Result<SubmitReceipt> receipt) {
    if (receipt && receipt->level == AckLevel::kWitnessed) {
      for (SubmitReceipt::Entry& entry : receipt->entries) {
        auto proof = event_proof(entry.event);
        if (!proof) {
          done(proof.error());
          return;
        }
        entry.proof = *std::move(proof);
      }
    }
    done(std::move(receipt));
  });
}

Result<std::string> NodePort::events(const EventQuery& query) {
  const Charter& charter = node_.charter();
  const auto from = parse_from(charter, query);
  if (!from) {
    return from.error();
  }
  const Member* only = query.log.empty() ? nullptr : charter.by_log_name(query.log);
  if (!query.log.empty() && only == nullptr) {
    return Error{Errc::kNotFound, "query parameter log: no member " + query.log,
                 "give a member's credit code or domain; <domain>@<epoch> for an earlier log"};
  }
  if (only != nullptr && node_.witnesses_only(*only)) {
    return not_held(*only);
  }
  const auto state = views_.latest();
  const auto catalogue = views_.catalogue();
  json::array rows;
  std::string next;
  std::size_t looked_at = 0;
  std::optional<Error> failed;
  bool full = false;
  // Log by log in the charter's order: the same on every node.
  bool begun = !*from;
  for (const Member* owner : charter.log_owners()) {
    const Member& member = *owner;
    begun = begun || (*from)->first == owner;
    const auto log = store_.known_number(member.origin);
    if (!begun || !log || (only != nullptr && only != owner)) {
      continue;
    }
    const std::uint64_t begin = *from && (*from)->first == &member ? (*from)->second : 0;
    const auto consider = [&](std::uint64_t index, BytesView bytes) {
      if (member.end && index >= member.end->size) {
        return false;  // nothing beyond its end counts, though it may be stored
      }
      if (rows.size() >= query.limit || looked_at >= kLookedAtMax) {
        next = member.log_name() + ":" + std::to_string(index);
        full = true;
        return false;
      }
      ++looked_at;
      auto found = decode_found({*log, index}, member.origin, bytes);
      if (!found) {
        failed = found.error();
        return false;
      }
      if (matches(*found, query)) {
        rows.push_back(row(*found, state.get(), *catalogue));
      }
      return true;
    };
    const auto consider_place = [&](EventPlace place) {
      if (place.log != *log) {
        return false;
      }
      auto entry = store_.entry(*log, place.index);
      if (!entry) {
        failed = entry.error();
        return false;
      }
      return consider(place.index, *entry);
    };
    Result<void> scanned;
    if (query.record) {
      // The opening event itself, then what adds to it.
      const auto opening = store_.find(EventId{*query.record}, *log);
      if (opening && *opening && **opening >= begin) {
        consider_place({*log, **opening});
      }
      if (!full && !failed) {
        scanned = store_.scan_index(Store::Index::kRecord, as_text(query.record->view()),
                                    {*log, begin}, consider_place);
      }
    } else if (!query.type.empty()) {
      scanned = store_.scan_index(Store::Index::kType, query.type, {*log, begin}, consider_place);
    } else if (!query.issuer.empty()) {
      scanned =
          store_.scan_index(Store::Index::kIssuer, query.issuer, {*log, begin}, consider_place);
    } else {
      auto head = store_.head(*log);
      if (!head) {
        return head.error();
      }
      if (begin < head->size) {
        scanned = store_.scan(*log, begin, head->size, consider);
      }
    }
    if (failed || !scanned) {
      return failed ? *failed : scanned.error();
    }
    if (full) {
      break;
    }
  }
  return json::serialize(json::object{
      {"events", std::move(rows)},
      {"next", next.empty() ? json::value(nullptr) : json::value(json::string(next))}});
}

namespace {

/// The first place of an event in any log here.
/// Every place where an event stands and counts: one in each log it was written to. Not empty.
Result<std::vector<std::pair<EventPlace, const Member*>>> places_of(const Store& store,
                                                                    const Charter& charter,
                                                                    const Digest& id) {
  auto places = store.places(EventId{id});
  if (!places) {
    return places.error();
  }
  std::vector<std::pair<EventPlace, const Member*>> found;
  for (const EventPlace& place : *places) {
    for (const Member* owner : charter.log_owners()) {
      if (store.known_number(owner->origin) == place.log &&
          (!owner->end || place.index < owner->end->size)) {
        found.emplace_back(place, owner);
        break;
      }
    }
  }
  return found.empty() ? Result<std::vector<std::pair<EventPlace, const Member*>>>(no_event(id))
                       : found;
}

Result<Found> find_event(const Store& store, const Charter& charter, const Digest& id) {
  const auto places = places_of(store, charter, id);
  if (!places) {
    return places.error();
  }
  const auto& [place, owner] = places->front();
  auto entry = store.entry(place.log, place.index);
  return entry ? decode_found(place, owner->origin, *entry) : Result<Found>(entry.error());
}

}  // namespace

Result<std::string> NodePort::event(const Digest& id) {
  auto found = find_event(store_, node_.charter(), id);
  if (!found) {
    return found.error();
  }
  json::object object = row(*found, views_.latest().get(), *views_.catalogue());
  object["envelope"] = base64_encode(found->envelope);
  return json::serialize(object);
}

Result<Digest> NodePort::event_beginning(std::string_view hex) {
  const auto found = store_.beginning_with(hex);
  if (!found) {
    return found.error();
  }
  if (found->empty()) {
    return Error{Errc::kNotFound, "no event here begins with " + std::string(hex),
                 "if it was recorded at another member, wait until this node has caught up"};
  }
  if (found->size() > 1) {
    return Error{Errc::kConflict,
                 "several events begin with " + std::string(hex) + ": " + found->front().hex() +
                     ", " + found->at(1).hex(),
                 "give more of the id"};
  }
  return found->front().digest;
}

Result<std::string> NodePort::event_proof(const Digest& id) {
  const auto places = places_of(store_, node_.charter(), id);
  if (!places) {
    return places.error();
  }
  // What was sent again in a new epoch stands in two logs, and either place will do.
  for (const auto& [place, owner] : *places) {
    auto note = store_.cosigned(place.log);
    if (!note) {
      return note.error();
    }
    const auto checkpoint = parse_checkpoint(*note);
    if (!checkpoint || checkpoint->checkpoint.size <= place.index) {
      continue;
    }
    const std::uint64_t size = checkpoint->checkpoint.size;
    TileNodes nodes(size, tile_source(store_, place.log));
    TlogProof proof;
    proof.index = place.index;
    proof.path = prove_inclusion(proof.index, size, nodes.reader());
    proof.checkpoint = *note;
    if (nodes.failure()) {
      return *nodes.failure();
    }
    return proof.text();
  }
  return Error{Errc::kUnavailable,
               "the event is in the log, but no quorum of witnesses has cosigned that far yet",
               "try again in a moment"};
}

Result<void> NodePort::put_disclosures(std::vector<Disclosure> disclosures) {
  if (const auto full = node_.shortage()) {
    return *full;
  }
  const std::lock_guard lock(openings_);
  // All are checked before any is stored.
  std::vector<std::pair<EventId, std::string>> texts;
  for (std::size_t i = 0; i < disclosures.size(); ++i) {
    const Disclosure& disclosure = disclosures[i];
    const std::string name = "disclosures[" + std::to_string(i) + "]";
    auto found = find_event(store_, node_.charter(), disclosure.event);
    if (!found) {
      return found.error().during(name);
    }
    if (!found->event) {
      return Error{Errc::kUnsupported, name + ": the event follows an unknown schema", ""};
    }
    json::object kept;
    auto before = store_.openings(EventId{disclosure.event});
    if (!before) {
      return before.error();
    }
    if (*before) {
      boost::system::error_code ignored;
      const json::value stored = json::parse(**before, ignored);
      for (const json::value& opening : stored.as_array()) {
        kept[opening.at("path").as_string()] = opening;
      }
    }
    for (const Disclosure::Opening& opening : disclosure.openings) {
      Opening candidate;
      candidate.value = opening.value;
      candidate.salt = opening.salt.bytes;
      if (auto opens = check_opening(*found->event, opening.path, candidate); !opens) {
        return opens.error().during(name + " field " + opening.path);
      }
      kept[opening.path] = json::object{{"path", opening.path},
                                        {"value", base64_encode(opening.value)},
                                        {"salt", opening.salt.hex()}};
    }
    json::array all;
    for (const auto& [path, opening] : kept) {
      all.push_back(opening);
    }
    texts.emplace_back(EventId{disclosure.event}, json::serialize(all));
  }
  for (const auto& [event, text] : texts) {
    if (auto put = store_.put_openings(event, text); !put) {
      return put;
    }
  }
  return {};
}

Result<void> NodePort::erase_disclosures(const Digest& event, const Bytes& erasure) {
  const auto fields = node_.admission().erased_by(erasure, EventId{event});
  if (!fields) {
    return fields.error();
  }
  const std::lock_guard lock(openings_);
  const auto kept = store_.openings(EventId{event});
  if (!kept) {
    return kept.error();
  }
  if (!*kept) {
    return {};  // nothing is rewritten for nothing
  }
  boost::system::error_code ignored;
  const json::value stored = json::parse(**kept, ignored);
  for (const json::value& opening : stored.as_array()) {
    const std::string path(opening.at("path").as_string());
    if (!fields->contains(path)) {
      return Error{Errc::kConflict,
                   "the erasure does not name field " + path + ", of which a value is kept",
                   "an event's values are erased together: name them all"};
    }
  }
  return store_.erase_openings(EventId{event});
}

Result<std::string> NodePort::records(const RecordQuery& query) {
  auto state = views_.state();
  if (!state) {
    return state.error();
  }
  std::optional<Digest> from;
  if (!query.from.empty()) {
    from = Digest::from_hex(query.from);
    if (!from) {
      return Error{Errc::kInvalid, "query parameter from: not a record id",
                   "use the \"next\" of an earlier answer"};
    }
  }
  const auto names_party = [&](const Record& record) {
    if (query.party.empty() || record.current.event.issuer == query.party ||
        std::find(record.required.begin(), record.required.end(), query.party) !=
            record.required.end()) {
      return true;
    }
    const EventType* type = (*state)->catalogue->find(record.type);
    if (type == nullptr) {
      return false;
    }
    for (const Field& field : type->fields) {
      for (const std::string& party : type->parties_in(record.current.event, field.name)) {
        if (party == query.party || party.substr(0, party.find('/')) == query.party) {
          return true;
        }
      }
    }
    return false;
  };
  json::array rows;
  json::value next(nullptr);
  const auto& records = (*state)->records.records;
  for (auto at = from ? records.lower_bound(EventId{*from}) : records.begin(); at != records.end();
       ++at) {
    const Record& record = at->second;
    if ((!query.type.empty() && record.type != query.type) ||
        (!query.state.empty() && record.state != query.state) || !names_party(record)) {
      continue;
    }
    if (rows.size() >= query.limit) {
      next = at->first.hex();
      break;
    }
    rows.push_back(record_summary(record));
  }
  return json::serialize(json::object{{"records", std::move(rows)}, {"next", std::move(next)}});
}

Result<std::string> NodePort::record(const Digest& id) {
  auto state = views_.state();
  if (!state) {
    return state.error();
  }
  const Record* record = (*state)->records.record(EventId{id});
  if (record == nullptr) {
    return Error{Errc::kNotFound, "no record " + id.hex() + " at the present cut",
                 "a new record shows once a quorum has cosigned its log"};
  }
  return json::serialize(record_to_json(*record, *(*state)->catalogue));
}

Result<std::string> NodePort::agreements(const AgreementQuery& query) {
  auto state = views_.state();
  return state ? agreements_json((*state)->records, query) : Result<std::string>(state.error());
}

Result<std::string> NodePort::agreement(const Digest& id) {
  auto state = views_.state();
  if (!state) {
    return state.error();
  }
  const auto agreement = (*state)->agreement(EventId{id});
  if (!agreement) {
    return Error{Errc::kNotFound, "no agreement " + id.hex() + " at the present cut",
                 "a new agreement shows once a quorum has cosigned its log"};
  }
  return json::serialize(agreement_to_json(*agreement));
}

Result<std::string> NodePort::inbox(const InboxQuery& query) {
  const std::string& member = query.member.empty() ? node_.self().id : query.member;
  if (auto ok = check_credit_code(member); !ok) {
    return ok.error().during("query parameter member");
  }
  auto state = views_.state();
  if (!state) {
    return state.error();
  }
  if (!query.reach || member != node_.self().id) {
    return json::serialize(inbox_to_json(**state, member, query.limit));
  }
  json::value all = inbox_to_json(**state, member, std::numeric_limits<std::size_t>::max());
  const DepartmentDesk desk = departments();
  json::array shown;
  std::size_t own = 0;
  for (json::value& item : all.at("items").as_array()) {
    const auto id = [&item](const char* of) {
      return EventId{*Digest::from_hex(std::string_view(item.at(of).as_string()))};
    };
    const auto its = desk.concerns(*query.reach, std::array{id("record"), id("about")});
    if (!its) {
      return its.error();
    }
    own += *its ? 1 : 0;
    if (*its && shown.size() < query.limit) {
      shown.push_back(std::move(item));
    }
  }
  const std::size_t elsewhere = all.at("items").as_array().size() - own;
  return json::serialize(json::object{
      {"member", member}, {"total", own}, {"elsewhere", elsewhere}, {"items", std::move(shown)}});
}

Result<std::string> NodePort::packs() {
  auto state = views_.state();
  if (!state) {
    return state.error();
  }
  json::array packs;
  for (const Document& document : *(*state)->documents) {
    if (document.kind != "pack") {
      continue;
    }
    packs.push_back(json::object{
        {"id", document.id},
        {"version", document.version},
        {"digest", document.digest.hex()},
        {"bytes", document.content.size()},
        {"log", document.origin},
        {"index", document.index},
        {"recorded_by",
         document.recorded_by ? json::value(document.recorded_by->text()) : json::value(nullptr)}});
  }
  return json::serialize(json::object{{"packs", std::move(packs)}});
}

Result<std::string> NodePort::pack(std::string_view id, std::string_view version) {
  auto state = views_.state();
  if (!state) {
    return state.error();
  }
  const Document* document = find_document(*(*state)->documents, "pack", id, version);
  if (document == nullptr) {
    return Error{Errc::kNotFound, "the authority's log holds no pack " + std::string(id),
                 "`hefu pack list` shows the published ones"};
  }
  return document->content;
}

Result<Bytes> NodePort::bundle(const BundleQuery& query) {
  if (query.level == 2 || query.level == 4) {
    return views_.bundle({query.pack, query.period, query.node, ""}, query.level == 4);
  }
  return views_.bundle(FigureBundleRequest{
      query.level, query.pack, query.period, query.node, query.indicator, query.with_pack,
      query.samples == 0 ? kSamplesDefault : query.samples, query.value});
}

Result<std::string> NodePort::signals(const SignalQuery& query) {
  auto period = Period::parse(query.period);
  if (!period) {
    return period.error().during("query parameter period");
  }
  const auto kind = signal_kind(query.kind);
  if (!query.kind.empty() && !kind) {
    std::string kinds;
    for (int i = 0; i < kSignalKindCount; ++i) {
      kinds += (i == 0 ? "" : ", ") + std::string(name(static_cast<SignalKind>(i)));
    }
    return Error{Errc::kInvalid, "query parameter kind: there is no signal " + query.kind,
                 "one of " + kinds};
  }
  auto state = views_.state();
  if (!state) {
    return state.error();
  }
  const LedgerState& at = **state;
  auto found = find_signals(at.facts, *at.world, *at.catalogue, period->span);
  std::erase_if(found, [&](const Signal& signal) {
    return (kind && signal.kind != *kind) ||
           (!query.party.empty() && !std::binary_search(signal.institutions.begin(),
                                                        signal.institutions.end(), query.party));
  });
  return signals_json(period->span, found);
}

Result<LogResource> NodePort::log_resource(std::string_view name, std::string_view path) {
  const Member* member = node_.charter().by_log_name(name);
  const auto log = member == nullptr ? std::nullopt : store_.known_number(member->origin);
  if (!log) {
    return Error{Errc::kNotFound, "no member " + std::string(name),
                 "give a member's credit code or domain; <domain>@<epoch> for an earlier log"};
  }
  if (node_.witnesses_only(*member)) {
    return not_held(*member);
  }
  if (path == "checkpoint") {
    const auto ended = member->end ? is_complete(store_, *member) : Result<bool>(false);
    if (!ended) {
      return ended.error();
    }
    auto note = *ended ? Result<std::string>(member->end->checkpoint) : store_.cosigned(*log);
    if (!note) {
      return note.error();
    }
    if (note->empty()) {
      return Error{Errc::kNotFound, "no checkpoint of this log has a quorum of cosignatures yet",
                   "try again in a moment"};
    }
    return LogResource{to_bytes(*note), "text/plain; charset=utf-8", false};
  }
  const auto tile = parse_tile_path(path);
  if (!tile) {
    return tile.error();
  }
  auto head = store_.head(*log);
  if (!head) {
    return head.error();
  }
  if (member->end) {
    head->size = std::min(head->size, member->end->size);
  }
  const Error beyond{Errc::kNotFound, "the log has no " + std::string(path) + " yet", ""};
  if (tile_width(tile->level, tile->index, head->size) < tile->width) {
    return beyond;
  }
  LogResource resource{{}, "application/octet-stream", true};
  if (tile->level != kEntriesLevel) {
    auto hashes = tile_source(store_, *log)(*tile);
    if (!hashes) {
      return hashes.error();
    }
    resource.bytes = *std::move(hashes);
    return resource;
  }
  const std::uint64_t begin = tile->index * kFullTileWidth;
  Result<void> appended;
  auto scanned = store_.scan(*log, begin, begin + tile->width, [&](std::uint64_t, BytesView bytes) {
    appended = append_to_entry_bundle(resource.bytes, bytes);
    return appended.ok();
  });
  if (!scanned || !appended) {
    return scanned ? appended.error() : scanned.error();
  }
  return resource;
}

Result<void> NodePort::begin_rebuild() {
  return views_.begin_rebuild();
}

Result<std::string> NodePort::rebuilt() {
  const Views::Rebuild at = views_.last_rebuild();
  json::value last(nullptr);
  if (at.last) {
    last = json::object{{"cut", at.last->cut.hex()},
                        {"entries", at.last->entries},
                        {"took_ms", at.last->took.count()},
                        {"identical", at.last->identical}};
  }
  return json::serialize(json::object{
      {"running", at.running},
      {"error", at.error ? json::value(json::string(at.error->message)) : json::value(nullptr)},
      {"last", std::move(last)}});
}

Result<void> NodePort::begin_backup() {
  return node_.backups().begin();
}

Result<std::string> NodePort::backups() {
  return node_.backups().json();
}

Result<WitnessReply> NodePort::add_checkpoint(std::string_view request) {
  auto answer = node_.witness().add_checkpoint(request);
  if (!answer) {
    return answer.error();
  }
  return WitnessReply{answer->status, std::move(answer->content_type), std::move(answer->body)};
}

Result<std::string> NodePort::witnessed(const Digest& origin_hash) {
  auto note = node_.witness().latest(origin_hash);
  if (!note) {
    return note.error();
  }
  if (!*note) {
    return Error{Errc::kNotFound, "this witness has cosigned nothing of that log", ""};
  }
  return **std::move(note);
}

}  // namespace hefu
