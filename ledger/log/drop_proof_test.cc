#include "ledger/log/drop_proof.h"

#include <gtest/gtest.h>

#include "ledger/log/cosignature.h"
#include "ledger/log/promise.h"
#include "ledger/merkle/memory_tree.h"

namespace hefu {
namespace {

SecretKey key_of(std::uint8_t number) {
  SecretKey::Seed seed{};
  seed[0] = number;
  return SecretKey::from_seed(seed);
}

Bytes entry(std::uint64_t number) {
  return to_bytes("entry " + std::to_string(number));
}

/// A log of twenty entries that has promised to take one more, and two witnesses.
struct Host {
  const std::string origin = "host.example/hefu/1";
  SecretKey log = key_of(1);
  SecretKey witness[2] = {key_of(2), key_of(3)};
  MemoryTree tree;
  Promise promise{origin, sha256(as_bytes("event")), leaf_hash(as_bytes("promised")), 7, 1000,
                  2000};

  Host() { grow(20); }
  void grow(std::uint64_t count) {
    for (std::uint64_t i = 0; i < count; ++i) {
      tree.append(leaf_hash(entry(tree.size())));
    }
  }
  [[nodiscard]] VerifierKey log_key() const {
    return VerifierKey::make(origin, kNoteEd25519, log.public_key());
  }
  [[nodiscard]] VerifierKey witness_key(int number) const {
    return VerifierKey::make("w" + std::to_string(number) + ".example", kNoteCosignature,
                             witness[number].public_key());
  }
  [[nodiscard]] Policy policy(std::size_t quorum = 2) const {
    const std::vector<VerifierKey> logs = {log_key()};
    const std::vector<VerifierKey> witnesses = {witness_key(0), witness_key(1)};
    return *Policy::parse(k_of_n_policy(logs, witnesses, quorum));
  }
  [[nodiscard]] std::string cosigned(std::uint64_t first, std::uint64_t second) const {
    const std::string note =
        sign_checkpoint(Checkpoint{origin, tree.size(), tree.root(tree.size())}, log);
    const auto parsed = parse_note(note);
    const std::vector<NoteSignature> lines = {
        cosign(parsed->text, witness_key(0).name, witness[0], first),
        cosign(parsed->text, witness_key(1).name, witness[1], second)};
    return add_signatures(*parsed, lines);
  }
  [[nodiscard]] Result<DropProof> prove(const std::string& checkpoint) const {
    return make_drop_proof(sign_promise(promise, log), checkpoint, log_key(), policy(), {},
                           tree.reader());
  }
  [[nodiscard]] Result<Promise> verify(const DropProof& proof) const {
    return verify_drop_proof(proof, log_key(), policy());
  }
};

std::string message(const Result<Promise>& result) {
  return result ? "verified" : result.error().message;
}

TEST(Promise, ComesBackAsItWasSigned) {
  const Host host;
  const auto opened = open_promise(sign_promise(host.promise, host.log), host.log_key());
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(*opened, host.promise);
}

TEST(Promise, OfAnotherKeyOrAlteredIsRefused) {
  const Host host;
  const std::string note = sign_promise(host.promise, key_of(9));
  EXPECT_EQ(open_promise(note, host.log_key()).error().code, Errc::kUnverified);
  std::string later = sign_promise(host.promise, host.log);
  later.replace(later.find("by 2000"), 7, "by 9000");
  EXPECT_EQ(open_promise(later, host.log_key()).error().code, Errc::kUnverified);
}

TEST(Promise, IsNoCheckpoint) {
  const Host host;
  EXPECT_FALSE(parse_checkpoint(sign_promise(host.promise, host.log)));
}

TEST(Promise, NamesTheLineThatIsWrong) {
  const Host host;
  for (const char* line : {"event", "leaf", "from", "made", "by"}) {
    std::string note = sign_promise(host.promise, host.log);
    note.replace(note.find(std::string(line) + " "), 1, "x");
    const auto parsed = parse_promise(note);
    ASSERT_FALSE(parsed) << line;
    EXPECT_NE(parsed.error().message.find(line), std::string::npos) << parsed.error().message;
  }
  Promise backwards = host.promise;
  backwards.by = backwards.made - 1;
  EXPECT_FALSE(parse_promise(sign_promise(backwards, host.log)));
  EXPECT_FALSE(parse_promise("hefu/promise/v2\n\n"));
  EXPECT_EQ(parse_promise(std::string(kPromiseBytesMax + 1, 'x')).error().code, Errc::kTooLarge);
}

TEST(DropProof, ShowsAnEventThatNeverCame) {
  const Host host;
  const auto proof = host.prove(host.cosigned(2001, 2500));
  ASSERT_TRUE(proof) << proof.error().message;
  const auto parsed = parse_drop_proof(proof->text());
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(*parsed, *proof);
  const auto broken = host.verify(*parsed);
  ASSERT_TRUE(broken) << broken.error().message;
  EXPECT_EQ(*broken, host.promise);
}

TEST(DropProof, FindsTheEventThatDidCome) {
  Host host;
  host.tree.append(host.promise.leaf);
  host.grow(3);
  const auto proof = host.prove(host.cosigned(2001, 2001));
  ASSERT_FALSE(proof);
  EXPECT_NE(proof.error().message.find("at index 20"), std::string::npos) << proof.error().message;
}

TEST(DropProof, BeforeTheDeadlineNothingIsDropped) {
  const Host host;
  for (const auto& [first, second] : {std::pair(1999, 2001), {2000, 2000}, {1500, 1600}}) {
    const auto proof = host.prove(
        host.cosigned(static_cast<std::uint64_t>(first), static_cast<std::uint64_t>(second)));
    ASSERT_FALSE(proof);
    EXPECT_NE(proof.error().message.find("deadline"), std::string::npos) << proof.error().message;
  }
}

TEST(DropProof, NobodyIsFramedWithAnotherTree) {
  Host honest;
  honest.tree.append(honest.promise.leaf);
  const std::string checkpoint = honest.cosigned(2001, 2001);
  const Host other;
  DropProof proof = *other.prove(other.cosigned(2001, 2001));
  proof.checkpoint = checkpoint;
  EXPECT_NE(message(honest.verify(proof)).find("every leaf"), std::string::npos);
  proof.leaves.push_back(leaf_hash(as_bytes("made up")));
  EXPECT_NE(message(honest.verify(proof)).find("not those of the checkpoint"), std::string::npos);
  proof.leaves.back() = honest.promise.leaf;
  EXPECT_NE(message(honest.verify(proof)).find("has the event"), std::string::npos);
}

TEST(DropProof, NobodyIsFramedWithAPromiseNobodyMade) {
  const Host host;
  DropProof proof = *host.prove(host.cosigned(2001, 2001));
  proof.promise = sign_promise(host.promise, key_of(9));
  EXPECT_FALSE(host.verify(proof));
}

TEST(DropProof, LeavingOutALeafIsSeen) {
  const Host host;
  const DropProof good = *host.prove(host.cosigned(2001, 2001));
  DropProof proof = good;
  proof.leaves.pop_back();
  EXPECT_FALSE(host.verify(proof));
  proof = good;
  proof.before.pop_back();
  EXPECT_FALSE(host.verify(proof));
}

TEST(DropProof, ATreeThatEndsBeforeThePromisedIndexIsEnough) {
  Host host;
  host.promise.from = 25;
  const auto proof = host.prove(host.cosigned(2001, 2001));
  ASSERT_TRUE(proof) << proof.error().message;
  EXPECT_TRUE(proof->leaves.empty());
}

TEST(DropProof, RefusesWhatIsNoProof) {
  const Host host;
  const std::string text = host.prove(host.cosigned(2001, 2001))->text();
  EXPECT_EQ(parse_drop_proof("hefu/drop-proof/v2\n" + text).error().code, Errc::kUnsupported);
  EXPECT_FALSE(parse_drop_proof("x"));
  EXPECT_FALSE(parse_drop_proof(text.substr(0, text.size() / 2)));
  EXPECT_EQ(parse_drop_proof(std::string(kDropProofBytesMax + 1, 'x')).error().code,
            Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu
