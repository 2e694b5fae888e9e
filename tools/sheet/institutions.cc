#include "tools/sheet/institutions.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "crypto/encoding.h"
#include "ledger/event/uscc.h"
#include "tools/sheet/columns.h"

namespace hefu::sheet {

namespace {

constexpr std::size_t kCodeLength = 18;
constexpr std::size_t kSuggestionsMax = 3;

std::string upper(std::string text) {
  for (char& c : text) {
    c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return text;
}

bool looks_like_code(std::string_view text) {
  return text.size() == kCodeLength && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

std::multiset<char32_t> characters(std::string_view text) {
  std::multiset<char32_t> all;
  while (const auto point = take_code_point(text)) {
    all.insert(*point);
  }
  return all;
}

std::size_t shared_characters(std::string_view a, std::string_view b) {
  const auto left = characters(a);
  const auto right = characters(b);
  std::vector<char32_t> both;
  std::set_intersection(left.begin(), left.end(), right.begin(), right.end(),
                        std::back_inserter(both));
  return both.size();
}

}  // namespace

void Institutions::add(const std::string& code, const std::string& name, bool member) {
  const auto [place, added] = by_code_.emplace(code, entries_.size());
  if (added) {
    entries_.push_back({code, name, member});
  }
  const std::string key = comparable(name);
  const auto [begin, end] = by_name_.equal_range(key);
  if (!key.empty() &&
      std::none_of(begin, end, [&](const auto& item) { return item.second == code; })) {
    by_name_.emplace(key, code);
  }
}

const Institutions::Entry* Institutions::by_code(std::string_view code) const {
  const auto found = by_code_.find(code);
  return found == by_code_.end() ? nullptr : &entries_[found->second];
}

Institutions::Found Institutions::find(std::string_view text) const {
  const std::string wanted = half_width(text);
  const auto slash = wanted.find('/');
  const std::string name = half_width(wanted.substr(0, slash));
  const std::string unit = slash == std::string::npos ? "" : wanted.substr(slash);
  if (const std::string code = upper(name); looks_like_code(code)) {
    if (auto ok = check_party(code + unit); !ok) {
      return {"", {"统一社会信用代码有误（校验不通过），请核对", ok.error().message}};
    }
    return {code + unit, {}};
  }
  const auto [begin, end] = by_name_.equal_range(comparable(name));
  if (begin != end && std::next(begin) == end) {
    const std::string party = begin->second + unit;
    auto ok = check_party(party);
    return ok ? Found{party, {}} : Found{"", {"单位编号有误", ok.error().message}};
  }
  std::string near;
  if (begin != end) {
    for (auto one = begin; one != end; ++one) {
      near += (near.empty() ? "" : " / ") + one->second;
    }
    return {"",
            {"有几个机构叫这个名字，请填代码：" + near,
             "several have this name, write the code: " + near}};
  }
  std::vector<std::pair<std::size_t, std::string>> ranked;
  for (const Entry& entry : entries_) {
    const std::size_t shared = shared_characters(entry.name, name);
    if (shared * 2 > characters(name).size()) {
      ranked.emplace_back(shared, entry.name);
    }
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (std::size_t i = 0; i < ranked.size() && i < kSuggestionsMax; ++i) {
    near += (near.empty() ? "" : " / ") + ranked[i].second;
  }
  Found found{"",
              {"没有叫这个名字的机构；请填全称或18位代码",
               "no institution of this name; write its full name or credit code"}};
  if (!near.empty()) {
    found.wrong.zh += "。是否：" + near;
    found.wrong.en += ". Did you mean: " + near;
  }
  return found;
}

}  // namespace hefu::sheet
