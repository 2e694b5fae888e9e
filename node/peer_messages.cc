#include "node/peer_messages.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <utility>

#include <capnp/message.h>
#include <capnp/serialize.h>
#include <kj/exception.h>

#include "node/peer_protocol.capnp.h"

namespace hefu {
namespace {

constexpr std::size_t kOriginBytesMax = 255;  // key names, crypto/note.h
constexpr std::size_t kNoteBytesMax = std::size_t{1} << 20;
constexpr std::size_t kForkProofBytesMax = std::size_t{5} << 19;
constexpr std::size_t kMessageTextBytesMax = 1024;
constexpr std::size_t kStartBytesMax = 1024;
constexpr std::size_t kVersionsMax = 16;
constexpr std::size_t kProofHashesMax = 63;
constexpr std::uint64_t kSizeMax = (std::uint64_t{1} << 63) - 1;

/// Thrown inside the decoders only, and caught where they are called: a dozen fields per message
/// otherwise drown in checks.
struct Refused {
  Error error;
};

[[noreturn]] void refuse(Errc code, const std::string& field, const std::string& reason) {
  throw Refused{Error{code, "peer message field " + field + ": " + reason, ""}};
}

std::string take_text(capnp::Text::Reader text, const std::string& field, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    refuse(Errc::kTooLarge, field,
           std::to_string(text.size()) + " bytes, at most " + std::to_string(bytes_max));
  }
  return {text.begin(), text.size()};
}

std::uint64_t take_size(std::uint64_t size, const std::string& field) {
  if (size > kSizeMax) {
    refuse(Errc::kTooLarge, field, "beyond the largest tree");
  }
  return size;
}

Digest take_digest(capnp::Data::Reader data, const std::string& field) {
  const auto digest = Digest::from_bytes({data.begin(), data.size()});
  if (!digest) {
    refuse(Errc::kInvalid, field, std::to_string(data.size()) + " bytes in place of 32");
  }
  return *digest;
}

std::vector<Digest> take_hashes(capnp::Data::Reader data, const std::string& field) {
  if (data.size() % Digest::kSize != 0) {
    refuse(Errc::kInvalid, field, "not a whole number of hashes");
  }
  if (data.size() / Digest::kSize > kProofHashesMax) {
    refuse(Errc::kTooLarge, field, "more hashes than a proof can have");
  }
  std::vector<Digest> hashes(data.size() / Digest::kSize);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    std::memcpy(hashes[i].bytes.data(), data.begin() + i * Digest::kSize, Digest::kSize);
  }
  return hashes;
}

HelloMessage take_hello(peer_wire::Hello::Reader reader) {
  HelloMessage hello;
  hello.federation = take_digest(reader.getFederation(), "hello.federation");
  const auto versions = reader.getVersions();
  if (versions.size() == 0 || versions.size() > kVersionsMax) {
    refuse(Errc::kInvalid, "hello.versions", "must name 1 to 16 versions");
  }
  for (const std::uint16_t version : versions) {
    hello.versions.push_back(version);
  }
  hello.program = take_text(reader.getProgram(), "hello.program", kMessageTextBytesMax);
  return hello;
}

PullRequest take_pull(peer_wire::Pull::Reader reader) {
  PullRequest pull;
  pull.origin = take_text(reader.getOrigin(), "pull.origin", kOriginBytesMax);
  pull.begin = take_size(reader.getBegin(), "pull.begin");
  pull.end = take_size(reader.getEnd(), "pull.end");
  pull.size = take_size(reader.getSize(), "pull.size");
  pull.bytes_max = reader.getBytesMax();
  pull.range = reader.getRange();
  if (pull.begin >= pull.end || pull.end > pull.size) {
    refuse(Errc::kInvalid, "pull.end", "must lie after begin and not beyond size");
  }
  return pull;
}

ProveRequest take_prove(peer_wire::Prove::Reader reader) {
  ProveRequest prove;
  prove.origin = take_text(reader.getOrigin(), "prove.origin", kOriginBytesMax);
  prove.old_size = take_size(reader.getOldSize(), "prove.old_size");
  prove.size = take_size(reader.getSize(), "prove.size");
  if (prove.old_size == 0 || prove.old_size > prove.size) {
    refuse(Errc::kInvalid, "prove.old_size", "must be 1 to size");
  }
  return prove;
}

