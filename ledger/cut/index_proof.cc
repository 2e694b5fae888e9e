#include "ledger/cut/index_proof.h"

#include <algorithm>
#include <set>
#include <utility>

#include "crypto/encoding.h"
#include "ledger/merkle/proof.h"

namespace hefu {

namespace {

void put_be(std::uint8_t* out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    *out++ = static_cast<std::uint8_t>(value >> shift);
  }
}

bool holds(std::uint64_t size, const Digest& root, std::uint64_t place,
           const IndexProof::Shown& shown) {
  return verify_inclusion(place, size, leaf_hash(shown.entry), shown.path, root);
}

}  // namespace

IndexEntry type_entry(std::uint64_t index, const Digest& leaf) {
  IndexEntry entry;
  put_be(entry.data(), index);
  std::copy(leaf.bytes.begin(), leaf.bytes.end(), entry.begin() + 8);
  return entry;
}

IndexEntry supersession_entry(const EventId& superseded, std::uint64_t index) {
  IndexEntry entry;
  std::copy(superseded.digest.bytes.begin(), superseded.digest.bytes.end(), entry.begin());
  put_be(entry.data() + Digest::kSize, index);
  return entry;
}

Digest supersession_index_root(std::uint64_t size, const Digest& list_root) {
  const std::string text = "hefu/supersession-index/v1\n" + std::to_string(size) + "\n" +
                           base64_encode(list_root.bytes) + "\n";
  return sha256(as_bytes(text));
}

Result<bool> verify_index_proof(std::uint64_t size, const Digest& root, const IndexEntry& entry,
                                const IndexProof& proof) {
  const Error fails{Errc::kUnverified, "index proof: shows neither that the entry is there nor not",
                    ""};
  if (size == 0) {
    const bool empty = proof == IndexProof{} && root == empty_root();
    return empty ? Result<bool>(false) : Result<bool>(fails);
  }
  if (proof.place > size || (proof.at && !holds(size, root, proof.place, *proof.at))) {
    return fails;
  }
  if (proof.at && proof.at->entry == entry) {
    return proof.before ? Result<bool>(fails) : Result<bool>(true);
  }
  const bool all_shown =
      proof.before.has_value() == (proof.place > 0) && proof.at.has_value() == (proof.place < size);
  const bool below = !proof.before || (proof.before->entry < entry &&
                                       holds(size, root, proof.place - 1, *proof.before));
  const bool above = !proof.at || proof.at->entry > entry;
  return all_shown && below && above ? Result<bool>(false) : Result<bool>(fails);
}

void IndexList::add(const IndexEntry& entry) {
  HEFU_ASSERT(entries_.empty() || entries_.back() < entry);
  entries_.push_back(entry);
  tree_.append(leaf_hash(entry));
}

IndexProof::Shown IndexList::show(std::uint64_t place) const {
  return {entries_[place], tree_.prove_inclusion(place, size())};
}

IndexProof IndexList::prove(const IndexEntry& entry) const {
  const auto at = std::lower_bound(entries_.begin(), entries_.end(), entry);
  IndexProof proof;
  proof.place = static_cast<std::uint64_t>(at - entries_.begin());
  if (at != entries_.end()) {
    proof.at = show(proof.place);
  }
  const bool is_there = at != entries_.end() && *at == entry;
  if (!is_there && proof.place > 0) {
    proof.before = show(proof.place - 1);
  }
  return proof;
}

IndexLists index_lists(std::span<const Event> events, std::span<const Digest> leaves) {
  HEFU_ASSERT(events.size() == leaves.size());
  IndexLists lists;
  std::set<IndexEntry> supersessions;
  for (std::uint64_t i = 0; i < events.size(); ++i) {
    lists.types[events[i].type].add(type_entry(i, leaves[i]));
    if (events[i].supersedes) {
      supersessions.insert(supersession_entry(*events[i].supersedes, i));
    }
  }
  for (const IndexEntry& entry : supersessions) {
    lists.supersessions.add(entry);
  }
  return lists;
}

}  // namespace hefu
