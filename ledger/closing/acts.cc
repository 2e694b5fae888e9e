#include "ledger/closing/acts.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "ledger/programme/period.h"

namespace hefu {

namespace {

constexpr std::array kTypes{kCutProposalType,      kCutCosignatureType,     kPeriodClosingType,
                            kFigureApprovalType,   kApprovalWithdrawalType, kStatementType,
                            kStatementDecisionType};
constexpr std::size_t kLogPartCount = 4;
constexpr std::size_t kLineBytesMax = 255;

/// Reads the fields of one event; keeps the first thing wrong.
class FieldReader {
 public:
  FieldReader(const Event& event, std::string_view type) : event_(event) {
    if (event.type != type) {
      error_ = Error{Errc::kInvalid, "not a " + std::string(type) + " but a " + event.type, ""};
    }
  }

  std::string line(const char* field) {
    const Value* value = event_.field(field);
    const std::string* text = value == nullptr ? nullptr : value->text();
    if (text == nullptr || text->empty() || text->size() > kLineBytesMax ||
        text->find('\n') != std::string::npos) {
      refuse(field, "not one line of 1 to 255 bytes");
      return "";
    }
    return *text;
  }
  std::string optional_text(const char* field) {
    const Value* value = event_.field(field);
    const std::string* text = value == nullptr ? nullptr : value->text();
    return text == nullptr ? "" : *text;
  }
  Digest digest(const char* field) {
    const auto found = optional_digest(field);
    if (!found) {
      refuse(field, "a digest is missing");
    }
    return found.value_or(Digest{});
  }
  std::optional<Digest> optional_digest(const char* field) {
    const Value* value = event_.field(field);
    const Digest* found = value == nullptr ? nullptr : value->digest();
    return found == nullptr ? std::nullopt : std::optional(*found);
  }
  Date date(const char* field) {
    const Value* value = event_.field(field);
    if (value == nullptr || value->date() == nullptr) {
      refuse(field, "a date is missing");
      return {};
    }
    return *value->date();
  }
  std::int64_t integer(const char* field, std::int64_t least) {
    const Value* value = event_.field(field);
    if (value == nullptr || value->integer() == nullptr || *value->integer() < least) {
      refuse(field, "not a whole number from " + std::to_string(least) + " on");
      return least;
    }
    return *value->integer();
  }
  /// Sorted and unique; absent is empty.
  std::vector<EventId> events(const char* field) {
    std::vector<EventId> ids;
    const Value* value = event_.field(field);
    const auto* list = value == nullptr ? nullptr : value->list();
    for (const Value& item : list == nullptr ? Value::List{} : *list) {
      if (item.digest() == nullptr || (!ids.empty() && !(ids.back().digest < *item.digest()))) {
        refuse(field, "not event ids in rising order");
        return {};
      }
      ids.push_back(EventId{*item.digest()});
    }
    return ids;
  }
  /// The period must be one of the calendar's, or the plan.
  std::string period(const char* field) {
    std::string text = line(field);
    const DateSpan any_plan{};
    if (!error_ && !Period::parse(text, any_plan)) {
      refuse(field, "\"" + text + "\" is no period");
    }
    return text;
  }
  ClosingScope scope() {
    return {line("pack"), digest("pack_digest"), period("period"), EventId{digest("proposal")},
            digest("cut")};
  }
  /// Which of the names the field holds.
  std::size_t choice(const char* field, std::initializer_list<const char*> names) {
    const std::string text = optional_text(field);
    const auto found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) {
      refuse(field, "\"" + text + "\" is none of its values");
      return 0;
    }
    return static_cast<std::size_t>(found - names.begin());
  }
  void refuse(const char* field, const std::string& reason) {
    if (!error_) {
      error_ = Error{Errc::kInvalid, event_.type + " field " + field + ": " + reason, ""};
    }
  }
  [[nodiscard]] const Value* raw(const char* field) const { return event_.field(field); }

  template <typename T>
  Result<T> give(T value) {
    return error_ ? Result<T>(*error_) : Result<T>(std::move(value));
  }