HeadsAnswer take_heads(capnp::List<peer_wire::Head>::Reader list) {
  if (list.size() > kHeadsMax) {
    refuse(Errc::kTooLarge, "heads",
           std::to_string(list.size()) + " logs, at most " + std::to_string(kHeadsMax));
  }
  HeadsAnswer answer;
  for (const auto reader : list) {
    PeerHead head;
    head.origin = take_text(reader.getOrigin(), "head.origin", kOriginBytesMax);
    head.size = take_size(reader.getSize(), "head.size");
    head.checkpoint = take_text(reader.getCheckpoint(), "head.checkpoint", kNoteBytesMax);
    head.cosigned = take_text(reader.getCosigned(), "head.cosigned", kNoteBytesMax);
    head.witnessed = take_text(reader.getWitnessed(), "head.witnessed", kNoteBytesMax);
    head.witness_only = reader.getWitnessOnly();
    answer.heads.push_back(std::move(head));
  }
  return answer;
}

Bytes take_entries(capnp::Data::Reader data, const std::string& field) {
  if (data.size() > kPackageBytesMax) {
    refuse(Errc::kTooLarge, field, std::to_string(data.size()) + " bytes");
  }
  return {data.begin(), data.end()};
}

Package take_package(peer_wire::Package::Reader reader) {
  Package package;
  package.begin = take_size(reader.getBegin(), "package.begin");
  package.count = reader.getCount();
  if (package.count == 0 || package.count > kPackageEntriesMax) {
    refuse(Errc::kInvalid, "package.count",
           "must be 1 to " + std::to_string(kPackageEntriesMax) + " entries");
  }
  package.entries = take_entries(reader.getEntries(), "package.entries");
  package.proof = take_hashes(reader.getProof(), "package.proof");
  return package;
}

StageRequest take_stage(peer_wire::Stage::Reader reader) {
  StageRequest stage;
  stage.origin = take_text(reader.getOrigin(), "stage.origin", kOriginBytesMax);
  stage.boot = take_size(reader.getBoot(), "stage.boot");
  stage.start = take_text(reader.getStart(), "stage.start", kStartBytesMax);
  stage.signed_size = take_size(reader.getSigned(), "stage.signed");
  stage.begin = take_size(reader.getBegin(), "stage.begin");
  stage.count = reader.getCount();
  if (stage.count > kPackageEntriesMax) {
    refuse(Errc::kTooLarge, "stage.count",
           "at most " + std::to_string(kPackageEntriesMax) + " entries");
  }
  stage.entries = take_entries(reader.getEntries(), "stage.entries");
  if (const auto entries = split_entries(stage.entries, stage.count); !entries) {
    throw Refused{entries.error()};
  }
  return stage;
}

RecallRequest take_recall(peer_wire::Recall::Reader reader) {
  return {take_text(reader.getOrigin(), "recall.origin", kOriginBytesMax),
          take_size(reader.getBegin(), "recall.begin")};
}

RecalledAnswer take_recalled(peer_wire::Recalled::Reader reader) {
  RecalledAnswer answer;
  answer.boot = take_size(reader.getBoot(), "recalled.boot");
  answer.begin = take_size(reader.getBegin(), "recalled.begin");
  const auto boots = reader.getBoots();
  if (boots.size() > kPackageEntriesMax) {
    refuse(Errc::kTooLarge, "recalled.boots",
           "at most " + std::to_string(kPackageEntriesMax) + " entries");
  }
  for (const std::uint64_t boot : boots) {
    answer.boots.push_back(take_size(boot, "recalled.boots"));
  }
  answer.entries = take_entries(reader.getEntries(), "recalled.entries");
  if (const auto entries = split_entries(answer.entries, answer.boots.size()); !entries) {
    throw Refused{entries.error()};
  }
  return answer;
}

Errc code_of(const std::string& text) {
  for (const Errc code :
       {Errc::kInvalid, Errc::kTooLarge, Errc::kUnsupported, Errc::kNotFound, Errc::kConflict,
        Errc::kUnauthorised, Errc::kUnverified, Errc::kUnavailable, Errc::kIo, Errc::kCorrupt}) {
    if (text == name(code)) {
      return code;
    }
  }
  return Errc::kInvalid;
}

