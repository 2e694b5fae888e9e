#include "ledger/record/persistent_map.h"

#include <map>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/random_records.h"

namespace hefu {
namespace {

using Map = PersistentMap<int, std::string>;

std::map<int, std::string> contents(const Map& map) {
  std::map<int, std::string> out;
  for (const auto& [key, value] : map) {
    EXPECT_TRUE(out.empty() || out.rbegin()->first < key) << "in order";
    out.emplace(key, value);
  }
  return out;
}

TEST(PersistentMap, DoesWhatAMapDoesAndEveryCopyStaysAsItWas) {
  const std::uint64_t seed = testing_records::seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  Map map;
  std::map<int, std::string> model;
  std::vector<std::pair<Map, std::map<int, std::string>>> copies;
  for (int step = 0; step < 4'000; ++step) {
    const int key = static_cast<int>(random() % 500);
    if (random() % 3 == 0) {
      EXPECT_EQ(map.erase(key), model.erase(key) == 1);
    } else {
      map.set(key, std::to_string(step));
      model[key] = std::to_string(step);
    }
    ASSERT_EQ(map.size(), model.size());
    const auto found = map.lower_bound(key);
    const auto expected = model.lower_bound(key);
    ASSERT_EQ(found == map.end(), expected == model.end());
    if (expected != model.end()) {
      ASSERT_EQ(found->first, expected->first);
      ASSERT_EQ(found->second, expected->second);
    }
    if (step % 400 == 0) {
      copies.emplace_back(map, model);
    }
  }
  for (const auto& [copy, was] : copies) {
    EXPECT_EQ(contents(copy), was);
  }
}

TEST(PersistentMap, IsMadeOfSortedEntriesAtOnce) {
  std::vector<std::pair<int, Map::Shared>> entries;
  for (int i = 0; i < 1'000; ++i) {
    entries.emplace_back(2 * i, std::make_shared<const std::string>(std::to_string(i)));
  }
  Map map = Map::from_sorted(std::move(entries));
  EXPECT_EQ(map.size(), 1'000U);
  EXPECT_EQ(*map.get(1'998), "999");
  EXPECT_EQ(map.get(1), nullptr);
  EXPECT_TRUE(map.find(1) == map.end());
  map.set(1, "one");
  EXPECT_EQ(map.find(0) == map.end(), false);
  EXPECT_EQ((++map.find(0))->second, "one");
}

}  // namespace
}  // namespace hefu
