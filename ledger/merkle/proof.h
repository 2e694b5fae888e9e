#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"

namespace hefu {

/// The Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1), with D the entries of a log:
///
///     MTH()       = SHA-256("")
///     MTH({d})    = SHA-256(00 || d)                                   a leaf
///     MTH(D[0:n]) = SHA-256(01 || MTH(D[0:k]) || MTH(D[k:n]))          k: largest power of 2 < n
///
/// A *node* is the root of a perfect subtree: level l (leaves are 0) and index i name the leaves
/// [i << l, (i + 1) << l). Only nodes are ever stored; what hangs over the ragged right edge of a
/// tree is folded from them.

/// Largest number of leaves of a tree. Source: peers written in Go read sizes as signed 64-bit.
inline constexpr std::uint64_t kTreeSizeMax = (std::uint64_t{1} << 63) - 1;

/// Most hashes accepted in a proof from outside: enough for every proof in trees of up to 2^62
/// leaves. Source: C2SP tlog-witness.
inline constexpr std::size_t kProofHashesMax = 63;

/// Root of the tree without leaves: SHA-256 of nothing.
Digest empty_root();

/// Hash of one entry as a leaf.
Digest leaf_hash(BytesView entry);

/// Hash over two children. One SHA-256 of 65 bytes; allocates nothing.
Digest node_hash(const Digest& left, const Digest& right);

/// Gives the node at `level` and `index`. Asked only for nodes inside the tree in question. A
/// reader that can fail keeps its failure, answers with any digest, and its owner discards the
/// result.
using NodeReader = std::function<Digest(int level, std::uint64_t index)>;

/// True if [start, end) can be a subtree: start <= end <= kTreeSizeMax and start is a multiple of
/// the smallest power of two not below end - start. Every node, every prefix of a tree and every
/// empty range is one. Source: draft-ietf-plants-merkle-tree-certs §4.1.
bool is_subtree(std::uint64_t start, std::uint64_t end);

/// Two adjacent subtrees that together hold [start, end), nothing after `end`, and before `start`
/// fewer leaves than half of the left one: what to prove when a range of new entries is not itself
/// a subtree. Each pair is [first, second). Precondition: start <= end <= kTreeSizeMax.
/// Source: draft-ietf-plants-merkle-tree-certs §4.5.
std::pair<std::pair<std::uint64_t, std::uint64_t>, std::pair<std::uint64_t, std::uint64_t>>
cover_with_subtrees(std::uint64_t start, std::uint64_t end);

/// MTH(D[start:end]) of a subtree, folded from at most 63 nodes. Precondition: is_subtree.
Digest subtree_root(std::uint64_t start, std::uint64_t end, const NodeReader& read);

/// Proof that [start, end) is a subtree of the tree with `size` leaves; hashes from the leaves
/// upwards. An inclusion proof is prove(i, i + 1, n), a consistency proof prove(0, m, n).
/// Precondition: is_subtree(start, end), end <= size. Source: RFC 6962 §2.1.1 and §2.1.2, unified
/// in draft-ietf-plants-merkle-tree-certs §4.4.
std::vector<Digest> prove(std::uint64_t start, std::uint64_t end, std::uint64_t size,
                          const NodeReader& read);

/// True if `proof` shows that the subtree [start, end) with root `sub` lies in the tree of `size`
/// leaves with root `root`. Any arguments are allowed; unfit ones are simply not verified. The
/// empty range is in every tree: then `root` is not looked at.
bool verify_subtree(std::uint64_t start, std::uint64_t end, std::uint64_t size,
                    std::span<const Digest> proof, const Digest& sub, const Digest& root);

/// Proof that leaf `index` is in the tree of `size` leaves. Precondition: index < size.
std::vector<Digest> prove_inclusion(std::uint64_t index, std::uint64_t size,
                                    const NodeReader& read);

/// False also if index >= size.
bool verify_inclusion(std::uint64_t index, std::uint64_t size, const Digest& leaf,
                      std::span<const Digest> proof, const Digest& root);

/// Proof that the tree of `size` leaves begins with that of `old_size`. Precondition:
/// old_size <= size. Empty if old_size is 0 or equals size.
std::vector<Digest> prove_consistency(std::uint64_t old_size, std::uint64_t size,
                                      const NodeReader& read);

/// False also if old_size is 0, which would say nothing about `old_root`: a caller for whom the
/// empty tree is a valid beginning decides that itself.
bool verify_consistency(std::uint64_t old_size, std::uint64_t size, const Digest& old_root,
                        const Digest& root, std::span<const Digest> proof);

}  // namespace hefu
