#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/event/event.h"

namespace hefu {

/// The exact signed bytes that carry an event, and a log entry (leaf data) at once. One signature
/// may cover many events: each envelope carries the Merkle path from its event to the signed batch
/// root, so that it stays verifiable alone.
struct Envelope {
  Algorithm algorithm = Algorithm::kEd25519Sha256;
  KeyId signer;
  Bytes event;  ///< canonical event bytes
  std::uint32_t batch_size = 1;
  std::uint32_t batch_index = 0;
  std::vector<Digest> batch_path;  ///< RFC 6962 inclusion path, leaf sibling first; empty if alone
  Signature signature;

  [[nodiscard]] EventId id() const { return event_id(event); }
};

/// Most events one signature may cover. 2^20: a path of 20 hashes, 640 bytes.
inline constexpr std::uint32_t kBatchEventsMax = 1u << 20;

/// What is signed: "hefu/batch/v1" 00 algorithm(u16 be) size(u32 be) root(32), where root is the
/// RFC 6962 tree head over the event ids of the batch as leaf data.
Bytes batch_statement(Algorithm algorithm, std::uint32_t size, const Digest& root);

/// Signs canonical event bytes, all with one signature, and returns the encoded envelopes in order.
/// Errors: kInvalid (no event), kTooLarge (more than kBatchEventsMax, or an envelope over its
/// bound).
Result<std::vector<Bytes>> sign_batch(std::span<const Bytes> events, const SecretKey& key);

Result<Bytes> encode_envelope(const Envelope& envelope);
/// Refuses what is not canonical, over kEnvelopeBytesMax, or of an unknown algorithm
/// (kUnsupported). Does not verify the signature.
Result<Envelope> decode_envelope(BytesView bytes);

/// The batch root that the envelope's event and path lead to, or an error if the path does not fit
/// its index and size.
Result<Digest> batch_root(const Envelope& envelope);

/// A climb from an event to its batch's root, with what it passed on the way.
struct BatchClimb {
  /// Where the climb stood before one of the path's hashes was used.
  struct Step {
    std::uint32_t node = 0;
    std::uint32_t last = 0;
    Digest hash;
    bool operator==(const Step&) const = default;
  };
  std::vector<Step> steps;   ///< one per hash of the path, and the root
  std::vector<Digest> path;  ///< as in the envelope
};

/// Verifies envelopes, paying for each batch signature once: a (statement, signature, key) already
/// found good costs only hashes; and for the upper part of a path once as long as envelopes of one
/// batch follow one another: two hashes each on average. Not thread-safe; bounded memory.
class EnvelopeVerifier {
 public:
  explicit EnvelopeVerifier(std::size_t remembered_batches_max = 4096);
  [[nodiscard]] bool verify(const Envelope& envelope, const PublicKey& key);
  /// The same, if the caller has made the event's id already.
  [[nodiscard]] bool verify(const Envelope& envelope, const EventId& id, const PublicKey& key);

 private:
  /// The latest envelope found good.
  struct Latest {
    std::uint32_t batch_size = 0;  // 0: none yet
    KeyId signer;
    PublicKey key;
    Signature signature;
    BatchClimb climb;
  };

  /// Whether the key signed a batch with this root.
  bool is_signed(const Envelope& envelope, const Digest& root, const PublicKey& key);

  std::size_t remembered_batches_max_;
  Latest latest_;
  std::unordered_map<Digest, bool> good_;  // keyed by digest of statement, signature and key
};

}  // namespace hefu
