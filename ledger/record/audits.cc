#include "ledger/record/audits.h"

#include <map>
#include <string>
#include <string_view>

namespace hefu {

namespace {

std::string_view text_of(const Fact& fact, const char* field) {
  const auto found = fact.body.find(field);
  const auto* text =
      found != fact.body.end() ? std::get_if<std::string>(&found->second.is) : nullptr;
  return text != nullptr ? std::string_view(*text) : std::string_view();
}

bool says_pass(const Fact& fact) {
  return text_of(fact, "result") == "pass" &&
         text_of(fact, "conflict_of_interest") == "none-declared";
}

bool is_later(const Fact& one, const Fact& other) {
  return one.date != other.date ? one.date > other.date : one.id > other.id;
}

}  // namespace

bool is_verification(const Fact& fact) {
  const std::string_view state = text_of(fact, "state");
  return fact.type == "assessment-decision" &&
         text_of(fact, "decision_kind") == "kpi-verification" &&
         (fact.standing == Standing::kClaimed || fact.standing == Standing::kConfirmed) &&
         state != "objected" && state != "changed";
}

std::vector<std::string> objects_of(const Fact& decision) {
  std::vector<std::string> out;
  const auto found = decision.body.find("object");
  if (found == decision.body.end()) {
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

std::vector<std::string> auditors_of(std::span<const Fact* const> decisions) {
  std::map<std::string, const Fact*> by_auditor;
  for (const Fact* decision : decisions) {
    const Fact*& latest = by_auditor[decision->actor];
    latest = latest == nullptr || is_later(*decision, *latest) ? decision : latest;
  }
  std::vector<std::string> auditors;
  for (const auto& [auditor, decision] : by_auditor) {
    if (!says_pass(*decision)) {
      return {};
    }
    auditors.push_back(auditor);
  }
  return auditors;
}

void mark_audited(std::vector<Fact>& facts, const Records& records) {
  // A decision may name any version of a record.
  std::map<std::string, std::string> record_of;
  for (const auto& [id, record] : records.records) {
    for (const EventId& version : record.versions) {
      record_of.emplace(version.hex(), id.hex());
    }
  }
  std::map<std::string, std::vector<const Fact*>> decisions;
  for (const Fact& fact : facts) {
    if (!is_verification(fact)) {
      continue;
    }
    for (const std::string& object : objects_of(fact)) {
      if (const auto record = record_of.find(object); record != record_of.end()) {
        decisions[record->second].push_back(&fact);
      }
    }
  }
  for (Fact& fact : facts) {
    const auto found = decisions.find(fact.id);
    if (found != decisions.end()) {
      fact.audited_by = auditors_of(found->second);
    }
  }
}

}  // namespace hefu
