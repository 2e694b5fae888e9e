#include "ledger/view/leaf_check.h"

#include <algorithm>

namespace hefu {

const ViewLeaf* find_leaf(const ViewLeaves& leaves, BytesView key) {
  const auto less = [](BytesView a, BytesView b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  };
  const auto at = std::lower_bound(
      leaves.begin(), leaves.end(), key,
      [&](const ViewLeaf& leaf, BytesView wanted) { return less(leaf.key, wanted); });
  return at == leaves.end() || less(key, at->key) ? nullptr : &*at;
}

std::optional<std::string> leaf_difference(const AttestedLeaf& attested, const ViewLeaf* ours,
                                           std::int64_t scale) {
  const bool same_payload =
      ours != nullptr && std::equal(ours->payload.begin(), ours->payload.end(),
                                    attested.payload.begin(), attested.payload.end());
  if (same_payload && ours->value == attested.value && attested.scale == scale) {
    return std::nullopt;
  }
  return std::to_string(attested.value) + "/" + std::to_string(attested.scale) +
         ", the events give " +
         (ours == nullptr
              ? std::string("none")
              : std::to_string(ours->value) + "/" + std::to_string(scale) +
                    (ours->value == attested.value ? ", from other records or versions" : ""));
}

}  // namespace hefu
