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

namespace {

/// Whether further events could take the reason away. The others follow from what an event says, or
/// from events that are there.
bool is_for_want(LeftOut reason) {
  switch (reason) {
    case LeftOut::kLowEvidence:
    case LeftOut::kLate:
    case LeftOut::kNoShares:
    case LeftOut::kOutsideSet:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<RecordFates> RecordFates::make(const LedgerState& state, const View& view,
                                      std::span<const Figure> figures) {
  RecordFates out(state);
  for (const Figure& figure : figures) {
    if (figure.indicator != view.attestation.indicator) {
      continue;
    }
    for (const LeftOutFact& fact : figure.left_out_facts) {
      if (const auto id = Digest::from_hex(fact.id)) {
        out.fates_[EventId{*id}] = {
            Traced::kLeftOut,
            std::string(hefu::name(fact.reason)) + ", grade " + hefu::name(fact.grade),
            EventId{*id}, is_for_want(fact.reason)};
      }
    }
  }
  for (const ViewLeaf& leaf : view.units) {
    const auto records = read_view_payload(leaf.payload);
    if (!records) {
      return records.error();
    }
    for (const CountedRecord& counted : *records) {
      out.fates_[counted.record] = {Traced::kCounted, "version " + counted.version.hex(),
                                    counted.record, false};
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
    const auto stray = state_->records.strays.get(logged.id);
    return {Traced::kNoRecord,
            logged.event.type,
            {},
            stray != nullptr && stray->reason == ProblemReason::kNoRecord};
  }
  if (const auto fate = fates_.find(found->second); fate != fates_.end()) {
    return fate->second;
  }
  const Record& record = *state_->records.record(found->second);
  const Agreement* agreement = state_->records.agreement(found->second);
  return {Traced::kNotOfIt, record.type + ", " + hefu::name(record.standing), found->second,
          agreement != nullptr && agreement->last_effective() == nullptr};
}

}  // namespace hefu
