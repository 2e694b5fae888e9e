#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/digest.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/event.h"

namespace hefu {

// Event types of governance. Source: ledger/event/protocol_types.cc.
inline constexpr std::string_view kCharterProposalType = "charter-proposal";
inline constexpr std::string_view kCharterBallotType = "charter-ballot";
inline constexpr std::string_view kKeyCertificationType = "key-certification";

/// What a proposal would change.
enum class CharterChange : std::uint8_t {
  kAdmit,
  kSuspend,
  kReinstate,
  kExpel,
  kLeave,
  kReplaceKeys,
  kNewEpoch,
  kSetRules,
  kDescribe,
  kMerge,
  kClose,
};

/// As written in events: "admit", "replace-keys" …
const char* name(CharterChange change);
std::optional<CharterChange> charter_change(std::string_view name);

/// The content of a proposal to change the charter.
struct CharterProposal {
  EventId id;
  std::string proposer;  ///< member id
  Digest base;           ///< decision it builds on, or the federation's id
  std::int64_t attempt = 1;
  CharterChange change = CharterChange::kAdmit;
  Date decide_by;
  std::string reason;

  // What the change needs; empty otherwise.
  std::string member;
  std::string request;
  std::string successor;
  std::string origin;      ///< of the log of the new epoch
  std::string checkpoint;  ///< where the log of the present epoch ends; empty: it holds nothing
  std::vector<std::pair<KeyRole, PublicKey>> keys;
  std::vector<PublicKey> revoked;
  std::optional<Date> revoked_from;
  std::optional<std::string> authority;
  std::optional<std::uint32_t> council;
  std::optional<std::uint32_t> quorum;
  std::optional<std::string> name_zh, name_en;
  std::vector<std::pair<std::string, std::string>> attributes;
  std::optional<Date> effective_on;
};

/// Bounds of a proposal. Attributes and keys as on a member card.
inline constexpr std::int64_t kCharterAttemptMax = 1'000'000;
/// Proposals of one member on one decision that are looked at, the first in its log: judging one
/// costs a copy of the charter, and nobody may make everybody slow.
inline constexpr int kProposalsPerMemberMax = 16;
inline constexpr std::size_t kProposalKeysMax = 64;
inline constexpr std::size_t kProposalAttributesMax = 64;
/// A checkpoint with the cosignatures of as many members as there can be.
inline constexpr std::size_t kProposalCheckpointBytesMax = std::size_t{16} * 1024;

/// Reads a charter-proposal event. Checks shapes; whether it fits the charter is the business of
/// `enact`. Error kInvalid naming the field.
Result<CharterProposal> read_proposal(const EventId& id, const Event& event);

/// The fields of a proposal as an event states them; id and proposer are left out.
std::map<std::string, Value> proposal_fields(const CharterProposal& proposal);

}  // namespace hefu
