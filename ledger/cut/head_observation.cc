#include "ledger/cut/head_observation.h"

#include <algorithm>
#include <limits>
#include <map>
#include <span>
#include <vector>

#include "crypto/note.h"
#include "ledger/cut/cut.h"
#include "ledger/event/protocol_event.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"

namespace hefu {

namespace {

constexpr const char* kCheckpoint = "checkpoint";

/// The latest moment at or after which a quorum cosigned, each while it took part and with a key
/// that was its own.
std::optional<Moment> held_until(const Charter& charter, const Member& observed,
                                 std::span<const Cosignature> cosignatures) {
  std::map<std::string, Moment> latest;
  for (const Cosignature& cosignature : cosignatures) {
    if (cosignature.time >
        static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / 1000) {
      continue;
    }
    const Moment at{static_cast<std::int64_t>(cosignature.time) * 1000};
    for (const Member& member : charter.members) {
      if (member.id != observed.id && member.witness_name() == cosignature.witness.name &&
          member.participation_at(at) == Participation::kActive &&
          member.holds(KeyRole::kWitness, cosignature.witness.key, at)) {
        Moment& held = latest.try_emplace(member.id, at).first->second;
        held = std::max(held, at);
      }
    }
  }
  std::vector<Moment> times;
  for (const auto& [id, at] : latest) {
    times.push_back(at);
  }
  std::sort(times.begin(), times.end(), [](Moment a, Moment b) { return b < a; });
  for (std::size_t i = 0; i < times.size(); ++i) {
    const std::uint32_t quorum = charter.quorum_at(times[i]);
    if (quorum > 0 && i + 1 >= quorum) {
      return times[i];
    }
  }
  return std::nullopt;
}

/// The last change of who may witness, or of how many must, at or before a moment.
std::optional<Moment> last_change(const Charter& charter, Moment at) {
  std::optional<Moment> last;
  const auto look = [&](Moment from) {
    if (from <= at && (!last || *last < from)) {
      last = from;
    }
  };
  for (const Member& member : charter.members) {
    for (const ParticipationFrom& change : member.participations) {
      look(change.from);
    }
  }
  for (const QuorumFrom& change : charter.quorums) {
    look(change.from);
  }
  return last;
}

}  // namespace

Event make_head_observation(const std::string& issuer, const std::string& cosigned_checkpoint,
                            Moment now, const std::array<std::uint8_t, 16>& nonce) {
  Event event = protocol_event(kHeadObservationType, issuer, now, nonce);
  event.fields[kCheckpoint] = Value{cosigned_checkpoint};
  return event;
}

Result<HeadObservation> read_observed_head(const Charter& charter, std::string_view note) {
  const auto read = parse_checkpoint(note);
  if (!read) {
    return read.error().during("the checkpoint inside a head observation");
  }
  const Member* observed = charter.by_origin(read->checkpoint.origin);
  if (observed == nullptr) {
    return Error{Errc::kUnverified,
                 "log " + read->checkpoint.origin + " belongs to no member of the charter", ""};
  }
  const auto opened = open_cosigned(charter, *observed, note);
  if (!opened) {
    return opened.error();
  }
  const auto cosignatures = verify_cosignatures(opened->note, witnesses_for(charter, *observed));
  if (!cosignatures) {
    return cosignatures.error();
  }
  const auto time = held_until(charter, *observed, *cosignatures);
  if (!time) {
    return Error{Errc::kUnverified, "nobody independent dated the checkpoint", ""};
  }
  if (observed->end && observed->end->ended < *time) {
    return Error{Errc::kUnverified,
                 "log " + observed->origin + " had ended: its owner goes on in another", ""};
  }
  return HeadObservation{opened->checkpoint.origin, opened->checkpoint.size, *time,
                         last_change(charter, *time)};
}

Result<HeadObservation> open_head_observation(const Charter& charter, const Member& owner,
                                              const Envelope& envelope, const Event& event) {
  const std::vector<PublicKey> log_keys = owner.log_keys();
  const bool by_the_node = std::any_of(log_keys.begin(), log_keys.end(), [&](const PublicKey& key) {
    return envelope.signer == key_id(key);
  });
  if (event.type != kHeadObservationType || !by_the_node) {
    return Error{Errc::kUnverified,
                 "no head observation that " + owner.name_zh + " signed with its log key",
                 "head observations are written by the node itself"};
  }
  const Value* checkpoint = event.field(kCheckpoint);
  if (checkpoint == nullptr || checkpoint->text() == nullptr) {
    return Error{Errc::kInvalid, "head-observation field checkpoint: a checkpoint is missing", ""};
  }
  auto observed = read_observed_head(charter, *checkpoint->text());
  if (observed && observed->origin == owner.origin) {
    return Error{Errc::kUnverified, "a log observes itself by its anchors", ""};
  }
  return observed;
}

}  // namespace hefu