PeerRequest take_request(peer_wire::Request::Reader reader) {
  switch (reader.which()) {
    case peer_wire::Request::HELLO:
      return take_hello(reader.getHello());
    case peer_wire::Request::HEADS:
      return HeadsRequest{};
    case peer_wire::Request::PULL:
      return take_pull(reader.getPull());
    case peer_wire::Request::PROVE:
      return take_prove(reader.getProve());
    case peer_wire::Request::COSIGN:
      return CosignRequest{take_text(reader.getCosign(), "cosign", kNoteBytesMax + 65536)};
    case peer_wire::Request::FORK_REPORT:
      return ForkReport{take_text(reader.getForkReport(), "forkReport", kForkProofBytesMax)};
    case peer_wire::Request::STAGE:
      return take_stage(reader.getStage());
    case peer_wire::Request::RECALL:
      return take_recall(reader.getRecall());
  }
  refuse(Errc::kUnsupported, "request", "a kind this version does not know");
}

PeerAnswer take_answer(peer_wire::Answer::Reader reader) {
  switch (reader.which()) {
    case peer_wire::Answer::REFUSAL: {
      const auto refusal = reader.getRefusal();
      return RefusalAnswer{
          code_of(take_text(refusal.getCode(), "refusal.code", kMessageTextBytesMax)),
          take_text(refusal.getMessage(), "refusal.message", kMessageTextBytesMax)};
    }
    case peer_wire::Answer::HELLO:
      return take_hello(reader.getHello());
    case peer_wire::Answer::HEADS:
      return take_heads(reader.getHeads());
    case peer_wire::Answer::PACKAGE:
      return take_package(reader.getPackage());
    case peer_wire::Answer::PROOF: {
      const auto proof = reader.getProof();
      return ProofAnswer{take_digest(proof.getOldRoot(), "proof.oldRoot"),
                         take_hashes(proof.getHashes(), "proof.hashes")};
    }
    case peer_wire::Answer::COSIGNED: {
      const auto cosigned = reader.getCosigned();
      return CosignedAnswer{cosigned.getStatus(),
                            take_text(cosigned.getBody(), "cosigned.body", kNoteBytesMax)};
    }
    case peer_wire::Answer::NOTED:
      return NotedAnswer{};
    case peer_wire::Answer::STAGED:
      return StagedAnswer{take_size(reader.getStaged().getEnd(), "staged.end"),
                          take_text(reader.getStaged().getLater(), "staged.later", kStartBytesMax)};
    case peer_wire::Answer::RECALLED:
      return take_recalled(reader.getRecalled());
  }
  refuse(Errc::kUnsupported, "answer", "a kind this version does not know");
}

/// Runs `take` on the root of the message, and turns everything thrown into an error.
template <typename Root, typename Taken>
Result<Taken> decode(BytesView bytes, Taken (*take)(typename Root::Reader)) {
  if (bytes.empty() || bytes.size() % sizeof(capnp::word) != 0) {
    return Error{Errc::kInvalid, "peer message: not a whole number of words", ""};
  }
  // Cap'n Proto reads words in place; a view into a larger buffer may not be aligned.
  std::vector<std::uint64_t> aligned;
  const void* begin = bytes.data();
  if (reinterpret_cast<std::uintptr_t>(begin) % alignof(std::uint64_t) != 0) {
    aligned.resize(bytes.size() / sizeof(std::uint64_t));
    std::memcpy(aligned.data(), bytes.data(), bytes.size());
    begin = aligned.data();
  }
  const kj::ArrayPtr<const capnp::word> words(static_cast<const capnp::word*>(begin),
                                              bytes.size() / sizeof(capnp::word));
  const kj::ArrayPtr<const capnp::word> segments[] = {words};
  capnp::ReaderOptions options;
  // Every word may be visited once, and once more for lists of structures; more is an attack by
  // pointers that share their target.
  options.traversalLimitInWords = 2 * words.size() + 1024;
  options.nestingLimit = 8;
  try {
    capnp::SegmentArrayMessageReader message(segments, options);
    return take(message.getRoot<Root>());
  } catch (const Refused& refused) {
    return refused.error;
  } catch (const kj::Exception& exception) {
    return Error{Errc::kInvalid,
                 std::string("peer message: not well formed: ") + exception.getDescription().cStr(),
                 ""};
  }
}

