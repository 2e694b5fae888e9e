#include "ledger/bundle/bundle.h"

#include <algorithm>
#include <cstring>
#include <limits>

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include "ledger/bundle/bundle.capnp.h"
#include "ledger/event/event.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/view/view_file.h"

namespace hefu {

namespace {

constexpr std::uint16_t kVersion = 1;
constexpr std::uint16_t kVersionWithAttestations = 2;
constexpr std::uint16_t kVersionWithLevels = 3;
constexpr std::uint64_t kNoAnchor = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kLogsMax = 10000;
constexpr std::size_t kSlicesMax = 4096;
constexpr std::size_t kProofHashesMax = 64;
constexpr std::size_t kNoteBytesMax = std::size_t{1} << 20;
constexpr std::size_t kCorrectionsMax = 1'000'000;
constexpr std::size_t kNamesMax = 10'000;

Error damaged(const std::string& where, const std::string& what) {
  return Error{Errc::kInvalid, "bundle: " + where + ": " + what,
               "the file is damaged or was not written by Hefu; ask for it again"};
}

capnp::Data::Reader as_data(BytesView bytes) {
  return {bytes.data(), bytes.size()};
}

BytesView view(capnp::Data::Reader reader) {
  return {reader.begin(), reader.size()};
}

std::string text(capnp::Text::Reader reader) {
  return {reader.cStr(), reader.size()};
}

Bytes joined(const std::vector<Digest>& hashes) {
  Bytes out;
  for (const Digest& hash : hashes) {
    append(out, hash.view());
  }
  return out;
}

Result<std::vector<Digest>> read_hashes(capnp::Data::Reader in, const std::string& where) {
  const BytesView bytes = view(in);
  if (bytes.size() % Digest::kSize != 0 || bytes.size() / Digest::kSize > kProofHashesMax) {
    return damaged(where, "a proof of " + std::to_string(bytes.size()) + " bytes");
  }
  std::vector<Digest> out;
  for (std::size_t at = 0; at < bytes.size(); at += Digest::kSize) {
    out.push_back(*Digest::from_bytes(bytes.subspan(at, Digest::kSize)));
  }
  return out;
}

void fill(const BundleLog& log, bundle_schema::Log::Builder out) {
  if (log.place) {
    auto place = out.initPlace();
    place.setSize(log.place->size);
    place.setRoot(as_data(log.place->root.view()));
    place.setConsistency(as_data(joined(log.place->consistency)));
  }
  Bytes corrections;
  for (const IndexEntry& entry : log.corrections) {
    append(corrections, BytesView(entry));
  }
  if (!corrections.empty()) {
    out.setCorrections(as_data(corrections));
  }
  out.setOrigin(log.origin);
  out.setCheckpoint(log.checkpoint);
  out.setAnchor(log.anchor.value_or(kNoAnchor));
  auto slices = out.initSlices(static_cast<unsigned>(log.slices.size()));
  for (unsigned i = 0; i < slices.size(); ++i) {
    slices[i].setType(log.slices[i].type);
    slices[i].setSize(log.slices[i].size);
    slices[i].setRoot(as_data(log.slices[i].root.view()));
  }
  auto entries = out.initEntries(static_cast<unsigned>(log.entries.size()));
  for (unsigned i = 0; i < entries.size(); ++i) {
    const BundleEntry& entry = log.entries[i];
    entries[i].setIndex(entry.index);
    entries[i].setEnvelope(as_data(entry.envelope));
    entries[i].setProof(as_data(joined(entry.proof)));
  }
}

Result<BundleEntry> read_entry(bundle_schema::Entry::Reader in, const std::string& where) {
  if (in.getEnvelope().size() > kEnvelopeBytesMax) {
    return damaged(where, "an envelope of more than 65,535 bytes");
  }
  auto proof = read_hashes(in.getProof(), where);
  if (!proof) {
    return proof.error();
  }
  return BundleEntry{in.getIndex(), to_bytes(view(in.getEnvelope())), *std::move(proof)};
}

Result<BundlePlace> read_place(bundle_schema::Place::Reader in, const std::string& where) {
  const auto root = Digest::from_bytes(view(in.getRoot()));
  if (!root) {
    return damaged(where, "the root of its place is not 32 bytes");
  }
  auto consistency = read_hashes(in.getConsistency(), where);
  return consistency
             ? Result<BundlePlace>(BundlePlace{in.getSize(), *root, *std::move(consistency)})
             : Result<BundlePlace>(consistency.error());
}

Result<std::vector<IndexEntry>> read_corrections(capnp::Data::Reader in, const std::string& where) {
  const BytesView bytes = view(in);
  std::vector<IndexEntry> out;
  if (bytes.size() % out.emplace_back().size() != 0 ||
      bytes.size() / out.back().size() > kCorrectionsMax) {
    return damaged(where, "a list of corrections of " + std::to_string(bytes.size()) + " bytes");
  }
  out.pop_back();
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(IndexEntry)) {
    IndexEntry& entry = out.emplace_back();
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), entry.size(), entry.begin());
    if (out.size() > 1 && out[out.size() - 2] >= entry) {
      return damaged(where, "corrections not in rising order");
    }
  }
  return out;
}

