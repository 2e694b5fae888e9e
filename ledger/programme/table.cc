#include "ledger/programme/table.h"

#include <algorithm>
#include <array>
#include <numeric>

#include <utf8proc.h>

namespace hefu {

namespace {

constexpr std::size_t kColumns = 7;
using Row = std::array<std::string, kColumns>;

/// A word in both languages.
struct Word {
  std::string_view zh;
  std::string_view en;
  [[nodiscard]] std::string in(TableLanguage language) const {
    return std::string(language == TableLanguage::kChinese ? zh : en);
  }
};

constexpr std::array<Word, kColumns> kHead{{{"指标", "Indicator"},
                                            {"数值", "Value"},
                                            {"目标", "Target"},
                                            {"结论", "Verdict"},
                                            {"申报/确认/争议", "Claimed/confirmed/disputed"},
                                            {"证据", "Evidence"},
                                            {"未计入", "Not counted"}}};

Word word_for(TargetVerdict verdict) {
  switch (verdict) {
    case TargetVerdict::kMet:
      return {"达标", "met"};
    case TargetVerdict::kNotMet:
      return {"未达标", "not met"};
    case TargetVerdict::kNotApplicable:
      return {"不适用", "n/a"};
    case TargetVerdict::kUnknown:
      return {"未知", "unknown"};
  }
  return {};
}

Word word_for(LeftOut reason) {
  switch (reason) {
    case LeftOut::kLowEvidence:
      return {"证据不足", "low evidence"};
    case LeftOut::kLate:
      return {"补录过晚", "late"};
    case LeftOut::kDisputed:
      return {"有争议", "disputed"};
    case LeftOut::kRejected:
      return {"被拒绝", "rejected"};
    case LeftOut::kEnded:
      return {"已撤回", "ended"};
    case LeftOut::kSuperseded:
      return {"已更正", "superseded"};
    case LeftOut::kNoKey:
      return {"缺编号", "no key"};
    case LeftOut::kNoValue:
      return {"缺数值", "no value"};
    case LeftOut::kConflict:
      return {"数值冲突", "conflict"};
    case LeftOut::kOutsideSet:
      return {"集合之外", "outside set"};
    case LeftOut::kTooLong:
      return {"超过字数", "too long"};
    case LeftOut::kNoShares:
      return {"份额未约定", "no shares"};
  }
  return {};
}

std::string joined(const std::vector<std::string>& parts, std::string_view otherwise) {
  std::string out;
  for (const std::string& part : parts) {
    out += (out.empty() ? "" : ", ") + part;
  }
  return out.empty() ? std::string(otherwise) : out;
}

std::string evidence_text(const Ladder& ladder) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < ladder.counted.size(); ++i) {
    if (ladder.counted[i] > 0) {
      parts.push_back(std::string(name(static_cast<Grade>(i))) + " " +
                      std::to_string(ladder.counted[i]));
    }
  }
  return joined(parts, "—");
}

/// How many records stand behind the figure at all: one-sided, confirmed, disputed.
std::string standing_text(const Ladder& ladder) {
  return std::to_string(ladder.claimed) + "/" + std::to_string(ladder.confirmed) + "/" +
         std::to_string(ladder.disputed);
}

std::string part_text(const Fraction& value, const PackIndicator* part) {
  const auto text =
      part == nullptr ? Result<std::string>(value.text()) : shown(value, part->display);
  return text ? *text : value.text();
}

/// The parts of a ratio as they are counted; or, where one of them is displayed in other units, as
/// their own indicators show them: nobody reads money in fen.
std::string parts_text(const Figure& figure, const Pack& pack, const PackIndicator& indicator) {
  const PackIndicator* ratio = &indicator;
  while (ratio->measure.kind == MeasureKind::kEarlier) {  // packs have no cycles
    ratio = pack.find_indicator(ratio->measure.of);
  }
  const PackIndicator* num = pack.find_indicator(ratio->measure.num);
  const PackIndicator* den = pack.find_indicator(ratio->measure.den);
  const bool divided =
      (num != nullptr && num->display.divide != 1) || (den != nullptr && den->display.divide != 1);
  return part_text(figure.parts->first, divided ? num : nullptr) + "/" +
         part_text(figure.parts->second, divided ? den : nullptr);
}

std::string value_text(const Figure& figure, const Pack& pack, const PackIndicator& indicator,
                       bool suppress) {
  if (suppress && figure.small_cell) {
    return "<" + std::to_string(indicator.min_cell);
  }
  // Numerator and denominator say how much a percentage rests on.
  const bool parts = figure.value && figure.parts;
  return figure.shown + (parts ? " (" + parts_text(figure, pack, indicator) + ")" : "");
}

Row row_of(const Figure& figure, const Pack& pack, const PackIndicator& indicator,
           TableLanguage language, bool suppress) {
  std::vector<std::string> targets;
  std::vector<std::string> verdicts;
  for (const FigureTarget& target : figure.targets) {
    targets.push_back(target.text);
    verdicts.push_back(word_for(target.verdict).in(language));
  }
  std::vector<std::string> excluded;
  for (const auto& [reason, count] : figure.excluded) {
    excluded.push_back(word_for(reason).in(language) + " " + std::to_string(count));
  }
  const bool english = language == TableLanguage::kEnglish && !indicator.title.en.empty();
  return {
      english ? indicator.title.en : indicator.title.zh,
      figure.error.empty() ? value_text(figure, pack, indicator, suppress) : "! " + figure.error,
      joined(targets, "—"),
      joined(verdicts, "—"),
      standing_text(figure.ladder),
      evidence_text(figure.ladder),
      joined(excluded, "—")};
}

