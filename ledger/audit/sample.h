#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"

namespace hefu {

/// What decides which items an auditor looks at. Nobody could choose all of it: the plan and the
/// committed secrets were fixed before the cut, the beacon did not exist until after it. Source:
/// audit study, §2.
struct SampleSeed {
  Digest cut;
  Digest pack;
  Digest view;  ///< root of the view that lists the items
  Digest plan;
  std::vector<Digest> reveals;  ///< secrets the committing parties revealed, in any order
  std::string beacon;           ///< the public result named in the plan, as published; not empty

  /// SHA-256 over the parts "hefu/sample/v1", cut, pack, view, plan, every reveal in ascending
  /// order, beacon; each part is its length (u32 big-endian) and its bytes.
  [[nodiscard]] Digest digest() const;
};

/// What one stratum is drawn with, so that strata of one view are drawn apart from each other:
/// SHA-256 of the parts "hefu/stratum/v1", seed, name; parts as above.
Digest stratum_seed(const Digest& seed, std::string_view stratum);

inline constexpr std::uint64_t kSampleMax = 100'000;

/// Draws `size` different items of [0, population), in the order drawn: x_c = SHA-256 of the parts
/// "draw", seed, c (u64 big-endian) for c = 0, 1, 2, …, as a 256-bit number; one that would favour
/// some items (x >= floor(2^256 / population) * population) is passed over, and so is an item
/// that was drawn already; the item is x mod population. A pure function: whoever has the seed
/// gets the same. Errors: kInvalid (nothing to draw from, more than there are), kTooLarge
/// (kSampleMax).
Result<std::vector<std::uint64_t>> draw_items(const Digest& seed, std::uint64_t population,
                                              std::uint64_t size);

/// Draws `size` units of [0, total) for monetary-unit sampling; the same draw, but a unit may come
/// again. Errors: as above.
Result<std::vector<std::uint64_t>> draw_units(const Digest& seed, std::uint64_t total,
                                              std::uint64_t size);

}  // namespace hefu
