#include "ledger/fraud/prove.h"

#include <algorithm>
#include <optional>

#include "ledger/bundle/bundle_state.h"
#include "ledger/cut/anchor.h"
#include "ledger/cut/cut.h"
#include "ledger/event/envelope.h"
#include "ledger/merkle/memory_tree.h"
#include "ledger/view/view.h"

namespace hefu {

namespace {

Error nothing_found(const std::string& what) {
  return Error{Errc::kNotFound, what, ""};
}

// Indexes.

struct WholeLog {
  std::vector<Envelope> envelopes;
  std::vector<Event> events;
  std::vector<Digest> leaves;
  MemoryTree tree;
};

/// Decodes a log up to the first entry of a schema that is not known here.
Result<WholeLog> read_whole(const LogContents& contents) {
  WholeLog out;
  for (std::uint64_t i = 0; i < contents.entries.size(); ++i) {
    const LogContents::Entry& entry = contents.entries[i];
    if (entry.index != i) {
      return Error{Errc::kInvalid, "log " + contents.origin + ": an entry is missing here",
                   "give the whole log"};
    }
    auto envelope = decode_envelope(entry.envelope);
    auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
    if (!event && event.error().code != Errc::kUnsupported) {
      return event.error().during("log " + contents.origin + " entry " + std::to_string(i));
    }
    if (!event) {
      break;
    }
    out.tree.append(leaf_hash(entry.envelope));
    out.leaves.push_back(leaf_hash(entry.envelope));
    out.events.push_back(*std::move(event));
    out.envelopes.push_back(*std::move(envelope));
  }
  return out;
}

/// The first part of a proof: what is left out, and that it stands before the anchor.
IndexOmission omission_of(const LoggedStatement& anchor, std::uint64_t indexed_size,
                          const WholeLog& log, const LogContents& contents, std::uint64_t index) {
  IndexOmission out;
  out.anchor = anchor;
  out.index = index;
  out.event = to_bytes(contents.entries[index].envelope);
  out.event_path = log.tree.prove_inclusion(index, indexed_size);
  return out;
}

IndexList without(const IndexList& list, std::uint64_t left_out) {
  IndexList out;
  for (std::uint64_t i = 0; i < list.size(); ++i) {
    if (i != left_out) {
      out.add(list.entries()[i]);
    }
  }
  return out;
}

std::vector<TypeSlice> slices_of(const IndexLists& lists) {
  std::vector<TypeSlice> slices;
  for (const auto& [type, list] : lists.types) {
    slices.push_back({type, list.size(), list.root()});
  }
  return slices;
}

std::uint64_t index_in(const IndexEntry& entry, std::size_t at) {
  return read_be<std::uint64_t>(entry.data() + at);
}

/// Searches for the one correction whose absence gives the anchor's root.
std::optional<IndexOmission> hidden_correction(const Anchor& anchor, const IndexLists& lists,
                                               const auto& omission) {
  const IndexList& list = lists.supersessions;
  for (std::uint64_t i = 0; i < std::min(list.size(), kSearchedListMax); ++i) {
    const IndexList shorter = without(list, i);
    if (supersession_index_root(shorter.size(), shorter.root()) != anchor.supersession_index_root) {
      continue;
    }
    IndexOmission out = omission(index_in(list.entries()[i], Digest::kSize));
    out.of_supersessions = true;
    out.list_size = shorter.size();
    out.list_root = shorter.root();
    out.absence = shorter.prove(list.entries()[i]);
    return out;
  }
  return std::nullopt;
}

/// Searches for the one event whose absence from its type's list gives the anchor's root.
std::optional<IndexOmission> hidden_event(const Anchor& anchor, const IndexLists& lists,
                                          const auto& omission) {
  const std::vector<TypeSlice> honest = slices_of(lists);
  for (std::size_t s = 0; s < honest.size(); ++s) {
    const IndexList& list = lists.types.at(honest[s].type);
    if (list.size() > kSearchedListMax) {
      continue;
    }
    for (std::uint64_t i = 0; i < list.size(); ++i) {
      const IndexList shorter = without(list, i);
      std::vector<TypeSlice> slices = honest;
      slices[s].size = shorter.size();
      slices[s].root = shorter.root();
      if (shorter.size() == 0) {
        slices.erase(slices.begin() + static_cast<std::ptrdiff_t>(s));
      }
      if (type_index_root(slices) != anchor.type_index_root) {
        continue;
      }
      IndexOmission out = omission(index_in(list.entries()[i], 0));
      out.slices = std::move(slices);
      if (shorter.size() > 0) {
        out.absence = shorter.prove(list.entries()[i]);
      }
      return out;
    }
  }
  return std::nullopt;
}

/// What an anchor hides, if its roots are not those of the events before it.
std::optional<IndexOmission> hidden_before(const LoggedStatement& statement, const Anchor& anchor,
                                           const WholeLog& log, const LogContents& contents) {
  const auto count = static_cast<std::size_t>(anchor.indexed_size);
  const IndexLists lists =
      index_lists(std::span(log.events).first(count), std::span(log.leaves).first(count));
  const auto omission = [&](std::uint64_t index) {
    return omission_of(statement, anchor.indexed_size, log, contents, index);
  };
  if (type_index_root(slices_of(lists)) != anchor.type_index_root) {
    return hidden_event(anchor, lists, omission);
  }
  const Digest honest =
      supersession_index_root(lists.supersessions.size(), lists.supersessions.root());
  if (honest != anchor.supersession_index_root) {
    return hidden_correction(anchor, lists, omission);
  }
  return std::nullopt;
}

// Views.

const ViewFile::Tree& tree_in(const ViewFile& view, ViewTree tree) {
  return tree == ViewTree::kUnits ? view.units : view.claims;
}

LoggedStatement statement_of(const ViewFile& view) {
  return {view.envelope, view.proof};
}

/// The tree over the leaves in the file, if it is the attested one.
Result<AggTree> attested_tree_in(const ViewFile& view, const ViewAttestation& attestation,
                                 ViewTree which) {
  auto tree = view_tree(tree_in(view, which).leaves);
  if (!tree) {
    return tree;
  }
  const AttestedTree& attested = which == ViewTree::kUnits ? attestation.units : attestation.claims;
  if (tree->root(attestation.view_id()) != attested.root) {
    return Error{Errc::kInvalid, "the leaves in the view file do not lead to the attested root",
                 "`hefu fraud prove arithmetic` looks at the nodes; else ask for the file again"};
  }
  return tree;
}

/// Walks the nodes of a file from the top, left before right.
class NodeWalk {
 public:
  NodeWalk(const ViewFile::Tree& tree, std::uint64_t leaves) : tree_(tree), leaves_(leaves) {}