template <std::size_t Columns>
void append_row(std::string& out, const std::array<std::string, Columns>& row,
                const std::array<std::size_t, Columns>& widths) {
  for (std::size_t i = 0; i < Columns; ++i) {
    out += row[i];
    if (i + 1 < Columns) {
      out.append(widths[i] - text_width(row[i]) + 2, ' ');
    }
  }
  out.push_back('\n');
}

/// Columns as wide as their widest cell, the head underlined.
template <std::size_t Columns>
std::string laid_out(const std::vector<std::array<std::string, Columns>>& rows) {
  std::array<std::size_t, Columns> widths{};
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < Columns; ++i) {
      widths[i] = std::max(widths[i], text_width(row[i]));
    }
  }
  std::string out;
  append_row(out, rows.front(), widths);
  out.append(std::accumulate(widths.begin(), widths.end(), std::size_t{0}) + 2 * (Columns - 1),
             '-');
  out.push_back('\n');
  for (std::size_t i = 1; i < rows.size(); ++i) {
    append_row(out, rows[i], widths);
  }
  return out;
}

using BesideRow = std::array<std::string, 4>;

BesideRow beside_row(const Figure& figure, const PackIndicator& indicator, TableLanguage language) {
  std::vector<std::string> baselines;
  std::vector<std::string> commitments;
  for (const FigureColumn& column : figure.beside) {
    if (column.what == "baseline") {
      baselines.push_back(column.shown + " (" + column.period +
                          (column.evidence.empty() ? "" : ", " + column.evidence) + ")");
    } else if (column.what == "commitment") {
      commitments.push_back(column.shown);
    }
  }
  const bool english = language == TableLanguage::kEnglish && !indicator.title.en.empty();
  return {english ? indicator.title.en : indicator.title.zh, joined(baselines, "—"),
          joined(commitments, "—"), figure.shown};
}

}  // namespace

std::size_t text_width(std::string_view text) {
  std::size_t width = 0;
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t code_point = 0;
    const utf8proc_ssize_t step = utf8proc_iterate(bytes, left, &code_point);
    const utf8proc_ssize_t used = std::max<utf8proc_ssize_t>(step, 1);
    width += step > 0 ? static_cast<std::size_t>(std::max(0, utf8proc_charwidth(code_point))) : 1;
    bytes += used;
    left -= used;
  }
  return width;
}

std::string indicator_table(const Pack& pack, const std::vector<Figure>& figures,
                            TableLanguage language, bool suppress_small_cells) {
  std::vector<Row> rows(1);
  std::transform(kHead.begin(), kHead.end(), rows[0].begin(),
                 [&](const Word& word) { return word.in(language); });
  for (const Figure& figure : figures) {
    if (const PackIndicator* indicator = pack.find_indicator(figure.indicator)) {
      rows.push_back(row_of(figure, pack, *indicator, language, suppress_small_cells));
    }
  }
  return laid_out(rows);
}

std::string beside_table(const Pack& pack, const std::vector<Figure>& figures,
                         TableLanguage language) {
  constexpr std::array<Word, 4> kBesideHead{
      {{"指标", "Indicator"}, {"基线", "Baseline"}, {"承诺", "Commitment"}, {"实际", "Actual"}}};
  std::vector<BesideRow> rows(1);
  std::transform(kBesideHead.begin(), kBesideHead.end(), rows[0].begin(),
                 [&](const Word& word) { return word.in(language); });
  for (const Figure& figure : figures) {
    const PackIndicator* indicator = pack.find_indicator(figure.indicator);
    if (indicator != nullptr && !figure.beside.empty()) {
      rows.push_back(beside_row(figure, *indicator, language));
    }
  }
  return rows.size() == 1 ? "" : laid_out(rows);
}

std::string assertion_lines(const Pack& pack, const std::vector<AssertOutcome>& outcomes,
                            TableLanguage language) {
  std::string out;
  for (const AssertOutcome& outcome : outcomes) {
    const bool wrong =
        outcome.verdict == AssertVerdict::kViolated || outcome.verdict == AssertVerdict::kUnknown;
    if (!wrong || outcome.severity == Severity::kOk) {
      continue;
    }
    const PackAssert* one = pack.find_assert(outcome.id);
    HEFU_ASSERT(one != nullptr);
    const bool english = language == TableLanguage::kEnglish && !one->title.en.empty();
    const std::string& title = english ? one->title.en : one->title.zh;
    out += outcome.severity == Severity::kError ? "!! " : "! ";
    out +=
        outcome.id + (title.empty() ? "" : " " + title) + ": " +
        Word{outcome.verdict == AssertVerdict::kViolated ? "不成立" : "未知", name(outcome.verdict)}
            .in(language) +
        " (" + one->formula.text() + "; " + outcome.detail + ")\n";
  }
  return out;
}

}  // namespace hefu