Result<BundleLog> read_log(bundle_schema::Log::Reader in) {
  BundleLog log;
  log.origin = text(in.getOrigin());
  const std::string where = "log " + log.origin;
  if (log.origin.empty() || log.origin.size() > 255) {
    return damaged(where, "an origin has 1 to 255 bytes");
  }
  if (in.getCheckpoint().size() > kNoteBytesMax) {
    return damaged(where, "a checkpoint of more than 1 MiB");
  }
  log.checkpoint = text(in.getCheckpoint());
  if (in.getAnchor() != kNoAnchor) {
    log.anchor = in.getAnchor();
  }
  if (in.getSlices().size() > kSlicesMax) {
    return damaged(where, "a type index of more than 4,096 types");
  }
  for (const auto slice : in.getSlices()) {
    const auto root = Digest::from_bytes(view(slice.getRoot()));
    if (!root) {
      return damaged(where, "a type index root that is not 32 bytes");
    }
    if (slice.getType().size() > 255 || slice.getType().size() == 0) {
      return damaged(where, "a type name has 1 to 255 bytes");
    }
    log.slices.push_back(TypeSlice{text(slice.getType()), slice.getSize(), *root});
    if (log.slices.size() > 1 &&
        !(log.slices[log.slices.size() - 2].type < log.slices.back().type)) {
      return damaged(where, "type index not sorted at " + log.slices.back().type);
    }
  }
  for (const auto item : in.getEntries()) {
    const std::string place = where + " entry " + std::to_string(item.getIndex());
    auto entry = read_entry(item, place);
    if (!entry) {
      return entry.error();
    }
    if (!log.entries.empty() && log.entries.back().index >= entry->index) {
      return damaged(place, "entries not in rising order");
    }
    log.entries.push_back(std::move(*entry));
  }
  if (in.hasPlace()) {
    auto place = read_place(in.getPlace(), where);
    if (!place) {
      return place.error();
    }
    log.place = *std::move(place);
  }
  auto corrections = read_corrections(in.getCorrections(), where);
  if (!corrections) {
    return corrections.error();
  }
  log.corrections = *std::move(corrections);
  return log;
}

Result<BundleRange> read_range(bundle_schema::Range::Reader in) {
  const BytesView prefix = view(in.getPrefix());
  const BytesView proof = view(in.getProof());
  if (prefix.size() > kAggKeyBytesMax || proof.size() > kKeyRangeProofBytesMax) {
    return damaged("range", "larger than any");
  }
  auto read = KeyRangeProof::decode(proof);
  return read ? Result<BundleRange>(BundleRange{to_bytes(prefix), *std::move(read)})
              : Result<BundleRange>(damaged("range", read.error().message));
}

