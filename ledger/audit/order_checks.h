#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/audit/engagement.h"
#include "ledger/record/event_list.h"

namespace hefu {

/// What auditors did beside the audit at hand, looked up once for all.
class AuditorHistory {
 public:
  AuditorHistory(std::span<const Engagement> audits, const EventList& events);

  /// How many audits of an institution that came to a statement its auditor began before this one.
  [[nodiscard]] std::size_t audits_before(const Engagement& audit,
                                          const std::string& auditee) const;
  /// The first indicator in scope that the auditor itself attested; empty if there is none.
  [[nodiscard]] std::string attested_itself(const Engagement& audit) const;

 private:
  // By auditor and institution audited: positions of engagements, rising.
  std::map<std::pair<std::string, std::string>, std::vector<std::uint64_t>> begun_;
  // By member, pack and period: indicators.
  std::map<std::tuple<std::string, std::string, std::string>, std::set<std::string>> attested_;
};

/// Fills `checks` and `seed` of one audit: whether its plan stood before the cut, the cut before
/// the beacon, and the secrets are those that were committed to; whether the auditor is independent
/// of the institutions audited. Source: audit study, §2 "order of commitment", §4.
void check_order(Engagement& audit, const World& world, const AuditorHistory& history);

}  // namespace hefu
