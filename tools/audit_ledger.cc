#include "tools/audit_ledger.h"

#include <algorithm>

#include <boost/json.hpp>

#include "ledger/assurance/frozen.h"
#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/verify.h"
#include "ledger/record/audit_types.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/whole_log.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// The pack and period of an engagement, as the node has its event.
struct Scope {
  std::string pack, period;
};

Result<Scope> scope_of(HttpClient& node, const EventId& id) {
  const auto document = node.get_json("/v1/events/" + id.hex());
  const json::object* row = document ? document->if_object() : nullptr;
  const json::object* event = row == nullptr ? nullptr : object_at(*row, "event");
  const json::object* fields = event == nullptr ? nullptr : object_at(*event, "fields");
  if (fields == nullptr || text_at(*event, "type") != kAuditEngagementType) {
    return document ? Error{Errc::kInvalid, id.hex() + " is no audit engagement",
                            "`hefu audit show` lists them"}
                    : document.error();
  }
  return Scope{text_at(*fields, "pack"), text_at(*fields, "period")};
}

Result<Bundle> fetch(HttpClient& node, const Scope& scope) {
  const auto bytes =
      node.get(with_query("/v1/bundle", {{"pack", scope.pack}, {"period", scope.period}}));
  const auto bundle = bytes ? decode_bundle(*bytes) : Result<Bundle>(bytes.error());
  return bundle ? download_whole(node, *bundle) : bundle;
}

}  // namespace

const Engagement& AuditLedger::audit() const {
  const auto found = std::find_if(state.audits->begin(), state.audits->end(),
                                  [&](const Engagement& one) { return one.id == engagement; });
  HEFU_ASSERT(found != state.audits->end());
  return *found;
}

Result<LedgerState> AuditLedger::frozen() const {
  const Cut* cut = audit().cut();
  if (cut == nullptr) {
    return Error{Errc::kConflict, "the committing parties have not fixed a cut yet",
                 "`hefu audit show` says what is missing"};
  }
  const auto logs = logs_in(bundle);
  return logs ? frozen_state(charter, *cut, *logs) : Result<LedgerState>(logs.error());
}

Result<EventId> find_event(HttpClient& node, std::string_view type, const std::string& begin) {
  if (const auto whole = Digest::from_hex(begin)) {
    return EventId{*whole};
  }
  const auto document =
      node.get_json(with_query("/v1/events", {{"type", type}, {"limit", "1000"}}));
  if (!document) {
    return document.error();
  }
  std::optional<EventId> found;
  for (const json::value& row : array_at(document->as_object(), "events")) {
    const std::string id = text_at(row.as_object(), "id");
    if (id.rfind(begin, 0) == 0) {
      if (found) {
        return Error{Errc::kConflict, "several events begin with " + begin, "give more of the id"};
      }
      found = EventId{*Digest::from_hex(id)};
    }
  }
  if (!found) {
    return Error{Errc::kNotFound, "no " + std::string(type) + " begins with " + begin,
                 "`hefu audit show` lists what is recorded"};
  }
  return *found;
}

Result<AuditLedger> load_audit(const Context& context, HttpClient& node,
                               const std::string& engagement) {
  const auto home = Home::open(context);
  const auto charter = home ? home->charter() : Result<Charter>(home.error());
  const auto id = charter ? find_event(node, kAuditEngagementType, engagement)
                          : Result<EventId>(charter.error());
  const auto scope = id ? scope_of(node, *id) : Result<Scope>(id.error());
  auto bundle = scope ? fetch(node, *scope) : Result<Bundle>(scope.error());
  if (!bundle) {
    return bundle.error();
  }
  const BundleVerdict verdict = verify_bundle(*bundle, *charter);
  for (const BundleCheck& check : verdict.checks) {
    if (check.outcome == BundleCheck::Outcome::kBad) {
      return Error{Errc::kUnverified, check.subject + ": " + check.text,
                   "ask another member's node"};
    }
  }
  auto state = bundle_state(*bundle);
  if (!state) {
    return state.error();
  }
  AuditLedger out{*charter, std::move(*bundle), std::move(*state), *id};
  const bool there = std::any_of(out.state.audits->begin(), out.state.audits->end(),
                                 [&](const Engagement& one) { return one.id == *id; });
  if (!there) {
    return Error{Errc::kNotFound, "engagement " + id->hex() + " is not below the cut of this node",
                 "wait until it is witnessed"};
  }
  return out;
}

}  // namespace hefu
