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

namespace hefu {

namespace {

constexpr std::uint16_t kVersion = 1;
constexpr std::uint16_t kVersionWithAttestations = 2;
constexpr std::uint64_t kNoAnchor = std::numeric_limits<std::uint64_t>::max();
constexpr std::size_t kLogsMax = 10000;
constexpr std::size_t kSlicesMax = 4096;
constexpr std::size_t kProofHashesMax = 64;
constexpr std::size_t kNoteBytesMax = std::size_t{1} << 20;

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

void fill(const BundleLog& log, bundle_schema::Log::Builder out) {
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
    Bytes proof;
    for (const Digest& hash : entry.proof) {
      append(proof, hash.view());
    }
    entries[i].setProof(as_data(proof));
  }
}

Result<BundleEntry> read_entry(bundle_schema::Entry::Reader in, const std::string& where) {
  if (in.getEnvelope().size() > kEnvelopeBytesMax) {
    return damaged(where, "an envelope of more than 65,535 bytes");
  }
  const BytesView proof = view(in.getProof());
  if (proof.size() % Digest::kSize != 0 || proof.size() / Digest::kSize > kProofHashesMax) {
    return damaged(where, "an inclusion path of " + std::to_string(proof.size()) + " bytes");
  }
  BundleEntry entry;
  entry.index = in.getIndex();
  entry.envelope = to_bytes(view(in.getEnvelope()));
  for (std::size_t at = 0; at < proof.size(); at += Digest::kSize) {
    entry.proof.push_back(*Digest::from_bytes(proof.subspan(at, Digest::kSize)));
  }
  return entry;
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
  return log;
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
  if (in.getVersion() != kVersion && in.getVersion() != kVersionWithAttestations) {
    return Error{Errc::kUnsupported, "bundle: version " + std::to_string(in.getVersion()),
                 "this program reads versions 1 and 2; use a newer one"};
  }
  Bundle bundle;
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

Bytes encode_bundle(const Bundle& bundle) {
  capnp::MallocMessageBuilder message;
  auto out = message.initRoot<bundle_schema::Bundle>();
  out.setVersion(bundle.attestations.empty() ? kVersion : kVersionWithAttestations);
  out.setCharter(bundle.charter);
  auto claim = out.initClaim();
  claim.setPack(bundle.claim.pack);
  claim.setPackDigest(as_data(bundle.claim.pack_digest.view()));
  claim.setPeriod(bundle.claim.period);
  claim.setNode(bundle.claim.node);
  claim.setReport(bundle.claim.report);
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
