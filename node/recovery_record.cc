#include "node/recovery_record.h"

#include <string>

namespace hefu {
namespace {

/// In meta: empty, or size_before u64 · envelope of the event, which may be empty.
constexpr std::string_view kKey = "log-recovery";

}  // namespace

Result<RecoveryRecord> RecoveryRecord::read(const Store& store) {
  const auto value = store.meta(kKey);
  if (!value) {
    return value.error();
  }
  RecoveryRecord record;
  if (!*value || (*value)->empty()) {
    return record;
  }
  const BytesView bytes = as_bytes(**value);
  if (bytes.size() < sizeof(std::uint64_t)) {
    return Error{Errc::kCorrupt, "the record of a recovery of this log is damaged",
                 "stop this node; recover its data from the other members"};
  }
  record.size_before = read_be<std::uint64_t>(bytes.data());
  record.event = to_bytes(bytes.subspan(sizeof(std::uint64_t)));
  return record;
}

Result<void> RecoveryRecord::write(Store& store) const {
  Bytes value;
  if (size_before) {
    append_be(value, *size_before);
    append(value, BytesView(event));
  }
  return store.put_meta(kKey, as_text(value));
}

}  // namespace hefu
