#include "ledger/record/facts.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <type_traits>
#include <utility>

#include "crypto/encoding.h"
#include "ledger/event/uscc.h"
#include "ledger/record/audits.h"
#include "ledger/record/status.h"

namespace hefu {

namespace {

FactValue fact_value(const Value& value) {
  return std::visit(
      [](const auto& held) -> FactValue {
        using Held = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<Held, std::string> || std::is_same_v<Held, std::int64_t> ||
                      std::is_same_v<Held, bool>) {
          return FactValue{held};
        } else if constexpr (std::is_same_v<Held, Decimal> || std::is_same_v<Held, Date>) {
          return FactValue{held.text()};
        } else if constexpr (std::is_same_v<Held, Digest>) {
          return FactValue{held.hex()};
        } else if constexpr (std::is_same_v<Held, Bytes>) {
          return FactValue{base64_encode(held)};
        } else {
          FactValue::List list;
          for (const Value& element : held) {
            list.push_back(fact_value(element));
          }
          return FactValue{std::move(list)};
        }
      },
      value.is);
}

std::optional<Date> date_field(const Event& event, const std::string& name) {
  const Value* value = name.empty() ? nullptr : event.field(name);
  return value != nullptr && value->date() != nullptr ? std::optional(*value->date())
                                                      : std::nullopt;
}

std::optional<std::string> first_party(const EventType& type, const Event& event,
                                       const std::string& field) {
  const auto parties = field.empty() ? std::vector<std::string>{} : type.parties_in(event, field);
  return parties.empty() ? std::nullopt : std::optional(parties.front());
}

void name_parties(Fact& fact, const EventType& type, const Event& event) {
  const FactMapping& mapping = *type.fact;
  const std::string issuer(institution_of(event.issuer));
  const auto actor =
      mapping.actor == "issuer" ? std::nullopt : first_party(type, event, mapping.actor);
  fact.actor = actor ? std::string(institution_of(*actor)) : issuer;
  fact.org = first_party(type, event, mapping.org).value_or(actor.value_or(fact.actor));
  for (const std::string& field : mapping.counterparty) {
    for (const std::string& party : type.parties_in(event, field)) {
      if (!fact.counterparty && institution_of(party) != fact.actor) {
        fact.counterparty = party;
      }
    }
  }
}

void name_signers(Fact& fact, const Record& record, const Agreement* agreement,
                  const EventType& type) {
  std::set<std::string> signers;
  if (agreement != nullptr) {
    for (const SignerState& state : agreement->version(record.current.id)->states) {
      if (state.status == ActStatus::kCounts) {
        signers.insert(state.party);
      }
    }
  } else {
    signers.insert(std::string(institution_of(record.current.event.issuer)));
    for (const Answer& answer : record.answers) {
      if (answer.confirms) {
        signers.insert(answer.party);
        if (answer.guest && answer.party != fact.actor) {
          fact.guests[answer.party] = answer.guest->introduced_by;
        }
      }
    }
  }
  signers.erase(fact.actor);
  const auto registry = first_party(type, record.current.event, type.fact->registry);
  if (registry && signers.count(std::string(institution_of(*registry))) == 1) {
    fact.registry = std::string(institution_of(*registry));
  }
  fact.countersigned_by.assign(signers.begin(), signers.end());
}

void set_dates(Fact& fact, const Record& record, const EventType& type) {
  const Event& event = record.current.event;
  fact.date = date_field(event, type.fact->date).value_or(event.occurred_on);
  fact.start = date_field(event, type.fact->start);
  fact.end = date_field(event, type.fact->end);
  if (const auto last = ended_on(record); last && !type.fact->start.empty()) {
    fact.end = fact.end ? std::min(*fact.end, *last) : *last;
  }
  const auto recorded = record.confirmed ? record.confirmed : record.current.recorded_by;
  if (record.missing.empty() ? record.confirmed.has_value() : recorded.has_value()) {
    fact.recorded = recorded->date();
  }
}

// The chain of effective versions is one undertaking: it began with the first and ends with the
// last one.
void set_agreement_dates(Fact& fact, const Record& record, const Agreement& agreement) {
  const Version& version = *agreement.version(record.current.id);
  if (version.verdict != Verdict::kEffective) {
    return;
  }
  const Version* first = &version;
  while (first->base) {
    first = agreement.version(*first->base);
  }
  fact.start = first->valid_from;
  // A term cut short before it began still was agreed from its start; its end says how far it went.
  if (version.term->last) {
    fact.end = *version.term->last;
  }
  fact.body["root_agreement"] = FactValue{agreement.root.hex()};
  fact.body["completed_on"] = FactValue{version.completed->date().text()};
}

/// The name an item of a coded list has in a body: "items" and "total-wages" give
/// "items_total_wages".
std::string item_name(const std::string& field, std::string code) {
  std::replace(code.begin(), code.end(), '-', '_');
  return field + "_" + code;
}

/// The tuple type of a list whose elements each begin with a code of a closed list; null otherwise.
const FieldType* coded_tuple(const FieldType& type) {
  const FieldType* element = type.kind == FieldKind::kList ? &type.parts.front() : nullptr;
  const bool coded = element != nullptr && element->kind == FieldKind::kTuple &&
                     element->parts.size() > 1 && element->parts.front().kind == FieldKind::kEnum;
  return coded ? element : nullptr;
}

// Expressions do not look into lists, so what is listed under a code gets a name of its own. A code
// that stands there twice has no single value and gets none.
void name_items(Fact& fact, const std::string& field, const FieldType& tuple,
                const Value::List& elements) {
  std::map<std::string, int> seen;
  const auto code_of = [](const Value& element) { return *element.list()->front().text(); };
  for (const Value& element : elements) {
    ++seen[code_of(element)];
  }
  for (const Value& element : elements) {
    const std::string code = code_of(element);
    for (std::size_t i = 1; i < tuple.parts.size() && seen[code] == 1; ++i) {
      const std::string suffix = i == 1 ? "" : "_" + tuple.names[i];
      fact.body.emplace(item_name(field, code) + suffix, fact_value((*element.list())[i]));
    }
  }
}

void add_fields(Fact& fact, const EventType& type, const Event& event) {
  for (const auto& [name, value] : event.fields) {
    fact.body[name] = fact_value(value);
  }
  for (const Field& field : type.fields) {
    const FieldType* tuple = coded_tuple(field.type);
    const Value* value = tuple != nullptr ? event.field(field.name) : nullptr;
    if (value != nullptr && value->list() != nullptr) {
      name_items(fact, field.name, *tuple, *value->list());
    }
  }
}

void add_evidence(Fact& fact, const Record& record) {
  std::set<std::string> evidence;
  for (const Digest& digest : record.current.event.evidence) {
    evidence.insert(digest.hex());
  }
  for (const Attachment& attachment : record.attachments) {
    evidence.insert(attachment.digest.hex());
  }
  fact.evidence.assign(evidence.begin(), evidence.end());
}

}  // namespace

