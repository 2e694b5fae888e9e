#include "ledger/event/envelope.h"

#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/event/limits.h"
#include "ledger/event/random_event.h"
#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

using testing::sample_event;

SecretKey key_of(std::uint8_t number) {
  std::array<std::uint8_t, SecretKey::kSeedSize> seed{};
  seed.fill(number);
  return SecretKey::from_seed(seed);
}

Bytes event_bytes(std::uint32_t number) {
  Event event = sample_event();
  event.fields["posts_offered"] = Value{std::int64_t{number}};
  return *encode_event(event);
}

std::vector<Bytes> events(std::uint32_t count) {
  std::vector<Bytes> list;
  for (std::uint32_t i = 0; i < count; ++i) {
    list.push_back(event_bytes(i));
  }
  return list;
}

std::vector<Envelope> signed_batch(std::uint32_t count, const SecretKey& key) {
  std::vector<Envelope> envelopes;
  const auto encoded = sign_batch(events(count), key);
  EXPECT_TRUE(encoded);
  for (const Bytes& bytes : *encoded) {
    auto envelope = decode_envelope(bytes);
    EXPECT_TRUE(envelope) << envelope.error().message;
    EXPECT_EQ(*encode_envelope(*envelope), bytes);
    envelopes.push_back(*envelope);
  }
  return envelopes;
}

bool verifies(const Envelope& envelope, const PublicKey& key) {
  return EnvelopeVerifier().verify(envelope, key);
}

class Batch : public ::testing::TestWithParam<std::uint32_t> {};
INSTANTIATE_TEST_SUITE_P(OfSize, Batch, ::testing::Values(1, 2, 3, 4, 5, 7, 8, 1000));

TEST_P(Batch, VerifiesEachEventAlone) {
  const SecretKey key = key_of(1);
  const auto batch = signed_batch(GetParam(), key);
  ASSERT_EQ(batch.size(), GetParam());
  EnvelopeVerifier remembering;
  for (std::uint32_t i = 0; i < batch.size(); ++i) {
    EXPECT_EQ(batch[i].event, event_bytes(i));
    EXPECT_EQ(batch[i].batch_index, i);
    EXPECT_TRUE(remembering.verify(batch[i], key.public_key())) << i;
    // Fresh verifiers pay a signature each: a few samples show that none depends on another.
    if (i < 8 || i + 8 > batch.size()) {
      EXPECT_TRUE(verifies(batch[i], key.public_key())) << i;
    }
  }
}

TEST_P(Batch, RefusesEachTampering) {
  const SecretKey key = key_of(1);
  const SecretKey other = key_of(2);
  const auto batch = signed_batch(GetParam(), key);
  const std::uint32_t last = GetParam() - 1;
  // A verifier that already knows the batch is the one that could be fooled.
  EnvelopeVerifier verifier;
  for (const std::uint32_t i : {0u, last / 2, last}) {
    const Envelope& good = batch[i];
    ASSERT_TRUE(verifier.verify(good, key.public_key()));

    for (std::size_t byte = 0; byte < good.event.size(); ++byte) {
      Envelope bad = good;
      bad.event[byte] ^= 1;
      EXPECT_FALSE(verifier.verify(bad, key.public_key())) << "event byte " << byte;
    }
    for (std::size_t hash = 0; hash < good.batch_path.size(); ++hash) {
      Envelope bad = good;
      bad.batch_path[hash].bytes[31] ^= 0x80;
      EXPECT_FALSE(verifier.verify(bad, key.public_key())) << "path hash " << hash;
      bad = good;
      bad.batch_path.erase(bad.batch_path.begin() + static_cast<std::ptrdiff_t>(hash));
      EXPECT_FALSE(verifier.verify(bad, key.public_key())) << "without path hash " << hash;
    }
    Envelope bad = good;
    bad.batch_path.push_back(Digest{});
    EXPECT_FALSE(verifier.verify(bad, key.public_key())) << "one path hash more";
    for (std::uint32_t index = 0; index < GetParam(); ++index) {
      bad = good;
      bad.batch_index = index;
      EXPECT_EQ(verifier.verify(bad, key.public_key()), index == i) << "index " << index;
    }
    for (const std::uint32_t size :
         {GetParam() - 1, GetParam() + 1, GetParam() * 2, 0u, kBatchEventsMax}) {
      bad = good;
      bad.batch_size = size;
      EXPECT_FALSE(verifier.verify(bad, key.public_key())) << "size " << size;
    }
    for (std::size_t byte = 0; byte < Signature::kSize; ++byte) {
      bad = good;
      bad.signature.bytes[byte] ^= 1;
      EXPECT_FALSE(verifier.verify(bad, key.public_key())) << "signature byte " << byte;
    }
    bad = good;
    bad.signer.digest.bytes[0] ^= 1;
    EXPECT_FALSE(verifier.verify(bad, key.public_key())) << "signer";
    EXPECT_FALSE(verifier.verify(good, other.public_key())) << "another key";
    bad.signer = key_id(other.public_key());
    EXPECT_FALSE(verifier.verify(bad, other.public_key())) << "another signer and key";
    EXPECT_TRUE(verifier.verify(good, key.public_key()));
  }
}

