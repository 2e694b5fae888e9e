#include "node/market/words.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include <unicode/brkiter.h>
#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/uversion.h>

#include "crypto/result.h"

namespace hefu {
namespace {

std::string utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

icu::UnicodeString from_utf8(std::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
}

bool is_han(UChar32 c) {
  UErrorCode code = U_ZERO_ERROR;
  return uscript_getScript(c, &code) == USCRIPT_HAN;
}

}  // namespace

struct Words::Breaks {
  std::unique_ptr<icu::BreakIterator> words;
  const icu::Normalizer2* folding = nullptr;  // ICU's own
};

Words::Words() : breaks_(std::make_unique<Breaks>()) {
  UErrorCode code = U_ZERO_ERROR;
  breaks_->words.reset(icu::BreakIterator::createWordInstance(icu::Locale("zh"), code));
  HEFU_ASSERT(U_SUCCESS(code));  // the dictionary is part of the library
  breaks_->folding = icu::Normalizer2::getNFKCCasefoldInstance(code);
  HEFU_ASSERT(U_SUCCESS(code));
}

Words::~Words() = default;

std::string Words::folded(std::string_view text) const {
  // Four bytes of UTF-8 make at most two units: more need not be read.
  icu::UnicodeString units = from_utf8(text.substr(0, kIndexedUnitsMax * 4));
  units.truncate(static_cast<std::int32_t>(kIndexedUnitsMax));
  UErrorCode code = U_ZERO_ERROR;
  icu::UnicodeString folded = breaks_->folding->normalize(units, code);
  HEFU_ASSERT(U_SUCCESS(code));
  folded.truncate(static_cast<std::int32_t>(kIndexedUnitsMax));  // some characters fold to many
  return utf8(folded);
}

std::vector<std::string> Words::of(std::string_view folded) const {
  const icu::UnicodeString text = from_utf8(folded);
  std::vector<std::string> out;
  icu::UnicodeString before;  // a Chinese character that stands alone, just before this piece
  breaks_->words->setText(text);
  std::int32_t begin = breaks_->words->first();
  for (std::int32_t end = breaks_->words->next(); end != icu::BreakIterator::DONE;
       begin = end, end = breaks_->words->next()) {
    const icu::UnicodeString piece = text.tempSubStringBetween(begin, end);
    const bool han = is_han(piece.char32At(0));
    const bool single = piece.countChar32() == 1;
    const bool number = breaks_->words->getRuleStatus() < UBRK_WORD_NUMBER_LIMIT;
    if (han && single && !before.isEmpty()) {
      out.push_back(utf8(before + piece));
    }
    if (breaks_->words->getRuleStatus() >= UBRK_WORD_NONE_LIMIT && (!single || (number && !han))) {
      out.push_back(utf8(piece));
    }
    before = han && single ? piece : icu::UnicodeString();
  }
  if (out.empty() && text.countChar32() == 1 && is_han(text.char32At(0))) {
    out.emplace_back(folded);
  }
  return out;
}

std::string Words::segmentation() {
  return std::string("ICU ") + U_ICU_VERSION;
}

bool is_common_word(std::string_view word) {
  static constexpr std::array<std::string_view, 46> kCommon = {
      "a",    "an",     "and",  "as",     "at",   "by",    "company",    "enterprise",
      "for",  "from",   "in",   "is",     "need", "needs", "of",         "offer",
      "on",   "or",     "our",  "school", "the",  "to",    "university", "us",
      "we",   "wanted", "with", "企业",   "以及", "公司",  "合作",       "学校",
      "学院", "对接",   "希望", "我们",   "我校", "招聘",  "提供",       "服务",
      "现有", "相关",   "进行", "需求",   "需要", "高校"};
  // "两名", "三台": how many, and not of what.
  static constexpr std::array<std::string_view, 15> kNumerals = {
      "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千", "万", "两", "几"};
  const bool counts = word.size() == 6 && std::find(kNumerals.begin(), kNumerals.end(),
                                                    word.substr(0, 3)) != kNumerals.end();
  return counts || std::find(kCommon.begin(), kCommon.end(), word) != kCommon.end();
}

}  // namespace hefu
