#include "ledger/fraud/fraud_proof.h"

#include "ledger/event/limits.h"
#include "ledger/view/binary_form.h"
#include "ledger/view/view_file.h"

namespace hefu {

namespace {

constexpr std::string_view kAnyVersion = "hefu-fraud-proof/";
/// Levels of the largest tree.
constexpr std::size_t kStepsMax = 33;

void put_sum(Bytes& out, std::uint64_t count, AggSum sum) {
  Bytes claim;
  append_agg_claim(claim, {count, sum, {}});
  append(out, BytesView(claim).first(24));
}

void put_hashes(Bytes& out, const std::vector<Digest>& hashes) {
  out.push_back(static_cast<std::uint8_t>(hashes.size()));
  for (const Digest& hash : hashes) {
    append(out, hash.view());
  }
}

void put_shown(Bytes& out, const std::optional<IndexProof::Shown>& shown) {
  out.push_back(shown ? 1 : 0);
  if (shown) {
    append(out, BytesView(shown->entry));
    put_hashes(out, shown->path);
  }
}

void put(Bytes& out, const LoggedStatement& statement) {
  append_bytes(out, statement.envelope);
  append_bytes(out, as_bytes(statement.proof));
}

void put(Bytes& out, const IndexOmission& proof) {
  put(out, proof.anchor);
  out.push_back(proof.of_supersessions ? 1 : 0);
  if (proof.of_supersessions) {
    append_be(out, proof.list_size);
    append(out, proof.list_root.view());
  } else {
    append_be(out, static_cast<std::uint16_t>(proof.slices.size()));
    for (const TypeSlice& slice : proof.slices) {
      append_bytes(out, as_bytes(slice.type));
      append_be(out, slice.size);
      append(out, slice.root.view());
    }
  }
  append_be(out, proof.index);
  append_bytes(out, proof.event);
  put_hashes(out, proof.event_path);
  append_be(out, proof.absence.place);
  put_shown(out, proof.absence.before);
  put_shown(out, proof.absence.at);
}

void put(Bytes& out, const WrongArithmetic& proof) {
  put(out, proof.attestation);
  out.push_back(static_cast<std::uint8_t>(proof.tree));
  append_be(out, proof.leaves);
  append_agg_claim(out, proof.top);
  append_be(out, proof.toward);
  out.push_back(static_cast<std::uint8_t>(proof.steps.size()));
  for (const WrongArithmetic::Step& step : proof.steps) {
    append_agg_claim(out, step.sibling);
    put_sum(out, step.own_count, step.own_sum);
  }
  out.push_back(static_cast<std::uint8_t>(proof.opened.index()));
  if (const auto* inner = std::get_if<WrongArithmetic::Inner>(&proof.opened)) {
    append_agg_claim(out, inner->left);
    append_agg_claim(out, inner->right);
  } else if (const auto* leaf = std::get_if<WrongArithmetic::Leaf>(&proof.opened)) {
    put_sum(out, leaf->count, leaf->sum);
    append(out, leaf->key_hash.view());
    append(out, leaf->payload_hash.view());
  }
}

void put(Bytes& out, const WrongLeaf& proof) {
  put(out, proof.attestation);
  out.push_back(static_cast<std::uint8_t>(proof.tree));
  append_bytes(out, proof.key);
  append_bytes(out, proof.place.encode());
  append_bytes(out, proof.payload);
  append_bytes(out, proof.bundle);
  if (proof.correction) {
    append(out, proof.correction->digest.view());
  }
}

void put(Bytes& out, const Duplicate& proof) {
  put(out, proof.attestation);
  out.push_back(static_cast<std::uint8_t>(proof.tree));
  append_bytes(out, proof.between.encode());
}

std::vector<Digest> hashes(BinaryReader& in, const char* field) {
  const std::size_t count = in.number<std::uint8_t>(field);
  if (count > kProofHashesMax) {
    in.fail(Errc::kTooLarge, field, "more than " + std::to_string(kProofHashesMax) + " hashes");
  }
  std::vector<Digest> out;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    out.push_back(in.digest(field));
  }
  return out;
}

/// A number up to `most`, in one byte.
std::uint8_t choice(BinaryReader& in, const char* field, std::uint8_t most) {
  const auto value = in.number<std::uint8_t>(field);
  if (value > most) {
    in.fail(Errc::kInvalid, field, std::to_string(value) + " stands for nothing");
    return 0;
  }
  return value;
}

std::optional<IndexProof::Shown> shown(BinaryReader& in) {
  if (choice(in, "index entry", 1) == 0) {
    return std::nullopt;
  }
  IndexProof::Shown out;
  const BytesView entry = in.take(out.entry.size(), "index entry");
  std::copy(entry.begin(), entry.end(), out.entry.begin());
  out.path = hashes(in, "path of an index entry");
  return out;
}

LoggedStatement statement(BinaryReader& in) {
  LoggedStatement out;
  out.envelope = to_bytes(in.bytes("signed statement", kEnvelopeBytesMax));
  out.proof = std::string(as_text(in.bytes("proof of the signed statement", kProofBytesMax)));
  return out;
}

IndexOmission index_omission(BinaryReader& in) {
  IndexOmission out;
  out.anchor = statement(in);
  out.of_supersessions = choice(in, "index", 1) == 1;
  if (out.of_supersessions) {
    out.list_size = in.number<std::uint64_t>("size of the list");
    out.list_root = in.digest("root of the list");
  } else {
    const std::size_t slices = in.number<std::uint16_t>("type index");
    if (slices > kFraudSlicesMax) {
      in.fail(Errc::kTooLarge, "type index", "more than 4,096 types");
    }
    for (std::size_t i = 0; i < slices && in.ok(); ++i) {
      TypeSlice slice;
      slice.type = std::string(as_text(in.bytes("type", kNameBytesMax)));
      slice.size = in.number<std::uint64_t>("size of a type");
      slice.root = in.digest("root of a type");
      out.slices.push_back(std::move(slice));
    }
  }
  out.index = in.number<std::uint64_t>("place of the event");
  out.event = to_bytes(in.bytes("event", kEnvelopeBytesMax));
  out.event_path = hashes(in, "path of the event");
  out.absence.place = in.number<std::uint64_t>("place in the index");
  out.absence.before = shown(in);
  out.absence.at = shown(in);
  return out;
}

ViewTree view_tree_of(BinaryReader& in) {
  return static_cast<ViewTree>(choice(in, "tree", 1));
}

WrongArithmetic wrong_arithmetic(BinaryReader& in) {
  WrongArithmetic out;
  const auto claim = [&](const char* field) {
    return read_agg_claim(in.take(kAggClaimBytes, field));
  };
  const auto sum = [&](const char* field) {
    Bytes bytes = to_bytes(in.take(24, field));
    bytes.resize(kAggClaimBytes);
    return read_agg_claim(bytes);
  };
  out.attestation = statement(in);
  out.tree = view_tree_of(in);
  out.leaves = in.number<std::uint64_t>("leaves");
  out.top = claim("top");
  out.toward = in.number<std::uint64_t>("leaf");
  const std::size_t steps = in.number<std::uint8_t>("steps");
  if (steps > kStepsMax) {
    in.fail(Errc::kTooLarge, "steps", "deeper than any tree");
  }
  for (std::size_t i = 0; i < steps && in.ok(); ++i) {
    WrongArithmetic::Step step;
    step.sibling = claim("sibling");
    const AggClaim own = sum("child");
    step.own_count = own.count;
    step.own_sum = own.sum;
    out.steps.push_back(step);
  }
  const auto opened = choice(in, "opened node", 2);
  if (opened == 1) {
    const AggClaim left = claim("left child");
    out.opened = WrongArithmetic::Inner{left, claim("right child")};
  } else if (opened == 2) {
    WrongArithmetic::Leaf leaf;
    const AggClaim own = sum("leaf");
    leaf.count = own.count;
    leaf.sum = own.sum;
    leaf.key_hash = in.digest("key of the leaf");
    leaf.payload_hash = in.digest("payload of the leaf");
    out.opened = leaf;
  }
  return out;
}

KeyRangeProof key_range(BinaryReader& in) {
  auto proof = KeyRangeProof::decode(in.bytes("proof of places", kKeyRangeProofBytesMax));
  if (!proof) {
    in.fail(proof.error().code, "proof of places", proof.error().message);
    return {};
  }
  return *std::move(proof);
}

WrongLeaf wrong_leaf(BinaryReader& in, bool superseded) {
  WrongLeaf out;
  out.attestation = statement(in);
  out.tree = view_tree_of(in);
  out.key = to_bytes(in.bytes("key", kAggKeyBytesMax));
  out.place = key_range(in);
  out.payload = to_bytes(in.bytes("payload", kViewPayloadBytesMax));
  out.bundle = to_bytes(in.bytes("bundle", kBundleBytesMax));
  if (superseded) {
    out.correction = EventId{in.digest("correction")};
  }
  return out;
}

Duplicate duplicate(BinaryReader& in) {
  Duplicate out;
  out.attestation = statement(in);
  out.tree = view_tree_of(in);
  out.between = key_range(in);
  return out;
}

}  // namespace

