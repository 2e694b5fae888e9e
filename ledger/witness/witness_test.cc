#include "ledger/witness/witness.h"

#include <algorithm>
#include <map>
#include <random>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/log/cosignature.h"
#include "ledger/merkle/tree.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

SecretKey key_of(std::uint8_t seed_byte) {
  SecretKey::Seed seed{};
  seed.fill(seed_byte);
  return SecretKey::from_seed(seed);
}

const std::string kOrigin = "log.example/1";
const std::string kWitness = "w.example/hefu/witness";

/// A witness with a store that behaves as the contract of witness.h demands.
class WitnessShell {
 public:
  explicit WitnessShell(std::vector<VerifierKey> keys) {
    for (VerifierKey& key : keys) {
      logs_[key.name].keys.push_back(key);
    }
  }

  WitnessDecision ask(const std::string& body) {
    auto request = parse_add_checkpoint(body);
    if (!request) {
      return refuse_malformed(request.error());
    }
    WitnessDecision decision = judge(*request);
    if (decision.accepted) {
      EXPECT_TRUE(swap(request->submitted.checkpoint.origin, *decision.accepted));
    }
    return decision;
  }

  WitnessDecision judge(const AddCheckpoint& request) {
    const auto log = logs_.find(request.submitted.checkpoint.origin);
    return decide(request, log == logs_.end() ? nullptr : &log->second, kWitness, key_, ++time_);
  }

  /// Compare-and-swap on the size.
  bool swap(const std::string& origin, const WitnessedState& state) {
    auto& latest = logs_[origin].latest;
    if ((latest ? latest->checkpoint.size : 0) != state.expected_size) {
      return false;
    }
    auto parsed = parse_checkpoint(state.note);
    EXPECT_TRUE(parsed.ok());
    latest = *parsed;
    return true;
  }

  WitnessedLog& log(const std::string& origin) { return logs_[origin]; }
  std::uint64_t size(const std::string& origin) {
    const auto& latest = logs_[origin].latest;
    return latest ? latest->checkpoint.size : 0;
  }
  VerifierKey vkey() const {
    return VerifierKey::make(kWitness, kNoteCosignature, key_.public_key());
  }

 private:
  const SecretKey key_ = key_of(9);
  std::uint64_t time_ = 1767225600;
  std::map<std::string, WitnessedLog> logs_;
};

// Ten requests in order; every status was confirmed against another witness program.
TEST(WitnessVectors, AreAnsweredAsPublished) {
  const auto vectors = boost::json::parse(reference::vector_file("log/add_checkpoint.json"));
  const auto key = VerifierKey::parse(std::string(vectors.at("log_vkey").as_string()));
  ASSERT_TRUE(key.ok());
  WitnessShell witness({*key});
  for (const boost::json::value& step : vectors.at("steps").as_array()) {
    SCOPED_TRACE(step.at("name").as_string());
    const std::string body(step.at("body").as_string());
    const WitnessDecision decision = witness.ask(body);
    EXPECT_EQ(decision.status, step.at("status").to_number<int>()) << decision.reason;
    EXPECT_EQ(decision.status, status(decision.verdict));
    if (const auto* type = step.as_object().if_contains("content_type")) {
      EXPECT_EQ(decision.content_type, type->as_string());
    }
    if (const auto* response = step.as_object().if_contains("response")) {
      EXPECT_EQ(decision.body, response->as_string());
    }
    EXPECT_EQ(decision.accepted.has_value(), decision.status == 200);
    if (decision.status == 200) {
      const auto request = parse_add_checkpoint(body);
      EXPECT_TRUE(
          read_cosignature_answer(request->submitted.note, decision.body, witness.vkey()).ok());
    }
  }
  EXPECT_EQ(witness.size(key->name), 33U);
}

class WitnessTest : public testing::Test {
 protected:
  WitnessTest() {
    for (std::uint64_t i = 0; i < 60; ++i) {
      const std::string entry = std::to_string(i);
      tree_.append(leaf_hash(as_bytes(entry)));
      fork_.append(leaf_hash(as_bytes(i < 8 ? entry : entry + "'")));
    }
  }

  VerifierKey log_key(const std::string& origin = kOrigin) const {
    return VerifierKey::make(origin, kNoteEd25519, key_.public_key());
  }
  std::string note(std::uint64_t size, const MemoryTree& tree) const {
    return sign_checkpoint(Checkpoint{kOrigin, size, tree.root(size)}, key_);
  }
  std::string body(std::uint64_t old_size, std::uint64_t size, const MemoryTree& tree) const {
    return format_add_checkpoint(old_size, tree.prove_consistency(old_size, size),
                                 note(size, tree));
  }
  std::string body(std::uint64_t old_size, std::uint64_t size) const {
    return body(old_size, size, tree_);
  }

