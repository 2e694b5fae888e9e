#include "ledger/charter/successor.h"

namespace hefu {

bool acts_for(const Charter& charter, std::string_view actor, std::string_view owner,
              std::optional<Moment> at) {
  // At most as many steps as members: what was merged takes part no more, so there is no ring.
  for (std::size_t step = 0; step <= charter.members.size(); ++step) {
    if (owner == actor) {
      return true;
    }
    const Member* member = charter.member(owner);
    if (member == nullptr || member->successor.empty() ||
        (at ? member->participation_at(*at) : member->participation()) != Participation::kMerged) {
      return false;
    }
    owner = member->successor;
  }
  return false;
}

}  // namespace hefu
