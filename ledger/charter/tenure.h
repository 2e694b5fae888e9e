#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/keys.h"
#include "ledger/event/date.h"

namespace hefu {

/// What a key may sign. No two keys of a federation are the same, whatever their roles.
enum class KeyRole : std::uint8_t {
  kRoot,       ///< offline; certifies the others and signs the charter
  kLog,        ///< checkpoints of the member's own log
  kWitness,    ///< cosignatures on other members' logs
  kNode,       ///< the peer TLS identity
  kRegistrar,  ///< events of the institution
  kReviewer,   ///< second person
  kSeal,       ///< binds the institution: agreements
  kAuditor,
  kGuest,  ///< no member's: a guest's, introduced by an event in a member's log
};

const char* name(KeyRole role);
/// The role a member's key may be given under this name; a guest's is no member's.
std::optional<KeyRole> key_role(std::string_view name);

/// True for the roles of which a member has one key at a time: root, log, witness, node. The keys
/// of the other roles sign events, and there may be any number of them.
bool is_single(KeyRole role);

/// Whether an institution takes part in the federation.
enum class Participation : std::uint8_t {
  kActive,
  kCandidate,  ///< not admitted (yet)
  kSuspended,  ///< for a time: its new events, votes and cosignatures do not count
  kLeft,       ///< by its own wish
  kExpelled,
  kMerged,  ///< into its successor
  kClosed,  ///< the institution no longer exists
};

const char* name(Participation participation);

/// From this moment until the next change.
struct ParticipationFrom {
  Moment from;
  Participation participation = Participation::kActive;

  bool operator==(const ParticipationFrom&) const = default;
};

/// When a key counts: for what was recorded in [from, until).
struct KeyTerm {
  KeyRole role = KeyRole::kRegistrar;
  PublicKey key;
  std::optional<Moment> from;   ///< none: since the federation was founded
  std::optional<Moment> until;  ///< none: to this day
  /// What it signed and was recorded from this date on makes no records: it was revoked for then.
  std::optional<Date> revoked_from = std::nullopt;

  bool operator==(const KeyTerm&) const = default;
  [[nodiscard]] bool covers(Moment at) const {
    return (!from || *from <= at) && (!until || at < *until);
  }
};

/// How many cosignatures a checkpoint needs, from this moment on.
struct QuorumFrom {
  Moment from;
  std::uint32_t quorum = 1;

  bool operator==(const QuorumFrom&) const = default;
};

/// Which member publishes catalogues and packs, and decides where no council does, from then on.
struct AuthorityFrom {
  Moment from;
  std::string member;

  bool operator==(const AuthorityFrom&) const = default;
};

/// A log that a member gave up for a new one, its next epoch: because its key signed two histories,
/// or because nobody has all the entries it was signed for. What stands in it below `size` counts
/// as before, and nothing beyond it.
struct EndedLog {
  std::string origin;
  std::uint64_t size = 0;
  Digest root;             ///< of the tree of that size
  std::string checkpoint;  ///< of that size, signed by the log; empty for size 0
  Moment ended;            ///< when the decision took effect
  Digest decision;         ///< id of that decision

  bool operator==(const EndedLog&) const = default;
};

/// The number an origin ends in, "<domain>/hefu/<epoch>"; 0 if it ends in none.
std::uint32_t epoch_of(std::string_view origin);
/// The origin without that number: the same for all epochs of a member.
std::string_view line_of(std::string_view origin);

/// What an attribute says of a member from a date on. An empty value: nothing any more.
struct AttributeFrom {
  Date from;
  std::string key;
  std::string value;

  bool operator==(const AttributeFrom&) const = default;
};

}  // namespace hefu
