#include "ledger/view/state.h"

#include "ledger/audit/effect.h"
#include "ledger/record/facts.h"
#include "ledger/record/world.h"
#include "ledger/view/settle.h"

namespace hefu {

Result<LedgerState> build_state(const Charter& charter, const Cut& cut,
                                std::span<const LogContents> logs, EnvelopeVerifier* verifier,
                                const Charter* begin) {
  auto settled = settle_ledger(charter, logs, verifier, begin);
  if (!settled) {
    return settled.error();
  }
  LedgerState state;
  state.cut = cut;
  state.ledger = std::move(settled->ledger);
  state.governance = std::move(settled->governance);
  const Charter& in_force = state.governance.charter;
  state.documents = read_documents(state.ledger.events, in_force);
  const Document* published = nullptr;
  for (const Document& document : state.documents) {
    if (document.kind == "catalogue" &&
        (published == nullptr || is_earlier(*published, document))) {
      published = &document;
    }
  }
  if (published != nullptr) {
    auto catalogue = Catalogue::parse(published->content);
    if (!catalogue) {
      return catalogue.error().during("the catalogue the authority published");
    }
    state.catalogue = std::move(*catalogue);
  }
  state.records = fold(state.ledger.events, state.ledger.heads, in_force, state.catalogue,
                       state.ledger.observed);
  state.facts = facts(state.records, state.catalogue);
  state.world = world(state.records, in_force);
  state.audits = fold_audits(state.ledger.events, in_force, state.world);
  apply_audits(state.audits, state.records, state.facts);
  return state;
}

}  // namespace hefu
