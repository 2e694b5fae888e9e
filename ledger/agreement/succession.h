#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/log_heads.h"

namespace hefu {

/// One half of a succession, as read from its log: a declaration by the predecessor or the
/// authority, or the successor's acceptance.
struct SuccessionAct {
  const LoggedEvent* logged = nullptr;
  std::string predecessor;
  std::string successor;
  bool accepts = false;
  std::optional<Moment> witnessed;
  std::optional<ActReason> fault;  ///< by its own log, so for ever
  std::optional<EventId> because;
};

using SuccessionActs = std::map<EventId, SuccessionAct>;

/// Reads the succession acts of one agreement; `acts` are all its acts by institution, each in log
/// order. In one log the first declaration about a predecessor counts, and the first acceptance.
SuccessionActs read_successions(const std::map<std::string, std::vector<const LoggedEvent*>>& acts,
                                const LogHeads& heads, const Charter& charter);

/// Those of which both halves are dated, by completion; of several about one predecessor the first.
std::vector<Succession> complete_successions(const SuccessionActs& acts);

}  // namespace hefu
