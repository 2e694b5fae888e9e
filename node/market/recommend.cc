#include "node/market/recommend.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace hefu {
namespace {

constexpr std::int64_t kCategoryPoints = 30;
constexpr std::int64_t kRelatedCategoryPoints = 15;
constexpr std::int64_t kIndustryPoints = 20;
constexpr std::int64_t kIndustryGroupPoints = 10;
constexpr std::int64_t kWordPoints = 2;
constexpr std::int64_t kWordsPointsMax = 40;
constexpr std::int64_t kDatesPoints = 5;
constexpr std::size_t kWordsShownMax = 8;

using Pair = std::pair<std::string_view, std::string_view>;

/// Categories that answer each other, either way round. Source: the classes of supply and demand
/// in the programmes (Jiangxi's six, Hechuan's four).
constexpr std::array<Pair, 21> kRelated = {{
    {"achievement", "patent"},
    {"achievement", "research-project"},
    {"achievement", "technical-problem"},
    {"apprentice-post", "programme"},
    {"apprentice-post", "talent"},
    {"apprentice-post", "training"},
    {"cooperation-project", "platform"},
    {"cooperation-project", "programme"},
    {"cooperation-project", "research-project"},
    {"equipment", "platform"},
    {"equipment", "technical-problem"},
    {"expert", "policy-advice"},
    {"expert", "research-project"},
    {"expert", "talent"},
    {"expert", "technical-problem"},
    {"expert", "training"},
    {"patent", "technical-problem"},
    {"post", "talent"},
    {"programme", "talent"},
    {"programme", "training"},
    {"research-project", "technical-problem"},
}};

bool related(std::string_view a, std::string_view b) {
  const Pair ordered = std::minmax(a, b);
  return std::find(kRelated.begin(), kRelated.end(), ordered) != kRelated.end();
}

std::size_t alike(std::string_view a, std::string_view b) {
  const auto [at, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  (void)other;
  return static_cast<std::size_t>(at - a.begin());
}

bool is_number(const std::string& word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == ','; });
}

std::string joined(const std::vector<std::string>& list, std::string_view separator) {
  std::string out;
  for (const std::string& one : list) {
    out += (out.empty() ? "" : std::string(separator)) + one;
  }
  return out;
}

std::optional<Reason> by_category(const Listing& a, const Listing& b) {
  if (a.category == b.category) {
    return Reason{
        ReasonKind::kCategory, kCategoryPoints, {a.category}, {"类别相同", "same category"}};
  }
  if (related(a.category, b.category)) {
    return Reason{ReasonKind::kRelatedCategory,
                  kRelatedCategoryPoints,
                  {a.category, b.category},
                  {"类别互补", "categories that answer each other"}};
  }
  return std::nullopt;
}

std::optional<Reason> by_words(const Market& market, const Listing& a, const Listing& b) {
  std::vector<std::pair<std::int64_t, std::string>> common;
  std::vector<std::string> both;
  std::set_intersection(a.words.begin(), a.words.end(), b.words.begin(), b.words.end(),
                        std::back_inserter(both));
  std::int64_t points = 0;
  for (std::string& word : both) {
    if (!is_common_word(word) && !is_number(word)) {
      const std::int64_t rarity = market.rarity(word);
      points += kWordPoints * rarity;
      common.emplace_back(-rarity, std::move(word));
    }
  }
  if (common.empty()) {
    return std::nullopt;
  }
  std::sort(common.begin(), common.end());  // the rarest first
  Reason out{ReasonKind::kWords, std::min(points, kWordsPointsMax), {}, {}};
  for (std::size_t i = 0; i < common.size() && i < kWordsShownMax; ++i) {
    out.values.push_back(std::move(common[i].second));
  }
  out.text = {"共同的词语：" + joined(out.values, "、"),
              "words in common: " + joined(out.values, ", ")};
  return out;
}

std::optional<Reason> by_industry(const Listing& a, const Listing& b) {
  std::string best;
  bool same = false;
  for (const std::string& one : a.industries) {
    for (const std::string& other : b.industries) {
      const std::size_t length = alike(one, other);
      if (one == other && !same) {
        same = true;
        best = one;
      } else if (!same && length > best.size()) {
        best = one.substr(0, length);
      }
    }
  }
  if (same) {
    return Reason{ReasonKind::kIndustry,
                  kIndustryPoints,
                  {best},
                  {"行业相同：" + best, "same industry: " + best}};
  }
  if (best.size() >= 2) {
    return Reason{ReasonKind::kIndustryGroup,
                  kIndustryGroupPoints,
                  {best},
                  {"行业相近：" + best, "industries of one group: " + best}};
  }
  return std::nullopt;
}