capnp::Data::Reader capnp_data(BytesView bytes) {
  return {bytes.data(), bytes.size()};
}

capnp::Text::Reader capnp_text(const std::string& value) {
  return {value.c_str(), value.size()};
}

Bytes joined(const std::vector<Digest>& hashes) {
  Bytes bytes;
  bytes.reserve(hashes.size() * Digest::kSize);
  for (const Digest& hash : hashes) {
    append(bytes, hash.view());
  }
  return bytes;
}

/// The bytes of a built message: one segment, because the first is made large enough.
Bytes finish(capnp::MallocMessageBuilder& message) {
  const auto segments = message.getSegmentsForOutput();
  if (segments.size() == 1) {
    const auto bytes = segments[0].asBytes();
    return {bytes.begin(), bytes.end()};
  }
  // It grew beyond the estimate: copied into one segment of the size it turned out to have.
  std::size_t words = 1;
  for (const auto& segment : segments) {
    words += segment.size();
  }
  capnp::MallocMessageBuilder single(static_cast<unsigned>(words));
  single.setRoot(message.getRoot<capnp::AnyPointer>().asReader());
  const auto bytes = single.getSegmentsForOutput()[0].asBytes();
  return {bytes.begin(), bytes.end()};
}

void put_hello(peer_wire::Hello::Builder builder, const HelloMessage& hello) {
  builder.setFederation(capnp_data(hello.federation.view()));
  auto versions = builder.initVersions(static_cast<unsigned>(hello.versions.size()));
  for (unsigned i = 0; i < hello.versions.size(); ++i) {
    versions.set(i, hello.versions[i]);
  }
  builder.setProgram(capnp_text(hello.program));
}

struct RequestWriter {
  peer_wire::Request::Builder request;

  void operator()(const HelloMessage& hello) { put_hello(request.initHello(), hello); }
  void operator()(const HeadsRequest& /*heads*/) { request.setHeads(); }
  void operator()(const PullRequest& pull) {
    auto builder = request.initPull();
    builder.setOrigin(capnp_text(pull.origin));
    builder.setBegin(pull.begin);
    builder.setEnd(pull.end);
    builder.setSize(pull.size);
    builder.setBytesMax(pull.bytes_max);
    builder.setRange(pull.range);
  }
  void operator()(const ProveRequest& prove) {
    auto builder = request.initProve();
    builder.setOrigin(capnp_text(prove.origin));
    builder.setOldSize(prove.old_size);
    builder.setSize(prove.size);
  }
  void operator()(const CosignRequest& cosign) {
    request.setCosign(capnp_text(cosign.add_checkpoint));
  }
  void operator()(const ForkReport& report) { request.setForkReport(capnp_text(report.proof)); }
  void operator()(const StageRequest& stage) {
    auto builder = request.initStage();
    builder.setOrigin(capnp_text(stage.origin));
    builder.setBoot(stage.boot);
    builder.setStart(capnp_text(stage.start));
    builder.setSigned(stage.signed_size);
    builder.setBegin(stage.begin);
    builder.setCount(stage.count);
    builder.setEntries(capnp_data(stage.entries));
  }
  void operator()(const RecallRequest& recall) {
    auto builder = request.initRecall();
    builder.setOrigin(capnp_text(recall.origin));
    builder.setBegin(recall.begin);
  }
};

struct AnswerWriter {
  peer_wire::Answer::Builder answer;

