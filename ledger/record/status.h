#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/event/catalogue.h"
#include "ledger/record/record.h"

namespace hefu {

/// The lifecycle state of a record: the state of the change that takes effect last; without any,
/// the state its countersignatures give it (see below), else the type's initial state. "retracted"
/// and "rejected" where that is how it stands. Records of an unknown type have none.
///
/// Which state full confirmation gives is read off the type's list of states: the first with the
/// word confirmed in its name; else the first with countersigned, signed, certified, agreed or
/// accepted. A type without such a state stays in its initial one.
std::string lifecycle_state(const Record& record, const EventType* type);

/// States that end an undertaking on their effective date, which is its last day: terminated,
/// dissolved, ended, closed …
bool is_ending_state(std::string_view state);
/// States that undo a record of a moment, as if it had never been: withdrawn, cancelled,
/// invalidated, dismissed.
bool is_undoing_state(std::string_view state);

/// The change of state in effect last, if any. A state that only says something of an undertaking
/// that is over (appraised) leaves it as ended as it was, see is_undone and ended_on.
const StatusChange* last_change(const Record& record);

/// Whether the last change (but appraised) undoes the record: an undoing state, for a type without
/// an interval of validity; for one with an interval, one that takes effect before it began (an
/// undoing state also on its first day).
bool is_undone(const Record& record, const EventType& type);

/// The last day of an ending state in effect, if there is one.
std::optional<Date> ended_on(const Record& record);

}  // namespace hefu