std::optional<Reason> by_place(const Listing& a, const Listing& b) {
  struct Level {
    std::size_t digits;
    std::int64_t points;
    const char* zh;
    const char* en;
  };
  static constexpr std::array<Level, 3> kLevels = {{{6, 15, "同一区县：", "same county: "},
                                                    {4, 10, "同一城市：", "same city: "},
                                                    {2, 5, "同一省份：", "same province: "}}};
  const std::size_t length = alike(a.place, b.place);
  for (const Level& level : kLevels) {
    const std::string code = a.place.substr(0, level.digits);
    // Divisions whose code ends in 00 are the city or province itself, no county of it.
    if (length >= level.digits && code.substr(level.digits - 2) != "00") {
      return Reason{ReasonKind::kPlace, level.points, {code}, {level.zh + code, level.en + code}};
    }
  }
  return std::nullopt;
}

std::optional<Reason> by_dates(const Listing& a, const Listing& b) {
  const Date from = std::max(a.from, b.from);
  const Date to = std::min(a.to, b.to);
  if (to < from) {
    return std::nullopt;
  }
  return Reason{ReasonKind::kDates,
                kDatesPoints,
                {from.text(), to.text()},
                {"有效期重叠：" + from.text() + " 至 " + to.text(),
                 "both hold from " + from.text() + " to " + to.text()}};
}

bool can_be_taken_up(const Market& market, const Listing& listing, Date on) {
  const Record* record = market.state()->records.record(listing.id);
  if (record == nullptr) {
    return false;
  }
  const std::string now = availability(*record, listing, on);
  return now == "open" || now == "upcoming";
}

bool is_over(const Record& match) {
  const Value* result = match.current.event.field("result");
  return match.retraction || match.standing == Standing::kRejected ||
         match.standing == Standing::kEnded || match.state == "failed" || match.state == "lapsed" ||
         (result != nullptr && result->text() != nullptr &&
          (*result->text() == "failed" || *result->text() == "no-answer"));
}

/// Listings that a match which is still going on links with this one.
std::set<EventId> linked(const Market& market, const Listing& listing) {
  std::set<EventId> out;
  for (const auto& match : market.matches(listing.id)) {
    if (is_over(*match)) {
      continue;
    }
    for (const auto& [field, event] : market.named_by(*match)) {
      if (const auto record = market.record_of(event)) {
        out.insert(record->id);
      }
    }
  }
  return out;
}

}  // namespace

const char* name(ReasonKind kind) {
  static constexpr std::array<const char*, 7> kNames = {
      "category", "related-category", "words", "industry", "industry-group", "place", "dates"};
  return kNames.at(static_cast<std::size_t>(kind));
}

Recommendations recommend(const Market& market, const Listing& listing, Date on,
                          const std::optional<HitPlace>& after, std::size_t limit) {
  Recommendations out;
  if (!can_be_taken_up(market, listing, on)) {
    return out;
  }
  const std::set<EventId> already = linked(market, listing);
  for (const auto& [id, other] : market.listings()) {
    if (other.supply == listing.supply || other.issuer == listing.issuer || already.contains(id)) {
      continue;
    }
    const auto dates = by_dates(listing, other);
    Recommendation found{{0, id}, &other, {}};
    for (auto&& reason : {by_category(listing, other), by_words(market, listing, other),
                          by_industry(listing, other)}) {
      if (reason) {
        found.reasons.push_back(reason.value());
      }
    }
    if (!dates || found.reasons.empty() || !can_be_taken_up(market, other, on)) {
      continue;
    }
    if (auto place = by_place(listing, other)) {
      found.reasons.push_back(*std::move(place));
    }
    found.reasons.push_back(dates.value());
    for (const Reason& reason : found.reasons) {
      found.place.points += reason.points;
    }
    ++out.total;
    if (!after || after->comes_before(found.place)) {
      out.list.push_back(std::move(found));
    }
  }
  std::sort(out.list.begin(), out.list.end(), [](const Recommendation& a, const Recommendation& b) {
    return a.place.comes_before(b.place);
  });
  out.more = out.list.size() > limit;
  if (out.more) {
    out.list.resize(limit);
  }
  return out;
}

}  // namespace hefu
