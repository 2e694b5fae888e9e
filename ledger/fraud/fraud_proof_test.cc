#include "ledger/fraud/fraud_proof.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

Digest digest(int number) {
  return sha256(as_bytes("digest " + std::to_string(number)));
}

LoggedStatement statement() {
  return {to_bytes("an envelope"), "a proof\n"};
}

std::vector<FraudProof> samples() {
  IndexOmission types;
  types.anchor = statement();
  types.slices = {{"anchor", 3, digest(1)}, {"base", 4, digest(2)}};
  types.index = 7;
  types.event = to_bytes("an event");
  types.event_path = {digest(3), digest(4)};
  types.absence.place = 2;
  types.absence.before = IndexProof::Shown{type_entry(6, digest(5)), {digest(6)}};
  types.absence.at = IndexProof::Shown{type_entry(8, digest(7)), {}};
  IndexOmission supersessions = types;
  supersessions.of_supersessions = true;
  supersessions.slices.clear();
  supersessions.list_size = 5;
  supersessions.list_root = digest(8);
  supersessions.absence.before.reset();
  WrongArithmetic inner;
  inner.attestation = statement();
  inner.tree = ViewTree::kClaims;
  inner.leaves = 9;
  inner.top = {9, 100, digest(9)};
  inner.toward = 4;
  inner.steps = {{{4, 50, digest(10)}, 5, -50}, {{1, AggSum{1} << 90, digest(11)}, 4, 49}};
  inner.opened = WrongArithmetic::Inner{{2, 1, digest(12)}, {2, -(AggSum{1} << 90), digest(13)}};
  WrongArithmetic leaf = inner;
  leaf.opened = WrongArithmetic::Leaf{2, 7, digest(14), digest(15)};
  WrongArithmetic top = inner;
  top.steps.clear();
  top.opened = std::monostate{};
  WrongLeaf wrong;
  wrong.attestation = statement();
  wrong.key = to_bytes("a key");
  wrong.place = {3, 4, {{to_bytes("a key"), digest(16)}}, Bytes(40, 1)};
  wrong.payload = Bytes(64, 2);
  wrong.bundle = to_bytes("a bundle");
  WrongLeaf superseded = wrong;
  superseded.correction = EventId{digest(17)};
  const Duplicate duplicate{statement(), ViewTree::kUnits, {3, 3, {}, Bytes(80, 3)}};
  return {{types}, {supersessions}, {inner}, {leaf}, {top}, {wrong}, {superseded}, {duplicate}};
}

TEST(FraudProof, HasOneSequenceOfBytes) {
  for (const FraudProof& proof : samples()) {
    const Bytes bytes = proof.encode();
    const auto read = FraudProof::decode(bytes);
    ASSERT_TRUE(read) << name(proof.kind()) << ": " << read.error().message;
    EXPECT_EQ(*read, proof) << name(proof.kind());
    EXPECT_EQ(read->encode(), bytes);
  }
}

TEST(FraudProof, RefusesWhatIsCutOffOrGoesOn) {
  for (const FraudProof& proof : samples()) {
    Bytes bytes = proof.encode();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto read = FraudProof::decode(BytesView(bytes).first(i));
      EXPECT_FALSE(read) << name(proof.kind()) << " of " << i << " bytes";
    }
    bytes.push_back(0);
    EXPECT_FALSE(FraudProof::decode(bytes)) << name(proof.kind());
  }
}

TEST(FraudProof, NeverReadsTwoFilesAsOne) {
  for (const FraudProof& proof : samples()) {
    const Bytes bytes = proof.encode();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      Bytes changed = bytes;
      changed[i] ^= 0x81;
      const auto read = FraudProof::decode(changed);
      EXPECT_TRUE(!read || read->encode() == changed) << name(proof.kind()) << " byte " << i;
    }
  }
}

TEST(FraudProof, TellsOtherVersionsAndKindsFromOtherFiles) {
  EXPECT_EQ(FraudProof::decode(as_bytes("hefu-fraud-proof/2\n")).error().code, Errc::kUnsupported);
  EXPECT_EQ(FraudProof::decode(as_bytes("hefu-view/1\n")).error().code, Errc::kInvalid);
  Bytes unknown = to_bytes(kFraudProofMagic);
  unknown.push_back(6);
  EXPECT_EQ(FraudProof::decode(unknown).error().code, Errc::kUnsupported);
}

TEST(FraudProof, BoundsEveryList) {
  const auto refused = [](FraudProof proof) {
    const auto read = FraudProof::decode(proof.encode());
    return !read && read.error().code == Errc::kTooLarge;
  };
  IndexOmission omission = std::get<IndexOmission>(samples()[0].is);
  omission.event_path.assign(kProofHashesMax + 1, Digest{});
  EXPECT_TRUE(refused({omission}));
  omission = std::get<IndexOmission>(samples()[0].is);
  omission.slices.assign(kFraudSlicesMax + 1, TypeSlice{"a", 0, Digest{}});
  EXPECT_TRUE(refused({omission}));
  omission = std::get<IndexOmission>(samples()[0].is);
  omission.event.assign(kEnvelopeBytesMax + 1, 0);
  EXPECT_TRUE(refused({omission}));
  WrongArithmetic deep = std::get<WrongArithmetic>(samples()[2].is);
  deep.steps.assign(34, {});
  EXPECT_TRUE(refused({deep}));
  WrongLeaf leaf = std::get<WrongLeaf>(samples()[5].is);
  leaf.key.assign(kAggKeyBytesMax + 1, 0);
  EXPECT_TRUE(refused({leaf}));
}

}  // namespace
}  // namespace hefu
