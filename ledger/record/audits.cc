#include "ledger/record/audits.h"

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace hefu {

namespace {

std::string_view text_of(const Fact& fact, const char* field) {
  const auto found = fact.body.find(field);
  const auto* text =
      found != fact.body.end() ? std::get_if<std::string>(&found->second.is) : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

/// A decision on inspected records that nobody has contested.
bool is_verification(const Fact& fact) {
  const std::string_view state = text_of(fact, "state");
  return fact.type == "assessment-decision" &&
         text_of(fact, "decision_kind") == "kpi-verification" &&
         (fact.standing == Standing::kClaimed || fact.standing == Standing::kConfirmed) &&
         state != "objected" && state != "changed";
}

bool says_pass(const Fact& fact) {
  return text_of(fact, "result") == "pass" &&
         text_of(fact, "conflict_of_interest") == "none-declared";
}

bool is_later(const Fact& one, const Fact& other) {
  return one.date != other.date ? one.date > other.date : one.id > other.id;
}

std::vector<std::string> objects_of(const Fact& fact) {
  std::vector<std::string> out;
  const auto found = fact.body.find("object");
  if (found == fact.body.end()) {
    return out;
  }
  if (const auto* one = std::get_if<std::string>(&found->second.is)) {
    out.push_back(*one);
  } else if (const auto* list = std::get_if<FactValue::List>(&found->second.is)) {
    for (const FactValue& element : *list) {
      if (const auto* text = std::get_if<std::string>(&element.is)) {
        out.push_back(*text);
      }
    }
  }
  return out;
}

/// By record, by auditor: the decision that speaks.
using Decisions = std::map<std::string, std::map<std::string, const Fact*>>;

Decisions decisions_in(const std::vector<Fact>& facts, const Records& records) {
  // A decision may name any version of a record.
  std::map<std::string, std::string> record_of;
  for (const auto& [id, record] : records.records) {
    for (const EventId& version : record.versions) {
      record_of.emplace(version.hex(), id.hex());
    }
  }
  Decisions out;
  for (const Fact& fact : facts) {
    if (!is_verification(fact)) {
      continue;
    }
    for (const std::string& object : objects_of(fact)) {
      const auto record = record_of.find(object);
      if (record == record_of.end()) {
        continue;
      }
      const Fact*& latest = out[record->second][fact.actor];
      latest = latest == nullptr || is_later(fact, *latest) ? &fact : latest;
    }
  }
  return out;
}

}  // namespace

void mark_audited(std::vector<Fact>& facts, const Records& records) {
  std::map<std::string, std::vector<std::string>> passed;
  for (const auto& [record, by_auditor] : decisions_in(facts, records)) {
    std::vector<std::string> auditors;
    bool all_pass = true;
    for (const auto& [auditor, decision] : by_auditor) {
      auditors.push_back(auditor);
      all_pass = all_pass && says_pass(*decision);
    }
    if (all_pass) {
      passed.emplace(record, std::move(auditors));
    }
  }
  for (Fact& fact : facts) {
    const auto found = passed.find(fact.id);
    if (found != passed.end()) {
      fact.audited_by = found->second;
    }
  }
}

}  // namespace hefu