  /// Fills steps, toward and opened with the first node that is wrong; false if none is.
  bool find(WrongArithmetic* proof) {
    return tree_.nodes.size() == 2 * leaves_ - 1 && visit(0, 0, leaves_, proof);
  }

 private:
  bool visit(std::size_t at, std::uint64_t low, std::uint64_t high, WrongArithmetic* proof) {
    const AggClaim& node = tree_.nodes[at];
    if (high - low == 1) {
      const ViewLeaf& leaf = tree_.leaves[low];
      if (node.count == 1 && node.sum == leaf.value) {
        return false;
      }
      proof->toward = low;
      proof->opened = WrongArithmetic::Leaf{1, leaf.value, agg_key_hash(leaf.key),
                                            agg_payload_hash(leaf.payload)};
      return true;
    }
    const std::uint64_t middle = low + agg_split(high - low);
    const std::size_t left = at + 1;
    const std::size_t right = at + static_cast<std::size_t>(2 * (middle - low));
    const AggClaim& a = tree_.nodes[left];
    const AggClaim& b = tree_.nodes[right];
    if (a.count + b.count != node.count || a.sum + b.sum != node.sum) {
      proof->toward = low;
      proof->opened = WrongArithmetic::Inner{a, b};
      return true;
    }
    proof->steps.push_back({b, a.count, a.sum});
    if (visit(left, low, middle, proof)) {
      return true;
    }
    proof->steps.back() = {a, b.count, b.sum};
    if (visit(right, middle, high, proof)) {
      return true;
    }
    proof->steps.pop_back();
    return false;
  }

