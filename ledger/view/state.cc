#include "ledger/view/state.h"

#include "ledger/record/facts.h"
#include "ledger/record/world.h"

namespace hefu {

Result<LedgerState> build_state(const Charter& charter, const Cut& cut,
                                std::span<const LogContents> logs, EnvelopeVerifier* verifier) {
  auto ledger = read_ledger(charter, logs, verifier);
  if (!ledger) {
    return ledger.error();
  }
  LedgerState state;
  state.cut = cut;
  state.ledger = std::move(*ledger);
  state.documents = read_documents(state.ledger.events, charter);
  const Document* published = nullptr;
  for (const Document& document : state.documents) {
    if (document.kind == "catalogue" &&
        (published == nullptr || published->index < document.index)) {
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
  state.records = fold(state.ledger.events, state.ledger.heads, charter, state.catalogue,
                       state.ledger.observed);
  state.facts = facts(state.records, state.catalogue);
  state.world = world(state.records, charter);
  return state;
}

}  // namespace hefu
