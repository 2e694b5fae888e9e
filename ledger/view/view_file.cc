#include "ledger/view/view_file.h"

#include "ledger/aggregate/key_range.h"
#include "ledger/event/envelope.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/view/binary_form.h"

namespace hefu {

namespace {

constexpr std::string_view kAnyVersion = "hefu-view/";

void put_tree(Bytes& out, const ViewFile::Tree& tree) {
  append_be(out, static_cast<std::uint32_t>(tree.leaves.size()));
  for (const ViewLeaf& leaf : tree.leaves) {
    append_bytes(out, leaf.key);
    append_be(out, static_cast<std::uint64_t>(leaf.value));
    append_bytes(out, leaf.payload);
  }
  append_be(out, static_cast<std::uint32_t>(tree.nodes.size()));
  for (const AggClaim& node : tree.nodes) {
    append_agg_claim(out, node);
  }
}

/// A list's length, believed only as far as the file could hold it.
std::size_t list_length(BinaryReader& in, const char* field, std::size_t least_bytes) {
  const auto count = in.number<std::uint32_t>(field);
  if (count > in.left() / least_bytes) {
    in.fail(Errc::kInvalid, field, "more than the file has room for");
    return 0;
  }
  return count;
}

ViewFile::Tree read_tree(BinaryReader& in) {
  ViewFile::Tree tree;
  const std::size_t leaves = list_length(in, "leaves", 16);
  for (std::size_t i = 0; i < leaves && in.ok(); ++i) {
    ViewLeaf leaf;
    leaf.key = to_bytes(in.bytes("key of a leaf", kAggKeyBytesMax));
    leaf.value = static_cast<std::int64_t>(in.number<std::uint64_t>("value of a leaf"));
    if (leaf.value < 0) {
      in.fail(Errc::kInvalid, "value of a leaf", "over 2^63 - 1");
    }
    leaf.payload = to_bytes(in.bytes("payload of a leaf", kViewPayloadBytesMax));
    tree.leaves.push_back(std::move(leaf));
  }
  const std::size_t nodes = list_length(in, "nodes", kAggClaimBytes);
  for (std::size_t i = 0; i < nodes && in.ok(); ++i) {
    tree.nodes.push_back(read_agg_claim(in.take(kAggClaimBytes, "node")));
  }
  return tree;
}

}  // namespace

Bytes ViewFile::encode() const {
  Bytes out = to_bytes(kViewMagic);
  append_bytes(out, envelope);
  append_bytes(out, as_bytes(proof));
  put_tree(out, units);
  put_tree(out, claims);
  return out;
}

Result<ViewFile> ViewFile::decode(BytesView file) {
  if (file.size() > kViewFileBytesMax) {
    return Error{Errc::kTooLarge, "view file: larger than 512 MiB", ""};
  }
  const std::string_view text = as_text(file);
  if (!text.starts_with(kViewMagic)) {
    const bool other = text.starts_with(kAnyVersion);
    return Error{other ? Errc::kUnsupported : Errc::kInvalid,
                 "view file: does not begin with \"hefu-view/1\"",
                 other ? "use a newer version of hefu" : "is this what `hefu view attest` wrote?"};
  }
  BinaryReader in(file.subspan(kViewMagic.size()), "view file");
  ViewFile out;
  out.envelope = to_bytes(in.bytes("envelope", kEnvelopeBytesMax));
  out.proof = std::string(as_text(in.bytes("proof", kProofBytesMax)));
  out.units = read_tree(in);
  out.claims = read_tree(in);
  const auto read = in.end();
  return read ? Result<ViewFile>(std::move(out)) : Result<ViewFile>(read.error());
}

Result<ViewAttestation> ViewFile::attestation() const {
  const auto opened = decode_envelope(envelope);
  const auto event = opened ? decode_event(opened->event) : Result<Event>(opened.error());
  return event ? read_view_attestation(*event) : Result<ViewAttestation>(event.error());
}

}  // namespace hefu