  const ViewFile::Tree& tree_;
  const std::uint64_t leaves_;
};

/// The first key, in order, at which two lists of leaves differ.
std::optional<Bytes> first_difference(const ViewLeaves& theirs, const ViewLeaves& ours) {
  std::size_t i = 0;
  while (i < theirs.size() && i < ours.size() && theirs[i] == ours[i]) {
    ++i;
  }
  if (i == theirs.size() && i == ours.size()) {
    return std::nullopt;
  }
  if (i == theirs.size() || (i < ours.size() && ours[i].key < theirs[i].key)) {
    return ours[i].key;
  }
  return theirs[i].key;
}

/// The correction after the first version that the leaf counts though it was replaced.
std::optional<EventId> replaced_by(const Bytes& payload, const Records& records) {
  const auto counted = read_view_payload(payload);
  if (!counted) {
    return std::nullopt;
  }
  for (const CountedRecord& one : *counted) {
    const Record* record = records.record(one.record);
    if (record == nullptr) {
      continue;
    }
    const auto at = std::find(record->versions.begin(), record->versions.end(), one.version);
    if (at != record->versions.end() && at + 1 != record->versions.end()) {
      return *(at + 1);
    }
  }
  return std::nullopt;
}

}  // namespace

Result<FraudProof> find_index_omission(const Charter& charter, const LogContents& whole,
                                       const std::string& head) {
  const Member* owner = charter.by_origin(whole.origin);
  const auto log = read_whole(whole);
  const auto checkpoint = parse_checkpoint(head);
  if (owner == nullptr || !log || !checkpoint) {
    return owner == nullptr ? nothing_found("log " + whole.origin + " belongs to no member")
           : !log           ? log.error()
                            : checkpoint.error();
  }
  const std::uint64_t size = checkpoint->checkpoint.size;
  if (size > log->tree.size() || log->tree.root(size) != checkpoint->checkpoint.root) {
    return Error{Errc::kInvalid, "log " + whole.origin + ": not the entries of its checkpoint", ""};
  }
  LogIndex index;
  for (std::uint64_t i = 0; i < size; ++i) {
    if (log->events[i].type != kAnchorType) {
      continue;
    }
    const auto anchor = open_anchor(charter, *owner, log->envelopes[i], log->events[i], i);
    if (!anchor || anchor->indexed_size < index.size()) {
      continue;
    }
    for (std::uint64_t k = index.size(); k < anchor->indexed_size; ++k) {
      index.add(k, log->events[k], log->leaves[k]);
    }
    if (index.type_root() == anchor->type_index_root &&
        index.supersession_root() == anchor->supersession_index_root) {
      continue;
    }
    const TlogProof proof{std::nullopt, i, log->tree.prove_inclusion(i, size), head};
    const LoggedStatement statement{to_bytes(whole.entries[i].envelope), proof.text()};
    if (auto found = hidden_before(statement, *anchor, *log, whole)) {
      return FraudProof{*std::move(found)};
    }
  }
  return nothing_found("no anchor of log " + whole.origin + " hides a single event");
}

Result<FraudProof> find_index_omission(const Bundle& bundle, const LogContents& whole) {
  const auto shown = std::find_if(bundle.logs.begin(), bundle.logs.end(),
                                  [&](const BundleLog& one) { return one.origin == whole.origin; });
  const auto log = read_whole(whole);
  if (shown != bundle.logs.end() && shown->place) {
    return Error{Errc::kInvalid, "the bundle is of an earlier cut than its checkpoints",
                 "give a bundle of the present cut"};
  }
  if (shown == bundle.logs.end() || !shown->anchor || !log) {
    return !log ? log.error() : nothing_found("the bundle shows no index of log " + whole.origin);
  }
  const auto at = std::find_if(shown->entries.begin(), shown->entries.end(),
                               [&](const BundleEntry& one) { return one.index == *shown->anchor; });
  const auto envelope =
      at == shown->entries.end() ? Result<Envelope>(Error{}) : decode_envelope(at->envelope);
  const auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
  const Value* indexed = event ? event->field("indexed_size") : nullptr;
  if (indexed == nullptr || indexed->integer() == nullptr || *indexed->integer() < 0 ||
      static_cast<std::uint64_t>(*indexed->integer()) > log->events.size()) {
    return Error{Errc::kInvalid, "the bundle's anchor of log " + whole.origin + " is not in it",
                 ""};
  }
  const auto size = static_cast<std::uint64_t>(*indexed->integer());
  const TlogProof proof{std::nullopt, at->index, at->proof, shown->checkpoint};
  const LoggedStatement statement{at->envelope, proof.text()};
  std::map<std::string, IndexList> committed;
  for (const BundleEntry& entry : shown->entries) {
    const auto one = decode_envelope(entry.envelope);
    const auto read = one ? decode_event(one->event) : Result<Event>(one.error());
    if (read && entry.index < size) {
      committed[read->type].add(type_entry(entry.index, leaf_hash(entry.envelope)));
    }
  }
  for (std::uint64_t i = 0; i < size; ++i) {
    const std::string& type = log->events[i].type;
    const auto slice = std::find_if(shown->slices.begin(), shown->slices.end(),
                                    [&](const TypeSlice& one) { return one.type == type; });
    IndexOmission out = omission_of(statement, size, *log, whole, i);
    out.slices = shown->slices;
    if (slice == shown->slices.end()) {
      return FraudProof{std::move(out)};
    }
    const IndexList& list = committed[type];
    const IndexEntry entry = type_entry(i, log->leaves[i]);
    if (list.size() == slice->size && list.root() == slice->root &&
        !std::binary_search(list.entries().begin(), list.entries().end(), entry)) {
      out.absence = list.prove(entry);
      return FraudProof{std::move(out)};
    }
  }
  return nothing_found("the index that the bundle shows of log " + whole.origin +
                       " leaves out nothing");
}

Result<FraudProof> find_wrong_arithmetic(const ViewFile& view) {
  const auto attestation = view.attestation();
  if (!attestation) {
    return attestation.error();
  }
  for (const ViewTree which : {ViewTree::kUnits, ViewTree::kClaims}) {
    const AttestedTree& attested =
        which == ViewTree::kUnits ? attestation->units : attestation->claims;
    const ViewFile::Tree& tree = tree_in(view, which);
    WrongArithmetic proof;
    proof.attestation = statement_of(view);
    proof.tree = which;
    proof.leaves = tree.leaves.size();
    if (tree.nodes.empty()) {
      const auto made = view_tree(tree.leaves);
      if (!made) {
        return made.error();
      }
      proof.top = made->top();
    } else {
      proof.top = tree.nodes.front();
    }
    const bool is_top_right = attested.leaves == proof.leaves &&
                              proof.top.count == attested.leaves && proof.top.sum == attested.sum;
    const bool opens = agg_root(attestation->view_id(), proof.leaves, proof.top) == attested.root;
    if (opens && (!is_top_right || NodeWalk(tree, proof.leaves).find(&proof))) {
      return FraudProof{std::move(proof)};
    }
  }
  return nothing_found("every node in the view file is what its children add up to");
}

Result<FraudProof> find_duplicate(const ViewFile& view) {
  const auto attestation = view.attestation();
  if (!attestation) {
    return attestation.error();
  }
  for (const ViewTree which : {ViewTree::kUnits, ViewTree::kClaims}) {
    const ViewLeaves& leaves = tree_in(view, which).leaves;
    const auto out_of_order =
        std::adjacent_find(leaves.begin(), leaves.end(),
                           [](const ViewLeaf& a, const ViewLeaf& b) { return a.key >= b.key; });
    if (out_of_order == leaves.end()) {
      continue;
    }
    const auto tree = attested_tree_in(view, *attestation, which);
    if (!tree) {
      return tree.error();
    }
    const auto place = static_cast<std::uint64_t>(out_of_order - leaves.begin()) + 1;
    Duplicate proof;
    proof.attestation = statement_of(view);
    proof.tree = which;
    proof.between = prove_places(*tree, keys_of(leaves), payload_hashes_of(leaves), place, place);
    return FraudProof{std::move(proof)};
  }
  return nothing_found("the leaves in the view file are in order, and no two have one key");
}

Result<FraudProof> find_wrong_leaf(const ViewFile& view, BytesView bundle_file) {
  const auto attestation = view.attestation();
  const auto bundle =
      attestation ? decode_bundle(bundle_file) : Result<Bundle>(attestation.error());
  const auto state = bundle ? bundle_state(*bundle) : Result<LedgerState>(bundle.error());
  if (!state) {
    return state.error();
  }
  if (state->cut.id() != attestation->cut) {
    return Error{Errc::kInvalid,
                 "the bundle is of cut " + state->cut.id().hex() + ", attested is cut " +
                     attestation->cut.hex(),
                 "use the bundle that `hefu view attest` wrote beside the view, or another of its "
                 "cut"};
  }
  const auto ours =
      make_view(*state, {bundle->claim.pack, attestation->period, attestation->indicator});
  if (!ours) {
    return ours.error();
  }
  for (const ViewTree which : {ViewTree::kUnits, ViewTree::kClaims}) {
    const ViewLeaves& leaves = tree_in(view, which).leaves;
    const auto key =
        first_difference(leaves, which == ViewTree::kUnits ? ours->units : ours->claims);
    if (!key) {
      continue;
    }
    const auto tree = attested_tree_in(view, *attestation, which);
    if (!tree) {
      return tree.error();
    }
    WrongLeaf proof;
    proof.attestation = statement_of(view);
    proof.tree = which;
    proof.key = *key;
    proof.place =
        prove_key_range(*tree, keys_of(leaves), payload_hashes_of(leaves), KeyRange::only(*key));
    proof.bundle = to_bytes(bundle_file);
    if (proof.place.begin < proof.place.end) {
      proof.payload = leaves[proof.place.begin].payload;
      proof.correction = replaced_by(proof.payload, state->records);
    }
    return FraudProof{std::move(proof)};
  }
  return nothing_found("every leaf in the view file is what the events give");
}

}  // namespace hefu
