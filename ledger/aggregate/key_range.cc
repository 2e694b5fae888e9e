#include "ledger/aggregate/key_range.h"

#include <algorithm>

namespace hefu {

namespace {

bool less(BytesView a, BytesView b) {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
}

/// The places next to both edges that exist.
std::vector<std::uint64_t> edge_places(std::uint64_t begin, std::uint64_t end,
                                       std::uint64_t count) {
  std::vector<std::uint64_t> places;
  const auto add = [&](bool exists, std::uint64_t place) {
    if (exists && (places.empty() || places.back() < place)) {
      places.push_back(place);
    }
  };
  add(begin > 0, begin - 1);
  add(begin < count, begin);
  add(end > begin, end - 1);
  add(end < count, end);
  return places;
}

/// The cuts on both sides of each place; the edges of the range are among them.
std::vector<std::uint64_t> cuts_around(const std::vector<std::uint64_t>& places) {
  std::vector<std::uint64_t> cuts;
  for (const std::uint64_t place : places) {
    if (cuts.empty() || cuts.back() != place) {
      cuts.push_back(place);
    }
    cuts.push_back(place + 1);
  }
  return cuts;
}

Error misshapen(const std::string& what) {
  return Error{Errc::kInvalid, "key range proof: " + what, ""};
}

}  // namespace

KeyRange KeyRange::only(BytesView key) {
  Bytes next = to_bytes(key);
  next.push_back(0);  // the first key after it
  return {to_bytes(key), std::move(next)};
}

KeyRange KeyRange::with_prefix(BytesView prefix) {
  Bytes next = to_bytes(prefix);
  while (!next.empty() && next.back() == 0xff) {
    next.pop_back();
  }
  if (next.empty()) {
    return {to_bytes(prefix), std::nullopt};
  }
  ++next.back();
  return {to_bytes(prefix), std::move(next)};
}

Bytes KeyRangeProof::encode() const {
  Bytes out;
  append_be(out, begin);
  append_be(out, end);
  out.push_back(static_cast<std::uint8_t>(shown.size()));
  for (const ShownLeaf& leaf : shown) {
    append_be(out, static_cast<std::uint16_t>(leaf.key.size()));
    append(out, BytesView(leaf.key));
    append(out, leaf.payload_hash.view());
  }
  append(out, BytesView(nodes));
  return out;
}

Result<KeyRangeProof> KeyRangeProof::decode(BytesView bytes) {
  if (bytes.size() > kKeyRangeProofBytesMax) {
    return Error{Errc::kTooLarge, "key range proof: more bytes than any proof has", ""};
  }
  constexpr std::size_t kHeadBytes = 17;
  if (bytes.size() < kHeadBytes) {
    return misshapen("ends before the leaves");
  }
  KeyRangeProof proof;
  proof.begin = read_be<std::uint64_t>(bytes.data());
  proof.end = read_be<std::uint64_t>(bytes.data() + 8);
  const std::size_t leaves = bytes[16];
  bytes = bytes.subspan(kHeadBytes);
  if (leaves > 4) {
    return misshapen("shows more than four leaves");
  }
  for (std::size_t i = 0; i < leaves; ++i) {
    if (bytes.size() < 2) {
      return misshapen("ends in a leaf");
    }
    const std::size_t length = read_be<std::uint16_t>(bytes.data());
    if (length > kAggKeyBytesMax || bytes.size() < 2 + length + Digest::kSize) {
      return misshapen("a key is too long, or the proof ends in it");
    }
    proof.shown.push_back({to_bytes(bytes.subspan(2, length)),
                           *Digest::from_bytes(bytes.subspan(2 + length, Digest::kSize))});
    bytes = bytes.subspan(2 + length + Digest::kSize);
  }
  if (bytes.size() % kAggNodeBytes != 0 || bytes.size() > kAggProofBytesMax) {
    return misshapen("the nodes are not 40 bytes each, or too many");
  }
  proof.nodes = to_bytes(bytes);
  return proof;
}

KeyRangeProof prove_places(const AggTree& tree, std::span<const Bytes> keys,
                           std::span<const Digest> payload_hashes, std::uint64_t begin,
                           std::uint64_t end) {
  HEFU_ASSERT(keys.size() == tree.size() && payload_hashes.size() == tree.size());
  HEFU_ASSERT(begin <= end && end <= tree.size());
  KeyRangeProof proof;
  proof.begin = begin;
  proof.end = end;
  const auto places = edge_places(begin, end, tree.size());
  for (const std::uint64_t place : places) {
    proof.shown.push_back({keys[place], payload_hashes[place]});
  }
  proof.nodes = tree.prove(cuts_around(places));
  return proof;
}

KeyRangeProof prove_key_range(const AggTree& tree, std::span<const Bytes> keys,
                              std::span<const Digest> payload_hashes, const KeyRange& range) {
  const auto place_of = [&](const Bytes& key) {
    return static_cast<std::uint64_t>(
        std::lower_bound(keys.begin(), keys.end(), key,
                         [](const Bytes& a, const Bytes& b) { return less(a, b); }) -
        keys.begin());
  };
  const std::uint64_t begin = place_of(range.lo);
  const std::uint64_t end = range.hi ? place_of(*range.hi) : tree.size();
  return prove_places(tree, keys, payload_hashes, begin, std::max(begin, end));
}

Result<ProvenPlaces> verify_places(std::uint64_t count, const KeyRangeProof& proof,
                                   const Digest& view_id, const Digest& root) {
  if (proof.begin > proof.end || proof.end > count) {
    return misshapen("its places lie outside the tree");
  }
  const auto places = edge_places(proof.begin, proof.end, count);
  if (proof.shown.size() != places.size()) {
    return misshapen("does not show exactly the leaves next to its edges");
  }
  const auto stretches = verify_agg_proof(count, cuts_around(places), proof.nodes, view_id, root);
  if (!stretches) {
    return stretches.error();
  }
  ProvenPlaces proven;
  proven.total.count = proof.end - proof.begin;
  std::size_t next = 0;
  for (const AggStretch& stretch : *stretches) {
    if (stretch.begin >= proof.begin && stretch.end <= proof.end) {
      proven.total.sum += stretch.sum;  // the whole tree's sum did not overflow
    }
    if (next == places.size() || stretch.begin != places[next]) {
      continue;
    }
    const ShownLeaf& leaf = proof.shown[next];
    if (agg_leaf_hash(1, stretch.sum, agg_key_hash(leaf.key), leaf.payload_hash) != stretch.hash) {
      return Error{
          Errc::kUnverified,
          "key range proof: leaf " + std::to_string(places[next]) + " is not the one in the tree",
          ""};
    }
    proven.leaves.push_back({places[next], stretch.sum, leaf});
    ++next;
  }
  return proven;
}

Result<KeyRangeTotal> verify_key_range(std::uint64_t count, const KeyRange& range,
                                       const KeyRangeProof& proof, const Digest& view_id,
                                       const Digest& root) {
  if (range.hi && less(*range.hi, range.lo)) {
    return misshapen("the range ends before it begins");
  }
  const auto proven = verify_places(count, proof, view_id, root);
  if (!proven) {
    return proven.error();
  }
  for (const ProvenLeaf& one : proven->leaves) {
    const bool from_lo = !less(one.leaf.key, range.lo);
    const bool below_hi = !range.hi || less(one.leaf.key, *range.hi);
    const bool inside = one.place >= proof.begin && one.place < proof.end;
    const bool fits = inside ? from_lo && below_hi : one.place < proof.begin ? !from_lo : !below_hi;
    if (!fits) {
      return Error{Errc::kUnverified,
                   "key range proof: leaf " + std::to_string(one.place) +
                       " lies on the wrong side of an edge",
                   ""};
    }
  }
  return proven->total;
}

}  // namespace hefu
