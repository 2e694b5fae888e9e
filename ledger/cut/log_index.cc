#include "ledger/cut/log_index.h"

#include <algorithm>

#include "crypto/encoding.h"
#include "crypto/result.h"
#include "ledger/cut/index_proof.h"
#include "ledger/event/limits.h"

namespace hefu {

Bytes type_index_leaf(std::uint64_t index, const Digest& leaf) {
  Bytes data;
  append_be(data, index);
  append(data, leaf.view());
  return data;
}

bool is_type_index(const std::vector<TypeSlice>& slices) {
  const auto is_name = [](const std::string& text) {
    return !text.empty() && text.size() <= kNameBytesMax &&
           std::all_of(text.begin(), text.end(), [](char c) {
             return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                    c == '.' || c == '_' || c == '-';
           });
  };
  const auto not_rising = [](const TypeSlice& a, const TypeSlice& b) { return a.type >= b.type; };
  return std::all_of(slices.begin(), slices.end(),
                     [&](const TypeSlice& slice) { return is_name(slice.type); }) &&
         std::adjacent_find(slices.begin(), slices.end(), not_rising) == slices.end();
}

Digest type_index_root(const std::vector<TypeSlice>& slices) {
  std::string text = "hefu/type-index/v1\n";
  for (const TypeSlice& slice : slices) {
    text += slice.type + "\n" + std::to_string(slice.size) + "\n" +
            base64_encode(slice.root.bytes) + "\n";
  }
  return sha256(as_bytes(text));
}

void LogIndex::add(std::uint64_t index, const Event& event, const Digest& leaf) {
  HEFU_ASSERT(index == size_);
  types_[event.type].append(leaf_hash(type_index_leaf(index, leaf)));
  if (event.supersedes) {
    supersessions_.emplace(event.supersedes->digest, index);
  }
  ++size_;
}

std::vector<TypeSlice> LogIndex::slices() const {
  std::vector<TypeSlice> slices;
  for (const auto& [type, range] : types_) {
    slices.push_back(TypeSlice{type, range.size(), range.root()});
  }
  return slices;
}

Digest LogIndex::supersession_root() const {
  CompactRange range;
  for (const auto& [superseded, index] : supersessions_) {
    Bytes data = to_bytes(superseded.view());
    append_be(data, index);
    range.append(leaf_hash(data));
  }
  return supersession_index_root(range.size(), range.root());
}

}  // namespace hefu