  void operator()(const RefusalAnswer& refusal) {
    auto builder = answer.initRefusal();
    builder.setCode(name(refusal.code));
    builder.setMessage(capnp_text(refusal.message));
  }
  void operator()(const HelloMessage& hello) { put_hello(answer.initHello(), hello); }
  void operator()(const HeadsAnswer& heads) {
    auto list = answer.initHeads(static_cast<unsigned>(heads.heads.size()));
    for (unsigned i = 0; i < heads.heads.size(); ++i) {
      const PeerHead& head = heads.heads[i];
      list[i].setOrigin(capnp_text(head.origin));
      list[i].setSize(head.size);
      list[i].setCheckpoint(capnp_text(head.checkpoint));
      list[i].setCosigned(capnp_text(head.cosigned));
      list[i].setWitnessed(capnp_text(head.witnessed));
      list[i].setWitnessOnly(head.witness_only);
    }
  }
  void operator()(const Package& package) {
    auto builder = answer.initPackage();
    builder.setBegin(package.begin);
    builder.setCount(package.count);
    builder.setEntries(capnp_data(package.entries));
    builder.setProof(capnp_data(joined(package.proof)));
  }
  void operator()(const ProofAnswer& proof) {
    auto builder = answer.initProof();
    builder.setOldRoot(capnp_data(proof.old_root.view()));
    builder.setHashes(capnp_data(joined(proof.hashes)));
  }
  void operator()(const CosignedAnswer& cosigned) {
    auto builder = answer.initCosigned();
    builder.setStatus(cosigned.status);
    builder.setBody(capnp_text(cosigned.body));
  }
  void operator()(const NotedAnswer& /*noted*/) { answer.setNoted(); }
  void operator()(const StagedAnswer& staged) {
    auto builder = answer.initStaged();
    builder.setEnd(staged.end);
    builder.setLater(capnp_text(staged.later));
  }
  void operator()(const RecalledAnswer& recalled) {
    auto builder = answer.initRecalled();
    builder.setBoot(recalled.boot);
    builder.setBegin(recalled.begin);
    auto boots = builder.initBoots(static_cast<unsigned>(recalled.boots.size()));
    for (unsigned i = 0; i < recalled.boots.size(); ++i) {
      boots.set(i, recalled.boots[i]);
    }
    builder.setEntries(capnp_data(recalled.entries));
  }
};

unsigned words_for(std::size_t entries_bytes, std::size_t numbers) {
  return static_cast<unsigned>(entries_bytes / 8 + numbers + 1024);
}

unsigned words_for(const PeerRequest& request) {
  const auto* stage = std::get_if<StageRequest>(&request);
  return words_for(stage == nullptr ? 0 : stage->entries.size(), 0);
}

unsigned words_for(const PeerAnswer& answer) {
  if (const auto* package = std::get_if<Package>(&answer)) {
    return words_for(package->entries.size(), 0);
  }
  const auto* recalled = std::get_if<RecalledAnswer>(&answer);
  return recalled == nullptr ? words_for(0, 0)
                             : words_for(recalled->entries.size(), recalled->boots.size());
}

}  // namespace

Result<std::vector<BytesView>> split_entries(BytesView entries, std::size_t count) {
  std::vector<BytesView> split;
  split.reserve(std::min<std::size_t>(count, kPackageEntriesMax));
  BytesView left = entries;
  while (!left.empty() && split.size() < count) {
    if (left.size() < 2) {
      return Error{Errc::kInvalid, "peer message: ends inside the length of an entry", ""};
    }
    const std::size_t length = read_be<std::uint16_t>(left.data());
    left = left.subspan(2);
    if (left.size() < length) {
      return Error{Errc::kInvalid, "peer message: ends inside an entry", ""};
    }
    split.push_back(left.first(length));
    left = left.subspan(length);
  }
  if (!left.empty() || split.size() != count) {
    return Error{Errc::kInvalid, "peer message: does not hold the entries it announces", ""};
  }
  return split;
}

void append_entry(Bytes& entries, BytesView entry) {
  append_be(entries, static_cast<std::uint16_t>(entry.size()));
  append(entries, entry);
}

Bytes encode(const PeerRequest& request) {
  capnp::MallocMessageBuilder message(words_for(request));
  std::visit(RequestWriter{message.initRoot<peer_wire::Request>()}, request);
  return finish(message);
}

Bytes encode(const PeerAnswer& answer) {
  capnp::MallocMessageBuilder message(words_for(answer));
  std::visit(AnswerWriter{message.initRoot<peer_wire::Answer>()}, answer);
  return finish(message);
}

Result<PeerRequest> decode_request(BytesView bytes) {
  return decode<peer_wire::Request, PeerRequest>(bytes, take_request);
}

Result<PeerAnswer> decode_answer(BytesView bytes) {
  return decode<peer_wire::Answer, PeerAnswer>(bytes, take_answer);
}

}  // namespace hefu