  const SecretKey key_ = key_of(1);
  MemoryTree tree_;
  MemoryTree fork_;
  WitnessShell witness_{{log_key()}};
};

TEST_F(WitnessTest, CosignsWhatContinuesAndKeepsTheWholeNote) {
  for (const auto& [old_size, size] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {0, 1}, {1, 7}, {7, 7}, {7, 32}, {32, 60}}) {
    const WitnessDecision decision = witness_.ask(body(old_size, size));
    ASSERT_EQ(decision.verdict, WitnessVerdict::kCosigned) << decision.reason;
    EXPECT_EQ(decision.status, 200);
    EXPECT_EQ(decision.accepted->expected_size, old_size);
    EXPECT_FALSE(decision.evidence.has_value());
    // The stored note is what monitors fetch: signed by the log, cosigned by us.
    const auto stored = open_checkpoint(decision.accepted->note, log_key());
    ASSERT_TRUE(stored.ok());
    EXPECT_EQ(stored->checkpoint.size, size);
    const auto cosigned = verify_cosignatures(stored->note, std::vector{witness_.vkey()});
    ASSERT_TRUE(cosigned.ok());
    ASSERT_EQ(cosigned->size(), 1U);
    EXPECT_GT((*cosigned)[0].time, 1767225600U);
  }
}

TEST_F(WitnessTest, RefreshesAQuietLogWithANewTime) {
  ASSERT_EQ(witness_.ask(body(0, 7)).status, 200);
  const std::string first = witness_.ask(body(7, 7)).body;
  const std::string second = witness_.ask(body(7, 7)).body;
  EXPECT_NE(first, second);
  const auto& stored = witness_.log(kOrigin).latest->note.signatures;
  EXPECT_EQ(stored.size(), 2U) << "the old cosignature is replaced, not kept";
}

TEST_F(WitnessTest, GrowsFromTheEmptyTree) {
  ASSERT_EQ(witness_.ask(body(0, 0)).status, 200);
  EXPECT_EQ(witness_.ask(body(0, 0)).status, 200);
  EXPECT_EQ(witness_.ask(body(0, 5)).status, 200);
  EXPECT_EQ(witness_.ask(body(0, 0)).status, 409);
}

TEST_F(WitnessTest, RefusesAnEmptyTreeWithARoot) {
  const std::string false_note = sign_checkpoint(Checkpoint{kOrigin, 0, tree_.root(1)}, key_);
  const WitnessDecision decision = witness_.ask(format_add_checkpoint(0, {}, false_note));
  EXPECT_EQ(decision.verdict, WitnessVerdict::kWrongEmptyRoot);
  EXPECT_EQ(decision.status, 422);
  EXPECT_EQ(decision.evidence, false_note);
}

TEST_F(WitnessTest, RefusesMalformedRequests) {
  const WitnessDecision decision = witness_.ask("old x\n\n" + note(5, tree_));
  EXPECT_EQ(decision.verdict, WitnessVerdict::kMalformed);
  EXPECT_EQ(decision.status, 400);
  EXPECT_FALSE(decision.accepted || decision.evidence);
}

TEST_F(WitnessTest, RefusesLogsItDoesNotKnow) {
  const std::string other = sign_checkpoint(Checkpoint{"log.example/2", 5, tree_.root(5)}, key_);
  const WitnessDecision decision = witness_.ask(format_add_checkpoint(0, {}, other));
  EXPECT_EQ(decision.verdict, WitnessVerdict::kUnknownOrigin);
  EXPECT_EQ(decision.status, 404);
  EXPECT_FALSE(decision.evidence.has_value());
}

TEST_F(WitnessTest, NeverCosignsItsOwnMembersLog) {
  witness_.log(kOrigin).own = true;
  const WitnessDecision decision = witness_.ask(body(0, 5));
  EXPECT_EQ(decision.verdict, WitnessVerdict::kOwnLog);
  EXPECT_EQ(decision.status, 404);
  EXPECT_FALSE(decision.accepted.has_value());

  // Also if only the key gives it away.
  const SecretKey witness_key = key_of(9);
  WitnessShell careless({VerifierKey::make(kOrigin, kNoteEd25519, witness_key.public_key())});
  const std::string own = sign_checkpoint(Checkpoint{kOrigin, 5, tree_.root(5)}, witness_key);
  EXPECT_EQ(careless.ask(format_add_checkpoint(0, {}, own)).verdict, WitnessVerdict::kOwnLog);
}