Result<BundleSamples> read_samples(bundle_schema::Samples::Reader in) {
  BundleSamples out;
  out.asked = in.getAsked();
  out.value = text(in.getValue());
  if (out.asked > kBundleSamplesMax || in.getLeaves().size() > 2 * kBundleSamplesMax) {
    return damaged("samples", "more than " + std::to_string(kBundleSamplesMax));
  }
  if (out.value.empty() || out.value.size() > kBundleValueBytesMax) {
    return damaged("samples", "a public value has 1 to 255 bytes");
  }
  const auto seed = Digest::from_bytes(view(in.getSeed()));
  if (!seed) {
    return damaged("samples", "a seed that is not 32 bytes");
  }
  out.seed = *seed;
  for (const auto leaf : in.getLeaves()) {
    const std::string where = "leaf " + std::to_string(leaf.getPlace());
    if (leaf.getKey().size() > kAggKeyBytesMax || leaf.getNodes().size() > kAggProofBytesMax ||
        leaf.getPayload().size() > kViewPayloadBytesMax) {
      return damaged(where, "larger than any");
    }
    if (!out.leaves.empty() && out.leaves.back().place >= leaf.getPlace()) {
      return damaged(where, "not sorted, or there twice");
    }
    out.leaves.push_back({leaf.getPlace(), to_bytes(view(leaf.getKey())),
                          to_bytes(view(leaf.getPayload())), to_bytes(view(leaf.getNodes()))});
  }
  return out;
}

/// What only version 3 has.
Result<void> read_level(bundle_schema::Bundle::Reader in, Bundle* bundle) {
  if (in.getVersion() == kVersionWithLevels) {
    bundle->level = in.getLevel();
    if (bundle->level > 3) {
      return Error{Errc::kUnsupported, "bundle: level " + std::to_string(bundle->level),
                   "this program reads levels 0 to 4; use a newer one"};
    }
  }
  if (in.getDeclared().size() > kBundleDeclaredMax || in.getAside().size() > kNamesMax) {
    return damaged("level 0 or 1", "more than any bundle holds");
  }
  for (const auto envelope : in.getDeclared()) {
    if (envelope.size() > kEnvelopeBytesMax) {
      return damaged("declared", "an envelope of more than 65,535 bytes");
    }
    bundle->declared.push_back(to_bytes(view(envelope)));
    const std::size_t count = bundle->declared.size();
    if (count > 1 && bundle->declared[count - 2] >= bundle->declared.back()) {
      return damaged("declared", "not sorted, or there twice");
    }
  }
  for (const auto one : in.getAside()) {
    bundle->aside.push_back(text(one));
    const std::size_t count = bundle->aside.size();
    if (count > 1 && bundle->aside[count - 2] >= bundle->aside.back()) {
      return damaged("aside", "not sorted, or there twice");
    }
  }
  if (in.hasRange()) {
    auto range = read_range(in.getRange());
    if (!range) {
      return range.error();
    }
    bundle->range = *std::move(range);
  }
  if (in.hasSamples()) {
    auto samples = read_samples(in.getSamples());
    if (!samples) {
      return samples.error();
    }
    bundle->samples = *std::move(samples);
  }
  return {};
}

bool has_levels(const Bundle& bundle) {
  return bundle.level != 2 || !bundle.claim.indicator.empty() || !bundle.declared.empty() ||
         !bundle.aside.empty() || bundle.range || bundle.samples ||
         std::any_of(bundle.logs.begin(), bundle.logs.end(), [](const BundleLog& log) {
           return log.place.has_value() || !log.corrections.empty();
         });
}

