// Published and independently made vectors: tests/vectors/log, and the test data of
// transparency-dev/merkle, which is read where it lies.

#include <filesystem>
#include <iostream>
#include <set>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/merkle/tree.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

namespace json = boost::json;

json::value load(const std::string& name) {
  return json::parse(reference::vector_file("log/" + name));
}

Digest hex_digest(const json::value& value) {
  const auto digest = Digest::from_hex(std::string(value.as_string()));
  EXPECT_TRUE(digest.has_value()) << value;
  return digest.value_or(Digest{});
}

std::vector<Digest> hex_digests(const json::value& list) {
  std::vector<Digest> digests;
  for (const json::value& value : list.as_array()) {
    digests.push_back(hex_digest(value));
  }
  return digests;
}

MemoryTree tree_of_bytes(int count) {
  MemoryTree tree;
  for (int i = 0; i < count; ++i) {
    const auto byte = static_cast<std::uint8_t>(i);
    tree.append(leaf_hash(BytesView(&byte, 1)));
  }
  return tree;
}

/// Roots, inclusion and consistency proofs of one vector file against a tree.
void check_tree(const json::value& vectors, const MemoryTree& tree) {
  const std::vector<Digest> roots = hex_digests(vectors.at("roots"));
  ASSERT_EQ(roots.size(), tree.size() + 1);
  for (std::uint64_t size = 0; size < roots.size(); ++size) {
    EXPECT_EQ(tree.root(size), roots[size]) << size;
  }
  for (const json::value& step : vectors.at("inclusion").as_array()) {
    const auto index = step.at("index").to_number<std::uint64_t>();
    const auto size = step.at("size").to_number<std::uint64_t>();
    const std::vector<Digest> proof = hex_digests(step.at("proof"));
    EXPECT_EQ(tree.prove_inclusion(index, size), proof) << index << " in " << size;
    EXPECT_TRUE(verify_inclusion(index, size, tree.node(0, index), proof, roots[size]));
  }
  for (const json::value& step : vectors.at("consistency").as_array()) {
    const auto old_size = step.at("old").to_number<std::uint64_t>();
    const auto size = step.at("new").to_number<std::uint64_t>();
    const std::vector<Digest> proof = hex_digests(step.at("proof"));
    EXPECT_EQ(tree.prove_consistency(old_size, size), proof) << old_size << " to " << size;
    EXPECT_TRUE(verify_consistency(old_size, size, roots[old_size], roots[size], proof));
  }
}

