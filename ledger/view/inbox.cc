#include "ledger/view/inbox.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <boost/json.hpp>

#include "ledger/event/uscc.h"
#include "ledger/record/audit_types.h"

namespace hefu {

namespace json = boost::json;

namespace {

bool holds(const std::vector<std::string>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

std::string title_of(const Event& event) {
  for (const char* field : {"title", "name", "legal_name"}) {
    const Value* value = event.field(field);
    if (value != nullptr && value->text() != nullptr) {
      return *value->text();
    }
  }
  return {};
}

InboxItem item_of(InboxKind kind, const Record& record) {
  const Event& event = record.current.event;
  InboxItem item;
  item.kind = kind;
  item.record = record.id;
  item.about = record.current.id;
  item.type = record.type;
  item.from = std::string(institution_of(event.issuer));
  item.title = title_of(event);
  item.occurred_on = event.occurred_on;
  item.since = record.current.recorded_by;
  return item;
}

/// Collects what waits for one institution.
class Collector {
 public:
  Collector(const Records& records, std::string_view authority, std::string_view institution)
      : records_(records), authority_(authority), institution_(institution) {}

  void add(const Record& record) {
    if (record.retraction) {
      return;
    }
    if (const Agreement* agreement = records_.agreement(record.id)) {
      add(record, *agreement);
      return;
    }
    const bool answered =
        std::any_of(record.answers.begin(), record.answers.end(),
                    [&](const Answer& answer) { return answer.party == institution_; });
    if (holds(record.missing, institution_) && !answered) {
      items_.push_back(item_of(InboxKind::kCountersignature, record));
    }
    const bool recorded_it = institution_of(record.current.event.issuer) == institution_;
    for (const Dispute& dispute : record.disputes) {
      if (!dispute.resolution) {
        add_objection(record, dispute, recorded_it, authority_ == institution_);
      }
    }
  }

  void add(const Engagement& audit) {
    for (const EvidenceRequest& request : audit.requests) {
      add_request(audit, request);
    }
    for (const AuditFinding& finding : audit.findings) {
      const bool answered = std::any_of(
          finding.answers.begin(), finding.answers.end(),
          [&](const FindingAnswer& answer) { return answer.act.party == institution_; });
      if (finding.addressed_to == institution_ && !answered && !finding.conclusion &&
          !finding.closed) {
        InboxItem item = item_of(InboxKind::kFindingResponse, audit, finding.act);
        item.text = finding.text;
        item.due = finding.answer_by;
        item.items = finding.items;
        items_.push_back(std::move(item));
      }
    }
  }

  std::vector<InboxItem> sorted() && {
    const auto rank = [](const InboxItem& item) {
      return std::tuple(!item.due, item.due.value_or(Date{}), !item.since,
                        item.since.value_or(Moment{}), item.kind, item.about);
    };
    std::sort(items_.begin(), items_.end(),
              [&](const InboxItem& a, const InboxItem& b) { return rank(a) < rank(b); });
    return std::move(items_);
  }

 private:
  static InboxItem item_of(InboxKind kind, const Engagement& audit, const AuditAct& act) {
    InboxItem item;
    item.kind = kind;
    item.record = audit.id;
    item.about = act.event;
    item.type = std::string(kAuditEngagementType);
    item.from = act.party;
    item.title = audit.title;
    item.occurred_on = act.occurred_on;
    item.since = act.recorded;
    return item;
  }
  static InboxItem item_of(InboxKind kind, const Record& record) {
    return hefu::item_of(kind, record);
  }

  void add(const Record& record, const Agreement& agreement) {
    for (const Version& version : agreement.versions) {
      const SignerState* mine = version.state_of(institution_);
      if (version.verdict == Verdict::kOpen && mine != nullptr && !mine->signed_) {
        InboxItem item = item_of(InboxKind::kAgreementSignature, record);
        item.about = version.id;
        item.from = version.proposer;
        item.due = version.sign_by;
        items_.push_back(std::move(item));
      }
    }
    for (const Contest& contest : agreement.contests) {
      const auto version =
          std::find_if(agreement.versions.begin(), agreement.versions.end(),
                       [&](const Version& one) { return one.id == contest.version; });
      if (!contest.ruling && version != agreement.versions.end()) {
        add_objection(record, contest, version->state_of(institution_) != nullptr,
                      version->arbiter == institution_);
      }
    }
  }

  static EventId id_of(const Dispute& dispute) { return dispute.event; }
  static EventId id_of(const Contest& contest) { return contest.id; }
  static std::optional<Moment> dated(const Dispute& dispute) { return dispute.recorded; }
  static std::optional<Moment> dated(const Contest& contest) { return contest.witnessed; }

  /// Who is concerned answers once; who decides is asked until it has.
  template <typename Objection>
  void add_objection(const Record& record, const Objection& objection, bool concerned,
                     bool decides) {
    const bool answered =
        std::any_of(objection.answers.begin(), objection.answers.end(),
                    [&](const auto& answer) { return answer.party == institution_; });
    const bool answers = concerned && !answered && objection.party != institution_;
    if (!answers && !decides) {
      return;
    }
    InboxItem item =
        item_of(decides ? InboxKind::kResolution : InboxKind::kDisputeResponse, record);
    item.about = id_of(objection);
    item.from = objection.party;
    item.text = objection.claim;
    item.since = dated(objection);
    items_.push_back(std::move(item));
  }

  void add_request(const Engagement& audit, const EvidenceRequest& request) {
    if (!holds(audit.auditees, institution_)) {
      return;
    }
    std::vector<EventId> open;
    for (const EventId& id : request.items) {
      // Of several institutions audited, each is asked about what it recorded itself.
      const Record* record = records_.record(id);
      const bool others =
          record != nullptr && institution_of(record->current.event.issuer) != institution_;
      const bool answered = std::any_of(
          request.answers.begin(), request.answers.end(), [&](const EvidenceAnswer& answer) {
            return answer.act.party == institution_ &&
                   std::find(answer.items.begin(), answer.items.end(), id) != answer.items.end();
          });
      if (!others && !answered) {
        open.push_back(id);
      }
    }
    if (open.empty()) {
      return;
    }
    InboxItem item = item_of(InboxKind::kEvidenceProvision, audit, request.act);
    item.text = request.asks_for;
    item.due = request.due_on;
    item.items = std::move(open);
    items_.push_back(std::move(item));
  }

  const Records& records_;
  const std::string_view authority_;
  const std::string_view institution_;
  std::vector<InboxItem> items_;
};

json::value to_json(const InboxItem& item) {
  json::object out{{"kind", name(item.kind)},
                   {"record", item.record.hex()},
                   {"about", item.about.hex()},
                   {"type", item.type},
                   {"from", item.from}};
  for (const auto& [key, text] : {std::pair("title", &item.title), std::pair("text", &item.text)}) {
    if (!text->empty()) {
      out[key] = *text;
    }
  }
  if (item.occurred_on) {
    out["occurred_on"] = item.occurred_on->text();
  }
  if (item.due) {
    out["due"] = item.due->text();
  }
  if (item.since) {
    out["since"] = item.since->text();
  }
  if (!item.items.empty()) {
    json::array& items = out["items"].emplace_array();
    for (const EventId& id : item.items) {
      items.emplace_back(json::string(id.hex()));
    }
  }
  return out;
}

}  // namespace

std::vector<InboxItem> inbox_of(const Records& records, std::span<const Engagement> audits,
                                std::string_view authority, std::string_view institution) {
  Collector collector(records, authority, institution);
  for (const auto& [id, record] : records.records) {
    collector.add(record);
  }
  for (const Engagement& audit : audits) {
    collector.add(audit);
  }
  return std::move(collector).sorted();
}

json::value inbox_to_json(const LedgerState& state, const std::string& institution,
                          std::size_t limit) {
  const auto all =
      inbox_of(state.records, *state.audits, state.governance->charter.authority, institution);
  json::array items;
  for (std::size_t i = 0; i < all.size() && i < limit; ++i) {
    items.push_back(to_json(all[i]));
  }
  return json::object{{"member", institution}, {"total", all.size()}, {"items", std::move(items)}};
}

const char* name(InboxKind kind) {
  static constexpr const char* kNames[] = {"countersignature",         "agreement-signature",
                                           "dispute-response",         "resolution",
                                           "audit-evidence-provision", "finding-response"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace hefu
