#include "ledger/fraud/judge.h"

#include <algorithm>
#include <limits>

#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/verify.h"
#include "ledger/bundle/whole.h"
#include "ledger/cut/cut.h"
#include "ledger/event/envelope.h"
#include "ledger/merkle/proof.h"
#include "ledger/programme/fraction.h"
#include "ledger/view/view.h"

namespace hefu {

namespace {

Error fails(const std::string& what) {
  return Error{Errc::kUnverified, what, ""};
}

FraudVerdict not_proven(FraudVerdict verdict, const std::string& why) {
  verdict.outcome = FraudVerdict::Outcome::kNotProven;
  verdict.why_not = why;
  return verdict;
}

FraudVerdict not_judged(FraudVerdict verdict, const std::string& why) {
  verdict.outcome = FraudVerdict::Outcome::kNotJudged;
  verdict.why_not = why;
  return verdict;
}

FraudVerdict of_error(FraudVerdict verdict, const Error& error) {
  return error.code == Errc::kNotFound ? not_judged(std::move(verdict), error.message)
                                       : not_proven(std::move(verdict), error.message);
}

FraudVerdict proven(FraudVerdict verdict, const std::string& what) {
  verdict.outcome = FraudVerdict::Outcome::kProven;
  verdict.found.push_back(what);
  return verdict;
}

// An index that leaves out an event.

/// Whether the committed index is proven to lack the event.
Result<bool> is_left_out(const IndexOmission& proof, const Anchor& anchor, const Event& event) {
  if (proof.of_supersessions) {
    if (!event.supersedes) {
      return fails("the event corrects nothing, so it belongs in no supersession index");
    }
    if (supersession_index_root(proof.list_size, proof.list_root) !=
        anchor.supersession_index_root) {
      return fails("the supersession index is not the one the anchor commits to");
    }
    auto there =
        verify_index_proof(proof.list_size, proof.list_root,
                           supersession_entry(*event.supersedes, proof.index), proof.absence);
    return there ? Result<bool>(!*there) : there;
  }
  if (!is_type_index(proof.slices) || type_index_root(proof.slices) != anchor.type_index_root) {
    return fails("the type index is not the one the anchor commits to");
  }
  const auto slice = std::find_if(proof.slices.begin(), proof.slices.end(),
                                  [&](const TypeSlice& one) { return one.type == event.type; });
  if (slice == proof.slices.end()) {
    return proof.absence == IndexProof{} ? Result<bool>(true)
                                         : Result<bool>(fails("a proof about a list that is none"));
  }
  auto there = verify_index_proof(slice->size, slice->root,
                                  type_entry(proof.index, leaf_hash(proof.event)), proof.absence);
  return there ? Result<bool>(!*there) : there;
}

FraudVerdict judge(const IndexOmission& proof, const Charter& charter) {
  FraudVerdict verdict;
  const auto opened = open_statement(proof.anchor, charter);
  if (!opened) {
    return of_error(std::move(verdict), opened.error());
  }
  const auto anchor =
      open_anchor(charter, *opened->member, opened->envelope, opened->event, opened->index);
  if (!anchor) {
    return of_error(std::move(verdict), anchor.error());
  }
  verdict.accused = opened->member->id;
  verdict.statement = "anchor at entry " + std::to_string(opened->index) + " of " +
                      opened->member->origin + ", which indexes " +
                      std::to_string(anchor->indexed_size) + " events";
  const auto envelope = decode_envelope(proof.event);
  const auto event = envelope ? decode_event(envelope->event) : Result<Event>(envelope.error());
  if (!event) {
    return of_error(std::move(verdict), event.error().during("the event left out"));
  }
  if (!verify_inclusion(proof.index, anchor->indexed_size, leaf_hash(proof.event), proof.event_path,
                        anchor->checkpoint.root)) {
    return not_proven(std::move(verdict),
                      "the event is not among those that the anchor says it indexes");
  }
  verdict.found.push_back("entry " + std::to_string(proof.index) + " of that log is a " +
                          event->type + ", and stands before the anchor");
  const auto left_out = is_left_out(proof, *anchor, *event);
  if (!left_out) {
    return of_error(std::move(verdict), left_out.error());
  }
  if (!*left_out) {
    return not_proven(std::move(verdict), "the index lists the event");
  }
  return proven(std::move(verdict), std::string("the ") +
                                        (proof.of_supersessions ? "supersession" : "type") +
                                        " index that the anchor commits to does not list it");
}

// A node that is not what its children add up to.

std::string text(std::uint64_t count, AggSum sum) {
  return std::to_string(count) + " leaves with " + decimal_text(sum);
}

bool is_sum(AggSum sum) {
  return sum >= 0 && sum <= std::numeric_limits<std::int64_t>::max();
}

/// The wrong thing about a node that stands over [low, high), if its children are these.
std::string wrong_inner(std::uint64_t low, std::uint64_t high, std::uint64_t count, AggSum sum,
                        const AggClaim& left, const AggClaim& right) {
  const std::string where =
      "the node over leaves [" + std::to_string(low) + ", " + std::to_string(high) + ")";
  const std::uint64_t middle = agg_split(high - low);
  if (left.count != middle || right.count != high - low - middle || count != high - low) {
    return where + " claims " + text(count, sum) + " from " + text(left.count, left.sum) + " and " +
           text(right.count, right.sum) + ": the numbers of leaves are not those of the shape";
  }
  if (!is_sum(left.sum) || !is_sum(right.sum) || !is_sum(sum)) {
    return where + " has a sum below 0 or over 2^63 - 1";
  }
  if (left.sum + right.sum != sum) {
    return where + " claims " + decimal_text(sum) + ", its children have " +
           decimal_text(left.sum) + " and " + decimal_text(right.sum);
  }
  return "";
}

std::string wrong_leaf_node(std::uint64_t place, std::uint64_t count, AggSum sum,
                            const WrongArithmetic::Leaf& leaf) {
  if (leaf.count == 1 && count == 1 && leaf.sum == sum && is_sum(sum)) {
    return "";
  }
  return "leaf " + std::to_string(place) + " is " + text(leaf.count, leaf.sum) +
         ", and said to be " + text(count, sum);
}

/// What is wrong on the way that the proof opens; empty if nothing is. Errors: kUnverified if the
/// way does not lead from the root to what is opened.
Result<std::string> wrong_on_the_way(const WrongArithmetic& proof, const AttestedTree& attested,
                                     const Digest& view_id) {
  if (agg_root(view_id, proof.leaves, proof.top) != attested.root) {
    return fails("the top is not the one under the attested root");
  }
  const bool is_top_right = proof.leaves == attested.leaves && proof.top.count == attested.leaves &&
                            proof.top.sum == attested.sum;
  if (std::holds_alternative<std::monostate>(proof.opened)) {
    if (!proof.steps.empty() || proof.toward != 0) {
      return fails("opens nothing and goes on");
    }
    if (attested.leaves == 0 && proof.top.hash != agg_empty_hash()) {
      return std::string("the root says it has no leaves, and has a top that is not empty");
    }
    return is_top_right ? std::string()
                        : "the attestation says " + text(attested.leaves, attested.sum) +
                              ", the root it names " + text(proof.top.count, proof.top.sum);
  }
  if (!is_top_right || attested.leaves == 0) {
    return fails("the root and the attestation differ: open nothing to show it");
  }
  // Down, to learn which leaves each node stands over; then up, to hash.
  struct Level {
    std::uint64_t low, high;
    bool to_left;
  };
  std::vector<Level> levels;
  std::uint64_t low = 0;
  std::uint64_t high = attested.leaves;
  for (std::size_t i = 0; i < proof.steps.size(); ++i) {
    if (high - low < 2) {
      return fails("goes deeper than the tree");
    }
    const std::uint64_t middle = low + agg_split(high - low);
    const bool to_left = proof.toward < middle;
    levels.push_back({low, high, to_left});
    (to_left ? high : low) = middle;
  }
  if (proof.toward != low) {
    return fails("does not end at the leaf it names");
  }
  AggClaim at = proof.steps.empty()
                    ? proof.top
                    : AggClaim{proof.steps.back().own_count, proof.steps.back().own_sum, {}};
  std::string wrong;
  if (const auto* inner = std::get_if<WrongArithmetic::Inner>(&proof.opened)) {
    if (high - low < 2) {
      return fails("opens a leaf as if it had children");
    }
    at.hash = agg_inner_hash(inner->left, inner->right);
    wrong = wrong_inner(low, high, at.count, at.sum, inner->left, inner->right);
  } else {
    if (high - low != 1) {
      return fails("opens a node as if it were a leaf");
    }
    const auto& leaf = std::get<WrongArithmetic::Leaf>(proof.opened);
    at.hash = agg_leaf_hash(leaf.count, leaf.sum, leaf.key_hash, leaf.payload_hash);
    wrong = wrong_leaf_node(low, at.count, at.sum, leaf);
  }
  for (std::size_t i = proof.steps.size(); i-- > 0;) {
    const AggClaim& sibling = proof.steps[i].sibling;
    const AggClaim& left = levels[i].to_left ? at : sibling;
    const AggClaim& right = levels[i].to_left ? sibling : at;
    const std::uint64_t count = i == 0 ? proof.top.count : proof.steps[i - 1].own_count;
    const AggSum sum = i == 0 ? proof.top.sum : proof.steps[i - 1].own_sum;
    const std::string above = wrong_inner(levels[i].low, levels[i].high, count, sum, left, right);
    wrong = above.empty() ? wrong : above;
    at = {count, sum, agg_inner_hash(left, right)};
  }
  if (at.hash != proof.top.hash) {
    return fails("what is opened does not lead to the attested root");
  }
  return wrong;
}

const AttestedTree& attested_tree(const ViewAttestation& attestation, ViewTree tree) {
  return tree == ViewTree::kUnits ? attestation.units : attestation.claims;
}

const char* name(ViewTree tree) {
  return tree == ViewTree::kUnits ? "the tree of units" : "the tree of claims";
}

/// Opens the attestation and says whose and what it is.
Result<AttestedBy> accuse(const LoggedStatement& statement, const Charter& charter,
                          FraudVerdict* verdict) {
  auto opened = open_attestation(statement, charter);
  if (opened) {
    const ViewAttestation& attestation = opened->attestation;
    verdict->accused = opened->member->id;
    verdict->statement =
        "attestation of " + attestation.indicator + " for " + attestation.period + " at cut " +
        attestation.cut.hex() + ": " + std::to_string(attestation.units.leaves) + " units, sum " +
        std::to_string(attestation.units.sum) + "/" + std::to_string(attestation.scale);
  }
  return opened;
}

FraudVerdict judge(const WrongArithmetic& proof, const Charter& charter) {
  FraudVerdict verdict;
  const auto by = accuse(proof.attestation, charter, &verdict);
  if (!by) {
    return of_error(std::move(verdict), by.error());
  }
  const auto wrong = wrong_on_the_way(proof, attested_tree(by->attestation, proof.tree),
                                      by->attestation.view_id());
  if (!wrong) {
    return of_error(std::move(verdict), wrong.error());
  }
  return wrong->empty() ? not_proven(std::move(verdict), "everything that is opened adds up")
                        : proven(std::move(verdict), std::string(name(proof.tree)) + ": " + *wrong);
}

FraudVerdict judge(const Duplicate& proof, const Charter& charter) {
  FraudVerdict verdict;
  const auto by = accuse(proof.attestation, charter, &verdict);
  if (!by) {
    return of_error(std::move(verdict), by.error());
  }
  const AttestedTree& tree = attested_tree(by->attestation, proof.tree);
  const auto shown =
      verify_places(tree.leaves, proof.between, by->attestation.view_id(), tree.root);
  if (!shown) {
    return of_error(std::move(verdict), shown.error());
  }
  if (proof.between.begin != proof.between.end || shown->leaves.size() != 2) {
    return not_proven(std::move(verdict), "does not show two neighbouring leaves");
  }
  const Bytes& first = shown->leaves[0].leaf.key;
  const Bytes& second = shown->leaves[1].leaf.key;
  if (first < second) {
    return not_proven(std::move(verdict), "the two leaves are in order and differ");
  }
  return proven(std::move(verdict),
                std::string(name(proof.tree)) + ": leaves " +
                    std::to_string(shown->leaves[0].place) + " and " +
                    std::to_string(shown->leaves[1].place) +
                    (first == second ? " have one key: something is counted twice"
                                     : " are out of order, which hides what is counted twice"));
}

// A leaf that is not what the rule gives.

const ViewLeaf* find_leaf(const ViewLeaves& leaves, const Bytes& key) {
  const auto at =
      std::lower_bound(leaves.begin(), leaves.end(), key,
                       [](const ViewLeaf& leaf, const Bytes& wanted) { return leaf.key < wanted; });
  return at == leaves.end() || at->key != key ? nullptr : &*at;
}

/// What the leaf counts that the author had replaced by `correction`; empty if nothing.
std::string superseded_in(const Bytes& payload, const EventId& correction, const Records& records) {
  const auto counted = read_view_payload(payload);
  if (!counted) {
    return "";
  }
  for (const CountedRecord& one : *counted) {
    const Record* record = records.record(one.record);
    if (record == nullptr) {
      continue;
    }
    const auto version = std::find(record->versions.begin(), record->versions.end(), one.version);
    if (version != record->versions.end() &&
        std::find(version + 1, record->versions.end(), correction) != record->versions.end()) {
      return "it counts version " + one.version.hex() + " of record " + one.record.hex() +
             ", which its author had replaced by " + correction.hex();
    }
  }
  return "";
}

/// What the attested tree holds at the key. Errors: as verify_key_range; kUnverified.
Result<const ShownLeaf*> attested_leaf(const WrongLeaf& proof, const AttestedTree& tree,
                                       const Digest& view_id, std::int64_t* value) {
  const auto total =
      verify_key_range(tree.leaves, KeyRange::only(proof.key), proof.place, view_id, tree.root);
  if (!total) {
    return total.error();
  }
  if (total->count > 1) {
    return fails("several leaves have the key: that is a duplicate");
  }
  *value = total->sum;
  if (total->count == 0) {
    return proof.payload.empty() ? Result<const ShownLeaf*>(nullptr)
                                 : Result<const ShownLeaf*>(fails("a payload of no leaf"));
  }
  const ShownLeaf* leaf = &proof.place.shown[proof.place.begin > 0 ? 1 : 0];
  if (agg_payload_hash(proof.payload) != leaf->payload_hash) {
    return fails("the payload is not that of the attested leaf");
  }
  return leaf;
}

FraudVerdict compare_leaf(const WrongLeaf& proof, const LedgerState& state, const View& ours,
                          const ViewAttestation& attestation, FraudVerdict verdict) {
  std::int64_t value = 0;
  const auto theirs =
      attested_leaf(proof, attested_tree(attestation, proof.tree), attestation.view_id(), &value);
  if (!theirs) {
    return of_error(std::move(verdict), theirs.error());
  }
  const ViewLeaf* leaf =
      find_leaf(proof.tree == ViewTree::kUnits ? ours.units : ours.claims, proof.key);
  if (*theirs == nullptr) {
    if (leaf == nullptr || proof.correction) {
      return not_proven(std::move(verdict), "the leaf is not there, and should not be");
    }
    return proven(std::move(verdict),
                  std::string(name(proof.tree)) + " has no leaf where the events give one of " +
                      std::to_string(leaf->value) + "/" + std::to_string(ours.attestation.scale));
  }
  if (leaf != nullptr && leaf->value == value && leaf->payload == proof.payload &&
      attestation.scale == ours.attestation.scale) {
    return not_proven(std::move(verdict), "the leaf is what the events give");
  }
  if (proof.correction) {
    const std::string what = superseded_in(proof.payload, *proof.correction, state.records);
    if (what.empty()) {
      return not_proven(std::move(verdict), "that correction replaced nothing the leaf counts");
    }
    verdict.found.push_back(what);
  }
  return proven(
      std::move(verdict),
      std::string("a leaf of ") + name(proof.tree) + " has " + std::to_string(value) + "/" +
          std::to_string(attestation.scale) + ", the events give " +
          (leaf == nullptr
               ? std::string("none")
               : std::to_string(leaf->value) + "/" + std::to_string(ours.attestation.scale) +
                     (leaf->value == value ? ", from other records or versions" : "")));
}

FraudVerdict judge(const WrongLeaf& proof, const Charter& trusted) {
  FraudVerdict verdict;
  const auto bundle = decode_bundle(proof.bundle);
  if (!bundle) {
    return of_error(std::move(verdict), bundle.error());
  }
  const BundleVerdict checked = verify_bundle(*bundle, trusted);
  if (!checked.good()) {
    return not_proven(std::move(verdict), "the bundle it rests on does not hold");
  }
  if (!checked.complete) {
    return not_judged(std::move(verdict), "the bundle it rests on is not complete");
  }
  if (!is_whole(*bundle)) {
    return not_judged(std::move(verdict),
                      "the bundle it rests on takes logs' own indexes on their owners' word: make "
                      "the proof from a bundle of whole logs (`hefu bundle whole`)");
  }
  const auto state = bundle_state(*bundle);
  if (!state) {
    return of_error(std::move(verdict), state.error());
  }
  const auto by = accuse(proof.attestation, state->governance->charter, &verdict);
  if (!by) {
    return of_error(std::move(verdict), by.error());
  }
  const ViewAttestation& attestation = by->attestation;
  if (attestation.cut != state->cut.id() || attestation.pack_digest != bundle->claim.pack_digest) {
    return not_proven(std::move(verdict), "the bundle is of another cut or pack than the attested");
  }
  if (attestation.engine != kViewEngine) {
    return not_judged(std::move(verdict), "it was attested by engine " + attestation.engine +
                                              ", this is " + std::string(kViewEngine));
  }
  const auto ours =
      make_view(*state, {bundle->claim.pack, attestation.period, attestation.indicator});
  if (!ours) {
    return not_judged(std::move(verdict), ours.error().message);
  }
  verdict.found.push_back("the bundle holds every event of every log of the attested cut");
  return compare_leaf(proof, *state, *ours, attestation, std::move(verdict));
}

}  // namespace

FraudVerdict judge_fraud(const FraudProof& proof, const Charter& trusted) {
  return std::visit([&](const auto& one) { return judge(one, trusted); }, proof.is);
}

}  // namespace hefu