TEST(MerkleVectors, AgreeOnTheEightLeavesOfCertificateTransparency) {
  const json::value vectors = load("merkle_ct8.json");
  MemoryTree tree;
  for (const json::value& leaf : vectors.at("leaves").as_array()) {
    const auto data = hex_decode(std::string(leaf.at("data").as_string()));
    ASSERT_TRUE(data.has_value());
    tree.append(leaf_hash(*data));
    EXPECT_EQ(tree.node(0, tree.size() - 1), hex_digest(leaf.at("leaf_hash")));
  }
  EXPECT_EQ(tree.root().hex(), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
  check_tree(vectors, tree);
}

TEST(MerkleVectors, AgreeOnAllProofsUpToThirtyThreeLeaves) {
  const json::value vectors = load("merkle_bytes33.json");
  EXPECT_EQ(vectors.at("inclusion").as_array().size(), 561U);
  EXPECT_EQ(vectors.at("consistency").as_array().size(), 561U);
  check_tree(vectors, tree_of_bytes(33));
}

/// Hashes lines as draft-ietf-plants-merkle-tree-certs, appendix "Subtree Test Vectors", says.
class Accumulator {
 public:
  void line(const std::string& start, const std::vector<Digest>& hashes) {
    text_ += start;
    for (const Digest& hash : hashes) {
      text_ += ' ' + hash.hex();
    }
    text_ += '\n';
  }
  [[nodiscard]] std::string hex() const { return sha256(as_bytes(text_)).hex(); }

 private:
  std::string text_;
};

std::string range(std::uint64_t start, std::uint64_t end) {
  return "[" + std::to_string(start) + ", " + std::to_string(end) + ")";
}

TEST(MerkleVectors, ReproduceTheAccumulatedSubtreeHashes) {
  constexpr std::uint64_t kMax = 130;
  const MemoryTree tree = tree_of_bytes(kMax);
  Accumulator hashes;
  Accumulator inclusion;
  Accumulator consistency;
  Accumulator covering;
  for (std::uint64_t end = 0; end <= kMax; ++end) {
    for (std::uint64_t start = 0; start <= end; ++start) {
      const auto [left, right] = cover_with_subtrees(start, end);
      covering.line(range(left.first, left.second) + " " + range(right.first, right.second), {});
      if (!is_subtree(start, end)) {
        continue;
      }
      hashes.line(range(start, end) + " " + tree.subtree_root(start, end).hex(), {});
      // Inclusion in a subtree is inclusion in the tree made of its leaves alone.
      MemoryTree alone;
      for (std::uint64_t i = start; i < end; ++i) {
        alone.append(tree.node(0, i));
      }
      for (std::uint64_t i = start; i < end; ++i) {
        inclusion.line(std::to_string(i) + " " + range(start, end),
                       alone.prove_inclusion(i - start, end - start));
      }
    }
  }
  for (std::uint64_t size = 0; size <= kMax; ++size) {
    for (std::uint64_t end = 0; end <= size; ++end) {
      for (std::uint64_t start = 0; start <= end; ++start) {
        if (is_subtree(start, end)) {
          consistency.line(range(start, end) + " " + std::to_string(size),
                           tree.prove(start, end, size));
        }
      }
    }
  }
  const json::value vectors = load("subtree.json");
  const json::value& expected = vectors.at("accumulated");
  EXPECT_EQ(hashes.hex(), expected.at("hashes").as_string());
  EXPECT_EQ(inclusion.hex(), expected.at("inclusion").as_string());
  EXPECT_EQ(consistency.hex(), expected.at("consistency").as_string());
  EXPECT_EQ(covering.hex(), expected.at("covering").as_string());
}

TEST(MerkleVectors, AgreeOnSingleSubtreeProofs) {
  const json::value vectors = load("subtree.json");
  const MemoryTree tree = tree_of_bytes(33);
  for (const json::value& sample : vectors.at("samples").as_array()) {
    const auto start = sample.at("start").to_number<std::uint64_t>();
    const auto end = sample.at("end").to_number<std::uint64_t>();
    const auto size = sample.at("n").to_number<std::uint64_t>();
    const std::vector<Digest> proof = hex_digests(sample.at("proof"));
    EXPECT_EQ(tree.prove(start, end, size), proof) << range(start, end) << " in " << size;
    EXPECT_TRUE(verify_subtree(start, end, size, proof, hex_digest(sample.at("node")),
                               hex_digest(sample.at("root"))));
  }
}

// --- transparency-dev/merkle, testdata (Apache-2.0) --------------------------------------------

/// One case of the published test data, reduced to this library's types. `representable` is false
/// if a hash that the verdict depends on is not 32 bytes long: such a thing cannot even be written
/// as a Digest here and is refused where it is parsed.
struct Case {
  bool representable = true;
  bool verified = false;
  bool want_error = false;
};

std::optional<Digest> base64_digest(const json::value& value) {
  const auto bytes = base64_decode(std::string(value.as_string()));
  return bytes ? Digest::from_bytes(*bytes) : std::nullopt;
}

Case run_case(const std::string& kind, const json::value& input) {
  Case result;
  result.want_error = input.at("wantErr").as_bool();
  std::vector<Digest> proof;
  if (!input.at("proof").is_null()) {
    for (const json::value& hash : input.at("proof").as_array()) {
      const auto digest = base64_digest(hash);
      result.representable = result.representable && digest.has_value();
      proof.push_back(digest.value_or(Digest{}));
    }
  }
  const auto number = [&](const char* name) { return input.at(name).to_number<std::uint64_t>(); };
  const auto digest = [&](const char* name, bool needed) {
    const auto value = base64_digest(input.at(name));
    result.representable = result.representable && (value.has_value() || !needed);
    return value.value_or(Digest{});
  };
  if (kind == "inclusion") {
    result.verified = verify_inclusion(number("leafIdx"), number("treeSize"),
                                       digest("leafHash", true), proof, digest("root", true));
  } else if (kind == "consistency") {
    result.verified = verify_consistency(number("size1"), number("size2"), digest("root1", true),
                                         digest("root2", true), proof);
  } else if (kind == "subtreeconsistency") {
    // The empty subtree is in every tree, so there the tree's root does not matter.
    const bool root_matters = number("start") != number("end");
    result.verified = verify_subtree(number("start"), number("end"), number("size"), proof,
                                     digest("root1", true), digest("root2", root_matters));
  } else {
    const std::uint64_t index = number("leafIdx");
    const std::uint64_t start = number("start");
    const std::uint64_t end = number("end");
    const bool inside = is_subtree(start, end) && start <= index && index < end;
    result.verified = verify_inclusion(index - start, inside ? end - start : 0,
                                       digest("leafHash", true), proof, digest("root", true));
  }
  result.verified = result.verified && result.representable;
  return result;
}

TEST(MerkleVectors, GiveTheVerdictsOfTransparencyDev) {
  const auto folder = reference::fetched_vectors("transparency-dev-merkle/testdata");
  if (!folder) {
    std::cout << "transparency-dev/merkle's test data is not here (HEFU_VECTORS names the folder "
                 "that holds transparency-dev-merkle/): checking three of its cases only\n";
    const json::value happy = json::parse(
        R"({"size1":1,"size2":1,"root1":"bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
            "root2":"bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=","proof":null,
            "wantErr":false})");
    EXPECT_TRUE(run_case("consistency", happy).verified);
    json::value bent = happy;
    bent.at("size1") = 2;
    EXPECT_FALSE(run_case("consistency", bent).verified);
    bent = happy;
    bent.at("root2") = "ZG9uJ3QgY2FyZSAx";
    EXPECT_FALSE(run_case("consistency", bent).representable);
    return;
  }
  std::size_t cases = 0;
  std::set<std::string> refused_earlier;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    if (entry.path().extension() != ".json") {
      continue;
    }
    ++cases;
    const std::string name = std::filesystem::relative(entry.path(), *folder).string();
    const Case result =
        run_case(name.substr(0, name.find('/')), json::parse(reference::read_file(entry.path())));
    if (!result.representable && !result.want_error) {
      refused_earlier.insert(name);
      continue;
    }
    EXPECT_EQ(result.verified, !result.want_error) << name;
  }
  EXPECT_EQ(cases, 518U);
  // Two cases compare two equal texts of 12 bytes in the place of hashes; here a hash has 32.
  EXPECT_EQ(refused_earlier,
            (std::set<std::string>{
                "consistency/additional/sizes-are-equal-one-and-proof-is-empty.json",
                "subtreeconsistency/additional/sizes-are-equal-one-and-proof-is-empty.json"}));
}

}  // namespace
}  // namespace hefu
