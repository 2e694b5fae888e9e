#include "ledger/record/status.h"

#include <algorithm>
#include <array>

namespace hefu {

namespace {

constexpr std::array<std::string_view, 4> kUndoing = {"withdrawn", "cancelled", "invalidated",
                                                      "dismissed"};
constexpr std::array<std::string_view, 13> kEnding = {
    "terminated", "dissolved", "ended",  "closed",   "expired",    "completed", "graduated",
    "repealed",   "revoked",   "lapsed", "returned", "superseded", "expelled"};
// What is said of something over: it does not begin again by it.
constexpr std::array<std::string_view, 1> kAfterwards = {"appraised"};
constexpr std::array<std::string_view, 6> kConfirming = {"confirmed", "countersigned", "signed",
                                                         "certified", "agreed",        "accepted"};

// "host-confirmed" and "confirmed-by-client" are confirmed; "unconfirmed" is not.
bool has_word(std::string_view state, std::string_view word) {
  const std::size_t at = state.find(word);
  if (at == std::string_view::npos) {
    return false;
  }
  const std::size_t end = at + word.size();
  return (at == 0 || state[at - 1] == '-') && (end == state.size() || state[end] == '-');
}

std::optional<std::string> confirmed_state(const EventType& type) {
  for (const std::string& state : type.states) {
    if (has_word(state, "confirmed")) {
      return state;
    }
  }
  for (const std::string& state : type.states) {
    if (std::any_of(kConfirming.begin(), kConfirming.end(),
                    [&](std::string_view word) { return has_word(state, word); })) {
      return state;
    }
  }
  return std::nullopt;
}

}  // namespace

bool is_undoing_state(std::string_view state) {
  return std::find(kUndoing.begin(), kUndoing.end(), state) != kUndoing.end();
}

bool is_ending_state(std::string_view state) {
  return is_undoing_state(state) ||
         std::find(kEnding.begin(), kEnding.end(), state) != kEnding.end();
}

const StatusChange* last_change(const Record& record) {
  return record.changes.empty() ? nullptr : &record.changes.back();
}

namespace {

/// The last change that says whether the undertaking goes on.
const StatusChange* deciding_change(const Record& record) {
  const auto found =
      std::find_if(record.changes.rbegin(), record.changes.rend(), [](const StatusChange& change) {
        return std::find(kAfterwards.begin(), kAfterwards.end(), change.state) == kAfterwards.end();
      });
  return found == record.changes.rend() ? nullptr : &*found;
}

}  // namespace

bool is_undone(const Record& record, const EventType& type) {
  const StatusChange* change = deciding_change(record);
  if (change == nullptr || !type.fact) {
    return false;
  }
  if (type.fact->start.empty()) {
    return is_undoing_state(change->state);
  }
  const Value* start = record.current.event.field(type.fact->start);
  const Date from = start != nullptr && start->date() != nullptr ? *start->date()
                                                                 : record.current.event.occurred_on;
  return is_undoing_state(change->state)
             ? change->effective_on <= from
             : is_ending_state(change->state) && change->effective_on < from;
}

std::optional<Date> ended_on(const Record& record) {
  const StatusChange* change = deciding_change(record);
  return change != nullptr && is_ending_state(change->state) ? std::optional(change->effective_on)
                                                             : std::nullopt;
}

std::string lifecycle_state(const Record& record, const EventType* type) {
  if (record.retraction) {
    return "retracted";
  }
  if (record.standing == Standing::kRejected) {
    return "rejected";
  }
  if (const StatusChange* change = last_change(record)) {
    return change->state;
  }
  if (type == nullptr || type->states.empty()) {
    return {};
  }
  if (!record.required.empty() && record.missing.empty()) {
    if (const auto state = confirmed_state(*type)) {
      return *state;
    }
  }
  return type->states.front();
}

}  // namespace hefu
