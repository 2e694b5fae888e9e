#include "ledger/event/envelope.h"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>
#include <utility>

#include <kj/exception.h>

#include "ledger/event/event.capnp.h"
#include "ledger/event/limits.h"
#include "ledger/event/wire.h"
#include "ledger/merkle/tree.h"

namespace hefu {

namespace {

// Sizes of Envelope in schema 1 of event.capnp.
constexpr std::size_t kEnvelopeData = 16;
constexpr std::size_t kEnvelopePointers = 4;

constexpr std::size_t kPathHashesMax = std::bit_width(kBatchEventsMax - 1);

constexpr std::uint16_t number(Algorithm algorithm) {
  return static_cast<std::uint16_t>(algorithm);
}

Error refused(const char* field, const char* what) {
  return Error{Errc::kInvalid, std::string("envelope: ") + field + ": " + what,
               "the bytes are damaged or not an envelope; see event.capnp"};
}

Result<void> check_envelope(const Envelope& envelope) {
  if (envelope.algorithm != Algorithm::kEd25519Sha256) {
    return Error{
        Errc::kUnsupported,
        "envelope: algorithm " + std::to_string(number(envelope.algorithm)) + " is not known",
        "upgrade this program"};
  }
  if (envelope.batch_size == 0 || envelope.batch_size > kBatchEventsMax) {
    return refused("batch_size", "not between 1 and 1048576");
  }
  if (envelope.batch_index >= envelope.batch_size) {
    return refused("batch_index", "not below the batch's size");
  }
  if (envelope.batch_path.size() > kPathHashesMax) {
    return refused("batch_path", "more than 20 hashes");
  }
  const auto size = wire::check_message_size("event", envelope.event.size(), kEventBytesMax);
  return size ? size : Result<void>(size.error().during("envelope"));
}

Result<Envelope> read_envelope(wire::CanonicalMessage& message) {
  const auto in = message.root<wire::Envelope>();
  if (in.getSchema() != 1) {
    return Error{Errc::kUnsupported,
                 "envelope: schema " + std::to_string(in.getSchema()) + " is not known",
                 "upgrade this program"};
  }
  if (wire::has_unknown_fields(in, kEnvelopeData, kEnvelopePointers) || in.getReserved32() != 0) {
    return refused("bytes", "carry fields that schema 1 does not have");
  }
  Envelope envelope;
  envelope.algorithm = static_cast<Algorithm>(in.getAlgorithm());
  envelope.batch_size = in.getBatchSize();
  envelope.batch_index = in.getBatchIndex();
  envelope.event = to_bytes(wire::view(in.getEvent()));
  const auto signer = Digest::from_bytes(wire::view(in.getSigner()));
  if (!signer) {
    return refused("signer", "not 32 bytes");
  }
  envelope.signer = KeyId{*signer};
  const auto signature = Signature::from_bytes(wire::view(in.getSignature()));
  if (!signature) {
    return refused("signature", "not 64 bytes");
  }
  envelope.signature = *signature;
  const BytesView path = wire::view(in.getBatchPath());
  if (path.size() % Digest::kSize != 0) {
    return refused("batch_path", "not whole hashes of 32 bytes");
  }
  envelope.batch_path.reserve(path.size() / Digest::kSize);
  for (std::size_t i = 0; i < path.size(); i += Digest::kSize) {
    envelope.batch_path.push_back(*Digest::from_bytes(path.subspan(i, Digest::kSize)));
  }
  if (const auto ok = check_envelope(envelope); !ok) {
    return ok.error();
  }
  return envelope;
}

/// How many hashes two paths have in common at their upper ends.
std::size_t common_end(const std::vector<Digest>& left, const std::vector<Digest>& right) {
  const std::size_t most = std::min(left.size(), right.size());
  std::size_t common = 0;
  while (common < most && left[left.size() - 1 - common] == right[right.size() - 1 - common]) {
    ++common;
  }
  return common;
}

/// RFC 9162 §2.1.3.2, giving the root instead of comparing it: the last of the climb's steps. False
/// if the path does not fit the event's place and the batch's size.
///
/// What is above a step follows from the step and from the hashes of the path that are left. So
/// where the climb stands as `known` stood with as many and the same hashes left, it ends as
/// `known` does; in one batch neighbours meet after two steps on average.
bool climb_to_root(const Envelope& envelope, const EventId& id, const BatchClimb* known,
                   BatchClimb& climb) {
  if (envelope.batch_index >= envelope.batch_size) {
    return false;
  }
  climb.path = envelope.batch_path;
  climb.steps.reserve(climb.path.size() + 1);
  const std::size_t common = known == nullptr ? 0 : common_end(climb.path, known->path);
  BatchClimb::Step step{envelope.batch_index, envelope.batch_size - 1, leaf_hash(id.digest.view())};
  for (std::size_t used = 0; used < climb.path.size(); ++used) {
    const std::size_t left = climb.path.size() - used;
    if (known != nullptr && left <= common) {
      const auto same = known->steps.end() - 1 - static_cast<std::ptrdiff_t>(left);
      if (*same == step) {
        climb.steps.insert(climb.steps.end(), same, known->steps.end());
        return true;
      }
    }
    if (step.last == 0) {
      return false;
    }
    climb.steps.push_back(step);
    const Digest& sibling = climb.path[used];
    if (step.node % 2 == 1 || step.node == step.last) {
      step.hash = node_hash(sibling, step.hash);
      while (step.node % 2 == 0 && step.node != 0) {
        step.node >>= 1;
        step.last >>= 1;
      }
    } else {
      step.hash = node_hash(step.hash, sibling);
    }
    step.node >>= 1;
    step.last >>= 1;
  }
  climb.steps.push_back(step);
  return step.last == 0;
}

}  // namespace

Bytes batch_statement(Algorithm algorithm, std::uint32_t size, const Digest& root) {
  static constexpr std::string_view kDomain("hefu/batch/v1\0", 14);
  Bytes statement;
  statement.reserve(kDomain.size() + 2 + 4 + Digest::kSize);
  append(statement, kDomain);
  append_be(statement, number(algorithm));
  append_be(statement, size);
  append(statement, root.view());
  return statement;
}

Result<std::vector<Bytes>> sign_batch(std::span<const Bytes> events, const SecretKey& key) {
  if (events.empty()) {
    return Error{Errc::kInvalid, "batch: no event to sign", ""};
  }
  if (events.size() > kBatchEventsMax) {
    return Error{Errc::kTooLarge,
                 "batch: " + std::to_string(events.size()) + " events, at most 1048576",
                 "sign them in several batches"};
  }
  MemoryTree tree;
  for (const Bytes& event : events) {
    tree.append(leaf_hash(event_id(event).digest.view()));
  }
  Envelope envelope;
  envelope.signer = key_id(key.public_key());
  envelope.batch_size = static_cast<std::uint32_t>(events.size());
  envelope.signature =
      sign(key, batch_statement(envelope.algorithm, envelope.batch_size, tree.root()));
  std::vector<Bytes> envelopes;
  envelopes.reserve(events.size());
  for (const Bytes& event : events) {
    envelope.batch_index = static_cast<std::uint32_t>(envelopes.size());
    envelope.batch_path = tree.prove_inclusion(envelope.batch_index, envelope.batch_size);
    envelope.event = event;
    auto bytes = encode_envelope(envelope);
    if (!bytes) {
      return bytes.error().during("event " + std::to_string(envelopes.size() + 1) +
                                  " of the batch");
    }
    envelopes.push_back(*std::move(bytes));
  }
  return envelopes;
}

Result<Bytes> encode_envelope(const Envelope& envelope) {
  if (const auto ok = check_envelope(envelope); !ok) {
    return ok.error();
  }
  try {
    capnp::MallocMessageBuilder message;
    auto out = message.initRoot<wire::Envelope>();
    out.setSchema(1);
    out.setAlgorithm(number(envelope.algorithm));
    out.setBatchSize(envelope.batch_size);
    out.setBatchIndex(envelope.batch_index);
    out.setSigner(wire::data(envelope.signer.digest.view()));
    out.setEvent(wire::data(envelope.event));
    if (!envelope.batch_path.empty()) {
      Bytes path;
      path.reserve(envelope.batch_path.size() * Digest::kSize);
      for (const Digest& hash : envelope.batch_path) {
        append(path, hash.view());
      }
      out.setBatchPath(wire::data(path));
    }
    out.setSignature(wire::data(envelope.signature.bytes));
    return wire::canonical_bytes(out);
  } catch (const kj::Exception&) {
    return Error{Errc::kTooLarge, "envelope: does not fit in one message", ""};
  }
}

Result<Envelope> decode_envelope(BytesView bytes) {
  if (const auto ok = wire::check_message("envelope", bytes, kEnvelopeBytesMax); !ok) {
    return ok.error();
  }
  try {
    wire::CanonicalMessage message(bytes);
    return read_envelope(message);
  } catch (const kj::Exception&) {
    return refused("bytes", "malformed");
  }
}

Result<Digest> batch_root(const Envelope& envelope) {
  BatchClimb climb;
  if (!climb_to_root(envelope, envelope.id(), nullptr, climb)) {
    return refused("batch_path", "does not fit the event's place and the batch's size");
  }
  return climb.steps.back().hash;
}

EnvelopeVerifier::EnvelopeVerifier(std::size_t remembered_batches_max)
    : remembered_batches_max_(std::max<std::size_t>(remembered_batches_max, 1)) {}

bool EnvelopeVerifier::verify(const Envelope& envelope, const PublicKey& key) {
  return verify(envelope, envelope.id(), key);
}

bool EnvelopeVerifier::verify(const Envelope& envelope, const EventId& id, const PublicKey& key) {
  if (envelope.algorithm != Algorithm::kEd25519Sha256) {
    return false;
  }
  const bool same_batch = latest_.batch_size == envelope.batch_size &&
                          latest_.signer == envelope.signer && latest_.key == key &&
                          latest_.signature == envelope.signature;
  if (!same_batch && envelope.signer != key_id(key)) {
    return false;
  }
  BatchClimb climb;
  if (!climb_to_root(envelope, id, same_batch ? &latest_.climb : nullptr, climb)) {
    return false;
  }
  const Digest& root = climb.steps.back().hash;
  if (same_batch && root == latest_.climb.steps.back().hash) {
    latest_.climb = std::move(climb);
    return true;
  }
  if (!is_signed(envelope, root, key)) {
    return false;
  }
  latest_ = {envelope.batch_size, envelope.signer, key, envelope.signature, std::move(climb)};
  return true;
}

bool EnvelopeVerifier::is_signed(const Envelope& envelope, const Digest& root,
                                 const PublicKey& key) {
  const Bytes statement = batch_statement(envelope.algorithm, envelope.batch_size, root);
  const Digest batch = sha256({statement, envelope.signature.bytes, key.bytes});
  if (good_.contains(batch)) {
    return true;
  }
  if (!hefu::verify(key, statement, envelope.signature)) {
    return false;
  }
  // Forgetting all at once costs one signature per live batch and needs no order of use.
  if (good_.size() >= remembered_batches_max_) {
    good_.clear();
  }
  good_.emplace(batch, true);
  return true;
}

}  // namespace hefu
