#pragma once

#include <set>
#include <string>
#include <vector>

#include "ledger/event/catalogue.h"
#include "ledger/record/record_fold.h"

namespace hefu {

/// The institutions an event names in any of its party fields, without its issuer's.
std::set<std::string> named_institutions(const Event& event, const EventType* type);

/// Judges the countersignatures and rejections among a record's events: fills in required, missing
/// and answers, and lists the void ones as problems. `record.current` and `record.versions` are
/// set; `recorded` are the events these name, whose hands may not review them.
void fold_answers(Record& record, const std::vector<const Candidate*>& events,
                  const std::vector<const Candidate*>& recorded, const EventType* type,
                  const Charter& charter);

}  // namespace hefu