const char* name(FraudKind kind) {
  switch (kind) {
    case FraudKind::kIndexOmission:
      return "index-omission";
    case FraudKind::kWrongArithmetic:
      return "wrong-arithmetic";
    case FraudKind::kWrongLeaf:
      return "wrong-leaf";
    case FraudKind::kDuplicate:
      return "duplicate";
    case FraudKind::kSuperseded:
      return "superseded";
  }
  return "";
}

FraudKind FraudProof::kind() const {
  if (const auto* leaf = std::get_if<WrongLeaf>(&is)) {
    return leaf->correction ? FraudKind::kSuperseded : FraudKind::kWrongLeaf;
  }
  if (std::holds_alternative<IndexOmission>(is)) {
    return FraudKind::kIndexOmission;
  }
  return std::holds_alternative<Duplicate>(is) ? FraudKind::kDuplicate
                                               : FraudKind::kWrongArithmetic;
}

Bytes FraudProof::encode() const {
  Bytes out = to_bytes(kFraudProofMagic);
  out.push_back(static_cast<std::uint8_t>(kind()));
  std::visit([&](const auto& proof) { put(out, proof); }, is);
  return out;
}

Result<FraudProof> FraudProof::decode(BytesView file) {
  if (file.size() > kFraudProofBytesMax) {
    return Error{Errc::kTooLarge, "fraud proof: larger than 520 MiB", ""};
  }
  const std::string_view text = as_text(file);
  if (!text.starts_with(kFraudProofMagic)) {
    const bool other = text.starts_with(kAnyVersion);
    return Error{other ? Errc::kUnsupported : Errc::kInvalid,
                 "fraud proof: does not begin with \"hefu-fraud-proof/1\"",
                 other ? "use a newer version of hefu" : "is this what `hefu fraud prove` wrote?"};
  }
  BinaryReader in(file.subspan(kFraudProofMagic.size()), "fraud proof");
  FraudProof out;
  const auto kind = in.number<std::uint8_t>("kind");
  switch (static_cast<FraudKind>(kind)) {
    case FraudKind::kIndexOmission:
      out.is = index_omission(in);
      break;
    case FraudKind::kWrongArithmetic:
      out.is = wrong_arithmetic(in);
      break;
    case FraudKind::kWrongLeaf:
    case FraudKind::kSuperseded:
      out.is = wrong_leaf(in, static_cast<FraudKind>(kind) == FraudKind::kSuperseded);
      break;
    case FraudKind::kDuplicate:
      out.is = duplicate(in);
      break;
    default:
      in.fail(Errc::kUnsupported, "kind", std::to_string(kind) + " is none this version knows");
  }
  const auto read = in.end();
  return read ? Result<FraudProof>(std::move(out)) : Result<FraudProof>(read.error());
}

}  // namespace hefu