TEST(Envelope, HasThePublishedBytes) {
  std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/tests/vectors/event/envelope.hex");
  std::string expected((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  expected = expected.substr(0, expected.find('\n'));
  EXPECT_EQ(hex_encode(sign_batch(events(3), key_of(1))->at(1)), expected);
}

TEST(Envelope, StatementIsSeparateFromEverythingElseThatIsSigned) {
  const SecretKey key = key_of(1);
  const Bytes event = event_bytes(0);
  const Digest id = event_id(event).digest;
  const Digest root = leaf_hash(id.view());
  Envelope envelope = signed_batch(1, key).front();
  ASSERT_TRUE(verifies(envelope, key.public_key()));
  const Bytes statement = batch_statement(Algorithm::kEd25519Sha256, 1, root);
  EXPECT_EQ(hex_encode(statement),
            "686566752f62617463682f763100"
            "0001"
            "00000001" +
                root.hex());

  // What a careless or tricked signer might have signed for another purpose.
  Bytes other_domain = statement;
  other_domain[5] = 'x';
  for (const Bytes& message :
       {event, to_bytes(id.view()), to_bytes(root.view()), to_bytes(as_bytes(root.hex())),
        other_domain, Bytes(statement.begin() + 14, statement.end()),
        batch_statement(static_cast<Algorithm>(2), 1, root),
        batch_statement(Algorithm::kEd25519Sha256, 2, root)}) {
    envelope.signature = sign(key, message);
    EXPECT_FALSE(verifies(envelope, key.public_key()));
  }
}

TEST(Envelope, CannotPassAnInnerNodeOffAsAnEvent) {
  // The root over two events is a node, never the id of an event that could stand alone.
  const SecretKey key = key_of(1);
  Envelope forged = signed_batch(2, key)[0];
  const Digest left = leaf_hash(forged.id().digest.view());
  Bytes node = to_bytes(left.view());
  append(node, forged.batch_path[0].view());
  forged.event = node;
  forged.batch_size = 1;
  forged.batch_path.clear();
  EXPECT_FALSE(verifies(forged, key.public_key()));
}

TEST(Envelope, NonCanonicalBytesAreRefused) {
  const Bytes good = sign_batch(events(3), key_of(1))->at(2);
  ASSERT_TRUE(decode_envelope(good));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(decode_envelope(BytesView(good).first(size))) << size;
  }
  Bytes longer = good;
  longer.resize(longer.size() + 8);
  EXPECT_FALSE(decode_envelope(longer));

  const std::uint64_t seed = testing::fresh_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  testing::SeededEntropy random(seed);
  for (int i = 0; i < 20000; ++i) {
    Bytes bytes = good;
    bytes[random.below(i % 2 == 0 ? 56 : bytes.size())] ^=
        static_cast<std::uint8_t>(1 << random.below(8));
    const auto read = decode_envelope(bytes);
    if (read) {
      ASSERT_EQ(*encode_envelope(*read), bytes);
    }
  }
}

TEST(Envelope, AnotherSchemaOrAlgorithmIsUnsupported) {
  Bytes bytes = sign_batch(events(1), key_of(1))->front();
  ASSERT_EQ(bytes[8], 1);
  ASSERT_EQ(bytes[10], 1);
  bytes[8] = 2;
  EXPECT_EQ(decode_envelope(bytes).error().code, Errc::kUnsupported);
  bytes[8] = 1;
  bytes[10] = 9;
  EXPECT_EQ(decode_envelope(bytes).error().code, Errc::kUnsupported);
}

TEST(Envelope, RefusesPlacesOutsideTheBatch) {
  Envelope envelope = signed_batch(1, key_of(1)).front();
  envelope.batch_index = 1;
  EXPECT_FALSE(encode_envelope(envelope));
  envelope.batch_index = 0;
  envelope.batch_size = 0;
  EXPECT_FALSE(encode_envelope(envelope));
  envelope.batch_size = kBatchEventsMax + 1;
  EXPECT_FALSE(encode_envelope(envelope));
  envelope.batch_size = kBatchEventsMax;
  envelope.batch_path.resize(21);
  EXPECT_FALSE(encode_envelope(envelope));
}

TEST(Envelope, OfTheLargestEventWithTheLongestPathIsALogEntry) {
  Envelope envelope = signed_batch(1, key_of(1)).front();
  envelope.event.assign(kEventBytesMax, 7);
  envelope.batch_size = kBatchEventsMax;
  envelope.batch_index = kBatchEventsMax - 1;
  envelope.batch_path.resize(20, sha256(as_bytes("hash")));
  const auto bytes = encode_envelope(envelope);
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_LE(bytes->size(), kEnvelopeBytesMax);
  EXPECT_GT(bytes->size() + 8, kEnvelopeBytesMax);
  EXPECT_TRUE(decode_envelope(*bytes));
  envelope.event.resize(kEventBytesMax + 8);
  EXPECT_EQ(encode_envelope(envelope).error().code, Errc::kTooLarge);
  EXPECT_EQ(decode_envelope(Bytes(65536)).error().code, Errc::kTooLarge);
}

TEST(SignBatch, RefusesNothingToSignAndEventsOverTheirBound) {
  const SecretKey key = key_of(1);
  EXPECT_EQ(sign_batch({}, key).error().code, Errc::kInvalid);
  std::vector<Bytes> list = events(2);
  list[1].resize(kEventBytesMax + 8);
  const auto result = sign_batch(list, key);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kTooLarge);
  EXPECT_NE(result.error().message.find("event 2 of the batch"), std::string::npos);
}

