#include "node/guest_desk.h"

#include <algorithm>

#include "crypto/constant_time.h"
#include "ledger/event/envelope.h"
#include "ledger/event/uscc.h"
#include "ledger/log/promise.h"
#include "ledger/merkle/tree.h"
#include "ledger/record/record_fold.h"

namespace hefu {
namespace {

constexpr std::string_view kCertificationType = "key-certification";

Error no_link() {
  return Error{Errc::kNotFound, "no link with this token",
               "copy the whole link; its host can make a new one"};
}

/// An event of this log as the folds take it. Its position and time are the caller's.
LoggedEvent logged_event(const EventId& id, const Event& event, const KeyId& key, KeyRole role,
                         const Member& owner) {
  LoggedEvent logged;
  logged.id = id;
  logged.origin = owner.origin;
  logged.member = owner.id;
  logged.role = role;
  logged.key = key;
  logged.event = event;
  return logged;
}

Error refused_link(const Invitation& invitation) {
  switch (invitation.state) {
    case Invitation::State::kExpired:
      return Error{Errc::kUnauthorised,
                   "the link was open until " + invitation.says.open_until->text(),
                   "ask its host for a new one"};
    case Invitation::State::kRevoked:
      return Error{Errc::kUnauthorised, "the link was withdrawn by its host",
                   "ask its host for a new one"};
    case Invitation::State::kUsed:
    case Invitation::State::kOpen:
      break;
  }
  return Error{Errc::kConflict, "the link was used before, with another key or answer",
               "a guest that has a key signs with it; without it, ask the host for a new link"};
}

}  // namespace

const char* name(Invitation::State state) {
  switch (state) {
    case Invitation::State::kOpen:
      return "open";
    case Invitation::State::kUsed:
      return "used";
    case Invitation::State::kExpired:
      return "expired";
    case Invitation::State::kRevoked:
      return "revoked";
  }
  return "revoked";
}

Result<void> GuestDesk::refresh() {
  const auto log = store_.known_number(self_.origin);
  if (!log) {
    return {};
  }
  for (const std::string_view type : {kCertificationType, kGuestAdmissionType, kGuestKeyType}) {
    std::uint64_t& next = next_[std::string(type)];
    std::optional<Error> failed;
    auto scanned =
        store_.scan_index(Store::Index::kType, type, EventPlace{*log, next}, [&](EventPlace place) {
          if (place.log != *log) {
            return false;
          }
          const auto bytes = store_.entry(*log, place.index);
          const auto envelope = bytes ? decode_envelope(*bytes) : Result<Envelope>(bytes.error());
          const auto event = envelope ? decode_event(envelope->event) : envelope.error();
          if (!event) {
            failed = event.error();
            return false;
          }
          next = place.index + 1;
          const auto chartered = charter_.signer(envelope->signer);
          LoggedEvent logged = logged_event(envelope->id(), *event, envelope->signer,
                                            chartered ? chartered->role : KeyRole::kGuest, self_);
          logged.index = place.index;
          events_.push_back(std::move(logged));
          return true;
        });
    if (failed || !scanned) {
      return failed ? *failed : scanned.error();
    }
  }
  return {};
}

GuestBook GuestDesk::book(std::span<const LoggedEvent> more) const {
  std::vector<const LoggedEvent*> pointers;
  for (const LoggedEvent& logged : events_) {
    pointers.push_back(&logged);
  }
  for (const LoggedEvent& logged : more) {
    pointers.push_back(&logged);
  }
  const KeyAuthority keys(pointers, charter_);
  return GuestBook(pointers, keys, charter_);
}

std::vector<Invitation> GuestDesk::invitations() const {
  const GuestBook known = book({});
  const Date today = now_().date();
  std::vector<Invitation> all;
  for (const LoggedEvent& logged : events_) {
    const auto says = read_guest_admission(logged.event);
    if (!says || !says->link || logged.event.supersedes) {
      continue;
    }
    Invitation invitation{logged.id, *says, Invitation::State::kOpen};
    for (const LoggedEvent& later : events_) {
      const auto terms = read_guest_admission(later.event);
      if (terms && later.event.supersedes == logged.id && terms->key == says->key) {
        invitation.says = *terms;
      }
    }
    const auto& introductions = known.introductions();
    if (std::any_of(introductions.begin(), introductions.end(),
                    [&](const Introduction& one) { return one.admission == logged.id; })) {
      invitation.state = Invitation::State::kUsed;
    } else if (invitation.says.to < invitation.says.from) {
      invitation.state = Invitation::State::kRevoked;
    } else if (*invitation.says.open_until < today) {
      invitation.state = Invitation::State::kExpired;
    }
    all.push_back(std::move(invitation));
  }
  return all;
}

bool GuestDesk::may_miss() {
  const Moment now = now_();
  const double seconds =
      static_cast<double>(std::max<std::int64_t>(now.ms - missed_at_.ms, 0)) / 1000;
  misses_left_ = std::min<double>(kWrongTokensMax, misses_left_ + seconds);
  missed_at_ = now;
  if (misses_left_ < 1) {
    return false;
  }
  misses_left_ -= 1;
  return true;
}

Result<Invitation> GuestDesk::invitation(std::string_view token) {
  const std::lock_guard lock(mutex_);
  const Digest wanted = guest_token_digest(token);
  if (token.size() != kTokenBytes) {
    return no_link();
  }
  if (auto read = refresh(); !read) {
    return read.error();
  }
  std::optional<Invitation> found;
  for (Invitation& one : invitations()) {
    // All of them, so that the time does not tell which one it was.
    if (equal_in_constant_time(*one.says.token, wanted)) {
      found = std::move(one);
    }
  }
  if (!found) {
    return may_miss() ? no_link()
                      : Error{Errc::kUnavailable, "too many unknown links were tried lately",
                              "try again in a minute"};
  }
  return *std::move(found);
}

Result<bool> GuestDesk::is_logged(const EventId& id) const {
  const auto log = store_.known_number(self_.origin);
  const auto found = log ? store_.find(id, *log) : std::optional<std::uint64_t>();
  return found ? Result<bool>(found->has_value()) : found.error();
}

Result<void> GuestDesk::check_answer(std::string_view token, std::span<const Bytes> envelopes) {
  auto invitation = this->invitation(token);
  if (!invitation) {
    return invitation.error();
  }
  const Error unfit{Errc::kInvalid, "the body is no answer to this link",
                    "it holds two envelopes: the guest-key event, signed with the link's key, and "
                    "the countersignature or rejection, signed with the guest's own"};
  if (envelopes.size() != 2) {
    return unfit;
  }
  bool logged = true;
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    const auto envelope = decode_envelope(envelopes[i]);
    const auto event = envelope ? decode_event(envelope->event) : envelope.error();
    if (!event) {
      return event.error().during("envelope " + std::to_string(i));
    }
    const auto key = read_guest_key(*event);
    const bool names_key = key && key->admission == invitation->admission &&
                           envelope->signer == key_id(invitation->says.key);
    const bool answers =
        role_may_sign(KeyRole::kGuest, event->type) &&
        (!invitation->says.asks_about || event->record == invitation->says.asks_about);
    if (!(i == 0 ? names_key : answers)) {
      return unfit;
    }
    const auto known = is_logged(envelope->id());
    if (!known) {
      return known.error();
    }
    logged = logged && *known;
  }
  return logged || invitation->state == Invitation::State::kOpen ? Result<void>()
                                                                 : refused_link(*invitation);
}