void fill_level(const Bundle& bundle, bundle_schema::Bundle::Builder out) {
  out.setLevel(static_cast<std::uint8_t>(bundle.level));
  if (!bundle.declared.empty()) {
    auto declared = out.initDeclared(static_cast<unsigned>(bundle.declared.size()));
    for (unsigned i = 0; i < declared.size(); ++i) {
      declared.set(i, as_data(bundle.declared[i]));
    }
  }
  if (!bundle.aside.empty()) {
    auto aside = out.initAside(static_cast<unsigned>(bundle.aside.size()));
    for (unsigned i = 0; i < aside.size(); ++i) {
      aside.set(i, bundle.aside[i]);
    }
  }
  if (bundle.range) {
    auto range = out.initRange();
    range.setPrefix(as_data(bundle.range->prefix));
    range.setProof(as_data(bundle.range->proof.encode()));
  }
  if (bundle.samples) {
    auto samples = out.initSamples();
    samples.setAsked(bundle.samples->asked);
    samples.setValue(bundle.samples->value);
    samples.setSeed(as_data(bundle.samples->seed.view()));
    auto leaves = samples.initLeaves(static_cast<unsigned>(bundle.samples->leaves.size()));
    for (unsigned i = 0; i < leaves.size(); ++i) {
      const OpenedLeaf& leaf = bundle.samples->leaves[i];
      leaves[i].setPlace(leaf.place);
      leaves[i].setKey(as_data(leaf.key));
      leaves[i].setPayload(as_data(leaf.payload));
      leaves[i].setNodes(as_data(leaf.nodes));
    }
  }
}

Result<std::vector<LoggedStatement>> read_attestations(
    capnp::List<bundle_schema::Statement>::Reader in) {
  std::vector<LoggedStatement> out;
  if (in.size() > kBundleAttestationsMax) {
    return damaged("attestations", "more than 50,000");
  }
  for (const auto item : in) {
    const std::string where = "attestation " + std::to_string(out.size());
    if (item.getEnvelope().size() > kEnvelopeBytesMax) {
      return damaged(where, "an envelope of more than 65,535 bytes");
    }
    if (item.getProof().size() > kProofBytesMax) {
      return damaged(where, "a proof of more than " + std::to_string(kProofBytesMax) + " bytes");
    }
    LoggedStatement one{to_bytes(view(item.getEnvelope())), text(item.getProof())};
    if (!out.empty() && out.back().envelope >= one.envelope) {
      return damaged(where, "not sorted, or there twice");
    }
    out.push_back(std::move(one));
  }
  return out;
}

Result<Bundle> read_bundle(bundle_schema::Bundle::Reader in) {
  if (in.getVersion() < kVersion || in.getVersion() > kVersionWithLevels) {
    return Error{Errc::kUnsupported, "bundle: version " + std::to_string(in.getVersion()),
                 "this program reads versions 1 to 3; use a newer one"};
  }
  Bundle bundle;
  if (auto read = read_level(in, &bundle); !read) {
    return read.error();
  }
  if (in.getCharter().size() > kNoteBytesMax) {
    return damaged("charter", "more than 1 MiB");
  }
  bundle.charter = text(in.getCharter());
  const auto claim = in.getClaim();
  bundle.claim.pack = text(claim.getPack());
  const auto digest = Digest::from_bytes(view(claim.getPackDigest()));
  if (!digest) {
    return damaged("claim", "the pack digest is not 32 bytes");
  }
  bundle.claim.pack_digest = *digest;
  bundle.claim.period = text(claim.getPeriod());
  bundle.claim.node = text(claim.getNode());
  bundle.claim.report = text(claim.getReport());
  bundle.claim.indicator = text(claim.getIndicator());
  if (in.getLogs().size() > kLogsMax || in.getMissing().size() > kLogsMax) {
    return damaged("logs", "more than 10,000");
  }
  for (const auto item : in.getLogs()) {
    auto log = read_log(item);
    if (!log) {
      return log.error();
    }
    if (!bundle.logs.empty() && bundle.logs.back().origin >= log->origin) {
      return damaged("logs", "not sorted at " + log->origin);
    }
    bundle.logs.push_back(std::move(*log));
  }
  for (const auto origin : in.getMissing()) {
    bundle.missing.push_back(text(origin));
    if (bundle.missing.size() > 1 &&
        bundle.missing[bundle.missing.size() - 2] >= bundle.missing.back()) {
      return damaged("missing logs", "not sorted");
    }
  }
  auto attestations = read_attestations(in.getAttestations());
  if (!attestations) {
    return attestations.error();
  }
  bundle.attestations = *std::move(attestations);
  return bundle;
}

}  // namespace

int bundle_level(const Bundle& bundle) {
  const bool indexed = std::any_of(bundle.logs.begin(), bundle.logs.end(),
                                   [](const BundleLog& log) { return log.anchor.has_value(); });
  return bundle.level == 2 && !indexed ? 4 : bundle.level;
}

