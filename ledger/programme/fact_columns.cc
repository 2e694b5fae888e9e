#include "ledger/programme/fact_columns.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "ledger/programme/quantity.h"

namespace hefu {

namespace {

/// Codes in the order of their first rows, wherever the facts happen to be stored.
void number_by_first_row(FactColumns::Codes& codes) {
  std::vector<std::pair<std::uint32_t, std::int32_t>> order;
  order.reserve(codes.example.size());
  for (const std::uint32_t row : codes.example) {
    order.emplace_back(row, static_cast<std::int32_t>(order.size()));
  }
  std::sort(order.begin(), order.end());
  std::vector<std::int32_t> renumbered(order.size());
  for (std::size_t code = 0; code < order.size(); ++code) {
    codes.example[code] = order[code].first;
    renumbered[static_cast<std::size_t>(order[code].second)] = static_cast<std::int32_t>(code);
  }
  for (std::int32_t& code : codes.of_row) {
    code = code == FactColumns::kNoCode ? code : renumbered[static_cast<std::size_t>(code)];
  }
}

}  // namespace

FactColumns::FactColumns(std::vector<const EffectiveFact*> facts) : rows_(std::move(facts)) {
  const auto by_id = [](const EffectiveFact* a, const EffectiveFact* b) {
    return a->fact->id < b->fact->id;
  };
  if (!std::is_sorted(rows_.begin(), rows_.end(), by_id)) {
    std::sort(rows_.begin(), rows_.end(), by_id);
  }
  grades_.reserve(rows_.size());
  standings_.resize(rows_.size());
  marks_.reserve(rows_.size());
  std::vector<std::pair<const Fact*, std::uint32_t>> places;
  places.reserve(rows_.size());
  for (const EffectiveFact* row : rows_) {
    grades_.push_back(static_cast<std::uint8_t>(row->grade));
    marks_.push_back(
        static_cast<std::uint8_t>((row->independent ? 1 : 0) | (row->superseded ? 2 : 0)));
    places.emplace_back(row->fact, static_cast<std::uint32_t>(places.size()));
  }
  std::sort(places.begin(), places.end(),
            [](const auto& a, const auto& b) { return std::less<>()(a.first, b.first); });
  as_stored_.reserve(rows_.size());
  for (const auto& [fact, row] : places) {
    as_stored_.push_back(row);
    standings_[row] = static_cast<std::uint8_t>(fact->standing);
  }
}

const FactColumns::Codes& FactColumns::codes(const FieldPath& path) {
  const auto [at, fresh] = codes_.try_emplace(path.text());
  Codes& out = at->second;
  if (!fresh) {
    return out;
  }
  // Texts apart, as they stand in the facts: nearly every field is one.
  std::unordered_map<std::string_view, std::int32_t> texts;
  std::unordered_map<std::string, std::int32_t> others;
  const std::vector<FieldPath> paths{path};
  out.of_row.resize(rows_.size(), kNoCode);
  for (const std::uint32_t i : as_stored_) {
    const Fact& fact = *rows_[i]->fact;
    const FieldView view = path.read(fact);
    const auto next = static_cast<std::int32_t>(out.example.size());
    std::int32_t code = next;
    if (const auto* text = std::get_if<std::string_view>(&view)) {
      code = texts.emplace(*text, next).first->second;
    } else if (const auto tagged = tuple_of(paths, fact)) {
      code = others.emplace(*tagged, next).first->second;
    } else if (std::holds_alternative<const FactValue::List*>(view)) {
      out.lists.push_back(i);
      continue;
    } else {
      out.missing_example =
          out.missing_example < 0 ? i : std::min<std::int64_t>(out.missing_example, i);
      continue;
    }
    if (code == next) {
      out.example.push_back(i);
    }
    std::uint32_t& first = out.example[static_cast<std::size_t>(code)];
    first = std::min(first, i);
    out.of_row[i] = code;
  }
  std::sort(out.lists.begin(), out.lists.end());
  number_by_first_row(out);
  return out;
}

const std::vector<std::int32_t>& FactColumns::days(const FieldPath& path) {
  const auto [at, fresh] = days_.try_emplace(path.text());
  if (fresh) {
    at->second.resize(rows_.size());
    for (const std::uint32_t i : as_stored_) {
      const auto day = path.read_date(*rows_[i]->fact);
      at->second[i] = day ? day->days : kNoDay;
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
  // A tenth of the range, so that sums of differences stay within it.
  constexpr std::int64_t kLargest = std::numeric_limits<std::int64_t>::max() / 10;
  out.of_row.resize(rows_.size());
  out.present.resize(rows_.size());
  bool whole_numbers = true;  // as most columns are
  for (const std::uint32_t i : as_stored_) {
    const FieldView view = path.read(*rows_[i]->fact);
    if (const auto* whole = std::get_if<std::int64_t>(&view)) {
      const bool small = *whole <= kLargest && *whole >= -kLargest;
      out.of_row[i] = small ? *whole : 0;
      out.present[i] = 1;
      out.fit = out.fit && small;
    } else if (std::holds_alternative<std::string_view>(view)) {
      whole_numbers = false;
      break;
    }
  }
  if (whole_numbers) {
    return out;
  }
  out = Numbers();
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
