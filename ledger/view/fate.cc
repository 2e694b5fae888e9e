#include "ledger/view/fate.h"

namespace hefu {

const char* name(Traced traced) {
  switch (traced) {
    case Traced::kCounted:
      return "counted";
    case Traced::kLeftOut:
      return "left-out";
    case Traced::kNotOfIt:
      return "not-of-it";
    case Traced::kNoRecord:
      return "no-record";
  }
  return "no-record";
}

Result<RecordFates> RecordFates::make(const LedgerState& state, const View& view,
                                      std::span<const Figure> figures) {
  RecordFates out(state);
  for (const Figure& figure : figures) {
    if (figure.indicator != view.attestation.indicator) {
      continue;
    }
    for (const LeftOutFact& fact : figure.left_out_facts) {
      if (const auto id = Digest::from_hex(fact.id)) {
        out.fates_[EventId{*id}] = {Traced::kLeftOut, std::string(hefu::name(fact.reason)) +
                                                          ", grade " + hefu::name(fact.grade)};
      }
    }
  }
  for (const ViewLeaf& leaf : view.units) {
    const auto records = read_view_payload(leaf.payload);
    if (!records) {
      return records.error();
    }
    for (const CountedRecord& counted : *records) {
      out.fates_[counted.record] = {Traced::kCounted, "version " + counted.version.hex()};
    }
  }
  for (const auto& [id, record] : state.records.records) {
    for (const EventId& version : record.versions) {
      out.records_.emplace(version, id);
    }
  }
  return out;
}

RecordFates::Fate RecordFates::of(const LoggedEvent& logged) const {
  const auto found = records_.find(logged.event.record.value_or(logged.id));
  if (found == records_.end()) {
    return {Traced::kNoRecord, logged.event.type, {}};
  }
  if (const auto fate = fates_.find(found->second); fate != fates_.end()) {
    return {fate->second.first, fate->second.second, found->second};
  }
  const Record& record = *state_->records.record(found->second);
  return {Traced::kNotOfIt, record.type + ", " + hefu::name(record.standing), found->second};
}

}  // namespace hefu