Result<void> GuestDesk::check_admission(const CheckedEvent& checked) const {
  const auto says = read_guest_admission(*checked.event);
  if (!says || says->guest == self_.id) {
    return Error{Errc::kInvalid,
                 "the admission admits nobody: it needs a guest other than its issuer, an "
                 "acceptable Ed25519 key, and open_until and token with the use link alone",
                 "`hefu guest invite` and `hefu guest admit` write it"};
  }
  if (auto code = check_credit_code(says->guest); !code) {
    return code.error().during("field guest");
  }
  if (charter_.member(says->guest) != nullptr) {
    return Error{Errc::kInvalid, "field guest: " + says->guest + " is a member of this federation",
                 "it countersigns through its own node"};
  }
  if (charter_.signer(key_id(says->key))) {
    return Error{Errc::kInvalid, "field key: it is a member's key",
                 "a guest needs a key of its own"};
  }
  return {};
}

Result<void> GuestDesk::count(const std::string& guest) {
  const Date today = now_().date();
  std::erase_if(answers_, [&](const auto& one) { return one.second.first != today; });
  auto& [day, answers] = answers_[guest];
  day = today;
  if (answers >= kAnswersPerDayMax) {
    return Error{
        Errc::kUnavailable,
        "this node takes " + std::to_string(kAnswersPerDayMax) + " answers of a guest a day",
        "try tomorrow, or through another member's node"};
  }
  ++answers;
  return {};
}

