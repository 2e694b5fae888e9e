#include "ledger/cut/epoch_start.h"

#include <algorithm>
#include <vector>

#include "ledger/event/protocol_event.h"

namespace hefu {
namespace {

constexpr const char* kPrevious = "previous";
constexpr const char* kSize = "size";
constexpr const char* kRoot = "root";
constexpr const char* kDecision = "decision";

Error bad_field(const char* field) {
  return Error{Errc::kInvalid, std::string("epoch-start field ") + field + ": is missing", ""};
}

}  // namespace

EpochStart epoch_start_of(const Member& owner) {
  HEFU_ASSERT(!owner.ended_logs.empty());
  const EndedLog& last = owner.ended_logs.back();
  return {last.origin, last.size, last.root, last.decision};
}

Event make_epoch_start(const std::string& issuer, const EpochStart& start, Moment now,
                       const std::array<std::uint8_t, 16>& nonce) {
  Event event = protocol_event(kEpochStartType, issuer, now, nonce);
  event.fields[kPrevious] = Value{start.previous};
  event.fields[kSize] = Value{static_cast<std::int64_t>(start.size)};
  event.fields[kRoot] = Value{start.root};
  event.fields[kDecision] = Value{start.decision};
  return event;
}

Result<EpochStart> open_epoch_start(const Member& owner, const Envelope& envelope,
                                    const Event& event) {
  const std::vector<PublicKey> keys = owner.log_keys();
  const bool by_the_node = std::any_of(keys.begin(), keys.end(), [&](const PublicKey& key) {
    return envelope.signer == key_id(key);
  });
  if (event.type != kEpochStartType || !by_the_node) {
    return Error{Errc::kUnverified,
                 "no start of an epoch in log " + owner.origin + ", signed with the log's key", ""};
  }
  const Value* previous = event.field(kPrevious);
  const Value* size = event.field(kSize);
  const Value* root = event.field(kRoot);
  const Value* decision = event.field(kDecision);
  EpochStart start;
  if (previous == nullptr || previous->text() == nullptr) {
    return bad_field(kPrevious);
  }
  if (size == nullptr || size->integer() == nullptr || *size->integer() < 0) {
    return bad_field(kSize);
  }
  if (root == nullptr || root->digest() == nullptr) {
    return bad_field(kRoot);
  }
  if (decision == nullptr || decision->digest() == nullptr) {
    return bad_field(kDecision);
  }
  start.previous = *previous->text();
  start.size = static_cast<std::uint64_t>(*size->integer());
  start.root = *root->digest();
  start.decision = *decision->digest();
  if (owner.ended_logs.empty() || start != epoch_start_of(owner)) {
    return Error{Errc::kUnverified,
                 "log " + owner.origin + " continues another log than the members decided",
                 "`hefu charter history` says which one ended, and where"};
  }
  return start;
}

}  // namespace hefu