 private:
  const Event& event_;
  std::optional<Error> error_;
};

std::optional<ProposedLog> read_log(const Value& item) {
  const auto* parts = item.list();
  if (parts == nullptr || parts->size() != kLogPartCount) {
    return std::nullopt;
  }
  const std::string* origin = (*parts)[0].text();
  const std::int64_t* size = (*parts)[1].integer();
  const Digest* root = (*parts)[2].digest();
  const std::int64_t* anchor = (*parts)[3].integer();
  if (origin == nullptr || origin->empty() || origin->size() > kLineBytesMax ||
      origin->find('\n') != std::string::npos || size == nullptr || *size < 0 || root == nullptr ||
      anchor == nullptr || *anchor < -1 || *anchor >= *size) {
    return std::nullopt;
  }
  ProposedLog log{*origin, static_cast<std::uint64_t>(*size), *root, std::nullopt};
  if (*anchor >= 0) {
    log.anchor = static_cast<std::uint64_t>(*anchor);
  }
  return log;
}

std::vector<ProposedLog> read_logs(FieldReader& fields) {
  std::vector<ProposedLog> logs;
  const Value* value = fields.raw("logs");
  const auto* list = value == nullptr ? nullptr : value->list();
  for (const Value& item : list == nullptr ? Value::List{} : *list) {
    auto log = read_log(item);
    if (!log || (!logs.empty() && !(logs.back().origin < log->origin))) {
      fields.refuse("logs", "not the places of logs, by rising origin");
      return {};
    }
    logs.push_back(*std::move(log));
  }
  return logs;
}

std::vector<std::string> read_missing(FieldReader& fields) {
  std::vector<std::string> missing;
  const Value* value = fields.raw("missing");
  const auto* list = value == nullptr ? nullptr : value->list();
  for (const Value& item : list == nullptr ? Value::List{} : *list) {
    const std::string* origin = item.text();
    if (origin == nullptr || origin->empty() || origin->size() > kLineBytesMax ||
        origin->find('\n') != std::string::npos ||
        (!missing.empty() && !(missing.back() < *origin))) {
      fields.refuse("missing", "not origins of logs in rising order");
      return {};
    }
    missing.push_back(*origin);
  }
  return missing;
}

Event empty_event(std::string_view type) {
  Event event;
  event.type = type;
  event.catalogue = "protocol/1";
  event.visibility = Visibility::kPublic;
  return event;
}

void put_scope(const ClosingScope& scope, Event* event) {
  event->fields["pack"] = Value{scope.pack};
  event->fields["pack_digest"] = Value{scope.pack_digest};
  event->fields["period"] = Value{scope.period};
  event->fields["proposal"] = Value{scope.proposal.digest};
  event->fields["cut"] = Value{scope.cut};
}

void put_events(const char* field, std::vector<EventId> ids, Event* event) {
  if (ids.empty()) {
    return;
  }
  std::sort(ids.begin(), ids.end());
  Value::List list;
  for (const EventId& id : ids) {
    list.push_back(Value{id.digest});
  }
  event->fields[field] = Value{std::move(list)};
}

void put_text(const char* field, const std::string& text, Event* event) {
  if (!text.empty()) {
    event->fields[field] = Value{text};
  }
}

}  // namespace

bool concerns_closing(std::string_view type) {
  return std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
}

Cut CutProposal::cut() const {
  Cut cut;
  for (const ProposedLog& log : logs) {
    cut.logs.push_back({Checkpoint{log.origin, log.size, log.root}, ""});
  }
  cut.missing = missing;
  return cut;
}

const char* name(ApprovalLevel level) {
  switch (level) {
    case ApprovalLevel::kConfirm:
      return "confirm";
    case ApprovalLevel::kApprove:
      return "approve";
    case ApprovalLevel::kAccept:
      return "accept";
  }
  return "";
}

const char* name(StatementVerdict verdict) {
  switch (verdict) {
    case StatementVerdict::kAccepted:
      return "accepted";
    case StatementVerdict::kReturned:
      return "returned";
    case StatementVerdict::kRejected:
      return "rejected";
  }
  return "";
}

std::optional<StatementVerdict> statement_verdict(std::string_view text) {
  for (const auto verdict :
       {StatementVerdict::kAccepted, StatementVerdict::kReturned, StatementVerdict::kRejected}) {
    if (text == name(verdict)) {
      return verdict;
    }
  }
  return std::nullopt;
}

Event make_event(const CutProposal& proposal) {
  Event event = empty_event(kCutProposalType);
  event.fields["pack"] = Value{proposal.pack};
  event.fields["pack_digest"] = Value{proposal.pack_digest};
  event.fields["as_of"] = Value{proposal.as_of};
  event.fields["cut"] = Value{proposal.cut().id()};
  Value::List logs;
  for (const ProposedLog& log : proposal.logs) {
    logs.push_back(Value{Value::List{
        Value{log.origin}, Value{static_cast<std::int64_t>(log.size)}, Value{log.root},
        Value{log.anchor ? static_cast<std::int64_t>(*log.anchor) : std::int64_t{-1}}}});
  }
  event.fields["logs"] = Value{std::move(logs)};
  Value::List missing;
  for (const std::string& origin : proposal.missing) {
    missing.push_back(Value{origin});
  }
  if (!missing.empty()) {
    event.fields["missing"] = Value{std::move(missing)};
  }
  return event;
}