TEST(EnvelopeVerifier, RemembersGoodSignaturesOnly) {
  const SecretKey key = key_of(1);
  const auto batch = signed_batch(2, key);
  EnvelopeVerifier verifier;
  Envelope bad = batch[0];
  bad.signature.bytes[10] ^= 1;
  EXPECT_FALSE(verifier.verify(bad, key.public_key()));
  EXPECT_FALSE(verifier.verify(bad, key.public_key()));
  bad.batch_path = batch[1].batch_path;
  EXPECT_FALSE(verifier.verify(bad, key.public_key()));
  EXPECT_TRUE(verifier.verify(batch[0], key.public_key()));
  bad = batch[1];
  bad.signature.bytes[40] ^= 1;
  EXPECT_FALSE(verifier.verify(bad, key.public_key()));
}

// A verifier that has just found a neighbour good climbs less than a fresh one, and must not be
// fooled by it: whatever hash of the path is changed, both say the same.
TEST(EnvelopeVerifier, JudgesAfterANeighbourAsAFreshOneDoes) {
  const SecretKey key = key_of(1);
  const PublicKey by = key.public_key();
  for (const std::uint32_t size : {2u, 3u, 5u, 8u, 13u, 33u}) {
    const auto batch = signed_batch(size, key);
    for (std::uint32_t before = 0; before < size; ++before) {
      for (std::uint32_t at = 0; at < size; ++at) {
        EnvelopeVerifier verifier;
        ASSERT_TRUE(verifier.verify(batch[before], by));
        ASSERT_TRUE(verifier.verify(batch[at], by)) << at << " after " << before << " of " << size;
        for (std::size_t hash = 0; hash < batch[at].batch_path.size(); ++hash) {
          Envelope changed = batch[at];
          changed.batch_path[hash].bytes[7] ^= 1;
          EXPECT_FALSE(verifier.verify(changed, by)) << at << " after " << before << " of " << size;
        }
        Envelope moved = batch[at];
        moved.batch_index = (at + 1) % size;
        EXPECT_FALSE(verifier.verify(moved, by)) << at << " after " << before << " of " << size;
        Envelope cut = batch[at];
        cut.batch_path.pop_back();
        EXPECT_FALSE(verifier.verify(cut, by));
        Envelope other = batch[at];
        other.event = batch[(at + 1) % size].event;
        EXPECT_FALSE(verifier.verify(other, by));
      }
    }
  }
}

TEST(EnvelopeVerifier, StillVerifiesWhenItsMemoryIsFull) {
  const SecretKey key = key_of(1);
  EnvelopeVerifier verifier(2);
  std::vector<Envelope> alone;
  for (std::uint32_t i = 0; i < 7; ++i) {
    const std::vector<Bytes> one = {event_bytes(i)};
    alone.push_back(*decode_envelope(sign_batch(one, key)->front()));
  }
  for (int round = 0; round < 2; ++round) {
    for (const Envelope& envelope : alone) {
      EXPECT_TRUE(verifier.verify(envelope, key.public_key()));
    }
  }
}

}  // namespace
}  // namespace hefu