TEST_F(WitnessTest, RefusesCheckpointsTheLogDidNotSign) {
  const std::string stranger = sign_checkpoint(Checkpoint{kOrigin, 5, tree_.root(5)}, key_of(2));
  const WitnessDecision decision = witness_.ask(format_add_checkpoint(0, {}, stranger));
  EXPECT_EQ(decision.verdict, WitnessVerdict::kUnverified);
  EXPECT_EQ(decision.status, 403);
  EXPECT_FALSE(decision.evidence.has_value()) << "it proves nothing about the log";

  auto bent = *parse_note(note(5, tree_));
  bent.signatures[0].bytes[3] ^= 1;
  EXPECT_EQ(
      witness_.ask(format_add_checkpoint(0, {}, format_note(bent.text, bent.signatures))).status,
      403);
}

TEST_F(WitnessTest, RefusesAFalseLineOfATrustedKeyBesideAGoodOne) {
  const SecretKey second = key_of(2);
  witness_.log(kOrigin).keys.push_back(
      VerifierKey::make(kOrigin, kNoteEd25519, second.public_key()));
  auto rotated = *parse_note(note(5, tree_));
  NoteSignature line = sign_note(rotated.text, kOrigin, second);
  rotated.signatures.push_back(line);
  EXPECT_EQ(
      witness_.ask(format_add_checkpoint(0, {}, format_note(rotated.text, rotated.signatures)))
          .status,
      200);
  EXPECT_EQ(witness_.log(kOrigin).latest->note.signatures.size(), 3U) << "both keys and ours";
  rotated.signatures[1].bytes[0] ^= 1;
  EXPECT_EQ(
      witness_.ask(format_add_checkpoint(5, {}, format_note(rotated.text, rotated.signatures)))
          .status,
      403);
}

TEST_F(WitnessTest, KeepsNoLinesOfStrangers) {
  auto crowded = *parse_note(note(5, tree_));
  for (std::uint8_t i = 0; i < 99; ++i) {
    crowded.signatures.push_back({"stranger.example", i, Bytes(4000, i)});
  }
  const WitnessDecision decision =
      witness_.ask(format_add_checkpoint(0, {}, format_note(crowded.text, crowded.signatures)));
  ASSERT_EQ(decision.status, 200) << decision.reason;
  EXPECT_EQ(parse_note(decision.accepted->note)->signatures.size(), 2U);
}

TEST_F(WitnessTest, TellsTheSizeItKnowsToWhoeverHasAnother) {
  ASSERT_EQ(witness_.ask(body(0, 20)).status, 200);
  for (const auto& [old_size, size] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {0, 20}, {0, 30}, {10, 30}, {25, 30}, {5, 10}}) {
    const WitnessDecision decision = witness_.ask(body(old_size, size));
    EXPECT_EQ(decision.verdict, WitnessVerdict::kStale);
    EXPECT_EQ(decision.status, 409);
    EXPECT_EQ(decision.content_type, "text/x.tlog.size");
    EXPECT_EQ(*read_size_answer(decision.body), 20U);
    EXPECT_FALSE(decision.accepted.has_value());
  }
  EXPECT_EQ(witness_.size(kOrigin), 20U);
}

TEST_F(WitnessTest, RefusesAnOldSizeBeyondTheCheckpoint) {
  ASSERT_EQ(witness_.ask(body(0, 20)).status, 200);
  const WitnessDecision decision = witness_.ask(format_add_checkpoint(20, {}, note(10, tree_)));
  EXPECT_EQ(decision.verdict, WitnessVerdict::kOldSizeTooLarge);
  EXPECT_EQ(decision.status, 400);
}

TEST_F(WitnessTest, RefusesProofsThatDoNotHoldOrAreNotAskedFor) {
  const WitnessDecision needless =
      witness_.ask(format_add_checkpoint(0, tree_.prove_consistency(3, 5), note(5, tree_)));
  EXPECT_EQ(needless.verdict, WitnessVerdict::kNotConsistent);
  EXPECT_EQ(needless.status, 422);
  ASSERT_EQ(witness_.ask(body(0, 20)).status, 200);
  for (const auto& proof :
       {std::vector<Digest>{}, tree_.prove_consistency(19, 30), tree_.prove_consistency(20, 31)}) {
    const WitnessDecision decision =
        witness_.ask(format_add_checkpoint(20, proof, note(30, tree_)));
    EXPECT_EQ(decision.verdict, WitnessVerdict::kNotConsistent);
    EXPECT_EQ(decision.evidence, note(30, tree_)) << "signed by the log: may prove something later";
  }
  EXPECT_EQ(witness_.ask(format_add_checkpoint(20, std::vector<Digest>(1), note(20, tree_))).status,
            422);
}

