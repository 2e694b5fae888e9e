#include "ledger/view/view_dissent.h"

#include "ledger/aggregate/key_range.h"

namespace hefu {

namespace {

Error bad_field(const std::string& field, const std::string& reason) {
  return Error{Errc::kInvalid, "view dissent field " + field + ": " + reason, ""};
}

DissentLeaf shown(const ViewLeaf& leaf) {
  DissentLeaf out{leaf.value, agg_payload_hash(leaf.payload), std::nullopt};
  if (leaf.payload.size() <= kDissentPayloadBytesMax) {
    out.payload = leaf.payload;
  }
  return out;
}

void put_leaf(const std::string& side, const std::optional<DissentLeaf>& leaf, Event* event) {
  if (!leaf) {
    return;
  }
  event->fields[side + "_value"] = Value{leaf->value};
  event->fields[side + "_payload_hash"] = Value{leaf->payload_hash};
  if (leaf->payload) {
    event->fields[side + "_payload"] = Value{*leaf->payload};
  }
}

/// Of a leaf all of its fields are there, or none.
Result<std::optional<DissentLeaf>> read_leaf(const std::string& side, const Event& event) {
  const Value* value = event.field(side + "_value");
  const Value* hash = event.field(side + "_payload_hash");
  const Value* payload = event.field(side + "_payload");
  if (value == nullptr) {
    return hash == nullptr && payload == nullptr
               ? Result<std::optional<DissentLeaf>>(std::nullopt)
               : Result<std::optional<DissentLeaf>>(
                     bad_field(side + "_value", "missing where there is a payload"));
  }
  if (value->integer() == nullptr || *value->integer() < 0) {
    return bad_field(side + "_value", "not a whole number from 0");
  }
  if (hash == nullptr || hash->digest() == nullptr) {
    return bad_field(side + "_payload_hash", "a digest is missing");
  }
  DissentLeaf leaf{*value->integer(), *hash->digest(), std::nullopt};
  if (payload != nullptr) {
    const Bytes* bytes = std::get_if<Bytes>(&payload->is);
    if (bytes == nullptr || bytes->size() > kDissentPayloadBytesMax ||
        agg_payload_hash(*bytes) != leaf.payload_hash) {
      return bad_field(side + "_payload", "not the bytes of its hash");
    }
    leaf.payload = *bytes;
  }
  return std::optional<DissentLeaf>(std::move(leaf));
}

Result<std::optional<DissentLeaves>> read_leaves(const Event& event) {
  const Value* tree = event.field("tree");
  const Value* key = event.field("key");
  auto theirs = read_leaf("theirs", event);
  auto ours = theirs ? read_leaf("ours", event) : theirs;
  if (!ours) {
    return ours.error();
  }
  if (tree == nullptr && key == nullptr && !*theirs && !*ours) {
    return std::optional<DissentLeaves>();
  }
  if (tree == nullptr || tree->text() == nullptr ||
      (*tree->text() != "units" && *tree->text() != "claims")) {
    return bad_field("tree", "neither units nor claims");
  }
  const Bytes* bytes = key == nullptr ? nullptr : std::get_if<Bytes>(&key->is);
  if (bytes == nullptr || bytes->size() > kAggKeyBytesMax) {
    return bad_field("key", "not a key of a leaf");
  }
  if (*theirs == *ours) {
    return bad_field("theirs_value", "the two leaves do not differ");
  }
  DissentLeaves out;
  out.tree = *tree->text() == "units" ? ViewTree::kUnits : ViewTree::kClaims;
  out.key = *bytes;
  out.theirs = *std::move(theirs);
  out.ours = *std::move(ours);
  return std::optional<DissentLeaves>(std::move(out));
}

}  // namespace

DissentLeaves dissent_leaves(ViewTree tree, const LeafDifference& difference) {
  DissentLeaves out;
  out.tree = tree;
  out.key = difference.key;
  if (difference.left != nullptr) {
    out.theirs = shown(*difference.left);
  }
  if (difference.right != nullptr) {
    out.ours = shown(*difference.right);
  }
  return out;
}

Event make_view_dissent(const std::string& issuer, const ViewDissent& dissent, Moment now,
                        const std::array<std::uint8_t, 16>& nonce) {
  Event event = make_view_attestation(issuer, dissent.own, now, nonce);
  event.type = kViewDissentType;
  event.fields["attestation"] = Value{dissent.attestation.digest};
  if (dissent.first) {
    event.fields["tree"] =
        Value{std::string(dissent.first->tree == ViewTree::kUnits ? "units" : "claims")};
    event.fields["key"] = Value{dissent.first->key};
    put_leaf("theirs", dissent.first->theirs, &event);
    put_leaf("ours", dissent.first->ours, &event);
  }
  return event;
}

Result<ViewDissent> read_view_dissent(const Event& event) {
  if (event.type != kViewDissentType) {
    return Error{Errc::kInvalid, "not a view dissent but an event of type " + event.type, ""};
  }
  const Value* attestation = event.field("attestation");
  if (attestation == nullptr || attestation->digest() == nullptr) {
    return bad_field("attestation", "the event disagreed with is missing");
  }
  auto own = read_attestation(event);
  if (!own) {
    return own.error();
  }
  auto first = read_leaves(event);
  return first ? Result<ViewDissent>(ViewDissent{EventId{*attestation->digest()}, *std::move(own),
                                                 *std::move(first)})
               : Result<ViewDissent>(first.error());
}

}  // namespace hefu
