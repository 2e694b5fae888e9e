// Requests to join and proposals to change a charter: what is accepted has one form, and whatever
// is enacted leaves a federation with a safe quorum.

#include <cstddef>
#include <cstdint>

#include "ledger/event/event.h"
#include "ledger/governance/enact.h"
#include "ledger/governance/join_request.h"
#include "tests/support/federation.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const hefu::TestFederation kFederation(4);
  const std::string text(hefu::as_text({data, size}));
  if (const auto request = hefu::parse_join_request(text)) {
    HEFU_ASSERT(request->member.key(hefu::KeyRole::kRoot).has_value());
  }
  const auto event = hefu::decode_event({data, size});
  if (!event) {
    return 0;
  }
  auto proposal = hefu::read_proposal(hefu::event_id({data, size}), *event);
  if (!proposal) {
    return 0;
  }
  hefu::Event again;
  again.issuer = event->issuer;
  again.fields = hefu::proposal_fields(*proposal);
  HEFU_ASSERT(hefu::read_proposal(proposal->id, again).ok());
  proposal->proposer = kFederation.member(0).id;
  if (const auto charter = hefu::enact(kFederation.charter(), *proposal, hefu::Moment{1000})) {
    const auto active = static_cast<std::uint32_t>(charter->active_count());
    HEFU_ASSERT(charter->quorum >= hefu::quorum_for(active, 0));
    HEFU_ASSERT(!hefu::electorates_for(kFederation.charter(), *proposal).empty());
  }
  return 0;
}