TEST_F(WitnessTest, RefusesAForkAndKeepsTheEvidence) {
  ASSERT_EQ(witness_.ask(body(0, 20)).status, 200);
  const WitnessDecision later = witness_.ask(body(20, 30, fork_));
  EXPECT_EQ(later.verdict, WitnessVerdict::kNotConsistent);
  EXPECT_EQ(later.status, 422);
  EXPECT_EQ(later.evidence, note(30, fork_));
  EXPECT_FALSE(later.fork.has_value()) << "a failed proof alone does not convict";
  EXPECT_EQ(witness_.size(kOrigin), 20U);
  // With the tree behind it, it does.
  const auto stored = witness_.log(kOrigin).latest->note;
  const auto proof = make_fork_proof(format_note(stored.text, stored.signatures), *later.evidence,
                                     std::vector{log_key()}, fork_.reader());
  ASSERT_TRUE(proof.ok());
  EXPECT_TRUE(verify_fork_proof(*proof, std::vector{log_key()}).ok());
}

TEST_F(WitnessTest, ProvesAForkAtOneSizeAtOnceWhateverTheOldSize) {
  ASSERT_EQ(witness_.ask(body(0, 20)).status, 200);
  const WitnessDecision direct = witness_.ask(body(20, 20, fork_));
  EXPECT_EQ(direct.verdict, WitnessVerdict::kFork);
  EXPECT_EQ(direct.status, 422);
  const WitnessDecision stale = witness_.ask(body(0, 20, fork_));
  EXPECT_EQ(stale.verdict, WitnessVerdict::kStale);
  for (const WitnessDecision& decision : {direct, stale}) {
    EXPECT_EQ(decision.evidence, note(20, fork_));
    ASSERT_TRUE(decision.fork.has_value());
    const auto read = parse_fork_proof(decision.fork->text());
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(verify_fork_proof(*read, std::vector{log_key()}).ok());
  }
  EXPECT_FALSE(witness_.ask(body(0, 20)).evidence.has_value()) << "what we cosigned accuses nobody";
}

// Two requests are judged from the same state; the store's compare-and-swap lets one through, and
// the other is judged again. Without it, the second would roll the state back.
TEST_F(WitnessTest, LosesARaceWithoutRollingBack) {
  ASSERT_EQ(witness_.ask(body(0, 5)).status, 200);
  const auto small = parse_add_checkpoint(body(5, 10));
  const auto large = parse_add_checkpoint(body(5, 40));
  const WitnessDecision small_decision = witness_.judge(*small);
  const WitnessDecision large_decision = witness_.judge(*large);
  ASSERT_TRUE(small_decision.accepted && large_decision.accepted);
  EXPECT_TRUE(witness_.swap(kOrigin, *large_decision.accepted));
  EXPECT_FALSE(witness_.swap(kOrigin, *small_decision.accepted));
  EXPECT_EQ(witness_.judge(*small).status, 409);
  EXPECT_EQ(witness_.size(kOrigin), 40U);
}

// A log that mixes two branches and arbitrary claims, for a long time: the witness's sizes never
// fall, and all that it ever cosigned lies on one branch.
TEST_F(WitnessTest, NeverCosignsTwoHistoriesUnderRandomRequests) {
  const std::uint32_t seed = 20260802;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<Checkpoint> cosigned;
  std::uint64_t size_before = 0;
  for (int round = 0; round < 3000; ++round) {
    const MemoryTree& tree = random() % 3 == 0 ? fork_ : tree_;
    const std::uint64_t size = random() % 61;
    const std::uint64_t old_size =
        random() % 2 == 0 ? std::min(witness_.size(kOrigin), size) : random() % (size + 1);
    const WitnessDecision decision = witness_.ask(body(old_size, size, tree));
    EXPECT_GE(witness_.size(kOrigin), size_before);
    size_before = witness_.size(kOrigin);
    if (decision.status == 200) {
      cosigned.push_back(witness_.log(kOrigin).latest->checkpoint);
    }
  }
  ASSERT_GT(cosigned.size(), 3U);
  const auto all_on = [&](const MemoryTree& tree) {
    return std::all_of(cosigned.begin(), cosigned.end(), [&](const Checkpoint& checkpoint) {
      return checkpoint.root == tree.root(checkpoint.size);
    });
  };
  EXPECT_TRUE(all_on(tree_) || all_on(fork_));
}

}  // namespace
}  // namespace hefu