Event make_event(const CutCosignature& cosignature) {
  Event event = empty_event(kCutCosignatureType);
  event.fields["proposal"] = Value{cosignature.proposal.digest};
  event.fields["cut"] = Value{cosignature.cut};
  return event;
}

Event make_event(const PeriodClosing& closing) {
  Event event = empty_event(kPeriodClosingType);
  put_scope(closing.scope, &event);
  put_events("cosignatures", closing.cosignatures, &event);
  event.fields["figures"] = Value{closing.figures};
  event.fields["vintage"] = Value{closing.vintage};
  if (closing.previous) {
    event.fields["previous"] = Value{closing.previous->digest};
  }
  put_text("reason", closing.reason, &event);
  return event;
}

Event make_event(const FigureApproval& approval) {
  Event event = empty_event(kFigureApprovalType);
  put_scope(approval.scope, &event);
  put_text("unit", approval.unit, &event);
  event.fields["level"] = Value{std::string(name(approval.level))};
  event.fields["figures"] = Value{approval.figures};
  put_events("rests_on", approval.rests_on, &event);
  return event;
}

Event make_event(const ApprovalWithdrawal& withdrawal) {
  Event event = empty_event(kApprovalWithdrawalType);
  event.fields["approval"] = Value{withdrawal.approval.digest};
  event.fields["reason"] = Value{withdrawal.reason};
  return event;
}

Event make_event(const Statement& statement) {
  Event event = empty_event(kStatementType);
  put_scope(statement.scope, &event);
  event.fields["figures"] = Value{statement.figures};
  return event;
}

Event make_event(const StatementDecision& decision) {
  Event event = empty_event(kStatementDecisionType);
  event.fields["statement"] = Value{decision.statement.digest};
  event.fields["figures"] = Value{decision.figures};
  event.fields["verdict"] = Value{std::string(name(decision.verdict))};
  put_text("reason", decision.reason, &event);
  return event;
}

Result<CutProposal> read_cut_proposal(const Event& event) {
  FieldReader fields(event, kCutProposalType);
  CutProposal proposal;
  proposal.pack = fields.line("pack");
  proposal.pack_digest = fields.digest("pack_digest");
  proposal.as_of = fields.date("as_of");
  proposal.logs = read_logs(fields);
  proposal.missing = read_missing(fields);
  if (fields.digest("cut") != proposal.cut().id()) {
    fields.refuse("cut", "not the id of the cut that the logs make");
  }
  return fields.give(std::move(proposal));
}

Result<CutCosignature> read_cut_cosignature(const Event& event) {
  FieldReader fields(event, kCutCosignatureType);
  CutCosignature cosignature{EventId{fields.digest("proposal")}, fields.digest("cut")};
  return fields.give(cosignature);
}

Result<PeriodClosing> read_period_closing(const Event& event) {
  FieldReader fields(event, kPeriodClosingType);
  PeriodClosing closing;
  closing.scope = fields.scope();
  closing.cosignatures = fields.events("cosignatures");
  closing.figures = fields.digest("figures");
  closing.vintage = fields.integer("vintage", 1);
  if (const auto previous = fields.optional_digest("previous")) {
    closing.previous = EventId{*previous};
  }
  closing.reason = fields.optional_text("reason");
  return fields.give(std::move(closing));
}

Result<FigureApproval> read_figure_approval(const Event& event) {
  FieldReader fields(event, kFigureApprovalType);
  FigureApproval approval;
  approval.scope = fields.scope();
  approval.unit = fields.optional_text("unit");
  approval.level =
      static_cast<ApprovalLevel>(fields.choice("level", {"confirm", "approve", "accept"}));
  approval.figures = fields.digest("figures");
  approval.rests_on = fields.events("rests_on");
  return fields.give(std::move(approval));
}

Result<ApprovalWithdrawal> read_approval_withdrawal(const Event& event) {
  FieldReader fields(event, kApprovalWithdrawalType);
  ApprovalWithdrawal withdrawal{EventId{fields.digest("approval")}, fields.optional_text("reason")};
  return fields.give(std::move(withdrawal));
}

Result<Statement> read_statement(const Event& event) {
  FieldReader fields(event, kStatementType);
  Statement statement;
  statement.scope = fields.scope();
  statement.figures = fields.digest("figures");
  return fields.give(std::move(statement));
}

Result<StatementDecision> read_statement_decision(const Event& event) {
  FieldReader fields(event, kStatementDecisionType);
  StatementDecision decision;
  decision.statement = EventId{fields.digest("statement")};
  decision.figures = fields.digest("figures");
  decision.verdict =
      static_cast<StatementVerdict>(fields.choice("verdict", {"accepted", "returned", "rejected"}));
  decision.reason = fields.optional_text("reason");
  return fields.give(std::move(decision));
}

}  // namespace hefu
