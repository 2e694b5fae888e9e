#include "ledger/event/envelope.h"

#include <algorithm>
#include <bit>
#include <string>
#include <string_view>

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

// RFC 9162 §2.1.3.2, giving the root instead of comparing it.
Result<Digest> batch_root(const Envelope& envelope) {
  const auto misfit = [] {
    return refused("batch_path", "does not fit the event's place and the batch's size");
  };
  if (envelope.batch_index >= envelope.batch_size) {
    return misfit();
  }
  std::uint32_t node = envelope.batch_index;
  std::uint32_t last = envelope.batch_size - 1;
  Digest hash = leaf_hash(envelope.id().digest.view());
  for (const Digest& sibling : envelope.batch_path) {
    if (last == 0) {
      return misfit();
    }
    if (node % 2 == 1 || node == last) {
      hash = node_hash(sibling, hash);
      while (node % 2 == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = node_hash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) {
    return misfit();
  }
  return hash;
}

EnvelopeVerifier::EnvelopeVerifier(std::size_t remembered_batches_max)
    : remembered_batches_max_(std::max<std::size_t>(remembered_batches_max, 1)) {}

bool EnvelopeVerifier::verify(const Envelope& envelope, const PublicKey& key) {
  if (envelope.algorithm != Algorithm::kEd25519Sha256 || envelope.signer != key_id(key)) {
    return false;
  }
  const auto root = batch_root(envelope);
  if (!root) {
    return false;
  }
  const Bytes statement = batch_statement(envelope.algorithm, envelope.batch_size, *root);
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
