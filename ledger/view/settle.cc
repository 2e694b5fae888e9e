#include "ledger/view/settle.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace hefu {

namespace {

/// Whether the earlier epochs of a member are among the logs, up to their ends.
bool continues_what_is_here(const Member& owner, std::span<const LogContents> logs) {
  return std::all_of(owner.ended_logs.begin(), owner.ended_logs.end(), [&](const EndedLog& ended) {
    return ended.size == 0 || std::any_of(logs.begin(), logs.end(), [&](const LogContents& log) {
             return log.origin == ended.origin && log.size >= ended.size;
           });
  });
}

/// The logs whose owners this charter knows: a member's log is read once its admission is, and that
/// of a new epoch once the earlier ones are here.
std::vector<LogContents> known(const Charter& charter, std::span<const LogContents> logs) {
  std::vector<LogContents> found;
  for (const LogContents& log : logs) {
    const Member* owner = charter.by_origin(log.origin);
    if (owner != nullptr && continues_what_is_here(*owner, logs)) {
      found.push_back(log);
    }
  }
  return found;
}

}  // namespace

Result<SettledLedger> settle_ledger(const Charter& founding, std::span<const LogContents> logs,
                                    EnvelopeVerifier* verifier, const Charter* begin) {
  Charter rules = begin == nullptr ? founding : *begin;
  for (int round = 0; round < kCharterRoundsMax; ++round) {
    const std::vector<LogContents> read = known(rules, logs);
    auto ledger = read_ledger(rules, read, verifier);
    std::optional<Error> fault;
    if (!ledger) {
      // A key that a decision still to be found gives to a member, or else a fault.
      fault = ledger.error();
      ledger = read_ledger(rules, read, verifier, UnknownSigner::kLeaveOut);
    }
    if (!ledger) {
      return ledger.error();
    }
    Governance governance = govern(founding, rules, ledger->events, ledger->heads);
    if (same_rules(governance.charter, rules)) {
      if (fault) {
        return *fault;
      }
      for (const LogContents& log : logs) {
        if (rules.by_origin(log.origin) == nullptr) {
          return Error{Errc::kUnverified,
                       "log " + log.origin + " belongs to no member of the charter", ""};
        }
      }
      return SettledLedger{*std::move(ledger), std::move(governance)};
    }
    rules = std::move(governance.charter);
  }
  return Error{Errc::kInvalid, "the charter in force cannot be worked out from the logs", ""};
}

Result<Governance> settle_charter(const Charter& founding, std::span<const LogContents> logs) {
  auto settled = settle_ledger(founding, logs, nullptr);
  if (!settled) {
    return settled.error();
  }
  return std::move(settled->governance);
}

}  // namespace hefu
