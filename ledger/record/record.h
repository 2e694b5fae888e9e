#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "ledger/agreement/agreement.h"
#include "ledger/event/event.h"
#include "ledger/record/fact.h"
#include "ledger/record/logged_event.h"
#include "ledger/record/persistent_map.h"

namespace hefu {

/// Why an event has no effect on the record it is about.
enum class ProblemReason : std::uint8_t {
  kForeignLog,      ///< lies in a log that is not its issuer's
  kKeyNotValid,     ///< signed with a key that was not its issuer's at the time
  kNotAuthorised,   ///< the role of the key may not do this
  kInvalid,         ///< breaks the rules of the catalogue; the detail names the field
  kUninterpreted,   ///< its type is not in the catalogue held here
  kNoRecord,        ///< the record it is about is void, not named, or not held here
  kNotTheAuthor,    ///< only the author may correct, retract, erase this
  kNotNamed,        ///< only a party the event names (or the authority) may do this
  kWrongTarget,     ///< means an event that this act cannot be about
  kCompeting,       ///< a correction that lost against another of the same version
  kTakenBack,       ///< replaced or retracted by its own author
  kOverruled,       ///< a dispute against it was upheld by the authority
  kAnsweredAnew,    ///< the same party answered this version again later
  kEarlierVersion,  ///< answers a version that was corrected since
  kOwnWork,         ///< reviews what the same key or person recorded
  kContestedKey,    ///< another key holds as this guest's; because of what introduced that
  kAgreementAct,    ///< an agreement is signed, declined and ended by acts of its own
};

/// An event that does not count, and why.
struct Problem {
  EventId event;
  std::string type;
  std::string issuer;
  std::string origin;
  std::uint64_t index = 0;
  ProblemReason reason = ProblemReason::kInvalid;
  std::string detail;  ///< for people; may be empty
  /// The other event concerned: what replaced it, what it is about.
  std::optional<EventId> because;
};

/// That an answer was signed with a guest's key, and on whose word the key is the guest's.
struct GuestSignature {
  std::string name;
  PublicKey key;
  std::vector<std::string> introduced_by;  ///< members, sorted, unique; never empty
  std::string identity_check;              ///< of the introduction that holds
  EventId introduction;                    ///< the event that holds
};

/// A countersignature or rejection of the current version.
struct Answer {
  EventId event;
  std::string party;  ///< institution
  bool confirms = true;
  bool required = false;  ///< the catalogue asks for this party's countersignature
  KeyRole role = KeyRole::kRegistrar;
  std::string remark;
  Date occurred_on;
  std::optional<Moment> recorded;
  std::optional<GuestSignature> guest;  ///< none: signed with a member's key, in its own log
};

/// A change of state by one entitled.
struct StatusChange {
  EventId event;
  std::string party;
  std::string state;
  Date effective_on;
  std::string reason;
  std::optional<Moment> recorded;
};

struct Resolution {
  EventId event;
  std::string party;
  bool upheld = false;
  std::string reason;
};

/// What somebody concerned said to an objection.
struct DisputeAnswer {
  EventId event;
  std::string party;
  std::string text;
  std::optional<Moment> recorded;
};

/// An objection. Open until the authority (of an agreement: its arbiter) decides it or the objector
/// drops it.
struct Dispute {
  EventId event;
  std::string party;
  EventId target;
  std::string claim;
  std::optional<Moment> recorded;
  std::vector<DisputeAnswer> answers;
  std::optional<Resolution> resolution;
};

struct Retraction {
  EventId event;
  std::string reason;
  std::optional<Moment> recorded;
};

struct Attachment {
  EventId event;
  std::string party;
  Digest digest;
  std::string media_type;
  std::optional<Moment> recorded;
};

/// Values and salts behind commitments that were destroyed.
struct Erasure {
  EventId event;
  EventId target;
  std::vector<std::string> fields;
  std::string reason;
};

/// The state of one undertaking: a function of the set of its events. All lists are sorted by what
/// they say (parties, dates, ids), never by arrival.
struct Record {
  EventId id;  ///< the opening event
  std::string type;
  bool interpreted = true;  ///< false: the catalogue held here does not know the type
  LoggedEvent opening;
  LoggedEvent current;                ///< the author's latest correction, or the opening event
  std::vector<EventId> versions;      ///< from the opening event to the current version
  std::vector<std::string> required;  ///< institutions that must countersign, sorted
  std::vector<std::string> missing;   ///< those of them that have not
  std::vector<Answer> answers;        ///< to the current version, by party
  std::vector<StatusChange> changes;  ///< by effective date; the last one holds
  std::vector<Dispute> disputes;
  std::vector<Attachment> attachments;
  std::vector<Erasure> erasures;
  std::vector<Problem> problems;
  std::optional<Retraction> retraction;
  std::string state;  ///< the lifecycle state, see status.h; of agreements see agreement_state
  Standing standing = Standing::kClaimed;
  /// When the current version and the last needed countersignature had been recorded; none while
  /// something is missing or not yet witnessed.
  std::optional<Moment> confirmed;
};

/// All records of a set of logs. Cheap to copy.
struct Records {
  PersistentMap<EventId, Record> records;
  PersistentMap<EventId, Agreement> agreements;  ///< those of the records that are agreements
  PersistentMap<EventId, Problem> strays;        ///< events that reached no record

  [[nodiscard]] const Record* record(const EventId& id) const;
  [[nodiscard]] const Agreement* agreement(const EventId& id) const;
};

/// The state of an agreement's record: "open", "effective", "terminated" (by notice), "annulled"
/// (by a ruling) or "dead".
std::string agreement_state(const Agreement& agreement);

// Stable lower-case names with hyphens.
const char* name(ProblemReason reason);
const char* name(Standing standing);

}  // namespace hefu
