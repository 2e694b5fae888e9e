#include "ledger/cut/log_recovery_event.h"

#include <algorithm>

#include "ledger/event/protocol_event.h"

namespace hefu {
namespace {

constexpr const char* kSizeBefore = "size_before";
constexpr const char* kSizeAfter = "size_after";
constexpr const char* kStaged = "staged";
constexpr const char* kCheckpoint = "checkpoint";
constexpr const char* kSources = "sources";

Error bad_field(const char* field, const std::string& reason) {
  return Error{Errc::kInvalid, std::string("log recovery field ") + field + ": " + reason, ""};
}

Result<std::uint64_t> count(const Event& event, const char* field) {
  const Value* value = event.field(field);
  if (value == nullptr || value->integer() == nullptr || *value->integer() < 0) {
    return bad_field(field, "a count is missing");
  }
  return static_cast<std::uint64_t>(*value->integer());
}

}  // namespace

Event make_log_recovery(const std::string& issuer, const LogRecoveryEvent& recovery, Moment now,
                        const std::array<std::uint8_t, 16>& nonce) {
  Event event = protocol_event(kLogRecoveryType, issuer, now, nonce);
  event.fields[kSizeBefore] = Value{static_cast<std::int64_t>(recovery.size_before)};
  event.fields[kSizeAfter] = Value{static_cast<std::int64_t>(recovery.size_after)};
  event.fields[kStaged] = Value{static_cast<std::int64_t>(recovery.staged)};
  if (!recovery.checkpoint.empty()) {
    event.fields[kCheckpoint] = Value{recovery.checkpoint};
  }
  Value::List sources;
  for (const std::string& source : recovery.sources) {
    sources.push_back(Value{source});
  }
  event.fields[kSources] = Value{std::move(sources)};
  return event;
}

Result<LogRecoveryEvent> open_log_recovery(const Member& owner, const Envelope& envelope,
                                           const Event& event) {
  const auto log_key = owner.key(KeyRole::kLog);
  if (event.type != kLogRecoveryType || !log_key || envelope.signer != key_id(*log_key)) {
    return Error{Errc::kUnverified,
                 "no recovery of log " + owner.origin + ", signed with the log's key", ""};
  }
  LogRecoveryEvent recovery;
  for (const auto& [field, into] :
       {std::pair(kSizeBefore, &recovery.size_before), std::pair(kSizeAfter, &recovery.size_after),
        std::pair(kStaged, &recovery.staged)}) {
    auto number = count(event, field);
    if (!number) {
      return number.error();
    }
    *into = *number;
  }
  if (const Value* checkpoint = event.field(kCheckpoint); checkpoint != nullptr) {
    if (checkpoint->text() == nullptr) {
      return bad_field(kCheckpoint, "not a checkpoint");
    }
    recovery.checkpoint = *checkpoint->text();
  }
  const Value* sources = event.field(kSources);
  if (sources == nullptr || sources->list() == nullptr) {
    return bad_field(kSources, "the members heard are missing");
  }
  for (const Value& source : *sources->list()) {
    if (source.text() == nullptr) {
      return bad_field(kSources, "not a member's id");
    }
    recovery.sources.push_back(*source.text());
  }
  return recovery;
}

}  // namespace hefu