std::optional<Fact> fact_of(const Record& record, const Agreement* agreement,
                            const Catalogue& catalogue) {
  const EventType* type = catalogue.find(record.type);
  if (type == nullptr || !type->fact || !record.interpreted) {
    return std::nullopt;
  }
  const Event& event = record.current.event;
  Fact fact;
  fact.id = record.id.hex();
  fact.type = record.type;
  fact.standing = record.standing;
  FactValue::List programmes;
  for (const std::string& programme : event.programmes) {
    programmes.push_back(FactValue{programme});
  }
  fact.body["programmes"] = FactValue{std::move(programmes)};
  add_fields(fact, *type, event);
  fact.body["state"] = FactValue{record.state};
  name_parties(fact, *type, event);
  name_signers(fact, record, agreement, *type);
  set_dates(fact, record, *type);
  if (agreement != nullptr) {
    set_agreement_dates(fact, record, *agreement);
  }
  add_evidence(fact, record);
  return fact;
}

std::vector<Fact> facts(const Records& records, const Catalogue& catalogue) {
  std::vector<Fact> all;
  for (const auto& [id, record] : records.records) {
    if (auto fact = fact_of(record, records.agreement(id), catalogue)) {
      all.push_back(std::move(*fact));
    }
  }
  mark_audited(all, records);
  return all;
}

}  // namespace hefu
