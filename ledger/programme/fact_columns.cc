#include "ledger/programme/fact_columns.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>
#include <variant>

#include "ledger/programme/quantity.h"

namespace hefu {

FactColumns::FactColumns(std::vector<const EffectiveFact*> facts) : rows_(std::move(facts)) {
  std::sort(rows_.begin(), rows_.end(), [](const EffectiveFact* a, const EffectiveFact* b) {
    return a->fact->id < b->fact->id;
  });
  grades_.reserve(rows_.size());
  standings_.reserve(rows_.size());
  marks_.reserve(rows_.size());
  for (const EffectiveFact* row : rows_) {
    grades_.push_back(static_cast<std::uint8_t>(row->grade));
    standings_.push_back(static_cast<std::uint8_t>(row->fact->standing));
    marks_.push_back(
        static_cast<std::uint8_t>((row->independent ? 1 : 0) | (row->superseded ? 2 : 0)));
  }
}

const FactColumns::Codes& FactColumns::codes(const FieldPath& path) {
  const auto [at, fresh] = codes_.try_emplace(path.text());
  Codes& out = at->second;
  if (!fresh) {
    return out;
  }
  std::unordered_map<std::string, std::int32_t> known;
  const std::vector<FieldPath> paths{path};
  out.of_row.reserve(rows_.size());
  for (std::uint32_t i = 0; i < rows_.size(); ++i) {
    const Fact& fact = *rows_[i]->fact;
    const auto text = tuple_of(paths, fact);
    if (!text) {
      out.of_row.push_back(kNoCode);
      if (list_in(path, fact) != nullptr) {
        out.lists.push_back(i);
      } else if (out.missing_example < 0) {
        out.missing_example = i;
      }
      continue;
    }
    const auto [code, first] = known.emplace(*text, static_cast<std::int32_t>(out.example.size()));
    if (first) {
      out.example.push_back(i);
    }
    out.of_row.push_back(code->second);
  }
  return out;
}

const std::vector<std::int32_t>& FactColumns::days(const FieldPath& path) {
  const auto [at, fresh] = days_.try_emplace(path.text());
  if (fresh) {
    at->second.reserve(rows_.size());
    for (const EffectiveFact* row : rows_) {
      const auto day = path.read_date(*row->fact);
      at->second.push_back(day ? day->days : kNoDay);
    }
  }
  return at->second;
}

const FactColumns::Numbers& FactColumns::numbers(const FieldPath& path) {
  const auto [at, fresh] = numbers_.try_emplace(path.text());
  Numbers& out = at->second;
  if (!fresh) {
    return out;
  }
  // Decimals have at most nine digits behind the point; per cent two more.
  constexpr std::int64_t kScaleMax = 100'000'000'000;
  std::vector<std::optional<Fraction>> values;
  values.reserve(rows_.size());
  for (const EffectiveFact* row : rows_) {
    values.push_back(number_in(path, *row->fact));
    while (values.back() && out.scale % values.back()->den() != 0 && out.scale < kScaleMax) {
      out.scale *= 10;
    }
  }
  // A tenth of the range, so that sums of differences stay within it.
  constexpr Int128 kLargest = std::numeric_limits<std::int64_t>::max() / 10;
  out.of_row.reserve(rows_.size());
  out.present.reserve(rows_.size());
  for (const auto& value : values) {
    Int128 scaled = 0;
    if (value) {
      const bool whole = out.scale % value->den() == 0;
      const bool small = value->num() <= kLargest && value->num() >= -kLargest;
      scaled = whole && small ? value->num() * (out.scale / value->den()) : 0;
      out.fit = out.fit && whole && small && scaled <= kLargest && scaled >= -kLargest;
    }
    out.of_row.push_back(static_cast<std::int64_t>(scaled));
    out.present.push_back(value ? 1 : 0);
  }
  return out;
}

}  // namespace hefu
