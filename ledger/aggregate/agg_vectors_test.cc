// The vectors of tests/reference/agg_tree.py, which shares no line with this program.

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/aggregate/agg_tree.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

namespace json = boost::json;

Bytes hex_at(const json::value& object, const char* name) {
  return *hex_decode(std::string(object.at(name).as_string()));
}

class AggVectors : public testing::Test {
 protected:
  void SetUp() override {
    vectors_ = json::parse(reference::vector_file("aggregate/agg_tree.json"));
    view_ = *Digest::from_bytes(hex_at(vectors_, "view_id"));
    for (const json::value& leaf : vectors_.at("leaves").as_array()) {
      leaves_.push_back(agg_leaf(leaf.at("value").to_number<std::int64_t>(), hex_at(leaf, "key"),
                                 hex_at(leaf, "payload")));
      hashes_.push_back(*Digest::from_bytes(hex_at(leaf, "hash")));
    }
  }
  [[nodiscard]] AggTree tree(std::size_t n) const {
    return *AggTree::build({leaves_.begin(), leaves_.begin() + static_cast<std::ptrdiff_t>(n)});
  }

  json::value vectors_;
  Digest view_;
  std::vector<AggNode> leaves_;
  std::vector<Digest> hashes_;
};

TEST_F(AggVectors, LeavesAndRootsAreThoseOfTheReference) {
  ASSERT_EQ(leaves_.size(), 70U);
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    EXPECT_EQ(leaves_[i].hash, hashes_[i]) << i;
  }
  const json::array& roots = vectors_.at("roots").as_array();
  ASSERT_EQ(roots.size(), 71U);
  for (std::size_t n = 0; n < roots.size(); ++n) {
    EXPECT_EQ(tree(n).root(view_).hex(), std::string(roots[n].as_string())) << n;
  }
}

TEST_F(AggVectors, ProofsAreThoseOfTheReferenceAndShowItsSums) {
  const json::array& proofs = vectors_.at("proofs").as_array();
  ASSERT_GT(proofs.size(), 40U);
  for (const json::value& one : proofs) {
    const auto n = one.at("n").to_number<std::uint64_t>();
    const auto cuts = json::value_to<std::vector<std::uint64_t>>(one.at("cuts"));
    const AggTree made = tree(n);
    const Bytes proof = hex_at(one, "proof");
    EXPECT_EQ(made.prove(cuts), proof);
    const auto shown = verify_agg_proof(n, cuts, proof, view_, made.root(view_));
    ASSERT_TRUE(shown) << shown.error().message;
    std::int64_t sum = 0;
    for (const AggStretch& stretch : *shown) {
      if (stretch.begin >= cuts.front() && stretch.end <= cuts.back()) {
        sum += stretch.sum;
      }
    }
    EXPECT_EQ(sum, one.at("sum").to_number<std::int64_t>());
  }
}

}  // namespace
}  // namespace hefu
