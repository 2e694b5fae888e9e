// What a quotation asks of the declaration beside it: a ruling where the words are open, and the
// comparator the words have in law.
#include <algorithm>
#include <array>
#include <string_view>

#include "ledger/programme/pack_read.h"

namespace hefu {

namespace {

constexpr std::string_view kEtc = "等";

/// "等" that ends a phrase leaves open what else it covers; 高等院校, 中等职业 and 等级 do not.
bool ends_openly(std::string_view quote) {
  constexpr std::array<std::string_view, 8> kEnds = {"，", "。", "；", "、", "）", "”", ",", ";"};
  for (std::size_t at = quote.find(kEtc); at != std::string_view::npos;
       at = quote.find(kEtc, at + kEtc.size())) {
    const std::string_view rest = quote.substr(at + kEtc.size());
    if (rest.empty() || std::any_of(kEnds.begin(), kEnds.end(),
                                    [&](std::string_view end) { return rest.starts_with(end); })) {
      return true;
    }
  }
  return false;
}

bool has_any(std::string_view text, auto& words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return text.find(word) != std::string_view::npos;
  });
}

/// Several of a kind, each or together: 高校每年至少5次.
bool has_plural_subject(std::string_view quote) {
  constexpr std::array<std::string_view, 9> kPlural = {"各高校",   "各院校",   "各单位",
                                                       "各部门",   "各成员",   "高校每年",
                                                       "院校每年", "部门每月", "书记（校长）"};
  return has_any(quote, kPlural);
}

/// The text without the words that contain another one's sign and mean its opposite.
std::string without(std::string_view text, std::string_view word) {
  std::string out(text);
  for (std::size_t at = out.find(word); at != std::string::npos; at = out.find(word)) {
    out.erase(at, word.size());
  }
  return out;
}

/// 突破, 超过, 不满, 低于 … leave the number out (Civil Code art. 1259).
bool says_strict(std::string_view quote) {
  constexpr std::array<std::string_view, 6> kStrict = {"突破", "超过", "不满",
                                                       "低于", "高于", "以外"};
  std::string rest(quote);
  for (const std::string_view inclusive : {"不超过", "不低于", "不高于"}) {
    rest = without(rest, inclusive);
  }
  return has_any(rest, kStrict);
}

/// 以上, 达到, 不少于 … take it in.
bool says_inclusive(std::string_view quote) {
  constexpr std::array<std::string_view, 10> kInclusive = {
      "以上", "以下", "以内", "达到", "不低于", "不少于", "至少", "不超过", "不高于", "不多于"};
  return has_any(quote, kInclusive);
}

}  // namespace

void check_quote(JsonReader& at, const PackIndicator& indicator) {
  if (indicator.interpretation || indicator.quote.empty()) {
    return;
  }
  const std::string hint = "add interpretation = { zh = \"…\", ruled_by = \"…\", ruled_on = … }";
  if (ends_openly(indicator.quote) || has_plural_subject(indicator.quote)) {
    at.refuse("interpretation",
              "missing, and the quotation leaves open what or who is meant (等, several subjects)",
              hint);
  }
  const bool strict_only = says_strict(indicator.quote) && !says_inclusive(indicator.quote);
  const bool inclusive_only = says_inclusive(indicator.quote) && !says_strict(indicator.quote);
  for (const TargetRule& target : indicator.targets) {
    const bool strict = target.op == CompareOp::kGreater || target.op == CompareOp::kLess;
    const bool inclusive =
        target.op == CompareOp::kGreaterEqual || target.op == CompareOp::kLessEqual;
    if ((strict && inclusive_only) || (inclusive && strict_only)) {
      at.refuse("target",
                std::string("comparator ") + name(target.op) +
                    " is not what the quotation says (突破, 超过 leave the number out, 以上, 达到 "
                    "take it in)",
                hint);
    }
  }
}

}  // namespace hefu
