#include "ledger/signal/identity.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "ledger/signal/fact_fields.h"

namespace hefu {
namespace {

/// Fields of a type that name its achievement together. A field whose value is missing or empty
/// names nothing.
struct Identity {
  std::string_view type;
  std::array<std::string_view, 3> fields;  // the unused ones are empty
};

constexpr Identity kIdentities[] = {
    {"accreditation-award", {"document_number", "title"}},
    {"collaboration-agreement", {"text_hash"}},
    {"enterprise-visit", {"host", "visited_on"}},
    {"funding-transaction", {"voucher_hash"}},
    {"joint-body-establishment", {"founding_document_hash"}},
    {"joint-body-establishment", {"body_kind", "name"}},
    {"organised-activity", {"activity_kind", "starts_on", "place_division"}},
    {"personnel-exchange", {"appointment_document_hash"}},
    {"policy-document", {"document_number"}},
    {"policy-document", {"text_hash"}},
    {"report-publication", {"content_hash"}},
    {"research-contract", {"registration_number"}},
    {"research-contract", {"text_hash"}},
    {"research-output", {"identifier"}},
    {"skills-assessment", {"certificate_number_hash"}},
    {"skills-assessment", {"batch_root"}},
    {"student-placement", {"tripartite_agreement_hash"}},
    {"teaching-resource", {"identifier"}},
    {"technical-service", {"product_hash"}},
    {"technology-transfer", {"recordal_number"}},
    {"technology-transfer", {"registration_number"}},
    {"training-cohort", {"members"}},
    {"training-delivery", {"attendance_root"}},
};

}  // namespace

std::vector<std::string> identities(const Fact& fact) {
  std::vector<std::string> found;
  for (const Identity& identity : kIdentities) {
    if (identity.type != fact.type) {
      continue;
    }
    std::string key;
    for (const std::string_view field : identity.fields) {
      if (field.empty()) {
        continue;
      }
      const std::string value = folded(text_in(fact, field));
      if (value.empty()) {
        key.clear();
        break;
      }
      key += (key.empty() ? "" : ", ") + std::string(field) + "=" + value;
    }
    if (!key.empty()) {
      found.push_back(std::move(key));
    }
  }
  return found;
}

}  // namespace hefu