Result<void> GuestDesk::admit_guest(const LoggedEvent& logged, const GuestBook& book) {
  if (logged.event.type == kGuestKeyType) {
    const auto named = read_guest_key(logged.event);
    for (const Invitation& one : invitations()) {
      if (named && one.admission == named->admission && one.state == Invitation::State::kExpired) {
        return refused_link(one);
      }
    }
    const auto& all = book.introductions();
    const bool counts = std::any_of(
        all.begin(), all.end(), [&](const Introduction& one) { return one.event == logged.id; });
    return counts ? Result<void>()
                  : Error{Errc::kUnauthorised,
                          "the key is not named by an open link for this guest: the link was used, "
                          "has expired, was withdrawn or is another's",
                          "ask the host for a new link"};
  }
  const auto standing = book.standing(logged);
  if (!standing || standing->introduced.empty()) {
    return Error{Errc::kUnauthorised,
                 standing ? "the introduction of this key does not cover today"
                          : "nobody here introduced this key for " + logged.event.issuer,
                 "a member introduces a guest with `hefu guest invite` or `hefu guest admit`"};
  }
  if (!role_may_sign(KeyRole::kGuest, logged.event.type)) {
    return Error{Errc::kUnauthorised, "a guest may not sign " + logged.event.type,
                 "guests sign countersignatures and rejections"};
  }
  return count(logged.event.issuer);
}

Result<void> GuestDesk::admit(std::span<const CheckedEvent> submitted) {
  std::vector<LoggedEvent> events;
  std::vector<std::size_t> by_guests;
  for (const CheckedEvent& checked : submitted) {
    if (!checked.event) {
      continue;
    }
    if (checked.event->type == kGuestAdmissionType) {
      if (auto ok = check_admission(checked); !ok) {
        return ok;
      }
    }
    if (checked.signer.role == KeyRole::kGuest) {
      by_guests.push_back(events.size());
    } else if (checked.event->type != kGuestAdmissionType) {
      continue;
    }
    events.push_back(logged_event(checked.id, *checked.event, key_id(checked.signer.key),
                                  checked.signer.role, self_));
    events.back().index = (std::uint64_t{1} << 62) + events.size();  // behind all that is logged
    events.back().recorded_by = now_();
  }
  if (by_guests.empty()) {
    return {};
  }
  const std::lock_guard lock(mutex_);
  if (auto read = refresh(); !read) {
    return read;
  }
  const GuestBook known = book(events);
  for (const std::size_t place : by_guests) {
    const auto before = is_logged(events[place].id);
    if (!before) {
      return before.error();
    }
    auto admitted = *before ? Result<void>() : admit_guest(events[place], known);
    if (!admitted) {
      return admitted;
    }
  }
  return {};
}

Result<std::string> GuestDesk::promise(BytesView envelope, std::uint64_t from) {
  const auto decoded = decode_envelope(envelope);
  if (!decoded) {
    return decoded.error();
  }
  const std::lock_guard lock(mutex_);
  const std::string name = "promise/" + leaf_hash(envelope).hex();
  auto kept = store_.meta(name);
  if (!kept || *kept) {
    return kept ? Result<std::string>(**std::move(kept)) : Result<std::string>(kept.error());
  }
  Promise promise;
  promise.origin = self_.origin;
  promise.event = decoded->id().digest;
  promise.leaf = leaf_hash(envelope);
  promise.from = from;
  promise.made = static_cast<std::uint64_t>(now_().ms / 1000);
  promise.by = promise.made + static_cast<std::uint64_t>(options_.merge_delay.count());
  std::string note = sign_promise(promise, log_key_);
  if (auto put = store_.put_meta(name, note); !put) {
    return put.error();
  }
  return note;
}

}  // namespace hefu
