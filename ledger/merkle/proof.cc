#include "ledger/merkle/proof.h"

#include <algorithm>
#include <array>
#include <bit>

#include "crypto/result.h"

namespace hefu {

namespace {

/// Where the left child of a subtree with `width` leaves ends. Precondition: width > 1.
std::uint64_t largest_power_below(std::uint64_t width) {
  return std::bit_floor(width - 1);
}

}  // namespace

Digest empty_root() {
  return sha256(BytesView{});
}

Digest leaf_hash(BytesView entry) {
  static constexpr std::array<std::uint8_t, 1> kLeafPrefix{0};
  return sha256({kLeafPrefix, entry});
}

Digest node_hash(const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 1 + 2 * Digest::kSize> bytes;
  bytes[0] = 1;
  std::copy(left.bytes.begin(), left.bytes.end(), bytes.begin() + 1);
  std::copy(right.bytes.begin(), right.bytes.end(), bytes.begin() + 1 + Digest::kSize);
  return sha256(bytes);
}

bool is_subtree(std::uint64_t start, std::uint64_t end) {
  if (start > end || end > kTreeSizeMax) {
    return false;
  }
  return start % std::bit_ceil(std::max<std::uint64_t>(end - start, 1)) == 0;
}

std::pair<std::pair<std::uint64_t, std::uint64_t>, std::pair<std::uint64_t, std::uint64_t>>
cover_with_subtrees(std::uint64_t start, std::uint64_t end) {
  HEFU_ASSERT(start <= end && end <= kTreeSizeMax);
  if (end - start <= 1) {
    return {{start, end}, {end, end}};
  }
  // The two subtrees lie on either side of where the paths to the first and last leaf part.
  const std::uint64_t last = end - 1;
  const std::uint64_t below_split = std::bit_floor(start ^ last) - 1;
  const std::uint64_t middle = last & ~below_split;
  // The left one grows leftwards as long as its right edge stays at `middle`.
  const std::uint64_t excess_bits = ~start & below_split;
  const std::uint64_t left_mask = excess_bits == 0 ? 0 : std::bit_floor(excess_bits) * 2 - 1;
  return {{start & ~left_mask, middle}, {middle, end}};
}

Digest subtree_root(std::uint64_t start, std::uint64_t end, const NodeReader& read) {
  HEFU_ASSERT(is_subtree(start, end));
  if (start == end) {
    return empty_root();
  }
  // The subtree is a row of perfect ones, one for every set bit of its width, widest first. Folding
  // starts at the narrow right end.
  std::uint64_t rest = end - start;
  std::uint64_t position = end;
  Digest folded;
  for (bool first = true; rest != 0; first = false) {
    const int level = std::countr_zero(rest);
    position -= std::uint64_t{1} << level;
    const Digest node = read(level, position >> level);
    folded = first ? node : node_hash(node, folded);
    rest &= rest - 1;
  }
  return folded;
}

std::vector<Digest> prove(std::uint64_t start, std::uint64_t end, std::uint64_t size,
                          const NodeReader& read) {
  HEFU_ASSERT(is_subtree(start, end) && end <= size && size <= kTreeSizeMax);
  std::vector<Digest> proof;
  if (start == end) {
    return proof;
  }
  // Descend from the root [low, high) to the subtree, collecting the siblings passed by.
  std::uint64_t low = 0;
  std::uint64_t high = size;
  bool verifier_knows_it = true;
  while (start != low || end != high) {
    const std::uint64_t middle = low + largest_power_below(high - low);
    if (end <= middle) {
      proof.push_back(subtree_root(middle, high, read));
      high = middle;
      continue;
    }
    proof.push_back(subtree_root(low, middle, read));
    if (start < middle) {
      // The subtree is not a node of this tree (its right edge is ragged here and was not where it
      // was made): go on with its part right of the middle, which the verifier has not seen.
      start = middle;
      verifier_knows_it = false;
    }
    low = middle;
  }
  if (!verifier_knows_it) {
    proof.push_back(subtree_root(low, high, read));
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

bool verify_subtree(std::uint64_t start, std::uint64_t end, std::uint64_t size,
                    std::span<const Digest> proof, const Digest& sub, const Digest& root) {
  if (!is_subtree(start, end) || end > size || size > kTreeSizeMax) {
    return false;
  }
  if (start == end) {
    return proof.empty() && sub == empty_root();
  }
  // First and last leaf of the subtree and last leaf of the tree, as indices on a level that rises
  // with every hash.
  std::uint64_t first = start;
  std::uint64_t last = end - 1;
  std::uint64_t tree_last = size - 1;
  const auto rise = [&] {
    first >>= 1;
    last >>= 1;
    tree_last >>= 1;
  };
  const bool ends_with_tree = last == tree_last;
  while (first != last && (ends_with_tree || last % 2 == 1)) {
    rise();
  }

  Digest from_sub = sub;   // becomes the subtree's root
  Digest from_tree = sub;  // becomes the tree's root
  if (first != last) {
    if (proof.empty()) {
      return false;
    }
    from_sub = from_tree = proof.front();
    proof = proof.subspan(1);
  }
  for (const Digest& sibling : proof) {
    if (tree_last == 0) {
      return false;
    }
    if (last % 2 == 1 || last == tree_last) {
      if (first < last) {
        from_sub = node_hash(sibling, from_sub);
      }
      from_tree = node_hash(sibling, from_tree);
      while (last % 2 == 0) {
        rise();
      }
    } else {
      from_tree = node_hash(from_tree, sibling);
    }
    rise();
  }
  return tree_last == 0 && from_sub == sub && from_tree == root;
}

std::vector<Digest> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                    const NodeReader& read) {
  HEFU_ASSERT(index < size);
  return prove(index, index + 1, size, read);
}

bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                      std::span<const Digest> proof, const Digest& root) {
  return index < size && verify_subtree(index, index + 1, size, proof, leaf, root);
}

std::vector<Digest> prove_consistency(std::uint64_t old_size, std::uint64_t size,
                                      const NodeReader& read) {
  return prove(0, old_size, size, read);
}

bool verify_consistency(std::uint64_t old_size, std::uint64_t size, const Digest& old_root,
                        const Digest& root, std::span<const Digest> proof) {
  return old_size > 0 && verify_subtree(0, old_size, size, proof, old_root, root);
}

}  // namespace hefu
