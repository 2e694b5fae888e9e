#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/event/date.h"
#include "ledger/event/field_type.h"
#include "node/market/market.h"

namespace hefu {

/// Name and version of the rule below; another rule has another name.
inline constexpr std::string_view kRecommendRule = "hefu/recommend/1";

/// Why a listing is recommended.
enum class ReasonKind : std::uint8_t {
  kCategory,         ///< both are of one category
  kRelatedCategory,  ///< of two that answer each other: an achievement, a technical problem
  kWords,            ///< words that both hold
  kIndustry,         ///< one industry code in both
  kIndustryGroup,    ///< codes that begin alike
  kPlace,            ///< one county, city or province
  kDates,            ///< both hold on some days
};
const char* name(ReasonKind kind);

struct Reason {
  ReasonKind kind = ReasonKind::kWords;
  std::int64_t points = 0;
  std::vector<std::string> values;  ///< the words, codes or days concerned
  Title text;                       ///< in a sentence, for people
};

struct Recommendation {
  HitPlace place;
  const Listing* listing = nullptr;
  std::vector<Reason> reasons;  ///< in the order of ReasonKind
};

struct Recommendations {
  std::size_t total = 0;
  std::vector<Recommendation> list;
  bool more = false;
};

/// What could answer a listing, and why. The rule, in whole:
///
/// A supply may answer a demand, and a demand a supply, of another institution, if both are open
/// on the day or open later, hold on at least one day together, and no match that is still going on
/// links them. It must have something in common in substance: category, industry, or words.
///
///     same category                                        30
///     related categories (a fixed table)                   15
///     the same industry code                               20, once
///     else industry codes alike in two characters or more  10, once
///     each word both hold                                  2 · rarity (market.h), at most 40 in
///     all same county (six digits of the division code) 15, city (four) 10, province (two) 5 days
///     on which both hold                               5
///
/// Words that say that something is wanted or offered and not what do not count, nor do numbers.
/// Who the two institutions are, and what they did before, plays no part. More points go first,
/// then the smaller event id.
Recommendations recommend(const Market& market, const Listing& listing, Date on,
                          const std::optional<HitPlace>& after, std::size_t limit);

}  // namespace hefu
