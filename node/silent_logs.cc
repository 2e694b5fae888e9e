#include "node/silent_logs.h"

#include <algorithm>
#include <map>

namespace hefu {

std::vector<SilentLog> silent_logs(const Records& records,
                                   const PersistentMap<EntryPlace, ObservedHead>& observed,
                                   const Charter& charter, const Member& self, Moment now) {
  std::map<std::string, Moment> found;
  for (const auto& [id, agreement] : records.agreements) {
    // A version it does not sign may be what its own signature of a later attempt waits for.
    const bool signer = std::any_of(
        agreement.versions.begin(), agreement.versions.end(), [&](const Version& version) {
          return std::binary_search(version.signers.begin(), version.signers.end(), self.id);
        });
    for (const Version& version : agreement.versions) {
      const Moment date = Moment::end_of(version.sign_by);
      if (version.verdict != Verdict::kOpen || now <= date || !signer) {
        continue;
      }
      for (const SignerState& state : version.states) {
        const Member* member = charter.member(state.party);
        if (state.status == ActStatus::kWaiting && !state.signed_ && member != nullptr &&
            member->id != self.id) {
          Moment& after = found.try_emplace(member->origin, date).first->second;
          after = std::max(after, date);
        }
      }
    }
  }
  for (const auto& [place, head] : observed) {
    const auto wanted = found.find(head.origin);
    if (head.observer == self.id && wanted != found.end() && wanted->second < head.time) {
      found.erase(wanted);
    }
  }
  std::vector<SilentLog> silent;
  for (const auto& [origin, after] : found) {
    silent.push_back({origin, after});
  }
  return silent;
}

}  // namespace hefu
