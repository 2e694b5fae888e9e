#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "ledger/audit/engagement.h"
#include "ledger/record/record.h"
#include "ledger/view/state.h"

namespace hefu {

/// What an institution is waited for to do. The names are those of the events that do it.
enum class InboxKind : std::uint8_t {
  kCountersignature,    ///< confirm, or reject, a record that names it
  kAgreementSignature,  ///< sign, or decline, a version of an agreement
  kDisputeResponse,     ///< say something to an objection to what it recorded or is party to
  kResolution,          ///< decide an objection
  kEvidenceProvision,   ///< provide, or refuse, evidence an auditor asked for
  kFindingResponse,     ///< answer a finding addressed to it
};

/// One thing that waits for an institution.
struct InboxItem {
  InboxKind kind = InboxKind::kCountersignature;
  EventId record;    ///< the record, agreement or audit
  EventId about;     ///< the version, objection, request or finding the answer is to
  std::string type;  ///< of the record; of an audit "audit-engagement"
  std::string from;  ///< the institution that waits
  std::string title;
  std::string text;  ///< what was claimed, asked for or found; empty for signatures
  std::optional<Date> occurred_on;
  std::optional<Date> due;
  std::optional<Moment> since;  ///< none: no witness has dated it yet
  std::vector<EventId> items;   ///< of evidence: the records it is asked for
};

/// Everything that waits for an institution: what is due first comes first, then what has waited
/// longest. Nobody's clock: what is overdue is for the reader to say. `authority` decides
/// objections to records; to agreements, their arbiter does.
std::vector<InboxItem> inbox_of(const Records& records, std::span<const Engagement> audits,
                                std::string_view authority, std::string_view institution);

/// {"member", "total", "items"}: the first `limit` of them.
boost::json::value inbox_to_json(const LedgerState& state, const std::string& institution,
                                 std::size_t limit);

const char* name(InboxKind kind);

}  // namespace hefu
