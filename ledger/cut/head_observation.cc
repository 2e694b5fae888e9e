#include "ledger/cut/head_observation.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include "crypto/note.h"
#include "ledger/cut/cut.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"

namespace hefu {

namespace {

constexpr const char* kCheckpoint = "checkpoint";

}  // namespace

Event make_head_observation(const std::string& issuer, const std::string& cosigned_checkpoint,
                            Moment now, const std::array<std::uint8_t, 16>& nonce) {
  Event event;
  event.type = kHeadObservationType;
  event.catalogue = "protocol/1";
  event.issuer = issuer;
  event.occurred_on = now.date();
  event.created_at = now;
  event.nonce = nonce;
  event.visibility = Visibility::kPublic;
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
  std::vector<std::uint64_t> seconds;
  for (const Cosignature& cosignature : *cosignatures) {
    seconds.push_back(cosignature.time);
  }
  std::sort(seconds.begin(), seconds.end(), std::greater<>());
  const std::uint64_t at = charter.quorum == 0 ? 0 : seconds[charter.quorum - 1];
  if (charter.quorum == 0 ||
      at > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / 1000) {
    return Error{Errc::kUnverified, "nobody independent dated the checkpoint", ""};
  }
  return HeadObservation{opened->checkpoint.origin, opened->checkpoint.size,
                         Moment{static_cast<std::int64_t>(at) * 1000}};
}

Result<HeadObservation> open_head_observation(const Charter& charter, const Member& owner,
                                              const Envelope& envelope, const Event& event) {
  const auto log_key = owner.key(KeyRole::kLog);
  HEFU_ASSERT(log_key.has_value());
  if (event.type != kHeadObservationType || envelope.signer != key_id(*log_key)) {
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
