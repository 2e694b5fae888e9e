#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "crypto/digest.h"

/// The Merkle tree written down as RFC 6962 §2.1 defines it: no stored nodes, no bit tricks, no
/// code shared with ledger/merkle. Slow and easy to believe; the tests compare the real one with
/// it.
namespace hefu::reference {

inline Digest hash_leaf(BytesView entry) {
  Bytes bytes{0x00};
  append(bytes, entry);
  return sha256(bytes);
}

inline Digest hash_children(const Digest& left, const Digest& right) {
  Bytes bytes{0x01};
  append(bytes, left.view());
  append(bytes, right.view());
  return sha256(bytes);
}

/// The largest power of two smaller than n, n > 1.
inline std::size_t split(std::size_t n) {
  std::size_t k = 1;
  while (k * 2 < n) {
    k *= 2;
  }
  return k;
}

/// MTH over leaf hashes.
inline Digest mth(std::span<const Digest> leaves) {
  if (leaves.empty()) {
    return sha256(BytesView{});
  }
  if (leaves.size() == 1) {
    return leaves[0];
  }
  const std::size_t k = split(leaves.size());
  return hash_children(mth(leaves.first(k)), mth(leaves.subspan(k)));
}

/// PATH(m, D[n]) of §2.1.1.
inline std::vector<Digest> path(std::size_t m, std::span<const Digest> leaves) {
  if (leaves.size() == 1) {
    return {};
  }
  const std::size_t k = split(leaves.size());
  std::vector<Digest> hashes;
  if (m < k) {
    hashes = path(m, leaves.first(k));
    hashes.push_back(mth(leaves.subspan(k)));
  } else {
    hashes = path(m - k, leaves.subspan(k));
    hashes.push_back(mth(leaves.first(k)));
  }
  return hashes;
}

/// SUBPROOF(m, D[n], b) of §2.1.2.
inline std::vector<Digest> subproof(std::size_t m, std::span<const Digest> leaves, bool complete) {
  if (m == leaves.size()) {
    return complete ? std::vector<Digest>{} : std::vector<Digest>{mth(leaves)};
  }
  const std::size_t k = split(leaves.size());
  std::vector<Digest> hashes;
  if (m <= k) {
    hashes = subproof(m, leaves.first(k), complete);
    hashes.push_back(mth(leaves.subspan(k)));
  } else {
    hashes = subproof(m - k, leaves.subspan(k), false);
    hashes.push_back(mth(leaves.first(k)));
  }
  return hashes;
}

/// PROOF(m, D[n]) of §2.1.2, 0 < m <= n.
inline std::vector<Digest> consistency(std::size_t m, std::span<const Digest> leaves) {
  return subproof(m, leaves, true);
}

}  // namespace hefu::reference