Bytes encode_bundle(const Bundle& bundle) {
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<bundle_schema::Bundle>();
  const bool levels = has_levels(bundle);
  out.setVersion(levels                        ? kVersionWithLevels
                 : bundle.attestations.empty() ? kVersion
                                               : kVersionWithAttestations);
  if (levels) {
    fill_level(bundle, out);
  }
  out.setCharter(bundle.charter);
  auto claim = out.initClaim();
  claim.setPack(bundle.claim.pack);
  claim.setPackDigest(as_data(bundle.claim.pack_digest.view()));
  claim.setPeriod(bundle.claim.period);
  claim.setNode(bundle.claim.node);
  claim.setReport(bundle.claim.report);
  if (!bundle.claim.indicator.empty()) {
    claim.setIndicator(bundle.claim.indicator);
  }
  auto logs = out.initLogs(static_cast<unsigned>(bundle.logs.size()));
  for (unsigned i = 0; i < logs.size(); ++i) {
    fill(bundle.logs[i], logs[i]);
  }
  auto missing = out.initMissing(static_cast<unsigned>(bundle.missing.size()));
  for (unsigned i = 0; i < missing.size(); ++i) {
    missing.set(i, bundle.missing[i]);
  }
  if (!bundle.attestations.empty()) {
    auto attestations = out.initAttestations(static_cast<unsigned>(bundle.attestations.size()));
    for (unsigned i = 0; i < attestations.size(); ++i) {
      attestations[i].setEnvelope(as_data(bundle.attestations[i].envelope));
      attestations[i].setProof(bundle.attestations[i].proof);
    }
  }
  if (levels) {
    const auto plain = capnp::canonicalize(out.asReader());
    const Digest sum = sha256(BytesView(plain.asBytes().begin(), plain.asBytes().size()));
    out.setChecksum(as_data(sum.view()));
  }
  const auto words = capnp::canonicalize(out.asReader());
  Bytes file = to_bytes(kBundleMagic);
  append(file, BytesView(words.asBytes().begin(), words.asBytes().size()));
  return file;
}

Result<Bundle> decode_bundle(BytesView file) {
  if (file.size() > kBundleBytesMax) {
    return Error{Errc::kTooLarge, "bundle: larger than 512 MiB", "ask for fewer indicators"};
  }
  if (file.size() < kBundleMagic.size() ||
      as_text(file.first(kBundleMagic.size())) != kBundleMagic) {
    return Error{Errc::kInvalid, "bundle: the file does not begin with \"hefu-bundle/1\"",
                 "is this the file that `hefu bundle export` wrote?"};
  }
  const BytesView body = file.subspan(kBundleMagic.size());
  if (body.empty() || body.size() % sizeof(capnp::word) != 0) {
    return damaged("length", "not a whole number of words: the file is cut off or has grown");
  }
  try {
    // Copied because Cap'n Proto wants its words aligned, which a file after a magic line is not.
    auto words = kj::heapArray<capnp::word>(body.size() / sizeof(capnp::word));
    std::memcpy(words.begin(), body.data(), body.size());
    const kj::ArrayPtr<const capnp::word> segment = words;
    capnp::ReaderOptions options;
    options.traversalLimitInWords = words.size() * 4 + 1024;
    options.nestingLimit = 16;
    capnp::SegmentArrayMessageReader reader(kj::arrayPtr(&segment, 1), options);
    auto bundle = read_bundle(reader.getRoot<bundle_schema::Bundle>());
    // Compared with its own encoding, so that there is no bit in the file that nobody looks at:
    // Cap'n Proto's canonical form allows set bits in fields this version does not know.
    const Bytes again = bundle ? encode_bundle(*bundle) : Bytes();
    if (bundle && !std::equal(again.begin(), again.end(), file.begin(), file.end())) {
      return damaged("encoding", "not in canonical form");
    }
    return bundle;
  } catch (const kj::Exception& exception) {
    return damaged("encoding", std::string(exception.getDescription().cStr()));
  }
}

}  // namespace hefu
