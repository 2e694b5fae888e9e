// What the HTTP API does for guests; the rest of the port is in node_port.cc.

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event_json.h"
#include "ledger/record/fold.h"
#include "node/node.h"
#include "node/node_port.h"

namespace hefu {
namespace {

namespace json = boost::json;

/// Envelopes a guest sends at once: its key and an answer, or a few answers.
constexpr std::size_t kGuestEnvelopesMax = 16;

json::object member_json(const Member& member) {
  return json::object{{"id", member.id},
                      {"name_zh", member.name_zh},
                      {"name_en", member.name_en},
                      {"origin", member.origin}};
}

/// The event a guest is asked about as it stands in a log, so that the guest can check it itself.
Result<json::object> event_asked_about(const Store& store, const Charter& charter,
                                       const Catalogue& catalogue, const EventId& id) {
  const auto places = store.places(id);
  if (!places) {
    return places.error();
  }
  for (const EventPlace& place : *places) {
    for (const Member* owner : charter.log_owners()) {
      const Member& member = *owner;
      if (store.known_number(member.origin) != place.log) {
        continue;
      }
      const auto bytes = store.entry(place.log, place.index);
      const auto envelope = bytes ? decode_envelope(*bytes) : Result<Envelope>(bytes.error());
      const auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
      if (!event) {
        return event.error();
      }
      return json::object{{"id", id.hex()},
                          {"log", member.origin},
                          {"index", place.index},
                          {"event", event_to_json(*event, &catalogue)},
                          {"envelope", base64_encode(*bytes)}};
    }
  }
  return Error{Errc::kNotFound, "no event " + id.hex() + " in the logs held here",
               "it may not have arrived yet: see /v1/status"};
}

json::object introduction_json(const Introduction& one, const GuestBook& book) {
  json::array rivals;
  for (const Introduction* rival : book.conflicting(one)) {
    rivals.push_back(json::object{{"introduced_by", rival->by},
                                  {"key", base64_encode(rival->key.bytes)},
                                  {"event", rival->event.hex()}});
  }
  json::object out{{"guest", one.guest},
                   {"name", one.name},
                   {"introduced_by", one.by},
                   {"key", base64_encode(one.key.bytes)},
                   {"use", one.link ? "link" : "own"},
                   {"identity_check", one.identity_check},
                   {"valid_from", one.from.text()},
                   {"valid_to", one.to.text()},
                   {"event", one.event.hex()},
                   {"admission", one.admission.hex()},
                   {"terms", one.terms.hex()},
                   {"conflicts", std::move(rivals)}};
  if (one.recorded) {
    out["recorded_by"] = one.recorded->text();
  }
  return out;
}

}  // namespace

Result<std::string> NodePort::invitation(std::string_view token) {
  const auto invitation = node_.guests().invitation(token);
  if (!invitation) {
    return invitation.error();
  }
  const GuestAdmission& says = invitation->says;
  json::object out{{"state", name(invitation->state)},
                   {"federation", node_.charter().federation.hex()},
                   {"charter", node_.charter().note},
                   {"catalogue", views_.catalogue()->name()},
                   {"host", member_json(node_.self())},
                   {"guest", json::object{{"id", says.guest}, {"name", says.name}}},
                   {"admission", invitation->admission.hex()},
                   {"link_key", base64_encode(says.key.bytes)},
                   {"identity_check", says.identity_check},
                   {"open_until", says.open_until->text()},
                   {"valid_from", says.from.text()},
                   {"valid_to", says.to.text()},
                   {"merge_delay_s", node_.guests().merge_delay().count()}};
  if (says.asks_about) {
    // The version that holds, where witnesses have seen the record already.
    EventId target = *says.asks_about;
    if (const auto state = views_.latest()) {
      const Record* record = state->records.record(*says.asks_about);
      target = record == nullptr ? target : record->current.id;
    }
    auto asked = event_asked_about(store_, node_.charter(), *views_.catalogue(), target);
    if (!asked) {
      return asked.error();
    }
    out["record"] = says.asks_about->hex();
    out["target"] = *std::move(asked);
  }
  return json::serialize(out);
}

void NodePort::answer(std::optional<std::string> token, std::vector<Bytes> envelopes,
                      std::function<void(Result<GuestReceipt>)> done) {
  if (envelopes.size() > kGuestEnvelopesMax) {
    done(Error{Errc::kTooLarge,
               "more than " + std::to_string(kGuestEnvelopesMax) + " envelopes in one answer",
               "send them in several"});
    return;
  }
  // This way in asks nobody for an account: what members sign has its own, which does.
  for (const Bytes& bytes : envelopes) {
    const auto envelope = decode_envelope(bytes);
    const auto signer =
        envelope ? node_.keys().signer(envelope->signer, node_.self()) : std::nullopt;
    if (signer && signer->role != KeyRole::kGuest) {
      done(Error{Errc::kUnauthorised,
                 std::string("an envelope is signed with a ") + name(signer->role) +
                     " key: only guests answer here",
                 "hand in with POST /v1/events what a member has signed"});
      return;
    }
  }
  if (token) {
    if (auto fits = node_.guests().check_answer(*token, envelopes); !fits) {
      done(fits.error());
      return;
    }
  }
  const auto log = store_.known_number(node_.self().origin);
  const auto head = log ? store_.head(*log) : Result<LogHead>(LogHead{});
  if (!head) {
    done(head.error());
    return;
  }
  std::vector<Bytes> promised = envelopes;
  node_.submit(std::move(envelopes), AckLevel::kStored, Priority::kInteractive,
               [this, size = head->size, promised = std::move(promised),
                done = std::move(done)](Result<SubmitReceipt> stored) {
                 if (!stored) {
                   done(stored.error());
                   return;
                 }
                 // Promised only now that it is durable: a promise outlives a crash.
                 GuestReceipt receipt;
                 receipt.origin = stored->origin;
                 for (std::size_t i = 0; i < promised.size(); ++i) {
                   const std::uint64_t from = std::min(size, stored->entries[i].index);
                   auto promise = node_.guests().promise(promised[i], from);
                   if (!promise) {
                     done(promise.error());
                     return;
                   }
                   receipt.entries.push_back({stored->entries[i].event, *std::move(promise)});
                 }
                 done(std::move(receipt));
               });
}

Result<std::string> NodePort::guests() {
  const auto state = views_.state();
  if (!state) {
    return state.error();
  }
  std::vector<const LoggedEvent*> events;
  for (const auto& [place, logged] : (*state)->events) {
    if (logged.event.type == kGuestAdmissionType || logged.event.type == kGuestKeyType ||
        logged.event.type == "key-certification") {
      events.push_back(&logged);
    }
  }
  const KeyAuthority keys(events, node_.charter());
  const GuestBook book(events, keys, node_.charter());
  json::array guests;
  for (const Introduction& one : book.introductions()) {
    guests.push_back(introduction_json(one, book));
  }
  return json::serialize(json::object{{"guests", std::move(guests)}});
}

}  // namespace hefu
